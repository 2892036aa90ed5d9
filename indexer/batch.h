/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Some documents on their way into a segment: copied from the caller first, then read, in whatever
 * thread, to occurrences of terms and to records.
 */
#ifndef XUNZI_INDEXER_BATCH_H
#define XUNZI_INDEXER_BATCH_H

#include "indexer/occurrences.h"
#include "segment/segment_writer.h"

struct batch_document;

/* Zero-initialised is empty. */
struct batch {
    struct buffer bytes; /* of all members and edits */
    struct batch_document *documents;
    size_t count, capacity;

    /* What it is read to. */
    struct occurrences occurrences;
    struct buffer records;
    struct segment_document *results; /* by document */
    size_t result_capacity;
};

void batch_free(struct batch *batch);

/* Empties it; gives back what was needed for an uncommonly large document. */
void batch_clear(struct batch *batch);

/* Adds a copy of the document and its edits (NULL: none). XUNZI_ERROR_LIMIT: the edits are too
 * many; XUNZI_ERROR_NO_MEMORY; either way it is not added. */
xunzi_status batch_add(struct batch *batch, const xunzi_document *document,
                       const struct document_edits *edits);

/* Reads the documents. */
xunzi_status batch_read(struct batch *batch, struct occurrence_maker *maker);

#endif
