/* SPDX-License-Identifier: GPL-2.0-or-later */
/* segment/dictionary: every term is found, nothing else is, and damage does no harm. */
#include "segment_support.h"

#include <stdlib.h>

enum { TERMS_MOST = 3000 };

struct sample {
    char names[TERMS_MOST][DICTIONARY_TERM_MOST];
    size_t sizes[TERMS_MOST];
    struct dictionary_entry entries[TERMS_MOST];
    size_t count;
    uint8_t *groups, *index;
    struct dictionary dictionary;
};

/* The next name, behind the one before: grown, or the last byte that can be is made larger. */
static size_t next_name(struct random *random, char *name, size_t size) {
    if (size == 0 || (size < 130 && random_below(random, 3) == 0)) {
        size_t more = random_below(random, 30) ? 1 + random_below(random, 3) : 128;
        for (size_t i = 0; i < more && size < DICTIONARY_TERM_MOST; i++)
            name[size++] = (char)(1 + random_below(random, 255));
        return size;
    }
    if (random_below(random, 4) == 0)
        size = 1 + random_below(random, (uint32_t)size);
    while (size > 0 && (uint8_t)name[size - 1] == 0xFF)
        size--;
    assert_true(size > 0);
    name[size - 1]++;
    return size;
}

static uint8_t *exact_copy(const struct buffer *buffer) {
    uint8_t *copy = malloc(buffer->size ? buffer->size : 1);
    assert_non_null(copy);
    if (buffer->size > 0)
        memcpy(copy, buffer->data, buffer->size);
    return copy;
}

static struct sample *make_sample(uint64_t seed, size_t count) {
    struct random random = {seed};
    struct dictionary_writer writer = {0};
    struct sample *sample = calloc(1, sizeof *sample);
    assert_non_null(sample);
    char name[DICTIONARY_TERM_MOST] = {0};
    size_t size = 0;
    uint64_t postings_at = 0, positions_at = 0;
    name[0] = 1;
    for (size_t t = 0; t < count; t++) {
        size = next_name(&random, name, t == 0 ? 1 : size);
        if ((uint8_t)name[0] == 0xFF)
            break;
        struct dictionary_entry *entry = &sample->entries[t];
        entry->postings_at = postings_at;
        entry->positions_at = positions_at;
        entry->count = random_below(&random, 50) ? 1 + random_below(&random, 200) : UINT32_MAX;
        entry->postings_size =
            random_below(&random, 50) ? random_below(&random, 400) : UINT64_C(1) << 40;
        entry->has_positions = random_below(&random, 2);
        entry->positions_size = entry->has_positions ? random_below(&random, 400) : 0;
        entry->bound = (uint8_t)random_next(&random);
        postings_at += entry->postings_size;
        positions_at += entry->positions_size;
        memcpy(sample->names[t], name, size);
        sample->sizes[t] = size;
        sample->count++;
        assert_true(dictionary_add(&writer, name, size, entry));
    }
    sample->groups = exact_copy(&writer.groups);
    sample->index = exact_copy(&writer.index);
    assert_true(dictionary_open(&sample->dictionary, sample->groups, writer.groups.size,
                                sample->index, writer.index.size, sample->count));
    dictionary_writer_free(&writer);
    return sample;
}

static void free_sample(struct sample *sample) {
    free(sample->groups);
    free(sample->index);
    free(sample);
}

static void assert_same_entry(const struct dictionary_entry *a, const struct dictionary_entry *b) {
    assert_int_equal(a->postings_at, b->postings_at);
    assert_int_equal(a->positions_at, b->positions_at);
    assert_int_equal(a->postings_size, b->postings_size);
    assert_int_equal(a->positions_size, b->positions_size);
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->bound, b->bound);
    assert_int_equal(a->has_positions, b->has_positions);
}

static void test_finds_and_walks(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed < 60; seed++) {
        struct sample *sample = make_sample(seed, seed < 50 ? seed : TERMS_MOST);
        struct dictionary_walk walk;
        struct dictionary_entry entry;
        dictionary_walk_begin(&walk, &sample->dictionary);
        for (size_t t = 0; t < sample->count; t++) {
            assert_ok(dictionary_walk_next(&walk));
            assert_int_equal(walk.size, sample->sizes[t]);
            assert_memory_equal(walk.term, sample->names[t], walk.size);
            assert_same_entry(&sample->entries[t], &walk.entry);
            assert_ok(
                dictionary_find(&sample->dictionary, sample->names[t], sample->sizes[t], &entry));
            assert_same_entry(&sample->entries[t], &entry);
        }
        assert_int_equal(dictionary_walk_next(&walk), XUNZI_END);
        free_sample(sample);
    }
}

/* Names around those that there are. */
static void test_finds_nothing_else(void **state) {
    (void)state;
    struct random random = {77};
    struct sample *sample = make_sample(3, TERMS_MOST);
    struct dictionary_entry entry;
    for (int round = 0; round < 20000; round++) {
        char name[DICTIONARY_TERM_MOST + 1];
        size_t t = random_below(&random, (uint32_t)sample->count), size = sample->sizes[t];
        memcpy(name, sample->names[t], size);
        if (random_below(&random, 3) == 0)
            name[size++] = (char)random_next(&random);
        else if (size > 1 && random_below(&random, 2))
            size--;
        else
            name[random_below(&random, (uint32_t)size)] = (char)random_next(&random);
        size_t low = 0, high = sample->count;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (bytes_compare(sample->names[middle], sample->sizes[middle], name, size) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        bool there = low < sample->count &&
                     bytes_compare(sample->names[low], sample->sizes[low], name, size) == 0;
        assert_int_equal(dictionary_find(&sample->dictionary, name, size, &entry),
                         there ? XUNZI_OK : XUNZI_END);
        struct dictionary_walk walk; /* and a walk begins behind it */
        assert_int_equal(dictionary_walk_seek(&walk, &sample->dictionary, name, size),
                         low < sample->count ? XUNZI_OK : XUNZI_END);
        if (low < sample->count) {
            assert_int_equal(walk.size, sample->sizes[low]);
            assert_memory_equal(walk.term, sample->names[low], walk.size);
            assert_same_entry(&sample->entries[low], &walk.entry);
        }
    }
    assert_int_equal(dictionary_find(&sample->dictionary, "", 0, &entry), XUNZI_END);
    free_sample(sample);
}

static void test_empty(void **state) {
    (void)state;
    struct dictionary dictionary;
    struct dictionary_walk walk;
    struct dictionary_entry entry;
    assert_true(dictionary_open(&dictionary, (const uint8_t *)"", 0, (const uint8_t *)"", 0, 0));
    assert_int_equal(dictionary_find(&dictionary, "a", 1, &entry), XUNZI_END);
    dictionary_walk_begin(&walk, &dictionary);
    assert_int_equal(dictionary_walk_next(&walk), XUNZI_END);
    assert_false(dictionary_open(&dictionary, (const uint8_t *)"", 0, (const uint8_t *)"", 0, 1));
    assert_false(
        dictionary_open(&dictionary, (const uint8_t *)"", 0, (const uint8_t *)"", 0, UINT64_MAX));
    assert_false(dictionary_open(&dictionary, (const uint8_t *)"", 0,
                                 (const uint8_t *)"123456789012345", 15, 1));
}

static void test_damaged(void **state) {
    (void)state;
    struct random random = {5};
    for (int round = 0; round < 2000; round++) {
        struct sample *sample = make_sample(1 + (uint64_t)round % 7, 100);
        for (uint32_t changes = 1 + random_below(&random, 3); changes > 0; changes--) {
            if (random_below(&random, 4) == 0)
                sample->index[random_below(
                    &random, (uint32_t)(DICTIONARY_ROW * sample->dictionary.group_count))] =
                    (uint8_t)random_next(&random);
            else
                sample->groups[random_below(&random, (uint32_t)sample->dictionary.groups_size)] =
                    (uint8_t)random_next(&random);
        }
        if (random_below(&random, 4) == 0)
            sample->dictionary.groups_size =
                random_below(&random, (uint32_t)sample->dictionary.groups_size);
        struct dictionary_walk walk;
        struct dictionary_entry entry;
        size_t walked = 0;
        dictionary_walk_begin(&walk, &sample->dictionary);
        while (dictionary_walk_next(&walk) == XUNZI_OK)
            walked++;
        assert_true(walked <= sample->count);
        for (size_t t = 0; t < sample->count; t++)
            dictionary_find(&sample->dictionary, sample->names[t], sample->sizes[t], &entry);
        free_sample(sample);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_and_walks),
        cmocka_unit_test(test_finds_nothing_else),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
