/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hash table. */
#include "indexer/id_map.h"

#include <stdlib.h>

void id_map_free(struct id_map *map) {
    free(map->entries);
    free(map->slots);
    buffer_free(&map->names);
    *map = (struct id_map){0};
}

static bool is_id(const struct id_map *map, const struct id_map_entry *entry, uint64_t hash,
                  xunzi_string id) {
    return entry->hash == hash && entry->size == id.size &&
           (id.size == 0 || memcmp(map->names.data + entry->name, id.data, id.size) == 0);
}

/* The slot of an id, or the free one where it would be. */
static size_t find_slot(const struct id_map *map, uint64_t hash, xunzi_string id) {
    size_t mask = map->slot_count - 1, slot = hash & mask;
    while (map->slots[slot] && !is_id(map, &map->entries[map->slots[slot] - 1], hash, id))
        slot = (slot + 1) & mask;
    return slot;
}

uint32_t id_map_find(const struct id_map *map, uint64_t hash, xunzi_string id) {
    if (map->count == 0)
        return ID_MAP_NONE;
    size_t slot = find_slot(map, hash, id);
    return map->slots[slot] ? map->entries[map->slots[slot] - 1].number : ID_MAP_NONE;
}

static bool grow(struct id_map *map) {
    size_t count = map->slot_count ? 2 * map->slot_count : 256;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < map->count; i++) {
        size_t slot = map->entries[i].hash & (count - 1);
        while (slots[slot])
            slot = (slot + 1) & (count - 1);
        slots[slot] = (uint32_t)i + 1;
    }
    free(map->slots);
    map->slots = slots;
    map->slot_count = count;
    return true;
}

bool id_map_put(struct id_map *map, uint64_t hash, xunzi_string id, uint32_t number) {
    if (3 * (map->count + 1) > 2 * map->slot_count && !grow(map))
        return false;
    size_t slot = find_slot(map, hash, id);
    if (map->slots[slot]) {
        map->entries[map->slots[slot] - 1].number = number;
        return true;
    }
    if (!array_reserve(&map->entries, &map->capacity, map->count + 1, sizeof *map->entries))
        return false;
    map->entries[map->count] =
        (struct id_map_entry){hash, map->names.size, (uint32_t)id.size, number};
    if (!buffer_append(&map->names, id.data, id.size))
        return false;
    map->slots[slot] = (uint32_t)++map->count;
    return true;
}
