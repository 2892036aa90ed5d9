/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the programs as a user does and tells what they printed. For tests: whatever goes wrong here
 * fails the test. */
#ifndef XUNZI_TESTS_PROGRAM_RUNNER_H
#define XUNZI_TESTS_PROGRAM_RUNNER_H

#include <stdbool.h>
#include <stddef.h>

/* Makes a fresh folder under $TMPDIR, or /tmp, and the environment the same on every machine: the C
 * locale, no colour settings, the folder as home. Returns its path, which lives until runner_end().
 */
const char *runner_begin(void);

/* Removes the folder and all that is in it. */
void runner_end(void);

/* The path of a file in the folder; lives until runner_end(). */
const char *runner_path(const char *name);

/* Writes a file in the folder; returns its path. */
const char *runner_write(const char *name, const char *data, size_t size);

/* To be zero-initialised before the first run. */
struct program_run {
    int exit_status; /* 128 + signal where one ended the program */
    char *out, *err; /* what was printed, NUL-terminated; live until the next run */
    size_t out_size, err_size;
};

/* Runs arguments[0], a program of this build, with arguments, which end with NULL. Standard input
 * is input; output_path, where not NULL, is what standard output goes to instead of run->out. */
void runner_run(struct program_run *run, const char *const *arguments, const char *input,
                size_t input_size, const char *output_path);

/* Frees what the last run printed. */
void program_run_free(struct program_run *run);

/* cmocka's setup and teardown: a fresh folder for each test. */
int begin_folder(void **state);
int end_folder(void **state);

/* Fail the test unless the program ended with that status, telling what it said on standard error;
 * unless text holds part; if it does. */
void assert_exit(const struct program_run *run, int expected);
void assert_holds(const char *text, const char *part);
void assert_lacks(const char *text, const char *part);

/* A program on a terminal of its own. */
struct terminal_session {
    int descriptor;
    int process;
    char *out; /* all that it has printed, NUL-terminated; to be freed by the test, after
                  terminal_end() */
    size_t out_size, out_capacity;
};

void terminal_begin(struct terminal_session *session, const char *const *arguments,
                    unsigned short columns);

/* Types text. */
void terminal_type(struct terminal_session *session, const char *text);

/* Reads until what is printed behind byte `from` holds text; fails the test after a minute without
 * it. Returns the place behind it. */
size_t terminal_expect(struct terminal_session *session, size_t from, const char *text);

/* Reads until the program ends; returns its exit status. */
int terminal_end(struct terminal_session *session);

#endif
