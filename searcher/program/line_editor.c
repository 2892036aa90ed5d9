/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Line editing by libedit: BSD licence, in Debian, and it measures wide characters right. */
#include "searcher/program/line_editor.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <histedit.h>

#include "base/buffer.h"

enum { HISTORY_LINES = 1000 };

struct line_editor {
    EditLine *edit;
    History *history;
    char *history_path; /* NULL: kept in memory only */
    const char *prompt;
    struct buffer line;
};

static volatile sig_atomic_t interrupted;

static void note_interrupt(int signal_number) {
    (void)signal_number;
    interrupted = 1;
}

bool line_editor_interrupted(void) {
    return interrupted != 0;
}

static char *prompt_text(EditLine *edit) {
    struct line_editor *editor;
    static char none[] = "";
    if (el_get(edit, EL_CLIENTDATA, &editor) != 0)
        return none;
    return (char *)(uintptr_t)editor->prompt; /* libedit only reads it */
}

/* Makes a folder and those above it, for this user alone. */
static bool make_folders(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    struct stat found;
    mkdir(path, 0700);
    return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

/* The history's file, its folder made; NULL where there is no place for one. The XDG Base Directory Specification wants an
 * absolute path. The caller's. */
static char *find_history_path(void) {
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    struct buffer path = {0};
    bool ok;
    if (state && state[0] == '/')
        ok = buffer_append_text(&path, state) && buffer_append_text(&path, "/xunzi");
    else
        ok = home && home[0] == '/' && buffer_append_text(&path, home) &&
             buffer_append_text(&path, "/.local/state/xunzi");
    ok = ok && buffer_terminate(&path) && make_folders(path.data) && buffer_append_text(&path, "/history") &&
         buffer_terminate(&path);
    if (!ok)
        buffer_free(&path);
    return path.data;
}

struct line_editor *line_editor_open(const char *program, const char *prompt) {
    struct line_editor *editor = calloc(1, sizeof *editor);
    if (!editor)
        return NULL;
    HistEvent event;
    editor->prompt = prompt;
    editor->edit = el_init(program, stdin, stdout, stderr);
    editor->history = history_init();
    if (!editor->edit || !editor->history || history(editor->history, &event, H_SETSIZE, HISTORY_LINES) != 0 ||
        history(editor->history, &event, H_SETUNIQUE, 1) != 0) {
        line_editor_close(editor);
        return NULL;
    }
    el_set(editor->edit, EL_CLIENTDATA, editor);
    el_set(editor->edit, EL_PROMPT, prompt_text);
    el_set(editor->edit, EL_EDITOR, "emacs");
    el_set(editor->edit, EL_SIGNAL, 1); /* a new size of the terminal, and coming back after Ctrl-Z */
    el_set(editor->edit, EL_HIST, history, editor->history);
    el_set(editor->edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
    el_source(editor->edit, NULL);
    editor->history_path = find_history_path();
    if (editor->history_path)
        history(editor->history, &event, H_LOAD, editor->history_path);
    /* Without SA_RESTART, so that waiting for a key ends. */
    struct sigaction action = {.sa_handler = note_interrupt};
    sigaction(SIGINT, &action, NULL);
    return editor;
}

/* Whether there is anything but white space in a line. */
static bool has_text(const char *line, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (line[i] != ' ' && line[i] != '\t')
            return true;
    }
    return false;
}

enum line_editor_outcome line_editor_read(struct line_editor *editor, const char **line, size_t *size) {
    int count = 0;
    interrupted = 0;
    fflush(stdout);
    const char *typed = el_gets(editor->edit, &count);
    if (interrupted) {
        fputc('\n', stdout);
        return LINE_EDITOR_INTERRUPTED;
    }
    if (!typed || count <= 0)
        return LINE_EDITOR_END;
    buffer_clear(&editor->line);
    if (!buffer_append(&editor->line, typed, strlen(typed)))
        return LINE_EDITOR_END;
    while (editor->line.size > 0 && strchr("\r\n", editor->line.data[editor->line.size - 1]))
        editor->line.size--;
    if (!buffer_terminate(&editor->line))
        return LINE_EDITOR_END;
    HistEvent event;
    if (has_text(editor->line.data, editor->line.size))
        history(editor->history, &event, H_ENTER, editor->line.data);
    *line = editor->line.data;
    *size = editor->line.size;
    return LINE_EDITOR_LINE;
}

void line_editor_close(struct line_editor *editor) {
    if (!editor)
        return;
    HistEvent event;
    if (editor->history_path)
        history(editor->history, &event, H_SAVE, editor->history_path);
    if (editor->history)
        history_end(editor->history);
    if (editor->edit)
        el_end(editor->edit);
    free(editor->history_path);
    buffer_free(&editor->line);
    free(editor);
}
