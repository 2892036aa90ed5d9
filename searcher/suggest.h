/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "Did you mean": where a query finds little, the query that was probably meant. It is never
 * searched for unasked.
 *
 * A short query is always looked at; a longer one where it has fewer than SUGGEST_FEW matches, or a
 * term that hardly any document has. Its words are then corrected one by one: Han characters
 * (suggest_han.h), pinyin that stands for them (suggest_pinyin.h), Latin words (suggest_latin.h).
 * What is suggested is the text as it was typed, with nothing but these stretches replaced, in the
 * script of the rest.
 */
#ifndef XUNZI_SEARCHER_SUGGEST_H
#define XUNZI_SEARCHER_SUGGEST_H

#include "catalog/index.h"
#include "searcher/query.h"

/* What fewer documents have is taken for a mistake, if there is something better. */
enum { SUGGEST_FEW = 3 };

/* A query that has been answered. */
struct suggest_question {
    xunzi_string text;
    const xunzi_search_options *options;
    struct query *query; /* the text's, planned */
    uint64_t total;      /* matches */
    bool exact;          /* whether total is a count */
};

/* *out: what was probably meant, NUL-terminated, in the arena; NULL: nothing is better than what
 * was typed. */
xunzi_status suggest_query(xunzi_index *index, struct arena *arena,
                           const struct suggest_question *question, const char **out);

#endif
