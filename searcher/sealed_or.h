/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The top k of a disjunction over a sealed segment, by block-max MaxScore over windows.
 *
 * Lists whose bounds together cannot lift a document over the threshold need not be walked: only
 * documents of the others, the essential ones, can enter, and the rest are asked about those alone
 * (Turtle and Flood 1995, "Query evaluation: strategies and optimizations"). Bounds are of blocks
 * (Ding and Suel 2011, "Faster top-k document retrieval using block-max indexes"), and the lists
 * are split anew in each window of documents by the bounds there; a list of one block is decoded
 * once, and its bounds are its documents' own scores. Within a window the essential lists'
 * contributions are added up in an array; then the candidates are completed, best list first, while
 * they can still enter: by looking at the array for each posting of a list, as long as there are
 * many of them, by looking each of them up in the list when there are few. One essential list needs
 * no array, and where there is one list in all, its blocks are decoded by their bounds alone.
 *
 * What this saves depends on the threshold; so it is primed before (sealed_prime.h).
 */
#ifndef XUNZI_SEARCHER_SEALED_OR_H
#define XUNZI_SEARCHER_SEALED_OR_H

#include "searcher/or_list.h"
#include "searcher/sealed_filter.h"

/* Adds the segment's best documents to top. ordinal: of the segment's first document.
 * XUNZI_ERROR_CORRUPT: the segment is damaged. */
xunzi_status sealed_or(struct sealed_tree *tree, struct or_list *lists, size_t count,
                       const struct sealed_filter *filter, uint64_t ordinal, struct top_list *top);

#endif
