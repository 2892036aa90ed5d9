/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --analyze: the terms that a text gives. */
#ifndef XUNZI_SEARCHER_PROGRAM_ANALYZE_H
#define XUNZI_SEARCHER_PROGRAM_ANALYZE_H

#include <xunzi/xunzi.h>

/* Prints "kind<TAB>position<TAB>begin-end<TAB>term" for each term of text, one a line. Returns the
 * exit status: 0 with any, 1 with none, 2 after a failure. */
int analyze_run(const char *text, xunzi_profile profile);

#endif
