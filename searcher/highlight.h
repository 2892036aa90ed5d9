/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a query's terms stand in an original text, under folding. */
#ifndef XUNZI_SEARCHER_HIGHLIGHT_H
#define XUNZI_SEARCHER_HIGHLIGHT_H

#include "base/arena.h"
#include "searcher/query.h"
#include "text/tokenize.h"

/* The terms to look for: bigrams, Latin tokens and the characters that no bigram of the query
 * covers. */
struct highlighter;

/* Takes the scored terms of a planned tree. */
xunzi_status highlighter_new(struct query *query, struct highlighter **out);
void highlighter_free(struct highlighter *highlighter);

struct match {
    uint32_t begin, end; /* bytes of the text */
    uint32_t term;       /* a number for each distinct term, from 0 */
    double weight;       /* what the term is worth: its weight times its idf */
};

/* Finds the matches in text, by where they begin; *matches lives until the next call or until the
 * highlighter is freed. The text is read through edits, which may be NULL: matches in mended
 * stretches cover the whole of these; what stands there as it is on the page is found too. */
xunzi_status highlighter_find(struct highlighter *highlighter, xunzi_string text,
                              const struct edits *edits, const struct match **matches,
                              size_t *count);

/* The same in the bytes [begin, end) of text, which are bounds of characters outside of what edits
 * mend and skip: whatever stands around them is not read. The matches are counted from the
 * beginning of text. */
xunzi_status highlighter_find_within(struct highlighter *highlighter, xunzi_string text,
                                     size_t begin, size_t end, const struct edits *edits,
                                     const struct match **matches, size_t *count);

/* How many distinct terms there are, and what each is worth. */
size_t highlighter_term_count(const struct highlighter *highlighter);
const double *highlighter_weights(const struct highlighter *highlighter);

/* Copies the stretches that matches cover, those that touch joined, into arena; NULL with *count 0
 * where there are none. False: no memory. */
bool highlight_ranges(const struct match *matches, size_t match_count, struct arena *arena,
                      const xunzi_range **ranges, size_t *count);

#endif
