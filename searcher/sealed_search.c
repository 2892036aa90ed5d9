/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Choosing the executor. A tree is first taken apart into what every document must have and what is
 * only tested or added. If that is a disjunction of terms, sealed_or answers it; if it holds a list
 * that all must be in, sealed_and; anything else is walked document by document, as the tree
 * stands.
 */
#include "searcher/sealed_search.h"

#include <stdlib.h>

#include "base/error.h"
#include "searcher/sealed_and.h"
#include "searcher/sealed_count.h"
#include "searcher/sealed_or.h"

/* A filtering list that is so many times shorter than a disjunction leads it. */
enum { FILTER_LEADS = 8 };

struct plain_term {
    const struct sealed_node *node;
    bool required;
};

struct search {
    struct sealed_tree tree;
    struct arena arena;
    struct sealed_filter filter;
    struct sealed_and parts;
    struct sealed_node **filter_lists; /* TERMs and SOURCEs that do not score */
    size_t filter_list_count;
    struct plain_term *terms; /* of a disjunction */
    size_t term_count;
    uint64_t ordinal;
    struct top_list *top;
    struct sealed_tally *tally;
};

/* ---- taking apart ---- */

static size_t count_nodes(const struct sealed_node *node) {
    size_t count = 1;
    for (size_t i = 0; i < node->child_count; i++)
        count += count_nodes(node->children[i]);
    return count;
}

static bool make_room(struct search *search, size_t nodes) {
    struct sealed_node ***const arrays[] = {&search->filter.required, &search->filter.excluded,
                                            &search->parts.lists,     &search->parts.phrases,
                                            &search->parts.others,    &search->parts.optional,
                                            &search->filter_lists};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i] = arena_alloc(&search->arena, nodes * sizeof **arrays[i]);
        if (!*arrays[i])
            return false;
    }
    search->terms = arena_alloc(&search->arena, nodes * sizeof *search->terms);
    return search->terms != NULL;
}

static void add_date(struct sealed_filter *filter, const struct query *date) {
    if (!filter->has_dates || date->since > filter->since)
        filter->since = date->since;
    if (!filter->has_dates || date->until < filter->until)
        filter->until = date->until;
    filter->has_dates = true;
}

static void take_filter(struct search *search, struct sealed_node *node) {
    if (node->query->op == QUERY_DATE)
        add_date(&search->filter, node->query);
    else if (node->query->op == QUERY_TERM || node->query->op == QUERY_SOURCE)
        search->filter_lists[search->filter_list_count++] = node;
    else
        search->filter.required[search->filter.required_count++] = node;
}

/* One document alone is left out as a deleted one is: that slows nothing down. */
static void take_exclusion(struct search *search, struct sealed_node *node) {
    struct sealed_filter *filter = &search->filter;
    if (node->query->op != QUERY_DOCUMENT || filter->leaves_out) {
        filter->excluded[filter->excluded_count++] = node;
        return;
    }
    filter->left_out = sealed_next_geq(&search->tree, node, 0);
    filter->leaves_out = filter->left_out != POSTINGS_END;
}

static void take_apart(struct search *search, struct sealed_node *node) {
    struct sealed_and *parts = &search->parts;
    switch (node->query->op) {
    case QUERY_TERM:
    case QUERY_SOURCE:
        parts->lists[parts->list_count++] = node;
        break;
    case QUERY_PHRASE:
        parts->phrases[parts->phrase_count++] = node;
        for (size_t i = 0; i < node->child_count; i++)
            parts->lists[parts->list_count++] = node->children[i];
        break;
    case QUERY_AND:
        for (size_t i = 0; i < node->child_count; i++)
            take_apart(search, node->children[i]);
        break;
    case QUERY_LATE:
        take_apart(search, node->children[0]);
        break;
    case QUERY_MAYBE:
        take_apart(search, node->children[0]);
        for (size_t i = 1; i < node->child_count; i++)
            parts->optional[parts->optional_count++] = node->children[i];
        break;
    case QUERY_NOT:
        take_apart(search, node->children[0]);
        for (size_t i = 1; i < node->child_count; i++)
            take_exclusion(search, node->children[i]);
        break;
    case QUERY_FILTER:
        take_apart(search, node->scored);
        for (size_t i = 0; i < node->child_count; i++)
            if (node->children[i] != node->scored)
                take_filter(search, node->children[i]);
        break;
    default:
        parts->others[parts->other_count++] = node;
    }
}

/* Adds the terms of a node that is a TERM or a disjunction of them; false where it is anything
 * else. */
static bool add_terms(struct search *search, const struct sealed_node *node, bool required) {
    if (node->query->op == QUERY_TERM) {
        if (node->cursor && node->weight > 0)
            search->terms[search->term_count++] = (struct plain_term){node, required};
        return node->weight > 0 || !required; /* sealed_or finds nothing by what does not score */
    }
    if (node->query->op != QUERY_OR)
        return false;
    for (size_t i = 0; i < node->child_count; i++)
        if (!add_terms(search, node->children[i], required))
            return false;
    return true;
}

/* Whether what was taken apart is a disjunction of terms, tested and added to; fills terms. */
static bool is_disjunction(struct search *search) {
    const struct sealed_and *parts = &search->parts;
    if (parts->phrase_count > 0 || parts->list_count + parts->other_count != 1)
        return false;
    if (!add_terms(search, parts->list_count > 0 ? parts->lists[0] : parts->others[0], true))
        return false;
    for (size_t i = 0; i < parts->optional_count; i++)
        if (!add_terms(search, parts->optional[i], false))
            return false;
    return true;
}

/* ---- disjunctions ---- */

/* About how many documents have any of the lists, if each had them independently. */
static uint64_t guess_union(const struct search *search, const struct postings_list *lists,
                            size_t count) {
    double documents = search->tree.segment->header.documents, without = 1, most = 0;
    for (size_t i = 0; i < count; i++) {
        without *= 1 - lists[i].count / documents;
        most = lists[i].count > most ? lists[i].count : most;
    }
    double with = documents * (1 - without);
    return (uint64_t)(with > most ? with : most);
}

/* Counts the documents that match, as far as is wanted. */
static xunzi_status count_union(struct search *search) {
    struct postings_list *lists = malloc((search->term_count + 1) * sizeof *lists);
    if (!lists)
        return error_no_memory();
    size_t count = 0;
    uint64_t longest = 0, gone = sealed_filter_gone(&search->filter);
    for (size_t i = 0; i < search->term_count; i++) {
        if (!search->terms[i].required)
            continue;
        lists[count] = search->terms[i].node->cursor->list;
        longest = lists[count].count > longest ? lists[count].count : longest;
        count++;
    }
    uint64_t missing = sealed_tally_missing(search->tally), counted = 0;
    bool exact = true, ok = true;
    bool free_but_for_gone = sealed_filter_is_random(&search->filter) && !search->filter.has_dates;
    if (free_but_for_gone && count <= 1 && gone == 0) {
        counted = longest;
    } else if (free_but_for_gone && longest >= gone && longest - gone >= missing) {
        counted = guess_union(search, lists, count);
        exact = false;
    } else {
        ok = sealed_count(&search->tree, lists, count, &search->filter, missing, &counted, &exact);
    }
    free(lists);
    if (exact)
        sealed_tally_add(search->tally, counted);
    else
        sealed_tally_guess(search->tally, counted);
    if (!ok)
        return error_no_memory();
    return search->tree.failed ? sealed_tree_error(&search->tree) : XUNZI_OK;
}

/* Makes nodes anew, which so stand before the first document again. */
static xunzi_status rewind(struct search *search, struct sealed_node **nodes, size_t count) {
    xunzi_status status = XUNZI_OK;
    for (size_t i = 0; i < count && status == XUNZI_OK; i++)
        status = sealed_node_new(&search->tree, nodes[i]->query, &nodes[i]);
    return status;
}

static xunzi_status rank_union(struct search *search) {
    struct or_list *lists = malloc((search->term_count + 1) * sizeof *lists);
    if (!lists)
        return error_no_memory();
    bool any = false, ok = true;
    size_t count = 0;
    for (size_t i = 0; i < search->term_count && ok; i++) {
        const struct plain_term *term = &search->terms[i];
        ok = or_list_open(&lists[count++], &search->tree, &term->node->cursor->list,
                          term->node->weight, term->required);
        any |= term->required;
    }
    xunzi_status status = XUNZI_OK;
    if (!ok)
        status = sealed_tree_error(&search->tree);
    else if (any)
        status =
            sealed_or(&search->tree, lists, count, &search->filter, search->ordinal, search->top);
    free(lists);
    return status;
}

static xunzi_status search_disjunction(struct search *search) {
    struct sealed_filter *filter = &search->filter;
    for (size_t i = 0; i < search->filter_list_count; i++)
        filter->required[filter->required_count++] = search->filter_lists[i];
    xunzi_status status = count_union(search);
    if (search->top->most == 0)
        return status;
    if (status == XUNZI_OK)
        status = rewind(search, filter->required, filter->required_count);
    if (status == XUNZI_OK)
        status = rewind(search, filter->excluded, filter->excluded_count);
    return status == XUNZI_OK ? rank_union(search) : status;
}

/* Whether a filtering list is so short that it is to lead. */
static bool is_led_by_filter(const struct search *search) {
    uint64_t cost = 0;
    for (size_t i = 0; i < search->term_count; i++)
        cost += search->terms[i].required ? search->terms[i].node->cost : 0;
    for (size_t i = 0; i < search->filter_list_count; i++)
        if (search->filter_lists[i]->cost * FILTER_LEADS < cost)
            return true;
    return false;
}

/* ---- anything else ---- */

static bool search_conjunction(struct search *search) {
    struct sealed_and *parts = &search->parts;
    for (size_t i = 0; i < search->filter_list_count; i++) {
        search->filter_lists[i]->weight = 0;
        parts->lists[parts->list_count++] = search->filter_lists[i];
    }
    return sealed_and(&search->tree, parts, &search->filter, search->ordinal, search->top,
                      search->tally);
}

static void walk_tree(struct search *search, struct sealed_node *root) {
    struct sealed_tree *tree = &search->tree;
    uint64_t counted = 0;
    for (uint32_t document = 0; !tree->failed; document++) {
        document = sealed_next_geq(tree, root, document);
        if (document == POSTINGS_END)
            break;
        if (deletions_has(search->filter.deleted, document))
            continue;
        counted++;
        if (search->top->most == 0)
            continue;
        struct top_item item = {.score = sealed_score(tree, root),
                                .ordinal = search->ordinal + document};
        if (search->top->by_date)
            item.date = segment_date(tree->segment, document);
        top_list_add(search->top, item);
    }
    sealed_tally_add(search->tally, counted);
}

static xunzi_status answer(struct search *search, struct sealed_node *root) {
    if (!make_room(search, count_nodes(root)))
        return error_no_memory();
    take_apart(search, root);
    if (is_disjunction(search) && !is_led_by_filter(search))
        return search_disjunction(search);
    if (search->parts.list_count + search->filter_list_count == 0)
        walk_tree(search, root);
    else if (!search_conjunction(search))
        return error_no_memory();
    return search->tree.failed ? sealed_tree_error(&search->tree) : XUNZI_OK;
}

/* Whether nothing but the count of one list is asked for, which the dictionary has told. */
static bool is_told(const struct index_segment *segment, size_t number, const struct query *query,
                    const struct top_list *top) {
    return query->op == QUERY_TERM && top->most == 0 &&
           !(segment->deleted && segment->deleted->count > 0) &&
           query->lists[number].count <= segment->segment->header.documents;
}

xunzi_status sealed_search(const xunzi_index *index, size_t number, const struct query *query,
                           const struct scoring *scoring, struct top_list *top,
                           struct sealed_tally *tally) {
    const struct index_segment *segment = &index->segments[number];
    struct search search = {.ordinal = segment->ordinal, .top = top, .tally = tally};
    struct sealed_node *root;
    if (is_told(segment, number, query, top)) {
        sealed_tally_add(tally, query->lists[number].count);
        return XUNZI_OK;
    }
    sealed_tree_begin(&search.tree, segment->segment, number, scoring, &search.arena);
    search.filter.tree = &search.tree;
    search.filter.deleted =
        segment->deleted && segment->deleted->count > 0 ? segment->deleted : NULL;
    xunzi_status status = sealed_node_new(&search.tree, query, &root);
    if (status == XUNZI_OK)
        status = answer(&search, root);
    sealed_tree_free(&search.tree);
    arena_free(&search.arena);
    return status;
}
