/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks of the dictionaries, and counts. */
#include "searcher/suggest_collection.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/utf8.h"
#include "searcher/execute.h"
#include "searcher/plan.h"
#include "searcher/suggest.h"
#include "searcher/term_list.h"

enum {
    RARE_SHARE = 1000,   /* one document of so many */
    STEPS_MOST = 500000, /* of a query */
    LOOK_UP_STEPS = 8,   /* of finding a term in a segment's dictionary */
    LIVE_STEPS = 8,      /* of reading a term of the catalog's */
    LIVE_LOOK_UP_STEPS = 40,
    COUNT_STEPS = 400, /* of beginning to count */
    LISTED_BEHIND = 0x10000,
    PAIR_MOST = 8 /* bytes of two characters */
};

void suggest_collection_begin(struct suggest_collection *collection, xunzi_index *index) {
    *collection = (struct suggest_collection){
        .index = index, .steps = STEPS_MOST, .live_term = XAPIAN_STRING_INIT};
}

void suggest_collection_end(struct suggest_collection *collection) {
    xapian_string_free(&collection->live_term);
    free(collection->lists);
    arena_free(&collection->arena);
}

uint64_t suggest_rare(const xunzi_index *index) {
    uint64_t share = index->documents / RARE_SHARE;
    return share > SUGGEST_FEW - 1 ? share : SUGGEST_FEW - 1;
}

bool suggest_take_steps(struct suggest_collection *collection, uint32_t steps) {
    if (collection->steps < steps) {
        collection->steps = 0;
        return false;
    }
    collection->steps -= steps;
    return true;
}

/* ---- walks ---- */

/* The order of a term and a bound, which is NUL-terminated. */
static int order_of(const char *term, size_t size, const char *bound) {
    return bytes_compare(term, size, bound, strlen(bound));
}

static xunzi_status walk_segment(struct suggest_collection *collection,
                                 const struct segment *segment, const char *first, const char *end,
                                 suggest_term_visitor *visit, void *context) {
    struct dictionary_walk walk;
    if (!suggest_take_steps(collection, LOOK_UP_STEPS))
        return XUNZI_OK;
    xunzi_status status = dictionary_walk_seek(&walk, &segment->dictionary, first, strlen(first));
    while (status == XUNZI_OK && order_of(walk.term, walk.size, end) < 0 &&
           suggest_take_steps(collection, 1)) {
        status = visit(context, walk.term, walk.size, walk.entry.count);
        if (status == XUNZI_OK)
            status = dictionary_walk_next(&walk);
    }
    return status == XUNZI_END ? XUNZI_OK : status;
}

static xunzi_status walk_live(struct suggest_collection *collection, const char *first,
                              const char *end, suggest_term_visitor *visit, void *context) {
    xapian_term_iterator *terms;
    xapian_string *term = &collection->live_term;
    xunzi_status status = XUNZI_OK;
    xapian_status got = xapian_database_all_terms(collection->index->database, "", 0, &terms);
    if (got == XAPIAN_OK)
        got = xapian_term_iterator_skip_to(terms, first, strlen(first));
    while (status == XUNZI_OK && got == XAPIAN_OK && suggest_take_steps(collection, LIVE_STEPS)) {
        xapian_doccount count = 0;
        got = xapian_term_iterator_term(terms, term);
        if (got == XAPIAN_OK && order_of(term->data, term->size, end) >= 0)
            break;
        if (got == XAPIAN_OK)
            got = xapian_term_iterator_frequency(terms, &count);
        if (got == XAPIAN_OK)
            status = visit(context, term->data, term->size, count);
        if (got == XAPIAN_OK && status == XUNZI_OK)
            got = xapian_term_iterator_next(terms);
    }
    xapian_term_iterator_free(terms);
    if (status == XUNZI_OK && got != XAPIAN_OK && got != XAPIAN_END)
        status = index_failed(collection->index, got, "a term");
    return status;
}

xunzi_status suggest_walk(struct suggest_collection *collection, const char *first, const char *end,
                          suggest_term_visitor *visit, void *context) {
    const xunzi_index *index = collection->index;
    xunzi_status status = XUNZI_OK;
    for (size_t i = 0; i < index->segment_count && status == XUNZI_OK; i++)
        status = walk_segment(collection, index->segments[i].segment, first, end, visit, context);
    if (status == XUNZI_OK && index->live_documents > 0)
        status = walk_live(collection, first, end, visit, context);
    return status;
}

/* ---- pairs ---- */

/* Two characters as a NUL-terminated term; 0 as the second: one alone. */
static size_t write_pair(uint32_t first, uint32_t second, char out[PAIR_MOST + 1]) {
    size_t size = utf8_encode(first, out);
    if (second)
        size += utf8_encode(second, out + size);
    out[size] = '\0';
    return size;
}

struct gathering {
    size_t head; /* bytes of the first character */
    struct follower *items;
    size_t count, capacity;
};

static xunzi_status gather(void *context, const char *term, size_t size, uint32_t count) {
    struct gathering *gathering = context;
    size_t at = gathering->head;
    if (size <= at)
        return XUNZI_OK;
    uint32_t second = utf8_next(term, size, &at);
    if (at != size || second == UTF8_ILL_FORMED)
        return XUNZI_OK;
    if (!array_reserve(&gathering->items, &gathering->capacity, gathering->count + 1,
                       sizeof *gathering->items))
        return error_no_memory();
    gathering->items[gathering->count++] = (struct follower){second, count};
    return XUNZI_OK;
}

static int by_character(const void *a, const void *b) {
    const struct follower *left = a, *right = b;
    return (left->character > right->character) - (left->character < right->character);
}

/* Adds up what several parts of the collection say of a character. */
static void add_up(struct gathering *gathering) {
    size_t kept = 0;
    bool ascend = true;
    for (size_t i = 1; i < gathering->count && ascend; i++)
        ascend = gathering->items[i - 1].character < gathering->items[i].character;
    if (!ascend)
        qsort(gathering->items, gathering->count, sizeof *gathering->items, by_character);
    for (size_t i = 1; i < gathering->count; i++) {
        if (gathering->items[kept].character == gathering->items[i].character)
            gathering->items[kept].count += gathering->items[i].count;
        else
            gathering->items[++kept] = gathering->items[i];
    }
    gathering->count = gathering->count > 0 ? kept + 1 : 0;
}

static xunzi_status keep_list(struct suggest_collection *collection, uint32_t character,
                              const struct gathering *gathering, const struct followers **out) {
    struct followers *list = arena_alloc(&collection->arena, sizeof *list);
    struct follower *items =
        arena_alloc(&collection->arena, gathering->count * sizeof *gathering->items);
    if (!list || !items)
        return error_no_memory();
    if (gathering->count > 0)
        memcpy(items, gathering->items, gathering->count * sizeof *items);
    *list = (struct followers){character, items, gathering->count};
    if (character < LISTED_BEHIND)
        collection->lists[character] = list;
    *out = list;
    return XUNZI_OK;
}

xunzi_status suggest_followers(struct suggest_collection *collection, uint32_t character,
                               const struct followers **out) {
    char first[PAIR_MOST + 1], end[PAIR_MOST + 1];
    struct gathering gathering = {0};
    if (!collection->lists)
        collection->lists = calloc(LISTED_BEHIND, sizeof *collection->lists);
    if (!collection->lists)
        return error_no_memory();
    if (character < LISTED_BEHIND && collection->lists[character]) {
        *out = collection->lists[character];
        return XUNZI_OK;
    }
    gathering.head = write_pair(character, 0, first);
    write_pair(character + 1, 0, end);
    xunzi_status status = suggest_walk(collection, first, end, gather, &gathering);
    if (status == XUNZI_OK) {
        add_up(&gathering);
        status = keep_list(collection, character, &gathering, out);
    }
    free(gathering.items);
    return status;
}

uint32_t followers_count(const struct followers *followers, uint32_t character) {
    const struct follower key = {.character = character};
    const struct follower *found = followers->count == 0
                                       ? NULL
                                       : bsearch(&key, followers->items, followers->count,
                                                 sizeof *followers->items, by_character);
    return found ? found->count : 0;
}

xunzi_status suggest_term(struct suggest_collection *collection, const char *name, size_t size,
                          uint64_t *count) {
    xunzi_index *index = collection->index;
    *count = 0;
    for (size_t i = 0; i < index->segment_count; i++) {
        struct dictionary_entry entry;
        if (!suggest_take_steps(collection, LOOK_UP_STEPS))
            return XUNZI_OK;
        xunzi_status status =
            dictionary_find(&index->segments[i].segment->dictionary, name, size, &entry);
        if (status == XUNZI_OK)
            *count += entry.count;
        else if (status != XUNZI_END)
            return status;
    }
    if (index->live_documents == 0 || !suggest_take_steps(collection, LIVE_LOOK_UP_STEPS))
        return XUNZI_OK;
    xapian_doccount live = 0;
    xapian_status got = xapian_database_term_frequency(index->database, name, size, &live);
    *count += live;
    return got == XAPIAN_OK ? XUNZI_OK : index_failed(index, got, "a term");
}

xunzi_status suggest_pair(struct suggest_collection *collection, uint32_t first, uint32_t second,
                          uint64_t *count) {
    char name[PAIR_MOST + 1];
    return suggest_term(collection, name, write_pair(first, second, name), count);
}

/* ---- predecessors: a skip scan ---- */

/* What the first term at or behind a pair is. */
struct landing {
    bool any;
    uint32_t first, second; /* its first characters; 0: it has no second */
};

static void land(struct landing *landing, const char *term, size_t size) {
    size_t at = 0;
    landing->first = size > 0 ? utf8_next(term, size, &at) : 0;
    landing->second = at < size ? utf8_next(term, size, &at) : 0;
    landing->any = landing->first != UTF8_ILL_FORMED && landing->first != 0;
}

static xunzi_status seek_segment(struct suggest_collection *collection,
                                 const struct segment *segment, const char *pair,
                                 struct landing *landing) {
    struct dictionary_walk walk;
    landing->any = false;
    if (!suggest_take_steps(collection, LOOK_UP_STEPS))
        return XUNZI_OK;
    xunzi_status status = dictionary_walk_seek(&walk, &segment->dictionary, pair, strlen(pair));
    if (status == XUNZI_OK)
        land(landing, walk.term, walk.size);
    return status == XUNZI_END ? XUNZI_OK : status;
}

static xunzi_status seek_live(struct suggest_collection *collection, const char *pair,
                              struct landing *landing) {
    landing->any = false;
    if (!suggest_take_steps(collection, LIVE_LOOK_UP_STEPS))
        return XUNZI_OK;
    xapian_status got = xapian_term_iterator_skip_to(collection->live_terms, pair, strlen(pair));
    if (got == XAPIAN_OK)
        got = xapian_term_iterator_term(collection->live_terms, &collection->live_term);
    if (got == XAPIAN_OK)
        land(landing, collection->live_term.data, collection->live_term.size);
    return got == XAPIAN_OK || got == XAPIAN_END ? XUNZI_OK
                                                 : index_failed(collection->index, got, "a term");
}

/* Asks for the pair of each first character in turn; what comes instead tells the next one that
 * there is. segment: NULL for the live documents. */
static xunzi_status skip_scan(struct suggest_collection *collection, const struct segment *segment,
                              uint32_t character, suggest_character_visitor *visit, void *context) {
    const uint32_t behind_han = 0x3FFFF; /* the ideographic planes end below */
    char pair[PAIR_MOST + 1];
    struct landing landing;
    for (uint32_t first = 0x3400; first < behind_han;) {
        write_pair(first, character, pair);
        xunzi_status status = segment ? seek_segment(collection, segment, pair, &landing)
                                      : seek_live(collection, pair, &landing);
        if (status != XUNZI_OK || !landing.any)
            return status;
        if (landing.first == first && landing.second == character)
            status = visit(context, first);
        if (status != XUNZI_OK)
            return status;
        /* At another first character it is not known whether the pair comes: ask again there. */
        first = landing.first > first && landing.second <= character ? landing.first
                : landing.first > first                              ? landing.first + 1
                                                                     : first + 1;
    }
    return XUNZI_OK;
}

xunzi_status suggest_predecessors(struct suggest_collection *collection, uint32_t character,
                                  suggest_character_visitor *visit, void *context) {
    xunzi_index *index = collection->index;
    xunzi_status status = XUNZI_OK;
    for (size_t i = 0; i < index->segment_count && status == XUNZI_OK; i++)
        status = skip_scan(collection, index->segments[i].segment, character, visit, context);
    if (status != XUNZI_OK || index->live_documents == 0)
        return status;
    xapian_status got = xapian_database_all_terms(index->database, "", 0, &collection->live_terms);
    if (got == XAPIAN_OK)
        status = skip_scan(collection, NULL, character, visit, context);
    else
        status = index_failed(index, got, "a term");
    xapian_term_iterator_free(collection->live_terms);
    collection->live_terms = NULL;
    return status;
}

/* ---- counts ---- */

xunzi_status suggest_matches(xunzi_index *index, const struct query *query, double weight_sum,
                             uint64_t most, uint64_t *documents) {
    struct scoring scoring = scoring_of(index->average_length, weight_sum);
    struct sealed_tally tally = {.wanted = most, .exact = true};
    struct top_item none;
    struct top_list top;
    top_list_begin(&top, &none, 0, false);
    xunzi_status status = execute(index, query, &scoring, &top, &tally);
    *documents = tally.total < most ? tally.total : most;
    return status;
}

/* What counting costs: the rarest term leads. */
static uint32_t steps_of(const struct query *query) {
    uint64_t least = query->op == QUERY_TERM ? 0 : UINT32_MAX;
    for (size_t i = 0; i < query->child_count; i++)
        if (query->children[i]->frequency < least)
            least = query->children[i]->frequency;
    return COUNT_STEPS + (uint32_t)(least < UINT32_MAX / 2 ? least : 0);
}

xunzi_status suggest_text_phrase(struct suggest_collection *collection, xunzi_string text,
                                 uint64_t most, uint64_t *documents) {
    struct arena arena = {0};
    struct query *query;
    double weight_sum;
    bool cut = false;
    *documents = 0;
    xunzi_status status = phrase_of(collection->index, &arena, text, &query, &cut);
    if (status == XUNZI_OK)
        status = plan_query(collection->index, &arena, query, &weight_sum);
    if (status == XUNZI_OK && query->op == QUERY_TERM)
        *documents = query->frequency < most ? query->frequency : most;
    else if (status == XUNZI_OK && suggest_take_steps(collection, steps_of(query)))
        status = suggest_matches(collection->index, query, weight_sum, most, documents);
    arena_free(&arena);
    return status;
}

xunzi_status suggest_phrase(struct suggest_collection *collection, const uint32_t *characters,
                            size_t count, uint64_t most, uint64_t *documents) {
    struct buffer text = {0};
    xunzi_status status = XUNZI_OK;
    for (size_t i = 0; i < count && status == XUNZI_OK; i++)
        if (!utf8_append(&text, characters[i]))
            status = error_no_memory();
    if (status == XUNZI_OK)
        status =
            suggest_text_phrase(collection, (xunzi_string){text.data, text.size}, most, documents);
    buffer_free(&text);
    return status;
}
