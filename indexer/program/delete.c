/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xunzi-indexer delete: the documents of some ids, in one commit. */
#include <xunzi/xunzi.h>

#include "indexer/program/commands.h"
#include "indexer/program/figures.h"
#include "indexer/program/interrupt.h"
#include "indexer/program/options.h"
#include "program/fail.h"

static int run(const struct options *options, xunzi_writer *writer) {
    size_t deleted = 0;
    for (size_t i = 0; i < options->operand_count && !interrupt_seen(); i++) {
        xunzi_status status = xunzi_writer_delete(writer, xunzi_string_of(options->operands[i]));
        if (status == XUNZI_OK)
            deleted++;
        else if (status == XUNZI_ERROR_NOT_FOUND)
            program_message("there is no document '%s' in %s", options->operands[i],
                            options->index);
        else
            return program_fail("%s; nothing was deleted", xunzi_error_message());
    }
    if (interrupt_seen())
        return program_fail("interrupted: nothing was deleted; %s is as it was", options->index);
    if (deleted > 0 && xunzi_writer_commit(writer) != XUNZI_OK)
        return program_fail("%s; nothing was deleted", xunzi_error_message());
    char count[FIGURES_SIZE * 2];
    program_message("%s deleted", figures_counted(deleted, "document", count));
    return deleted == options->operand_count ? PROGRAM_EXIT_OK : PROGRAM_EXIT_NONE;
}

int command_delete(int count, char **arguments) {
    struct options options;
    int exit_status;
    if (!options_read(count, arguments, OPTIONS_OPERANDS, "ID", &options, &exit_status))
        return exit_status;
    interrupt_catch();
    xunzi_writer_options writer_options = xunzi_writer_options_default();
    writer_options.create = false;
    xunzi_writer *writer;
    if (xunzi_writer_open(options.index, &writer_options, &writer) != XUNZI_OK)
        return program_fail_library();
    exit_status = run(&options, writer);
    xunzi_writer_close(writer);
    return exit_status;
}
