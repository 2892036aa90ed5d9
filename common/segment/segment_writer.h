/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing a segment file. Texts come first, as documents come; then the terms in byte order; then the columns. The postings go to the
 * file as they are made; positions wait in an unnamed temporary file beside it, so that memory is bounded.
 */
#ifndef XUNZI_SEGMENT_SEGMENT_WRITER_H
#define XUNZI_SEGMENT_SEGMENT_WRITER_H

#include "base/date.h"
#include "segment/segment.h"

struct segment_writer;

/* Begins the file at path, which must not exist. */
xunzi_status segment_writer_open(const char *path, xunzi_profile profile, struct segment_writer **out);

/* What is written of a document. */
struct segment_document {
    uint64_t id;     /* XXH3 64-bit hash of its id */
    date_day date;   /* the first day of its date; 0: none */
    uint32_t length; /* the sum of its ranked terms' wdf */
    const char *record; /* segment/texts.h */
    size_t record_size;
    uint64_t likeness;
};

/* Adds the next document. */
xunzi_status segment_writer_add_document(struct segment_writer *writer, const struct segment_document *document);

/* Adds the next term, in byte order; after the last document. `ranked` ones count as terms and postings. */
xunzi_status segment_writer_add_term(struct segment_writer *writer, const char *name, size_t size,
                                     const struct posting_source *postings, bool ranked);

/* Writes what is left, and through to the disk. The file is whole only then. */
xunzi_status segment_writer_finish(struct segment_writer *writer);

/* Frees; a file that was not finished is removed. */
void segment_writer_close(struct segment_writer *writer);

#endif
