/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Many streams of bytes that grow at their ends by a few bytes at a time, in one pool.
 *
 * A stream is a chain of chunks, each with the address of the next one in its last four bytes.
 * Chunks grow with the stream, so that about a sixth of the pool is not used, whatever the streams'
 * sizes. Addresses in the pool have 32 bits: it holds up to 4 GiB, of which the system gives what
 * is written.
 */
#ifndef XUNZI_INDEXER_STREAMS_H
#define XUNZI_INDEXER_STREAMS_H

#include <stdatomic.h>
#include <string.h>
#include <xunzi/xunzi.h>

struct stream_pool {
    uint8_t *bytes;
    size_t size;
    atomic_size_t used;
};

xunzi_status stream_pool_open(struct stream_pool *pool);
void stream_pool_close(struct stream_pool *pool);

/* Forgets all streams and gives the memory back. */
void stream_pool_clear(struct stream_pool *pool);

/* A part of the pool that one thread at a time makes chunks in. Zero-initialised is empty. */
struct stream_room {
    struct stream_pool *pool;
    uint32_t at, end;
};

/* A number of bytes, a multiple of 16, aligned likewise; 0: the pool is full. */
uint32_t stream_room_take(struct stream_room *room, uint32_t size);

enum { STREAM_CHUNK_ALIGNMENT = 16, STREAM_LINK = 4, STREAM_LEVELS = 16, STREAM_APPEND_MOST = 8 };

extern const uint16_t stream_chunk_sizes[STREAM_LEVELS];

/* Where the next byte goes, and the chunk's last 16 bytes, the chunk's level in the low four bits.
 */
struct stream {
    uint32_t tail, last;
};

static inline uint32_t stream_link(uint32_t last) {
    return (last | (STREAM_CHUNK_ALIGNMENT - 1)) - (STREAM_LINK - 1);
}

/* Begins a stream with a chunk at `head`, of stream_chunk_sizes[0] bytes. */
static inline void stream_begin(struct stream *stream, uint32_t head) {
    stream->tail = head;
    stream->last = head + stream_chunk_sizes[0] - STREAM_CHUNK_ALIGNMENT;
}

/* The same as stream_append, at the end of a chunk. */
bool stream_append_across(struct stream_room *room, struct stream *stream, uint64_t bytes,
                          unsigned count);

/* Appends the `count` low bytes, at most STREAM_APPEND_MOST. False: the pool is full. */
static inline bool stream_append(struct stream_room *room, struct stream *stream, uint64_t bytes,
                                 unsigned count) {
    uint32_t left = stream_link(stream->last) - stream->tail;
    /* What is written beyond the chunk's bytes is its own link, which is not set yet. */
    if (count <= left && left >= STREAM_APPEND_MOST - STREAM_LINK) {
        memcpy(room->pool->bytes + stream->tail, &bytes, STREAM_APPEND_MOST);
        stream->tail += count;
        return true;
    }
    return stream_append_across(room, stream, bytes, count);
}

/* number in LEB128, as the low bytes of *bytes; returns how many: at most 5. */
static inline unsigned stream_number(uint32_t number, uint64_t *bytes) {
    if (number < 0x80) {
        *bytes = number;
        return 1;
    }
    *bytes = 0;
    unsigned count = 0;
    for (; number >= 0x80; number >>= 7)
        *bytes |= (uint64_t)((number & 0x7F) | 0x80) << (8 * count++);
    *bytes |= (uint64_t)number << (8 * count++);
    return count;
}

/* The same of a number below 2^14, without a branch. */
static inline unsigned stream_short_number(uint32_t number, uint64_t *bytes) {
    unsigned two = number >= 0x80;
    *bytes = (number & 0x7F) | (uint64_t)two << 7 | (uint64_t)(number >> 7) << 8;
    return 1 + two;
}

struct stream_reader {
    const uint8_t *pool;
    uint32_t at, link, tail;
    unsigned level;
};

static inline struct stream_reader stream_read(const struct stream_pool *pool, uint32_t head,
                                               const struct stream *stream) {
    return (struct stream_reader){pool->bytes, head, head + stream_chunk_sizes[0] - STREAM_LINK,
                                  stream->tail, 0};
}

static inline bool stream_at_end(const struct stream_reader *reader) {
    return reader->at == reader->tail;
}

/* Moves to the next chunk. */
static inline void stream_follow(struct stream_reader *reader) {
    memcpy(&reader->at, reader->pool + reader->link, STREAM_LINK);
    reader->level += reader->level + 1 < STREAM_LEVELS;
    reader->link = reader->at + stream_chunk_sizes[reader->level] - STREAM_LINK;
    __builtin_prefetch(reader->pool + reader->link);
}

static inline uint8_t stream_next_byte(struct stream_reader *reader) {
    if (reader->at == reader->link)
        stream_follow(reader);
    return reader->pool[reader->at++];
}

/* The number that stands next, anywhere in the stream. */
static inline uint32_t stream_next_across(struct stream_reader *reader) {
    uint32_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
        uint8_t byte = stream_next_byte(reader);
        number |= (uint32_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return number;
    }
}

/* The number that stands next. */
static inline uint32_t stream_next_number(struct stream_reader *reader) {
    if (reader->link - reader->at < 5)
        return stream_next_across(reader);
    const uint8_t *at = reader->pool + reader->at; /* all of it is in this chunk */
    uint32_t first = at[0], second = at[1], two = first >> 7;
    if (!(first & second & 0x80)) { /* one byte or two: see append_two in inverter.c */
        reader->at += 1 + two;
        return (first & 0x7F) | (second & (0u - two)) << 7;
    }
    uint32_t number = (first & 0x7F) | (second & 0x7F) << 7;
    unsigned count = 2;
    for (; at[count] >= 0x80; count++)
        number |= (uint32_t)(at[count] & 0x7F) << (7 * count);
    number |= (uint32_t)at[count] << (7 * count);
    reader->at += count + 1;
    return number;
}

#endif
