/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Characters for pinyin that was typed in their place: zhuanke lianmeng, zhuān kē lián méng,
 * zhuan1ke1. All ways to part the letters into syllables are tried at once: character by character,
 * those of each syllable that the collection has behind the one before, the strings kept whose
 * rarest pair is the most frequent. The best ones are counted as phrases.
 */
#ifndef XUNZI_SEARCHER_SUGGEST_PINYIN_H
#define XUNZI_SEARCHER_SUGGEST_PINYIN_H

#include "searcher/suggest_collection.h"

enum { PINYIN_LETTERS_MOST = 48 };

/* The letters of one or more words of pinyin. */
struct pinyin_text {
    char letters[PINYIN_LETTERS_MOST];
    bool begins[PINYIN_LETTERS_MOST + 1]; /* a syllable must begin here */
    size_t size;
};

/* Appends a folded word; false where it cannot be pinyin. */
bool pinyin_text_add(struct pinyin_text *text, const uint32_t *characters, size_t count);

/* Whether all of it is one syllable. */
bool pinyin_text_is_syllable(const struct pinyin_text *text);

/* What was meant: *count characters, two at least, and its score, comparable with that of a Latin
 * word (suggest_latin.h); *count is 0 where the collection has nothing for it. */
xunzi_status suggest_pinyin(struct suggest_collection *collection, const struct pinyin_text *text,
                            uint32_t out[PINYIN_LETTERS_MOST], size_t *count, double *score);

#endif
