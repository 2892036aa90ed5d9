/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inverting in memory; inverter.h tells how. */
#include "indexer/inverter.h"

#include <stdlib.h>
#include <sys/mman.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/error.h"
#include "base/utf8.h"
#include "catalog/live_document.h"
#include "catalog/terms.h"
#include "segment/bounds.h"

/* A term's key: what it is, in the two high bits, and its code points (21 bits each), or for names a hash. Never 0. */
#define KEY_BIGRAM (UINT64_C(1) << 62)
#define KEY_CHARACTER (UINT64_C(2) << 62)
#define KEY_NAME (UINT64_C(3) << 62)

enum { CHUNK_FIRST = 12, CHUNK_GROWTH = 7, LINK = sizeof(uint32_t) };

/* The streams' pool: addresses for 4 GiB, memory for what is written. */
#define POOL_SIZE ((size_t)1 << 32)

/* What an occurrence reads and writes. */
struct term {
    uint32_t tail, end; /* in the pool: where the next byte goes; where the chunk's link is */
    uint32_t document;  /* of the last occurrence, plus one; 0: none yet */
    uint32_t position;  /* of it */
    uint32_t count;     /* documents */
    uint32_t head;      /* the first chunk */
    uint32_t name;      /* in names, for KEY_NAME */
    uint8_t name_size;
    uint8_t level; /* of the last chunk: chunks double, CHUNK_GROWTH times */
    bool positional, ranked;
};

struct slot {
    uint64_t key; /* 0: free */
    uint32_t term;
};

/* An occurrence on its way into a stream. */
struct occurrence {
    uint64_t key;
    uint32_t position;
    uint32_t name, name_size; /* in document_names, for KEY_NAME */
    uint32_t times;           /* how often it is counted, where it has no position */
    uint32_t place;           /* slot, then term */
    bool positional, ranked;
};

struct inverter {
    xunzi_profile profile;
    struct tokenizer *tokenizer;
    uint8_t *pool;
    size_t pool_used;
    struct slot *slots;
    size_t slot_count; /* a power of two, at most two thirds full */
    struct term *terms;
    uint64_t *keys; /* of terms */
    size_t term_count, term_capacity, key_capacity;
    struct buffer names;
    uint32_t *lengths, *title_ends; /* by document; positions below title_end are the title's */
    size_t documents, length_capacity, title_capacity;
    uint64_t total_length;

    struct occurrence *occurrences; /* the document's */
    size_t occurrence_count, occurrence_capacity;
    struct buffer document_names;

    struct ordered {
        uint64_t prefix; /* the name's first eight bytes, as a big-endian number */
        uint32_t term;
    } *order; /* of the walk */
    size_t walked;
    uint32_t *list_documents, *list_wdfs, *list_counts, *list_positions;
    uint8_t *list_bounds;
    size_t list_capacity[5];
    struct buffer name;
};

xunzi_status inverter_new(xunzi_profile profile, struct inverter **out) {
    *out = NULL;
    struct inverter *inverter = calloc(1, sizeof *inverter);
    if (!inverter)
        return error_no_memory();
    inverter->profile = profile;
    inverter->pool = mmap(NULL, POOL_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    xunzi_status status = XUNZI_OK;
    if (inverter->pool == MAP_FAILED) {
        inverter->pool = NULL;
        status = error_no_memory();
    }
    if (status == XUNZI_OK)
        status = tokenizer_new(profile, &inverter->tokenizer);
    if (status != XUNZI_OK) {
        inverter_free(inverter);
        return status;
    }
    *out = inverter;
    return XUNZI_OK;
}

void inverter_free(struct inverter *inverter) {
    if (!inverter)
        return;
    if (inverter->pool)
        munmap(inverter->pool, POOL_SIZE);
    tokenizer_free(inverter->tokenizer);
    buffer_free(&inverter->names);
    buffer_free(&inverter->document_names);
    buffer_free(&inverter->name);
    free(inverter->slots);
    free(inverter->terms);
    free(inverter->keys);
    free(inverter->lengths);
    free(inverter->title_ends);
    free(inverter->occurrences);
    free(inverter->order);
    free(inverter->list_documents);
    free(inverter->list_wdfs);
    free(inverter->list_counts);
    free(inverter->list_positions);
    free(inverter->list_bounds);
    free(inverter);
}

void inverter_clear(struct inverter *inverter) {
    madvise(inverter->pool, inverter->pool_used, MADV_DONTNEED);
    inverter->pool_used = 0;
    memset(inverter->slots, 0, inverter->slot_count * sizeof *inverter->slots);
    buffer_clear(&inverter->names);
    inverter->term_count = inverter->documents = inverter->walked = 0;
    inverter->total_length = 0;
    free(inverter->order);
    inverter->order = NULL;
}

uint32_t inverter_documents(const struct inverter *inverter) {
    return (uint32_t)inverter->documents;
}

const uint32_t *inverter_lengths(const struct inverter *inverter) {
    return inverter->lengths;
}

size_t inverter_memory(const struct inverter *inverter) {
    return inverter->pool_used + inverter->slot_count * sizeof *inverter->slots +
           inverter->term_capacity * sizeof *inverter->terms + inverter->key_capacity * sizeof *inverter->keys +
           inverter->names.capacity + 2 * inverter->length_capacity * sizeof *inverter->lengths;
}

/* ---- from tokens to occurrences ---- */

static uint64_t mix(uint64_t key) {
    key *= UINT64_C(0x9E3779B97F4A7C15);
    return key ^ key >> 29;
}

static struct occurrence *new_occurrence(struct inverter *inverter) {
    if (!array_reserve(&inverter->occurrences, &inverter->occurrence_capacity, inverter->occurrence_count + 1,
                       sizeof *inverter->occurrences))
        return NULL;
    struct occurrence *occurrence = &inverter->occurrences[inverter->occurrence_count++];
    *occurrence = (struct occurrence){.times = 1};
    return occurrence;
}

/* Makes the occurrence one of a named term. */
static bool name_occurrence(struct inverter *inverter, struct occurrence *occurrence, const char *prefix,
                            const char *name, size_t size) {
    size_t begin = inverter->document_names.size;
    if (!term_append(&inverter->document_names, prefix, name, size))
        return false;
    occurrence->name = (uint32_t)begin;
    occurrence->name_size = (uint32_t)(inverter->document_names.size - begin);
    occurrence->key = KEY_NAME | XXH3_64bits(inverter->document_names.data + begin, occurrence->name_size) >> 2;
    return true;
}

static bool name_token(struct inverter *inverter, struct occurrence *occurrence, const char *prefix,
                       const struct token *token) {
    buffer_clear(&inverter->name);
    return tokenizer_append_term(inverter->tokenizer, token, &inverter->name) &&
           name_occurrence(inverter, occurrence, prefix, inverter->name.data, inverter->name.size);
}

/* The occurrences that are ranked by. */
static bool take_token(struct inverter *inverter, const struct token *token, uint32_t position, uint32_t weight,
                       bool placed) {
    const struct folded_character *characters = tokenizer_folded(inverter->tokenizer)->characters + token->first;
    struct occurrence *occurrence = new_occurrence(inverter);
    if (!occurrence)
        return false;
    occurrence->ranked = true;
    occurrence->positional = placed && (token->kind != XUNZI_TOKEN_CHARACTER || inverter->profile != XUNZI_PROFILE_FULL);
    occurrence->position = position;
    occurrence->times = occurrence->positional ? 1 : weight;
    switch (token->kind) {
    case XUNZI_TOKEN_BIGRAM:
        occurrence->key = KEY_BIGRAM | (uint64_t)characters[0].code_point << 21 | characters[1].code_point;
        return true;
    case XUNZI_TOKEN_CHARACTER:
        occurrence->key = KEY_CHARACTER | characters[0].code_point;
        if (!placed || occurrence->positional)
            return true;
        occurrence = new_occurrence(inverter); /* where it stands is a term of its own */
        if (!occurrence)
            return false;
        occurrence->positional = true;
        occurrence->position = position;
        return name_token(inverter, occurrence, TERM_PREFIX_EDGE, token);
    default:
        return name_token(inverter, occurrence, term_prefix_of(token->kind), token);
    }
}

/* The occurrence of the title alone. */
static bool take_title_token(struct inverter *inverter, const struct token *token) {
    struct occurrence *occurrence = new_occurrence(inverter);
    if (!occurrence)
        return false;
    occurrence->positional = true;
    occurrence->position = token->position;
    return name_token(inverter, occurrence, TERM_PREFIX_TITLE, token);
}

static xunzi_status take_field(struct inverter *inverter, xunzi_string text, bool is_title, uint32_t *position,
                               uint64_t *tokens, uint64_t *length) {
    xunzi_status status = tokenizer_set_text(inverter->tokenizer, text.data, text.size);
    if (status != XUNZI_OK)
        return status;
    struct token token;
    uint32_t weight = is_title ? LIVE_TITLE_WDF : 1;
    while (tokenizer_next(inverter->tokenizer, &token)) {
        bool word = token.kind == XUNZI_TOKEN_WORD;
        bool placed =
            !word && (token.kind != XUNZI_TOKEN_CHARACTER || tokenizer_is_edge(inverter->tokenizer, &token));
        if (!take_token(inverter, &token, *position + token.position, weight, placed) ||
            (is_title && !word && !take_title_token(inverter, &token)))
            return error_no_memory();
        ++*tokens;
        *length += weight;
    }
    *position += tokenizer_position(inverter->tokenizer);
    return XUNZI_OK;
}

/* ---- from occurrences to streams ---- */

static bool grow_slots(struct inverter *inverter) {
    size_t count = inverter->slot_count ? 2 * inverter->slot_count : 1 << 16;
    struct slot *slots = calloc(count, sizeof *slots);
    if (!slots)
        return false;
    for (size_t t = 0; t < inverter->term_count; t++) {
        size_t slot = mix(inverter->keys[t]) & (count - 1);
        while (slots[slot].key)
            slot = (slot + 1) & (count - 1);
        slots[slot] = (struct slot){inverter->keys[t], (uint32_t)t};
    }
    free(inverter->slots);
    inverter->slots = slots;
    inverter->slot_count = count;
    return true;
}

static bool same_name(const struct inverter *inverter, uint32_t term, const struct occurrence *occurrence) {
    if (occurrence->key < KEY_NAME)
        return true;
    const struct term *known = &inverter->terms[term];
    return known->name_size == occurrence->name_size &&
           memcmp(inverter->names.data + known->name, inverter->document_names.data + occurrence->name,
                  known->name_size) == 0;
}

/* The term of an occurrence, made where it is new; UINT32_MAX: no memory. */
static uint32_t find_term(struct inverter *inverter, const struct occurrence *occurrence) {
    size_t mask = inverter->slot_count - 1, slot = occurrence->place;
    for (; inverter->slots[slot].key; slot = (slot + 1) & mask)
        if (inverter->slots[slot].key == occurrence->key && same_name(inverter, inverter->slots[slot].term, occurrence))
            return inverter->slots[slot].term;
    uint32_t term = (uint32_t)inverter->term_count;
    if (!array_reserve(&inverter->terms, &inverter->term_capacity, inverter->term_count + 1, sizeof *inverter->terms) ||
        !array_reserve(&inverter->keys, &inverter->key_capacity, inverter->term_count + 1, sizeof *inverter->keys))
        return UINT32_MAX;
    uint32_t head = (uint32_t)inverter->pool_used;
    inverter->terms[term] = (struct term){.tail = head,
                                          .end = head + CHUNK_FIRST,
                                          .head = head,
                                          .name = (uint32_t)inverter->names.size,
                                          .name_size = (uint8_t)occurrence->name_size,
                                          .positional = occurrence->positional,
                                          .ranked = occurrence->ranked};
    inverter->keys[term] = occurrence->key;
    if (occurrence->key >= KEY_NAME && !buffer_append(&inverter->names, inverter->document_names.data + occurrence->name,
                                                      occurrence->name_size))
        return UINT32_MAX;
    inverter->pool_used += CHUNK_FIRST + LINK;
    inverter->slots[slot] = (struct slot){occurrence->key, term};
    inverter->term_count++;
    return term;
}

static void append_byte(struct inverter *inverter, struct term *term, uint8_t byte) {
    if (term->tail == term->end) {
        uint32_t chunk = (uint32_t)inverter->pool_used;
        term->level = (uint8_t)(term->level < CHUNK_GROWTH ? term->level + 1 : CHUNK_GROWTH);
        memcpy(inverter->pool + term->end, &chunk, LINK);
        term->tail = chunk;
        term->end = chunk + ((uint32_t)CHUNK_FIRST << term->level);
        inverter->pool_used += ((size_t)CHUNK_FIRST << term->level) + LINK;
    }
    inverter->pool[term->tail++] = byte;
}

static void append_number(struct inverter *inverter, struct term *term, uint32_t number) {
    for (; number >= 0x80; number >>= 7)
        append_byte(inverter, term, (uint8_t)(number | 0x80));
    append_byte(inverter, term, (uint8_t)number);
}

static void append_occurrence(struct inverter *inverter, const struct occurrence *occurrence, uint32_t document) {
    struct term *term = &inverter->terms[occurrence->place];
    uint32_t times = occurrence->times;
    if (term->document != document + 1) {
        append_number(inverter, term, (document + 1 - term->document) << 1 | 1);
        if (occurrence->positional)
            append_number(inverter, term, occurrence->position);
        term->document = document + 1;
        term->count++;
        times--;
    } else if (occurrence->positional) {
        append_number(inverter, term, (occurrence->position - term->position) << 1);
        times--;
    }
    term->position = occurrence->position;
    for (; times > 0; times--)
        append_byte(inverter, term, 0);
}

/* Room in the pool for every chunk that the document's occurrences could begin. */
static bool has_room(const struct inverter *inverter) {
    size_t most = inverter->occurrence_count * (((size_t)CHUNK_FIRST << CHUNK_GROWTH) + LINK + 16);
    return inverter->pool_used + most < POOL_SIZE;
}

static bool append_document(struct inverter *inverter) {
    enum { STRIDE = 8 };
    struct occurrence *occurrences = inverter->occurrences;
    size_t count = inverter->occurrence_count;
    uint32_t document = (uint32_t)inverter->documents;
    while (3 * (inverter->term_count + count) > 2 * inverter->slot_count)
        if (!grow_slots(inverter))
            return false;
    for (size_t i = 0; i < count; i++) {
        occurrences[i].place = (uint32_t)(mix(occurrences[i].key) & (inverter->slot_count - 1));
        __builtin_prefetch(&inverter->slots[occurrences[i].place]);
    }
    for (size_t i = 0; i < count; i++) {
        occurrences[i].place = find_term(inverter, &occurrences[i]);
        if (occurrences[i].place == UINT32_MAX)
            return false;
        __builtin_prefetch(&inverter->terms[occurrences[i].place], 1);
    }
    for (size_t i = 0; i < count; i++) {
        if (i + STRIDE < count)
            __builtin_prefetch(inverter->pool + inverter->terms[occurrences[i + STRIDE].place].tail, 1);
        append_occurrence(inverter, &occurrences[i], document);
    }
    return true;
}

xunzi_status inverter_add(struct inverter *inverter, const xunzi_document *document, uint64_t *tokens) {
    uint32_t position = 0;
    uint64_t length = 0;
    *tokens = 0;
    inverter->occurrence_count = 0;
    buffer_clear(&inverter->document_names);
    xunzi_status status = take_field(inverter, document->title, true, &position, tokens, &length);
    uint32_t title_end = position;
    if (status == XUNZI_OK && position > 0)
        position += LIVE_FIELD_GAP;
    if (status == XUNZI_OK)
        status = take_field(inverter, document->body, false, &position, tokens, &length);
    if (status != XUNZI_OK || *tokens == 0)
        return status;
    if (document->source.size > 0) {
        struct occurrence *occurrence = new_occurrence(inverter);
        buffer_clear(&inverter->name);
        status = fold_to_key(document->source.data, document->source.size, &inverter->name);
        if (status != XUNZI_OK || !occurrence ||
            !name_occurrence(inverter, occurrence, TERM_PREFIX_SOURCE, inverter->name.data, inverter->name.size))
            return status != XUNZI_OK ? status : error_no_memory();
    }
    if (!has_room(inverter))
        return error_set(XUNZI_ERROR_LIMIT, "the documents of one commit are too many for memory");
    if (!array_reserve(&inverter->lengths, &inverter->length_capacity, inverter->documents + 1, sizeof(uint32_t)) ||
        !array_reserve(&inverter->title_ends, &inverter->title_capacity, inverter->documents + 1, sizeof(uint32_t)) ||
        !append_document(inverter))
        return error_no_memory();
    inverter->lengths[inverter->documents] = (uint32_t)length;
    inverter->title_ends[inverter->documents] = title_end;
    inverter->total_length += length;
    inverter->documents++;
    return XUNZI_OK;
}

/* ---- from streams to lists ---- */

/* A term's name, in inverter->name. */
static bool make_name(struct inverter *inverter, uint32_t term) {
    uint64_t key = inverter->keys[term];
    buffer_clear(&inverter->name);
    if (key >= KEY_NAME)
        return buffer_append(&inverter->name, inverter->names.data + inverter->terms[term].name,
                             inverter->terms[term].name_size);
    if (!buffer_reserve(&inverter->name, 8))
        return false;
    if (key < KEY_CHARACTER)
        inverter->name.size += utf8_encode((uint32_t)(key >> 21) & 0x1FFFFF, inverter->name.data);
    inverter->name.size += utf8_encode((uint32_t)key & 0x1FFFFF, inverter->name.data + inverter->name.size);
    return true;
}

static int by_name(const void *a, const void *b, void *context) {
    const struct ordered *left = a, *right = b;
    struct inverter *inverter = context;
    if (left->prefix != right->prefix)
        return left->prefix < right->prefix ? -1 : 1;
    /* Only names of more than eight bytes can share them all, and those are kept. */
    const struct term *x = &inverter->terms[left->term], *y = &inverter->terms[right->term];
    const char *names = inverter->names.data;
    int order = memcmp(names + x->name, names + y->name, x->name_size < y->name_size ? x->name_size : y->name_size);
    return order != 0 ? order : (x->name_size > y->name_size) - (x->name_size < y->name_size);
}

xunzi_status inverter_walk_begin(struct inverter *inverter) {
    inverter->walked = 0;
    free(inverter->order);
    inverter->order = malloc((inverter->term_count + 1) * sizeof *inverter->order);
    if (!inverter->order)
        return error_no_memory();
    for (uint32_t t = 0; t < inverter->term_count; t++) {
        uint64_t prefix = 0;
        if (!make_name(inverter, t))
            return error_no_memory();
        for (size_t i = 0; i < 8; i++)
            prefix = prefix << 8 | (i < inverter->name.size ? (uint8_t)inverter->name.data[i] : 0);
        inverter->order[t] = (struct ordered){prefix, t};
    }
    qsort_r(inverter->order, inverter->term_count, sizeof *inverter->order, by_name, inverter);
    return XUNZI_OK;
}

struct stream {
    const uint8_t *pool;
    uint32_t at, end, tail;
    unsigned level;
};

static inline uint8_t stream_byte(struct stream *stream) {
    if (stream->at == stream->end) {
        uint32_t next;
        memcpy(&next, stream->pool + stream->end, LINK);
        stream->level = stream->level < CHUNK_GROWTH ? stream->level + 1 : CHUNK_GROWTH;
        stream->at = next;
        stream->end = next + ((uint32_t)CHUNK_FIRST << stream->level);
        __builtin_prefetch(stream->pool + stream->end);
    }
    return stream->pool[stream->at++];
}

static inline uint32_t stream_number(struct stream *stream) {
    uint32_t number = 0;
    if (stream->end - stream->at >= 5) { /* all of it is in this chunk */
        const uint8_t *at = stream->pool + stream->at;
        unsigned shift = 0;
        for (; *at >= 0x80; at++, shift += 7)
            number |= (uint32_t)(*at & 0x7F) << shift;
        number |= (uint32_t)*at++ << shift;
        stream->at = (uint32_t)(at - stream->pool);
        return number;
    }
    for (unsigned shift = 0;; shift += 7) {
        uint8_t byte = stream_byte(stream);
        number |= (uint32_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return number;
    }
}

static bool reserve_list(struct inverter *inverter, size_t documents) {
    return array_reserve(&inverter->list_documents, &inverter->list_capacity[0], documents, sizeof(uint32_t)) &&
           array_reserve(&inverter->list_wdfs, &inverter->list_capacity[1], documents, sizeof(uint32_t)) &&
           array_reserve(&inverter->list_counts, &inverter->list_capacity[2], documents, sizeof(uint32_t)) &&
           array_reserve(&inverter->list_bounds, &inverter->list_capacity[4], documents, 1);
}

/* Reads a term's stream into the list arrays. */
static bool read_stream(struct inverter *inverter, const struct term *term) {
    struct stream stream = {inverter->pool, term->head, term->head + CHUNK_FIRST, term->tail, 0};
    uint32_t document = 0, position = 0, weight = 1;
    size_t count = 0, positions = 0;
    if (!reserve_list(inverter, term->count))
        return false;
    while (stream.at != stream.tail) {
        uint32_t number = stream_number(&stream);
        if (number & 1) {
            document += number >> 1;
            inverter->list_documents[count] = document - 1;
            inverter->list_wdfs[count] = inverter->list_counts[count] = 0;
            count++;
            position = term->positional ? stream_number(&stream) : 0;
        } else {
            position += number >> 1;
        }
        if (term->positional) {
            if (!array_reserve(&inverter->list_positions, &inverter->list_capacity[3], positions + 1, sizeof(uint32_t)))
                return false;
            inverter->list_positions[positions++] = position;
            inverter->list_counts[count - 1]++;
            weight = term->ranked && position < inverter->title_ends[document - 1] ? LIVE_TITLE_WDF : 1;
        }
        inverter->list_wdfs[count - 1] += weight;
    }
    return true;
}

xunzi_status inverter_walk_next(struct inverter *inverter, struct inverted_term *out) {
    if (inverter->walked == inverter->term_count)
        return XUNZI_END;
    if (inverter->walked + 4 < inverter->term_count)
        __builtin_prefetch(inverter->pool + inverter->terms[inverter->order[inverter->walked + 4].term].head);
    uint32_t number = inverter->order[inverter->walked++].term;
    const struct term *term = &inverter->terms[number];
    if (!read_stream(inverter, term) || !make_name(inverter, number))
        return error_no_memory();
    struct saturation saturation =
        saturation_of((double)inverter->total_length / (double)(inverter->documents ? inverter->documents : 1));
    saturation_bounds(&saturation, inverter->list_wdfs, inverter->list_documents, inverter->lengths, term->count,
                      inverter->list_bounds);
    *out = (struct inverted_term){
        .name = inverter->name.data,
        .size = inverter->name.size,
        .postings = {.documents = inverter->list_documents,
                     .wdfs = inverter->list_wdfs,
                     .bounds = inverter->list_bounds,
                     .counts = term->positional ? inverter->list_counts : NULL,
                     .positions = inverter->list_positions,
                     .count = term->count},
        .ranked = term->ranked};
    return XUNZI_OK;
}
