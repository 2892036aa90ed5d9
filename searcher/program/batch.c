/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many queries from a file. */
#include "searcher/program/batch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "program/fail.h"
#include "searcher/program/answer.h"

/* A line is kept up to a size that a query over the library's limit is still over it, which the
 * library then says. */
enum { MAX_QID_BYTES = 4096, MAX_LINE_BYTES = MAX_QID_BYTES + 1 + XUNZI_MAX_QUERY_BYTES + 1 };

struct batch {
    FILE *file;
    const char *name; /* for messages */
    uint64_t line;    /* the number of the line read last */
    struct buffer text;
};

enum line_outcome { LINE_READ, LINE_END, LINE_FAILED };

/* Reads the next line, without what ends it; what is over MAX_LINE_BYTES is passed over. */
static enum line_outcome read_line(struct batch *batch) {
    int byte;
    buffer_clear(&batch->text);
    errno = 0;
    while ((byte = getc_unlocked(batch->file)) != EOF && byte != '\n') {
        if (batch->text.size < MAX_LINE_BYTES && !buffer_append_byte(&batch->text, (char)byte)) {
            program_fail("%s: not enough memory", batch->name);
            return LINE_FAILED;
        }
    }
    if (ferror(batch->file)) {
        program_fail("%s cannot be read any further: %s", batch->name, strerror(errno));
        return LINE_FAILED;
    }
    if (byte == EOF && batch->text.size == 0)
        return LINE_END;
    batch->line++;
    while (batch->text.size > 0 && batch->text.data[batch->text.size - 1] == '\r')
        batch->text.size--;
    return LINE_READ;
}

static bool is_blank(xunzi_string text) {
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] != ' ' && text.data[i] != '\t' && text.data[i] != '\r')
            return false;
    }
    return true;
}

/* Parts the line into query id and query. */
static struct output_answer parse_line(const struct batch *batch) {
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    xunzi_string text = {batch->text.data, batch->text.size};
    if (batch->line == 1 && text.size >= 3 && memcmp(text.data, byte_order_mark, 3) == 0)
        text = (xunzi_string){text.data + 3, text.size - 3};
    struct output_answer answer = {.batch = true, .line = batch->line, .query = text};
    const char *tab = text.size > 0 ? memchr(text.data, '\t', text.size) : NULL;
    if (tab && tab > text.data) {
        size_t qid_size = (size_t)(tab - text.data);
        answer.has_qid = true;
        answer.qid = (xunzi_string){text.data, qid_size};
        answer.query = (xunzi_string){tab + 1, text.size - qid_size - 1};
    }
    return answer;
}

/* Answers the lines one after the other. */
static int answer_lines(struct batch *batch, xunzi_index *index, const struct options *options) {
    bool any_found = false, any_failed = false;
    enum line_outcome outcome;
    while (!program_output_failed() && (outcome = read_line(batch)) != LINE_END) {
        if (outcome == LINE_FAILED)
            return PROGRAM_EXIT_FAILURE;
        struct output_answer answer = parse_line(batch);
        if (is_blank((xunzi_string){batch->text.data, batch->text.size}))
            continue;
        if (answer.qid.size > MAX_QID_BYTES) {
            program_message("%s, line %" PRIu64
                            ": the query id is over the limit of %d bytes; line skipped",
                            batch->name, batch->line, MAX_QID_BYTES);
            any_failed = true;
            continue;
        }
        bool found;
        xunzi_status status = answer_query(index, options, answer, &found, NULL);
        if (status != XUNZI_OK) {
            program_message("%s, line %" PRIu64 ": %s", batch->name, batch->line,
                            xunzi_error_message());
            any_failed = true;
        }
        /* What the options ask for makes no sense, so it does not for the next line either. */
        if (status == XUNZI_ERROR_INVALID_ARGUMENT)
            break;
        any_found = any_found || (status == XUNZI_OK && found);
        /* Who writes the queries through a pipe may be waiting for this answer before the next. */
        if (batch->file == stdin)
            fflush(stdout);
    }
    return any_failed ? PROGRAM_EXIT_FAILURE : any_found ? PROGRAM_EXIT_OK : PROGRAM_EXIT_NONE;
}

int batch_run(xunzi_index *index, const struct options *options) {
    struct batch batch = {.name = options->batch_path};
    if (strcmp(options->batch_path, "-") == 0) {
        batch.file = stdin;
        batch.name = "standard input";
    } else {
        batch.file = fopen(options->batch_path, "re");
        if (!batch.file)
            return program_fail("cannot open the batch file %s: %s", options->batch_path,
                                strerror(errno));
    }
    int exit_status = answer_lines(&batch, index, options);
    if (batch.file != stdin)
        fclose(batch.file);
    buffer_free(&batch.text);
    return exit_status;
}
