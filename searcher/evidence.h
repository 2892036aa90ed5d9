/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What documents have of terms, read again for the few documents that are at the top: how often,
 * and where. */
#ifndef XUNZI_SEARCHER_EVIDENCE_H
#define XUNZI_SEARCHER_EVIDENCE_H

#include "catalog/index.h"
#include "searcher/query.h"
#include "searcher/top_list.h"

/* One document's of one term. positions: places (text/tokenize.h), ascending; they live during the
 * call. */
struct evidence {
    size_t item, term; /* which of those given */
    uint32_t wdf;
    uint32_t length; /* the document's */
    const uint32_t *positions;
    size_t position_count;
};

typedef void evidence_visitor(void *context, const struct evidence *evidence);

/* Calls visit for each term, planned (plan.h), that an item's document has: term by term within a
 * segment, items ascending. items are in ascending order of their ordinals. Without `positions`
 * none are read. */
xunzi_status evidence_read(xunzi_index *index, struct query *const *terms, size_t term_count,
                           const struct top_item *items, size_t item_count, bool positions,
                           evidence_visitor *visit, void *context);

#endif
