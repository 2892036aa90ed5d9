/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What xunzi-bench says on standard error: "xunzi-bench: sentence", one printable line each. */
#ifndef XUNZI_BENCH_BENCH_MESSAGE_H
#define XUNZI_BENCH_BENCH_MESSAGE_H

#include <stdbool.h>

/* Exit statuses. */
enum { BENCH_EXIT_OK = 0, BENCH_EXIT_FAILURE = 2 };

/* Prints the message and returns false, so that a caller can `return bench_fail(...)`. What the
 * arguments quote may be any bytes. */
bool bench_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* bench_fail, and a second line that names --help. */
bool bench_fail_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
