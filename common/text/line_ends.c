/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding the ends of lines. */
#include "text/line_ends.h"

#include <string.h>

#include "text/lanes.h"

enum { BLOCK = 64 };

/* Whether a byte of the block is as low as CR; nothing but control characters is. */
static bool has_low_bytes(const char *block) {
    lanes low = {0};
    for (size_t i = 0; i < BLOCK; i += LANES)
        low |= (lanes)(lanes_load(block + i) <= '\r');
    return lanes_any(low);
}

size_t line_ends_find_portable(const char *text, size_t size, uint16_t ends[LINE_ENDS_MOST]) {
    size_t count = 0, at = 0;
    while (at < size) {
        size_t end = size - at < BLOCK ? size : at + BLOCK;
        if (end - at == BLOCK && !has_low_bytes(text + at)) {
            at = end;
            continue;
        }
        for (; at < end; at++)
            if (text[at] == '\n' || text[at] == '\r')
                ends[count++] = (uint16_t)at;
    }
    return count;
}

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2_INLINE __attribute__((target("avx2"), always_inline)) static inline

AVX2_INLINE uint32_t ends_of_half(const char *bytes) {
    __m256i loaded = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
    return (uint32_t)_mm256_movemask_epi8(
        _mm256_or_si256(_mm256_cmpeq_epi8(loaded, _mm256_set1_epi8('\n')),
                        _mm256_cmpeq_epi8(loaded, _mm256_set1_epi8('\r'))));
}

/* A bit for each byte of a block, the lowest for the first. */
AVX2_INLINE uint64_t ends_of_block(const char *bytes) {
    return ends_of_half(bytes) | (uint64_t)ends_of_half(bytes + BLOCK / 2) << BLOCK / 2;
}

/* Writes down the places of bits. What is written for none is written over. */
AVX2_INLINE size_t append(uint16_t *ends, size_t count, size_t begin, uint64_t bits) {
    ends[count] = (uint16_t)(begin + (size_t)__builtin_ctzll(bits | UINT64_C(1) << 63));
    count += bits != 0;
    for (bits &= bits - 1; __builtin_expect(bits != 0, 0); bits &= bits - 1)
        ends[count++] = (uint16_t)(begin + (size_t)__builtin_ctzll(bits));
    return count;
}

__attribute__((target("avx2"))) static size_t find_avx2(const char *text, size_t size,
                                                        uint16_t *ends) {
    size_t count = 0, at = 0;
    for (; size - at >= BLOCK; at += BLOCK)
        count = append(ends, count, at, ends_of_block(text + at));
    size_t left = size - at;
    if (left == 0)
        return count;
    if (size >= BLOCK) /* the last whole block, what was looked at shifted out */
        return append(ends, count, at, ends_of_block(text + size - BLOCK) >> (BLOCK - left));
    char rest[BLOCK] = {0};
    memcpy(rest, text, size);
    return append(ends, count, at, ends_of_block(rest));
}
#endif

size_t line_ends_find(const char *text, size_t size, uint16_t ends[LINE_ENDS_MOST]) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return find_avx2(text, size, ends);
#endif
    return line_ends_find_portable(text, size, ends);
}
