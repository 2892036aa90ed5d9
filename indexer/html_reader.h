/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An HTML page as one document, parsed by libxml2's HTML parser (which mends what is not
 * well-formed, as browsers do).
 *
 * The body is the visible text: elements that a browser lays out as blocks begin and end lines,
 * table cells are parted by a tab, white space collapses, and a line break of the source between
 * two Chinese characters is nothing. Scripts, styles, comments, form controls, embedded objects and
 * elements hidden by "hidden", by their own style, or by "aria-hidden", which goes with what style
 * sheets hide, are dropped; <ruby> is its base text. The title is
 * og:title, else the headline in JSON-LD, else the <h1> that begins the <title>, else an <h1>, else
 * the <title>. Date, source and URL are what <meta>, JSON-LD, <time> and <link rel="canonical">
 * declare. Description, keywords and author go to `extra`.
 *
 * The parser is used as a stream of events; no tree is built. It is started afresh where elements
 * nest deeper than HTML_DEPTH, for it looks through all open ones at each end tag.
 */
#ifndef XUNZI_INDEXER_HTML_READER_H
#define XUNZI_INDEXER_HTML_READER_H

#include <xunzi/xunzi.h>

#include "base/buffer.h"

enum { HTML_DEPTH = 1000 };

/* What a page declares of itself, and where: "og:title", "<h1>", "meta PubDate" ... NULL: nothing
 * does. */
struct html_origins {
    const char *title, *date, *source, *url, *author, *description, *keywords;
};

/* Reads one page after another; keeps its buffers. One thread at a time. */
struct html_reader;

/* NULL: no memory. */
struct html_reader *html_reader_new(void);
void html_reader_free(struct html_reader *reader);

/* Reads a page, well-formed UTF-8, to a document without an id; its strings live until the next
 * call. *origins is filled. XUNZI_OK, also where there is no text at all: body and title are empty
 * then; XUNZI_ERROR_NO_MEMORY. */
xunzi_status html_reader_read(struct html_reader *reader, const char *text, size_t size,
                              xunzi_document *document, struct html_origins *origins);

#endif
