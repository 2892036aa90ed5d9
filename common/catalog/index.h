/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The read side of a collection, as the searcher sees it inside: the handle behind xunzi_index. */
#ifndef XUNZI_CATALOG_INDEX_H
#define XUNZI_CATALOG_INDEX_H

#include "base/buffer.h"
#include "base/date.h"
#include "catalog/catalog.h"
#include "segment/deletions.h"
#include "segment/segment.h"
#include "segment/texts.h"
#include "text/document_edits.h"
#include "text/fingerprint.h"
#include "text/repair.h"
#include "text/tokenize.h"

/* A sealed segment of the snapshot. Neither changes while the snapshot is open. */
struct index_segment {
    uint32_t number; /* of its file */
    struct segment *segment;
    struct deletions *deleted; /* NULL: none */
    uint64_t ordinal;          /* of its first document */
};

/* Reads stored documents, and keeps the last one. */
struct document_reader {
    struct texts_reader texts; /* of segments */
    xapian_string data;        /* a live one's record, and it decoded */
    struct buffer document;
};

void document_reader_free(struct document_reader *reader);

/*
 * Documents are ordered by when they were written last: the segments', in the order of `segments`
 * and of their numbers there, then the live ones', by their Xapian ids. A document's ordinal is its
 * place in that order, deleted ones counted: of a segment's document, the segment's ordinal and its
 * number; of a live one, live_ordinal and its Xapian id.
 */
struct xunzi_index {
    char *path;
    struct catalog_snapshot snapshot;
    xapian_database *database; /* the snapshot's */
    xunzi_profile profile;
    struct index_segment *segments;
    size_t segment_count;
    uint64_t live_ordinal;
    uint64_t live_documents;
    uint64_t documents;    /* that can be found, all in all */
    double average_length; /* in ranked tokens; at least 1 */
    unsigned
        without; /* parts of the ranking that the query at hand leaves out: XUNZI_RANKING_... */
    bool overwritten; /* set where commits have overwritten what the snapshot reads: a refresh helps
                       */
    uint64_t snapshots;          /* how many there have been before this one */
    struct tokenizer *tokenizer; /* made when first asked for */
    struct repairer *repairer;   /* the same */
    struct edits query_edits;
    struct document_reader reader; /* of index_read_document */
    struct document_reader
        asked; /* of xunzi_index_document, whose documents live on while others are read */
    struct buffer scratch;
    xapian_string data; /* scratch */
};

/* How often what reads the snapshot is done anew, on a newer one, when commits overwrite it
 * meanwhile. */
enum { INDEX_TRIES = 5 };

/* The error for what Xapian says while it reads the snapshot: "PATH: WHAT cannot be read: ...".
 * Sets overwritten where that is why. */
xunzi_status index_failed(xunzi_index *index, xapian_status status, const char *what);

/* The index's tokenizer; NULL: it cannot be made, the error is set. */
struct tokenizer *index_tokenizer(xunzi_index *index);

/* Sets the index's tokenizer, which *tokenizer becomes, to a text of a query. Readings of
 * characters in it, 醫(yī)療, are passed over as they are in documents, so that what is copied from
 * a page is found there. */
xunzi_status index_tokenize_query(xunzi_index *index, xunzi_string text,
                                  struct tokenizer **tokenizer);

/* Gives the fingerprint of the document of an ordinal, and the first day of its date, 0 where it
 * has none. */
xunzi_status index_read_fingerprint(xunzi_index *index, uint64_t ordinal,
                                    struct fingerprint *fingerprint, date_day *date);

/* The ordinal of the document of that id. XUNZI_ERROR_NOT_FOUND: there is none. */
xunzi_status index_find_document(xunzi_index *index, xunzi_string id, uint64_t *ordinal);

/* Which segment an ordinal lies in; segment_count: it is a live document's. */
size_t index_segment_of(const xunzi_index *index, uint64_t ordinal);

/* Where the document of an ordinal is stored: those whose places are near are quickest read one
 * after the other. */
uint64_t index_place_of(const xunzi_index *index, uint64_t ordinal);

/* Reads the stored document of an ordinal; its strings live until the next call, or the next
 * refresh. edits, unless NULL: what it held is replaced by what the document is searched through.
 */
xunzi_status index_read_document(xunzi_index *index, uint64_t ordinal, xunzi_document *document,
                                 struct document_edits *edits);

#endif
