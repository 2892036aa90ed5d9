/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Terminals: by isatty, TIOCGWINSZ, the environment, and wcwidth. */
#include "program/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/utf8.h"

enum { DEFAULT_WIDTH = 80, LEAST_WIDTH = 20 };

bool terminal_color_parse(const char *text, enum terminal_color *out) {
    static const char *const names[] = {"auto", "always", "never"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(text, names[i]) == 0) {
            *out = (enum terminal_color)i;
            return true;
        }
    }
    return false;
}

bool terminal_is(FILE *stream) {
    return isatty(fileno(stream)) == 1;
}

bool terminal_use_color(FILE *stream, enum terminal_color choice) {
    if (choice != TERMINAL_COLOR_AUTO)
        return choice == TERMINAL_COLOR_ALWAYS;
    const char *kind = getenv("TERM");
    const char *no_color = getenv("NO_COLOR");
    return terminal_is(stream) && kind && *kind && strcmp(kind, "dumb") != 0 &&
           !(no_color && *no_color);
}

const char *terminal_style(bool color, enum terminal_style style) {
    if (!color)
        return "";
    switch (style) {
    case TERMINAL_RESET:
        return "\033[0m";
    case TERMINAL_BOLD:
        return "\033[1m";
    case TERMINAL_DIM:
        return "\033[2m";
    case TERMINAL_RED:
        return "\033[31m";
    case TERMINAL_GREEN:
        return "\033[32m";
    case TERMINAL_MATCH:
        return "\033[1;31m";
    }
    return "";
}

size_t terminal_width(FILE *stream) {
    struct winsize size;
    if (!terminal_is(stream) || ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return DEFAULT_WIDTH;
    return size.ws_col < LEAST_WIDTH ? LEAST_WIDTH : size.ws_col;
}

size_t terminal_code_point_width(uint32_t code_point) {
    int width = wcwidth((wchar_t)code_point);
    return width < 0 ? 0 : (size_t)width;
}

size_t terminal_text_width(const char *text, size_t size) {
    size_t width = 0;
    for (size_t at = 0; at < size;) {
        uint32_t code_point = utf8_next(text, size, &at);
        width += code_point == UTF8_ILL_FORMED ? 1 : terminal_code_point_width(code_point);
    }
    return width;
}
