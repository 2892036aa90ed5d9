/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making and walking query trees. */
#include "searcher/query.h"

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

struct query *query_combine(struct arena *arena, enum query_operator op, struct query *const *children,
                            size_t child_count) {
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
