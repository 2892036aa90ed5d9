/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records: see record.h for the layout. */
#include "catalog/record.h"

#include <zlib.h>

#include "base/error.h"

enum { RECORD_VERSION = 1, RECORD_VERSION_EDITED = 2, MEMBER_COUNT = 7, EDITS_COUNT = 3 };

/* What all edits take at most, encoded: so that a damaged size is noticed before room is made for it. */
enum { EDITS_MOST = 3 * XUNZI_MAX_DOCUMENT_BYTES };

static bool has_edits(const struct document_edits *edits) {
    return edits && (edits->title.count > 0 || edits->body.count > 0 || edits->source.count > 0);
}

static void list_members(xunzi_document *document, xunzi_string *members[MEMBER_COUNT]) {
    xunzi_string *all[MEMBER_COUNT] = {&document->id,     &document->title, &document->body, &document->date,
                                       &document->source, &document->url,   &document->extra};
    memcpy(members, all, sizeof all);
}

/* Appends the edits of title, body and source to plain, and how much each took to sizes. */
static bool append_edits(const struct document_edits *edits, struct buffer *plain, size_t sizes[EDITS_COUNT]) {
    const struct edits *const lists[EDITS_COUNT] = {&edits->title, &edits->body, &edits->source};
    for (size_t i = 0; i < EDITS_COUNT; i++) {
        size_t before = plain->size;
        if (lists[i]->count > 0 && !edits_encode(lists[i], plain))
            return false;
        sizes[i] = plain->size - before;
    }
    return true;
}

xunzi_status record_encode(const xunzi_document *document, struct buffer *out) {
    return record_encode_edited(document, NULL, out);
}

xunzi_status record_encode_edited(const xunzi_document *document, const struct document_edits *edits,
                                  struct buffer *out) {
    xunzi_document copy = *document;
    xunzi_string *members[MEMBER_COUNT];
    size_t edits_sizes[EDITS_COUNT] = {0};
    struct buffer plain = {0};
    list_members(&copy, members);
    bool edited = has_edits(edits);
    bool ok = buffer_append_byte(out, edited ? RECORD_VERSION_EDITED : RECORD_VERSION);
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        ok = ok && buffer_append_varint(out, members[i]->size);
        ok = ok && buffer_append(&plain, members[i]->data, members[i]->size);
    }
    ok = ok && (!edited || append_edits(edits, &plain, edits_sizes));
    for (size_t i = 0; ok && edited && i < EDITS_COUNT; i++)
        ok = buffer_append_varint(out, edits_sizes[i]);
    if (ok && edits_sizes[0] + edits_sizes[1] + edits_sizes[2] > EDITS_MOST) {
        buffer_free(&plain);
        return error_set(XUNZI_ERROR_LIMIT, "the document needs more mending than can be kept");
    }
    uLongf deflated = compressBound((uLong)plain.size);
    ok = ok && buffer_reserve(out, deflated);
    if (ok) {
        const char *data = plain.data ? plain.data : "";
        ok = compress2((Bytef *)out->data + out->size, &deflated, (const Bytef *)data, (uLong)plain.size,
                       Z_DEFAULT_COMPRESSION) == Z_OK;
        out->size += deflated;
    }
    buffer_free(&plain);
    return ok ? XUNZI_OK : error_no_memory();
}

static bool read_varint(const char *data, size_t size, size_t *at, uint64_t *value) {
    *value = 0;
    for (unsigned shift = 0; shift < 35 && *at < size; shift += 7) {
        unsigned char byte = (unsigned char)data[(*at)++];
        *value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

/* Reads the edits, which lie behind the members in storage. */
static xunzi_status read_edits(const char *data, const uint64_t sizes[EDITS_COUNT], const xunzi_document *document,
                               struct document_edits *edits) {
    struct edits *const lists[EDITS_COUNT] = {&edits->title, &edits->body, &edits->source};
    const size_t texts[EDITS_COUNT] = {document->title.size, document->body.size, document->source.size};
    document_edits_clear(edits);
    for (size_t i = 0; i < EDITS_COUNT; i++) {
        xunzi_status status = sizes[i] > 0 ? edits_decode(data, sizes[i], texts[i], lists[i]) : XUNZI_OK;
        if (status != XUNZI_OK)
            return status;
        data += sizes[i];
    }
    return XUNZI_OK;
}

xunzi_status record_decode(const char *data, size_t size, struct buffer *storage, xunzi_document *document) {
    return record_decode_edited(data, size, storage, document, NULL);
}

xunzi_status record_decode_edited(const char *data, size_t size, struct buffer *storage, xunzi_document *document,
                                  struct document_edits *edits) {
    static const char *const sentence = "a stored document is damaged";
    xunzi_string *members[MEMBER_COUNT];
    uint64_t sizes[MEMBER_COUNT + EDITS_COUNT] = {0}, total = 0;
    size_t at = 1;
    list_members(document, members);
    if (size == 0 || (data[0] != RECORD_VERSION && data[0] != RECORD_VERSION_EDITED))
        return error_set(XUNZI_ERROR_CORRUPT, "%s: it is of no known layout", sentence);
    size_t count = data[0] == RECORD_VERSION ? MEMBER_COUNT : MEMBER_COUNT + EDITS_COUNT;
    for (size_t i = 0; i < count; i++) {
        uint64_t most = i < MEMBER_COUNT ? XUNZI_MAX_DOCUMENT_BYTES : XUNZI_MAX_DOCUMENT_BYTES + EDITS_MOST;
        if (!read_varint(data, size, &at, &sizes[i]) || sizes[i] > most - total)
            return error_set(XUNZI_ERROR_CORRUPT, "%s: its sizes make no sense", sentence);
        total += sizes[i];
    }
    buffer_clear(storage);
    if (!buffer_reserve(storage, total + 1))
        return error_no_memory();
    uLongf inflated = (uLongf)total + 1; /* room for a byte too many, so that one is noticed */
    int result = uncompress((Bytef *)storage->data, &inflated, (const Bytef *)data + at, (uLong)(size - at));
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
    return edits ? read_edits(next, sizes + MEMBER_COUNT, document, edits) : XUNZI_OK;
}
