/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A page read as a person reads it: where the article is, which lines around it are not the
 * article, and its title, date, source and author where a line states them.
 *
 * Evidence, strongest first: what a line is by itself (page_hints.h: credits, bylines, menus, heads
 * of lists); where it stands, before, in or behind the lines that are prose; what it follows
 * (headlines below the head of a list); its shape and vocabulary (page_spam.h); whether it stands
 * around other articles of the collection too (page_memory.h). Within the article only the
 * strongest counts. A page without prose, all navigation perhaps, is taken as it is.
 */
#ifndef XUNZI_TEXT_PAGE_H
#define XUNZI_TEXT_PAGE_H

#include "text/edits.h"
#include "text/page_memory.h"

/* A stretch of the text; begin == end: none. */
struct page_field {
    uint32_t begin, end;
    uint32_t line; /* where it stands, from 1 */
};

struct page {
    struct page_field title; /* none where one was declared */
    struct page_field date;  /* year, month and day */
    struct page_field source, author;
    struct edits
        edits; /* EDIT_ASIDE, and EDIT_SKIP for line breaks inside sentences of wrapped text */
};

void page_free(struct page *page);

/* Reads one page after the other; keeps its buffers. One thread at a time. */
struct page_reader;

xunzi_status page_reader_new(struct page_reader **out);
void page_reader_free(struct page_reader *reader);

/* Reads text, of at most UINT32_MAX bytes of any content. title is what was declared to be its
 * title, or empty; then one is looked for in the text, and a line that only repeats it is set
 * aside. */
xunzi_status page_read(struct page_reader *reader, xunzi_string title, const char *text,
                       size_t size, struct page *out);

/* Notes which lines stood around the article that was read last. */
void page_remember(struct page_reader *reader);

/* What the reader remembers of all pages; it belongs to the reader. */
struct page_memory *page_reader_memory(struct page_reader *reader);

#endif
