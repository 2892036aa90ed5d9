/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searching and printing. */
#include "searcher/program/answer.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/error.h"
#include "base/printable.h"

struct output_style answer_style(const struct options *options) {
    return (struct output_style){
        .format = options->format,
        .count_only = options->count_only,
        .color = terminal_use_color(stdout, options->color),
        .width = terminal_is(stdout) ? terminal_width(stdout) : 0,
    };
}

static bool print_note(const struct output_answer *answer) {
    const char *note = xunzi_results_note(answer->results);
    if (!note)
        return true;
    struct buffer line = {0};
    bool ok = buffer_append_text(&line, "note: ") &&
              (!answer->batch || buffer_printf(&line, "line %" PRIu64 ": ", answer->line)) &&
              printable_append(&line, note, strlen(note), true) && buffer_append_byte(&line, '\n');
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

xunzi_status answer_query(xunzi_index *index, const struct options *options,
                          struct output_answer answer, bool *found, xunzi_results **results) {
    xunzi_results *searched = NULL;
    if (results)
        *results = NULL;
    *found = false;
    /* Only text and JSON show snippets, which take longer to make than the hits to find. */
    xunzi_search_options search = options->search;
    search.snippets = !options->count_only && options->format != OUTPUT_TREC;
    search.suggest = search.snippets;
    xunzi_status status = xunzi_search(index, answer.query, &search, &searched);
    if (status != XUNZI_OK)
        return status;
    answer.results = searched;
    uint64_t total = xunzi_results_total(searched);
    *found = search.limit == 0 ? total > 0 : xunzi_results_count(searched) > 0;
    bool text = options->format == OUTPUT_TEXT;
    if (!print_note(&answer) || (text && !print_suggestion(&answer)) ||
        !print_answer(options, &answer)) {
        xunzi_results_free(searched);
        return error_no_memory();
    }
    if (!*found && options->format == OUTPUT_TEXT && !options->count_only && !answer.batch)
        print_nothing_found(total);
    if (results)
        *results = searched;
    else
        xunzi_results_free(searched);
    return XUNZI_OK;
}
