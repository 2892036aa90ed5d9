/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies of one article among the best documents: each goes under the best of them, which stands
 * for all. A document is compared with those that stand for themselves, so no chain of likenesses
 * joins what is not alike.
 *
 * Whether two are copies depends on them alone, and who is compared with whom on the ranking alone:
 * so the hits of one page go on behind those of the page before.
 */
#ifndef XUNZI_SEARCHER_DUPLICATES_H
#define XUNZI_SEARCHER_DUPLICATES_H

#include "catalog/index.h"
#include "searcher/top_list.h"

enum {
    /* How many of the best are compared; those behind stand for themselves. It bounds what a
       collection of one page a thousand times over costs. */
    DUPLICATES_MOST = 1000,

    /* How many documents behind the page are looked at, to take the places of copies and to be
       found to be some. Where they are not enough, all that are compared are looked at. */
    DUPLICATES_SPARE = 40
};

/* Zero-initialised: every document stands for itself. */
struct duplicates {
    size_t compared;                    /* of the documents, the best so many */
    size_t count;                       /* of these, how many stand for themselves */
    uint16_t standing[DUPLICATES_MOST]; /* which */
    uint16_t next[DUPLICATES_MOST];     /* by document: the next best copy of the same; 0: none */
};

/* Compares the best of count items, which are in order. */
xunzi_status duplicates_find(struct duplicates *duplicates, xunzi_index *index,
                             const struct top_item *items, size_t count);

/* How many of count documents are hits. */
static inline size_t duplicates_hit_count(const struct duplicates *duplicates, size_t count) {
    return count - duplicates->compared + duplicates->count;
}

/* Which of the documents hit i is. */
static inline size_t duplicates_hit(const struct duplicates *duplicates, size_t i) {
    return i < duplicates->count ? duplicates->standing[i]
                                 : i - duplicates->count + duplicates->compared;
}

/* The copy that comes behind a document or copy; 0: there is none. */
static inline size_t duplicates_next(const struct duplicates *duplicates, size_t document) {
    return document < duplicates->compared ? duplicates->next[document] : 0;
}

/* Whether documents of these fingerprints and days (0: none) are copies. */
bool duplicates_are(const struct fingerprint *fingerprint, date_day date,
                    const struct fingerprint *other, date_day other_date);

#endif
