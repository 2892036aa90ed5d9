/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walking the Latin words, and distances. */
#include "searcher/suggest_latin.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"

/* In nats: what each step of the distance costs, and another first letter, which is seldom
 * mistyped. A word that is in one document alone is not found two steps away. */
#define COST_OF_STEP 2.5
#define COST_OF_BEGINNING 1.5
#define LEAST_SCORE (-2.6)

/* Words of so many letters may differ by one, longer ones by two. */
enum { ONE_APART_LONGEST = 7, CANDIDATES_MOST = 256 };

struct word {
    char letters[LATIN_LONGEST + 1];
    uint8_t size, distance;
    uint64_t count;
};

struct looking {
    const char *typed;
    size_t size, most; /* the largest distance */
    uint32_t letters;  /* which letters it has */
    struct word *words;
    size_t count;
};

static bool is_letter(char byte) {
    return byte >= 'a' && byte <= 'z';
}

/* A bit for each letter that a word has; 0 where it has anything else. */
static uint32_t letters_of(const char *word, size_t size) {
    uint32_t letters = 0;
    for (size_t i = 0; i < size; i++) {
        if (!is_letter(word[i]))
            return 0;
        letters |= UINT32_C(1) << (word[i] - 'a');
    }
    return letters;
}

static size_t least_of(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Rows of the usual table, each letter of a against all of b. */
size_t latin_distance(const char *a, size_t a_size, const char *b, size_t b_size, size_t most) {
    size_t rows[3][LATIN_LONGEST + 1];
    if (a_size > b_size + most || b_size > a_size + most || a_size > LATIN_LONGEST ||
        b_size > LATIN_LONGEST)
        return most + 1;
    for (size_t k = 0; k <= b_size; k++)
        rows[0][k] = k;
    for (size_t i = 1; i <= a_size; i++) {
        size_t *row = rows[i % 3], *above = rows[(i - 1) % 3], *exchanged = rows[(i + 1) % 3];
        size_t least = row[0] = i;
        for (size_t k = 1; k <= b_size; k++) {
            row[k] = above[k - 1] + (a[i - 1] != b[k - 1]);
            row[k] = least_of(row[k], least_of(above[k], row[k - 1]) + 1);
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                row[k] = least_of(row[k], exchanged[k - 2] + 1);
            least = least_of(least, row[k]);
        }
        if (least > most)
            return most + 1;
    }
    return least_of(rows[a_size % 3][b_size], most + 1);
}

/* Takes a word that is near enough. A letter more or less in one than in the other is one step, so
 * most words are told by their letters alone. */
static xunzi_status look_at(void *context, const char *term, size_t size, uint32_t count) {
    struct looking *looking = context;
    if (size > looking->size + looking->most || looking->size > size + looking->most ||
        size > LATIN_LONGEST)
        return XUNZI_OK;
    uint32_t letters = letters_of(term, size);
    if (letters == 0 || (size_t)__builtin_popcount(letters & ~looking->letters) > looking->most ||
        (size_t)__builtin_popcount(looking->letters & ~letters) > looking->most)
        return XUNZI_OK;
    size_t distance = latin_distance(looking->typed, looking->size, term, size, looking->most);
    if (distance == 0 || distance > looking->most)
        return XUNZI_OK;
    for (size_t i = 0; i < looking->count; i++)
        if (looking->words[i].size == size && memcmp(looking->words[i].letters, term, size) == 0) {
            looking->words[i].count += count;
            return XUNZI_OK;
        }
    if (looking->count == CANDIDATES_MOST)
        return XUNZI_OK;
    struct word *word = &looking->words[looking->count++];
    *word = (struct word){.size = (uint8_t)size, .distance = (uint8_t)distance, .count = count};
    memcpy(word->letters, term, size);
    return XUNZI_OK;
}

/* Of equal ones the first in byte order, wherever it was met first. */
static bool is_better(const struct word *word, double score, const struct latin_correction *than) {
    if (score != than->score)
        return score > than->score;
    return bytes_compare(word->letters, word->size, than->word, than->size) < 0;
}

static void choose(const struct looking *looking, struct latin_correction *out) {
    for (size_t i = 0; i < looking->count; i++) {
        const struct word *word = &looking->words[i];
        double score = log((double)word->count) - COST_OF_STEP * word->distance;
        if (word->letters[0] != looking->typed[0])
            score -= COST_OF_BEGINNING;
        if (score < LEAST_SCORE || (out->size > 0 && !is_better(word, score, out)))
            continue;
        memcpy(out->word, word->letters, sizeof out->word);
        out->size = word->size;
        out->score = score;
    }
}

xunzi_status suggest_latin(struct suggest_collection *collection, const char *typed, size_t size,
                           struct latin_correction *out) {
    struct looking looking = {.typed = typed, .size = size, .letters = letters_of(typed, size)};
    *out = (struct latin_correction){0};
    if (size < LATIN_SHORTEST || size > LATIN_LONGEST || looking.letters == 0)
        return XUNZI_OK;
    looking.most = size > ONE_APART_LONGEST ? 2 : 1;
    looking.words = malloc(CANDIDATES_MOST * sizeof *looking.words);
    if (!looking.words)
        return error_no_memory();
    /* Nearly all slips leave the first letter as it is: where steps run out, those were seen. */
    char first[2] = {typed[0], '\0'}, behind[2] = {(char)(typed[0] + 1), '\0'};
    xunzi_status status = suggest_walk(collection, first, behind, look_at, &looking);
    if (status == XUNZI_OK)
        status = suggest_walk(collection, "a", first, look_at, &looking);
    if (status == XUNZI_OK)
        status = suggest_walk(collection, behind, "{", look_at, &looking);
    if (status == XUNZI_OK)
        choose(&looking, out);
    free(looking.words);
    return status;
}
