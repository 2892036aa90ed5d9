/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The query tree: what a query asks for, apart from how it was written and from what will answer
 * it. The parser makes it, the planner weighs its terms, an executor answers it. All of a tree
 * lives in one arena.
 *
 * A document's score is the sum, over the TERM nodes that ask for score and that it has, of weight
 * * idf * saturation (ranking.h).
 */
#ifndef XUNZI_SEARCHER_QUERY_H
#define XUNZI_SEARCHER_QUERY_H

#include <xunzi/xunzi.h>

#include "base/arena.h"
#include "base/date.h"
#include "segment/postings.h"

enum query_operator {
    QUERY_NOTHING, /* no document */
    QUERY_ALL,     /* every document, score 0 */
    QUERY_TERM,    /* documents with the term */
    QUERY_PHRASE,  /* children: TERMs; documents that have each at its offset from one place */
    QUERY_OR,      /* documents of any child; scores add up */
    QUERY_AND,     /* documents of every child; scores add up */
    QUERY_MAYBE,   /* documents of the first child; the others only add to the score */
    QUERY_NOT,     /* documents of the first child that are of none of the others */
    QUERY_LATE, /* documents of the first child; the others are TERMs that only add to the score of
                   the best: the second pass takes them out of the tree before it is answered
                   (second_pass.h) */
    QUERY_FILTER,  /* documents of every child; only the first scores */
    QUERY_DATE,    /* documents whose date lies within [since, until] */
    QUERY_SOURCE,  /* documents of that source: `term` */
    QUERY_DOCUMENT /* that document alone, without score */
};

struct query {
    enum query_operator op;
    struct query **children;
    size_t child_count;

    /* TERM, SOURCE */
    xunzi_string term; /* as the catalog names it (text/terms.h) */
    xunzi_token_kind kind;
    uint32_t offset; /* in a PHRASE: places behind its first term */
    bool covered;    /* a character or word that bigrams of the query hold: it ranks, but marks no
                        match of its own */
    double weight;   /* how much the query asks for it; 0: matches without score */

    /* TERM, SOURCE: what the planner (plan.h) finds out; planned says whether it has */
    bool planned;
    bool absent; /* no document has it */
    double idf;
    uint64_t frequency; /* documents that have it, deleted ones not counted */
    struct postings_list
        *lists; /* for each sealed segment its list; one of no count where it has none */

    date_day since, until; /* DATE */

    /* DOCUMENT: `term` names it among the live documents */
    size_t segment;    /* which of the index's it is in; as many as there are: it is live */
    uint32_t document; /* its number in that segment */
};

/* A node of that operator with room for child_count children, all NULL; NULL: no memory. */
struct query *query_new(struct arena *arena, enum query_operator op, size_t child_count);

/* A node of the children given; one child stands for itself under OR, AND, MAYBE, NOT and FILTER;
 * none gives NOTHING. */
struct query *query_combine(struct arena *arena, enum query_operator op,
                            struct query *const *children, size_t child_count);

/* Sorts TERMs by name and joins equal ones, their weights added up; returns how many are left.
 * query_drop_equal leaves of each that with the largest weight, as it is. */
size_t query_join_equal(struct query **terms, size_t count);
size_t query_drop_equal(struct query **terms, size_t count);

/* Sorts TERMs that have been planned by what they can add to a score, the most first; what no
 * document has adds nothing. */
void query_sort_by_worth(struct query **terms, size_t count);

/* Calls visit for every TERM node that scores. */
typedef void query_visitor(void *context, struct query *term);
void query_visit_scored(struct query *query, query_visitor *visit, void *context);

#endif
