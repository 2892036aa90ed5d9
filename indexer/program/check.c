/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xunzi-indexer check. The checking is done by a child process: Xapian 1.4 trusts some of what its
 * tables hold, and a damaged one can crash it or send it round in circles; that is a finding then,
 * and not our end. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <xunzi/xunzi.h>

#include "indexer/program/commands.h"
#include "indexer/program/options.h"
#include "program/fail.h"
#include "program/progress.h"

static void tell_finding(void *context, const char *sentence) {
    (void)context;
    program_message("%s", sentence);
}

/* How long the child may compute before it is taken to go round in circles, in seconds of processor
 * time: some thousand times as long as a collection of a million documents takes. */
enum { CHECK_SECONDS = 3600 };

static int check_here(const char *index) {
    xunzi_status status = xunzi_check(index, tell_finding, NULL);
    if (status == XUNZI_ERROR_CORRUPT)
        return program_fail("%s is damaged", index);
    return status == XUNZI_OK ? PROGRAM_EXIT_OK : program_fail_library();
}

/* Runs check_here in a child; returns its exit status. */
static int check_apart(const char *index) {
    pid_t child = fork();
    if (child < 0)
        return check_here(index);
    if (child == 0) {
        const struct rlimit seconds = {CHECK_SECONDS, CHECK_SECONDS}, no_core = {0, 0};
        setrlimit(RLIMIT_CPU, &seconds);
        setrlimit(RLIMIT_CORE, &no_core);
        _exit(check_here(index));
    }
    int ended = 0;
    while (waitpid(child, &ended, 0) < 0)
        ;
    if (WIFEXITED(ended))
        return WEXITSTATUS(ended);
    return program_fail("%s is damaged: reading its catalog ended with \"%s\"", index,
                        strsignal(WTERMSIG(ended)));
}

int command_check(int count, char **arguments) {
    struct options options;
    int exit_status;
    if (!options_read(count, arguments, 0, NULL, &options, &exit_status))
        return exit_status;
    progress_note("checking ...");
    exit_status = check_apart(options.index);
    if (exit_status != PROGRAM_EXIT_OK)
        return exit_status;
    char *name;
    if (xunzi_print_safe(xunzi_string_of(options.index), true, &name) != XUNZI_OK)
        return program_fail_library();
    progress_erase();
    printf("%s: sound\n", name);
    free(name);
    return PROGRAM_EXIT_OK;
}
