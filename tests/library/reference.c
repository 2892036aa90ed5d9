/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A folded field, for phrases, is a string: for each character or Latin token MARK_TOKEN and its
 * term, MARK_GAP before it where a phrase cannot run on, MARK_GAP at the end. A phrase is found in
 * a field when its own such string, without the gap at the end, stands there and ends where a token
 * does. The bigram profile keeps a character only where it is a run of its own; its phrases find
 * such a character, which has MARK_LONE before it, only as such.
 */
#include "reference.h"

#include <stdio.h>
#include <stdlib.h>

#include "catalog/live_document.h"
#include "searcher/function_characters.h"
#include "searcher/ranking.h"
#include "segment/bounds.h"

enum { MARK_TOKEN = 2, MARK_GAP = 3, MARK_LONE = 4 };

/* What xunzi_analyze says of a text. */
struct seen_token {
    xunzi_token_kind kind;
    uint32_t position;
    bool lone;  /* a character that no bigram covers */
    char *name; /* its term; a word's begins with XW, which keeps words apart */
};

struct analysis {
    struct seen_token *tokens;
    size_t count, capacity;
};

/* A term of a document, or one that a query asks for. */
struct reference_term {
    char *name;
    double frequency, weight, idf;
};

struct term_set {
    struct reference_term *terms;
    size_t count, capacity;
};

static void *grow(void *items, size_t count, size_t *capacity, size_t size) {
    if (count < *capacity)
        return items;
    *capacity = *capacity ? 2 * *capacity : 16;
    items = realloc(items, *capacity * size);
    assert_non_null(items);
    return items;
}

static void see(void *context, const xunzi_token *token) {
    struct analysis *analysis = context;
    analysis->tokens =
        grow(analysis->tokens, analysis->count, &analysis->capacity, sizeof *analysis->tokens);
    struct seen_token *seen = &analysis->tokens[analysis->count++];
    *seen = (struct seen_token){.kind = token->kind, .position = token->position};
    const char *prefix = token->kind == XUNZI_TOKEN_WORD ? "XW" : "";
    assert_true(asprintf(&seen->name, "%s%.*s", prefix, (int)token->term.size, token->term.data) >=
                0);
}

static struct analysis analyze(const char *text, xunzi_profile profile) {
    struct analysis analysis = {0};
    assert_ok(xunzi_analyze(xunzi_string_of(text), profile, see, &analysis));
    for (size_t i = 0; i < analysis.count; i++) {
        struct seen_token *token = &analysis.tokens[i];
        token->lone = token->kind == XUNZI_TOKEN_CHARACTER;
        for (size_t j = 0; j < analysis.count && token->lone; j++)
            token->lone = analysis.tokens[j].kind != XUNZI_TOKEN_BIGRAM ||
                          (analysis.tokens[j].position != token->position &&
                           analysis.tokens[j].position + 1 != token->position);
    }
    return analysis;
}

static void analysis_free(struct analysis *analysis) {
    for (size_t i = 0; i < analysis->count; i++)
        free(analysis->tokens[i].name);
    free(analysis->tokens);
}

static int by_name(const void *a, const void *b) {
    const struct reference_term *left = a, *right = b;
    return strcmp(left->name, right->name);
}

static struct reference_term *set_add(struct term_set *set, const char *name) {
    set->terms = grow(set->terms, set->count, &set->capacity, sizeof *set->terms);
    struct reference_term *term = &set->terms[set->count++];
    *term = (struct reference_term){.name = strdup(name)};
    return term;
}

static void set_free(struct term_set *set) {
    for (size_t i = 0; i < set->count; i++)
        free(set->terms[i].name);
    free(set->terms);
    *set = (struct term_set){0};
}

/* Sorts by name; joins what is equal, frequencies and weights added up. */
static void set_join(struct term_set *set) {
    size_t kept = 0;
    if (set->count == 0)
        return;
    qsort(set->terms, set->count, sizeof *set->terms, by_name);
    for (size_t i = 1; i < set->count; i++) {
        if (strcmp(set->terms[i].name, set->terms[kept].name) == 0) {
            set->terms[kept].frequency += set->terms[i].frequency;
            set->terms[kept].weight += set->terms[i].weight;
            free(set->terms[i].name);
        } else {
            set->terms[++kept] = set->terms[i];
        }
    }
    set->count = kept + 1;
}

/* The folded string of a text, as said above. */
static char *folded_field(const char *text, xunzi_profile profile, bool is_phrase) {
    struct analysis analysis = analyze(text, XUNZI_PROFILE_FULL);
    char *field = NULL;
    size_t size;
    FILE *out = open_memstream(&field, &size);
    assert_non_null(out);
    bool any = false;
    uint32_t previous = 0;
    for (size_t i = 0; i < analysis.count; i++) {
        const struct seen_token *token = &analysis.tokens[i];
        if (token->kind != XUNZI_TOKEN_CHARACTER && token->kind != XUNZI_TOKEN_LATIN)
            continue;
        if (any && token->position != previous + 1)
            fputc(MARK_GAP, out);
        fputc(token->lone && profile == XUNZI_PROFILE_BIGRAM ? MARK_LONE : MARK_TOKEN, out);
        fputs(token->name, out);
        previous = token->position;
        any = true;
    }
    if (any && !is_phrase)
        fputc(MARK_GAP, out);
    fclose(out);
    analysis_free(&analysis);
    return field;
}

/* A source as a filter compares it. */
static char *folded_name(const char *name) {
    return folded_field(name, XUNZI_PROFILE_FULL, true);
}

static bool field_has_phrase(const char *field, const char *phrase) {
    size_t size = strlen(phrase);
    for (const char *at = field; (at = strstr(at, phrase)); at++)
        if (at[size] >= MARK_TOKEN && at[size] <= MARK_LONE)
            return true;
    return false;
}

static void document_free(struct reference_document *document) {
    free(document->id);
    free(document->title);
    free(document->body);
    free(document->source);
    free(document->folded_source);
    free(document->fields[0]);
    free(document->fields[1]);
    struct term_set set = {.terms = document->terms, .count = document->term_count};
    set_free(&set);
}

void reference_free(struct reference *reference) {
    for (size_t i = 0; i < reference->count; i++)
        document_free(&reference->documents[i]);
    free(reference->documents);
    *reference = (struct reference){0};
}

const struct reference_document *reference_find(const struct reference *reference, const char *id) {
    for (size_t i = 0; i < reference->count; i++)
        if (!reference->documents[i].deleted && strcmp(reference->documents[i].id, id) == 0)
            return &reference->documents[i];
    return NULL;
}

size_t reference_documents(const struct reference *reference) {
    size_t documents = 0;
    for (size_t i = 0; i < reference->count; i++)
        documents += !reference->documents[i].deleted;
    return documents;
}

bool reference_put(struct reference *reference, const char *id, const char *title, const char *body,
                   const char *source, uint32_t day) {
    struct reference_document made = {.day = day};
    struct term_set set = {0};
    const char *const texts[] = {title, body};
    for (size_t field = 0; field < 2; field++) {
        struct analysis analysis = analyze(texts[field], reference->profile);
        for (size_t i = 0; i < analysis.count; i++) {
            double frequency = field == 0 ? LIVE_TITLE_WDF : 1;
            set_add(&set, analysis.tokens[i].name)->frequency = frequency;
            made.length += frequency;
        }
        analysis_free(&analysis);
    }
    if (set.count == 0)
        return false;
    set_join(&set);
    made.terms = set.terms;
    made.term_count = set.count;
    for (size_t field = 0; field < 2; field++)
        made.fields[field] = folded_field(texts[field], reference->profile, false);
    made.id = strdup(id);
    made.title = strdup(title);
    made.body = strdup(body);
    made.source = strdup(source);
    made.folded_source = folded_name(source);
    reference_delete(reference, id);
    reference->documents = grow(reference->documents, reference->count, &reference->capacity,
                                sizeof *reference->documents);
    reference->documents[reference->count++] = made;
    return true;
}

bool reference_delete(struct reference *reference, const char *id) {
    struct reference_document *document =
        (struct reference_document *)reference_find(reference, id);
    if (document)
        document->deleted = true;
    return document != NULL;
}

/* ---- Queries ---- */

static double frequency_in(const struct reference_document *document, const char *name) {
    const struct reference_term key = {.name = (char *)name};
    const struct reference_term *found =
        bsearch(&key, document->terms, document->term_count, sizeof key, by_name);
    return found ? found->frequency : 0;
}

static void weigh(const struct reference *reference, struct term_set *set) {
    uint64_t documents = reference_documents(reference);
    for (size_t t = 0; t < set->count; t++) {
        uint64_t with = 0;
        for (size_t i = 0; i < reference->count; i++)
            with += !reference->documents[i].deleted &&
                    frequency_in(&reference->documents[i], set->terms[t].name) > 0;
        set->terms[t].idf = ranking_idf(documents, with, RANKING_RARITY);
        if (with == 0)
            set->terms[t].frequency = -1; /* worth nothing: see most_worth */
    }
}

/* How many characters of a token are function characters; *all says whether every one is. */
static size_t function_characters(const struct seen_token *token, bool *all) {
    size_t count = 0;
    *all = token->kind != XUNZI_TOKEN_LATIN;
    const char *name = token->kind == XUNZI_TOKEN_WORD ? token->name + 2 : token->name;
    while (*name) {
        const unsigned char *byte = (const unsigned char *)name;
        /* Every function character is three bytes of UTF-8. */
        bool functional = byte[0] >= 0xE0 && byte[0] < 0xF0 &&
                          is_function_character((byte[0] & 0xFu) << 12 | (byte[1] & 0x3Fu) << 6 |
                                                (byte[2] & 0x3Fu));
        count += functional;
        *all = *all && functional;
        name++;
        while (((unsigned char)*name & 0xC0) == 0x80)
            name++;
    }
    return count;
}

/* What a query's words ask for. */
struct words {
    struct term_set terms, extras;
};

static void words_add(struct words *words, const char *text, xunzi_profile profile) {
    struct analysis analysis = analyze(text, profile);
    for (size_t i = 0; i < analysis.count; i++) {
        const struct seen_token *token = &analysis.tokens[i];
        bool covered = token->kind == XUNZI_TOKEN_WORD ||
                       (token->kind == XUNZI_TOKEN_CHARACTER && !token->lone);
        bool all;
        size_t functional = function_characters(token, &all);
        double weight = ranking_weight(token->kind, token->lone);
        if (token->kind == XUNZI_TOKEN_BIGRAM && functional == 1)
            weight = RANKING_HALF_FUNCTION_WEIGHT;
        if (!covered)
            set_add(&words->terms, token->name)->weight = all ? 0 : weight;
        else if (!all)
            set_add(&words->extras, token->name)->weight = weight;
    }
    analysis_free(&analysis);
}

static double worth(const struct reference_term *term) {
    return term->frequency < 0 ? 0 : term->weight * term->idf;
}

static int by_worth(const void *a, const void *b) {
    double left = worth(a), right = worth(b);
    return left != right ? (left < right) - (left > right) : by_name(a, b);
}

static void most_worth(struct term_set *set, size_t most) {
    if (set->count <= most)
        return;
    qsort(set->terms, set->count, sizeof *set->terms, by_worth);
    while (set->count > most)
        free(set->terms[--set->count].name);
}

/* What says nothing weighs nothing, unless there is nothing else; and where any term will do, it is
 * left out then. */
static void weigh_function_terms(struct term_set *set, bool drop) {
    bool any = false;
    for (size_t i = 0; i < set->count; i++)
        any |= set->terms[i].weight > 0;
    size_t kept = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (drop && any && !(set->terms[i].weight > 0)) {
            free(set->terms[i].name);
            continue;
        }
        if (!any)
            set->terms[i].weight = 1;
        set->terms[kept++] = set->terms[i];
    }
    set->count = kept;
}

static void words_finish(struct words *words, const struct reference *reference, bool all) {
    weigh_function_terms(&words->terms, !all);
    set_join(&words->terms);
    set_join(&words->extras);
    weigh(reference, &words->terms);
    weigh(reference, &words->extras);
    if (!all)
        most_worth(&words->terms, RANKING_TERMS_MOST);
    most_worth(&words->extras, RANKING_EXTRAS_MOST);
}

/* What is looked for to find documents like one: what most tells it from others, of what others
 * have too. */
static void words_of_document(struct words *words, const struct reference *reference,
                              const struct reference_document *document) {
    words_add(words, document->title, XUNZI_PROFILE_BIGRAM);
    words_add(words, document->body, XUNZI_PROFILE_BIGRAM);
    set_join(&words->terms);
    weigh(reference, &words->terms);
    size_t kept = 0;
    for (size_t t = 0; t < words->terms.count; t++) {
        struct reference_term *term = &words->terms.terms[t];
        size_t with = 0;
        for (size_t i = 0; i < reference->count; i++)
            with += !reference->documents[i].deleted &&
                    frequency_in(&reference->documents[i], term->name) > 0;
        if (with > 1 && term->weight > 0)
            words->terms.terms[kept++] = *term;
        else
            free(term->name);
    }
    words->terms.count = kept;
    most_worth(&words->terms, RANKING_TERMS_MOST);
}

static double score_of(const struct term_set *set, const struct reference_document *document,
                       double average_length) {
    double score = 0;
    for (size_t i = 0; i < set->count; i++) {
        double tf = frequency_in(document, set->terms[i].name);
        if (tf > 0)
            score += set->terms[i].weight * set->terms[i].idf * tf /
                     (tf + SATURATION_K1 * (1 - SATURATION_B +
                                            SATURATION_B * document->length / average_length));
    }
    return score;
}

static bool words_match(const struct words *words, const struct reference_document *document,
                        bool all) {
    size_t found = 0;
    for (size_t i = 0; i < words->terms.count; i++)
        found += frequency_in(document, words->terms.terms[i].name) > 0;
    return all ? found == words->terms.count && found > 0 : found > 0;
}

struct phrase {
    char *field;
    struct term_set terms; /* every occurrence for itself */
};

static struct phrase phrase_of(const struct reference *reference, const char *text) {
    struct phrase phrase = {.field = folded_field(text, reference->profile, true)};
    struct analysis analysis = analyze(text, reference->profile);
    for (size_t i = 0; i < analysis.count; i++)
        if (analysis.tokens[i].kind != XUNZI_TOKEN_WORD &&
            (analysis.tokens[i].kind != XUNZI_TOKEN_CHARACTER || analysis.tokens[i].lone))
            set_add(&phrase.terms, analysis.tokens[i].name)->weight =
                ranking_weight(analysis.tokens[i].kind, analysis.tokens[i].lone);
    analysis_free(&analysis);
    weigh(reference, &phrase.terms);
    return phrase;
}

static bool phrase_matches(const struct phrase *phrase, const struct reference_document *document) {
    return field_has_phrase(document->fields[0], phrase->field) ||
           field_has_phrase(document->fields[1], phrase->field);
}

/* A query made ready: phrases that hold nothing to look for are left out. */
struct prepared {
    struct words words;
    struct phrase required[PARTS_MOST], excluded[PARTS_MOST];
    size_t required_count, excluded_count;
    char *source;
};

static void prepare(const struct reference *reference, const struct reference_query *query,
                    struct prepared *prepared) {
    *prepared = (struct prepared){.source = query->source ? folded_name(query->source) : NULL};
    if (query->like) {
        words_of_document(&prepared->words, reference, reference_find(reference, query->like));
        return;
    }
    for (size_t i = 0; i < query->part_count; i++) {
        enum part_kind kind =
            query->mode == XUNZI_MODE_PHRASE ? PART_REQUIRED : query->parts[i].kind;
        if (kind == PART_WORD) {
            words_add(&prepared->words, query->parts[i].text, reference->profile);
            continue;
        }
        struct phrase phrase = phrase_of(reference, query->parts[i].text);
        if (phrase.terms.count == 0) {
            free(phrase.field);
            set_free(&phrase.terms);
        } else if (kind == PART_REQUIRED) {
            prepared->required[prepared->required_count++] = phrase;
        } else {
            prepared->excluded[prepared->excluded_count++] = phrase;
        }
    }
    words_finish(&prepared->words, reference, query->mode == XUNZI_MODE_AND);
}

static void prepared_free(struct prepared *prepared) {
    for (size_t i = 0; i < prepared->required_count; i++) {
        free(prepared->required[i].field);
        set_free(&prepared->required[i].terms);
    }
    for (size_t i = 0; i < prepared->excluded_count; i++) {
        free(prepared->excluded[i].field);
        set_free(&prepared->excluded[i].terms);
    }
    set_free(&prepared->words.terms);
    set_free(&prepared->words.extras);
    free(prepared->source);
}

static bool passes_filters(const struct reference_query *query, const struct prepared *prepared,
                           const struct reference_document *document) {
    if (query->since && document->day < query->since)
        return false;
    if ((query->since || query->until) && document->day == 0)
        return false;
    if (query->until && document->day > query->until)
        return false;
    return !prepared->source ||
           (document->source[0] && strcmp(document->folded_source, prepared->source) == 0);
}

static bool matches(const struct reference_query *query, const struct prepared *prepared,
                    const struct reference_document *document, double average_length,
                    double *score) {
    *score = 0;
    if (query->like && strcmp(document->id, query->like) == 0)
        return false;
    for (size_t i = 0; i < prepared->excluded_count; i++)
        if (phrase_matches(&prepared->excluded[i], document))
            return false;
    for (size_t i = 0; i < prepared->required_count; i++) {
        if (!phrase_matches(&prepared->required[i], document))
            return false;
        *score += score_of(&prepared->required[i].terms, document, average_length);
    }
    bool by_words = words_match(&prepared->words, document, query->mode == XUNZI_MODE_AND);
    if (by_words)
        *score += score_of(&prepared->words.terms, document, average_length);
    if (prepared->required_count > 0)
        return true;
    return prepared->words.terms.count > 0 ? by_words : prepared->excluded_count > 0;
}

static xunzi_sort sort_of_hits;

static int by_rank(const void *a, const void *b) {
    const struct reference_hit *left = a, *right = b;
    if (sort_of_hits == XUNZI_SORT_DATE && left->document->day != right->document->day)
        return left->document->day < right->document->day ? 1 : -1;
    /* Sums of the same figures in another order are equal but for rounding. */
    double difference = left->score - right->score;
    if (fabs(difference) > 1e-9 * (left->score + right->score))
        return difference < 0 ? 1 : -1;
    return (left->place > right->place) - (left->place < right->place);
}

/* ---- the second pass ---- */

/* Where the tokens of a text stand: two places for each position that one takes, one for each that
 * none does. */
static size_t *places_of(const struct analysis *analysis) {
    size_t *places = calloc(analysis->count + 1, sizeof *places);
    assert_non_null(places);
    for (size_t i = 0; i < analysis->count; i++) {
        places[i] = analysis->tokens[i].position;
        for (size_t j = 0; j < analysis->count; j++)
            places[i] += analysis->tokens[j].position < analysis->tokens[i].position &&
                         (analysis->tokens[j].kind == XUNZI_TOKEN_CHARACTER ||
                          analysis->tokens[j].kind == XUNZI_TOKEN_LATIN);
    }
    return places;
}

/* The largest sum of weights of different terms within a window that begins at one of them. */
static double best_window(const struct term_set *close, const char *text) {
    struct analysis analysis = analyze(text, XUNZI_PROFILE_FULL);
    size_t *places = places_of(&analysis);
    double best = 0;
    for (size_t i = 0; i < analysis.count; i++) {
        double sum = 0;
        for (size_t t = 0; t < close->count; t++) {
            bool found = false;
            for (size_t j = 0; j < analysis.count && !found; j++)
                found = places[j] >= places[i] && places[j] < places[i] + RANKING_WINDOW &&
                        strcmp(analysis.tokens[j].name, close->terms[t].name) == 0;
            sum += found ? close->terms[t].weight * close->terms[t].idf : 0;
        }
        best = sum > best ? sum : best;
    }
    free(places);
    analysis_free(&analysis);
    return best;
}

/* The bigrams and Latin tokens that rank, each once, with the largest of its weights. */
static void add_close(struct term_set *close, const struct term_set *terms) {
    for (size_t i = 0; i < terms->count; i++) {
        const struct reference_term *term = &terms->terms[i];
        struct analysis analysis = analyze(term->name, XUNZI_PROFILE_BIGRAM);
        xunzi_token_kind kind = analysis.count == 1 ? analysis.tokens[0].kind : XUNZI_TOKEN_WORD;
        analysis_free(&analysis);
        if ((kind != XUNZI_TOKEN_BIGRAM && kind != XUNZI_TOKEN_LATIN) || term->frequency < 0 ||
            !(term->weight > 0))
            continue;
        struct reference_term *known = NULL;
        for (size_t c = 0; c < close->count; c++)
            if (strcmp(close->terms[c].name, term->name) == 0)
                known = &close->terms[c];
        if (!known) {
            known = set_add(close, term->name);
            known->weight = 0;
        }
        known->weight = term->weight > known->weight ? term->weight : known->weight;
        known->idf = term->idf;
    }
}

static void second_pass(const struct prepared *prepared, double average_length,
                        struct reference_hit *hits, size_t count) {
    struct term_set close = {0};
    for (size_t i = 0; i < count && i < RANKING_LATE_MOST; i++)
        hits[i].score += score_of(&prepared->words.extras, hits[i].document, average_length);
    if (prepared->words.extras.count > 0)
        qsort(hits, count < RANKING_LATE_MOST ? count : RANKING_LATE_MOST, sizeof *hits, by_rank);
    for (size_t i = 0; i < prepared->required_count; i++)
        add_close(&close, &prepared->required[i].terms);
    add_close(&close, &prepared->words.terms);
    most_worth(&close, RANKING_TERMS_MOST);
    size_t best = close.count < 2 ? 0 : count < RANKING_CLOSE_MOST ? count : RANKING_CLOSE_MOST;
    for (size_t i = 0; i < best; i++) {
        double title = best_window(&close, hits[i].document->title),
               body = best_window(&close, hits[i].document->body);
        hits[i].score += RANKING_CLOSENESS * (title > body ? title : body);
    }
    qsort(hits, best, sizeof *hits, by_rank);
    set_free(&close);
}

struct reference_hit *reference_search(const struct reference *reference,
                                       const struct reference_query *query, size_t *count) {
    double total_length = 0;
    for (size_t i = 0; i < reference->count; i++)
        total_length += reference->documents[i].deleted ? 0 : reference->documents[i].length;
    double average_length = total_length / (double)reference_documents(reference);
    struct prepared prepared;
    prepare(reference, query, &prepared);
    struct reference_hit *hits = calloc(reference->count + 1, sizeof *hits);
    assert_non_null(hits);
    *count = 0;
    for (size_t i = 0; i < reference->count; i++) {
        const struct reference_document *document = &reference->documents[i];
        double score;
        if (!document->deleted && matches(query, &prepared, document, average_length, &score) &&
            passes_filters(query, &prepared, document))
            hits[(*count)++] = (struct reference_hit){document, i, score};
    }
    sort_of_hits = query->sort;
    qsort(hits, *count, sizeof *hits, by_rank);
    if (query->sort == XUNZI_SORT_RELEVANCE && reference->profile == XUNZI_PROFILE_FULL &&
        !query->like)
        second_pass(&prepared, average_length, hits, *count);
    prepared_free(&prepared);
    return hits;
}
