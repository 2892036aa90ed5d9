/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The query tree over one sealed segment, document at a time: every node is a cursor over the
 * documents that match it. Conjunctions leapfrog from the rarest list on; phrases leapfrog, and
 * then compare positions in the same way.
 */
#ifndef XUNZI_SEARCHER_SEALED_TREE_H
#define XUNZI_SEARCHER_SEALED_TREE_H

#include "searcher/query.h"
#include "searcher/score.h"
#include "segment/segment.h"

struct sealed_node {
    const struct query *query;
    struct sealed_node **children;
    size_t child_count;
    uint32_t document;              /* the current one; POSTINGS_END: past the last */
    uint64_t cost;                  /* about how many documents match */
    struct sealed_node *scored;     /* FILTER: the child that scores */
    float weight;                   /* TERM: in units; 0: does not score */
    struct postings_cursor *cursor; /* TERM, SOURCE */
    const uint32_t *postings;       /* TERM in a PHRASE: where a conjunction has found documents in
                                       `places`; NULL: that cursor is to be moved to them */
    struct postings_cursor
        *places; /* TERM in a PHRASE: the list with the positions; may be cursor */
    struct sealed_node *
        *cover; /* PHRASE: the children whose places decide (sealed_phrase.h), the rarest first */
    size_t cover_count;
};

/* What the nodes of a tree share. */
struct sealed_tree {
    const struct segment *segment;
    size_t number; /* of the segment, among the lists of a TERM */
    const struct scoring *scoring;
    float ratio; /* the collection's average length over the segment's */
    struct arena *arena;
    struct position_list positions[2]; /* scratch, freed by sealed_tree_free */
    bool failed;                       /* for sealed_tree_error; what is read is to be ended */
    bool no_memory;                    /* why; else the segment is damaged */
};

void sealed_tree_begin(struct sealed_tree *tree, const struct segment *segment, size_t number,
                       const struct scoring *scoring, struct arena *arena);

/* The error of a tree that has failed, or found its segment damaged. */
xunzi_status sealed_tree_error(const struct sealed_tree *tree);

/* Makes the cursors of a tree; all memory but scratch is the arena's. XUNZI_ERROR_CORRUPT: the
 * segment is damaged. */
xunzi_status sealed_node_new(struct sealed_tree *tree, const struct query *query,
                             struct sealed_node **out);
void sealed_tree_free(struct sealed_tree *tree);

/* Sorts nodes by how many documents match them, the fewest first. */
void sealed_sort_by_cost(struct sealed_node **nodes, size_t count);

/* Moves a cursor, which may be NULL, likewise. */
uint32_t sealed_move_list(struct sealed_tree *tree, struct postings_cursor *cursor,
                          uint32_t document);

/* Moves to the first matching document at or behind `document`, never back; returns it. */
uint32_t sealed_next_geq(struct sealed_tree *tree, struct sealed_node *node, uint32_t document);

/* The current document's score by this node. */
fixed_score sealed_score(struct sealed_tree *tree, struct sealed_node *node);

#endif
