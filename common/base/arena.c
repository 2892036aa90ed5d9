/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arenas: a list of blocks, the newest first, filled from its beginning. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 16384, ALIGNMENT = _Alignof(max_align_t) };

struct arena_block {
    struct arena_block *older;
    size_t size;
    _Alignas(max_align_t) char bytes[];
};

void *arena_alloc(struct arena *arena, size_t size) {
    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (!arena->blocks || arena->blocks->size - arena->used < size) {
        size_t block_size = size > BLOCK_SIZE ? size : BLOCK_SIZE;
        struct arena_block *block = malloc(sizeof *block + block_size);
        if (!block)
            return NULL;
        block->older = arena->blocks;
        block->size = block_size;
        arena->blocks = block;
        arena->used = 0;
    }
    void *result = arena->blocks->bytes + arena->used;
    arena->used += size;
    memset(result, 0, size);
    return result;
}

char *arena_copy(struct arena *arena, const void *data, size_t size) {
    char *copy = size < SIZE_MAX ? arena_alloc(arena, size + 1) : NULL;
    if (copy && size > 0)
        memcpy(copy, data, size);
    return copy;
}

void arena_free(struct arena *arena) {
    while (arena->blocks) {
        struct arena_block *older = arena->blocks->older;
        free(arena->blocks);
        arena->blocks = older;
    }
    *arena = (struct arena){0};
}
