/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields of a page that does not declare them: title, date, source and author, from the lines
 * that state them. */
#ifndef XUNZI_INDEXER_FIELD_FINDER_H
#define XUNZI_INDEXER_FIELD_FINDER_H

#include "base/buffer.h"
#include "text/edits.h"
#include "text/page.h"

/* Zero-initialised is ready; used for one page after another. */
struct field_finder {
    struct page_reader *reader; /* made when it is first needed */
    struct page page;           /* of the page read last; a field that was declared is none here */
    xunzi_string text;          /* what page's fields are stretches of */
    struct edits twice;         /* of a page that was encoded twice ... */
    struct buffer undone;       /* ... and what it was before that */
    struct buffer extra;
};

/*
 * Completes a document that was read from `text`, a part of which its body is. A title that
 * text_split made of the first line gives way to a better one (plain_text); then the body is all of
 * the text, so that nothing on the page is lost. The author goes to `extra`. Of a page that was
 * encoded twice (double_encoding.h) all these are what they were before that, the first line too;
 * what was declared, and the body, are not changed. Strings are parts of text or of the finder and
 * live until its next call. XUNZI_OK or XUNZI_ERROR_NO_MEMORY.
 */
xunzi_status field_finder_fill(struct field_finder *finder, xunzi_string text, bool plain_text,
                               xunzi_document *document);

void field_finder_free(struct field_finder *finder);

#endif
