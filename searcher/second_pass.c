/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Late terms, and closeness. */
#include "searcher/second_pass.h"

#include <stdlib.h>

#include "base/error.h"
#include "searcher/evidence.h"
#include "searcher/plan.h"
#include "searcher/ranking.h"

/* Of a term that a document has more often, so many places are looked at: it bounds what a page of
 * one repeated word costs. */
enum { PLACES_MOST = 1024 };

/* ---- choosing ---- */

struct collecting {
    struct arena *arena;
    struct query **nodes;
    size_t count, capacity;
    bool no_memory;
};

static void collect(struct collecting *collecting, struct query *node) {
    if (collecting->no_memory || !array_reserve(&collecting->nodes, &collecting->capacity,
                                                collecting->count + 1, sizeof *collecting->nodes))
        collecting->no_memory = true;
    else
        collecting->nodes[collecting->count++] = node;
}

/* Takes the late terms below a node, to be collected where it scores; returns what stands in its
 * place. */
static struct query *strip(struct collecting *collecting, struct query *query, bool scores) {
    bool first_only = query->op == QUERY_NOT || query->op == QUERY_FILTER;
    for (size_t i = 0; i < query->child_count; i++)
        if (query->op != QUERY_LATE || i == 0)
            query->children[i] =
                strip(collecting, query->children[i], scores && (i == 0 || !first_only));
    if (query->op != QUERY_LATE)
        return query;
    for (size_t i = 1; i < query->child_count && scores; i++)
        collect(collecting, query->children[i]);
    return query->children[0];
}

/* Copies the nodes into the arena; NULL: no memory. */
static struct query **keep(struct arena *arena, const struct collecting *collecting, size_t count) {
    struct query **kept = arena_alloc(arena, (count + 1) * sizeof *kept);
    if (kept && count > 0)
        memcpy(kept, collecting->nodes, count * sizeof *kept);
    return kept;
}

xunzi_status second_pass_begin(struct second_pass *pass, xunzi_index *index, struct arena *arena,
                               struct query **query) {
    struct collecting collecting = {0};
    *pass = (struct second_pass){.index = index};
    *query = strip(&collecting, *query, true);
    if (index->without & XUNZI_RANKING_CHARACTERS)
        collecting.count = 0;
    size_t count = query_join_equal(collecting.nodes, collecting.count);
    xunzi_status status = collecting.no_memory ? error_no_memory() : XUNZI_OK;
    for (size_t i = 0; i < count && status == XUNZI_OK; i++)
        status = plan_term(index, arena, collecting.nodes[i]);
    if (status == XUNZI_OK) {
        query_sort_by_worth(collecting.nodes, count);
        count = count < RANKING_EXTRAS_MOST ? count : RANKING_EXTRAS_MOST;
        pass->late = keep(arena, &collecting, count);
        pass->late_count = count;
        if (!pass->late)
            status = error_no_memory();
    }
    free(collecting.nodes);
    return status;
}

static void take_close(void *context, struct query *term) {
    if (!term->absent && (term->kind == XUNZI_TOKEN_BIGRAM || term->kind == XUNZI_TOKEN_LATIN))
        collect(context, term);
}

xunzi_status second_pass_plan(struct second_pass *pass, struct arena *arena, struct query *query,
                              double *weight_sum) {
    struct collecting collecting = {0};
    double late = 0;
    for (size_t i = 0; i < pass->late_count; i++)
        late += pass->late[i]->absent ? 0 : pass->late[i]->weight * pass->late[i]->idf;
    if (pass->index->profile == XUNZI_PROFILE_FULL &&
        !(pass->index->without & XUNZI_RANKING_CLOSENESS))
        query_visit_scored(query, take_close, &collecting);
    xunzi_status status = collecting.no_memory ? error_no_memory() : XUNZI_OK;
    if (status == XUNZI_OK) {
        /* A term may stand in the tree more than once; its largest weight counts. */
        pass->close_count = query_drop_equal(collecting.nodes, collecting.count);
        query_sort_by_worth(collecting.nodes, pass->close_count);
        pass->close_count =
            pass->close_count < RANKING_TERMS_MOST ? pass->close_count : RANKING_TERMS_MOST;
        pass->close_count =
            pass->close_count > 1 ? pass->close_count : 0; /* one word is always together */
        pass->close = keep(arena, &collecting, pass->close_count);
        if (!pass->close)
            status = error_no_memory();
    }
    free(collecting.nodes);
    *weight_sum = *weight_sum * (1 + RANKING_CLOSENESS) + late;
    return status;
}

size_t second_pass_wants(const struct second_pass *pass) {
    return pass->late_count > 0    ? RANKING_LATE_MOST
           : pass->close_count > 0 ? RANKING_CLOSE_MOST
                                   : 0;
}

/* ---- order ---- */

/* ---- late terms ---- */

struct late_scores {
    const struct second_pass *pass;
    const struct scoring *scoring;
    struct top_item *items;
};

static void add_late(void *context, const struct evidence *evidence) {
    struct late_scores *scores = context;
    const struct query *term = scores->pass->late[evidence->term];
    float weight = scoring_weight(scores->scoring, term->weight * term->idf);
    if (weight > 0)
        scores->items[evidence->item].score += scoring_contribution(
            &scores->scoring->saturation, weight, evidence->wdf, evidence->length);
}

/* ---- closeness ---- */

struct occurrence {
    uint32_t place;
    uint32_t term;
};

struct occurrences {
    struct occurrence *items;
    size_t count, capacity;
};

struct places {
    struct occurrences of[RANKING_CLOSE_MOST]; /* of each item */
    bool no_memory;
};

static void add_places(void *context, const struct evidence *evidence) {
    struct places *places = context;
    struct occurrences *of = &places->of[evidence->item];
    size_t count = evidence->position_count < PLACES_MOST ? evidence->position_count : PLACES_MOST;
    if (!array_reserve(&of->items, &of->capacity, of->count + count, sizeof *of->items)) {
        places->no_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        of->items[of->count++] =
            (struct occurrence){evidence->positions[i], (uint32_t)evidence->term};
}

static int by_place(const void *a, const void *b) {
    const struct occurrence *left = a, *right = b;
    if (left->place != right->place)
        return left->place < right->place ? -1 : 1;
    return (left->term > right->term) - (left->term < right->term);
}

/* The largest sum of weights of different terms in any window. */
static fixed_score best_window(const struct occurrences *of, const fixed_score *weights) {
    uint32_t times[RANKING_TERMS_MOST] = {0};
    fixed_score sum = 0, best = 0;
    for (size_t end = 0, begin = 0; end < of->count; end++) {
        const struct occurrence *last = &of->items[end];
        for (; last->place - of->items[begin].place >= RANKING_WINDOW; begin++)
            if (--times[of->items[begin].term] == 0)
                sum -= weights[of->items[begin].term];
        if (times[last->term]++ == 0)
            sum += weights[last->term];
        best = sum > best ? sum : best;
    }
    return best;
}

static void add_closeness(const struct second_pass *pass, const struct scoring *scoring,
                          struct places *places, struct top_item *items, size_t count) {
    fixed_score weights[RANKING_TERMS_MOST];
    for (size_t t = 0; t < pass->close_count; t++)
        weights[t] = (fixed_score)(int32_t)scoring_weight(scoring, pass->close[t]->weight *
                                                                       pass->close[t]->idf);
    for (size_t i = 0; i < count; i++) {
        struct occurrences *of = &places->of[i];
        if (of->count > 1)
            qsort(of->items, of->count, sizeof *of->items, by_place);
        items[i].score += (fixed_score)((double)best_window(of, weights) * RANKING_CLOSENESS);
    }
}

static xunzi_status run_closeness(const struct second_pass *pass, const struct scoring *scoring,
                                  struct top_item *items, size_t count) {
    struct places places = {0};
    qsort(items, count, sizeof *items, top_items_by_ordinal);
    xunzi_status status = evidence_read(pass->index, pass->close, pass->close_count, items, count,
                                        true, add_places, &places);
    if (status == XUNZI_OK && places.no_memory)
        status = error_no_memory();
    if (status == XUNZI_OK)
        add_closeness(pass, scoring, &places, items, count);
    for (size_t i = 0; i < RANKING_CLOSE_MOST; i++)
        free(places.of[i].items);
    top_items_sort(items, count);
    return status;
}

xunzi_status second_pass_run(const struct second_pass *pass, const struct scoring *scoring,
                             struct top_item *items, size_t count) {
    xunzi_status status = XUNZI_OK;
    if (pass->late_count > 0 && count > 0) {
        size_t best = count < RANKING_LATE_MOST ? count : RANKING_LATE_MOST;
        struct late_scores scores = {pass, scoring, items};
        qsort(items, best, sizeof *items, top_items_by_ordinal);
        status = evidence_read(pass->index, pass->late, pass->late_count, items, best, false,
                               add_late, &scores);
        top_items_sort(items, best);
    }
    if (status == XUNZI_OK && pass->close_count > 0 && count > 0)
        status = run_closeness(pass, scoring, items,
                               count < RANKING_CLOSE_MOST ? count : RANKING_CLOSE_MOST);
    return status;
}
