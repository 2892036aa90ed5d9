/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The term dictionary of a segment: from a term's name (text/terms.h) to its posting list.
 *
 * Terms stand in byte order, DICTIONARY_GROUP to a group. A group:
 *
 *     LEB128 LEB128   where its first list begins in the postings, and in the positions
 *     for each term:
 *         u8 u8       bytes shared with the term before (0 for a group's first), bytes of its own
 *         bytes       its own
 *         LEB128      df * 2 + (1 where it has positions)
 *         LEB128      size of its postings, of its positions where it has them; lists follow one
 *                     another without a gap
 *         u8          bound (postings.h)
 *
 * Apart from the groups stands an index, two u64 for each: where it begins; and the first eight
 * bytes of its first term as a big-endian number, zeroes behind a shorter one. Nearly all of a
 * search looks at these numbers alone, which lie together.
 */
#ifndef XUNZI_SEGMENT_DICTIONARY_H
#define XUNZI_SEGMENT_DICTIONARY_H

#include <xunzi/xunzi.h>

#include "base/buffer.h"

enum { DICTIONARY_GROUP = 16, DICTIONARY_ROW = 16, DICTIONARY_TERM_MOST = 255 };

struct dictionary_entry {
    uint64_t postings_at, positions_at;
    uint64_t postings_size, positions_size;
    uint32_t count; /* df */
    uint8_t bound;
    bool has_positions;
};

/* Writing, in byte order of the terms. Zero-initialised is empty. */
struct dictionary_writer {
    struct buffer groups, index;
    char last[DICTIONARY_TERM_MOST];
    size_t last_size;
    uint64_t terms;
};

/* False: no memory. The caller keeps the order and the size of terms. */
bool dictionary_add(struct dictionary_writer *writer, const char *term, size_t size,
                    const struct dictionary_entry *entry);
void dictionary_writer_free(struct dictionary_writer *writer);

/* Reading. Nothing outside the bytes given is read. */
struct dictionary {
    const uint8_t *groups, *index;
    uint64_t groups_size, group_count, terms;
};

/* False: the sizes make no sense. */
bool dictionary_open(struct dictionary *dictionary, const uint8_t *groups, uint64_t groups_size,
                     const uint8_t *index, uint64_t index_size, uint64_t terms);

/* The index row of a group. */
struct dictionary_row {
    uint64_t begin, beginning;
};

static inline struct dictionary_row dictionary_row_at(const struct dictionary *dictionary,
                                                      uint64_t group) {
    struct dictionary_row row;
    memcpy(&row, dictionary->index + DICTIONARY_ROW * group, sizeof row);
    return row;
}

/* The first eight bytes of a term as such a number. */
uint64_t dictionary_beginning(const char *term, size_t size);

/* Looks a term up. XUNZI_END: there is none; XUNZI_ERROR_CORRUPT. */
xunzi_status dictionary_find(const struct dictionary *dictionary, const char *term, size_t size,
                             struct dictionary_entry *entry);

/* Walks all terms in byte order. */
struct dictionary_walk {
    const struct dictionary *dictionary;
    uint64_t next; /* the number of the term that comes next */
    const uint8_t *at;
    uint64_t postings_at, positions_at;
    char term[DICTIONARY_TERM_MOST + 1];
    size_t size;
    struct dictionary_entry entry;
};

void dictionary_walk_begin(struct dictionary_walk *walk, const struct dictionary *dictionary);

/* Begins at the first term at or behind `term`, which is set as by dictionary_walk_next. */
xunzi_status dictionary_walk_seek(struct dictionary_walk *walk, const struct dictionary *dictionary,
                                  const char *term, size_t size);

/* XUNZI_OK: walk's term and entry are set; XUNZI_END; XUNZI_ERROR_CORRUPT. */
xunzi_status dictionary_walk_next(struct dictionary_walk *walk);

#endif
