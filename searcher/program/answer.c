/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searching and printing. */
#include "searcher/program/answer.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/error.h"
#include "base/printable.h"
#include "searcher/program/given_text.h"

struct output_style answer_style(const struct options *options) {
    return (struct output_style){
        .format = options->format,
        .count_only = options->count_only,
        .color = terminal_use_color(stdout, options->color),
        .width = terminal_is(stdout) ? terminal_width(stdout) : 0,
    };
}

/* Says a sentence about a query: beginning and end of it. */
static bool print_note(const struct output_answer *answer, const char *beginning, const char *end) {
    struct buffer line = {0};
    bool ok = buffer_append_text(&line, "note: ") &&
              (!answer->batch || buffer_printf(&line, "line %" PRIu64 ": ", answer->line)) &&
              buffer_append_text(&line, beginning) &&
              printable_append(&line, end, strlen(end), true) && buffer_append_byte(&line, '\n');
    if (ok)
        fwrite(line.data, 1, line.size, stderr);
    buffer_free(&line);
    return ok;
}

/* Out of the way of standard output, as notes are; JSON has a member for it. */
static bool print_suggestion(const struct output_answer *answer) {
    const char *suggestion = xunzi_results_suggestion(answer->results);
    if (!suggestion)
        return true;
    struct buffer line = {0};
    bool ok = (!answer->batch || buffer_printf(&line, "line %" PRIu64 ": ", answer->line)) &&
              buffer_append_text(&line, "did you mean: ") &&
              printable_append(&line, suggestion, strlen(suggestion), true) &&
              buffer_append_byte(&line, '\n');
    if (ok)
        fwrite(line.data, 1, line.size, stderr);
    buffer_free(&line);
    return ok;
}

static bool print_answer(const struct options *options, const struct output_answer *answer) {
    struct output_style style = answer_style(options);
    switch (style.format) {
    case OUTPUT_JSON:
        return output_json(&style, answer);
    case OUTPUT_TREC:
        return output_trec(&style, answer);
    case OUTPUT_TEXT:
        break;
    }
    return output_text(&style, answer);
}

/* For a reader an empty answer is said in words, out of the way of standard output. */
static void print_nothing_found(uint64_t total) {
    fflush(stdout);
    fputs(total == 0 ? "No document matches.\n" : "No more hits.\n", stderr);
}

static bool print_notes(const struct output_answer *answer, const char *charset) {
    const char *note = xunzi_results_note(answer->results);
    return (!charset || print_note(answer, "the query is not UTF-8; it was read as ", charset)) &&
           (!note || print_note(answer, "", note));
}

static xunzi_status search_for(xunzi_index *index, const struct options *options,
                               const struct output_answer *answer, xunzi_results **results) {
    /* Only text and JSON show snippets, which take longer to make than the hits to find. */
    xunzi_search_options search = options->search;
    search.snippets = !options->count_only && options->format != OUTPUT_TREC;
    search.suggest = search.snippets;
    /* A run is judged document by document. */
    search.fold_duplicates &= options->format != OUTPUT_TREC;
    return (answer->like ? xunzi_search_like : xunzi_search)(index, answer->query, &search,
                                                             results);
}

/* Prints an answer and all that is to be said about it. False: no memory. */
static bool print_all(const struct options *options, const struct output_answer *answer,
                      const char *charset, bool found) {
    bool text = options->format == OUTPUT_TEXT;
    if (!print_notes(answer, charset) || (text && !print_suggestion(answer)) ||
        !print_answer(options, answer))
        return false;
    if (!found && text && !options->count_only && !answer->batch)
        print_nothing_found(xunzi_results_total(answer->results));
    return true;
}

xunzi_status answer_query(xunzi_index *index, const struct options *options,
                          struct output_answer answer, bool *found, xunzi_results **results) {
    xunzi_results *searched = NULL;
    struct buffer text = {0};
    const char *charset = NULL;
    *found = false;
    xunzi_status status = answer.like || given_text_read(&answer.query, &text, &charset)
                              ? search_for(index, options, &answer, &searched)
                              : error_no_memory();
    if (status == XUNZI_OK) {
        answer.results = searched;
        *found = options->search.limit == 0 ? xunzi_results_total(searched) > 0
                                            : xunzi_results_count(searched) > 0;
        if (!print_all(options, &answer, charset, *found))
            status = error_no_memory();
    }
    buffer_free(&text);
    if (!results || status != XUNZI_OK) {
        xunzi_results_free(searched);
        searched = NULL;
    }
    if (results)
        *results = searched;
    return status;
}
