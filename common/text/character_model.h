/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How likely a Han character is behind another, or behind two: a model over folded characters
 * (character.h), so that one serves both scripts. It is made when Xunzi is built, by
 * character_model_generator.c, which says from what and how.
 *
 * Costs are negative natural logarithms of probabilities, in units of 1/CHARACTER_MODEL_UNIT. A
 * pair that is listed has a cost of its own; any other costs what its first character charges for
 * leaving the list plus the cost of the second alone (back-off). A triple that is listed is cheaper
 * than its last pair; any other costs the same.
 */
#ifndef XUNZI_TEXT_CHARACTER_MODEL_H
#define XUNZI_TEXT_CHARACTER_MODEL_H

#include <stdint.h>

#include "text/character.h"

enum {
    CHARACTER_MODEL_FIRST =
        0x4E00, /* only characters of the block CJK Unified Ideographs are in the model */
    CHARACTER_MODEL_LAST = 0x9FFF,
    CHARACTER_MODEL_UNIT = 16,
    CHARACTER_MODEL_MOST = 255,         /* no cost in the tables is larger */
    CHARACTER_MODEL_UNKNOWN_COST = 288, /* of a character that is not in the model: 18 nats */
    CHARACTER_MODEL_BUCKETS = 1 << 15
};

/* The tables, of the generator. A character is a number from 1; 0 is any that the model does not
 * know. The list of pairs of a character ascends. Triples are in a hash table: buckets by the high
 * bits of the hash, in them the low 16 bits, ascending; a wrong triple is taken for a listed one
 * about once in ten thousand. */
extern const uint16_t character_model_numbers[CHARACTER_MODEL_LAST - CHARACTER_MODEL_FIRST + 1];
extern const uint8_t character_model_alone[];
extern const uint8_t character_model_leave[];
extern const uint32_t character_model_rows[];
extern const uint16_t character_model_seconds[];
extern const uint8_t character_model_pairs[];
extern const uint32_t character_model_buckets[CHARACTER_MODEL_BUCKETS + 1];
extern const uint16_t character_model_marks[];
extern const uint8_t character_model_triples[];

/* The number of a folded code point. */
static inline uint32_t character_model_number(uint32_t folded) {
    return folded >= CHARACTER_MODEL_FIRST && folded <= CHARACTER_MODEL_LAST
               ? character_model_numbers[folded - CHARACTER_MODEL_FIRST]
               : 0;
}

/* The number of any code point. */
static inline uint32_t character_model_number_of(uint32_t code_point) {
    return character_model_number(character_entry_folded(code_point, character_entry(code_point)));
}

/* The cost of the character `number` by itself, as at the beginning of a run. */
static inline uint32_t character_model_cost_alone(uint32_t number) {
    return number == 0 ? CHARACTER_MODEL_UNKNOWN_COST : character_model_alone[number];
}

/* The cost of `last` behind `first` and `second`; 0 as first: behind `second` alone. */
uint32_t character_model_cost(uint32_t first, uint32_t second, uint32_t last);

/* Bucket and mark of a triple, 31 bits. */
static inline uint32_t character_model_hash(uint32_t first, uint32_t second, uint32_t last) {
    uint64_t key =
        ((uint64_t)first << 32 | (uint64_t)second << 16 | last) * UINT64_C(11400714819323198485);
    return (uint32_t)(key >> 33);
}

#endif
