/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Timing searches inside the process.
 *
 * Every thread has an xunzi_index of its own, answers all queries once untimed (the warm-up), waits
 * for the others, and then answers all queries in each of `repeat` timed passes. A pass goes
 * through the whole list, so that a query never finds the caches as its own last run left them; the
 * threads begin at different places in it. Timed is xunzi_search, without stored documents
 * unless they are asked for, until its results are freed again.
 *
 * A query's time is the median of its repeat x threads runs, which keeps out what else the machine
 * did in one of them; mean and percentiles are taken over the queries. The rate leaves nothing out:
 * all runs over the time from the first's beginning to the last's end. */
#ifndef XUNZI_BENCH_MEASURE_H
#define XUNZI_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xunzi/xunzi.h>

#include "query_file.h"

struct measure_options {
    const char *index_path;
    xunzi_mode mode;
    size_t top; /* hits wanted of each query */
    bool count; /* count every match exactly */
    bool fetch; /* read the hits' documents, too */
    bool plain; /* leave out every part of the ranking that can be (xunzi_ranking_part) */
    size_t repeat;
    size_t threads;
};

/* Times in microseconds. A percentile is the smallest time that so many of a hundred queries do not
 * exceed (nearest rank). */
struct measure_figures {
    size_t queries;
    double mean, p50, p90, p99;
    double queries_per_second; /* of all threads together */
    uint64_t hits;             /* of one pass: hits returned, or with count the totals */
};

/* False, with a message, where the collection cannot be opened or a search fails. */
bool measure_run(const struct measure_options *options, const struct query_file *queries,
                 struct measure_figures *figures);

#endif
