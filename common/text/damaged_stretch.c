/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "text/damaged_stretch.h"

enum {
    CONTEXT_MOST = 96 /* bytes on each side: a token of Latin letters may be cut, but that is in the
                         mended text as well */
};

static const char full_stop[] = "\xE3\x80\x82";

static bool begins_break(const char *text, size_t at, size_t size) {
    return text[at] == '\n' || (size - at >= 3 && memcmp(text + at, full_stop, 3) == 0);
}

static bool ends_break(const char *text, size_t at) {
    return text[at - 1] == '\n' || (at >= 3 && memcmp(text + at - 3, full_stop, 3) == 0);
}

static bool is_inside(const char *text, size_t at) {
    return ((unsigned char)text[at] & 0xC0) == 0x80;
}

static size_t sentence_begin(const char *text, size_t at) {
    size_t least = at > CONTEXT_MOST ? at - CONTEXT_MOST : 0;
    while (at > least && !ends_break(text, at))
        at--;
    while (at > 0 && is_inside(text, at))
        at--;
    return at;
}

static size_t sentence_end(const char *text, size_t size, size_t at) {
    size_t most = size - at > CONTEXT_MOST ? at + CONTEXT_MOST : size;
    while (at < most && !begins_break(text, at, size))
        at++;
    while (at < size && is_inside(text, at))
        at++;
    return at;
}

static bool reads_otherwise(const struct edit *edit, enum fold_reading reading) {
    xunzi_string other;
    return edit->kind == EDIT_MEND &&
           (reading == FOLD_AS_IT_STANDS || edit_other(edit, reading - FOLD_OTHER, &other));
}

bool damaged_stretch_next(const char *text, size_t size, const struct edits *edits,
                          enum fold_reading reading, size_t *next, size_t *begin, size_t *end) {
    while (*next < edits->count && !reads_otherwise(&edits->items[*next], reading))
        ++*next;
    if (*next == edits->count || edits->items[*next].end > size)
        return false;
    *begin = sentence_begin(text, edits->items[*next].begin);
    *end = sentence_end(text, size, edits->items[*next].end);
    while (++*next < edits->count && edits->items[*next].begin < *end &&
           edits->items[*next].end <= size)
        if (reads_otherwise(&edits->items[*next], reading))
            *end = sentence_end(text, size, edits->items[*next].end);
    return true;
}

bool damaged_stretch_touches(const struct edits *edits, enum fold_reading reading,
                             const struct token *token) {
    for (size_t i = edits_find(edits, token->begin);
         i < edits->count && edits->items[i].begin < token->end; i++)
        if (reads_otherwise(&edits->items[i], reading))
            return true;
    return false;
}
