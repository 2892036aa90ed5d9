/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fingerprints of documents; fingerprint.h tells of what. */
#include "text/fingerprint.h"

#include <string.h>

#include "base/error.h"
#include "text/character.h"

#define SPREAD UINT64_C(0x9E3779B97F4A7C15)
#define MIX UINT64_C(0xD6E8FEB86659FD93)

enum {
    FORGET_SHIFT = 5, /* bits that a character moves on by: after twelve more it is all but gone */
    BIN_SHIFT = 57,   /* the high bits of a hash choose the bin, */
    LEAST_SHIFT = 25, /* the 32 below them are compared */
    EMPTY = UINT32_MAX,
    WORDS = FINGERPRINT_BITS / 64
};

_Static_assert(1 << (64 - BIN_SHIFT) == FINGERPRINT_BITS, "the high bits choose one of the bins");

void fingerprint_begin(struct fingerprint_maker *maker) {
    memset(maker->least, 0xFF, sizeof maker->least);
}

void fingerprint_add(struct fingerprint_maker *maker, const struct folded_text *folded) {
    uint64_t sequence = 0;
    for (size_t i = 0; i < folded->count; i++) {
        if (folded->characters[i].class >= CHARACTER_CONNECTOR) /* punctuation, as it may be */
            continue;
        sequence = (sequence << FORGET_SHIFT) + folded->characters[i].code_point * SPREAD;
        uint64_t hash = (sequence ^ sequence >> 32) * MIX;
        uint32_t *least = &maker->least[hash >> BIN_SHIFT], value = (uint32_t)(hash >> LEAST_SHIFT);
        *least = value < *least ? value : *least;
    }
}

/* Gives bins without a sequence what the next one has, bin 0 coming behind the last. Which these
 * are no processor foresees: no branch depends on it. */
static void fill_bins(uint32_t least[FINGERPRINT_BITS]) {
    unsigned first = 0;
    while (least[first] == EMPTY)
        first++;
    uint32_t next = least[first];
    for (unsigned i = FINGERPRINT_BITS; i-- > 0;) {
        uint32_t empty = 0u - (least[i] == EMPTY);
        least[i] = next = (next & empty) | (least[i] & ~empty);
    }
}

struct fingerprint fingerprint_end(const struct fingerprint_maker *maker) {
    struct fingerprint fingerprint = {0};
    uint32_t least[FINGERPRINT_BITS];
    unsigned filled = 0;
    for (unsigned i = 0; i < FINGERPRINT_BITS; i++)
        filled += maker->least[i] != EMPTY;
    if (filled < FINGERPRINT_BINS_LEAST)
        return fingerprint;
    memcpy(least, maker->least, sizeof least);
    if (filled < FINGERPRINT_BITS)
        fill_bins(least);
    /* The low bits of the least hash are as good as random. Which one is taken changes from bin to
     * bin, so that bins that share a hash need not share the bit. */
    for (unsigned i = 0; i < FINGERPRINT_BITS; i += 8) {
        uint32_t byte = 0;
        for (unsigned k = 0; k < 8; k++)
            byte |= least[i + k] & 1u << k;
        fingerprint.words[i / 64] |= (uint64_t)byte << i % 64;
    }
    return fingerprint;
}

xunzi_status fingerprint_of(const xunzi_document *document, const struct document_edits *edits,
                            struct fingerprint *fingerprint) {
    struct fingerprint_maker maker;
    struct folded_text folded = {0};
    fingerprint_begin(&maker);
    bool ok = fold_edited_text(&folded, document->title.data, 0, document->title.size,
                               edits ? &edits->title : NULL, FOLD_MENDED);
    if (ok)
        fingerprint_add(&maker, &folded);
    ok = ok && fold_edited_text(&folded, document->body.data, 0, document->body.size,
                                edits ? &edits->body : NULL, FOLD_MENDED);
    if (ok)
        fingerprint_add(&maker, &folded);
    folded_text_free(&folded);
    *fingerprint = ok ? fingerprint_end(&maker) : (struct fingerprint){0};
    return ok ? XUNZI_OK : error_no_memory();
}

unsigned fingerprint_agreement(const struct fingerprint *a, const struct fingerprint *b) {
    if (fingerprint_is_none(a) || fingerprint_is_none(b))
        return 0;
    unsigned apart = 0;
    for (unsigned i = 0; i < WORDS; i++)
        apart += (unsigned)__builtin_popcountll(a->words[i] ^ b->words[i]);
    return FINGERPRINT_BITS - apart;
}
