/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The query language.
 *
 *     query    = sequence { ( "AND" | "OR" ) sequence }       AND binds tighter than OR
 *     sequence = part { part }                                white space between; ranked together
 *     part     = [ "+" | "-" | "NOT" ] unit
 *     unit     = "(" query ")" | phrase | field ":" unit | "date:" range | word
 *     phrase   = a quotation mark, anything, its counterpart
 *     range    = day [ ".." [ day ] ] | ".." day              day: 2024, 2024-03, 2024-03-18 ...
 *     word     = anything up to white space, a quotation mark, or the parenthesis that closes a
 *                group; a * at the end of a Latin word stands for any ending
 *
 * with full-width twins of every mark. Fields: title (words and phrases that the title holds),
 * source (exactly that source). In a sequence, phrases, what a + stands before, and fields must be
 * there; what a - or NOT stands before must not; words and groups rank. A word beside AND is to be
 * there as a phrase. A parenthesis inside a word is part of it, 醫(yī)療. What cannot be read in
 * this way is read as words, and a note says so: nothing is a mistake.
 */
#ifndef XUNZI_SEARCHER_LANGUAGE_H
#define XUNZI_SEARCHER_LANGUAGE_H

#include "catalog/index.h"
#include "searcher/query.h"

enum { LANGUAGE_DEPTH_MOST = 32, LANGUAGE_PARTS_MOST = 512, LANGUAGE_STRETCHES_MOST = 64 };

/* What is to be said of how a text was read. */
struct language_notes {
    const char *slip; /* the first thing that could not be read as typed; NULL: none */
    bool terms_cut;   /* ranked by RANKING_TERMS_MOST terms of more */
    bool phrase_cut;  /* a phrase was longer than PHRASE_TERMS_MOST */
    /* The first stretches of the text that are looked for: words and what quotation marks hold,
     * ascending; not what must not be there, nor sources and dates. */
    xunzi_string stretches[LANGUAGE_STRETCHES_MOST];
    size_t stretch_count;
};

/* Reads text into a tree in the arena; NOTHING where it holds nothing to look for. */
xunzi_status language_parse(xunzi_index *index, struct arena *arena, xunzi_string text,
                            struct query **out, struct language_notes *notes);

/* The documents of a source, as a node. NULL: no memory; *status tells of another failure. */
xunzi_status language_source(struct arena *arena, xunzi_string name, struct query **out);

#endif
