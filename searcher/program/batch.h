/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --batch: many queries from a file, one a line. */
#ifndef XUNZI_SEARCHER_PROGRAM_BATCH_H
#define XUNZI_SEARCHER_PROGRAM_BATCH_H

#include "searcher/program/options.h"

/* Answers each line of options->batch_path, "-" being standard input: "query", or "qid<TAB>query".
 * Blank lines are passed over; a byte order mark and carriage returns before line feeds are no part
 * of a query. Memory is bounded by the longest query the library takes. A query that fails is named
 * by its line, and the next one is answered. Returns the exit status: 0 with a hit for any query, 1
 * with none, 2 where anything failed. */
int batch_run(xunzi_index *index, const struct options *options);

#endif
