/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Readings that stand behind the character they belong to: 醫(yī)療, 綠（lǜ）, 學(ㄒㄩㄝˊ),
 * 北京(Běi jīng). They come of ruby that was extracted as plain text.
 *
 * What stands in a pair of parentheses, of either width, is a reading
 *   - if it is one syllable of pinyin with the mark of a tone, whichever characters stand before:
 * 專(zhuān), 長(cháng) in 長期;
 *   - if it is one syllable without a tone that the character before has: 們(men), 綠(lv), 醫(YI).
 * So 甲(a), 約翰(John) and 上海(Shanghai) stay;
 *   - if it is several syllables, at least one with a tone, which the characters before have, one
 * each;
 *   - if it is one to four letters of zhuyin, with or without a tone.
 * Where one of the two parentheses was lost, what is left is a reading if it has a tone.
 */
#ifndef XUNZI_TEXT_ANNOTATION_H
#define XUNZI_TEXT_ANNOTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ANNOTATION_LETTERS_MOST = 24, ANNOTATION_CHARACTERS_MOST = 4 };

struct annotation {
    size_t begin, end;   /* bytes, with what there is of the parentheses */
    bool opened, closed; /* has its parenthesis */
    bool zhuyin;
    unsigned syllable; /* of pinyin.h; 0: several, or zhuyin */
    unsigned tones;    /* how many letters carry one */
    unsigned count;    /* letters, without spaces */
    char letters[ANNOTATION_LETTERS_MOST];
};

/* Reads what may be a reading behind the opening parenthesis at text[at]. False: it is none,
 * whatever stands before. A reading that is not closed ends in front of the Han character, or at
 * the end of the line, that stops it. */
bool annotation_read(const char *text, size_t size, size_t at, struct annotation *annotation);

/* Reads what may be the rest of a reading in front of the closing parenthesis at text[at], whose
 * opening one was lost: back to `from` at most. Without a tone it is one only behind a character
 * that has that reading. */
bool annotation_read_back(const char *text, size_t from, size_t at, struct annotation *annotation);

/* Whether it is a reading of the characters that stand before, of which there are `count`, the
 * nearest one last. */
bool annotation_fits(const struct annotation *annotation, const uint32_t *characters, size_t count);

/* The size of the parenthesis at text[at]: 0 if there is none; *closing tells which. */
size_t annotation_parenthesis(const char *text, size_t size, size_t at, bool *closing);

#endif
