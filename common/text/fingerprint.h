/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A document's fingerprint: 128 bits that copies of one article have in common, all but a few,
 * whatever stands around it on their pages and in whichever script.
 *
 * It is of the folded letters, digits and characters of title and body, read through their edits;
 * what separates or joins them is left out of account. Every sequence of twelve (at the beginning
 * of a text, of fewer) is hashed; the hash chooses one of 128 bins, and the least hash of each bin
 * gives one bit. So two texts agree in a bit with the probability (1 + J) / 2, J being the share of
 * sequences that they have in common: one-permutation MinHash (Li, Owen and Zhang, "One Permutation
 * Hashing", 2012) with one bit a bin (Li and König, "b-Bit Minwise Hashing", 2010); a bin without a
 * sequence takes the next one's (Shrivastava and Li, "Densifying One Permutation Hashing via
 * Rotation", 2014).
 *
 * Twelve characters, because most of what is alike and no copy is a formula: a notice that says the
 * same each year, of another year, has most pairs of characters in common with last year's, and
 * fewer long sequences.
 */
#ifndef XUNZI_TEXT_FINGERPRINT_H
#define XUNZI_TEXT_FINGERPRINT_H

#include "text/document_edits.h"
#include "text/fold.h"

enum {
    FINGERPRINT_BITS = 128,

    /* A text whose sequences fall into fewer bins has no fingerprint: it has fewer than about 90
       different ones, and short texts may be alike and say different things. */
    FINGERPRINT_BINS_LEAST = 64,

    /* Texts that agree in so many bits are copies: J is about .75 then. With twelve seeds of the
       hash, no two of 19,540 news did that have less than .7 of their pairs of characters in
       common. Of news with another header, another footer, a twentieth of their sentences replaced,
       or a fifth cut off, 90, 94, 84 and 89 of 100 agreed in so many with the original. */
    FINGERPRINT_ALIKE = 112
};

/* All zero: there is none. */
struct fingerprint {
    uint64_t words[FINGERPRINT_BITS / 64];
};

struct fingerprint_maker {
    uint32_t least[FINGERPRINT_BITS]; /* hashes, by bin; UINT32_MAX: none */
};

void fingerprint_begin(struct fingerprint_maker *maker);

/* Adds a text: a document's title, its body. */
void fingerprint_add(struct fingerprint_maker *maker, const struct folded_text *folded);

/* The fingerprint; none where there is too little text for one. */
struct fingerprint fingerprint_end(const struct fingerprint_maker *maker);

/* The fingerprint of a document; edits may be NULL: none. */
xunzi_status fingerprint_of(const xunzi_document *document, const struct document_edits *edits,
                            struct fingerprint *fingerprint);

static inline bool fingerprint_is_none(const struct fingerprint *fingerprint) {
    return (fingerprint->words[0] | fingerprint->words[1]) == 0;
}

static inline bool fingerprint_is_same(const struct fingerprint *a, const struct fingerprint *b) {
    return a->words[0] == b->words[0] && a->words[1] == b->words[1];
}

/* In how many bits two fingerprints agree; 0 where one of them is none. */
unsigned fingerprint_agreement(const struct fingerprint *a, const struct fingerprint *b);

#endif
