/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Block-max MaxScore over windows. */
#include "searcher/sealed_or.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "searcher/block_scores.h"
#include "searcher/sealed_prime.h"

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

/* A list is probed where it has at most so many postings in the window for each of the essential
 * lists', and whole blocks of it are scored where these have more than that part of the window.
 * Both were found by trying, over a million documents and queries of two to twenty bigrams. */
enum { PROBE_RATIO = 4, DENSE_PART = 8 };

enum { LINE = 16, NONE = UINT32_MAX }; /* sums to a line */

struct or_run {
    const struct sealed_tree *tree;
    const struct sealed_filter *filter;
    struct top_list *top;
    uint64_t ordinal;
    struct or_list *
        *lists; /* by bound in the window, ascending; those that are not required first */
    size_t count;
    fixed_score *prefix; /* prefix[i]: sum of the bounds of lists 0..i-1 */
    uint32_t base;       /* the window */
    uint64_t end;
    bool free; /* nothing is filtered */
    bool damaged;
    _Alignas(64) fixed_score sums[OR_WINDOW];
    uint8_t lines[OR_WINDOW / LINE]; /* 1: some sum of the line is not 0 */
};

bool or_list_open(struct or_list *list, const struct sealed_tree *tree,
                  const struct postings_list *postings, float weight, bool required) {
    list->weight = weight;
    list->required = required;
    list->single = false;
    list->most = scoring_bound(weight, postings->bound, tree->ratio);
    return postings_open(&list->cursor, postings);
}

/* Decodes a block, so that the cursor stands at its beginning; `at` stays where the block was
 * walked before. */
static bool load_unscored(struct or_run *run, struct or_list *list, uint32_t block) {
    struct postings_cursor *cursor = &list->cursor;
    if (!postings_load(cursor, block, false)) {
        run->damaged = true;
        return false;
    }
    cursor->at = 0;
    cursor->document = cursor->documents[0];
    if (list->walked != block) {
        list->walked = block;
        list->at = 0;
    }
    return true;
}

/* The same, and scores it. */
static bool load_scored(struct or_run *run, struct or_list *list, uint32_t block) {
    struct postings_cursor *cursor = &list->cursor;
    bool scored = list->scored == block && cursor->block == block;
    if (!postings_load(cursor, block, true) || !load_unscored(run, list, block)) {
        run->damaged = true;
        return false;
    }
    if (!scored)
        block_scores(&run->tree->scoring->saturation, list->weight, run->tree->segment,
                     cursor->wdfs, cursor->documents, cursor->in_block, list->contributions);
    list->scored = block;
    return true;
}

static void add_hit(struct or_run *run, uint32_t document, fixed_score score) {
    struct top_item item = {.score = score, .ordinal = run->ordinal + document};
    if (!run->free && !sealed_filter_accepts(run->filter, document))
        return;
    if (run->top->by_date)
        item.date = segment_date(run->tree->segment, document);
    top_list_add(run->top, item);
}

/* ---- windows ---- */

/* Where a block's documents begin at the earliest. */
static uint64_t block_begin(const struct postings_cursor *cursor, uint32_t block) {
    return block == 0 ? 0 : (uint64_t)postings_block_last(cursor, block - 1) + 1;
}

/* The largest contribution of a list of one block in the window. */
static void bound_single(struct or_run *run, struct or_list *list) {
    const struct postings_cursor *cursor = &list->cursor;
    fixed_score largest = 0;
    uint32_t at = list->at;
    while (at < cursor->in_block && cursor->documents[at] < run->base)
        at++;
    list->at = at;
    for (; at < cursor->in_block && cursor->documents[at] < run->end; at++)
        largest = list->contributions[at] > largest ? list->contributions[at] : largest;
    list->bound = largest;
}

/* Finds the list's blocks in the window, and the largest contribution there. */
static void bound_list(struct or_run *run, struct or_list *list) {
    const struct postings_cursor *cursor = &list->cursor;
    if (list->single) {
        bound_single(run, list);
        return;
    }
    uint32_t b = list->block;
    while (b < cursor->block_count && postings_block_last(cursor, b) < run->base)
        b++;
    list->block = b;
    if (list->near < b)
        list->near = b;
    uint8_t largest = 0;
    bool any = false;
    for (; b < cursor->block_count && block_begin(cursor, b) < run->end; b++) {
        uint8_t bound = postings_block_bound(cursor, b);
        largest = bound > largest ? bound : largest;
        any = true;
    }
    list->bound = any ? scoring_bound(list->weight, largest, run->tree->ratio) : 0;
}

static bool stands_before(const struct or_list *a, const struct or_list *b) {
    return a->required != b->required ? b->required : a->bound < b->bound;
}

/* Sorts the window's lists by bound (there are few, and they are nearly sorted from the window
 * before); returns the sum of all bounds. */
static fixed_score order_lists(struct or_run *run) {
    for (size_t i = 1; i < run->count; i++) {
        struct or_list *list = run->lists[i];
        size_t at = i;
        for (; at > 0 && stands_before(list, run->lists[at - 1]); at--)
            run->lists[at] = run->lists[at - 1];
        run->lists[at] = list;
    }
    run->prefix[0] = 0;
    for (size_t i = 0; i < run->count; i++)
        run->prefix[i + 1] = run->prefix[i] + run->lists[i]->bound;
    return run->prefix[run->count];
}

/* ---- candidates ---- */

/* Whether the list can still lift a candidate of that score, whose other lists add at most `rest`,
 * over the threshold: by the bound of the block that would hold it. */
static bool can_lift(struct or_run *run, struct or_list *list, uint32_t document, fixed_score score,
                     fixed_score rest) {
    const struct postings_cursor *cursor = &list->cursor;
    uint32_t near = list->near;
    while (near < cursor->block_count && postings_block_last(cursor, near) < document)
        near++;
    list->near = near;
    if (near != list->near_bounded) {
        list->near_bounded = near;
        list->near_bound =
            near < cursor->block_count
                ? scoring_bound(list->weight, postings_block_bound(cursor, near), run->tree->ratio)
                : 0;
    }
    return score + list->near_bound + rest > run->top->threshold;
}

/* What the posting that the cursor stands at contributes. */
static fixed_score contribution(const struct or_run *run, struct or_list *list) {
    struct postings_cursor *cursor = &list->cursor;
    return list->scored == cursor->block
               ? list->contributions[cursor->at]
               : scoring_contribution(
                     &run->tree->scoring->saturation, list->weight, postings_wdf(cursor),
                     segment_length(run->tree->segment, cursor->documents[cursor->at]));
}

/* Completes a candidate's score by the lists below `split`, best first, while it can still enter.
 */
static void complete(struct or_run *run, uint32_t document, fixed_score score, size_t split) {
    for (size_t i = split; i > 0; i--) {
        if (score + run->prefix[i] <= run->top->threshold)
            return;
        struct or_list *list = run->lists[i - 1];
        struct postings_cursor *cursor = &list->cursor;
        if (list->bound == 0)
            continue;
        if (!list->single && !can_lift(run, list, document, score, run->prefix[i - 1]))
            return;
        postings_next_geq(cursor, document);
        run->damaged |= cursor->damaged;
        if (cursor->document != document)
            continue;
        score += contribution(run, list);
    }
    if (score > run->top->threshold)
        add_hit(run, document, score);
}

/* How much of the threshold candidates must bring along themselves. */
static inline fixed_score own_part(const struct or_run *run, size_t split) {
    return run->top->threshold > run->prefix[split] ? run->top->threshold - run->prefix[split] : 0;
}

/* Calls complete for the documents of the one essential list. */
static void walk_alone(struct or_run *run, struct or_list *list, size_t split, fixed_score others) {
    struct postings_cursor *cursor = &list->cursor;
    for (uint32_t b = list->block; b < cursor->block_count && block_begin(cursor, b) < run->end;
         b++) {
        fixed_score bound =
            scoring_bound(list->weight, postings_block_bound(cursor, b), run->tree->ratio);
        if (bound + others <= run->top->threshold)
            continue;
        if (!load_scored(run, list, b))
            return;
        uint32_t at = list->at;
        while (at < cursor->in_block && cursor->documents[at] < run->base)
            at++;
        fixed_score least = own_part(run, split);
        for (; at < cursor->in_block && cursor->documents[at] < run->end; at++) {
            if (list->contributions[at] <= least)
                continue;
            complete(run, cursor->documents[at], list->contributions[at], split);
            least = own_part(run, split);
        }
        list->at = at;
    }
}

/* Adds a list's contributions in the window to the sums. others: what all other lists can add at
 * most. */
static void add_list(struct or_run *run, struct or_list *list, fixed_score others) {
    struct postings_cursor *cursor = &list->cursor;
    for (uint32_t b = list->block; b < cursor->block_count && block_begin(cursor, b) < run->end;
         b++) {
        fixed_score bound =
            scoring_bound(list->weight, postings_block_bound(cursor, b), run->tree->ratio);
        if (bound + others <= run->top->threshold)
            continue;
        if (!load_scored(run, list, b))
            return;
        uint32_t first = list->at, behind = cursor->in_block;
        while (first < behind && cursor->documents[first] < run->base)
            first++;
        while (behind > first && cursor->documents[behind - 1] >= run->end)
            behind--;
        for (uint32_t i = first; i < behind; i++) {
            uint32_t at = cursor->documents[i] - run->base;
            run->sums[at] += list->contributions[i];
            run->lines[at / LINE] = 1;
        }
        list->at = behind;
    }
}

/* Adds a list's contributions in the window to the sums above `least`. dense: they may be many, so
 * that whole blocks are scored; otherwise the few single postings. */
static void probe_list(struct or_run *run, struct or_list *list, fixed_score least, bool dense) {
    struct postings_cursor *cursor = &list->cursor;
    for (uint32_t b = list->block; b < cursor->block_count && block_begin(cursor, b) < run->end;
         b++) {
        if (dense ? !load_scored(run, list, b) : !load_unscored(run, list, b))
            return;
        uint32_t i = list->at;
        while (i < cursor->in_block && cursor->documents[i] < run->base)
            i++;
        for (; i < cursor->in_block && cursor->documents[i] < run->end; i++) {
            fixed_score *sum = &run->sums[cursor->documents[i] - run->base];
            if (*sum <= least)
                continue;
            cursor->at = i;
            *sum += dense ? list->contributions[i] : contribution(run, list);
        }
        list->at = i;
        cursor->at = 0;
    }
}

/* A bit for each sum of a line that is above `least`. Sums are below 2^31. */
static inline uint32_t above(const fixed_score *line, fixed_score least) {
#if defined(__x86_64__)
    const __m128i *in = (const __m128i *)(const void *)line;
    __m128i limit = _mm_set1_epi32((int)least);
    __m128i low = _mm_packs_epi32(_mm_cmpgt_epi32(_mm_load_si128(in), limit),
                                  _mm_cmpgt_epi32(_mm_load_si128(in + 1), limit));
    __m128i high = _mm_packs_epi32(_mm_cmpgt_epi32(_mm_load_si128(in + 2), limit),
                                   _mm_cmpgt_epi32(_mm_load_si128(in + 3), limit));
    return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(low, high));
#else
    uint32_t bits = 0;
    for (unsigned i = 0; i < LINE; i++)
        bits |= (uint32_t)(line[i] > least) << i;
    return bits;
#endif
}

static void complete_sums(struct or_run *run, size_t split) {
    for (size_t group = 0; group < OR_WINDOW / LINE; group += 8) {
        uint64_t touched;
        memcpy(&touched, run->lines + group, sizeof touched);
        if (touched == 0)
            continue;
        memset(run->lines + group, 0, sizeof touched);
        for (; touched; touched &= touched - 1) {
            size_t line = group + (size_t)__builtin_ctzll(touched) / 8;
            fixed_score *sums = run->sums + line * LINE;
            for (uint32_t bits = above(sums, own_part(run, split)); bits; bits &= bits - 1) {
                uint32_t at = (uint32_t)__builtin_ctz(bits);
                complete(run, run->base + (uint32_t)(line * LINE) + at, sums[at], split);
            }
            memset(sums, 0, LINE * sizeof *sums);
        }
    }
}

/* Adds the lists of which it is cheaper to add all postings in the window than to look the
 * candidates up; the best below `split` come first. Returns up to which lists candidates are to be
 * looked up. */
static size_t probe_lists(struct or_run *run, size_t split) {
    size_t postings = 0;
    for (size_t i = split; i < run->count; i++)
        postings += run->lists[i]->bound > 0 ? run->lists[i]->density : 0;
    for (; split > 0 && !run->damaged; split--) {
        struct or_list *list = run->lists[split - 1];
        if (list->bound == 0)
            continue;
        if (list->density > PROBE_RATIO * postings)
            break;
        probe_list(run, list, own_part(run, split), postings > OR_WINDOW / DENSE_PART);
    }
    return split;
}

static void answer_window(struct or_run *run) {
    for (size_t i = 0; i < run->count; i++)
        bound_list(run, run->lists[i]);
    fixed_score all = order_lists(run);
    if (all <= run->top->threshold)
        return;
    size_t split = 0, essential = 0;
    while (split < run->count &&
           (!run->lists[split]->required || run->prefix[split + 1] <= run->top->threshold))
        split++;
    for (size_t i = split; i < run->count; i++)
        essential += run->lists[i]->bound > 0;
    for (size_t i = split; i < run->count && !run->damaged; i++) {
        struct or_list *list = run->lists[i];
        if (list->bound == 0)
            continue;
        if (essential == 1)
            walk_alone(run, list, split, all - list->bound);
        else
            add_list(run, list, all - list->bound);
    }
    if (essential > 1)
        complete_sums(run, probe_lists(run, split));
}

/* ---- one list ---- */

/* Sets a floor that documents of as many blocks as there are hits wanted surpass, by the blocks'
 * bounds alone. Of each block that has a deleted document this might not hold. */
static void raise_by_blocks(struct or_run *run, const struct or_list *list) {
    const struct sealed_filter *filter = run->filter;
    size_t wanted = run->top->most, blocks[256] = {0};
    if (filter->has_dates || !sealed_filter_is_random(filter) || run->top->by_date)
        return;
    wanted += (size_t)sealed_filter_gone(filter);
    if (wanted > list->cursor.full_blocks || wanted == 0)
        return;
    for (uint32_t b = 0; b < list->cursor.full_blocks; b++)
        blocks[list->cursor.bounds[b]]++;
    unsigned bound = 255;
    for (size_t above_it = blocks[bound]; above_it < wanted; above_it += blocks[bound])
        bound--;
    top_list_raise(run->top, scoring_assured(list->weight, (uint8_t)bound, run->tree->ratio));
}

static void answer_one(struct or_run *run) {
    struct or_list *list = run->lists[0];
    struct postings_cursor *cursor = &list->cursor;
    raise_by_blocks(run, list);
    for (uint32_t b = 0; b < cursor->block_count; b++) {
        fixed_score bound =
            scoring_bound(list->weight, postings_block_bound(cursor, b), run->tree->ratio);
        if (bound <= run->top->threshold)
            continue;
        if (!load_scored(run, list, b))
            return;
        for (uint32_t i = 0; i < cursor->in_block; i++)
            if (list->contributions[i] > run->top->threshold)
                add_hit(run, cursor->documents[i], list->contributions[i]);
    }
}

/* ---- all ---- */

static bool begin(struct or_run *run, struct or_list *lists, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct or_list *list = &lists[i];
        run->lists[i] = list;
        list->block = list->near = 0;
        list->near_bounded = list->scored = list->walked = NONE;
        list->single = list->cursor.full_blocks == 0;
        list->density = (uint32_t)((uint64_t)list->cursor.list.count * OR_WINDOW /
                                   run->tree->segment->header.documents) +
                        1;
        if (list->single && !load_scored(run, list, 0))
            return false;
    }
    return true;
}

xunzi_status sealed_or(struct sealed_tree *tree, struct or_list *lists, size_t count,
                       const struct sealed_filter *filter, uint64_t ordinal, struct top_list *top) {
    if (count > 1 && !sealed_prime(tree, lists, count, filter, top))
        return sealed_tree_damaged(tree);
    struct or_run *run = aligned_alloc(64, (sizeof *run + 63) / 64 * 64);
    struct or_list **order = malloc((count + 1) * sizeof *order);
    fixed_score *prefix = malloc((count + 1) * sizeof *prefix);
    bool ok = run && order && prefix;
    if (ok) {
        run->tree = tree;
        run->filter = filter;
        run->top = top;
        run->ordinal = ordinal;
        run->lists = order;
        run->count = count;
        run->prefix = prefix;
        run->free = sealed_filter_is_empty(filter);
        run->damaged = !begin(run, lists, count);
        if (count == 1 && !run->damaged) {
            answer_one(run);
        } else if (count > 1) {
            memset(run->sums, 0, sizeof run->sums);
            memset(run->lines, 0, sizeof run->lines);
            uint32_t documents = tree->segment->header.documents;
            for (uint64_t base = 0; base < documents && !run->damaged; base += OR_WINDOW) {
                run->base = (uint32_t)base;
                run->end = base + OR_WINDOW;
                answer_window(run);
            }
        }
    }
    bool damaged = ok && (run->damaged || tree->damaged);
    free(run);
    free(order);
    free(prefix);
    return !ok ? error_no_memory() : damaged ? sealed_tree_damaged(tree) : XUNZI_OK;
}
