/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Passing over clean text, 16 to 64 bytes at once. */
#include "text/scan.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "text/charset_statistics.h"

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

/* Sixteen bytes at once, in the vector types that gcc and clang share. */
typedef unsigned char lanes __attribute__((vector_size(16)));

static lanes load_lanes(const unsigned char *bytes) {
    lanes loaded;
    memcpy(&loaded, bytes, sizeof loaded);
    return loaded;
}

/* Whether a mark may begin in sixteen bytes: of U+FFFD and the full-width ones the first and the
 * last byte are looked at. Two bytes behind the sixteen are read. */
static bool may_have_mark(const unsigned char *bytes) {
    lanes first = load_lanes(bytes), last = load_lanes(bytes + 2);
    lanes ascii = (lanes)(first == '?') | (lanes)((first & 0xFE) == '(');
    lanes wide = (lanes)((last & 0xFE) == 0x88) | (lanes)(last == 0x9F) | (lanes)(last == 0xBD);
    lanes found = ascii | ((lanes)(first == 0xEF) & wide);
    uint64_t halves[2];
    memcpy(halves, &found, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

size_t scan_for_mark_portable(const char *text, size_t size, size_t at) {
    const unsigned char *bytes = (const unsigned char *)text;
    while (size - at >= sizeof(lanes) + 2) {
        size_t end = at + sizeof(lanes);
        for (at = may_have_mark(bytes + at) ? at : end; at < end; at++)
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

AVX2_INLINE __m256i equal(__m256i bytes, unsigned char byte) {
    return _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8((char)byte));
}

/* A bit for each of 32 bytes where a mark may begin: of U+FFFD and the full-width ones the first
 * and the last byte are looked at. Two bytes behind the 32 are read. */
AVX2_INLINE __m256i may_be_marks(const unsigned char *bytes) {
    const __m256i but_lowest = _mm256_set1_epi8((char)0xFE);
    __m256i first = load(bytes), third = load(bytes + 2);
    __m256i ascii =
        _mm256_or_si256(equal(first, '?'), equal(_mm256_and_si256(first, but_lowest), '('));
    __m256i last = _mm256_or_si256(equal(_mm256_and_si256(third, but_lowest), 0x88),
                                   _mm256_or_si256(equal(third, 0x9F), equal(third, 0xBD)));
    return _mm256_or_si256(ascii, _mm256_and_si256(equal(first, 0xEF), last));
}

AVX2 static size_t mark_avx2(const unsigned char *text, size_t size, size_t at) {
    const size_t half = sizeof(__m256i);
    for (; size - at >= 2 * half + 2; at += 2 * half) {
        __m256i low = may_be_marks(text + at), high = may_be_marks(text + at + half);
        if (_mm256_testz_si256(_mm256_or_si256(low, high), _mm256_set1_epi8(-1)))
            continue;
        uint64_t marks = (uint32_t)_mm256_movemask_epi8(low) |
                         (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
        for (; marks; marks &= marks - 1) {
            size_t place = at + (size_t)__builtin_ctzll(marks);
            if (is_mark(text, size, place))
                return place;
        }
    }
    return scan_for_mark_portable((const char *)text, size, at);
}
#endif

size_t scan_for_mark(const char *text, size_t size, size_t at) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return mark_avx2((const unsigned char *)text, size, at);
#endif
    return scan_for_mark_portable(text, size, at);
}

/* ---- Text encoded twice ---- */

enum { LATIN_LETTER = 0xC3 };

/* The code point of three bytes of a character. */
static inline bool begins_utf8(const unsigned char *utf8) {
    return charset_begins_utf8[(utf8[0] & 0xFu) << 12 | (utf8[1] & 0x3Fu) << 6 | (utf8[2] & 0x3Fu)];
}

static inline bool has_three_bytes(unsigned char first) {
    return first >> 4 == 0xE;
}

size_t scan_for_double_encoding_portable(const char *text, size_t size, size_t at) {
    const unsigned char *begin = (const unsigned char *)text, *end = begin + size;
    const unsigned char *next = begin + at;
    while (end - next >= 3) {
        for (; end - next >= 3 && has_three_bytes(*next); next += 3)
            if (begins_utf8(next))
                return (size_t)(next - begin);
        for (; end - next >= 3 && !has_three_bytes(*next); next++)
            if (*next == LATIN_LETTER)
                return (size_t)(next - begin);
    }
    return size;
}

#if defined(__x86_64__)
/* What stands at 32 places, if a character of three bytes begins there: its code point. */
struct window {
    uint16_t code_points[33]; /* in the order of the mask's bits; the last is 0 */
    uint32_t three;           /* where one does begin */
};

/* The code points of every other place: the low byte of each pair of bytes is a first byte, the
 * next pair has the other two. */
AVX2_INLINE __m256i code_points(__m256i first, __m256i rest) {
    __m256i low = _mm256_maddubs_epi16(_mm256_and_si256(rest, _mm256_set1_epi16(0x3F3F)),
                                       _mm256_set1_epi16(0x0140));
    return _mm256_or_si256(_mm256_slli_epi16(first, 12), low);
}

AVX2_INLINE __m256i begin_three(__m256i first) {
    return _mm256_cmpeq_epi16(_mm256_and_si256(first, _mm256_set1_epi16(0xF0)),
                              _mm256_set1_epi16(0xE0));
}

AVX2_INLINE void store_half(uint16_t *out, __m128i half) {
    _mm_storeu_si128((__m128i *)(void *)out, half);
}

/* Two bytes behind the 32 are read. */
AVX2_INLINE void read_window(const unsigned char *bytes, struct window *window) {
    __m256i first = load(bytes), second = load(bytes + 1), third = load(bytes + 2);
    __m256i even = code_points(first, second), odd = code_points(second, third);
    store_half(window->code_points, _mm256_castsi256_si128(even));
    store_half(window->code_points + 8, _mm256_castsi256_si128(odd));
    store_half(window->code_points + 16, _mm256_extracti128_si256(even, 1));
    store_half(window->code_points + 24, _mm256_extracti128_si256(odd, 1));
    window->three =
        (uint32_t)_mm256_movemask_epi8(_mm256_packs_epi16(begin_three(first), begin_three(second)));
}

/* Whether a place is among 32. No branch depends on the text: digits and letters are everywhere in
 * it. Eleven characters of three bytes at most begin in 32 bytes, and nothing stands behind bit 31.
 */
AVX2_BMI static inline bool has_place(const unsigned char *bytes, struct window *window) {
    read_window(bytes, window);
    uint32_t latin = (uint32_t)_mm256_movemask_epi8(equal(load(bytes), LATIN_LETTER));
    uint32_t left = window->three, found = 0;
#pragma GCC unroll 11
    for (int i = 0; i < 11; i++) {
        found |= charset_begins_utf8[window->code_points[_tzcnt_u32(left)]];
        left = _blsr_u32(left);
    }
    return (found | latin) != 0;
}

AVX2_BMI static size_t double_encoding_avx2(const unsigned char *text, size_t size, size_t at) {
    struct window window;
    window.code_points[32] = 0;
    while (size - at >= sizeof(__m256i) + 2 && !has_place(text + at, &window))
        at += sizeof(__m256i);
    while (at < size && at > 0 && (text[at] & 0xC0) == 0x80) /* into a character that is no place */
        at++;
    return scan_for_double_encoding_portable((const char *)text, size, at);
}
#endif

size_t scan_for_double_encoding(const char *text, size_t size, size_t at) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"))
        return double_encoding_avx2((const unsigned char *)text, size, at);
#endif
    return scan_for_double_encoding_portable(text, size, at);
}
