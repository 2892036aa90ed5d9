/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * More like this: a query made of a stored document. Of the terms of its title and article, as they
 * were indexed, those that say most about it are looked for together: by how often it has them
 * times their idf, RANKING_TERMS_MOST of them. What no other document has is not among them, and
 * the document itself is left out.
 *
 * Measured on 19,540 news (docs/ranking.md): a term that comes ten times in a document is to weigh
 * ten times as much; with its root, its logarithm or once, documents of the same subject come
 * later. Words beside bigrams, closeness, and a title that counts twice or thrice gain nothing.
 */
#ifndef XUNZI_SEARCHER_LIKE_H
#define XUNZI_SEARCHER_LIKE_H

#include "catalog/index.h"
#include "searcher/query.h"

/* So many bytes of a body are read: it bounds what a long document costs. */
enum { LIKE_BYTES_MOST = 64 << 10 };

/* Makes the tree for the document of that id. *note, NULL or a constant sentence, tells that it
 * shares nothing with any other. XUNZI_ERROR_NOT_FOUND: there is no such document. */
xunzi_status like_query(xunzi_index *index, struct arena *arena, xunzi_string id,
                        struct query **out, const char **note);

#endif
