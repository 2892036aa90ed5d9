/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding a query's terms again in a text. The text is tokenised as the bigram profile does, which
 * cuts no words and so is fast; words need no highlighting of their own, since their bigrams have
 * it.
 *
 * Nearly all tokens of a text are none of the query's. Bigrams and characters are looked up by
 * their code points in a hash table, so that no name is spelt for them; Latin tokens by name, where
 * one of the terms begins with the same letter.
 */
#include "searcher/highlight.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/utf8.h"
#include "searcher/ranking.h"
#include "text/character.h"
#include "text/damaged_stretch.h"
#include "text/terms.h"

/* A bigram or character: its code points, the first one shifted by KEY_SHIFT where there are two;
 * 0: an empty place. */
struct cjk_term {
    uint64_t key;
    uint32_t term;
};

enum { KEY_SHIFT = 21 };

struct highlighter {
    struct tokenizer *tokenizer;
    struct query **terms; /* sorted by name */
    double *weights;      /* of each */
    size_t term_count, term_capacity;
    bool has_characters; /* some of the terms are single characters */
    bool no_memory;
    struct cjk_term
        *cjk_terms; /* a hash table of cjk_mask + 1 places, at most a quarter of them taken */
    size_t cjk_mask;
    uint64_t latin_first[4]; /* a bit for the low byte of each Latin term's first code point */
    struct match *matches;
    size_t match_count, match_capacity;
    struct buffer name, term;
};

static int compare(xunzi_string a, xunzi_string b) {
    return bytes_compare(a.data, a.size, b.data, b.size);
}

static int by_name(const void *a, const void *b) {
    return compare((*(struct query *const *)a)->term, (*(struct query *const *)b)->term);
}

static void take_term(void *context, struct query *term) {
    struct highlighter *highlighter = context;
    if (term->covered || term->absent || highlighter->no_memory)
        return;
    if (!array_reserve(&highlighter->terms, &highlighter->term_capacity,
                       highlighter->term_count + 1, sizeof *highlighter->terms)) {
        highlighter->no_memory = true;
        return;
    }
    highlighter->terms[highlighter->term_count++] = term;
    highlighter->has_characters |= term->kind == XUNZI_TOKEN_CHARACTER;
}

/* Sorts the terms by name; of those that occur several times one is kept. */
static void sort_terms(struct highlighter *highlighter) {
    size_t kept = 0;
    if (highlighter->term_count > 0)
        qsort(highlighter->terms, highlighter->term_count, sizeof *highlighter->terms, by_name);
    for (size_t i = 0; i < highlighter->term_count; i++)
        if (kept == 0 || by_name(&highlighter->terms[kept - 1], &highlighter->terms[i]) != 0)
            highlighter->terms[kept++] = highlighter->terms[i];
    highlighter->term_count = kept;
}

static size_t place_of(const struct highlighter *highlighter, uint64_t key) {
    return (size_t)((key * 0x9E3779B97F4A7C15u) >> 32) &
           highlighter->cjk_mask; /* 2^64 divided by the golden ratio: Knuth, 6.4 */
}

static void add_cjk_term(struct highlighter *highlighter, uint32_t term) {
    xunzi_string name = highlighter->terms[term]->term;
    uint64_t key = 0;
    for (size_t at = 0; at < name.size;)
        key = key << KEY_SHIFT | utf8_next(name.data, name.size, &at);
    size_t place = place_of(highlighter, key);
    while (highlighter->cjk_terms[place].key != 0)
        place = (place + 1) & highlighter->cjk_mask;
    highlighter->cjk_terms[place] = (struct cjk_term){key, term};
}

/* A name that is stood for by its hash does not tell its first letter. */
static void add_latin_term(struct highlighter *highlighter, xunzi_string name) {
    size_t at = 0;
    uint32_t first = name.size > 0 ? utf8_next(name.data, name.size, &at) : 0;
    if (name.size > 0 && name.data[0] == 1)
        memset(highlighter->latin_first, 0xFF, sizeof highlighter->latin_first);
    highlighter->latin_first[first >> 6 & 3] |= (uint64_t)1 << (first & 63);
}

static xunzi_status index_terms(struct highlighter *highlighter) {
    sort_terms(highlighter);
    size_t places = 16;
    while (places < 4 * highlighter->term_count)
        places *= 2;
    highlighter->cjk_mask = places - 1;
    highlighter->cjk_terms = calloc(places, sizeof *highlighter->cjk_terms);
    highlighter->weights = calloc(highlighter->term_count + 1, sizeof *highlighter->weights);
    if (!highlighter->cjk_terms || !highlighter->weights)
        return error_no_memory();
    for (size_t i = 0; i < highlighter->term_count; i++) {
        const struct query *term = highlighter->terms[i];
        highlighter->weights[i] = pow(
            term->idf, 1 / RANKING_RARITY); /* what a reader learns by it, not what it ranks by */
        if (term->kind == XUNZI_TOKEN_LATIN)
            add_latin_term(highlighter, term->term);
        else
            add_cjk_term(highlighter, (uint32_t)i);
    }
    return XUNZI_OK;
}

xunzi_status highlighter_new(struct query *query, struct highlighter **out) {
    *out = NULL;
    struct highlighter *highlighter = calloc(1, sizeof *highlighter);
    if (!highlighter)
        return error_no_memory();
    query_visit_scored(query, take_term, highlighter);
    xunzi_status status = highlighter->no_memory ? error_no_memory() : index_terms(highlighter);
    if (status == XUNZI_OK)
        status = tokenizer_new(XUNZI_PROFILE_BIGRAM, &highlighter->tokenizer);
    if (status == XUNZI_OK)
        *out = highlighter;
    else
        highlighter_free(highlighter);
    return status;
}

void highlighter_free(struct highlighter *highlighter) {
    if (!highlighter)
        return;
    tokenizer_free(highlighter->tokenizer);
    buffer_free(&highlighter->name);
    buffer_free(&highlighter->term);
    free(highlighter->terms);
    free(highlighter->weights);
    free(highlighter->cjk_terms);
    free(highlighter->matches);
    free(highlighter);
}

/* The number of the term in highlighter->term, or -1. */
static ptrdiff_t find_term(const struct highlighter *highlighter) {
    xunzi_string name = {highlighter->term.data, highlighter->term.size};
    size_t low = 0, high = highlighter->term_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(name, highlighter->terms[middle]->term);
        if (order == 0)
            return (ptrdiff_t)middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}

/* Keeps the folded characters [first, first + count) as a match of a term; damage: only where they
 * touch mended stretches of these edits, read as `reading`. False: no memory. */
static bool keep_match(struct highlighter *highlighter, const struct edits *damage,
                       enum fold_reading reading, size_t first, size_t count, size_t term) {
    const struct folded_character *characters =
        tokenizer_folded(highlighter->tokenizer)->characters;
    const struct folded_character *last = &characters[first + count - 1];
    struct token token = {.begin = characters[first].begin, .end = last->begin + last->length};
    if (damage && !damaged_stretch_touches(damage, reading, &token))
        return true;
    if (!array_reserve(&highlighter->matches, &highlighter->match_capacity,
                       highlighter->match_count + 1, sizeof *highlighter->matches))
        return false;
    highlighter->matches[highlighter->match_count++] =
        (struct match){token.begin, token.end, (uint32_t)term, highlighter->weights[term]};
    return true;
}

static bool look_up_cjk(struct highlighter *highlighter, const struct edits *damage,
                        enum fold_reading reading, uint64_t key, size_t first, size_t count) {
    for (size_t place = place_of(highlighter, key); highlighter->cjk_terms[place].key != 0;
         place = (place + 1) & highlighter->cjk_mask)
        if (highlighter->cjk_terms[place].key == key)
            return keep_match(highlighter, damage, reading, first, count,
                              highlighter->cjk_terms[place].term);
    return true;
}

static bool look_up_latin(struct highlighter *highlighter, const struct edits *damage,
                          enum fold_reading reading, const struct token_run *run) {
    const struct folded_text *folded = tokenizer_folded(highlighter->tokenizer);
    uint32_t first = folded->characters[run->first].code_point;
    if (!(highlighter->latin_first[first >> 6 & 3] >> (first & 63) & 1))
        return true;
    buffer_clear(&highlighter->name);
    buffer_clear(&highlighter->term);
    if (!folded_text_append_utf8(folded, run->first, run->end - run->first, &highlighter->name) ||
        !term_append(&highlighter->term, term_prefix_of(XUNZI_TOKEN_LATIN), highlighter->name.data,
                     highlighter->name.size))
        return false;
    ptrdiff_t term = find_term(highlighter);
    return term < 0 || keep_match(highlighter, damage, reading, run->first, run->end - run->first,
                                  (size_t)term);
}

/* Looks up the tokens of the text that the tokenizer is set to. */
static bool look_up_all(struct highlighter *highlighter, const struct edits *damage,
                        enum fold_reading reading) {
    struct token_run run;
    bool ok = true;
    while (ok && highlighter->term_count > 0 && tokenizer_next_run(highlighter->tokenizer, &run)) {
        if (run.latin) {
            ok = look_up_latin(highlighter, damage, reading, &run);
            continue;
        }
        const struct folded_character *characters =
            tokenizer_folded(highlighter->tokenizer)->characters;
        for (size_t i = run.first; ok && i < run.end; i++) {
            uint64_t key = characters[i].code_point;
            ok = !highlighter->has_characters ||
                 look_up_cjk(highlighter, damage, reading, key, i, 1);
            if (ok && i + 1 < run.end)
                ok = look_up_cjk(highlighter, damage, reading,
                                 key << KEY_SHIFT | characters[i + 1].code_point, i, 2);
        }
    }
    return ok;
}

static int by_begin(const void *a, const void *b) {
    const struct match *left = a, *right = b;
    if (left->begin != right->begin)
        return left->begin < right->begin ? -1 : 1;
    if (left->end != right->end)
        return left->end < right->end ? -1 : 1;
    return (left->term > right->term) - (left->term < right->term);
}

xunzi_status highlighter_find(struct highlighter *highlighter, xunzi_string text,
                              const struct edits *edits, const struct match **matches,
                              size_t *count) {
    return highlighter_find_within(highlighter, text, 0, text.size, edits, matches, count);
}

xunzi_status highlighter_find_within(struct highlighter *highlighter, xunzi_string text,
                                     size_t begin, size_t end, const struct edits *edits,
                                     const struct match **matches, size_t *count) {
    highlighter->match_count = 0;
    *matches = NULL;
    *count = 0;
    xunzi_status status = tokenizer_set_edited_text(highlighter->tokenizer, text.data, begin, end,
                                                    edits, FOLD_MENDED);
    if (status != XUNZI_OK)
        return status;
    bool ok = look_up_all(highlighter, NULL, FOLD_MENDED);
    size_t mended = highlighter->match_count;
    for (enum fold_reading reading = FOLD_AS_IT_STANDS; edits && reading < FOLD_READING_COUNT;
         reading++) {
        size_t next = edits_find(edits, begin), from, to;
        while (ok && damaged_stretch_next(text.data, end, edits, reading, &next, &from, &to)) {
            status = tokenizer_set_edited_text(highlighter->tokenizer, text.data,
                                               from > begin ? from : begin, to, edits, reading);
            if (status != XUNZI_OK)
                return status;
            ok = look_up_all(highlighter, edits, reading);
        }
    }
    if (!ok)
        return error_no_memory();
    if (highlighter->match_count > mended)
        qsort(highlighter->matches, highlighter->match_count, sizeof *highlighter->matches,
              by_begin);
    *matches = highlighter->matches;
    *count = highlighter->match_count;
    return XUNZI_OK;
}

size_t highlighter_term_count(const struct highlighter *highlighter) {
    return highlighter->term_count;
}

const double *highlighter_weights(const struct highlighter *highlighter) {
    return highlighter->weights;
}

bool highlight_ranges(const struct match *matches, size_t match_count, struct arena *arena,
                      const xunzi_range **ranges, size_t *count) {
    *ranges = NULL;
    *count = 0;
    if (match_count == 0)
        return true;
    xunzi_range *joined = arena_alloc(arena, match_count * sizeof *joined);
    if (!joined)
        return false;
    size_t kept = 0;
    for (size_t i = 0; i < match_count; i++) {
        if (kept > 0 && matches[i].begin <= joined[kept - 1].end) {
            if (matches[i].end > joined[kept - 1].end)
                joined[kept - 1].end = matches[i].end;
        } else {
            joined[kept++] = (xunzi_range){matches[i].begin, matches[i].end};
        }
    }
    *ranges = joined;
    *count = kept;
    return true;
}
