/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xunzi-indexer optimize. */
#include <xunzi/xunzi.h>

#include "indexer/program/commands.h"
#include "indexer/program/figures.h"
#include "indexer/program/options.h"
#include "program/fail.h"
#include "program/progress.h"

int command_optimize(int count, char **arguments) {
    struct options options;
    int exit_status;
    if (!options_read(count, arguments, 0, NULL, &options, &exit_status))
        return exit_status;
    xunzi_writer_options writer_options = xunzi_writer_options_default();
    writer_options.create = false;
    double started = figures_now();
    xunzi_writer *writer;
    if (xunzi_writer_open(options.index, &writer_options, &writer) != XUNZI_OK)
        return program_fail_library();
    progress_note("optimizing ...");
    if (xunzi_writer_optimize(writer) == XUNZI_OK)
        program_message("%s is optimized (%.1f s)", options.index, figures_now() - started);
    else
        exit_status = program_fail_library();
    xunzi_writer_close(writer);
    return exit_status;
}
