/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Undoing a wrong reading, a unit at a time: a unit is a stretch of the text that is whole
 * characters before and after. */
#include "text/double_encoding.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "text/charset_statistics.h"
#include "text/double_bytes.h"
#include "text/scan.h"

enum {
    GROUP = 2,                       /* Chinese characters that make a stretch certain */
    GAIN = 12 * CHARSET_COST_UNIT,   /* by which a reading of GBK is to be likelier */
    LIKELY = 11 * CHARSET_COST_UNIT, /* the highest mean cost of the characters it gives */
    LONG_RUN = 4,                    /* units */
    UNIT_BYTES = 16                  /* of the bytes put back; a unit ends after 6 mostly */
};

struct unit {
    size_t begin, end; /* in the text */
    char replacement[UNIT_BYTES + 4];
    uint8_t size;
    uint8_t chinese; /* characters in the replacement that are Chinese, or its punctuation */
};

/* Whether c is what Chinese text is made of: from the radicals to the compatibility ideographs,
 * full-width forms, and beyond the Basic Multilingual Plane. */
static bool is_chinese(uint32_t c) {
    return (c >= 0x2E80 && c < 0xA000) || (c >= 0xF900 && c < 0xFB00) ||
           (c >= 0xFF00 && c < 0xFFF0) || c >= 0x20000;
}

/* The size by its first byte of a character in UTF-8 that is not ASCII; 0: it begins none. */
static size_t size_by_first(unsigned char first) {
    return first >= 0xF0 && first <= 0xF4  ? 4
           : first >= 0xE0 && first < 0xF0 ? 3
           : first >= 0xC2 && first < 0xE0 ? 2
                                           : 0;
}

/* Begins the Latin letters from À to ÿ, of which one begins each unit of three bytes read as
 * Latin-1 and most of two. */
enum { LATIN_LETTER = 0xC3 };

static bool append_edit(struct edits *out, const struct unit *unit) {
    struct edit edit = {.kind = EDIT_MEND,
                        .begin = (uint32_t)unit->begin,
                        .end = (uint32_t)unit->end,
                        .replacement = {unit->replacement, unit->size},
                        .reason = EDIT_REASON_DOUBLE_ENCODING};
    return edits_append(out, &edit);
}

/* ---- Read as Latin-1 or Windows-1252 ---- */

/* The byte that Windows-1252, or Latin-1 where that has none, shows as c; 0: not one above 0x7F. */
static unsigned char latin_byte(uint32_t c) {
    static const uint16_t windows[32] = {
        0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
    if (c >= 0x80 && c < 0x100)
        return (unsigned char)c;
    for (unsigned i = 0; c > 0xFF && i < 32; i++)
        if (windows[i] == c)
            return (unsigned char)(0x80 + i);
    return 0;
}

/* Reads the unit at text[at]: one character. U+00A0 may have become a space. */
static bool read_latin(const char *text, size_t size, size_t at, struct unit *unit) {
    *unit = (struct unit){.begin = at};
    size_t wanted = 1;
    while (unit->size < wanted) {
        if (at == size)
            return false;
        uint32_t c = utf8_next(text, size, &at);
        unsigned char byte = c == ' ' && unit->size > 0 ? 0xA0 : latin_byte(c);
        if (unit->size == 0)
            wanted = size_by_first(byte);
        else if ((byte & 0xC0) != 0x80)
            return false;
        unit->replacement[unit->size++] = (char)byte;
        if (wanted == 0)
            return false;
    }
    unit->end = at;
    size_t end = 0;
    uint32_t c = utf8_next(unit->replacement, unit->size, &end);
    unit->chinese = c != UTF8_ILL_FORMED && is_chinese(c);
    return c != UTF8_ILL_FORMED && end == unit->size && c >= 0xA0;
}

/* Reads the text from `from` on. Calls of it with out NULL tell whether there is a group at all;
 * then every unit is mended. */
static bool find_latin(const char *text, size_t size, size_t from, bool *group, struct edits *out) {
    size_t chinese = 0, last_end = 0;
    const char *at = text + from, *end = text + size;
    while (at < end && (at = memchr(at, LATIN_LETTER, (size_t)(end - at)))) {
        struct unit unit;
        size_t place = (size_t)(at - text);
        if (!read_latin(text, size, place, &unit)) {
            at += 2;
            continue;
        }
        chinese = unit.begin == last_end ? chinese + unit.chinese : unit.chinese;
        last_end = unit.end;
        *group = *group || chinese >= GROUP;
        if (out && !append_edit(out, &unit))
            return false;
        if (!out && *group)
            return true;
        at = text + unit.end;
    }
    return true;
}

/* ---- Read as GBK ---- */

/* A run of characters put back into bytes, and what they are in UTF-8. */
struct run {
    struct unit *units;
    size_t count, capacity;
    size_t chinese;
    int64_t cost_before, cost_after;
    size_t end;
    bool inside; /* a unit is open */
};

struct finder {
    const char *text;
    size_t size;
    const struct double_bytes *gbk;
    struct run run;
};

/* Whether text[behind] is no ASCII, or a mark of one more lost byte before what is none. */
static bool goes_on(const struct finder *finder, size_t behind) {
    behind += behind < finder->size && finder->text[behind] == '?';
    return behind < finder->size && (unsigned char)finder->text[behind] >= 0x80;
}

/* The bytes in GBK of c, which stands before text[behind]; 0: it has none there. A lone byte 80 is
 * shown as the euro sign, or is lost; but what is lost before ASCII may have been another byte,
 * with the ASCII. */
static size_t gbk_bytes(struct finder *finder, uint32_t c, size_t behind, char out[4]) {
    bool lost = (c == UTF8_REPLACEMENT || c == '?') && finder->run.inside;
    if (c == 0x20AC || (lost && goes_on(finder, behind))) {
        out[0] = (char)0x80;
        return 1;
    }
    if (lost)
        return 0;
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    unsigned pair = double_bytes_pair(finder->gbk, c);
    out[0] = (char)(pair >> 8);
    out[1] = (char)pair;
    return pair != 0 ? 2 : 0;
}

/* The UTF-8 of the bytes of a unit: how many are whole characters, and what is left is a beginning
 * of one. False: it is no UTF-8. */
static bool check_bytes(const char *bytes, size_t size, size_t *whole) {
    *whole = 0;
    while (*whole < size) {
        unsigned char first = (unsigned char)bytes[*whole];
        size_t wanted = first < 0x80 ? 1 : size_by_first(first), left = size - *whole, at = *whole;
        if (wanted == 0)
            return false;
        if (left < wanted) {
            for (size_t i = 1; i < left; i++)
                if (((unsigned char)bytes[*whole + i] & 0xC0) != 0x80)
                    return false;
            return true;
        }
        if (utf8_next(bytes, size, &at) == UTF8_ILL_FORMED)
            return false;
        *whole = at;
    }
    return true;
}

/* Adds a unit to the run, its replacement being UTF-8. */
static bool keep_unit(struct finder *finder, struct unit *unit) {
    struct run *run = &finder->run;
    for (size_t at = unit->begin; at < unit->end;)
        run->cost_before += charset_cost(utf8_next(finder->text, finder->size, &at));
    for (size_t at = 0; at < unit->size;) {
        uint32_t c = utf8_next(unit->replacement, unit->size, &at);
        run->cost_after += charset_cost(c);
        unit->chinese = (uint8_t)(unit->chinese + is_chinese(c));
    }
    run->chinese += unit->chinese;
    run->end = unit->end;
    if (!array_reserve(&run->units, &run->capacity, run->count + 1, sizeof *run->units))
        return false;
    run->units[run->count++] = *unit;
    return true;
}

/* What stands for a character in UTF-8 of which the last byte is lost: for punctuation any mark of
 * the block, as all are alike to a search, and the colon is the one that labels end with. */
static const char *stand_in(const char *bytes, size_t size) {
    if (size == 2 && memcmp(bytes, "\xEF\xBC", 2) == 0)
        return "\xEF\xBC\x9A";
    if (size == 2 && memcmp(bytes, "\xE3\x80", 2) == 0)
        return "\xE3\x80\x82";
    return "\xEF\xBF\xBD";
}

/* The end of a run whose last character has lost its end: what is whole stays, something stands for
 * the rest. A mark of the loss, which ends at `behind`, is a part of it; 0: there is none. */
static bool keep_cut_unit(struct finder *finder, struct unit *unit, size_t whole, size_t behind) {
    if (whole == unit->size || (whole == 0 && behind == 0))
        return true;
    memcpy(unit->replacement + whole, stand_in(unit->replacement + whole, unit->size - whole), 3);
    unit->size = (uint8_t)(whole + 3);
    unit->end = behind > 0 ? behind : unit->end;
    return keep_unit(finder, unit);
}

/* Puts the text from `at` on back, as far as it gives UTF-8. False: no memory. */
static bool read_run(struct finder *finder, size_t at) {
    struct run *run = &finder->run;
    run->count = run->chinese = 0;
    run->cost_before = run->cost_after = 0;
    run->end = at;
    struct unit unit = {.begin = at, .end = at};
    size_t whole = 0, mark_end = 0;
    while (at < finder->size) {
        char bytes[4];
        uint32_t c = utf8_next(finder->text, finder->size, &at);
        run->inside = unit.size > 0;
        if (c < 0x80 && !run->inside) {
            unit.begin = unit.end = at;
            continue;
        }
        size_t count = c == UTF8_ILL_FORMED ? 0 : gbk_bytes(finder, c, at, bytes);
        if (count == 0 && run->inside && (c == '?' || c == UTF8_REPLACEMENT))
            mark_end = at;
        if (count == 0 || unit.size + count > UNIT_BYTES)
            break;
        memcpy(unit.replacement + unit.size, bytes, count);
        if (!check_bytes(unit.replacement, unit.size + count, &whole))
            break;
        unit.size = (uint8_t)(unit.size + count);
        unit.end = at;
        if (whole < unit.size)
            continue;
        if (!keep_unit(finder, &unit))
            return false;
        unit = (struct unit){.begin = at, .end = at};
    }
    check_bytes(unit.replacement, unit.size, &whole);
    return keep_cut_unit(finder, &unit, whole, mark_end);
}

static bool is_certain(const struct run *run) {
    int64_t characters = 0;
    for (size_t i = 0; i < run->count; i++)
        for (size_t at = 0; at < run->units[i].size; characters++)
            utf8_next(run->units[i].replacement, run->units[i].size, &at);
    return run->chinese >= GROUP && run->cost_before - run->cost_after >= GAIN &&
           run->cost_after <= characters * LIKELY;
}

/* The next place at or behind `at` where a run may begin; size: none. */
static size_t find_beginning(const char *text, size_t size, size_t at) {
    while ((at = scan_for_double_encoding(text, size, at)) < size &&
           (unsigned char)text[at] == LATIN_LETTER)
        at++;
    return at;
}

/* Reads the text from `from` on. */
static bool find_gbk(struct finder *finder, size_t from, struct edits *out) {
    size_t at = find_beginning(finder->text, finder->size, from);
    if (at == finder->size)
        return true;
    const struct double_bytes_tables *tables = double_bytes_tables();
    if (!tables)
        return false;
    finder->gbk = &tables->gbk;
    while (at < finder->size) {
        if (!read_run(finder, at))
            return false;
        bool certain = is_certain(&finder->run);
        for (size_t i = 0; certain && i < finder->run.count; i++)
            if (!append_edit(out, &finder->run.units[i]))
                return false;
        size_t behind = at;
        utf8_next(finder->text, finder->size, &behind);
        /* What a long run is not certain of, its parts are not either: time stays linear. */
        bool passed = certain || finder->run.count >= LONG_RUN;
        at = find_beginning(finder->text, finder->size, passed ? finder->run.end : behind);
    }
    return true;
}

bool double_encoding_find(const char *text, size_t size, struct edits *out) {
    edits_clear(out);
    size_t from = size > 0 ? scan_for_double_encoding(text, size, 0) : 0;
    if (from == size)
        return true;
    bool group = false;
    struct edits latin = {0}, gbk = {0};
    struct finder finder = {.text = text, .size = size};
    bool ok = find_latin(text, size, from, &group, NULL) &&
              (!group || find_latin(text, size, from, &group, &latin)) &&
              find_gbk(&finder, from, &gbk) && edits_merge(&latin, &gbk, out);
    free(finder.run.units);
    edits_free(&latin);
    edits_free(&gbk);
    return ok;
}
