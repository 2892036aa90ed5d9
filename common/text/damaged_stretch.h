/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mended stretches of a text in another reading than the mended one: as they stand, or by one
 * of their other readings. A mended text is read through its replacements; what is on the page can
 * be looked for too, and what may as well have been there, so the sentence around each damaged
 * stretch is read once more in each of these ways, and only tokens that touch the stretch are new.
 */
#ifndef XUNZI_TEXT_DAMAGED_STRETCH_H
#define XUNZI_TEXT_DAMAGED_STRETCH_H

#include "text/tokenize.h"

/* Finds the next sentence with damage that reads otherwise in `reading`, which is not FOLD_MENDED,
 * or a part of it where it is long, from edit *next on; moves *next behind its edits. *next is 0 at
 * first. size may be less than that of the text that the edits are for. False: there is no more. */
bool damaged_stretch_next(const char *text, size_t size, const struct edits *edits,
                          enum fold_reading reading, size_t *next, size_t *begin, size_t *end);

/* Whether the token has bytes of a stretch that reads otherwise in that reading. */
bool damaged_stretch_touches(const struct edits *edits, enum fold_reading reading,
                             const struct token *token);

#endif
