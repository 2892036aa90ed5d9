/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the tables of character_model.h to standard output, from the word model of libime
 * (LGPL-2.1-or-later, Debian package libime-data-language-model): probabilities of 160,000 words
 * and two million pairs of words in modern Chinese.
 *
 *     character-model-generator zh_CN.lm PAIRS TRIPLES
 *
 * The file is a KenLM trie, version 5 of "quantised array trie" (K. Heafield, "KenLM: Faster and
 * Smaller Language Model Queries", 2011), on a little-endian machine: 0x00 a magic line; 0x58
 * parameters; 0x6C the numbers of 1-, 2- and 3-grams, 8 bytes each 0x88 the number of hashed words,
 * then 8 bytes a word version, bits of a probability P, bits of a back-off B, padding to 8 bytes;
 * floats: 2^P probabilities of 2-grams, 2^B back-offs, 2^P probabilities of 3-grams; all are log10
 *          1-grams, one more than there are and an end: float probability, float back-off, 8 bytes:
 * its first 2-gram 2-grams: a header of 8 bytes aligned to 8 whose second byte is the most bits to
 * chop; the table of chopped pointers; then bit fields: the number of the *first* word, back-off,
 * probability, pointer. Those whose *second* word is w stand from w's first 2-gram to the next
 * word's. 3-grams, which are not read; then the words in order, each with a NUL.
 *
 * The probability of a single word in it counts in how many contexts the word was seen
 * (Kneser-Ney), not how often; the true one is what the pairs lead to when they are run on and on
 * (the stationary distribution). Neighbours inside a word count with the word's probability, those
 * across two words with theirs. The PAIRS pairs and TRIPLES triples that tell most are kept, by
 * their probability times what they change; the rest backs off, to the distribution of the first
 * characters of words, as nearly all pairs inside words are listed.
 *
 * Why these sizes: of characters of which the first byte in GBK is lost, two neighbours known on
 * each side, the model finds (1,000 Traditional passages): 82.2% with 300,000 pairs alone and 81.8%
 * with all 687,000 (the rarest are noise); 87.9% with 200,000 triples as well, 88.1% with 200,000
 * of both.
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/character.h"
#include "text/character_model.h"

enum {
    WORD_MOST = 8,
    SPAN = CHARACTER_MODEL_LAST - CHARACTER_MODEL_FIRST + 1,
    ROUNDS = 12,
    TABLE_BITS = 23
};

static unsigned char *file;
static size_t file_size;

static _Noreturn void fail(const char *why) {
    fprintf(stderr, "character-model-generator: %s\n", why);
    exit(1);
}

static void *allocate(size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (!memory)
        fail("no memory");
    return memory;
}

static void read_file(const char *path) {
    FILE *stream = fopen(path, "rb");
    long size;
    if (!stream || fseek(stream, 0, SEEK_END) != 0 || (size = ftell(stream)) < 0x100)
        fail("the word model cannot be read");
    rewind(stream);
    file_size = (size_t)size;
    file = allocate(file_size + 8, 1);
    if (fread(file, 1, file_size, stream) != file_size)
        fail("the word model cannot be read");
    fclose(stream);
}

static uint64_t number_at(size_t at) {
    uint64_t value;
    if (at > file_size)
        fail("the word model is cut short");
    memcpy(&value, file + at, sizeof value);
    return value;
}

static double exponent_at(size_t at) {
    float value;
    if (at + sizeof value > file_size)
        fail("the word model is cut short");
    memcpy(&value, file + at, sizeof value);
    return pow(10, (double)value);
}

static unsigned bits_for(uint64_t value) {
    unsigned bits = 0;
    for (; value > 0; value >>= 1)
        bits++;
    return bits;
}

/* The trie, as far as it is read. */
struct trie {
    uint64_t words, pairs;
    unsigned probability_bits, back_off_bits, word_bits, pair_bits;
    size_t pair_probabilities, unigrams, pair_fields, strings;
};

static uint64_t field(size_t base, uint64_t bit, unsigned bits) {
    return number_at(base + bit / 8) >> bit % 8 & ((UINT64_C(1) << bits) - 1);
}

static struct trie open_trie(void) {
    struct trie trie = {.words = number_at(0x6C), .pairs = number_at(0x74)};
    static const char magic[] = "mmap lm http://kheafield.com/code format version 5\n";
    uint64_t triples = number_at(0x7C);
    if (memcmp(file, magic, sizeof magic) != 0 || file[0x58] != 3 || file[0x60] != 5 ||
        trie.words > 1u << 24)
        fail("the word model is not of the layout this was written for");
    size_t at = 0x88 + 8 + 8 * trie.words;
    trie.probability_bits = file[at + 1];
    trie.back_off_bits = file[at + 2];
    if (trie.probability_bits > 16 || trie.back_off_bits > 16)
        fail("the word model is not of the layout this was written for");
    trie.pair_probabilities = at + 8;
    trie.unigrams =
        trie.pair_probabilities + 4 * ((2u << trie.probability_bits) + (1u << trie.back_off_bits));
    at = trie.unigrams + 16 * (trie.words + 2);
    /* KenLM's choice of how many high bits of the pointers to keep in a table (bhiksha.cc,
     * ChopBits). */
    unsigned chop_most = file[at + 1], pointer_bits = bits_for(triples), chop = 0;
    int64_t lowest = INT64_MAX;
    for (unsigned i = 0; i <= chop_most && i <= pointer_bits; i++) {
        int64_t change =
            (int64_t)(triples >> (pointer_bits - i)) * 64 - (int64_t)((trie.pairs + 1) * i);
        if (change < lowest) {
            lowest = change;
            chop = i;
        }
    }
    pointer_bits -= chop;
    uint64_t table = (triples >> pointer_bits) + 1;
    trie.word_bits = bits_for(trie.words);
    trie.pair_bits = trie.word_bits + trie.probability_bits + trie.back_off_bits + pointer_bits;
    trie.pair_fields = at + 8 * (1 + table) + 7;
    at = trie.pair_fields + ((1 + trie.pairs) * trie.pair_bits + 7) / 8 + 8;
    at += ((1 + triples) * (trie.word_bits + trie.probability_bits) + 7) / 8 + 8;
    static const char unknown[] = "<unk>";
    while (at + sizeof unknown < file_size && memcmp(file + at, unknown, sizeof unknown) != 0)
        at++;
    trie.strings = at;
    return trie;
}

static uint64_t first_pair(const struct trie *trie, uint64_t word) {
    uint64_t pair = number_at(trie->unigrams + 16 * word + 8);
    if (pair > trie->pairs)
        fail("the word model's pointers make no sense");
    return pair;
}

static uint64_t pair_first_word(const struct trie *trie, uint64_t pair) {
    uint64_t word = field(trie->pair_fields, pair * trie->pair_bits, trie->word_bits);
    if (word >= trie->words)
        fail("the word model's pairs make no sense");
    return word;
}

static double pair_probability(const struct trie *trie, uint64_t pair) {
    uint64_t bin =
        field(trie->pair_fields, pair * trie->pair_bits + trie->word_bits + trie->back_off_bits,
              trie->probability_bits);
    return exponent_at(trie->pair_probabilities + 4 * bin);
}

/* How often each word is, by running the pairs. */
static double *stationary(const struct trie *trie) {
    double *now = allocate(trie->words, sizeof *now), *next = allocate(trie->words, sizeof *next);
    double *alone = allocate(trie->words, sizeof *alone),
           *back_off = allocate(trie->words, sizeof *back_off);
    for (uint64_t w = 0; w < trie->words; w++) {
        now[w] = alone[w] = exponent_at(trie->unigrams + 16 * w);
        back_off[w] = exponent_at(trie->unigrams + 16 * w + 4);
    }
    for (int round = 0; round < ROUNDS; round++) {
        double free_mass = 0, sum = 0;
        for (uint64_t w = 0; w < trie->words; w++)
            free_mass += now[w] * (back_off[w] < 1 ? back_off[w] : 1);
        for (uint64_t w = 0; w < trie->words; w++) {
            next[w] = free_mass * alone[w];
            for (uint64_t pair = first_pair(trie, w); pair < first_pair(trie, w + 1); pair++)
                next[w] += now[pair_first_word(trie, pair)] * pair_probability(trie, pair);
            sum += next[w];
        }
        for (uint64_t w = 0; w < trie->words; w++)
            now[w] = next[w] / sum;
    }
    free(next);
    free(alone);
    free(back_off);
    return now;
}

/* Folded characters of each word, 0 for one that the model does not hold, as offsets from the
 * first, plus one. */
struct word {
    uint16_t characters[WORD_MOST];
    uint8_t count;
};

static struct word *read_words(const struct trie *trie) {
    struct word *words = allocate(trie->words, sizeof *words);
    size_t at = trie->strings;
    for (uint64_t w = 0; w < trie->words; w++) {
        const unsigned char *end = memchr(file + at, 0, file_size - at);
        if (!end)
            fail("the word model's words are cut short");
        const char *text = (const char *)file + at;
        size_t size = (size_t)(end - file) - at;
        for (size_t i = 0; i < size && words[w].count < WORD_MOST;) {
            uint32_t c = utf8_next(text, size, &i);
            uint32_t folded =
                c == UTF8_ILL_FORMED ? 0 : character_entry_folded(c, character_entry(c));
            bool held = folded >= CHARACTER_MODEL_FIRST && folded <= CHARACTER_MODEL_LAST;
            words[w].characters[words[w].count++] =
                (uint16_t)(held ? folded - CHARACTER_MODEL_FIRST + 1 : 0);
        }
        at += size + 1;
    }
    return words;
}

/* Runs of two or three characters and their probabilities: open-addressing tables. */
struct run {
    uint64_t key; /* 16 bits a character, the last one lowest; 0: empty */
    float probability;
    float worth;
};
static struct run *pairs_table, *triples_table;
static double single[SPAN + 1], initial[SPAN + 1], row_total[SPAN + 1];

static struct run *place_of(struct run *table, uint64_t key) {
    size_t place = (key * UINT64_C(11400714819323198485)) >> (64 - TABLE_BITS);
    while (table[place].key != 0 && table[place].key != key)
        place = (place + 1) & ((1u << TABLE_BITS) - 1);
    return &table[place];
}

static void add(struct run *table, uint64_t key, double probability) {
    static size_t count;
    struct run *run = place_of(table, key);
    if (run->key == 0 && ++count > (1u << TABLE_BITS) - (1u << (TABLE_BITS - 3)))
        fail("too many pairs and triples of characters");
    run->key = key;
    run->probability += (float)probability;
}

/* Counts the neighbours at the meeting of two words, or inside one where `second` is NULL. */
static void add_runs(const struct word *first, const struct word *second, double probability) {
    uint64_t all[2 * WORD_MOST];
    size_t count = 0, seam = second ? first->count : 0;
    for (size_t i = 0; i < first->count; i++)
        all[count++] = first->characters[i];
    for (size_t i = 0; second && i < second->count; i++)
        all[count++] = second->characters[i];
    for (size_t i = 1; i < count; i++) {
        if (all[i - 1] == 0 || all[i] == 0)
            continue;
        if (!second || i == seam)
            add(pairs_table, all[i - 1] << 16 | all[i], probability);
        if (i >= 2 && all[i - 2] != 0 && (!second || i == seam || i == seam + 1))
            add(triples_table, all[i - 2] << 32 | all[i - 1] << 16 | all[i], probability);
    }
}

static void count_characters(const struct trie *trie, const double *often,
                             const struct word *words) {
    double sum = 0, initial_sum = 0;
    for (uint64_t w = 0; w < trie->words; w++) {
        const struct word *word = &words[w];
        for (unsigned i = 0; i < word->count; i++)
            single[word->characters[i]] += often[w];
        if (word->count == 0)
            continue;
        initial[word->characters[0]] += often[w];
        add_runs(word, NULL, often[w]);
        for (uint64_t pair = first_pair(trie, w); pair < first_pair(trie, w + 1); pair++) {
            uint64_t before = pair_first_word(trie, pair);
            if (words[before].count > 0)
                add_runs(&words[before], word, often[before] * pair_probability(trie, pair));
        }
    }
    for (uint32_t c = 1; c <= SPAN; c++) {
        sum += single[c];
        initial_sum += initial[c];
    }
    for (uint32_t c = 1; c <= SPAN; c++) {
        single[c] /= sum;
        initial[c] = 0.9 * initial[c] / initial_sum + 0.1 * single[c];
    }
    for (size_t i = 0; i < 1u << TABLE_BITS; i++) {
        pairs_table[i].probability /= (float)sum;
        triples_table[i].probability /= (float)sum;
    }
}

static int by_worth(const void *a, const void *b) {
    const struct run *x = a, *y = b;
    if (x->worth < y->worth || x->worth > y->worth)
        return x->worth < y->worth ? 1 : -1;
    return x->key < y->key ? -1 : x->key > y->key;
}

static int by_key(const void *a, const void *b) {
    const struct run *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

static uint32_t cost(double probability) {
    double cost = -log(probability) * CHARACTER_MODEL_UNIT;
    return cost <= 0                     ? 0
           : cost > CHARACTER_MODEL_MOST ? CHARACTER_MODEL_MOST
                                         : (uint32_t)(cost + 0.5);
}

/* Moves the `most` runs of `count` at the front that are worth most to the front, by key; returns
 * how many there are. */
static size_t keep(struct run *table, size_t count, size_t most) {
    qsort(table, count, sizeof *table, by_worth);
    count = count < most ? count : most;
    qsort(table, count, sizeof *table, by_key);
    return count;
}

/* Chooses triples first: it looks up pairs. A triple is worth a place where it makes its last
 * character likelier than the pair does; its probability becomes that of the last character. */
static size_t choose_triples(size_t most) {
    size_t count = 0;
    for (size_t i = 0; i < 1u << TABLE_BITS; i++) {
        struct run triple = triples_table[i];
        if (triple.key == 0)
            continue;
        double of_triple = (double)triple.probability /
                           (double)place_of(pairs_table, triple.key >> 16)->probability;
        double of_pair = (double)place_of(pairs_table, triple.key & 0xFFFFFFFF)->probability /
                         single[triple.key >> 16 & 0xFFFF];
        of_triple = of_triple < 1 ? of_triple : 1;
        if (of_triple <= of_pair * 1.2)
            continue;
        triple.worth = triple.probability * (float)log(of_triple / of_pair);
        triple.probability = (float)of_triple;
        triples_table[count++] = triple;
    }
    return keep(triples_table, count, most);
}

static size_t choose_pairs(size_t most) {
    size_t count = 0;
    for (size_t i = 0; i < 1u << TABLE_BITS; i++) {
        struct run pair = pairs_table[i];
        if (pair.key == 0)
            continue;
        double expected = single[pair.key >> 16] * single[pair.key & 0xFFFF];
        pair.worth = pair.probability * (float)fabs(log((double)pair.probability / expected));
        pairs_table[count++] = pair;
    }
    return keep(pairs_table, count, most);
}

static void print_numbers(const char *type, const char *name, const uint32_t *values,
                          size_t count) {
    printf("\n\nconst %s %s[%zu] = {", type, name, count);
    for (size_t i = 0; i < count; i++)
        printf("%s%u,", i % 24 ? "" : "\n", (unsigned)values[i]);
    printf("\n};");
}

/* Numbers the characters that occur; returns how many there are. */
static uint32_t number_characters(uint32_t *numbers) {
    uint32_t count = 0;
    for (uint32_t c = 1; c <= SPAN; c++)
        if (single[c] > 0)
            numbers[c] = ++count;
    return count;
}

static void print_pairs(const uint32_t *numbers, uint32_t count, size_t pairs) {
    uint32_t *alone = allocate(count + 1, sizeof *alone),
             *leave = allocate(count + 1, sizeof *leave);
    uint32_t *rows = allocate(count + 2, sizeof *rows);
    uint32_t *seconds = allocate(pairs, sizeof *seconds), *costs = allocate(pairs, sizeof *costs);
    for (size_t i = 0; i < pairs; i++)
        row_total[pairs_table[i].key >> 16] += (double)pairs_table[i].probability;
    size_t at = 0;
    for (uint32_t c = 1; c <= SPAN; c++) {
        if (numbers[c] == 0)
            continue;
        uint32_t number = numbers[c];
        /* A hundredth at least is left to what was never seen. */
        double total = row_total[c] > single[c] * 0.99 ? row_total[c] / 0.99 : single[c];
        double listed = 0;
        rows[number] = (uint32_t)at;
        for (; at < pairs && pairs_table[at].key >> 16 == c; at++) {
            uint32_t second = pairs_table[at].key & 0xFFFF;
            listed += initial[second];
            seconds[at] = numbers[second];
            costs[at] = cost((double)pairs_table[at].probability / total);
        }
        alone[number] = cost(initial[c]);
        leave[number] = cost((1 - row_total[c] / total) / (1 - listed * 0.999));
    }
    rows[count + 1] = (uint32_t)pairs;
    print_numbers("uint8_t", "character_model_alone", alone, count + 1);
    print_numbers("uint8_t", "character_model_leave", leave, count + 1);
    print_numbers("uint32_t", "character_model_rows", rows, count + 2);
    print_numbers("uint16_t", "character_model_seconds", seconds, pairs);
    print_numbers("uint8_t", "character_model_pairs", costs, pairs);
    free(alone);
    free(leave);
    free(rows);
    free(seconds);
    free(costs);
}

static void print_triples(const uint32_t *numbers, size_t triples) {
    uint32_t *rows = allocate(CHARACTER_MODEL_BUCKETS + 1, sizeof *rows);
    uint32_t *marks = allocate(triples, sizeof *marks), *costs = allocate(triples, sizeof *costs);
    for (size_t i = 0; i < triples; i++) {
        uint64_t key = triples_table[i].key;
        triples_table[i].key = character_model_hash(numbers[key >> 32], numbers[key >> 16 & 0xFFFF],
                                                    numbers[key & 0xFFFF]);
    }
    qsort(triples_table, triples, sizeof *triples_table, by_key);
    for (size_t i = 0; i < triples; i++) {
        marks[i] = triples_table[i].key & 0xFFFF;
        costs[i] = cost((double)triples_table[i].probability);
        rows[(triples_table[i].key >> 16) + 1]++;
    }
    for (size_t i = 0; i < CHARACTER_MODEL_BUCKETS; i++)
        rows[i + 1] += rows[i];
    print_numbers("uint32_t", "character_model_buckets", rows, CHARACTER_MODEL_BUCKETS + 1);
    print_numbers("uint16_t", "character_model_marks", marks, triples);
    print_numbers("uint8_t", "character_model_triples", costs, triples);
    free(rows);
    free(marks);
    free(costs);
}

int main(int argument_count, char **arguments) {
    if (argument_count != 4)
        fail("usage: character-model-generator zh_CN.lm PAIRS TRIPLES");
    read_file(arguments[1]);
    pairs_table = allocate(1u << TABLE_BITS, sizeof *pairs_table);
    triples_table = allocate(1u << TABLE_BITS, sizeof *triples_table);
    struct trie trie = open_trie();
    double *often = stationary(&trie);
    struct word *words = read_words(&trie);
    count_characters(&trie, often, words);
    size_t triples = choose_triples((size_t)strtoul(arguments[3], NULL, 10));
    size_t pairs = choose_pairs((size_t)strtoul(arguments[2], NULL, 10));
    uint32_t *numbers = allocate(SPAN + 1, sizeof *numbers);
    uint32_t count = number_characters(numbers);
    printf("/* Made by character_model_generator.c; not to be edited. */\n#include "
           "\"text/character_model.h\"");
    print_numbers("uint16_t", "character_model_numbers", numbers + 1, SPAN);
    print_pairs(numbers, count, pairs);
    print_triples(numbers, triples);
    printf("\n");
    free(numbers);
    free(often);
    free(words);
    free(pairs_table);
    free(triples_table);
    free(file);
    return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
