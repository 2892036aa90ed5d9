/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A planned query over the whole collection: every segment in turn, then the live documents. */
#ifndef XUNZI_SEARCHER_EXECUTE_H
#define XUNZI_SEARCHER_EXECUTE_H

#include "searcher/sealed_search.h"

/* Adds the best documents to top, and how many match to tally. */
xunzi_status execute(xunzi_index *index, const struct query *query, const struct scoring *scoring,
                     struct top_list *top, struct sealed_tally *tally);

#endif
