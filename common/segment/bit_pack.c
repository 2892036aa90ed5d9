/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bit packing. Unpacking is written once for vectors of four numbers, which every compiler for
 * every processor makes something of, and once for eight with AVX2, chosen when it is called. Each
 * width has its own function: with the width a constant, a block is straight code of shifts and
 * masks.
 */
#include "segment/bit_pack.h"

#include <stdbool.h>

#define EACH_WIDTH(X)                                                                         \
    X(1)                                                                                      \
    X(2)                                                                                      \
    X(3)                                                                                      \
    X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19) \
        X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31) X(32)

#define TABLE(name)                                                                             \
    name##_0, name##_1, name##_2, name##_3, name##_4, name##_5, name##_6, name##_7, name##_8,   \
        name##_9, name##_10, name##_11, name##_12, name##_13, name##_14, name##_15, name##_16,  \
        name##_17, name##_18, name##_19, name##_20, name##_21, name##_22, name##_23, name##_24, \
        name##_25, name##_26, name##_27, name##_28, name##_29, name##_30, name##_31, name##_32

enum { WIDTHS = 33 };

typedef void unpacker(const uint8_t *in, uint32_t argument, uint32_t *out);

/* ---- four at once ---- */

typedef uint32_t four __attribute__((vector_size(16)));

/* Without a width nothing is read: all distances are 0. */
static void unpack_0(const uint8_t *in, uint32_t more, uint32_t *out) {
    (void)in;
    for (uint32_t i = 0; i < BLOCK_SIZE; i++)
        out[i] = more;
}

static void unpack_sums_0(const uint8_t *in, uint32_t before, uint32_t *out) {
    (void)in;
    for (uint32_t i = 0; i < BLOCK_SIZE; i++)
        out[i] = before + 1 + i;
}

__attribute__((always_inline)) static inline four load_four(const uint8_t *in, unsigned word) {
    four value;
    memcpy(&value, in + (size_t)16 * word, sizeof value);
    return value;
}

__attribute__((always_inline)) static inline void unpack_four(const uint8_t *in, unsigned width,
                                                              uint32_t more, uint32_t *out) {
    const uint32_t mask = (uint32_t)((UINT64_C(1) << width) - 1);
#pragma GCC unroll 32
    for (unsigned i = 0; i < 32; i++) {
        unsigned bit = i * width, used = bit % 32;
        four value = load_four(in, bit / 32) >> used;
        if (used + width > 32)
            value |= load_four(in, bit / 32 + 1) << (32 - used);
        value = (value & mask) + more;
        memcpy(out + 4 * i, &value, sizeof value);
    }
}

void block_pack(const uint32_t in[BLOCK_SIZE], unsigned width, uint8_t *out) {
    const uint32_t mask = (uint32_t)((UINT64_C(1) << width) - 1);
    four word = {0};
    unsigned used = 0;
    for (unsigned row = 0; row < 32; row++) {
        four value;
        memcpy(&value, in + 4 * (size_t)row, sizeof value);
        value &= mask;
        word |= value << used;
        used += width;
        if (used < 32)
            continue;
        memcpy(out, &word, sizeof word);
        out += sizeof word;
        used -= 32;
        word = used > 0 ? value >> (width - used) : (four){0};
    }
}

void block_sum_portable(uint32_t numbers[BLOCK_SIZE], uint32_t before) {
    for (size_t i = 0; i < BLOCK_SIZE; i++)
        numbers[i] = before += numbers[i] + 1;
}

#define UNPACK_FOUR(width)                                                        \
    static void unpack_##width(const uint8_t *in, uint32_t more, uint32_t *out) { \
        unpack_four(in, width, more, out);                                        \
    }
EACH_WIDTH(UNPACK_FOUR)

static unpacker *const unpackers[WIDTHS] = {TABLE(unpack)};

void block_unpack_portable(const uint8_t *in, unsigned width, uint32_t more,
                           uint32_t out[BLOCK_SIZE]) {
    unpackers[width](in, more, out);
}

void block_unpack_sums_portable(const uint8_t *in, unsigned width, uint32_t before,
                                uint32_t out[BLOCK_SIZE]) {
    unpackers[width](in, 0, out);
    block_sum_portable(out, before);
}

/* ---- eight at once ---- */

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))
#define AVX2_INLINE __attribute__((target("avx2"), always_inline)) static inline

/* Words `low` and `high`, which is the same or the next one. */
AVX2_INLINE __m256i load_words(const uint8_t *in, unsigned low, unsigned high) {
    const __m128i *words = (const __m128i *)(const void *)in;
    return low == high ? _mm256_broadcastsi128_si256(_mm_loadu_si128(words + low))
                       : _mm256_loadu_si256((const __m256i *)(const void *)(words + low));
}

/* Numbers 8 * i to 8 * i + 7: one half is of an even row, the other of the odd one behind it. */
AVX2_INLINE __m256i unpack_eight(const uint8_t *in, unsigned width, unsigned i) {
    const __m256i mask = _mm256_set1_epi32((int)(uint32_t)((UINT64_C(1) << width) - 1));
    unsigned low_bit = 2 * i * width, high_bit = low_bit + width;
    unsigned low = low_bit / 32, high = high_bit / 32;
    int low_used = (int)(low_bit % 32), high_used = (int)(high_bit % 32), bits = (int)width;
    __m256i value = load_words(in, low, high);
    if (low_used == high_used) /* a width of 32 */
        return value;
    value = _mm256_srlv_epi32(value, _mm256_setr_epi32(low_used, low_used, low_used, low_used,
                                                       high_used, high_used, high_used, high_used));
    bool low_over = low_used + bits > 32, high_over = high_used + bits > 32;
    if (low_over || high_over) {
        /* What is not over is shifted out, or under the mask's foot. */
        int low_rest = low_over ? 32 - low_used : 32, high_rest = high_over ? 32 - high_used : 32;
        unsigned low_next = low_over ? low + 1 : high + 1,
                 high_next = high_over ? high + 1 : low + 1;
        __m256i next = load_words(in, low_next, high_next);
        value = _mm256_or_si256(
            value,
            _mm256_sllv_epi32(next, _mm256_setr_epi32(low_rest, low_rest, low_rest, low_rest,
                                                      high_rest, high_rest, high_rest, high_rest)));
    }
    return _mm256_and_si256(value, mask);
}

AVX2_INLINE void store_eight(uint32_t *out, unsigned i, __m256i value) {
    _mm256_storeu_si256((__m256i *)(void *)(out + 8 * (size_t)i), value);
}

/* Running sums of eight distances: *before in all elements is the sum so far, and is moved on. Only
 * one addition waits for the eight before. */
AVX2_INLINE __m256i sum_eight(__m256i value, __m256i *before) {
    const __m256i ones = _mm256_set1_epi32(1);
    const __m256i to_high = _mm256_setr_epi32(0, 0, 0, 0, 3, 3, 3, 3), last = _mm256_set1_epi32(7);
    value = _mm256_add_epi32(value, ones);
    value = _mm256_add_epi32(value, _mm256_slli_si256(value, 4));
    value = _mm256_add_epi32(value, _mm256_slli_si256(value, 8));
    __m256i low_sum = _mm256_permutevar8x32_epi32(value, to_high);
    value = _mm256_add_epi32(value, _mm256_blend_epi32(_mm256_setzero_si256(), low_sum, 0xF0));
    __m256i sum = _mm256_add_epi32(value, *before);
    *before = _mm256_add_epi32(*before, _mm256_permutevar8x32_epi32(value, last));
    return sum;
}
AVX2_INLINE void unpack_eights(const uint8_t *in, unsigned width, uint32_t more, uint32_t *out) {
    const __m256i all_more = _mm256_set1_epi32((int)more);
#pragma GCC unroll 16
    for (unsigned i = 0; i < 16; i++)
        store_eight(out, i, _mm256_add_epi32(unpack_eight(in, width, i), all_more));
}

AVX2_INLINE void unpack_sum_eights(const uint8_t *in, unsigned width, uint32_t before,
                                   uint32_t *out) {
    __m256i all_before = _mm256_set1_epi32((int)before);
#pragma GCC unroll 16
    for (unsigned i = 0; i < 16; i++)
        store_eight(out, i, sum_eight(unpack_eight(in, width, i), &all_before));
}

AVX2 static void block_sum_avx2(uint32_t *numbers, uint32_t before) {
    __m256i all_before = _mm256_set1_epi32((int)before);
    for (unsigned i = 0; i < 16; i++) {
        __m256i value =
            _mm256_loadu_si256((const __m256i *)(const void *)(numbers + 8 * (size_t)i));
        store_eight(numbers, i, sum_eight(value, &all_before));
    }
}

#define UNPACK_EIGHTS(width)                                                                       \
    AVX2 static void unpack_avx2_##width(const uint8_t *in, uint32_t more, uint32_t *out) {        \
        unpack_eights(in, width, more, out);                                                       \
    }                                                                                              \
    AVX2 static void unpack_sums_avx2_##width(const uint8_t *in, uint32_t before, uint32_t *out) { \
        unpack_sum_eights(in, width, before, out);                                                 \
    }
EACH_WIDTH(UNPACK_EIGHTS)

#define unpack_avx2_0 unpack_0
#define unpack_sums_avx2_0 unpack_sums_0

static unpacker *const unpackers_avx2[WIDTHS] = {TABLE(unpack_avx2)};
static unpacker *const sum_unpackers_avx2[WIDTHS] = {TABLE(unpack_sums_avx2)};

static inline bool has_avx2(void) {
    return __builtin_cpu_supports("avx2");
}

void block_unpack(const uint8_t *in, unsigned width, uint32_t more, uint32_t out[BLOCK_SIZE]) {
    (has_avx2() ? unpackers_avx2 : unpackers)[width](in, more, out);
}

void block_unpack_sums(const uint8_t *in, unsigned width, uint32_t before,
                       uint32_t out[BLOCK_SIZE]) {
    if (has_avx2())
        sum_unpackers_avx2[width](in, before, out);
    else
        block_unpack_sums_portable(in, width, before, out);
}

void block_sum(uint32_t numbers[BLOCK_SIZE], uint32_t before) {
    if (has_avx2())
        block_sum_avx2(numbers, before);
    else
        block_sum_portable(numbers, before);
}

#else

void block_unpack(const uint8_t *in, unsigned width, uint32_t more, uint32_t out[BLOCK_SIZE]) {
    block_unpack_portable(in, width, more, out);
}

void block_unpack_sums(const uint8_t *in, unsigned width, uint32_t before,
                       uint32_t out[BLOCK_SIZE]) {
    block_unpack_sums_portable(in, width, before, out);
}

void block_sum(uint32_t numbers[BLOCK_SIZE], uint32_t before) {
    block_sum_portable(numbers, before);
}

#endif

/* ---- runs ---- */

void run_pack(const uint32_t *in, size_t count, unsigned width, uint8_t *out) {
    struct run_writer writer = {.out = out};
    for (size_t i = 0; i < count; i++)
        run_put(&writer, in[i], width);
    run_end(&writer);
}

void run_unpack(const uint8_t *in, size_t size, size_t first, size_t count, unsigned width,
                uint32_t *out) {
    const uint32_t mask = (uint32_t)((UINT64_C(1) << width) - 1);
    size_t bit = first * width, i = 0;
    for (; i < count && bit / 8 + 8 <= size; i++, bit += width) {
        uint64_t word;
        memcpy(&word, in + bit / 8, sizeof word);
        out[i] = (uint32_t)(word >> (bit % 8)) & mask;
    }
    for (; i < count; i++)
        out[i] = run_get(in, size, first + i, width);
}
