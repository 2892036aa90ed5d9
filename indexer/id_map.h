/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table from ids to numbers: which of the documents that wait for a commit has which id.
 * Zero-initialised is empty. */
#ifndef XUNZI_INDEXER_ID_MAP_H
#define XUNZI_INDEXER_ID_MAP_H

#include <xunzi/xunzi.h>

#include "base/buffer.h"

enum { ID_MAP_NONE = UINT32_MAX };

struct id_map_entry {
    uint64_t hash;
    uint64_t name;   /* where the id stands in names */
    uint32_t size;   /* of the id */
    uint32_t number; /* ID_MAP_NONE: it was taken out */
};

struct id_map {
    struct id_map_entry *entries; /* in the order in which ids were first put in */
    size_t count, capacity;
    uint32_t *slots; /* open addressing: an entry's index plus one, 0 where free; a power of two */
    size_t slot_count;
    struct buffer names;
};

void id_map_free(struct id_map *map);

/* The number of an id whose hash is hash; ID_MAP_NONE: it has none. */
uint32_t id_map_find(const struct id_map *map, uint64_t hash, xunzi_string id);

/* Sets the number of an id; ID_MAP_NONE takes it out. False: no memory. */
bool id_map_put(struct id_map *map, uint64_t hash, xunzi_string id, uint32_t number);

#endif
