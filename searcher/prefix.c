/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prefixes: the words are read from the dictionaries, in byte order. */
#include "searcher/prefix.h"

#include <stdlib.h>

#include "base/error.h"
#include "searcher/plan.h"
#include "searcher/ranking.h"
#include "text/terms.h"

struct prefix_search {
    xunzi_index *index;
    struct arena *arena;
    xunzi_string prefix;
    struct query **nodes; /* of different words once sorted */
    size_t count, capacity;
};

static xunzi_status take(struct prefix_search *search, const char *name, size_t size) {
    struct query *node = query_new(search->arena, QUERY_TERM, 0);
    char *copy = arena_copy(search->arena, name, size);
    if (!node || !copy ||
        !array_reserve(&search->nodes, &search->capacity, search->count + 1, sizeof *search->nodes))
        return error_no_memory();
    node->term = (xunzi_string){copy, size};
    node->kind = XUNZI_TOKEN_LATIN;
    node->weight = RANKING_LATIN_WEIGHT;
    search->nodes[search->count++] = node;
    return XUNZI_OK;
}

static bool begins(const struct prefix_search *search, const char *name, size_t size) {
    return size >= search->prefix.size &&
           memcmp(name, search->prefix.data, search->prefix.size) == 0;
}

static xunzi_status look_in_segment(struct prefix_search *search, const struct segment *segment) {
    struct dictionary_walk walk;
    xunzi_status status =
        dictionary_walk_seek(&walk, &segment->dictionary, search->prefix.data, search->prefix.size);
    for (size_t i = 0;
         status == XUNZI_OK && i < PREFIX_LOOKED_AT_MOST && begins(search, walk.term, walk.size);
         i++) {
        status = take(search, walk.term, walk.size);
        if (status == XUNZI_OK)
            status = dictionary_walk_next(&walk);
    }
    return status == XUNZI_END ? XUNZI_OK : status;
}

static xunzi_status look_in_live(struct prefix_search *search) {
    xapian_term_iterator *terms;
    xapian_string term = XAPIAN_STRING_INIT;
    xunzi_status status = XUNZI_OK;
    xapian_status got = xapian_database_all_terms(search->index->database, search->prefix.data,
                                                  search->prefix.size, &terms);
    for (size_t i = 0; status == XUNZI_OK && got == XAPIAN_OK && i < PREFIX_LOOKED_AT_MOST; i++) {
        got = xapian_term_iterator_next(terms);
        if (got == XAPIAN_OK)
            got = xapian_term_iterator_term(terms, &term);
        if (got == XAPIAN_OK)
            status = take(search, term.data, term.size);
    }
    xapian_term_iterator_free(terms);
    xapian_string_free(&term);
    if (status == XUNZI_OK && got != XAPIAN_OK && got != XAPIAN_END)
        status = index_failed(search->index, got, "a term");
    return status;
}

static int by_term(const void *a, const void *b) {
    const struct query *left = *(struct query *const *)a, *right = *(struct query *const *)b;
    return bytes_compare(left->term.data, left->term.size, right->term.data, right->term.size);
}

static int by_falling_frequency(const void *a, const void *b) {
    const struct query *left = *(struct query *const *)a, *right = *(struct query *const *)b;
    if (left->frequency != right->frequency)
        return left->frequency < right->frequency ? 1 : -1;
    return by_term(a, b);
}

/* Leaves of each word one node, and of the words the most frequent. */
static xunzi_status choose(struct prefix_search *search) {
    xunzi_status status = XUNZI_OK;
    size_t kept = search->count = query_drop_equal(search->nodes, search->count);
    for (size_t i = 0; i < kept && status == XUNZI_OK; i++)
        status = plan_term(search->index, search->arena, search->nodes[i]);
    if (kept > 1)
        qsort(search->nodes, kept, sizeof *search->nodes, by_falling_frequency);
    if (search->count > PREFIX_TERMS_MOST)
        search->count = PREFIX_TERMS_MOST;
    return status;
}

/* The folded prefix, in the arena; empty where text is not one Latin token. */
static xunzi_status fold_prefix(struct prefix_search *search, xunzi_string text) {
    struct tokenizer *tokenizer;
    struct token token, other;
    struct buffer name = {0};
    xunzi_status status = index_tokenize_query(search->index, text, &tokenizer);
    if (status == XUNZI_OK && tokenizer_next(tokenizer, &token) &&
        token.kind == XUNZI_TOKEN_LATIN && token.begin == 0 && token.end == text.size &&
        tokenizer_append_term(tokenizer, &token, &name) && name.size <= TERM_NAME_MOST &&
        !tokenizer_next(tokenizer, &other)) {
        search->prefix = (xunzi_string){arena_copy(search->arena, name.data, name.size), name.size};
        if (!search->prefix.data)
            status = error_no_memory();
    }
    buffer_free(&name);
    return status;
}

xunzi_status prefix_of(xunzi_index *index, struct arena *arena, xunzi_string text,
                       struct query **out) {
    struct prefix_search search = {.index = index, .arena = arena};
    *out = NULL;
    xunzi_status status = fold_prefix(&search, text);
    if (status != XUNZI_OK || search.prefix.size == 0)
        return status;
    for (size_t i = 0; i < index->segment_count && status == XUNZI_OK; i++)
        status = look_in_segment(&search, index->segments[i].segment);
    if (status == XUNZI_OK && index->live_documents > 0)
        status = look_in_live(&search);
    if (status == XUNZI_OK)
        status = choose(&search);
    if (status == XUNZI_OK) {
        *out = query_combine(arena, QUERY_OR, search.nodes, search.count);
        status = *out ? XUNZI_OK : error_no_memory();
    }
    free(search.nodes);
    return status;
}
