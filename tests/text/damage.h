/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Doing to clean text what happened to pages: readings stuck in behind characters, a byte lost in
 * GBK or Big5, the rest read out of phase. And looking whether a phrase of the original is still
 * found.
 *
 * Texts are arrays of code points.
 */
#ifndef XUNZI_TESTS_TEXT_DAMAGE_H
#define XUNZI_TESTS_TEXT_DAMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "text/edits.h"

enum damage_charset { DAMAGE_GBK, DAMAGE_BIG5 };

/* What a converter makes of what is no character. */
enum damage_reading {
    DAMAGE_QUESTION_MARK, /* "?"; a pair with an ASCII byte swallows it, of any other only the first
                             byte is used up */
    DAMAGE_WHOLE_PAIR,    /* "?" for a pair as a whole */
    DAMAGE_REPLACEMENT,   /* U+FFFD for the first byte, which alone is used up */
    DAMAGE_DROPPED,       /* "?", but pairs of the user-defined zones leave nothing */
    DAMAGE_PRIVATE        /* "?", but pairs of the user-defined zones are private-use characters */
};

struct damage_options {
    enum damage_charset charset;
    enum damage_reading reading;
    bool annotate; /* readings behind characters whose simplified form is another */
    bool by_run;   /* punctuation puts the text back into phase: it was converted piece by piece */
    bool without_mark; /* nothing stands for the lost byte itself */
};

struct damage_text {
    uint32_t *characters;
    size_t count, capacity;
};

struct damaged {
    struct buffer page; /* UTF-8 */
    size_t shifted; /* characters of the original from the one that lost its lead to the end of the
                       stretch out of phase */
};

/* Reads UTF-8. */
void damage_text_read(struct damage_text *text, const char *utf8, size_t size);
void damage_text_free(struct damage_text *text);

/* Full-width forms of ASCII become ASCII, as on pages that were narrowed. */
void damage_text_narrow(struct damage_text *text);

/* Whether the character takes two bytes in the charset: whether it can lose its lead. */
bool damage_possible(uint32_t character, enum damage_charset charset);

/* Writes text as a page in which the character at `lost` has lost its lead byte; SIZE_MAX: none
 * has. */
void damage_make(const struct damage_text *text, size_t lost, const struct damage_options *options,
                 struct damaged *out);

/* A page as a search sees it: folded characters, 0 where a run ends. Without edits: as it stands.
 * reading 0: as mended; others, from 1: with other readings where there are so many. */
void damage_see(const struct buffer *page, const struct edits *edits, unsigned reading,
                struct damage_text *out);

/* Whether the folded characters stand somewhere in what is seen. */
bool damage_found(const struct damage_text *seen, const uint32_t *folded, size_t count);

/* All that a search sees of a page: as it stands, as mended, and with the other readings.
 * Zero-initialised is empty. */
struct damage_views {
    struct damage_text texts[2 + EDIT_OTHERS_MOST];
};
void damage_look(const struct buffer *page, const struct edits *edits, struct damage_views *views);
bool damage_finds(const struct damage_views *views, const uint32_t *folded, size_t count);
void damage_views_free(struct damage_views *views);

/* The folded character, 0 if it is not Han. */
uint32_t damage_fold(uint32_t character);

#endif
