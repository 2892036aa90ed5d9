/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Word segmentation: of all ways to cut a run into words of the table (word_table.h) and single
 * characters, the cheapest, and where two cost the same, the one whose last word is the longest,
 * then the last but one, and so on. This is what ICU's iterator does in runs of Han characters
 * (CjkBreakEngine); going over the text once, without its iterator and text interface, takes a
 * thirtieth of the time.
 */
#include "text/words.h"

#include <stdlib.h>

#include "base/error.h"
#include "text/character.h"
#include "text/word_table.h"

struct word_segmenter {
    uint8_t *lengths;
    size_t length_capacity;
    uint32_t *costs; /* by character of the run: of the cheapest way to cut what is before it */
    uint8_t *last;   /* the length of that way's last word */
    size_t cost_capacity, last_capacity;
};

xunzi_status word_segmenter_new(struct word_segmenter **out) {
    *out = calloc(1, sizeof **out);
    return *out ? XUNZI_OK : error_no_memory();
}

void word_segmenter_free(struct word_segmenter *segmenter) {
    if (!segmenter)
        return;
    free(segmenter->lengths);
    free(segmenter->costs);
    free(segmenter->last);
    free(segmenter);
}

/* Notes a word of `length` characters from i on. */
static inline void offer(struct word_segmenter *segmenter, size_t i, size_t length, uint32_t cost) {
    uint32_t sum = segmenter->costs[i] + cost;
    if (sum < segmenter->costs[i + length]) {
        segmenter->costs[i + length] = sum;
        segmenter->last[i + length] = (uint8_t)length;
    }
}

/* Cuts a run; lengths of words of two and more go to `lengths`, by character. */
static void cut(struct word_segmenter *segmenter, const struct folded_character *run, size_t count,
                uint8_t *lengths) {
    memset(segmenter->costs, 0xFF, (count + 1) * sizeof *segmenter->costs);
    segmenter->costs[0] = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t at = WORD_TABLE_ROOT, code = word_table_code(run[i].code_point);
        bool goes_on = code && word_table_step(&at, code);
        offer(segmenter, i, 1, goes_on ? word_table_cost(at) : WORD_TABLE_COST_MOST);
        for (size_t end = i + 1; goes_on && end < count && word_table_goes_on(at); end++) {
            code = word_table_code(run[end].code_point);
            goes_on = code && word_table_step(&at, code);
            if (goes_on && word_table_cost(at) < WORD_TABLE_COST_MOST)
                offer(segmenter, i, end + 1 - i, word_table_cost(at));
        }
    }
    for (size_t end = count; end > 0; end -= segmenter->last[end])
        if (segmenter->last[end] >= 2)
            lengths[end - segmenter->last[end]] = segmenter->last[end];
}

xunzi_status word_segmenter_run(struct word_segmenter *segmenter, const struct folded_text *folded,
                                const uint8_t **lengths) {
    const struct folded_character *characters = folded->characters;
    if (!array_reserve(&segmenter->lengths, &segmenter->length_capacity, folded->count + 1, 1))
        return error_no_memory();
    memset(segmenter->lengths, 0, folded->count + 1);
    for (size_t begin = 0, end; begin < folded->count; begin = end) {
        for (end = begin + 1; end < folded->count && !characters[end].separator_before &&
                              characters[end].class == characters[begin].class;)
            end++;
        size_t count = end - begin;
        if (characters[begin].class != CHARACTER_HAN || count < 2)
            continue;
        if (!array_reserve(&segmenter->costs, &segmenter->cost_capacity, count + 1,
                           sizeof *segmenter->costs) ||
            !array_reserve(&segmenter->last, &segmenter->last_capacity, count + 1, 1))
            return error_no_memory();
        cut(segmenter, characters + begin, count, segmenter->lengths + begin);
    }
    *lengths = segmenter->lengths;
    return XUNZI_OK;
}
