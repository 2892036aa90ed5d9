/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filling hits. */
#include "searcher/hits.h"

#include <stdlib.h>

#include "base/error.h"
#include "searcher/highlight.h"
#include "searcher/snippet.h"

static bool copy_string(struct arena *arena, xunzi_string *out, xunzi_string string) {
    *out = (xunzi_string){arena_copy(arena, string.data, string.size), string.size};
    return out->data != NULL;
}

/* Finds the matches of the title and makes the snippet. */
static xunzi_status mark(struct highlighter *highlighter, const xunzi_document *document,
                         const struct document_edits *edits, struct arena *arena, xunzi_hit *hit) {
    const struct match *matches;
    size_t count;
    xunzi_status status =
        highlighter_find(highlighter, hit->title, &edits->title, &matches, &count);
    if (status != XUNZI_OK)
        return status;
    if (!highlight_ranges(matches, count, arena, &hit->title_matches, &hit->title_match_count))
        return error_no_memory();
    return snippet_make(highlighter, document->body, &edits->body, arena, &hit->snippet,
                        &hit->snippet_matches, &hit->snippet_match_count);
}

/* What is shown of a document, and where it is stored: one that stands for itself, or a copy. */
struct shown {
    uint64_t place, ordinal;
    xunzi_hit *hit;
    xunzi_duplicate *copy; /* under that hit; NULL: the hit itself */
};

static int by_place(const void *a, const void *b) {
    const struct shown *left = a, *right = b;
    return (left->place > right->place) - (left->place < right->place);
}

/* What hits and copies both show. False: no memory. */
static bool copy_members(const xunzi_document *document, struct arena *arena, xunzi_string *id,
                         xunzi_string *title, xunzi_string *date, xunzi_string *source,
                         xunzi_string *url) {
    return copy_string(arena, id, document->id) && copy_string(arena, title, document->title) &&
           copy_string(arena, date, document->date) &&
           copy_string(arena, source, document->source) && copy_string(arena, url, document->url);
}

static xunzi_status fill_copy(const xunzi_document *document, struct arena *arena,
                              xunzi_duplicate *copy) {
    return copy_members(document, arena, &copy->id, &copy->title, &copy->date, &copy->source,
                        &copy->url)
               ? XUNZI_OK
               : error_no_memory();
}

static xunzi_status fill_hit(struct highlighter *highlighter, const xunzi_document *document,
                             const struct document_edits *edits, struct arena *arena,
                             xunzi_hit *hit) {
    if (!copy_members(document, arena, &hit->id, &hit->title, &hit->date, &hit->source, &hit->url))
        return error_no_memory();
    return highlighter ? mark(highlighter, document, edits, arena, hit) : XUNZI_OK;
}

/* Reads the documents in the order in which they are stored, so that a block of texts that several
 * are in is unpacked once. */
static xunzi_status fill(xunzi_index *index, struct highlighter *highlighter, struct shown *shown,
                         size_t count, struct arena *arena) {
    struct document_edits edits = {0};
    xunzi_status status = XUNZI_OK;
    if (count > 1)
        qsort(shown, count, sizeof *shown, by_place);
    for (size_t i = 0; i < count && status == XUNZI_OK; i++) {
        xunzi_document document;
        status = index_read_document(index, shown[i].ordinal, &document, &edits);
        if (status == XUNZI_OK)
            status = shown[i].copy ? fill_copy(&document, arena, shown[i].copy)
                                   : fill_hit(highlighter, &document, &edits, arena, shown[i].hit);
    }
    document_edits_free(&edits);
    return status;
}

/* The best documents, and what is said of copies among them. */
struct best {
    const struct top_item *items;
    const struct duplicates *duplicates;
};

static struct shown shown_of(const xunzi_index *index, const struct best *best, size_t document,
                             xunzi_hit *hit, xunzi_duplicate *copy) {
    uint64_t ordinal = best->items[document].ordinal;
    return (struct shown){index_place_of(index, ordinal), ordinal, hit, copy};
}

/* Makes room under a hit for its copies, and lists them. False: no memory. */
static bool list_copies(const xunzi_index *index, const struct best *best, size_t document,
                        struct arena *arena, xunzi_hit *hit, struct shown *shown, size_t *count) {
    const struct duplicates *duplicates = best->duplicates;
    size_t first = duplicates_next(duplicates, document), copies = 0;
    for (size_t i = first; i > 0; i = duplicates_next(duplicates, i))
        copies++;
    if (copies == 0)
        return true;
    xunzi_duplicate *room = arena_alloc(arena, copies * sizeof *room);
    if (!room)
        return false;
    hit->duplicates = room;
    hit->duplicate_count = copies;
    for (size_t i = first; i > 0; i = duplicates_next(duplicates, i))
        shown[(*count)++] = shown_of(index, best, i, hit, room++);
    return true;
}

xunzi_status hits_make(xunzi_index *index, struct query *query, const xunzi_search_options *options,
                       const struct top_item *items, const struct duplicates *duplicates,
                       size_t first, size_t count, double unit, struct arena *arena,
                       xunzi_hit **out) {
    struct highlighter *highlighter = NULL;
    const struct best best = {items, duplicates};
    size_t shown_count = 0;
    xunzi_hit *hits = *out = arena_alloc(arena, count * sizeof *hits);
    if (!hits)
        return error_no_memory();
    for (size_t i = 0; i < count; i++) {
        size_t document = duplicates_hit(duplicates, first + i);
        hits[i] = (xunzi_hit){.rank = first + i + 1, .score = (double)items[document].score / unit};
    }
    if (options->ranking_only || count == 0)
        return XUNZI_OK;
    struct shown *shown = malloc((count + duplicates->compared) * sizeof *shown);
    xunzi_status status = shown ? XUNZI_OK : error_no_memory();
    for (size_t i = 0; i < count && status == XUNZI_OK; i++) {
        size_t document = duplicates_hit(duplicates, first + i);
        shown[shown_count++] = shown_of(index, &best, document, &hits[i], NULL);
        if (!list_copies(index, &best, document, arena, &hits[i], shown, &shown_count))
            status = error_no_memory();
    }
    if (status == XUNZI_OK && options->snippets)
        status = highlighter_new(query, &highlighter);
    if (status == XUNZI_OK)
        status = fill(index, highlighter, shown, shown_count, arena);
    highlighter_free(highlighter);
    free(shown);
    return status;
}
