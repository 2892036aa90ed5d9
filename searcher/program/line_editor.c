/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Line editing by libedit: BSD licence, in Debian, and it measures wide characters right. */
#include "searcher/program/line_editor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

#include <histedit.h>

#include "base/buffer.h"

enum { HISTORY_LINES = 1000 };

struct line_editor {
    EditLine *edit;
    History *history;
    char *history_path; /* NULL: kept in memory only */
    const char *prompt;
    sigset_t waiting; /* the signal mask while a key is waited for */
    struct buffer line;
};

static volatile sig_atomic_t interrupted, resized, continued;

static void note_signal(int number) {
    if (number == SIGINT)
        interrupted = 1;
    else if (number == SIGWINCH)
        resized = 1;
    else
        continued = 1;
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

/* What signals have brought while a key was waited for. False: the line is to be dropped. */
static bool handle_signals(EditLine *edit) {
    if (interrupted)
        return false;
    if (continued)
        el_set(edit, EL_PREP_TERM, 1);
    if (resized)
        el_resize(edit);
    if (continued || resized)
        el_set(edit, EL_REFRESH);
    continued = resized = 0;
    return true;
}

/* Reads one character for libedit: 1, 0 at the end of input, -1 to end the line. The signals that
 * matter are blocked but for the wait itself, so that none is lost between looking at the flags and
 * waiting; libedit's own way loses some. */
static int read_character(EditLine *edit, wchar_t *character) {
    struct line_editor *editor;
    mbstate_t state = {0};
    if (el_get(edit, EL_CLIENTDATA, &editor) != 0)
        return -1;
    for (;;) {
        struct pollfd keyboard = {.fd = STDIN_FILENO, .events = POLLIN};
        if (ppoll(&keyboard, 1, NULL, &editor->waiting) < 0) {
            if (errno != EINTR || !handle_signals(edit))
                return -1;
            continue;
        }
        char byte;
        ssize_t count = read(STDIN_FILENO, &byte, 1);
        if (count <= 0)
            return (int)count;
        size_t used = mbrtowc(character, &byte, 1, &state);
        if (used == (size_t)-2)
            continue;
        if (used == (size_t)-1)
            *character = 0xFFFD;
        return 1;
    }
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

/* The history's file, its folder made; NULL where there is no place for one. The XDG Base Directory
 * Specification wants an absolute path. The caller's. */
static char *find_history_path(void) {
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    struct buffer path = {0};
    bool ok;
    if (state && state[0] == '/')
        ok = buffer_append_text(&path, state) && buffer_append_text(&path, "/xunzi");
    else
        ok = home && home[0] == '/' && buffer_append_text(&path, home) &&
             buffer_append_text(&path, "/.local/state/xunzi");
    ok = ok && buffer_terminate(&path) && make_folders(path.data) &&
         buffer_append_text(&path, "/history") && buffer_terminate(&path);
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
    if (!editor->edit || !editor->history ||
        history(editor->history, &event, H_SETSIZE, HISTORY_LINES) != 0 ||
        history(editor->history, &event, H_SETUNIQUE, 1) != 0) {
        line_editor_close(editor);
        return NULL;
    }
    el_set(editor->edit, EL_CLIENTDATA, editor);
    el_set(editor->edit, EL_PROMPT, prompt_text);
    el_set(editor->edit, EL_EDITOR, "emacs");
    el_set(editor->edit, EL_GETCFN, read_character);
    el_set(editor->edit, EL_HIST, history, editor->history);
    el_set(editor->edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
    el_source(editor->edit, NULL);
    editor->history_path = find_history_path();
    if (editor->history_path)
        history(editor->history, &event, H_LOAD, editor->history_path);
    struct sigaction action = {.sa_handler = note_signal};
    action.sa_flags = SA_RESTART; /* printing goes on; ppoll ends all the same */
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGWINCH, &action, NULL);
    sigaction(SIGCONT, &action, NULL);
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

enum line_editor_outcome line_editor_read(struct line_editor *editor, const char **line,
                                          size_t *size) {
    int count = 0;
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGINT);
    sigaddset(&blocked, SIGWINCH);
    sigaddset(&blocked, SIGCONT);
    sigprocmask(SIG_BLOCK, &blocked, &editor->waiting);
    interrupted = 0;
    fflush(stdout);
    /* Before the prompt is there: keys typed on seeing it are to meet the editor, not the
     * terminal's own line mode. */
    el_set(editor->edit, EL_PREP_TERM, 1);
    const char *typed = el_gets(editor->edit, &count);
    sigprocmask(SIG_SETMASK, &editor->waiting, NULL);
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
