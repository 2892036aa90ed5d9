/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facets: how many of the documents that match are of each source, year or month. */
#ifndef XUNZI_SEARCHER_FACETS_H
#define XUNZI_SEARCHER_FACETS_H

#include "catalog/index.h"
#include "searcher/query.h"
#include "searcher/score.h"

/* Counts over all documents that match a planned query, live and sealed: values in their order
 * (xunzi_results_facets). They and their strings are the arena's. */
xunzi_status facets_count(xunzi_index *index, const struct query *query,
                          const struct scoring *scoring, xunzi_facet facet, struct arena *arena,
                          xunzi_facet_value **out, size_t *count);

#endif
