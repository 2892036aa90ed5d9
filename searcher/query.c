/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making and walking query trees. */
#include "searcher/query.h"

#include <stdlib.h>
#include <string.h>

struct query *query_new(struct arena *arena, enum query_operator op, size_t child_count) {
    struct query *query = arena_alloc(arena, sizeof *query);
    if (!query)
        return NULL;
    query->op = op;
    query->child_count = child_count;
    if (child_count > 0) {
        query->children = arena_alloc(arena, child_count * sizeof(struct query *));
        if (!query->children)
            return NULL;
    }
    return query;
}

struct query *query_combine(struct arena *arena, enum query_operator op,
                            struct query *const *children, size_t child_count) {
    if (child_count == 0)
        return query_new(arena, QUERY_NOTHING, 0);
    if (child_count == 1)
        return children[0];
    struct query *query = query_new(arena, op, child_count);
    if (query)
        memcpy(query->children, children, child_count * sizeof(struct query *));
    return query;
}

void query_visit_scored(struct query *query, query_visitor *visit, void *context) {
    if (query->op == QUERY_TERM && query->weight > 0)
        visit(context, query);
    /* What excludes or filters does not score. */
    bool first_only = query->op == QUERY_NOT || query->op == QUERY_FILTER;
    size_t count = first_only && query->child_count > 1 ? 1 : query->child_count;
    for (size_t i = 0; i < count; i++)
        query_visit_scored(query->children[i], visit, context);
}

static int by_term(const void *a, const void *b) {
    const struct query *left = *(struct query *const *)a, *right = *(struct query *const *)b;
    return bytes_compare(left->term.data, left->term.size, right->term.data, right->term.size);
}

static size_t leave_one_of_each(struct query **terms, size_t count, bool join) {
    if (count == 0)
        return 0;
    qsort(terms, count, sizeof *terms, by_term);
    size_t kept = 0;
    for (size_t i = 1; i < count; i++) {
        if (by_term(&terms[kept], &terms[i]) != 0) {
            terms[++kept] = terms[i];
        } else if (join) {
            terms[kept]->weight += terms[i]->weight;
            terms[kept]->covered &= terms[i]->covered;
        } else if (terms[i]->weight > terms[kept]->weight) {
            terms[kept] = terms[i];
        }
    }
    return kept + 1;
}

size_t query_join_equal(struct query **terms, size_t count) {
    return leave_one_of_each(terms, count, true);
}

size_t query_drop_equal(struct query **terms, size_t count) {
    return leave_one_of_each(terms, count, false);
}

static double worth(const struct query *term) {
    return term->absent ? 0 : term->weight * term->idf;
}

static int by_falling_worth(const void *a, const void *b) {
    double left = worth(*(struct query *const *)a), right = worth(*(struct query *const *)b);
    return left != right ? (left < right ? 1 : -1) : by_term(a, b);
}

void query_sort_by_worth(struct query **terms, size_t count) {
    if (count > 1)
        qsort(terms, count, sizeof *terms, by_falling_worth);
}
