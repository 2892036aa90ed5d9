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

/* As bytes: the lists of title, body and source one behind the other (edits.h), nothing for an
 * empty one. */
enum { DOCUMENT_EDITS_LISTS = 3 };

/* What they may take together: more is refused where they are stored, and is damage where they are
 * read. */
#define DOCUMENT_EDITS_MOST ((size_t)3 * XUNZI_MAX_DOCUMENT_BYTES)

/* Appends the bytes, and gives the size of each list; edits may be NULL: none. XUNZI_ERROR_LIMIT:
 * they are too many. */
xunzi_status document_edits_encode(const struct document_edits *edits, struct buffer *out,
                                   size_t sizes[DOCUMENT_EDITS_LISTS]);

/* Replaces what edits holds by the lists at data, for the members of document. XUNZI_ERROR_CORRUPT:
 * it is no such list. */
xunzi_status document_edits_decode(const char *data, const size_t sizes[DOCUMENT_EDITS_LISTS],
                                   const xunzi_document *document, struct document_edits *edits);

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
