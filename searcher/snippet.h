/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The passage of a document that answers a query best, or the two of them. */
#ifndef XUNZI_SEARCHER_SNIPPET_H
#define XUNZI_SEARCHER_SNIPPET_H

#include "searcher/highlight.h"

/* How long a snippet is, in characters, all that is shown counted; it has less than the least only
 * where the body has. */
enum { SNIPPET_LEAST = 60, SNIPPET_MOST = 160 };

/* Writes the snippet of a body that is read through edits, which may be NULL, and where the matches
 * stand in it; all of it lives in arena. Nothing that is set aside is in the snippet. */
xunzi_status snippet_make(struct highlighter *highlighter, xunzi_string body,
                          const struct edits *edits, struct arena *arena, xunzi_string *snippet,
                          const xunzi_range **ranges, size_t *range_count);

#endif
