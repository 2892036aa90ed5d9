/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xunzi-indexer: makes and keeps collections. This file finds the command. */
#include <stdio.h>
#include <string.h>

#include <xunzi/xunzi.h>

#include "indexer/program/commands.h"
#include "indexer/program/usage.h"
#include "program/fail.h"

static int run_command(int count, char **arguments) {
    static const struct {
        const char *name;
        int (*run)(int count, char **arguments);
    } commands[] = {{"add", command_add},           {"delete", command_delete},
                    {"optimize", command_optimize}, {"stats", command_stats},
                    {"check", command_check},       {"export", command_export},
                    {"inspect", command_inspect}};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(arguments[0], commands[i].name) == 0) {
            program_set_command(commands[i].name);
            return commands[i].run(count, arguments);
        }
    }
    if (arguments[0][0] == '-')
        return program_fail_usage("the command comes first, not '%s'", arguments[0]);
    return program_fail_usage("there is no command '%s'", arguments[0]);
}

static int run(int count, char **arguments) {
    if (count < 2)
        return program_fail_usage("no command is given");
    if (strcmp(arguments[1], "--help") == 0)
        fputs(usage_of(NULL), stdout);
    else if (strcmp(arguments[1], "--version") == 0)
        fputs("xunzi-indexer " XUNZI_VERSION "\n", stdout);
    else
        return run_command(count - 1, arguments + 1);
    return PROGRAM_EXIT_OK;
}

int main(int count, char **arguments) {
    program_begin("xunzi-indexer");
    return program_end(run(count, arguments));
}
