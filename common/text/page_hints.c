/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hints of lines, from the words of page_words.h and the counts of page_lines.h. */
#include "text/page_hints.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"
#include "text/lanes.h"
#include "text/page_fields.h"

enum {
    LABEL_BYTES = 48,    /* in which the colon of a label is looked for */
    LABEL_KEY = 24,      /* characters of a key that is to show a label only */
    LIST_HEAD_MOST = 16, /* units of a line above a list */
    NEIGHBOUR_MOST = 80, /* of a line with a headline in it */
    CREDIT_MOST = 80,
    TAG_MOST = 12, /* units of a key word, on the average */
    COPYRIGHT_MOST = 150,
    MENU_MOST = 120,
    INVITATION_MOST = 20, /* of a line of tools that ends as a sentence does */
    BREADCRUMB_MOST = 80,
    CELL_MOST = 9 /* units between two bars of a menu, on the average */
};

/* Passes over bullets, brackets and white space. */
static size_t pass_marks(const struct page_key *key, size_t at) {
    while (at < key->count && !page_key_is_unit(key->characters[at]))
        at++;
    return at;
}

/* Whether behind `at` the line goes on with a colon, or ends. */
static bool colon_or_end(const struct page_key *key, size_t at, bool *colon) {
    while (at < key->count && key->characters[at] == ' ')
        at++;
    *colon = at < key->count && key->characters[at] == ':';
    return *colon || (at == key->count && key->whole) ||
           (at < key->count && pass_marks(key, at) == key->count && key->whole);
}

static bool is_markup(const struct page_key *key, const struct page_line *line) {
    return line->han == 0 && key->whole && key->count >= 3 && key->characters[0] == '<' &&
           key->characters[key->count - 1] == '>' &&
           (key->characters[1] == '/' || key->characters[1] == '!' ||
            (key->characters[1] >= 'a' && key->characters[1] <= 'z'));
}

/* 相關推薦, 熱門文章, 更多, 猜你喜歡: all of the line, but for marks. */
static bool is_list_head(const struct page_words *words, const struct page_key *key,
                         const struct page_line *line) {
    if (line->units == 0 || line->units > LIST_HEAD_MOST || line->enders > 0)
        return false;
    size_t at = pass_marks(key, 0), parts = 0;
    unsigned flags = 0, all = 0;
    while (at < key->count && parts < 4) {
        size_t size = page_words_match(
            words, key->characters + at, key->count - at,
            parts == 0 ? PAGE_WORD_LIST : PAGE_WORD_LIST | PAGE_WORD_LIST_END, &flags);
        if (size == 0)
            return false;
        all |= parts > 0 && (flags & PAGE_WORD_LIST_END) ? PAGE_WORD_LIST_END : 0;
        /* One word does alone where it is more than an adjective: 推薦閱讀 is in the table as a
         * whole. */
        if (parts == 0 &&
            (size >= 4 || (key->count - at == size && (flags & PAGE_WORD_LIST) && size == 2)))
            all |= PAGE_WORD_LIST_END;
        at = pass_marks(key, at + size);
        parts++;
    }
    return at == key->count && parts > 0 && (all & PAGE_WORD_LIST_END);
}

/* Whether from `at` on nothing stands but a name as accounts have it: letters, digits, - and _. */
static bool is_account(const struct page_key *key, size_t at) {
    size_t begin = at;
    for (; at < key->count; at++) {
        uint32_t c = key->characters[at];
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_')
            return false;
    }
    return key->whole && at > begin;
}

/* The hint of a line about an account, whose label ends at `at`. */
static enum page_hint account_hint(const struct page_key *key, size_t begin, size_t at) {
    size_t value = at;
    while (value < key->count && (key->characters[value] == ' ' || key->characters[value] == ':'))
        value++;
    if (value == at || value == key->count)
        return PAGE_HINT_NONE;
    if (key->characters[begin] == U'功')
        return PAGE_HINT_ACCOUNT_TEXT;
    return is_account(key, value) ? PAGE_HINT_ACCOUNT : PAGE_HINT_NONE;
}

/* Whether what stands behind a label of key words is a list of them. */
static bool is_tag_list(const struct page_line *line) {
    uint32_t parts = line->commas + line->gaps + line->bars + 1;
    return line->units <= CREDIT_MOST || line->units / parts <= TAG_MOST;
}

/* The hint of a label at the beginning of the line. */
static enum page_hint label_hint(const struct page_words *words, const char *text,
                                 struct page_key *key, struct page_line *line) {
    unsigned flags;
    bool colon;
    size_t at = pass_marks(key, 0);
    size_t size =
        page_words_match(words, key->characters + at, key->count - at, PAGE_WORD_NEIGHBOUR, &flags);
    if (size > 0 && !line->at_sight && line->units <= NEIGHBOUR_MOST)
        return PAGE_HINT_NEIGHBOUR;
    size =
        page_words_match(words, key->characters + at, key->count - at, PAGE_WORD_ACCOUNT, &flags);
    if (size > 0)
        return account_hint(key, at, at + size);
    size = page_words_match(words, key->characters + at, key->count - at, PAGE_WORD_CREDIT, &flags);
    if (size > 0 && colon_or_end(key, at + size, &colon)) {
        if (line->at_sight && (flags & PAGE_WORD_TAGS)) {
            page_line_read(line, text, key);
            page_key_make(key, text, line->begin, line->end, LABEL_KEY);
        }
        if (line->at_sight)
            return PAGE_HINT_NONE;
        if ((flags & PAGE_WORD_TAGS) && is_tag_list(line))
            return PAGE_HINT_CREDIT;
        if (colon && line->units <= CREDIT_MOST && line->stops == 0 && line->enders == 0)
            return PAGE_HINT_CREDIT;
    }
    size = page_words_match(words, key->characters + at, key->count - at, PAGE_WORD_NOTICE, &flags);
    if (size > 0 && colon_or_end(key, at + size, &colon) && colon)
        return PAGE_HINT_NOTICE;
    return PAGE_HINT_NONE;
}

static bool has_copyright(const struct page_words *words, const struct page_key *key) {
    unsigned flags;
    for (size_t at = 0; at < key->count; at++)
        if ((page_words_flags(words, key->characters[at]) & PAGE_WORD_COPYRIGHT) &&
            page_words_match(words, key->characters + at, key->count - at, PAGE_WORD_COPYRIGHT,
                             &flags))
            return true;
    return false;
}

/* How many of the line's units, numbers aside, are parts of words of mask; *units says how many
 * there are. Gives up, and returns 0, where more than `others` are not. */
static size_t covered(const struct page_words *words, const struct page_key *key, unsigned mask,
                      size_t others, size_t *units) {
    size_t count = 0;
    unsigned flags;
    *units = 0;
    for (size_t at = 0; at < key->count;) {
        enum character_class class = page_key_class(key->characters[at]);
        if (!page_class_is_unit(class) || class == CHARACTER_DIGIT) {
            at++;
            continue;
        }
        size_t size = page_words_match(words, key->characters + at, key->count - at, mask, &flags);
        count += size;
        *units += size ? size : 1;
        at += size ? size : 1;
        if (*units - count > others)
            return 0;
    }
    return count;
}

static enum page_hint coverage_hint(const struct page_words *words, const struct page_key *key) {
    size_t units, most = 4 * key->count / 10; /* no character counts twice */
    size_t all = covered(words, key, PAGE_WORD_MENU | PAGE_WORD_TOOL, most, &units);
    if (units < 2 || 10 * all < 6 * units)
        return PAGE_HINT_NONE;
    bool tools = 2 * covered(words, key, PAGE_WORD_TOOL, key->count, &units) >= all;
    if (10 * all >= 9 * units && units >= 3)
        return tools ? PAGE_HINT_TOOLS : PAGE_HINT_MENU;
    return tools ? PAGE_HINT_MOSTLY_TOOLS : PAGE_HINT_MOSTLY_MENU;
}

/* 點擊上方藍字關注我們！ */
static bool is_invitation(const struct page_words *words, const struct page_key *key,
                          const struct page_line *line) {
    return line->units <= INVITATION_MOST && line->stops == 0 &&
           coverage_hint(words, key) == PAGE_HINT_TOOLS;
}

static bool is_breadcrumb(const struct page_words *words, const struct page_key *key,
                          const struct page_line *line) {
    unsigned flags;
    bool colon;
    size_t at = pass_marks(key, 0);
    size_t size =
        page_words_match(words, key->characters + at, key->count - at, PAGE_WORD_PLACE, &flags);
    if (size > 0 && colon_or_end(key, at + size, &colon) && colon)
        return true;
    return line->arrows > 0 && key->characters[0] != '<' && line->han > 0;
}

static enum page_hint byline_hint(const struct page_byline *byline) {
    bool dated = byline->date.begin < byline->date.end;
    if (byline->flags & (PAGE_WORD_DATE | PAGE_WORD_SOURCE | PAGE_WORD_AUTHOR))
        return PAGE_HINT_BYLINE;
    if (!dated)
        return PAGE_HINT_MOSTLY_TOOLS;
    return byline->labels == 0 && byline->source.begin == byline->source.end ? PAGE_HINT_DATE
                                                                             : PAGE_HINT_BYLINE;
}

/* 0xFF where the full-width colon begins. */
static lanes wide_colons(const char *bytes) {
    return (lanes)(lanes_load(bytes) == 0xEF) & (lanes)(lanes_load(bytes + 1) == 0xBC) &
           (lanes)(lanes_load(bytes + 2) == 0x9A);
}

static lanes colons(const char *bytes) {
    return (lanes)(lanes_load(bytes) == ':');
}

/* Whether a colon of either kind stands in the first LABEL_BYTES bytes: asked of each line of clean
 * text. */
static bool has_colon(const char *text) {
    static_assert((int)LABEL_BYTES == 3 * LANES, "three times sixteen bytes are looked at");
    static_assert((int)LABEL_BYTES <= (int)PAGE_SIGHT_LEAST, "the line has as many");
    return lanes_any(colons(text) | colons(text + LANES) | colons(text + 2 * LANES) |
                     wide_colons(text) | wide_colons(text + LANES) |
                     wide_colons(text + LABEL_BYTES - 2 - LANES));
}

static_assert((int)MENU_MOST <= (int)COPYRIGHT_MOST, "no words are looked for on longer lines");

/* The flags of the words that may be anywhere on the line. */
static unsigned flags_of_words(const struct page_words *words, const struct page_key *key) {
    unsigned flags = 0;
    for (size_t i = 0; i < key->count; i++)
        flags |= page_words_flags(words, key->characters[i]);
    return flags;
}

enum { LABELS = PAGE_WORD_CREDIT | PAGE_WORD_NOTICE };

/* Whether a line that is prose at sight may begin with a label: with a word of one, or with a mark
 * before it. */
static bool may_be_labelled(const struct page_words *words, const char *text,
                            const struct page_line *line, struct page_key *key) {
    size_t at = line->begin;
    uint32_t first = utf8_next(text, line->end, &at);
    uint32_t entry = first == UTF8_ILL_FORMED ? 0 : character_entry(first);
    unsigned flags = 0;
    if (first != UTF8_ILL_FORMED && character_entry_class(entry) == CHARACTER_HAN &&
        !(flags = page_words_flags(words, character_entry_folded(first, entry)) &
                  (LABELS | PAGE_WORD_ACCOUNT)))
        return false;
    if (!(flags & PAGE_WORD_ACCOUNT) && !has_colon(text + line->begin))
        return false;
    page_key_make(key, text, line->begin, line->end, 1);
    return key->count == 0 || !page_key_is_unit(key->characters[0]) ||
           (page_words_flags(words, key->characters[0]) & (LABELS | PAGE_WORD_ACCOUNT));
}

enum page_hint page_hint_of(const struct page_words *words, const char *text,
                            struct page_line *line, struct page_key *key) {
    if (line->at_sight) {
        if (!may_be_labelled(words, text, line, key))
            return PAGE_HINT_NONE;
        page_key_make(key, text, line->begin, line->end, LABEL_KEY);
        return label_hint(words, text, key, line);
    }
    page_line_read(line, text, key);
    if (key->count == 0)
        return PAGE_HINT_NONE;
    if (is_markup(key, line))
        return PAGE_HINT_MARKUP;
    if (is_list_head(words, key, line))
        return PAGE_HINT_LIST_HEAD;
    enum page_hint hint = label_hint(words, text, key, line);
    if (hint != PAGE_HINT_NONE)
        return hint;
    unsigned begin = line->units <= COPYRIGHT_MOST ? flags_of_words(words, key) : 0;
    if ((begin & PAGE_WORD_COPYRIGHT) && has_copyright(words, key))
        return PAGE_HINT_COPYRIGHT;
    if (line->enders > 0)
        return (begin & PAGE_WORD_TOOL) && is_invitation(words, key, line) ? PAGE_HINT_MOSTLY_TOOLS
                                                                           : PAGE_HINT_NONE;
    struct page_byline byline;
    if (page_byline_read(words, key, text, &byline) && byline.whole)
        return byline_hint(&byline);
    if (line->units <= MENU_MOST && (begin & (PAGE_WORD_MENU | PAGE_WORD_TOOL)) &&
        (hint = coverage_hint(words, key)) != PAGE_HINT_NONE)
        return hint;
    if (line->units <= BREADCRUMB_MOST && is_breadcrumb(words, key, line))
        return PAGE_HINT_BREADCRUMB;
    if (line->bars >= 2 && line->units / (line->bars + 1) <= CELL_MOST)
        return PAGE_HINT_BARS;
    return PAGE_HINT_NONE;
}
