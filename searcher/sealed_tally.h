/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many documents match: counted as far as it is wanted, estimated beyond. */
#ifndef XUNZI_SEARCHER_SEALED_TALLY_H
#define XUNZI_SEARCHER_SEALED_TALLY_H

#include <stdbool.h>
#include <stdint.h>

struct sealed_tally {
    uint64_t wanted; /* the total is to be exact where it is no larger; UINT64_MAX: in any case */
    uint64_t total;  /* of what was searched so far */
    bool exact;      /* whether total is a count; where it is not, at least `wanted` were counted */
};

/* How many more matches must be counted before any may be passed over. */
static inline uint64_t sealed_tally_missing(const struct sealed_tally *tally) {
    return tally->total < tally->wanted ? tally->wanted - tally->total : 0;
}

/* Adds a count. */
static inline void sealed_tally_add(struct sealed_tally *tally, uint64_t count) {
    tally->total += count;
}

/* Adds an estimate. */
static inline void sealed_tally_guess(struct sealed_tally *tally, uint64_t count) {
    tally->total += count;
    tally->exact = false;
}

#endif
