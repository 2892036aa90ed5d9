/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Posting lists: which documents have a term, how often (wdf), and where.
 *
 * A list of df postings is df / 128 full blocks and a tail of df % 128. Document numbers ascend;
 * each is coded as its distance from the one before, less one (the first from -1). All integers are
 * little-endian.
 *
 *     skip table, only where there are full blocks (n of them):
 *         n x u32   last document of the block
 *         n x u32   where the block begins, from the end of the skip table
 *         n x u32   where its positions begin, from the list's positions; only with positions
 *         n x u8    bound: see below
 *         u32, u32  where the tail begins, likewise (the second only with positions)
 *     full block:
 *         u8 u8     widths of distances and of wdf - 1, without what exceptions add
 *         u8 u8     how many exceptions either has
 *         packed distances, packed wdf - 1 (bit_pack.h), modulo 2^32: a wdf may be 0
 *         exceptions: u8 which, u8 what stands above the width
 *     tail of TAIL_RUN and more:
 *         u8 u8 u8  widths of distances and of wdf - 1; bound
 *         a run of distances, a run of wdf - 1
 *     shorter tail:
 *         for each posting, LEB128: distance * 2 + (1 where wdf is not 1), then wdf - 1 there
 *
 * Positions of a block or a tail, apart, so that ranking never reads them:
 *         u8 u8     width of positions; width of counts - 1, or 255: the counts are the wdf
 *         a run of counts - 1 where they are not the wdf
 *         a run of positions: a document's first from 0, each other as its distance from the one
 *         before
 *     of a tail shorter than TAIL_RUN: for each posting LEB128: count, positions likewise
 *
 * A bound is the largest saturation in the block, tf / (tf + k1 * (1 - b + b * len / average
 * length)), times 255, rounded up; the average is the segment's own, and a reader with another one
 * scales it (bounds.h tells how).
 */
#ifndef XUNZI_SEGMENT_POSTINGS_H
#define XUNZI_SEGMENT_POSTINGS_H

#include <stdbool.h>

#include "base/buffer.h"
#include "segment/bit_pack.h"

enum { TAIL_RUN = 8, POSTINGS_NO_COUNTS = 255, POSTINGS_END = UINT32_MAX };

/* What a writer has of one term, by document. */
struct posting_source {
    const uint32_t *documents;
    const uint32_t *wdfs;
    const uint8_t *bounds;     /* of each posting */
    const uint32_t *counts;    /* positions of each posting; NULL: the term has none */
    const uint32_t *positions; /* all of them, absolute, one document behind the other */
    size_t count;
};

/* Appends the list to postings, and its positions to positions. *bound is the list's. False: no
 * memory. */
bool postings_write(const struct posting_source *source, struct buffer *postings,
                    struct buffer *positions, uint8_t *bound);

/* A list in a segment, as the dictionary knows it. Bytes outside are never read, whatever is in
 * them. */
struct postings_list {
    const uint8_t *postings;
    size_t postings_size;
    const uint8_t *positions; /* NULL: none */
    size_t positions_size;
    uint32_t count;     /* df */
    uint32_t documents; /* in the segment: every document is below this */
    uint8_t bound;
};

/* Moves over a list, block by block. */
struct postings_cursor {
    struct postings_list list;
    const uint8_t *lasts, *offsets, *position_offsets, *bounds; /* the skip table's columns */
    const uint8_t *blocks;                                      /* behind it */
    uint32_t full_blocks, block_count;                          /* the tail counts as a block */
    uint32_t tail_count;
    uint32_t
        last_of_all; /* last document of the tail, or of the list; known when the tail was read */
    uint8_t tail_bound;

    uint32_t block; /* the one that is decoded below; block_count: none */
    bool has_wdfs;
    uint32_t in_block;                  /* postings in it */
    uint32_t at;                        /* the current one */
    uint32_t document;                  /* the current one; POSTINGS_END: past the last */
    bool damaged;                       /* something made no sense; the cursor is at its end */
    uint32_t documents[BLOCK_SIZE + 8]; /* behind a tail's POSTINGS_END, up to BLOCK_SIZE */
    uint32_t wdfs[BLOCK_SIZE];

    uint32_t placed_block; /* the one that is known below; block_count: none */
    const uint8_t *places; /* the run of its positions */
    size_t places_size;    /* bytes that may be read there */
    uint32_t place_words;  /* numbers of the run that may be read as words of eight bytes */
    unsigned place_width;
    uint32_t place_begins[BLOCK_SIZE + 1]; /* where each posting's begin in it */
};

/* Stands before the first posting: call postings_next_geq. False: the list makes no sense. */
bool postings_open(struct postings_cursor *cursor, const struct postings_list *list);

/* Moves to the first posting of a document at or behind `document`, never back. */
void postings_next_geq(struct postings_cursor *cursor, uint32_t document);

static inline void postings_next(struct postings_cursor *cursor) {
    if (cursor->at + 1 < cursor->in_block)
        cursor->document = cursor->documents[++cursor->at];
    else
        postings_next_geq(cursor, cursor->document + 1);
}

/* The current posting's wdf. */
uint32_t postings_wdf(struct postings_cursor *cursor);

/* The last document of a block; the bound of it. */
static inline uint32_t postings_block_last(const struct postings_cursor *cursor, uint32_t block) {
    uint32_t last;
    if (block >= cursor->full_blocks)
        return cursor->last_of_all;
    memcpy(&last, cursor->lasts + (size_t)block * 4, sizeof last);
    return last;
}

static inline uint8_t postings_block_bound(const struct postings_cursor *cursor, uint32_t block) {
    return block >= cursor->full_blocks ? cursor->tail_bound : cursor->bounds[block];
}

/* Sends for the bytes of a full block, which will be decoded soon. */
static inline void postings_prefetch(const struct postings_cursor *cursor, uint32_t block) {
    enum { LINE_SIZE = 64, LINES = 4 };
    uint32_t offset;
    if (block >= cursor->full_blocks || block == cursor->block)
        return;
    memcpy(&offset, cursor->offsets + (size_t)block * 4, sizeof offset);
    if (offset + LINES * LINE_SIZE <= cursor->list.postings_size)
        for (size_t line = 0; line < LINES; line++)
            __builtin_prefetch(cursor->blocks + offset + line * LINE_SIZE);
}

/* The block, from `block` on, that would hold a document which lies not far behind; block_count:
 * none. */
static inline uint32_t postings_find_block(const struct postings_cursor *cursor, uint32_t block,
                                           uint32_t document) {
    enum { STRIDE = 8 };
    while (block + STRIDE < cursor->block_count &&
           postings_block_last(cursor, block + STRIDE - 1) < document)
        block += STRIDE;
    while (block < cursor->block_count && postings_block_last(cursor, block) < document)
        block++;
    return block;
}

/* Reads the tail's own bound, where it has one, so that the tail need not be decoded to know it. */
void postings_peek_tail(struct postings_cursor *cursor);

/* The first block from `block` on whose last document is not before `document`, however far it
 * lies; the tail, or block_count, behind the full blocks. */
uint32_t postings_seek(const struct postings_cursor *cursor, uint32_t block, uint32_t document);

/* Asks for about where the positions of postings begin, of the first in each block. The numbers are
 * those of postings_positions_of. */
void postings_prefetch_positions(const struct postings_cursor *cursor, const uint32_t *postings,
                                 size_t count);

/* Decodes the documents of a block, and with `wdfs` its wdfs, into the cursor. False: damaged. */
bool postings_load(struct postings_cursor *cursor, uint32_t block, bool wdfs);

struct position_list {
    uint32_t *items;
    size_t count, capacity;
    bool no_memory; /* there was none for more of them */
};

/* Appends the current posting's positions to *positions, absolute and ascending. False: no memory,
 * or else damaged. */
bool postings_positions(struct postings_cursor *cursor, struct position_list *positions);

/* The same of several postings by their numbers in the list, 128 to a block, ascending, wherever
 * the cursor stands: their blocks' documents need not be decoded. ends[i]: where the i-th one's
 * positions end in the list. */
bool postings_wdfs_of(struct postings_cursor *cursor, const uint32_t *postings, size_t count,
                      uint32_t *wdfs);
bool postings_positions_of(struct postings_cursor *cursor, const uint32_t *postings, size_t count,
                           struct position_list *positions, uint32_t *ends);

/* Whole lists, one behind the other: as a posting_source has them. Zero-initialised is empty. */
struct postings_array {
    uint32_t *documents, *wdfs, *counts;
    size_t count;
    struct position_list positions;
    size_t capacity[3];
};

void postings_array_free(struct postings_array *array);
void postings_array_clear(struct postings_array *array);

/* Appends a list; counts of one without positions are left as they are. False: no memory, or the
 * list is not exactly what postings_write makes room for: every byte has its meaning, documents and
 * positions ascend. The bounds are not looked at. */
bool postings_read_all(const struct postings_list *list, struct postings_array *array);

#endif
