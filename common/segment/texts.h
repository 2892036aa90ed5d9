/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The documents that a segment stores.
 *
 * Documents fill blocks of about TEXTS_BLOCK bytes (of text code, text_code.h), each a zlib stream (RFC 1950). They stand in an order of
 * their own, by likeness, so that what repeats itself (the same article on several pages, the same phrases of one paper) comes near
 * enough for deflate to see it: the key is the least hash over all stretches of four characters, which two texts share with
 * the probability that a stretch of either is one of both (Broder, "On the resemblance and containment of documents", 1997). A million documents made of
 * recurring paragraphs took 85 MB so, and 183 MB in the order in which they came.
 *
 * A block inflates to, for each of its documents: LEB128 sizes in code of its seven members (id, title, body, date, source, url, extra), then
 * the members.
 *
 * TEXT_INDEX: for each block u64 where it begins in TEXTS, u32 the place of its first document, u32 what it inflates to; a last row of the
 * end of TEXTS, the number of documents, and 0; then for each document u32 its place.
 */
#ifndef XUNZI_SEGMENT_TEXTS_H
#define XUNZI_SEGMENT_TEXTS_H

#include "segment/segment.h"
#include "text/document_edits.h"

enum { TEXTS_BLOCK = 32 << 10, TEXTS_ROW = 16 };

/* Writing. */
struct texts_writer;

/* spool: a descriptor of an empty file, which waits with the documents until all are there; the writer closes it. */
xunzi_status texts_writer_new(int spool, struct texts_writer **out);
void texts_writer_free(struct texts_writer *writer);

/* Appends a document and what it is searched through (NULL: nothing) as a record; *likeness is its key. */
xunzi_status texts_encode(const xunzi_document *document, const struct document_edits *edits, struct buffer *record,
                          uint64_t *likeness);

/* The key of a record. False: it is none. */
bool texts_likeness(const char *record, size_t size, uint64_t *likeness);

/* Adds the next document's record. */
xunzi_status texts_add(struct texts_writer *writer, const char *record, size_t size, uint64_t likeness);

/* Hands every block to sink, in order, and gives the index. */
typedef xunzi_status texts_sink(void *context, const void *data, size_t size);
xunzi_status texts_finish(struct texts_writer *writer, texts_sink *sink, void *context, const struct buffer **index);

/* Reading, a block at a time, the last one kept. Zero-initialised is empty. */
struct texts_reader {
    const struct segment *segment;
    struct buffer block, member;
    uint32_t first, behind; /* the places of the block */
    size_t at;              /* in the block: where the document at place `next` begins */
    uint32_t next;
    void *decompressor;
};

void texts_reader_free(struct texts_reader *reader);

/* Reads a document; its strings live in the reader until its next call. edits, unless NULL: what it held is replaced by the
 * document's. */
xunzi_status texts_read(struct texts_reader *reader, const struct segment *segment, uint32_t number,
                        xunzi_document *document, struct document_edits *edits);

/* Reads a document's record as it is stored; it lives in the reader until its next call. */
xunzi_status texts_read_record(struct texts_reader *reader, const struct segment *segment, uint32_t number,
                               const char **record, size_t *size);

#endif
