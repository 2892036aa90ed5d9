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

xunzi_string inspect_member(const xunzi_inspection *inspection,
                            const xunzi_inspected_stretch *stretch) {
    const xunzi_document *document = &inspection->document;
    return stretch->member[0] == 't'   ? document->title
           : stretch->member[0] == 's' ? document->source
                                       : document->body;
}

static bool is_inside(const char *text, size_t at) {
    return ((unsigned char)text[at] & 0xC0) == 0x80;
}

xunzi_string inspect_before(const xunzi_inspection *inspection,
                            const xunzi_inspected_stretch *stretch, size_t characters) {
    xunzi_string member = inspect_member(inspection, stretch);
    size_t begin = stretch->range.begin;
    for (size_t i = 0; i < characters && begin > 0 && member.data[begin - 1] != '\n'; i++)
        do
            begin--;
        while (begin > 0 && is_inside(member.data, begin));
    return (xunzi_string){member.data + begin, stretch->range.begin - begin};
}

xunzi_string inspect_behind(const xunzi_inspection *inspection,
                            const xunzi_inspected_stretch *stretch, size_t characters) {
    xunzi_string member = inspect_member(inspection, stretch);
    size_t end = stretch->range.end;
    for (size_t i = 0; i < characters && end < member.size && member.data[end] != '\n'; i++)
        do
            end++;
        while (end < member.size && is_inside(member.data, end));
    return (xunzi_string){member.data + stretch->range.end, end - stretch->range.end};
}

static bool is_break(const xunzi_inspected_stretch *stretch) {
    return memchr(stretch->text.data, '\n', stretch->text.size);
}

void inspect_count_skipped(const xunzi_inspection *inspection, size_t *readings, size_t *breaks) {
    *readings = *breaks = 0;
    for (size_t i = 0; i < inspection->stretch_count; i++)
        if (inspection->stretches[i].kind == XUNZI_INSPECTED_SKIPPED)
            ++*(is_break(&inspection->stretches[i]) ? breaks : readings);
}

const xunzi_inspected_stretch *inspect_next_reading(const xunzi_inspection *inspection,
                                                    size_t *at) {
    while (*at < inspection->stretch_count) {
        const xunzi_inspected_stretch *stretch = &inspection->stretches[(*at)++];
        if (stretch->kind == XUNZI_INSPECTED_SKIPPED && !is_break(stretch))
            return stretch;
    }
    return NULL;
}

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
