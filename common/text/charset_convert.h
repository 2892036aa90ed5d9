/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes of a given charset to UTF-8, by ICU; UTF-8 itself by base/utf8.h. For charset.c. */
#ifndef XUNZI_TEXT_CHARSET_CONVERT_H
#define XUNZI_TEXT_CHARSET_CONVERT_H

#include "text/charset.h"

/* Appends the text of bytes to out, U+FFFD in place of each sequence that is no character there;
 * adds their number to *ill_formed. name is ICU's for CHARSET_DECLARED. False: no memory, or ICU
 * does not know the name. */
bool charset_convert(enum charset charset, const char *name, const char *bytes, size_t size,
                     struct buffer *out, uint64_t *ill_formed);

#endif
