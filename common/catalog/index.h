/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The read side of a collection, as the searcher sees it inside: the handle behind xunzi_index. */
#ifndef XUNZI_CATALOG_INDEX_H
#define XUNZI_CATALOG_INDEX_H

#include <xapian-c/xapian.h>
#include <xunzi/xunzi.h>

#include "base/buffer.h"
#include "text/document_edits.h"
#include "text/repair.h"
#include "text/tokenize.h"

struct xunzi_index {
    char *path;
    xapian_database *database; /* a snapshot */
    xunzi_profile profile;
    uint64_t documents;
    double average_length; /* in ranked tokens; at least 1 */
    bool overwritten;      /* set where commits have overwritten what the snapshot reads: a refresh helps */
    uint64_t snapshots;    /* how many there have been before this one */
    struct tokenizer *tokenizer; /* made when first asked for */
    struct repairer *repairer;   /* the same */
    struct edits query_edits;
    struct buffer document;      /* what xunzi_index_document gave last */
    struct buffer scratch;
    xapian_string data;
};

/* How often what reads the snapshot is done anew, on a newer one, when commits overwrite it meanwhile. */
enum { INDEX_TRIES = 5 };

/* The error for what Xapian says while it reads the snapshot: "PATH: WHAT cannot be read: ...". Sets overwritten where that is why. */
xunzi_status index_failed(xunzi_index *index, xapian_status status, const char *what);

/* The index's tokenizer; NULL: it cannot be made, the error is set. */
struct tokenizer *index_tokenizer(xunzi_index *index);

/* Sets the index's tokenizer, which *tokenizer becomes, to a text of a query. Readings of characters in it, 醫(yī)療, are passed over as
 * they are in documents, so that what is copied from a page is found there. */
xunzi_status index_tokenize_query(xunzi_index *index, xunzi_string text, struct tokenizer **tokenizer);

/* In how many documents a ranked term occurs. */
xunzi_status index_document_frequency(xunzi_index *index, const char *term, size_t size, uint64_t *frequency);

/* Reads the stored document under a Xapian id; its strings point into storage. */
xunzi_status index_read_document(xunzi_index *index, xapian_docid docid, struct buffer *storage,
                                 xunzi_document *document);

/* The same, with the edits that it is searched through in place of what edits held. */
xunzi_status index_read_edited_document(xunzi_index *index, xapian_docid docid, struct buffer *storage,
                                        xunzi_document *document, struct document_edits *edits);

#endif
