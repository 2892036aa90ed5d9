/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The public search: text to tree, tree to Xapian, matches to hits. */
#include <stdlib.h>
#include <time.h>

#include "base/error.h"
#include "catalog/catalog.h"
#include "catalog/live_document.h"
#include "catalog/xapian_error.h"
#include "searcher/highlight.h"
#include "searcher/live_query.h"
#include "searcher/parse.h"
#include "searcher/ranking.h"
#include "searcher/snippet.h"

/* A total is exact up to so many matches behind those shown, whether or not it was asked for. */
enum { COUNTED_ANYWAY = 100 };

struct xunzi_results {
    struct arena arena; /* holds everything below */
    xunzi_hit *hits;
    size_t count;
    uint64_t total;
    bool exact;
    uint64_t microseconds;
    const char *note;
};

xunzi_search_options xunzi_search_options_default(void) {
    return (xunzi_search_options){.limit = 10, .snippets = true};
}

static uint64_t now_microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* Runs the tree over the live documents. */
static xapian_status run(xunzi_index *index, const xapian_query *query, const xunzi_search_options *options,
                         xapian_mset **matches) {
    xapian_enquire *enquire;
    xapian_weight *weight = NULL;
    uint64_t documents = index->documents;
    uint64_t first = options->offset < documents ? options->offset : documents;
    uint64_t most = options->limit < documents - first ? options->limit : documents - first;
    uint64_t counted = options->exact_count ? documents : first + most + COUNTED_ANYWAY;
    if (counted > documents)
        counted = documents;
    xapian_status status = xapian_enquire_new(index->database, &enquire);
    if (status == XAPIAN_OK)
        status = xapian_weight_saturation(RANKING_K1, RANKING_B, index->average_length, &weight);
    if (status == XAPIAN_OK)
        status = xapian_enquire_set_weight(enquire, weight);
    if (status == XAPIAN_OK)
        status = xapian_enquire_set_query(enquire, query, 0);
    if (status == XAPIAN_OK && options->sort == XUNZI_SORT_DATE)
        status = xapian_enquire_set_sort_by_value_then_relevance(enquire, LIVE_SLOT_DATE, true);
    if (status == XAPIAN_OK)
        status = xapian_enquire_get_mset(enquire, (xapian_doccount)first, (xapian_doccount)most,
                                         (xapian_doccount)counted, NULL, NULL, matches);
    xapian_weight_free(weight);
    xapian_enquire_free(enquire);
    return status;
}

static bool copy_string(struct arena *arena, xunzi_string *string) {
    const char *copy = arena_copy(arena, string->data, string->size);
    string->data = copy;
    return copy != NULL;
}

static xunzi_status fill_hit(xunzi_index *index, struct highlighter *highlighter, struct buffer *storage,
                             struct document_edits *edits, const xapian_mset_item *item, bool snippets,
                             struct arena *arena, xunzi_hit *hit) {
    xunzi_document document;
    xunzi_status status = index_read_edited_document(index, item->docid, storage, &document, edits);
    if (status != XUNZI_OK)
        return status;
    *hit = (xunzi_hit){.rank = (uint64_t)item->rank + 1,
                       .score = item->weight,
                       .id = document.id,
                       .title = document.title,
                       .date = document.date,
                       .source = document.source,
                       .url = document.url};
    if (!copy_string(arena, &hit->id) || !copy_string(arena, &hit->title) || !copy_string(arena, &hit->date) ||
        !copy_string(arena, &hit->source) || !copy_string(arena, &hit->url))
        return error_no_memory();
    if (!snippets)
        return XUNZI_OK;
    const struct match *matches;
    size_t count;
    status = highlighter_find_edited(highlighter, hit->title, &edits->title, &matches, &count);
    if (status != XUNZI_OK)
        return status;
    if (!highlight_ranges(matches, count, arena, &hit->title_matches, &hit->title_match_count))
        return error_no_memory();
    return snippet_make_edited(highlighter, document.body, &edits->body, arena, &hit->snippet, &hit->snippet_matches,
                               &hit->snippet_match_count);
}

static xunzi_status fill_hits(xunzi_index *index, struct query *query, const xapian_mset *matches, bool snippets,
                              struct xunzi_results *results) {
    results->count = xapian_mset_size(matches);
    results->total = xapian_mset_matches_estimated(matches);
    results->exact = xapian_mset_matches_lower_bound(matches) == xapian_mset_matches_upper_bound(matches);
    results->hits = arena_alloc(&results->arena, (results->count + 1) * sizeof *results->hits);
    struct highlighter *highlighter = NULL;
    xunzi_status status = results->hits ? highlighter_new(query, &highlighter) : error_no_memory();
    struct buffer storage = {0};
    struct document_edits edits = {0};
    for (size_t i = 0; status == XUNZI_OK && i < results->count; i++) {
        xapian_mset_item item;
        xapian_status got = xapian_mset_get_item(matches, (xapian_doccount)i, &item);
        status = got == XAPIAN_OK ? fill_hit(index, highlighter, &storage, &edits, &item, snippets,
                                             &results->arena, &results->hits[i])
                                  : index_failed(index, got, "a match");
    }
    highlighter_free(highlighter);
    buffer_free(&storage);
    document_edits_free(&edits);
    return status;
}

/* One attempt, on the snapshot as it is. */
static xunzi_status search_once(xunzi_index *index, xunzi_string text, const xunzi_search_options *options,
                                struct xunzi_results *results) {
    struct query *query = NULL;
    xapian_query *live = NULL;
    xapian_mset *matches = NULL;
    xunzi_status status = parse_query(index, &results->arena, text, options->mode, &query, &results->note);
    if (status == XUNZI_OK)
        status = parse_filters(&results->arena, options, &query);
    if (status == XUNZI_OK)
        status = plan_weights(index, query);
    if (status == XUNZI_OK)
        status = live_query_new(query, &live);
    if (status == XUNZI_OK) {
        xapian_status ran = run(index, live, options, &matches);
        status = ran == XAPIAN_OK ? fill_hits(index, query, matches, options->snippets, results)
                                  : index_failed(index, ran, "a posting list");
    }
    xapian_mset_free(matches);
    xapian_query_free(live);
    return status;
}

xunzi_status xunzi_search(xunzi_index *index, xunzi_string query, const xunzi_search_options *options,
                          xunzi_results **out) {
    *out = NULL;
    xunzi_search_options defaults = xunzi_search_options_default();
    struct xunzi_results *results = calloc(1, sizeof *results);
    if (!results)
        return error_no_memory();
    uint64_t started = now_microseconds();
    xunzi_status status = search_once(index, query, options ? options : &defaults, results);
    for (int tries = 1; index->overwritten && tries < INDEX_TRIES; tries++) {
        arena_free(&results->arena);
        status = xunzi_index_refresh(index);
        if (status == XUNZI_OK)
            status = search_once(index, query, options ? options : &defaults, results);
    }
    if (status != XUNZI_OK) {
        xunzi_results_free(results);
        return status;
    }
    results->microseconds = now_microseconds() - started;
    *out = results;
    return XUNZI_OK;
}

size_t xunzi_results_count(const xunzi_results *results) {
    return results->count;
}

const xunzi_hit *xunzi_results_hit(const xunzi_results *results, size_t i) {
    return i < results->count ? &results->hits[i] : NULL;
}

uint64_t xunzi_results_total(const xunzi_results *results) {
    return results->total;
}

bool xunzi_results_exact(const xunzi_results *results) {
    return results->exact;
}

uint64_t xunzi_results_microseconds(const xunzi_results *results) {
    return results->microseconds;
}

const char *xunzi_results_note(const xunzi_results *results) {
    return results->note;
}

void xunzi_results_free(xunzi_results *results) {
    if (!results)
        return;
    arena_free(&results->arena);
    free(results);
}
