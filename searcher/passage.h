/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The best passage of a stretch of text: of all that begin and end where the text may be parted,
 * the one of the greatest value,
 *
 *     value = weight of its distinct terms * (1 - what its ends cost - PASSAGE_LENGTH_COST *
 * characters)
 *
 * so that a passage of whole sentences wins over one that is cut, unless that holds clearly more,
 * and a dense one over a long one. Where a stretch has no bounds within reach, a passage may begin
 * shortly before any match, and end as far as it may go; it is then cut between words.
 */
#ifndef XUNZI_SEARCHER_PASSAGE_H
#define XUNZI_SEARCHER_PASSAGE_H

#include "searcher/passage_bounds.h"

/* What a passage loses of its value for beginning or ending at a bound of each kind: about as much
 * as a term among ten is worth where it is cut between words, less where it is cut between clauses.
 * What they cost in terms shown, over 6,336 questions whose passage was found
 * (bench/snippet_figures.c): with no costs at all snippets held .9989 of the best window's weight,
 * with these .9969, with twice as much .9949. */
#define PASSAGE_BEGIN_COSTS \
    { 0, 0.04, 0.07, 0.10 }
#define PASSAGE_END_COSTS \
    { 0, 0.06, 0.08, 0.12 }
#define PASSAGE_LENGTH_COST 0.0003

/* What answers a question stands behind its words as often as before: a passage that is cut less
 * than PASSAGE_CONTEXT characters behind its last match loses this much more. */
#define PASSAGE_TIGHT_COST 0.04
enum { PASSAGE_CONTEXT = 12 };

/* What is asked for. */
struct passage_wish {
    const double *weights; /* by term */
    size_t least, most;    /* characters, the ellipses at its cut ends included; a stretch that has
                              fewer may be shown whole */
};

struct passage {
    uint32_t begin, end; /* bytes of the text */
    uint8_t begin_kind, end_kind;
    size_t shown;  /* characters, ellipses included */
    double weight; /* of its distinct terms, as wished */
    double cost;   /* of its ends and length */
    double value;  /* 0: there is none */
};

/* Finds passages; keeps its buffers. */
struct passage_finder {
    uint32_t *times;  /* by term: how often it is in the window that moves over the stretch */
    uint32_t *stamps; /* by term: the last candidate that was seen to hold it */
    uint32_t stamp;
};

/* For terms numbered below term_count. */
bool passage_finder_begin(struct passage_finder *finder, size_t term_count);
void passage_finder_free(struct passage_finder *finder);

/* A stretch with all that is known of it. */
struct passage_stretch {
    const struct stretch *stretch;
    const struct bound
        *bounds; /* two or more; where some of the stretch's are left out, those at an end */
    size_t bound_count;
    const struct match *matches; /* between the first bound and the last */
    const struct span *spans;
    size_t match_count;
};

/* Replaces *best by the best passage of the stretch, if that is better. False: no memory. */
bool passage_find(struct passage_finder *finder, const struct passage_stretch *stretch,
                  const struct passage_wish *wish, struct passage *best);

/* The passage that the stretch begins with: as it is shown where nothing in it matches; its weight
 * is 0, its value above it. */
bool passage_first(const struct passage_stretch *stretch, const struct passage_wish *wish,
                   struct passage *first);

#endif
