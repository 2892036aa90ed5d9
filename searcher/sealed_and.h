/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conjunctions over a sealed segment: the rarest list leads, block by block; its documents are
 * looked for in the others, rarest first, and what all have is tested by nodes, filter and phrases,
 * the dearest test last. As soon as enough matches are counted, what cannot enter the top list any
 * more is passed over: blocks by their bounds, documents by what the leading list contributes, and
 * phrases by the whole score.
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
 * first document. Sets tree->damaged where the segment is damaged. False: no memory. */
bool sealed_and(struct sealed_tree *tree, struct sealed_and *conjunction,
                const struct sealed_filter *filter, uint64_t ordinal, struct top_list *top,
                struct sealed_tally *tally);

#endif
