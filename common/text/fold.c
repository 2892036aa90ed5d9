/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Folding. Nearly all characters fold alone and by one table look-up. The rest (combining marks
 * behind a letter, conjoining Hangul jamo, half-width kana with their sound marks, characters that
 * become several) are normalised by ICU in clusters: from one normalisation boundary to the next,
 * at most CLUSTER_MOST characters (Unicode's stream-safe format, UAX #15 section 13, bounds real
 * text to 30 combining marks; the cap keeps hostile text linear).
 */
#include "text/fold.h"

#include <stdlib.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/error.h"
#include "base/utf8.h"
#include "text/character.h"

enum {
    CLUSTER_MOST = 32,
    CLUSTER_FOLDED_MOST = CLUSTER_MOST * 18 /* NFKC's largest expansion, U+FDFA */
};

struct folder {
    struct folded_text *out;
    const char *text;         /* that is folded now */
    enum separator separator; /* since the last character */
    bool pending; /* what comes next says what the characters before it are, either of these: */
    struct folded_character held; /* an interpunct directly behind a Han character */
    size_t zeros;                 /* circles put last, as 〇; 0: it is the interpunct */
};

/* The forms in which the interpunct of names is written, as NFKC leaves them. */
static bool is_interpunct(uint32_t c) {
    return c == 0x00B7 || c == 0x2022 || c == 0x2027 || c == 0x2219 || c == 0x22C5 || c == 0x30FB;
}

/* The circles that stand for 〇 in text from charsets without it: ○, ◯, ⭕. A letter O stays one. */
static bool is_circle(uint32_t c) {
    return c == 0x25CB || c == 0x25EF || c == 0x2B55;
}

static bool is_han_digit(uint32_t c) {
    switch (c) {
    case 0x3007: /* 〇 */
    case 0x96F6: /* 零 */
    case 0x4E00: /* 一 */
    case 0x4E8C: /* 二 */
    case 0x4E09: /* 三 */
    case 0x56DB: /* 四 */
    case 0x4E94: /* 五 */
    case 0x516D: /* 六 */
    case 0x4E03: /* 七 */
    case 0x516B: /* 八 */
    case 0x4E5D: /* 九 */
        return true;
    default:
        return false;
    }
}

/* Whether a number goes on with c, or a year is behind it: 二○二一, 五○萬, 一九八○年. */
static bool goes_on_after_zero(uint32_t c) {
    switch (c) {
    case 0x5341: /* 十 */
    case 0x767E: /* 百 */
    case 0x5343: /* 千 */
    case 0x4E07: /* 万 */
    case 0x4EBF: /* 亿 */
    case 0x5E74: /* 年 */
        return true;
    default:
        return is_han_digit(c);
    }
}

/* The character directly before, if it is Han; NULL: it is none. */
static const struct folded_character *han_before(const struct folder *folder) {
    const struct folded_text *out = folder->out;
    bool held = folder->pending && folder->zeros == 0;
    if (out->count == 0 || folder->separator != SEPARATOR_NONE || held)
        return NULL;
    const struct folded_character *last = &out->characters[out->count - 1];
    return last->class == CHARACTER_HAN ? last : NULL;
}

/* Full stops in a width of their own (．﹒) are interpuncts, too, but not behind a number
 * (一．總則, 一．五). That of ASCII is not. */
static bool is_interpunct_here(const struct folder *folder, uint32_t c, size_t begin) {
    if (c != '.')
        return is_interpunct(c) && han_before(folder);
    const struct folded_character *before = folder->text[begin] == '.' ? NULL : han_before(folder);
    return before && before->code_point != 0x5341 /* 十 */ && !is_han_digit(before->code_point);
}

static inline void append(struct folder *folder, uint32_t code_point, enum character_class class,
                          size_t begin, size_t end) {
    folder->out->characters[folder->out->count++] = (struct folded_character){
        .code_point = code_point,
        .begin = (uint32_t)begin,
        .length = (uint16_t)(end - begin),
        .class = (uint8_t) class,
        .separator_before = (uint8_t)folder->separator,
    };
    folder->separator = SEPARATOR_NONE;
}

/* The circles put last are in no number: they are what they are elsewhere. */
static void take_back_zeros(struct folder *folder) {
    folder->out->count -= folder->zeros;
    folder->separator = SEPARATOR_PUNCTUATION;
}

/* What is pending stands before no Han character. */
static void release(struct folder *folder) {
    if (!folder->pending)
        return;
    if (folder->zeros > 0)
        take_back_zeros(folder);
    else if (folder->held.class == CHARACTER_PUNCTUATION)
        folder->separator = SEPARATOR_PUNCTUATION;
    else
        folder->out->characters[folder->out->count++] = folder->held;
    folder->pending = false;
    folder->zeros = 0;
}

/* What is pending stands before this Han character: an interpunct is nothing then. */
static void release_before_han(struct folder *folder, uint32_t code_point) {
    if (folder->zeros > 0 && !goes_on_after_zero(code_point))
        take_back_zeros(folder);
    folder->pending = false;
    folder->zeros = 0;
}

/* Puts what is neither Han nor ignorable. */
static void put_other(struct folder *folder, uint32_t code_point, enum character_class class,
                      size_t begin, size_t end) {
    const struct folded_character *before = is_circle(code_point) ? han_before(folder) : NULL;
    if (before && is_han_digit(before->code_point)) {
        append(folder, 0x3007, CHARACTER_HAN, begin, end);
        folder->pending = true;
        folder->zeros++;
        return;
    }
    release(folder);
    if (class == CHARACTER_SPACE) {
        if (folder->separator == SEPARATOR_NONE)
            folder->separator = SEPARATOR_SPACE;
    } else if (is_interpunct_here(folder, code_point, begin)) {
        folder->held = (struct folded_character){
            .code_point = code_point,
            .begin = (uint32_t)begin,
            .length = (uint16_t)(end - begin),
            .class = (uint8_t) class,
        };
        folder->pending = true;
    } else if (class == CHARACTER_PUNCTUATION) {
        folder->separator = SEPARATOR_PUNCTUATION;
    } else {
        append(folder, code_point, class, begin, end);
    }
}

/* Room for every character that a whole cluster can give, and one held before, is reserved before.
 */
static inline void put(struct folder *folder, uint32_t code_point, enum character_class class,
                       size_t begin, size_t end) {
    if (class == CHARACTER_IGNORABLE)
        return;
    if (class == CHARACTER_HAN) {
        if (folder->pending)
            release_before_han(folder, code_point);
        append(folder, code_point, class, begin, end);
    } else if (class == CHARACTER_PUNCTUATION && !folder->pending && !is_interpunct(code_point) &&
               !is_circle(code_point)) {
        folder->separator = SEPARATOR_PUNCTUATION; /* put_other does so too; most come here */
    } else {
        put_other(folder, code_point, class, begin, end);
    }
}

/* Folds the cluster of original characters that begins at `begin`; returns where it ends. */
static size_t fold_cluster(struct folder *folder, const char *text, size_t size, size_t begin) {
    UChar32 cluster[CLUSTER_MOST];
    UChar units[2 * CLUSTER_MOST], folded[CLUSTER_FOLDED_MOST];
    int32_t count = 0, unit_count = 0;
    size_t end = begin;
    do {
        size_t next = end;
        uint32_t code_point = utf8_next(text, size, &next);
        if (code_point == UTF8_ILL_FORMED ||
            (count > 0 && !(character_entry(code_point) & CHARACTER_COMBINES)))
            break;
        cluster[count++] = (UChar32)code_point;
        end = next;
    } while (end < size && count < CLUSTER_MOST);
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *nfkc_casefold = unorm2_getNFKCCasefoldInstance(&code);
    u_strFromUTF32(units, 2 * CLUSTER_MOST, &unit_count, cluster, count, &code);
    int32_t folded_count =
        unorm2_normalize(nfkc_casefold, units, unit_count, folded, CLUSTER_FOLDED_MOST, &code);
    if (U_FAILURE(code)) { /* no known text comes here; it then separates */
        folder->separator = SEPARATOR_PUNCTUATION;
        return end;
    }
    for (int32_t i = 0; i < folded_count;) {
        uint32_t code_point = folded[i++];
        if (U16_IS_LEAD(code_point) && i < folded_count)
            code_point = (uint32_t)U16_GET_SUPPLEMENTARY(code_point, folded[i++]);
        uint32_t entry = character_entry(code_point);
        put(folder, character_entry_folded(code_point, entry), character_entry_class(entry), begin,
            end);
    }
    return end;
}

/* A character of the original and its entry; of ill-formed bytes, one that separates. */
struct original {
    uint32_t code_point, entry;
    size_t end;
};

static inline struct original original_at(const char *text, size_t size, size_t at) {
    struct original original = {.end = at};
    original.code_point = utf8_next(text, size, &original.end);
    original.entry = original.code_point == UTF8_ILL_FORMED
                         ? (uint32_t)CHARACTER_PUNCTUATION << CHARACTER_CLASS_SHIFT
                         : character_entry(original.code_point);
    return original;
}

/* Folds text[at, size) behind what was folded before. */
static bool fold_stretch(struct folder *folder, const char *text, size_t at, size_t size) {
    struct folded_text *folded = folder->out;
    folder->text = text;
    if (at >= size)
        return true;
    struct original next = original_at(text, size, at);
    for (;;) {
        struct original original = next;
        bool more = original.end < size;
        if (folded->capacity - folded->count < CLUSTER_FOLDED_MOST + 1 &&
            !array_reserve(&folded->characters, &folded->capacity,
                           folded->count + CLUSTER_FOLDED_MOST + 1, sizeof *folded->characters))
            return false;
        if (more)
            next = original_at(text, size, original.end);
        bool alone = !(original.entry & (CHARACTER_EXPANDS | CHARACTER_COMBINES)) &&
                     !(more && (next.entry & CHARACTER_COMBINES));
        if (alone || original.code_point == UTF8_ILL_FORMED) {
            put(folder, character_entry_folded(original.code_point, original.entry),
                character_entry_class(original.entry), at, original.end);
            at = original.end;
        } else {
            at = fold_cluster(folder, text, size, at);
            more = at < size;
            if (more)
                next = original_at(text, size, at);
        }
        if (!more)
            return true;
    }
}

/* Folds what stands for a stretch in that reading; its characters have the bytes of the stretch. */
static bool fold_replacement(struct folder *folder, const struct edit *edit,
                             enum fold_reading reading) {
    struct folded_text *folded = folder->out;
    release(folder);
    size_t first = folded->count;
    xunzi_string replacement = edit->replacement;
    if (reading >= FOLD_OTHER)
        edit_other(edit, reading - FOLD_OTHER, &replacement);
    if (!fold_stretch(folder, replacement.data, 0, replacement.size))
        return false;
    release(folder);
    uint32_t length = edit->end - edit->begin;
    for (size_t i = first; i < folded->count; i++) {
        folded->characters[i].begin = edit->begin;
        folded->characters[i].length = (uint16_t)(length < UINT16_MAX ? length : UINT16_MAX);
    }
    return true;
}

bool fold_edited_text(struct folded_text *folded, const char *text, size_t begin, size_t end,
                      const struct edits *edits, enum fold_reading reading) {
    struct folder folder = {.out = folded, .separator = SEPARATOR_NONE};
    folded->count = 0;
    if (end > UINT32_MAX)
        return false;
    size_t at = begin;
    for (size_t i = edits ? edits_find(edits, begin) : 0;
         edits && i < edits->count && edits->items[i].begin < end; i++) {
        const struct edit *edit = &edits->items[i];
        if (edit->kind == EDIT_MEND && reading == FOLD_AS_IT_STANDS)
            continue;
        if (edit->begin > at && !fold_stretch(&folder, text, at, edit->begin))
            return false;
        if (edit->kind == EDIT_MEND && !fold_replacement(&folder, edit, reading))
            return false;
        if (edit->kind == EDIT_ASIDE) {
            release(&folder);
            folder.separator = SEPARATOR_PUNCTUATION;
        }
        at = edit->end;
    }
    if (at < end && !fold_stretch(&folder, text, at, end))
        return false;
    release(&folder);
    return true;
}

bool fold_text(struct folded_text *folded, const char *text, size_t size) {
    return fold_edited_text(folded, text, 0, size, NULL, FOLD_MENDED);
}

void folded_text_free(struct folded_text *folded) {
    free(folded->characters);
    *folded = (struct folded_text){0};
}

bool folded_text_append_utf8(const struct folded_text *folded, size_t first, size_t count,
                             struct buffer *out) {
    if (!buffer_reserve(out, 4 * count))
        return false;
    for (size_t i = first; i < first + count; i++)
        out->size += utf8_encode(folded->characters[i].code_point, out->data + out->size);
    return true;
}

xunzi_status fold_to_key(const char *text, size_t size, struct buffer *out) {
    return fold_edited_to_key(text, size, NULL, out);
}

xunzi_status fold_edited_to_key(const char *text, size_t size, const struct edits *edits,
                                struct buffer *out) {
    struct folded_text folded = {0};
    bool ok = fold_edited_text(&folded, text, 0, size, edits, FOLD_MENDED);
    for (size_t i = 0; i < folded.count && ok; i++)
        ok = (i == 0 || !folded.characters[i].separator_before || buffer_append_byte(out, ' ')) &&
             folded_text_append_utf8(&folded, i, 1, out);
    folded_text_free(&folded);
    return ok ? XUNZI_OK : error_no_memory();
}
