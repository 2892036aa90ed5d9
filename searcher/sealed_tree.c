/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The nodes of a query tree as cursors over a segment. */
#include "searcher/sealed_tree.h"

#include <stdlib.h>

#include "base/error.h"
#include "searcher/sealed_phrase.h"
#include "text/terms.h"

void sealed_tree_begin(struct sealed_tree *tree, const struct segment *segment, size_t number,
                       const struct scoring *scoring, struct arena *arena) {
    struct saturation own =
        saturation_of((double)segment->header.total_length / segment->header.documents);
    *tree = (struct sealed_tree){.segment = segment,
                                 .number = number,
                                 .scoring = scoring,
                                 .ratio = own.per_length / scoring->saturation.per_length,
                                 .arena = arena};
}

xunzi_status sealed_tree_error(const struct sealed_tree *tree) {
    if (tree->no_memory)
        return error_no_memory();
    return error_set(XUNZI_ERROR_CORRUPT, "%s is damaged: a posting list makes no sense",
                     tree->segment->path);
}

void sealed_tree_free(struct sealed_tree *tree) {
    free(tree->positions[0].items);
    free(tree->positions[1].items);
}

/* ---- making ---- */

/* A cursor over a list, in the arena; NULL where the list is empty. */
static xunzi_status open_list(struct sealed_tree *tree, const struct postings_list *list,
                              struct postings_cursor **cursor) {
    *cursor = NULL;
    if (list->count == 0)
        return XUNZI_OK;
    *cursor = arena_alloc(tree->arena, sizeof **cursor);
    if (!*cursor)
        return error_no_memory();
    return postings_open(*cursor, list) ? XUNZI_OK : sealed_tree_error(tree);
}

/* The list that holds a phrase's term's places: of characters, in the full profile, one of its own.
 */
static xunzi_status open_places(struct sealed_tree *tree, struct sealed_node *node) {
    const struct query *query = node->query;
    node->places = node->cursor;
    if (!node->cursor || node->cursor->list.positions)
        return XUNZI_OK;
    struct buffer name = {0};
    struct postings_list list;
    xunzi_status status = XUNZI_OK;
    node->places = NULL;
    if (!term_append(&name, TERM_PREFIX_EDGE, query->term.data, query->term.size))
        status = error_no_memory();
    if (status == XUNZI_OK)
        status = segment_find_term(tree->segment, name.data, name.size, &list);
    if (status == XUNZI_OK)
        status = open_list(tree, &list, &node->places);
    buffer_free(&name);
    return status == XUNZI_END ? XUNZI_OK : status;
}

static int by_cost(const void *a, const void *b) {
    const struct sealed_node *left = *(struct sealed_node *const *)a,
                             *right = *(struct sealed_node *const *)b;
    return (left->cost > right->cost) - (left->cost < right->cost);
}

void sealed_sort_by_cost(struct sealed_node **nodes, size_t count) {
    qsort(nodes, count, sizeof *nodes, by_cost);
}

/* What a node costs once its children are made; conjunctions put the rarest first. */
static void estimate(struct sealed_tree *tree, struct sealed_node *node) {
    uint64_t documents = tree->segment->header.documents;
    switch (node->query->op) {
    case QUERY_NOTHING:
        node->cost = 0;
        break;
    case QUERY_TERM:
    case QUERY_SOURCE:
        node->cost = node->cursor ? node->cursor->list.count : 0;
        break;
    case QUERY_OR:
        for (size_t i = 0; i < node->child_count; i++)
            node->cost += node->children[i]->cost;
        break;
    case QUERY_AND:
    case QUERY_PHRASE:
    case QUERY_FILTER:
        node->scored = node->children[0];
        sealed_sort_by_cost(node->children, node->child_count);
        node->cost = node->children[0]->cost;
        break;
    case QUERY_LATE:
    case QUERY_MAYBE:
    case QUERY_NOT:
        node->cost = node->children[0]->cost;
        break;
    case QUERY_ALL:
    case QUERY_DATE:
        node->cost = documents;
        break;
    case QUERY_DOCUMENT:
        node->cost = 1;
        break;
    }
}

xunzi_status sealed_node_new(struct sealed_tree *tree, const struct query *query,
                             struct sealed_node **out) {
    struct sealed_node *node = arena_alloc(tree->arena, sizeof *node);
    *out = node;
    if (!node)
        return error_no_memory();
    node->query = query;
    node->child_count = query->child_count;
    if (query->child_count > 0) {
        node->children = arena_alloc(tree->arena, query->child_count * sizeof *node->children);
        if (!node->children)
            return error_no_memory();
    }
    xunzi_status status = XUNZI_OK;
    if (query->op == QUERY_TERM || query->op == QUERY_SOURCE) {
        status = open_list(tree, &query->lists[tree->number], &node->cursor);
        node->weight =
            query->op == QUERY_TERM ? scoring_weight(tree->scoring, query->weight * query->idf) : 0;
    }
    for (size_t i = 0; i < query->child_count && status == XUNZI_OK; i++) {
        status = sealed_node_new(tree, query->children[i], &node->children[i]);
        if (status == XUNZI_OK && query->op == QUERY_PHRASE)
            status = open_places(tree, node->children[i]);
    }
    if (status == XUNZI_OK && query->op == QUERY_PHRASE)
        status = sealed_phrase_cover(tree, node);
    if (status == XUNZI_OK)
        estimate(tree, node);
    return status;
}

/* ---- moving ---- */

uint32_t sealed_move_list(struct sealed_tree *tree, struct postings_cursor *cursor,
                          uint32_t document) {
    if (!cursor)
        return POSTINGS_END;
    postings_next_geq(cursor, document);
    tree->failed |= cursor->damaged;
    return cursor->document;
}

/* The first document at or behind `document` that all children have. */
static uint32_t leapfrog(struct sealed_tree *tree, struct sealed_node *node, uint32_t document) {
    for (size_t agreed = 0; agreed < node->child_count && document != POSTINGS_END;) {
        uint32_t found = sealed_next_geq(tree, node->children[agreed], document);
        if (found == document) {
            agreed++;
        } else {
            document = found;
            agreed = 0;
        }
    }
    return document;
}

static uint32_t next_date(struct sealed_tree *tree, const struct query *query, uint32_t document) {
    uint32_t documents = tree->segment->header.documents;
    for (; document < documents; document++) {
        uint32_t date = segment_date(tree->segment, document);
        if (date >= query->since && date <= query->until && date != 0)
            return document;
    }
    return POSTINGS_END;
}

/* Whether a child behind the first has the document. */
static bool is_excluded(struct sealed_tree *tree, struct sealed_node *node, uint32_t document) {
    for (size_t i = 1; i < node->child_count; i++)
        if (sealed_next_geq(tree, node->children[i], document) == document)
            return true;
    return false;
}

static uint32_t find_next(struct sealed_tree *tree, struct sealed_node *node, uint32_t document) {
    const struct query *query = node->query;
    uint32_t best = POSTINGS_END;
    switch (query->op) {
    case QUERY_NOTHING:
        return POSTINGS_END;
    case QUERY_ALL:
        return document < tree->segment->header.documents ? document : POSTINGS_END;
    case QUERY_TERM:
    case QUERY_SOURCE:
        return sealed_move_list(tree, node->cursor, document);
    case QUERY_OR:
        for (size_t i = 0; i < node->child_count; i++) {
            uint32_t found = sealed_next_geq(tree, node->children[i], document);
            best = found < best ? found : best;
        }
        return best;
    case QUERY_AND:
    case QUERY_FILTER:
        return leapfrog(tree, node, document);
    case QUERY_PHRASE:
        while ((document = leapfrog(tree, node, document)) != POSTINGS_END &&
               !sealed_phrase_stands(tree, node) && !tree->failed)
            document++;
        return tree->failed ? POSTINGS_END : document;
    case QUERY_LATE:
    case QUERY_MAYBE:
        return sealed_next_geq(tree, node->children[0], document);
    case QUERY_NOT:
        while ((document = sealed_next_geq(tree, node->children[0], document)) != POSTINGS_END &&
               is_excluded(tree, node, document))
            document++;
        return document;
    case QUERY_DATE:
        return next_date(tree, query, document);
    case QUERY_DOCUMENT:
        return query->segment == tree->number && query->document >= document ? query->document
                                                                             : POSTINGS_END;
    }
    return POSTINGS_END;
}

uint32_t sealed_next_geq(struct sealed_tree *tree, struct sealed_node *node, uint32_t document) {
    if (node->document < document || document == 0)
        node->document = find_next(tree, node, document);
    return node->document;
}

/* ---- scoring ---- */

fixed_score sealed_score(struct sealed_tree *tree, struct sealed_node *node) {
    fixed_score score = 0;
    switch (node->query->op) {
    case QUERY_TERM:
        if (node->weight > 0)
            score = scoring_contribution(&tree->scoring->saturation, node->weight,
                                         postings_wdf(node->cursor),
                                         segment_length(tree->segment, node->document));
        break;
    case QUERY_OR:
    case QUERY_AND:
    case QUERY_PHRASE:
        for (size_t i = 0; i < node->child_count; i++)
            if (node->children[i]->document == node->document)
                score += sealed_score(tree, node->children[i]);
        break;
    case QUERY_MAYBE:
        score = sealed_score(tree, node->children[0]);
        for (size_t i = 1; i < node->child_count; i++)
            if (sealed_next_geq(tree, node->children[i], node->document) == node->document)
                score += sealed_score(tree, node->children[i]);
        break;
    case QUERY_LATE:
    case QUERY_NOT:
        score = sealed_score(tree, node->children[0]);
        break;
    case QUERY_FILTER:
        score = sealed_score(tree, node->scored);
        break;
    case QUERY_NOTHING:
    case QUERY_ALL:
    case QUERY_DATE:
    case QUERY_SOURCE:
    case QUERY_DOCUMENT:
        break;
    }
    return score;
}
