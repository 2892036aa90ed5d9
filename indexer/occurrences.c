/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making occurrences. Nearly all text is read run by run; what is read once more as it stands on a
 * damaged page goes token by token.
 */
#include "indexer/occurrences.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/error.h"
#include "base/utf8.h"
#include "catalog/live_document.h"
#include "text/character.h"
#include "text/damaged_stretch.h"
#include "text/terms.h"

enum {
    POINT_BITS = 21,
    POINT_MASK = (1 << POINT_BITS) - 1,
    INLINE_BYTES = 7,     /* of a Latin term that fits its key */
    KEPT_ITEMS = 1 << 17, /* of a list from one batch to the next */
    KEPT_BYTES = 1 << 20
};

struct occurrence_maker {
    xunzi_profile profile;
    uint64_t seed;
    struct tokenizer *tokenizer;
    struct buffer name, term;

    struct occurrences *out;
    uint16_t document;
    uint32_t length;
    struct fingerprint_maker fingerprint;
    size_t begins[OCCURRENCE_PARTITIONS]; /* of the document, in the lists */

    bool only_new;     /* terms that the document has count no more */
    uint64_t *counted; /* while only_new is set: the keys of those that have counted, a hash table,
                          0 where free */
    size_t counted_slots, counted_count;
};

void occurrences_free(struct occurrences *occurrences) {
    for (size_t p = 0; p < OCCURRENCE_PARTITIONS; p++)
        free(occurrences->lists[p].items);
    buffer_free(&occurrences->names);
    *occurrences = (struct occurrences){0};
}

void occurrences_clear(struct occurrences *occurrences) {
    for (size_t p = 0; p < OCCURRENCE_PARTITIONS; p++) {
        struct occurrence_list *list = &occurrences->lists[p];
        list->count = 0;
        if (list->capacity > KEPT_ITEMS) {
            free(list->items);
            *list = (struct occurrence_list){0};
        }
    }
    buffer_clear(&occurrences->names);
    if (occurrences->names.capacity > KEPT_BYTES)
        buffer_free(&occurrences->names);
}

size_t occurrences_memory(const struct occurrences *occurrences) {
    size_t bytes = occurrences->names.capacity;
    for (size_t p = 0; p < OCCURRENCE_PARTITIONS; p++)
        bytes += occurrences->lists[p].capacity * sizeof *occurrences->lists[p].items;
    return bytes;
}

bool term_kind_has_positions(enum term_kind kind, xunzi_profile profile) {
    switch (kind) {
    case TERM_CHARACTER:
        return profile != XUNZI_PROFILE_FULL; /* in the full one they stand under TERM_EDGE */
    case TERM_WORD_OF_TWO:
    case TERM_WORD_OF_THREE:
    case TERM_NAMED_WORD:
    case TERM_NAMED_SOURCE:
        return false;
    default:
        return true;
    }
}

bool term_kind_is_ranked(enum term_kind kind) {
    return kind <= TERM_WORD_OF_THREE || kind == TERM_NAMED_LATIN || kind == TERM_NAMED_WORD;
}

/* ---- keys and names ---- */

static uint64_t key_of(enum term_kind kind, uint64_t rest) {
    return (uint64_t)kind << TERM_KIND_SHIFT | rest;
}

static uint64_t pair_of(const struct folded_character *characters) {
    return (uint64_t)characters[0].code_point << POINT_BITS | characters[1].code_point;
}

size_t term_name_of(uint64_t key, char out[TERM_MOST]) {
    enum term_kind kind = term_kind_of(key);
    const char *prefix = TERM_PREFIX_NONE;
    if (kind == TERM_WORD_OF_TWO || kind == TERM_WORD_OF_THREE)
        prefix = TERM_PREFIX_WORD;
    else if (kind == TERM_EDGE)
        prefix = TERM_PREFIX_EDGE;
    else if (kind >= TERM_TITLE_BIGRAM)
        prefix = TERM_PREFIX_TITLE;
    size_t size = strlen(prefix);
    memcpy(out, prefix, size);
    switch (kind) {
    case TERM_BIGRAM:
    case TERM_TITLE_BIGRAM:
    case TERM_WORD_OF_TWO:
        size += utf8_encode((uint32_t)(key >> POINT_BITS) & POINT_MASK, out + size);
        return size + utf8_encode((uint32_t)key & POINT_MASK, out + size);
    case TERM_WORD_OF_THREE:
        for (int shift = 32; shift >= 0; shift -= 16)
            size += utf8_encode((uint32_t)(key >> shift) & 0xFFFF, out + size);
        return size;
    case TERM_LATIN:
    case TERM_TITLE_LATIN:
        for (int shift = 8 * (INLINE_BYTES - 1); shift >= 0 && (key >> shift & 0xFF); shift -= 8)
            out[size++] = (char)(key >> shift);
        return size;
    default:
        return size + utf8_encode((uint32_t)key & POINT_MASK, out + size);
    }
}

/* ---- occurrences ---- */

static struct occurrence *append(struct occurrence_maker *maker, uint64_t key) {
    size_t partition = term_hash(key, maker->seed) >> (64 - OCCURRENCE_PARTITION_BITS);
    struct occurrence_list *list = &maker->out->lists[partition];
    if (list->count + 2 > list->capacity &&
        !array_reserve(&list->items, &list->capacity, list->count + 2, sizeof *list->items))
        return NULL;
    return &list->items[list->count++];
}

static inline bool put(struct occurrence_maker *maker, uint64_t key, uint32_t position,
                       uint32_t weight) {
    struct occurrence *occurrence = append(maker, key);
    if (!occurrence)
        return false;
    *occurrence = (struct occurrence){key, position, maker->document, (uint8_t)weight};
    return true;
}

/* The key of a named term: maker->term is the term. */
static uint64_t named_key(struct occurrence_maker *maker, enum term_kind kind) {
    uint64_t hash = XXH3_64bits_withSeed(maker->term.data, maker->term.size, maker->seed);
    return key_of(kind, hash >> (64 - TERM_KIND_SHIFT));
}

/* An occurrence of the term in maker->term. */
static bool put_named(struct occurrence_maker *maker, uint64_t key, uint32_t position,
                      uint32_t weight) {
    struct buffer *names = &maker->out->names;
    if (!put(maker, key, position, weight))
        return false;
    size_t partition = term_hash(key, maker->seed) >> (64 - OCCURRENCE_PARTITION_BITS);
    struct occurrence_list *list = &maker->out->lists[partition];
    list->items[list->count++] = (struct occurrence){names->size, (uint32_t)maker->term.size, 0, 0};
    return buffer_append(names, maker->term.data, maker->term.size);
}

static bool make_term(struct occurrence_maker *maker, const char *prefix, size_t first,
                      size_t count) {
    buffer_clear(&maker->name);
    buffer_clear(&maker->term);
    return folded_text_append_utf8(tokenizer_folded(maker->tokenizer), first, count,
                                   &maker->name) &&
           term_append(&maker->term, prefix, maker->name.data, maker->name.size);
}

/* ---- terms that have counted ---- */

/* The slot of a key, or the free one where it would be. */
static size_t counted_slot(const struct occurrence_maker *maker, uint64_t key) {
    size_t mask = maker->counted_slots - 1, slot = term_hash(key, maker->seed) & mask;
    while (maker->counted[slot] && maker->counted[slot] != key)
        slot = (slot + 1) & mask;
    return slot;
}

static bool grow_counted(struct occurrence_maker *maker) {
    uint64_t *before = maker->counted;
    size_t slots = maker->counted_slots;
    maker->counted_slots = slots > 0 ? 2 * slots : 1024;
    maker->counted = calloc(maker->counted_slots, sizeof *maker->counted);
    if (!maker->counted) {
        maker->counted = before;
        maker->counted_slots = slots;
        return false;
    }
    for (size_t i = 0; i < slots; i++)
        if (before[i])
            maker->counted[counted_slot(maker, before[i])] = before[i];
    free(before);
    return true;
}

/* *weight becomes 0 where the term has counted; where it is 0 already nothing changes. False: no
 * memory. */
static bool count_once(struct occurrence_maker *maker, uint64_t key, uint32_t *weight) {
    if (*weight == 0)
        return true;
    if (2 * (maker->counted_count + 1) > maker->counted_slots && !grow_counted(maker))
        return false;
    size_t slot = counted_slot(maker, key);
    if (maker->counted[slot]) {
        *weight = 0;
        return true;
    }
    maker->counted[slot] = key;
    maker->counted_count++;
    return true;
}

/* From here on only terms count that the document has not. */
static bool begin_only_new(struct occurrence_maker *maker) {
    bool ok = true;
    maker->only_new = true;
    for (size_t p = 0; p < OCCURRENCE_PARTITIONS; p++) {
        const struct occurrence_list *list = &maker->out->lists[p];
        for (size_t i = maker->begins[p]; i < list->count && ok; i++) {
            uint32_t weight = list->items[i].weight;
            enum term_kind kind = term_kind_of(list->items[i].key);
            if (term_kind_is_ranked(kind))
                ok = count_once(maker, list->items[i].key, &weight);
            i += kind >= TERM_NAMED; /* its name */
        }
    }
    return ok;
}

static void end_only_new(struct occurrence_maker *maker) {
    free(maker->counted);
    maker->counted = NULL;
    maker->counted_slots = maker->counted_count = 0;
    maker->only_new = false;
}

/* ---- from tokens to occurrences ---- */

/* Whether an occurrence that does not count says nothing: it has no position either. */
static bool says_nothing(const struct occurrence_maker *maker, enum term_kind kind,
                         uint32_t weight) {
    return maker->only_new && weight == 0 && !term_kind_has_positions(kind, maker->profile);
}

/* A ranked occurrence. */
static inline bool count(struct occurrence_maker *maker, uint64_t key, uint32_t place,
                         uint32_t weight) {
    if (maker->only_new && !count_once(maker, key, &weight))
        return false;
    maker->length += weight;
    return says_nothing(maker, term_kind_of(key), weight) || put(maker, key, place, weight);
}

/* The same of the term in maker->term. */
static bool count_named(struct occurrence_maker *maker, enum term_kind kind, uint32_t place,
                        uint32_t weight) {
    uint64_t key = named_key(maker, kind);
    if (maker->only_new && !count_once(maker, key, &weight))
        return false;
    maker->length += weight;
    return says_nothing(maker, kind, weight) || put_named(maker, key, place, weight);
}

static bool take_bigram(struct occurrence_maker *maker, const struct folded_character *characters,
                        uint32_t place, uint32_t weight, bool is_title) {
    uint64_t pair = pair_of(characters);
    return count(maker, key_of(TERM_BIGRAM, pair), place, weight) &&
           (!is_title || put(maker, key_of(TERM_TITLE_BIGRAM, pair), place, 1));
}

static bool take_character(struct occurrence_maker *maker, uint32_t code_point, uint32_t place,
                           uint32_t weight, bool is_edge, bool is_title) {
    bool has_edge_term = is_edge && maker->profile == XUNZI_PROFILE_FULL;
    return count(maker, key_of(TERM_CHARACTER, code_point), place, weight) &&
           (!has_edge_term || put(maker, key_of(TERM_EDGE, code_point), place, 1)) &&
           (!is_title || put(maker, key_of(TERM_TITLE_CHARACTER, code_point), place, 1));
}

static bool take_word(struct occurrence_maker *maker, size_t first, size_t length,
                      uint32_t weight) {
    const struct folded_character *characters =
        tokenizer_folded(maker->tokenizer)->characters + first;
    if (length == 2)
        return count(maker, key_of(TERM_WORD_OF_TWO, pair_of(characters)), 0, weight);
    if (length == 3 &&
        (characters[0].code_point | characters[1].code_point | characters[2].code_point) <= 0xFFFF)
        return count(maker,
                     key_of(TERM_WORD_OF_THREE, (uint64_t)characters[0].code_point << 32 |
                                                    (uint64_t)characters[1].code_point << 16 |
                                                    characters[2].code_point),
                     0, weight);
    return make_term(maker, TERM_PREFIX_WORD, first, length) &&
           count_named(maker, TERM_NAMED_WORD, 0, weight);
}

static bool take_latin(struct occurrence_maker *maker, size_t first, size_t length, uint32_t place,
                       uint32_t weight, bool is_title) {
    const struct folded_character *characters =
        tokenizer_folded(maker->tokenizer)->characters + first;
    uint64_t bytes = 0;
    bool fits = length <= INLINE_BYTES;
    for (size_t i = 0; i < length && fits; i++) {
        fits = characters[i].code_point < 0x80;
        bytes |= (uint64_t)characters[i].code_point << (8 * (INLINE_BYTES - 1 - i));
    }
    if (fits)
        return count(maker, key_of(TERM_LATIN, bytes), place, weight) &&
               (!is_title || put(maker, key_of(TERM_TITLE_LATIN, bytes), place, 1));
    return make_term(maker, TERM_PREFIX_NONE, first, length) &&
           count_named(maker, TERM_NAMED_LATIN, place, weight) &&
           (!is_title || (make_term(maker, TERM_PREFIX_TITLE, first, length) &&
                          put_named(maker, named_key(maker, TERM_NAMED_TITLE_LATIN), place, 1)));
}

static bool take_run(struct occurrence_maker *maker, const struct token_run *run, uint32_t position,
                     bool is_title) {
    const struct folded_character *characters = tokenizer_folded(maker->tokenizer)->characters;
    const uint8_t *words = tokenizer_word_lengths(maker->tokenizer);
    bool full = maker->profile == XUNZI_PROFILE_FULL;
    uint32_t weight = is_title ? LIVE_TITLE_WDF : 1, place = position + run->place;
    if (run->latin)
        return take_latin(maker, run->first, run->end - run->first, place, weight, is_title);
    for (size_t i = run->first; i < run->end; i++, place += 2) {
        if (i + 1 < run->end && !take_bigram(maker, characters + i, place, weight, is_title))
            return false;
        if (!full && run->end - run->first > 1)
            continue;
        bool is_edge = i == run->first || i + 1 == run->end;
        if (!take_character(maker, characters[i].code_point, place, weight, is_edge, is_title))
            return false;
        if (words && words[i] >= 2 && words[i] <= run->end - i &&
            !take_word(maker, i, words[i], weight))
            return false;
    }
    return true;
}

/* ---- fields ---- */

/* live_document.c, count_tokens: the tokens of a damaged stretch in another reading. */
static bool take_token(struct occurrence_maker *maker, const struct edits *damage,
                       enum fold_reading reading, const struct token *token, uint32_t position,
                       bool is_title) {
    const struct folded_character *characters =
        tokenizer_folded(maker->tokenizer)->characters + token->first;
    bool counts = damaged_stretch_touches(damage, reading, token),
         is_edge = tokenizer_is_edge(maker->tokenizer, token);
    uint32_t place = position + token->place, weight = !counts ? 0 : is_title ? LIVE_TITLE_WDF : 1;
    switch (token->kind) {
    case XUNZI_TOKEN_BIGRAM:
        return take_bigram(maker, characters, place, weight, is_title);
    case XUNZI_TOKEN_CHARACTER:
        return (!counts && !is_edge) ||
               take_character(maker, characters[0].code_point, place, weight, is_edge, is_title);
    case XUNZI_TOKEN_WORD:
        return !counts || take_word(maker, token->first, token->count, weight);
    default:
        return !counts || take_latin(maker, token->first, token->count, place, weight, is_title);
    }
}

static bool take_stretch(struct occurrence_maker *maker, const struct edits *damage,
                         enum fold_reading reading, uint32_t position, bool is_title) {
    struct token token;
    while (tokenizer_next(maker->tokenizer, &token))
        if (!take_token(maker, damage, reading, &token, position, is_title))
            return false;
    return true;
}

static bool take_runs(struct occurrence_maker *maker, uint32_t position, bool is_title) {
    struct token_run run;
    while (tokenizer_next_run(maker->tokenizer, &run))
        if (!take_run(maker, &run, position, is_title))
            return false;
    return true;
}

/* The damaged stretches of a field in another reading than as mended. */
static xunzi_status take_reading(struct occurrence_maker *maker, xunzi_string text,
                                 const struct edits *edits, enum fold_reading reading,
                                 bool is_title, uint32_t *position) {
    struct tokenizer *tokenizer = maker->tokenizer;
    size_t next = 0, begin, end;
    xunzi_status status = XUNZI_OK;
    while (status == XUNZI_OK &&
           damaged_stretch_next(text.data, text.size, edits, reading, &next, &begin, &end)) {
        if (reading >= FOLD_OTHER && !maker->only_new && !begin_only_new(maker))
            return error_no_memory();
        *position += LIVE_FIELD_GAP;
        status = tokenizer_set_edited_text(tokenizer, text.data, begin, end, edits, reading);
        if (status == XUNZI_OK && !take_stretch(maker, edits, reading, *position, is_title))
            status = error_no_memory();
        *position += 2 * tokenizer_position(tokenizer);
    }
    return status;
}

/* live_document.c, count_field: a field as mended and then, where it was mended, as it stands and
 * in its other readings. */
static xunzi_status take_field(struct occurrence_maker *maker, xunzi_string text,
                               const struct edits *edits, bool is_title, uint32_t *position) {
    struct tokenizer *tokenizer = maker->tokenizer;
    xunzi_status status =
        tokenizer_set_edited_text(tokenizer, text.data, 0, text.size, edits, FOLD_MENDED);
    if (status != XUNZI_OK)
        return status;
    fingerprint_add(&maker->fingerprint, tokenizer_folded(tokenizer));
    if (!take_runs(maker, *position, is_title))
        return error_no_memory();
    *position += 2 * tokenizer_position(tokenizer);
    for (enum fold_reading reading = FOLD_AS_IT_STANDS;
         edits && reading < FOLD_READING_COUNT && status == XUNZI_OK; reading++)
        status = take_reading(maker, text, edits, reading, is_title, position);
    if (maker->only_new)
        end_only_new(maker);
    return status;
}

static xunzi_status take_source(struct occurrence_maker *maker, xunzi_string source,
                                const struct edits *edits) {
    buffer_clear(&maker->name);
    buffer_clear(&maker->term);
    xunzi_status status = fold_edited_to_key(source.data, source.size, edits, &maker->name);
    if (status == XUNZI_OK &&
        (!term_append(&maker->term, TERM_PREFIX_SOURCE, maker->name.data, maker->name.size) ||
         !put_named(maker, named_key(maker, TERM_NAMED_SOURCE), 0, 1)))
        status = error_no_memory();
    return status;
}

xunzi_status occurrence_maker_add(struct occurrence_maker *maker, const xunzi_document *document,
                                  const struct document_edits *edits, uint16_t number,
                                  struct occurrences *out, uint32_t *length,
                                  struct fingerprint *fingerprint) {
    uint32_t position = 0;
    maker->out = out;
    maker->document = number;
    maker->length = 0;
    fingerprint_begin(&maker->fingerprint);
    for (size_t p = 0; p < OCCURRENCE_PARTITIONS; p++)
        maker->begins[p] = out->lists[p].count;
    xunzi_status status =
        take_field(maker, document->title, edits ? &edits->title : NULL, true, &position);
    if (status == XUNZI_OK && position > 0)
        position += LIVE_FIELD_GAP;
    if (status == XUNZI_OK)
        status = take_field(maker, document->body, edits ? &edits->body : NULL, false, &position);
    if (status == XUNZI_OK && document->source.size > 0)
        status = take_source(maker, document->source, edits ? &edits->source : NULL);
    *length = maker->length;
    *fingerprint = fingerprint_end(&maker->fingerprint);
    return status;
}

xunzi_status occurrence_maker_new(xunzi_profile profile, uint64_t seed,
                                  struct occurrence_maker **out) {
    struct occurrence_maker *maker = *out = calloc(1, sizeof *maker);
    if (!maker)
        return error_no_memory();
    maker->profile = profile;
    maker->seed = seed;
    xunzi_status status = tokenizer_new(profile, &maker->tokenizer);
    if (status != XUNZI_OK) {
        occurrence_maker_free(maker);
        *out = NULL;
    }
    return status;
}

void occurrence_maker_free(struct occurrence_maker *maker) {
    if (!maker)
        return;
    tokenizer_free(maker->tokenizer);
    buffer_free(&maker->name);
    buffer_free(&maker->term);
    free(maker);
}
