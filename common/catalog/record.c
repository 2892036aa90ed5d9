/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records: see record.h for the layout. */
#include "catalog/record.h"

#include <zlib.h>

#include "base/error.h"

enum { RECORD_VERSION = 1, RECORD_VERSION_EDITED = 2, MEMBER_COUNT = 7 };

static bool has_edits(const struct document_edits *edits) {
    return edits && (edits->title.count > 0 || edits->body.count > 0 || edits->source.count > 0);
}

static void list_members(xunzi_document *document, xunzi_string *members[MEMBER_COUNT]) {
    xunzi_string *all[MEMBER_COUNT] = {&document->id,   &document->title,  &document->body,
                                       &document->date, &document->source, &document->url,
                                       &document->extra};
    memcpy(members, all, sizeof all);
}

xunzi_status record_encode(const xunzi_document *document, const struct document_edits *edits,
                           struct buffer *out) {
    xunzi_document copy = *document;
    xunzi_string *members[MEMBER_COUNT];
    size_t edits_sizes[DOCUMENT_EDITS_LISTS] = {0};
    struct buffer plain = {0};
    list_members(&copy, members);
    bool edited = has_edits(edits);
    bool ok = buffer_append_byte(out, edited ? RECORD_VERSION_EDITED : RECORD_VERSION);
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        ok = ok && buffer_append_varint(out, members[i]->size);
        ok = ok && buffer_append(&plain, members[i]->data, members[i]->size);
    }
    if (ok && edited) {
        xunzi_status status = document_edits_encode(edits, &plain, edits_sizes);
        if (status != XUNZI_OK) {
            buffer_free(&plain);
            return status;
        }
        for (size_t i = 0; i < DOCUMENT_EDITS_LISTS && ok; i++)
            ok = buffer_append_varint(out, edits_sizes[i]);
    }
    uLongf deflated = compressBound((uLong)plain.size);
    ok = ok && buffer_reserve(out, deflated);
    if (ok) {
        const char *data = plain.data ? plain.data : "";
        ok = compress2((Bytef *)out->data + out->size, &deflated, (const Bytef *)data,
                       (uLong)plain.size, Z_DEFAULT_COMPRESSION) == Z_OK;
        out->size += deflated;
    }
    buffer_free(&plain);
    return ok ? XUNZI_OK : error_no_memory();
}

xunzi_status record_decode(const char *data, size_t size, struct buffer *storage,
                           xunzi_document *document, struct document_edits *edits) {
    static const char *const sentence = "a stored document is damaged";
    xunzi_string *members[MEMBER_COUNT];
    size_t sizes[MEMBER_COUNT + DOCUMENT_EDITS_LISTS] = {0}, total = 0;
    list_members(document, members);
    if (size == 0 || (data[0] != RECORD_VERSION && data[0] != RECORD_VERSION_EDITED))
        return error_set(XUNZI_ERROR_CORRUPT, "%s: it is of no known layout", sentence);
    size_t count = data[0] == RECORD_VERSION ? MEMBER_COUNT : MEMBER_COUNT + DOCUMENT_EDITS_LISTS;
    const uint8_t *at = (const uint8_t *)data + 1, *end = (const uint8_t *)data + size;
    for (size_t i = 0; i < count; i++) {
        uint64_t number;
        size_t most = i < MEMBER_COUNT ? XUNZI_MAX_DOCUMENT_BYTES
                                       : XUNZI_MAX_DOCUMENT_BYTES + DOCUMENT_EDITS_MOST;
        if (!varint_read(&at, end, 5, &number) || number > most - total)
            return error_set(XUNZI_ERROR_CORRUPT, "%s: its sizes make no sense", sentence);
        sizes[i] = (size_t)number;
        total += sizes[i];
    }
    buffer_clear(storage);
    if (!buffer_reserve(storage, total + 1))
        return error_no_memory();
    uLongf inflated = (uLongf)total + 1; /* room for a byte too many, so that one is noticed */
    int result = uncompress((Bytef *)storage->data, &inflated, at, (uLong)(end - at));
    if (result == Z_MEM_ERROR)
        return error_no_memory();
    if (result != Z_OK || inflated != total)
        return error_set(XUNZI_ERROR_CORRUPT, "%s: its text cannot be inflated", sentence);
    storage->size = total;
    char *next = storage->data;
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        *members[i] = (xunzi_string){next, sizes[i]};
        next += sizes[i];
    }
    return edits ? document_edits_decode(next, sizes + MEMBER_COUNT, document, edits) : XUNZI_OK;
}
