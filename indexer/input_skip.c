/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences about skipped inputs. The error sentence has a fixed size; a path must not crowd out
 * the reason. */
#include "indexer/input_skip.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

enum { QUOTED_PATH_LIMIT = 600, QUOTED_HALF = 280, REASON_SIZE = 600 };

const char *input_display_name(const char *path) {
    if (strcmp(path, INPUT_STANDARD) == 0)
        return "standard input";
    return *path ? path : "''";
}

/* Moves back to where the character that text[at] is in the middle of begins. */
static size_t character_start(const char *text, size_t at) {
    while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80)
        at--;
    return at;
}

static xunzi_status skip(const char *path, const char *place, const char *outcome,
                         const char *format, va_list values) {
    char reason[REASON_SIZE];
    vsnprintf(reason, sizeof reason, format, values);
    const char *name = input_display_name(path);
    size_t size = strlen(name);
    if (size <= QUOTED_PATH_LIMIT)
        return error_set(XUNZI_SKIPPED, "%s%s: %s; %s", name, place, reason, outcome);
    return error_set(XUNZI_SKIPPED, "%.*s…%s%s: %s; %s", (int)character_start(name, QUOTED_HALF),
                     name, name + character_start(name, size - QUOTED_HALF), place, reason,
                     outcome);
}

xunzi_status input_skip(const char *path, const char *format, ...) {
    va_list values;
    va_start(values, format);
    xunzi_status status = skip(path, "", "skipped", format, values);
    va_end(values);
    return status;
}

xunzi_status input_skip_rest(const char *path, const char *format, ...) {
    va_list values;
    va_start(values, format);
    xunzi_status status = skip(path, "", "the rest of it is skipped", format, values);
    va_end(values);
    return status;
}

xunzi_status input_skip_line(const char *path, uint64_t line, const char *format, ...) {
    char place[40];
    snprintf(place, sizeof place, ", line %" PRIu64, line);
    va_list values;
    va_start(values, format);
    xunzi_status status = skip(path, place, "line skipped", format, values);
    va_end(values);
    return status;
}
