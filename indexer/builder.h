/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building a sealed segment from documents: they are tokenised and inverted in memory; what is over
 * the bound of memory is spilled to segments beside the one to be, which are merged into it at the
 * end. With several threads the work is shared out, and the file is the same, byte for byte,
 * whatever their number and the bound.
 */
#ifndef XUNZI_INDEXER_BUILDER_H
#define XUNZI_INDEXER_BUILDER_H

#include <xunzi/xunzi.h>

#include "text/document_edits.h"

struct builder_options {
    xunzi_profile profile;
    unsigned threads; /* that work at once, the caller's counted; at least 1 */
    size_t memory;    /* bytes, about, for what is inverted and not yet written */
};

struct builder;

/* Prepares to write the segment to `path`, which must not exist; spills stand beside it, named
 * after it. */
xunzi_status builder_new(const char *path, const struct builder_options *options,
                         struct builder **out);

/* Frees; what was not finished is removed. */
void builder_free(struct builder *builder);

/* Adds the next document, whose members are well-formed UTF-8 and which has an id, and what it is
 * searched through (NULL: nothing). Both are copied. XUNZI_ERROR_LIMIT: the edits are too many; the
 * document is not added, others may be. Any other failure is of memory or of the disk, perhaps met
 * with an earlier document: the builder is of no further use. */
xunzi_status builder_add(struct builder *builder, const xunzi_document *document,
                         const struct document_edits *edits);

/* Documents added so far. */
uint32_t builder_documents(const struct builder *builder);

/* Writes the segment of all documents added, at least one, through to the disk. */
xunzi_status builder_finish(struct builder *builder);

#endif
