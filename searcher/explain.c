/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing the tree, and telling gains by reading the terms' lists once more. */
#include "searcher/explain.h"

#include <stdlib.h>

#include "base/error.h"
#include "searcher/evidence.h"
#include "text/terms.h"

/* ---- the tree ---- */

static const char *operator_name(enum query_operator op) {
    switch (op) {
    case QUERY_NOTHING:
        return "nothing";
    case QUERY_ALL:
        return "every document";
    case QUERY_PHRASE:
        return "phrase";
    case QUERY_OR:
        return "any of";
    case QUERY_AND:
        return "all of";
    case QUERY_LATE:
        return "the first, the best of it ranked by the others too";
    case QUERY_MAYBE:
        return "the first, ranked by the others too";
    case QUERY_NOT:
        return "the first without the others";
    case QUERY_FILTER:
        return "the first within the others";
    case QUERY_TERM:
    case QUERY_DATE:
    case QUERY_SOURCE:
    case QUERY_DOCUMENT:
        break;
    }
    return "";
}

/* A term's name without what keeps its namespace apart. */
static xunzi_string bare_name(const struct query *term, bool *title) {
    static const char *const prefixes[] = {TERM_PREFIX_SOURCE, TERM_PREFIX_WORD, TERM_PREFIX_TITLE,
                                           TERM_PREFIX_ID};
    xunzi_string name = term->term;
    *title = false;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t size = strlen(prefixes[i]);
        if (name.size > size && memcmp(name.data, prefixes[i], size) == 0) {
            *title = i == 2;
            return (xunzi_string){name.data + size, name.size - size};
        }
    }
    return name;
}

static bool write_term(const struct query *term, struct buffer *out) {
    bool title;
    xunzi_string name = bare_name(term, &title);
    if (term->op == QUERY_SOURCE || term->op == QUERY_DOCUMENT)
        return buffer_append_text(out, term->op == QUERY_SOURCE ? "source " : "the document ") &&
               buffer_append(out, name.data, name.size);
    bool ok =
        buffer_printf(out, "%s%s ", title ? "title's " : "", xunzi_token_kind_name(term->kind)) &&
        buffer_append(out, name.data, name.size);
    if (ok && term->weight > 0)
        ok = buffer_printf(out, "  %.4g x idf %.4g", term->weight, term->idf);
    return ok && buffer_printf(out, ", in %llu %s", (unsigned long long)term->frequency,
                               term->frequency == 1 ? "document" : "documents");
}

static bool write_tree(const struct query *query, unsigned depth, struct buffer *out) {
    bool ok = true;
    for (unsigned i = 0; i < depth && ok; i++)
        ok = buffer_append_text(out, "  ");
    if (ok && (query->op == QUERY_TERM || query->op == QUERY_SOURCE || query->op == QUERY_DOCUMENT))
        ok = write_term(query, out);
    else if (ok && query->op == QUERY_DATE)
        ok = buffer_printf(out, "date from %08u to %08u", (unsigned)query->since,
                           (unsigned)query->until);
    else
        ok = ok && buffer_append_text(out, operator_name(query->op));
    ok = ok && buffer_append_byte(out, '\n');
    for (size_t i = 0; i < query->child_count && ok; i++)
        ok = write_tree(query->children[i], depth + 1, out);
    return ok;
}

/* What the second pass adds. */
static bool write_late(const struct second_pass *second_pass, struct buffer *out) {
    bool ok = true;
    if (second_pass->late_count > 0)
        ok = buffer_append_text(out, "the best are ranked by these too\n");
    for (size_t i = 0; i < second_pass->late_count && ok; i++)
        ok = write_tree(second_pass->late[i], 1, out);
    if (ok && second_pass->close_count > 0)
        ok = buffer_append_text(out, "and by how close together the terms stand\n");
    return ok;
}

/* ---- gains ---- */

struct gathering {
    struct query **terms;
    size_t count, capacity;
    bool no_memory;
    const struct scoring *scoring;
    struct evidence *found; /* without positions */
    size_t found_count, found_capacity;
};

static void take_term(void *context, struct query *term) {
    struct gathering *gathering = context;
    if (!array_reserve(&gathering->terms, &gathering->capacity, gathering->count + 1,
                       sizeof *gathering->terms))
        gathering->no_memory = true;
    else
        gathering->terms[gathering->count++] = term;
}

static void take_evidence(void *context, const struct evidence *evidence) {
    struct gathering *gathering = context;
    if (!array_reserve(&gathering->found, &gathering->found_capacity, gathering->found_count + 1,
                       sizeof *gathering->found))
        gathering->no_memory = true;
    else
        gathering->found[gathering->found_count++] = *evidence;
}

static int by_falling_score(const void *a, const void *b) {
    const xunzi_gain *left = a, *right = b;
    if (left->score != right->score)
        return left->score < right->score ? 1 : -1;
    return (left->term > right->term) - (left->term < right->term);
}

/* The gains of the hit whose item is sorted[item]. */
static bool list_gains(const struct gathering *gathering, size_t item, struct arena *arena,
                       xunzi_hit *hit) {
    xunzi_gain *gains = arena_alloc(arena, (gathering->count + 1) * sizeof *gains);
    if (!gains)
        return false;
    for (size_t i = 0; i < gathering->found_count; i++) {
        const struct evidence *evidence = &gathering->found[i];
        if (evidence->item != item || hit->gain_count == gathering->count)
            continue;
        const struct query *term = gathering->terms[evidence->term];
        float weight = scoring_weight(gathering->scoring, term->weight * term->idf);
        fixed_score score = weight > 0
                                ? scoring_contribution(&gathering->scoring->saturation, weight,
                                                       evidence->wdf, evidence->length)
                                : 0;
        gains[hit->gain_count++] =
            (xunzi_gain){evidence->term, evidence->wdf, (double)score / gathering->scoring->unit};
    }
    qsort(gains, hit->gain_count, sizeof *gains, by_falling_score);
    hit->gains = gains;
    double sum = 0;
    for (size_t i = 0; i < hit->gain_count; i++)
        sum += gains[i].score;
    hit->closeness = hit->score > sum ? hit->score - sum : 0;
    return true;
}

static xunzi_status explain_hits(xunzi_index *index, struct gathering *gathering,
                                 const struct top_item *items, xunzi_hit *hits, size_t count,
                                 struct arena *arena) {
    struct top_item *sorted = malloc((count + 1) * sizeof *sorted);
    if (!sorted)
        return error_no_memory();
    memcpy(sorted, items, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, top_items_by_ordinal);
    xunzi_status status = evidence_read(index, gathering->terms, gathering->count, sorted, count,
                                        false, take_evidence, gathering);
    if (status == XUNZI_OK && gathering->no_memory)
        status = error_no_memory();
    for (size_t i = 0; i < count && status == XUNZI_OK; i++) {
        const struct top_item *item =
            bsearch(&items[i], sorted, count, sizeof *sorted, top_items_by_ordinal);
        if (item && !list_gains(gathering, (size_t)(item - sorted), arena, &hits[i]))
            status = error_no_memory();
    }
    free(sorted);
    return status;
}

static bool list_terms(const struct gathering *gathering, struct arena *arena,
                       struct explanation *out) {
    out->terms = arena_alloc(arena, (gathering->count + 1) * sizeof *out->terms);
    if (!out->terms)
        return false;
    for (size_t i = 0; i < gathering->count; i++) {
        const struct query *term = gathering->terms[i];
        bool title;
        out->terms[out->term_count++] = (xunzi_ranked_term){.term = bare_name(term, &title),
                                                            .kind = term->kind,
                                                            .frequency = term->frequency,
                                                            .idf = term->idf,
                                                            .weight = term->weight};
    }
    return true;
}

xunzi_status explanation_make(xunzi_index *index, struct query *query,
                              const struct second_pass *second_pass, const struct scoring *scoring,
                              const struct top_item *items, xunzi_hit *hits, size_t count,
                              struct arena *arena, struct explanation *out) {
    struct gathering gathering = {.scoring = scoring};
    struct buffer tree = {0};
    *out = (struct explanation){0};
    query_visit_scored(query, take_term, &gathering);
    for (size_t i = 0; i < second_pass->late_count; i++)
        take_term(&gathering, second_pass->late[i]);
    bool ok =
        !gathering.no_memory && write_tree(query, 0, &tree) && write_late(second_pass, &tree) &&
        (out->tree = arena_copy(arena, tree.data, tree.size)) && list_terms(&gathering, arena, out);
    xunzi_status status =
        ok ? explain_hits(index, &gathering, items, hits, count, arena) : error_no_memory();
    buffer_free(&tree);
    free(gathering.terms);
    free(gathering.found);
    return status;
}
