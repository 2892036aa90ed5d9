/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers for people. */
#ifndef XUNZI_INDEXER_PROGRAM_FIGURES_H
#define XUNZI_INDEXER_PROGRAM_FIGURES_H

#include <stdint.h>

/* Room for any number that figures_grouped writes. */
enum { FIGURES_SIZE = 32 };

/* Writes value with its thousands apart: 1,234,567. Returns out. */
const char *figures_grouped(uint64_t value, char out[FIGURES_SIZE]);

/* Seconds of the monotonic clock. */
double figures_now(void);

#endif
