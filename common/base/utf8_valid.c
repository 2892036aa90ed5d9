/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which texts are well-formed UTF-8, and the repair of those that are not.
 *
 * Where the processor has AVX2, 32 bytes are judged at once, after Keiser and Lemire, "Validating
 * UTF-8 In Less Than One Instruction Per Byte", 2021. All that can be wrong with two bytes in a row
 * is told by three half bytes: both of the first, and the high one of the second. Each half byte
 * has the set of faults that it allows, from a table of sixteen, and what all three allow is there.
 * Only third and fourth bytes need a look farther back, at how long the sequence was said to be.
 * Whether a byte is at fault depends on the three before it and on nothing else, so blocks may
 * overlap, and the last one of a text ends where the text does.
 */
#include "base/utf8.h"

/* Whether a word begins with two sequences of three bytes, as nearly all Chinese text consists of:
 * neither may begin with E0, of which some are too long, nor with ED, of which some are surrogates.
 */
static inline bool begins_with_two_of_three(uint64_t word) {
    const unsigned rest = 1u << 0x0 | 1u << 0xD;
    return (word & UINT64_C(0x0000C0C0F0C0C0F0)) == UINT64_C(0x00008080E08080E0) &&
           ((rest >> (word & 0xF) | rest >> (word >> 24 & 0xF)) & 1) == 0;
}

size_t utf8_valid_prefix_portable(const char *text, size_t size) {
    size_t at = 0;
    while (at < size) {
        uint64_t word;
        while (size - at >= sizeof word) {
            memcpy(&word, text + at, sizeof word);
            if (begins_with_two_of_three(word))
                at += 6;
            else if (word & UINT64_C(0x8080808080808080))
                break;
            else
                at += sizeof word;
        }
        if (at >= size)
            break;
        size_t start = at;
        if (utf8_next(text, size, &at) == UTF8_ILL_FORMED)
            return start;
    }
    return size;
}

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2_INLINE __attribute__((target("avx2"), always_inline)) static inline

enum { HALF = 16, BLOCK = 2 * HALF, LOOK_BACK = 3 }; /* bytes */

/* What is wrong with two bytes in a row. */
enum fault {
    TOO_SHORT = 1 << 0,      /* C0 to FF, and no continuation behind it */
    TOO_LONG = 1 << 1,       /* 00 to 7F, and a continuation behind it */
    OVERLONG_TWO = 1 << 2,   /* C0 or C1, and a continuation */
    OVERLONG_THREE = 1 << 3, /* E0, and 80 to 9F */
    SURROGATE = 1 << 4,      /* ED, and A0 to BF */
    TOO_LARGE = 1 << 5,      /* F4 to FF, and 90 to BF */
    EXTREME_FOUR = 1 << 6,   /* F0, overlong, or F5 to FF, too large; and 80 to 8F */
    CONTINUATIONS = 1 << 7,  /* two: wrong but where a third or fourth byte must stand */

    ANY_LOW = TOO_SHORT | TOO_LONG | CONTINUATIONS,
    LOW_ABOVE_4 = ANY_LOW | TOO_LARGE | EXTREME_FOUR,
    CONTINUATION = TOO_LONG | OVERLONG_TWO | CONTINUATIONS
};

#define FOUR_TIMES(faults) faults, faults, faults, faults

static const uint8_t faults_by_first_high[HALF] = {
    FOUR_TIMES(TOO_LONG),
    FOUR_TIMES(TOO_LONG),
    FOUR_TIMES(CONTINUATIONS),
    TOO_SHORT | OVERLONG_TWO,
    TOO_SHORT,
    TOO_SHORT | OVERLONG_THREE | SURROGATE,
    TOO_SHORT | TOO_LARGE | EXTREME_FOUR,
};

static const uint8_t faults_by_first_low[HALF] = {
    ANY_LOW | OVERLONG_TWO | OVERLONG_THREE | EXTREME_FOUR,
    ANY_LOW | OVERLONG_TWO,
    ANY_LOW,
    ANY_LOW,
    ANY_LOW | TOO_LARGE,
    FOUR_TIMES(LOW_ABOVE_4),
    FOUR_TIMES(LOW_ABOVE_4),
    LOW_ABOVE_4 | SURROGATE,
    LOW_ABOVE_4,
    LOW_ABOVE_4,
};

static const uint8_t faults_by_second_high[HALF] = {
    FOUR_TIMES(TOO_SHORT),
    FOUR_TIMES(TOO_SHORT),
    CONTINUATION | OVERLONG_THREE | EXTREME_FOUR,
    CONTINUATION | OVERLONG_THREE | TOO_LARGE,
    CONTINUATION | SURROGATE | TOO_LARGE,
    CONTINUATION | SURROGATE | TOO_LARGE,
    FOUR_TIMES(TOO_SHORT),
};

AVX2_INLINE __m128i load_half(const char *text) {
    return _mm_loadu_si128((const __m128i *)(const void *)text);
}

AVX2_INLINE __m256i load_block(const char *text) {
    return _mm256_loadu_si256((const __m256i *)(const void *)text);
}

/* What the half bytes allow; they are below HALF. */
AVX2_INLINE __m256i look_up(const uint8_t table[HALF], __m256i half_bytes) {
    __m128i entries = load_half((const char *)table);
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(entries), half_bytes);
}

/* Not 0 where a byte is at fault, with those that stand one, two and three before it. */
AVX2_INLINE __m256i find_faults(__m256i bytes, __m256i one_before, __m256i two_before,
                                __m256i three_before) {
    const __m256i low = _mm256_set1_epi8(0x0F);
    __m256i first_high = _mm256_and_si256(_mm256_srli_epi16(one_before, 4), low);
    __m256i first_low = _mm256_and_si256(one_before, low);
    __m256i second_high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), low);
    __m256i of_pair = _mm256_and_si256(_mm256_and_si256(look_up(faults_by_first_high, first_high),
                                                        look_up(faults_by_first_low, first_low)),
                                       look_up(faults_by_second_high, second_high));
    /* The difference has its highest bit where two before began a sequence of three or four, or
     * three before one of four: there and only there two continuations are right. */
    __m256i third = _mm256_subs_epu8(two_before, _mm256_set1_epi8(0xE0 - CONTINUATIONS));
    __m256i fourth = _mm256_subs_epu8(three_before, _mm256_set1_epi8(0xF0 - CONTINUATIONS));
    __m256i wanted =
        _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)CONTINUATIONS));
    return _mm256_xor_si256(of_pair, wanted);
}

/* The block at text, before which at least LOOK_BACK bytes stand. */
AVX2_INLINE __m256i block_faults(const char *text) {
    return find_faults(load_block(text), load_block(text - 1), load_block(text - 2),
                       load_block(text - 3));
}

/* Half a block at text, before which nothing stands, and the half at second, at least LOOK_BACK. */
AVX2_INLINE __m256i beginning_faults(const char *text, size_t second) {
    __m128i first = load_half(text);
    const char *at = text + second;
    return find_faults(_mm256_setr_m128i(first, load_half(at)),
                       _mm256_setr_m128i(_mm_slli_si128(first, 1), load_half(at - 1)),
                       _mm256_setr_m128i(_mm_slli_si128(first, 2), load_half(at - 2)),
                       _mm256_setr_m128i(_mm_slli_si128(first, 3), load_half(at - 3)));
}

AVX2_INLINE bool is_any(__m256i faults) {
    return !_mm256_testz_si256(faults, faults);
}

/* Whether the last sequence wants more bytes than there are; size >= LOOK_BACK. */
static inline bool ends_cut(const char *text, size_t size) {
    const unsigned char *end = (const unsigned char *)text + size;
    return (end[-1] >= 0xC0) | (end[-2] >= 0xE0) | (end[-3] >= 0xF0);
}

/* Nothing is wrong before `at`, but that a sequence may be cut there: the rest is looked at from
 * the last beginning of a sequence before it, a code point at a time. */
static size_t valid_prefix_from(const char *text, size_t size, size_t at) {
    while (at > 0 && ((unsigned char)text[--at] & 0xC0) == 0x80)
        ;
    return at + utf8_valid_prefix_portable(text + at, size - at);
}

/* size >= HALF + LOOK_BACK. The first block with a fault ends it: repair comes back for each. */
__attribute__((target("avx2"))) static size_t valid_prefix_avx2(const char *text, size_t size) {
    if (size < BLOCK + LOOK_BACK) {
        __m256i faults = beginning_faults(text, size - HALF);
        if (size > BLOCK)
            faults = _mm256_or_si256(faults, beginning_faults(text, HALF));
        return is_any(faults) || ends_cut(text, size) ? valid_prefix_from(text, size, 0) : size;
    }
    size_t at = 0;
    __m256i faults = beginning_faults(text, HALF);
    while (!is_any(faults)) {
        at += BLOCK;
        if (size - at > BLOCK)
            faults = block_faults(text + at);
        else if (is_any(block_faults(text + size - BLOCK)) || ends_cut(text, size))
            break;
        else
            return size;
    }
    return valid_prefix_from(text, size, at);
}
#endif

size_t utf8_valid_prefix(const char *text, size_t size) {
#if defined(__x86_64__)
    if (size >= HALF + LOOK_BACK && __builtin_cpu_supports("avx2"))
        return valid_prefix_avx2(text, size);
#endif
    return utf8_valid_prefix_portable(text, size);
}

bool utf8_append_repaired(struct buffer *out, const char *text, size_t size, uint64_t *replaced) {
    while (size > 0) {
        size_t valid = utf8_valid_prefix(text, size);
        if (!buffer_append(out, text, valid))
            return false;
        if (valid == size)
            return true;
        size_t at = valid;
        utf8_next(text, size, &at);
        if (!buffer_append(out, "\xEF\xBF\xBD", 3))
            return false;
        ++*replaced;
        text += at;
        size -= at;
    }
    return true;
}
