/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Passing over clean text, 16 or 32 bytes at once. */
#include "text/scan.h"

#include "text/character.h"
#include "text/lanes.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2")))
#define AVX2_BMI __attribute__((target("avx2,bmi")))
#define AVX2_INLINE __attribute__((target("avx2"), always_inline)) static inline
#endif

/* ---- Marks ---- */

/* Whether this begins a character from U+4000 to U+9FFF. */
static inline bool begins_ideograph(unsigned char first) {
    return first >= 0xE4 && first <= 0xE9;
}

/* Whether a byte of ASCII can be in a reading: letters, spaces and apostrophes. */
static inline bool can_be_read(unsigned char byte) {
    return (byte | 0x20) >= 'a' ? (byte | 0x20) <= 'z' : byte == ' ' || byte == '\'';
}

static bool opens_plainly(const unsigned char *text, size_t size, size_t inside) {
    if (inside == size)
        return false;
    return text[inside] < 0x80 ? !can_be_read(text[inside]) : begins_ideograph(text[inside]);
}

static bool closes_plainly(const unsigned char *text, size_t at) {
    if (at == 0)
        return true;
    if (text[at - 1] < 0x80)
        return !can_be_read(text[at - 1]);
    return at >= 3 && begins_ideograph(text[at - 3]) && (text[at - 2] & 0xC0) == 0x80 &&
           (text[at - 1] & 0xC0) == 0x80;
}

/* Whether what stands at `at` is a mark, and if it is a parenthesis, a reading may stand in it. */
static inline bool is_mark(const unsigned char *text, size_t size, size_t at) {
    unsigned char byte = text[at];
    if (byte == '?')
        return true;
    if (byte == '(')
        return !opens_plainly(text, size, at + 1);
    if (byte == ')')
        return !closes_plainly(text, at);
    if (byte != 0xEF || size - at < 3)
        return false;
    if (text[at + 1] == 0xBF)
        return text[at + 2] == 0xBD;
    if (text[at + 1] != 0xBC)
        return false;
    return text[at + 2] == 0x9F || (text[at + 2] == 0x88 && !opens_plainly(text, size, at + 3)) ||
           (text[at + 2] == 0x89 && !closes_plainly(text, at));
}

/* Whether a mark may begin in sixteen bytes: of U+FFFD and the full-width ones the first and the
 * last byte are looked at. Two bytes behind the sixteen are read. */
static bool may_have_mark(const char *bytes) {
    lanes first = lanes_load(bytes), last = lanes_load(bytes + 2);
    lanes ascii = (lanes)(first == '?') | (lanes)((first & 0xFE) == '(');
    lanes wide = (lanes)((last & 0xFE) == 0x88) | (lanes)(last == 0x9F) | (lanes)(last == 0xBD);
    lanes found = ascii | ((lanes)(first == 0xEF) & wide);
    return lanes_any(found);
}

size_t scan_for_mark_portable(const char *text, size_t size, size_t at) {
    const unsigned char *bytes = (const unsigned char *)text;
    while (size - at >= LANES + 2) {
        size_t end = at + LANES;
        for (at = may_have_mark(text + at) ? at : end; at < end; at++)
            if (is_mark(bytes, size, at))
                return at;
    }
    while (at < size && !is_mark(bytes, size, at))
        at++;
    return at;
}

#if defined(__x86_64__)
AVX2_INLINE __m256i load(const void *bytes) {
    return _mm256_loadu_si256((const __m256i *)bytes);
}

AVX2_INLINE uint32_t mask_of(__m256i bytes) {
    return (uint32_t)_mm256_movemask_epi8(bytes);
}

AVX2_INLINE __m256i equal(__m256i bytes, unsigned char byte) {
    return _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8((char)byte));
}

/* A bit for each of 32 bytes where a mark may begin, in the same way. */
AVX2_INLINE uint32_t may_be_marks(const unsigned char *bytes) {
    const __m256i but_lowest = _mm256_set1_epi8((char)0xFE);
    __m256i first = load(bytes), third = load(bytes + 2);
    __m256i ascii =
        _mm256_or_si256(equal(first, '?'), equal(_mm256_and_si256(first, but_lowest), '('));
    __m256i last = _mm256_or_si256(equal(_mm256_and_si256(third, but_lowest), 0x88),
                                   _mm256_or_si256(equal(third, 0x9F), equal(third, 0xBD)));
    return mask_of(_mm256_or_si256(ascii, _mm256_and_si256(equal(first, 0xEF), last)));
}

enum { BLOCK = 32, BLOCK_READ = BLOCK + 2 }; /* bytes */

/* The block at `at`, or the last one where fewer bytes than it reads are left; size >= BLOCK_READ.
 */
static inline size_t block_at(size_t size, size_t at) {
    return size - at >= BLOCK_READ ? at : size - BLOCK_READ;
}

/* The first mark of those that there may be, a bit each from `begin` on; size: none. */
static inline size_t first_mark(const unsigned char *text, size_t size, size_t begin,
                                uint32_t may_be) {
    for (; may_be; may_be &= may_be - 1) {
        size_t place = begin + (size_t)__builtin_ctz(may_be);
        if (is_mark(text, size, place))
            return place;
    }
    return size;
}

AVX2 static size_t mark_avx2(const unsigned char *text, size_t size, size_t at) {
    while (size - at > 2) {
        size_t block = block_at(size, at);
        uint32_t seen = (UINT32_C(1) << (at - block)) - 1;
        size_t place = first_mark(text, size, block, may_be_marks(text + block) & ~seen);
        if (place < size)
            return place;
        at = block + BLOCK;
    }
    return scan_for_mark_portable((const char *)text, size, at);
}
#endif

size_t scan_for_mark(const char *text, size_t size, size_t at) {
#if defined(__x86_64__)
    if (size >= BLOCK_READ && __builtin_cpu_supports("avx2"))
        return mark_avx2((const unsigned char *)text, size, at);
#endif
    return scan_for_mark_portable(text, size, at);
}

/* ---- Text encoded twice ---- */

enum { LATIN_LETTER = 0xC3 };

/* Whether a character stands here whose bytes in GBK begin one of three in UTF-8. */
static inline bool begins_utf8(const unsigned char *text) {
    if (!begins_ideograph(text[0]))
        return false;
    uint32_t c = (text[0] & 0xFu) << 12 | (text[1] & 0x3Fu) << 6 | (text[2] & 0x3Fu);
    return character_entries[c - CHARACTER_DIRECT] & CHARACTER_BEGINS_UTF8;
}

size_t scan_for_double_encoding_portable(const char *text, size_t size, size_t at) {
    const unsigned char *bytes = (const unsigned char *)text;
    while (size - at >= 3) {
        if (bytes[at] == LATIN_LETTER || begins_utf8(bytes + at))
            return at;
        at += bytes[at] >> 4 == 0xE ? 3 : 1;
    }
    return size;
}

#if defined(__x86_64__)
/* What stands at the places of a block, where an ideograph begins there: its number among
 * character_entries. */
struct window {
    uint16_t numbers[BLOCK + 1]; /* the last is NO_PLACE */
    uint32_t ideographs;         /* a bit for each where one does begin */
};

enum { NO_PLACE = 0x4E00 - CHARACTER_DIRECT };

/* The numbers at every other place: the low byte of each pair of bytes is a first byte, the next
 * pair has the other two. */
AVX2_INLINE __m256i numbers_of(__m256i first, __m256i rest) {
    __m256i low = _mm256_maddubs_epi16(_mm256_and_si256(rest, _mm256_set1_epi16(0x3F3F)),
                                       _mm256_set1_epi16(0x0140));
    __m256i code_points = _mm256_or_si256(_mm256_slli_epi16(first, 12), low);
    return _mm256_sub_epi16(code_points, _mm256_set1_epi16(CHARACTER_DIRECT));
}

AVX2_INLINE void store_half(uint16_t *out, __m128i half) {
    _mm_storeu_si128((__m128i *)(void *)out, half);
}

AVX2_INLINE void read_window(const unsigned char *bytes, struct window *window) {
    __m256i first = load(bytes), second = load(bytes + 1), third = load(bytes + 2);
    __m256i even = numbers_of(first, second), odd = numbers_of(second, third);
    __m256i low = _mm256_unpacklo_epi16(even, odd), high = _mm256_unpackhi_epi16(even, odd);
    store_half(window->numbers, _mm256_castsi256_si128(low));
    store_half(window->numbers + 8, _mm256_castsi256_si128(high));
    store_half(window->numbers + 16, _mm256_extracti128_si256(low, 1));
    store_half(window->numbers + 24, _mm256_extracti128_si256(high, 1));
    __m256i above = _mm256_sub_epi8(first, _mm256_set1_epi8((char)0xE4));
    window->ideographs =
        mask_of(_mm256_cmpeq_epi8(_mm256_min_epu8(above, _mm256_set1_epi8(0xE9 - 0xE4)), above));
}

/* Whether a place is in the block. No branch depends on the text: digits and letters are everywhere
 * in it. Eleven ideographs at most begin in 32 bytes; behind them NO_PLACE is looked up. */
AVX2_BMI static inline bool has_place(const unsigned char *bytes, struct window *window) {
    read_window(bytes, window);
    uint32_t latin = mask_of(equal(load(bytes), LATIN_LETTER));
    uint32_t left = window->ideographs, found = 0;
#pragma GCC unroll 11
    for (int i = 0; i < 11; i++) {
        found |= character_entries[window->numbers[_tzcnt_u32(left)]];
        left = _blsr_u32(left);
    }
    return (found & CHARACTER_BEGINS_UTF8) != 0 || latin != 0;
}

AVX2_BMI static size_t double_encoding_avx2(const unsigned char *text, size_t size, size_t at) {
    struct window window;
    window.numbers[BLOCK] = NO_PLACE;
    for (; size - at >= BLOCK_READ; at += BLOCK)
        if (has_place(text + at, &window))
            break;
    if (size - at < BLOCK_READ && size - at > 2 && !has_place(text + size - BLOCK_READ, &window))
        return size;
    while (at < size && at > 0 && (text[at] & 0xC0) == 0x80) /* of a character that is no place */
        at++;
    return scan_for_double_encoding_portable((const char *)text, size, at);
}
#endif

size_t scan_for_double_encoding(const char *text, size_t size, size_t at) {
#if defined(__x86_64__)
    if (size >= BLOCK_READ && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"))
        return double_encoding_avx2((const unsigned char *)text, size, at);
#endif
    return scan_for_double_encoding_portable(text, size, at);
}

/* ---- Both ---- */

#if defined(__x86_64__)
/* size >= BLOCK_READ. */
AVX2_BMI static unsigned text_avx2(const unsigned char *text, size_t size) {
    unsigned found = 0;
    struct window window;
    window.numbers[BLOCK] = NO_PLACE;
    for (size_t at = 0; at + 2 < size && found != (SCAN_MARKS | SCAN_DOUBLE_ENCODINGS);
         at += BLOCK) {
        size_t block = block_at(size, at);
        if (!(found & SCAN_MARKS) &&
            first_mark(text, size, block, may_be_marks(text + block)) < size)
            found |= SCAN_MARKS;
        if (!(found & SCAN_DOUBLE_ENCODINGS) && has_place(text + block, &window))
            found |= SCAN_DOUBLE_ENCODINGS;
    }
    if (is_mark(text, size, size - 2) || is_mark(text, size, size - 1))
        found |= SCAN_MARKS;
    return found;
}
#endif

unsigned scan_text(const char *text, size_t size) {
#if defined(__x86_64__)
    if (size >= BLOCK_READ && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"))
        return text_avx2((const unsigned char *)text, size);
#endif
    return (scan_for_mark_portable(text, size, 0) < size ? SCAN_MARKS : 0u) |
           (scan_for_double_encoding_portable(text, size, 0) < size ? SCAN_DOUBLE_ENCODINGS : 0u);
}
