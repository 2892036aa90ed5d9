/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a document of a segment must satisfy besides having the terms that were looked for: the
 * tests that do not score. */
#ifndef XUNZI_SEARCHER_SEALED_FILTER_H
#define XUNZI_SEARCHER_SEALED_FILTER_H

#include "searcher/sealed_tree.h"
#include "segment/deletions.h"

struct sealed_filter {
    struct sealed_tree *tree;
    const struct deletions *deleted; /* NULL: none */
    bool leaves_out;                 /* one document that has not been deleted is not wanted: */
    uint32_t left_out;
    bool has_dates;
    date_day since, until;         /* of use where has_dates */
    struct sealed_node **required; /* nodes that must match */
    struct sealed_node **excluded; /* nodes that must not */
    size_t required_count, excluded_count;
};

/* Whether nothing is ever held back. */
static inline bool sealed_filter_is_empty(const struct sealed_filter *filter) {
    return !filter->deleted && !filter->leaves_out && !filter->has_dates &&
           filter->required_count == 0 && filter->excluded_count == 0;
}

/* How many documents of the segment are held back whatever they are. */
static inline uint64_t sealed_filter_gone(const struct sealed_filter *filter) {
    return (filter->deleted ? filter->deleted->count : 0) + (filter->leaves_out ? 1u : 0u);
}

/* Whether documents may be asked for in any order; otherwise they must ascend. */
static inline bool sealed_filter_is_random(const struct sealed_filter *filter) {
    return filter->required_count == 0 && filter->excluded_count == 0;
}

bool sealed_filter_accepts(const struct sealed_filter *filter, uint32_t document);

#endif
