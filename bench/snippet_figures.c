/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much of what a query asks for its snippets show.
 *
 *     snippet-figures INDEX QUERIES QRELS [--show N]
 *
 * QUERIES has a query id, a tab and a query a line; QRELS is TREC's. Where the first hit is a right
 * one, the idf of the query's distinct terms (bigrams, Latin tokens, characters that stand alone)
 * in its snippet is set against that of the window of 160 characters of its body that has most:
 * every window is tried. A snippet of two passages may have more. Prints the mean and the
 * distribution of this share, how long snippets are, and with --show the N worst.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "catalog/index.h"
#include "searcher/plan.h"
#include "searcher/ranking.h"
#include "text/terms.h"

enum { WINDOW = 160, TERMS_MOST = 1024, LINE_MOST = 1 << 17 };

struct term {
    struct buffer name;
    double idf;
};

struct occurrence {
    size_t term, begin, end; /* in characters */
};

struct figure {
    char *line;
    double share;
    size_t length;
};

struct state {
    xunzi_index *index;
    struct tokenizer *tokenizer;
    struct term terms[TERMS_MOST];
    size_t term_count;
    struct occurrence *occurrences;
    size_t occurrence_count, occurrence_capacity;
    struct buffer name;
};

static _Noreturn void fail(const char *what) {
    fprintf(stderr, "snippet-figures: %s\n", what);
    exit(2);
}

static void check(xunzi_status status) {
    if (status != XUNZI_OK)
        fail(xunzi_error_message());
}

static ptrdiff_t find_term(const struct state *state) {
    for (size_t i = 0; i < state->term_count; i++)
        if (state->terms[i].name.size == state->name.size &&
            memcmp(state->terms[i].name.data, state->name.data, state->name.size) == 0)
            return (ptrdiff_t)i;
    return -1;
}

/* The token's name, into state->name. */
static void name_token(struct state *state, const struct token *token) {
    buffer_clear(&state->name);
    if (!tokenizer_append_term(state->tokenizer, token, &state->name))
        fail("no memory");
}

static void take_query(struct state *state, xunzi_string query) {
    struct token token;
    for (size_t i = 0; i < state->term_count; i++)
        buffer_free(&state->terms[i].name);
    state->term_count = 0;
    check(tokenizer_set_text(state->tokenizer, query.data, query.size));
    while (tokenizer_next(state->tokenizer, &token) && state->term_count < TERMS_MOST) {
        struct buffer full = {0};
        name_token(state, &token);
        if (find_term(state) >= 0)
            continue;
        if (!term_append(&full, term_prefix_of(token.kind), state->name.data, state->name.size))
            fail("no memory");
        struct arena arena = {0};
        struct query planned = {.op = QUERY_TERM, .term = {full.data, full.size}};
        check(plan_term(state->index, &arena, &planned));
        arena_free(&arena);
        buffer_free(&full);
        state->terms[state->term_count++] =
            (struct term){state->name, ranking_idf(state->index->documents, planned.frequency, 1)};
        state->name = (struct buffer){0};
    }
}

/* Finds where the terms stand in text, by where they begin. */
static void find_occurrences(struct state *state, xunzi_string text) {
    struct token token;
    size_t at = 0, characters = 0;
    state->occurrence_count = 0;
    check(tokenizer_set_text(state->tokenizer, text.data, text.size));
    while (tokenizer_next(state->tokenizer, &token)) {
        name_token(state, &token);
        ptrdiff_t term = find_term(state);
        if (term < 0)
            continue;
        if (!array_reserve(&state->occurrences, &state->occurrence_capacity,
                           state->occurrence_count + 1, sizeof *state->occurrences))
            fail("no memory");
        characters += utf8_count(text.data + at, token.begin - at);
        at = token.begin;
        state->occurrences[state->occurrence_count++] = (struct occurrence){
            (size_t)term, characters,
            characters + utf8_count(text.data + token.begin, token.end - token.begin)};
    }
}

/* The idf of the distinct terms in the characters [begin, end). */
static double worth_of(const struct state *state, size_t begin, size_t end) {
    bool seen[TERMS_MOST] = {false};
    double worth = 0;
    for (size_t i = 0; i < state->occurrence_count; i++) {
        const struct occurrence *occurrence = &state->occurrences[i];
        if (occurrence->begin >= begin && occurrence->end <= end && !seen[occurrence->term]) {
            seen[occurrence->term] = true;
            worth += state->terms[occurrence->term].idf;
        }
    }
    return worth;
}

static double best_window(const struct state *state, size_t characters) {
    double best = 0;
    for (size_t begin = 0; begin == 0 || begin + WINDOW <= characters; begin++) {
        double worth = worth_of(state, begin, begin + WINDOW);
        best = worth > best ? worth : best;
    }
    return best;
}

static bool is_right(const char *qrels, const char *qid, xunzi_string id) {
    char line[2 * LINE_MOST];
    int size = snprintf(line, sizeof line, "\n%s 0 %.*s ", qid, (int)id.size, id.data);
    const char *found = size > 0 && size < (int)sizeof line ? strstr(qrels, line) : NULL;
    return found && found[size] != '0';
}

/* Measures a query; false: the first hit is no right one. */
static bool measure(struct state *state, const char *qrels, const char *qid, const char *query,
                    struct figure *figure) {
    xunzi_results *results;
    xunzi_search_options options = xunzi_search_options_default();
    options.limit = 1;
    check(xunzi_search(state->index, xunzi_string_of(query), &options, &results));
    const xunzi_hit *hit = xunzi_results_hit(results, 0);
    xunzi_document document;
    bool right = hit && is_right(qrels, qid, hit->id);
    if (right) {
        check(xunzi_index_document(state->index, hit->id, &document));
        take_query(state, xunzi_string_of(query));
        find_occurrences(state, document.body);
        double best = best_window(state, utf8_count(document.body.data, document.body.size));
        find_occurrences(state, hit->snippet);
        double shown = worth_of(state, 0, SIZE_MAX);
        figure->share = best > 0 ? shown / best : 1;
        figure->length = utf8_count(hit->snippet.data, hit->snippet.size);
        struct buffer line = {0};
        if (!buffer_append_text(&line, qid) || !buffer_append_byte(&line, ' ') ||
            !buffer_append_text(&line, query) || !buffer_append_text(&line, "\n    ") ||
            !buffer_append(&line, hit->snippet.data, hit->snippet.size) || !buffer_terminate(&line))
            fail("no memory");
        figure->line = line.data;
    }
    xunzi_results_free(results);
    return right;
}

static int by_share(const void *a, const void *b) {
    const struct figure *left = a, *right = b;
    return (left->share > right->share) - (left->share < right->share);
}

static void print_figures(struct figure *figures, size_t count, size_t queries, size_t show) {
    static const double parts[] = {0.01, 0.05, 0.1, 0.25, 0.5, 0.75};
    double sum = 0, capped = 0, length = 0;
    size_t most = 0, enough = 0, whole = 0;
    qsort(figures, count, sizeof *figures, by_share);
    for (size_t i = 0; i < count; i++) {
        sum += figures[i].share;
        capped += figures[i].share < 1 ? figures[i].share : 1;
        length += (double)figures[i].length;
        most = figures[i].length > most ? figures[i].length : most;
        enough += figures[i].share >= 0.8;
        whole += figures[i].share >= 0.999;
    }
    double n = count > 0 ? (double)count : 1;
    printf("%zu queries, the first hit right in %zu\nshare of the best window: mean %.4f (%.4f "
           "where more than all counts as all); at least .8 in %.4f, all in %.4f\n",
           queries, count, sum / n, capped / n, (double)enough / n, (double)whole / n);
    for (size_t i = 0; count > 0 && i < sizeof parts / sizeof *parts; i++)
        printf("  %2.0f of 100 have at most %.4f\n", 100 * parts[i],
               figures[(size_t)(parts[i] * (n - 1))].share);
    printf("characters: mean %.1f, most %zu\n", length / n, most);
    for (size_t i = 0; i < show && i < count; i++)
        printf("%.3f %s\n", figures[i].share, figures[i].line);
}

int main(int argument_count, char **arguments) {
    static struct state state;
    static char line[LINE_MOST];
    if (argument_count != 4 && argument_count != 6)
        fail("usage: snippet-figures INDEX QUERIES QRELS [--show N]");
    size_t show = argument_count == 6 ? strtoul(arguments[5], NULL, 10) : 0, queries = 0, count = 0,
           capacity = 0;
    struct buffer qrels = {0};
    struct figure *figures = NULL;
    FILE *file = fopen(arguments[3], "re");
    if (!file)
        fail("QRELS cannot be opened");
    buffer_append_byte(&qrels, '\n');
    while (fgets(line, sizeof line, file))
        if (!buffer_append_text(&qrels, line))
            fail("no memory");
    fclose(file);
    if (!buffer_terminate(&qrels) || !(file = fopen(arguments[2], "re")))
        fail("QUERIES cannot be opened");
    check(xunzi_index_open(arguments[1], &state.index));
    check(tokenizer_new(XUNZI_PROFILE_BIGRAM, &state.tokenizer));
    while (fgets(line, sizeof line, file)) {
        char *tab = strchr(line, '\t');
        if (!tab)
            continue;
        *tab = '\0';
        tab[1 + strcspn(tab + 1, "\r\n")] = '\0';
        if (!array_reserve(&figures, &capacity, count + 1, sizeof *figures))
            fail("no memory");
        count += measure(&state, qrels.data, line, tab + 1, &figures[count]);
        queries++;
    }
    fclose(file);
    print_figures(figures, count, queries, show);
    for (size_t i = 0; i < count; i++)
        free(figures[i].line);
    for (size_t i = 0; i < state.term_count; i++)
        buffer_free(&state.terms[i].name);
    buffer_free(&state.name);
    buffer_free(&qrels);
    free(figures);
    free(state.occurrences);
    tokenizer_free(state.tokenizer);
    xunzi_index_close(state.index);
    return 0;
}
