/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From documents to occurrences of terms: what common/catalog/live_document.c tells Xapian, as
 * plain numbers for the inverter.
 *
 * A term is a 64-bit key. Its high four bits are its kind; below them stand the term's code points
 * or bytes where these fit, so that most terms need no name, else a hash of the name. Occurrences
 * are put into OCCURRENCE_PARTITIONS lists by a hash of their keys.
 */
#ifndef XUNZI_INDEXER_OCCURRENCES_H
#define XUNZI_INDEXER_OCCURRENCES_H

#include "text/document_edits.h"
#include "text/fingerprint.h"
#include "text/tokenize.h"

enum term_kind {
    TERM_FREE, /* of no term: a free slot */
    TERM_BIGRAM,
    TERM_CHARACTER,
    TERM_LATIN,
    TERM_WORD_OF_TWO,
    TERM_WORD_OF_THREE,
    TERM_EDGE,
    TERM_TITLE_BIGRAM,
    TERM_TITLE_CHARACTER,
    TERM_TITLE_LATIN,
    TERM_NAMED, /* from here on: the key is a hash, of a term of the kinds */
    TERM_NAMED_LATIN = TERM_NAMED,
    TERM_NAMED_WORD,
    TERM_NAMED_TITLE_LATIN,
    TERM_NAMED_SOURCE
};

enum {
    TERM_KIND_SHIFT = 60,
    OCCURRENCE_PARTITION_BITS = 4,
    OCCURRENCE_PARTITIONS = 1 << OCCURRENCE_PARTITION_BITS,
    OCCURRENCE_DOCUMENTS = UINT16_MAX, /* at most so many together */
    TERM_MOST = 255                    /* bytes of a term */
};

static inline enum term_kind term_kind_of(uint64_t key) {
    return (enum term_kind)(key >> TERM_KIND_SHIFT);
}

/* Behind one of a named term stands an entry for its name: key: where it begins in names, position:
 * its size. */
struct occurrence {
    uint64_t key;
    uint32_t position; /* where the kind has positions */
    uint16_t document; /* of those together, from 0 */
    uint8_t weight;    /* wdf: LIVE_TITLE_WDF, 1, or 0 where it is placed only */
};

struct occurrence_list {
    struct occurrence *items;
    size_t count, capacity;
};

struct occurrences {
    struct occurrence_list lists[OCCURRENCE_PARTITIONS];
    struct buffer names;
};

void occurrences_free(struct occurrences *occurrences);

/* Empties the lists; gives back what was needed for an uncommonly large document. */
void occurrences_clear(struct occurrences *occurrences);

size_t occurrences_memory(const struct occurrences *occurrences);

/* Whether occurrences of the kind have positions, and whether queries rank by it. */
bool term_kind_has_positions(enum term_kind kind, xunzi_profile profile);
bool term_kind_is_ranked(enum term_kind kind);

/* Writes the name of a term that is not named to out; returns its size. */
size_t term_name_of(uint64_t key, char out[TERM_MOST]);

/* The hash that tables are filled by; its high OCCURRENCE_PARTITION_BITS are the partition. The
 * seed, another one in every builder, keeps hostile text from finding terms that meet in one slot.
 */
static inline uint64_t term_hash(uint64_t key, uint64_t seed) {
    uint64_t hash = (key ^ seed) * UINT64_C(0x9E3779B97F4A7C15);
    hash ^= hash >> 32;
    return hash * UINT64_C(0xD6E8FEB86659FD93);
}

/* Makes occurrences; keeps its buffers. One thread at a time. */
struct occurrence_maker;

xunzi_status occurrence_maker_new(xunzi_profile profile, uint64_t seed,
                                  struct occurrence_maker **out);
void occurrence_maker_free(struct occurrence_maker *maker);

/* Adds the document's occurrences. *length: the sum of its ranked terms' wdf. */
xunzi_status occurrence_maker_add(struct occurrence_maker *maker, const xunzi_document *document,
                                  const struct document_edits *edits, uint16_t number,
                                  struct occurrences *out, uint32_t *length,
                                  struct fingerprint *fingerprint);

#endif
