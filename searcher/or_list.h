/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A posting list of a disjunction, with its contributions, a decoded block at a time. Documents are
 * looked up here without moving a cursor posting by posting: by block, and in the block by
 * comparing without branches, since nearly all of them are not found.
 */
#ifndef XUNZI_SEARCHER_OR_LIST_H
#define XUNZI_SEARCHER_OR_LIST_H

#include "searcher/score.h"
#include "searcher/sealed_tree.h"

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

struct or_list {
    float weight;  /* in units */
    bool required; /* a document matches by having one of these; the others only add to its score */
    fixed_score most; /* contribution anywhere */

    bool single;             /* it is one block, decoded and scored */
    uint32_t block;          /* the first that may lie in the window or behind it */
    uint32_t near;           /* the first that may hold the candidate */
    uint32_t near_bounded;   /* the block that near_bound is of */
    uint32_t scored;         /* the block whose contributions are below; or OR_LIST_NONE */
    fixed_score scored_over; /* contributions that are no more may stand as 0 */
    uint32_t density;        /* postings in a window, on average */
    fixed_score near_bound;
    fixed_score bound; /* in the window; 0: no document there has it */
    struct postings_cursor cursor;
    fixed_score contributions[BLOCK_SIZE];
};

enum { OR_LIST_NONE = UINT32_MAX };

/* Opens a list. False: damaged. */
bool or_list_open(struct or_list *list, const struct sealed_tree *tree,
                  const struct postings_list *postings, float weight, bool required);

/* Goes back to the first block; what is decoded stays. */
static inline void or_list_rewind(struct or_list *list) {
    list->block = list->near = 0;
    list->near_bounded = OR_LIST_NONE;
}

/* Decodes a block's documents. False: damaged. */
bool or_list_load(struct or_list *list, uint32_t block);

/* The same, and its contributions, as far as they are more than `least`; others may be 0. */
bool or_list_score(struct or_list *list, const struct sealed_tree *tree, uint32_t block,
                   fixed_score least);

/* How many of the decoded block's documents are below `limit`. */
uint32_t or_list_count_below(const struct or_list *list, uint64_t limit);

/* What the decoded block's posting at `at` contributes. May find damage: then the cursor is
 * damaged. */
fixed_score or_list_contribution(struct or_list *list, const struct sealed_tree *tree, uint32_t at);

/* Where the decoded block has a document; BLOCK_SIZE: nowhere. */
static inline uint32_t or_list_find(const struct or_list *list, uint32_t document) {
    enum { PART = 16 };
    const uint32_t *documents = list->cursor.documents;
    uint32_t part = 0;
    for (uint32_t last = PART - 1; last < BLOCK_SIZE - 1; last += PART)
        part += documents[last] < document ? PART : 0;
    documents += part;
#if defined(__x86_64__)
    const __m128i *in = (const __m128i *)(const void *)documents;
    const __m128i wanted = _mm_set1_epi32((int)document);
    __m128i low = _mm_packs_epi32(_mm_cmpeq_epi32(_mm_loadu_si128(in), wanted),
                                  _mm_cmpeq_epi32(_mm_loadu_si128(in + 1), wanted));
    __m128i high = _mm_packs_epi32(_mm_cmpeq_epi32(_mm_loadu_si128(in + 2), wanted),
                                   _mm_cmpeq_epi32(_mm_loadu_si128(in + 3), wanted));
    uint32_t equal = (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(low, high));
#else
    uint32_t equal = 0;
    for (uint32_t i = 0; i < PART; i++)
        equal |= (uint32_t)(documents[i] == document) << i;
#endif
    return equal ? part + (uint32_t)__builtin_ctz(equal) : BLOCK_SIZE;
}

/* The largest contribution of a block. */
static inline fixed_score or_list_block_bound(const struct or_list *list,
                                              const struct sealed_tree *tree, uint32_t block) {
    return scoring_bound(list->weight, postings_block_bound(&list->cursor, block), tree->ratio);
}

/* Where a block's documents begin at the earliest. */
static inline uint64_t or_list_block_begin(const struct or_list *list, uint32_t block) {
    return block == 0 ? 0 : (uint64_t)postings_block_last(&list->cursor, block - 1) + 1;
}

/* Moves `near` on to the block that would hold the document; behind the last: block_count. */
static inline void or_list_move_near(struct or_list *list, uint32_t document) {
    list->near = postings_find_block(&list->cursor, list->near, document);
}

/* The same; returns what that block contributes at most: 0 behind the last. */
static inline fixed_score or_list_bound_near(struct or_list *list, const struct sealed_tree *tree,
                                             uint32_t document) {
    or_list_move_near(list, document);
    uint32_t near = list->near;
    if (near != list->near_bounded) {
        list->near_bounded = near;
        list->near_bound =
            near < list->cursor.block_count ? or_list_block_bound(list, tree, near) : 0;
    }
    return list->near_bound;
}

#endif
