/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What --help prints. */
#ifndef XUNZI_SEARCHER_PROGRAM_USAGE_H
#define XUNZI_SEARCHER_PROGRAM_USAGE_H

/* Prints the usage to standard output. */
void usage_print(void);

#endif
