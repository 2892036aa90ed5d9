/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lattice that tells what a stretch of text was before bytes were lost.
 *
 * It reads items (characters as they stand, marks of damage, readings in parentheses) from left to
 * right, in one of three states:
 *
 *     aligned   characters stand as they were
 *     shifted   a byte is carried over, the lead of the next original character: the item's first
 *               byte is its trail, the second one is carried on
 *     wild      the same, but the byte carried is not known: all leads are tried
 *
 * Transitions, by item, in GBK's terms:
 *
 *     a character of two bytes
 *         aligned: itself; shifted, wild: as above
 *     an ASCII character
 *         aligned: itself; shifted, wild: if it can be a trail, it is one, and the rest is aligned;
 *         or it was a full-width form that has been narrowed since: two bytes
 *     a mark: "?", "？", U+FFFD
 *         aligned: itself; or a lost lead, and wild from here on; or, in front of a reading, a
 *         character of which nothing is left; or (U+FFFD) a byte too many; or, in front of a
 *         reading that was stuck in between two bytes of a character (受國 is CA DC 87 F8: DC 87
 *         was taken for 車 and got its chē), the lead before it;
 *         shifted: a full-width question mark; or the trail alone, any that breaks the pair it
 *         begins, and aligned from here on; or trail and next lead, a pair that is no character,
 *         and wild
 *     a reading
 *         aligned: passed over; it tells which character stands before
 *     nothing at all
 *         aligned: a lead lost without a mark, where the text that follows is no Chinese;
 *         shifted: a pair that a converter dropped
 *
 * What a path costs is the negative log-probability of its characters by the character model, plus
 * what its losses cost.
 */
#ifndef XUNZI_TEXT_LOST_BYTES_LATTICE_H
#define XUNZI_TEXT_LOST_BYTES_LATTICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/double_bytes.h"
#include "text/edits.h"

enum {
    LATTICE_ITEMS_MOST = 1024,
    LATTICE_OTHERS_MOST = EDIT_OTHERS_MOST,
    LATTICE_HOLE = 0xFFFD /* a character of which too little is left */
};

enum lattice_item_kind { LATTICE_CHARACTER, LATTICE_MARK, LATTICE_READING };

struct lattice_item {
    uint32_t begin, end; /* bytes of the original */
    uint32_t character;
    uint8_t kind; /* enum lattice_item_kind */
    bool is_han;
    bool has_tone;     /* of a reading */
    bool is_orphan;    /* of a reading: a mark stands for its opening parenthesis */
    uint16_t number;   /* of a Han character, in the character model */
    uint16_t syllable; /* of a reading: pinyin.h's; 0: zhuyin */
    uint16_t cost;     /* of standing there as it is, for what is no Han character */
};

/* What the rest of the page tells. */
struct lattice_page {
    const struct double_bytes_tables *tables;
    int script;           /* 1: Traditional, -1: Simplified, 0: cannot be told */
    bool is_damaged;      /* bytes were lost elsewhere in it */
    bool is_doubtful;     /* "??" stands in it for lost punctuation */
    uint64_t pairs[2048]; /* a Bloom filter of the pairs of characters it has */
};

void lattice_page_add_pair(struct lattice_page *page, uint32_t first, uint32_t second);

/* Characters of lattice_characters(). */
struct lattice_reading {
    size_t first, count;
};

/* A stretch that reads better mended. */
struct lattice_stretch {
    size_t begin, end;             /* items */
    size_t first_character, count; /* what it was: of lattice_characters() */
    uint32_t gain;                 /* how much cheaper, in the units of the character model */
    struct lattice_reading
        others[LATTICE_OTHERS_MOST]; /* what it can as well have been, the likeliest first */
    size_t other_count;
};

struct lattice;

xunzi_status lattice_new(struct lattice **out);
void lattice_free(struct lattice *lattice);

/* Finds the stretches of items, at most LATTICE_ITEMS_MOST, that are mended when they are read in
 * the charset of table. They live until the next call, as do their characters. *work grows by the
 * number of steps taken. */
xunzi_status lattice_run(struct lattice *lattice, const struct lattice_page *page,
                         const struct double_bytes *table, const struct lattice_item *items,
                         size_t count, uint64_t *work, const struct lattice_stretch **stretches,
                         size_t *stretch_count);
const uint32_t *lattice_characters(const struct lattice *lattice);

#endif
