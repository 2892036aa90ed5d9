/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers for people. */
#ifndef XUNZI_INDEXER_PROGRAM_FIGURES_H
#define XUNZI_INDEXER_PROGRAM_FIGURES_H

#include <stdint.h>

/* Room for any number that figures_grouped writes. */
enum { FIGURES_SIZE = 32 };

/* Writes value with its thousands apart: 1,234,567. Returns out. */
const char *figures_grouped(uint64_t value, char out[FIGURES_SIZE]);

/* Writes "1 document", "1,234 documents": value, and noun with an s behind it unless value is 1.
 * Returns out. noun has at most 20 letters. */
const char *figures_counted(uint64_t value, const char *noun, char out[FIGURES_SIZE * 2]);

/* Writes a number of bytes in the unit that suits it: "812 bytes", "27.4 KB", "12.5 MB", in powers
 * of 1000. Returns out. */
const char *figures_bytes(uint64_t bytes, char out[FIGURES_SIZE]);

/* Seconds of the monotonic clock. */
double figures_now(void);

#endif
