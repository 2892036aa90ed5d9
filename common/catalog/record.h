/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A document as it is stored: the original members, deflated.
 *
 *     byte     1: version of this layout
 *     varint   size of each member: id, title, body, date, source, url, extra (LEB128)
 *     rest     the members' bytes one behind the other, as one zlib stream (RFC 1950)
 *
 * A document that is searched through edits (text/edits.h) has version 2: three numbers more, the
 * sizes of the encoded edits of title, body and source, 0 where there are none; and these edits
 * behind the members in the stream.
 */
#ifndef XUNZI_CATALOG_RECORD_H
#define XUNZI_CATALOG_RECORD_H

#include <xunzi/xunzi.h>

#include "base/buffer.h"
#include "text/document_edits.h"

/* Appends the record of document, whose members together are at most XUNZI_MAX_DOCUMENT_BYTES, and
 * of its edits, which may be NULL. XUNZI_ERROR_LIMIT: these are too many. */
xunzi_status record_encode(const xunzi_document *document,
                                  const struct document_edits *edits, struct buffer *out);

/* Reads a record; the document's strings point into `storage`, which is overwritten. What edits
 * holds, which may be NULL, is replaced by the document's. XUNZI_ERROR_CORRUPT where the bytes are
 * no record; nothing outside data is read whatever they are. */
xunzi_status record_decode(const char *data, size_t size, struct buffer *storage,
                                  xunzi_document *document, struct document_edits *edits);

#endif
