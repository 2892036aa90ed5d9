/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the text stage costs, and how much of it the edits.
 *
 *     text-figures PATH [PASSES (15)]
 *
 * Reads the documents of PATH, all of them into memory. Then, in turn, a pass over the titles and
 * bodies each for: the stage, without edits and with them, in both profiles; and its parts by
 * themselves, each of which has to fetch the texts into the caches anew. The stage is validation
 * (and edits) of a batch of documents, then their tokens: as the indexer does it, and its batches
 * are of the same size. Prints the processor seconds of the quickest pass of each, and the
 * throughput of the stage. Passes in turn, and the quickest one, keep what else the machine does
 * out of the figures as far as can be.
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
    PART_STAGE, /* + profile */
    PART_EDITED_STAGE = PART_STAGE + 2,
    PART_VALIDATE = PART_EDITED_STAGE + 2,
    PART_EDITS,
    PART_REPAIR,
    PART_DOUBLE_ENCODING,
    PART_PAGE,
    PART_TOKENS, /* + profile */
    PART_COUNT = PART_TOKENS + 2
};

enum { BATCH_DOCUMENTS = 1024, BATCH_BYTES = 512 << 10 }; /* as in indexer/builder.c */

struct text {
    size_t title, title_size, body, body_size; /* in the bytes */
};

struct state {
    struct buffer bytes;
    struct text *texts;
    size_t count, capacity;
    struct document_edits *edits; /* of a batch */
    size_t edits_count, edits_capacity;
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
}

static void tokenize_text(struct state *state, struct tokenizer *tokenizer, xunzi_string text,
                          const struct edits *edits) {
    struct token_run run;
    check(tokenizer_set_edited_text(tokenizer, text.data, 0, text.size, edits, FOLD_MENDED));
    while (tokenizer_next_run(tokenizer, &run))
        state->sum += run.end - run.first;
}

static void validate(struct state *state, const xunzi_document *document) {
    state->sum += utf8_valid_prefix(document->title.data, document->title.size);
    state->sum += utf8_valid_prefix(document->body.data, document->body.size);
}

static void find_edits(struct state *state, const xunzi_document *document,
                       struct document_edits *edits) {
    check(edit_finder_read(state->finder, document, false, edits));
    edit_finder_remember(state->finder);
}

static void tokenize(struct state *state, const xunzi_document *document, unsigned profile,
                     const struct document_edits *edits) {
    tokenize_text(state, state->tokenizers[profile], document->title, edits ? &edits->title : NULL);
    tokenize_text(state, state->tokenizers[profile], document->body, edits ? &edits->body : NULL);
}

static xunzi_document document_at(const struct state *state, size_t i) {
    const struct text *text = &state->texts[i];
    const char *bytes = state->bytes.data;
    return (xunzi_document){.title = {bytes + text->title, text->title_size},
                            .body = {bytes + text->body, text->body_size}};
}

/* The document behind the last of the batch that begins with document `first`. */
static size_t end_of_batch(const struct state *state, size_t first) {
    size_t end = first, size = 0;
    for (; end < state->count && end - first < BATCH_DOCUMENTS && size < BATCH_BYTES; end++)
        size += state->texts[end].title_size + state->texts[end].body_size;
    return end;
}

static struct document_edits *edits_of_batch(struct state *state, size_t i) {
    while (i >= state->edits_count) {
        if (!array_reserve(&state->edits, &state->edits_capacity, state->edits_count + 1,
                           sizeof *state->edits))
            fail("no memory");
        state->edits[state->edits_count++] = (struct document_edits){0};
    }
    return &state->edits[i];
}

static void do_stage(struct state *state, unsigned profile, bool edited) {
    for (size_t first = 0, end; first < state->count; first = end) {
        end = end_of_batch(state, first);
        for (size_t i = first; i < end; i++) {
            const xunzi_document document = document_at(state, i);
            validate(state, &document);
            if (edited)
                find_edits(state, &document, edits_of_batch(state, i - first));
        }
        for (size_t i = first; i < end; i++) {
            const xunzi_document document = document_at(state, i);
            tokenize(state, &document, profile, edited ? &state->edits[i - first] : NULL);
        }
    }
}

/* A part by itself, of one document. */
static void do_part(struct state *state, enum part part, const xunzi_document *document) {
    const xunzi_string title = document->title, body = document->body;
    switch (part) {
    case PART_VALIDATE:
        validate(state, document);
        break;
    case PART_EDITS:
        find_edits(state, document, edits_of_batch(state, 0));
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
    default:
        tokenize(state, document, part - PART_TOKENS, NULL);
    }
}

static void do_pass(struct state *state, enum part part) {
    if (part < PART_VALIDATE) {
        bool edited = part >= PART_EDITED_STAGE;
        do_stage(state, part - (edited ? PART_EDITED_STAGE : PART_STAGE), edited);
        return;
    }
    for (size_t i = 0; i < state->count; i++) {
        const xunzi_document document = document_at(state, i);
        do_part(state, part, &document);
    }
}

static void print_stage(const char *profile, double megabytes, double without, double with) {
    printf("the stage, profile %-6s %.4f s, with edits %.4f s: %.1f and %.1f MB/s (%+.1f%%)\n",
           profile, without, with, megabytes / without, megabytes / with,
           100 * (without / with - 1));
}

static void print(const struct state *state, const double seconds[PART_COUNT]) {
    static const char *const names[] = {"validation",         "edits",   "  repair",
                                        "  double encodings", "  pages", "tokens, full",
                                        "tokens, bigram"};
    const double *edited = seconds + PART_EDITED_STAGE;
    double megabytes = 1e-6 * (double)state->bytes.size;
    printf("%zu documents, %.1f MB\n", state->count, megabytes);
    print_stage("full", megabytes, seconds[PART_STAGE + XUNZI_PROFILE_FULL],
                edited[XUNZI_PROFILE_FULL]);
    print_stage("bigram", megabytes, seconds[PART_STAGE + XUNZI_PROFILE_BIGRAM],
                edited[XUNZI_PROFILE_BIGRAM]);
    for (size_t part = PART_VALIDATE; part < PART_COUNT; part++)
        printf("%-20s %.4f s\n", names[part - PART_VALIDATE], seconds[part]);
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
            do_pass(&state, part);
            double taken = now() - begin;
            if (pass == 0 || taken < quickest[part])
                quickest[part] = taken;
        }
    }
    print(&state, quickest);
    for (size_t i = 0; i < state.edits_count; i++)
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
