/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counting the documents of a disjunction without scoring: a window of marks, set list by list, and
 * then counted. */
#ifndef XUNZI_SEARCHER_SEALED_COUNT_H
#define XUNZI_SEARCHER_SEALED_COUNT_H

#include "searcher/sealed_filter.h"

/* How many documents of any of the lists pass the filter. Where that is `most` and more, the rest
 * may be guessed: *exact says. Sets tree->failed where the segment is damaged. False: no memory.
 */
bool sealed_count(struct sealed_tree *tree, const struct postings_list *lists, size_t list_count,
                  const struct sealed_filter *filter, uint64_t most, uint64_t *count, bool *exact);

#endif
