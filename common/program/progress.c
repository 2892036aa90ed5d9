/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The progress bar: redrawn in place with a carriage return and "erase to the end of the line". */
#include "program/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "program/terminal.h"

enum { BAR_COLUMNS = 24, REDRAW_MILLISECONDS = 100 };

static bool on_screen;
static int64_t drawn_at = INT64_MIN / 2; /* milliseconds of the monotonic clock */

static int64_t now_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool can_draw(void) {
    static int answer = -1;
    if (answer < 0) {
        const char *kind = getenv("TERM");
        answer = terminal_is(stderr) && kind && *kind && strcmp(kind, "dumb") != 0;
    }
    return answer == 1;
}

bool progress_due(void) {
    return can_draw() && now_milliseconds() - drawn_at >= REDRAW_MILLISECONDS;
}

/* The size of the longest beginning of text that takes at most `columns`. */
static size_t fitting_size(const char *text, size_t columns) {
    size_t size = strlen(text), at = 0, used = 0;
    while (at < size) {
        size_t next = at;
        uint32_t code_point = utf8_next(text, size, &next);
        used += code_point == UTF8_ILL_FORMED ? 1 : terminal_code_point_width(code_point);
        if (used > columns)
            break;
        at = next;
    }
    return at;
}

static void draw(const char *bar, const char *text) {
    /* A full last column would make some terminals go to the next line. */
    size_t columns = terminal_width(stderr) - 1;
    size_t bar_columns = strlen(bar) < columns ? strlen(bar) : columns;
    size_t size = fitting_size(text, columns - bar_columns);
    fprintf(stderr, "\r%.*s%.*s\033[K", (int)bar_columns, bar, (int)size, text);
    fflush(stderr);
    on_screen = true;
    drawn_at = now_milliseconds();
}

void progress_note(const char *text) {
    if (can_draw())
        draw("", text);
}

void progress_show(uint64_t done, uint64_t total, const char *text) {
    if (!progress_due())
        return;
    char bar[BAR_COLUMNS + 16] = "";
    if (total > 0) {
        double part = done >= total ? 1.0 : (double)done / (double)total;
        int filled = (int)(part * BAR_COLUMNS);
        int used =
            snprintf(bar, sizeof bar, "[%.*s%*s] %3d%%  ", filled, "########################",
                     BAR_COLUMNS - filled, "", (int)(part * 100));
        if (used < 0)
            return;
    }
    draw(bar, text);
}

void progress_erase(void) {
    if (!on_screen)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    on_screen = false;
}
