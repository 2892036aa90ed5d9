/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bits of deleted documents. */
#include "segment/deletions.h"

#include <stdlib.h>
#include <string.h>

static size_t word_count(uint32_t documents) {
    return ((size_t)documents + 63) / 64;
}

bool deletions_new(uint32_t documents, struct deletions **out) {
    struct deletions *deletions = *out = calloc(1, sizeof *deletions);
    if (!deletions)
        return false;
    deletions->documents = documents;
    deletions->words = calloc(word_count(documents) + 1, sizeof *deletions->words);
    if (deletions->words)
        return true;
    deletions_free(deletions);
    *out = NULL;
    return false;
}

bool deletions_copy(const struct deletions *deletions, struct deletions **out) {
    if (!deletions_new(deletions->documents, out))
        return false;
    memcpy((*out)->words, deletions->words,
           word_count(deletions->documents) * sizeof *deletions->words);
    (*out)->count = deletions->count;
    return true;
}

void deletions_free(struct deletions *deletions) {
    if (!deletions)
        return;
    free(deletions->words);
    free(deletions);
}

bool deletions_add(struct deletions *deletions, uint32_t document) {
    if (deletions_has(deletions, document))
        return false;
    deletions->words[document / 64] |= UINT64_C(1) << document % 64;
    deletions->count++;
    return true;
}

uint32_t deletions_next(const struct deletions *deletions, uint32_t document) {
    if (document >= deletions->documents)
        return UINT32_MAX;
    size_t words = word_count(deletions->documents), at = document / 64;
    uint64_t bits = deletions->words[at] & ~UINT64_C(0) << document % 64;
    while (bits == 0) {
        if (++at == words)
            return UINT32_MAX;
        bits = deletions->words[at];
    }
    return (uint32_t)(at * 64) + (uint32_t)__builtin_ctzll(bits);
}
