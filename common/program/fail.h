/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the programs begin, end, and speak on standard error: "xunzi-indexer: sentence", one
 * printable line each; a progress bar is taken off the screen first. Formats are printf's; what
 * they quote needs no escaping, and a message of any length is printed whole. */
#ifndef XUNZI_PROGRAM_FAIL_H
#define XUNZI_PROGRAM_FAIL_H

#include <getopt.h>
#include <stdbool.h>

/* Exit statuses of both programs (man page, EXIT STATUS). */
enum program_exit { PROGRAM_EXIT_OK = 0, PROGRAM_EXIT_NONE = 1, PROGRAM_EXIT_FAILURE = 2 };

/* To be called first in main. name is what messages begin with. Makes sure that descriptors 0 to 2
 * are open (a file opened later must not become "standard output"), sets a UTF-8 locale for
 * character widths, and ignores SIGPIPE, so that a closed pipe is a write error like any other. */
void program_begin(const char *name);

/* What "--help" hints name after the program, for example "add"; NULL: nothing. Kept by pointer. */
void program_set_command(const char *command);

/* Prints "NAME: message". */
void program_message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* program_message, and returns PROGRAM_EXIT_FAILURE, so that a caller can `return
 * program_fail(...)`. */
int program_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* program_fail with the sentence of the library's last failure. */
int program_fail_library(void);

/* program_fail for a usage mistake: adds a second line, "Try 'NAME COMMAND --help'.". */
int program_fail_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints the sentence for what getopt_long has just refused ('?' or ':' returned, opterr 0, ':'
 * first in the short options) as program_fail_usage does. arguments is the argv that getopt_long
 * was given, and options its long options. */
int program_fail_option(int returned, char *const *arguments, const struct option *options);

/* Whether writing to standard output has failed: a long printing can stop early. To be asked right
 * behind a write, so that the reason is still known. */
bool program_output_failed(void);

/* Flushes standard output and returns exit_status, or PROGRAM_EXIT_FAILURE with a sentence where
 * anything written to it was lost (disk full, pipe closed). To be the last call of main. */
int program_end(int exit_status);

#endif
