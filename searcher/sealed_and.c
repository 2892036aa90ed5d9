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

/* Adds to scores what a term of that weight contributes, each the same to the last bit as
 * scoring_contribution's. */
static void add_contributions(float weight, const uint32_t *wdfs, const float *rests, size_t count,
                              fixed_score *scores) {
    for (size_t i = 0; i < count; i++) {
        float wdf = (float)(int32_t)wdfs[i];
        scores[i] += (fixed_score)((int32_t)(weight * (wdf / (wdf + rests[i])) + 0.5f) + 1);
    }
}

/* Adds up what the lists contribute. False: damaged. */
static bool score_documents(struct and_run *run, fixed_score *scores) {
    uint32_t wdfs[BLOCK_SIZE];
    float rests[BLOCK_SIZE];
    for (size_t i = 0; i < run->count; i++)
        rests[i] = saturation_rest(&run->tree->scoring->saturation,
                                   segment_length(run->tree->segment, run->documents[i]));
    for (size_t l = 0; l < run->list_count; l++) {
        struct and_list *list = &run->lists[l];
        if (list->node->weight <= 0)
            continue;
        if (!postings_wdfs_of(list->cursor, list->postings, run->count, wdfs))
            return false;
        add_contributions(list->node->weight, wdfs, rests, run->count, scores);
    }
    return true;
}

/* Whether documents that all lists have need no test, nor a score. */
static bool is_counted_alone(const struct and_run *run) {
    const struct sealed_and *conjunction = run->conjunction;
    return run->top->most == 0 && conjunction->phrase_count == 0 && conjunction->other_count == 0 &&
           sealed_filter_is_empty(run->filter);
}

/* Leaves in `which` the documents that the nodes and the filter accept too and that may be of use;
 * adds what the nodes contribute. Returns how many are left. */
static size_t test_documents(struct and_run *run, fixed_score *scores, uint8_t *which) {
    const struct sealed_and *conjunction = run->conjunction;
    size_t left = 0;
    if (!run->prunes && conjunction->other_count == 0 && sealed_filter_is_empty(run->filter)) {
        for (size_t i = 0; i < run->count; i++)
            which[i] = (uint8_t)i;
        return run->count;
    }
    for (size_t i = 0; i < run->count; i++) {
        uint32_t document = run->documents[i];
        fixed_score optional = run->optional_most;
        if (run->prunes && !can_enter(run, scores[i] + run->others_most + optional)) {
            pass_over(run, document);
            continue;
        }
        bool has = true;
        for (size_t o = 0; o < conjunction->other_count && has; o++)
            has = sealed_next_geq(run->tree, conjunction->others[o], document) == document;
        if (!has || !sealed_filter_accepts(run->filter, document))
            continue;
        for (size_t o = 0; o < conjunction->other_count && run->top->most > 0; o++)
            scores[i] += sealed_score(run->tree, conjunction->others[o]);
        if (run->prunes && !can_enter(run, scores[i] + optional))
            pass_over(run, document);
        else
            which[left++] = (uint8_t)i;
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
    for (size_t l = 0; l < run->list_count; l++)
        if (run->lists[l].node->postings)
            postings_prefetch_positions(run->lists[l].cursor, run->lists[l].postings, run->count);
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
    if (conjunction->phrase_count > 0)
        prefetch_places(run);
    if (run->top->most > 0 && !score_documents(run, scores)) {
        run->tree->damaged = true;
        return;
    }
    size_t left = test_documents(run, scores, which);
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
    fixed_score less = 0;
    if (list->node->weight > 0)
        less = list->most - scoring_bound(list->node->weight, postings_block_bound(list->cursor, block), run->tree->ratio);
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
            run->tree->damaged = true;
            break;
        }
        size_t both = block_find(list->cursor->documents, run->documents + begin, end - begin,
                                 which, at);
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

/* Takes the leading list's block, but for documents that are passed over. False: damaged. */
static bool take_leading(struct and_run *run, uint32_t block, fixed_score bound) {
    struct and_list *list = &run->lists[0];
    struct postings_cursor *cursor = list->cursor;
    if (!postings_load(cursor, block, false))
        return false;
    run->count = cursor->in_block;
    memcpy(run->documents, cursor->documents, run->count * sizeof *run->documents);
    for (size_t i = 0; i < run->count; i++) {
        list->from[i] = (uint8_t)i;
        list->postings[i] = block * BLOCK_SIZE + (uint32_t)i;
        run->most[i] = bound;
    }
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
        run->tree->damaged = true;
        return;
    }
    for (size_t i = 1; i < run->list_count && run->count > 0 && !run->tree->damaged; i++)
        narrow(run, &run->lists[i]);
    if (run->count > 0 && !run->tree->damaged)
        take_documents(run);
}

static void walk(struct and_run *run) {
    const struct and_list *leader = &run->lists[0];
    const struct postings_cursor *cursor = leader->cursor;
    fixed_score all = most_of_all(run);
    for (uint32_t b = 0; b < cursor->block_count && !run->ended && !run->tree->damaged; b++) {
        fixed_score bound = all;
        if (leader->node->weight > 0)
            bound -= leader->most - scoring_bound(leader->node->weight,
                                                  postings_block_bound(cursor, b), run->tree->ratio);
        run->prunes = may_pass_over(run) && run->top->threshold > 0;
        if (run->prunes && bound <= run->top->threshold)
            pass_over(run, postings_block_last(cursor, b));
        else
            answer_block(run, b, bound);
    }
}

static int by_cost(const void *a, const void *b) {
    const struct sealed_node *left = *(struct sealed_node *const *)a,
                             *right = *(struct sealed_node *const *)b;
    return (left->cost > right->cost) - (left->cost < right->cost);
}

bool sealed_and(struct sealed_tree *tree, struct sealed_and *conjunction,
                const struct sealed_filter *filter, uint64_t ordinal, struct top_list *top,
                struct sealed_tally *tally) {
    size_t count = conjunction->list_count;
    qsort(conjunction->lists, count, sizeof *conjunction->lists, by_cost);
    if (!conjunction->lists[0]->cursor) /* no document has the term */
        return true;
    struct and_run *run = malloc(sizeof *run);
    struct and_list *lists = malloc(count * sizeof *lists);
    if (run && lists) {
        *run = (struct and_run){.tree = tree,
                                .conjunction = conjunction,
                                .filter = filter,
                                .ordinal = ordinal,
                                .top = top,
                                .missing = sealed_tally_missing(tally),
                                .lists = lists,
                                .list_count = count};
        for (size_t i = 0; i < count; i++) {
            struct sealed_node *node = conjunction->lists[i];
            lists[i].node = node;
            lists[i].cursor = node->cursor;
            lists[i].most = most_of(tree, node);
            lists[i].block = 0;
            if (node->is_covering)
                node->postings = lists[i].postings;
        }
        for (size_t i = 0; i < conjunction->optional_count; i++)
            run->optional_most += most_of(tree, conjunction->optional[i]);
        for (size_t i = 0; i < conjunction->other_count; i++)
            run->others_most += most_of(tree, conjunction->others[i]);
        walk(run);
        if (run->guess > 0)
            sealed_tally_guess(tally, run->guess > run->counted ? run->guess : run->counted);
        else
            sealed_tally_add(tally, run->counted);
    }
    bool ok = run && lists;
    free(run);
    free(lists);
    return ok;
}
