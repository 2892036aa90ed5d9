/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two files that read posting lists (postings.h) share. */
#ifndef XUNZI_SEGMENT_POSTINGS_PARTS_H
#define XUNZI_SEGMENT_POSTINGS_PARTS_H

#include "segment/postings.h"

static inline uint32_t load_u32(const uint8_t *at) {
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

/* Reads a LEB128 number below 2^32. */
static inline bool read_number(const uint8_t **at, const uint8_t *end, uint32_t *value) {
    uint64_t number;
    if (!varint_read(at, end, 5, &number) || number > UINT32_MAX)
        return false;
    *value = (uint32_t)number;
    return true;
}

/* sums[i]: the wdfs of the block's postings before the i-th, added up; one more than postings.
 * False: damaged, or more than 32 bits tell. */
bool postings_sum_wdfs(struct postings_cursor *cursor, uint32_t block,
                       uint32_t sums[BLOCK_SIZE + 1]);

/* The same of numbers that are decoded. */
bool postings_sum(const uint32_t *numbers, size_t count, uint32_t *sums);

/* Where the positions of a block begin, or of the block behind the last, where they end. False:
 * outside. */
bool postings_find_positions(const struct postings_cursor *cursor, uint32_t block,
                             const uint8_t **at);

/* Appends the positions of the block that the cursor has decoded, and their counts, and moves *at,
 * where they begin, behind them. False: as of postings_read_all. */
bool postings_append_positions(struct postings_cursor *cursor, struct postings_array *array,
                               const uint8_t **at);

#endif
