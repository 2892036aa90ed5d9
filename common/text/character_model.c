/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Look-ups in the character model. */
#include "text/character_model.h"

/* The place of value in [low, high) of an ascending list, or high. */
static uint32_t find(const uint16_t *list, uint32_t low, uint32_t high, uint32_t value) {
    uint32_t end = high;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (list[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && list[low] == value ? low : end;
}

uint32_t character_model_cost(uint32_t first, uint32_t second, uint32_t last) {
    if (second == 0 || last == 0)
        return character_model_cost_alone(last);
    uint32_t end = character_model_rows[second + 1];
    uint32_t place = find(character_model_seconds, character_model_rows[second], end, last);
    uint32_t cost = place < end
                        ? character_model_pairs[place]
                        : (uint32_t)character_model_leave[second] + character_model_alone[last];
    if (first == 0)
        return cost;
    uint32_t hash = character_model_hash(first, second, last);
    end = character_model_buckets[(hash >> 16) + 1];
    place = find(character_model_marks, character_model_buckets[hash >> 16], end, hash & 0xFFFF);
    return place < end && character_model_triples[place] < cost ? character_model_triples[place]
                                                                : cost;
}
