/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The top k of a disjunction over a sealed segment, by block-max MaxScore over windows.
 *
 * Lists whose bounds together cannot lift a document over the threshold need not be walked: only documents of the others, the essential
 * ones, can enter, and the rest are asked about those alone (Turtle and Flood 1995, "Query evaluation: strategies and optimizations"). Bounds
 * are of blocks (Ding and Suel 2011, "Faster top-k document retrieval using block-max indexes"), and the lists are split anew in each
 * window of OR_WINDOW documents by the blocks' bounds there. Within a window the essential lists' contributions are added up in an
 * array, list by list, without branches; then the candidates are completed.
 */
#ifndef XUNZI_SEARCHER_SEALED_OR_H
#define XUNZI_SEARCHER_SEALED_OR_H

#include "searcher/score.h"
#include "segment/segment.h"

enum { OR_WINDOW = 8192 };

struct or_list {
    struct postings_cursor cursor;
    float weight;  /* in units */
    bool required; /* a document matches by having one of these; the others only add to its score */
    uint32_t block; /* the first that may lie in the window or behind it */
    fixed_score bound; /* in the window */
};

/* Whether a document may be a hit: not deleted, and let through by every filter. */
typedef bool or_accept(void *context, uint32_t document);

/* Adds the segment's best documents to top. accept may be NULL. ordinal: of the segment's first document. False: the segment is damaged. */
bool sealed_or(const struct segment *segment, struct or_list *lists, size_t count, const struct scoring *scoring,
               or_accept *accept, void *context, uint64_t ordinal, struct top_list *top);

#endif
