/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conjunctions led by their rarest list. */
#include "searcher/sealed_and.h"

#include <stdlib.h>
#include <string.h>

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
    uint64_t guess; /* of all matches, made when the first was passed over; 0: none was */
    fixed_score optional_most; /* what optional nodes can add */
    fixed_score
        *rest;   /* what the lists from the i-th on, other nodes and optional ones can contribute */
    bool scored; /* contributions are of the block that the leading list is at */
    fixed_score contributions[BLOCK_SIZE];
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

static fixed_score contribution(const struct and_run *run, struct sealed_node *list) {
    return list->weight > 0
               ? scoring_contribution(&run->tree->scoring->saturation, list->weight,
                                      postings_wdf(list->cursor),
                                      segment_length(run->tree->segment, list->cursor->document))
               : 0;
}

/* How far a document has come: its score by what was looked at, and whether it may yet enter the
 * top list. */
struct standing {
    fixed_score score;
    bool enters;
};

/* Whether a document that can at most come to that score is of use to the top list. */
static inline bool can_enter(const struct and_run *run, fixed_score most) {
    return run->top->most > 0 && (run->top->threshold == 0 || most > run->top->threshold);
}

/* Adds what list i contributes, unless the document is out anyway. */
static inline void add_list(const struct and_run *run, size_t i, fixed_score known,
                            struct standing *standing) {
    if (!standing->enters)
        return;
    standing->score += known > 0 ? known : contribution(run, run->conjunction->lists[i]);
    standing->enters = can_enter(run, standing->score + run->rest[i + 1]);
}

/* Whether a document may be passed over: it cannot enter, and enough are counted. */
static inline bool is_passed_over(struct and_run *run, uint32_t document,
                                  const struct standing *standing) {
    if (standing->enters || !may_pass_over(run))
        return false;
    pass_over(run, document);
    return true;
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

/* A document that all lists have, and stand at; the standing is by all of them. */
static void test_document(struct and_run *run, uint32_t document, struct standing standing) {
    const struct sealed_and *conjunction = run->conjunction;
    for (size_t i = 0; i < conjunction->other_count; i++)
        if (sealed_next_geq(run->tree, conjunction->others[i], document) != document)
            return;
    if (!sealed_filter_accepts(run->filter, document))
        return;
    for (size_t i = 0; i < conjunction->other_count && standing.enters; i++)
        standing.score += sealed_score(run->tree, conjunction->others[i]);
    standing.enters = standing.enters && can_enter(run, standing.score + run->optional_most);
    if (is_passed_over(run, document, &standing) || !phrases_stand(run, document))
        return;
    run->counted++;
    if (!standing.enters)
        return;
    for (size_t i = 0; i < conjunction->optional_count; i++)
        if (sealed_next_geq(run->tree, conjunction->optional[i], document) == document)
            standing.score += sealed_score(run->tree, conjunction->optional[i]);
    struct top_item item = {.score = standing.score, .ordinal = run->ordinal + document};
    if (run->top->by_date)
        item.date = segment_date(run->tree->segment, document);
    top_list_add(run->top, item);
}

/* The first document at or behind `document` of a list, from the given one on, that does not have
 * it; `document` where all have it. */
static inline uint32_t look_up(struct and_run *run, size_t first, uint32_t document) {
    const struct sealed_and *conjunction = run->conjunction;
    for (size_t i = first; i < conjunction->list_count; i++) {
        struct postings_cursor *cursor = conjunction->lists[i]->cursor;
        postings_next_geq(cursor, document);
        if (cursor->document != document) {
            run->tree->damaged |= cursor->damaged;
            return cursor->document;
        }
    }
    return document;
}

/* Looks the document that the leading list stands at up in the others; as of look_up. lead: what
 * the leading list contributes; 0: not known, or nothing. */
static uint32_t try_document(struct and_run *run, uint32_t document, fixed_score lead) {
    struct standing standing = {.enters = run->top->most > 0};
    uint32_t found = look_up(run, 1, document);
    if (found != document)
        return found;
    for (size_t i = 0; i < run->conjunction->list_count; i++) {
        add_list(run, i, i == 0 ? lead : 0, &standing);
        if (is_passed_over(run, document, &standing))
            return document;
    }
    test_document(run, document, standing);
    return document;
}

/* Walks the leading list's block from `target` on; returns the first document that the next block
 * may begin with. */
static uint32_t walk_block(struct and_run *run, uint32_t target) {
    struct postings_cursor *leader = run->conjunction->lists[0]->cursor;
    for (uint32_t at = 0; at < leader->in_block; at++) {
        uint32_t document = leader->documents[at];
        fixed_score lead = run->scored ? run->contributions[at] : 0;
        if (document < target)
            continue;
        if (lead > 0 && lead + run->rest[1] <= run->top->threshold) {
            pass_over(run, document);
            continue;
        }
        leader->at = at;
        leader->document = document;
        uint32_t found = try_document(run, document, lead);
        if (found == POSTINGS_END)
            return POSTINGS_END;
        target = found > target ? found : target;
    }
    return target;
}

static void walk(struct and_run *run) {
    struct sealed_node *node = run->conjunction->lists[0];
    struct postings_cursor *leader = node->cursor;
    uint32_t target = 0;
    for (uint32_t b = 0; b < leader->block_count && target != POSTINGS_END && !run->tree->damaged;
         b++) {
        uint32_t last = postings_block_last(leader, b);
        if (last < target)
            continue;
        bool prune = may_pass_over(run) && run->top->threshold > 0;
        if (prune) {
            fixed_score bound =
                node->weight > 0
                    ? scoring_bound(node->weight, postings_block_bound(leader, b), run->tree->ratio)
                    : 0;
            if (bound + run->rest[1] <= run->top->threshold) {
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
            block_scores(&run->tree->scoring->saturation, node->weight, run->tree->segment,
                         leader->wdfs, leader->documents, leader->in_block, run->contributions);
        target = walk_block(run, target);
    }
}

/* ---- by windows ---- */

/* Where the leading list is long, each window of documents is first narrowed down to those that it
 * and the next lists have, as long as these have no more postings there than FLOW_RATIO times what
 * is left: walking them costs less than as many look-ups. Marks count the lists that a document
 * has. */
enum { FLOW_WINDOW = 8192, FLOW_RATIO = 24, FLOW_LEAST = 1024 };

/* A list that is walked posting by posting, beside the node's own cursor. */
struct flow {
    struct postings_cursor cursor;
    uint32_t block, at; /* the next posting */
    uint32_t density;   /* postings in a window, on average */
};

struct windows {
    struct and_run *run;
    struct flow *flows; /* as the lists are */
    size_t flow_count;
    uint32_t base;
    uint64_t end;
    size_t count; /* documents left */
    uint32_t documents[FLOW_WINDOW];
    fixed_score leads[FLOW_WINDOW]; /* what the leading list contributes; 0: not known */
    uint8_t marks[FLOW_WINDOW];
};

/* Decodes the flow's next block that may hold documents of the window. False: there is none, or it
 * is damaged. */
static bool flow_block(struct windows *windows, struct flow *flow, bool wdfs) {
    struct postings_cursor *cursor = &flow->cursor;
    while (flow->block < cursor->block_count &&
           (postings_block_last(cursor, flow->block) < windows->base ||
            (cursor->block == flow->block && flow->at >= cursor->in_block))) {
        flow->block++;
        flow->at = 0;
    }
    if (flow->block >= cursor->block_count ||
        (flow->block > 0 &&
         postings_block_last(cursor, flow->block - 1) + UINT64_C(1) >= windows->end))
        return false;
    if (!postings_load(cursor, flow->block, wdfs)) {
        windows->run->tree->damaged = true;
        return false;
    }
    while (flow->at < cursor->in_block && cursor->documents[flow->at] < windows->base)
        flow->at++;
    return flow->at < cursor->in_block ? cursor->documents[flow->at] < windows->end
                                       : flow_block(windows, flow, wdfs);
}

/* Takes the leading list's documents in the window, but for those that are passed over. */
static void take_leading(struct windows *windows) {
    struct and_run *run = windows->run;
    const struct sealed_node *node = run->conjunction->lists[0];
    struct flow *flow = &windows->flows[0];
    struct postings_cursor *cursor = &flow->cursor;
    bool prune = may_pass_over(run) && run->top->threshold > 0 && node->weight > 0;
    windows->count = 0;
    while (flow_block(windows, flow, prune)) {
        uint32_t first = flow->at, at = first;
        while (at < cursor->in_block && cursor->documents[at] < windows->end)
            at++;
        flow->at = at;
        if (prune)
            block_scores(&run->tree->scoring->saturation, node->weight, run->tree->segment,
                         cursor->wdfs + first, cursor->documents + first, at - first,
                         run->contributions);
        for (uint32_t i = first; i < at; i++) {
            uint32_t document = cursor->documents[i];
            fixed_score lead = prune ? run->contributions[i - first] : 0;
            if (prune && lead + run->rest[1] <= run->top->threshold) {
                pass_over(run, document);
                continue;
            }
            windows->documents[windows->count] = document;
            windows->leads[windows->count++] = lead;
            windows->marks[document - windows->base] = 1;
        }
    }
}

/* Leaves the documents that list i has, too. */
static void narrow(struct windows *windows, size_t i) {
    struct flow *flow = &windows->flows[i];
    struct postings_cursor *cursor = &flow->cursor;
    uint8_t *marks = windows->marks;
    while (flow_block(windows, flow, false)) {
        uint32_t at = flow->at;
        for (; at < cursor->in_block && cursor->documents[at] < windows->end; at++) {
            uint8_t *mark = &marks[cursor->documents[at] - windows->base];
            *mark = (uint8_t)(*mark + (*mark == i));
        }
        flow->at = at;
    }
    size_t kept = 0;
    for (size_t d = 0; d < windows->count; d++) {
        uint32_t document = windows->documents[d];
        windows->documents[kept] = document;
        windows->leads[kept] = windows->leads[d];
        kept += marks[document - windows->base] == i + 1;
    }
    windows->count = kept;
}

/* Tests a document that the first `narrowed` lists have. Where it may be passed over, their scores
 * come first, the others are looked up after that. */
static void try_narrowed(struct and_run *run, uint32_t document, fixed_score lead,
                         size_t narrowed) {
    const struct sealed_and *conjunction = run->conjunction;
    struct standing standing = {.enters = run->top->most > 0};
    for (size_t i = 0; i < conjunction->list_count; i++) {
        struct postings_cursor *cursor = conjunction->lists[i]->cursor;
        if (i == narrowed && look_up(run, i, document) != document)
            return;
        if (i < narrowed)
            postings_next_geq(cursor, document);
        add_list(run, i, i == 0 ? lead : 0, &standing);
        if (is_passed_over(run, document, &standing))
            return;
    }
    test_document(run, document, standing);
}

/* Whether documents that all lists have need no test, nor a score. */
static bool is_counted_alone(const struct and_run *run) {
    const struct sealed_and *conjunction = run->conjunction;
    return run->top->most == 0 && conjunction->phrase_count == 0 && conjunction->other_count == 0 &&
           sealed_filter_is_empty(run->filter);
}

static void answer_window(struct windows *windows) {
    struct and_run *run = windows->run;
    take_leading(windows);
    if (windows->count == 0)
        return;
    size_t i = 1;
    for (; i < windows->flow_count && windows->flows[i].density <= FLOW_RATIO * windows->count; i++)
        narrow(windows, i);
    memset(windows->marks, 0, sizeof windows->marks);
    if (i == run->conjunction->list_count && is_counted_alone(run)) {
        run->counted += windows->count;
        return;
    }
    for (size_t d = 0; d < windows->count; d++)
        try_narrowed(run, windows->documents[d], windows->leads[d], i);
}

/* False: no memory. */
static bool walk_windows(struct and_run *run) {
    const struct sealed_and *conjunction = run->conjunction;
    uint64_t documents = run->tree->segment->header.documents;
    struct windows *windows = malloc(sizeof *windows);
    /* Marks are bytes; more lists than that narrow nothing down any more. */
    size_t count = conjunction->list_count < UINT8_MAX ? conjunction->list_count : UINT8_MAX - 1;
    struct flow *flows = malloc(count * sizeof *flows);
    if (windows && flows) {
        windows->run = run;
        windows->flows = flows;
        windows->flow_count = count;
        memset(windows->marks, 0, sizeof windows->marks);
        for (size_t i = 0; i < count; i++) {
            const struct postings_list *list = &conjunction->lists[i]->cursor->list;
            flows[i].block = flows[i].at = 0;
            flows[i].density = (uint32_t)((uint64_t)list->count * FLOW_WINDOW / documents) + 1;
            run->tree->damaged |= !postings_open(&flows[i].cursor, list);
        }
        for (uint64_t base = 0; base < documents && !run->tree->damaged; base += FLOW_WINDOW) {
            windows->base = (uint32_t)base;
            windows->end = base + FLOW_WINDOW;
            answer_window(windows);
        }
    }
    bool ok = windows && flows;
    free(windows);
    free(flows);
    return ok;
}

static int by_cost(const void *a, const void *b) {
    const struct sealed_node *left = *(struct sealed_node *const *)a,
                             *right = *(struct sealed_node *const *)b;
    return (left->cost > right->cost) - (left->cost < right->cost);
}

bool sealed_and(struct sealed_tree *tree, struct sealed_and *conjunction,
                const struct sealed_filter *filter, uint64_t ordinal, struct top_list *top,
                struct sealed_tally *tally) {
    struct and_run run = {.tree = tree,
                          .conjunction = conjunction,
                          .filter = filter,
                          .ordinal = ordinal,
                          .top = top,
                          .missing = sealed_tally_missing(tally)};
    qsort(conjunction->lists, conjunction->list_count, sizeof *conjunction->lists, by_cost);
    if (!conjunction->lists[0]->cursor) /* no document has the term */
        return true;
    run.rest = arena_alloc(tree->arena, (conjunction->list_count + 1) * sizeof *run.rest);
    if (!run.rest)
        return false;
    for (size_t i = 0; i < conjunction->optional_count; i++)
        run.optional_most += most_of(tree, conjunction->optional[i]);
    run.rest[conjunction->list_count] = run.optional_most;
    for (size_t i = 0; i < conjunction->other_count; i++)
        run.rest[conjunction->list_count] += most_of(tree, conjunction->others[i]);
    for (size_t i = conjunction->list_count; i > 0; i--)
        run.rest[i - 1] = run.rest[i] + most_of(tree, conjunction->lists[i - 1]);
    if (conjunction->lists[0]->cost < FLOW_LEAST || !walk_windows(&run))
        walk(&run);
    if (run.guess > 0)
        sealed_tally_guess(tally, run.guess > run.counted ? run.guess : run.counted);
    else
        sealed_tally_add(tally, run.counted);
    return true;
}
