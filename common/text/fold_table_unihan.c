/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unihan's fields, read line by line: "U+9751<tab>kEACC<tab>215F70". */
#include "text/fold_table_unihan.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHARACTERS = 0x10000,
    PAIRS_MOST = 1 << 17,
    MANDARIN_SIZE = 24,  /* bytes of a kMandarin: one reading, or two */
    EACC_JAPANESE = 0x69 /* from this plane on, places say nothing of forms */
};

static struct unihan_pair pairs[PAIRS_MOST];
static size_t pair_count;
static bool in_general_standard[CHARACTERS];
static char mandarin[CHARACTERS][MANDARIN_SIZE];

/* A character's place, the same for all forms of it. */
struct place {
    uint32_t key;
    uint16_t character;
};

static struct place places[CHARACTERS];
static size_t place_count;

static _Noreturn void fail(const char *why) {
    fprintf(stderr, "fold-table-generator: Unihan: %s\n", why);
    exit(1);
}

static void add_pair(uint32_t one, uint32_t other) {
    if (one == other || other >= CHARACTERS)
        return;
    if (pair_count == PAIRS_MOST)
        fail("too many variants");
    pairs[pair_count++] = (struct unihan_pair){(uint16_t)one, (uint16_t)other};
}

/* "U+540C<kMatthews U+8855": what stands behind '<' are the sources. */
static void add_variants(uint32_t character, char *value) {
    for (char *word = strtok(value, " \n"); word; word = strtok(NULL, " \n"))
        if (strncmp(word, "U+", 2) == 0)
            add_pair(character, (uint32_t)strtoul(word + 2, NULL, 16));
}

static void add_place(uint32_t character, const char *value) {
    enum { FIRST_PLANE = 0x21, LAYER = 6 };
    uint32_t code = (uint32_t)strtoul(value, NULL, 16), plane = code >> 16;
    if (plane < FIRST_PLANE || plane >= EACC_JAPANESE)
        return;
    if (place_count == CHARACTERS)
        fail("too many characters in EACC");
    places[place_count++] =
        (struct place){(plane - FIRST_PLANE) % LAYER << 16 | (code & 0xFFFF), (uint16_t)character};
}

static void take(uint32_t character, const char *field, char *value) {
    if (strcmp(field, "kSemanticVariant") == 0 || strcmp(field, "kZVariant") == 0) {
        add_variants(character, value);
    } else if (strcmp(field, "kEACC") == 0) {
        add_place(character, value);
    } else if (strcmp(field, "kTGH") == 0) {
        in_general_standard[character] = true;
    } else if (strcmp(field, "kMandarin") == 0) {
        size_t size = strcspn(value, "\n");
        if (size >= MANDARIN_SIZE)
            fail("a kMandarin is too long");
        memcpy(mandarin[character], value, size);
    }
}

static int by_key(const void *a, const void *b) {
    const struct place *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

static void pair_places(void) {
    qsort(places, place_count, sizeof *places, by_key);
    for (size_t i = 0; i < place_count; i++)
        for (size_t k = i + 1; k < place_count && places[k].key == places[i].key; k++)
            add_pair(places[i].character, places[k].character);
}

/* Whether the word of `size` bytes is one of the words of list, between single spaces. */
static bool has_word(const char *list, const char *word, size_t size) {
    for (const char *at = list; *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        if (length == size && memcmp(at, word, size) == 0)
            return true;
        at += length;
    }
    return false;
}

static bool have_reading_in_common(const struct unihan_pair *pair) {
    for (const char *at = mandarin[pair->one]; *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        if (has_word(mandarin[pair->other], at, length))
            return true;
        at += length;
    }
    return false;
}

void unihan_read(FILE *in) {
    static char line[4096];
    size_t read = 0;
    while (fgets(line, sizeof line, in)) {
        char *field = strchr(line, '\t'), *value = field ? strchr(field + 1, '\t') : NULL;
        if (strncmp(line, "U+", 2) != 0 || !value)
            continue;
        uint32_t character = (uint32_t)strtoul(line + 2, NULL, 16);
        *value = '\0';
        if (character < CHARACTERS)
            take(character, field + 1, value + 1);
    }
    pair_places();
    for (size_t i = 0; i < pair_count; i++)
        if (have_reading_in_common(&pairs[i]))
            pairs[read++] = pairs[i];
    pair_count = read;
    if (pair_count == 0 || place_count == 0)
        fail("there are no variants on standard input");
}

const struct unihan_pair *unihan_pairs(size_t *count) {
    *count = pair_count;
    return pairs;
}

bool unihan_in_general_standard(uint32_t c) {
    return c < CHARACTERS && in_general_standard[c];
}
