/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counting facets. Within a segment a document is counted by the number that stands for its value
 * in a column; the numbers become names at the end, where different spellings of a source, one
 * under folding, are added up.
 */
#include "searcher/facets.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "catalog/live_document.h"
#include "searcher/live_query.h"
#include "searcher/sealed_tree.h"
#include "text/fold.h"

/* A value that was met. */
struct value {
    char *key; /* what makes values one, NUL-terminated */
    size_t key_size;
    xunzi_string shown; /* the spelling of most of the documents of one segment */
    uint64_t shown_count;
    uint64_t count;
};

struct counting {
    xunzi_index *index;
    xunzi_facet facet;
    struct arena *arena;
    struct value *values; /* by key, until they are ordered */
    size_t count, capacity;
    struct buffer key;
};

/* The place of the key in counting->key among the values, or where it belongs. */
static size_t find_value(const struct counting *counting, bool *found) {
    const struct buffer *key = &counting->key;
    size_t low = 0, high = counting->count;
    *found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct value *value = &counting->values[middle];
        int order = bytes_compare(value->key, value->key_size, key->data, key->size);
        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Adds so many documents of a value under the key in counting->key. */
static xunzi_status add_value(struct counting *counting, xunzi_string shown, uint64_t count) {
    bool found;
    size_t at = find_value(counting, &found);
    if (!found) {
        char *key = arena_copy(counting->arena, counting->key.data ? counting->key.data : "",
                               counting->key.size);
        if (!key || !array_reserve(&counting->values, &counting->capacity, counting->count + 1,
                                   sizeof *counting->values))
            return error_no_memory();
        memmove(counting->values + at + 1, counting->values + at,
                (counting->count - at) * sizeof *counting->values);
        counting->values[at] = (struct value){.key = key, .key_size = counting->key.size};
        counting->count++;
    }
    struct value *value = &counting->values[at];
    value->count += count;
    if (count > value->shown_count) {
        const char *copy = arena_copy(counting->arena, shown.data ? shown.data : "", shown.size);
        if (!copy)
            return error_no_memory();
        value->shown = (xunzi_string){copy, shown.size};
        value->shown_count = count;
    }
    return XUNZI_OK;
}

static xunzi_status add_source(struct counting *counting, xunzi_string source, uint64_t count) {
    buffer_clear(&counting->key);
    xunzi_status status =
        source.size > 0 ? fold_to_key(source.data, source.size, &counting->key) : XUNZI_OK;
    return status == XUNZI_OK ? add_value(counting, source, count) : status;
}

/* The number that stands for a day: of its year or its month; 0 for none. */
static uint32_t period_of(xunzi_facet facet, date_day day) {
    return facet == XUNZI_FACET_YEAR ? day / 10000 : day / 100;
}

static xunzi_status add_period(struct counting *counting, uint32_t period, uint64_t count) {
    char text[16] = "";
    if (period > 0 && counting->facet == XUNZI_FACET_YEAR)
        snprintf(text, sizeof text, "%04u", (unsigned)period);
    else if (period > 0)
        snprintf(text, sizeof text, "%04u-%02u", (unsigned)period / 100, (unsigned)period % 100);
    buffer_clear(&counting->key);
    if (!buffer_append_text(&counting->key, text))
        return error_no_memory();
    return add_value(counting, xunzi_string_of(text), count);
}

/* ---- segments ---- */

/* Counts by number: of a source, or of a period. */
struct numbers {
    uint64_t *counts;
    size_t count;
};

enum { YEARS = 10000, MONTHS = YEARS * 100 };

static xunzi_status name_numbers(struct counting *counting, const struct segment *segment,
                                 const struct numbers *numbers) {
    xunzi_status status = XUNZI_OK;
    for (size_t i = 0; i < numbers->count && status == XUNZI_OK; i++) {
        xunzi_string name;
        if (numbers->counts[i] == 0)
            continue;
        if (counting->facet != XUNZI_FACET_SOURCE)
            status = add_period(counting, (uint32_t)i, numbers->counts[i]);
        else if (segment_source_name(segment, (uint32_t)i, &name))
            status = add_source(counting, name, numbers->counts[i]);
        else
            status = error_set(XUNZI_ERROR_CORRUPT, "%s is damaged: its sources make no sense",
                               segment->path);
    }
    return status;
}

/* Counts the documents of a segment that match, document by document. */
static xunzi_status count_matches(const struct counting *counting,
                                  const struct index_segment *segment, struct sealed_tree *tree,
                                  struct sealed_node *root, struct numbers *numbers) {
    for (uint32_t d = sealed_next_geq(tree, root, 0); d != POSTINGS_END && !tree->failed;
         d = sealed_next_geq(tree, root, d + 1)) {
        if (deletions_has(segment->deleted, d))
            continue;
        uint32_t number = counting->facet == XUNZI_FACET_SOURCE
                              ? segment_source_number(segment->segment, d)
                              : period_of(counting->facet, segment_date(segment->segment, d));
        if (number < numbers->count)
            numbers->counts[number]++;
    }
    return tree->failed ? sealed_tree_error(tree) : XUNZI_OK;
}

static xunzi_status count_segment(struct counting *counting, size_t i, const struct query *query,
                                  const struct scoring *scoring) {
    const struct index_segment *segment = &counting->index->segments[i];
    struct arena arena = {0};
    struct sealed_tree tree;
    struct sealed_node *root;
    struct numbers numbers = {.count = counting->facet == XUNZI_FACET_YEAR    ? YEARS
                                       : counting->facet == XUNZI_FACET_MONTH ? MONTHS
                                                                              : 0};
    if (counting->facet == XUNZI_FACET_SOURCE)
        numbers.count = (size_t)segment_source_count(segment->segment) + 1;
    numbers.counts = calloc(numbers.count, sizeof *numbers.counts);
    if (!numbers.counts)
        return error_no_memory();
    sealed_tree_begin(&tree, segment->segment, i, scoring, &arena);
    xunzi_status status = sealed_node_new(&tree, query, &root);
    if (status == XUNZI_OK)
        status = count_matches(counting, segment, &tree, root, &numbers);
    if (status == XUNZI_OK)
        status = name_numbers(counting, segment->segment, &numbers);
    sealed_tree_free(&tree);
    arena_free(&arena);
    free(numbers.counts);
    return status;
}

/* ---- live documents ---- */

static xunzi_status count_live_document(struct counting *counting, xapian_docid docid) {
    xunzi_index *index = counting->index;
    bool by_source = counting->facet == XUNZI_FACET_SOURCE;
    xapian_document *document;
    xapian_status status =
        xapian_database_get_document(index->database, docid, XAPIAN_DOC_ASSUME_VALID, &document);
    if (status == XAPIAN_OK)
        status = xapian_document_value(document, by_source ? LIVE_SLOT_SOURCE : LIVE_SLOT_DATE,
                                       &index->data);
    xapian_document_free(document);
    if (status != XAPIAN_OK)
        return index_failed(index, status, "a document");
    if (by_source)
        return add_source(counting, (xunzi_string){index->data.data, index->data.size}, 1);
    date_day day = live_date_day(index->data.data, index->data.size);
    return add_period(counting, period_of(counting->facet, day), 1);
}

static xapian_status match_live(xunzi_index *index, const xapian_query *query,
                                xapian_mset **matches) {
    xapian_enquire *enquire;
    xapian_weight *weight = NULL;
    xapian_status status = xapian_enquire_new(index->database, &enquire);
    if (status == XAPIAN_OK)
        status = xapian_weight_bool(&weight);
    if (status == XAPIAN_OK)
        status = xapian_enquire_set_weight(enquire, weight);
    if (status == XAPIAN_OK)
        status = xapian_enquire_set_query(enquire, query, 0);
    if (status == XAPIAN_OK)
        status = xapian_enquire_get_mset(enquire, 0, (xapian_doccount)index->live_documents, 0,
                                         NULL, NULL, matches);
    xapian_weight_free(weight);
    xapian_enquire_free(enquire);
    return status;
}

static xunzi_status count_live(struct counting *counting, const struct query *query) {
    xapian_query *live = NULL;
    xapian_mset *matches = NULL;
    xunzi_status status = live_query_new(query, &live);
    if (status != XUNZI_OK)
        return status;
    xapian_status matched = match_live(counting->index, live, &matches);
    if (matched != XAPIAN_OK)
        status = index_failed(counting->index, matched, "a posting list");
    xapian_doccount count = matched == XAPIAN_OK ? xapian_mset_size(matches) : 0;
    for (xapian_doccount i = 0; i < count && status == XUNZI_OK; i++) {
        xapian_mset_item item;
        matched = xapian_mset_get_item(matches, i, &item);
        status = matched == XAPIAN_OK ? count_live_document(counting, item.docid)
                                      : index_failed(counting->index, matched, "a match");
    }
    xapian_mset_free(matches);
    xapian_query_free(live);
    return status;
}

/* ---- order ---- */

static int compare_keys(const struct value *a, const struct value *b) {
    return bytes_compare(a->key, a->key_size, b->key, b->key_size);
}

static int by_falling_count(const void *a, const void *b) {
    const struct value *left = a, *right = b;
    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    return compare_keys(left, right);
}

static int by_falling_key(const void *a, const void *b) {
    return compare_keys(b, a);
}

static xunzi_status give_out(struct counting *counting, xunzi_facet_value **out, size_t *count) {
    *out = arena_alloc(counting->arena, (counting->count + 1) * sizeof **out);
    if (!*out)
        return error_no_memory();
    if (counting->count > 1)
        qsort(counting->values, counting->count, sizeof *counting->values,
              counting->facet == XUNZI_FACET_SOURCE ? by_falling_count : by_falling_key);
    for (size_t i = 0; i < counting->count; i++)
        (*out)[i] = (xunzi_facet_value){counting->values[i].shown, counting->values[i].count};
    *count = counting->count;
    return XUNZI_OK;
}

xunzi_status facets_count(xunzi_index *index, const struct query *query,
                          const struct scoring *scoring, xunzi_facet facet, struct arena *arena,
                          xunzi_facet_value **out, size_t *count) {
    struct counting counting = {.index = index, .facet = facet, .arena = arena};
    xunzi_status status = XUNZI_OK;
    for (size_t i = 0; i < index->segment_count && status == XUNZI_OK; i++)
        status = count_segment(&counting, i, query, scoring);
    if (status == XUNZI_OK && index->live_documents > 0)
        status = count_live(&counting, query);
    if (status == XUNZI_OK)
        status = give_out(&counting, out, count);
    free(counting.values);
    buffer_free(&counting.key);
    return status;
}
