/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of xunzi-bench. */
#include "bench_message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <xunzi/xunzi.h>

static void print_message(const char *format, va_list arguments) {
    char *message = NULL, *line = NULL;
    if (vasprintf(&message, format, arguments) < 0)
        message = NULL;
    if (message && xunzi_print_safe(xunzi_string_of(message), true, &line) == XUNZI_OK)
        fprintf(stderr, "xunzi-bench: %s\n", line);
    else
        fputs("xunzi-bench: not enough memory\n", stderr);
    free(line);
    free(message);
}

bool bench_fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print_message(format, arguments);
    va_end(arguments);
    return false;
}

bool bench_fail_usage(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print_message(format, arguments);
    va_end(arguments);
    fputs("Try 'xunzi-bench --help'.\n", stderr);
    return false;
}
