/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The heap of the best. */
#include "searcher/top_list.h"

/* Moves the item at `at` down to where it belongs among the first `count`, which are a heap below
 * it. */
static void sift_down(struct top_item *items, size_t count, size_t at) {
    struct top_item item = items[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= count)
            break;
        if (child + 1 < count)
            child += top_is_worse(items[child + 1], items[child]);
        if (!top_is_worse(items[child], item))
            break;
        items[at] = items[child];
        at = child;
    }
    items[at] = item;
}

void top_list_add(struct top_list *list, struct top_item item) {
    if (list->count < list->most) {
        size_t at = list->count++;
        for (; at > 0 && top_is_worse(item, list->items[(at - 1) / 2]); at = (at - 1) / 2)
            list->items[at] = list->items[(at - 1) / 2];
        list->items[at] = item;
    } else if (list->most > 0 && top_is_worse(list->items[0], item)) {
        list->items[0] = item;
        sift_down(list->items, list->count, 0);
    }
    if (list->count == list->most && list->most > 0 && !list->by_date)
        list->threshold = list->items[0].score > list->floor ? list->items[0].score : list->floor;
}

/* Heap sort, of what is a heap already: the worst goes behind the others. */
static void sort_heap(struct top_item *items, size_t count) {
    for (; count > 1; count--) {
        struct top_item worst = items[0];
        items[0] = items[count - 1];
        sift_down(items, count - 1, 0);
        items[count - 1] = worst;
    }
}

void top_list_sort(struct top_list *list) {
    sort_heap(list->items, list->count);
}

void top_items_sort(struct top_item *items, size_t count) {
    for (size_t at = count / 2; at > 0; at--)
        sift_down(items, count, at - 1);
    sort_heap(items, count);
}

int top_items_by_ordinal(const void *a, const void *b) {
    const struct top_item *left = a, *right = b;
    return (left->ordinal > right->ordinal) - (left->ordinal < right->ordinal);
}
