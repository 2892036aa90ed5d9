/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The manifest: what is written is what is read, only what changed is written, and what makes no
 * sense is refused. */
#include "collection_support.h"

#include <stdio.h>

#include "catalog/manifest.h"

/* A database of its own, in the test's folder. */
static xapian_database *new_database(void **state, const char *name) {
    xapian_database *database;
    assert_xapian_ok(
        xapian_database_open_writable(in_folder(state, name), XAPIAN_DB_CREATE, 8192, &database));
    return database;
}

static void append(struct manifest *manifest, uint32_t number, uint32_t documents) {
    const struct manifest_segment segment = {
        .number = number, .documents = documents, .identity = UINT32_MAX - number};
    assert_true(manifest_append(manifest, &segment));
}

static void delete (struct manifest *manifest, size_t i, uint32_t document, uint32_t length) {
    bool added;
    assert_true(manifest_delete(&manifest->segments[i], document, length, &added));
    assert_true(added);
    assert_true(manifest_delete(&manifest->segments[i], document, length, &added));
    assert_false(added);
}

static void assert_equal_manifests(const struct manifest *expected, const struct manifest *actual) {
    assert_int_equal(expected->profile, actual->profile);
    assert_int_equal(expected->next_number, actual->next_number);
    assert_int_equal(expected->count, actual->count);
    for (size_t i = 0; i < expected->count; i++) {
        const struct manifest_segment *a = &expected->segments[i], *b = &actual->segments[i];
        assert_int_equal(a->number, b->number);
        assert_int_equal(a->documents, b->documents);
        assert_int_equal(a->identity, b->identity);
        assert_int_equal(a->deleted_length, b->deleted_length);
        assert_int_equal(a->deleted ? a->deleted->count : 0, b->deleted ? b->deleted->count : 0);
        for (uint32_t d = 0; d < a->documents; d++)
            assert_int_equal(deletions_has(a->deleted, d), deletions_has(b->deleted, d));
    }
}

static void assert_stored(xapian_database *database, const struct manifest *expected) {
    struct manifest read;
    bool found;
    assert_ok(manifest_read(database, "here", &found, &read));
    assert_true(found);
    assert_equal_manifests(expected, &read);
    manifest_free(&read);
}

static size_t count_keys(xapian_database *database, const char *prefix) {
    xapian_term_iterator *keys;
    size_t count = 0;
    assert_xapian_ok(xapian_database_metadata_keys(database, prefix, strlen(prefix), &keys));
    while (xapian_term_iterator_next(keys) == XAPIAN_OK)
        count++;
    xapian_term_iterator_free(keys);
    return count;
}

static void test_an_empty_database_has_none(void **state) {
    xapian_database *database = new_database(state, "empty");
    struct manifest read;
    bool found = true;
    assert_ok(manifest_read(database, "here", &found, &read));
    assert_false(found);
    xapian_database_free(database);
}

static void test_states_one_after_the_other(void **state) {
    xapian_database *database = new_database(state, "states");
    struct manifest before = {.profile = XUNZI_PROFILE_BIGRAM, .next_number = 1}, now = {0};
    assert_ok(manifest_write(database, "here", &before, NULL));
    assert_stored(database, &before);

    assert_true(manifest_copy(&before, &now));
    append(&now, 1, 200000);
    append(&now, 3, 1);
    now.next_number = 4;
    delete (&now, 0, 0, 10);
    delete (&now, 0, 65535, 0);
    delete (&now, 0, 65536, 7);
    delete (&now, 0, 199999, 100);
    assert_int_equal(now.segments[0].deleted_length, 117);
    assert_int_equal(manifest_documents(&now), 199997);
    assert_ok(manifest_write(database, "here", &now, &before));
    assert_stored(database, &now);
    assert_int_equal(count_keys(database, "xunzi.deleted."), 3); /* chunk 2 has none */

    /* A chunk that is mostly deleted is stored as bits; one more deletion rewrites it alone. */
    assert_true(manifest_copy(&now, &before));
    for (uint32_t d = 1; d < 30000; d++)
        delete (&now, 0, d, 1);
    delete (&now, 1, 0, 5);
    assert_ok(manifest_write(database, "here", &now, &before));
    assert_stored(database, &now);
    assert_int_equal(count_keys(database, "xunzi.deleted.1."), 3);
    assert_int_equal(count_keys(database, "xunzi.deleted.3."), 1);

    /* Two segments become one: nothing of the old ones' deletions stays. */
    assert_true(manifest_copy(&now, &before));
    const struct manifest_segment merged = {.number = 4, .documents = 169997};
    manifest_splice(&now, 0, 2, &merged);
    now.next_number = 5;
    assert_int_equal(now.count, 1);
    assert_ok(manifest_write(database, "here", &now, &before));
    assert_stored(database, &now);
    assert_int_equal(count_keys(database, "xunzi.deleted."), 0);

    assert_true(manifest_copy(&now, &before));
    manifest_splice(&now, 0, 1, NULL);
    assert_ok(manifest_write(database, "here", &now, &before));
    assert_stored(database, &now);
    manifest_free(&before);
    manifest_free(&now);
    xapian_database_free(database);
}

static void test_splice_keeps_the_order(void **state) {
    (void)state;
    struct manifest manifest = {.next_number = 9};
    for (uint32_t number = 1; number <= 5; number++)
        append(&manifest, number, number * 10);
    const struct manifest_segment merged = {.number = 9, .documents = 50};
    manifest_splice(&manifest, 1, 3, &merged);
    assert_int_equal(manifest.count, 3);
    assert_int_equal(manifest.segments[0].number, 1);
    assert_int_equal(manifest.segments[1].number, 9);
    assert_int_equal(manifest.segments[2].number, 5);
    manifest_free(&manifest);
}

static void assert_refused(xapian_database *database, const char *key, const char *value,
                           size_t size, xunzi_status expected) {
    xapian_string kept = XAPIAN_STRING_INIT;
    struct manifest read;
    bool found;
    assert_xapian_ok(xapian_database_get_metadata(database, key, strlen(key), &kept));
    assert_xapian_ok(xapian_database_set_metadata(database, key, strlen(key), value, size));
    assert_status(expected, manifest_read(database, "/a/collection", &found, &read));
    assert_non_null(strstr(xunzi_error_message(), "/a/collection"));
    assert_int_equal(read.count, 0);
    assert_xapian_ok(
        xapian_database_set_metadata(database, key, strlen(key), kept.data, kept.size));
    xapian_string_free(&kept);
}

static void test_what_makes_no_sense(void **state) {
    xapian_database *database = new_database(state, "damaged");
    struct manifest manifest = {.next_number = 3};
    append(&manifest, 1, 100);
    append(&manifest, 2, 100);
    delete (&manifest, 0, 7, 1);
    delete (&manifest, 0, 8, 1);
    assert_ok(manifest_write(database, "here", &manifest, NULL));
    assert_stored(database, &manifest);
    const xunzi_status corrupt = XUNZI_ERROR_CORRUPT;
    assert_refused(database, "xunzi.format", "x", 1, corrupt);
    assert_refused(database, "xunzi.format", "0", 1, corrupt);
    assert_refused(database, "xunzi.format", "3", 1, XUNZI_ERROR_NEWER_FORMAT);
    assert_refused(database, "xunzi.profile", "tiny", 4, corrupt);
    assert_refused(database, "xunzi.profile", "", 0, corrupt);
    assert_refused(database, "xunzi.segments", "\x03", 1, corrupt);         /* no count */
    assert_refused(database, "xunzi.segments", "\x03\x01\x01", 3, corrupt); /* cut */
    assert_refused(database, "xunzi.segments", "\x03\x7F", 2, corrupt);     /* too many */
    assert_refused(database, "xunzi.segments", "\x03\x01\x03\x64\x00\x00\x00", 7,
                   corrupt); /* not given out yet */
    assert_refused(database, "xunzi.segments", "\x03\x01\x01\x00\x00\x00\x00", 7,
                   corrupt); /* empty */
    assert_refused(database, "xunzi.segments", "\x03\x01\x01\x02\x00\x03\x00", 7,
                   corrupt); /* more deleted than there are */
    assert_refused(database, "xunzi.segments", "\x03\x01\x02\x64\x00\x00\x00\x00", 8,
                   corrupt); /* more behind */
    assert_refused(database, "xunzi.segments", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10,
                   corrupt);
    assert_refused(database, "xunzi.deleted.1.0", "", 0, corrupt);                 /* none of two */
    assert_refused(database, "xunzi.deleted.1.0", "\x07\x00", 2, corrupt);         /* one of two */
    assert_refused(database, "xunzi.deleted.1.0", "\x07\x00\x07\x00", 4, corrupt); /* twice */
    assert_refused(database, "xunzi.deleted.1.0", "\x07\x00\x64\x00", 4,
                   corrupt); /* behind the last */
    assert_refused(database, "xunzi.deleted.1.0", "\x07\x00\x08", 3, corrupt);
    assert_stored(database, &manifest);
    manifest_free(&manifest);
    xapian_database_free(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_an_empty_database_has_none, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_states_one_after_the_other, make_folder,
                                        remove_folder),
        cmocka_unit_test(test_splice_keeps_the_order),
        cmocka_unit_test_setup_teardown(test_what_makes_no_sense, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
