/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The query tree as Xapian answers it over the live documents. */
#ifndef XUNZI_SEARCHER_LIVE_QUERY_H
#define XUNZI_SEARCHER_LIVE_QUERY_H

#include "catalog/index.h"
#include "searcher/query.h"

/* Sets what the whole collection knows of every term of the tree: its idf, and whether it is absent. */
xunzi_status plan_weights(xunzi_index *index, struct query *query);

/* The Xapian query for a planned tree; the caller frees it. */
xunzi_status live_query_new(const struct query *query, xapian_query **out);

#endif
