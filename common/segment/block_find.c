/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding documents in a decoded block. */
#include "segment/block_find.h"

size_t block_find_portable(const uint32_t block[BLOCK_SIZE], const uint32_t *wanted, size_t count,
                           uint8_t *which, uint8_t *at) {
    size_t found = 0, place = 0;
    for (size_t i = 0; i < count; i++) {
        while (place < BLOCK_SIZE - 1 && block[place] < wanted[i])
            place++;
        which[found] = (uint8_t)i;
        at[found] = (uint8_t)place;
        found += block[place] == wanted[i];
    }
    return found;
}

#if defined(__x86_64__)
#include <immintrin.h>

enum { PARTS = BLOCK_SIZE / BLOCK_PART };

/* What is looked for and not found is written, too, and then written over: no branch depends on it.
 */
__attribute__((target("avx2"))) static size_t find_avx2(const uint32_t *block,
                                                        const uint32_t *wanted, size_t count,
                                                        uint8_t *which, uint8_t *at) {
    const __m256i lasts = _mm256_setr_epi32(
        (int)block[BLOCK_PART - 1], (int)block[2 * BLOCK_PART - 1], (int)block[3 * BLOCK_PART - 1],
        (int)block[4 * BLOCK_PART - 1], (int)block[5 * BLOCK_PART - 1],
        (int)block[6 * BLOCK_PART - 1], (int)block[7 * BLOCK_PART - 1],
        (int)block[8 * BLOCK_PART - 1]);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        __m256i document = _mm256_set1_epi32((int)wanted[i]);
        __m256i not_before = _mm256_cmpeq_epi32(_mm256_max_epu32(lasts, document), lasts);
        unsigned parts = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(not_before));
        unsigned part = (unsigned)__builtin_ctz(parts | 1u << (PARTS - 1));
        const __m256i *in = (const __m256i *)(const void *)(block + (size_t)part * BLOCK_PART);
        __m256i low = _mm256_cmpeq_epi32(_mm256_loadu_si256(in), document);
        __m256i high = _mm256_cmpeq_epi32(_mm256_loadu_si256(in + 1), document);
        unsigned equal = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(low)) |
                         (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(high)) << 8;
        which[found] = (uint8_t)i;
        at[found] = (uint8_t)(part * BLOCK_PART + (unsigned)__builtin_ctz(equal | 1u << BLOCK_PART));
        found += equal != 0;
    }
    return found;
}
#endif

size_t block_find(const uint32_t block[BLOCK_SIZE], const uint32_t *wanted, size_t count,
                  uint8_t *which, uint8_t *at) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return find_avx2(block, wanted, count, which, at);
#endif
    return block_find_portable(block, wanted, count, which, at);
}
