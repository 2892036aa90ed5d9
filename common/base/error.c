/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The thread's last error. The sentence is kept in a fixed block, so that running out of memory can
 * be told too. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "base/utf8.h"

enum { SENTENCE_SIZE = 2048 };

static _Thread_local char sentence[SENTENCE_SIZE];

/* The largest beginning of text, shorter than SENTENCE_SIZE, that ends with a whole character.
 * `cut`: the end may be missing even where text is short enough. */
static size_t whole_characters(const char *text, size_t size, bool cut) {
    if (size >= SENTENCE_SIZE) {
        size = SENTENCE_SIZE - 1;
        cut = true;
    }
    if (!cut)
        return size;
    size_t last = size;
    while (last > 0 && size - last < 4 && ((unsigned char)text[last - 1] & 0xC0) == 0x80)
        last--;
    size_t at = last > 0 ? last - 1 : 0; /* where the last character begins */
    return at < size && utf8_next(text, size, &at) == UTF8_ILL_FORMED ? last - 1 : size;
}

/* Copies text, which vsnprintf may have cut, into the thread's sentence, made printable. */
static void keep(const char *text) {
    struct buffer safe = {0};
    size_t size = strlen(text);
    size = whole_characters(text, size, size == SENTENCE_SIZE - 1);
    if (printable_append(&safe, text, size, true)) {
        size = whole_characters(safe.data, safe.size, false);
        if (size > 0)
            memcpy(sentence, safe.data, size);
    } else {
        size = 0;
    }
    sentence[size] = '\0';
    buffer_free(&safe);
}

xunzi_status error_set(xunzi_status status, const char *format, ...) {
    char text[SENTENCE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    keep(text);
    return status;
}

xunzi_status error_set_errno(int error_number, const char *format, ...) {
    char text[SENTENCE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    size_t used = written < 0 ? 0 : strnlen(text, sizeof text);
    snprintf(text + used, sizeof text - used, ": %s", strerror(error_number));
    keep(text);
    switch (error_number) {
    case ENOMEM:
        return XUNZI_ERROR_NO_MEMORY;
    case ENOENT:
    case ENOTDIR:
        return XUNZI_ERROR_NOT_FOUND;
    default:
        return XUNZI_ERROR_IO;
    }
}

xunzi_status error_no_memory(void) {
    static const char text[] = "not enough memory";
    memcpy(sentence, text, sizeof text);
    return XUNZI_ERROR_NO_MEMORY;
}

const char *xunzi_error_message(void) {
    return sentence[0] ? sentence : "no error";
}

const char *xunzi_status_name(xunzi_status status) {
    switch (status) {
    case XUNZI_OK:
        return "ok";
    case XUNZI_END:
        return "end";
    case XUNZI_SKIPPED:
        return "skipped";
    case XUNZI_ERROR_INVALID_ARGUMENT:
        return "invalid argument";
    case XUNZI_ERROR_NOT_FOUND:
        return "not found";
    case XUNZI_ERROR_NOT_A_COLLECTION:
        return "not a collection";
    case XUNZI_ERROR_NEWER_FORMAT:
        return "newer format";
    case XUNZI_ERROR_LOCKED:
        return "locked";
    case XUNZI_ERROR_UNSUPPORTED:
        return "unsupported";
    case XUNZI_ERROR_LIMIT:
        return "over a limit";
    case XUNZI_ERROR_IO:
        return "input or output failed";
    case XUNZI_ERROR_CORRUPT:
        return "damaged";
    case XUNZI_ERROR_NO_MEMORY:
        return "out of memory";
    case XUNZI_ERROR_INTERNAL:
        return "internal error";
    }
    return "unknown status";
}
