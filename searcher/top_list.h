/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The best k so far: a binary heap with the worst on top. Of what is equal otherwise the earlier
 * ordinal is better. */
#ifndef XUNZI_SEARCHER_TOP_LIST_H
#define XUNZI_SEARCHER_TOP_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"

/* A score in units of the query's own (score.h), so that sums do not depend on their order. */
typedef uint32_t fixed_score;

struct top_item {
    fixed_score score;
    date_day date;    /* where the list is by date: a later one is better, whatever the scores; 0
                         otherwise, and where there is none */
    uint64_t ordinal; /* of the document, over the collection in the order of writing
                         (catalog/index.h) */
};

struct top_list {
    struct top_item *items;
    size_t count, most;
    bool by_date;
    fixed_score floor;     /* what is known to be too little: as many documents as there is room for
                              have more */
    fixed_score threshold; /* a document behind all that were added enters only with more; 0: any */
};

/* Room for `most` items at items. */
static inline void top_list_begin(struct top_list *list, struct top_item *items, size_t most,
                                  bool by_date) {
    *list = (struct top_list){
        .items = items, .most = most, .by_date = by_date, .threshold = most == 0 ? UINT32_MAX : 0};
}

/* Without branches: which of two items is worse is hardly ever foretold. */
static inline bool top_is_worse(struct top_item a, struct top_item b) {
    bool by_score = (a.score < b.score) | ((a.score == b.score) & (a.ordinal > b.ordinal));
    return (a.date < b.date) | ((a.date == b.date) & by_score);
}

/* Takes an item if it is among the best. */
void top_list_add(struct top_list *list, struct top_item item);

/* Raises the floor; not of a list by date. */
static inline void top_list_raise(struct top_list *list, fixed_score floor) {
    list->floor = floor > list->floor ? floor : list->floor;
    list->threshold = list->floor > list->threshold ? list->floor : list->threshold;
}

/* Puts the items in order, the best first; nothing may be added after that. */
void top_list_sort(struct top_list *list);

/* The same of any items. */
void top_items_sort(struct top_item *items, size_t count);

/* Compares two items for qsort and bsearch: in the order in which documents are stored. */
int top_items_by_ordinal(const void *a, const void *b);

#endif
