/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The best k so far: a binary heap with the worst on top. Of equal scores the earlier ordinal is better. */
#ifndef XUNZI_SEARCHER_TOP_LIST_H
#define XUNZI_SEARCHER_TOP_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A score in units of the query's own (score.h), so that sums do not depend on their order. */
typedef uint32_t fixed_score;

struct top_item {
    fixed_score score;
    uint64_t ordinal; /* of the document, over the collection in the order of writing */
};

struct top_list {
    struct top_item *items;
    size_t count, most;
    fixed_score threshold; /* a later document enters only with more; 0 while there is room */
};

/* Room for `most` items at items. */
static inline void top_list_begin(struct top_list *list, struct top_item *items, size_t most) {
    *list = (struct top_list){.items = items, .most = most, .threshold = most == 0 ? UINT32_MAX : 0};
}

static inline bool top_is_worse(struct top_item a, struct top_item b) {
    return a.score != b.score ? a.score < b.score : a.ordinal > b.ordinal;
}

/* Takes an item; ordinals come in ascending order, so an item that is no better than the worst is none to take. */
void top_list_add(struct top_list *list, struct top_item item);

/* Puts the items in order, the best first. */
void top_list_sort(struct top_list *list);

#endif
