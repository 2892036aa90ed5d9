/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a collection knows of a text that a suggestion might hold: which characters follow each
 * other, how often, and how many documents hold a phrase. All of it within a bound of steps for
 * one query, about fifty nanoseconds each, so that a suggestion takes no longer whatever the query
 * and the collection are: a counted bound, not a clock, so that equal questions have equal answers.
 * Where the steps are used up, nothing more is found.
 *
 * Frequencies of terms count deleted documents too; those of phrases do not.
 */
#ifndef XUNZI_SEARCHER_SUGGEST_COLLECTION_H
#define XUNZI_SEARCHER_SUGGEST_COLLECTION_H

#include "catalog/index.h"
#include "searcher/query.h"

/* Documents of what may be suggested are counted up to so many: more say nothing more. */
enum { SUGGEST_COUNTED_MOST = 1000 };

struct follower {
    uint32_t character;
    uint32_t count; /* documents with the pair */
};

/* The characters that stand behind one, ascending. */
struct followers {
    uint32_t character;
    struct follower *items;
    size_t count;
};

struct suggest_collection {
    xunzi_index *index;
    struct arena arena;       /* of the lists */
    struct followers **lists; /* that are known, by character; of the Basic Multilingual Plane */
    uint32_t steps;           /* left */
    xapian_term_iterator *live_terms;
    xapian_string live_term;
};

void suggest_collection_begin(struct suggest_collection *collection, xunzi_index *index);
void suggest_collection_end(struct suggest_collection *collection);

/* A term that no more documents have is suspected to be a slip. */
uint64_t suggest_rare(const xunzi_index *index);

/* Takes steps; false: there were not as many. */
bool suggest_take_steps(struct suggest_collection *collection, uint32_t steps);

/* What follows a character. It lives until the collection ends. */
xunzi_status suggest_followers(struct suggest_collection *collection, uint32_t character,
                               const struct followers **out);

/* How often a character is among followers; 0: not. */
uint32_t followers_count(const struct followers *followers, uint32_t character);

/* Documents with the pair of characters. */
xunzi_status suggest_pair(struct suggest_collection *collection, uint32_t first, uint32_t second,
                          uint64_t *count);

/* Documents with a term of title or body. */
xunzi_status suggest_term(struct suggest_collection *collection, const char *name, size_t size,
                          uint64_t *count);

/* Calls visit for characters that stand before one; how often is to be asked for. */
typedef xunzi_status suggest_character_visitor(void *context, uint32_t character);
xunzi_status suggest_predecessors(struct suggest_collection *collection, uint32_t character,
                                  suggest_character_visitor *visit, void *context);

/* Calls visit for each term from `first` on and before `end`, in each part of the collection in
 * turn: a term may come more than once, its counts to be added up. */
typedef xunzi_status suggest_term_visitor(void *context, const char *term, size_t size,
                                          uint32_t count);
xunzi_status suggest_walk(struct suggest_collection *collection, const char *first, const char *end,
                          suggest_term_visitor *visit, void *context);

/* Documents that hold characters as a phrase, counted up to `most`. */
xunzi_status suggest_phrase(struct suggest_collection *collection, const uint32_t *characters,
                            size_t count, uint64_t most, uint64_t *documents);

/* The same for a text. */
xunzi_status suggest_text_phrase(struct suggest_collection *collection, xunzi_string text,
                                 uint64_t most, uint64_t *documents);

/* Documents that match a planned query, counted up to `most`. */
xunzi_status suggest_matches(xunzi_index *index, const struct query *query, double weight_sum,
                             uint64_t most, uint64_t *documents);

#endif
