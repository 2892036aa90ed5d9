/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A window as long as a passage may be moves over the stretch once, its begin from start to start:
 * to each bound, and to shortly before each match that no bound is near to. Its weight is the most
 * that a passage from there can have. Only where that could be better than the best so far are the
 * passages from there looked at one by one.
 */
#include "searcher/passage.h"

#include <stdlib.h>

#include "searcher/passage_steps.h"

static const double begin_costs[BOUND_KIND_COUNT] = PASSAGE_BEGIN_COSTS;
static const double end_costs[BOUND_KIND_COUNT] = PASSAGE_END_COSTS;

/* Where a passage may begin. */
struct start {
    uint32_t shown;
    uint8_t kind;
    size_t bound; /* the bound it is at; for one that is at none, the one before it */
    bool at_bound;
    size_t match; /* the first match behind it */
};

/* A passage as it is compared with others: its ends are not yet looked up in the text. */
struct candidate {
    struct start start;
    uint8_t end_kind;
    bool ends_at_bound;
    size_t end_bound;
    size_t last_match; /* the last one in it; SIZE_MAX: none */
    size_t shown;
    double weight, cost, value;
};

struct search {
    struct passage_finder *finder;
    const struct passage_stretch *stretch;
    const struct passage_wish *wish;
    double base; /* added to the weight of every passage */
    struct candidate best;
};

bool passage_finder_begin(struct passage_finder *finder, size_t term_count) {
    *finder = (struct passage_finder){
        .times = calloc(term_count + 1, sizeof *finder->times),
        .stamps = calloc(term_count + 1, sizeof *finder->stamps),
    };
    return finder->times && finder->stamps;
}

void passage_finder_free(struct passage_finder *finder) {
    free(finder->times);
    free(finder->stamps);
}

/* Whether a match that goes beyond the passage is shown as far as it goes: a token that takes half
 * a passage or more, at the start. */
static bool is_endless(const struct search *search, const struct start *start, size_t match) {
    const struct span *span = &search->stretch->spans[match];
    return span->end - span->begin > search->wish->most / 2 &&
           span->begin <= start->shown + (start->at_bound ? 0 : PASSAGE_CONTEXT);
}

/* Offers the candidate, which ends at a place in characters of the stretch. */
static void offer(struct search *search, struct candidate candidate, size_t end) {
    bool tight = candidate.end_kind != BOUND_SENTENCE && candidate.last_match != SIZE_MAX &&
                 search->stretch->spans[candidate.last_match].end + PASSAGE_CONTEXT > end;
    candidate.cost = begin_costs[candidate.start.kind] + end_costs[candidate.end_kind] +
                     (tight ? PASSAGE_TIGHT_COST : 0) +
                     PASSAGE_LENGTH_COST * (double)candidate.shown;
    candidate.value = (candidate.weight + search->base) * (1 - candidate.cost);
    if (candidate.value > search->best.value * (1 + 1e-9))
        search->best = candidate;
}

/* Adds the term of a match to the candidate. */
static void add_match(struct search *search, size_t match, struct candidate *candidate) {
    struct passage_finder *finder = search->finder;
    uint32_t term = search->stretch->matches[match].term;
    candidate->last_match = match;
    if (finder->stamps[term] != finder->stamp) {
        finder->stamps[term] = finder->stamp;
        candidate->weight += search->wish->weights[term];
    }
}

/* Offers the passages from a start to every bound within reach, and to where it reaches, if the
 * stretch goes on there. */
static void try_start(struct search *search, const struct start *start) {
    const struct passage_stretch *stretch = search->stretch;
    const size_t most = search->wish->most, cut_before = start->kind != BOUND_SENTENCE;
    struct candidate candidate = {.start = *start, .last_match = SIZE_MAX};
    /* A start at no bound may move on to the next word; behind what reaches furthest stands an
     * ellipsis. */
    const size_t least = search->wish->least + (start->at_bound ? 0 : PASSAGE_CONTEXT);
    size_t match = start->match, reach = start->shown + most - cut_before - 1;
    search->finder->stamp++;
    for (size_t i = start->bound + 1; i < stretch->bound_count; i++) {
        const struct bound *bound = &stretch->bounds[i];
        if (bound->shown_end < start->shown)
            continue;
        candidate.shown =
            bound->shown_end - start->shown + cut_before + (bound->kind != BOUND_SENTENCE);
        if (candidate.shown > most)
            break;
        while (match < stretch->match_count && stretch->matches[match].end <= bound->end)
            add_match(search, match++, &candidate);
        bool whole = i + 1 == stretch->bound_count && start->at_bound && start->bound == 0;
        candidate.ends_at_bound = true;
        candidate.end_bound = i;
        candidate.end_kind = bound->kind;
        if (candidate.shown >= least || whole)
            offer(search, candidate, bound->shown_end);
        if (i + 1 == stretch->bound_count)
            return;
    }
    for (; match < stretch->match_count && stretch->spans[match].begin < reach; match++)
        if (stretch->spans[match].end <= reach || is_endless(search, start, match))
            add_match(search, match, &candidate);
    candidate.shown = most;
    candidate.ends_at_bound = false;
    candidate.end_kind = BOUND_CUT;
    offer(search, candidate, reach);
}

/* The window that moves over the stretch: the matches [first, last) and the weight of their terms.
 */
struct window {
    size_t first, last;
    double weight;
};

static void window_take(struct search *search, struct window *window) {
    uint32_t term = search->stretch->matches[window->last++].term;
    if (search->finder->times[term]++ == 0)
        window->weight += search->wish->weights[term];
}

static void window_drop(struct search *search, struct window *window) {
    uint32_t term = search->stretch->matches[window->first++].term;
    if (--search->finder->times[term] == 0)
        window->weight -= search->wish->weights[term];
}

/* Moves the window to a start, which is not before any that it was at, and tries the start where
 * that may be of use. */
static void consider(struct search *search, struct window *window, const struct start *start) {
    const struct passage_stretch *stretch = search->stretch;
    const size_t most = search->wish->most, least = search->wish->least;
    if (stretch->spans[start->match].begin >= start->shown + most)
        return;
    while (window->last < stretch->match_count &&
           stretch->spans[window->last].begin < start->shown + most)
        window_take(search, window);
    while (window->first < start->match)
        window_drop(search, window);
    const struct bound *next = &stretch->bounds[start->bound + 1];
    bool must_cut = next->shown_end > start->shown + most;
    bool whole = start->at_bound && start->bound == 0;
    double cost = begin_costs[start->kind] + (must_cut ? end_costs[BOUND_CUT] : 0) +
                  PASSAGE_LENGTH_COST * (double)(must_cut ? most
                                                 : whole  ? 0
                                                          : least);
    if (window->weight * (1 - cost) > search->best.value * (1 + 1e-9))
        try_start(search, start);
}

static void try_all_starts(struct search *search) {
    const struct passage_stretch *stretch = search->stretch;
    struct window window = {0};
    size_t bound = 0; /* the next one */
    for (size_t match = 0; match < stretch->match_count; match++) {
        for (; bound + 1 < stretch->bound_count &&
               stretch->bounds[bound].begin <= stretch->matches[match].begin;
             bound++)
            consider(search, &window,
                     &(struct start){.shown = stretch->bounds[bound].shown_begin,
                                     .kind = stretch->bounds[bound].kind,
                                     .bound = bound,
                                     .at_bound = true,
                                     .match = match});
        uint32_t shown = stretch->spans[match].begin;
        if (bound > 0 && shown > stretch->bounds[bound - 1].shown_begin + PASSAGE_CONTEXT)
            consider(search, &window,
                     &(struct start){.shown = shown - PASSAGE_CONTEXT,
                                     .kind = BOUND_CUT,
                                     .bound = bound - 1,
                                     .match = match});
    }
    while (window.first < window.last)
        window_drop(search, &window);
}

/* Tries the passage that the stretch ends with: a match there may have no other that is long
 * enough. */
static void try_last(struct search *search) {
    const struct passage_stretch *stretch = search->stretch;
    size_t bound = stretch->bound_count - 1, match = stretch->match_count;
    uint32_t end = stretch->bounds[bound].shown_end,
             length = (uint32_t)search->wish->least + PASSAGE_CONTEXT;
    if (end < stretch->bounds[0].shown_begin + length || length > search->wish->most)
        return;
    while (match > 0 && stretch->spans[match - 1].begin >= end - length)
        match--;
    while (bound > 0 && stretch->bounds[bound].shown_begin > end - length)
        bound--;
    if (match < stretch->match_count && bound + 1 < stretch->bound_count)
        try_start(search,
                  &(struct start){
                      .shown = end - length, .kind = BOUND_CUT, .bound = bound, .match = match});
}

/* Looks up where a candidate begins and ends in the text. */
static bool place(const struct search *search, struct passage *passage) {
    const struct candidate *best = &search->best;
    const struct passage_stretch *stretch = search->stretch;
    size_t begin = stretch->bounds[best->start.bound].begin,
           end = stretch->bounds[best->end_bound].end;
    size_t cut_before = best->start.kind != BOUND_SENTENCE,
           cut_behind = best->end_kind != BOUND_SENTENCE;
    bool ok = true;
    if (!best->start.at_bound) {
        size_t match = best->start.match, first = stretch->matches[match].begin;
        begin = first;
        ok = passage_first_begin(
            stretch->stretch,
            passage_back(stretch->stretch, first, stretch->spans[match].begin - best->start.shown),
            first, &begin);
    }
    if (ok && !best->ends_at_bound) {
        size_t least =
            best->last_match != SIZE_MAX ? stretch->matches[best->last_match].end : begin;
        end =
            passage_forward(stretch->stretch, begin, search->wish->most - cut_before - cut_behind);
        ok = passage_last_end(stretch->stretch, least < end ? least : end, end, &end);
    }
    *passage = (struct passage){
        .begin = (uint32_t)begin,
        .end = (uint32_t)end,
        .begin_kind = best->start.kind,
        .end_kind = best->end_kind,
        .shown = passage_shown(stretch->stretch, begin, end) + cut_before + cut_behind,
        .weight = best->weight,
        .cost = best->cost,
        .value = best->value,
    };
    return ok;
}

bool passage_find(struct passage_finder *finder, const struct passage_stretch *stretch,
                  const struct passage_wish *wish, struct passage *best) {
    struct search search = {
        .finder = finder, .stretch = stretch, .wish = wish, .best = {.value = best->value}};
    if (stretch->match_count == 0 || stretch->bound_count < 2)
        return true;
    try_all_starts(&search);
    try_last(&search);
    return search.best.value <= best->value || place(&search, best);
}

bool passage_first(const struct passage_stretch *stretch, const struct passage_wish *wish,
                   struct passage *first) {
    struct passage_finder finder = {0};
    struct passage_stretch bare = *stretch;
    struct search search = {.finder = &finder, .stretch = &bare, .wish = wish, .base = 1};
    bare.match_count = 0;
    try_start(&search, &(struct start){.shown = bare.bounds[0].shown_begin,
                                       .kind = bare.bounds[0].kind,
                                       .at_bound = true});
    return place(&search, first);
}
