/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which documents of an ascending list a decoded block has. Where the processor has AVX2 a document
 * costs two steps, whatever the block holds: it is compared with the last of each BLOCK_PART
 * documents, and then with the documents of one part (after Lemire, Boytsov and Kurz, "SIMD
 * compression and the intersection of sorted integers", 2016: their galloping, in a block of one
 * size). Otherwise both are merged; the results are the same.
 */
#ifndef XUNZI_SEGMENT_BLOCK_FIND_H
#define XUNZI_SEGMENT_BLOCK_FIND_H

#include "segment/bit_pack.h"

enum { BLOCK_PART = 16 };

/* block: ascending; what a shorter one leaves is UINT32_MAX, which is not looked for. wanted:
 * ascending, at most BLOCK_SIZE. Returns how many were found; which[i] tells the i-th one's place
 * in `wanted`, at[i] in the block. Both have room for as many as are wanted. */
size_t block_find(const uint32_t block[BLOCK_SIZE], const uint32_t *wanted, size_t count,
                  uint8_t *which, uint8_t *at);

/* As it is done where the processor has no AVX2: for tests. */
size_t block_find_portable(const uint32_t block[BLOCK_SIZE], const uint32_t *wanted, size_t count,
                           uint8_t *which, uint8_t *at);

#endif
