/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The documents that a segment stores.
 *
 * A document's record: LEB128 sizes of its eight members (id, title, body, date, source, url,
 * extra, edits), then the members. The first seven are in text code (text_code.h). Edits
 * (text/document_edits.h) are empty where there are none, else three LEB128 sizes, of title's,
 * body's and source's, and the lists.
 *
 * Records fill blocks: one that has reached TEXTS_BLOCK bytes takes no more. A block is a zlib
 * stream (RFC 1950). Records stand in an order of their own, by likeness and where that is equal by
 * number, so that what repeats itself (the same article on several pages, the same phrases of one
 * paper) comes near enough for deflate to see it. The likeness is the least hash over all stretches
 * of four characters, which two texts share with the probability that a stretch of either is one of
 * both (Broder, "On the resemblance and containment of documents", 1997). A million documents made
 * of recurring paragraphs took 85 MB so, and 183 MB in the order in which they came.
 *
 * TEXT_INDEX: for each block u64 where it begins in TEXTS, u32 the place of its first record, u32
 * what it inflates to; a last row of the end of TEXTS, the number of documents, and 0; then for
 * each document u32 its place.
 */
#ifndef XUNZI_SEGMENT_TEXTS_H
#define XUNZI_SEGMENT_TEXTS_H

#include "base/tasks.h"
#include "segment/segment.h"
#include "text/document_edits.h"

enum { TEXTS_BLOCK = 32 << 10, TEXTS_ROW = 16 };

/* ---- records ---- */

enum { TEXTS_MEMBERS = 8, TEXTS_EDITS = 7 };

/* What a record's head says. */
struct texts_head {
    size_t sizes[TEXTS_MEMBERS];
    size_t size;   /* of the head */
    size_t record; /* of all: the head and the members */
};

/* Reads the head of the record that begins at data; the record is within `room`. False: it is none.
 */
bool texts_head_read(const char *data, size_t room, struct texts_head *head);

/* Appends a document, whose members are well-formed UTF-8, and what it is searched through (NULL:
 * nothing) as a record; *likeness is its key. Several threads may do so at once. XUNZI_ERROR_LIMIT:
 * the edits are too many. */
xunzi_status texts_encode(const xunzi_document *document, const struct document_edits *edits,
                          struct buffer *record, uint64_t *likeness);

/* The key of a record. False: it is none. */
bool texts_likeness(const char *record, size_t size, uint64_t *likeness);

/* Reads a record; the document's strings live in storage, which is overwritten. edits, unless NULL:
 * what it held is replaced by the document's. XUNZI_ERROR_CORRUPT. */
xunzi_status texts_decode(const char *record, size_t size, struct buffer *storage,
                          xunzi_document *document, struct document_edits *edits);

/* ---- writing ---- */

struct texts_writer;

/* Where blocks go, in order. */
typedef xunzi_status texts_sink(void *context, const void *data, size_t size);

/* spool: a descriptor of an empty file, which waits with the records until all are there; the
 * writer closes it. */
xunzi_status texts_writer_new(int spool, texts_sink *sink, void *context,
                              struct texts_writer **out);
void texts_writer_free(struct texts_writer *writer);

/* Who deflates from now on; NULL, as at first: the caller's thread. */
void texts_share(struct texts_writer *writer, struct task_runner *runner);

/* Adds the next document's record, by number. */
xunzi_status texts_add(struct texts_writer *writer, const char *record, size_t size,
                       uint64_t likeness);

/* Or instead: adds the record that stands next, by likeness and number, of the document `number`.
 * It goes to the sink without waiting in the spool. */
xunzi_status texts_place(struct texts_writer *writer, uint32_t number, const char *record,
                         size_t size);

/* Hands what is left to the sink, and gives the index, which the writer keeps. */
xunzi_status texts_finish(struct texts_writer *writer, const struct buffer **index);

/* ---- reading ---- */

/* Reads a block at a time; the last one is kept. Zero-initialised is empty. */
struct texts_reader {
    const struct segment *segment;
    struct buffer block, members;
    uint32_t first, behind; /* the places of the block */
    size_t at;              /* in the block: where the record at place `next` begins */
    uint32_t next;
    void *decompressor;
};

void texts_reader_free(struct texts_reader *reader);

/* Reads a document, whose number is below the segment's documents; its strings live in the reader
 * until its next call. edits, unless NULL: what it held is replaced by the document's. */
xunzi_status texts_read(struct texts_reader *reader, const struct segment *segment, uint32_t number,
                        xunzi_document *document, struct document_edits *edits);

/* Reads a document's record as it is stored; it lives in the reader until its next call. */
xunzi_status texts_read_record(struct texts_reader *reader, const struct segment *segment,
                               uint32_t number, const char **record, size_t *size);

/* A document's place; not checked. False: there is no index. */
bool texts_place_of(const struct segment *segment, uint32_t number, uint32_t *place);

/* Verifies what reading single documents does not meet: that blocks and places are those of all
 * documents, with nothing between them, and in order of likeness. visit is given each document
 * meanwhile, and what it gives but XUNZI_OK ends it. */
typedef xunzi_status texts_visitor(void *context, uint32_t number, const xunzi_document *document,
                                   const struct document_edits *edits);
xunzi_status texts_verify(const struct segment *segment, texts_visitor *visit, void *context);

#endif
