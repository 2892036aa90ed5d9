/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One query, from its text to what is printed. */
#ifndef XUNZI_SEARCHER_PROGRAM_ANSWER_H
#define XUNZI_SEARCHER_PROGRAM_ANSWER_H

#include "searcher/program/options.h"
#include "searcher/program/output.h"

/* The style of standard output that options ask for. */
struct output_style answer_style(const struct options *options);

/* Searches for answer->query and prints the answer to standard output, in options' format, and what
 * the library notes about the query to standard error. *found: whether there was a hit to show
 * (with a limit of 0, any match). *results, where results is not NULL, is what was found, for the
 * caller to free; NULL after a failure. A failure leaves its sentence in xunzi_error_message();
 * nothing is printed for it. */
xunzi_status answer_query(xunzi_index *index, const struct options *options,
                          struct output_answer answer, bool *found, xunzi_results **results);

#endif
