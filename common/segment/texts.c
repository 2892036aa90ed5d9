/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading stored documents. */
#include "segment/texts.h"

#include <libdeflate.h>
#include <stdlib.h>

#include "base/error.h"

/* A block inflates to at most so much: one that lacks a byte, and the largest record behind it. */
#define BLOCK_MOST \
    (TEXTS_BLOCK + 128 + (size_t)XUNZI_MAX_DOCUMENT_BYTES / 3 * 4 + DOCUMENT_EDITS_MOST)

struct row {
    uint64_t begin;
    uint32_t first, size;
};

static struct row row_at(const struct segment *segment, size_t i) {
    const uint8_t *at = segment_section(segment, SEGMENT_TEXT_INDEX) + i * TEXTS_ROW;
    struct row row;
    memcpy(&row.begin, at, 8);
    memcpy(&row.first, at + 8, 4);
    memcpy(&row.size, at + 12, 4);
    return row;
}

void texts_reader_free(struct texts_reader *reader) {
    if (reader->decompressor)
        libdeflate_free_decompressor(reader->decompressor);
    buffer_free(&reader->block);
    buffer_free(&reader->members);
    *reader = (struct texts_reader){0};
}

/* Of a document that cannot be read: the reader begins anew. */
static xunzi_status damaged(struct texts_reader *reader, const struct segment *segment,
                            uint32_t number) {
    reader->segment = NULL;
    return error_set(XUNZI_ERROR_CORRUPT, "%s is damaged: document %u cannot be read",
                     segment->path, (unsigned)number);
}

/* Rows of the index: what its size leaves for them; 0 where it leaves no whole number of two or
 * more. */
static size_t row_count(const struct segment *segment) {
    uint64_t size = segment->header.sections[SEGMENT_TEXT_INDEX].size;
    uint64_t places = 4 * (uint64_t)segment->header.documents;
    return size >= places + 2 * TEXTS_ROW && (size - places) % TEXTS_ROW == 0
               ? (size - places) / TEXTS_ROW
               : 0;
}

bool texts_place_of(const struct segment *segment, uint32_t number, uint32_t *place) {
    size_t rows = row_count(segment);
    if (rows == 0)
        return false;
    memcpy(place,
           segment_section(segment, SEGMENT_TEXT_INDEX) + rows * TEXTS_ROW + 4 * (size_t)number, 4);
    return true;
}

/* Inflates block b; `number` is the document's that asks, for the sentence. */
static xunzi_status load_block(struct texts_reader *reader, const struct segment *segment, size_t b,
                               uint32_t number) {
    struct row row = row_at(segment, b), behind = row_at(segment, b + 1);
    reader->segment = NULL;
    if (behind.first <= row.first || behind.begin < row.begin ||
        behind.begin > segment->header.sections[SEGMENT_TEXTS].size || row.size > BLOCK_MOST)
        return damaged(reader, segment, number);
    if (!reader->decompressor)
        reader->decompressor = libdeflate_alloc_decompressor();
    buffer_clear(&reader->block);
    if (!reader->decompressor || !buffer_reserve(&reader->block, (size_t)row.size + 1))
        return error_no_memory();
    size_t size = behind.begin - row.begin, used = 0;
    if (libdeflate_zlib_decompress_ex(
            reader->decompressor, segment_section(segment, SEGMENT_TEXTS) + row.begin, size,
            reader->block.data, row.size, &used, NULL) != LIBDEFLATE_SUCCESS ||
        used != size)
        return damaged(reader, segment, number);
    reader->block.size = row.size;
    reader->segment = segment;
    reader->first = reader->next = row.first;
    reader->behind = behind.first;
    reader->at = 0;
    return XUNZI_OK;
}

/* The last block whose first place is not behind `place`. */
static size_t find_block(const struct segment *segment, uint32_t place) {
    size_t low = 0;
    for (size_t high = row_count(segment) - 2; low < high;) {
        size_t middle = low + (high - low + 1) / 2;
        if (row_at(segment, middle).first <= place)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

xunzi_status texts_read_record(struct texts_reader *reader, const struct segment *segment,
                               uint32_t number, const char **record, size_t *size) {
    struct texts_head head;
    uint32_t place;
    if (!texts_place_of(segment, number, &place))
        return damaged(reader, segment, number);
    if (reader->segment != segment || place < reader->first || place >= reader->behind) {
        xunzi_status status = load_block(reader, segment, find_block(segment, place), number);
        if (status != XUNZI_OK)
            return status;
        if (place < reader->first || place >= reader->behind)
            return damaged(reader, segment, number);
    }
    if (place < reader->next) {
        reader->next = reader->first;
        reader->at = 0;
    }
    for (;;) {
        if (!texts_head_read(reader->block.data + reader->at, reader->block.size - reader->at,
                             &head))
            return damaged(reader, segment, number);
        *record = reader->block.data + reader->at;
        reader->at += head.record;
        if (reader->next++ == place)
            break;
    }
    *size = head.record;
    return XUNZI_OK;
}

xunzi_status texts_read(struct texts_reader *reader, const struct segment *segment, uint32_t number,
                        xunzi_document *document, struct document_edits *edits) {
    const char *record;
    size_t size;
    xunzi_status status = texts_read_record(reader, segment, number, &record, &size);
    if (status == XUNZI_OK)
        status = texts_decode(record, size, &reader->members, document, edits);
    return status == XUNZI_ERROR_CORRUPT ? damaged(reader, segment, number) : status;
}

/* ---- verifying ---- */

struct verification {
    struct texts_reader reader;
    uint32_t *numbers; /* by place; UINT32_MAX: not known yet */
    struct document_edits edits;
    uint64_t likeness; /* of the record before */
    texts_visitor *visit;
    void *context;
};

static xunzi_status no_index(const struct segment *segment) {
    return error_set(XUNZI_ERROR_CORRUPT, "%s is damaged: its text index makes no sense",
                     segment->path);
}

static xunzi_status verify_index(const struct segment *segment, struct verification *verification) {
    uint32_t documents = segment->header.documents, place;
    size_t rows = row_count(segment);
    if (rows == 0 || row_at(segment, 0).begin != 0 || row_at(segment, 0).first != 0)
        return no_index(segment);
    struct row last = row_at(segment, rows - 1);
    if (last.begin != segment->header.sections[SEGMENT_TEXTS].size || last.first != documents ||
        last.size != 0)
        return no_index(segment);
    for (uint32_t d = 0; d < documents; d++)
        verification->numbers[d] = UINT32_MAX;
    for (uint32_t d = 0; d < documents; d++) {
        texts_place_of(segment, d, &place);
        if (place >= documents || verification->numbers[place] != UINT32_MAX)
            return no_index(segment);
        verification->numbers[place] = d;
    }
    return XUNZI_OK;
}

static xunzi_status verify_record(const struct segment *segment, struct verification *verification,
                                  uint32_t place) {
    uint32_t number = verification->numbers[place];
    uint64_t likeness;
    const char *record;
    size_t size;
    xunzi_document document;
    struct texts_reader *reader = &verification->reader;
    xunzi_status status = texts_read_record(reader, segment, number, &record, &size);
    if (status == XUNZI_OK)
        status = texts_decode(record, size, &reader->members, &document, &verification->edits);
    if (status != XUNZI_OK)
        return status == XUNZI_ERROR_CORRUPT ? damaged(reader, segment, number) : status;
    if (!texts_likeness(record, size, &likeness) || likeness < verification->likeness ||
        (place > 0 && likeness == verification->likeness &&
         number < verification->numbers[place - 1]))
        return error_set(XUNZI_ERROR_CORRUPT,
                         "%s is damaged: document %u does not stand in its place", segment->path,
                         (unsigned)number);
    verification->likeness = likeness;
    return verification->visit(verification->context, number, &document, &verification->edits);
}

static xunzi_status verify_blocks(const struct segment *segment,
                                  struct verification *verification) {
    xunzi_status status = XUNZI_OK;
    struct texts_reader *reader = &verification->reader;
    for (size_t b = 0; b + 1 < row_count(segment) && status == XUNZI_OK; b++) {
        struct row row = row_at(segment, b), behind = row_at(segment, b + 1);
        if (behind.first <= row.first || behind.first > segment->header.documents)
            return no_index(segment);
        for (uint32_t place = row.first; place < behind.first && status == XUNZI_OK; place++)
            status = verify_record(segment, verification, place);
        if (status == XUNZI_OK && reader->at != reader->block.size)
            status =
                error_set(XUNZI_ERROR_CORRUPT,
                          "%s is damaged: there is something behind the last document of a block",
                          segment->path);
    }
    return status;
}

xunzi_status texts_verify(const struct segment *segment, texts_visitor *visit, void *context) {
    struct verification verification = {.visit = visit, .context = context};
    verification.numbers = malloc(segment->header.documents * sizeof *verification.numbers);
    xunzi_status status =
        verification.numbers ? verify_index(segment, &verification) : error_no_memory();
    if (status == XUNZI_OK)
        status = verify_blocks(segment, &verification);
    texts_reader_free(&verification.reader);
    document_edits_free(&verification.edits);
    free(verification.numbers);
    return status;
}
