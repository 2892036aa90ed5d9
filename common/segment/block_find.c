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

#define AVX2_INLINE __attribute__((target("avx2"), always_inline)) static inline

/* The last documents of four parts. */
AVX2_INLINE __m128i four_lasts(const uint32_t *block) {
    const __m128i *in = (const __m128i *)(const void *)block;
    const unsigned behind = BLOCK_PART / 4; /* vectors to a part */
    __m128i first =
        _mm_unpackhi_epi32(_mm_loadu_si128(in + behind - 1), _mm_loadu_si128(in + 2 * behind - 1));
    __m128i second = _mm_unpackhi_epi32(_mm_loadu_si128(in + 3 * behind - 1),
                                        _mm_loadu_si128(in + 4 * behind - 1));
    return _mm_unpackhi_epi64(first, second);
}

/* Packing two vectors of eight takes four from each in turn; the mask of it has two bits to each.
 */
static const uint8_t packed_order[BLOCK_PART] = {0, 1, 2, 3, 8,  9,  10, 11,
                                                 4, 5, 6, 7, 12, 13, 14, 15};

/* What is looked for and not found is written, too, and then written over: no branch depends on it.
 */
__attribute__((target("avx2"))) static size_t find_avx2(const uint32_t *block,
                                                        const uint32_t *wanted, size_t count,
                                                        uint8_t *which, uint8_t *at) {
    const __m256i lasts = _mm256_inserti128_si256(_mm256_castsi128_si256(four_lasts(block)),
                                                  four_lasts(block + BLOCK_SIZE / 2), 1);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        __m256i document = _mm256_set1_epi32((int)wanted[i]);
        __m256i not_before = _mm256_cmpeq_epi32(_mm256_max_epu32(lasts, document), lasts);
        unsigned parts = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(not_before));
        size_t part = (size_t)__builtin_ctz(parts | 1u << (PARTS - 1));
        const __m256i *in = (const __m256i *)(const void *)(block + part * BLOCK_PART);
        __m256i low = _mm256_cmpeq_epi32(_mm256_loadu_si256(in), document);
        __m256i high = _mm256_cmpeq_epi32(_mm256_loadu_si256(in + 1), document);
        unsigned equal = (unsigned)_mm256_movemask_epi8(_mm256_packs_epi32(low, high));
        which[found] = (uint8_t)i;
        at[found] =
            (uint8_t)(part * BLOCK_PART + packed_order[__builtin_ctz(equal | 1u << 31) / 2]);
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
