/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conjunctions led by their rarest list. */
#include "searcher/sealed_and.h"

#include <stdlib.h>
#include <string.h>

#include "searcher/sealed_phrase.h"
#include "segment/block_find.h"

struct and_list {
    struct sealed_node *node;
    struct postings_cursor *cursor;
    fixed_score most; /* that it contributes to any document */
    uint32_t block;   /* the first that may hold a document that is still to come */
    /* Of the documents that this list, too, has: where they stand in it, and which they were of
     * those that the lists before have. */
    uint32_t postings[BLOCK_SIZE];
    uint8_t from[BLOCK_SIZE];
};

struct and_run {
    struct sealed_tree *tree;
    const struct sealed_and *conjunction;
    const struct sealed_filter *filter;
    uint64_t ordinal;
    struct top_list *top;
    uint64_t missing; /* matches to be counted before any may be passed over */
    uint64_t counted;
    uint64_t guess; /* of all matches, made when the first was passed over; 0: none was */
    fixed_score optional_most; /* what optional nodes can add */
    fixed_score others_most;   /* what other nodes can contribute */
    struct and_list *lists;
    size_t list_count;
    bool ended; /* a list has: nothing is to come */

    /* Of the leading list's block: the documents that are left. */
    bool prunes; /* those that cannot enter are passed over; `most` is known */
    bool leads;  /* `most` has what the leading list contributes, not its block's bound */
    size_t count;
    uint32_t documents[BLOCK_SIZE];
    fixed_score most[BLOCK_SIZE]; /* that they can come to, by the bounds of their blocks */
};

/* No document scores more by the node. Only what scores counts, so that the sum is bounded as
 * scores are (score.h). */
static fixed_score most_of(const struct sealed_tree *tree, const struct sealed_node *node) {
    fixed_score most = 0;
    switch (node->query->op) {
    case QUERY_TERM:
        return node->cursor && node->weight > 0
                   ? scoring_bound(node->weight, node->cursor->list.bound, tree->ratio)
                   : 0;
    case QUERY_NOT:
        return most_of(tree, node->children[0]);
    case QUERY_FILTER:
        return most_of(tree, node->scored);
    default:
        for (size_t i = 0; i < node->child_count; i++)
            most += most_of(tree, node->children[i]);
        return most;
    }
}

static inline bool may_pass_over(const struct and_run *run) {
    return run->counted >= run->missing;
}

static void pass_over(struct and_run *run, uint32_t document) {
    double part = ((double)document + 1) / (double)run->tree->segment->header.documents;
    if (run->guess == 0)
        run->guess = (uint64_t)((double)run->counted / part) + 1;
}

/* Whether a document that can at most come to that score is of use to the top list. */
static inline bool can_enter(const struct and_run *run, fixed_score most) {
    return run->top->most > 0 && (run->top->threshold == 0 || most > run->top->threshold);
}

/* ---- documents that all lists have ---- */

/* Makes each list's `postings` those of the documents that are left after all lists. */
static void trace_back(struct and_run *run) {
    for (size_t i = 0; i < run->count; i++) {
        size_t at = i;
        for (size_t l = run->list_count; l > 0; l--) {
            struct and_list *list = &run->lists[l - 1];
            size_t before = list->from[at];
            list->postings[i] = list->postings[at]; /* at is never below i */
            at = before;
        }
    }
}

/* What a list's block contributes at most. */
static inline fixed_score block_most(const struct and_run *run, const struct and_list *list,
                                     uint32_t block) {
    return list->node->weight > 0
               ? scoring_bound(list->node->weight, postings_block_bound(list->cursor, block),
                               run->tree->ratio)
               : 0;
}

/* What a term of that weight contributes to documents with those wdfs; rests: saturation_rest of
 * each. The same to the last bit as scoring_contribution. */
static void find_contributions(float weight, const uint32_t *wdfs, const float *rests, size_t count,
                               fixed_score *contributions) {
    for (size_t i = 0; i < count; i++) {
        float wdf = (float)(int32_t)wdfs[i];
        contributions[i] = (fixed_score)((int32_t)(weight * (wdf / (wdf + rests[i])) + 0.5f) + 1);
    }
}

static void find_rests(const struct and_run *run, float *rests) {
    for (size_t i = 0; i < run->count; i++)
        rests[i] = saturation_rest(&run->tree->scoring->saturation,
                                   segment_length(run->tree->segment, run->documents[i]));
}

/* Adds up what the lists contribute to the documents that are left, of which there are `count` in
 * `which`, and takes those out that turn out to be passed over. Returns how many are left. */
static size_t score_documents(struct and_run *run, fixed_score *scores, uint8_t *which,
                              size_t count) {
    uint32_t postings[BLOCK_SIZE], wdfs[BLOCK_SIZE];
    float all_rests[BLOCK_SIZE], rests[BLOCK_SIZE];
    fixed_score contributions[BLOCK_SIZE];
    find_rests(run, all_rests);
    for (size_t l = 0; l < run->list_count && count > 0; l++) {
        struct and_list *list = &run->lists[l];
        if (list->node->weight <= 0)
            continue;
        for (size_t i = 0; i < count; i++) {
            postings[i] = list->postings[which[i]];
            rests[i] = all_rests[which[i]];
        }
        if (!postings_wdfs_of(list->cursor, postings, count, wdfs)) {
            run->tree->failed = true;
            return 0;
        }
        find_contributions(list->node->weight, wdfs, rests, count, contributions);
        size_t left = 0;
        for (size_t i = 0; i < count; i++) {
            size_t at = which[i];
            scores[at] += contributions[i];
            which[left] = (uint8_t)at;
            if (run->prunes && (l > 0 || !run->leads)) {
                run->most[at] -= block_most(run, list, postings[i] / BLOCK_SIZE) - contributions[i];
                if (run->most[at] <= run->top->threshold) {
                    pass_over(run, run->documents[at]);
                    continue;
                }
            }
            left++;
        }
        count = left;
    }
    return count;
}

/* Whether documents that all lists have need no test, nor a score. */
static bool is_counted_alone(const struct and_run *run) {
    const struct sealed_and *conjunction = run->conjunction;
    return run->top->most == 0 && conjunction->phrase_count == 0 && conjunction->other_count == 0 &&
           sealed_filter_is_empty(run->filter);
}

/* Leaves the documents that the nodes and the filter accept, too, and that may be of use; adds what
 * the nodes contribute. Returns how many are left. */
static size_t test_documents(struct and_run *run, fixed_score *scores, uint8_t *which,
                             size_t count) {
    const struct sealed_and *conjunction = run->conjunction;
    size_t left = 0;
    if (conjunction->other_count == 0 && sealed_filter_is_empty(run->filter))
        return count;
    for (size_t i = 0; i < count; i++) {
        uint32_t document = run->documents[which[i]];
        fixed_score *score = &scores[which[i]];
        bool has = true;
        for (size_t o = 0; o < conjunction->other_count && has; o++)
            has = sealed_next_geq(run->tree, conjunction->others[o], document) == document;
        if (!has || !sealed_filter_accepts(run->filter, document))
            continue;
        for (size_t o = 0; o < conjunction->other_count && run->top->most > 0; o++)
            *score += sealed_score(run->tree, conjunction->others[o]);
        if (run->prunes && !can_enter(run, *score + run->optional_most))
            pass_over(run, document);
        else
            which[left++] = which[i];
    }
    return left;
}

/* Counts a document, and adds it to the top list if it enters. */
static void take_document(struct and_run *run, uint32_t document, fixed_score score) {
    const struct sealed_and *conjunction = run->conjunction;
    run->counted++;
    if (!can_enter(run, score + run->optional_most))
        return;
    for (size_t o = 0; o < conjunction->optional_count; o++)
        if (sealed_next_geq(run->tree, conjunction->optional[o], document) == document)
            score += sealed_score(run->tree, conjunction->optional[o]);
    struct top_item item = {.score = score, .ordinal = run->ordinal + document};
    if (run->top->by_date)
        item.date = segment_date(run->tree->segment, document);
    top_list_add(run->top, item);
}

static void prefetch_places(const struct and_run *run) {
    for (size_t p = 0; p < run->conjunction->phrase_count; p++) {
        const struct sealed_node *phrase = run->conjunction->phrases[p];
        for (size_t i = 0; i < phrase->cover_count; i++) {
            const struct sealed_node *term = phrase->cover[i];
            if (term->postings)
                postings_prefetch_positions(term->places, term->postings, run->count);
        }
    }
}

/* Answers for the documents that all lists have. */
static void take_documents(struct and_run *run) {
    const struct sealed_and *conjunction = run->conjunction;
    fixed_score scores[BLOCK_SIZE] = {0};
    uint8_t which[BLOCK_SIZE];
    if (is_counted_alone(run)) {
        run->counted += run->count;
        return;
    }
    trace_back(run);
    prefetch_places(run);
    size_t left = run->count;
    for (size_t i = 0; i < left; i++)
        which[i] = (uint8_t)i;
    if (run->top->most > 0)
        left = score_documents(run, scores, which, left);
    left = test_documents(run, scores, which, left);
    for (size_t p = 0; p < conjunction->phrase_count && left > 0; p++)
        left = sealed_phrase_keep(run->tree, conjunction->phrases[p], run->documents, which, left);
    if (run->top->most == 0) {
        run->counted += left;
        return;
    }
    for (size_t i = 0; i < left; i++)
        take_document(run, run->documents[which[i]], scores[which[i]]);
}

/* ---- narrowing down ---- */

/* Blocks of a list that may hold documents that are left, and which those are. */
struct and_blocks {
    size_t count;
    uint32_t blocks[BLOCK_SIZE];
    uint8_t begins[BLOCK_SIZE + 1]; /* the i-th one's: [begins[i], begins[i + 1]) */
};

static void find_blocks(struct and_run *run, struct and_list *list, struct and_blocks *found) {
    const struct postings_cursor *cursor = list->cursor;
    uint32_t block = list->block;
    size_t i = 0;
    found->count = 0;
    while (i < run->count) {
        block = postings_seek(cursor, block, run->documents[i]);
        uint32_t last = postings_block_last(cursor, block);
        if (block >= cursor->block_count || last < run->documents[i]) {
            run->ended = true;
            break;
        }
        found->blocks[found->count] = block;
        found->begins[found->count++] = (uint8_t)i;
        postings_prefetch(cursor, block);
        if (run->documents[run->count - 1] <= last)
            i = run->count;
        else
            for (i++; run->documents[i] <= last;)
                i++;
    }
    found->begins[found->count] = (uint8_t)i;
    list->block = block;
}

/* Leaves of documents [begin, end) those that can enter the top list by the bound of the list's
 * block that may hold them, the first at `begin`; returns where they end. */
static size_t prune(struct and_run *run, struct and_list *list, uint32_t block, size_t begin,
                    size_t end, uint8_t *from) {
    fixed_score less = list->most - block_most(run, list, block);
    size_t kept = begin;
    for (size_t i = begin; i < end; i++) {
        fixed_score most = run->most[i] - less;
        run->documents[kept] = run->documents[i];
        run->most[kept] = most;
        from[kept] = (uint8_t)i;
        kept += most > run->top->threshold;
    }
    if (kept < end)
        pass_over(run, run->documents[end - 1]);
    return kept;
}

/* Leaves the documents that the list, too, has. */
static void narrow(struct and_run *run, struct and_list *list) {
    struct and_blocks found;
    uint8_t which[BLOCK_SIZE], at[BLOCK_SIZE], from[BLOCK_SIZE];
    size_t kept = 0;
    find_blocks(run, list, &found);
    for (size_t b = 0; b < found.count; b++) {
        uint32_t block = found.blocks[b];
        size_t begin = found.begins[b], end = found.begins[b + 1];
        if (run->prunes)
            end = prune(run, list, block, begin, end, from);
        if (begin == end)
            continue;
        if (!postings_load(list->cursor, block, false)) {
            run->tree->failed = true;
            break;
        }
        size_t both =
            block_find(list->cursor->documents, run->documents + begin, end - begin, which, at);
        for (size_t i = 0; i < both; i++, kept++) {
            size_t was = begin + which[i];
            run->documents[kept] = run->documents[was];
            if (run->prunes)
                run->most[kept] = run->most[was];
            list->from[kept] = run->prunes ? from[was] : (uint8_t)was;
            list->postings[kept] = block * BLOCK_SIZE + at[i];
        }
    }
    run->count = kept;
}

/* Puts what the leading list contributes in the place of its block's bound, and leaves the
 * documents that can still enter. */
static void prune_leading(struct and_run *run, uint32_t block) {
    struct and_list *list = &run->lists[0];
    float rests[BLOCK_SIZE];
    fixed_score contributions[BLOCK_SIZE], bound = block_most(run, list, block);
    size_t kept = 0;
    find_rests(run, rests);
    find_contributions(list->node->weight, list->cursor->wdfs, rests, run->count, contributions);
    for (size_t i = 0; i < run->count; i++) {
        run->documents[kept] = run->documents[i];
        run->most[kept] = run->most[i] - bound + contributions[i];
        list->from[kept] = (uint8_t)i;
        list->postings[kept] = list->postings[i];
        kept += run->most[kept] > run->top->threshold;
    }
    if (kept < run->count)
        pass_over(run, run->documents[run->count - 1]);
    run->count = kept;
}

/* Takes the leading list's block. False: damaged. */
static bool take_leading(struct and_run *run, uint32_t block, fixed_score bound) {
    struct and_list *list = &run->lists[0];
    struct postings_cursor *cursor = list->cursor;
    run->leads = run->prunes && list->node->weight > 0;
    if (!postings_load(cursor, block, run->leads))
        return false;
    run->count = cursor->in_block;
    memcpy(run->documents, cursor->documents, run->count * sizeof *run->documents);
    for (size_t i = 0; i < run->count; i++) {
        list->from[i] = (uint8_t)i;
        list->postings[i] = block * BLOCK_SIZE + (uint32_t)i;
        run->most[i] = bound;
    }
    if (run->leads)
        prune_leading(run, block);
    return true;
}

static fixed_score most_of_all(const struct and_run *run) {
    fixed_score most = run->others_most + run->optional_most;
    for (size_t i = 0; i < run->list_count; i++)
        most += run->lists[i].most;
    return most;
}

static void answer_block(struct and_run *run, uint32_t block, fixed_score bound) {
    if (!take_leading(run, block, bound)) {
        run->tree->failed = true;
        return;
    }
    for (size_t i = 1; i < run->list_count && run->count > 0 && !run->tree->failed; i++)
        narrow(run, &run->lists[i]);
    if (run->count > 0 && !run->tree->failed)
        take_documents(run);
}

static void walk(struct and_run *run) {
    const struct and_list *leader = &run->lists[0];
    const struct postings_cursor *cursor = leader->cursor;
    fixed_score all = most_of_all(run);
    for (uint32_t b = 0; b < cursor->block_count && !run->ended && !run->tree->failed; b++) {
        fixed_score bound = all - leader->most + block_most(run, leader, b);
        run->prunes = may_pass_over(run) && run->top->threshold > 0;
        if (run->prunes && bound <= run->top->threshold)
            pass_over(run, postings_block_last(cursor, b));
        else
            answer_block(run, b, bound);
    }
}

/* Fills run->lists, and what anything can contribute. */
static void begin(struct and_run *run) {
    const struct sealed_and *conjunction = run->conjunction;
    for (size_t i = 0; i < run->list_count; i++) {
        struct sealed_node *node = conjunction->lists[i];
        struct and_list *list = &run->lists[i];
        list->node = node;
        list->cursor = node->cursor;
        list->most = most_of(run->tree, node);
        list->block = 0;
        if (node->places == node->cursor)
            node->postings = list->postings;
    }
    for (size_t i = 0; i < conjunction->optional_count; i++)
        run->optional_most += most_of(run->tree, conjunction->optional[i]);
    for (size_t i = 0; i < conjunction->other_count; i++)
        run->others_most += most_of(run->tree, conjunction->others[i]);
}

bool sealed_and(struct sealed_tree *tree, struct sealed_and *conjunction,
                const struct sealed_filter *filter, uint64_t ordinal, struct top_list *top,
                struct sealed_tally *tally) {
    size_t count = conjunction->list_count;
    sealed_sort_by_cost(conjunction->lists, count);
    if (!conjunction->lists[0]->cursor) /* no document has the term */
        return true;
    struct and_run *run = malloc(sizeof *run);
    struct and_list *lists = malloc(count * sizeof *lists);
    bool ok = run && lists;
    if (ok) {
        *run = (struct and_run){.tree = tree,
                                .conjunction = conjunction,
                                .filter = filter,
                                .ordinal = ordinal,
                                .top = top,
                                .missing = sealed_tally_missing(tally),
                                .lists = lists,
                                .list_count = count};
        begin(run);
        walk(run);
        if (run->guess > 0)
            sealed_tally_guess(tally, run->guess > run->counted ? run->guess : run->counted);
        else
            sealed_tally_add(tally, run->counted);
    }
    free(run);
    free(lists);
    return ok;
}
