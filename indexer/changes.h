/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What waits for the next commit: documents added, and those of the committed state that they
 * replace or that are deleted. Nothing of it is in the collection before the commit (commit.h).
 *
 * While they are few, the added documents are kept as records. When they become many, they go to
 * the builder of a segment of their own, as they come, the live documents before them, which are
 * older: so all segments stay older than all live documents.
 */
#ifndef XUNZI_INDEXER_CHANGES_H
#define XUNZI_INDEXER_CHANGES_H

#include "catalog/catalog_writer.h"
#include "indexer/builder.h"
#include "indexer/id_map.h"
#include "segment/texts.h"
#include "text/document_edits.h"

/* A document that was added, deflated (catalog/record.h). */
struct waiting_document {
    size_t begin, size; /* in records */
};

struct changes {
    bool begun; /* false: what changes anything begins first; changes_documents is right before too
                 */
    struct catalog_writer *catalog;
    struct builder_options building;
    uint32_t few_most; /* more documents than this are many */

    struct segment **segments; /* of the committed manifest, in its order */
    size_t segment_count;
    struct texts_reader texts;

    struct manifest
        manifest; /* the committed one with what is deleted; the segment to come is not in it */
    uint64_t live_documents;        /* committed */
    struct deletions *live_deleted; /* of them, by Xapian id; NULL: none */

    struct id_map ids; /* of the added documents, to their numbers, from 0 in the order of adding */
    uint32_t added;    /* how many there have been */
    uint8_t *dead;     /* a byte for each: 1 where it was replaced or deleted again */
    size_t dead_capacity;
    uint32_t dead_count;

    struct waiting_document *waiting; /* the added documents, as long as they are few */
    size_t waiting_capacity;
    struct buffer records;

    struct builder *builder; /* of the segment that they go to when they are many; NULL before */
    uint32_t segment_number;
    xapian_docid *moved; /* the live documents that it was given first */
    uint32_t moved_count;

    struct buffer term, storage; /* scratch */
    struct document_edits edits;
};

/* Begins with nothing to change, unless that is done. Call it again, after changes_clear, when the
 * committed state is another one. */
xunzi_status changes_begin(struct changes *changes);

/* Forgets what waits. */
void changes_clear(struct changes *changes);
void changes_free(struct changes *changes);

/* Whether there is anything to commit. */
bool changes_any(const struct changes *changes);

/* Documents that there would be after a commit. */
uint64_t changes_documents(const struct changes *changes);

/* Adds a document, well-formed and with an id, in the place of the one of that id. */
xunzi_status changes_add(struct changes *changes, const xunzi_document *document,
                         const struct document_edits *edits);

/* Deletes the document of an id. XUNZI_END: there is none. */
xunzi_status changes_delete(struct changes *changes, xunzi_string id);

/* Gives all live documents and all that wait to a builder. Nothing where that is done. */
xunzi_status changes_seal(struct changes *changes);

/* Whether document `number` of the builder's segment was replaced or deleted again. */
bool changes_is_dead(const struct changes *changes, uint32_t number);

/* Reads a waiting document; it lives in storage and edits. */
xunzi_status changes_read_waiting(struct changes *changes, uint32_t number,
                                  xunzi_document *document);

#endif
