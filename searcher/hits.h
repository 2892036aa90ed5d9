/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the best documents' ordinals to hits: reads what is stored, and makes snippets. */
#ifndef XUNZI_SEARCHER_HITS_H
#define XUNZI_SEARCHER_HITS_H

#include "catalog/index.h"
#include "searcher/duplicates.h"
#include "searcher/query.h"
#include "searcher/top_list.h"

/* Makes the hits of count items, the first of rank first_rank; they and their strings are the
 * arena's. */
xunzi_status hits_make(xunzi_index *index, struct query *query, const xunzi_search_options *options,
                       const struct top_item *items, size_t count, uint64_t first_rank, double unit,
                       struct arena *arena, xunzi_hit **out);

/* Puts the copies of document `first` of items under its hit. */
xunzi_status hits_add_duplicates(xunzi_index *index, const struct duplicates *duplicates,
                                 const struct top_item *items, size_t first, struct arena *arena,
                                 xunzi_hit *hit);

#endif
