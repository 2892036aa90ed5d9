/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Readings of Han characters: how pinyin is spelt, and which syllables a character has. The tables
 * are made when Xunzi is built, by reading_table_generator.c, from the Unihan database (Unicode,
 * UAX #38).
 *
 * A syllable is known by a number from 1; its plain spelling is lower-case ASCII without a tone, v
 * for ü.
 */
#ifndef XUNZI_TEXT_PINYIN_H
#define XUNZI_TEXT_PINYIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PINYIN_SYLLABLE_MOST = 6, PINYIN_SYLLABLE_BITS = 9 };

/* The tables: plain spellings, ascending, each with NULs behind; and a code point times
 * 2^PINYIN_SYLLABLE_BITS plus the number of a syllable it has, ascending; and the other way round,
 * for characters of the Basic Multilingual Plane, where those of each syllable begin. */
extern const size_t pinyin_syllable_count;
extern const char pinyin_syllables[][PINYIN_SYLLABLE_MOST + 1];
extern const size_t pinyin_reading_count;
extern const uint32_t pinyin_readings[];
extern const uint16_t pinyin_rows[]; /* one more than there are syllables */
extern const uint16_t pinyin_characters[];

struct pinyin_letter {
    char plain;     /* 0: a combining mark, which belongs to the letter before */
    bool tone;      /* carries the mark of a tone */
    bool diaeresis; /* a combining diaeresis: makes u before it a v */
};

/* What a code point is in the spelling of pinyin, of either case and width; false: nothing. */
bool pinyin_letter(uint32_t code_point, struct pinyin_letter *letter);

/* The number of a plain syllable; 0: there is none. */
unsigned pinyin_syllable(const char *plain, size_t size);

/* Whether a character has the syllable. */
bool pinyin_has_reading(uint32_t character, unsigned syllable);

/* Where the readings of a character begin in pinyin_readings, if it has any. */
size_t pinyin_first_reading(uint32_t character);

/* The characters that have a syllable, which is one of the table's. */
static inline const uint16_t *pinyin_characters_of(unsigned syllable, size_t *count) {
    *count = (size_t)(pinyin_rows[syllable] - pinyin_rows[syllable - 1]);
    return pinyin_characters + pinyin_rows[syllable - 1];
}

#endif
