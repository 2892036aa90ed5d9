/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What --explain adds to an answer. The functions return false where memory ran out. */
#ifndef XUNZI_SEARCHER_PROGRAM_OUTPUT_EXPLANATION_H
#define XUNZI_SEARCHER_PROGRAM_OUTPUT_EXPLANATION_H

#include "base/buffer.h"
#include "searcher/program/output.h"

/* Appends the tree, as lines for a reader. */
bool output_explanation_append_tree(const xunzi_results *results, struct buffer *out);

/* Appends what each term gave a hit, a line each, indented. */
bool output_explanation_append_gains(const xunzi_results *results, const xunzi_hit *hit, int indent,
                                     struct buffer *out);

/* Appends the JSON members "tree" and "terms", the latter with their frequencies and weights. */
bool output_explanation_append_json(const xunzi_results *results, struct buffer *out);

/* Appends the JSON member "gains" of a hit. */
bool output_explanation_append_json_gains(const xunzi_results *results, const xunzi_hit *hit,
                                          struct buffer *out);

#endif
