/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "segment/source_table.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

void source_table_free(struct source_table *table) {
    buffer_free(&table->names);
    buffer_free(&table->ends);
    free(table->slots);
    *table = (struct source_table){0};
}

static xunzi_string name_of(const struct source_table *table, uint32_t number) {
    uint64_t begin = 0, end;
    if (number > 1)
        memcpy(&begin, table->ends.data + 8 * (size_t)(number - 2), 8);
    memcpy(&end, table->ends.data + 8 * (size_t)(number - 1), 8);
    return (xunzi_string){table->names.data + begin, end - begin};
}

/* The slot of a name: the one that holds its number, or a free one. */
static size_t slot_of(const struct source_table *table, xunzi_string name) {
    size_t mask = table->slot_count - 1, slot = XXH3_64bits(name.data, name.size) & mask;
    for (; table->slots[slot]; slot = (slot + 1) & mask) {
        xunzi_string known = name_of(table, table->slots[slot]);
        if (known.size == name.size && memcmp(known.data, name.data, name.size) == 0)
            break;
    }
    return slot;
}

static bool grow(struct source_table *table) {
    size_t count = table->slot_count ? 2 * table->slot_count : 64;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (!slots)
        return false;
    free(table->slots);
    table->slots = slots;
    table->slot_count = count;
    for (uint32_t number = 1; number <= table->count; number++)
        slots[slot_of(table, name_of(table, number))] = number;
    return true;
}

bool source_table_number(struct source_table *table, xunzi_string source, uint32_t *number) {
    *number = 0;
    if (source.size == 0)
        return true;
    if (2 * ((size_t)table->count + 1) > table->slot_count && !grow(table))
        return false;
    size_t slot = slot_of(table, source);
    if (!table->slots[slot]) {
        uint64_t end = table->names.size + source.size;
        if (!buffer_reserve(&table->names, source.size) ||
            !buffer_append(&table->ends, &end, sizeof end))
            return false;
        buffer_append(&table->names, source.data, source.size);
        table->slots[slot] = ++table->count;
    }
    *number = table->slots[slot];
    return true;
}
