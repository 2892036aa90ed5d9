/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From UTF-8 to folded characters: what a text is for matching, each character with the bytes of
 * the original it came from. Separators are not kept as characters; each character says what stood
 * between it and the one before.
 *
 * The interpunct between two Han characters, as in foreign names, is as if it were not there: a
 * phrase of 居里夫人 finds 居里·夫人, 居里‧夫人, 居里・夫人 and 居里．夫人, and each of these the
 * others. Beside a mended stretch, and anywhere else, it separates as all punctuation does.
 *
 * A circle in a number of Han digits is the zero that charsets without 〇 have no other character
 * for: 二○二一年 is 二〇二一年.
 */
#ifndef XUNZI_TEXT_FOLD_H
#define XUNZI_TEXT_FOLD_H

#include <stddef.h>
#include <stdint.h>
#include <xunzi/xunzi.h>

#include "base/buffer.h"
#include "text/edits.h"

enum separator {
    SEPARATOR_NONE,
    SEPARATOR_SPACE,      /* white space only */
    SEPARATOR_PUNCTUATION /* at least one character that is neither white space nor part of a token
                           */
};

struct folded_character {
    uint32_t code_point;
    uint32_t begin;  /* in the original, in bytes */
    uint16_t length; /* in bytes; characters that come of one original character share its bytes */
    uint8_t class;   /* enum character_class: never PUNCTUATION, SPACE or IGNORABLE */
    uint8_t separator_before; /* enum separator */
};

/* Zero-initialised is empty. */
struct folded_text {
    struct folded_character *characters;
    size_t count;
    size_t capacity;
};

/* Replaces what folded holds by the folding of text, of at most UINT32_MAX bytes. Ill-formed bytes
 * are punctuation. False: no memory, or text is larger. */
bool fold_text(struct folded_text *folded, const char *text, size_t size);

/* How edits are read: as they say; or damaged stretches as they stand (EDIT_MEND left out of
 * account); or, FOLD_OTHER + i, by their other reading i, where they have as many. */
enum fold_reading {
    FOLD_MENDED,
    FOLD_AS_IT_STANDS,
    FOLD_OTHER,
    FOLD_READING_COUNT = FOLD_OTHER + EDIT_OTHERS_MOST
};

/* The same for the bytes [begin, end) of text, which are bounds of characters, read through edits
 * of the whole of it; NULL: none. EDIT_ASIDE is punctuation and EDIT_SKIP nothing at all;
 * characters of a replacement have the bytes of the stretch that it stands for. */
bool fold_edited_text(struct folded_text *folded, const char *text, size_t begin, size_t end,
                      const struct edits *edits, enum fold_reading reading);

void folded_text_free(struct folded_text *folded);

/* Appends characters [first, first + count) as UTF-8. */
bool folded_text_append_utf8(const struct folded_text *folded, size_t first, size_t count,
                             struct buffer *out);

/* What text folds to, as UTF-8, runs joined by one space where a separator stood: two strings that
 * a search holds for the same give the same bytes. */
xunzi_status fold_to_key(const char *text, size_t size, struct buffer *out);

/* The same, read through edits; NULL: none. */
xunzi_status fold_edited_to_key(const char *text, size_t size, const struct edits *edits,
                                struct buffer *out);

#endif
