/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking up the terms of a query tree. */
#include "searcher/plan.h"

#include "base/error.h"
#include "catalog/segment_lookup.h"
#include "searcher/ranking.h"

xunzi_status plan_term(xunzi_index *index, struct arena *arena, struct query *term) {
    if (term->planned)
        return XUNZI_OK;
    term->lists = arena_alloc(arena, index->segment_count * sizeof *term->lists);
    if (!term->lists)
        return error_no_memory();
    term->frequency = 0;
    xunzi_status status = XUNZI_OK;
    for (size_t i = 0; status == XUNZI_OK && i < index->segment_count; i++) {
        const struct index_segment *segment = &index->segments[i];
        uint32_t count;
        status = segment_find_counted(segment->segment, segment->deleted, term->term,
                                      &term->lists[i], &count);
        term->frequency += count;
    }
    if (status == XUNZI_OK && index->live_documents > 0) {
        xapian_doccount live = 0;
        xapian_status found = xapian_database_term_frequency(index->database, term->term.data,
                                                             term->term.size, &live);
        term->frequency += live;
        if (found != XAPIAN_OK)
            status = index_failed(index, found, "a term");
    }
    term->idf = ranking_idf(index->documents, term->frequency,
                            index->without & XUNZI_RANKING_RARITY ? 1 : RANKING_RARITY);
    term->absent = term->frequency == 0;
    for (size_t i = 0; term->absent && i < index->segment_count; i++)
        term->lists[i] = (struct postings_list){
            0}; /* of deleted documents alone: what does not weigh must not score */
    term->planned = status == XUNZI_OK;
    return status;
}

static xunzi_status plan_all(xunzi_index *index, struct arena *arena, struct query *query) {
    xunzi_status status = XUNZI_OK;
    if (query->op == QUERY_TERM || query->op == QUERY_SOURCE)
        status = plan_term(index, arena, query);
    for (size_t i = 0; status == XUNZI_OK && i < query->child_count; i++)
        status = plan_all(index, arena, query->children[i]);
    return status;
}

static void add_weight(void *context, struct query *term) {
    double *sum = context;
    if (!term->absent)
        *sum += term->weight * term->idf;
}

xunzi_status plan_query(xunzi_index *index, struct arena *arena, struct query *query,
                        double *weight_sum) {
    *weight_sum = 0;
    xunzi_status status = plan_all(index, arena, query);
    if (status == XUNZI_OK)
        query_visit_scored(query, add_weight, weight_sum);
    return status;
}
