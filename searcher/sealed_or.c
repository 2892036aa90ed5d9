/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Block-max MaxScore over windows. */
#include "searcher/sealed_or.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "searcher/sealed_prime.h"

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

/* A list is probed where it has at most so many postings in the window for each candidate; it leaves
 * about one in so many. Both were found by trying, over a million documents and queries of two to
 * twenty bigrams. */
enum { PROBE_RATIO = 6, PROBE_LEAVES = 4 };

enum { LINE = 16, CANDIDATES = 256 }; /* sums to a line; candidates that are completed together */

struct or_run {
    const struct sealed_tree *tree;
    const struct sealed_filter *filter;
    struct top_list *top;
    uint64_t ordinal;
    struct or_list *
        *lists; /* by bound in the window, ascending; those that are not required first */
    size_t count;
    fixed_score *prefix; /* prefix[i]: sum of the bounds of lists 0..i-1 */
    size_t split;        /* lists from here on are essential */
    uint32_t base;       /* the window */
    uint64_t end;
    bool free; /* nothing is filtered */
    bool damaged, no_memory;
    size_t candidate_count;
    uint32_t candidates[CANDIDATES]; /* ascending */
    fixed_score scores[CANDIDATES];  /* by the lists so far */
    fixed_score *sums; /* of the window's documents; all 0 between windows; NULL: not made yet */
    uint8_t *lines;    /* 1: some sum of the line is not 0 */
};

static void add_hit(struct or_run *run, uint32_t document, fixed_score score) {
    struct top_item item = {.score = score, .ordinal = run->ordinal + document};
    if (!run->free && !sealed_filter_accepts(run->filter, document))
        return;
    if (run->top->by_date)
        item.date = segment_date(run->tree->segment, document);
    top_list_add(run->top, item);
}

/* ---- windows ---- */

/* The largest contribution of a list of one block in the window. */
static void bound_single(struct or_run *run, struct or_list *list) {
    fixed_score largest = 0;
    uint32_t behind = or_list_count_below(list, run->end);
    for (uint32_t at = or_list_count_below(list, run->base); at < behind; at++)
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
    for (; b < cursor->block_count && or_list_block_begin(list, b) < run->end; b++) {
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

/* How much of the threshold must come from elsewhere where others add so much at most. */
static inline fixed_score left_of_threshold(const struct or_run *run, fixed_score others) {
    return run->top->threshold > others ? run->top->threshold - others : 0;
}

/* Adds what a list contributes to the candidates, whose scores the lists behind it can raise by
 * `rest` at most; leaves those that can still enter. */
static void look_up(struct or_run *run, struct or_list *list, fixed_score rest) {
    const struct sealed_tree *tree = run->tree;
    fixed_score least = left_of_threshold(run, rest);
    size_t kept = 0;
    for (size_t i = 0; i < run->candidate_count; i++) {
        uint32_t document = run->candidates[i];
        fixed_score score = run->scores[i];
        if (score + or_list_bound_near(list, tree, document) <= least)
            continue;
        if (list->near < list->cursor.block_count) {
            if (!or_list_load(list, list->near)) {
                run->damaged = true;
                break;
            }
            uint32_t at = or_list_find(list, document);
            if (at < BLOCK_SIZE)
                score += or_list_contribution(list, tree, at);
        }
        run->candidates[kept] = document;
        run->scores[kept] = score;
        kept += score > least;
    }
    run->damaged |= list->cursor.damaged;
    run->candidate_count = kept;
}

/* Completes the candidates' scores by the lists that are not essential, best first, and adds those
 * that enter. */
static void complete(struct or_run *run) {
    for (size_t i = run->split; i > 0 && run->candidate_count > 0 && !run->damaged; i--)
        if (run->lists[i - 1]->bound > 0)
            look_up(run, run->lists[i - 1], run->prefix[i - 1]);
    for (size_t i = 0; i < run->candidate_count && !run->damaged; i++)
        if (run->scores[i] > run->top->threshold)
            add_hit(run, run->candidates[i], run->scores[i]);
    run->candidate_count = 0;
}

/* A bit for each number of a line that is above `least`. Scores are below 2^31. */
static inline uint32_t above(const fixed_score *line, fixed_score least) {
#if defined(__x86_64__)
    const __m128i *in = (const __m128i *)(const void *)line;
    __m128i limit = _mm_set1_epi32((int)least);
    __m128i low = _mm_packs_epi32(_mm_cmpgt_epi32(_mm_loadu_si128(in), limit),
                                  _mm_cmpgt_epi32(_mm_loadu_si128(in + 1), limit));
    __m128i high = _mm_packs_epi32(_mm_cmpgt_epi32(_mm_loadu_si128(in + 2), limit),
                                   _mm_cmpgt_epi32(_mm_loadu_si128(in + 3), limit));
    return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(low, high));
#else
    uint32_t bits = 0;
    for (unsigned i = 0; i < LINE; i++)
        bits |= (uint32_t)(line[i] > least) << i;
    return bits;
#endif
}

static inline void add_candidate(struct or_run *run, uint32_t document, fixed_score score) {
    run->candidates[run->candidate_count] = document;
    run->scores[run->candidate_count++] = score;
}

/* Decodes and scores a block, and finds which of its postings lie in the window. False: damaged. */
static bool score_block(struct or_run *run, struct or_list *list, uint32_t block, fixed_score least,
                        uint32_t *first, uint32_t *behind) {
    if (!or_list_score(list, run->tree, block, least)) {
        run->damaged = true;
        return false;
    }
    *first = or_list_count_below(list, run->base);
    *behind = or_list_count_below(list, run->end);
    return true;
}

/* Completes the documents of the one essential list. */
static void walk_alone(struct or_run *run, struct or_list *list, fixed_score others) {
    const struct postings_cursor *cursor = &list->cursor;
    for (uint32_t b = list->block;
         b < cursor->block_count && or_list_block_begin(list, b) < run->end; b++) {
        fixed_score least = left_of_threshold(run, others);
        uint32_t first, behind;
        if (or_list_block_bound(list, run->tree, b) <= least)
            continue;
        if (!score_block(run, list, b, least, &first, &behind))
            return;
        size_t count = 0;
        for (uint32_t i = first; i < behind; i++) {
            run->candidates[count] = cursor->documents[i];
            run->scores[count] = list->contributions[i];
            count += list->contributions[i] > least;
        }
        run->candidate_count = count;
        complete(run);
    }
}

static bool make_sums(struct or_run *run) {
    if (run->sums)
        return true;
    run->sums = calloc(OR_WINDOW / LINE, LINE * sizeof *run->sums + sizeof *run->lines);
    run->no_memory = run->sums == NULL;
    if (run->sums)
        run->lines = (uint8_t *)(run->sums + OR_WINDOW);
    return !run->no_memory;
}

/* Adds a list's contributions in the window to the sums; returns how many. others: what all other
 * lists can add at most. */
static size_t add_list(struct or_run *run, struct or_list *list, fixed_score others) {
    const struct postings_cursor *cursor = &list->cursor;
    fixed_score least = left_of_threshold(run, others);
    size_t added = 0;
    for (uint32_t b = list->block;
         b < cursor->block_count && or_list_block_begin(list, b) < run->end; b++) {
        uint32_t first, behind;
        if (or_list_block_bound(list, run->tree, b) <= least)
            continue;
        if (!score_block(run, list, b, least, &first, &behind))
            return 0;
        for (uint32_t i = first; i < behind; i++) {
            uint32_t at = cursor->documents[i] - run->base;
            run->sums[at] += list->contributions[i];
            run->lines[at / LINE] = 1;
        }
        added += behind - first;
    }
    return added;
}

/* Those of the numbers from `first` to before `behind` of a block whose sums, from base on, are
 * above `least`: their places go to found; returns how many. */
static size_t find_above(const fixed_score *sums, uint32_t base, const uint32_t *documents,
                         uint32_t first, uint32_t behind, fixed_score least, uint8_t *found) {
    size_t count = 0;
    for (uint32_t i = first; i < behind; i++) {
        found[count] = (uint8_t)i;
        count += sums[documents[i] - base] > least;
    }
    return count;
}

/* Adds a list's contributions to those sums that can still enter with them. rest: what the lists
 * behind it can add at most. */
static void probe_list(struct or_run *run, struct or_list *list, fixed_score rest) {
    const struct postings_cursor *cursor = &list->cursor;
    uint8_t found[BLOCK_SIZE];
    for (uint32_t b = list->block;
         b < cursor->block_count && or_list_block_begin(list, b) < run->end; b++) {
        if (!or_list_load(list, b)) {
            run->damaged = true;
            return;
        }
        uint32_t first = or_list_count_below(list, run->base);
        uint32_t behind = or_list_count_below(list, run->end);
        fixed_score least =
            left_of_threshold(run, rest + or_list_block_bound(list, run->tree, b));
        size_t count =
            find_above(run->sums, run->base, cursor->documents, first, behind, least, found);
        for (size_t i = 0; i < count; i++)
            run->sums[cursor->documents[found[i]] - run->base] +=
                or_list_contribution(list, run->tree, found[i]);
        run->damaged |= cursor->damaged;
    }
}

/* Adds the lists of which it is cheaper to look at all postings in the window than to look up the
 * candidates, of which there are so many; what is left to be looked up stands before the split. */
static void probe_lists(struct or_run *run, size_t candidates) {
    for (; run->split > 0 && !run->damaged; run->split--) {
        struct or_list *list = run->lists[run->split - 1];
        if (list->bound == 0)
            continue;
        if (list->density > PROBE_RATIO * candidates)
            break;
        probe_list(run, list, run->prefix[run->split - 1]);
        candidates /= PROBE_LEAVES;
    }
}

static void complete_sums(struct or_run *run) {
    for (size_t group = 0; group < OR_WINDOW / LINE; group += 8) {
        uint64_t touched;
        memcpy(&touched, run->lines + group, sizeof touched);
        if (touched == 0)
            continue;
        memset(run->lines + group, 0, sizeof touched);
        for (; touched; touched &= touched - 1) {
            size_t line = group + (size_t)__builtin_ctzll(touched) / 8;
            fixed_score *sums = run->sums + line * LINE;
            fixed_score least = left_of_threshold(run, run->prefix[run->split]);
            for (uint32_t bits = above(sums, least); bits; bits &= bits - 1) {
                uint32_t at = (uint32_t)__builtin_ctz(bits);
                add_candidate(run, run->base + (uint32_t)(line * LINE) + at, sums[at]);
            }
            memset(sums, 0, LINE * sizeof *sums);
            if (run->candidate_count > CANDIDATES - LINE)
                complete(run);
        }
    }
    complete(run);
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
    run->split = split;
    for (size_t i = split; i < run->count; i++)
        essential += run->lists[i]->bound > 0;
    if (essential > 1 && !make_sums(run))
        return;
    size_t added = 0;
    for (size_t i = split; i < run->count && !run->damaged; i++) {
        struct or_list *list = run->lists[i];
        if (list->bound == 0)
            continue;
        if (essential == 1)
            walk_alone(run, list, all - list->bound);
        else
            added += add_list(run, list, all - list->bound);
    }
    if (essential > 1) {
        probe_lists(run, added);
        complete_sums(run);
    }
}

static void answer_windows(struct or_run *run) {
    uint32_t documents = run->tree->segment->header.documents;
    for (uint64_t base = 0; base < documents && !run->damaged && !run->no_memory;
         base += OR_WINDOW) {
        run->base = (uint32_t)base;
        run->end = base + OR_WINDOW;
        answer_window(run);
    }
}

/* ---- one list ---- */

/* Sets a floor that documents of as many blocks as there are hits wanted surpass, by the blocks'
 * bounds alone. Of each block that has a deleted document this might not hold. */
static void raise_by_blocks(struct or_run *run, const struct or_list *list) {
    const struct sealed_filter *filter = run->filter;
    size_t wanted = run->top->most, blocks[256] = {0};
    if (filter->has_dates || !sealed_filter_is_random(filter) || run->top->by_date)
        return;
    if (filter->deleted)
        wanted += filter->deleted->count;
    if (wanted > list->cursor.full_blocks || wanted == 0)
        return;
    for (uint32_t b = 0; b < list->cursor.full_blocks; b++)
        blocks[list->cursor.bounds[b]]++;
    unsigned bound = 255;
    for (size_t above_it = blocks[bound]; above_it < wanted; above_it += blocks[bound])
        bound--;
    top_list_raise(run->top, scoring_assured(list->weight, (uint8_t)bound, run->tree->ratio));
}

/* The first block from `block` on whose bound is more than the threshold. */
static uint32_t next_promising(const struct or_run *run, const struct or_list *list,
                               uint32_t block) {
    while (block < list->cursor.block_count &&
           or_list_block_bound(list, run->tree, block) <= run->top->threshold)
        block++;
    return block;
}

static void answer_one(struct or_run *run) {
    struct or_list *list = run->lists[0];
    const struct postings_cursor *cursor = &list->cursor;
    raise_by_blocks(run, list);
    uint32_t next;
    for (uint32_t b = next_promising(run, list, 0); b < cursor->block_count; b = next) {
        next = next_promising(run, list, b + 1);
        postings_prefetch(cursor, next);
        if (or_list_block_bound(list, run->tree, b) <= run->top->threshold)
            continue;
        if (!or_list_score(list, run->tree, b, run->top->threshold)) {
            run->damaged = true;
            return;
        }
        for (uint32_t line = 0; line < cursor->in_block; line += LINE)
            for (uint32_t bits = above(list->contributions + line, run->top->threshold); bits;
                 bits &= bits - 1) {
                uint32_t at = line + (uint32_t)__builtin_ctz(bits);
                if (at < cursor->in_block && list->contributions[at] > run->top->threshold)
                    add_hit(run, cursor->documents[at], list->contributions[at]);
            }
    }
}

/* ---- all ---- */

static bool begin(struct or_run *run, struct or_list *lists, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct or_list *list = &lists[i];
        run->lists[i] = list;
        list->block = list->near = 0;
        list->near_bounded = OR_LIST_NONE;
        list->density = (uint32_t)((uint64_t)list->cursor.list.count * OR_WINDOW /
                                   run->tree->segment->header.documents) +
                        1;
        if (count > 1 && list->single && !or_list_score(list, run->tree, 0, 0))
            return false;
    }
    return true;
}

xunzi_status sealed_or(struct sealed_tree *tree, struct or_list *lists, size_t count,
                       const struct sealed_filter *filter, uint64_t ordinal, struct top_list *top) {
    if (count == 0)
        return XUNZI_OK;
    if (count > 1 && !sealed_prime(tree, lists, count, filter, top))
        return sealed_tree_damaged(tree);
    struct or_list **order = malloc((count + 1) * sizeof *order);
    fixed_score *prefix = malloc((count + 1) * sizeof *prefix);
    struct or_run run = {.tree = tree,
                         .filter = filter,
                         .top = top,
                         .ordinal = ordinal,
                         .lists = order,
                         .count = count,
                         .prefix = prefix,
                         .free = sealed_filter_is_empty(filter),
                         .no_memory = !order || !prefix};
    if (!run.no_memory)
        run.damaged = !begin(&run, lists, count);
    if (count == 1 && !run.damaged && !run.no_memory)
        answer_one(&run);
    else if (count > 1)
        answer_windows(&run);
    free(order);
    free(prefix);
    free(run.sums);
    if (run.no_memory)
        return error_no_memory();
    return run.damaged || tree->damaged ? sealed_tree_damaged(tree) : XUNZI_OK;
}
