/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a passage of a text may begin and end: between sentences, between clauses, and where white
 * space or a mark of a list parts what would be awkward to part elsewhere. Never inside what edits
 * skip or mend: not before a reading in parentheses, nor at the question mark of a damaged stretch.
 *
 * Lengths are in characters as they are shown: a run of white space counts one, a line break inside
 * a sentence of Han none.
 */
#ifndef XUNZI_SEARCHER_PASSAGE_BOUNDS_H
#define XUNZI_SEARCHER_PASSAGE_BOUNDS_H

#include "searcher/highlight.h"

/* From the best place to part a text to the worst. */
enum bound_kind { BOUND_SENTENCE, BOUND_CLAUSE, BOUND_GAP, BOUND_CUT, BOUND_KIND_COUNT };

/* White space at a bound belongs to neither side, nor does a comma, which would stand alone before
 * an ellipsis; what ends a sentence belongs to it. */
struct bound {
    uint32_t end, begin; /* bytes: of what is before it, the end; of what is behind it, the begin */
    uint32_t shown_end, shown_begin; /* the same in characters from the begin of the stretch on */
    uint8_t kind;
};

/* Zero-initialised is empty. */
struct passage_bounds {
    struct bound *items;
    size_t count, capacity;
};

/* Where a match stands, in characters from the begin of the stretch on. */
struct span {
    uint32_t begin, end;
};

/* A stretch of a text, none of it set aside. */
struct stretch {
    xunzi_string text;         /* the whole */
    const struct edits *edits; /* of the whole; NULL: none */
    size_t begin, end;         /* bytes: bounds of characters outside of edits */
    bool begins, ends; /* whether what is shown of it begins, or ends, without a cut there */
};

/* Replaces what bounds holds by those of a stretch, its begin and end the first and the last of
 * them, and fills in the spans of the matches, which are by where they begin. False: no memory. */
bool passage_bounds_find(const struct stretch *stretch, const struct match *matches,
                         size_t match_count, struct span *spans, struct passage_bounds *bounds);

void passage_bounds_free(struct passage_bounds *bounds);

#endif
