/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the text stage costs, and how much of it the edits.
 *
 *     text-figures PATH [PASSES (15)]
 *
 * Reads the documents of PATH, all of them into memory. Then, in turn, a pass over the titles and
 * bodies each for: validation; the edits, as a whole and their three parts apart; tokens without
 * edits and through them, in both profiles. Prints the processor seconds of the quickest pass of
 * each, and the throughput of the stage with and without edits. Passes in turn, and the quickest
 * one, keep what else the machine does out of the figures as far as can be.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "text/document_edits.h"
#include "text/double_encoding.h"
#include "text/page.h"
#include "text/repair.h"
#include "text/tokenize.h"

enum part {
    PART_VALIDATE,
    PART_EDITS,
    PART_REPAIR,
    PART_DOUBLE_ENCODING,
    PART_PAGE,
    PART_TOKENS, /* + profile */
    PART_EDITED_TOKENS = PART_TOKENS + 2,
    PART_COUNT = PART_EDITED_TOKENS + 2
};

struct text {
    size_t title, title_size, body, body_size; /* in the bytes */
};

struct state {
    struct buffer bytes;
    struct text *texts;
    struct document_edits *edits; /* of each */
    size_t count, capacity;
    struct edit_finder *finder;
    struct repairer *repairer;
    struct page_reader *pages;
    struct tokenizer *tokenizers[2]; /* by profile */
    struct page page;
    struct edits found;
    size_t sum; /* of results, so that none is for nothing */
};

static _Noreturn void fail(const char *what) {
    fprintf(stderr, "text-figures: %s\n", what);
    exit(2);
}

static void check(xunzi_status status) {
    if (status != XUNZI_OK)
        fail(xunzi_error_message());
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void read_documents(struct state *state, const char *path) {
    xunzi_input *input;
    xunzi_document document;
    xunzi_status status;
    check(xunzi_input_open(&path, 1, XUNZI_FORMAT_AUTO, &input));
    while ((status = xunzi_input_next(input, &document)) != XUNZI_END) {
        if (status == XUNZI_SKIPPED)
            continue;
        check(status);
        if (!array_reserve(&state->texts, &state->capacity, state->count + 1,
                           sizeof *state->texts) ||
            !buffer_append(&state->bytes, document.title.data, document.title.size) ||
            !buffer_append(&state->bytes, document.body.data, document.body.size))
            fail("no memory");
        size_t begin = state->bytes.size - document.body.size - document.title.size;
        state->texts[state->count++] = (struct text){
            begin, document.title.size, begin + document.title.size, document.body.size};
    }
    xunzi_input_close(input);
    state->edits = calloc(state->count + 1, sizeof *state->edits);
    if (!state->edits)
        fail("no memory");
}

static void tokenize(struct state *state, struct tokenizer *tokenizer, xunzi_string text,
                     const struct edits *edits) {
    struct token_run run;
    check(tokenizer_set_edited_text(tokenizer, text.data, 0, text.size, edits, FOLD_MENDED));
    while (tokenizer_next_run(tokenizer, &run))
        state->sum += run.end - run.first;
}

static void do_part(struct state *state, enum part part, size_t i) {
    const struct text *text = &state->texts[i];
    const char *bytes = state->bytes.data;
    const xunzi_string title = {bytes + text->title, text->title_size},
                       body = {bytes + text->body, text->body_size};
    const xunzi_document document = {.title = title, .body = body};
    struct document_edits *edits = &state->edits[i];
    switch (part) {
    case PART_VALIDATE:
        state->sum += utf8_valid_prefix(title.data, title.size);
        state->sum += utf8_valid_prefix(body.data, body.size);
        break;
    case PART_EDITS:
        check(edit_finder_read(state->finder, &document, false, edits));
        edit_finder_remember(state->finder);
        break;
    case PART_REPAIR:
        check(repair_find(state->repairer, title.data, title.size, &state->found));
        check(repair_find(state->repairer, body.data, body.size, &state->found));
        break;
    case PART_DOUBLE_ENCODING:
        if (!double_encoding_find(title.data, title.size, &state->found) ||
            !double_encoding_find(body.data, body.size, &state->found))
            fail("no memory");
        break;
    case PART_PAGE:
        check(page_read(state->pages, title, body.data, body.size, &state->page));
        page_remember(state->pages);
        break;
    default: {
        bool edited = part >= PART_EDITED_TOKENS;
        struct tokenizer *tokenizer =
            state->tokenizers[(size_t)part - (edited ? PART_EDITED_TOKENS : PART_TOKENS)];
        tokenize(state, tokenizer, title, edited ? &edits->title : NULL);
        tokenize(state, tokenizer, body, edited ? &edits->body : NULL);
    }
    }
}

static void print(const struct state *state, const double seconds[PART_COUNT]) {
    static const char *const names[] = {"validation", "edits", "  repair", "  double encodings",
                                        "  pages"};
    double megabytes = 1e-6 * (double)state->bytes.size;
    printf("%zu documents, %.1f MB\n", state->count, megabytes);
    for (size_t part = 0; part < PART_TOKENS; part++)
        printf("%-20s %.4f s\n", names[part], seconds[part]);
    for (unsigned profile = 0; profile < 2; profile++) {
        double without = seconds[PART_VALIDATE] + seconds[PART_TOKENS + profile];
        double with =
            seconds[PART_VALIDATE] + seconds[PART_EDITS] + seconds[PART_EDITED_TOKENS + profile];
        printf("profile %s: tokens %.4f s, through edits %.4f s; the stage %.1f MB/s, with edits "
               "%.1f MB/s (%+.1f%%)\n",
               profile == XUNZI_PROFILE_FULL ? "full" : "bigram", seconds[PART_TOKENS + profile],
               seconds[PART_EDITED_TOKENS + profile], megabytes / without, megabytes / with,
               100 * (without / with - 1));
    }
}

int main(int argument_count, char **arguments) {
    static struct state state;
    double quickest[PART_COUNT];
    if (argument_count < 2 || argument_count > 3)
        fail("usage: text-figures PATH [PASSES]");
    long passes = argument_count == 3 ? strtol(arguments[2], NULL, 10) : 15;
    read_documents(&state, arguments[1]);
    check(edit_finder_new(&state.finder));
    check(repairer_new(&state.repairer));
    check(page_reader_new(&state.pages));
    check(tokenizer_new(XUNZI_PROFILE_FULL, &state.tokenizers[XUNZI_PROFILE_FULL]));
    check(tokenizer_new(XUNZI_PROFILE_BIGRAM, &state.tokenizers[XUNZI_PROFILE_BIGRAM]));
    for (long pass = 0; pass < passes || pass == 0; pass++) {
        for (enum part part = 0; part < PART_COUNT; part++) {
            double begin = now();
            for (size_t i = 0; i < state.count; i++)
                do_part(&state, part, i);
            double taken = now() - begin;
            if (pass == 0 || taken < quickest[part])
                quickest[part] = taken;
        }
    }
    print(&state, quickest);
    for (size_t i = 0; i < state.count; i++)
        document_edits_free(&state.edits[i]);
    free(state.edits);
    free(state.texts);
    buffer_free(&state.bytes);
    edit_finder_free(state.finder);
    repairer_free(state.repairer);
    page_reader_free(state.pages);
    page_free(&state.page);
    edits_free(&state.found);
    tokenizer_free(state.tokenizers[0]);
    tokenizer_free(state.tokenizers[1]);
    return state.sum == 0;
}
