/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling readings from what else stands in parentheses: see annotation.h for the rules. */
#include "text/annotation.h"

#include <string.h>

#include "base/utf8.h"
#include "text/character.h"
#include "text/pinyin.h"

/* Spaces inside a reading; more are none. */
enum { SPACES_MOST = 4, ZHUYIN_MOST = 4 };

/* Letters of the rest of a reading without a tone. */
enum { HALF_LETTERS_LEAST = 2 };

size_t annotation_parenthesis(const char *text, size_t size, size_t at, bool *closing) {
    if (text[at] == '(' || text[at] == ')') {
        *closing = text[at] == ')';
        return 1;
    }
    if (size - at >= 3 && memcmp(text + at, "\xEF\xBC", 2) == 0 &&
        (text[at + 2] & ~1) == (char)0x88) {
        *closing = text[at + 2] == (char)0x89;
        return 3;
    }
    return 0;
}

static bool is_space(uint32_t c) {
    return c == ' ' || c == 0xA0 || c == 0x3000 || c == '\'' || c == 0x2019;
}

static bool is_zhuyin(uint32_t c) {
    return (c >= 0x3105 && c <= 0x312F) || (c >= 0x31A0 && c <= 0x31BF);
}

/* The marks of zhuyin's tones: ˉ ˊ ˇ ˋ ˙ */
static bool is_zhuyin_tone(uint32_t c) {
    return c == 0x02C9 || c == 0x02CA || c == 0x02C7 || c == 0x02CB || c == 0x02D9;
}

static bool is_han(uint32_t c) {
    return character_entry_class(character_entry(c)) == CHARACTER_HAN;
}

/* Reads letters and spaces from `at` on; returns where they end. False in *fits: they are too many,
 * or no spelling. */
static size_t read_letters(const char *text, size_t size, size_t at, struct annotation *annotation,
                           bool *fits) {
    unsigned spaces = 0, zhuyin = 0;
    *fits = true;
    while (at < size) {
        struct pinyin_letter letter;
        size_t next = at;
        uint32_t c = utf8_next(text, size, &next);
        if (c == UTF8_ILL_FORMED)
            break;
        if (is_space(c)) {
            *fits = *fits && ++spaces <= SPACES_MOST;
        } else if (is_zhuyin(c)) {
            *fits = *fits && ++zhuyin <= ZHUYIN_MOST;
        } else if (is_zhuyin_tone(c)) {
            annotation->tones++;
        } else if (!pinyin_letter(c, &letter)) {
            break;
        } else {
            annotation->tones += letter.tone;
            if (letter.diaeresis && annotation->count > 0 &&
                annotation->letters[annotation->count - 1] == 'u')
                annotation->letters[annotation->count - 1] = 'v';
            if (letter.plain) {
                if (annotation->count == ANNOTATION_LETTERS_MOST)
                    *fits = false;
                else
                    annotation->letters[annotation->count++] = letter.plain;
            }
        }
        at = next;
        if (!*fits)
            break;
    }
    annotation->zhuyin = zhuyin > 0;
    *fits = *fits && (zhuyin == 0 ? annotation->count > 0 : annotation->count == 0);
    if (annotation->tones <= 1 && !annotation->zhuyin)
        annotation->syllable = pinyin_syllable(annotation->letters, annotation->count);
    return at;
}

static bool is_possible(const struct annotation *annotation) {
    return annotation->zhuyin || annotation->syllable != 0 || annotation->tones > 0;
}

bool annotation_read(const char *text, size_t size, size_t at, struct annotation *annotation) {
    bool closing, fits;
    size_t parenthesis = annotation_parenthesis(text, size, at, &closing);
    *annotation = (struct annotation){.begin = at, .opened = true};
    if (parenthesis == 0 || closing)
        return false;
    size_t end = read_letters(text, size, at + parenthesis, annotation, &fits);
    if (!fits || !is_possible(annotation))
        return false;
    parenthesis = end < size ? annotation_parenthesis(text, size, end, &closing) : 0;
    annotation->closed = parenthesis > 0 && closing;
    if (annotation->closed) {
        annotation->end = end + parenthesis;
        return true;
    }
    /* Half of a reading: spaces behind it are the text's. */
    while (text[end - 1] == ' ')
        end--;
    annotation->end = end;
    size_t next = end;
    uint32_t c = end < size ? utf8_next(text, size, &next) : '\n';
    return annotation->syllable != 0 && annotation->tones == 1 &&
           (c == '\n' || (c != UTF8_ILL_FORMED && is_han(c)));
}

bool annotation_read_back(const char *text, size_t from, size_t at, struct annotation *annotation) {
    bool closing, fits;
    size_t begin = at;
    while (begin > from && at - begin < 3 * PINYIN_SYLLABLE_MOST) {
        struct pinyin_letter letter;
        size_t before = begin - 1, next;
        while (before > from && ((unsigned char)text[before] & 0xC0) == 0x80)
            before--;
        next = before;
        uint32_t c = utf8_next(text, at, &next);
        if (c == UTF8_ILL_FORMED || next != begin || !pinyin_letter(c, &letter))
            break;
        begin = before;
    }
    *annotation = (struct annotation){.begin = begin, .closed = true};
    annotation->end = at + annotation_parenthesis(text, at + 3, at, &closing);
    return begin < at && read_letters(text, at, begin, annotation, &fits) == at && fits &&
           annotation->syllable != 0 &&
           (annotation->tones == 1 || annotation->count >= HALF_LETTERS_LEAST);
}

/* Whether letters [0, count) are readings of the last characters, one each, all of them used up. */
static bool several_fit(const char *letters, size_t count, const uint32_t *characters,
                        size_t character_count, size_t used) {
    if (count == 0)
        return used >= 2;
    if (character_count == 0)
        return false;
    for (size_t length = 1; length <= count && length <= PINYIN_SYLLABLE_MOST; length++) {
        unsigned syllable = pinyin_syllable(letters + count - length, length);
        if (syllable != 0 && pinyin_has_reading(characters[character_count - 1], syllable) &&
            several_fit(letters, count - length, characters, character_count - 1, used + 1))
            return true;
    }
    return false;
}

bool annotation_fits(const struct annotation *annotation, const uint32_t *characters,
                     size_t count) {
    if (count == 0)
        return false;
    if (annotation->zhuyin)
        return true;
    if (annotation->syllable != 0 &&
        (annotation->tones > 0 || pinyin_has_reading(characters[count - 1], annotation->syllable)))
        return true;
    return annotation->tones > 0 &&
           several_fit(annotation->letters, annotation->count, characters, count, 0);
}
