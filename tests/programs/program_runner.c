/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running the programs: by fork and exec, with files as their standard streams, or on a
 * pseudoterminal. */
#include "program_runner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pty.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[4096];
static char *paths[256]; /* given out by runner_path */
static size_t path_count;

const char *runner_begin(void) {
    const char *parent = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/xunzi-test-XXXXXX", parent && *parent ? parent : "/tmp");
    assert_non_null(mkdtemp(folder));
    setenv("LC_ALL", "C", 1);
    setenv("HOME", folder, 1);
    setenv("TERM", "xterm", 1);
    unsetenv("XDG_STATE_HOME");
    unsetenv("NO_COLOR");
    return folder;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk) {
    (void)status, (void)kind, (void)walk;
    return remove(path);
}

void runner_end(void) {
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    while (path_count > 0)
        free(paths[--path_count]);
}

const char *runner_path(const char *name) {
    assert_true(path_count < sizeof paths / sizeof paths[0]);
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    assert_non_null(path);
    snprintf(path, size, "%s/%s", folder, name);
    for (size_t i = 0; i < path_count; i++) {
        if (strcmp(paths[i], path) == 0) {
            free(path);
            return paths[i];
        }
    }
    paths[path_count++] = path;
    return path;
}

const char *runner_write(const char *name, const char *data, size_t size) {
    const char *path = runner_path(name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return path;
}

static char *read_file(const char *name, size_t *size) {
    FILE *file = fopen(runner_path(name), "r");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long length = ftell(file);
    assert_true(length >= 0);
    rewind(file);
    char *data = malloc((size_t)length + 1);
    assert_non_null(data);
    *size = fread(data, 1, (size_t)length, file);
    assert_int_equal(*size, (size_t)length);
    data[*size] = '\0';
    fclose(file);
    return data;
}

/* In the child: becomes the program, or ends with a status that no test expects. */
static _Noreturn void become(const char *const *arguments) {
    char program[4096];
    snprintf(program, sizeof program, "%s/%s", XUNZI_BINARY_DIR, arguments[0]);
    char *const *unqualified;
    memcpy(&unqualified, &arguments, sizeof unqualified); /* execv does not write to them */
    execv(program, unqualified);
    _exit(126);
}

static int exit_status_of(int status) {
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void program_run_free(struct program_run *run) {
    free(run->out);
    free(run->err);
    *run = (struct program_run){0};
}

int begin_folder(void **state) {
    (void)state;
    runner_begin();
    return 0;
}

int end_folder(void **state) {
    (void)state;
    runner_end();
    return 0;
}

void assert_exit(const struct program_run *run, int expected) {
    if (run->exit_status != expected)
        fail_msg("exit status %d, not %d; standard error: %s", run->exit_status, expected,
                 run->err);
}

void assert_holds(const char *text, const char *part) {
    if (!strstr(text, part))
        fail_msg("\"%s\" does not hold \"%s\"", text, part);
}

void assert_lacks(const char *text, const char *part) {
    if (strstr(text, part))
        fail_msg("\"%s\" holds \"%s\"", text, part);
}

void runner_run(struct program_run *run, const char *const *arguments, const char *input,
                size_t input_size, const char *output_path) {
    program_run_free(run);
    const char *input_path =
        runner_write("standard-input", input ? input : "", input ? input_size : 0);
    const char *out_path = runner_write("standard-output", "", 0);
    const char *error_path = runner_path("standard-error");
    fflush(NULL);
    pid_t process = fork();
    assert_true(process >= 0);
    if (process == 0) {
        int in = open(input_path, O_RDONLY);
        int out = open(output_path ? output_path : out_path, O_WRONLY);
        int error = open(error_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (in < 0 || out < 0 || error < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 ||
            dup2(error, 2) < 0)
            _exit(125);
        close(in);
        close(out);
        close(error);
        become(arguments);
    }
    int status;
    assert_int_equal(waitpid(process, &status, 0), process);
    run->exit_status = exit_status_of(status);
    run->out = read_file("standard-output", &run->out_size);
    run->err = read_file("standard-error", &run->err_size);
}

void terminal_begin(struct terminal_session *session, const char *const *arguments,
                    unsigned short columns) {
    struct winsize size = {.ws_row = 40, .ws_col = columns};
    *session = (struct terminal_session){0};
    fflush(NULL);
    session->process = forkpty(&session->descriptor, NULL, NULL, &size);
    assert_true(session->process >= 0);
    if (session->process == 0)
        become(arguments);
    session->out_capacity = 4096;
    session->out = calloc(1, session->out_capacity);
    assert_non_null(session->out);
}

void terminal_type(struct terminal_session *session, const char *text) {
    size_t size = strlen(text);
    assert_int_equal(write(session->descriptor, text, size), size);
}

/* Reads what is there, waiting for it at most a minute; false at the end. A terminal whose program
 * has ended gives EIO. */
static bool read_more(struct terminal_session *session) {
    enum { PIECE = 4096, MINUTE = 60000 };
    struct pollfd wait = {.fd = session->descriptor, .events = POLLIN};
    if (poll(&wait, 1, MINUTE) <= 0)
        fail_msg("the program has stopped answering; so far it printed: %s", session->out);
    if (session->out_capacity - session->out_size <= PIECE) {
        session->out_capacity *= 2;
        session->out = realloc(session->out, session->out_capacity);
        assert_non_null(session->out);
    }
    ssize_t count = read(session->descriptor, session->out + session->out_size, PIECE);
    if (count <= 0)
        return false;
    session->out_size += (size_t)count;
    session->out[session->out_size] = '\0';
    return true;
}

size_t terminal_expect(struct terminal_session *session, size_t from, const char *text) {
    const char *found;
    while (!(found = strstr(session->out + from, text))) {
        if (!read_more(session))
            fail_msg("the program ended without printing \"%s\"; it printed: %s", text,
                     session->out);
    }
    return (size_t)(found - session->out) + strlen(text);
}

int terminal_end(struct terminal_session *session) {
    while (read_more(session))
        continue;
    int status;
    assert_int_equal(waitpid(session->process, &status, 0), session->process);
    close(session->descriptor);
    return exit_status_of(status);
}
