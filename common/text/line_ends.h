/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the lines of a text end. Where the processor has AVX2 a block of 64 bytes becomes a word of
 * bits, and writing down the first of them takes no branch, as the index of simdjson is made
 * (Langdale and Lemire, "Parsing gigabytes of JSON per second", 2019): few blocks have two.
 * Otherwise sixteen bytes are compared at once; the results are the same.
 */
#ifndef XUNZI_TEXT_LINE_ENDS_H
#define XUNZI_TEXT_LINE_ENDS_H

#include <stddef.h>
#include <stdint.h>

enum { LINE_ENDS_MOST = 4096 /* bytes that are looked at in one call */ };

/* Writes where LF and CR stand in text, ascending; size is at most LINE_ENDS_MOST, and `ends` has
 * room for as many. Returns how many there are; what lies behind them may be written, too. */
size_t line_ends_find(const char *text, size_t size, uint16_t ends[LINE_ENDS_MOST]);

/* As it is done where the processor has no AVX2: for tests. */
size_t line_ends_find_portable(const char *text, size_t size, uint16_t ends[LINE_ENDS_MOST]);

#endif
