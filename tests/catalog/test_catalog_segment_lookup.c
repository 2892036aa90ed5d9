/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ids and frequencies in a segment, with documents deleted and without. */
#include "collection_support.h"

#include <stdio.h>

#include "catalog/segment_lookup.h"

/* Ids whose hashes have the same upper halves, found by trying: the two of a row, and no others. */
enum { PAIRS = 5 };
static const unsigned pairs[PAIRS][2] = {
    {354281, 520062}, {193541, 438321}, {209749, 219248}, {98043, 289543}, {87856, 568881}};

enum { PLAIN = 400, DOCUMENTS = 3000 };

static xunzi_string id_of(unsigned number, char text[32]) {
    return (xunzi_string){text, (size_t)snprintf(text, 32, "id-%u", number)};
}

/* The one segment of a collection that is sealed at once. */
static struct segment *open_segment(const char *path) {
    char file[4200];
    struct segment *segment;
    snprintf(file, sizeof file, "%s/000001.seg", path);
    assert_ok(segment_open(file, &segment));
    return segment;
}

static xunzi_writer *open_sealing_writer(const char *path) {
    collection_live_most = 0;
    xunzi_writer *writer = open_writer(path, XUNZI_PROFILE_BIGRAM);
    collection_live_most = UINT64_MAX;
    return writer;
}

static void add_id(xunzi_writer *writer, unsigned number) {
    char id[32];
    const xunzi_document document = {.id = id_of(number, id), .body = TEXT("正文")};
    assert_ok(xunzi_writer_add(writer, &document));
}

/* The number of an id's document; UINT32_MAX: there is none. */
static uint32_t find(const struct segment *segment, const struct deletions *deleted,
                     struct texts_reader *texts, unsigned number) {
    char id[32];
    uint32_t document = UINT32_MAX;
    xunzi_status status = segment_find_id(segment, deleted, texts, id_of(number, id), &document);
    assert_int_equal(status, document == UINT32_MAX ? XUNZI_END : XUNZI_OK);
    return document;
}

/* Of the pairs, both in the segment for i even, the first one for i odd. They stand behind the
 * plain ids. */
static void test_ids(void **state) {
    const char *path = in_folder(state, "c");
    xunzi_writer *writer = open_sealing_writer(path);
    for (unsigned i = 0; i < PLAIN; i++)
        add_id(writer, i);
    uint32_t at = PLAIN, places[PAIRS][2];
    for (unsigned i = 0; i < PAIRS; i++)
        for (unsigned k = 0; k < 2; k++) {
            places[i][k] = k == 0 || i % 2 == 0 ? at++ : UINT32_MAX;
            if (places[i][k] != UINT32_MAX)
                add_id(writer, pairs[i][k]);
        }
    assert_ok(xunzi_writer_commit(writer));
    xunzi_writer_close(writer);
    struct segment *segment = open_segment(path);
    struct texts_reader texts = {0};
    struct deletions *deleted;
    assert_int_equal(segment->header.documents, at);
    for (unsigned i = 0; i < PLAIN; i++)
        assert_int_equal(find(segment, NULL, &texts, i), i);
    assert_int_equal(find(segment, NULL, &texts, PLAIN), UINT32_MAX);
    for (unsigned i = 0; i < PAIRS; i++) {
        char one[32], other[32];
        assert_int_equal(segment_id_hash(id_of(pairs[i][0], one)) >> 32,
                         segment_id_hash(id_of(pairs[i][1], other)) >> 32);
        for (unsigned k = 0; k < 2; k++)
            assert_int_equal(find(segment, NULL, &texts, pairs[i][k]), places[i][k]);
    }
    /* A deleted document does not hide the other one of its pair. */
    assert_true(deletions_new(segment->header.documents, &deleted));
    deletions_add(deleted, 7);
    for (unsigned i = 0; i < PAIRS; i++)
        deletions_add(deleted, places[i][0]);
    assert_int_equal(find(segment, deleted, &texts, 7), UINT32_MAX);
    assert_int_equal(find(segment, deleted, &texts, 8), 8);
    for (unsigned i = 0; i < PAIRS; i++) {
        assert_int_equal(find(segment, deleted, &texts, pairs[i][0]), UINT32_MAX);
        assert_int_equal(find(segment, deleted, &texts, pairs[i][1]), places[i][1]);
    }
    deletions_free(deleted);
    texts_reader_free(&texts);
    segment_close(segment);
}

struct seen_pairs {
    size_t own, others;
};

static bool see_pair(void *context, uint32_t left, uint32_t right) {
    struct seen_pairs *seen = context;
    if (left == right)
        seen->own++;
    else
        seen->others++;
    return true;
}

/* Matched with itself a segment has each document once, and either of two that collide twice. */
static void test_matching_ids(void **state) {
    const char *path = in_folder(state, "c");
    xunzi_writer *writer = open_sealing_writer(path);
    for (unsigned i = 0; i < PLAIN; i++)
        add_id(writer, i);
    for (unsigned i = 0; i < PAIRS; i++)
        for (unsigned k = 0; k < 2; k++)
            add_id(writer, pairs[i][k]);
    assert_ok(xunzi_writer_commit(writer));
    xunzi_writer_close(writer);
    struct segment *segment = open_segment(path);
    struct seen_pairs seen = {0};
    segment_match_ids(segment, segment, see_pair, &seen);
    assert_int_equal(seen.own, PLAIN + 2 * PAIRS);
    assert_int_equal(seen.others, 2 * PAIRS);
    segment_close(segment);
}

/* ---- frequencies ---- */

static const unsigned divisors[] = {1, 2, 3, 7, 50, 1000, 2999};
enum { DIVISORS = sizeof divisors / sizeof *divisors };

static void add_numbers(const char *path) {
    xunzi_writer *writer = open_sealing_writer(path);
    for (unsigned i = 0; i < DOCUMENTS; i++) {
        char id[32], body[256] = "";
        size_t size = 0;
        for (size_t d = 0; d < DIVISORS; d++)
            if (i % divisors[d] == 0)
                size += (size_t)snprintf(body + size, sizeof body - size, "by%u ", divisors[d]);
        const xunzi_document document = {.id = id_of(i, id), .body = xunzi_string_of(body)};
        assert_ok(xunzi_writer_add(writer, &document));
    }
    assert_ok(xunzi_writer_commit(writer));
    xunzi_writer_close(writer);
}

static void check_frequencies(const struct segment *segment, const struct deletions *deleted) {
    struct postings_list list;
    for (size_t d = 0; d < DIVISORS; d++) {
        char term[16];
        uint32_t expected = 0, count;
        for (uint32_t i = 0; i < DOCUMENTS; i += divisors[d])
            expected += !deletions_has(deleted, i);
        int size = snprintf(term, sizeof term, "by%u", divisors[d]);
        assert_ok(segment_find_counted(segment, deleted, (xunzi_string){term, (size_t)size}, &list,
                                       &count));
        assert_int_equal(count, expected);
    }
    uint32_t count = 1;
    assert_ok(segment_find_counted(segment, deleted, TEXT("none"), &list, &count));
    assert_int_equal(count, 0);
}

/* From none to all of the documents deleted, so that either is looked for among the other. */
static void test_frequencies(void **state) {
    const char *path = in_folder(state, "c");
    add_numbers(path);
    struct segment *segment = open_segment(path);
    struct deletions *deleted;
    check_frequencies(segment, NULL);
    for (unsigned start = 0; start < 2; start++) {
        assert_true(deletions_new(DOCUMENTS, &deleted));
        check_frequencies(segment, deleted);
        deletions_add(deleted, start == 0 ? 0 : DOCUMENTS - 1);
        check_frequencies(segment, deleted);
        for (uint32_t step = 1000; step > 0; step = step * 2 / 3) {
            for (uint32_t i = start; i < DOCUMENTS; i += step)
                deletions_add(deleted, i);
            check_frequencies(segment, deleted);
        }
        deletions_add(deleted, 0);
        assert_int_equal(deleted->count, DOCUMENTS);
        deletions_free(deleted);
    }
    segment_close(segment);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ids, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_matching_ids, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_frequencies, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
