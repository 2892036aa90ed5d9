/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the programs need to know of a terminal: whether a stream is one, how wide it is, whether to
 * colour, and how many columns a text takes there. Progress bars are in progress.h. */
#ifndef XUNZI_PROGRAM_TERMINAL_H
#define XUNZI_PROGRAM_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum terminal_color { TERMINAL_COLOR_AUTO, TERMINAL_COLOR_ALWAYS, TERMINAL_COLOR_NEVER };

/* Reads "auto", "always" or "never", the values of --color. False: none of them, *out unchanged. */
bool terminal_color_parse(const char *text, enum terminal_color *out);

/* Whether to colour what goes to stream. AUTO: it is a terminal, TERM is set and not "dumb", and
 * NO_COLOR is unset or empty (https://no-color.org). */
bool terminal_use_color(FILE *stream, enum terminal_color choice);

enum terminal_style {
    TERMINAL_RESET,
    TERMINAL_BOLD,
    TERMINAL_DIM,
    TERMINAL_RED,
    TERMINAL_GREEN,
    TERMINAL_MATCH
};

/* The control sequence that begins style (MATCH: bold red, as grep shows matches; RESET ends all),
 * "" where color is false. A constant. Styles add up; a style within another is ended by RESET and
 * the outer one begun again. */
const char *terminal_style(bool color, enum terminal_style style);

bool terminal_is(FILE *stream);

/* Columns of the terminal that stream is, at least 20; 80 where it is none or does not tell. */
size_t terminal_width(FILE *stream);

/* Columns that a code point takes on a terminal: 2 for Han and other wide characters, 0 for
 * combining ones and controls. Needs program_begin() (fail.h), which sets the locale. */
size_t terminal_code_point_width(uint32_t code_point);

/* The same for UTF-8 text; an ill-formed sequence counts as one column. */
size_t terminal_text_width(const char *text, size_t size);

#endif
