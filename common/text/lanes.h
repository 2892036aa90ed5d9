/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sixteen bytes of a text looked at at once, in the vector types that gcc and clang share: nothing
 * here depends on a processor. */
#ifndef XUNZI_TEXT_LANES_H
#define XUNZI_TEXT_LANES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { LANES = 16 };
typedef unsigned char lanes __attribute__((vector_size(LANES)));

static inline lanes lanes_load(const char *bytes) {
    lanes loaded;
    memcpy(&loaded, bytes, sizeof loaded);
    return loaded;
}

/* found: as comparing leaves it, 0xFF or 0 in each lane. */
static inline bool lanes_any(lanes found) {
    uint64_t halves[2];
    memcpy(halves, &found, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

#endif
