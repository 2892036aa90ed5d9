/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HTML before it is parsed: whether bytes are HTML at all, the charset they declare, and what has
 * to be put right in the source for libxml2. */
#ifndef XUNZI_INDEXER_HTML_SOURCE_H
#define XUNZI_INDEXER_HTML_SOURCE_H

#include "base/buffer.h"
#include "text/charset.h"

/* Whether a file that begins with these bytes is HTML: a document type or an html element comes
 * first, behind white space, comments and an XML declaration. UTF-16 with a byte order mark is
 * looked at as well. */
bool html_begins(const char *bytes, size_t size);

/* The charset that <meta charset>, <meta http-equiv> or an XML declaration names in the first bytes
 * of a page. False: none does. */
bool html_declared_charset(const char *bytes, size_t size, char name[CHARSET_NAME_SIZE]);

/* Appends the source, well-formed UTF-8, to out as libxml2 is to see it:
 * - comments are left out, with what HTML takes for comments (<!, <? and </ before anything else),
 * and so is the content of scripts and styles;
 * - NULs are left out: libxml2 takes them for the end;
 * - numeric references are as HTML has them: U+FFFD for what is no character, the ones from 128 to
 * 159 by Windows-1252, and
 *   "&#" without a number as it stands; named ones that libxml2 does not know (html_entities.h)
 * are decoded;
 * - a tag keeps its first HTML_ATTRIBUTES attributes: libxml2 compares each new one with all before
 * it. The content of scripts of JSON-LD is appended to linked_data, a NUL behind each. False: no
 * memory. */
enum { HTML_ATTRIBUTES = 500 };
bool html_prepare(const char *text, size_t size, struct buffer *out, struct buffer *linked_data);

#endif
