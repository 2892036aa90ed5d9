/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing passages of a text as the line that is shown: white space as one space, an ellipsis where
 * a sentence is cut and between passages, the matches marked. */
#ifndef XUNZI_SEARCHER_SNIPPET_LINE_H
#define XUNZI_SEARCHER_SNIPPET_LINE_H

#include "searcher/passage_bounds.h"

/* Zero-initialised is empty. */
struct snippet_line {
    struct buffer text;
    xunzi_range *ranges; /* of the text: where matches stand */
    size_t range_count, range_capacity;
};

/* Appends an ellipsis, unless the line ends with one. False, here and below: no memory. */
bool snippet_line_ellipsis(struct snippet_line *line);

/* Appends the bytes [begin, end) of a stretch, and the ranges of those of the matches, which are by
 * where they begin, that stand in it whole, or that it could not hold whole. */
bool snippet_line_append(struct snippet_line *line, const struct stretch *stretch, size_t begin,
                         size_t end, const struct match *matches, size_t match_count);

void snippet_line_free(struct snippet_line *line);

#endif
