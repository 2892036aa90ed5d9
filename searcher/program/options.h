/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of xunzi-searcher, read and checked. */
#ifndef XUNZI_SEARCHER_PROGRAM_OPTIONS_H
#define XUNZI_SEARCHER_PROGRAM_OPTIONS_H

#include <xunzi/xunzi.h>

#include "base/buffer.h"
#include "program/terminal.h"
#include "searcher/program/output.h"

struct options {
    const char *index_path;   /* NULL: none, which only --analyze does without */
    const char *batch_path;   /* NULL: no --batch; "-": standard input */
    const char *analyze_text; /* NULL: no --analyze */
    const char *like_id;      /* NULL: no --like */
    bool has_query;
    struct buffer query; /* the QUERY words joined with a space, NUL-terminated */
    enum output_format format;
    bool count_only;
    enum terminal_color color;
    xunzi_search_options search; /* its strings point into argv, or are: */
    struct buffer source;        /* --source in UTF-8, where it was given in another charset */
};

enum options_outcome {
    OPTIONS_RUN,    /* go on */
    OPTIONS_DONE,   /* --help or --version has been printed */
    OPTIONS_MISTAKE /* a message has been printed */
};

/* Reads argv. options_free() is due whatever the outcome. */
enum options_outcome options_read(struct options *options, int argc, char **argv);

void options_free(struct options *options);

/* Reads a number of decimal digits and nothing else; false where it is none or too large for a
 * size_t. */
bool options_parse_number(const char *text, size_t *out);

/* The names that --mode and --sort take. Parsing: false, *out unchanged, where text is none of
 * them. */
bool options_parse_mode(const char *text, xunzi_mode *out);
const char *options_mode_name(xunzi_mode mode);
bool options_parse_sort(const char *text, xunzi_sort *out);
const char *options_sort_name(xunzi_sort sort);

#endif
