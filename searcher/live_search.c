/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running the tree over Xapian. */
#include "searcher/live_search.h"

#include "catalog/live_document.h"
#include "searcher/live_query.h"

static xapian_doccount at_most(uint64_t number, uint64_t documents) {
    return (xapian_doccount)(number < documents ? number : documents);
}

static xapian_status match(xunzi_index *index, const xapian_query *query,
                           const struct scoring *scoring, const struct top_list *top,
                           const struct sealed_tally *tally, xapian_mset **matches) {
    xapian_enquire *enquire;
    xapian_weight *weight = NULL;
    xapian_status status = xapian_enquire_new(index->database, &enquire);
    if (status == XAPIAN_OK)
        status = xapian_weight_saturation(SATURATION_K1, SATURATION_B, index->average_length,
                                          scoring->unit, &weight);
    if (status == XAPIAN_OK)
        status = xapian_enquire_set_weight(enquire, weight);
    if (status == XAPIAN_OK)
        status = xapian_enquire_set_query(enquire, query, 0);
    if (status == XAPIAN_OK && top->by_date)
        status = xapian_enquire_set_sort_by_value_then_relevance(enquire, LIVE_SLOT_DATE, true);
    if (status == XAPIAN_OK)
        status = xapian_enquire_get_mset(enquire, 0, at_most(top->most, index->live_documents),
                                         at_most(tally->wanted, index->live_documents), NULL, NULL,
                                         matches);
    xapian_weight_free(weight);
    xapian_enquire_free(enquire);
    return status;
}

static xapian_status take(xunzi_index *index, const xapian_mset *matches, struct top_list *top) {
    xapian_status status = XAPIAN_OK;
    xapian_doccount count = xapian_mset_size(matches);
    for (xapian_doccount i = 0; status == XAPIAN_OK && i < count; i++) {
        xapian_mset_item item;
        status = xapian_mset_get_item(matches, i, &item);
        if (status != XAPIAN_OK)
            break;
        struct top_item taken = {.score = (fixed_score)item.weight,
                                 .ordinal = index->live_ordinal + item.docid};
        if (top->by_date) {
            status = xapian_mset_sort_key(matches, i, &index->data);
            taken.date =
                status == XAPIAN_OK ? live_date_of_value(index->data.data, index->data.size) : 0;
        }
        top_list_add(top, taken);
    }
    return status;
}

xunzi_status live_search(xunzi_index *index, const struct query *query,
                         const struct scoring *scoring, struct top_list *top,
                         struct sealed_tally *tally) {
    xapian_query *live = NULL;
    xapian_mset *matches = NULL;
    xunzi_status status = live_query_new(query, &live);
    if (status != XUNZI_OK)
        return status;
    xapian_status ran = match(index, live, scoring, top, tally, &matches);
    if (ran == XAPIAN_OK)
        ran = take(index, matches, top);
    if (ran != XAPIAN_OK)
        status = index_failed(index, ran, "a posting list");
    else if (xapian_mset_matches_lower_bound(matches) == xapian_mset_matches_upper_bound(matches))
        sealed_tally_add(tally, xapian_mset_matches_lower_bound(matches));
    else
        sealed_tally_guess(tally, xapian_mset_matches_estimated(matches));
    xapian_mset_free(matches);
    xapian_query_free(live);
    return status;
}
