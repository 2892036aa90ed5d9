/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Growing runs of bytes and arrays: doubling, overflow checked. */
#include "base/buffer.h"

#include <stdio.h>
#include <stdlib.h>

void buffer_free(struct buffer *buffer) {
    free(buffer->data);
    *buffer = (struct buffer){0};
}

bool array_reserve(void *items, size_t *capacity, size_t needed, size_t item_size) {
    if (needed <= *capacity)
        return true;
    size_t grown = *capacity < 16 ? 16 : *capacity;
    while (grown < needed) {
        if (grown > SIZE_MAX / 2)
            return false;
        grown *= 2;
    }
    if (grown > SIZE_MAX / item_size)
        return false;
    void *old;
    memcpy(&old, items, sizeof old);
    void *moved = realloc(old, grown * item_size);
    if (!moved)
        return false;
    memcpy(items, &moved, sizeof moved);
    *capacity = grown;
    return true;
}

bool buffer_reserve(struct buffer *buffer, size_t more) {
    if (more > SIZE_MAX - buffer->size)
        return false;
    return array_reserve(&buffer->data, &buffer->capacity, buffer->size + more, 1);
}

bool buffer_append(struct buffer *buffer, const void *data, size_t size) {
    if (size == 0)
        return true;
    if (!buffer_reserve(buffer, size))
        return false;
    memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
    return true;
}

bool buffer_append_text(struct buffer *buffer, const char *text) {
    return buffer_append(buffer, text, strlen(text));
}

bool buffer_append_byte(struct buffer *buffer, char byte) {
    return buffer_append(buffer, &byte, 1);
}

bool buffer_vprintf(struct buffer *buffer, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (size < 0 || !buffer_reserve(buffer, (size_t)size + 1))
        return false;
    vsnprintf(buffer->data + buffer->size, (size_t)size + 1, format, arguments);
    buffer->size += (size_t)size;
    return true;
}

bool buffer_printf(struct buffer *buffer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    bool ok = buffer_vprintf(buffer, format, arguments);
    va_end(arguments);
    return ok;
}

bool buffer_terminate(struct buffer *buffer) {
    if (!buffer_reserve(buffer, 1))
        return false;
    buffer->data[buffer->size] = '\0';
    return true;
}

bool buffer_append_varint(struct buffer *buffer, uint64_t value) {
    char bytes[10];
    size_t size = 0;
    while (value >= 0x80) {
        bytes[size++] = (char)(value | 0x80);
        value >>= 7;
    }
    bytes[size++] = (char)value;
    return buffer_append(buffer, bytes, size);
}
