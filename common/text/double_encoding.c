/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Undoing a wrong reading, a unit at a time: a unit is a stretch of the text that is whole
 * characters before and after. */
#include "text/double_encoding.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "text/character.h"
#include "text/character_model.h"
#include "text/charset_statistics.h"
#include "text/double_beam.h"
#include "text/double_bytes.h"
#include "text/scan.h"

enum {
    GROUP = 2,                             /* Chinese characters that make a stretch certain */
    GAIN = 12 * CHARSET_COST_UNIT,         /* by which a reading of GBK is to be likelier */
    LIKELY = 11 * CHARSET_COST_UNIT,       /* the highest mean cost of the characters it gives */
    LONG_RUN = 4,                          /* units */
    MARGIN = 5 * CHARACTER_MODEL_UNIT / 2, /* by which a guess is to be likelier than any other */
    COMMON = 20 * CHARSET_COST_UNIT,       /* two characters that cost less may be sound text */
    FREE_GUESSES = 1 << 15,                /* ways to fill a gap that are tried in any text, ... */
    GUESSES = 40,                          /* ... and for each byte of it, ... */
    GUESSES_MOST = 1 << 24 /* ... but no more: as many as 300 damaged pages need, some tenths of a
                              second */
};

struct unit {
    size_t begin, end; /* in the text */
    char replacement[DOUBLE_BEAM_UNIT + 4];
    uint8_t size;
    bool chinese; /* read as Latin-1: the replacement is a Chinese character */
    bool guessed; /* some bytes of the replacement are not in the text */
    int32_t gain; /* read as GBK: by how much cheaper the replacement is */
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

/* What speaks for a reading. */
struct evidence {
    size_t chinese, characters;
    int64_t cost_before, cost_after; /* of charset_statistics.h */
};

/* A run of characters put back into bytes, and what they are in UTF-8. */
struct run {
    struct unit *units;
    size_t count, capacity;
    struct evidence all, sound; /* sound: of the units without a guess */
    uint32_t margin;            /* of the guesses, in units of the character model */
    size_t begin, end;          /* begin: of the unit that is open */
};

struct finder {
    const char *text;
    size_t size, from;
    const struct double_bytes *gbk;
    struct double_beam *beam;
    struct run run;
    bool looks_sound; /* what stands where the run begins: nothing is guessed in its first unit */
    size_t gap_end;   /* in the text: from there on no bytes are guessed */
};

/* Whether text[behind] is no ASCII, or a mark of one more lost byte before what is none. */
static bool goes_on(const struct finder *finder, size_t behind) {
    behind += behind < finder->size && finder->text[behind] == '?';
    return behind < finder->size && (unsigned char)finder->text[behind] >= 0x80;
}

static void add_evidence(struct evidence *sum, const struct evidence *more) {
    sum->chinese += more->chinese;
    sum->characters += more->characters;
    sum->cost_before += more->cost_before;
    sum->cost_after += more->cost_after;
}

/* The bytes in GBK of c, which is not ASCII and stands at piece->begin. False: it has none there. A
 * lone byte 80 is shown as the euro sign. */
static bool put_back(const struct finder *finder, uint32_t c, struct double_piece *piece) {
    unsigned pair = c == UTF8_ILL_FORMED ? 0 : double_bytes_pair(finder->gbk, c);
    bool lone = c == 0x20AC;
    piece->bytes[0] = (char)(lone ? 0x80 : pair >> 8);
    piece->bytes[1] = (char)pair;
    piece->size = lone ? 1 : 2;
    return lone || pair != 0;
}

/* Adds a unit to the run, its replacement being UTF-8. */
static bool keep_unit(struct finder *finder, struct unit *unit) {
    struct run *run = &finder->run;
    struct evidence here = {0};
    for (size_t at = unit->begin; at < unit->end;)
        here.cost_before += charset_cost(utf8_next(finder->text, finder->size, &at));
    for (size_t at = 0; at < unit->size; here.characters++) {
        uint32_t c = utf8_next(unit->replacement, unit->size, &at);
        here.cost_after += charset_cost(c);
        here.chinese += is_chinese(c);
    }
    unit->gain = (int32_t)(here.cost_before - here.cost_after);
    add_evidence(&run->all, &here);
    if (!unit->guessed)
        add_evidence(&run->sound, &here);
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

/* The margin of the likeliest way, over those that end now as well. */
static uint32_t margin_of(const struct double_beam *beam, const struct double_node *best) {
    uint32_t margin = best->margin;
    for (size_t i = beam->begin; i < beam->end; i++) {
        const struct double_node *other = &beam->nodes[i];
        bool variant = other->parent == best->parent && other->cost == best->cost;
        if (other != best && !variant && other->cost - best->cost < margin)
            margin = other->cost - best->cost;
    }
    return margin;
}

static void add_bytes(struct unit *unit, const char *bytes, size_t size, size_t end) {
    memcpy(unit->replacement + unit->size, bytes, size);
    unit->size = (uint8_t)(unit->size + size);
    unit->end = end;
}

/* Keeps a unit, and begins the next one. */
static bool end_unit(struct finder *finder, struct unit *unit) {
    if (!keep_unit(finder, unit))
        return false;
    *unit = (struct unit){.begin = unit->end, .end = unit->end};
    return true;
}

/* Takes the likeliest way for what was read: adds its units to the run. An open one is cut; a mark
 * of its loss ends at `behind`, 0: there is none. */
static bool choose_way(struct finder *finder, size_t behind) {
    struct double_beam *beam = finder->beam;
    struct run *run = &finder->run;
    const struct double_node *best = double_beam_best(beam), last = *best;
    uint32_t margin = margin_of(beam, best);
    uint16_t way[DOUBLE_BEAM_NODES];
    size_t count = 0;
    for (size_t i = (size_t)(best - beam->nodes); i != 0; i = beam->nodes[i].parent)
        way[count++] = (uint16_t)i;
    struct unit unit = {.begin = run->begin};
    bool guessed = false;
    while (count-- > 0) {
        const struct double_node *node = &beam->nodes[way[count]];
        unit.guessed = unit.guessed || node->guessed;
        guessed = guessed || node->guessed;
        add_bytes(&unit, node->bytes, node->whole, node->begin);
        if (node->whole > 0 && !end_unit(finder, &unit))
            return false;
        add_bytes(&unit, node->bytes + node->whole, (size_t)(node->size - node->whole), node->end);
        if (node->open_size == 0 && unit.size > 0 && !end_unit(finder, &unit))
            return false;
    }
    if (guessed && margin < run->margin)
        run->margin = margin;
    run->begin = last.end;
    double_beam_restart(beam, &last, last.end);
    return keep_cut_unit(finder, &unit, (size_t)(unit.size - last.open_size), behind);
}

/* Whether bytes may be guessed at `at`. That costs time: a text has so much of it. */
static bool may_guess(const struct finder *finder, size_t at) {
    uint64_t guesses = finder->beam->guesses;
    return at < finder->gap_end && (finder->run.count > 0 || !finder->looks_sound) &&
           guesses < FREE_GUESSES + (uint64_t)(at - finder->from) * GUESSES &&
           guesses < GUESSES_MOST;
}

/* Goes on with a piece. marked: a mark of lost bytes is before it. */
static bool go_on(struct finder *finder, bool marked, const struct double_piece *piece) {
    struct double_beam *beam = finder->beam;
    if (!marked && double_beam_go_on(beam, piece))
        return true;
    if (may_guess(finder, piece->end))
        return double_beam_go_on_behind_gap(beam, marked, piece);
    return marked && double_beam_go_on_behind_mark(beam, piece);
}

/* Guesses the end of the last character. Where only a byte of it is lost, with an ASCII character
 * or half of what is behind, any of 64 may stand there: then no other is to come near. */
static bool close_character(struct finder *finder, size_t mark_end) {
    struct double_beam *beam = finder->beam;
    const struct double_node *open = double_beam_best(beam);
    size_t begin = beam->begin, end = beam->end;
    if (open->open_size == 0 || !may_guess(finder, finder->run.begin) ||
        !double_beam_close(beam, mark_end > 0 ? mark_end : open->end))
        return false;
    if (open->open_size == 1 || margin_of(beam, double_beam_best(beam)) >= MARGIN)
        return true;
    beam->begin = begin;
    beam->end = end;
    return false;
}

/* Puts the text from `at` on back, as far as it gives UTF-8. False: no memory. */
static bool read_run(struct finder *finder, size_t at) {
    struct run *run = &finder->run;
    struct double_beam *beam = finder->beam;
    run->count = 0;
    run->all = run->sound = (struct evidence){0};
    run->margin = UINT32_MAX;
    run->begin = run->end = at;
    double_beam_restart(beam, NULL, at);
    bool marked = false, ends = true; /* ends: before ASCII, a mark, or the end of the text */
    size_t mark_end = 0;
    while (at < finder->size) {
        struct double_piece piece = {.begin = at, .end = at};
        uint32_t c = utf8_next(finder->text, finder->size, &at);
        bool inside = double_beam_best(beam)->open_size > 0;
        if (c < 0x80 && !inside) {
            if (!choose_way(finder, 0))
                return false;
            double_beam_restart(beam, NULL, at);
            run->begin = at;
            continue;
        }
        if (c == '?' || (c == UTF8_REPLACEMENT && inside)) {
            mark_end = at;
            if (!goes_on(finder, at) || (marked && !go_on(finder, true, &piece)))
                break;
            marked = true;
            continue;
        }
        ends = c < 0x80;
        piece.end = at;
        if (ends || !put_back(finder, c, &piece) || !go_on(finder, marked, &piece))
            break;
        ends = true;
        marked = false;
        mark_end = 0;
        if (beam->end - beam->begin == 1 && !double_beam_best(beam)->open_size &&
            !choose_way(finder, 0))
            return false;
    }
    if (ends && close_character(finder, mark_end))
        mark_end = 0;
    return choose_way(finder, mark_end);
}

static bool is_certain(const struct evidence *evidence) {
    return evidence->chinese >= GROUP && evidence->cost_before - evidence->cost_after >= GAIN &&
           evidence->cost_after <= (int64_t)evidence->characters * LIKELY;
}

/* Where the first guess begins without which, and all behind it, the run is better; or the end of
 * it. */
static size_t find_limit(const struct run *run) {
    int64_t gain = 0, best = run->all.cost_before - run->all.cost_after;
    size_t limit = SIZE_MAX;
    for (size_t i = 0; i < run->count; gain += run->units[i++].gain)
        if (run->units[i].guessed && gain > best) {
            best = gain;
            limit = run->units[i].begin;
        }
    return limit;
}

/* The cost of c behind `before`, by itself or as the second of a pair that belongs together. */
static uint32_t cost_behind(uint32_t before, uint32_t c) {
    uint32_t alone = charset_cost(c), first = character_model_number_of(before),
             second = character_model_number_of(c);
    if (first == 0 || second == 0)
        return alone;
    uint32_t pair =
        character_model_cost(0, first, second) * CHARSET_COST_UNIT / CHARACTER_MODEL_UNIT;
    return pair < alone ? pair : alone;
}

/* Whether the character at `at` and the next one that is no mark of lost bytes are so likely that
 * the text may be sound. */
static bool looks_sound(const struct finder *finder, size_t at) {
    uint32_t first = utf8_next(finder->text, finder->size, &at), next = 0;
    while (at < finder->size && (next == 0 || next == '?' || next == UTF8_REPLACEMENT))
        next = utf8_next(finder->text, finder->size, &at);
    return next != UTF8_ILL_FORMED && charset_cost(first) + cost_behind(first, next) < COMMON;
}

/* Whether a run can begin at `at`, where two bytes of three are: the third is in what stands
 * behind, or what is there does not look sound and it may be guessed. */
static bool can_begin(struct finder *finder, size_t at) {
    struct double_piece piece = {0};
    finder->looks_sound = looks_sound(finder, at);
    utf8_next(finder->text, finder->size, &at);
    if (!finder->looks_sound)
        return true;
    uint32_t next = at < finder->size ? utf8_next(finder->text, finder->size, &at) : 0;
    return next == '?' || next == UTF8_REPLACEMENT ||
           (next >= 0x80 && put_back(finder, next, &piece) && (piece.bytes[0] & 0xC0) == 0x80);
}

static bool prepare_beam(struct finder *finder) {
    if (finder->beam)
        return true;
    finder->beam = malloc(sizeof *finder->beam);
    if (finder->beam)
        double_beam_init(finder->beam, finder->gbk);
    return finder->beam != NULL;
}

/* Reads the run that begins at `at`, and tells whether it is certain. A guess is one beside sound
 * units that are certain by themselves, or where no other comes near. False: no memory. */
static bool judge_run(struct finder *finder, size_t at, bool *certain) {
    finder->gap_end = SIZE_MAX;
    if (!read_run(finder, at))
        return false;
    size_t limit = find_limit(&finder->run);
    finder->gap_end = limit < finder->gap_end ? limit : finder->gap_end;
    if (limit != SIZE_MAX && !read_run(finder, at))
        return false;
    *certain = is_certain(&finder->run.sound) ||
               (is_certain(&finder->run.all) && finder->run.margin >= MARGIN);
    finder->gap_end = at;
    if (*certain || finder->run.margin == UINT32_MAX)
        return true;
    if (!read_run(finder, at))
        return false;
    *certain = is_certain(&finder->run.all);
    return true;
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
        bool certain = false;
        finder->run.count = 0;
        if (can_begin(finder, at) && (!prepare_beam(finder) || !judge_run(finder, at, &certain)))
            return false;
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
    struct finder finder = {.text = text, .size = size, .from = from};
    bool ok = find_latin(text, size, from, &group, NULL) &&
              (!group || find_latin(text, size, from, &group, &latin)) &&
              find_gbk(&finder, from, &gbk) && edits_merge(&latin, &gbk, out);
    free(finder.beam);
    free(finder.run.units);
    edits_free(&latin);
    edits_free(&gbk);
    return ok;
}
