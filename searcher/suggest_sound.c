/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a character to its syllables, to those near them, to their characters. */
#include "searcher/suggest_sound.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "text/pinyin.h"

static bool add_syllable(unsigned syllable, bool near, uint32_t except, struct sounds *out) {
    size_t count;
    const uint16_t *characters = pinyin_characters_of(syllable, &count);
    if (!array_reserve(&out->items, &out->capacity, out->count + count, sizeof *out->items))
        return false;
    for (size_t i = 0; i < count; i++)
        if (characters[i] != except)
            out->items[out->count++] = (struct sound){characters[i], near};
    return true;
}

/* The initial that is taken for the one of a spelling; *size is that one's own. NULL: none. */
static const char *other_initial(const char *spelling, size_t *size) {
    static const char *const pairs[][2] = {{"zh", "z"}, {"ch", "c"}, {"sh", "s"}, {"z", "zh"},
                                           {"c", "ch"}, {"s", "sh"}, {"n", "l"},  {"l", "n"},
                                           {"f", "h"},  {"h", "f"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        *size = strlen(pairs[i][0]);
        if (strncmp(spelling, pairs[i][0], *size) == 0)
            return pairs[i][1];
    }
    *size = 0;
    return NULL;
}

static bool ends_with(const char *text, const char *end) {
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && memcmp(text + size - end_size, end, end_size) == 0;
}

/* Writes the spelling with the other final: with or without a g behind an n. False: it has none. */
static bool other_final(const char *spelling, char out[PINYIN_SYLLABLE_MOST + 2]) {
    static const char *const finals[] = {"an", "en", "in"};
    strcpy(out, spelling);
    size_t size = strlen(spelling);
    for (size_t i = 0; i < sizeof finals / sizeof *finals; i++) {
        if (ends_with(spelling, finals[i])) {
            strcat(out, "g");
            return true;
        }
        if (size >= 3 && spelling[size - 1] == 'g' &&
            memcmp(spelling + size - 3, finals[i], 2) == 0) {
            out[size - 1] = '\0';
            return true;
        }
    }
    return false;
}

static bool add_spelling(const char *initial, const char *rest, uint32_t except,
                         struct sounds *out) {
    char spelling[2 * PINYIN_SYLLABLE_MOST + 2];
    strcpy(spelling, initial);
    strcat(spelling, rest);
    unsigned syllable = pinyin_syllable(spelling, strlen(spelling));
    return syllable == 0 || add_syllable(syllable, true, except, out);
}

static bool add_near(const char *spelling, uint32_t except, struct sounds *out) {
    char finals[PINYIN_SYLLABLE_MOST + 2];
    size_t own;
    const char *initial = other_initial(spelling, &own);
    bool has_final = other_final(spelling, finals);
    return (!initial || add_spelling(initial, spelling + own, except, out)) &&
           (!has_final || add_spelling("", finals, except, out)) &&
           (!initial || !has_final || add_spelling(initial, finals + own, except, out));
}

static int by_character(const void *a, const void *b) {
    const struct sound *left = a, *right = b;
    if (left->character != right->character)
        return left->character < right->character ? -1 : 1;
    return (int)left->near - (int)right->near;
}

/* Leaves of each character one, as near as it gets. */
static void leave_one_of_each(struct sounds *sounds) {
    size_t kept = 0;
    if (sounds->count > 1)
        qsort(sounds->items, sounds->count, sizeof *sounds->items, by_character);
    for (size_t i = 0; i < sounds->count; i++)
        if (kept == 0 || sounds->items[kept - 1].character != sounds->items[i].character)
            sounds->items[kept++] = sounds->items[i];
    sounds->count = kept;
}

bool sounds_of(uint32_t character, struct sounds *out) {
    bool ok = true;
    for (size_t i = pinyin_first_reading(character);
         ok && i < pinyin_reading_count && pinyin_readings[i] >> PINYIN_SYLLABLE_BITS == character;
         i++) {
        unsigned syllable = pinyin_readings[i] & ((1u << PINYIN_SYLLABLE_BITS) - 1);
        ok = add_syllable(syllable, false, character, out) &&
             add_near(pinyin_syllables[syllable - 1], character, out);
    }
    leave_one_of_each(out);
    return ok;
}
