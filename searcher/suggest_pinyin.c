/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A lattice over the letters: at each place the strings that end there. */
#include "searcher/suggest_pinyin.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "searcher/suggest.h"
#include "text/character_model.h"
#include "text/pinyin.h"

/* How much of what the model of Chinese text charges counts beside ln(documents). */
#define SHARE 0.4

/* Two characters have a meaning by chance more often than more do: the least score of them, which
 * grows with the logarithm of the number of documents. */
#define LEAST_SCORE_OF_TWO 0.3
#define LEAST_SCORE_GROWTH 0.25

enum {
    STRING_STEPS = 4,  /* of making one, and finding its place among others */
    STRINGS_MOST = 64, /* that are kept at a place, but for the first characters */
    COUNTED_MOST = 16  /* that are counted as phrases */
};

/* A string that ends at a place of the letters. */
struct string {
    uint32_t last;              /* its last character */
    uint32_t least;             /* documents with its rarest pair */
    const struct string *start; /* all of it before the last character; NULL: nothing */
    uint8_t length;             /* in characters */
    double charge;              /* by the model, in nats */
};

struct place {
    struct string **strings;
    size_t count, capacity;
};

struct lattice {
    struct suggest_collection *collection;
    const struct pinyin_text *text;
    struct arena arena;
    struct place places[PINYIN_LETTERS_MOST + 1];
};

bool pinyin_text_add(struct pinyin_text *text, const uint32_t *characters, size_t count) {
    bool begins = true;
    for (size_t i = 0; i < count; i++) {
        struct pinyin_letter letter;
        if (characters[i] == '\'' || characters[i] == 0x2019 ||
            (characters[i] >= '0' && characters[i] <= '5')) {
            if (begins)
                return false;
            begins = true;
        } else if (!pinyin_letter(characters[i], &letter)) {
            return false;
        } else if (letter.plain) {
            if (text->size == PINYIN_LETTERS_MOST)
                return false;
            text->begins[text->size] = begins;
            text->letters[text->size++] = letter.plain;
            begins = false;
        } else if (letter.diaeresis && text->size > 0 && text->letters[text->size - 1] == 'u') {
            text->letters[text->size - 1] = 'v';
        }
    }
    text->begins[text->size] = true;
    return count > 0;
}

/* ---- building ---- */

static uint32_t number_of(const struct string *string) {
    return string ? character_model_number(string->last) : 0;
}

static xunzi_status add(struct lattice *lattice, size_t end, const struct string *start,
                        uint32_t last, uint32_t count) {
    struct place *place = &lattice->places[end];
    if (!suggest_take_steps(lattice->collection, STRING_STEPS))
        return XUNZI_OK;
    struct string *string = arena_alloc(&lattice->arena, sizeof *string);
    if (!string ||
        !array_reserve(&place->strings, &place->capacity, place->count + 1, sizeof *place->strings))
        return error_no_memory();
    uint32_t number = character_model_number(last), cost;
    if (start)
        cost = character_model_cost(number_of(start->start), number_of(start), number);
    else
        cost = character_model_cost_alone(number);
    *string = (struct string){
        .last = last,
        .least = start && start->least < count ? start->least : count,
        .start = start,
        .length = (uint8_t)(start ? start->length + 1 : 1),
        .charge = (start ? start->charge : 0) + (double)cost / CHARACTER_MODEL_UNIT,
    };
    place->strings[place->count++] = string;
    return XUNZI_OK;
}

/* Appends the characters of a syllable to a string, where the collection has them behind it. Both
 * lists ascend. */
static xunzi_status extend(struct lattice *lattice, const struct string *start, unsigned syllable,
                           size_t end) {
    size_t count, at = 0;
    const uint16_t *characters = pinyin_characters_of(syllable, &count);
    const struct followers *followers;
    xunzi_status status = suggest_followers(lattice->collection, start->last, &followers);
    for (size_t i = 0; i < count && status == XUNZI_OK; i++) {
        while (at < followers->count && followers->items[at].character < characters[i])
            at++;
        if (at < followers->count && followers->items[at].character == characters[i])
            status = add(lattice, end, start, characters[i], followers->items[at].count);
    }
    return status;
}

static xunzi_status begin(struct lattice *lattice, unsigned syllable, size_t end) {
    size_t count;
    const uint16_t *characters = pinyin_characters_of(syllable, &count);
    xunzi_status status = XUNZI_OK;
    for (size_t i = 0; i < count && status == XUNZI_OK; i++)
        status = add(lattice, end, NULL, characters[i], UINT32_MAX);
    return status;
}

/* The best that a string can score: what it scores if every document with its rarest pair has all
 * of it. */
static double bound_of(const struct string *string) {
    double least = string->least < SUGGEST_COUNTED_MOST ? string->least : SUGGEST_COUNTED_MOST;
    return log(least) - SHARE * string->charge;
}

static int by_falling_bound(const void *a, const void *b) {
    const struct string *left = *(struct string *const *)a, *right = *(struct string *const *)b;
    double left_bound = bound_of(left), right_bound = bound_of(right);
    if (left_bound != right_bound)
        return left_bound < right_bound ? 1 : -1;
    return (left->last > right->last) - (left->last < right->last);
}

/* Puts the strings of a place in order and leaves the best. */
static void choose(struct place *place) {
    size_t longer = 0;
    if (place->count > 1)
        qsort(place->strings, place->count, sizeof(struct string *), by_falling_bound);
    for (size_t i = 0, kept = 0; i < place->count; i++) {
        bool first = place->strings[i]->length == 1;
        if (first || longer++ < STRINGS_MOST)
            place->strings[kept++] = place->strings[i];
        if (i + 1 == place->count) {
            place->count = kept;
            break;
        }
    }
}

/* Whether a syllable may stand at [from, to). */
static unsigned syllable_at(const struct pinyin_text *text, size_t from, size_t to) {
    for (size_t i = from + 1; i < to; i++)
        if (text->begins[i])
            return 0;
    return pinyin_syllable(text->letters + from, to - from);
}

static xunzi_status build(struct lattice *lattice) {
    const struct pinyin_text *text = lattice->text;
    xunzi_status status = XUNZI_OK;
    for (size_t from = 0; from < text->size && status == XUNZI_OK; from++) {
        struct place *place = &lattice->places[from];
        choose(place);
        if (from > 0 && place->count == 0)
            continue;
        for (size_t to = from + 1;
             to <= text->size && to - from <= PINYIN_SYLLABLE_MOST && status == XUNZI_OK; to++) {
            unsigned syllable = syllable_at(text, from, to);
            if (syllable == 0)
                continue;
            if (from == 0)
                status = begin(lattice, syllable, to);
            for (size_t i = 0; i < place->count && status == XUNZI_OK; i++)
                status = extend(lattice, place->strings[i], syllable, to);
        }
    }
    return status;
}

bool pinyin_text_is_syllable(const struct pinyin_text *text) {
    return syllable_at(text, 0, text->size) != 0;
}

/* ---- choosing ---- */

static void write_out(const struct string *string, uint32_t out[PINYIN_LETTERS_MOST]) {
    for (; string; string = string->start)
        out[string->length - 1] = string->last;
}

static xunzi_status judge(struct lattice *lattice, uint32_t out[PINYIN_LETTERS_MOST], size_t *count,
                          double *score) {
    struct place *place = &lattice->places[lattice->text->size];
    uint32_t characters[PINYIN_LETTERS_MOST];
    const struct string *best = NULL;
    double best_worth = 0;
    xunzi_status status = XUNZI_OK;
    choose(place);
    for (size_t i = 0, counted = 0;
         i < place->count && counted < COUNTED_MOST && status == XUNZI_OK; i++) {
        const struct string *string = place->strings[i];
        uint64_t documents = string->least;
        if (string->length < 2)
            continue;
        if (best && bound_of(string) <= best_worth)
            break;
        counted++;
        write_out(string, characters);
        if (string->length > 2)
            status = suggest_phrase(lattice->collection, characters, string->length,
                                    SUGGEST_COUNTED_MOST, &documents);
        if (documents > SUGGEST_COUNTED_MOST)
            documents = SUGGEST_COUNTED_MOST;
        if (status != XUNZI_OK || documents == 0)
            continue;
        double worth = log((double)documents) - SHARE * string->charge;
        if (!best || worth > best_worth) {
            best = string;
            best_worth = worth;
            *score = log((double)documents);
        }
    }
    double least = LEAST_SCORE_OF_TWO +
                   LEAST_SCORE_GROWTH * log((double)lattice->collection->index->documents + 1);
    if (best && (best->length > 2 || *score >= least)) {
        write_out(best, out);
        *count = best->length;
    }
    return status;
}

xunzi_status suggest_pinyin(struct suggest_collection *collection, const struct pinyin_text *text,
                            uint32_t out[PINYIN_LETTERS_MOST], size_t *count, double *score) {
    struct lattice lattice = {.collection = collection, .text = text};
    *count = 0;
    xunzi_status status = build(&lattice);
    if (status == XUNZI_OK)
        status = judge(&lattice, out, count, score);
    for (size_t i = 0; i <= PINYIN_LETTERS_MOST; i++)
        free(lattice.places[i].strings);
    arena_free(&lattice.arena);
    return status;
}
