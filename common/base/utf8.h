/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UTF-8, one code point at a time and whole texts. Well-formed is Unicode 15, table 3-7: no
 * surrogates, no overlong forms, nothing above U+10FFFF. */
#ifndef XUNZI_BASE_UTF8_H
#define XUNZI_BASE_UTF8_H

#include "base/buffer.h"

#define UTF8_REPLACEMENT 0xFFFDu

/* The code point at text[*at], *at moved behind it; *at < size. An ill-formed sequence gives
 * UTF8_ILL_FORMED and is passed over as far as it is a beginning of a well-formed one (at least a
 * byte): "substitution of maximal subparts". */
#define UTF8_ILL_FORMED UINT32_MAX
static inline uint32_t utf8_next(const char *text, size_t size, size_t *at);

/* The same for every sequence; utf8_next answers for most of Chinese text inline. */
uint32_t utf8_next_any(const char *text, size_t size, size_t *at);

/* Writes code_point (a scalar value) as 1 to 4 bytes; returns how many. */
size_t utf8_encode(uint32_t code_point, char out[4]);

/* The same, to the end of out. False: no memory. */
bool utf8_append(struct buffer *out, uint32_t code_point);

/* How many characters begin in text. */
static inline size_t utf8_count(const char *text, size_t size) {
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

/* The size of the longest well-formed beginning of text; equal to size when all of it is. */
size_t utf8_valid_prefix(const char *text, size_t size);

/* The same as it is found where the processor has no AVX2: for tests. */
size_t utf8_valid_prefix_portable(const char *text, size_t size);

/* Appends text to out with U+FFFD in place of each ill-formed sequence; adds their number to
 * *replaced. */
bool utf8_append_repaired(struct buffer *out, const char *text, size_t size, uint64_t *replaced);

static inline uint32_t utf8_next(const char *text, size_t size, size_t *at) {
    const unsigned char *bytes = (const unsigned char *)text + *at;
    if (bytes[0] < 0x80) {
        ++*at;
        return bytes[0];
    }
    /* U+1000 to U+CFFF and U+E000 to U+FFFF: any two continuation bytes may follow. */
    if (size - *at >= 3 && bytes[0] >= 0xE1 && bytes[0] <= 0xEF && bytes[0] != 0xED &&
        (bytes[1] & 0xC0) == 0x80 && (bytes[2] & 0xC0) == 0x80) {
        *at += 3;
        return (uint32_t)(bytes[0] & 0x0F) << 12 | (uint32_t)(bytes[1] & 0x3F) << 6 |
               (uint32_t)(bytes[2] & 0x3F);
    }
    return utf8_next_any(text, size, at);
}

#endif
