/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bit packing: one portable definition, and one for AVX2 chosen when the program starts. */
#include "segment/bit_pack.h"

void block_pack(const uint32_t in[BLOCK_SIZE], unsigned width, uint8_t *out) {
    uint32_t words[4 * 32] = {0};
    for (unsigned i = 0; width > 0 && i < BLOCK_SIZE; i++) {
        unsigned lane = i % 4, bit = i / 4 * width;
        uint64_t shifted = (uint64_t)in[i] << (bit % 32);
        words[bit / 32 * 4 + lane] |= (uint32_t)shifted;
        if (shifted >> 32)
            words[(bit / 32 + 1) * 4 + lane] |= (uint32_t)(shifted >> 32);
    }
    memcpy(out, words, (size_t)16 * width);
}

void block_unpack_portable(const uint8_t *in, unsigned width, uint32_t out[BLOCK_SIZE]) {
    if (width == 0) {
        memset(out, 0, BLOCK_SIZE * sizeof *out);
        return;
    }
    uint32_t words[4 * 33] = {0}; /* a row more, so that the last number needs no case of its own */
    memcpy(words, in, (size_t)16 * width);
    uint32_t mask = (uint32_t)((UINT64_C(1) << width) - 1);
    for (unsigned i = 0; i < BLOCK_SIZE; i++) {
        unsigned lane = i % 4, bit = i / 4 * width;
        uint64_t pair = words[bit / 32 * 4 + lane] | (uint64_t)words[(bit / 32 + 1) * 4 + lane] << 32;
        out[i] = (uint32_t)(pair >> (bit % 32)) & mask;
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

/* Inlined with a constant width, this unrolls to shifts and masks alone. */
__attribute__((target("avx2"), always_inline)) static inline void unpack_lanes(const __m128i *in, unsigned width,
                                                                              __m128i *out) {
    const __m128i mask = _mm_set1_epi32((int)(uint32_t)((UINT64_C(1) << width) - 1));
    __m128i word = _mm_loadu_si128(in);
    unsigned used = 0, next = 1;
#pragma GCC unroll 32
    for (unsigned i = 0; i < 32; i++) {
        __m128i value = _mm_srli_epi32(word, (int)used);
        if (used + width > 32) {
            word = _mm_loadu_si128(in + next++);
            value = _mm_or_si128(value, _mm_slli_epi32(word, (int)(32 - used)));
            used = used + width - 32;
        } else {
            used += width;
            if (used == 32 && i < 31) {
                word = _mm_loadu_si128(in + next++);
                used = 0;
            }
        }
        _mm_storeu_si128(out + i, _mm_and_si128(value, mask));
    }
}

#define UNPACK(n)                                                                                                      \
    case n:                                                                                                            \
        unpack_lanes((const __m128i *)(const void *)in, n, (__m128i *)(void *)out);                                    \
        break;

__attribute__((target("avx2"))) static void block_unpack_avx2(const uint8_t *in, unsigned width,
                                                              uint32_t out[BLOCK_SIZE]) {
    switch (width) {
        UNPACK(1) UNPACK(2) UNPACK(3) UNPACK(4) UNPACK(5) UNPACK(6) UNPACK(7) UNPACK(8) UNPACK(9) UNPACK(10)
        UNPACK(11) UNPACK(12) UNPACK(13) UNPACK(14) UNPACK(15) UNPACK(16) UNPACK(17) UNPACK(18) UNPACK(19)
        UNPACK(20) UNPACK(21) UNPACK(22) UNPACK(23) UNPACK(24)
    default:
        block_unpack_portable(in, width, out);
    }
}
#endif

void block_unpack(const uint8_t *in, unsigned width, uint32_t out[BLOCK_SIZE]) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        block_unpack_avx2(in, width, out);
        return;
    }
#endif
    block_unpack_portable(in, width, out);
}

void run_pack(const uint32_t *in, size_t count, unsigned width, uint8_t *out) {
    uint64_t word = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < count; i++) {
        word |= (uint64_t)in[i] << bits;
        bits += width;
        for (; bits >= 8; bits -= 8, word >>= 8)
            *out++ = (uint8_t)word;
    }
    if (bits > 0)
        *out = (uint8_t)word;
}
