/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sentences of XUNZI_SKIPPED: which input, where in it, what is wrong, what happens now. */
#ifndef XUNZI_INDEXER_INPUT_SKIP_H
#define XUNZI_INDEXER_INPUT_SKIP_H

#include <stdint.h>

#include <xunzi/xunzi.h>

/* The path that stands for standard input, and what messages call it. */
#define INPUT_STANDARD "-"
const char *input_display_name(const char *path);

/* Sets "PATH: what; skipped" as the thread's error sentence and returns XUNZI_SKIPPED. A path too
 * long to quote is shown by its beginning and its end. */
xunzi_status input_skip(const char *path, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "PATH: what; the rest of it is skipped". */
xunzi_status input_skip_rest(const char *path, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "PATH, line N: what; line skipped". */
xunzi_status input_skip_line(const char *path, uint64_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
