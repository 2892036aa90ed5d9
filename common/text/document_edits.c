/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "text/document_edits.h"

#include <stdlib.h>

#include "base/error.h"
#include "text/double_encoding.h"
#include "text/repair.h"

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

static xunzi_status find_repairs(struct edit_finder *finder, xunzi_string text, struct edits *out) {
    edits_clear(out);
    if (text.size == 0)
        return XUNZI_OK;
    xunzi_status status = repair_find(finder->repairer, text.data, text.size, &finder->lost);
    if (status != XUNZI_OK)
        return status;
    if (!double_encoding_find(text.data, text.size, &finder->twice) ||
        !edits_merge(&finder->lost, &finder->twice, out))
        return error_no_memory();
    return XUNZI_OK;
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
