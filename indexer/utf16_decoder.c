/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UTF-16 by Unicode 15, section 3.9. */
#include "indexer/utf16_decoder.h"

#include "base/utf8.h"

size_t utf16_decoder_begin(struct utf16_decoder *decoder, const char *bytes, size_t size) {
    bool little = size >= 2 && memcmp(bytes, "\xFF\xFE", 2) == 0;
    bool big = size >= 2 && memcmp(bytes, "\xFE\xFF", 2) == 0;
    *decoder = (struct utf16_decoder){.active = little || big, .big = big};
    return decoder->active ? 2 : 0;
}

static uint32_t unit_at(const struct utf16_decoder *decoder, const unsigned char *bytes) {
    return decoder->big ? (uint32_t)bytes[0] << 8 | bytes[1] : (uint32_t)bytes[1] << 8 | bytes[0];
}

/* Appends the unit or pair that bytes begin with; *used: its size. */
static bool append_character(const struct utf16_decoder *decoder, const unsigned char *bytes,
                             size_t size, struct buffer *out, size_t *used) {
    uint32_t unit = unit_at(decoder, bytes);
    *used = 2;
    if ((unit & 0xF800) != 0xD800)
        return utf8_append(out, unit);
    uint32_t low = size >= 4 && (unit & 0xFC00) == 0xD800 ? unit_at(decoder, bytes + 2) : 0;
    if ((low & 0xFC00) != 0xDC00)
        return utf8_append(out, UTF8_REPLACEMENT);
    *used = 4;
    return utf8_append(out, 0x10000 + ((unit & 0x3FF) << 10 | (low & 0x3FF)));
}

bool utf16_decoder_append(struct utf16_decoder *decoder, const char *bytes, size_t size, bool ended,
                          struct buffer *out) {
    const unsigned char *at = (const unsigned char *)bytes, *end = at + size;
    unsigned char joined[8];
    if (!buffer_reserve(out, size / 2 * 3 + 8))
        return false;
    while (decoder->kept_size > 0 && at < end) {
        /* What was kept, with as much behind it as completes a character. */
        size_t kept = decoder->kept_size,
               more = (size_t)(end - at) < 4 - kept ? (size_t)(end - at) : 4 - kept, used;
        memcpy(joined, decoder->kept, kept);
        memcpy(joined + kept, at, more);
        bool is_high = kept + more >= 2 && (unit_at(decoder, joined) & 0xFC00) == 0xD800;
        if (kept + more < (is_high ? 4u : 2u)) {
            memcpy(decoder->kept + kept, at, more);
            decoder->kept_size += more;
            at = end;
            break;
        }
        if (!append_character(decoder, joined, kept + more, out, &used))
            return false;
        decoder->kept_size = kept > used ? kept - used : 0;
        memmove(decoder->kept, decoder->kept + (kept - decoder->kept_size), decoder->kept_size);
        at += used > kept ? used - kept : 0;
    }
    while (end - at >= 2) {
        size_t used;
        if (end - at < 4 && !ended && (unit_at(decoder, at) & 0xFC00) == 0xD800)
            break;
        if (!append_character(decoder, at, (size_t)(end - at), out, &used))
            return false;
        at += used;
    }
    if (at < end) {
        memcpy(decoder->kept, at, (size_t)(end - at));
        decoder->kept_size = (size_t)(end - at);
    }
    bool ok = true;
    for (; ended && decoder->kept_size > 0 && ok;
         decoder->kept_size -= decoder->kept_size >= 2 ? 2 : 1)
        ok = utf8_append(out, UTF8_REPLACEMENT);
    return ok;
}
