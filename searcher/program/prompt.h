/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interactive prompt: queries and commands, one a line. */
#ifndef XUNZI_SEARCHER_PROGRAM_PROMPT_H
#define XUNZI_SEARCHER_PROGRAM_PROMPT_H

#include "searcher/program/options.h"

/* Asks for queries on the terminal until :quit or the end of input. A query that fails does not end
 * it. Returns the exit status. */
int prompt_run(xunzi_index *index, const struct options *options);

#endif
