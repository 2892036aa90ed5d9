/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a query gave what it gave: its tree, its terms, and what each gave to each hit. */
#ifndef XUNZI_SEARCHER_EXPLAIN_H
#define XUNZI_SEARCHER_EXPLAIN_H

#include "catalog/index.h"
#include "searcher/query.h"
#include "searcher/score.h"
#include "searcher/second_pass.h"

struct explanation {
    const char *tree; /* a line a node, indented */
    xunzi_ranked_term *terms;
    size_t term_count;
};

/* Explains a planned query, and the hits, which are those of items. All memory is the arena's. */
xunzi_status explanation_make(xunzi_index *index, struct query *query,
                              const struct second_pass *second_pass, const struct scoring *scoring,
                              const struct top_item *items, xunzi_hit *hits, size_t count,
                              struct arena *arena, struct explanation *out);

#endif
