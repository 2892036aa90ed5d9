/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bylines. A label is a known word before a colon (發布時間:, 作者:), before a date, or, where it
 * begins what stands between two marks, before a slash, a bar or a space (文/丁一, 記者 丁一): then
 * it counts only with what looks like names behind it. A value runs to the next label, or to two
 * kinds of ends: a bar, or a space behind which the rest is no name. What is left over decides
 * whether all of the line is byline.
 */
#include "text/page_fields.h"

#include <string.h>
#include <uchar.h>

#include "base/date.h"

enum {
    LABELS =
        PAGE_WORD_DATE | PAGE_WORD_SOURCE | PAGE_WORD_AUTHOR | PAGE_WORD_COUNTER | PAGE_WORD_CREDIT,
    NAME_LABELS = PAGE_WORD_SOURCE | PAGE_WORD_AUTHOR | PAGE_WORD_PICTURES,
    LABELS_MOST = 16,
    SOURCE_MOST = 40, /* characters of a source or an author */
    NAME_MOST = 15,   /* of a source without a label */
    PERSON_MOST = 4,  /* Han characters of a person's name */
    BYLINE_MOST = 160
};

struct label {
    size_t begin, end; /* of the word */
    size_t value;      /* where its value begins */
    unsigned flags;
    uint32_t mark; /* between the two: ':', '/', a bar or ' ' */
};

/* The last is an ideograph, and written for its looks. */
static bool is_bar(uint32_t c) {
    return c > U'┃' ? c == U'丨' : c == '|' || c == U'│' || c == U'┃';
}

static bool is_separator(uint32_t c) {
    return c == ' ' || is_bar(c) || c == '/' || c == '[' || c == ']' || c == '(' || c == ')' ||
           c == 0x3010 || c == 0x3011 || c == 0x00B7 || c == 0x2022 || c == '-' || c == 0x2014 ||
           c == ',';
}

static struct page_stretch trim(const struct page_key *key, size_t begin, size_t end) {
    while (begin < end && is_separator(key->characters[begin]))
        begin++;
    while (end > begin && is_separator(key->characters[end - 1]))
        end--;
    return (struct page_stretch){begin, end};
}

static bool is_figure(uint32_t c) {
    return c >= '0' && c <= '9';
}

static size_t read_number(const struct page_key *key, size_t at, size_t least, size_t most) {
    size_t count = 0;
    while (count < most && at + count < key->count && is_figure(key->characters[at + count]))
        count++;
    return count >= least ? at + count : 0;
}

static size_t pass_space(const struct page_key *key, size_t at) {
    return at < key->count && key->characters[at] == ' ' ? at + 1 : at;
}

/* Where the mark between two numbers of a date ends: one of `marks`, or han with spaces about it;
 * 0: there is none. */
static size_t pass_mark(const struct page_key *key, size_t at, uint32_t han) {
    size_t spaced = pass_space(key, at);
    if (spaced < key->count && key->characters[spaced] == han)
        return pass_space(key, spaced + 1);
    uint32_t c = at < key->count ? key->characters[at] : 0;
    return c == '-' || c == '/' || c == '.' ? at + 1 : 0;
}

static bool is_one_of(const char32_t *characters, uint32_t c) {
    while (*characters && *characters != c)
        characters++;
    return *characters != 0;
}

/* Asked of each character of many lines: whether it is a digit of either kind, or begins 民國 or
 * 中華民國. */
static bool may_begin_date(uint32_t c) {
    if (c < 0x25CB)
        return is_figure(c);
    switch (c) {
    case U'〇':
    case U'○':
    case U'零':
    case U'一':
    case U'二':
    case U'三':
    case U'四':
    case U'五':
    case U'六':
    case U'七':
    case U'八':
    case U'九':
    case U'民':
    case U'中':
        return true;
    default:
        return false;
    }
}

/* The end of a date in Han numerals, or with a year of the Republic, that begins at `at`; 0: none
 * does. */
static size_t han_date_end(const struct page_key *key, const char *text, size_t at) {
    enum { CHARACTERS_MOST = 24 };
    static const char32_t characters[] = U"〇○零一二三四五六七八九十廿卅百年月中华民国 ";
    size_t end = at;
    while (end < key->count && end - at < CHARACTERS_MOST &&
           (is_figure(key->characters[end]) || is_one_of(characters, key->characters[end])))
        end++;
    if (end == key->count || (key->characters[end] != U'日' && key->characters[end] != U'号') ||
        (at > 0 && is_one_of(characters, key->characters[at - 1]) &&
         key->characters[at - 1] != ' '))
        return 0;
    date_day first, last;
    size_t begin = key->begin[at];
    return date_parse(text + begin, key->end[end] - begin, &first, &last) && first == last ? end + 1
                                                                                           : 0;
}

/* The end of the date, year to day, that begins at `at`; 0: none does. */
static size_t date_end(const struct page_key *key, const char *text, size_t at) {
    if (!is_figure(key->characters[at]))
        return han_date_end(key, text, at);
    size_t end = read_number(key, at, 4, 4), day;
    if (end == 0 || (at > 0 && page_key_is_digit(key->characters[at - 1])))
        return 0;
    end = pass_mark(key, end, 0x5E74);
    end = end ? read_number(key, end, 1, 2) : 0;
    end = end ? pass_mark(key, end, 0x6708) : 0;
    end = end ? read_number(key, end, 1, 2) : 0;
    if (end == 0 || (end < key->count && page_key_is_digit(key->characters[end])))
        return 0;
    day = pass_space(key, end);
    if (day < key->count && (key->characters[day] == 0x65E5 || key->characters[day] == 0x53F7))
        end = day + 1;
    date_day first, last;
    size_t begin = key->begin[at];
    return date_parse(text + begin, key->end[end - 1] - begin, &first, &last) && first == last ? end
                                                                                               : 0;
}

static bool begins_with(const struct page_key *key, size_t at, const char32_t word[2]) {
    return at + 1 < key->count && key->characters[at] == word[0] &&
           key->characters[at + 1] == word[1];
}

/* Where the part of the day at `at` ends, 上午; `at` where there is none. */
static size_t pass_day_part(const struct page_key *key, size_t at) {
    static const char32_t parts[][3] = {U"上午", U"下午", U"早上", U"晚上", U"中午", U"凌晨"};
    size_t from = pass_space(key, at);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (begins_with(key, from, parts[i]))
            return from + 2;
    return at;
}

/* Where the day of the week at `at` ends, 星期五, 周五, with or without parentheses; `at` where
 * there is none. */
static size_t pass_weekday(const struct page_key *key, size_t at) {
    size_t from = pass_space(key, at);
    bool open = from < key->count && key->characters[from] == '(';
    from += open;
    size_t day = begins_with(key, from, U"星期") || begins_with(key, from, U"礼拜") ? from + 2
                 : from < key->count && key->characters[from] == U'周'              ? from + 1
                                                                                    : key->count;
    if (day >= key->count || !is_one_of(U"一二三四五六日天", key->characters[day]))
        return at;
    day++;
    if (open && (day == key->count || key->characters[day] != ')'))
        return at;
    return day + open;
}

/* Where the time of day behind a date ends, "T18:04:26" and "18時04分" too, with the day of the
 * week and the part of the day before it; `at` where there is none. */
static size_t pass_time(const struct page_key *key, size_t at) {
    at = pass_weekday(key, at);
    size_t from = pass_space(key, pass_day_part(key, at));
    if (from < key->count && key->characters[from] == 't')
        from++;
    size_t end = read_number(key, from, 1, 2);
    if (end == 0 || end >= key->count)
        return at;
    for (int part = 0; part < 3 && end < key->count; part++) {
        uint32_t c = key->characters[end];
        bool is_han = c == U'时' || c == U'点' || c == U'分' || c == U'秒';
        if (c != ':' && !is_han)
            break;
        size_t next = read_number(key, end + 1, 2, 2);
        if (next == 0)
            end += is_han;
        if (next == 0)
            break;
        end = next;
    }
    return end > from + 2 ? end : at;
}

/* The known label, of one of the kinds in mask, that ends where the mark at `mark` stands, spaces
 * before it left out. */
static bool label_before(const struct page_words *words, const struct page_key *key, size_t from,
                         size_t mark, unsigned kinds, struct label *label) {
    size_t end = mark;
    while (end > from && key->characters[end - 1] == ' ')
        end--;
    size_t begin = end;
    while (begin > from && page_key_is_unit(key->characters[begin - 1]) &&
           !page_key_is_digit(key->characters[begin - 1]) && !is_bar(key->characters[begin - 1]))
        begin--;
    size_t size = page_words_match_end(words, key->characters, begin, end, kinds, &label->flags);
    label->begin = end - size;
    label->end = end;
    label->value = mark + 1;
    label->mark = key->characters[mark];
    return size > 0;
}

static bool parts_label(uint32_t c) {
    return c == ':' || c == ' ' || c == '/' || is_bar(c);
}

/* The same for a mark that is no colon. Then the label begins what stands between two marks; a
 * space is enough only behind one that is longer than 文; and 圖文 | may begin a headline. */
static bool loose_label_before(const struct page_words *words, const struct page_key *key,
                               size_t from, size_t mark, struct label *label) {
    bool slash = key->characters[mark] == '/', space = key->characters[mark] == ' ';
    size_t behind = pass_space(key, mark + 1);
    if (behind == key->count || (space && parts_label(key->characters[behind])) ||
        !label_before(words, key, from, mark, NAME_LABELS | (space ? 0 : PAGE_WORD_CREDIT), label))
        return false;
    if (slash && behind + 1 < key->count && parts_label(key->characters[behind + 1]) &&
        page_words_match(words, key->characters + behind, 1, PAGE_WORD_PICTURES, &(unsigned){0}))
        label->value = behind + 2; /* 文/圖 丁一 */
    uint32_t before = label->begin > 0 ? key->characters[label->begin - 1] : ' ';
    return before != ':' && (!page_key_is_unit(before) || is_bar(before)) &&
           (!space || label->end - label->begin > 1) && (slash || !(label->flags & PAGE_WORD_LIST));
}

static size_t find_labels(const struct page_words *words, const struct page_key *key,
                          struct label *labels) {
    size_t count = 0, from = 0;
    for (size_t i = 0; i < key->count && count < LABELS_MOST; i++) {
        uint32_t c = key->characters[i];
        if (c > U'┃' && c != U'丨') /* as most are */
            continue;
        if (c == ':' ? label_before(words, key, from, i, LABELS, &labels[count])
                     : parts_label(c) && loose_label_before(words, key, from, i, &labels[count]))
            from = labels[count++].value;
    }
    return count;
}

/* Whether the stretch holds nothing but counters and tools: 打印 關閉, 大 中 小, 350次. */
static bool only_tools(const struct page_words *words, const struct page_key *key, size_t begin,
                       size_t end) {
    unsigned flags;
    while (begin < end) {
        uint32_t c = key->characters[begin];
        size_t size =
            page_key_is_unit(c) && !page_key_is_digit(c)
                ? page_words_match(words, key->characters + begin, end - begin,
                                   PAGE_WORD_TOOL | PAGE_WORD_COUNTER | PAGE_WORD_MENU, &flags)
                : 1;
        if (size == 0)
            return false;
        begin += size;
    }
    return true;
}

/* The end of a name that begins at `begin`: at a date, or at the first space behind which only
 * tools stand. */
static size_t name_end(const struct page_words *words, const struct page_key *key, const char *text,
                       size_t begin, size_t end) {
    for (size_t i = begin; i < end; i++) {
        uint32_t c = key->characters[i];
        if ((c == ' ' || c == 0x3010 || c == '[') && i > begin && only_tools(words, key, i, end))
            return i;
        if (i > begin && may_begin_date(c) && date_end(key, text, i))
            return i;
    }
    return end;
}

static bool has_prose(const struct page_key *key, size_t begin, size_t end) {
    for (size_t i = begin; i < end; i++)
        if (page_ends_sentence(key->characters[i]) || key->characters[i] == ',' ||
            key->characters[i] == 0xFF0C)
            return true;
    return false;
}

/* Whether the stretch is of a day that cannot be read: 5月28日, 二月三十日. */
static bool has_month(const struct page_key *key, struct page_stretch stretch) {
    for (size_t i = stretch.begin; i < stretch.end; i++)
        if (key->characters[i] == U'月')
            return true;
    return false;
}

/* Whether the stretch is made up of what can be names of people, in either writing. */
static bool is_people(const struct page_key *key, size_t begin, size_t end) {
    size_t han = 0;
    for (size_t i = begin; i < end; i++) {
        enum character_class class = page_key_class(key->characters[i]);
        han = class == CHARACTER_HAN ? han + 1 : 0;
        if (han > PERSON_MOST || class == CHARACTER_DIGIT ||
            (!page_class_is_unit(class) && !is_separator(key->characters[i]) &&
             key->characters[i] != U'、'))
            return false;
    }
    return end - begin >= 2;
}

/* Where the names end: before 報道, 攝影報道. */
static size_t people_end(const struct page_key *key, size_t begin, size_t end) {
    size_t last = end;
    while (last > begin && key->characters[last - 1] != ' ')
        last--;
    return last > begin && begins_with(key, end - 2, U"报道") ? last - 1 : end;
}

static void take_name(const struct page_words *words, const struct page_key *key, const char *text,
                      size_t begin, size_t end, bool is_person, struct page_stretch *out,
                      bool *whole) {
    struct page_stretch all = trim(key, begin, end);
    size_t stop = name_end(words, key, text, all.begin, all.end);
    struct page_stretch name = trim(key, all.begin, stop);
    if (is_person)
        name.end = people_end(key, name.begin, name.end);
    if (name.end - name.begin > SOURCE_MOST || has_prose(key, all.begin, all.end) ||
        (is_person && name.begin < name.end && !is_people(key, name.begin, name.end))) {
        *whole = false;
        return;
    }
    size_t date = stop < all.end ? date_end(key, text, stop) : 0;
    size_t behind = date ? pass_time(key, date) : stop;
    *whole &= behind >= all.end || only_tools(words, key, behind, all.end);
    if (out->begin == out->end && !only_tools(words, key, name.begin, name.end))
        *out = name;
}

/* The first date in the stretch; false: there is none. */
static bool find_date(const struct page_key *key, const char *text, size_t begin, size_t end,
                      struct page_stretch *date) {
    for (size_t i = begin; i < end; i++) {
        size_t behind = may_begin_date(key->characters[i]) ? date_end(key, text, i) : 0;
        if (behind == 0)
            continue;
        *date = (struct page_stretch){i, behind};
        return true;
    }
    return false;
}

/* Takes the first date in the stretch; returns what is behind it and its time of day, or `begin`
 * where there is none. */
static size_t take_date(const struct page_key *key, const char *text, size_t begin, size_t end,
                        bool labelled, struct page_byline *out) {
    struct page_stretch date;
    if (!find_date(key, text, begin, end, &date))
        return begin;
    if (out->date.begin == out->date.end || (labelled && !out->date_labelled)) {
        out->date = date;
        out->date_labelled = labelled;
    }
    return pass_time(key, date.end);
}

/* Takes a label without a colon in front of the date, 發表於, with the author before it; returns
 * what is left. */
static struct page_stretch take_posted(const struct page_words *words, const struct page_key *key,
                                       struct page_stretch before, struct page_byline *out) {
    unsigned flags;
    size_t size = page_words_match_end(words, key->characters, before.begin, before.end,
                                       PAGE_WORD_DATE, &flags);
    struct page_stretch name = trim(key, before.begin, before.end - size);
    bool is_alone = name.begin == name.end;
    if (size == 0 || (!is_alone && (key->characters[before.end - 1] != U'于' ||
                                    name.end - name.begin > NAME_MOST)))
        return before;
    out->flags |= flags;
    if (!is_alone)
        out->author = name;
    return (struct page_stretch){before.end, before.end};
}

/* The name of a paper without a label. */
struct bare_name {
    struct page_stretch name;
    bool before_date; /* no date was known where it stood */
};

static void take_bare_name(const struct page_key *key, struct page_stretch name,
                           struct bare_name *bare, struct page_byline *out) {
    if (bare->name.begin < bare->name.end || name.end - name.begin > NAME_MOST ||
        has_prose(key, name.begin, name.end)) {
        out->whole = false;
        return;
    }
    bare->name = name;
    bare->before_date = out->date.begin == out->date.end;
}

/* Takes what stands without a label between two bars, or between one and a label or an end of the
 * line: a date, with the name of a paper beside it, such a name alone, or nothing but tools. */
static void take_cell(const struct page_words *words, const struct page_key *key, const char *text,
                      struct page_stretch cell, struct bare_name *bare, struct page_byline *out) {
    struct page_stretch all = trim(key, cell.begin, cell.end), date;
    if (all.begin == all.end)
        return;
    if (!find_date(key, text, all.begin, all.end, &date)) {
        bool apart = (cell.begin > 0 && is_bar(key->characters[cell.begin - 1])) ||
                     (cell.end < key->count && is_bar(key->characters[cell.end]));
        if (all.end - all.begin <= NAME_MOST && only_tools(words, key, all.begin, all.end))
            return;
        if (apart)
            take_bare_name(key, all, bare, out);
        else
            out->whole = false;
        return;
    }
    size_t behind = take_date(key, text, all.begin, all.end, false, out);
    bool timed = behind > date.end;
    struct page_stretch before = trim(key, all.begin, date.begin),
                        after = trim(key, behind, all.end);
    before = take_posted(words, key, before, out);
    bool has_before = before.end > before.begin, has_after = after.end > after.begin;
    if (has_after && only_tools(words, key, after.begin, after.end))
        has_after = false;
    if (!has_before && !has_after)
        return;
    uint32_t beside = has_before ? key->characters[before.end] : key->characters[after.begin - 1];
    if ((has_before && has_after) || !is_separator(beside) || !timed)
        out->whole = false;
    else
        take_bare_name(key, has_before ? before : after, bare, out);
}

static size_t cell_end(const struct page_key *key, size_t begin, size_t end) {
    while (begin < end && !is_bar(key->characters[begin]))
        begin++;
    return begin;
}

static void take_cells(const struct page_words *words, const struct page_key *key, const char *text,
                       size_t begin, size_t end, struct bare_name *bare, struct page_byline *out) {
    for (; begin < end && out->whole; begin++) {
        struct page_stretch cell = {begin, cell_end(key, begin, end)};
        take_cell(words, key, text, cell, bare, out);
        begin = cell.end;
    }
}

/* Takes a date behind its label, and a name behind it. */
static void take_labelled_date(const struct page_words *words, const struct page_key *key,
                               const char *text, struct page_stretch value,
                               struct page_byline *out) {
    size_t behind = take_date(key, text, value.begin, value.end, true, out);
    struct page_stretch rest = trim(key, behind, value.end);
    bool undated = behind == value.begin && has_month(key, rest);
    if (pass_day_part(key, behind) > behind)
        out->whole = false; /* when something is held */
    else if (!undated && rest.begin < rest.end && !only_tools(words, key, rest.begin, rest.end))
        take_name(words, key, text, rest.begin, rest.end, false, &out->source, &out->whole);
}

/* Takes the value of a label, which ends at `end` at the latest. */
static void take_value(const struct page_words *words, const struct page_key *key, const char *text,
                       const struct label *label, size_t end, struct bare_name *bare,
                       struct page_byline *out) {
    if (!(label->flags & (PAGE_WORD_DATE | PAGE_WORD_SOURCE | PAGE_WORD_AUTHOR))) {
        out->whole &= end - label->value <= SOURCE_MOST && !has_prose(key, label->value, end);
        take_date(key, text, label->value, end, false, out);
        return;
    }
    struct page_stretch value = {label->value, cell_end(key, label->value, end)};
    if (label->flags & PAGE_WORD_DATE) {
        take_labelled_date(words, key, text, value, out);
    } else {
        bool source = label->flags & PAGE_WORD_SOURCE;
        take_name(words, key, text, value.begin, value.end, !source && label->mark != ':',
                  source ? &out->source : &out->author, &out->whole);
        take_date(key, text, value.begin, value.end, false, out);
    }
    take_cells(words, key, text, value.end, end, bare, out);
}

/* Whether a line with neither a colon nor a digit is looked at: it begins with a label, or is
 * perhaps a date in Han numerals. */
static bool may_be_byline(const struct page_words *words, const struct page_key *key) {
    size_t at = 0;
    while (at < key->count && !page_key_is_unit(key->characters[at]))
        at++;
    if (at == key->count)
        return false;
    uint32_t first = key->characters[at], last = key->characters[key->count - 1];
    return (page_words_flags(words, first) & NAME_LABELS) || may_begin_date(first) ||
           last == U'日' || last == U'号';
}

bool page_byline_read(const struct page_words *words, const struct page_key *key, const char *text,
                      struct page_byline *out) {
    struct label labels[LABELS_MOST];
    struct bare_name bare = {0};
    *out = (struct page_byline){.whole = key->whole && key->count <= BYLINE_MOST};
    if (!out->whole || (!key->states && !may_be_byline(words, key)))
        return false;
    size_t count = find_labels(words, key, labels);
    if (count == 0 && !find_date(key, text, 0, key->count, &(struct page_stretch){0}))
        return false;     /* as most lines */
    bool certain = false; /* 來源 X alone is not */
    take_cells(words, key, text, 0, count > 0 ? labels[0].begin : key->count, &bare, out);
    for (size_t i = 0; i < count && out->whole; i++) {
        const struct label *label = &labels[i];
        out->labels++;
        out->flags |= label->flags;
        certain |= label->mark == ':' || (label->flags & PAGE_WORD_AUTHOR) ||
                   ((label->flags & PAGE_WORD_SOURCE) && label->mark != ' ');
        take_value(words, key, text, label, i + 1 < count ? labels[i + 1].begin : key->count, &bare,
                   out);
    }
    bool dated = out->date.begin < out->date.end;
    if (bare.name.begin < bare.name.end && (!dated || (bare.before_date && out->date_labelled)))
        out->whole = false;
    if (!certain && !dated)
        out->whole = false;
    if (out->source.begin == out->source.end)
        out->source = bare.name;
    return out->labels > 0 || dated;
}
