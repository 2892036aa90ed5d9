/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of the lattice: its nodes, shared by the search (lost_bytes_lattice.c) and the steps
 * from node to node (lost_bytes_steps.c). Costs are in 1/16 nat (CHARACTER_MODEL_UNIT). */
#ifndef XUNZI_TEXT_LOST_BYTES_NODES_H
#define XUNZI_TEXT_LOST_BYTES_NODES_H

#include "text/lost_bytes_lattice.h"

enum {
    COST_HOLE = 160,
    BEAM_COST = 320, /* a node that costs so much more than the best of its position is left out */
    LISTS = 3,       /* a step goes on by two items at most */
    TABLE_SIZE = 512,
    NO_NUMBER = 0xFFFF
};

enum state { ALIGNED, SHIFTED, WILD };

struct node {
    uint32_t parent;
    uint32_t cost;
    uint32_t character;     /* that the step to here gave; 0: none */
    uint32_t stands_before; /* the Han character that a reading next would belong to; 0: none */
    uint16_t position;      /* the item that comes next */
    uint16_t last,
        before;    /* numbers of the last two characters, for the model; NO_NUMBER: a run begins */
    uint8_t state; /* enum state */
    uint8_t carried; /* of SHIFTED */
    bool is_own;     /* the step left its items as they stand */
    uint32_t rival;  /* the next best node that ends alike, and lost to this one; 0: none */
};

struct list {
    uint32_t *nodes;
    size_t count, capacity;
    uint32_t best; /* the lowest cost */
};

struct lattice {
    struct node *nodes;
    size_t count, capacity;
    struct list lists[LISTS];
    uint32_t *identity; /* cost of all items before each, as they stand */
    size_t identity_capacity;
    uint32_t seen[TABLE_SIZE]; /* nodes of the position at hand, by state and last character; index
                                  plus one */
    struct lattice_stretch *stretches;
    size_t stretch_count, stretch_capacity;
    uint32_t *characters;
    size_t character_count, character_capacity;
    uint32_t *path;
    size_t path_count, path_capacity;
    /* of the run at hand */
    const struct lattice_page *page;
    const struct double_bytes *table;
    const struct lattice_item *items;
    size_t item_count;
    uint64_t work; /* characters tried, and nodes */
    bool no_memory;
};

/* Adds a node to its position; returns its index, or 0 where memory ran out or it costs far more
 * than another of that position. */
uint32_t lattice_push(struct lattice *lattice, const struct node *node);

/* The node behind `from` where item stands as it is. */
struct node lattice_own(const struct lattice *lattice, uint32_t from,
                        const struct lattice_item *item);

/* Adds all nodes that come of `from` and its item. `place` is its place, by cost, among the `about`
 * nodes of its position; is_suspicious: a byte may be lost here without a mark. */
void lattice_step(struct lattice *lattice, uint32_t from, size_t place, size_t about,
                  bool is_suspicious);

#endif
