/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Block-max MaxScore over windows. */
#include "searcher/sealed_or.h"

#include <stdlib.h>
#include <string.h>

struct or_run {
    const struct segment *segment;
    const struct scoring *scoring;
    const uint8_t *lengths;
    float ratio;
    struct or_list **lists; /* by bound in the window, ascending; those that are not required first */
    size_t count;
    fixed_score *prefix; /* prefix[i]: sum of the bounds of lists 0..i-1 */
    or_accept *accept;
    void *context;
    uint64_t ordinal;
    struct top_list *top;
    uint32_t base, end; /* the window */
    bool damaged;
    fixed_score sums[OR_WINDOW];
    uint64_t touched[OR_WINDOW / 64];
};

/* The contributions of a whole block. */
__attribute__((target_clones("avx2", "default"))) static void
score_block(const struct saturation *saturation, float weight, const uint32_t *restrict wdfs,
            const uint32_t *restrict documents, const uint32_t *restrict lengths, size_t count,
            fixed_score *restrict out) {
    float constant = saturation->constant, per_length = saturation->per_length;
    for (size_t i = 0; i < count; i++) {
        float wdf = (float)(int32_t)wdfs[i];
        float length = (float)(int32_t)lengths[documents[i]];
        out[i] = (fixed_score)(int32_t)(weight * (wdf / (wdf + (constant + per_length * length))) + 0.5f) + 1;
    }
}

/* Where a block's documents begin at the earliest. */
static uint32_t block_begin(const struct postings_cursor *cursor, uint32_t block) {
    return block == 0 ? 0 : postings_block_last(cursor, block - 1) + 1;
}

/* Finds the list's blocks in the window, and the largest contribution there. */
static void bound_list(struct or_run *run, struct or_list *list) {
    const struct postings_cursor *cursor = &list->cursor;
    uint8_t largest = 0;
    bool any = false;
    while (list->block < cursor->block_count && postings_block_last(cursor, list->block) < run->base)
        list->block++;
    for (uint32_t b = list->block; b < cursor->block_count && block_begin(cursor, b) < run->end; b++) {
        uint8_t bound = postings_block_bound(cursor, b);
        largest = bound > largest ? bound : largest;
        any = true;
        if (postings_block_last(cursor, b) >= run->end)
            break;
    }
    list->bound = any ? scoring_bound(list->weight, largest, run->ratio) : 0;
}

/* Sorts the window's lists by bound (there are few, and they are nearly sorted from the window before); returns the sum of all bounds. */
static fixed_score order_lists(struct or_run *run) {
    for (size_t i = 1; i < run->count; i++) {
        struct or_list *list = run->lists[i];
        size_t at = i;
        for (; at > 0 && (run->lists[at - 1]->required > list->required ||
                          (run->lists[at - 1]->required == list->required && run->lists[at - 1]->bound > list->bound));
             at--)
            run->lists[at] = run->lists[at - 1];
        run->lists[at] = list;
    }
    run->prefix[0] = 0;
    for (size_t i = 0; i < run->count; i++)
        run->prefix[i + 1] = run->prefix[i] + run->lists[i]->bound;
    return run->prefix[run->count];
}

/* Adds a list's contributions in the window to the sums. others: what all other lists can add at most. */
static void add_list(struct or_run *run, struct or_list *list, fixed_score others) {
    struct postings_cursor *cursor = &list->cursor;
    fixed_score contributions[BLOCK_SIZE];
    for (uint32_t b = list->block; b < cursor->block_count && block_begin(cursor, b) < run->end; b++) {
        fixed_score bound = scoring_bound(list->weight, postings_block_bound(cursor, b), run->ratio);
        if (bound + others <= run->top->threshold)
            continue;
        if (!postings_load(cursor, b, true)) {
            run->damaged = true;
            return;
        }
        size_t first = 0, behind = cursor->in_block;
        while (first < behind && cursor->documents[first] < run->base)
            first++;
        while (behind > first && cursor->documents[behind - 1] >= run->end)
            behind--;
        score_block(&run->scoring->saturation, list->weight, cursor->wdfs + first, cursor->documents + first,
                    (const uint32_t *)(const void *)run->lengths, behind - first, contributions);
        for (size_t i = first; i < behind; i++) {
            uint32_t at = cursor->documents[i] - run->base;
            run->sums[at] += contributions[i - first];
            run->touched[at / 64] |= UINT64_C(1) << (at % 64);
        }
    }
}

/* Completes a candidate's score by the lists below `split`, best first, while it can still enter. */
static void complete(struct or_run *run, uint32_t document, fixed_score score, size_t split) {
    for (size_t i = split; i > 0; i--) {
        if (score + run->prefix[i] <= run->top->threshold)
            return;
        struct or_list *list = run->lists[i - 1];
        if (list->bound == 0)
            continue;
        postings_next_geq(&list->cursor, document);
        run->damaged |= list->cursor.damaged;
        if (list->cursor.document == document)
            score += scoring_contribution(&run->scoring->saturation, list->weight, postings_wdf(&list->cursor),
                                          segment_length(run->segment, document));
    }
    if (score > run->top->threshold && (!run->accept || run->accept(run->context, document)))
        top_list_add(run->top, (struct top_item){score, run->ordinal + document});
}

static void complete_candidates(struct or_run *run, size_t split) {
    for (size_t w = 0; w < OR_WINDOW / 64; w++) {
        for (uint64_t bits = run->touched[w]; bits; bits &= bits - 1) {
            uint32_t at = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(bits);
            fixed_score score = run->sums[at];
            run->sums[at] = 0;
            if (score + run->prefix[split] > run->top->threshold)
                complete(run, run->base + at, score, split);
        }
        run->touched[w] = 0;
    }
}

static void answer_window(struct or_run *run) {
    for (size_t i = 0; i < run->count; i++)
        bound_list(run, run->lists[i]);
    fixed_score all = order_lists(run);
    if (all <= run->top->threshold)
        return;
    size_t split = 0;
    while (split < run->count &&
           (!run->lists[split]->required || run->prefix[split + 1] <= run->top->threshold))
        split++;
    for (size_t i = split; i < run->count && !run->damaged; i++)
        if (run->lists[i]->bound > 0)
            add_list(run, run->lists[i], all - run->lists[i]->bound);
    complete_candidates(run, split);
}

bool sealed_or(const struct segment *segment, struct or_list *lists, size_t count, const struct scoring *scoring,
               or_accept *accept, void *context, uint64_t ordinal, struct top_list *top) {
    struct or_run *run = calloc(1, sizeof *run);
    struct or_list **order = malloc((count + 1) * sizeof *order);
    fixed_score *prefix = malloc((count + 1) * sizeof *prefix);
    bool ok = run && order && prefix;
    if (ok) {
        double reference = (double)segment->header.total_length / segment->header.documents;
        struct saturation own = saturation_of(reference);
        float ratio = own.per_length / scoring->saturation.per_length;
        *run = (struct or_run){.segment = segment,
                               .scoring = scoring,
                               .lengths = segment_section(segment, SEGMENT_LENGTHS),
                               .ratio = ratio > 1 ? ratio : 1,
                               .lists = order,
                               .count = count,
                               .prefix = prefix,
                               .accept = accept,
                               .context = context,
                               .ordinal = ordinal,
                               .top = top};
        for (size_t i = 0; i < count; i++) {
            order[i] = &lists[i];
            lists[i].block = 0;
        }
        for (uint32_t base = 0; base < segment->header.documents && !run->damaged; base += OR_WINDOW) {
            run->base = base;
            run->end = base + OR_WINDOW;
            answer_window(run);
        }
        ok = !run->damaged;
    }
    free(run);
    free(order);
    free(prefix);
    return ok;
}
