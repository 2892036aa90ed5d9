/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Passing over clean text: where the next place is at which readings, lost bytes or double
 * encodings are looked for. Most texts have none.
 *
 * `at` is at most size; nothing outside text[0, size) is read. AVX2 is used where the processor has
 * it; the portable ways have names of their own for the tests, and give the same.
 */
#ifndef XUNZI_TEXT_SCAN_H
#define XUNZI_TEXT_SCAN_H

#include <stddef.h>

/* What there is in a text for the scans below to find. */
enum { SCAN_MARKS = 1, SCAN_DOUBLE_ENCODINGS = 2 };

/* Looks for both in one pass, which is all that most texts cost; returns what there is, added up.
 * The text is well-formed UTF-8. */
unsigned scan_text(const char *text, size_t size);

/* The next place at or behind `at` where a question mark, U+FFFD or a parenthesis begins; size:
 * there is none. Parentheses of which it is plain that no reading stands in them are passed over:
 * directly inside is an ideograph of three bytes, or ASCII that is no letter, space or apostrophe.
 */
size_t scan_for_mark(const char *text, size_t size, size_t at);
size_t scan_for_mark_portable(const char *text, size_t size, size_t at);

/* The next place at or behind `at` where text that was encoded twice may begin; size: there is
 * none. The text is well-formed UTF-8, `at` a bound of characters. Text may begin with a Latin
 * letter from U+00C0 to U+00FF, or with a character of charset_begins_utf8 (charset_statistics.h);
 * three bytes at least are left there. */
size_t scan_for_double_encoding(const char *text, size_t size, size_t at);
size_t scan_for_double_encoding_portable(const char *text, size_t size, size_t at);

#endif
