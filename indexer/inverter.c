/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inverting in memory; inverter.h tells how. */
#include "indexer/inverter.h"

#include <stdlib.h>

#include "base/error.h"

/* A slot of the table: two to a cache line. The name of a named term stands before its first chunk,
 * its size last. */
struct term {
    uint64_t key; /* 0: free */
    uint32_t head;
    struct stream stream;
    uint32_t document; /* of the last occurrence, plus one; 0: none yet */
    uint32_t position; /* of it; where there are none, its document's wdf */
    uint32_t count;    /* documents */
};

struct ordered {
    uint64_t prefix;
    uint32_t slot;
    uint32_t count; /* documents */
};

struct inverter {
    xunzi_profile profile;
    uint64_t seed;
    struct stream_room room;
    struct term *table;
    size_t slots; /* a power of two, at most two thirds full */
    unsigned slot_shift;
    size_t term_count;
    bool has_positions[TERM_NAMED_SOURCE + 1]; /* by kind */
    struct ordered *order;
};

_Static_assert(sizeof(struct term) == 32, "two terms to a cache line");

enum {
    FIRST_SLOT_BITS = 10,
    STRETCH = 256 /* occurrences looked up together: what they touch fits the first cache */
};

xunzi_status inverter_new(xunzi_profile profile, uint64_t seed, struct stream_pool *pool,
                          struct inverter **out) {
    struct inverter *inverter = *out = calloc(1, sizeof *inverter);
    if (!inverter)
        return error_no_memory();
    inverter->profile = profile;
    inverter->seed = seed;
    inverter->room.pool = pool;
    for (unsigned kind = TERM_BIGRAM; kind <= TERM_NAMED_SOURCE; kind++)
        inverter->has_positions[kind] = term_kind_has_positions((enum term_kind)kind, profile);
    return XUNZI_OK;
}

void inverter_free(struct inverter *inverter) {
    if (!inverter)
        return;
    free(inverter->table);
    free(inverter->order);
    free(inverter);
}

void inverter_clear(struct inverter *inverter) {
    free(inverter->table);
    free(inverter->order);
    inverter->table = NULL;
    inverter->order = NULL;
    inverter->slots = inverter->term_count = 0;
    inverter->room.at = inverter->room.end = 0;
}

size_t inverter_memory(const struct inverter *inverter) {
    return inverter->slots * sizeof *inverter->table;
}

/* ---- the table ---- */

static size_t slot_of(const struct inverter *inverter, uint64_t key) {
    return (term_hash(key, inverter->seed) << OCCURRENCE_PARTITION_BITS) >> inverter->slot_shift;
}

static bool grow(struct inverter *inverter) {
    size_t before = inverter->slots, slots = before ? 2 * before : (size_t)1 << FIRST_SLOT_BITS;
    struct term *old = inverter->table,
                *table = aligned_alloc(2 * sizeof *table, slots * sizeof *table);
    if (!table)
        return false;
    memset(table, 0, slots * sizeof *table);
    inverter->table = table;
    inverter->slot_shift = before ? inverter->slot_shift - 1 : 64 - FIRST_SLOT_BITS;
    inverter->slots = slots;
    for (size_t i = 0; i < before; i++) {
        if (!old[i].key)
            continue;
        size_t slot = slot_of(inverter, old[i].key);
        while (table[slot].key)
            slot = (slot + 1) & (slots - 1);
        table[slot] = old[i];
    }
    free(old);
    return true;
}

/* The name of a named term. */
static const char *name_of(const struct inverter *inverter, const struct term *term, size_t *size) {
    const uint8_t *head = inverter->room.pool->bytes + term->head;
    *size = head[-1];
    return (const char *)head - 1 - *size;
}

static bool has_name(const struct inverter *inverter, const struct term *term, const char *name,
                     size_t size) {
    size_t known_size;
    const char *known = name_of(inverter, term, &known_size);
    return known_size == size && memcmp(known, name, size) == 0;
}

/* Makes the term of a free slot. */
static bool begin_term(struct inverter *inverter, struct term *term, uint64_t key, const char *name,
                       size_t size) {
    uint32_t room = 0;
    if (term_kind_of(key) >= TERM_NAMED)
        room = (uint32_t)(size + STREAM_CHUNK_ALIGNMENT) / STREAM_CHUNK_ALIGNMENT *
               STREAM_CHUNK_ALIGNMENT;
    uint32_t begin = stream_room_take(&inverter->room, room + stream_chunk_sizes[0]);
    if (begin == 0)
        return false;
    *term = (struct term){.key = key, .head = begin + room};
    stream_begin(&term->stream, term->head);
    if (room > 0) {
        uint8_t *head = inverter->room.pool->bytes + term->head;
        head[-1] = (uint8_t)size;
        memcpy(head - 1 - size, name, size);
    }
    inverter->term_count++;
    return true;
}

/* The term that the occurrence at items[0] is of, looked for from a slot on, made where it is new.
 * NULL: no memory. */
static struct term *find(struct inverter *inverter, const struct occurrence *items,
                         const struct buffer *names, size_t slot) {
    uint64_t key = items[0].key;
    bool named = term_kind_of(key) >= TERM_NAMED;
    const char *name = named ? names->data + items[1].key : NULL;
    size_t size = named ? items[1].position : 0;
    for (;; slot = (slot + 1) & (inverter->slots - 1)) {
        struct term *term = &inverter->table[slot];
        if (!term->key)
            return begin_term(inverter, term, key, name, size) ? term : NULL;
        if (term->key == key && (!named || has_name(inverter, term, name, size)))
            return term;
    }
}

/* ---- occurrences to streams ---- */

static bool append_large(struct stream_room *room, struct stream *stream, uint32_t first,
                         uint32_t second) {
    uint64_t bytes, more;
    unsigned count = stream_number(first, &bytes), more_count = stream_number(second, &more);
    return stream_append(room, stream, bytes, count) &&
           stream_append(room, stream, more, more_count);
}

/* Most numbers are of one or two bytes, in no order that a processor could foresee: these are put
 * together without a branch. */
static inline bool append_two(struct stream_room *room, struct stream *stream, uint32_t first,
                              uint32_t second) {
    if ((first | second) >= 1 << 14)
        return append_large(room, stream, first, second);
    uint64_t bytes, more;
    unsigned count = stream_short_number(first, &bytes),
             more_count = stream_short_number(second, &more);
    return stream_append(room, stream, bytes | more << (8 * count), count + more_count);
}

static bool append_number(struct stream_room *room, struct stream *stream, uint32_t number) {
    uint64_t bytes;
    unsigned count = stream_number(number, &bytes);
    return stream_append(room, stream, bytes, count);
}

static inline bool append_placed(struct stream_room *room, struct term *term,
                                 const struct occurrence *occurrence, uint32_t document) {
    if (occurrence->weight != 1 && !append_two(room, &term->stream, 0, occurrence->weight))
        return false;
    uint32_t position = term->position;
    term->position = occurrence->position;
    if (term->document == document + 1)
        return append_number(room, &term->stream, (occurrence->position - position) << 1);
    uint32_t distance = document + 1 - term->document;
    term->document = document + 1;
    term->count++;
    return append_two(room, &term->stream, distance << 1 | 1, occurrence->position);
}

static inline bool append_counted(struct stream_room *room, struct term *term,
                                  const struct occurrence *occurrence, uint32_t document) {
    if (term->document == document + 1) {
        term->position += occurrence->weight;
        return true;
    }
    uint32_t distance = (document + 1 - term->document) << 1 | 1, wdf = term->position;
    bool first = term->document == 0;
    term->document = document + 1;
    term->position = occurrence->weight;
    term->count++;
    return first || wdf == 1 ? append_number(room, &term->stream, distance)
                             : append_two(room, &term->stream, wdf << 1, distance);
}

/* Adds up to STRETCH entries of the list, from *at on; moves *at behind them. */
static bool add_stretch(struct inverter *inverter, const struct occurrence_list *list,
                        const struct buffer *names, uint32_t first_document, size_t *at) {
    struct found {
        const struct occurrence *occurrence;
        union {
            size_t slot;
            struct term *term;
        } is;
    } found[STRETCH];
    size_t count = 0;
    for (; count < STRETCH && *at < list->count; ++*at) {
        const struct occurrence *occurrence = &list->items[*at];
        size_t slot = slot_of(inverter, occurrence->key);
        __builtin_prefetch(&inverter->table[slot], 1);
        found[count++] = (struct found){occurrence, {.slot = slot}};
        *at += term_kind_of(occurrence->key) >= TERM_NAMED;
    }
    for (size_t i = 0; i < count; i++) {
        struct term *term = find(inverter, found[i].occurrence, names, found[i].is.slot);
        if (!term)
            return false;
        found[i].is.term = term;
        __builtin_prefetch(inverter->room.pool->bytes + term->stream.tail, 1);
    }
    bool ok = true;
    for (size_t i = 0; i < count && ok; i++) {
        const struct occurrence *occurrence = found[i].occurrence;
        uint32_t document = first_document + occurrence->document;
        ok = inverter->has_positions[term_kind_of(occurrence->key)]
                 ? append_placed(&inverter->room, found[i].is.term, occurrence, document)
                 : append_counted(&inverter->room, found[i].is.term, occurrence, document);
    }
    return ok;
}

xunzi_status inverter_add(struct inverter *inverter, const struct occurrence_list *list,
                          const struct buffer *names, uint32_t first_document) {
    for (size_t at = 0; at < list->count;) {
        bool ok = true;
        while (ok && 3 * (inverter->term_count + STRETCH) > 2 * inverter->slots)
            ok = grow(inverter);
        if (!ok || !add_stretch(inverter, list, names, first_document, &at))
            return error_no_memory();
    }
    return XUNZI_OK;
}

/* ---- the order of terms ---- */

static size_t write_name(const struct inverter *inverter, const struct term *term,
                         char out[TERM_MOST]) {
    if (term_kind_of(term->key) < TERM_NAMED)
        return term_name_of(term->key, out);
    size_t size;
    const char *name = name_of(inverter, term, &size);
    memcpy(out, name, size);
    return size;
}

static int by_name(const void *a, const void *b, void *context) {
    const struct ordered *left = a, *right = b;
    const struct inverter *inverter = context;
    if (left->prefix != right->prefix)
        return left->prefix < right->prefix ? -1 : 1;
    char x[TERM_MOST], y[TERM_MOST];
    size_t x_size = write_name(inverter, &inverter->table[left->slot], x);
    size_t y_size = write_name(inverter, &inverter->table[right->slot], y);
    return bytes_compare(x, x_size, y, y_size);
}

xunzi_status inverter_sort(struct inverter *inverter) {
    struct ordered *order = malloc((inverter->term_count + 1) * sizeof *order);
    if (!order)
        return error_no_memory();
    size_t count = 0;
    for (size_t slot = 0; slot < inverter->slots; slot++) {
        char name[TERM_MOST];
        if (!inverter->table[slot].key)
            continue;
        size_t size = write_name(inverter, &inverter->table[slot], name);
        uint64_t prefix = 0;
        for (size_t i = 0; i < 8; i++)
            prefix = prefix << 8 | (i < size ? (uint8_t)name[i] : 0);
        order[count++] = (struct ordered){prefix, (uint32_t)slot, inverter->table[slot].count};
    }
    qsort_r(order, count, sizeof *order, by_name, inverter);
    free(inverter->order);
    inverter->order = order;
    return XUNZI_OK;
}

uint32_t inverter_term_count(const struct inverter *inverter) {
    return (uint32_t)inverter->term_count;
}

static const struct term *term_at(const struct inverter *inverter, uint32_t i) {
    return &inverter->table[inverter->order[i].slot];
}

uint64_t inverter_prefix(const struct inverter *inverter, uint32_t i) {
    return inverter->order[i].prefix;
}

size_t inverter_name(const struct inverter *inverter, uint32_t i, char out[TERM_MOST]) {
    return write_name(inverter, term_at(inverter, i), out);
}

uint32_t inverter_document_count(const struct inverter *inverter, uint32_t i) {
    return inverter->order[i].count;
}

void inverter_prefetch(const struct inverter *inverter, uint32_t i, bool soon) {
    if (soon)
        __builtin_prefetch(inverter->room.pool->bytes + term_at(inverter, i)->head);
    else
        __builtin_prefetch(term_at(inverter, i));
}

/* ---- streams to lists ---- */

void inverted_list_free(struct inverted_list *list) {
    free(list->documents);
    free(list->wdfs);
    free(list->counts);
    free(list->positions);
    *list = (struct inverted_list){0};
}

static bool read_placed(struct stream_reader *reader, struct inverted_list *list) {
    uint32_t document = 0, position = 0, weight = 1;
    size_t at = SIZE_MAX, positions = 0;
    while (!stream_at_end(reader)) {
        uint32_t number = stream_next_number(reader);
        if (number & 1) {
            document += number >> 1;
            position = stream_next_number(reader);
            at++;
            list->documents[at] = document - 1;
            list->wdfs[at] = list->counts[at] = 0;
        } else if (number == 0) {
            weight = stream_next_number(reader);
            continue;
        } else {
            position += number >> 1;
        }
        if (positions == list->position_capacity &&
            !array_reserve(&list->positions, &list->position_capacity, positions + 1,
                           sizeof *list->positions))
            return false;
        list->positions[positions++] = position;
        list->counts[at]++;
        list->wdfs[at] += weight;
        weight = 1;
    }
    return true;
}

static void read_counted(struct stream_reader *reader, uint32_t last_wdf,
                         struct inverted_list *list) {
    uint32_t document = 0;
    size_t at = SIZE_MAX;
    while (!stream_at_end(reader)) {
        uint32_t number = stream_next_number(reader);
        if (number & 1) {
            document += number >> 1;
            at++;
            list->documents[at] = document - 1;
            list->wdfs[at] = 1;
        } else {
            list->wdfs[at] = number >> 1;
        }
    }
    list->wdfs[at] = last_wdf;
}

bool inverter_read(const struct inverter *inverter, uint32_t i, struct inverted_list *list) {
    const struct term *term = term_at(inverter, i);
    struct stream_reader reader = stream_read(inverter->room.pool, term->head, &term->stream);
    list->count = term->count;
    list->has_positions = inverter->has_positions[term_kind_of(term->key)];
    list->ranked = term_kind_is_ranked(term_kind_of(term->key));
    if (!array_reserve(&list->documents, &list->document_capacity, term->count,
                       sizeof *list->documents) ||
        !array_reserve(&list->wdfs, &list->wdf_capacity, term->count, sizeof *list->wdfs) ||
        !array_reserve(&list->counts, &list->count_capacity, term->count, sizeof *list->counts))
        return false;
    if (list->has_positions)
        return read_placed(&reader, list);
    read_counted(&reader, term->position, list);
    return true;
}
