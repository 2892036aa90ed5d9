/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sealed segment: documents and their index in one immutable file, memory-mapped to be read.
 *
 * All integers are little-endian. The file:
 *
 *     header, SEGMENT_HEADER_SIZE bytes:
 *         8 bytes   "XUNZISEG"
 *         u32 u32   version of the format (1); profile (xunzi_profile)
 *         u32 u32   documents; 0
 *         u64       terms
 *         u64       postings
 *         u64       total length: the sum of the lengths column
 *         u64       check of the text code's table (text_code.h)
 *         SEGMENT_SECTIONS times u64 u64 u64: where a section begins, its size, its XXH3 64-bit hash
 *         u64       XXH3 64-bit hash of the header's bytes before this
 *     the sections, each begun at a multiple of 8:
 *         TEXTS      the documents' records (segment/texts.h)
 *         POSTINGS, POSITIONS (postings.h)
 *         TERMS, TERM_INDEX (dictionary.h)
 *         LENGTHS    u32 a document: the sum of its ranked terms' wdf
 *         DATES      u32 a document: first day of its date as YYYYMMDD; 0: none
 *         IDS        u64 a document, ascending: XXH3 64-bit hash of its id, the low 32 bits replaced by its number
 *         TEXT_INDEX (texts.h)
 *
 * Documents are numbered from 0 in the order in which they were written to the collection.
 *
 * Whatever a file holds, reading it reads nothing outside it and ends; opening checks the header alone, so that it costs the same for any
 * size. segment_verify reads everything.
 */
#ifndef XUNZI_SEGMENT_SEGMENT_H
#define XUNZI_SEGMENT_SEGMENT_H

#include "segment/dictionary.h"
#include "segment/postings.h"

enum segment_section {
    SEGMENT_TEXTS,
    SEGMENT_POSTINGS,
    SEGMENT_POSITIONS,
    SEGMENT_TERMS,
    SEGMENT_TERM_INDEX,
    SEGMENT_LENGTHS,
    SEGMENT_DATES,
    SEGMENT_IDS,
    SEGMENT_TEXT_INDEX,
    SEGMENT_SECTIONS
};

enum { SEGMENT_VERSION = 1, SEGMENT_HEADER_SIZE = 8 + 4 * 4 + 4 * 8 + SEGMENT_SECTIONS * 24 + 8 };

struct segment_header {
    uint32_t version, profile, documents;
    uint64_t terms, postings, total_length, text_code;
    struct {
        uint64_t begin, size, hash;
    } sections[SEGMENT_SECTIONS];
};

/* The header as SEGMENT_HEADER_SIZE bytes, its hash made. */
void segment_header_write(const struct segment_header *header, uint8_t out[SEGMENT_HEADER_SIZE]);

struct segment {
    char *path;
    const uint8_t *bytes; /* the file */
    size_t size;
    struct segment_header header;
    struct dictionary dictionary;
};

xunzi_status segment_open(const char *path, struct segment **out);
void segment_close(struct segment *segment);

static inline const uint8_t *segment_section(const struct segment *segment, enum segment_section section) {
    return segment->bytes + segment->header.sections[section].begin;
}

static inline uint32_t segment_length(const struct segment *segment, uint32_t document) {
    uint32_t length;
    memcpy(&length, segment_section(segment, SEGMENT_LENGTHS) + 4 * (size_t)document, sizeof length);
    return length;
}

static inline uint32_t segment_date(const struct segment *segment, uint32_t document) {
    uint32_t date;
    memcpy(&date, segment_section(segment, SEGMENT_DATES) + 4 * (size_t)document, sizeof date);
    return date;
}

/* The list of a term. XUNZI_END: no document has it. */
xunzi_status segment_find_term(const struct segment *segment, const char *term, size_t size, struct postings_list *list);

/* The list that a dictionary entry speaks of. False: it lies outside the sections. */
bool segment_list(const struct segment *segment, const struct dictionary_entry *entry, struct postings_list *list);

/* Verifies every hash; the first section that fails is named. */
xunzi_status segment_verify(const struct segment *segment);

#endif
