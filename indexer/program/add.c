/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xunzi-indexer add: from inputs to one commit. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <xunzi/xunzi.h>

#include "indexer/program/commands.h"
#include "indexer/program/figures.h"
#include "indexer/program/interrupt.h"
#include "indexer/program/options.h"
#include "program/fail.h"
#include "program/progress.h"

struct addition {
    const struct options *options;
    xunzi_input *input;
    xunzi_writer
        *writer; /* opened when the first document has been read: nothing to add makes no index */
    uint64_t before;  /* documents in the index then */
    uint64_t taken;   /* documents that the writer took */
    uint64_t refused; /* and did not */
    uint64_t text;    /* bytes of the titles and bodies that it took */
    double started;
};

static void show_progress(const struct addition *addition) {
    if (!progress_due())
        return;
    xunzi_input_progress progress = xunzi_input_get_progress(addition->input);
    char documents[FIGURES_SIZE * 2], text[120];
    double seconds = figures_now() - addition->started;
    snprintf(text, sizeof text, "%s, %.1f MB/s",
             figures_counted(progress.documents, "document", documents),
             seconds > 0 ? (double)progress.bytes_read / 1e6 / seconds : 0.0);
    progress_show(progress.bytes_read, progress.bytes_total, text);
}

static void tell_refused(struct addition *addition) {
    uint64_t line;
    const char *where = xunzi_input_where(addition->input, &line);
    addition->refused++;
    if (line > 0)
        program_message("%s, line %" PRIu64 ": %s; line skipped", where, line,
                        xunzi_error_message());
    else
        program_message("%s: %s; skipped", where, xunzi_error_message());
}

static xunzi_status open_writer(struct addition *addition) {
    xunzi_writer_options options = xunzi_writer_options_default();
    options.create = true;
    options.profile_given = addition->options->profile_given;
    options.profile = addition->options->profile;
    options.keep_all = addition->options->keep_all;
    options.threads = addition->options->threads;
    options.memory = addition->options->memory;
    xunzi_status status = xunzi_writer_open(addition->options->index, &options, &addition->writer);
    if (status == XUNZI_OK)
        addition->before = xunzi_writer_documents(addition->writer);
    return status;
}

/* Reads all inputs into the writer. XUNZI_END: done, or interrupted; else the failure, its sentence
 * set. */
static xunzi_status read_inputs(struct addition *addition) {
    xunzi_document document;
    while (!interrupt_seen()) {
        show_progress(addition);
        xunzi_status status = xunzi_input_next(addition->input, &document);
        if (interrupt_seen())
            break;
        if (status == XUNZI_SKIPPED) {
            program_message("%s", xunzi_error_message());
            continue;
        }
        if (status == XUNZI_OK && !addition->writer)
            status = open_writer(addition);
        if (status != XUNZI_OK)
            return status;
        status = xunzi_writer_add(addition->writer, &document);
        if (status == XUNZI_ERROR_INVALID_ARGUMENT || status == XUNZI_ERROR_LIMIT)
            tell_refused(addition);
        else if (status != XUNZI_OK)
            return status;
        else {
            addition->taken++;
            addition->text += document.title.size + document.body.size;
        }
    }
    return XUNZI_END;
}

static int tell_summary(const struct addition *addition) {
    xunzi_input_progress progress = xunzi_input_get_progress(addition->input);
    double seconds = figures_now() - addition->started;
    uint64_t after = xunzi_writer_documents(addition->writer);
    uint64_t added = after > addition->before ? after - addition->before : 0;
    uint64_t replaced = addition->taken > added ? addition->taken - added : 0;
    uint64_t skipped = progress.skipped + addition->refused;
    char count[FIGURES_SIZE * 2], figures[FIGURES_SIZE], bytes[FIGURES_SIZE];
    program_message("%s added, %s replaced (%s of text in %.1f s, %.1f MB/s)",
                    figures_counted(added, "document", count), figures_grouped(replaced, figures),
                    figures_bytes(addition->text, bytes), seconds,
                    seconds > 0 ? (double)addition->text / 1e6 / seconds : 0.0);
    if (progress.repaired_documents > 0)
        program_message("%s held bytes that are no characters; U+FFFD stands for them, %s times",
                        figures_counted(progress.repaired_documents, "document", count),
                        figures_grouped(progress.invalid_bytes, figures));
    if (skipped > 0)
        program_message("%s skipped, named above", figures_counted(skipped, "input", count));
    return skipped > 0 ? PROGRAM_EXIT_NONE : PROGRAM_EXIT_OK;
}

static int run(struct addition *addition) {
    const char *index = addition->options->index;
    if (xunzi_input_open(addition->options->operands, addition->options->operand_count,
                         addition->options->format, &addition->input) != XUNZI_OK)
        return program_fail_library();
    if (read_inputs(addition) != XUNZI_END)
        return program_fail("%s; nothing was added", xunzi_error_message());
    if (interrupt_seen())
        return program_fail("interrupted: nothing was added; %s is as it was", index);
    if (addition->taken == 0) {
        program_message("there was no document to add; %s is as it was", index);
        return PROGRAM_EXIT_NONE;
    }
    progress_note("writing the index ...");
    if (xunzi_writer_commit(addition->writer) != XUNZI_OK)
        return program_fail("%s; nothing was added", xunzi_error_message());
    return tell_summary(addition);
}

int command_add(int count, char **arguments) {
    struct options options;
    int exit_status;
    if (!options_read(count, arguments, OPTIONS_OPERANDS | OPTIONS_ADD, "PATH", &options,
                      &exit_status))
        return exit_status;
    interrupt_catch();
    struct addition addition = {.options = &options, .started = figures_now()};
    exit_status = run(&addition);
    xunzi_writer_close(addition.writer);
    xunzi_input_close(addition.input);
    return exit_status;
}
