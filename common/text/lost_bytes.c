/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where to look for lost bytes, and with what knowledge of the page: see lost_bytes.h. */
#include "text/lost_bytes.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "text/annotation.h"
#include "text/character.h"
#include "text/character_model.h"
#include "text/lost_bytes_lattice.h"

enum {
    /* Costs of what is no Han character, as it stands; see lost_bytes_lattice.c for the unit. */
    COST_PUNCTUATION = 40,
    COST_SPACE = 32,
    COST_ALPHANUMERIC = 56, /* a letter or digit of a word */
    COST_LETTER = 104,      /* a letter by itself */
    COST_LONE = 128, /* a letter or symbol of ASCII from 0x40 on, between Han characters ... */
    COST_LONE_BEHIND_MARK = 240, /* ... or a mark and a Han character */
    COST_CAPITAL_BEHIND_MARK = 176,
    COST_FOREIGN = 56, /* kana, Hangul, other letters, behind one of their kind */
    COST_LONE_FOREIGN = 224,
    COST_QUESTION = 80,          /* a question mark where one can stand */
    COST_FURTHER_QUESTION = 24,  /* behind another */
    COST_MARK_BEFORE_TEXT = 136, /* ASCII's, with text right behind it */
    COST_REPLACEMENT = 192,      /* U+FFFD */
    COST_PRIVATE = 224,          /* private use */

    HARDLY_A_PAIR = 176, /* a pair of characters that costs as much: 1 in 100 of good Chinese */
    SELDOM_A_PAIR = 144, /* the same behind ASCII's question mark, which is rarer in Chinese */
    RARE = 176,          /* a character that costs as much by itself */
    LOOK_BEHIND = 6,     /* characters looked at behind a mark ... */
    LOOK_BEFORE = 4,     /* ... and before it */
    DEBRIS_LEAST = 2,    /* of them; one is enough behind ASCII's question mark */
    MARKS_LEAST = 3,     /* so many marks in a row and then a comma are no question */
    MARKS_MOST = 32,     /* in a row that are counted: more are no loss of bytes, and are not to be
                            counted from each anew */
    LEAD_IN = 32,        /* characters run before the first mark of a stretch ... */
    RUN_OUT = 64,        /* ... and behind the last, if the line has as many */
    PAGE_CHARACTERS_MOST = 20000, /* that the page is judged by */
    READING_MOST = 8,             /* letters of a reading that is looked through */
    DEBRIS_BEFORE_READING = 2,    /* letters or signs */
    GUARD = 8,                    /* characters behind a mark that are no witnesses */
    RARER_CHARSET = 32,           /* by which Big5 must win over GBK, where both mend something */
    WORK_MOST = 1 << 22 /* nodes and characters tried, for one text: 300 damaged sentences, some
                           tenths of a second */
};

struct lost_bytes {
    struct lattice *lattice;
    struct lattice_page page;
    struct lattice_item items[LATTICE_ITEMS_MOST];
    size_t item_count;
    uint64_t work;
    bool may_be[2];    /* GBK and Big5: whether bytes can have been lost in it */
    uint64_t gains[2]; /* in GBK and Big5, of what was mended in them */
    struct edits first_round;
    struct edits other_charset;
    struct buffer replacement, others;
};

xunzi_status lost_bytes_new(struct lost_bytes **out) {
    struct lost_bytes *reader = calloc(1, sizeof *reader);
    *out = NULL;
    if (!reader)
        return error_no_memory();
    xunzi_status status = lattice_new(&reader->lattice);
    if (status != XUNZI_OK) {
        free(reader);
        return status;
    }
    *out = reader;
    return XUNZI_OK;
}

void lost_bytes_free(struct lost_bytes *reader) {
    if (!reader)
        return;
    lattice_free(reader->lattice);
    edits_free(&reader->first_round);
    edits_free(&reader->other_charset);
    buffer_free(&reader->replacement);
    buffer_free(&reader->others);
    free(reader);
}

/* ---- Characters ---- */

static uint32_t character_at(const char *text, size_t size, size_t *at) {
    uint32_t c = utf8_next(text, size, at);
    return c == UTF8_ILL_FORMED ? UTF8_REPLACEMENT : c;
}

/* The character that ends in front of *at, which is moved to its beginning; *at > 0. */
static uint32_t character_before(const char *text, size_t *at) {
    size_t end = *at, begin = end - 1;
    while (begin > 0 && end - begin < 4 && ((unsigned char)text[begin] & 0xC0) == 0x80)
        begin--;
    size_t next = begin;
    uint32_t c = utf8_next(text, end, &next);
    if (c == UTF8_ILL_FORMED || next != end) {
        begin = end - 1;
        c = UTF8_REPLACEMENT;
    }
    *at = begin;
    return c;
}

static enum character_class class_of(uint32_t c) {
    return character_entry_class(character_entry(c));
}

static bool is_han(uint32_t c) {
    return class_of(c) == CHARACTER_HAN;
}

static bool is_mark(uint32_t c) {
    return c == '?' || c == 0xFF1F || c == UTF8_REPLACEMENT;
}

static bool is_alphanumeric(uint32_t c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_private(uint32_t c) {
    return c >= 0xE000 && c < 0xF900;
}

/* ---- Readings ---- */

/* Reads a reading at *at, with or without its opening parenthesis, as an item. */
static bool read_reading(const char *text, size_t size, size_t *at, uint32_t before,
                         struct lattice_item *item) {
    struct annotation annotation;
    bool closing;
    size_t parenthesis = annotation_parenthesis(text, size, *at, &closing);
    item->is_orphan = parenthesis == 0;
    if (parenthesis == 0 && is_mark(before)) {
        /* Its parenthesis may be in the mark. */
        size_t end = *at;
        for (int letters = 0;
             letters < 7 && end < size && !annotation_parenthesis(text, size, end, &closing);
             letters++)
            utf8_next(text, size, &end);
        if (end >= size || !annotation_parenthesis(text, size, end, &closing) || !closing ||
            !annotation_read_back(text, *at, end, &annotation) || annotation.begin != *at)
            return false;
    } else if (parenthesis == 0 || !annotation_read(text, size, *at, &annotation) ||
               (annotation.syllable == 0 && !annotation.zhuyin)) {
        return false;
    }
    item->kind = LATTICE_READING;
    item->syllable = (uint16_t)annotation.syllable;
    item->has_tone = annotation.tones > 0 || annotation.zhuyin;
    item->end = (uint32_t)annotation.end;
    *at = annotation.end;
    return true;
}

/* ---- Costs ---- */

static unsigned lone_cost(uint32_t before, uint32_t c, uint32_t after) {
    bool lone = c >= 0x40 && (is_han(before) || is_mark(before)) &&
                (is_han(after) || after == '(' || is_mark(after));
    if (lone && (before == '?' || before == UTF8_REPLACEMENT))
        return c <= 'Z' && is_alphanumeric(c) ? COST_CAPITAL_BEHIND_MARK : COST_LONE_BEHIND_MARK;
    if (lone)
        return COST_LONE;
    if (c >= 'A' && is_alphanumeric(c) && !is_alphanumeric(before) && !is_alphanumeric(after))
        return COST_LETTER;
    return is_alphanumeric(c) ? COST_ALPHANUMERIC : COST_PUNCTUATION;
}

static bool is_pause(uint32_t c) {
    return c == 0x3001 || c == 0xFF0C || c == 0xFF1B || c == ',' || c == ';' || c == 0x3002;
}

/* Whether a question ends in c as a rule: 嗎 呢 吧 麼 啊 嘛 誰. */
static bool is_particle(uint32_t c) {
    static const uint32_t particles[] = {0x55CE, 0x5417, 0x5462, 0x5427, 0x9EBC,
                                         0x4E48, 0x554A, 0x561B, 0x8AB0, 0x8C01};
    bool found = false;
    for (size_t i = 0; i < sizeof particles / sizeof *particles; i++)
        found = found || particles[i] == c;
    return found;
}

/* What a mark costs as it stands, at its place of `run` in a row, which `after` follows. Two in a
 * row between Han characters are what a mark of punctuation leaves when it is lost as a whole. */
static unsigned mark_cost(uint32_t before, uint32_t c, unsigned place, unsigned run, uint32_t after,
                          bool is_damaged) {
    if (c == UTF8_REPLACEMENT)
        return COST_REPLACEMENT;
    if (run == 2 && is_han(before) && is_han(after))
        return place == 0 ? COST_QUESTION : 0;
    if (run > 1 && is_particle(before))
        return place > 0 ? COST_FURTHER_QUESTION : COST_QUESTION / 2;
    if (run > 1 && place > 0 && !is_pause(after) && !is_damaged)
        return COST_FURTHER_QUESTION;
    bool is_odd =
        c == '?' && run == 1 && (is_han(after) || is_alphanumeric(after) || is_pause(after));
    return is_odd ? COST_MARK_BEFORE_TEXT : COST_QUESTION;
}

/* What a character that is neither Han nor a mark costs as it stands. */
static unsigned standing_cost(uint32_t before, uint32_t c, uint32_t after) {
    if (is_private(c))
        return COST_PRIVATE;
    if (c == ' ' || c == 0x3000)
        return COST_SPACE;
    if (c < 0x80)
        return lone_cost(before, c, after);
    switch (class_of(c)) {
    case CHARACTER_KANA:
    case CHARACTER_HANGUL:
    case CHARACTER_LETTER:
    case CHARACTER_MARK:
        return class_of(before) == class_of(c) && before >= 0x80 ? COST_FOREIGN : COST_LONE_FOREIGN;
    case CHARACTER_DIGIT:
        return COST_ALPHANUMERIC;
    default:
        return (c >= 0x2010 && c <= 0x2027) || (c >= 0x3001 && c <= 0x301F) ||
                       (c >= 0xFF01 && c <= 0xFF65) || c == 0xB7 || c == 0x30FB
                   ? COST_PUNCTUATION
                   : COST_LONE_FOREIGN;
    }
}

/* ---- Suspicion ---- */

/* Whether c, with its neighbours (0: the edge of the text), is what out-of-phase reading leaves in
 * Chinese. */
static bool is_debris(uint32_t before, uint32_t c, uint32_t after, uint32_t hardly) {
    if (is_han(c)) {
        uint32_t number = character_model_number_of(c);
        return character_model_cost_alone(number) >= RARE ||
               (is_han(before) &&
                character_model_cost(0, character_model_number_of(before), number) >= hardly);
    }
    if (c == '?')
        return is_han(before) && (is_han(after) || is_alphanumeric(after));
    if (c >= 0x80)
        return standing_cost(before, c, after) >= COST_LONE_FOREIGN;
    return c >= 0x40 && c < 0x7F && (is_han(before) || is_mark(before)) &&
           (is_han(after) || is_mark(after) || after == '(' || after == 0 || after == '\n');
}

/* The same as character_before(), but a reading is looked through to the character that it belongs
 * to. */
static uint32_t character_before_reading(const char *text, size_t *at) {
    size_t begin = *at;
    uint32_t c = character_before(text, &begin);
    *at = begin;
    if (c != ')' && c != 0xFF09)
        return c;
    for (int letters = 0; letters <= READING_MOST && begin > 0; letters++) {
        struct annotation annotation;
        uint32_t other = character_before(text, &begin);
        if (other != '(' && other != 0xFF08)
            continue;
        if (begin == 0 || !annotation_read(text, *at + (c == ')' ? 1 : 3), begin, &annotation) ||
            !annotation.closed)
            break;
        *at = begin;
        return character_before(text, at);
    }
    return c;
}

/* Whether a reading with a tone stands behind a few letters or signs, of which one may be the
 * second byte of its character. */
static bool is_reading_of_debris(const char *text, size_t size, size_t at) {
    for (int i = 0; i < DEBRIS_BEFORE_READING && at < size && text[at] > ' ' && text[at] != '(' &&
                    text[at] != '?';
         i++) {
        struct lattice_item item;
        size_t next = ++at;
        if (next < size && text[next] == '(' && read_reading(text, size, &next, 0, &item))
            return item.has_tone;
    }
    return false;
}

/* Debris among the characters beside a mark. */
struct debris {
    int count, han; /* of them Han characters */
};

static void count_debris(struct debris *found, uint32_t before, uint32_t c, uint32_t after,
                         uint32_t hardly) {
    bool is = is_debris(before, c, after, hardly);
    found->count += is;
    found->han += is && is_han(c);
}

/* Whether so much debris beside a full-width question mark, of which Chinese is full, is a loss of
 * bytes: a name can be two characters that the model hardly knows. */
static bool is_much(const struct debris *found) {
    return found->count >= DEBRIS_LEAST + (found->han == found->count);
}

bool lost_bytes_suspects(const char *text, size_t size, size_t at) {
    size_t next = at, begin = at, marks = 0, behind = at;
    uint32_t c = 0;
    while (next < size && marks < MARKS_MOST &&
           (behind = next, c = character_at(text, size, &next), is_mark(c)))
        marks++;
    if (is_mark(c)) {
        c = 0; /* the text ends in marks, or they are too many to tell anything */
        behind = size;
    }
    uint32_t before = at > 0 ? character_before_reading(text, &begin) : 0;
    bool has_han = is_han(before) || before == ')' || is_han(c);
    size_t here = at;
    if (has_han && character_at(text, size, &here) == UTF8_REPLACEMENT)
        return true;
    if (is_han(before) && ((marks >= MARKS_LEAST && is_pause(c)) ||
                           (marks == 2 && text[at] == '?' && (is_han(c) || is_pause(c)))))
        return true;
    struct lattice_item item;
    if (is_reading_of_debris(text, size, behind) ||
        (behind < size && read_reading(text, size, &behind, '?', &item) && item.has_tone))
        return true;
    bool is_wide = text[at] != '?';
    uint32_t last = '?', hardly = is_wide ? HARDLY_A_PAIR : SELDOM_A_PAIR;
    struct debris found = {0};
    for (int i = 0; i < LOOK_BEHIND && c != 0 && c != '\n'; i++) {
        uint32_t after = next < size ? character_at(text, size, &next) : 0;
        has_han = has_han || is_han(c) || is_han(after);
        count_debris(&found, last, c, after, hardly);
        if (has_han && (is_wide ? is_much(&found) : found.count > 0))
            return true;
        last = c;
        c = after;
    }
    /* A byte may have been lost before, without a mark, where this is the end of it. */
    found = (struct debris){0};
    c = '?';
    for (int i = 0; i < LOOK_BEFORE && before != 0 && before != '\n'; i++) {
        uint32_t further = begin > 0 ? character_before(text, &begin) : 0;
        count_debris(&found, further, before, c, HARDLY_A_PAIR);
        c = before;
        before = further;
    }
    return is_wide ? is_much(&found) : found.count >= DEBRIS_LEAST;
}

/* ---- Items ---- */

/* Gives the marks from item `first` on to the last their costs; `before` and `after` stand around
 * them. How many there are tells as far as MARKS_LEAST. */
static void cost_marks(struct lost_bytes *reader, size_t first, uint32_t before, uint32_t after) {
    size_t run = reader->item_count - first, place = run <= MARKS_LEAST ? 0 : run - 1;
    for (; place < run; place++) {
        struct lattice_item *item = &reader->items[first + place];
        item->cost = (uint16_t)mark_cost(before, item->character, (unsigned)place, (unsigned)run,
                                         after, reader->page.is_damaged);
    }
}

/* Makes items of text [begin, end), as many as there is room for. */
static void make_items(struct lost_bytes *reader, const char *text, size_t begin, size_t end) {
    uint32_t before = 0, before_marks = 0;
    size_t marks = 0; /* in a row, up to here */
    reader->item_count = 0;
    for (size_t at = begin; at < end && reader->item_count < LATTICE_ITEMS_MOST;) {
        struct lattice_item *item = &reader->items[reader->item_count++];
        *item = (struct lattice_item){.begin = (uint32_t)at};
        if (read_reading(text, end, &at, before, item)) {
            before = is_han(before) ? before : ')'; /* as if it were not there */
            marks = 0;
            continue;
        }
        uint32_t c = character_at(text, end, &at);
        size_t next = at;
        uint32_t after = at < end ? character_at(text, end, &next) : 0;
        item->end = (uint32_t)at;
        item->character = c;
        item->kind = is_mark(c) ? LATTICE_MARK : LATTICE_CHARACTER;
        item->is_han = is_han(c);
        if (is_mark(c)) {
            before_marks = marks == 0 ? before : before_marks;
            cost_marks(reader, reader->item_count - ++marks, before_marks, after);
        } else {
            marks = 0;
            if (item->is_han)
                item->number = (uint16_t)character_model_number_of(c);
            else
                item->cost = (uint16_t)standing_cost(before, c, after);
        }
        before = c;
    }
}

/* ---- The page ---- */

static void add_witnesses(struct lost_bytes *reader, const char *text, size_t size) {
    const struct double_bytes_tables *tables = reader->page.tables;
    size_t traditional = 0, simplified = 0, guard = 0;
    uint32_t before = 0;
    for (size_t at = 0, count = 0; at < size && count < PAGE_CHARACTERS_MOST; count++) {
        uint32_t c = character_at(text, size, &at);
        if (is_mark(c))
            guard = GUARD;
        uint32_t number = is_han(c) ? character_model_number_of(c) : 0;
        if (number != 0 && guard == 0) {
            traditional += !double_bytes_is_gb2312(&tables->gbk, c);
            simplified += double_bytes_pair(&tables->big5, c) == 0;
            if (before != 0)
                lattice_page_add_pair(&reader->page, before, number);
        }
        before = number;
        guard -= guard > 0;
    }
    reader->page.script = traditional > 2 * simplified ? 1 : simplified > 2 * traditional ? -1 : 0;
}

/* What was mended is a witness as well. */
static void add_mended(struct lost_bytes *reader, const struct edits *edits) {
    for (size_t i = 0; i < edits->count; i++) {
        xunzi_string text = edits->items[i].replacement;
        uint32_t before = 0;
        for (size_t at = 0; at < text.size;) {
            uint32_t c = character_at(text.data, text.size, &at);
            uint32_t number = is_han(c) ? character_model_number_of(c) : 0;
            if (before != 0 && number != 0)
                lattice_page_add_pair(&reader->page, before, number);
            before = number;
        }
    }
}

/* ---- Stretches ---- */

static bool append_characters(struct buffer *out, const uint32_t *characters, size_t count) {
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++)
        ok = utf8_append(out, characters[i]);
    return ok;
}

static bool add_edits(struct lost_bytes *reader, const struct lattice_stretch *stretches,
                      size_t count, struct edits *out, uint64_t *gain) {
    const uint32_t *characters = lattice_characters(reader->lattice);
    for (size_t i = 0; i < count; i++) {
        const struct lattice_stretch *stretch = &stretches[i];
        buffer_clear(&reader->replacement);
        buffer_clear(&reader->others);
        if (!append_characters(&reader->replacement, characters + stretch->first_character,
                               stretch->count))
            return false;
        for (size_t j = 0; j < stretch->other_count; j++)
            if (!append_characters(&reader->others, characters + stretch->others[j].first,
                                   stretch->others[j].count) ||
                !buffer_append_byte(&reader->others, '\0'))
                return false;
        struct edit edit = {
            .kind = EDIT_MEND,
            .begin = reader->items[stretch->begin].begin,
            .end = reader->items[stretch->end - 1].end,
            .replacement = {reader->replacement.data, reader->replacement.size},
            .others = {reader->others.data, reader->others.size},
            .reason = EDIT_REASON_LOST_BYTE,
        };
        if (!edits_append(out, &edit))
            return false;
        *gain += stretch->gain;
    }
    return true;
}

/* Runs text [begin, end) in both charsets; appends what the better one mends. */
static xunzi_status run(struct lost_bytes *reader, const char *text, size_t begin, size_t end,
                        struct edits *out) {
    const struct double_bytes *charsets[2] = {&reader->page.tables->gbk,
                                              &reader->page.tables->big5};
    uint64_t gains[2] = {0, 0};
    size_t kept = out->count;
    make_items(reader, text, begin, end);
    edits_clear(&reader->other_charset);
    for (int i = 0; i < 2 && reader->item_count > 0; i++) {
        const struct lattice_stretch *stretches;
        size_t count;
        if (!reader->may_be[i])
            continue;
        xunzi_status status =
            lattice_run(reader->lattice, &reader->page, charsets[i], reader->items,
                        reader->item_count, &reader->work, &stretches, &count);
        if (status != XUNZI_OK)
            return status;
        if (!add_edits(reader, stretches, count, i == 0 ? out : &reader->other_charset, &gains[i]))
            return error_no_memory();
    }
    if (gains[0] == 0 && gains[1] == 0)
        return XUNZI_OK;
    bool is_big5 = gains[1] > gains[0] + RARER_CHARSET;
    reader->gains[is_big5] += gains[is_big5];
    if (!is_big5)
        return XUNZI_OK;
    out->count = kept;
    for (size_t i = 0; i < reader->other_charset.count; i++)
        if (!edits_append(out, &reader->other_charset.items[i]))
            return error_no_memory();
    return XUNZI_OK;
}

/* The beginning of the line, at most LEAD_IN characters before `at` and not before `least`. */
static size_t lead_in(const char *text, size_t least, size_t at) {
    for (int i = 0; i < LEAD_IN && at > least; i++) {
        size_t before = at;
        if (character_before(text, &before) == '\n' || before < least)
            break;
        at = before;
    }
    return at;
}

/* Where a stretch that begins at `begin` and has its first mark at `mark` ends; it takes in marks
 * that follow closely. */
static size_t run_out(const char *text, size_t size, size_t begin, size_t mark) {
    size_t at = begin, since = 0;
    for (size_t count = 0; at < size && count < LATTICE_ITEMS_MOST && since < RUN_OUT; count++) {
        size_t here = at;
        uint32_t c = character_at(text, size, &at);
        if (c == '\n')
            return here;
        since = here <= mark || is_mark(c) ? 0 : since + 1;
    }
    return at;
}

/* One round over all marks. */
static xunzi_status round_of(struct lost_bytes *reader, const char *text, size_t size,
                             struct edits *out) {
    size_t done = 0;
    edits_clear(out);
    for (size_t at = 0; at < size && reader->work < WORK_MOST;) {
        size_t here = at;
        unsigned char byte = (unsigned char)text[at];
        if (byte != '?' && byte < 0x80) {
            at++;
            continue;
        }
        if (!is_mark(character_at(text, size, &at)))
            continue;
        if (!reader->page.is_damaged && !lost_bytes_suspects(text, size, here))
            continue;
        size_t begin = lead_in(text, done, here);
        done = run_out(text, size, begin, here);
        xunzi_status status = run(reader, text, begin, done, out);
        if (status != XUNZI_OK)
            return status;
        at = done > at ? done : at;
    }
    return XUNZI_OK;
}

/* Whether of the pairs of question marks between Han characters more stand than became a character.
 */
static bool doubles_stand(const char *text, size_t size, const struct edits *edits) {
    size_t standing = 0, mended = 0;
    const char *end = text + size, *at = text;
    while (end - at > 1 && (at = memchr(at, '?', (size_t)(end - at - 1))) != NULL) {
        size_t begin = (size_t)(at - text), behind = begin;
        while (behind < size && text[behind] == '?')
            behind++;
        size_t edit = edits_find(edits, begin), next = behind, before = begin;
        bool is_mended = edit < edits->count && edits->items[edit].begin < behind;
        if (is_mended)
            mended += behind - begin == 2 && edits->items[edit].begin == begin &&
                      edits->items[edit].end == behind;
        else if (behind - begin == 2 && begin > 0 && behind < size)
            standing +=
                is_han(character_before(text, &before)) && is_han(character_at(text, size, &next));
        at = text + behind;
    }
    return standing > mended;
}

xunzi_status lost_bytes_find(struct lost_bytes *reader, const char *text, size_t size,
                             struct edits *out) {
    edits_clear(out);
    reader->page = (struct lattice_page){.tables = double_bytes_tables()};
    reader->work = 0;
    if (!reader->page.tables)
        return XUNZI_ERROR_INTERNAL;
    reader->gains[0] = reader->gains[1] = 0;
    add_witnesses(reader, text, size);
    reader->may_be[0] = true;
    reader->may_be[1] = reader->page.script >= 0; /* Big5 has no Simplified characters */
    xunzi_status status = round_of(reader, text, size, &reader->first_round);
    if (status != XUNZI_OK || reader->first_round.count == 0)
        return status;
    reader->page.is_damaged = true;
    reader->page.is_doubtful = doubles_stand(text, size, &reader->first_round);
    reader->may_be[reader->gains[0] >= reader->gains[1]] =
        false; /* a page goes through one charset */
    add_mended(reader, &reader->first_round);
    reader->work = 0;
    return round_of(reader, text, size, out);
}
