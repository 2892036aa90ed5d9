/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text of a document with stretches of it marked, made printable and broken into lines for a
 * terminal. */
#ifndef XUNZI_SEARCHER_PROGRAM_MARKED_TEXT_H
#define XUNZI_SEARCHER_PROGRAM_MARKED_TEXT_H

#include <xunzi/xunzi.h>

#include "base/buffer.h"
#include "program/terminal.h"

/* Zero-initialised is empty. marks are ascending, apart, and ranges of the printable text. */
struct marked_text {
    struct buffer text;
    xunzi_range *marks;
    size_t mark_count, mark_capacity;
};

void marked_text_free(struct marked_text *marked);

/* Makes marked the printable form of original, on one line, with ranges of the original marked.
 * Ranges that are not ascending or not in the original are cut or left out. False where memory runs
 * out. */
bool marked_text_set(struct marked_text *marked, xunzi_string original, const xunzi_range *ranges,
                     size_t range_count);

struct marked_text_layout {
    bool color;
    enum terminal_style style; /* of what is not marked; TERMINAL_RESET: plain */
    size_t width;              /* columns of a line, indent included; 0: one line */
    size_t indent;             /* columns of white space before each line but the first */
    size_t column;             /* columns already taken on the first line */
};

/* Prints it to standard output, with a line feed behind. Lines break where UAX #14 lets them (so no
 * line begins with a closing punctuation mark), and inside a word that is longer than a line. */
void marked_text_print(const struct marked_text *marked, const struct marked_text_layout *layout);

#endif
