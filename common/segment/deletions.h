/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The documents of a segment that are deleted: a bit for each, held in memory. The catalog stores
 * them (catalog/manifest.h); the segment itself never changes.
 */
#ifndef XUNZI_SEGMENT_DELETIONS_H
#define XUNZI_SEGMENT_DELETIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct deletions {
    uint64_t *words;    /* bit document % 64 of word document / 64 */
    uint32_t documents; /* in the segment */
    uint32_t count;     /* of them deleted */
};

/* None deleted of so many documents. False: no memory. */
bool deletions_new(uint32_t documents, struct deletions **out);
bool deletions_copy(const struct deletions *deletions, struct deletions **out);
void deletions_free(struct deletions *deletions);

/* Whether a document is deleted; NULL: none is. */
static inline bool deletions_has(const struct deletions *deletions, uint32_t document) {
    return deletions && (deletions->words[document / 64] >> document % 64 & 1) != 0;
}

/* Deletes a document, below `documents`; false where it was already. */
bool deletions_add(struct deletions *deletions, uint32_t document);

/* The first deleted document at or behind `document`; UINT32_MAX: none. */
uint32_t deletions_next(const struct deletions *deletions, uint32_t document);

#endif
