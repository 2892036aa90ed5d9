/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scoring a few promising documents. */
#include "searcher/sealed_prime.h"

#include <stdlib.h>
#include <string.h>

#include "searcher/block_scores.h"

enum {
    PRIME_HITS_MOST = 256, /* with more wanted the threshold is too low to be worth it */
    PRIME_POSTINGS = 2048, /* that are scored at most */
    PRIME_LEAST = 512,     /* a power of 2, as PRIME_POSTINGS is */
    PRIME_PART = 32,       /* of all postings that may be scored */
    PRIME_LOOKUPS = 400,   /* of documents in further lists */
    PRIME_LISTS_MOST = 128
};

struct candidate {
    uint32_t document; /* + 1; 0: a free slot */
    fixed_score score;
};

struct priming {
    const struct sealed_tree *tree;
    struct or_list *lists[PRIME_LISTS_MOST]; /* by what they are worth, the best first */
    bool gathered[PRIME_LISTS_MOST];
    size_t count;
    size_t postings; /* scored so far */
    size_t most;     /* that may be */
    bool damaged;
    unsigned slot_bits; /* 2^slot_bits slots, at least twice as many as postings */
    struct candidate slots[2 * PRIME_POSTINGS];
};

static void add(struct priming *priming, uint32_t document, fixed_score score) {
    size_t slot = (document * UINT32_C(2654435769)) >> (32 - priming->slot_bits);
    while (priming->slots[slot].document != 0 && priming->slots[slot].document != document + 1)
        slot = (slot + 1) & ((UINT32_C(1) << priming->slot_bits) - 1);
    priming->slots[slot].document = document + 1;
    priming->slots[slot].score += score;
}

static void gather_block(struct priming *priming, struct or_list *list, uint32_t block) {
    struct postings_cursor *cursor = &list->cursor;
    if (!postings_load(cursor, block, true)) {
        priming->damaged = true;
        return;
    }
    block_scores(&priming->tree->scoring->saturation, list->weight, priming->tree->segment,
                 cursor->wdfs, cursor->documents, cursor->in_block, list->contributions);
    for (uint32_t i = 0; i < cursor->in_block; i++)
        add(priming, cursor->documents[i], list->contributions[i]);
    priming->postings += cursor->in_block;
}

/* The bound that blocks must surpass so that no more than `most` do. */
static unsigned bound_of_best(const struct postings_cursor *cursor, size_t most) {
    size_t blocks[256] = {0}, above = 0;
    for (uint32_t b = 0; b < cursor->full_blocks; b++)
        blocks[cursor->bounds[b]]++;
    unsigned bound = 255;
    while (bound > 0 && above + blocks[bound] <= most)
        above += blocks[bound--];
    return bound;
}

/* Adds up a list, or as many of its best blocks as may be scored. */
static void gather_list(struct priming *priming, struct or_list *list) {
    struct postings_cursor *cursor = &list->cursor;
    size_t left = (priming->most - priming->postings) / BLOCK_SIZE;
    bool all = cursor->block_count <= left;
    unsigned bound = all ? 0 : bound_of_best(cursor, left);
    for (uint32_t b = 0; b < cursor->block_count && !priming->damaged; b++)
        if (all || (b < cursor->full_blocks && cursor->bounds[b] > bound)) {
            gather_block(priming, list, b);
            left--;
        }
    for (uint32_t b = 0; !all && b < cursor->full_blocks && left > 0 && !priming->damaged; b++)
        if (cursor->bounds[b] == bound) {
            gather_block(priming, list, b);
            left--;
        }
}

static int by_worth(const void *a, const void *b) {
    const struct or_list *left = *(struct or_list *const *)a, *right = *(struct or_list *const *)b;
    return (left->most < right->most) - (left->most > right->most);
}

static int by_document(const void *a, const void *b) {
    const struct top_item *left = a, *right = b;
    return (left->ordinal > right->ordinal) - (left->ordinal < right->ordinal);
}

/* Adds to the candidates what lists contribute that were not gathered. */
static void look_up(struct priming *priming, struct top_list *best) {
    size_t lookups = PRIME_LOOKUPS;
    for (size_t i = 0; i < priming->count && lookups >= best->count; i++) {
        struct or_list *list = priming->lists[i];
        struct postings_cursor *cursor = &list->cursor;
        if (priming->gathered[i])
            continue;
        for (size_t c = 0; c < best->count; c++) {
            uint32_t document = (uint32_t)best->items[c].ordinal;
            postings_next_geq(cursor, document);
            if (cursor->document == document)
                best->items[c].score += scoring_contribution(
                    &priming->tree->scoring->saturation, list->weight, postings_wdf(cursor),
                    segment_length(priming->tree->segment, document));
        }
        priming->damaged |= cursor->damaged;
        lookups -= best->count;
    }
}

/* The best of the candidates by what is added up; as many of them as hits are wanted, or none. */
static void choose(struct priming *priming, const struct sealed_filter *filter,
                   struct top_list *best) {
    for (size_t i = 0; i < (size_t)1 << priming->slot_bits; i++) {
        const struct candidate *candidate = &priming->slots[i];
        if (candidate->document != 0 && candidate->score > best->threshold &&
            sealed_filter_accepts(filter, candidate->document - 1))
            top_list_add(best, (struct top_item){.score = candidate->score,
                                                 .ordinal = candidate->document - 1});
    }
}

static void prime(struct priming *priming, const struct sealed_filter *filter,
                  struct top_list *top) {
    struct top_item items[PRIME_HITS_MOST];
    struct top_list best;
    for (size_t i = 0; i < priming->count && priming->postings + BLOCK_SIZE <= priming->most; i++) {
        if (!priming->lists[i]->required)
            continue;
        gather_list(priming, priming->lists[i]);
        priming->gathered[i] = true;
    }
    top_list_begin(&best, items, top->most, false);
    choose(priming, filter, &best);
    if (best.count < top->most || priming->damaged)
        return;
    qsort(items, best.count, sizeof *items, by_document);
    look_up(priming, &best);
    fixed_score least = UINT32_MAX;
    for (size_t i = 0; i < best.count; i++)
        least = items[i].score < least ? items[i].score : least;
    top_list_raise(top, least - 1);
}

bool sealed_prime(struct sealed_tree *tree, struct or_list *lists, size_t count,
                  const struct sealed_filter *filter, struct top_list *top) {
    if (top->most == 0 || top->most > PRIME_HITS_MOST || top->by_date ||
        !sealed_filter_is_random(filter) || count > PRIME_LISTS_MOST)
        return true;
    struct priming *priming = malloc(sizeof *priming);
    if (!priming)
        return true; /* it is only faster with it */
    priming->tree = tree;
    priming->count = count;
    priming->postings = 0;
    priming->damaged = false;
    uint64_t postings = 0;
    for (size_t i = 0; i < count; i++) {
        priming->lists[i] = &lists[i];
        priming->gathered[i] = false;
        postings += lists[i].cursor.list.count;
    }
    priming->slot_bits = bits_for(PRIME_LEAST);
    priming->most = PRIME_LEAST;
    while (priming->most < PRIME_POSTINGS && priming->most < postings / PRIME_PART) {
        priming->most *= 2;
        priming->slot_bits++;
    }
    memset(priming->slots, 0, sizeof *priming->slots << priming->slot_bits);
    qsort(priming->lists, count, sizeof *priming->lists, by_worth);
    prime(priming, filter, top);
    bool ok = !priming->damaged;
    free(priming);
    for (size_t i = 0; i < count && ok; i++) {
        struct postings_list list = lists[i].cursor.list;
        ok = postings_open(&lists[i].cursor, &list);
    }
    return ok;
}
