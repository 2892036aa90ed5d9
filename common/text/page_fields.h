/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line that says when, by whom and where an article was published, taken apart into labels and
 * values. */
#ifndef XUNZI_TEXT_PAGE_FIELDS_H
#define XUNZI_TEXT_PAGE_FIELDS_H

#include "text/page_lines.h"
#include "text/page_words.h"

/* A stretch of a key; begin == end: none. */
struct page_stretch {
    size_t begin, end;
};

struct page_byline {
    struct page_stretch date; /* year, month and day */
    bool date_labelled;
    struct page_stretch source, author;
    size_t labels;  /* how many labels were known, those without a value too */
    unsigned flags; /* all their flags */
    bool whole;     /* nothing is on the line but what such lines hold: it can be set aside; where
                       something else is, not all of it is read */
};

/* Takes a key apart. False: it is no such line. A line that is only a date is one. */
bool page_byline_read(const struct page_words *words, const struct page_key *key, const char *text,
                      struct page_byline *out);

#endif
