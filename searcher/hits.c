/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filling hits. */
#include "searcher/hits.h"

#include <stdlib.h>

#include "base/error.h"
#include "searcher/highlight.h"
#include "searcher/snippet.h"

static bool copy_string(struct arena *arena, xunzi_string *string) {
    const char *copy = arena_copy(arena, string->data, string->size);
    string->data = copy;
    return copy != NULL;
}

/* Finds the matches of the title and makes the snippet. */
static xunzi_status mark(struct highlighter *highlighter, const xunzi_document *document,
                         const struct document_edits *edits, struct arena *arena, xunzi_hit *hit) {
    const struct match *matches;
    size_t count;
    xunzi_status status =
        highlighter_find_edited(highlighter, hit->title, &edits->title, &matches, &count);
    if (status != XUNZI_OK)
        return status;
    if (!highlight_ranges(matches, count, arena, &hit->title_matches, &hit->title_match_count))
        return error_no_memory();
    return snippet_make_edited(highlighter, document->body, &edits->body, arena, &hit->snippet,
                               &hit->snippet_matches, &hit->snippet_match_count);
}

static xunzi_status fill(xunzi_index *index, struct highlighter *highlighter,
                         struct document_edits *edits, uint64_t ordinal, struct arena *arena,
                         xunzi_hit *hit) {
    xunzi_document document;
    xunzi_status status = index_read_document(index, ordinal, &document, edits);
    if (status != XUNZI_OK)
        return status;
    hit->id = document.id;
    hit->title = document.title;
    hit->date = document.date;
    hit->source = document.source;
    hit->url = document.url;
    if (!copy_string(arena, &hit->id) || !copy_string(arena, &hit->title) ||
        !copy_string(arena, &hit->date) || !copy_string(arena, &hit->source) ||
        !copy_string(arena, &hit->url))
        return error_no_memory();
    return highlighter ? mark(highlighter, &document, edits, arena, hit) : XUNZI_OK;
}

/* A hit, and where its document is stored. */
struct stored_hit {
    uint64_t place;
    size_t hit;
};

static int by_place(const void *a, const void *b) {
    const struct stored_hit *left = a, *right = b;
    return (left->place > right->place) - (left->place < right->place);
}

/* Reads the documents in the order in which they are stored, so that a block of texts that several
 * are in is unpacked once. */
static xunzi_status fill_all(xunzi_index *index, struct highlighter *highlighter,
                             const struct top_item *items, size_t count, struct arena *arena,
                             xunzi_hit *hits) {
    struct document_edits edits = {0};
    struct stored_hit *stored = malloc((count + 1) * sizeof *stored);
    xunzi_status status = stored ? XUNZI_OK : error_no_memory();
    for (size_t i = 0; stored && i < count; i++)
        stored[i] = (struct stored_hit){index_place_of(index, items[i].ordinal), i};
    if (count > 1 && stored)
        qsort(stored, count, sizeof *stored, by_place);
    for (size_t i = 0; i < count && status == XUNZI_OK; i++)
        status = fill(index, highlighter, &edits, items[stored[i].hit].ordinal, arena,
                      &hits[stored[i].hit]);
    document_edits_free(&edits);
    free(stored);
    return status;
}

xunzi_status hits_make(xunzi_index *index, struct query *query, const xunzi_search_options *options,
                       const struct top_item *items, size_t count, uint64_t first_rank, double unit,
                       struct arena *arena, xunzi_hit **out) {
    struct highlighter *highlighter = NULL;
    xunzi_status status = XUNZI_OK;
    xunzi_hit *hits = *out = arena_alloc(arena, count * sizeof *hits);
    if (!hits)
        return error_no_memory();
    if (options->snippets && !options->ranking_only && count > 0)
        status = highlighter_new(query, &highlighter);
    for (size_t i = 0; i < count; i++)
        hits[i] = (xunzi_hit){.rank = first_rank + i, .score = (double)items[i].score / unit};
    if (status == XUNZI_OK && !options->ranking_only)
        status = fill_all(index, highlighter, items, count, arena, hits);
    highlighter_free(highlighter);
    return status;
}
