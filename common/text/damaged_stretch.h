/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mended stretches of a text as they stand. A mended text is read through its replacements;
 * what is on the page can be looked for too, so the sentence around each damaged stretch is read
 * once more without them, and only tokens that touch the stretch are new.
 */
#ifndef XUNZI_TEXT_DAMAGED_STRETCH_H
#define XUNZI_TEXT_DAMAGED_STRETCH_H

#include "text/tokenize.h"

/* Finds the next sentence with damage, or a part of it where it is long, from edit *next on; moves
 * *next behind its edits. *next is 0 at first. size may be less than that of the text that the
 * edits are for. False: there is no more. */
bool damaged_stretch_next(const char *text, size_t size, const struct edits *edits, size_t *next,
                          size_t *begin, size_t *end);

/* Whether the token has bytes of a mended stretch. */
bool damaged_stretch_touches(const struct edits *edits, const struct token *token);

#endif
