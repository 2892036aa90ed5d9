/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scoring a few promising documents. */
#include "searcher/sealed_prime.h"

#include <stdlib.h>
#include <string.h>

/* Found by trying, as those of sealed_or.c. */
enum {
    PRIME_HITS_MOST = 256, /* with more wanted the threshold is too low to be worth it */
    PRIME_LEAST = 512,     /* postings that are scored: a power of 2 */
    PRIME_MOST = 4096,     /* likewise */
    PRIME_PART = 64,       /* of all postings that may be scored */
    PRIME_SPARE = 3,       /* candidates for each hit wanted, beside the one */
    PRIME_SPARE_MOST = 48,
    PRIME_CANDIDATES = PRIME_HITS_MOST + PRIME_SPARE_MOST,
    PRIME_LOOKUPS = 400, /* of candidates in further lists */
    PRIME_LISTS_MOST = 128
};

struct candidate {
    uint32_t document;
    fixed_score score;
};

struct priming {
    const struct sealed_tree *tree;
    struct or_list *lists[PRIME_LISTS_MOST]; /* by what they are worth, the best first */
    size_t count;
    size_t gathered;    /* lists, the first of them */
    size_t most;        /* postings that may be scored */
    size_t found_count; /* postings scored, but each document once */
    bool damaged;
    unsigned slot_bits; /* 2^slot_bits slots, twice as many as postings */
    struct candidate found[PRIME_MOST];
    uint16_t slots[2 * PRIME_MOST]; /* 1 + where a document is found; 0: a free slot */
    struct candidate best[PRIME_CANDIDATES];
    size_t best_count;
};

/* ---- gathering ---- */

/* The slot of a document: its own, or the free one where it belongs. */
static uint16_t *find_slot(struct priming *priming, uint32_t document) {
    size_t slot = (document * UINT32_C(2654435769)) >> (32 - priming->slot_bits);
    while (priming->slots[slot] != 0 &&
           priming->found[priming->slots[slot] - 1].document != document)
        slot = (slot + 1) & ((UINT32_C(1) << priming->slot_bits) - 1);
    return &priming->slots[slot];
}

/* Makes the slots of what the first list has given: needed only where another follows. */
static void make_slots(struct priming *priming) {
    memset(priming->slots, 0, sizeof *priming->slots << priming->slot_bits);
    for (size_t i = 0; i < priming->found_count; i++)
        *find_slot(priming, priming->found[i].document) = (uint16_t)(i + 1);
}

static void gather_block(struct priming *priming, struct or_list *list, uint32_t block) {
    const struct postings_cursor *cursor = &list->cursor;
    if (!or_list_score(list, priming->tree, block, 0)) {
        priming->damaged = true;
        return;
    }
    for (uint32_t i = 0; i < cursor->in_block; i++) {
        uint32_t document = cursor->documents[i];
        uint16_t *slot = priming->gathered > 0 ? find_slot(priming, document) : NULL;
        if (slot && *slot != 0) {
            priming->found[*slot - 1].score += list->contributions[i];
            continue;
        }
        priming->found[priming->found_count++] =
            (struct candidate){document, list->contributions[i]};
        if (slot)
            *slot = (uint16_t)priming->found_count;
    }
}

/* The bound that blocks must surpass so that no more than *left do; *left becomes how many of that
 * bound may come in, too. */
static unsigned bound_of_best(const struct postings_cursor *cursor, size_t *left) {
    size_t blocks[256] = {0};
    for (uint32_t b = 0; b < cursor->full_blocks; b++)
        blocks[cursor->bounds[b]]++;
    unsigned bound = 255;
    while (bound > 0 && blocks[bound] <= *left)
        *left -= blocks[bound--];
    return bound;
}

/* The block from `block` on that is one of the best. */
static uint32_t next_best(const struct postings_cursor *cursor, uint32_t block, unsigned bound,
                          size_t *left) {
    for (; block < cursor->full_blocks; block++) {
        if (cursor->bounds[block] > bound)
            return block;
        if (cursor->bounds[block] == bound && *left > 0) {
            --*left;
            return block;
        }
    }
    return cursor->block_count;
}

/* Adds up a list, or as many of its best blocks as may be scored. */
static void gather_list(struct priming *priming, struct or_list *list) {
    const struct postings_cursor *cursor = &list->cursor;
    size_t left = (priming->most - priming->found_count) / BLOCK_SIZE;
    if (cursor->block_count <= left) {
        for (uint32_t b = 0; b < cursor->block_count && !priming->damaged; b++)
            gather_block(priming, list, b);
        return;
    }
    unsigned bound = bound_of_best(cursor, &left);
    uint32_t next;
    for (uint32_t b = next_best(cursor, 0, bound, &left);
         b < cursor->block_count && !priming->damaged; b = next) {
        next = next_best(cursor, b + 1, bound, &left);
        postings_prefetch(cursor, next);
        gather_block(priming, list, b);
    }
}

static void gather(struct priming *priming) {
    for (size_t i = 0; i < priming->count && priming->found_count + BLOCK_SIZE <= priming->most;
         i++) {
        if (!priming->lists[i]->required)
            break;
        if (i == 1)
            make_slots(priming);
        gather_list(priming, priming->lists[i]);
        priming->gathered++;
    }
}

/* ---- candidates ---- */

enum { SCORE_CLASSES = 256 };

/* Which scores are among the best: all above `sure`, and `more` of those from `least` on. */
struct cut {
    fixed_score least, sure;
    size_t more;
};

/* The cut that leaves the best `wanted`, about: scores are sorted into classes between 0 and the
 * largest. */
static struct cut cut_of_best(const struct candidate *candidates, size_t count, size_t wanted) {
    uint16_t classes[SCORE_CLASSES] = {0};
    fixed_score largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = candidates[i].score > largest ? candidates[i].score : largest;
    unsigned shift = bits_for(largest) > 8 ? bits_for(largest) - 8 : 0;
    for (size_t i = 0; i < count; i++)
        classes[candidates[i].score >> shift]++;
    size_t class = SCORE_CLASSES - 1, sure = 0;
    while (class > 0 && sure + classes[class] < wanted)
        sure += classes[class --];
    return (struct cut){.least = (fixed_score) class << shift,
                        .sure = (fixed_score)((class + 1) << shift) - 1,
                        .more = wanted - sure};
}

static bool cut_leaves(struct cut *cut, fixed_score score) {
    if (score > cut->sure)
        return true;
    if (score < cut->least || cut->more == 0)
        return false;
    cut->more--;
    return true;
}

static int by_document(const void *a, const void *b) {
    const struct candidate *left = a, *right = b;
    return (left->document > right->document) - (left->document < right->document);
}

static int by_score(const void *a, const void *b) {
    const struct candidate *left = a, *right = b;
    return (left->score < right->score) - (left->score > right->score);
}

/* Takes the best `wanted` of what was found, in order of documents, but those that are filtered. */
static void choose(struct priming *priming, const struct sealed_filter *filter, size_t wanted) {
    struct cut cut = cut_of_best(priming->found, priming->found_count, wanted);
    for (size_t i = 0; i < priming->found_count; i++)
        if (cut_leaves(&cut, priming->found[i].score) &&
            sealed_filter_accepts(filter, priming->found[i].document))
            priming->best[priming->best_count++] = priming->found[i];
    if (priming->gathered > 1)
        qsort(priming->best, priming->best_count, sizeof *priming->best, by_document);
}

/* Leaves the best `wanted`. */
static void drop_worst(struct priming *priming, size_t wanted) {
    struct cut cut = cut_of_best(priming->best, priming->best_count, wanted);
    size_t kept = 0;
    for (size_t i = 0; i < priming->best_count; i++)
        if (cut_leaves(&cut, priming->best[i].score))
            priming->best[kept++] = priming->best[i];
    priming->best_count = kept;
}

/* Adds what a list contributes to the candidates. */
static void look_up(struct priming *priming, struct or_list *list) {
    uint32_t blocks[PRIME_CANDIDATES];
    or_list_rewind(list);
    for (size_t i = 0; i < priming->best_count; i++) {
        or_list_move_near(list, priming->best[i].document);
        blocks[i] = list->near;
        if (i == 0 || blocks[i] != blocks[i - 1])
            postings_prefetch(&list->cursor, blocks[i]);
    }
    for (size_t i = 0; i < priming->best_count && blocks[i] < list->cursor.block_count; i++) {
        if (!or_list_load(list, blocks[i])) {
            priming->damaged = true;
            return;
        }
        uint32_t at = or_list_find(list, priming->best[i].document);
        if (at < BLOCK_SIZE)
            priming->best[i].score += or_list_contribution(list, priming->tree, at);
    }
    priming->damaged |= list->cursor.damaged;
}

static int by_worth(const void *a, const void *b) {
    const struct or_list *left = *(struct or_list *const *)a, *right = *(struct or_list *const *)b;
    if (left->required != right->required)
        return left->required ? -1 : 1;
    return (left->most < right->most) - (left->most > right->most);
}

static void prime(struct priming *priming, const struct sealed_filter *filter,
                  struct top_list *top) {
    size_t spare = top->most * PRIME_SPARE;
    size_t wanted = top->most + (spare < PRIME_SPARE_MOST ? spare : PRIME_SPARE_MOST);
    size_t lookups = PRIME_LOOKUPS;
    gather(priming);
    if (priming->damaged)
        return;
    choose(priming, filter, wanted);
    for (size_t i = priming->gathered; i < priming->count && !priming->damaged; i++) {
        if (priming->best_count < top->most || priming->best_count > lookups)
            break;
        look_up(priming, priming->lists[i]);
        lookups -= priming->best_count;
        wanted -= (wanted - top->most) / 4;
        drop_worst(priming, wanted);
    }
    if (priming->damaged || priming->best_count < top->most)
        return;
    qsort(priming->best, priming->best_count, sizeof *priming->best, by_score);
    top_list_raise(top, priming->best[top->most - 1].score - 1);
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
    priming->gathered = priming->found_count = priming->best_count = 0;
    priming->damaged = false;
    uint64_t postings = 0;
    for (size_t i = 0; i < count; i++) {
        priming->lists[i] = &lists[i];
        postings += lists[i].cursor.list.count;
    }
    priming->most = PRIME_LEAST;
    while (priming->most < PRIME_MOST && priming->most < postings / PRIME_PART)
        priming->most *= 2;
    priming->slot_bits = bits_for((uint32_t)priming->most);
    qsort(priming->lists, count, sizeof *priming->lists, by_worth);
    prime(priming, filter, top);
    bool ok = !priming->damaged;
    free(priming);
    return ok;
}
