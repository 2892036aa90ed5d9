/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a stretch of query text to nodes of the query tree: the three ways in which text is looked
 * for. */
#ifndef XUNZI_SEARCHER_TERM_LIST_H
#define XUNZI_SEARCHER_TERM_LIST_H

#include "catalog/index.h"
#include "searcher/query.h"

/* The distinct terms of one or more texts, each a TERM node whose weight is the sum of its
 * occurrences'. */
struct term_list {
    xunzi_index *index;
    struct arena *arena;
    struct query **terms; /* bigrams, Latin tokens and lone characters: what a match stands on */
    size_t term_count, term_capacity;
    struct query **extras; /* other characters, words, and what says too little to be ranked by:
                              only of use for ranking */
    size_t extra_count, extra_capacity;
    bool cut;            /* there were more than RANKING_TERMS_MOST */
    xunzi_status status; /* of looking terms up, to be asked for when the terms are joined */
};

void term_list_free(struct term_list *list);

/* Adds the terms of text. */
xunzi_status term_list_add(struct term_list *list, xunzi_string text);

/* The same of the text that a tokenizer is set to. */
xunzi_status term_list_add_tokens(struct term_list *list, struct tokenizer *tokenizer);

/* Any of the terms, ranked by them and the extras; NOTHING where there are none. NULL: no memory.
 */
struct query *term_list_any(struct term_list *list);

/* All of the terms, ranked by them and the extras. */
struct query *term_list_all(struct term_list *list);

/* How many terms of a phrase are looked for; it bounds the time that a page of one repeated
 * character takes. */
enum { PHRASE_TERMS_MOST = 1024 };

/* The text as a phrase; NOTHING where it has no token. *cut is set where it has more than
 * PHRASE_TERMS_MOST terms, and only its beginning is looked for. */
xunzi_status phrase_of(xunzi_index *index, struct arena *arena, xunzi_string text,
                       struct query **out, bool *cut);

/* The same for the title alone; it matches without score. */
xunzi_status title_phrase_of(xunzi_index *index, struct arena *arena, xunzi_string text,
                             struct query **out, bool *cut);

#endif
