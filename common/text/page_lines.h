/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A page as lines: where each begins and ends, and what can be counted on it. A line that is long
 * and ends as a sentence does is known at sight to be prose and is not looked at further; most of
 * clean text is of that kind.
 */
#ifndef XUNZI_TEXT_PAGE_LINES_H
#define XUNZI_TEXT_PAGE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/character.h"

enum { PAGE_SIGHT_LEAST = 90 }; /* bytes of a line that is prose at sight */

struct page_line {
    uint32_t begin, end; /* bytes of the text, without the white space about it; begin < end */
    uint32_t number;     /* from 1, blank lines counted */
    uint32_t units;      /* characters that can be searched for, readings in parentheses left out */
    uint32_t han;        /* of them */
    uint32_t commas;     /* and semicolons; not the pause mark 、 */
    uint32_t stops;      /* full stops 。 */
    uint32_t enders;     /* all marks that end a sentence */
    uint32_t bars;       /* | and what looks like it, and low lines */
    uint32_t arrows;     /* > and what looks like it */
    uint32_t gaps;       /* runs of white space inside */
    uint32_t
        behind_stop; /* where the last mark that ends a sentence ends; begin where there is none */
    uint32_t bars_behind; /* of the bars, those behind it */
    uint32_t first, last; /* code points; last: brackets and quotation marks that close left out */
    uint32_t indent;      /* bytes of white space before it */
    uint32_t columns;     /* of a terminal, without the indent */
    bool at_sight; /* prose at sight: only begin, end, number, indent and blank_before are known */
    bool blank_before; /* a blank line stands between it and the line before, or it is the first */
    bool ends_sentence;
    bool counter; /* ends with a number of three digits or more, apart */
    uint8_t hint; /* enum page_hint, see page_hints.h */
    bool aside;
    uint8_t reason; /* enum edit_reason, where it is set aside */
};

struct page_lines {
    struct page_line *items;
    size_t count, capacity;
    bool too_many; /* more than PAGE_LINES_MOST: no page for people, and not looked at further */
};

enum { PAGE_LINES_MOST = 200000 };

/* Replaces what lines holds by the lines of text that are not blank. Of each is known what is known
 * of prose at sight, and whether it is that; the rest is left to page_line_read. False: no memory.
 */
bool page_lines_read(struct page_lines *lines, const char *text, size_t size);
void page_lines_free(struct page_lines *lines);

/* In columns of a terminal: what lies beyond Latin counts two. */
uint32_t page_columns(const char *text, size_t begin, size_t end);

/* Whether this ends a sentence: 。！？ and the like. */
bool page_ends_sentence(uint32_t code_point);

/* The beginning of a line as folded characters: white space as one space, readings in parentheses
 * behind a Han character and ignorable characters left out. */
enum { PAGE_KEY_MOST = 240 };
struct page_key {
    uint32_t characters[PAGE_KEY_MOST];
    uint32_t begin[PAGE_KEY_MOST], end[PAGE_KEY_MOST]; /* bytes of the text */
    size_t count;
    bool whole;  /* the line has no more */
    bool states; /* it has a colon or a digit, as each label and date */
};

void page_key_make(struct page_key *key, const char *text, uint32_t begin, uint32_t end,
                   size_t most);

/* Counts on a line that is not prose at sight, or is to be counted all the same and then is not
 * that any more; makes its key, of at most PAGE_KEY_MOST characters. */
void page_line_read(struct page_line *line, const char *text, struct page_key *key);

/* Whether characters of this class can be searched for. */
static inline bool page_class_is_unit(enum character_class class) {
    return class >= CHARACTER_HAN && class <= CHARACTER_MARK;
}

static inline enum character_class page_key_class(uint32_t character) {
    return character_entry_class(character_entry(character));
}

static inline bool page_key_is_unit(uint32_t character) {
    return page_class_is_unit(page_key_class(character));
}

static inline bool page_key_is_digit(uint32_t character) {
    return page_key_class(character) == CHARACTER_DIGIT;
}

#endif
