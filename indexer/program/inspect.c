/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xunzi-indexer inspect: how pages are read. */
#include "indexer/program/inspect.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "indexer/program/commands.h"
#include "indexer/program/figures.h"
#include "indexer/program/interrupt.h"
#include "indexer/program/options.h"
#include "program/fail.h"
#include "program/progress.h"
#include "program/terminal.h"

static void show_progress(const xunzi_inspector *inspector) {
    if (!progress_due() || terminal_is(stdout))
        return;
    xunzi_input_progress progress = xunzi_inspector_get_progress(inspector);
    char documents[FIGURES_SIZE * 2];
    progress_show(progress.bytes_read, progress.bytes_total,
                  figures_counted(progress.documents, "document", documents));
}

/* Prints all documents; the exit status. */
static int print_all(xunzi_inspector *inspector, bool json) {
    struct buffer out = {0};
    const xunzi_inspection *inspection;
    bool color = !json && terminal_use_color(stdout, TERMINAL_COLOR_AUTO), skipped = false,
         failed = false;
    xunzi_status status = XUNZI_OK;
    while (!failed && !interrupt_seen()) {
        show_progress(inspector);
        status = xunzi_inspector_next(inspector, &inspection);
        if (status == XUNZI_SKIPPED) {
            program_message("%s", xunzi_error_message());
            skipped = true;
            continue;
        }
        if (status != XUNZI_OK)
            break;
        buffer_clear(&out);
        if (!(json ? inspect_append_json(&out, inspection)
                   : inspect_append_text(&out, inspection, color))) {
            status = error_no_memory();
            break;
        }
        if (terminal_is(stdout))
            progress_erase();
        fwrite(out.data, 1, out.size, stdout);
        failed = program_output_failed();
    }
    buffer_free(&out);
    if (status != XUNZI_OK && status != XUNZI_END && status != XUNZI_SKIPPED)
        return program_fail_library();
    progress_erase();
    return skipped ? PROGRAM_EXIT_NONE : PROGRAM_EXIT_OK;
}

int command_inspect(int count, char **arguments) {
    struct options options;
    int exit_status;
    if (!options_read(count, arguments, OPTIONS_OPERANDS | OPTIONS_INSPECT, "PATH", &options,
                      &exit_status))
        return exit_status;
    interrupt_catch();
    xunzi_inspector *inspector;
    if (xunzi_inspector_open(options.operands, options.operand_count, XUNZI_FORMAT_AUTO,
                             &inspector) != XUNZI_OK)
        return program_fail_library();
    exit_status = print_all(inspector, options.json);
    xunzi_inspector_close(inspector);
    return exit_status;
}
