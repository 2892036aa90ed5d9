/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines typed on a terminal, with editing and a history that lasts over sessions, by libedit. One
 * editor a process. */
#ifndef XUNZI_SEARCHER_PROGRAM_LINE_EDITOR_H
#define XUNZI_SEARCHER_PROGRAM_LINE_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

struct line_editor;

/* prompt is a constant. The history is read from xunzi/history in $XDG_STATE_HOME, or else
 * ~/.local/state, and written there again when the editor is closed; where that cannot be done
 * there is none but this session's. NULL: the terminal or the memory does not allow an editor. From
 * here on an interrupt (Ctrl-C) does not end the process. */
struct line_editor *line_editor_open(const char *program, const char *prompt);

enum line_editor_outcome { LINE_EDITOR_LINE, LINE_EDITOR_INTERRUPTED, LINE_EDITOR_END };

/* Asks for a line. *line has no line feed at its end and lives until the next call. INTERRUPTED:
 * what was typed is dropped. */
enum line_editor_outcome line_editor_read(struct line_editor *editor, const char **line,
                                          size_t *size);

/* Whether there was an interrupt since the last line was read: long printing is to stop. */
bool line_editor_interrupted(void);

void line_editor_close(struct line_editor *editor);

#endif
