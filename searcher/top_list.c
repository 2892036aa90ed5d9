/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The heap of the best. */
#include "searcher/top_list.h"

#include <stdlib.h>

static void sift_down(struct top_list *list, size_t at) {
    struct top_item item = list->items[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= list->count)
            break;
        if (child + 1 < list->count && top_is_worse(list->items[child + 1], list->items[child]))
            child++;
        if (!top_is_worse(list->items[child], item))
            break;
        list->items[at] = list->items[child];
        at = child;
    }
    list->items[at] = item;
}

void top_list_add(struct top_list *list, struct top_item item) {
    if (list->count < list->most) {
        size_t at = list->count++;
        for (; at > 0 && top_is_worse(item, list->items[(at - 1) / 2]); at = (at - 1) / 2)
            list->items[at] = list->items[(at - 1) / 2];
        list->items[at] = item;
    } else if (list->most > 0 && top_is_worse(list->items[0], item)) {
        list->items[0] = item;
        sift_down(list, 0);
    }
    if (list->count == list->most && list->most > 0 && !list->by_date)
        list->threshold = list->items[0].score > list->floor ? list->items[0].score : list->floor;
}

static int by_rank(const void *a, const void *b) {
    const struct top_item *left = a, *right = b;
    return top_is_worse(*left, *right) ? 1 : top_is_worse(*right, *left) ? -1 : 0;
}

void top_list_sort(struct top_list *list) {
    if (list->count > 1)
        qsort(list->items, list->count, sizeof *list->items, by_rank);
}
