/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conversion in pieces, so that nothing of the size of the text is needed but the text. */
#include "text/charset_convert.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/utf16.h>

#include "base/utf8.h"

enum { PIECE = 4096 };

/* Puts U+FFFD, or the euro sign that Windows has as the lone byte 80 of GBK, and counts. */
static void U_CALLCONV replace(const void *context, UConverterToUnicodeArgs *arguments,
                               const char *units, int32_t length, UConverterCallbackReason reason,
                               UErrorCode *code) {
    if (reason > UCNV_IRREGULAR)
        return;
    UChar replacement = UTF8_REPLACEMENT;
    if (length == 1 && (unsigned char)units[0] == 0x80)
        replacement = 0x20AC;
    else
        ++*(uint64_t *)context;
    *code = U_ZERO_ERROR;
    ucnv_cbToUWriteUChars(arguments, &replacement, 1, 0, code);
}

static const char *icu_name(enum charset charset, const char *name) {
    switch (charset) {
    case CHARSET_GB18030:
        return "gb18030";
    case CHARSET_BIG5:
        return "Big5-HKSCS";
    case CHARSET_UTF16LE:
        return "UTF-16LE";
    case CHARSET_UTF16BE:
        return "UTF-16BE";
    default:
        return name;
    }
}

/* Appends units, of which the last may be the first half of a pair; *high carries it to the next
 * call. */
static bool append_units(struct buffer *out, const UChar *units, size_t count, uint32_t *high) {
    if (!buffer_reserve(out, count * 3 + 4))
        return false;
    for (size_t i = 0; i < count; i++) {
        uint32_t c = units[i];
        if (U16_IS_LEAD(c)) {
            *high = c;
            continue;
        }
        if (U16_IS_TRAIL(c))
            c = (uint32_t)U16_GET_SUPPLEMENTARY(*high, c);
        out->size += utf8_encode(c, out->data + out->size);
    }
    return true;
}

static bool convert(UConverter *converter, const char *bytes, size_t size, struct buffer *out) {
    UChar piece[PIECE];
    uint32_t high = 0;
    const char *at = bytes;
    UErrorCode code;
    do {
        UChar *end = piece;
        code = U_ZERO_ERROR;
        ucnv_toUnicode(converter, &end, piece + PIECE, &at, bytes + size, NULL, true, &code);
        if (!append_units(out, piece, (size_t)(end - piece), &high))
            return false;
    } while (code == U_BUFFER_OVERFLOW_ERROR);
    return U_SUCCESS(code);
}

bool charset_convert(enum charset charset, const char *name, const char *bytes, size_t size,
                     struct buffer *out, uint64_t *ill_formed) {
    if (charset == CHARSET_UTF8)
        return utf8_append_repaired(out, bytes, size, ill_formed);
    if (size == 0)
        return true;
    UErrorCode code = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(icu_name(charset, name), &code);
    if (U_FAILURE(code))
        return false;
    ucnv_setToUCallBack(converter, replace, ill_formed, NULL, NULL, &code);
    bool ok = U_SUCCESS(code) && convert(converter, bytes, size, out);
    ucnv_close(converter);
    return ok;
}
