/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the best documents' ordinals to hits: reads what is stored, and makes snippets. */
#ifndef XUNZI_SEARCHER_HITS_H
#define XUNZI_SEARCHER_HITS_H

#include "catalog/index.h"
#include "searcher/duplicates.h"
#include "searcher/query.h"
#include "searcher/top_list.h"

/* Makes `count` hits from hit `first` on, of the best documents and what is said of copies among
 * them; they and their strings are the arena's. */
xunzi_status hits_make(xunzi_index *index, struct query *query, const xunzi_search_options *options,
                       const struct top_item *items, const struct duplicates *duplicates,
                       size_t first, size_t count, double unit, struct arena *arena,
                       xunzi_hit **out);

#endif
