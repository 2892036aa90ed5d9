/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Damaged and hostile segment files. Every damage is found, by opening or by verifying; and reading
 * a file as it stands gives errors or answers, whatever is in it, with right checksums or wrong.
 */
#include "segment_support.h"

#include <stdio.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { DOCUMENTS = 20, TERMS = 40 };

static struct {
    struct model model;
    uint8_t *bytes;
    size_t size;
    struct segment_header header;
} good;

static int set_up(void **state) {
    struct segment *segment;
    if (make_folder(state) != 0)
        return -1;
    model_make(&good.model, 31, DOCUMENTS, TERMS);
    model_write(&good.model, 0, DOCUMENTS, NULL, in_folder("good"));
    assert_ok(segment_open(in_folder("good"), &segment));
    good.header = segment->header;
    segment_close(segment);
    good.bytes = file_read(in_folder("good"), &good.size);
    return 0;
}

static int tear_down(void **state) {
    free(good.bytes);
    model_free(&good.model);
    return remove_folder(state);
}

static void walk_list(const struct segment *segment, const struct postings_list *list) {
    struct postings_cursor cursor;
    struct position_list positions = {0};
    if (postings_open(&cursor, list))
        for (postings_next_geq(&cursor, 0); cursor.document != POSTINGS_END;
             postings_next(&cursor)) {
            assert_true(cursor.document < segment->header.documents);
            postings_wdf(&cursor);
            positions.count = 0;
            postings_positions(&cursor, &positions);
        }
    free(positions.items);
}

static void walk_terms(const struct segment *segment) {
    struct dictionary_walk walk;
    struct postings_list list;
    uint64_t terms = 0;
    for (dictionary_walk_begin(&walk, &segment->dictionary);
         terms < 10000 && dictionary_walk_next(&walk) == XUNZI_OK; terms++)
        if (segment_list(segment, &walk.entry, &list))
            walk_list(segment, &list);
    for (size_t t = 0; t < good.model.term_count; t++)
        if (segment_find_term(segment, good.model.terms[t].data, good.model.terms[t].size, &list) ==
            XUNZI_OK)
            walk_list(segment, &list);
}

static void walk_documents(const struct segment *segment) {
    struct texts_reader reader = {0};
    struct document_edits edits = {0};
    uint32_t documents = segment->header.documents < 100 ? segment->header.documents : 100;
    for (uint32_t d = 0; d < documents; d++) {
        xunzi_document document;
        xunzi_string source;
        texts_read(&reader, segment, d, &document, &edits);
        segment_source(segment, d, &source);
        segment_length(segment, d);
        segment_date(segment, d);
    }
    texts_reader_free(&reader);
    document_edits_free(&edits);
}

/* Opens, verifies and walks the bytes; whether the damage was found. */
static bool found(const uint8_t *bytes, size_t size) {
    struct segment *segment;
    file_write(in_folder("damaged"), bytes, size);
    if (segment_open(in_folder("damaged"), &segment) != XUNZI_OK) {
        assert_true(strlen(xunzi_error_message()) > 20);
        return true;
    }
    bool sound = segment_verify(segment) == XUNZI_OK;
    walk_terms(segment);
    walk_documents(segment);
    segment_close(segment);
    return !sound;
}

static void test_every_byte(void **state) {
    (void)state;
    assert_false(found(good.bytes, good.size));
    uint8_t *bytes = malloc(good.size);
    assert_non_null(bytes);
    memcpy(bytes, good.bytes, good.size);
    for (size_t i = 0; i < good.size; i++)
        for (int change = 0; change < 2; change++) {
            bytes[i] ^= (uint8_t)(change ? 0xFF : 1 << i % 8);
            if (!found(bytes, good.size))
                fail_msg("byte %zu changed, and nobody noticed", i);
            bytes[i] = good.bytes[i];
        }
    free(bytes);
}

static void test_every_length(void **state) {
    (void)state;
    struct segment *segment;
    uint8_t *longer = calloc(good.size + 9, 1);
    assert_non_null(longer);
    memcpy(longer, good.bytes, good.size);
    for (size_t size = 0; size <= good.size + 9; size++) {
        file_write(in_folder("cut"), longer, size);
        if (size == good.size)
            continue;
        assert_corrupt(segment_open(in_folder("cut"), &segment)); /* opening alone tells */
    }
    free(longer);
}

/* ---- with right checksums ---- */

/* Sets the hashes of the sections and the header right, as a hostile writer would. */
static void seal(uint8_t *bytes) {
    struct segment_header header = good.header;
    for (size_t s = 0; s < SEGMENT_SECTIONS; s++)
        header.sections[s].hash =
            XXH3_64bits(bytes + header.sections[s].begin, header.sections[s].size);
    segment_header_write(&header, bytes);
}

/* Each byte changed, and sealed anew (of the texts, which have checksums of their own, some). What
 * may be missed is another list that makes sense: another position, a larger bound. */
static void test_every_byte_sealed(void **state) {
    (void)state;
    size_t missed[SEGMENT_SECTIONS] = {0};
    uint8_t *bytes = malloc(good.size);
    assert_non_null(bytes);
    for (size_t s = 0; s < SEGMENT_SECTIONS; s++) {
        size_t begin = good.header.sections[s].begin, size = good.header.sections[s].size;
        for (size_t i = begin; i < begin + size; i += s == SEGMENT_TEXTS ? 16 : 1) {
            memcpy(bytes, good.bytes, good.size);
            bytes[i] ^= (uint8_t)(1 << i % 8);
            seal(bytes);
            missed[s] += !found(bytes, good.size);
        }
    }
    assert_int_equal(missed[SEGMENT_TEXTS], 0);
    assert_int_equal(missed[SEGMENT_TEXT_INDEX], 0);
    assert_int_equal(missed[SEGMENT_LENGTHS], 0);
    assert_int_equal(missed[SEGMENT_DATES], 0);
    assert_int_equal(missed[SEGMENT_SOURCES], 0);
    assert_int_equal(missed[SEGMENT_SOURCE_NAMES], 0);
    assert_int_equal(missed[SEGMENT_FINGERPRINTS], 0);
    assert_int_equal(missed[SEGMENT_IDS], 0);
    assert_int_equal(missed[SEGMENT_TERM_INDEX], 0);
    free(bytes);
}

static void test_random_damage_sealed(void **state) {
    (void)state;
    struct random random = {17};
    uint8_t *bytes = malloc(good.size);
    assert_non_null(bytes);
    for (int round = 0; round < 800; round++) {
        memcpy(bytes, good.bytes, good.size);
        for (uint32_t changes = 1 + random_below(&random, 6); changes > 0; changes--) {
            size_t s = random_below(&random, SEGMENT_SECTIONS);
            size_t begin = good.header.sections[s].begin, size = good.header.sections[s].size;
            if (size > 0)
                bytes[begin + random_below(&random, (uint32_t)size)] =
                    random_below(&random, 3) ? (uint8_t)random_next(&random) : 0xFF;
        }
        seal(bytes);
        found(bytes, good.size);
    }
    free(bytes);
}

/* Headers that are sealed and lie. */
static void test_lying_headers(void **state) {
    (void)state;
    struct random random = {19};
    uint8_t *bytes = malloc(good.size);
    assert_non_null(bytes);
    for (int round = 0; round < 2000; round++) {
        struct segment_header header = good.header;
        uint64_t *const numbers[] = {
            &header.terms, &header.postings, &header.total_length,
            &header.sections[random_below(&random, SEGMENT_SECTIONS)].begin,
            &header.sections[random_below(&random, SEGMENT_SECTIONS)].size};
        uint64_t value = random_below(&random, 2) ? random_next(&random)
                                                  : (uint64_t)0 - random_below(&random, 64);
        if (random_below(&random, 4) == 0)
            header.documents =
                random_below(&random, 2) ? (uint32_t)value : random_below(&random, 60);
        else
            *numbers[random_below(&random, 5)] =
                random_below(&random, 3) ? value : random_below(&random, (uint32_t)good.size + 1);
        if (memcmp(&header, &good.header, sizeof header) == 0)
            continue;
        memcpy(bytes, good.bytes, good.size);
        segment_header_write(&header, bytes);
        assert_true(found(bytes, good.size));
    }
    free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_byte, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_length, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_byte_sealed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_random_damage_sealed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lying_headers, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
