/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The public search: text to tree, tree to the best documents of every segment and of the live
 * ones, those to hits. */
#include <stdlib.h>
#include <time.h>

#include "base/error.h"
#include "searcher/duplicates.h"
#include "searcher/execute.h"
#include "searcher/explain.h"
#include "searcher/facets.h"
#include "searcher/hits.h"
#include "searcher/like.h"
#include "searcher/parse.h"
#include "searcher/plan.h"
#include "searcher/second_pass.h"
#include "searcher/suggest.h"

/* A total is exact up to so many matches behind those shown, whether or not it was asked for. */
enum { COUNTED_ANYWAY = 100 };

struct xunzi_results {
    struct arena arena; /* holds everything below */
    xunzi_hit *hits;
    size_t count;
    uint64_t total;
    bool exact;
    uint64_t microseconds;
    const char *note;
    const char *suggestion;
    struct explanation explanation;
    xunzi_facet_value *facets;
    size_t facet_count;
};

xunzi_search_options xunzi_search_options_default(void) {
    return (xunzi_search_options){
        .limit = 10, .snippets = true, .fold_duplicates = true, .suggest = true};
}

static uint64_t now_microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* Where the best documents are gathered while the segments and the live documents are searched. */
struct run {
    struct scoring scoring;
    struct top_list top;
    struct sealed_tally tally;
    uint64_t first, shown; /* of the best, those that are hits: [first, shown) */
    struct second_pass second_pass;
    struct duplicates *folded; /* NULL: every document stands for itself */
};

static const struct duplicates none_folded;

static const struct duplicates *duplicates_of(const struct run *run) {
    return run->folded ? run->folded : &none_folded;
}

static uint64_t sum_at_most(uint64_t a, uint64_t b, uint64_t most) {
    return a >= most || b >= most - a ? most : a + b;
}

/* spare: how many more of the best are wanted than are shown. */
static xunzi_status run_begin(const xunzi_index *index, const xunzi_search_options *options,
                              double weight_sum, size_t spare, struct run *run) {
    uint64_t documents = index->documents;
    uint64_t shown = sum_at_most(options->offset, options->limit, documents);
    run->first = options->limit > 0 && options->offset < documents ? options->offset : shown;
    run->scoring = scoring_of(index->average_length, weight_sum);
    run->tally = (struct sealed_tally){
        .wanted = options->exact_count ? UINT64_MAX : sum_at_most(shown, COUNTED_ANYWAY, documents),
        .exact = true};
    run->shown = options->limit > 0 ? shown : 0;
    size_t most = options->limit > 0 ? (size_t)sum_at_most(shown, spare, documents) : 0;
    if (most > 0 && options->sort == XUNZI_SORT_RELEVANCE &&
        most < second_pass_wants(&run->second_pass))
        most = second_pass_wants(&run->second_pass);
    struct top_item *items = malloc((most + 1) * sizeof *items);
    top_list_begin(&run->top, items, most, options->sort == XUNZI_SORT_DATE);
    return items ? XUNZI_OK : error_no_memory();
}

/* Runs a planned tree over the whole collection. */
static xunzi_status run_query(xunzi_index *index, const struct query *query, struct run *run) {
    xunzi_status status = execute(index, query, &run->scoring, &run->top, &run->tally);
    top_list_sort(&run->top);
    if (status == XUNZI_OK && !run->top.by_date)
        status = second_pass_run(&run->second_pass, &run->scoring, run->top.items, run->top.count);
    return status;
}

static xunzi_status rank(xunzi_index *index, const struct query *query,
                         const xunzi_search_options *options, double weight_sum, size_t spare,
                         struct run *run) {
    xunzi_status status = run_begin(index, options, weight_sum, spare, run);
    return status == XUNZI_OK ? run_query(index, query, run) : status;
}

/* Ranks, and puts copies under one another; where they leave too few hits for the page, ranks once
 * more, with as many documents more as can be copies. */
static xunzi_status find_hits(xunzi_index *index, const struct query *query,
                              const xunzi_search_options *options, double weight_sum,
                              struct run *run) {
    if (!options->fold_duplicates || options->ranking_only)
        return rank(index, query, options, weight_sum, 0, run);
    const struct top_list *top = &run->top;
    run->folded = malloc(sizeof *run->folded);
    if (!run->folded)
        return error_no_memory();
    xunzi_status status = rank(index, query, options, weight_sum, DUPLICATES_SPARE, run);
    if (status == XUNZI_OK)
        status = duplicates_find(run->folded, index, top->items, top->count);
    if (status != XUNZI_OK || top->count < top->most || top->most >= index->documents ||
        duplicates_hit_count(run->folded, top->count) >= run->shown)
        return status;
    free(top->items);
    status = rank(index, query, options, weight_sum, DUPLICATES_MOST, run);
    return status == XUNZI_OK ? duplicates_find(run->folded, index, top->items, top->count)
                              : status;
}

/* Counting by values counts all: the total is exact then. */
static xunzi_status count_facets(xunzi_index *index, const struct query *query,
                                 const struct run *run, xunzi_facet facet,
                                 struct xunzi_results *results) {
    xunzi_status status = facets_count(index, query, &run->scoring, facet, &results->arena,
                                       &results->facets, &results->facet_count);
    uint64_t total = 0;
    for (size_t i = 0; i < results->facet_count; i++)
        total += results->facets[i].count;
    if (status == XUNZI_OK) {
        results->total = total;
        results->exact = true;
    }
    return status;
}

static xunzi_status explain(xunzi_index *index, struct query *query, const struct run *run,
                            size_t first, struct xunzi_results *results) {
    struct top_item *items = arena_alloc(&results->arena, (results->count + 1) * sizeof *items);
    if (!items)
        return error_no_memory();
    for (size_t i = 0; i < results->count; i++)
        items[i] = run->top.items[duplicates_hit(duplicates_of(run), first + i)];
    return explanation_make(index, query, &run->second_pass, &run->scoring, items, results->hits,
                            results->count, &results->arena, &results->explanation);
}

static xunzi_status take_results(xunzi_index *index, struct query *query,
                                 const xunzi_search_options *options, const struct run *run,
                                 struct xunzi_results *results) {
    const struct top_list *top = &run->top;
    size_t hits = duplicates_hit_count(duplicates_of(run), top->count);
    size_t shown = run->shown < hits ? (size_t)run->shown : hits;
    size_t first = run->first < shown ? (size_t)run->first : shown;
    results->count = shown - first;
    /* An estimate may be more than there can be, or less than has been found. */
    results->exact = run->tally.exact;
    results->total = run->tally.total < index->documents ? run->tally.total : index->documents;
    if (results->total < top->count)
        results->total = top->count;
    xunzi_status status =
        hits_make(index, query, options, top->items, duplicates_of(run), first, results->count,
                  run->scoring.unit, &results->arena, &results->hits);
    if (status == XUNZI_OK && options->explain)
        status = explain(index, query, run, first, results);
    if (status == XUNZI_OK && options->facet != XUNZI_FACET_NONE)
        status = count_facets(index, query, run, options->facet, results);
    return status;
}

/* What is searched for: a query, or what is like a document. */
struct request {
    bool like;
    xunzi_string text; /* the query; the document's id */
};

/* For the first page of who reads the hits. */
static xunzi_status suggest(xunzi_index *index, const struct request *request, struct query *query,
                            const xunzi_search_options *options, struct xunzi_results *results) {
    const struct suggest_question question = {request->text, options, query, results->total,
                                              results->exact};
    if (request->like || !options->suggest || options->ranking_only || options->offset > 0)
        return XUNZI_OK;
    return suggest_query(index, &results->arena, &question, &results->suggestion);
}

static xunzi_status make_tree(xunzi_index *index, const struct request *request,
                              const xunzi_search_options *options, struct xunzi_results *results,
                              struct query **query) {
    xunzi_status status =
        request->like ? like_query(index, &results->arena, request->text, query, &results->note)
                      : parse_query(index, &results->arena, request->text, options->mode, query,
                                    &results->note);
    return status == XUNZI_OK ? parse_filters(&results->arena, options, query) : status;
}

/* One attempt, on the snapshot as it is. */
static xunzi_status search_once(xunzi_index *index, const struct request *request,
                                const xunzi_search_options *options,
                                struct xunzi_results *results) {
    struct query *query = NULL;
    struct run run = {0};
    double weight_sum = 0;
    /* Where a document's terms stand says nothing of where they stand in one like it. */
    index->without = options->without | (request->like ? XUNZI_RANKING_CLOSENESS : 0);
    xunzi_status status = make_tree(index, request, options, results, &query);
    if (status == XUNZI_OK)
        status = second_pass_begin(&run.second_pass, index, &results->arena, &query);
    if (status == XUNZI_OK)
        status = plan_query(index, &results->arena, query, &weight_sum);
    if (status == XUNZI_OK)
        status = second_pass_plan(&run.second_pass, &results->arena, query, &weight_sum);
    if (status == XUNZI_OK)
        status = find_hits(index, query, options, weight_sum, &run);
    if (status == XUNZI_OK)
        status = take_results(index, query, options, &run, results);
    if (status == XUNZI_OK)
        status = suggest(index, request, query, options, results);
    free(run.folded);
    free(run.top.items);
    return status;
}

static xunzi_status search(xunzi_index *index, const struct request *request,
                           const xunzi_search_options *options, xunzi_results **out) {
    *out = NULL;
    xunzi_search_options defaults = xunzi_search_options_default();
    struct xunzi_results *results = calloc(1, sizeof *results);
    if (!results)
        return error_no_memory();
    uint64_t started = now_microseconds();
    xunzi_status status = search_once(index, request, options ? options : &defaults, results);
    for (int tries = 1; index->overwritten && tries < INDEX_TRIES; tries++) {
        arena_free(&results->arena);
        status = xunzi_index_refresh(index);
        if (status == XUNZI_OK)
            status = search_once(index, request, options ? options : &defaults, results);
    }
    if (status != XUNZI_OK) {
        xunzi_results_free(results);
        return status;
    }
    results->microseconds = now_microseconds() - started;
    *out = results;
    return XUNZI_OK;
}

xunzi_status xunzi_search(xunzi_index *index, xunzi_string query,
                          const xunzi_search_options *options, xunzi_results **out) {
    return search(index, &(struct request){.text = query}, options, out);
}

xunzi_status xunzi_search_like(xunzi_index *index, xunzi_string id,
                               const xunzi_search_options *options, xunzi_results **out) {
    return search(index, &(struct request){.like = true, .text = id}, options, out);
}

size_t xunzi_results_count(const xunzi_results *results) {
    return results->count;
}

const xunzi_hit *xunzi_results_hit(const xunzi_results *results, size_t i) {
    return i < results->count ? &results->hits[i] : NULL;
}

uint64_t xunzi_results_total(const xunzi_results *results) {
    return results->total;
}

bool xunzi_results_exact(const xunzi_results *results) {
    return results->exact;
}

uint64_t xunzi_results_microseconds(const xunzi_results *results) {
    return results->microseconds;
}

const char *xunzi_results_note(const xunzi_results *results) {
    return results->note;
}

const char *xunzi_results_suggestion(const xunzi_results *results) {
    return results->suggestion;
}

const xunzi_facet_value *xunzi_results_facets(const xunzi_results *results, size_t *count) {
    *count = results->facet_count;
    return results->facets;
}

const char *xunzi_results_tree(const xunzi_results *results) {
    return results->explanation.tree;
}

const xunzi_ranked_term *xunzi_results_terms(const xunzi_results *results, size_t *count) {
    *count = results->explanation.term_count;
    return results->explanation.terms;
}

void xunzi_results_free(xunzi_results *results) {
    if (!results)
        return;
    arena_free(&results->arena);
    free(results);
}
