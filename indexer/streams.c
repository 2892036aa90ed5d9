/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pool: reserved addresses, handed out in blocks. */
#include "indexer/streams.h"

#include <sys/mman.h>

#include "base/error.h"

#define POOL_MOST ((size_t)1 << 32)
#define POOL_LEAST ((size_t)1 << 26)
enum { BLOCK = 64 << 10 };

const uint16_t stream_chunk_sizes[STREAM_LEVELS] = {16,  16,  32,  32,  48,  64,   96,   128,
                                                    192, 256, 384, 512, 768, 1024, 1536, 2048};

xunzi_status stream_pool_open(struct stream_pool *pool) {
    atomic_init(&pool->used, STREAM_CHUNK_ALIGNMENT); /* address 0 is none */
    for (pool->size = POOL_MOST; pool->size >= POOL_LEAST; pool->size /= 2) {
        pool->bytes = mmap(NULL, pool->size, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (pool->bytes != MAP_FAILED) {
            (void)madvise(pool->bytes, pool->size,
                          MADV_HUGEPAGE); /* is faster where the system can */
            return XUNZI_OK;
        }
    }
    pool->bytes = NULL;
    return error_no_memory();
}

void stream_pool_close(struct stream_pool *pool) {
    if (pool->bytes)
        munmap(pool->bytes, pool->size);
    pool->bytes = NULL;
}

void stream_pool_clear(struct stream_pool *pool) {
    madvise(pool->bytes, pool->size, MADV_DONTNEED);
    atomic_store(&pool->used, STREAM_CHUNK_ALIGNMENT);
}

uint32_t stream_room_take(struct stream_room *room, uint32_t size) {
    if (room->end - room->at < size) {
        size_t begin = atomic_fetch_add(&room->pool->used, BLOCK);
        if (begin + BLOCK > room->pool->size) {
            atomic_fetch_sub(&room->pool->used, BLOCK);
            return 0;
        }
        room->at = (uint32_t)begin;
        room->end = (uint32_t)(begin + BLOCK - STREAM_CHUNK_ALIGNMENT); /* below 2^32 */
    }
    uint32_t taken = room->at;
    room->at += size;
    return taken;
}

bool stream_append_across(struct stream_room *room, struct stream *stream, uint64_t bytes,
                          unsigned count) {
    for (; count > 0; count--, bytes >>= 8) {
        uint32_t link = stream_link(stream->last);
        if (stream->tail == link) {
            unsigned level = stream->last % STREAM_CHUNK_ALIGNMENT;
            level += level + 1 < STREAM_LEVELS;
            uint32_t size = stream_chunk_sizes[level], chunk = stream_room_take(room, size);
            if (chunk == 0)
                return false;
            memcpy(room->pool->bytes + link, &chunk, STREAM_LINK);
            stream->tail = chunk;
            stream->last = (chunk + size - STREAM_CHUNK_ALIGNMENT) | level;
        }
        room->pool->bytes[stream->tail++] = (uint8_t)bytes;
    }
    return true;
}
