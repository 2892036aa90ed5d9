/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing and reading stored documents. zlib's format, by libdeflate: twice to three times as fast. */
#include "segment/texts.h"

#include <libdeflate.h>

#include "base/error.h"
#include "segment/text_code.h"

enum { MEMBERS = 7, LEVEL = 1, BLOCK_MOST = 4 * (XUNZI_MAX_DOCUMENT_BYTES / 3) + TEXTS_BLOCK + 128 };

static void list_members(xunzi_document *document, xunzi_string *members[MEMBERS]) {
    xunzi_string *all[MEMBERS] = {&document->id,     &document->title, &document->body, &document->date,
                                  &document->source, &document->url,   &document->extra};
    memcpy(members, all, sizeof all);
}

xunzi_status texts_writer_begin(struct texts_writer *writer) {
    *writer = (struct texts_writer){.compressor = libdeflate_alloc_compressor(LEVEL)};
    return writer->compressor ? XUNZI_OK : error_no_memory();
}

void texts_writer_free(struct texts_writer *writer) {
    if (writer->compressor)
        libdeflate_free_compressor(writer->compressor);
    buffer_free(&writer->block);
    buffer_free(&writer->index);
    buffer_free(&writer->deflated);
}

static bool append_row(struct texts_writer *writer, uint32_t first, uint32_t size) {
    return buffer_append(&writer->index, &writer->written, 8) && buffer_append(&writer->index, &first, 4) &&
           buffer_append(&writer->index, &size, 4);
}

static xunzi_status deflate_block(struct texts_writer *writer) {
    size_t bound = libdeflate_zlib_compress_bound(writer->compressor, writer->block.size);
    if (!buffer_reserve(&writer->deflated, bound) ||
        !append_row(writer, writer->first_in_block, (uint32_t)writer->block.size))
        return error_no_memory();
    size_t size = libdeflate_zlib_compress(writer->compressor, writer->block.data, writer->block.size,
                                           writer->deflated.data + writer->deflated.size, bound);
    writer->deflated.size += size;
    writer->written += size;
    writer->first_in_block = writer->documents;
    buffer_clear(&writer->block);
    return XUNZI_OK;
}

xunzi_status texts_add(struct texts_writer *writer, const xunzi_document *document) {
    xunzi_document copy = *document;
    xunzi_string *members[MEMBERS];
    list_members(&copy, members);
    /* The members are written where the sizes will be known only then: seven sizes of at most five bytes are kept free. */
    struct buffer *block = &writer->block;
    size_t begin = block->size, room = MEMBERS * 5, sizes[MEMBERS];
    bool ok = buffer_reserve(block, room);
    block->size += ok ? room : 0;
    for (size_t m = 0; m < MEMBERS && ok; m++) {
        size_t before = block->size;
        ok = members[m]->size == 0 || text_code_append(block, members[m]->data, members[m]->size);
        sizes[m] = block->size - before;
    }
    struct buffer head = {0};
    for (size_t m = 0; m < MEMBERS && ok; m++)
        ok = buffer_append_varint(&head, sizes[m]);
    if (ok) {
        memmove(block->data + begin + head.size, block->data + begin + room, block->size - begin - room);
        memcpy(block->data + begin, head.data, head.size);
        block->size -= room - head.size;
    }
    buffer_free(&head);
    if (!ok)
        return error_no_memory();
    writer->documents++;
    return block->size >= TEXTS_BLOCK ? deflate_block(writer) : XUNZI_OK;
}

xunzi_status texts_finish(struct texts_writer *writer) {
    xunzi_status status = writer->block.size > 0 ? deflate_block(writer) : XUNZI_OK;
    if (status == XUNZI_OK && !append_row(writer, writer->documents, 0))
        status = error_no_memory();
    return status;
}

/* ---- reading ---- */

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
    buffer_free(&reader->member);
    *reader = (struct texts_reader){0};
}

static xunzi_status damaged(const struct segment *segment, uint32_t number) {
    return error_set(XUNZI_ERROR_CORRUPT, "%s is damaged: document %u cannot be read", segment->path, (unsigned)number);
}

/* Inflates the block that holds a document. */
static xunzi_status load_block(struct texts_reader *reader, const struct segment *segment, uint32_t number) {
    size_t rows = segment->header.sections[SEGMENT_TEXT_INDEX].size / TEXTS_ROW, low = 0;
    reader->segment = NULL;
    if (rows < 2)
        return damaged(segment, number);
    for (size_t high = rows - 2; low < high;) { /* the last block whose first document is not behind this one */
        size_t middle = low + (high - low + 1) / 2;
        if (row_at(segment, middle).first <= number)
            low = middle;
        else
            high = middle - 1;
    }
    struct row row = row_at(segment, low), behind = row_at(segment, low + 1);
    if (row.first > number || behind.first <= number || behind.begin < row.begin ||
        behind.begin > segment->header.sections[SEGMENT_TEXTS].size || row.size > BLOCK_MOST)
        return damaged(segment, number);
    if (!reader->decompressor)
        reader->decompressor = libdeflate_alloc_decompressor();
    buffer_clear(&reader->block);
    if (!reader->decompressor || !buffer_reserve(&reader->block, (size_t)row.size + 1))
        return error_no_memory();
    size_t inflated = 0;
    if (libdeflate_zlib_decompress(reader->decompressor, segment_section(segment, SEGMENT_TEXTS) + row.begin,
                                   behind.begin - row.begin, reader->block.data, row.size,
                                   &inflated) != LIBDEFLATE_SUCCESS ||
        inflated != row.size)
        return damaged(segment, number);
    reader->block.size = row.size;
    reader->segment = segment;
    reader->first = reader->next = row.first;
    reader->behind = behind.first;
    reader->at = 0;
    return XUNZI_OK;
}

static bool read_sizes(struct texts_reader *reader, size_t sizes[MEMBERS], size_t *total) {
    *total = 0;
    for (size_t m = 0; m < MEMBERS; m++) {
        uint64_t value = 0;
        unsigned shift = 0;
        uint8_t byte;
        do {
            if (reader->at >= reader->block.size || shift > 28)
                return false;
            byte = (uint8_t)reader->block.data[reader->at++];
            value |= (uint64_t)(byte & 0x7F) << shift;
            shift += 7;
        } while (byte >= 0x80);
        sizes[m] = value;
        *total += value;
    }
    return *total <= reader->block.size - reader->at;
}

xunzi_status texts_read(struct texts_reader *reader, const struct segment *segment, uint32_t number,
                        xunzi_document *document) {
    size_t sizes[MEMBERS], ends[MEMBERS], total;
    xunzi_string *members[MEMBERS];
    if (reader->segment != segment || number < reader->first || number >= reader->behind) {
        xunzi_status status = load_block(reader, segment, number);
        if (status != XUNZI_OK)
            return status;
    }
    if (number < reader->next) {
        reader->next = reader->first;
        reader->at = 0;
    }
    for (; reader->next < number; reader->next++, reader->at += total)
        if (!read_sizes(reader, sizes, &total))
            return damaged(segment, number);
    if (!read_sizes(reader, sizes, &total))
        return damaged(segment, number);
    buffer_clear(&reader->member);
    if (!buffer_reserve(&reader->member, 2 * total + 4 * MEMBERS))
        return error_no_memory();
    for (size_t m = 0; m < MEMBERS; m++) {
        if (!text_code_read(&reader->member, reader->block.data + reader->at, sizes[m]))
            return damaged(segment, number);
        ends[m] = reader->member.size;
        reader->at += sizes[m];
    }
    reader->next = number + 1;
    list_members(document, members);
    for (size_t m = 0; m < MEMBERS; m++) {
        size_t begin = m > 0 ? ends[m - 1] : 0;
        *members[m] = (xunzi_string){reader->member.data + begin, ends[m] - begin};
    }
    return XUNZI_OK;
}
