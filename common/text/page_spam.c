/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "text/page_spam.h"

#include <string.h>

#include "base/utf8.h"
#include "text/character.h"

enum {
    BARS_LEAST = 6,
    GAPS_LEAST = 8,
    UNITS_LEAST = 30,
    PHRASE_LEAST = 5, /* units between two gaps, on the average */
    PHRASE_MOST = 20
};

/* Calls for each pair of neighbouring Han characters: puts it into the vocabulary, or counts
 * whether it is there. */
static void walk(struct page_vocabulary *put, const struct page_vocabulary *look, const char *text,
                 uint32_t begin, uint32_t end, size_t *pairs, size_t *known) {
    uint32_t before = 0;
    for (size_t at = begin; at < end;) {
        uint32_t c = utf8_next(text, end, &at);
        uint32_t entry = c == UTF8_ILL_FORMED ? 0 : character_entry(c);
        if (c == UTF8_ILL_FORMED || character_entry_class(entry) != CHARACTER_HAN) {
            before = 0;
            continue;
        }
        uint32_t folded = character_entry_folded(c, entry);
        if (before) {
            uint64_t hash = ((uint64_t)before << 21 | folded) * UINT64_C(0x9E3779B97F4A7C15);
            size_t bit = (size_t)(hash >> 45);
            if (put)
                put->words[bit / 64] |= UINT64_C(1) << (bit % 64);
            else
                *known += (look->words[bit / 64] >> (bit % 64)) & 1;
            ++*pairs;
        }
        before = folded;
    }
}

void page_vocabulary_clear(struct page_vocabulary *vocabulary) {
    memset(vocabulary, 0, sizeof *vocabulary);
}

void page_vocabulary_add(struct page_vocabulary *vocabulary, const char *text, uint32_t begin,
                         uint32_t end) {
    size_t pairs = 0;
    if (vocabulary->bytes >= PAGE_VOCABULARY_TEXT)
        return;
    if (end - begin > PAGE_VOCABULARY_TEXT)
        end = begin + PAGE_VOCABULARY_TEXT;
    vocabulary->bytes += end - begin;
    walk(vocabulary, NULL, text, begin, end, &pairs, NULL);
}

unsigned page_vocabulary_share(const struct page_vocabulary *vocabulary, const char *text,
                               uint32_t begin, uint32_t end) {
    size_t pairs = 0, known = 0;
    walk(NULL, vocabulary, text, begin, end, &pairs, &known);
    return pairs == 0 ? 100 : (unsigned)(100 * known / pairs);
}

bool page_has_bars_of_spam(const struct page_line *line, uint32_t *begin) {
    *begin = line->behind_stop;
    return !line->at_sight && line->units >= UNITS_LEAST && line->bars_behind >= BARS_LEAST;
}

bool page_has_gaps_of_spam(const struct page_line *line) {
    if (line->at_sight || line->gaps < GAPS_LEAST || line->enders > 0 || line->commas > 0)
        return false;
    uint32_t phrase = line->units / (line->gaps + 1);
    return phrase >= PHRASE_LEAST && phrase <= PHRASE_MOST;
}
