/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes the tables of charset_statistics.h: a program that runs while Xunzi is built, reads the
 * texts named in its arguments (UTF-8) and prints C.
 *
 * A Han character's probability is HAN_SHARE of what its folding class has of all Han characters
 * read, mixed with an even share of what is kept back for its level, so that what was never read is
 * not impossible. Other characters have their share of all characters read, and at least what their
 * kind is given here.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/uscript.h>

#include "base/utf8.h"
#include "text/character.h"
#include "text/charset_statistics.h"

enum { BMP = 0x10000, LEVELS = 3 };

static const double HAN_SHARE = 0.82;
/* What is kept back for the characters of each level, as a part of all Han characters: about what
 * of running text the corpus does not hold. */
static const double KEPT_BACK[LEVELS] = {0.06, 0.006, 0.0005};

static uint64_t read_count[BMP]; /* by code point; a Han character counts for its folding class */
static uint64_t read_total, read_han;
static uint8_t level[BMP]; /* of a Han character; 0 is the most common */
static uint8_t cost[BMP];

static _Noreturn void fail(const char *what, const char *why) {
    fprintf(stderr, "charset-statistics-generator: %s: %s\n", what, why);
    exit(1);
}

static bool is_han(uint32_t c) {
    UErrorCode code = U_ZERO_ERROR;
    return u_charType((UChar32)c) == U_OTHER_LETTER &&
           uscript_getScript((UChar32)c, &code) == USCRIPT_HAN;
}

static uint32_t folded(uint32_t c) {
    uint32_t entry = character_entry(c);
    uint32_t to = entry & CHARACTER_EXPANDS ? c : character_entry_folded(c, entry);
    return to < BMP ? to : c;
}

static void read_text(const char *path) {
    static char text[1 << 20];
    FILE *file = fopen(path, "rb");
    if (!file)
        fail(path, "cannot be opened");
    size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    for (size_t at = 0; at < size;) {
        uint32_t c = utf8_next(text, size, &at);
        if (c >= BMP)
            continue;
        read_total++;
        read_han += is_han(c);
        read_count[is_han(c) ? folded(c) : c]++;
    }
}

static UConverter *open_charset(const char *name) {
    UErrorCode code = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(name, &code);
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
    if (U_FAILURE(code))
        fail(name, u_errorName(code));
    return converter;
}

/* The character that a pair of bytes stands for, or the first of several; UTF8_ILL_FORMED: none. */
static uint32_t character_of(UConverter *converter, unsigned lead, unsigned trail) {
    const char bytes[] = {(char)lead, (char)trail};
    const char *at = bytes;
    UErrorCode code = U_ZERO_ERROR;
    ucnv_reset(converter);
    UChar32 c = ucnv_getNextUChar(converter, &at, bytes + 2, &code);
    return U_SUCCESS(code) ? (uint32_t)c : UTF8_ILL_FORMED;
}

static void give_level(UConverter *converter, unsigned first_lead, unsigned last_lead,
                       unsigned first_trail, uint8_t its_level) {
    for (unsigned lead = first_lead; lead <= last_lead; lead++) {
        for (unsigned trail = first_trail; trail <= 0xFE; trail++) {
            uint32_t c = character_of(converter, lead, trail);
            if (c < BMP && level[c] > its_level)
                level[c] = its_level;
        }
    }
}

/* The rows of GB 2312 (EUC-CN) and of Big5 that hold the levels. */
static void find_levels(UConverter *gbk, UConverter *big5) {
    memset(level, LEVELS - 1, sizeof level);
    give_level(gbk, 0xB0, 0xD7, 0xA1, 0);
    give_level(gbk, 0xD8, 0xF7, 0xA1, 1);
    give_level(big5, 0xA4, 0xC6, 0x40, 0);
    give_level(big5, 0xC9, 0xF9, 0x40, 1);
}

/* The cost in nats of a character that is not Han, if it was never read. */
static double cost_of_kind(uint32_t c) {
    if (c == '\n' || c == '\r' || c == '\t' || (c >= ' ' && c < 0x7F))
        return 3.5;
    if (c < ' ' || c == 0x7F)
        return 15;
    if ((c >= 0x3000 && c < 0x3030) || (c > 0xFF00 && c < 0xFF5F))
        return 9.5;
    if (c >= 0x2010 && c < 0x2027)
        return 10;
    if ((c >= 0x3040 && c < 0x3100) || (c >= 0xA0 && c < 0x200))
        return 11.5;
    switch (u_charType((UChar32)c)) {
    case U_UNASSIGNED:
    case U_SURROGATE:
        return 19;
    case U_PRIVATE_USE_CHAR:
    case U_CONTROL_CHAR:
        return 18;
    default:
        return c >= 0xAC00 && c < 0xD7B0 ? 14 : 13;
    }
}

static void find_costs(void) {
    uint64_t members[LEVELS] = {0};
    for (uint32_t c = 0; c < BMP; c++)
        members[level[c]] += is_han(c);
    for (uint32_t c = 0; c < BMP; c++) {
        double nats = cost_of_kind(c);
        if (is_han(c)) {
            double share = (double)read_count[folded(c)] / (double)read_han +
                           KEPT_BACK[level[c]] / (double)members[level[c]];
            nats = -log(HAN_SHARE * share);
        } else if (c >= 0x80 && read_count[c] > 0) {
            nats = fmin(nats, -log((double)read_count[c] / (double)read_total));
        }
        cost[c] = (uint8_t)lround(nats * CHARSET_COST_UNIT);
    }
}

static void print_array(const char *declaration, const uint8_t *values, size_t count) {
    printf("%s = {", declaration);
    for (size_t i = 0; i < count; i++)
        printf("%s%u,", i % 32 ? "" : "\n", values[i]);
    printf("};\n");
}

static void print_pairs(const char *declaration, UConverter *converter) {
    printf("%s = {", declaration);
    for (unsigned lead = CHARSET_LEAD; lead <= 0xFE; lead++) {
        printf("\n{");
        for (unsigned trail = CHARSET_TRAIL; trail <= 0xFE; trail++) {
            uint32_t c = character_of(converter, lead, trail);
            unsigned its = CHARSET_COST_ILL_FORMED;
            if (c != UTF8_ILL_FORMED)
                its = c < BMP ? cost[c] : CHARSET_COST_HAN_BEYOND;
            printf("%u,", its);
        }
        printf("},");
    }
    printf("};\n");
}

int main(int count, char **arguments) {
    for (int i = 1; i < count; i++)
        read_text(arguments[i]);
    if (read_han == 0)
        fail("no Han character", "was in the texts given");
    UConverter *gbk = open_charset("gb18030"), *big5 = open_charset("Big5-HKSCS");
    find_levels(gbk, big5);
    find_costs();
    printf(
        "/* Made by charset_statistics_generator.c. */\n#include \"text/charset_statistics.h\"\n");
    print_array("const uint8_t charset_cost_of_character[0x10000]", cost, BMP);
    print_pairs("const uint8_t charset_cost_of_gb18030[CHARSET_LEADS][CHARSET_TRAILS]", gbk);
    print_pairs("const uint8_t charset_cost_of_big5[CHARSET_LEADS][CHARSET_TRAILS]", big5);
    ucnv_close(gbk);
    ucnv_close(big5);
    if (ferror(stdout) || fflush(stdout) != 0)
        fail("standard output", "cannot be written");
    return 0;
}
