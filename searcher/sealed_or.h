/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The top k of a disjunction over a sealed segment, by block-max MaxScore over windows.
 *
 * Lists whose bounds together cannot lift a document over the threshold need not be walked: only
 * documents of the others, the essential ones, can enter, and the rest are asked about those alone
 * (Turtle and Flood 1995, "Query evaluation: strategies and optimizations"). Bounds are of blocks
 * (Ding and Suel 2011, "Faster top-k document retrieval using block-max indexes"), and the lists
 * are split anew in each window of OR_WINDOW documents by the bounds there; a list of one block is
 * decoded once, and its bounds are its documents' own scores. Within a window the essential lists'
 * contributions are added up in an array; then the candidates are completed, best list first, while
 * they can still enter.
 *
 * What this saves depends on the threshold; so it is primed before (sealed_prime.h).
 */
#ifndef XUNZI_SEARCHER_SEALED_OR_H
#define XUNZI_SEARCHER_SEALED_OR_H

#include "searcher/score.h"
#include "searcher/sealed_filter.h"

enum { OR_WINDOW = 8192 };

struct or_list {
    float weight;  /* in units */
    bool required; /* a document matches by having one of these; the others only add to its score */
    fixed_score most; /* contribution anywhere */

    uint32_t density;      /* postings in a window, on average */
    bool single;           /* it is one block, decoded and scored */
    uint32_t block;        /* the first that may lie in the window or behind it */
    uint32_t near;         /* the first that may hold the candidate */
    uint32_t near_bounded; /* the block that near_bound is of */
    uint32_t scored; /* the block whose contributions are below, if the cursor is still there */
    uint32_t walked; /* the block that was walked last */
    uint32_t at;     /* in that block: the first not before the window */
    fixed_score near_bound;
    fixed_score bound; /* in the window; 0: no document there has it */
    struct postings_cursor cursor;
    fixed_score contributions[BLOCK_SIZE];
};

/* Opens a list. False: damaged. */
bool or_list_open(struct or_list *list, const struct sealed_tree *tree,
                  const struct postings_list *postings, float weight, bool required);

/* Adds the segment's best documents to top. ordinal: of the segment's first document.
 * XUNZI_ERROR_CORRUPT: the segment is damaged. */
xunzi_status sealed_or(struct sealed_tree *tree, struct or_list *lists, size_t count,
                       const struct sealed_filter *filter, uint64_t ordinal, struct top_list *top);

#endif
