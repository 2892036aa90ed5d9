/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Named character references that HTML has and libxml2, which knows those of HTML 4, leaves as they
 * are written: "&nbsp" without a semicolon, "&AMP;", and the punctuation of ASCII, "&lpar;". */
#ifndef XUNZI_INDEXER_HTML_ENTITIES_H
#define XUNZI_INDEXER_HTML_ENTITIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The size of the reference at text, an '&', and the character that it stands for; 0: it is none
 * of these. in_tag: in an attribute value, where a name without a semicolon is none in front of
 * "=", a letter or a digit: "?a=1&copy=2" is an address. What ends in a semicolon is taken as a
 * whole: "&notin;" is not "&not" and "in;". */
size_t html_entity_read(const char *text, size_t size, bool in_tag, uint32_t *character);

#endif
