/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which lines stand around many articles of a collection: a small table of hashes that is kept with
 * it.
 *
 * Only lines that a page's reader takes for candidates are noted: outside the article, without a
 * sentence. A line counts once for each article that it is seen with, but not twice in a row for
 * the same one, so that adding a page again says nothing. The table has PAGE_MEMORY_LINES places; a
 * new line takes the place of the one seen least of PAGE_MEMORY_WAYS ("space saving", Metwally and
 * others 2005, within a set).
 *
 * As bytes: the byte 1, then for each line that was seen twice or more four bytes of its hash and
 * one of its count, little-endian.
 */
#ifndef XUNZI_TEXT_PAGE_MEMORY_H
#define XUNZI_TEXT_PAGE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <xunzi/xunzi.h>

#include "base/buffer.h"

enum { PAGE_MEMORY_LINES = 4096, PAGE_MEMORY_WAYS = 4, PAGE_MEMORY_REPEATED = 5 };

struct page_memory_line {
    uint32_t hash;    /* 0: free */
    uint32_t article; /* that it was seen with last */
    uint8_t times;    /* at most 255 */
};

struct page_memory {
    struct page_memory_line lines[PAGE_MEMORY_LINES];
    bool changed; /* since it was empty, read or written */
};

/* A hash of a line of a page, or of an article; never 0. */
uint32_t page_memory_hash(const void *data, size_t size);

/* With how many articles the line was seen. */
unsigned page_memory_times(const struct page_memory *memory, uint32_t line);

void page_memory_note(struct page_memory *memory, uint32_t line, uint32_t article);

/* False: no memory. */
bool page_memory_encode(struct page_memory *memory, struct buffer *out);

/* Replaces what memory holds. XUNZI_ERROR_CORRUPT, and an empty memory, where the bytes are none.
 */
xunzi_status page_memory_decode(struct page_memory *memory, const char *data, size_t size);

#endif
