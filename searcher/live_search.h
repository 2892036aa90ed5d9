/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A planned query over the live documents: answered by Xapian, with the same whole numbers for
 * scores as sealed segments give. */
#ifndef XUNZI_SEARCHER_LIVE_SEARCH_H
#define XUNZI_SEARCHER_LIVE_SEARCH_H

#include "catalog/index.h"
#include "searcher/query.h"
#include "searcher/score.h"
#include "searcher/sealed_tally.h"

/* Adds the best live documents to top, and how many match to tally. To be called after all segments
 * were searched. */
xunzi_status live_search(xunzi_index *index, const struct query *query,
                         const struct scoring *scoring, struct top_list *top,
                         struct sealed_tally *tally);

#endif
