/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading evidence: one cursor at a time goes over the items, which ascend. */
#include "searcher/evidence.h"

#include <stdlib.h>

#include "base/error.h"

struct reading {
    xunzi_index *index;
    const struct top_item *items;
    bool positions;
    evidence_visitor *visit;
    void *context;
    struct position_list places; /* scratch */
};

/* Sends for the blocks that items [first, behind) lie in: they are far apart. */
static void send_for_blocks(const struct reading *reading, const struct index_segment *segment,
                            const struct postings_cursor *cursor, size_t first, size_t behind) {
    uint32_t block = 0;
    for (size_t i = first; i < behind && block < cursor->block_count; i++) {
        block = postings_find_block(cursor, block,
                                    (uint32_t)(reading->items[i].ordinal - segment->ordinal));
        postings_prefetch(cursor, block);
    }
}

/* Reads a term's list in a segment for items [first, behind), which lie in it. */
static xunzi_status read_list(struct reading *reading, const struct index_segment *segment,
                              const struct postings_list *list, size_t first, size_t behind,
                              size_t term) {
    struct postings_cursor cursor;
    bool ok = postings_open(&cursor, list);
    if (ok)
        send_for_blocks(reading, segment, &cursor, first, behind);
    for (size_t i = first; i < behind && ok; i++) {
        uint32_t document = (uint32_t)(reading->items[i].ordinal - segment->ordinal);
        postings_next_geq(&cursor, document);
        if (cursor.document == POSTINGS_END)
            break;
        if (cursor.document != document)
            continue;
        reading->places.count = 0;
        if (reading->positions && list->positions)
            ok = postings_positions(&cursor, &reading->places);
        const struct evidence evidence = {.item = i,
                                          .term = term,
                                          .wdf = postings_wdf(&cursor),
                                          .length = segment_length(segment->segment, document),
                                          .positions = reading->places.items,
                                          .position_count = reading->places.count};
        ok = ok && !cursor.damaged;
        if (ok)
            reading->visit(reading->context, &evidence);
    }
    if (!ok && reading->places.no_memory)
        return error_no_memory();
    return ok && !cursor.damaged
               ? XUNZI_OK
               : error_set(XUNZI_ERROR_CORRUPT, "%s is damaged: a posting list makes no sense",
                           segment->segment->path);
}

static xapian_status read_places(struct reading *reading, const xapian_posting_iterator *postings) {
    xapian_position_iterator *positions;
    struct position_list *places = &reading->places;
    xapian_status status = xapian_posting_iterator_positions(postings, &positions);
    while (status == XAPIAN_OK &&
           (status = xapian_position_iterator_next(positions)) == XAPIAN_OK) {
        if (!array_reserve(&places->items, &places->capacity, places->count + 1,
                           sizeof *places->items))
            status = XAPIAN_ERROR_NO_MEMORY;
        else
            places->items[places->count++] = xapian_position_iterator_position(positions);
    }
    xapian_position_iterator_free(positions);
    return status == XAPIAN_END ? XAPIAN_OK : status;
}

/* Reads a term among the live documents for items [first, behind). */
static xunzi_status read_live(struct reading *reading, const struct query *term, size_t first,
                              size_t behind, size_t number) {
    xapian_posting_iterator *postings;
    xapian_status status = xapian_database_postings(reading->index->database, term->term.data,
                                                    term->term.size, &postings);
    for (size_t i = first; i < behind && status == XAPIAN_OK; i++) {
        xapian_docid docid =
            (xapian_docid)(reading->items[i].ordinal - reading->index->live_ordinal);
        xapian_termcount wdf = 0, length = 0;
        status = xapian_posting_iterator_skip_to(postings, docid);
        if (status != XAPIAN_OK || xapian_posting_iterator_docid(postings) != docid)
            continue;
        reading->places.count = 0;
        status = xapian_posting_iterator_wdf(postings, &wdf);
        if (status == XAPIAN_OK)
            status = xapian_posting_iterator_document_length(postings, &length);
        if (status == XAPIAN_OK && reading->positions)
            status = read_places(reading, postings);
        const struct evidence evidence = {.item = i,
                                          .term = number,
                                          .wdf = wdf,
                                          .length = length,
                                          .positions = reading->places.items,
                                          .position_count = reading->places.count};
        if (status == XAPIAN_OK)
            reading->visit(reading->context, &evidence);
    }
    xapian_posting_iterator_free(postings);
    return status == XAPIAN_OK || status == XAPIAN_END
               ? XUNZI_OK
               : index_failed(reading->index, status, "a posting list");
}

/* The first item at or behind `from` whose ordinal is not below `ordinal`. */
static size_t items_below(const struct reading *reading, size_t from, size_t count,
                          uint64_t ordinal) {
    while (from < count && reading->items[from].ordinal < ordinal)
        from++;
    return from;
}

xunzi_status evidence_read(xunzi_index *index, struct query *const *terms, size_t term_count,
                           const struct top_item *items, size_t item_count, bool positions,
                           evidence_visitor *visit, void *context) {
    struct reading reading = {
        .index = index, .items = items, .positions = positions, .visit = visit, .context = context};
    xunzi_status status = XUNZI_OK;
    size_t first = 0;
    for (size_t s = 0; s < index->segment_count && status == XUNZI_OK; s++) {
        const struct index_segment *segment = &index->segments[s];
        size_t behind = items_below(&reading, first, item_count,
                                    segment->ordinal + segment->segment->header.documents);
        for (size_t t = 0; t < term_count && behind > first && status == XUNZI_OK; t++)
            if (terms[t]->lists[s].count > 0)
                status = read_list(&reading, segment, &terms[t]->lists[s], first, behind, t);
        first = behind;
    }
    for (size_t t = 0; t < term_count && first < item_count && status == XUNZI_OK; t++)
        status = read_live(&reading, terms[t], first, item_count, t);
    free(reading.places.items);
    return status;
}
