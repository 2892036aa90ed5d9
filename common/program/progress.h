/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The progress bar of a program: one line on standard error, drawn only when that is a terminal, at
 * most ten times a second. There is one bar a process; it is used by one thread. Whatever else is
 * to be printed calls progress_erase() first (the functions of fail.h do). */
#ifndef XUNZI_PROGRAM_PROGRESS_H
#define XUNZI_PROGRAM_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Whether progress_show would draw now: standard error is a terminal, and a tenth of a second has
 * passed since it was last drawn. For callers to whom gathering the figures costs something. */
bool progress_due(void);

/* Draws the bar where that is due: done of total (0: unknown, no bar), then text, cut to the
 * terminal's width. text is UTF-8 and printable. */
void progress_show(uint64_t done, uint64_t total, const char *text);

/* Draws text alone, at once, where standard error is a terminal: for work whose length is not
 * known. */
void progress_note(const char *text);

/* Takes the bar off the screen, if it is there. */
void progress_erase(void);

#endif
