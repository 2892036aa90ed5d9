/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words by their beginning. */
#ifndef XUNZI_SEARCHER_PREFIX_H
#define XUNZI_SEARCHER_PREFIX_H

#include "catalog/index.h"
#include "searcher/query.h"

/* How many words a prefix stands for at most: the most frequent ones; and of how many of a part of
 * the collection they are chosen. */
enum { PREFIX_TERMS_MOST = 64, PREFIX_LOOKED_AT_MOST = 4096 };

/* Any of the Latin tokens that begin as text does, folded; each ranks as itself. *out is NULL where
 * text is not one such token, NOTHING where no document has any. */
xunzi_status prefix_of(xunzi_index *index, struct arena *arena, xunzi_string text,
                       struct query **out);

#endif
