/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How text is written before it is deflated: UTF-8 takes three bytes for a Han character and hides
 * from deflate that they are one; here most of what Chinese text holds takes two. (A million
 * documents, level 1, blocks of 64 KiB: 0.43 of the UTF-8 size, against 0.53 for UTF-8 itself and
 * 0.47 for UTF-16.)
 *
 *     00..7F          ASCII
 *     80..FE, 00..FF  code (first - 0x80) * 256 + second, of the table
 *     FF, u24         any other code point, little-endian
 *
 * The table is made when Xunzi is built and is part of the format: text_code_check tells whether a
 * file was written with it.
 */
#ifndef XUNZI_SEGMENT_TEXT_CODE_H
#define XUNZI_SEGMENT_TEXT_CODE_H

#include "base/buffer.h"

enum { TEXT_CODES = 127 * 256, TEXT_CODE_NONE = 0xFFFF };

extern const uint16_t text_code_of[0x10000];
extern const uint16_t text_code_character[TEXT_CODES];

/* Appends well-formed UTF-8 in code; the code is never larger than 4/3 of it. False: no memory. */
bool text_code_append(struct buffer *out, const char *text, size_t size);

/* Appends code as UTF-8. False: it is no code, or no memory. */
bool text_code_read(struct buffer *out, const char *code, size_t size);

/* A hash of the table. */
uint64_t text_code_check(void);

#endif
