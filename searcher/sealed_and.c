/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conjunctions led by their rarest list. */
#include "searcher/sealed_and.h"

#include <stdlib.h>

#include "searcher/block_scores.h"
#include "searcher/sealed_phrase.h"

struct and_run {
    struct sealed_tree *tree;
    const struct sealed_and *conjunction;
    const struct sealed_filter *filter;
    uint64_t ordinal;
    struct top_list *top;
    uint64_t missing; /* matches to be counted before any may be passed over */
    uint64_t counted;
    uint64_t guess;   /* of all matches, made when the first was passed over; 0: none was */
    fixed_score optional_most; /* what optional nodes can add */
    fixed_score others_most;   /* what all but the leading list can contribute */
    bool scored; /* contributions are of the block that the leading list is at */
    fixed_score contributions[BLOCK_SIZE];
};

/* No document scores more by the node. */
static fixed_score most_of(const struct sealed_tree *tree, const struct sealed_node *node) {
    fixed_score most = 0;
    if (node->query->op == QUERY_TERM && node->cursor && node->weight > 0)
        most = scoring_bound(node->weight, node->cursor->list.bound, tree->ratio);
    for (size_t i = 0; i < node->child_count; i++)
        most += most_of(tree, node->children[i]);
    return most;
}

static inline bool may_pass_over(const struct and_run *run) {
    return run->counted >= run->missing;
}

static void pass_over(struct and_run *run, uint32_t document) {
    double part = ((double)document + 1) / (double)run->tree->segment->header.documents;
    if (run->guess == 0)
        run->guess = (uint64_t)((double)run->counted / part) + 1;
}

static fixed_score contribution(const struct and_run *run, struct sealed_node *list) {
    return list->weight > 0
               ? scoring_contribution(&run->tree->scoring->saturation, list->weight, postings_wdf(list->cursor),
                                      segment_length(run->tree->segment, list->cursor->document))
               : 0;
}

/* The score by all that is required; `lead` is the leading list's part. */
static fixed_score score_required(const struct and_run *run, uint32_t document, fixed_score lead) {
    const struct sealed_and *conjunction = run->conjunction;
    fixed_score score = lead;
    for (size_t i = 1; i < conjunction->list_count; i++)
        score += contribution(run, conjunction->lists[i]);
    for (size_t i = 0; i < conjunction->other_count; i++)
        if (sealed_next_geq(run->tree, conjunction->others[i], document) == document)
            score += sealed_score(run->tree, conjunction->others[i]);
    return score;
}

static bool phrases_stand(const struct and_run *run, uint32_t document) {
    for (size_t i = 0; i < run->conjunction->phrase_count; i++) {
        struct sealed_node *phrase = run->conjunction->phrases[i];
        for (size_t c = 0; c < phrase->child_count; c++)
            phrase->children[c]->document = document;
        if (!sealed_phrase_stands(run->tree, phrase))
            return false;
    }
    return true;
}

/* A document that all lists have; `at` in the leading list's block. */
static void test_document(struct and_run *run, uint32_t document, uint32_t at) {
    const struct sealed_and *conjunction = run->conjunction;
    struct sealed_node *leader = conjunction->lists[0];
    for (size_t i = 0; i < conjunction->other_count; i++)
        if (sealed_next_geq(run->tree, conjunction->others[i], document) != document)
            return;
    if (!sealed_filter_accepts(run->filter, document))
        return;
    fixed_score score = 0;
    if (run->top->most > 0) {
        fixed_score lead = 0;
        if (leader->weight > 0) {
            leader->cursor->at = at;
            lead = run->scored ? run->contributions[at]
                               : scoring_contribution(&run->tree->scoring->saturation, leader->weight,
                                                      postings_wdf(leader->cursor),
                                                      segment_length(run->tree->segment, document));
        }
        score = score_required(run, document, lead);
    }
    bool enters = run->top->threshold == 0 || score + run->optional_most > run->top->threshold;
    if (!enters && may_pass_over(run) && conjunction->phrase_count > 0) {
        pass_over(run, document);
        return;
    }
    if (conjunction->phrase_count > 0) {
        leader->cursor->at = at;
        leader->cursor->document = document;
        if (!phrases_stand(run, document))
            return;
    }
    run->counted++;
    if (!enters)
        return;
    for (size_t i = 0; i < conjunction->optional_count; i++)
        if (sealed_next_geq(run->tree, conjunction->optional[i], document) == document)
            score += sealed_score(run->tree, conjunction->optional[i]);
    struct top_item item = {.score = score, .ordinal = run->ordinal + document};
    if (run->top->by_date)
        item.date = segment_date(run->tree->segment, document);
    top_list_add(run->top, item);
}

/* The first document at or behind `document` of a list behind the first that does not have it; `document` where all have it. */
static inline uint32_t look_up(struct and_run *run, uint32_t document) {
    const struct sealed_and *conjunction = run->conjunction;
    for (size_t i = 1; i < conjunction->list_count; i++) {
        struct postings_cursor *cursor = conjunction->lists[i]->cursor;
        postings_next_geq(cursor, document);
        if (cursor->document != document) {
            run->tree->damaged |= cursor->damaged;
            return cursor->document;
        }
    }
    return document;
}

/* Walks the leading list's block from `target` on; returns the first document that the next block may begin with. */
static uint32_t walk_block(struct and_run *run, uint32_t target) {
    struct postings_cursor *leader = run->conjunction->lists[0]->cursor;
    for (uint32_t at = 0; at < leader->in_block; at++) {
        uint32_t document = leader->documents[at];
        if (document < target)
            continue;
        if (run->scored && run->contributions[at] + run->others_most <= run->top->threshold) {
            pass_over(run, document);
            continue;
        }
        uint32_t found = look_up(run, document);
        if (found == document)
            test_document(run, document, at);
        else if (found == POSTINGS_END)
            return POSTINGS_END;
        else
            target = found;
    }
    return target;
}

static void walk(struct and_run *run) {
    struct sealed_node *node = run->conjunction->lists[0];
    struct postings_cursor *leader = node->cursor;
    uint32_t target = 0;
    for (uint32_t b = 0; b < leader->block_count && target != POSTINGS_END && !run->tree->damaged; b++) {
        uint32_t last = postings_block_last(leader, b);
        if (last < target)
            continue;
        bool prune = may_pass_over(run) && run->top->threshold > 0;
        if (prune) {
            fixed_score bound =
                node->weight > 0 ? scoring_bound(node->weight, postings_block_bound(leader, b), run->tree->ratio) : 0;
            if (bound + run->others_most <= run->top->threshold) {
                pass_over(run, last);
                continue;
            }
        }
        if (!postings_load(leader, b, prune)) {
            run->tree->damaged = true;
            return;
        }
        run->scored = prune && node->weight > 0;
        if (run->scored)
            block_scores(&run->tree->scoring->saturation, node->weight, run->tree->segment, leader->wdfs,
                         leader->documents, leader->in_block, run->contributions);
        target = walk_block(run, target);
    }
}

static int by_cost(const void *a, const void *b) {
    const struct sealed_node *left = *(struct sealed_node *const *)a, *right = *(struct sealed_node *const *)b;
    return (left->cost > right->cost) - (left->cost < right->cost);
}

void sealed_and(struct sealed_tree *tree, struct sealed_and *conjunction, const struct sealed_filter *filter,
                uint64_t ordinal, struct top_list *top, struct sealed_tally *tally) {
    struct and_run run = {.tree = tree,
                          .conjunction = conjunction,
                          .filter = filter,
                          .ordinal = ordinal,
                          .top = top,
                          .missing = sealed_tally_missing(tally)};
    qsort(conjunction->lists, conjunction->list_count, sizeof *conjunction->lists, by_cost);
    if (!conjunction->lists[0]->cursor) /* no document has the term */
        return;
    for (size_t i = 0; i < conjunction->optional_count; i++)
        run.optional_most += most_of(tree, conjunction->optional[i]);
    run.others_most = run.optional_most;
    for (size_t i = 1; i < conjunction->list_count; i++)
        run.others_most += most_of(tree, conjunction->lists[i]);
    for (size_t i = 0; i < conjunction->other_count; i++)
        run.others_most += most_of(tree, conjunction->others[i]);
    walk(&run);
    if (run.guess > 0)
        sealed_tally_guess(tally, run.guess > run.counted ? run.guess : run.counted);
    else
        sealed_tally_add(tally, run.counted);
}
