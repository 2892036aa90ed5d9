/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The documents that a segment stores.
 *
 * Documents fill blocks of about TEXTS_BLOCK bytes (of text code, text_code.h), each a zlib stream (RFC 1950). A block inflates to, for each
 * of its documents: LEB128 sizes in code of its seven members (id, title, body, date, source, url, extra), then the members.
 *
 * TEXT_INDEX: for each block u64 where it begins in TEXTS, u32 its first document, u32 what it inflates to; then a last row
 * of the end of TEXTS, the number of documents, and 0.
 */
#ifndef XUNZI_SEGMENT_TEXTS_H
#define XUNZI_SEGMENT_TEXTS_H

#include "segment/segment.h"

enum { TEXTS_BLOCK = 32 << 10, TEXTS_ROW = 16 };

/* Writing. */
struct texts_writer {
    struct buffer block;   /* the documents not yet deflated */
    struct buffer index;
    struct buffer deflated; /* the block made last: to be written by the caller, then cleared */
    uint64_t written;       /* bytes of TEXTS before it */
    uint32_t documents, first_in_block;
    void *compressor;
};

xunzi_status texts_writer_begin(struct texts_writer *writer);
void texts_writer_free(struct texts_writer *writer);

/* Adds a document; whenever a block is full, `deflated` holds it. */
xunzi_status texts_add(struct texts_writer *writer, const xunzi_document *document);

/* Deflates what is left and ends the index. */
xunzi_status texts_finish(struct texts_writer *writer);

/* Reading, a block at a time, the last one kept. Zero-initialised is empty. */
struct texts_reader {
    const struct segment *segment;
    struct buffer block, member;
    uint32_t first, behind; /* the documents of the block */
    size_t at;              /* in the block: where document `next` begins */
    uint32_t next;
    void *decompressor;
};

void texts_reader_free(struct texts_reader *reader);

/* Reads a document; its strings live in the reader until its next call. */
xunzi_status texts_read(struct texts_reader *reader, const struct segment *segment, uint32_t number,
                        xunzi_document *document);

#endif
