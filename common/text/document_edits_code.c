/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Edits of documents as bytes, and back. */
#include "text/document_edits.h"

#include "base/error.h"

void document_edits_free(struct document_edits *edits) {
    edits_free(&edits->title);
    edits_free(&edits->body);
    edits_free(&edits->source);
}

void document_edits_clear(struct document_edits *edits) {
    edits_clear(&edits->title);
    edits_clear(&edits->body);
    edits_clear(&edits->source);
}

xunzi_status document_edits_encode(const struct document_edits *edits, struct buffer *out,
                                   size_t sizes[DOCUMENT_EDITS_LISTS]) {
    static const struct document_edits none;
    edits = edits ? edits : &none;
    const struct edits *const lists[DOCUMENT_EDITS_LISTS] = {&edits->title, &edits->body,
                                                             &edits->source};
    size_t begin = out->size;
    for (size_t i = 0; i < DOCUMENT_EDITS_LISTS; i++) {
        size_t before = out->size;
        if (lists[i]->count > 0 && !edits_encode(lists[i], out))
            return error_no_memory();
        sizes[i] = out->size - before;
    }
    return out->size - begin <= DOCUMENT_EDITS_MOST
               ? XUNZI_OK
               : error_set(XUNZI_ERROR_LIMIT, "the document needs more mending than can be kept");
}

xunzi_status document_edits_decode(const char *data, const size_t sizes[DOCUMENT_EDITS_LISTS],
                                   const xunzi_document *document, struct document_edits *edits) {
    struct edits *const lists[DOCUMENT_EDITS_LISTS] = {&edits->title, &edits->body, &edits->source};
    const size_t texts[DOCUMENT_EDITS_LISTS] = {document->title.size, document->body.size,
                                                document->source.size};
    document_edits_clear(edits);
    for (size_t i = 0; i < DOCUMENT_EDITS_LISTS; i++) {
        xunzi_status status =
            sizes[i] > 0 ? edits_decode(data, sizes[i], texts[i], lists[i]) : XUNZI_OK;
        if (status != XUNZI_OK)
            return status;
        data += sizes[i];
    }
    return XUNZI_OK;
}
