/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing and reading the text code. */
#include "segment/text_code.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/utf8.h"

bool text_code_append(struct buffer *out, const char *text, size_t size) {
    if (!buffer_reserve(out, size + size / 3 + 4))
        return false;
    uint8_t *to = (uint8_t *)out->data + out->size;
    for (size_t at = 0; at < size;) {
        uint32_t c = utf8_next(text, size, &at);
        if (c < 0x80) {
            *to++ = (uint8_t)c;
            continue;
        }
        if (c == UTF8_ILL_FORMED)
            c = UTF8_REPLACEMENT;
        uint16_t code = c < 0x10000 ? text_code_of[c] : TEXT_CODE_NONE;
        if (code != TEXT_CODE_NONE) {
            *to++ = (uint8_t)(0x80 + (code >> 8));
            *to++ = (uint8_t)code;
        } else {
            *to++ = 0xFF;
            *to++ = (uint8_t)c;
            *to++ = (uint8_t)(c >> 8);
            *to++ = (uint8_t)(c >> 16);
        }
    }
    out->size = (size_t)(to - (uint8_t *)out->data);
    return true;
}

bool text_code_read(struct buffer *out, const char *code, size_t size) {
    const uint8_t *at = (const uint8_t *)code, *end = at + size;
    if (!buffer_reserve(out, 2 * size + 4))
        return false;
    while (at < end) {
        uint32_t c = *at++;
        if (c >= 0x80) {
            if (end - at < (c == 0xFF ? 3 : 1))
                return false;
            if (c == 0xFF) {
                c = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16;
                at += 3;
                if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
                    return false;
            } else {
                c = text_code_character[(c - 0x80) << 8 | *at++];
            }
        }
        out->size += utf8_encode(c, out->data + out->size);
    }
    return true;
}

uint64_t text_code_check(void) {
    return XXH3_64bits(text_code_character, sizeof text_code_character);
}
