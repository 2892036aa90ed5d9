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

/* A list is probed where it has at most so many postings in the window for each candidate; it
 * leaves about one in so many. Both were found by trying, over a million documents and queries of
 * two to twenty bigrams. */
enum { PROBE_RATIO = 6, PROBE_LEAVES = 4 };

/* Documents to a window, a power of 2: a part of the segment, for the threshold rises from window
 * to window, but so many that what is done once a window and list counts for little, and so few
 * that their sums stay in the processor's second cache. */
enum { WINDOW_LEAST = 4096, WINDOW_MOST = 32768, WINDOW_PART = 16 };

enum { LINE = 16, CANDIDATES = 256 }; /* scores that are compared, and completed, together */

/* Scores of the window's documents by some lists. */
struct or_sums {
    fixed_score of[WINDOW_MOST];          /* all 0 between windows */
    uint64_t promising[WINDOW_MOST / 64]; /* a bit for each; all 0 likewise */
    /* The documents whose sums are not 0, in no order: once each, and room for a block. */
    uint16_t touched[WINDOW_MOST + BLOCK_SIZE];
    size_t touched_count;
};

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
    uint32_t window;     /* documents to a window */
    uint32_t base;       /* the window: from here on to before end */
    uint64_t end;
    bool free; /* nothing is filtered */
    bool damaged, no_memory;
    size_t candidate_count;
    uint32_t candidates[CANDIDATES]; /* ascending */
    fixed_score scores[CANDIDATES];  /* by the lists so far */
    struct or_sums *sums;            /* NULL: not made yet */
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
    run->sums = malloc(sizeof *run->sums);
    if (!run->sums) {
        run->no_memory = true;
        return false;
    }
    memset(run->sums->of, 0, run->window * sizeof *run->sums->of);
    memset(run->sums->promising, 0, run->window / 8);
    run->sums->touched_count = 0;
    return true;
}

/* Adds a list's contributions in the window to the sums. others: what all other lists can add at
 * most. */
static void add_list(struct or_run *run, struct or_list *list, fixed_score others) {
    const struct postings_cursor *cursor = &list->cursor;
    fixed_score least = left_of_threshold(run, others);
    struct or_sums *sums = run->sums;
    size_t touched = sums->touched_count;
    for (uint32_t b = list->block;
         b < cursor->block_count && or_list_block_begin(list, b) < run->end; b++) {
        uint32_t first, behind;
        if (or_list_block_bound(list, run->tree, b) <= least)
            continue;
        if (!score_block(run, list, b, least, &first, &behind))
            return;
        for (uint32_t i = first; i < behind; i++) {
            uint32_t at = cursor->documents[i] - run->base;
            sums->touched[touched] = (uint16_t)at;
            touched += (sums->of[at] == 0) & (list->contributions[i] > 0);
            sums->of[at] += list->contributions[i];
        }
        if (touched > WINDOW_MOST) { /* only if sums overflow, by impossible wdfs */
            run->damaged = true;
            return;
        }
    }
    sums->touched_count = touched;
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
        fixed_score least = left_of_threshold(run, rest + or_list_block_bound(list, run->tree, b));
        size_t count =
            find_above(run->sums->of, run->base, cursor->documents, first, behind, least, found);
        for (size_t i = 0; i < count; i++)
            run->sums->of[cursor->documents[found[i]] - run->base] +=
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

/* Completes the documents whose sums can still enter, and clears all. */
static void complete_sums(struct or_run *run) {
    struct or_sums *sums = run->sums;
    fixed_score least = left_of_threshold(run, run->prefix[run->split]);
    for (size_t i = 0; i < sums->touched_count; i++) {
        uint32_t at = sums->touched[i];
        sums->promising[at / 64] |= (uint64_t)(sums->of[at] > least) << at % 64;
    }
    for (uint32_t word = 0; word < run->window / 64; word++) {
        for (uint64_t bits = sums->promising[word]; bits; bits &= bits - 1) {
            uint32_t at = word * 64 + (uint32_t)__builtin_ctzll(bits);
            run->candidates[run->candidate_count] = run->base + at;
            run->scores[run->candidate_count++] = sums->of[at];
            if (run->candidate_count == CANDIDATES)
                complete(run);
        }
        sums->promising[word] = 0;
    }
    complete(run);
    for (size_t i = 0; i < sums->touched_count; i++)
        sums->of[sums->touched[i]] = 0;
    sums->touched_count = 0;
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
    for (size_t i = split; i < run->count && !run->damaged; i++) {
        struct or_list *list = run->lists[i];
        if (list->bound == 0)
            continue;
        if (essential == 1)
            walk_alone(run, list, all - list->bound);
        else
            add_list(run, list, all - list->bound);
    }
    if (essential > 1) {
        probe_lists(run, run->sums->touched_count);
        complete_sums(run);
    }
}

static void answer_windows(struct or_run *run) {
    uint32_t documents = run->tree->segment->header.documents;
    for (uint64_t base = 0; base < documents && !run->damaged && !run->no_memory;
         base += run->window) {
        run->base = (uint32_t)base;
        run->end = base + run->window;
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

/* The first full block from `block` on with this bound or more; full_blocks: none. */
static uint32_t next_bounded(const struct postings_cursor *cursor, uint32_t block, unsigned bound) {
    uint32_t blocks = cursor->full_blocks;
#if defined(__x86_64__)
    const __m128i least = _mm_set1_epi8((char)bound);
    for (; block + 16 <= blocks; block += 16) {
        __m128i bounds = _mm_loadu_si128((const __m128i *)(const void *)(cursor->bounds + block));
        unsigned bits =
            (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(bounds, least), bounds));
        if (bits)
            return block + (uint32_t)__builtin_ctz(bits);
    }
#endif
    while (block < blocks && cursor->bounds[block] < bound)
        block++;
    return block;
}

/* The least bound, `from` or more, with which a block is still worth decoding; 256: none is. */
static unsigned worthwhile_bound(const struct or_run *run, const struct or_list *list,
                                 unsigned from) {
    unsigned low = from, high = 256;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (scoring_bound(list->weight, (uint8_t)middle, run->tree->ratio) <= run->top->threshold)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A bit for each of LINE scores, below 2^31, that is above `least`. */
static inline uint32_t above(const fixed_score *scores, fixed_score least) {
#if defined(__x86_64__)
    const __m128i *in = (const __m128i *)(const void *)scores;
    __m128i limit = _mm_set1_epi32((int)least);
    __m128i low = _mm_packs_epi32(_mm_cmpgt_epi32(_mm_loadu_si128(in), limit),
                                  _mm_cmpgt_epi32(_mm_loadu_si128(in + 1), limit));
    __m128i high = _mm_packs_epi32(_mm_cmpgt_epi32(_mm_loadu_si128(in + 2), limit),
                                   _mm_cmpgt_epi32(_mm_loadu_si128(in + 3), limit));
    return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(low, high));
#else
    uint32_t bits = 0;
    for (unsigned i = 0; i < LINE; i++)
        bits |= (uint32_t)(scores[i] > least) << i;
    return bits;
#endif
}

static bool answer_block(struct or_run *run, struct or_list *list, uint32_t block) {
    const struct postings_cursor *cursor = &list->cursor;
    if (!or_list_score(list, run->tree, block, run->top->threshold)) {
        run->damaged = true;
        return false;
    }
    for (uint32_t line = 0; line < cursor->in_block; line += LINE)
        for (uint32_t bits = above(list->contributions + line, run->top->threshold); bits;
             bits &= bits - 1) {
            uint32_t at = line + (uint32_t)__builtin_ctz(bits);
            if (at < cursor->in_block && list->contributions[at] > run->top->threshold)
                add_hit(run, cursor->documents[at], list->contributions[at]);
        }
    return true;
}

static void answer_one(struct or_run *run) {
    struct or_list *list = run->lists[0];
    struct postings_cursor *cursor = &list->cursor;
    raise_by_blocks(run, list);
    unsigned bound = worthwhile_bound(run, list, 0);
    uint32_t next;
    for (uint32_t b = next_bounded(cursor, 0, bound); bound < 256 && b < cursor->full_blocks;
         b = next) {
        next = next_bounded(cursor, b + 1, bound);
        postings_prefetch(cursor, next);
        if (cursor->bounds[b] < bound)
            continue;
        if (!answer_block(run, list, b))
            return;
        bound = worthwhile_bound(run, list, bound);
    }
    postings_peek_tail(cursor);
    if (cursor->tail_count > 0 &&
        or_list_block_bound(list, run->tree, cursor->full_blocks) > run->top->threshold)
        answer_block(run, list, cursor->full_blocks);
}

/* ---- all ---- */

static uint32_t window_of(uint32_t documents) {
    uint32_t window = WINDOW_LEAST;
    while (window < WINDOW_MOST && window < documents / WINDOW_PART)
        window *= 2;
    return window;
}

static bool begin(struct or_run *run, struct or_list *lists, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct or_list *list = &lists[i];
        run->lists[i] = list;
        or_list_rewind(list);
        list->density = (uint32_t)((uint64_t)list->cursor.list.count * run->window /
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
        return sealed_tree_error(tree);
    struct or_list **order = malloc((count + 1) * sizeof *order);
    fixed_score *prefix = malloc((count + 1) * sizeof *prefix);
    struct or_run run = {.tree = tree,
                         .filter = filter,
                         .top = top,
                         .ordinal = ordinal,
                         .lists = order,
                         .count = count,
                         .prefix = prefix,
                         .window = window_of(tree->segment->header.documents),
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
    return run.damaged || tree->failed ? sealed_tree_error(tree) : XUNZI_OK;
}
