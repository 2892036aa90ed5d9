/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random text over a small alphabet, so that what is asked for is found often. A text is a list of
 * units; each unit has two spellings that a search holds for the same: Traditional and Simplified,
 * half and full width, upper and lower case.
 */
#ifndef XUNZI_TESTS_LIBRARY_RANDOM_TEXT_H
#define XUNZI_TESTS_LIBRARY_RANDOM_TEXT_H

#include "support.h"

enum unit_kind { UNIT_HAN, UNIT_KANA, UNIT_HANGUL, UNIT_LATIN, UNIT_PUNCTUATION, UNIT_SPACE };

struct unit {
    enum unit_kind kind;
    const char *spellings[2];
};

extern const struct unit units[];
extern const size_t unit_count;

enum { TEXT_UNITS_MOST = 96 };

struct random_text {
    size_t count;
    uint8_t units[TEXT_UNITS_MOST]; /* indexes of units */
};

/* `count` units of every kind, now and then a stretch that other texts have too. */
struct random_text random_text_of(struct random *random, size_t count);

/* `count` Han characters. */
struct random_text random_han(struct random *random, size_t count);

/* A stretch of text, `least` to `most` units long where it has as many. */
struct random_text random_stretch(struct random *random, const struct random_text *text,
                                  size_t least, size_t most);

/* Spells the text: bit i of `spellings` chooses that of unit i (modulo 64). free() it. */
char *spell(const struct random_text *text, uint64_t spellings);

/* Whether it can stand as a word in the query language: no white space in it, no punctuation before
 * it. */
bool is_word(const struct random_text *text);

#endif
