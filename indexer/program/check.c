/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xunzi-indexer check. */
#include <stdio.h>
#include <stdlib.h>

#include <xunzi/xunzi.h>

#include "indexer/program/commands.h"
#include "indexer/program/options.h"
#include "program/fail.h"
#include "program/progress.h"

static void tell_finding(void *context, const char *sentence) {
    (void)context;
    program_message("%s", sentence);
}

int command_check(int count, char **arguments) {
    struct options options;
    int exit_status;
    if (!options_read(count, arguments, 0, NULL, &options, &exit_status))
        return exit_status;
    progress_note("checking ...");
    xunzi_status status = xunzi_check(options.index, tell_finding, NULL);
    if (status == XUNZI_ERROR_CORRUPT)
        return program_fail("%s is damaged", options.index);
    if (status != XUNZI_OK)
        return program_fail_library();
    char *name;
    if (xunzi_print_safe(xunzi_string_of(options.index), true, &name) != XUNZI_OK)
        return program_fail_library();
    progress_erase();
    printf("%s: sound\n", name);
    free(name);
    return PROGRAM_EXIT_OK;
}
