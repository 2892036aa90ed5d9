/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Traditional character that is most often meant by a folded one, for text that is shown to who
 * writes Traditional characters. The table is made when Xunzi is built, by
 * traditional_table_generator.c, from ICU's Hans-Hant transliterator.
 */
#ifndef XUNZI_TEXT_TRADITIONAL_H
#define XUNZI_TEXT_TRADITIONAL_H

#include <stddef.h>
#include <stdint.h>

/* Pairs: a folded character of the Basic Multilingual Plane, ascending, and its Traditional one. */
extern const size_t traditional_count;
extern const uint16_t traditional_pairs[][2];

/* The Traditional character of a folded one; itself where it has no other. */
static inline uint32_t traditional_of(uint32_t folded) {
    size_t low = 0, high = traditional_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (traditional_pairs[middle][0] < folded)
            low = middle + 1;
        else
            high = middle;
    }
    return low < traditional_count && traditional_pairs[low][0] == folded
               ? traditional_pairs[low][1]
               : folded;
}

#endif
