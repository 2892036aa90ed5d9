/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Testing documents, the cheapest tests first. */
#include "searcher/sealed_filter.h"

bool sealed_filter_accepts(const struct sealed_filter *filter, uint32_t document) {
    if (deletions_has(filter->deleted, document) ||
        (filter->leaves_out && filter->left_out == document))
        return false;
    if (filter->has_dates) {
        date_day date = segment_date(filter->tree->segment, document);
        if (date == 0 || date < filter->since || date > filter->until)
            return false;
    }
    for (size_t i = 0; i < filter->required_count; i++)
        if (sealed_next_geq(filter->tree, filter->required[i], document) != document)
            return false;
    for (size_t i = 0; i < filter->excluded_count; i++)
        if (sealed_next_geq(filter->tree, filter->excluded[i], document) == document)
            return false;
    return true;
}
