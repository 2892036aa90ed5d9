/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/duplicates.h"

/* A copy is published within days. What is nearly the same after months is a formula, such as the
 * announcement of a yearly session: of the news that FINGERPRINT_ALIKE was chosen by, 24 pairs are
 * alike, 22 of them further apart than this, of which 21 say different things and one has the same
 * text. */
enum { DAYS_APART_MOST = 31 };

bool duplicates_are(const struct fingerprint *fingerprint, date_day date,
                    const struct fingerprint *other, date_day other_date) {
    if (fingerprint_agreement(fingerprint, other) < FINGERPRINT_ALIKE)
        return false;
    return date == 0 || other_date == 0 || date_days_apart(date, other_date) <= DAYS_APART_MOST ||
           fingerprint_is_same(fingerprint, other);
}

xunzi_status duplicates_find(struct duplicates *duplicates, xunzi_index *index,
                             const struct top_item *items, size_t count) {
    struct {
        struct fingerprint fingerprint;
        date_day date;
        uint16_t last; /* copy, of one that stands for itself */
    } known[DUPLICATES_MOST];
    *duplicates =
        (struct duplicates){.compared = count < DUPLICATES_MOST ? count : DUPLICATES_MOST};
    for (uint16_t i = 0; i < duplicates->compared; i++) {
        xunzi_status status =
            index_read_fingerprint(index, items[i].ordinal, &known[i].fingerprint, &known[i].date);
        if (status != XUNZI_OK)
            return status;
        size_t h = 0;
        while (h < duplicates->count && !duplicates_are(&known[duplicates->standing[h]].fingerprint,
                                                        known[duplicates->standing[h]].date,
                                                        &known[i].fingerprint, known[i].date))
            h++;
        uint16_t first = h < duplicates->count ? duplicates->standing[h] : i;
        if (first == i)
            duplicates->standing[duplicates->count++] = i;
        else
            duplicates->next[known[first].last] = i;
        known[first].last = i;
    }
    return XUNZI_OK;
}
