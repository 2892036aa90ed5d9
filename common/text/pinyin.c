/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spelling of pinyin and look-ups in the table of readings. */
#include "text/pinyin.h"

#include <string.h>

/* Letters with the mark of a tone. U+1E3F ḿ, U+0144 ń, U+0148 ň, U+01F9 ǹ are syllables or parts of
 * ng; U+1EBF ế and U+1EC1 ề stand on ê. */
static char letter_under_tone(uint32_t c) {
    static const struct {
        uint16_t code_point;
        char plain;
    } letters[] = {{0x00E0, 'a'}, {0x00E1, 'a'}, {0x0101, 'a'}, {0x01CE, 'a'}, {0x00E8, 'e'},
                   {0x00E9, 'e'}, {0x0113, 'e'}, {0x011B, 'e'}, {0x00EC, 'i'}, {0x00ED, 'i'},
                   {0x012B, 'i'}, {0x01D0, 'i'}, {0x00F2, 'o'}, {0x00F3, 'o'}, {0x014D, 'o'},
                   {0x01D2, 'o'}, {0x00F9, 'u'}, {0x00FA, 'u'}, {0x016B, 'u'}, {0x01D4, 'u'},
                   {0x01D6, 'v'}, {0x01D8, 'v'}, {0x01DA, 'v'}, {0x01DC, 'v'}, {0x0144, 'n'},
                   {0x0148, 'n'}, {0x01F9, 'n'}, {0x1E3F, 'm'}, {0x1EBF, 'e'}, {0x1EC1, 'e'}};
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].code_point == c)
            return letters[i].plain;
    return 0;
}

/* The small letter of a capital that pinyin can have. */
static uint32_t to_small(uint32_t c) {
    if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE))
        return c + 0x20;
    if (c >= 0xFF21 && c <= 0xFF3A) /* full width */
        return c - 0xFF21 + 'a';
    if (c >= 0xFF41 && c <= 0xFF5A)
        return c - 0xFF41 + 'a';
    switch (c) {
    case 0x0100:
    case 0x0112:
    case 0x012A:
    case 0x014C:
    case 0x016A:
    case 0x011A: /* macrons, Ě */
    case 0x01D7:
    case 0x01D9:
    case 0x01DB:
    case 0x01D5:
    case 0x01CD:
    case 0x01CF:
    case 0x01D1:
    case 0x01D3:
    case 0x0143:
    case 0x0147:
    case 0x01F8:
    case 0x1E3E:
    case 0x1EBE:
    case 0x1EC0:
        return c + 1;
    case 0x0251: /* ɑ and ɡ of the fonts of textbooks */
        return 'a';
    case 0x0261:
        return 'g';
    default:
        return c;
    }
}

bool pinyin_letter(uint32_t code_point, struct pinyin_letter *letter) {
    uint32_t c = to_small(code_point);
    *letter = (struct pinyin_letter){0};
    if (c >= 'a' && c <= 'z') {
        letter->plain = (char)c;
    } else if (c == 0xFC || c == 0xEA) {
        letter->plain = c == 0xFC ? 'v' : 'e';
    } else if (c == 0x0300 || c == 0x0301 || c == 0x0304 || c == 0x030C) {
        letter->tone = true;
    } else if (c == 0x0308) {
        letter->diaeresis = true;
    } else {
        letter->plain = letter_under_tone(c);
        letter->tone = letter->plain != 0;
        return letter->plain != 0;
    }
    return true;
}

unsigned pinyin_syllable(const char *plain, size_t size) {
    char name[PINYIN_SYLLABLE_MOST + 1] = {0};
    size_t low = 0, high = pinyin_syllable_count;
    if (size == 0 || size > PINYIN_SYLLABLE_MOST)
        return 0;
    memcpy(name, plain, size);
    if (size == 3 && (name[0] == 'l' || name[0] == 'n') && name[1] == 'u' && name[2] == 'e')
        name[1] = 'v'; /* lüe and nüe are written without the dots as well */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(name, pinyin_syllables[middle], sizeof name);
        if (order == 0)
            return (unsigned)middle + 1;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}

/* The first entry of the table at or behind one. */
static size_t first_entry(uint32_t wanted) {
    size_t low = 0, high = pinyin_reading_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pinyin_readings[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool pinyin_has_reading(uint32_t character, unsigned syllable) {
    uint32_t wanted = character << PINYIN_SYLLABLE_BITS | syllable;
    size_t entry = first_entry(wanted);
    return entry < pinyin_reading_count && pinyin_readings[entry] == wanted;
}

size_t pinyin_first_reading(uint32_t character) {
    return first_entry(character << PINYIN_SYLLABLE_BITS);
}
