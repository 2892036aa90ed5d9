/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/execute.h"

#include "searcher/live_search.h"

xunzi_status execute(xunzi_index *index, const struct query *query, const struct scoring *scoring,
                     struct top_list *top, struct sealed_tally *tally) {
    xunzi_status status = XUNZI_OK;
    for (size_t i = 0; status == XUNZI_OK && i < index->segment_count; i++)
        status = sealed_search(index, i, query, scoring, top, tally);
    if (status == XUNZI_OK && index->live_documents > 0)
        status = live_search(index, query, scoring, top, tally);
    return status;
}
