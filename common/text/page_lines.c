/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cutting a page into lines, most of it memchr's work, and counting on them. */
#include "text/page_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"

enum { READING_MOST = 16 /* bytes of a reading in parentheses */ };

bool page_ends_sentence(uint32_t c) {
    return c == 0x3002 || c == 0xFF61 || c == 0xFF01 || c == 0xFF1F || c == '!' || c == '?' ||
           c == 0x2026 || c == 0xFF1B;
}

static bool is_stop(uint32_t c) {
    return c == 0x3002 || c == 0xFF61;
}

static bool closes(uint32_t c) {
    return c == 0x201D || c == 0x2019 || c == 0x300D || c == 0x300F || c == 0xFF09 || c == ')' ||
           c == 0x3011 || c == 0x300B || c == '"' || c == ']';
}

static bool is_bar(uint32_t c) {
    return c == '|' || c == 0xFF5C || c == 0x2502 || c == 0x2503 || c == 0x00A6 || c == '_' ||
           c == 0xFF3F;
}

static bool is_arrow(uint32_t c) {
    return c == '>' || c == 0xFF1E || c == 0x203A || c == 0x00BB || c == 0x2192 || c == 0x25B6 ||
           c == 0x25B8;
}

static bool is_comma(uint32_t c) {
    return c == 0xFF0C || c == ',' || c == 0xFF1B || c == ';';
}

/* Where the reading in parentheses that begins at `at` ends: (yī), or at itself where none begins
 * there. */
static size_t pass_reading(const char *text, size_t at, size_t end) {
    static const char wide_open[] = "\xEF\xBC\x88", wide_close[] = "\xEF\xBC\x89";
    size_t inside = at;
    if (text[at] == '(')
        inside = at + 1;
    else if (end - at > 3 && memcmp(text + at, wide_open, 3) == 0)
        inside = at + 3;
    else
        return at;
    for (size_t i = inside; i < end && i - inside <= READING_MOST;) {
        if (text[i] == ')')
            return i > inside ? i + 1 : at;
        if (end - i >= 3 && memcmp(text + i, wide_close, 3) == 0)
            return i > inside ? i + 3 : at;
        uint32_t c = utf8_next(text, end, &i);
        enum character_class class = c == UTF8_ILL_FORMED
                                         ? CHARACTER_PUNCTUATION
                                         : character_entry_class(character_entry(c));
        if (class != CHARACTER_LETTER && class != CHARACTER_MARK)
            return at;
    }
    return at;
}

static bool may_be_reading(const char *text, size_t at, size_t end) {
    return at < end && (text[at] == '(' || text[at] == '\xEF');
}

/* Whether the line is known to be prose without counting: it is long, and its last character but
 * for a closing quotation mark is 。 */
static bool is_prose_at_sight(const char *text, size_t begin, size_t end) {
    if (end - begin < PAGE_SIGHT_LEAST)
        return false;
    const char *last = text + end - 3;
    if (memcmp(last, "\xE2\x80\x9D", 3) == 0 || memcmp(last, "\xE3\x80\x8D", 3) == 0)
        last -= 3;
    return memcmp(last, "\xE3\x80\x82", 3) == 0;
}

/* What stands for a character in a key. */
static inline uint32_t key_character(uint32_t c, uint32_t entry, enum character_class class) {
    return class == CHARACTER_SPACE ? ' '
           : c == UTF8_ILL_FORMED   ? 0
                                    : character_entry_folded(c, entry);
}

/* Appends a character to a key that has room for it; one space stands for several. */
static inline void key_append(struct page_key *key, uint32_t folded, size_t begin, size_t end) {
    if (folded == ' ' && key->count > 0 && key->characters[key->count - 1] == ' ')
        return;
    key->characters[key->count] = folded;
    key->begin[key->count] = (uint32_t)begin;
    key->end[key->count++] = (uint32_t)end;
}

/* Counts a character that is not Han: all marks are of that kind. `behind` is where it ends. */
static void count_other(struct page_line *line, uint32_t c, enum character_class class,
                        size_t behind) {
    line->units += class > CHARACTER_HAN && class <= CHARACTER_MARK;
    line->commas += is_comma(c);
    line->arrows += is_arrow(c);
    if (is_bar(c)) {
        line->bars++;
        line->bars_behind++;
    }
    if (page_ends_sentence(c)) {
        line->enders++;
        line->stops += is_stop(c);
        line->behind_stop = (uint32_t)behind;
        line->bars_behind = 0;
    }
    if (!closes(c))
        line->last = c;
}

/* What is at the end of a line so far. */
struct line_tail {
    uint32_t digits;
    bool in_gap, gap_before_digits;
};

static inline void count(struct page_line *line, struct line_tail *tail, uint32_t c,
                         enum character_class class, size_t behind) {
    if (class == CHARACTER_SPACE) {
        line->gaps += !tail->in_gap;
        tail->in_gap = true;
        return;
    }
    if (class == CHARACTER_DIGIT) {
        tail->gap_before_digits |= tail->digits == 0 && tail->in_gap;
        tail->digits++;
    } else {
        tail->digits = 0;
        tail->gap_before_digits = false;
    }
    tail->in_gap = false;
    if (line->first == 0)
        line->first = c;
    if (class != CHARACTER_HAN) {
        count_other(line, c, class, behind);
        return;
    }
    line->units++;
    line->han++;
    line->last = c;
}

void page_line_read(struct page_line *out, const char *text, struct page_key *key) {
    struct page_line line = *out; /* which nothing that is written elsewhere can change */
    struct line_tail tail = {0};
    line.at_sight = false;
    line.behind_stop = line.begin;
    key->count = 0;
    key->whole = true;
    for (size_t at = line.begin; at < line.end;) {
        size_t from = at;
        uint32_t c = utf8_next(text, line.end, &at);
        bool ill_formed = c == UTF8_ILL_FORMED;
        uint32_t entry = ill_formed ? 0 : character_entry(c);
        enum character_class class =
            ill_formed ? CHARACTER_PUNCTUATION : character_entry_class(entry);
        if (!ill_formed)
            count(&line, &tail, c, class, at);
        if (class == CHARACTER_HAN && may_be_reading(text, at, line.end))
            at = pass_reading(text, at, line.end);
        if (key->count == PAGE_KEY_MOST)
            key->whole = false;
        else if (class != CHARACTER_IGNORABLE)
            key_append(key, key_character(c, entry, class), from, at);
    }
    line.ends_sentence = page_ends_sentence(line.last);
    line.counter = tail.gap_before_digits && tail.digits >= 3;
    *out = line;
}

/* The size of the white space at the beginning of text: 1, 3 for the ideographic space, 2 for the
 * no-break space, or 0. */
static size_t space_size(const char *text, size_t size) {
    if (size >= 1 && (*text == ' ' || (*text >= '\t' && *text <= '\r')))
        return 1;
    if (size >= 3 && memcmp(text, "\xE3\x80\x80", 3) == 0)
        return 3;
    return size >= 2 && memcmp(text, "\xC2\xA0", 2) == 0 ? 2 : 0;
}

static size_t trim_end(const char *text, size_t begin, size_t end) {
    for (;;) {
        if (end > begin && space_size(text + end - 1, 1))
            end--;
        else if (end >= begin + 3 && space_size(text + end - 3, 3) == 3)
            end -= 3;
        else if (end >= begin + 2 && space_size(text + end - 2, 2) == 2)
            end -= 2;
        else
            return end;
    }
}

/* The end of the line that holds `at`: LF, CR or the text's end. *back: the first CR behind where
 * the line before began, or the text's end; it is moved on. */
static size_t line_end(const char *text, size_t size, size_t at, size_t *back) {
    if (*back < at) {
        const char *next = memchr(text + at, '\r', size - at);
        *back = next ? (size_t)(next - text) : size;
    }
    const char *feed = memchr(text + at, '\n', *back - at);
    return feed ? (size_t)(feed - text) : *back;
}

bool page_lines_read(struct page_lines *lines, const char *text, size_t size) {
    lines->count = 0;
    lines->too_many = false;
    uint32_t number = 0;
    bool blank = true;
    const char *first_back = size > 0 ? memchr(text, '\r', size) : NULL;
    size_t back = first_back ? (size_t)(first_back - text) : size;
    for (size_t at = 0, end; at < size; at = end) {
        end = line_end(text, size, at, &back);
        size_t begin = at, after = end;
        end += end < size;
        if (end < size && end > 0 && text[end - 1] == '\r' && text[end] == '\n')
            end++;
        number++;
        for (size_t step; begin < after && (step = space_size(text + begin, after - begin)) > 0;)
            begin += step;
        after = trim_end(text, begin, after);
        if (begin >= after) {
            blank = true;
            continue;
        }
        if (lines->count == PAGE_LINES_MOST) {
            lines->too_many = true;
            return true;
        }
        if (lines->count == lines->capacity &&
            !array_reserve(&lines->items, &lines->capacity, lines->count + 1, sizeof *lines->items))
            return false;
        struct page_line *line = &lines->items[lines->count++];
        *line = (struct page_line){.begin = (uint32_t)begin,
                                   .end = (uint32_t)after,
                                   .number = number,
                                   .indent = (uint32_t)(begin - at),
                                   .blank_before = blank};
        blank = false;
        line->at_sight = is_prose_at_sight(text, begin, after);
    }
    return true;
}

void page_lines_free(struct page_lines *lines) {
    free(lines->items);
    *lines = (struct page_lines){0};
}

void page_key_make(struct page_key *key, const char *text, uint32_t begin, uint32_t end,
                   size_t most) {
    size_t at = begin;
    key->count = 0;
    while (at < end && key->count < most && key->count < PAGE_KEY_MOST) {
        size_t from = at;
        uint32_t c = utf8_next(text, end, &at);
        uint32_t entry = c == UTF8_ILL_FORMED ? 0 : character_entry(c);
        enum character_class class =
            c == UTF8_ILL_FORMED ? CHARACTER_PUNCTUATION : character_entry_class(entry);
        if (class == CHARACTER_HAN && may_be_reading(text, at, end))
            at = pass_reading(text, at, end);
        if (class != CHARACTER_IGNORABLE)
            key_append(key, key_character(c, entry, class), from, at);
    }
    key->whole = at >= end;
}
