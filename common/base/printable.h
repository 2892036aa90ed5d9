/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from documents, file names and queries, made fit for a terminal: nothing in it acts as a
 * control sequence or turns the reading direction. */
#ifndef XUNZI_BASE_PRINTABLE_H
#define XUNZI_BASE_PRINTABLE_H

#include "base/buffer.h"

/* Appends text with C0 and C1 controls, DEL, bidirectional controls (U+061C, U+200E, U+200F,
 * U+202A..U+202E, U+2066..U+2069), U+2028, U+2029, U+FEFF, noncharacters, tag characters
 * (U+E0000..U+E007F) and ill-formed bytes shown as \xNN or \u{NNNN}. Tab and line feed become one
 * space each where one_line is set, and stay otherwise. */
bool printable_append(struct buffer *out, const char *text, size_t size, bool one_line);

#endif
