/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of terms, in the catalog and in segments. Folded text never begins with an upper-case
 * ASCII letter, so a prefix of such letters keeps the namespaces apart, as is Xapian's convention:
 *
 *     (none)   bigrams, characters and Latin tokens of title and body
 *     XW       words of title and body
 *     S        bigrams, characters and Latin tokens of the title alone; no wdf, so the document's
 *              length does not count them
 *     E        in segments of the full profile, characters at the edges of their runs, with their
 *              places
 *     Q        the document's id; in the catalog alone, segments have a column of their own
 *     XSOURCE  its source, folded; no wdf
 *
 * A name that is longer than TERM_NAME_MOST bytes, holds a NUL or begins with the byte 1 is stood
 * for by the byte 1 and the 32 hexadecimal digits of its XXH3 128-bit hash, since Xapian's terms
 * are short (245 bytes).
 */
#ifndef XUNZI_TEXT_TERMS_H
#define XUNZI_TEXT_TERMS_H

#include <xunzi/xunzi.h>

#include "base/buffer.h"

#define TERM_PREFIX_NONE ""
#define TERM_PREFIX_WORD "XW"
#define TERM_PREFIX_TITLE "S"
#define TERM_PREFIX_EDGE "E"
#define TERM_PREFIX_ID "Q"
#define TERM_PREFIX_SOURCE "XSOURCE"

enum { TERM_NAME_MOST = 128 };

/* Appends the term for a name. */
bool term_append(struct buffer *out, const char *prefix, const char *name, size_t size);

/* Appends the term for a document's id as a caller gives it: ill-formed UTF-8 in it is read as it
 * was when the document was stored. */
bool term_append_id(struct buffer *out, xunzi_string id);

/* The prefix and namespace of tokens of this kind. */
const char *term_prefix_of(xunzi_token_kind kind);

/* Whether queries rank by this term: it is one of the first two namespaces. */
bool term_is_ranked(const char *term, size_t size);

/* Appends XXH3's 128-bit hash of data as 32 hexadecimal digits. */
bool term_append_hash(struct buffer *out, const void *data, size_t size);

#endif
