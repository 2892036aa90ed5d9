/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growing run of bytes. Zero-initialised is empty; functions that grow return false where memory
 * runs out, and leave the contents as they were. */
#ifndef XUNZI_BASE_BUFFER_H
#define XUNZI_BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buffer {
    char *data;
    size_t size;
    size_t capacity;
};

void buffer_free(struct buffer *buffer);

/* Makes room for `more` bytes behind the end. */
bool buffer_reserve(struct buffer *buffer, size_t more);

bool buffer_append(struct buffer *buffer, const void *data, size_t size);
bool buffer_append_text(struct buffer *buffer, const char *text);
bool buffer_append_byte(struct buffer *buffer, char byte);
bool buffer_printf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool buffer_vprintf(struct buffer *buffer, const char *format, va_list arguments);

/* Puts a NUL behind the end, not counted in size. */
bool buffer_terminate(struct buffer *buffer);

/* Unsigned LEB128: 7 bits a byte, least significant first, high bit set on all but the last. */
bool buffer_append_varint(struct buffer *buffer, uint64_t value);

/* Reads such a number of at most bytes_most bytes, 9 or fewer, and moves *at behind it. False: it
 * does not end there or before `end`. */
static inline bool varint_read(const uint8_t **at, const uint8_t *end, unsigned bytes_most,
                               uint64_t *value) {
    *value = 0;
    for (unsigned shift = 0; shift < 7 * bytes_most && *at < end; shift += 7) {
        uint8_t byte = *(*at)++;
        *value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

static inline void buffer_clear(struct buffer *buffer) {
    buffer->size = 0;
}

/* The order of two runs of bytes, a beginning of the other first: negative, 0 or positive. */
static inline int bytes_compare(const void *a, size_t a_size, const void *b, size_t b_size) {
    size_t shared = a_size < b_size ? a_size : b_size;
    int order = shared > 0 ? memcmp(a, b, shared) : 0;
    return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

/* Grows the array that *items points to, of *capacity items of item_size bytes, to hold at least
 * `needed`. */
bool array_reserve(void *items, size_t *capacity, size_t needed, size_t item_size);

#endif
