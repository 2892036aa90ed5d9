/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/batch.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/error.h"
#include "segment/texts.h"

enum { MEMBERS = 7, KEPT_BYTES = 4 << 20 };

/* The sizes of what stands in bytes, one behind the other. */
struct batch_document {
    uint32_t members[MEMBERS];
    size_t edits[DOCUMENT_EDITS_LISTS];
    bool has_edits;
};

static void list_members(xunzi_document *document, xunzi_string *members[MEMBERS]) {
    xunzi_string *all[MEMBERS] = {&document->id,   &document->title,  &document->body,
                                  &document->date, &document->source, &document->url,
                                  &document->extra};
    memcpy(members, all, sizeof all);
}

void batch_free(struct batch *batch) {
    buffer_free(&batch->bytes);
    buffer_free(&batch->records);
    occurrences_free(&batch->occurrences);
    free(batch->documents);
    free(batch->results);
}

void batch_clear(struct batch *batch) {
    buffer_clear(&batch->bytes);
    buffer_clear(&batch->records);
    if (batch->bytes.capacity > KEPT_BYTES)
        buffer_free(&batch->bytes);
    if (batch->records.capacity > KEPT_BYTES)
        buffer_free(&batch->records);
    occurrences_clear(&batch->occurrences);
    batch->count = 0;
}

xunzi_status batch_add(struct batch *batch, const xunzi_document *document,
                       const struct document_edits *edits) {
    xunzi_document copy = *document;
    xunzi_string *members[MEMBERS];
    size_t begin = batch->bytes.size;
    if (!array_reserve(&batch->documents, &batch->capacity, batch->count + 1,
                       sizeof *batch->documents))
        return error_no_memory();
    struct batch_document *added = &batch->documents[batch->count];
    xunzi_status status = XUNZI_OK;
    list_members(&copy, members);
    for (size_t m = 0; m < MEMBERS && status == XUNZI_OK; m++) {
        added->members[m] = (uint32_t)members[m]->size;
        if (members[m]->size > 0 &&
            !buffer_append(&batch->bytes, members[m]->data, members[m]->size))
            status = error_no_memory();
    }
    added->has_edits =
        edits && (edits->title.count > 0 || edits->body.count > 0 || edits->source.count > 0);
    if (status == XUNZI_OK && added->has_edits)
        status = document_edits_encode(edits, &batch->bytes, added->edits);
    if (status != XUNZI_OK)
        batch->bytes.size = begin;
    batch->count += status == XUNZI_OK;
    return status;
}

/* Gives the document that stands at *at in bytes, and its edits; moves *at behind them. */
static xunzi_status take(const struct batch *batch, size_t i, size_t *at, xunzi_document *document,
                         struct document_edits *edits) {
    const struct batch_document *given = &batch->documents[i];
    xunzi_string *members[MEMBERS];
    list_members(document, members);
    for (size_t m = 0; m < MEMBERS; m++) {
        *members[m] = (xunzi_string){batch->bytes.data + *at, given->members[m]};
        *at += given->members[m];
    }
    if (!given->has_edits)
        return XUNZI_OK;
    const char *lists = batch->bytes.data + *at;
    for (size_t l = 0; l < DOCUMENT_EDITS_LISTS; l++)
        *at += given->edits[l];
    return document_edits_decode(lists, given->edits, document, edits);
}

/* Reads document i. Where its record begins is noted as an offset, since the buffer may move. */
static xunzi_status read_document(struct batch *batch, size_t i, const xunzi_document *document,
                                  const struct document_edits *edits,
                                  struct occurrence_maker *maker, size_t *record_begin) {
    struct segment_document *result = &batch->results[i];
    date_day last;
    *result = (struct segment_document){
        .id = XXH3_64bits(document->id.data, document->id.size),
        .source = document->source,
    };
    if (!date_parse_declared(document->date.data, document->date.size, &result->date, &last))
        result->date = 0;
    *record_begin = batch->records.size;
    xunzi_status status =
        occurrence_maker_add(maker, document, edits, (uint16_t)i, &batch->occurrences,
                             &result->length, &result->fingerprint);
    if (status == XUNZI_OK)
        status = texts_encode(document, edits, &batch->records, &result->likeness);
    result->record_size = batch->records.size - *record_begin;
    return status;
}

xunzi_status batch_read(struct batch *batch, struct occurrence_maker *maker) {
    struct document_edits edits = {0};
    xunzi_status status = XUNZI_OK;
    size_t at = 0, begin = 0;
    if (!array_reserve(&batch->results, &batch->result_capacity, batch->count,
                       sizeof *batch->results))
        return error_no_memory();
    for (size_t i = 0; i < batch->count && status == XUNZI_OK; i++) {
        xunzi_document document;
        status = take(batch, i, &at, &document, &edits);
        if (status == XUNZI_OK)
            status = read_document(batch, i, &document,
                                   batch->documents[i].has_edits ? &edits : NULL, maker, &begin);
    }
    begin = 0;
    for (size_t i = 0; i < batch->count && status == XUNZI_OK; i++) {
        batch->results[i].record = batch->records.data + begin;
        begin += batch->results[i].record_size;
    }
    document_edits_free(&edits);
    return status;
}
