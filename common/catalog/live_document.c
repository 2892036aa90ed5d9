/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making live documents: the tokens are gathered by term first, in a hash table, so that Xapian is
 * told of each term once. */
#include "catalog/live_document.h"

#include <stdio.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/date.h"
#include "base/error.h"
#include "base/utf8.h"
#include "catalog/record.h"
#include "catalog/xapian_error.h"
#include "text/damaged_stretch.h"
#include "text/fingerprint.h"
#include "text/terms.h"

enum { NONE = UINT32_MAX };

/* A term of the document. Its positions are a chain in the pool, in ascending order. */
struct entry {
    uint64_t hash;
    size_t name; /* offset in names */
    uint32_t size;
    uint32_t wdf;
    uint32_t first, last; /* in the pool; NONE: no positions */
};

struct position {
    uint32_t position;
    uint32_t next;
};

struct live_document_maker {
    struct tokenizer *tokenizer;
    struct buffer names;
    struct entry *entries;
    size_t entry_count, entry_capacity;
    struct position *pool;
    size_t pool_count, pool_capacity;
    uint32_t *slots; /* open addressing: indexes of entries, NONE where free; a power of two, at
                        most half full */
    size_t slot_count;
    uint32_t *positions; /* one term's, for Xapian */
    size_t position_capacity;
    struct fingerprint_maker fingerprint;
    struct buffer term; /* scratch */
    struct buffer name;
    struct buffer record;
};

xunzi_status live_document_maker_new(xunzi_profile profile, struct live_document_maker **out) {
    *out = NULL;
    struct live_document_maker *maker = calloc(1, sizeof *maker);
    if (!maker)
        return error_no_memory();
    xunzi_status status = tokenizer_new(profile, &maker->tokenizer);
    if (status != XUNZI_OK) {
        live_document_maker_free(maker);
        return status;
    }
    *out = maker;
    return XUNZI_OK;
}

void live_document_maker_free(struct live_document_maker *maker) {
    if (!maker)
        return;
    tokenizer_free(maker->tokenizer);
    buffer_free(&maker->names);
    buffer_free(&maker->term);
    buffer_free(&maker->name);
    buffer_free(&maker->record);
    free(maker->entries);
    free(maker->pool);
    free(maker->slots);
    free(maker->positions);
    free(maker);
}

/* Costs as much as the document before had terms, not as much as the largest ever had. */
static void clear(struct live_document_maker *maker) {
    for (size_t e = 0; e < maker->entry_count; e++) {
        size_t slot = maker->entries[e].hash & (maker->slot_count - 1);
        while (maker->slots[slot] != e)
            slot = (slot + 1) & (maker->slot_count - 1);
        maker->slots[slot] = NONE;
    }
    buffer_clear(&maker->names);
    maker->entry_count = maker->pool_count = 0;
}

static bool grow_slots(struct live_document_maker *maker) {
    size_t count = maker->slot_count ? 2 * maker->slot_count : 1024;
    uint32_t *slots = malloc(count * sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < count; i++)
        slots[i] = NONE;
    for (size_t e = 0; e < maker->entry_count; e++) {
        size_t slot = maker->entries[e].hash & (count - 1);
        while (slots[slot] != NONE)
            slot = (slot + 1) & (count - 1);
        slots[slot] = (uint32_t)e;
    }
    free(maker->slots);
    maker->slots = slots;
    maker->slot_count = count;
    return true;
}

/* The entry of the term in maker->term, made where there is none; NULL: no memory. */
static struct entry *find_entry(struct live_document_maker *maker) {
    if (2 * (maker->entry_count + 1) > maker->slot_count && !grow_slots(maker))
        return NULL;
    const struct buffer *term = &maker->term;
    uint64_t hash = XXH3_64bits(term->data, term->size);
    size_t slot = hash & (maker->slot_count - 1);
    for (; maker->slots[slot] != NONE; slot = (slot + 1) & (maker->slot_count - 1)) {
        struct entry *entry = &maker->entries[maker->slots[slot]];
        if (entry->hash == hash && entry->size == term->size &&
            memcmp(maker->names.data + entry->name, term->data, term->size) == 0)
            return entry;
    }
    if (!array_reserve(&maker->entries, &maker->entry_capacity, maker->entry_count + 1,
                       sizeof *maker->entries))
        return NULL;
    struct entry *entry = &maker->entries[maker->entry_count];
    *entry = (struct entry){hash, maker->names.size, (uint32_t)term->size, 0, NONE, NONE};
    if (!buffer_append(&maker->names, term->data, term->size))
        return NULL;
    maker->slots[slot] = (uint32_t)maker->entry_count++;
    return entry;
}

/* Counts the token under prefix, with wdf more (only_new: if it has none) and, where asked for, its
 * position. */
static bool count_token(struct live_document_maker *maker, const char *prefix,
                        const struct token *token, uint32_t wdf, bool only_new,
                        const uint32_t *position) {
    buffer_clear(&maker->name);
    buffer_clear(&maker->term);
    if (!tokenizer_append_term(maker->tokenizer, token, &maker->name) ||
        !term_append(&maker->term, prefix, maker->name.data, maker->name.size))
        return false;
    struct entry *entry = find_entry(maker);
    if (!entry)
        return false;
    if (!only_new || entry->wdf == 0)
        entry->wdf += wdf;
    if (!position)
        return true;
    if (!array_reserve(&maker->pool, &maker->pool_capacity, maker->pool_count + 1,
                       sizeof *maker->pool))
        return false;
    uint32_t at = (uint32_t)maker->pool_count++;
    maker->pool[at] = (struct position){*position, NONE};
    if (entry->first == NONE)
        entry->first = at;
    else
        maker->pool[entry->last].next = at;
    entry->last = at;
    return true;
}

/* Counts the tokens of the text that the tokenizer is set to, its positions beginning at *position;
 * moves *position behind them. damage: only those that touch mended stretches of these edits, read
 * as `reading`, count; the Chinese ones about them were counted with the mended text and are only
 * placed, so that a phrase can begin before the damage. Of other readings, which have most tokens
 * in common, only new ones count. NULL: all count. */
static xunzi_status count_tokens(struct live_document_maker *maker, const struct edits *damage,
                                 enum fold_reading reading, bool is_title, uint32_t *position,
                                 uint64_t *tokens) {
    struct token token;
    bool only_new = reading >= FOLD_OTHER;
    while (tokenizer_next(maker->tokenizer, &token)) {
        bool counts = !damage || damaged_stretch_touches(damage, reading, &token);
        uint32_t at = *position + token.place;
        bool word = token.kind == XUNZI_TOKEN_WORD;
        bool placed = !word && (token.kind != XUNZI_TOKEN_CHARACTER ||
                                tokenizer_is_edge(maker->tokenizer, &token));
        if (!counts && (!placed || token.kind == XUNZI_TOKEN_LATIN))
            continue;
        uint32_t wdf = !counts ? 0 : is_title ? LIVE_TITLE_WDF : 1;
        if (!count_token(maker, term_prefix_of(token.kind), &token, wdf, only_new,
                         placed ? &at : NULL) ||
            (is_title && !word &&
             !count_token(maker, TERM_PREFIX_TITLE, &token, 0, false, placed ? &at : NULL)))
            return error_no_memory();
        *tokens += counts;
    }
    *position += 2 * tokenizer_position(maker->tokenizer); /* no place is behind that */
    return XUNZI_OK;
}

/* Counts a field's tokens, as mended and then, where it was mended, as it stands and in its other
 * readings. */
static xunzi_status count_field(struct live_document_maker *maker, xunzi_string text,
                                const struct edits *edits, bool is_title, uint32_t *position,
                                uint64_t *tokens) {
    xunzi_status status =
        tokenizer_set_edited_text(maker->tokenizer, text.data, 0, text.size, edits, FOLD_MENDED);
    if (status == XUNZI_OK) {
        fingerprint_add(&maker->fingerprint, tokenizer_folded(maker->tokenizer));
        status = count_tokens(maker, NULL, FOLD_MENDED, is_title, position, tokens);
    }
    for (enum fold_reading reading = FOLD_AS_IT_STANDS; edits && reading < FOLD_READING_COUNT;
         reading++) {
        size_t next = 0, begin, end;
        while (status == XUNZI_OK &&
               damaged_stretch_next(text.data, text.size, edits, reading, &next, &begin, &end)) {
            *position += LIVE_FIELD_GAP;
            status =
                tokenizer_set_edited_text(maker->tokenizer, text.data, begin, end, edits, reading);
            if (status == XUNZI_OK)
                status = count_tokens(maker, edits, reading, is_title, position, tokens);
        }
    }
    return status;
}

static xapian_status add_postings(struct live_document_maker *maker, xapian_document *out) {
    for (size_t e = 0; e < maker->entry_count; e++) {
        const struct entry *entry = &maker->entries[e];
        size_t count = 0;
        for (uint32_t p = entry->first; p != NONE; p = maker->pool[p].next) {
            if (!array_reserve(&maker->positions, &maker->position_capacity, count + 1,
                               sizeof *maker->positions))
                return XAPIAN_ERROR_NO_MEMORY;
            maker->positions[count++] = maker->pool[p].position;
        }
        xapian_status status = xapian_document_add_postings(
            out, maker->names.data + entry->name, entry->size, maker->positions, count, entry->wdf);
        if (status != XAPIAN_OK)
            return status;
    }
    return XAPIAN_OK;
}

void live_date_value(uint32_t day, char out[9]) {
    snprintf(out, 9, "%08u", (unsigned)(day % 100000000));
}

uint32_t live_date_day(const char *value, size_t size) {
    uint32_t day = 0;
    for (size_t i = 0; i < size; i++)
        day = day * 10 + (uint32_t)(value[i] - '0');
    return day;
}

size_t live_source_value_size(xunzi_string source) {
    if (source.size <= LIVE_SOURCE_MOST)
        return source.size;
    size_t size = LIVE_SOURCE_MOST;
    while (size > 0 && ((unsigned char)source.data[size] & 0xC0) == 0x80)
        size--;
    return size;
}

/* Everything but the postings: id, date, source, fingerprint, and the original. */
static xunzi_status add_members(struct live_document_maker *maker, const xunzi_document *document,
                                const struct document_edits *edits, xapian_document *out) {
    struct buffer *term = &maker->term;
    buffer_clear(term);
    buffer_clear(&maker->record);
    if (!term_append(term, TERM_PREFIX_ID, document->id.data, document->id.size))
        return error_no_memory();
    xapian_status status = xapian_document_add_boolean_term(out, term->data, term->size);
    date_day first, last;
    if (status == XAPIAN_OK &&
        date_parse_declared(document->date.data, document->date.size, &first, &last)) {
        char value[9];
        live_date_value(first, value);
        status = xapian_document_set_value(out, LIVE_SLOT_DATE, value, 8);
    }
    const struct fingerprint fingerprint = fingerprint_end(&maker->fingerprint);
    if (status == XAPIAN_OK && !fingerprint_is_none(&fingerprint))
        status = xapian_document_set_value(out, LIVE_SLOT_FINGERPRINT, (const char *)&fingerprint,
                                           sizeof fingerprint);
    if (status == XAPIAN_OK && document->source.size > 0) {
        buffer_clear(&maker->name);
        buffer_clear(term);
        xunzi_status folded = fold_edited_to_key(document->source.data, document->source.size,
                                                 edits ? &edits->source : NULL, &maker->name);
        if (folded != XUNZI_OK)
            return folded;
        if (!term_append(term, TERM_PREFIX_SOURCE, maker->name.data, maker->name.size))
            return error_no_memory();
        status = xapian_document_add_boolean_term(out, term->data, term->size);
        if (status == XAPIAN_OK)
            status = xapian_document_set_value(out, LIVE_SLOT_SOURCE, document->source.data,
                                               live_source_value_size(document->source));
    }
    xunzi_status encoded = record_encode(document, edits, &maker->record);
    if (encoded != XUNZI_OK)
        return encoded;
    if (status == XAPIAN_OK)
        status = xapian_document_set_data(out, maker->record.data, maker->record.size);
    return status == XAPIAN_OK ? XUNZI_OK
                               : error_set_xapian(status, "a document could not be prepared");
}

xunzi_status live_document_make(struct live_document_maker *maker, const xunzi_document *document,
                                const struct document_edits *edits, xapian_document **out,
                                uint64_t *tokens) {
    *out = NULL;
    *tokens = 0;
    clear(maker);
    fingerprint_begin(&maker->fingerprint);
    uint32_t position = 0;
    xunzi_status status =
        count_field(maker, document->title, edits ? &edits->title : NULL, true, &position, tokens);
    if (status == XUNZI_OK && position > 0)
        position += LIVE_FIELD_GAP;
    if (status == XUNZI_OK)
        status = count_field(maker, document->body, edits ? &edits->body : NULL, false, &position,
                             tokens);
    if (status != XUNZI_OK)
        return status;
    xapian_document *made;
    xapian_status result = xapian_document_new(&made);
    if (result == XAPIAN_OK)
        result = add_postings(maker, made);
    status = result == XAPIAN_OK ? add_members(maker, document, edits, made)
                                 : error_set_xapian(result, "a document could not be prepared");
    if (status != XUNZI_OK) {
        xapian_document_free(made);
        return status;
    }
    *out = made;
    return XUNZI_OK;
}
