/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The front of repair: a pass that passes over clean text, then readings and lost bytes, merged. */
#include "text/repair.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "text/annotation.h"
#include "text/character.h"
#include "text/lost_bytes.h"
#include "text/scan.h"

struct repairer {
    struct lost_bytes *lost_bytes;
    struct edits readings, mended;
};

xunzi_status repairer_new(struct repairer **out) {
    struct repairer *repairer = calloc(1, sizeof *repairer);
    *out = NULL;
    if (!repairer)
        return error_no_memory();
    xunzi_status status = lost_bytes_new(&repairer->lost_bytes);
    if (status != XUNZI_OK) {
        free(repairer);
        return status;
    }
    *out = repairer;
    return XUNZI_OK;
}

void repairer_free(struct repairer *repairer) {
    if (!repairer)
        return;
    lost_bytes_free(repairer->lost_bytes);
    edits_free(&repairer->readings);
    edits_free(&repairer->mended);
    free(repairer);
}

/* The Han characters that end in front of `at`, as they read now; returns how many, the nearest one
 * last. */
static size_t characters_before(const struct edits *mended, const char *text, size_t at,
                                uint32_t characters[ANNOTATION_CHARACTERS_MOST]) {
    uint32_t found[ANNOTATION_CHARACTERS_MOST];
    size_t count = 0, edit = at > 0 ? edits_find(mended, at - 1) : 0;
    if (at > 0 && edit < mended->count && mended->items[edit].end == at) {
        text = mended->items[edit].replacement.data;
        at = mended->items[edit].replacement.size;
    }
    while (at > 0 && count < ANNOTATION_CHARACTERS_MOST) {
        size_t begin = at - 1, next;
        while (begin > 0 && at - begin < 4 && ((unsigned char)text[begin] & 0xC0) == 0x80)
            begin--;
        next = begin;
        uint32_t c = utf8_next(text, at, &next);
        if (c == UTF8_ILL_FORMED || next != at ||
            character_entry_class(character_entry(c)) != CHARACTER_HAN)
            break;
        found[count++] = c;
        at = begin;
    }
    for (size_t i = 0; i < count; i++)
        characters[i] = found[count - 1 - i];
    return count;
}

/* Whether a mark of damage ends in front of `at`. */
static bool is_behind_mark(const char *text, size_t at) {
    return at > 0 &&
           (text[at - 1] == '?' || (at >= 3 && (memcmp(text + at - 3, "\xEF\xBC\x9F", 3) == 0 ||
                                                memcmp(text + at - 3, "\xEF\xBF\xBD", 3) == 0)));
}

static bool append_reading(struct edits *out, const struct annotation *annotation) {
    struct edit edit = {
        .kind = EDIT_SKIP,
        .begin = (uint32_t)annotation->begin,
        .end = (uint32_t)annotation->end,
        .reason =
            annotation->opened && annotation->closed ? EDIT_REASON_ANNOTATION : EDIT_REASON_ORPHAN,
    };
    return edits_append(out, &edit);
}

/* Whether the rest of a reading, which has no tone, belongs to a character that was mended. */
static bool fits_mended(const char *text, const struct edits *mended,
                        const struct annotation *annotation) {
    uint32_t characters[ANNOTATION_CHARACTERS_MOST];
    size_t edit = annotation->begin > 0 ? edits_find(mended, annotation->begin - 1) : 0;
    return edit < mended->count && mended->items[edit].end == annotation->begin &&
           annotation_fits(annotation, characters,
                           characters_before(mended, text, annotation->begin, characters));
}

/* The reading, or what is left of one, that the parenthesis at text[at] belongs to. `done` ends the
 * one before. */
static bool read_at(const char *text, size_t size, size_t done, size_t at, bool closing,
                    const struct edits *mended, struct annotation *annotation) {
    uint32_t characters[ANNOTATION_CHARACTERS_MOST];
    if (closing)
        return annotation_read_back(text, done, at, annotation) &&
               (annotation->tones > 0 || fits_mended(text, mended, annotation)) &&
               (is_behind_mark(text, annotation->begin) ||
                characters_before(mended, text, annotation->begin, characters) > 0);
    return annotation_read(text, size, at, annotation) &&
           annotation_fits(annotation, characters, characters_before(mended, text, at, characters));
}

/* Readings, from the mark at `at` on. Where *suspect is false, it is set where bytes look lost. */
static bool find_readings(const char *text, size_t size, size_t at, const struct edits *mended,
                          struct edits *out, bool *suspect) {
    size_t done = 0;
    edits_clear(out);
    while (at < size) {
        struct annotation annotation;
        bool closing;
        size_t parenthesis = annotation_parenthesis(text, size, at, &closing);
        if (parenthesis == 0) {
            *suspect = *suspect || lost_bytes_suspects(text, size, at);
            at++;
        } else if (read_at(text, size, done, at, closing, mended, &annotation)) {
            if (!append_reading(out, &annotation))
                return false;
            at = done = annotation.end;
        } else {
            at += parenthesis;
        }
        at = scan_for_mark(text, size, at);
    }
    return true;
}

xunzi_status repair_find(struct repairer *repairer, const char *text, size_t size,
                         struct edits *out) {
    bool suspect = false;
    edits_clear(out);
    edits_clear(&repairer->mended);
    size_t first = scan_for_mark(text, size, 0);
    if (first == size)
        return XUNZI_OK;
    if (!find_readings(text, size, first, &repairer->mended, &repairer->readings, &suspect))
        return error_no_memory();
    if (suspect) {
        xunzi_status status = lost_bytes_find(repairer->lost_bytes, text, size, &repairer->mended);
        if (status != XUNZI_OK)
            return status;
        /* A character that is mended can be what a reading belongs to. */
        if (repairer->mended.count > 0 &&
            !find_readings(text, size, first, &repairer->mended, &repairer->readings, &suspect))
            return error_no_memory();
    }
    if (repairer->mended.count == 0 && repairer->readings.count == 0)
        return XUNZI_OK;
    return edits_merge(&repairer->mended, &repairer->readings, out) ? XUNZI_OK : error_no_memory();
}
