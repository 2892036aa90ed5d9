/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON objects as nearly all documents are written, read without json-c, which takes five times as
 * long: of the members of json_members.h alone, each at most once, all of them strings without
 * oddities. What is not surely one is left to json-c. */
#ifndef XUNZI_INDEXER_JSON_FLAT_H
#define XUNZI_INDEXER_JSON_FLAT_H

#include <xunzi/xunzi.h>

#include "base/buffer.h"

/* Reads json, well-formed UTF-8, to *document, whose strings point into it or into `unescaped`,
 * which is overwritten. False: it is something else, or has no body, or there is no memory. */
bool json_flat_read(const char *json, size_t size, struct buffer *unescaped,
                    xunzi_document *document);

#endif
