/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Characters that are typed for each other because they sound alike: of one syllable, whatever the
 * tone, which an input method offers side by side; and of syllables that many speakers do not tell
 * apart (zh and z, ch and c, sh and s, n and l, f and h; -in and -ing, -en and -eng, -an and -ang).
 */
#ifndef XUNZI_SEARCHER_SUGGEST_SOUND_H
#define XUNZI_SEARCHER_SUGGEST_SOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sound {
    uint32_t character;
    bool near; /* of a syllable that is taken for one of the other character's */
};

struct sounds {
    struct sound *items; /* ascending */
    size_t count, capacity;
};

/* Appends the characters that sound like one, itself left out. False: no memory. */
bool sounds_of(uint32_t character, struct sounds *out);

#endif
