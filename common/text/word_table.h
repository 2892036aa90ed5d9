/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words that Han runs are cut into, and what each costs: those of ICU's dictionary for Chinese
 * and Japanese that folded text can hold. The table is made when Xunzi is built, by
 * word_table_generator.c, from the ICU installed then.
 *
 * It is a trie in a double array (Aoe, "An efficient digital search algorithm by using a
 * double-array structure", 1989): from the node in unit `at`, the character of code c leads to unit
 * base(at) + c, where that unit's parent is `at`.
 */
#ifndef XUNZI_TEXT_WORD_TABLE_H
#define XUNZI_TEXT_WORD_TABLE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    WORD_TABLE_COST_MOST = 255, /* of a character that is no word; no word costs as much */
    WORD_TABLE_ROOT = 0
};

struct word_unit {
    uint32_t base_and_cost; /* base * 256 + cost, 255 where no word ends; base 0: nothing follows */
    uint32_t parent;        /* UINT32_MAX: the unit is free */
};

extern const uint16_t word_table_codes[0x10000]; /* from 1; 0: in no word */
extern const struct word_unit word_table_units[];

static inline uint32_t word_table_code(uint32_t folded) {
    return folded < 0x10000 ? word_table_codes[folded] : 0;
}

/* Moves *at from a node to the one that the character of a code, not 0, leads to. False: to none.
 */
static inline bool word_table_step(uint32_t *at, uint32_t code) {
    uint32_t next = (word_table_units[*at].base_and_cost >> 8) + code;
    if (word_table_units[next].parent != *at)
        return false;
    *at = next;
    return true;
}

/* Whether a longer word goes on from here. */
static inline bool word_table_goes_on(uint32_t at) {
    return word_table_units[at].base_and_cost >> 8 != 0;
}

/* What the word that ends here costs; WORD_TABLE_COST_MOST: none does. */
static inline uint32_t word_table_cost(uint32_t at) {
    return word_table_units[at].base_and_cost & 0xFF;
}

#endif
