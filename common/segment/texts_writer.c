/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing stored documents. zlib's format, by libdeflate: twice to three times as fast. */
#include "segment/texts.h"

#include <errno.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"

/* Blocks are deflated so many at once, or fewer where they are large. */
enum { LEVEL = 1, SPOOL_SIZE = 1 << 20, WINDOW = 32, WINDOW_BYTES = 2 << 20, KEPT_BYTES = 1 << 18 };

/* A record in the spool. */
struct spooled {
    uint64_t likeness;
    uint64_t begin;
    uint32_t size;
    uint32_t number;
};

/* A block on its way to the sink. */
struct block {
    struct buffer plain, deflated; /* deflated.size 0: no memory */
    uint32_t first;                /* place */
    struct libdeflate_compressor *compressor;
};

struct texts_writer {
    int spool;
    struct buffer waiting; /* for the spool */
    uint64_t spooled;      /* bytes in it */
    struct spooled *records;
    size_t count, capacity;

    texts_sink *sink;
    void *sink_context;
    struct task_runner *runner;
    struct block blocks[WINDOW];
    size_t open;         /* the block that records go to */
    size_t window_bytes; /* plain, of all blocks */
    uint32_t *numbers;   /* by place */
    size_t places, numbers_capacity;
    uint64_t written; /* bytes handed out */
    struct buffer index;
};

xunzi_status texts_writer_new(int spool, texts_sink *sink, void *context,
                              struct texts_writer **out) {
    struct texts_writer *writer = *out = calloc(1, sizeof *writer);
    if (!writer) {
        close(spool);
        return error_no_memory();
    }
    writer->spool = spool;
    writer->sink = sink;
    writer->sink_context = context;
    return XUNZI_OK;
}

void texts_writer_free(struct texts_writer *writer) {
    if (!writer)
        return;
    close(writer->spool);
    for (size_t b = 0; b < WINDOW; b++) {
        buffer_free(&writer->blocks[b].plain);
        buffer_free(&writer->blocks[b].deflated);
        if (writer->blocks[b].compressor)
            libdeflate_free_compressor(writer->blocks[b].compressor);
    }
    buffer_free(&writer->waiting);
    buffer_free(&writer->index);
    free(writer->records);
    free(writer->numbers);
    free(writer);
}

void texts_share(struct texts_writer *writer, struct task_runner *runner) {
    writer->runner = runner;
}

/* ---- the spool ---- */

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

xunzi_status texts_add(struct texts_writer *writer, const char *record, size_t size,
                       uint64_t likeness) {
    struct buffer *out = &writer->waiting;
    if (!array_reserve(&writer->records, &writer->capacity, writer->count + 1,
                       sizeof *writer->records) ||
        !buffer_append(out, record, size))
        return error_no_memory();
    writer->records[writer->count] = (struct spooled){likeness, writer->spooled + out->size - size,
                                                      (uint32_t)size, (uint32_t)writer->count};
    writer->count++;
    return out->size >= SPOOL_SIZE ? spool_out(writer) : XUNZI_OK;
}

/* ---- blocks ---- */

static void deflate_block(void *context, size_t i) {
    struct block *block = &((struct texts_writer *)context)->blocks[i];
    if (!block->compressor)
        block->compressor = libdeflate_alloc_compressor(LEVEL);
    buffer_clear(&block->deflated);
    if (!block->compressor)
        return;
    size_t bound = libdeflate_zlib_compress_bound(block->compressor, block->plain.size);
    if (buffer_reserve(&block->deflated, bound))
        block->deflated.size = libdeflate_zlib_compress(
            block->compressor, block->plain.data, block->plain.size, block->deflated.data, bound);
}

static bool append_row(struct texts_writer *writer, uint32_t first, uint32_t size) {
    return buffer_append(&writer->index, &writer->written, 8) &&
           buffer_append(&writer->index, &first, 4) && buffer_append(&writer->index, &size, 4);
}

static void empty(struct buffer *buffer) {
    if (buffer->capacity > KEPT_BYTES)
        buffer_free(buffer);
    else
        buffer_clear(buffer);
}

/* Deflates the blocks of the window and hands them out. */
static xunzi_status write_window(struct texts_writer *writer) {
    size_t count = writer->open < WINDOW && writer->blocks[writer->open].plain.size > 0
                       ? writer->open + 1
                       : writer->open;
    xunzi_status status = XUNZI_OK;
    tasks_run(writer->runner, count, deflate_block, writer);
    for (size_t b = 0; b < count; b++) {
        struct block *block = &writer->blocks[b];
        if (status == XUNZI_OK && (block->deflated.size == 0 ||
                                   !append_row(writer, block->first, (uint32_t)block->plain.size)))
            status = error_no_memory();
        if (status == XUNZI_OK)
            status = writer->sink(writer->sink_context, block->deflated.data, block->deflated.size);
        writer->written += block->deflated.size;
        empty(&block->plain);
        empty(&block->deflated);
    }
    writer->open = writer->window_bytes = 0;
    return status;
}

xunzi_status texts_place(struct texts_writer *writer, uint32_t number, const char *record,
                         size_t size) {
    struct block *block = &writer->blocks[writer->open];
    if (block->plain.size == 0)
        block->first = (uint32_t)writer->places;
    if (!array_reserve(&writer->numbers, &writer->numbers_capacity, writer->places + 1,
                       sizeof *writer->numbers) ||
        !buffer_append(&block->plain, record, size))
        return error_no_memory();
    writer->numbers[writer->places++] = number;
    writer->window_bytes += size;
    if (block->plain.size < TEXTS_BLOCK)
        return XUNZI_OK;
    writer->open++;
    return writer->open == WINDOW || writer->window_bytes >= WINDOW_BYTES ? write_window(writer)
                                                                          : XUNZI_OK;
}

static int by_likeness(const void *a, const void *b) {
    const struct spooled *left = a, *right = b;
    if (left->likeness != right->likeness)
        return left->likeness < right->likeness ? -1 : 1;
    return (left->number > right->number) - (left->number < right->number);
}

/* Places what is in the spool. */
static xunzi_status place_spooled(struct texts_writer *writer) {
    xunzi_status status = spool_out(writer);
    if (status != XUNZI_OK || writer->count == 0)
        return status;
    char *spool = mmap(NULL, writer->spooled, PROT_READ, MAP_PRIVATE, writer->spool, 0);
    if (spool == MAP_FAILED)
        return error_set_errno(errno, "the documents of a segment cannot be read back");
    qsort(writer->records, writer->count, sizeof *writer->records, by_likeness);
    for (size_t i = 0; i < writer->count && status == XUNZI_OK; i++) {
        const struct spooled *record = &writer->records[i];
        status = texts_place(writer, record->number, spool + record->begin, record->size);
    }
    munmap(spool, writer->spooled);
    return status;
}

xunzi_status texts_finish(struct texts_writer *writer, const struct buffer **index) {
    *index = &writer->index;
    xunzi_status status = place_spooled(writer);
    if (status == XUNZI_OK)
        status = write_window(writer);
    if (status != XUNZI_OK)
        return status;
    if (!append_row(writer, (uint32_t)writer->places, 0) ||
        !buffer_reserve(&writer->index, 4 * writer->places))
        return error_no_memory();
    for (size_t place = 0; place < writer->places; place++) {
        uint32_t number = (uint32_t)place;
        memcpy(writer->index.data + writer->index.size + 4 * (size_t)writer->numbers[place],
               &number, 4);
    }
    writer->index.size += 4 * writer->places;
    return XUNZI_OK;
}
