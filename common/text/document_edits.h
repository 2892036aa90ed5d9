/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the text of a document is read: the edits of its title, body and source, found once, when it
 * is added, and stored with it. */
#ifndef XUNZI_TEXT_DOCUMENT_EDITS_H
#define XUNZI_TEXT_DOCUMENT_EDITS_H

#include "text/edits.h"
#include "text/page.h"

/* Zero-initialised is empty. */
struct document_edits {
    struct edits title, body, source;
};

void document_edits_free(struct document_edits *edits);
void document_edits_clear(struct document_edits *edits);

/* Finds edits; keeps its buffers, and what it has seen of the collection's pages. One thread at a
 * time. */
struct edit_finder;

xunzi_status edit_finder_new(struct edit_finder **out);
void edit_finder_free(struct edit_finder *finder);

/* Replaces what out holds by the edits of document, whose members are well-formed UTF-8. keep_all:
 * nothing is set aside. */
xunzi_status edit_finder_read(struct edit_finder *finder, const xunzi_document *document,
                              bool keep_all, struct document_edits *out);

/* Notes the lines about the article that was read last; see page_memory.h. */
void edit_finder_remember(struct edit_finder *finder);

/* The lines that were seen about articles so far; it belongs to the finder. */
struct page_memory *edit_finder_memory(struct edit_finder *finder);

#endif
