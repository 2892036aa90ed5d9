/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Visible text, laid out from the pieces of an HTML page: white space collapses, and lines begin
 * where they are asked for. */
#ifndef XUNZI_INDEXER_HTML_TEXT_H
#define XUNZI_INDEXER_HTML_TEXT_H

#include "base/buffer.h"

/* Zero-initialised is empty. */
struct html_text {
    struct buffer text;
    bool space;      /* there was white space behind the last character */
    bool has_break;  /* with a line break of the source in it */
    bool parted;     /* what comes next is to be parted from what is there */
    bool tab;        /* by a tab */
    bool after_wide; /* the last character was a Chinese or Japanese one */
    bool no_memory;  /* an append has failed; nothing is appended any more */
};

void html_text_clear(struct html_text *text);

/* Appends a piece of well-formed UTF-8; `preformatted` keeps its white space. */
void html_text_append(struct html_text *text, const char *piece, size_t size, bool preformatted);

/* Ends the line, if anything is on it. */
void html_text_end_line(struct html_text *text);

/* What follows on this line is parted from what is on it: by a space, or, for a table cell, a tab.
 */
void html_text_part(struct html_text *text, bool cell);

#endif
