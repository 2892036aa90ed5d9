/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Choosing covers, and comparing places. */
#include "searcher/sealed_phrase.h"

#include <stdlib.h>

#include "base/error.h"

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

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
        sealed_sort_by_cost(phrase->cover, phrase->cover_count);
    }
    free(costs);
    return costs && phrase->cover ? XUNZI_OK : error_no_memory();
}

/* Places of a term in several documents, one document's behind another's. */
struct term_places {
    struct position_list *places;
    uint32_t ends[BLOCK_SIZE]; /* by document: where its end */
};

/* The places cannot be read. Returns false. */
static bool fail(struct sealed_tree *tree, const struct position_list *places) {
    tree->failed = true;
    tree->no_memory = tree->no_memory || places->no_memory;
    return false;
}

/* Reads the places of a term in documents[which[i]]. False: the tree has failed. */
static bool read_places(struct sealed_tree *tree, struct sealed_node *term,
                        const uint32_t *documents, const uint8_t *which, size_t count,
                        struct term_places *out) {
    bool ok = true;
    out->places->count = 0;
    if (term->postings) {
        uint32_t postings[BLOCK_SIZE];
        for (size_t i = 0; i < count; i++)
            postings[i] = term->postings[which[i]];
        ok = postings_positions_of(term->places, postings, count, out->places, out->ends);
    }
    for (size_t i = 0; !term->postings && i < count && ok; i++) {
        uint32_t document = documents[which[i]];
        ok = sealed_move_list(tree, term->places, document) != document ||
             postings_positions(term->places, out->places);
        out->ends[i] = (uint32_t)out->places->count;
    }
    return ok || fail(tree, out->places);
}

/* Moves the places of the first term back by its offset, to where the phrase would begin, and
 * leaves the documents that have such. Returns how many these are. */
static size_t move_back(struct term_places *starts, uint32_t offset, size_t count, uint8_t *which) {
    uint32_t *items = starts->places->items, at = 0, kept = 0;
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t end = starts->ends[i], before = kept;
        for (; at < end; at++)
            if (items[at] >= offset)
                items[kept++] = items[at] - offset;
        starts->ends[left] = kept;
        which[left] = which[i];
        left += kept > before;
    }
    return left;
}

/* So many places are looked at side by side: more than most documents have of a term. */
enum { FEW_PLACES = 8 };

/* Whether a place is among the first `count`, up to FEW_PLACES; so many can be read in any case. */
static inline bool is_among_few(const uint32_t *places, uint32_t count, uint32_t wanted) {
    uint32_t found = 0; /* a bit for each place */
#if defined(__x86_64__)
    const __m128i *in = (const __m128i *)(const void *)places;
    __m128i all = _mm_set1_epi32((int)wanted);
    __m128i low = _mm_cmpeq_epi32(_mm_loadu_si128(in), all);
    __m128i high = _mm_cmpeq_epi32(_mm_loadu_si128(in + 1), all);
    found = (uint32_t)_mm_movemask_ps(_mm_castsi128_ps(low)) |
            (uint32_t)_mm_movemask_ps(_mm_castsi128_ps(high)) << 4;
#else
    for (uint32_t i = 0; i < FEW_PLACES; i++)
        found |= (uint32_t)(places[i] == wanted) << i;
#endif
    return found & ((UINT32_C(1) << count) - 1);
}

/* Leaves of the starts [begin, end) those from which one of the `count` ascending places is at the
 * offset; the first goes to *kept, which is moved behind the last. */
static void keep_starts(uint32_t *starts, uint32_t begin, uint32_t end, const uint32_t *places,
                        uint32_t count, uint32_t offset, uint32_t *kept) {
    uint32_t left = *kept, at = 0;
    for (uint32_t i = begin; i < end; i++) {
        uint32_t start = starts[i], wanted = start + offset;
        bool stands;
        if (count <= FEW_PLACES) {
            stands = is_among_few(places, count, wanted);
        } else {
            while (at < count && places[at] < wanted)
                at++;
            stands = at < count && places[at] == wanted;
        }
        starts[left] = start;
        left += stands;
    }
    *kept = left;
}

/* Leaves the starts from which another term stands at its offset, and the documents that have such.
 * Returns how many these are. */
static size_t keep_aligned(struct term_places *starts, struct term_places *others, uint32_t offset,
                           size_t count, uint8_t *which) {
    uint32_t begin = 0, place = 0, kept = 0;
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t end = starts->ends[i], place_end = others->ends[i], before = kept;
        keep_starts(starts->places->items, begin, end, others->places->items + place,
                    place_end - place, offset, &kept);
        begin = end;
        place = place_end;
        starts->ends[left] = kept;
        which[left] = which[i];
        left += kept > before;
    }
    return left;
}

size_t sealed_phrase_keep(struct sealed_tree *tree, struct sealed_node *phrase,
                          const uint32_t *documents, uint8_t *which, size_t count) {
    struct term_places starts, others;
    starts.places = &tree->positions[0];
    others.places = &tree->positions[1];
    if (!read_places(tree, phrase->cover[0], documents, which, count, &starts))
        return 0;
    count = move_back(&starts, phrase->cover[0]->query->offset, count, which);
    for (size_t i = 1; i < phrase->cover_count && count > 0; i++) {
        if (!read_places(tree, phrase->cover[i], documents, which, count, &others))
            return 0;
        if (!array_reserve(&others.places->items, &others.places->capacity,
                           others.places->count + FEW_PLACES, sizeof *others.places->items)) {
            others.places->no_memory = true;
            fail(tree, others.places);
            return 0;
        }
        count = keep_aligned(&starts, &others, phrase->cover[i]->query->offset, count, which);
    }
    return count;
}

bool sealed_phrase_stands(struct sealed_tree *tree, struct sealed_node *phrase) {
    uint8_t which = 0;
    return sealed_phrase_keep(tree, phrase, &phrase->children[0]->document, &which, 1) > 0;
}
