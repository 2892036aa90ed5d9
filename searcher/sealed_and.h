/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conjunctions over a sealed segment, a block of the rarest list at a time: its documents are
 * narrowed down list by list, the rarer first, to those that the list has too (block_find.h); of
 * other lists only the blocks are decoded that may hold one of them. What all lists have is scored,
 * and then tested by nodes, filter and phrases, the dearest test last.
 *
 * As soon as enough matches are counted, what cannot enter the top list any more is passed over:
 * blocks of the rarest list by their bounds, then documents: by what the rarest list contributes
 * and the others' bounds, by the bounds of the very blocks that may hold them, before these are
 * decoded (Ding and Suel 2011, "Faster top-k document retrieval using block-max indexes"), and by
 * their scores, before places are compared.
 */
#ifndef XUNZI_SEARCHER_SEALED_AND_H
#define XUNZI_SEARCHER_SEALED_AND_H

#include "searcher/sealed_filter.h"
#include "searcher/sealed_tally.h"

/* What a document must have, and what adds to its score. */
struct sealed_and {
    struct sealed_node **lists;    /* TERMs and SOURCEs, at least one */
    struct sealed_node **phrases;  /* whose terms are among the lists */
    struct sealed_node **others;   /* any other nodes; they score */
    struct sealed_node **optional; /* nodes that only add to the score */
    size_t list_count, phrase_count, other_count, optional_count;
};

/* Adds the segment's best documents to top, and their number to tally. ordinal: of the segment's
 * first document. Sets tree->failed where the segment is damaged. False: no memory. */
bool sealed_and(struct sealed_tree *tree, struct sealed_and *conjunction,
                const struct sealed_filter *filter, uint64_t ordinal, struct top_list *top,
                struct sealed_tally *tally);

#endif
