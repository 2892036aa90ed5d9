/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From query text to the query tree. */
#ifndef XUNZI_SEARCHER_PARSE_H
#define XUNZI_SEARCHER_PARSE_H

#include "catalog/index.h"
#include "searcher/query.h"

/* Reads text in a mode. No text is a mistake: what means nothing gives NOTHING, and *note, a
 * sentence in the arena, tells how it was read where that is not as typed; NULL otherwise. */
xunzi_status parse_query(xunzi_index *index, struct arena *arena, xunzi_string text,
                         xunzi_mode mode, struct query **out, const char **note);

/* Joins the filters of options to a query. XUNZI_ERROR_INVALID_ARGUMENT: a date that cannot be
 * read. */
xunzi_status parse_filters(struct arena *arena, const xunzi_search_options *options,
                           struct query **query);

#endif
