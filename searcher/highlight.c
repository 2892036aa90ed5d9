/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding a query's terms again in a text. The text is tokenised as the bigram profile does, which cuts no words and so is
 * fast; words need no highlighting of their own, since their bigrams have it.
 */
#include "searcher/highlight.h"

#include <stdlib.h>

#include "base/error.h"
#include "catalog/terms.h"
#include "text/damaged_stretch.h"

struct highlighter {
    struct tokenizer *tokenizer;
    struct query **terms; /* sorted by name */
    size_t term_count, term_capacity;
    bool has_characters; /* some of the terms are single characters */
    bool no_memory;
    struct match *matches;
    size_t match_count, match_capacity;
    struct buffer name, term;
};

static int compare(xunzi_string a, xunzi_string b) {
    size_t shared = a.size < b.size ? a.size : b.size;
    int order = shared > 0 ? memcmp(a.data, b.data, shared) : 0;
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static int by_name(const void *a, const void *b) {
    return compare((*(struct query *const *)a)->term, (*(struct query *const *)b)->term);
}

static void take_term(void *context, struct query *term) {
    struct highlighter *highlighter = context;
    if (term->covered || highlighter->no_memory)
        return;
    if (!array_reserve(&highlighter->terms, &highlighter->term_capacity, highlighter->term_count + 1,
                       sizeof *highlighter->terms)) {
        highlighter->no_memory = true;
        return;
    }
    highlighter->terms[highlighter->term_count++] = term;
    highlighter->has_characters |= term->kind == XUNZI_TOKEN_CHARACTER;
}

xunzi_status highlighter_new(struct query *query, struct highlighter **out) {
    *out = NULL;
    struct highlighter *highlighter = calloc(1, sizeof *highlighter);
    if (!highlighter)
        return error_no_memory();
    query_visit_scored(query, take_term, highlighter);
    xunzi_status status =
        highlighter->no_memory ? error_no_memory() : tokenizer_new(XUNZI_PROFILE_BIGRAM, &highlighter->tokenizer);
    if (status != XUNZI_OK) {
        highlighter_free(highlighter);
        return status;
    }
    if (highlighter->term_count > 0)
        qsort(highlighter->terms, highlighter->term_count, sizeof *highlighter->terms, by_name);
    size_t kept = 0;
    for (size_t i = 0; i < highlighter->term_count; i++)
        if (kept == 0 || by_name(&highlighter->terms[kept - 1], &highlighter->terms[i]) != 0)
            highlighter->terms[kept++] = highlighter->terms[i];
    highlighter->term_count = kept;
    *out = highlighter;
    return XUNZI_OK;
}

void highlighter_free(struct highlighter *highlighter) {
    if (!highlighter)
        return;
    tokenizer_free(highlighter->tokenizer);
    buffer_free(&highlighter->name);
    buffer_free(&highlighter->term);
    free(highlighter->terms);
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

/* Keeps the token as a match, where it is one of the terms. */
static bool look_up(struct highlighter *highlighter, const struct token *token) {
    buffer_clear(&highlighter->name);
    buffer_clear(&highlighter->term);
    if (!tokenizer_append_term(highlighter->tokenizer, token, &highlighter->name) ||
        !term_append(&highlighter->term, term_prefix_of(token->kind), highlighter->name.data, highlighter->name.size))
        return false;
    ptrdiff_t term = find_term(highlighter);
    if (term < 0)
        return true;
    if (!array_reserve(&highlighter->matches, &highlighter->match_capacity, highlighter->match_count + 1,
                       sizeof *highlighter->matches))
        return false;
    const struct query *query = highlighter->terms[term];
    highlighter->matches[highlighter->match_count++] =
        (struct match){token->begin, token->end, (uint32_t)term, query->weight * query->idf};
    return true;
}

/* The character that a bigram begins with, or ends with, as a token. */
static struct token character_of(const struct highlighter *highlighter, const struct token *bigram, bool last) {
    size_t at = bigram->first + (last ? 1 : 0);
    const struct folded_character *character = &tokenizer_folded(highlighter->tokenizer)->characters[at];
    return (struct token){.kind = XUNZI_TOKEN_CHARACTER,
                          .begin = character->begin,
                          .end = character->begin + character->length,
                          .first = at,
                          .count = 1};
}

/* Looks up the tokens of the text that the tokenizer is set to; damage: only those that touch mended stretches of these edits, read as
 * `reading`. */
static bool look_up_all(struct highlighter *highlighter, const struct edits *damage, enum fold_reading reading) {
    struct token token;
    size_t seen = 0; /* characters below this one were looked up */
    bool ok = true;
    while (ok && highlighter->term_count > 0 && tokenizer_next(highlighter->tokenizer, &token)) {
        if (damage && !damaged_stretch_touches(damage, reading, &token))
            continue;
        if (token.kind == XUNZI_TOKEN_BIGRAM && highlighter->has_characters) {
            struct token first = character_of(highlighter, &token, false);
            struct token last = character_of(highlighter, &token, true);
            ok = (first.first < seen || look_up(highlighter, &first)) && look_up(highlighter, &token) &&
                 look_up(highlighter, &last);
            seen = last.first + 1;
        } else {
            ok = look_up(highlighter, &token);
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

xunzi_status highlighter_find(struct highlighter *highlighter, xunzi_string text, const struct match **matches,
                              size_t *count) {
    return highlighter_find_edited(highlighter, text, NULL, matches, count);
}

xunzi_status highlighter_find_edited(struct highlighter *highlighter, xunzi_string text, const struct edits *edits,
                                     const struct match **matches, size_t *count) {
    highlighter->match_count = 0;
    *matches = NULL;
    *count = 0;
    xunzi_status status =
        tokenizer_set_edited_text(highlighter->tokenizer, text.data, 0, text.size, edits, FOLD_MENDED);
    if (status != XUNZI_OK)
        return status;
    bool ok = look_up_all(highlighter, NULL, FOLD_MENDED);
    size_t mended = highlighter->match_count;
    for (enum fold_reading reading = FOLD_AS_IT_STANDS; edits && reading < FOLD_READING_COUNT; reading++) {
        size_t next = 0, begin, end;
        while (ok && damaged_stretch_next(text.data, text.size, edits, reading, &next, &begin, &end)) {
            status = tokenizer_set_edited_text(highlighter->tokenizer, text.data, begin, end, edits, reading);
            if (status != XUNZI_OK)
                return status;
            ok = look_up_all(highlighter, edits, reading);
        }
    }
    if (!ok)
        return error_no_memory();
    if (highlighter->match_count > mended)
        qsort(highlighter->matches, highlighter->match_count, sizeof *highlighter->matches, by_begin);
    *matches = highlighter->matches;
    *count = highlighter->match_count;
    return XUNZI_OK;
}

size_t highlighter_term_count(const struct highlighter *highlighter) {
    return highlighter->term_count;
}

const struct folded_text *highlighter_folded(const struct highlighter *highlighter) {
    return tokenizer_folded(highlighter->tokenizer);
}

bool highlight_ranges(const struct match *matches, size_t match_count, struct arena *arena, const xunzi_range **ranges,
                      size_t *count) {
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
