/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UTF-8 by Unicode 15, table 3-7 (well-formed byte sequences) and section 3.9 (maximal subparts).
 */
#include "base/utf8.h"

uint32_t utf8_next_any(const char *text, size_t size, size_t *at) {
    size_t i = *at;
    unsigned char lead = (unsigned char)text[i++];
    *at = i;
    if (lead < 0x80)
        return lead;
    unsigned char low = 0x80, high = 0xBF; /* what the second byte may be */
    int trailing;
    uint32_t code_point;
    if (lead >= 0xC2 && lead <= 0xDF) {
        trailing = 1;
        code_point = lead & 0x1F;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        trailing = 2;
        code_point = lead & 0x0F;
        if (lead == 0xE0)
            low = 0xA0;
        else if (lead == 0xED)
            high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        trailing = 3;
        code_point = lead & 0x07;
        if (lead == 0xF0)
            low = 0x90;
        else if (lead == 0xF4)
            high = 0x8F;
    } else {
        return UTF8_ILL_FORMED;
    }
    for (; trailing > 0; trailing--) {
        if (i >= size || (unsigned char)text[i] < low || (unsigned char)text[i] > high) {
            *at = i;
            return UTF8_ILL_FORMED;
        }
        code_point = code_point << 6 | ((unsigned char)text[i++] & 0x3F);
        low = 0x80;
        high = 0xBF;
    }
    *at = i;
    return code_point;
}

size_t utf8_encode(uint32_t code_point, char out[4]) {
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (char)(0xC0 | code_point >> 6);
        out[1] = (char)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = (char)(0xE0 | code_point >> 12);
        out[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code_point & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code_point >> 18);
    out[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code_point & 0x3F));
    return 4;
}

bool utf8_append(struct buffer *out, uint32_t code_point) {
    char bytes[4];
    return buffer_append(out, bytes, utf8_encode(code_point, bytes));
}
