/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of text, catalog and searcher share: random text that is the same in every run,
 * and blocks of memory of just their size, so that a sanitizer sees a read behind their end. */
#ifndef XUNZI_TESTS_TEXT_SUPPORT_H
#define XUNZI_TESTS_TEXT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <xunzi/xunzi.h>

#include "base/buffer.h"

/* A string literal as a xunzi_string, NULs inside kept. */
#define TEXT(literal) ((xunzi_string){("" literal), sizeof(literal) - 1})

/* Asserts that a call gave XUNZI_OK; shows the library's sentence where it did not. */
#define assert_ok(call) assert_status(XUNZI_OK, call)
#define assert_status(expected, call) \
    assert_status_at((expected), (call), #call, __FILE__, __LINE__)
void assert_status_at(xunzi_status expected, xunzi_status status, const char *call,
                      const char *file, int line);

/* Asserts that two strings are equal; shows both where they are not. */
#define assert_text(expected, string) assert_text_at((expected), (string), __FILE__, __LINE__)
void assert_text_at(xunzi_string expected, xunzi_string string, const char *file, int line);

void random_seed(uint64_t seed);
uint32_t random_below(uint32_t bound);

void append_code_point(struct buffer *text, uint32_t code_point);

/* Appends one of the characters of a UTF-8 string. */
void append_one_of(struct buffer *text, const char *characters);

/* A text of `count` random characters, of all kinds that are treated each in a way of their own. */
void random_text(struct buffer *text, size_t count);

/* A copy in a block of just `size` bytes; the caller's. */
char *exact_copy(const char *data, size_t size);

#endif
