/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "text/page_memory.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/error.h"

enum { MEMORY_VERSION = 1, ENTRY_SIZE = 5 };

uint32_t page_memory_hash(const void *data, size_t size) {
    uint32_t hash = (uint32_t)XXH3_64bits(data, size);
    return hash ? hash : 1;
}

/* The first of the places that a line can have. */
static size_t set_of(uint32_t line) {
    return (line % (PAGE_MEMORY_LINES / PAGE_MEMORY_WAYS)) * PAGE_MEMORY_WAYS;
}

unsigned page_memory_times(const struct page_memory *memory, uint32_t line) {
    const struct page_memory_line *set = &memory->lines[set_of(line)];
    for (size_t i = 0; i < PAGE_MEMORY_WAYS; i++)
        if (set[i].hash == line)
            return set[i].times;
    return 0;
}

void page_memory_note(struct page_memory *memory, uint32_t line, uint32_t article) {
    struct page_memory_line *set = &memory->lines[set_of(line)], *least = set;
    for (size_t i = 0; i < PAGE_MEMORY_WAYS; i++) {
        if (set[i].hash == line) {
            if (set[i].article != article && set[i].times < UINT8_MAX) {
                set[i].times++;
                memory->changed = true;
            }
            set[i].article = article;
            return;
        }
        if (set[i].times < least->times)
            least = &set[i];
    }
    /* What is often seen is not driven out at once: it loses a point to each newcomer. */
    if (least->times > 1) {
        least->times--;
        return;
    }
    *least = (struct page_memory_line){line, article, 1};
}

bool page_memory_encode(struct page_memory *memory, struct buffer *out) {
    bool ok = buffer_append_byte(out, MEMORY_VERSION);
    for (size_t i = 0; ok && i < PAGE_MEMORY_LINES; i++) {
        const struct page_memory_line *line = &memory->lines[i];
        if (line->times < 2)
            continue;
        const char entry[ENTRY_SIZE] = {(char)(line->hash & 0xFF), (char)(line->hash >> 8 & 0xFF),
                                        (char)(line->hash >> 16 & 0xFF), (char)(line->hash >> 24),
                                        (char)line->times};
        ok = buffer_append(out, entry, sizeof entry);
    }
    memory->changed &= !ok;
    return ok;
}

xunzi_status page_memory_decode(struct page_memory *memory, const char *data, size_t size) {
    *memory = (struct page_memory){0};
    if (size < 1 || data[0] != MEMORY_VERSION || (size - 1) % ENTRY_SIZE != 0 ||
        (size - 1) / ENTRY_SIZE > PAGE_MEMORY_LINES)
        return error_set(XUNZI_ERROR_CORRUPT,
                         "the collection's table of repeated lines makes no sense");
    for (size_t at = 1; at < size; at += ENTRY_SIZE) {
        const unsigned char *entry = (const unsigned char *)data + at;
        uint32_t hash = (uint32_t)entry[0] | (uint32_t)entry[1] << 8 | (uint32_t)entry[2] << 16 |
                        (uint32_t)entry[3] << 24;
        struct page_memory_line *set = &memory->lines[set_of(hash)];
        for (size_t i = 0; hash != 0 && i < PAGE_MEMORY_WAYS; i++) {
            if (set[i].hash == 0) {
                set[i] = (struct page_memory_line){hash, 0, entry[4]};
                break;
            }
        }
    }
    return XUNZI_OK;
}
