/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Query text to TERM nodes. */
#include "searcher/term_list.h"

#include <stdlib.h>

#include "base/error.h"
#include "catalog/terms.h"
#include "searcher/function_characters.h"
#include "searcher/ranking.h"

void term_list_free(struct term_list *list) {
    free(list->terms);
    free(list->extras);
}

/* A TERM node for a token; NULL: no memory. */
static struct query *make_term(xunzi_index *index, struct arena *arena, const struct token *token) {
    struct tokenizer *tokenizer = index_tokenizer(index);
    struct buffer name = {0}, term = {0};
    struct query *node = NULL;
    if (tokenizer_append_term(tokenizer, token, &name) &&
        term_append(&term, term_prefix_of(token->kind), name.data, name.size)) {
        node = query_new(arena, QUERY_TERM, 0);
        char *copy = arena_copy(arena, term.data, term.size);
        if (node && copy) {
            node->term = (xunzi_string){copy, term.size};
            bool lone = tokenizer_is_lone(tokenizer, token);
            node->kind = token->kind;
            node->covered = token->kind == XUNZI_TOKEN_WORD || (token->kind == XUNZI_TOKEN_CHARACTER && !lone);
            node->weight = ranking_weight(token->kind, lone);
        } else {
            node = NULL;
        }
    }
    buffer_free(&name);
    buffer_free(&term);
    return node;
}

static bool append(struct query ***nodes, size_t *count, size_t *capacity, struct query *node) {
    if (!array_reserve(nodes, capacity, *count + 1, sizeof **nodes))
        return false;
    (*nodes)[(*count)++] = node;
    return true;
}

/* Whether every character of the token is a function character. */
static bool says_nothing(const struct tokenizer *tokenizer, const struct token *token) {
    const struct folded_text *folded = tokenizer_folded(tokenizer);
    for (size_t i = token->first; i < token->first + token->count; i++)
        if (!is_function_character(folded->characters[i].code_point))
            return false;
    return true;
}

xunzi_status term_list_add(struct term_list *list, xunzi_string text) {
    struct tokenizer *tokenizer;
    xunzi_status status = index_tokenize_query(list->index, text, &tokenizer);
    struct token token;
    while (status == XUNZI_OK && tokenizer_next(tokenizer, &token)) {
        struct query *term = make_term(list->index, list->arena, &token);
        bool empty = says_nothing(tokenizer, &token);
        if (!term)
            return error_no_memory();
        if (empty)
            term->weight = 0; /* not ranked by, unless there is nothing else: see term_list_any */
        bool ok = !term->covered ? append(&list->terms, &list->term_count, &list->term_capacity, term)
                  : empty ? true
                                : append(&list->extras, &list->extra_count, &list->extra_capacity, term);
        if (!ok)
            return error_no_memory();
    }
    return status;
}

static int by_term(const void *a, const void *b) {
    const struct query *left = *(struct query *const *)a, *right = *(struct query *const *)b;
    size_t shared = left->term.size < right->term.size ? left->term.size : right->term.size;
    int order = memcmp(left->term.data, right->term.data, shared);
    if (order != 0)
        return order;
    return (left->term.size > right->term.size) - (left->term.size < right->term.size);
}

/* Sorts the nodes and joins equal ones, their weights added up; returns how many are left. */
static size_t join_equal(struct query **nodes, size_t count) {
    if (count == 0)
        return 0;
    qsort(nodes, count, sizeof *nodes, by_term);
    size_t kept = 0;
    for (size_t i = 1; i < count; i++) {
        if (by_term(&nodes[kept], &nodes[i]) == 0) {
            nodes[kept]->weight += nodes[i]->weight;
            nodes[kept]->covered &= nodes[i]->covered;
        } else {
            nodes[++kept] = nodes[i];
        }
    }
    return kept + 1;
}

static int by_falling_worth(const void *a, const void *b) {
    const struct query *left = *(struct query *const *)a, *right = *(struct query *const *)b;
    double left_worth = left->weight * left->idf, right_worth = right->weight * right->idf;
    if (left_worth != right_worth)
        return left_worth < right_worth ? 1 : -1;
    return by_term(a, b);
}

/* Leaves the `most` nodes that can add most to a score, where there are more. */
static size_t keep_worthiest(struct term_list *list, struct query **nodes, size_t count, size_t most) {
    if (count <= most)
        return count;
    for (size_t i = 0; i < count; i++) {
        uint64_t frequency = 0;
        if (index_document_frequency(list->index, nodes[i]->term.data, nodes[i]->term.size, &frequency) == XUNZI_OK)
            nodes[i]->idf = frequency > 0 ? ranking_idf(list->index->documents, frequency) : 0;
    }
    qsort(nodes, count, sizeof *nodes, by_falling_worth);
    return most;
}

/* Where none of the nodes has a weight, because none says much, they are all that there is to rank by: each gets weight 1. */
static void weigh_something(struct query **nodes, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (nodes[i]->weight > 0)
            return;
    for (size_t i = 0; i < count; i++)
        nodes[i]->weight = 1;
}

static size_t drop_weightless(struct query **nodes, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (nodes[i]->weight > 0)
            nodes[kept++] = nodes[i];
    return kept;
}

/* Joins the terms by op; the extras only add to the score of what matches. */
static struct query *join_terms(struct term_list *list, enum query_operator op) {
    struct query *query = query_combine(list->arena, op, list->terms, list->term_count);
    list->extra_count = join_equal(list->extras, list->extra_count);
    list->extra_count = keep_worthiest(list, list->extras, list->extra_count, RANKING_EXTRAS_MOST);
    if (!query || list->term_count == 0 || list->extra_count == 0)
        return query;
    struct query *extras = query_combine(list->arena, QUERY_OR, list->extras, list->extra_count);
    return extras ? query_combine(list->arena, QUERY_MAYBE, (struct query *[]){query, extras}, 2) : NULL;
}

struct query *term_list_any(struct term_list *list) {
    weigh_something(list->terms, list->term_count);
    list->term_count = join_equal(list->terms, drop_weightless(list->terms, list->term_count));
    list->cut |= list->term_count > RANKING_TERMS_MOST;
    list->term_count = keep_worthiest(list, list->terms, list->term_count, RANKING_TERMS_MOST);
    return join_terms(list, QUERY_OR);
}

struct query *term_list_all(struct term_list *list) {
    weigh_something(list->terms, list->term_count);
    list->term_count = join_equal(list->terms, list->term_count);
    return join_terms(list, QUERY_AND);
}

xunzi_status phrase_of(xunzi_index *index, struct arena *arena, xunzi_string text, struct query **out, bool *cut) {
    struct tokenizer *tokenizer;
    xunzi_status status = index_tokenize_query(index, text, &tokenizer);
    struct query **terms = NULL;
    size_t count = 0, capacity = 0;
    uint32_t first = 0;
    struct token token;
    while (status == XUNZI_OK && tokenizer_next(tokenizer, &token)) {
        if (token.kind == XUNZI_TOKEN_WORD ||
            (token.kind == XUNZI_TOKEN_CHARACTER && !tokenizer_is_lone(tokenizer, &token)))
            continue;
        if (count == PHRASE_TERMS_MOST) {
            *cut = true;
            break;
        }
        struct query *term = make_term(index, arena, &token);
        if (!term || !append(&terms, &count, &capacity, term)) {
            status = error_no_memory();
            break;
        }
        first = count == 1 ? token.place : first;
        term->offset = token.place - first;
    }
    if (status == XUNZI_OK) {
        *out = query_combine(arena, QUERY_PHRASE, terms, count);
        if (!*out)
            status = error_no_memory();
    }
    free(terms);
    return status;
}
