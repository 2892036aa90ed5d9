/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Printing the terms of a text. */
#include "searcher/program/analyze.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/printable.h"
#include "program/fail.h"

struct analysis {
    uint64_t tokens;
    bool no_memory;
    struct buffer line;
};

static void print_token(void *context, const xunzi_token *token) {
    struct analysis *analysis = context;
    struct buffer *line = &analysis->line;
    analysis->tokens++;
    buffer_clear(line);
    if (buffer_printf(line, "%s\t%" PRIu32 "\t%" PRIu32 "-%" PRIu32 "\t",
                      xunzi_token_kind_name(token->kind), token->position, token->range.begin,
                      token->range.end) &&
        printable_append(line, token->term.data, token->term.size, true) &&
        buffer_append_byte(line, '\n'))
        fwrite(line->data, 1, line->size, stdout);
    else
        analysis->no_memory = true;
}

int analyze_run(const char *text, xunzi_profile profile) {
    struct analysis analysis = {0};
    xunzi_status status = xunzi_analyze(xunzi_string_of(text), profile, print_token, &analysis);
    buffer_free(&analysis.line);
    if (status != XUNZI_OK)
        return program_fail_library();
    if (analysis.no_memory)
        return program_fail("not enough memory");
    return analysis.tokens > 0 ? PROGRAM_EXIT_OK : PROGRAM_EXIT_NONE;
}
