/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An answer on standard output, in one of three formats. Nothing of a document or query gets there
 * as a control sequence. The functions return false where memory ran out; what could not be written
 * is told by program_end(). */
#ifndef XUNZI_SEARCHER_PROGRAM_OUTPUT_H
#define XUNZI_SEARCHER_PROGRAM_OUTPUT_H

#include <xunzi/xunzi.h>

enum output_format { OUTPUT_TEXT, OUTPUT_JSON, OUTPUT_TREC };

struct output_style {
    enum output_format format;
    bool count_only; /* the number of matches is all that was asked for */
    bool color;
    size_t width; /* columns at which text is broken into lines; 0: it is not */
};

struct output_answer {
    bool batch;         /* one of several queries */
    uint64_t line;      /* of the batch file, from 1 */
    bool has_qid;       /* the batch line began with a query id */
    xunzi_string qid;   /* that id */
    xunzi_string query; /* as it was given */
    bool like;          /* query is the id of a document that hits are to be like */
    const xunzi_results *results;
};

bool output_text(const struct output_style *style, const struct output_answer *answer);
bool output_json(const struct output_style *style, const struct output_answer *answer);
bool output_trec(const struct output_style *style, const struct output_answer *answer);

/* A whole document as text, for a reader. Stops early where stop() says so; stop may be NULL. */
bool output_text_document(const struct output_style *style, const xunzi_document *document,
                          bool (*stop)(void));

#endif
