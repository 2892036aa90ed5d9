/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "text/document_edits.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "text/double_encoding.h"
#include "text/repair.h"
#include "text/scan.h"

struct edit_finder {
    struct repairer *repairer;
    struct page_reader *pages;
    struct page page;
    struct edits lost, twice; /* of one text: readings and lost bytes, what was encoded twice */
    struct edits repairs;     /* both, of the body */
};

xunzi_status edit_finder_new(struct edit_finder **out) {
    *out = NULL;
    struct edit_finder *finder = calloc(1, sizeof *finder);
    if (!finder)
        return error_no_memory();
    xunzi_status status = repairer_new(&finder->repairer);
    if (status == XUNZI_OK)
        status = page_reader_new(&finder->pages);
    if (status != XUNZI_OK) {
        edit_finder_free(finder);
        return status;
    }
    *out = finder;
    return XUNZI_OK;
}

void edit_finder_free(struct edit_finder *finder) {
    if (!finder)
        return;
    repairer_free(finder->repairer);
    page_reader_free(finder->pages);
    page_free(&finder->page);
    edits_free(&finder->lost);
    edits_free(&finder->twice);
    edits_free(&finder->repairs);
    free(finder);
}

struct page_memory *edit_finder_memory(struct edit_finder *finder) {
    return page_reader_memory(finder->pages);
}

void edit_finder_remember(struct edit_finder *finder) {
    page_remember(finder->pages);
}

/* Leaves only what is skipped of the page's edits: line breaks inside sentences. */
static void drop_asides(struct edits *edits) {
    size_t kept = 0;
    for (size_t i = 0; i < edits->count; i++)
        if (edits->items[i].kind != EDIT_ASIDE)
            edits->items[kept++] = edits->items[i];
    edits->count = kept;
}

/* Drops what was mended as lost bytes on lines that have text encoded twice: the question marks
 * there are characters that this has cost. */
static void drop_beside_twice(xunzi_string text, const struct edits *twice, struct edits *lost) {
    size_t kept = 0, line_begin = 0, line_end = 0, next = 0;
    for (size_t i = 0; i < lost->count; i++) {
        const struct edit *edit = &lost->items[i];
        while (next < twice->count && line_end <= edit->begin) {
            const struct edit *first = &twice->items[next++];
            if (first->begin < line_end)
                continue;
            const char *before = memrchr(text.data + line_end, '\n', first->begin - line_end);
            const char *behind = memchr(text.data + first->end, '\n', text.size - first->end);
            line_begin = before ? (size_t)(before - text.data) : line_end;
            line_end = behind ? (size_t)(behind - text.data) : text.size;
        }
        bool is_beside = edit->begin < line_end && edit->end > line_begin;
        if (edit->kind != EDIT_MEND || !is_beside)
            lost->items[kept++] = *edit;
    }
    lost->count = kept;
}

static xunzi_status find_repairs(struct edit_finder *finder, xunzi_string text, struct edits *out) {
    unsigned found = scan_text(text.data, text.size);
    xunzi_status status = XUNZI_OK;
    edits_clear(out);
    if (found == 0)
        return XUNZI_OK;
    edits_clear(&finder->lost);
    edits_clear(&finder->twice);
    if (found & SCAN_MARKS)
        status = repair_find(finder->repairer, text.data, text.size, &finder->lost);
    if (status != XUNZI_OK)
        return status;
    if ((found & SCAN_DOUBLE_ENCODINGS) &&
        !double_encoding_find(text.data, text.size, &finder->twice))
        return error_no_memory();
    drop_beside_twice(text, &finder->twice, &finder->lost);
    return edits_merge(&finder->lost, &finder->twice, out) ? XUNZI_OK : error_no_memory();
}

xunzi_status edit_finder_read(struct edit_finder *finder, const xunzi_document *document,
                              bool keep_all, struct document_edits *out) {
    xunzi_status status = find_repairs(finder, document->title, &out->title);
    if (status == XUNZI_OK)
        status = find_repairs(finder, document->source, &out->source);
    if (status == XUNZI_OK)
        status = find_repairs(finder, document->body, &finder->repairs);
    if (status == XUNZI_OK)
        status = page_read(finder->pages, document->title, document->body.data, document->body.size,
                           &finder->page);
    if (status != XUNZI_OK)
        return status;
    if (keep_all)
        drop_asides(&finder->page.edits);
    return edits_merge(&finder->repairs, &finder->page.edits, &out->body) ? XUNZI_OK
                                                                          : error_no_memory();
}
