/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The second pass: what is too dear to be asked of every document is asked of the best that the
 * first has found, in two steps.
 *
 *     characters  The characters and words of the query that its bigrams cover (QUERY_LATE) add to
 *                 the scores of the best RANKING_LATE_MOST. Their lists are the longest of all, and
 *                 among documents that bigrams have not found they would find hardly one that is
 *                 wanted.
 *     closeness   The best RANKING_CLOSE_MOST gain a share of the largest sum of weights of
 *                 distinct bigrams and Latin tokens that stand within RANKING_WINDOW places of each
 *                 other: a passage that answers has the query's words together.
 *
 * Scores stay whole numbers (score.h), and only grow: documents behind the best keep their order
 * and stay behind.
 */
#ifndef XUNZI_SEARCHER_SECOND_PASS_H
#define XUNZI_SEARCHER_SECOND_PASS_H

#include "catalog/index.h"
#include "searcher/query.h"
#include "searcher/score.h"

struct second_pass {
    xunzi_index *index;
    struct query **late; /* of different names */
    size_t late_count;
    struct query **close;
    size_t close_count;
};

/* Takes what is late out of a tree, whose root may become another, and chooses what of it is worth
 * most. All memory is the arena's. */
xunzi_status second_pass_begin(struct second_pass *pass, xunzi_index *index, struct arena *arena,
                               struct query **query);

/* Chooses what closeness is measured by from a planned tree; *weight_sum is raised to what a score
 * may come to. */
xunzi_status second_pass_plan(struct second_pass *pass, struct arena *arena, struct query *query,
                              double *weight_sum);

/* How many documents it wants to see; 0: there is nothing to do. */
size_t second_pass_wants(const struct second_pass *pass);

/* Raises the scores of the best of count items, which are in order, and puts them in order again.
 */
xunzi_status second_pass_run(const struct second_pass *pass, const struct scoring *scoring,
                             struct top_item *items, size_t count);

#endif
