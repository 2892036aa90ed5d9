/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Word segmentation. ICU's iterator is handed the whole text at once, since setting it anew for each run costs more than
 * passing over what is not Han: characters of other classes and separators stand in as one space each.
 */
#include "text/words.h"

#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/utf16.h>

#include "base/error.h"
#include "text/character.h"

enum { WORD_MOST = UINT8_MAX };

struct word_segmenter {
    UBreakIterator *iterator;
    UChar *units;
    size_t unit_capacity;
    uint32_t *character_of; /* by unit: which character begins there */
    size_t character_of_capacity;
    uint8_t *lengths;
    size_t length_capacity;
};

xunzi_status word_segmenter_new(struct word_segmenter **out) {
    *out = NULL;
    struct word_segmenter *segmenter = calloc(1, sizeof *segmenter);
    if (!segmenter)
        return error_no_memory();
    UErrorCode code = U_ZERO_ERROR;
    segmenter->iterator = ubrk_open(UBRK_WORD, "zh", NULL, 0, &code);
    if (U_FAILURE(code)) {
        word_segmenter_free(segmenter);
        return error_set(XUNZI_ERROR_INTERNAL, "ICU's word segmentation cannot be opened: %s", u_errorName(code));
    }
    *out = segmenter;
    return XUNZI_OK;
}

void word_segmenter_free(struct word_segmenter *segmenter) {
    if (!segmenter)
        return;
    if (segmenter->iterator)
        ubrk_close(segmenter->iterator);
    free(segmenter->units);
    free(segmenter->character_of);
    free(segmenter->lengths);
    free(segmenter);
}

/* Lays the characters out as UTF-16; returns the number of units. */
static size_t lay_out(struct word_segmenter *segmenter, const struct folded_text *folded) {
    size_t size = 0;
    bool in_gap = true;
    for (size_t i = 0; i < folded->count; i++) {
        const struct folded_character *character = &folded->characters[i];
        bool han = character->class == CHARACTER_HAN;
        if ((!han || character->separator_before) && !in_gap) {
            segmenter->character_of[size] = (uint32_t)i;
            segmenter->units[size++] = ' ';
            in_gap = true;
        }
        if (!han)
            continue;
        in_gap = false;
        segmenter->character_of[size] = (uint32_t)i;
        if (character->code_point <= 0xFFFF) {
            segmenter->units[size++] = (UChar)character->code_point;
        } else {
            segmenter->units[size++] = U16_LEAD(character->code_point);
            segmenter->character_of[size] = (uint32_t)i;
            segmenter->units[size++] = U16_TRAIL(character->code_point);
        }
    }
    segmenter->character_of[size] = (uint32_t)folded->count;
    return size;
}

xunzi_status word_segmenter_run(struct word_segmenter *segmenter, const struct folded_text *folded,
                                const uint8_t **lengths) {
    size_t most = 3 * folded->count + 1; /* a gap and a surrogate pair for each character */
    if (most > INT32_MAX)
        return error_set(XUNZI_ERROR_LIMIT, "a text of %zu characters is too long to be cut into words", folded->count);
    if (!array_reserve(&segmenter->units, &segmenter->unit_capacity, most, sizeof *segmenter->units) ||
        !array_reserve(&segmenter->character_of, &segmenter->character_of_capacity, most,
                       sizeof *segmenter->character_of) ||
        !array_reserve(&segmenter->lengths, &segmenter->length_capacity, folded->count + 1, 1))
        return error_no_memory();
    memset(segmenter->lengths, 0, folded->count + 1);
    size_t size = lay_out(segmenter, folded);
    UErrorCode code = U_ZERO_ERROR;
    ubrk_setText(segmenter->iterator, segmenter->units, (int32_t)size, &code);
    if (U_FAILURE(code))
        return error_set(XUNZI_ERROR_INTERNAL, "ICU's word segmentation failed: %s", u_errorName(code));
    int32_t begin = ubrk_first(segmenter->iterator);
    for (int32_t end; (end = ubrk_next(segmenter->iterator)) != UBRK_DONE; begin = end) {
        uint32_t first = segmenter->character_of[begin], behind = segmenter->character_of[end];
        if (segmenter->units[begin] != ' ' && behind - first >= 2 && behind - first <= WORD_MOST)
            segmenter->lengths[first] = (uint8_t)(behind - first);
    }
    *lengths = segmenter->lengths;
    return XUNZI_OK;
}
