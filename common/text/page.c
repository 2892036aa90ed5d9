/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading pages: lines, their hints, where the article is, then what each line is in its place. */
#include "text/page.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "text/page_fields.h"
#include "text/page_hints.h"
#include "text/page_lines.h"
#include "text/page_spam.h"
#include "text/page_words.h"
#include "text/page_wrap.h"

enum {
    TITLE_MOST = 200,     /* characters of a title */
    HEAD_LINES = 8,       /* in which a title is looked for where there is no article */
    PROSE_LEAST = 10,     /* units of a line with a full stop that is prose */
    SENTENCE_LEAST = 20,  /* of one with commas that ends as a sentence does */
    PARAGRAPH_LEAST = 40, /* of one that ends a list of other articles */
    ARTICLE_LEAST = 20,   /* of all prose, so that there is an article */
    SIGHT_UNITS = 30,     /* what a line that is prose at sight counts at least */
    LIST_LEAST = 3,       /* lines of a list without a head */
    ITEM_MOST = 60,       /* units of a headline in a list */
    ITEM_LEAST = 8,       /* on the average, where neither a head nor counters tell the list */
    REPEATED_MOST = 60,   /* units of a line that repeats */
    DATELINE_LINES = 4,   /* lines into the article in which a byline can stand */
    STRANGE_SHARE =
        35, /* per cent of an article's pairs below which a line is of another vocabulary */
    VERY_STRANGE_SHARE = 15
};

enum zone { ZONE_HEAD, ZONE_ARTICLE, ZONE_TAIL };

struct page_reader {
    struct page_words *words;
    struct page_lines lines;
    struct page_key key;
    struct page_memory memory;
    struct page_vocabulary *vocabulary; /* made when it is first asked for */
    bool vocabulary_ready;              /* of this page */
    size_t first, last; /* lines of the article's prose; first > last: there is none */
    const char *text;
    size_t size;
};

void page_free(struct page *page) {
    edits_free(&page->edits);
}

xunzi_status page_reader_new(struct page_reader **out) {
    *out = NULL;
    struct page_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return error_no_memory();
    xunzi_status status = page_words_new(&reader->words);
    if (status != XUNZI_OK) {
        page_reader_free(reader);
        return status;
    }
    *out = reader;
    return XUNZI_OK;
}

void page_reader_free(struct page_reader *reader) {
    if (!reader)
        return;
    page_words_free(reader->words);
    page_lines_free(&reader->lines);
    free(reader->vocabulary);
    free(reader);
}

struct page_memory *page_reader_memory(struct page_reader *reader) {
    return &reader->memory;
}

static bool is_label_hint(uint8_t hint) {
    return hint == PAGE_HINT_CREDIT || hint == PAGE_HINT_NOTICE || hint == PAGE_HINT_NEIGHBOUR ||
           hint == PAGE_HINT_COPYRIGHT || hint == PAGE_HINT_ACCOUNT ||
           hint == PAGE_HINT_ACCOUNT_TEXT;
}

/* Whether the line is prose, of an article as far as the line can tell. */
static bool is_prose(const struct page_line *line) {
    if (is_label_hint(line->hint))
        return false;
    if (line->at_sight || (line->stops > 0 && line->units >= PROSE_LEAST && line->bars_behind < 3))
        return true;
    return line->ends_sentence && line->commas > 0 && line->units >= SENTENCE_LEAST;
}

static uint32_t units_of(const struct page_line *line) {
    return line->at_sight ? SIGHT_UNITS + (line->end - line->begin) / 6 : line->units;
}

/* Whether line i only looks as if it were of an account: the article has begun, or no account is
 * named before what one is for. */
static bool is_no_account(const struct page_reader *reader, size_t i) {
    const struct page_line *items = reader->lines.items;
    if (items[i].hint != PAGE_HINT_ACCOUNT && items[i].hint != PAGE_HINT_ACCOUNT_TEXT)
        return false;
    return reader->first != SIZE_MAX || (items[i].hint == PAGE_HINT_ACCOUNT_TEXT &&
                                         (i == 0 || items[i - 1].hint != PAGE_HINT_ACCOUNT));
}

/* Finds the article: from the first line of prose to the last, lists of other articles left out. */
static void find_article(struct page_reader *reader) {
    uint32_t units = 0;
    bool in_list = false;
    reader->first = SIZE_MAX;
    reader->last = 0;
    for (size_t i = 0; i < reader->lines.count; i++) {
        struct page_line *line = &reader->lines.items[i];
        line->hint = (uint8_t)page_hint_of(reader->words, reader->text, line, &reader->key);
        if (line->hint != PAGE_HINT_NONE) {
            in_list |= line->hint == PAGE_HINT_LIST_HEAD && reader->first != SIZE_MAX;
            if (is_no_account(reader, i))
                line->hint = PAGE_HINT_NONE;
        }
        if (!is_prose(line) ||
            (in_list && (units_of(line) < PARAGRAPH_LEAST || line->bars_behind > 0)))
            continue;
        in_list = false;
        units += units_of(line);
        if (reader->first == SIZE_MAX)
            reader->first = i;
        reader->last = i;
    }
    if (units < ARTICLE_LEAST)
        reader->first = SIZE_MAX;
}

/* The share of a stretch's vocabulary that is the article's. */
static unsigned share(struct page_reader *reader, uint32_t begin, uint32_t end) {
    if (!reader->vocabulary && !(reader->vocabulary = malloc(sizeof *reader->vocabulary)))
        return 100; /* without memory for it nothing is strange */
    if (!reader->vocabulary_ready) {
        page_vocabulary_clear(reader->vocabulary);
        for (size_t i = reader->first; i <= reader->last; i++) {
            const struct page_line *line = &reader->lines.items[i];
            if (is_prose(line))
                page_vocabulary_add(reader->vocabulary, reader->text, line->begin,
                                    line->at_sight ? line->end : line->behind_stop);
        }
        reader->vocabulary_ready = true;
    }
    return page_vocabulary_share(reader->vocabulary, reader->text, begin, end);
}

static void set_aside(struct page_line *line, enum edit_reason reason) {
    line->aside = true;
    line->reason = (uint8_t)reason;
}

static enum zone zone_of(const struct page_reader *reader, size_t i) {
    return i < reader->first ? ZONE_HEAD : i > reader->last ? ZONE_TAIL : ZONE_ARTICLE;
}

/* Sets a line aside for what it is by itself, where it stands. */
static void judge(struct page_reader *reader, size_t i) {
    struct page_line *line = &reader->lines.items[i];
    enum zone zone = zone_of(reader, i);
    bool outside = zone != ZONE_ARTICLE;
    switch ((enum page_hint)line->hint) {
    case PAGE_HINT_NONE:
        break;
    case PAGE_HINT_MARKUP:
        set_aside(line, EDIT_REASON_MARKUP);
        break;
    case PAGE_HINT_LIST_HEAD:
        if (outside)
            set_aside(line, EDIT_REASON_RELATED);
        break;
    case PAGE_HINT_NEIGHBOUR:
        if (zone == ZONE_TAIL)
            set_aside(line, EDIT_REASON_RELATED);
        break;
    case PAGE_HINT_CREDIT:
        set_aside(line, EDIT_REASON_CREDITS);
        break;
    case PAGE_HINT_NOTICE:
    case PAGE_HINT_COPYRIGHT:
        if (outside)
            set_aside(line, EDIT_REASON_COPYRIGHT);
        break;
    case PAGE_HINT_DATE: /* behind an article it is a part of it: the date of a letter */
        if (zone == ZONE_HEAD)
            set_aside(line, EDIT_REASON_FIELDS);
        break;
    case PAGE_HINT_BYLINE:
        if (outside || i - reader->first < DATELINE_LINES)
            set_aside(line, EDIT_REASON_FIELDS);
        break;
    case PAGE_HINT_BREADCRUMB:
        if (zone == ZONE_HEAD)
            set_aside(line, EDIT_REASON_NAVIGATION);
        break;
    case PAGE_HINT_ACCOUNT:
    case PAGE_HINT_ACCOUNT_TEXT:
    case PAGE_HINT_TOOLS:
        set_aside(line, EDIT_REASON_TOOLS);
        break;
    case PAGE_HINT_MOSTLY_TOOLS:
        if (outside)
            set_aside(line, EDIT_REASON_TOOLS);
        break;
    case PAGE_HINT_MENU:
    case PAGE_HINT_MOSTLY_MENU:
        if (outside)
            set_aside(line, EDIT_REASON_NAVIGATION);
        break;
    case PAGE_HINT_BARS:
        if (outside)
            set_aside(line, EDIT_REASON_NAVIGATION);
        break;
    }
}

static bool is_item(const struct page_line *line) {
    return !line->at_sight && line->units <= ITEM_MOST && line->stops == 0;
}

static bool is_bullet(uint32_t c) {
    return c == '-' || c == 0xB7 || c == 0x2022 || c == 0x30FB || c == 0x25CF || c == 0x25A0 ||
           c == 0x25AA || c == 0x25C6 || c == '*' || c == 0x203A || c == 0x2027 || c == 0x00BB ||
           c == '>';
}

/* Below the head of a list, all of it, to the next paragraph. */
static void judge_lists(struct page_reader *reader) {
    bool in_list = false;
    for (size_t i = reader->last + 1; i < reader->lines.count; i++) {
        struct page_line *line = &reader->lines.items[i];
        if (line->hint == PAGE_HINT_LIST_HEAD)
            in_list = true;
        else if (in_list && !line->aside)
            set_aside(line, EDIT_REASON_RELATED);
    }
}

/* Lists without a head behind the article, and not announced by it: bullets before each line, and
 * counters behind, or words unlike the article's. */
static void judge_bare_lists(struct page_reader *reader) {
    struct page_lines *lines = &reader->lines;
    for (size_t i = reader->last + 1, end; i < lines->count; i = end) {
        size_t counters = 0, units = 0;
        bool announced =
            i > 0 && (lines->items[i - 1].last == ':' || lines->items[i - 1].last == 0xFF1A);
        for (end = i; end < lines->count; end++) {
            const struct page_line *line = &lines->items[end];
            bool numbered = line->counter && line->first >= '1' && line->first <= '9';
            if (line->aside || !is_item(line) || !(is_bullet(line->first) || numbered))
                break;
            counters += line->counter;
            units += line->units;
        }
        if (end - i >= LIST_LEAST && !announced &&
            (2 * counters > end - i ||
             (units >= ITEM_LEAST * (end - i) &&
              share(reader, lines->items[i].begin, lines->items[end - 1].end) < STRANGE_SHARE)))
            for (size_t j = i; j < end; j++)
                set_aside(&lines->items[j], EDIT_REASON_RELATED);
        end += end == i;
    }
}

/* Spam can be a part of a line, behind its last sentence: then *begin of the line's edit is not
 * that of the line. */
static uint32_t judge_spam(struct page_reader *reader, size_t i) {
    struct page_line *line = &reader->lines.items[i];
    uint32_t begin = line->begin;
    bool spam = false;
    if (page_has_bars_of_spam(line, &begin))
        spam = share(reader, begin, line->end) < STRANGE_SHARE;
    else if (zone_of(reader, i) == ZONE_TAIL && page_has_gaps_of_spam(line))
        spam = share(reader, begin = line->begin, line->end) < VERY_STRANGE_SHARE;
    if (!spam)
        return line->begin;
    set_aside(line, EDIT_REASON_SPAM);
    return begin;
}

/* Whether the line leads in to what follows: it ends with a colon, entities that nobody decoded
 * (&nbsp;) aside. */
static bool leads_in(const struct page_reader *reader, const struct page_line *line) {
    if (line->last != ';')
        return line->last == ':' || line->last == 0xFF1A;
    const char *text = reader->text + line->begin;
    size_t size = line->end - line->begin;
    const char *entity = memrchr(text, '&', size);
    size_t before = entity ? (size_t)(entity - text) : 0;
    return (before >= 1 && text[before - 1] == ':') ||
           (before >= 3 && memcmp(text + before - 3, "\xEF\xBC\x9A", 3) == 0);
}

/* The hash of a line that may stand around many articles; 0: it cannot. */
static uint32_t repeatable(struct page_reader *reader, size_t i) {
    const struct page_line *line = &reader->lines.items[i];
    if (zone_of(reader, i) == ZONE_ARTICLE || line->at_sight || line->units < 2 ||
        line->units > REPEATED_MOST || line->stops > 0 || leads_in(reader, line))
        return 0;
    return page_memory_hash(reader->text + line->begin, line->end - line->begin);
}

static void judge_repetition(struct page_reader *reader, size_t i) {
    struct page_line *line = &reader->lines.items[i];
    uint32_t hash = line->aside ? 0 : repeatable(reader, i);
    if (hash && page_memory_times(&reader->memory, hash) >= PAGE_MEMORY_REPEATED)
        set_aside(line, EDIT_REASON_REPEATED);
}

/* Notes the lines from `begin` on, which stand before or behind the article. */
static void remember(struct page_reader *reader, size_t begin, size_t end) {
    const struct page_line *first = &reader->lines.items[reader->first];
    uint32_t article = 0;
    for (size_t i = begin; i < end; i++) {
        uint32_t hash = repeatable(reader, i);
        if (hash && !article)
            article = page_memory_hash(reader->text + first->begin, first->end - first->begin);
        if (hash)
            page_memory_note(&reader->memory, hash, article);
    }
}

void page_remember(struct page_reader *reader) {
    if (reader->first == SIZE_MAX || reader->lines.count == 0)
        return;
    remember(reader, 0, reader->first);
    remember(reader, reader->last + 1, reader->lines.count);
}

static size_t characters_in(const char *text, const struct page_line *line) {
    return utf8_count(text + line->begin, line->end - line->begin);
}

static bool same_text(const struct page_reader *reader, const struct page_line *line,
                      xunzi_string other) {
    return line->end - line->begin == other.size &&
           memcmp(reader->text + line->begin, other.data, other.size) == 0;
}

static bool is_byline(const struct page_line *line) {
    return line->hint == PAGE_HINT_BYLINE || line->hint == PAGE_HINT_DATE;
}

/* Whether line i can be the title: it is before the article or its first line, and is not something
 * else. Not strict: it may look like navigation, where nothing else is there. */
static bool can_be_title(const struct page_reader *reader, size_t i, bool strict) {
    const struct page_line *line = &reader->lines.items[i];
    if (line->aside || (line->at_sight && i > 0) || characters_in(reader->text, line) > TITLE_MOST)
        return false;
    return strict ? line->hint == PAGE_HINT_NONE
                  : !is_byline(line) && line->hint != PAGE_HINT_MARKUP;
}

/* The first line that says the same as line i. */
static size_t first_of_text(const struct page_reader *reader, size_t i) {
    const struct page_line *items = reader->lines.items;
    const xunzi_string text = {reader->text + items[i].begin, items[i].end - items[i].begin};
    for (size_t j = 0; j < i; j++)
        if (same_text(reader, &items[j], text))
            return j;
    return i;
}

/* The title: of the lines that can be it, the one before a byline, or the first. A line too long
 * for a title begins the text. SIZE_MAX: none. */
static size_t find_title_among(const struct page_reader *reader, bool strict) {
    const struct page_lines *lines = &reader->lines;
    bool article = reader->first != SIZE_MAX;
    size_t end = article ? reader->first + 1 : HEAD_LINES;
    size_t first = SIZE_MAX;
    for (size_t i = 0; i < end && i < lines->count; i++) {
        const struct page_line *line = &lines->items[i];
        if (!line->aside && line->hint == PAGE_HINT_NONE &&
            characters_in(reader->text, line) > TITLE_MOST)
            break;
        if (!can_be_title(reader, i, strict) ||
            (article && i == reader->first && first != SIZE_MAX))
            continue;
        if (i + 1 < lines->count && is_byline(&lines->items[i + 1]))
            return first_of_text(reader, i);
        if (first == SIZE_MAX)
            first = i;
    }
    return first;
}

static size_t find_title(const struct page_reader *reader) {
    size_t line = find_title_among(reader, true);
    return line != SIZE_MAX ? line : find_title_among(reader, false);
}

static struct page_field field_of(const struct page_reader *reader, size_t i,
                                  struct page_stretch stretch) {
    const struct page_key *key = &reader->key;
    if (stretch.begin == stretch.end)
        return (struct page_field){0};
    return (struct page_field){key->begin[stretch.begin], key->end[stretch.end - 1],
                               reader->lines.items[i].number};
}

static void take_field(struct page_field *field, struct page_field found) {
    if (field->begin == field->end)
        *field = found;
}

/* Takes the fields of line i. */
static void read_byline(struct page_reader *reader, size_t i, struct page *out) {
    struct page_byline byline;
    const struct page_line *line = &reader->lines.items[i];
    page_key_make(&reader->key, reader->text, line->begin, line->end, PAGE_KEY_MOST);
    if (!page_byline_read(reader->words, &reader->key, reader->text, &byline))
        return;
    struct page_field date = field_of(reader, i, byline.date);
    if (date.begin < date.end && (out->date.begin == out->date.end || i < reader->first))
        take_field(&out->date, date);
    take_field(&out->source, field_of(reader, i, byline.source));
    take_field(&out->author, field_of(reader, i, byline.author));
}

/* Whether a byline stands where fields are stated: set aside, without an article, or a date alone
 * behind it. */
static bool may_state_fields(const struct page_reader *reader, size_t i) {
    return reader->lines.items[i].aside || reader->first == SIZE_MAX ||
           zone_of(reader, i) == ZONE_TAIL;
}

static bool append_aside(const struct page_line *line, uint32_t begin, struct page *out) {
    const struct page_field *kept[] = {&out->source, &out->author};
    uint32_t at = begin;
    for (int turn = 0; turn < 2; turn++) { /* what was read as a name stays searchable */
        const struct page_field *next = NULL;
        for (size_t k = 0; k < 2; k++)
            if (kept[k]->end > at && kept[k]->begin >= at && kept[k]->end <= line->end &&
                kept[k]->begin < kept[k]->end && (!next || kept[k]->begin < next->begin))
                next = kept[k];
        if (!next)
            break;
        const struct edit edit = {
            .kind = EDIT_ASIDE, .begin = at, .end = next->begin, .reason = line->reason};
        if (at < next->begin && !edits_append(&out->edits, &edit))
            return false;
        at = next->end;
    }
    const struct edit edit = {
        .kind = EDIT_ASIDE, .begin = at, .end = line->end, .reason = line->reason};
    return at >= line->end || edits_append(&out->edits, &edit);
}

/* The line break behind line i, with the white space about it. */
static bool append_break(const struct page_reader *reader, size_t i, struct page *out) {
    const struct edit edit = {.kind = EDIT_SKIP,
                              .begin = reader->lines.items[i].end,
                              .end = reader->lines.items[i + 1].begin,
                              .reason = EDIT_REASON_LINE_BREAK};
    return edits_append(&out->edits, &edit);
}

/* Judges every line and writes the edits. The title in the text is set aside only where it was
 * declared: otherwise nobody has it but the text. */
static bool judge_all(struct page_reader *reader, xunzi_string title, size_t title_line,
                      struct page *out) {
    struct page_lines *lines = &reader->lines;
    judge_lists(reader);
    judge_bare_lists(reader);
    for (size_t i = 0; i < lines->count; i++) {
        struct page_line *line = &lines->items[i];
        uint32_t begin = line->begin;
        if (line->at_sight && !line->aside) /* prose, and nothing goes on behind it */
            continue;
        if (i != title_line && !line->at_sight) {
            begin = judge_spam(reader, i);
            judge_repetition(reader, i);
            if (!line->aside && i < reader->first && same_text(reader, line, title))
                set_aside(line, EDIT_REASON_TITLE);
        }
        if (line->aside ? !append_aside(line, begin, out)
                        : page_is_wrapped(lines, i, reader->text) && !append_break(reader, i, out))
            return false;
    }
    return true;
}

xunzi_status page_read(struct page_reader *reader, xunzi_string title, const char *text,
                       size_t size, struct page *out) {
    edits_clear(&out->edits);
    out->title = out->date = out->source = out->author = (struct page_field){0};
    reader->text = text;
    reader->size = size;
    reader->vocabulary_ready = false;
    reader->first = SIZE_MAX;
    if (!page_lines_read(&reader->lines, text, size))
        return error_no_memory();
    if (reader->lines.too_many) {
        reader->lines.count = 0;
        return XUNZI_OK;
    }
    find_article(reader);
    bool article = reader->first != SIZE_MAX;
    for (size_t i = 0; article && i < reader->lines.count; i++)
        if (reader->lines.items[i].hint != PAGE_HINT_NONE)
            judge(reader, i);
    size_t title_line = title.size > 0 ? SIZE_MAX : find_title(reader);
    if (title_line != SIZE_MAX) {
        const struct page_line *line = &reader->lines.items[title_line];
        out->title = (struct page_field){line->begin, line->end, line->number};
    }
    for (size_t i = 0; i < reader->lines.count; i++)
        if (is_byline(&reader->lines.items[i]) && may_state_fields(reader, i))
            read_byline(reader, i, out);
    if (!article)
        return XUNZI_OK;
    return judge_all(reader, title, title_line, out) ? XUNZI_OK : error_no_memory();
}
