/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that is freed all at once: for trees and results whose parts live equally long.
 * Zero-initialised is empty. */
#ifndef XUNZI_BASE_ARENA_H
#define XUNZI_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks;
    size_t used; /* of the newest block */
};

/* `size` bytes of zeroes, aligned for anything; NULL: no memory. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy of size bytes with a NUL behind, not counted; NULL: no memory. */
char *arena_copy(struct arena *arena, const void *data, size_t size);

void arena_free(struct arena *arena);

#endif
