/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Beginnings, ends and messages of the programs. */
#include "program/fail.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xunzi/xunzi.h>

#include "base/buffer.h"
#include "base/printable.h"
#include "program/progress.h"

static const char *program_name = "xunzi";
static const char *command_name;
static int output_error; /* the errno of the first failure that was noticed */

/* A standard descriptor that is closed is taken by /dev/null, opened the wrong way round, so that
 * using it still fails. */
static void hold_standard_descriptor(int descriptor) {
    if (fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF)
        return;
    int opened = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (opened >= 0 && opened != descriptor) {
        dup2(opened, descriptor);
        close(opened);
    }
}

void program_begin(const char *name) {
    program_name = name;
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++)
        hold_standard_descriptor(descriptor);
    if (!setlocale(LC_CTYPE, "") || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignore, NULL);
}

void program_set_command(const char *command) {
    command_name = command;
}

static void print_message(const char *format, va_list arguments) {
    struct buffer raw = {0}, line = {0};
    bool ok = buffer_vprintf(&raw, format, arguments) && buffer_append_text(&line, program_name) &&
              buffer_append_text(&line, ": ") &&
              printable_append(&line, raw.data, raw.size, true) && buffer_append_byte(&line, '\n');
    progress_erase();
    if (ok)
        fwrite(line.data, 1, line.size, stderr);
    else
        fprintf(stderr, "%s: not enough memory\n", program_name);
    fflush(stderr);
    buffer_free(&raw);
    buffer_free(&line);
}

void program_message(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print_message(format, arguments);
    va_end(arguments);
}

int program_fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print_message(format, arguments);
    va_end(arguments);
    return PROGRAM_EXIT_FAILURE;
}

int program_fail_library(void) {
    return program_fail("%s", xunzi_error_message());
}

int program_fail_usage(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print_message(format, arguments);
    va_end(arguments);
    fprintf(stderr, "Try '%s%s%s --help'.\n", program_name, command_name ? " " : "",
            command_name ? command_name : "");
    return PROGRAM_EXIT_FAILURE;
}

int program_fail_option(int returned, char *const *arguments, const struct option *options) {
    const char *given = arguments[optind - 1]; /* unless it is one of several letters */
    if (returned == ':')
        return program_fail_usage("option '%s' needs a value", given);
    if (optopt == 0)
        return program_fail_usage("there is no option '%s'", given);
    for (; options->name; options++)
        if (options->val == optopt)
            return program_fail_usage("option '--%s' takes no value", options->name);
    return program_fail_usage("there is no option '-%c'", optopt);
}

bool program_output_failed(void) {
    if (ferror(stdout) && output_error == 0)
        output_error = errno;
    return ferror(stdout) != 0;
}

int program_end(int exit_status) {
    progress_erase();
    bool failed = ferror(stdout) != 0;
    errno = 0;
    if (fflush(stdout) != 0 || (fclose(stdout) != 0 && errno != EBADF)) {
        failed = true;
        output_error = output_error ? output_error : errno;
    }
    if (!failed)
        return exit_status;
    if (output_error == EPIPE)
        return program_fail("standard output was closed by its reader; the rest is not written");
    if (output_error != 0)
        return program_fail("cannot write to standard output: %s", strerror(output_error));
    return program_fail("cannot write to standard output; what was written is not complete");
}
