/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "text/page_wrap.h"

#include "base/utf8.h"
#include "text/character.h"

enum {
    WIDTH_LEAST = 16,    /* columns of a line that can be full */
    WIDTH_SLACK = 4,     /* columns by which full lines differ: what must not begin a line, a wide
                            character that does not fit */
    NEIGHBOURS_MOST = 8, /* lines looked at on each side */
    SENTENCE_LEAST = 12, /* units of a line that breaks a sentence by itself */
    READING_MOST = 16,   /* letters of a reading in parentheses */
    MEASURED_MOST = 400  /* bytes of a line that people wrapped; longer ones are not measured */
};

static bool is_han(uint32_t c) {
    return c != UTF8_ILL_FORMED && character_entry_class(character_entry(c)) == CHARACTER_HAN;
}

static uint32_t first_character(const struct page_line *line, const char *text) {
    size_t at = line->begin;
    return utf8_next(text, line->end, &at);
}

/* The character that ends at *at, which moves to its beginning. */
static uint32_t character_before(const struct page_line *line, const char *text, size_t *at) {
    --*at;
    while (*at > line->begin && ((unsigned char)text[*at] & 0xC0) == 0x80)
        --*at;
    size_t next = *at;
    return utf8_next(text, line->end, &next);
}

/* The last character of the line, a reading in parentheses left out: 醫(yī). */
static uint32_t last_character(const struct page_line *line, const char *text) {
    size_t at = line->end;
    uint32_t last = character_before(line, text, &at);
    if (last != ')' && last != 0xFF09)
        return last;
    for (int letters = 0; letters <= READING_MOST && at > line->begin; letters++) {
        uint32_t c = character_before(line, text, &at);
        if ((c == '(' || c == 0xFF08) && letters > 0 && at > line->begin)
            return character_before(line, text, &at);
        enum character_class class = c == UTF8_ILL_FORMED
                                         ? CHARACTER_PUNCTUATION
                                         : character_entry_class(character_entry(c));
        if (class != CHARACTER_LETTER && class != CHARACTER_MARK)
            break;
    }
    return last;
}

static size_t width(const struct page_line *line, const char *text) {
    if (line->end - line->begin > MEASURED_MOST)
        return MEASURED_MOST;
    return line->indent +
           (size_t)(line->at_sight ? page_columns(text, line->begin, line->end) : line->columns);
}

/* What the width is at least, by the line's size alone: three bytes are a column or more. */
static size_t least_width(const struct page_line *line) {
    size_t size = line->end - line->begin;
    return size > MEASURED_MOST ? MEASURED_MOST : line->indent + size / 3;
}

/* Whether a line about line i, of the same paragraph, is full at the same width, and none goes
 * beyond it. Most paragraphs of clean text are a line each, and seen at once to go beyond it. */
static bool is_full(const struct page_lines *lines, size_t i, const char *text) {
    size_t own = width(&lines->items[i], text), equal = 0;
    if (own < WIDTH_LEAST)
        return false;
    size_t first = i > NEIGHBOURS_MOST ? i - NEIGHBOURS_MOST : 0;
    size_t last = lines->count - 1 - i > NEIGHBOURS_MOST ? i + NEIGHBOURS_MOST : lines->count - 1;
    for (size_t j = first; j <= last; j++)
        if (least_width(&lines->items[j]) > own + WIDTH_SLACK)
            return false;
    for (size_t j = first; j <= last; j++) {
        size_t other = j == i ? own : width(&lines->items[j], text);
        if (other > own + WIDTH_SLACK)
            return false;
        equal += j != i && other + WIDTH_SLACK >= own;
    }
    return equal >= 1;
}

bool page_is_wrapped(const struct page_lines *lines, size_t i, const char *text) {
    if (i + 1 >= lines->count)
        return false;
    const struct page_line *line = &lines->items[i], *next = &lines->items[i + 1];
    if (line->at_sight || next->blank_before || line->aside || next->aside ||
        next->indent > line->indent + 1 || line->counter || !is_han(last_character(line, text)) ||
        !is_han(first_character(next, text)))
        return false;
    bool goes_on = next->at_sight || next->enders > 0 || next->commas > 0;
    if (line->commas > 0 && line->units >= SENTENCE_LEAST && goes_on && line->bars == 0)
        return true;
    return (line->commas > 0 || line->enders > 0 || goes_on) && is_full(lines, i, text);
}
