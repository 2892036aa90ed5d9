/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cutting a page into lines, and counting on them. */
#include "text/page_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "text/line_ends.h"

enum { READING_MOST = 16 /* bytes of a reading in parentheses */ };

/* What a mark is to a line; several may hold. */
enum {
    MARK_STOP = 1,
    MARK_ENDER = 2,
    MARK_CLOSES = 4,
    MARK_BAR = 8,
    MARK_ARROW = 16,
    MARK_COMMA = 32
};

static unsigned mark_kind(uint32_t c) {
    switch (c) {
    case 0x3002:
    case 0xFF61:
        return MARK_STOP | MARK_ENDER;
    case 0xFF01:
    case 0xFF1F:
    case '!':
    case '?':
    case 0x2026:
        return MARK_ENDER;
    case 0xFF1B:
        return MARK_ENDER | MARK_COMMA;
    case 0xFF0C:
    case ',':
    case ';':
        return MARK_COMMA;
    case 0x201D:
    case 0x2019:
    case 0x300D:
    case 0x300F:
    case 0xFF09:
    case ')':
    case 0x3011:
    case 0x300B:
    case '"':
    case ']':
        return MARK_CLOSES;
    case '|':
    case 0xFF5C:
    case 0x2502:
    case 0x2503:
    case 0x00A6:
    case '_':
    case 0xFF3F:
        return MARK_BAR;
    case '>':
    case 0xFF1E:
    case 0x203A:
    case 0x00BB:
    case 0x2192:
    case 0x25B6:
    case 0x25B8:
        return MARK_ARROW;
    default:
        return 0;
    }
}

bool page_ends_sentence(uint32_t code_point) {
    return mark_kind(code_point) & MARK_ENDER;
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

static uint32_t columns_of(uint32_t c) {
    return c >= 0x1100 || (c >= 0x2010 && c <= 0x2030) ? 2 : 1;
}

uint32_t page_columns(const char *text, size_t begin, size_t end) {
    uint32_t columns = 0;
    while (begin < end)
        columns += columns_of(utf8_next(text, end, &begin));
    return columns;
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
    key->states |= folded == ':' || (folded >= '0' && folded <= '9');
    key->characters[key->count] = folded;
    key->begin[key->count] = (uint32_t)begin;
    key->end[key->count++] = (uint32_t)end;
}

/* Counts a mark or symbol; `behind` is where it ends. */
static void count_mark(struct page_line *line, uint32_t c, size_t behind) {
    unsigned kind = mark_kind(c);
    line->commas += (kind & MARK_COMMA) != 0;
    line->arrows += (kind & MARK_ARROW) != 0;
    line->bars += (kind & MARK_BAR) != 0;
    line->bars_behind += (kind & MARK_BAR) != 0;
    line->stops += (kind & MARK_STOP) != 0;
    if (kind & MARK_ENDER) {
        line->enders++;
        line->behind_stop = (uint32_t)behind;
        line->bars_behind = 0;
    }
    if (!(kind & MARK_CLOSES))
        line->last = c;
}

/* What is at the end of a line so far. */
struct line_tail {
    uint32_t digits;
    bool in_gap, gap_before_digits;
};

static void count(struct page_line *line, struct line_tail *tail, uint32_t c,
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
    if (!page_class_is_unit(class)) {
        count_mark(line, c, behind);
        return;
    }
    line->units++;
    line->han += class == CHARACTER_HAN;
    line->last = c;
}

/* Passes the reading in parentheses that begins at `at`, if one does. */
static size_t read_reading(struct page_line *line, const char *text, size_t at) {
    size_t end = pass_reading(text, at, line->end);
    line->columns += page_columns(text, at, end);
    return end;
}

/* The unified ideograph at `bytes`, where a fourth byte can be read; 0: there is none. Most of text
 * are such. Their block is asked for and not the table, which is not always at hand. */
static inline uint32_t ideograph_at(const char *bytes) {
    const unsigned char *in = (const unsigned char *)bytes;
    uint32_t four =
        (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | (uint32_t)in[3];
    uint32_t c = (four >> 12 & 0xF000) | (four >> 10 & 0xFC0) | (four >> 8 & 0x3F);
    bool three = (four & 0xF0C0C000) == 0xE0808000;
    return three && c - CHARACTER_IDEOGRAPHS < CHARACTER_IDEOGRAPH_COUNT ? c : 0;
}

/* Passes the ideographs from `at` on, where four bytes each are before `end`, and puts those into
 * the key that it has room for. Returns where they end; *last is the last of them. */
static inline size_t pass_ideographs(struct page_key *key, const char *text, size_t at, size_t end,
                                     uint32_t *last) {
    uint32_t c;
    size_t place = key->count, room = PAGE_KEY_MOST - place;
    if (end - at < 4)
        return at;
    for (size_t most = (end - at) / 3 > room ? at + 3 * room : end - 3;
         at < most && (c = ideograph_at(text + at)) != 0; place++) {
        key->characters[place] = character_entry_folded(c, character_entry(c));
        key->begin[place] = (uint32_t)at;
        key->end[place] = (uint32_t)(at += 3);
        *last = c;
    }
    key->count = place;
    for (; place == PAGE_KEY_MOST && end - at >= 4 && (c = ideograph_at(text + at)) != 0; at += 3)
        *last = c;
    return at;
}

/* Reads a run of ideographs, with the reading behind it. Returns where they end. */
static inline size_t read_ideographs(struct page_line *line, struct line_tail *tail,
                                     const char *text, size_t begin, struct page_key *key) {
    size_t end = pass_ideographs(key, text, begin, line->end, &line->last);
    if (end == begin)
        return begin;
    uint32_t count = (uint32_t)(end - begin) / 3;
    if (line->first == 0)
        line->first = utf8_next(text, line->end, &(size_t){begin});
    line->units += count;
    line->han += count;
    line->columns += 2 * count;
    *tail = (struct line_tail){0};
    if (!may_be_reading(text, end, line->end))
        return end;
    size_t behind = read_reading(line, text, end);
    if (key->end[key->count - 1] == end)
        key->end[key->count - 1] = (uint32_t)behind;
    return behind;
}

void page_line_read(struct page_line *out, const char *text, struct page_key *key) {
    struct page_line line = *out; /* which nothing that is written elsewhere can change */
    struct line_tail tail = {0};
    line.at_sight = false;
    line.behind_stop = line.begin;
    line.columns = 0;
    key->count = 0;
    key->states = false;
    for (size_t at = line.begin; (at = read_ideographs(&line, &tail, text, at, key)) < line.end;) {
        size_t from = at;
        uint32_t c = utf8_next(text, line.end, &at);
        bool ill_formed = c == UTF8_ILL_FORMED;
        uint32_t entry = ill_formed ? 0 : character_entry(c);
        enum character_class class =
            ill_formed ? CHARACTER_PUNCTUATION : character_entry_class(entry);
        line.columns += columns_of(c);
        if (!ill_formed)
            count(&line, &tail, c, class, at);
        if (class == CHARACTER_HAN && may_be_reading(text, at, line.end))
            at = read_reading(&line, text, at);
        if (key->count < PAGE_KEY_MOST && class != CHARACTER_IGNORABLE)
            key_append(key, key_character(c, entry, class), from, at);
    }
    key->whole = key->count < PAGE_KEY_MOST || key->end[PAGE_KEY_MOST - 1] == line.end;
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

/* Whether white space may begin with this byte, or end with it: few lines are looked at closer. */
static bool may_begin_space(char byte) {
    return (unsigned char)byte <= ' ' || byte == '\xE3' || byte == '\xC2';
}

static bool may_end_space(char byte) {
    return (unsigned char)byte <= ' ' || byte == '\x80' || byte == '\xA0';
}

static size_t trim_begin(const char *text, size_t begin, size_t end) {
    for (size_t step; begin < end && (step = space_size(text + begin, end - begin)) > 0;)
        begin += step;
    return begin;
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

/* The ends of lines, found a stretch of text at a time. */
struct ends {
    size_t begin, size; /* of the stretch */
    size_t next, count;
    uint16_t items[LINE_ENDS_MOST]; /* from its beginning */
};

/* The next end, or that of the text; none is told twice. */
static size_t next_end(struct ends *ends, const char *text, size_t size) {
    while (ends->next == ends->count) {
        size_t begin = ends->begin + ends->size, left = size - begin;
        if (left == 0)
            return size;
        ends->begin = begin;
        ends->size = left < LINE_ENDS_MOST ? left : LINE_ENDS_MOST;
        ends->count = line_ends_find(text + begin, ends->size, ends->items);
        ends->next = 0;
    }
    return ends->begin + ends->items[ends->next++];
}

/* Appends what is known of prose at sight. False: no memory. */
static bool append_line(struct page_lines *lines, const char *text, size_t begin, size_t end,
                        uint32_t number, size_t indent, bool blank_before) {
    static const struct page_line uncounted;
    if (lines->count == lines->capacity &&
        !array_reserve(&lines->items, &lines->capacity, lines->count + 1, sizeof *lines->items))
        return false;
    struct page_line *line = &lines->items[lines->count++];
    *line = uncounted;
    line->begin = (uint32_t)begin;
    line->end = (uint32_t)end;
    line->number = number;
    line->indent = (uint32_t)indent;
    line->at_sight = is_prose_at_sight(text, begin, end);
    line->blank_before = blank_before;
    return true;
}

bool page_lines_read(struct page_lines *lines, const char *text, size_t size) {
    struct ends ends;
    uint32_t number = 0;
    bool blank = true;
    lines->count = 0;
    lines->too_many = false;
    ends.begin = ends.size = ends.next = ends.count = 0;
    for (size_t at = 0, behind; at < size; at = behind) {
        size_t end = next_end(&ends, text, size), begin = at;
        behind = end + (end < size);
        if (behind < size && text[end] == '\r' && text[behind] == '\n')
            behind = next_end(&ends, text, size) + 1;
        number++;
        if (begin < end && may_begin_space(text[begin]))
            begin = trim_begin(text, begin, end);
        if (begin < end && may_end_space(text[end - 1]))
            end = trim_end(text, begin, end);
        if (begin >= end) {
            blank = true;
            continue;
        }
        if (lines->count == PAGE_LINES_MOST) {
            lines->too_many = true;
            return true;
        }
        if (!append_line(lines, text, begin, end, number, begin - at, blank))
            return false;
        blank = false;
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
    key->states = false;
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
