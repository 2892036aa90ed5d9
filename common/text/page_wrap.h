/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Line breaks that a width made and not the writer: they stand inside a sentence, and a phrase runs
 * through them. */
#ifndef XUNZI_TEXT_PAGE_WRAP_H
#define XUNZI_TEXT_PAGE_WRAP_H

#include "text/page_lines.h"

/* Whether the break behind line i stands inside a sentence: both sides are Han characters, no mark
 * ends the line, and it is as long as the lines about it, or holds the beginning of the sentence
 * that goes on behind. */
bool page_is_wrapped(const struct page_lines *lines, size_t i, const char *text);

#endif
