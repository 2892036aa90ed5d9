/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A planned query over one sealed segment: chooses how to answer it, and answers it. */
#ifndef XUNZI_SEARCHER_SEALED_SEARCH_H
#define XUNZI_SEARCHER_SEALED_SEARCH_H

#include "catalog/index.h"
#include "searcher/query.h"
#include "searcher/score.h"
#include "searcher/sealed_tally.h"

/* Adds the best documents of index->segments[number] to top, and how many match to tally. Segments
 * come in their order. */
xunzi_status sealed_search(const xunzi_index *index, size_t number, const struct query *query,
                           const struct scoring *scoring, struct top_list *top,
                           struct sealed_tally *tally);

#endif
