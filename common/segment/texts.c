/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing and reading stored documents. zlib's format, by libdeflate: twice to three times as fast. */
#include "segment/texts.h"

#include <errno.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "segment/text_code.h"

enum { MEMBERS = 7, LEVEL = 1, SPOOL_SIZE = 1 << 20, BLOCK_MOST = 4 * (XUNZI_MAX_DOCUMENT_BYTES / 3) + TEXTS_BLOCK + 128 };

static void list_members(xunzi_document *document, xunzi_string *members[MEMBERS]) {
    xunzi_string *all[MEMBERS] = {&document->id,     &document->title, &document->body, &document->date,
                                  &document->source, &document->url,   &document->extra};
    memcpy(members, all, sizeof all);
}

/* A document in the spool. */
struct spooled {
    uint64_t key;
    uint64_t begin;
    uint32_t size;
    uint32_t number;
};

struct texts_writer {
    int spool;
    struct buffer waiting; /* for the spool */
    uint64_t spooled;      /* bytes in it */
    struct spooled *documents;
    size_t count, capacity;
    struct buffer block, deflated, index;
    uint64_t written; /* bytes handed out */
    struct libdeflate_compressor *compressor;
};

xunzi_status texts_writer_new(int spool, struct texts_writer **out) {
    struct texts_writer *writer = *out = calloc(1, sizeof *writer);
    if (!writer) {
        close(spool);
        return error_no_memory();
    }
    writer->spool = spool;
    writer->compressor = libdeflate_alloc_compressor(LEVEL);
    if (writer->compressor)
        return XUNZI_OK;
    texts_writer_free(writer);
    *out = NULL;
    return error_no_memory();
}

void texts_writer_free(struct texts_writer *writer) {
    if (!writer)
        return;
    close(writer->spool);
    if (writer->compressor)
        libdeflate_free_compressor(writer->compressor);
    buffer_free(&writer->waiting);
    buffer_free(&writer->block);
    buffer_free(&writer->deflated);
    buffer_free(&writer->index);
    free(writer->documents);
    free(writer);
}

/* The least hash over all stretches of eight bytes that begin with a two-byte character: four characters, mostly. */
static uint64_t likeness_key(const char *code, size_t size) {
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

static xunzi_status spool_out(struct texts_writer *writer) {
    const char *at = writer->waiting.data;
    for (size_t left = writer->waiting.size; left > 0;) {
        ssize_t written = write(writer->spool, at, left);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return error_set_errno(errno, "the documents of a segment cannot be written");
        at += written;
        left -= (size_t)written;
    }
    writer->spooled += writer->waiting.size;
    buffer_clear(&writer->waiting);
    return XUNZI_OK;
}

xunzi_status texts_add(struct texts_writer *writer, const xunzi_document *document) {
    xunzi_document copy = *document;
    xunzi_string *members[MEMBERS];
    list_members(&copy, members);
    /* The members are written where the sizes will be known only then: seven sizes of at most five bytes are kept free. */
    struct buffer *out = &writer->waiting;
    size_t begin = out->size, room = MEMBERS * 5, sizes[MEMBERS];
    bool ok = buffer_reserve(out, room) && array_reserve(&writer->documents, &writer->capacity, writer->count + 1,
                                                         sizeof *writer->documents);
    out->size += ok ? room : 0;
    for (size_t m = 0; m < MEMBERS && ok; m++) {
        size_t before = out->size;
        ok = members[m]->size == 0 || text_code_append(out, members[m]->data, members[m]->size);
        sizes[m] = out->size - before;
    }
    char head[MEMBERS * 5];
    size_t head_size = 0;
    for (size_t m = 0; m < MEMBERS && ok; m++) {
        for (; sizes[m] >= 0x80; sizes[m] >>= 7)
            head[head_size++] = (char)(sizes[m] | 0x80);
        head[head_size++] = (char)sizes[m];
    }
    if (!ok)
        return error_no_memory();
    uint64_t key = likeness_key(out->data + begin + room, out->size - begin - room);
    memmove(out->data + begin + head_size, out->data + begin + room, out->size - begin - room);
    memcpy(out->data + begin, head, head_size);
    out->size -= room - head_size;
    writer->documents[writer->count] = (struct spooled){key, writer->spooled + begin, (uint32_t)(out->size - begin),
                                                        (uint32_t)writer->count};
    writer->count++;
    return out->size >= SPOOL_SIZE ? spool_out(writer) : XUNZI_OK;
}

static int by_key(const void *a, const void *b) {
    const struct spooled *left = a, *right = b;
    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    return (left->number > right->number) - (left->number < right->number);
}

static bool append_row(struct texts_writer *writer, uint32_t first, uint32_t size) {
    return buffer_append(&writer->index, &writer->written, 8) && buffer_append(&writer->index, &first, 4) &&
           buffer_append(&writer->index, &size, 4);
}

static xunzi_status deflate_block(struct texts_writer *writer, uint32_t first, texts_sink *sink, void *context) {
    size_t bound = libdeflate_zlib_compress_bound(writer->compressor, writer->block.size);
    buffer_clear(&writer->deflated);
    if (!buffer_reserve(&writer->deflated, bound) || !append_row(writer, first, (uint32_t)writer->block.size))
        return error_no_memory();
    size_t size = libdeflate_zlib_compress(writer->compressor, writer->block.data, writer->block.size,
                                           writer->deflated.data, bound);
    writer->written += size;
    buffer_clear(&writer->block);
    return sink(context, writer->deflated.data, size);
}

/* Fills and deflates the blocks from the spool, mapped at `spool`. */
static xunzi_status write_blocks(struct texts_writer *writer, const char *spool, texts_sink *sink, void *context) {
    xunzi_status status = XUNZI_OK;
    size_t first = 0;
    for (size_t place = 0; place < writer->count && status == XUNZI_OK; place++) {
        const struct spooled *document = &writer->documents[place];
        if (!buffer_append(&writer->block, spool + document->begin, document->size))
            return error_no_memory();
        if (writer->block.size >= TEXTS_BLOCK || place + 1 == writer->count) {
            status = deflate_block(writer, (uint32_t)first, sink, context);
            first = place + 1;
        }
    }
    return status;
}

static xunzi_status append_places(struct texts_writer *writer) {
    if (!append_row(writer, (uint32_t)writer->count, 0) || !buffer_reserve(&writer->index, 4 * writer->count))
        return error_no_memory();
    for (size_t place = 0; place < writer->count; place++) {
        uint32_t number = (uint32_t)place;
        memcpy(writer->index.data + writer->index.size + 4 * (size_t)writer->documents[place].number, &number, 4);
    }
    writer->index.size += 4 * writer->count;
    return XUNZI_OK;
}

xunzi_status texts_finish(struct texts_writer *writer, texts_sink *sink, void *context, const struct buffer **index) {
    *index = &writer->index;
    xunzi_status status = spool_out(writer);
    if (status != XUNZI_OK || writer->count == 0)
        return status != XUNZI_OK ? status : append_places(writer);
    char *spool = mmap(NULL, writer->spooled, PROT_READ, MAP_PRIVATE, writer->spool, 0);
    if (spool == MAP_FAILED)
        return error_set_errno(errno, "the documents of a segment cannot be read back");
    qsort(writer->documents, writer->count, sizeof *writer->documents, by_key);
    status = write_blocks(writer, spool, sink, context);
    munmap(spool, writer->spooled);
    return status == XUNZI_OK ? append_places(writer) : status;
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

/* Rows of the index: what its size leaves for them; 0 where it leaves no whole number of two or more. */
static size_t row_count(const struct segment *segment) {
    uint64_t size = segment->header.sections[SEGMENT_TEXT_INDEX].size, places = 4 * (uint64_t)segment->header.documents;
    return size >= places + 2 * TEXTS_ROW && (size - places) % TEXTS_ROW == 0 ? (size - places) / TEXTS_ROW : 0;
}

/* Inflates the block that holds a place; `number` is the document's, for the sentence. */
static xunzi_status load_block(struct texts_reader *reader, const struct segment *segment, uint32_t place, uint32_t number) {
    size_t rows = row_count(segment), low = 0;
    reader->segment = NULL;
    for (size_t high = rows - 2; low < high;) { /* the last block whose first place is not behind this one */
        size_t middle = low + (high - low + 1) / 2;
        if (row_at(segment, middle).first <= place)
            low = middle;
        else
            high = middle - 1;
    }
    struct row row = row_at(segment, low), behind = row_at(segment, low + 1);
    if (row.first > place || behind.first <= place || behind.begin < row.begin ||
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

/* Reads the document at reader->at into reader->member. */
static xunzi_status read_members(struct texts_reader *reader, uint32_t number, xunzi_document *document) {
    size_t sizes[MEMBERS], ends[MEMBERS], total;
    xunzi_string *members[MEMBERS];
    if (!read_sizes(reader, sizes, &total))
        return damaged(reader->segment, number);
    buffer_clear(&reader->member);
    if (!buffer_reserve(&reader->member, 2 * total + 4 * MEMBERS))
        return error_no_memory();
    for (size_t m = 0; m < MEMBERS; m++) {
        if (!text_code_read(&reader->member, reader->block.data + reader->at, sizes[m]))
            return damaged(reader->segment, number);
        ends[m] = reader->member.size;
        reader->at += sizes[m];
    }
    list_members(document, members);
    for (size_t m = 0; m < MEMBERS; m++) {
        size_t begin = m > 0 ? ends[m - 1] : 0;
        *members[m] = (xunzi_string){reader->member.data + begin, ends[m] - begin};
    }
    return XUNZI_OK;
}

xunzi_status texts_read(struct texts_reader *reader, const struct segment *segment, uint32_t number,
                        xunzi_document *document) {
    size_t sizes[MEMBERS], total, rows = row_count(segment);
    uint32_t place;
    if (rows == 0)
        return damaged(segment, number);
    memcpy(&place, segment_section(segment, SEGMENT_TEXT_INDEX) + rows * TEXTS_ROW + 4 * (size_t)number, 4);
    if (reader->segment != segment || place < reader->first || place >= reader->behind) {
        xunzi_status status = load_block(reader, segment, place, number);
        if (status != XUNZI_OK)
            return status;
    }
    if (place < reader->next) {
        reader->next = reader->first;
        reader->at = 0;
    }
    for (; reader->next < place; reader->next++, reader->at += total)
        if (!read_sizes(reader, sizes, &total)) {
            reader->segment = NULL;
            return damaged(segment, number);
        }
    xunzi_status status = read_members(reader, number, document);
    reader->next = place + 1;
    if (status != XUNZI_OK)
        reader->segment = NULL;
    return status;
}
