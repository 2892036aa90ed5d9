/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making text fit for a terminal. */
#include "base/printable.h"

#include "base/utf8.h"

static bool is_unsafe(uint32_t code_point) {
    return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || code_point == 0x061C ||
           code_point == 0x200E || code_point == 0x200F ||
           (code_point >= 0x2028 && code_point <= 0x202E) ||
           (code_point >= 0x2066 && code_point <= 0x2069) || code_point == 0xFEFF ||
           (code_point & 0xFFFE) == 0xFFFE || (code_point >= 0xFDD0 && code_point <= 0xFDEF) ||
           (code_point >= 0xE0000 && code_point <= 0xE007F);
}

bool printable_append(struct buffer *out, const char *text, size_t size, bool one_line) {
    size_t kept = 0; /* text[kept, at) is safe and not yet copied */
    for (size_t at = 0; at < size;) {
        size_t start = at;
        uint32_t code_point = utf8_next(text, size, &at);
        bool layout = code_point == '\t' || code_point == '\n';
        if (code_point != UTF8_ILL_FORMED && (!is_unsafe(code_point) || (layout && !one_line)))
            continue;
        bool ok = buffer_append(out, text + kept, start - kept);
        if (layout) {
            ok = ok && buffer_append_byte(out, ' ');
        } else if (code_point == UTF8_ILL_FORMED || code_point < 0x80) {
            for (size_t i = start; i < at && ok; i++)
                ok = buffer_printf(out, "\\x%02X", (unsigned)(unsigned char)text[i]);
        } else {
            ok = ok && buffer_printf(out, "\\u{%04X}", (unsigned)code_point);
        }
        if (!ok)
            return false;
        kept = at;
    }
    return kept == size || buffer_append(out, text + kept, size - kept);
}
