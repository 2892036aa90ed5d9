/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decoding, scoring and looking up by blocks. */
#include "searcher/or_list.h"

#include "searcher/block_scores.h"

bool or_list_open(struct or_list *list, const struct sealed_tree *tree,
                  const struct postings_list *postings, float weight, bool required) {
    list->weight = weight;
    list->required = required;
    list->most = scoring_bound(weight, postings->bound, tree->ratio);
    list->scored = OR_LIST_NONE;
    or_list_rewind(list);
    if (!postings_open(&list->cursor, postings))
        return false;
    list->single = list->cursor.full_blocks == 0;
    return true;
}

bool or_list_load(struct or_list *list, uint32_t block) {
    struct postings_cursor *cursor = &list->cursor;
    if (cursor->block == block)
        return true;
    if (!postings_load(cursor, block, false))
        return false;
    list->scored = OR_LIST_NONE;
    return true;
}

bool or_list_score(struct or_list *list, const struct sealed_tree *tree, uint32_t block,
                   fixed_score least) {
    struct postings_cursor *cursor = &list->cursor;
    if (list->scored == block && list->scored_over <= least)
        return true;
    if ((cursor->block != block || !cursor->has_wdfs) && !postings_load(cursor, block, true))
        return false;
    block_scores_above(&tree->scoring->saturation, list->weight, tree->segment, least, cursor->wdfs,
                       cursor->documents, cursor->in_block, list->contributions);
    list->scored = block;
    list->scored_over = least;
    return true;
}

uint32_t or_list_count_below(const struct or_list *list, uint64_t limit) {
    const struct postings_cursor *cursor = &list->cursor;
    uint32_t count = 0, in_block = cursor->in_block;
    if (in_block == 0 || cursor->documents[0] >= limit)
        return 0;
    if (cursor->documents[in_block - 1] < limit)
        return in_block;
    for (uint32_t i = 0; i < in_block; i++)
        count += cursor->documents[i] < (uint32_t)limit;
    return count;
}

fixed_score or_list_contribution(struct or_list *list, const struct sealed_tree *tree,
                                 uint32_t at) {
    struct postings_cursor *cursor = &list->cursor;
    if (list->scored == cursor->block && list->contributions[at] > 0)
        return list->contributions[at];
    cursor->at = at;
    return scoring_contribution(&tree->scoring->saturation, list->weight, postings_wdf(cursor),
                                segment_length(tree->segment, cursor->documents[at]));
}
