/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filling hits. */
#include "searcher/hits.h"

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
    if (!copy_string(arena, &hit->id, document.id) ||
        !copy_string(arena, &hit->title, document.title) ||
        !copy_string(arena, &hit->date, document.date) ||
        !copy_string(arena, &hit->source, document.source) ||
        !copy_string(arena, &hit->url, document.url))
        return error_no_memory();
    return highlighter ? mark(highlighter, &document, edits, arena, hit) : XUNZI_OK;
}

static xunzi_status read_duplicate(xunzi_index *index, uint64_t ordinal, struct arena *arena,
                                   xunzi_duplicate *duplicate) {
    xunzi_document document;
    xunzi_status status = index_read_document(index, ordinal, &document, NULL);
    if (status != XUNZI_OK)
        return status;
    return copy_string(arena, &duplicate->id, document.id) &&
                   copy_string(arena, &duplicate->title, document.title) &&
                   copy_string(arena, &duplicate->date, document.date) &&
                   copy_string(arena, &duplicate->source, document.source) &&
                   copy_string(arena, &duplicate->url, document.url)
               ? XUNZI_OK
               : error_no_memory();
}

/* Puts the copies of a document under its hit. */
static xunzi_status add_duplicates(xunzi_index *index, const struct duplicates *duplicates,
                                   const struct top_item *items, size_t document,
                                   struct arena *arena, xunzi_hit *hit) {
    size_t count = 0, next = duplicates_next(duplicates, document);
    for (size_t i = next; i > 0; i = duplicates_next(duplicates, i))
        count++;
    if (count == 0)
        return XUNZI_OK;
    xunzi_duplicate *copies = arena_alloc(arena, count * sizeof *copies);
    if (!copies)
        return error_no_memory();
    hit->duplicates = copies;
    xunzi_status status = XUNZI_OK;
    for (size_t i = next; i > 0 && status == XUNZI_OK; i = duplicates_next(duplicates, i)) {
        status = read_duplicate(index, items[i].ordinal, arena, &copies[hit->duplicate_count]);
        hit->duplicate_count += status == XUNZI_OK;
    }
    return status;
}

xunzi_status hits_make(xunzi_index *index, struct query *query, const xunzi_search_options *options,
                       const struct top_item *items, const struct duplicates *duplicates,
                       size_t first, size_t count, double unit, struct arena *arena,
                       xunzi_hit **out) {
    struct highlighter *highlighter = NULL;
    struct document_edits edits = {0};
    xunzi_status status = XUNZI_OK;
    xunzi_hit *hits = *out = arena_alloc(arena, count * sizeof *hits);
    if (!hits)
        return error_no_memory();
    if (options->snippets && !options->ranking_only && count > 0)
        status = highlighter_new(query, &highlighter);
    for (size_t i = 0; status == XUNZI_OK && i < count; i++) {
        size_t document = duplicates_hit(duplicates, first + i);
        hits[i] = (xunzi_hit){.rank = first + i + 1, .score = (double)items[document].score / unit};
        if (!options->ranking_only)
            status = fill(index, highlighter, &edits, items[document].ordinal, arena, &hits[i]);
        /* At once: likely enough copies are stored in the block that has just been read. */
        if (status == XUNZI_OK)
            status = add_duplicates(index, duplicates, items, document, arena, &hits[i]);
    }
    highlighter_free(highlighter);
    document_edits_free(&edits);
    return status;
}
