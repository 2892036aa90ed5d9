/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What matching makes of each Unicode character: a class that decides how it is tokenised, and the
 * character it folds to.
 *
 * Folding is NFKC_Casefold (UAX #44: compatibility forms, full and half width, case, default
 * ignorables removed), then Traditional to Simplified Chinese and variant forms to one: all
 * characters that ICU's Hant-Hans transliterator or OpenCC's tables join (裏裡里, 爲為为, 臺台,
 * 峯峰, 綫線线), and print forms that the Unihan database does (値值, 靑青), fold to the same one.
 * The table is made when Xunzi is built, by fold_table_generator.c, from the ICU, OpenCC and Unihan
 * installed then.
 *
 * Layout: two stages. The high bits of a code point choose a block of CHARACTER_BLOCK_SIZE entries,
 * the low bits an entry; equal blocks are kept once. The ideographs that nearly all of Chinese text
 * consists of, and whatever else has a first byte of E4 to E9 in UTF-8, have their entries first,
 * in order, so that they can be looked up directly. An entry holds the folded code point less the
 * code point, modulo 2^21, in its low 21 bits (so that what folds to itself looks the same
 * everywhere), flags and the class above.
 */
#ifndef XUNZI_TEXT_CHARACTER_H
#define XUNZI_TEXT_CHARACTER_H

#include <stdbool.h>
#include <stdint.h>

enum character_class {
    CHARACTER_PUNCTUATION, /* and every symbol and control: ends a run */
    CHARACTER_SPACE,       /* white space: ends a run, more gently */
    CHARACTER_IGNORABLE,   /* as if it were not there */
    CHARACTER_HAN,
    CHARACTER_KANA,
    CHARACTER_HANGUL,
    CHARACTER_LETTER, /* of any other script */
    CHARACTER_DIGIT,
    CHARACTER_MARK,       /* a combining mark that folding keeps: part of the letter before */
    CHARACTER_CONNECTOR,  /* as the low line: joins letters and digits (UAX #29, ExtendNumLet) */
    CHARACTER_MID_LETTER, /* joins two letters (MidLetter) */
    CHARACTER_MID_NUMBER, /* joins two digits (MidNum) */
    CHARACTER_MID_BOTH,   /* joins two letters or two digits (MidNumLet, Single_Quote) */
    CHARACTER_CLASS_COUNT
};

enum {
    CHARACTER_BLOCK_BITS = 7,
    CHARACTER_BLOCK_SIZE = 1 << CHARACTER_BLOCK_BITS,
    CHARACTER_BLOCKS = 0x110000 >> CHARACTER_BLOCK_BITS,
    CHARACTER_DIRECT = 0x4000, /* the first character whose entry is found without its block */
    CHARACTER_DIRECT_END = 0xA000,
    CHARACTER_DELTA_MASK = 0x1FFFFF,
    CHARACTER_COMBINES =
        1 << 21, /* may change with what stands before: not a normalisation boundary */
    CHARACTER_EXPANDS = 1 << 22,     /* folds to several characters: the table does not hold them */
    CHARACTER_BEGINS_UTF8 = 1 << 23, /* the two bytes it has in GBK begin a character of three in
                                        UTF-8; only of those found directly */
    CHARACTER_CLASS_SHIFT = 24
};

/* The block of CJK unified ideographs: every code point of it is CHARACTER_HAN. */
enum { CHARACTER_IDEOGRAPHS = 0x4E00, CHARACTER_IDEOGRAPH_COUNT = 0xA000 - CHARACTER_IDEOGRAPHS };

extern const uint16_t character_block_of[CHARACTER_BLOCKS];
extern const uint32_t character_entries[];

/* The entry of a code point at or below U+10FFFF. */
static inline uint32_t character_entry(uint32_t code_point) {
    uint32_t block = character_block_of[code_point >> CHARACTER_BLOCK_BITS];
    return character_entries[(block << CHARACTER_BLOCK_BITS) +
                             (code_point & (CHARACTER_BLOCK_SIZE - 1))];
}

static inline uint32_t character_entry_folded(uint32_t code_point, uint32_t entry) {
    return (code_point + entry) & CHARACTER_DELTA_MASK;
}

static inline enum character_class character_entry_class(uint32_t entry) {
    return (enum character_class)(entry >> CHARACTER_CLASS_SHIFT);
}

/* Whether characters of this class are indexed as bigrams. */
static inline bool character_class_is_cjk(enum character_class class) {
    return class == CHARACTER_HAN || class == CHARACTER_KANA || class == CHARACTER_HANGUL;
}

#endif
