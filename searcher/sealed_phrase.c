/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Choosing covers, and comparing places. */
#include "searcher/sealed_phrase.h"

#include <stdlib.h>

#include "base/error.h"

/* Two places to a position. */
enum { NEXT_PLACE = 2 };

static bool is_bigram(const struct sealed_node *node) {
    return node->query->kind == XUNZI_TOKEN_BIGRAM;
}

/* Whether the bigrams before and behind a term hold both of its characters. */
static bool is_implied(struct sealed_node *const *terms, size_t count, size_t i) {
    return i > 0 && i + 1 < count && is_bigram(terms[i - 1]) && is_bigram(terms[i]) &&
           is_bigram(terms[i + 1]) &&
           terms[i]->query->offset - terms[i - 1]->query->offset == NEXT_PLACE &&
           terms[i + 1]->query->offset - terms[i]->query->offset == NEXT_PLACE;
}

/* Reading a term's places costs about the same for any; of covers of the same size the rarer terms
 * sift better. */
static uint64_t cost_of(const struct sealed_node *node) {
    return 64 + bits_for((uint32_t)(node->cost < UINT32_MAX ? node->cost : UINT32_MAX));
}

static int by_cost(const void *a, const void *b) {
    const struct sealed_node *left = *(struct sealed_node *const *)a,
                             *right = *(struct sealed_node *const *)b;
    return (left->cost > right->cost) - (left->cost < right->cost);
}

/* costs[i]: of the cheapest cover of the terms up to i that has i. */
static size_t choose(struct sealed_node *const *terms, size_t count, uint64_t *costs,
                     struct sealed_node **cover) {
    for (size_t i = 0; i < count; i++) {
        uint64_t before = i > 0 ? costs[i - 1] : 0;
        if (i > 1 && is_implied(terms, count, i - 1) && costs[i - 2] < before)
            before = costs[i - 2];
        costs[i] = before + cost_of(terms[i]);
    }
    size_t chosen = 0;
    for (size_t i = count; i > 0;) {
        cover[chosen++] = terms[i - 1];
        bool skip = i > 2 && is_implied(terms, count, i - 2) && costs[i - 3] < costs[i - 2];
        i -= skip ? 2 : 1;
    }
    return chosen;
}

xunzi_status sealed_phrase_cover(struct sealed_tree *tree, struct sealed_node *phrase) {
    size_t count = phrase->child_count;
    uint64_t *costs = malloc((count + 1) * sizeof *costs);
    phrase->cover = arena_alloc(tree->arena, count * sizeof *phrase->cover);
    if (costs && phrase->cover) {
        phrase->cover_count = choose(phrase->children, count, costs, phrase->cover);
        qsort(phrase->cover, phrase->cover_count, sizeof *phrase->cover, by_cost);
    }
    free(costs);
    return costs && phrase->cover ? XUNZI_OK : error_no_memory();
}

/* Appends the places of a term in the document that it stands at. */
static bool read_places(struct sealed_tree *tree, struct sealed_node *term, uint32_t document,
                        struct position_list *places) {
    places->count = 0;
    if (term->places == term->cursor && term->posting != POSTINGS_END)
        return postings_positions_of(term->places, term->posting, places);
    return sealed_move_list(tree, term->places, document) == document &&
           postings_positions(term->places, places);
}

bool sealed_phrase_stands(struct sealed_tree *tree, struct sealed_node *phrase) {
    struct position_list *starts = &tree->positions[0], *others = &tree->positions[1];
    uint32_t document = phrase->children[0]->document;
    if (!read_places(tree, phrase->cover[0], document, starts))
        return false;
    uint32_t offset = phrase->cover[0]->query->offset;
    size_t kept = 0;
    for (size_t at = 0; at < starts->count; at++)
        if (starts->items[at] >= offset)
            starts->items[kept++] = starts->items[at] - offset;
    starts->count = kept;
    for (size_t i = 1; i < phrase->cover_count && starts->count > 0; i++) {
        if (!read_places(tree, phrase->cover[i], document, others))
            return false;
        offset = phrase->cover[i]->query->offset;
        kept = 0;
        for (size_t s = 0, at = 0; s < starts->count; s++) {
            uint32_t wanted = starts->items[s] + offset;
            while (at < others->count && others->items[at] < wanted)
                at++;
            if (at < others->count && others->items[at] == wanted)
                starts->items[kept++] = starts->items[s];
        }
        starts->count = kept;
    }
    return starts->count > 0;
}
