/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UTF-16 to UTF-8, a piece at a time. */
#ifndef XUNZI_INDEXER_UTF16_DECODER_H
#define XUNZI_INDEXER_UTF16_DECODER_H

#include "base/buffer.h"

struct utf16_decoder {
    bool active;
    bool big;              /* the high byte of a unit comes first */
    unsigned char kept[3]; /* bytes of a character that is not complete yet */
    size_t kept_size;
};

/* Begins, where bytes begin with a byte order mark of UTF-16; its size, or 0. */
size_t utf16_decoder_begin(struct utf16_decoder *decoder, const char *bytes, size_t size);

/* Appends the piece as UTF-8 to out; U+FFFD for each unit without its other half, and for what the
 * end cuts. ended: there is no more. False: no memory. */
bool utf16_decoder_append(struct utf16_decoder *decoder, const char *bytes, size_t size, bool ended,
                          struct buffer *out);

#endif
