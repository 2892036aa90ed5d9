/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Translating the query tree to a Xapian query. Weight and idf become a scale on each term;
 * libxapian-c's saturation weight does the rest. */
#include "searcher/live_query.h"

#include <stdlib.h>

#include "base/error.h"
#include "catalog/live_document.h"
#include "catalog/xapian_error.h"

static xapian_status translate(const struct query *query, xapian_query **out);

/* Xapian drops what matches nothing from a disjunction at once; of thousands of terms that no
 * document has it would build a tree as deep, in quadratic time. */
static xapian_status translate_term(const struct query *query, xapian_query **out) {
    if (query->absent)
        return xapian_query_match_nothing(out);
    xapian_query *term;
    xapian_status status = xapian_query_term(query->term.data, query->term.size, 1, 0, &term);
    if (status == XAPIAN_OK)
        status = xapian_query_scale_weight(term, query->weight * query->idf, out);
    xapian_query_free(term);
    return status;
}

/* Joins all children, translated, by a Xapian operator. */
static xapian_status translate_children(const struct query *query, xapian_op op,
                                        xapian_query **out) {
    xapian_query **parts = calloc(query->child_count + 1, sizeof *parts);
    xapian_status status = parts ? XAPIAN_OK : XAPIAN_ERROR_NO_MEMORY;
    for (size_t i = 0; status == XAPIAN_OK && i < query->child_count; i++)
        status = translate(query->children[i], &parts[i]);
    if (status == XAPIAN_OK)
        status = xapian_query_combine(op, (const xapian_query *const *)parts, query->child_count, 0,
                                      out);
    for (size_t i = 0; parts && i < query->child_count; i++)
        xapian_query_free(parts[i]);
    free(parts);
    return status;
}

/* The first child without the union of the others. */
static xapian_status translate_not(const struct query *query, xapian_query **out) {
    struct query rest = {
        .op = QUERY_OR, .children = query->children + 1, .child_count = query->child_count - 1};
    xapian_query *parts[2] = {NULL, NULL};
    xapian_status status = translate(query->children[0], &parts[0]);
    if (status == XAPIAN_OK)
        status = translate_children(&rest, XAPIAN_OP_OR, &parts[1]);
    if (status == XAPIAN_OK)
        status =
            xapian_query_combine(XAPIAN_OP_AND_NOT, (const xapian_query *const *)parts, 2, 0, out);
    xapian_query_free(parts[0]);
    xapian_query_free(parts[1]);
    return status;
}

/* The union of all children, filtered by the first. Xapian's own AND_MAYBE would be that, but
 * in 1.4.22 it lost the best match of a few where it stood under AND_NOT
 * (tests/library/test_oracle.c met it). */
static xapian_status translate_maybe(const struct query *query, xapian_query **out) {
    xapian_query *parts[2] = {NULL, NULL};
    xapian_status status = translate_children(query, XAPIAN_OP_OR, &parts[0]);
    if (status == XAPIAN_OK)
        status = translate(query->children[0], &parts[1]);
    if (status == XAPIAN_OK)
        status =
            xapian_query_combine(XAPIAN_OP_FILTER, (const xapian_query *const *)parts, 2, 0, out);
    xapian_query_free(parts[0]);
    xapian_query_free(parts[1]);
    return status;
}

/* All of the terms, for the score, filtered by where they stand. */
static xapian_status translate_phrase(const struct query *query, xapian_query **out) {
    xapian_slice *terms = calloc(query->child_count, sizeof *terms);
    xapian_termpos *offsets = calloc(query->child_count, sizeof *offsets);
    xapian_query *parts[2] = {NULL, NULL};
    xapian_status status = terms && offsets ? XAPIAN_OK : XAPIAN_ERROR_NO_MEMORY;
    for (size_t i = 0; status == XAPIAN_OK && i < query->child_count; i++) {
        const struct query *term = query->children[i];
        terms[i] = (xapian_slice){term->term.data, term->term.size};
        offsets[i] = term->offset;
    }
    if (status == XAPIAN_OK)
        status = translate_children(query, XAPIAN_OP_AND, &parts[0]);
    if (status == XAPIAN_OK)
        status = xapian_query_aligned_phrase(terms, offsets, query->child_count, &parts[1]);
    if (status == XAPIAN_OK)
        status =
            xapian_query_combine(XAPIAN_OP_FILTER, (const xapian_query *const *)parts, 2, 0, out);
    xapian_query_free(parts[0]);
    xapian_query_free(parts[1]);
    free(terms);
    free(offsets);
    return status;
}

static xapian_status translate_date(const struct query *query, xapian_query **out) {
    char since[9], until[9];
    live_date_value(query->since, since);
    live_date_value(query->until, until);
    return xapian_query_value_range(LIVE_SLOT_DATE, since, 8, until, 8, out);
}

/* A source's term, or an id's, which a sealed document has not. */
static xapian_status translate_filter(const struct query *query, xapian_query **out) {
    return xapian_query_term(query->term.data, query->term.size, 1, 0, out);
}

static xapian_status translate(const struct query *query, xapian_query **out) {
    *out = NULL;
    switch (query->op) {
    case QUERY_NOTHING:
        return xapian_query_match_nothing(out);
    case QUERY_ALL: {
        xapian_query *all;
        xapian_status status = xapian_query_match_all(&all);
        if (status == XAPIAN_OK)
            status = xapian_query_scale_weight(all, 0, out);
        xapian_query_free(all);
        return status;
    }
    case QUERY_TERM:
        return translate_term(query, out);
    case QUERY_PHRASE:
        return translate_phrase(query, out);
    case QUERY_OR:
        return translate_children(query, XAPIAN_OP_OR, out);
    case QUERY_AND:
        return translate_children(query, XAPIAN_OP_AND, out);
    case QUERY_LATE:
        return translate(query->children[0], out);
    case QUERY_MAYBE:
        return translate_maybe(query, out);
    case QUERY_NOT:
        return translate_not(query, out);
    case QUERY_FILTER:
        return translate_children(query, XAPIAN_OP_FILTER, out);
    case QUERY_DATE:
        return translate_date(query, out);
    case QUERY_SOURCE:
    case QUERY_DOCUMENT:
        return translate_filter(query, out);
    }
    return XAPIAN_ERROR_INTERNAL;
}

xunzi_status live_query_new(const struct query *query, xapian_query **out) {
    xapian_status status = translate(query, out);
    if (status == XAPIAN_ERROR_NO_MEMORY)
        return error_no_memory();
    return status == XAPIAN_OK ? XUNZI_OK
                               : error_set_xapian(status, "the query could not be prepared");
}
