/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Query text to TERM nodes. */
#include "searcher/term_list.h"

#include <stdlib.h>

#include "base/error.h"
#include "searcher/function_characters.h"
#include "searcher/plan.h"
#include "searcher/ranking.h"
#include "text/terms.h"

void term_list_free(struct term_list *list) {
    free(list->terms);
    free(list->extras);
}

/* A TERM node for a token, in the namespace of a prefix; NULL: no memory. */
static struct query *make_term(const xunzi_index *index, const struct tokenizer *tokenizer,
                               struct arena *arena, const char *prefix, const struct token *token) {
    struct buffer name = {0}, term = {0};
    struct query *node = NULL;
    if (tokenizer_append_term(tokenizer, token, &name) &&
        term_append(&term, prefix, name.data, name.size)) {
        node = query_new(arena, QUERY_TERM, 0);
        char *copy = arena_copy(arena, term.data, term.size);
        if (node && copy) {
            node->term = (xunzi_string){copy, term.size};
            bool lone = tokenizer_is_lone(tokenizer, token);
            node->kind = token->kind;
            node->covered =
                token->kind == XUNZI_TOKEN_WORD || (token->kind == XUNZI_TOKEN_CHARACTER && !lone);
            node->weight = ranking_weight(token->kind, lone);
            if (token->kind == XUNZI_TOKEN_LATIN && index->without & XUNZI_RANKING_LATIN)
                node->weight = 1;
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

/* How many of the token's characters are function characters. */
static size_t count_function_characters(const struct tokenizer *tokenizer,
                                        const struct token *token) {
    const struct folded_text *folded = tokenizer_folded(tokenizer);
    size_t count = 0;
    for (size_t i = token->first; i < token->first + token->count; i++)
        count += is_function_character(folded->characters[i].code_point);
    return count;
}

xunzi_status term_list_add_tokens(struct term_list *list, struct tokenizer *tokenizer) {
    struct token token;
    while (tokenizer_next(tokenizer, &token)) {
        struct query *term =
            make_term(list->index, tokenizer, list->arena, term_prefix_of(token.kind), &token);
        size_t functional = count_function_characters(tokenizer, &token);
        bool empty = functional == token.count;
        if (!term)
            return error_no_memory();
        if (empty)
            term->weight = 0; /* not ranked by, unless there is nothing else: see term_list_any */
        else if (functional > 0 && token.kind == XUNZI_TOKEN_BIGRAM &&
                 !(list->index->without & XUNZI_RANKING_FUNCTION))
            term->weight = RANKING_HALF_FUNCTION_WEIGHT;
        bool ok = !term->covered
                      ? append(&list->terms, &list->term_count, &list->term_capacity, term)
                  : empty ? true
                          : append(&list->extras, &list->extra_count, &list->extra_capacity, term);
        if (!ok)
            return error_no_memory();
    }
    return XUNZI_OK;
}

xunzi_status term_list_add(struct term_list *list, xunzi_string text) {
    struct tokenizer *tokenizer;
    xunzi_status status = index_tokenize_query(list->index, text, &tokenizer);
    return status == XUNZI_OK ? term_list_add_tokens(list, tokenizer) : status;
}

/* Leaves the `most` nodes that can add most to a score, where there are more. */
static size_t keep_worthiest(struct term_list *list, struct query **nodes, size_t count,
                             size_t most) {
    if (count <= most)
        return count;
    for (size_t i = 0; i < count && list->status == XUNZI_OK; i++)
        list->status = plan_term(list->index, list->arena, nodes[i]);
    query_sort_by_worth(nodes, count);
    return most;
}

/* Where none of the nodes has a weight, because none says much, they are all that there is to rank
 * by: each gets weight 1. */
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

/* Joins the terms by op; the extras only add to the score of the best of what matches. */
static struct query *join_terms(struct term_list *list, enum query_operator op) {
    struct query *query = query_combine(list->arena, op, list->terms, list->term_count);
    list->extra_count = query_join_equal(list->extras, list->extra_count);
    list->extra_count = keep_worthiest(list, list->extras, list->extra_count, RANKING_EXTRAS_MOST);
    if (!query || list->term_count == 0 || list->extra_count == 0)
        return query;
    struct query *late = query_new(list->arena, QUERY_LATE, list->extra_count + 1);
    if (late) {
        late->children[0] = query;
        memcpy(late->children + 1, list->extras, list->extra_count * sizeof *list->extras);
    }
    return late;
}

struct query *term_list_any(struct term_list *list) {
    weigh_something(list->terms, list->term_count);
    list->term_count =
        query_join_equal(list->terms, drop_weightless(list->terms, list->term_count));
    list->cut |= list->term_count > RANKING_TERMS_MOST;
    list->term_count = keep_worthiest(list, list->terms, list->term_count, RANKING_TERMS_MOST);
    return join_terms(list, QUERY_OR);
}

struct query *term_list_all(struct term_list *list) {
    weigh_something(list->terms, list->term_count);
    list->term_count = query_join_equal(list->terms, list->term_count);
    return join_terms(list, QUERY_AND);
}

/* The text as a phrase of terms in the namespace of a prefix. */
static xunzi_status make_phrase(xunzi_index *index, struct arena *arena, const char *prefix,
                                xunzi_string text, struct query **out, bool *cut) {
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
        struct query *term = make_term(index, tokenizer, arena, prefix, &token);
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

xunzi_status phrase_of(xunzi_index *index, struct arena *arena, xunzi_string text,
                       struct query **out, bool *cut) {
    return make_phrase(index, arena, TERM_PREFIX_NONE, text, out, cut);
}

xunzi_status title_phrase_of(xunzi_index *index, struct arena *arena, xunzi_string text,
                             struct query **out, bool *cut) {
    xunzi_status status = make_phrase(index, arena, TERM_PREFIX_TITLE, text, out, cut);
    if (status != XUNZI_OK)
        return status;
    (*out)->weight = 0;
    for (size_t i = 0; i < (*out)->child_count; i++)
        (*out)->children[i]->weight = 0;
    return XUNZI_OK;
}
