/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The planner: looks up every term of a query tree, once, in every sealed segment and among the
 * live documents, and so finds what the whole collection knows of it.
 */
#ifndef XUNZI_SEARCHER_PLAN_H
#define XUNZI_SEARCHER_PLAN_H

#include "catalog/index.h"
#include "searcher/query.h"

/* Looks up a TERM or SOURCE, unless that is done. The lists are the arena's and point into the
 * index's segments. */
xunzi_status plan_term(xunzi_index *index, struct arena *arena, struct query *term);

/* Looks up all terms of a tree. *weight_sum: of weight * idf over those that score and that any
 * document has. */
xunzi_status plan_query(xunzi_index *index, struct arena *arena, struct query *query,
                        double *weight_sum);

#endif
