/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sealed segment: documents and their index in one immutable file, memory-mapped to be read.
 *
 * All integers are little-endian. The file:
 *
 *     header, SEGMENT_HEADER_SIZE bytes:
 *         8 bytes   "XUNZISEG"
 *         u32 u32   version of the format (2); profile (xunzi_profile)
 *         u32 u32   documents; 0
 *         u64       terms
 *         u64       postings of ranked terms
 *         u64       total length: the sum of the lengths column
 *         u64       check of the text code's table (text_code.h)
 *         for each section u64 u64 u64: where it begins, its size, its XXH3 64-bit hash
 *         u64       XXH3 64-bit hash of the header's bytes before this
 *     the sections, in this order, each begun at the next multiple of 8, zeroes between:
 *         TEXTS         the documents' records (texts.h)
 *         TEXT_INDEX    (texts.h)
 *         LENGTHS       u32 a document: the sum of its ranked terms' wdf
 *         DATES         u32 a document: first day of its date as YYYYMMDD; 0: none
 *         SOURCES       u32 a document: 1 + which of the SOURCE_NAMES its source is; 0: it has none
 *         SOURCE_NAMES  u64 how many; u64 for each, where it ends, from the end of these; their
 *                       bytes: distinct, as given, in the order of their first documents
 *         FINGERPRINTS  u64 u64 a document: its fingerprint (text/fingerprint.h); zeroes: none
 *         IDS           u64 a document, ascending: XXH3 64-bit hash of its id, the low 32 bits
 *                       replaced by its number
 *         POSTINGS, POSITIONS (postings.h)
 *         TERMS, TERM_INDEX (dictionary.h)
 *     The file ends where the last section ends.
 *
 * Documents are numbered from 0 in the order in which they were written to the collection.
 *
 * Whatever a file holds, reading it reads nothing outside it and ends; opening checks the header
 * alone, so that it costs the same for any size. segment_verify reads everything.
 * docs/segment-format.md says all this to the byte.
 */
#ifndef XUNZI_SEGMENT_SEGMENT_H
#define XUNZI_SEGMENT_SEGMENT_H

#include <sys/types.h>

#include "segment/dictionary.h"
#include "segment/postings.h"
#include "text/fingerprint.h"

enum segment_section {
    SEGMENT_TEXTS,
    SEGMENT_TEXT_INDEX,
    SEGMENT_LENGTHS,
    SEGMENT_DATES,
    SEGMENT_SOURCES,
    SEGMENT_SOURCE_NAMES,
    SEGMENT_FINGERPRINTS,
    SEGMENT_IDS,
    SEGMENT_POSTINGS,
    SEGMENT_POSITIONS,
    SEGMENT_TERMS,
    SEGMENT_TERM_INDEX,
    SEGMENT_SECTIONS
};

enum { SEGMENT_VERSION = 2, SEGMENT_HEADER_SIZE = 8 + 4 * 4 + 4 * 8 + SEGMENT_SECTIONS * 24 + 8 };

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
    dev_t device; /* which file it is */
    ino_t inode;
    struct segment_header header;
    struct dictionary dictionary;
};

xunzi_status segment_open(const char *path, struct segment **out);
void segment_close(struct segment *segment);

/* Whether the file at path is the one that is open. */
bool segment_is_file(const struct segment *segment, const char *path);

static inline const uint8_t *segment_section(const struct segment *segment,
                                             enum segment_section section) {
    return segment->bytes + segment->header.sections[section].begin;
}

static inline uint32_t segment_length(const struct segment *segment, uint32_t document) {
    uint32_t length;
    memcpy(&length, segment_section(segment, SEGMENT_LENGTHS) + 4 * (size_t)document,
           sizeof length);
    return length;
}

static inline uint32_t segment_date(const struct segment *segment, uint32_t document) {
    uint32_t date;
    memcpy(&date, segment_section(segment, SEGMENT_DATES) + 4 * (size_t)document, sizeof date);
    return date;
}

/* 1 + the number of a document's source; 0: it has none. Not checked. */
static inline uint32_t segment_source_number(const struct segment *segment, uint32_t document) {
    uint32_t number;
    memcpy(&number, segment_section(segment, SEGMENT_SOURCES) + 4 * (size_t)document,
           sizeof number);
    return number;
}

/* A document's fingerprint. */
static inline struct fingerprint segment_fingerprint(const struct segment *segment,
                                                     uint32_t document) {
    struct fingerprint fingerprint;
    memcpy(&fingerprint, segment_section(segment, SEGMENT_FINGERPRINTS) + 16 * (size_t)document,
           sizeof fingerprint);
    return fingerprint;
}

/* How many distinct sources there are. */
uint32_t segment_source_count(const struct segment *segment);

/* The source of that number, from 1; 0 gives the empty string. False: damaged. */
bool segment_source_name(const struct segment *segment, uint32_t number, xunzi_string *out);

/* A document's source as given, empty where it has none; it lives as long as the segment. False:
 * damaged. */
bool segment_source(const struct segment *segment, uint32_t document, xunzi_string *out);

/* The list of a term. XUNZI_END: no document has it. */
xunzi_status segment_find_term(const struct segment *segment, const char *term, size_t size,
                               struct postings_list *list);

/* The list that a dictionary entry speaks of. False: it lies outside the sections. */
bool segment_list(const struct segment *segment, const struct dictionary_entry *entry,
                  struct postings_list *list);

/* Verifies everything: hashes, and that all parts make sense and agree with each other. The first
 * thing found is told. XUNZI_ERROR_CORRUPT; all of it is read, and a list and a block at a time
 * held. */
xunzi_status segment_verify(const struct segment *segment);

#endif
