/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Documents as records, and back; texts.h has the layout. */
#include "segment/texts.h"

#include "base/error.h"
#include "segment/text_code.h"

/* A size takes at most so many bytes. */
enum { SIZE_MOST = 5 };

static void list_members(xunzi_document *document, xunzi_string *members[TEXTS_EDITS]) {
    xunzi_string *all[TEXTS_EDITS] = {&document->id,   &document->title,  &document->body,
                                      &document->date, &document->source, &document->url,
                                      &document->extra};
    memcpy(members, all, sizeof all);
}

/* Writes the sizes into the room that was kept for them at `begin`, SIZE_MOST bytes for each, and
 * moves what stands behind it up to them. */
static void fill_head(struct buffer *record, size_t begin, const size_t *sizes, size_t count) {
    char *head = record->data + begin, *at = head;
    const char *rest = head + count * SIZE_MOST;
    for (size_t i = 0; i < count; i++) {
        size_t size = sizes[i];
        for (; size >= 0x80; size >>= 7)
            *at++ = (char)(size | 0x80);
        *at++ = (char)size;
    }
    memmove(at, rest, (size_t)(record->data + record->size - rest));
    record->size -= (size_t)(rest - at);
}

/* Reads sizes from the beginning of data, *used bytes of it. False: they are none, or together more
 * than what is left of `room`. */
static bool read_sizes(const char *data, size_t room, size_t count, size_t *sizes, size_t *used,
                       size_t *total) {
    const uint8_t *at = (const uint8_t *)data, *end = at + room;
    *total = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t size;
        if (!varint_read(&at, end, SIZE_MOST, &size))
            return false;
        sizes[i] = (size_t)size;
        *total += sizes[i];
    }
    *used = room - (size_t)(end - at);
    return *total <= (size_t)(end - at);
}

bool texts_head_read(const char *data, size_t room, struct texts_head *head) {
    size_t total;
    if (!read_sizes(data, room, TEXTS_MEMBERS, head->sizes, &head->size, &total))
        return false;
    head->record = head->size + total;
    return true;
}

/* The least hash over all stretches of eight bytes that begin with a two-byte character: four
 * characters, mostly. */
static uint64_t likeness_of(const char *code, size_t size) {
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i + 8 <= size;) {
        uint64_t stretch;
        memcpy(&stretch, code + i, 8);
        if (!(stretch & 0x80)) {
            i++;
            continue;
        }
        uint64_t hash = stretch * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
        hash *= UINT64_C(0xD6E8FEB86659FD93);
        least = hash < least ? hash : least;
        i += 2;
    }
    return least;
}

bool texts_likeness(const char *record, size_t size, uint64_t *likeness) {
    struct texts_head head;
    if (!texts_head_read(record, size, &head) || head.record != size)
        return false;
    *likeness = likeness_of(record + head.size, size - head.size - head.sizes[TEXTS_EDITS]);
    return true;
}

/* Appends the member of edits: nothing where there are none. */
static xunzi_status append_edits(const struct document_edits *edits, struct buffer *record) {
    size_t sizes[DOCUMENT_EDITS_LISTS], begin = record->size,
                                        room = sizeof sizes / sizeof *sizes * SIZE_MOST;
    if (!edits || (edits->title.count == 0 && edits->body.count == 0 && edits->source.count == 0))
        return XUNZI_OK;
    if (!buffer_reserve(record, room))
        return error_no_memory();
    record->size += room;
    xunzi_status status = document_edits_encode(edits, record, sizes);
    if (status != XUNZI_OK)
        return status;
    fill_head(record, begin, sizes, DOCUMENT_EDITS_LISTS);
    return XUNZI_OK;
}

xunzi_status texts_encode(const xunzi_document *document, const struct document_edits *edits,
                          struct buffer *record, uint64_t *likeness) {
    xunzi_document copy = *document;
    xunzi_string *members[TEXTS_EDITS];
    size_t sizes[TEXTS_MEMBERS], begin = record->size, room = (size_t)TEXTS_MEMBERS * SIZE_MOST;
    list_members(&copy, members);
    if (!buffer_reserve(record, room)) /* for the sizes, which are known only then */
        return error_no_memory();
    record->size += room;
    xunzi_status status = XUNZI_OK;
    for (size_t m = 0; m < TEXTS_EDITS && status == XUNZI_OK; m++) {
        size_t before = record->size;
        if (members[m]->size > 0 && !text_code_append(record, members[m]->data, members[m]->size))
            status = error_no_memory();
        sizes[m] = record->size - before;
    }
    size_t code_end = record->size;
    if (status == XUNZI_OK)
        status = append_edits(edits, record);
    if (status != XUNZI_OK) {
        record->size = begin;
        return status;
    }
    sizes[TEXTS_EDITS] = record->size - code_end;
    *likeness = likeness_of(record->data + begin + room, code_end - begin - room);
    fill_head(record, begin, sizes, TEXTS_MEMBERS);
    return XUNZI_OK;
}

static xunzi_status no_record(void) {
    return error_set(XUNZI_ERROR_CORRUPT, "a stored document is damaged");
}

static xunzi_status decode_edits(const char *data, size_t size, const xunzi_document *document,
                                 struct document_edits *edits) {
    size_t sizes[DOCUMENT_EDITS_LISTS], used, total;
    document_edits_clear(edits);
    if (size == 0)
        return XUNZI_OK;
    if (!read_sizes(data, size, DOCUMENT_EDITS_LISTS, sizes, &used, &total) || used + total != size)
        return no_record();
    return document_edits_decode(data + used, sizes, document, edits);
}

xunzi_status texts_decode(const char *record, size_t size, struct buffer *storage,
                          xunzi_document *document, struct document_edits *edits) {
    struct texts_head head;
    size_t ends[TEXTS_EDITS];
    xunzi_string *members[TEXTS_EDITS];
    if (!texts_head_read(record, size, &head) || head.record != size)
        return no_record();
    buffer_clear(storage);
    if (!buffer_reserve(storage, 2 * size + 4)) /* so that no member moves those before it */
        return error_no_memory();
    const char *at = record + head.size;
    for (size_t m = 0; m < TEXTS_EDITS; m++) {
        if (!text_code_read(storage, at, head.sizes[m]))
            return no_record();
        ends[m] = storage->size;
        at += head.sizes[m];
    }
    list_members(document, members);
    for (size_t m = 0; m < TEXTS_EDITS; m++) {
        size_t begin = m > 0 ? ends[m - 1] : 0;
        *members[m] = (xunzi_string){storage->data + begin, ends[m] - begin};
    }
    return edits ? decode_edits(at, head.sizes[TEXTS_EDITS], document, edits) : XUNZI_OK;
}
