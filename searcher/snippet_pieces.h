/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A body in pieces that can each be looked at alone, in order: what is set aside parts it, and what
 * is longer than PIECE_MOST is cut, so that memory is bounded; pieces that come of such a cut
 * overlap by a snippet's length.
 */
#ifndef XUNZI_SEARCHER_SNIPPET_PIECES_H
#define XUNZI_SEARCHER_SNIPPET_PIECES_H

#include "searcher/passage_bounds.h"

/* Bytes. A piece may be twice as long where no mark and no white space stands in it to cut it at,
 * and longer where edits are. */
enum { PIECE_MOST = 1 << 17 };

struct piece_cursor {
    xunzi_string body;
    const struct edits *edits; /* NULL: none */
    size_t overlap;            /* characters */
    size_t next_edit;
    size_t part_begin, part_end; /* what lies between two stretches that are set aside */
    size_t at;                   /* where the next piece of it begins; part_end: nowhere */
    bool started;
};

/* Gives the next piece that is not empty; false at the end, or with *ok false where there is no
 * memory. */
bool piece_next(struct piece_cursor *cursor, struct stretch *piece, bool *ok);

#endif
