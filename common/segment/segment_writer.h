/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing a segment file: documents first, then terms in byte order of their names. Records wait in
 * an unnamed temporary file beside it until the last document is there, and positions in another
 * until the last term is, so that memory is bounded.
 */
#ifndef XUNZI_SEGMENT_SEGMENT_WRITER_H
#define XUNZI_SEGMENT_SEGMENT_WRITER_H

#include "base/date.h"
#include "base/tasks.h"
#include "segment/segment.h"

struct segment_writer;

/* Begins the file at path, which must not exist. */
xunzi_status segment_writer_open(const char *path, xunzi_profile profile,
                                 struct segment_writer **out);

/* Who deflates from now on; NULL, as at first: the caller's thread. */
void segment_writer_share(struct segment_writer *writer, struct task_runner *runner);

/* What is written of a document. */
struct segment_document {
    uint64_t id;     /* XXH3 64-bit hash of its id; the low 32 bits are not used */
    date_day date;   /* the first day of its date; 0: none */
    uint32_t length; /* the sum of its ranked terms' wdf */
    struct fingerprint fingerprint;
    xunzi_string source; /* as given; empty: none */
    const char *record;  /* segment/texts.h; NULL: segment_writer_place_record brings it */
    size_t record_size;
    uint64_t likeness;
};

/* Adds the next document. */
xunzi_status segment_writer_add_document(struct segment_writer *writer,
                                         const struct segment_document *document);

/* Adds the record that stands next by likeness and number, of a document added without one, which
 * is then true of all of them. */
xunzi_status segment_writer_place_record(struct segment_writer *writer, uint32_t number,
                                         const char *record, size_t size);

/* Adds the next term, in byte order; after the last document. `ranked` ones count as postings. */
xunzi_status segment_writer_add_term(struct segment_writer *writer, const char *name, size_t size,
                                     const struct posting_source *postings, bool ranked);

/* A term whose list is written already. */
struct segment_term {
    const char *name;
    size_t name_size;
    const void *postings, *positions; /* as postings_write appends them */
    size_t postings_size, positions_size;
    uint32_t count;
    uint8_t bound;
    bool has_positions, ranked;
};

/* The same as segment_writer_add_term, of a list that postings_write has written. */
xunzi_status segment_writer_add_list(struct segment_writer *writer,
                                     const struct segment_term *term);

/* Writes what is left, and through to the disk. The file is whole only then. */
xunzi_status segment_writer_finish(struct segment_writer *writer);

/* Frees; a file that was not finished is removed. */
void segment_writer_close(struct segment_writer *writer);

#endif
