/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening databases in all ways, searching several as one, and their statistics.
 */
#define _XOPEN_SOURCE 700

#include "support.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void test_opening_what_is_not_there(void **state) {
    xapian_database *database = (xapian_database *)state;
    assert_status(XAPIAN_ERROR_DATABASE_NOT_FOUND,
                  xapian_database_open(in_folder(state, "none"), 0, &database));
    assert_null(database);
    assert_non_null(strstr(xapian_error_message(), "none"));
    assert_non_null(strstr(xapian_error_message(), "xapian_database_open"));
    assert_status(
        XAPIAN_ERROR_DATABASE_NOT_FOUND,
        xapian_database_open_writable(in_folder(state, "none"), XAPIAN_DB_OPEN, 0, &database));
    assert_null(database);
}

static void test_creating_modes(void **state) {
    const char *path = in_folder(state, "db");
    xapian_database *database = NULL;
    xapian_doccount count = 99;

    assert_ok(xapian_database_open_writable(path, XAPIAN_DB_CREATE, 4096, &database));
    assert_true(xapian_database_is_writable(database));
    add_words(database, "one", "a b");
    assert_ok(xapian_database_commit(database));
    xapian_database_free(database);

    assert_status(XAPIAN_ERROR_DATABASE_CREATE,
                  xapian_database_open_writable(path, XAPIAN_DB_CREATE, 0, &database));
    assert_null(database);
    assert_ok(xapian_database_open_writable(path, XAPIAN_DB_CREATE_OR_OPEN, 0, &database));
    assert_ok(xapian_database_document_count(database, &count));
    assert_int_equal(1, count);
    xapian_database_free(database);
    assert_ok(xapian_database_open_writable(path, XAPIAN_DB_CREATE_OR_OVERWRITE, 0, &database));
    assert_ok(xapian_database_document_count(database, &count));
    assert_int_equal(0, count);
    xapian_database_free(database);
}

static void test_write_lock(void **state) {
    const char *path = in_folder(state, "db");
    xapian_database *writer = NULL;
    xapian_database *second = NULL;
    xapian_database *reader = NULL;
    bool locked = false;

    assert_ok(xapian_database_open_writable(path, XAPIAN_DB_CREATE, 0, &writer));
    assert_ok(xapian_database_commit(writer));
    assert_status(XAPIAN_ERROR_DATABASE_LOCK,
                  xapian_database_open_writable(path, XAPIAN_DB_OPEN, 0, &second));
    assert_null(second);
    assert_ok(xapian_database_open(path, 0, &reader));
    assert_ok(xapian_database_locked(reader, &locked));
    assert_true(locked);
    xapian_database_free(writer);
    assert_ok(xapian_database_locked(reader, &locked));
    assert_false(locked);
    assert_ok(
        xapian_database_open_writable(path, XAPIAN_DB_OPEN | XAPIAN_DB_RETRY_LOCK, 0, &second));
    xapian_database_free(second);
    xapian_database_free(reader);
}

/* While another process holds the lock, one attempt fails, and one with XAPIAN_DB_RETRY_LOCK waits.
 */
static void test_waiting_for_the_write_lock(void **state) {
    const char *path = in_folder(state, "db");
    xapian_database *database = NULL;
    xapian_doccount count = 0;
    int ready[2];
    char signal = 0;
    int result = -1;
    assert_int_equal(0, pipe(ready));
    const pid_t holder = fork();
    assert_true(holder >= 0);
    if (holder == 0) {
        const struct timespec moment = {.tv_sec = 0, .tv_nsec = 200000000};
        xapian_document *document = NULL;
        bool good =
            xapian_database_open_writable(path, XAPIAN_DB_CREATE, 0, &database) == XAPIAN_OK;
        good = write(ready[1], "x", 1) == 1 && good;
        nanosleep(&moment, NULL);
        good = good && xapian_document_new(&document) == XAPIAN_OK &&
               xapian_database_add_document(database, document, NULL) == XAPIAN_OK &&
               xapian_database_close(database) == XAPIAN_OK;
        xapian_document_free(document);
        xapian_database_free(database);
        _exit(good ? 0 : 1);
    }
    assert_int_equal(1, read(ready[0], &signal, 1));
    assert_status(XAPIAN_ERROR_DATABASE_LOCK,
                  xapian_database_open_writable(path, XAPIAN_DB_OPEN, 0, &database));
    assert_ok(
        xapian_database_open_writable(path, XAPIAN_DB_OPEN | XAPIAN_DB_RETRY_LOCK, 0, &database));
    assert_ok(xapian_database_document_count(database, &count));
    assert_int_equal(1, count);
    xapian_database_free(database);
    assert_int_equal(holder, waitpid(holder, &result, 0));
    assert_int_equal(0, result);
    assert_int_equal(0, close(ready[0]));
    assert_int_equal(0, close(ready[1]));
}

static void test_reader_sees_commits_when_it_reopens(void **state) {
    const char *path = in_folder(state, "db");
    xapian_database *writer = NULL;
    xapian_database *reader = NULL;
    xapian_doccount count = 99;
    xapian_revision before = 0;
    xapian_revision after = 0;
    bool changed = true;

    assert_ok(xapian_database_open_writable(path, XAPIAN_DB_CREATE, 0, &writer));
    add_words(writer, "one", "a");
    assert_ok(xapian_database_commit(writer));
    assert_ok(xapian_database_open(path, 0, &reader));
    assert_ok(xapian_database_revision(reader, &before));
    add_words(writer, "two", "a");
    assert_ok(xapian_database_reopen(reader, &changed));
    assert_false(changed);
    assert_ok(xapian_database_commit(writer));
    assert_ok(xapian_database_document_count(reader, &count));
    assert_int_equal(1, count);
    assert_ok(xapian_database_reopen(reader, &changed));
    assert_true(changed);
    assert_ok(xapian_database_document_count(reader, &count));
    assert_int_equal(2, count);
    assert_ok(xapian_database_revision(reader, &after));
    assert_true(after > before);
    assert_ok(xapian_database_reopen(reader, NULL));
    assert_ok(xapian_database_keep_alive(reader));
    xapian_database_free(reader);
    xapian_database_free(writer);
}

/* A reader whose blocks were overwritten by two later commits must be told so. */
static void test_outdated_snapshot(void **state) {
    const char *path = in_folder(state, "db");
    xapian_database *writer = NULL;
    xapian_database *reader = NULL;
    xapian_status status = XAPIAN_OK;
    xapian_doccount count = 0;

    assert_ok(xapian_database_open_writable(path, XAPIAN_DB_CREATE, 2048, &writer));
    for (int i = 0; i < 500; i++) {
        add_words(writer, "data", "a b c d e f g h i j k l m n o p q r s t");
    }
    assert_ok(xapian_database_commit(writer));
    assert_ok(xapian_database_open(path, 0, &reader));
    for (xapian_docid round = 0; round < 4; round++) {
        for (xapian_docid docid = 1; docid <= 500; docid++) {
            assert_ok(xapian_database_delete_document(writer, docid + 500 * round));
            add_words(writer, "other", "a c e g i k m o q s u v w x y z");
        }
        assert_ok(xapian_database_commit(writer));
    }
    for (xapian_docid docid = 1; docid <= 500 && status == XAPIAN_OK; docid++) {
        xapian_document *document = NULL;
        xapian_string data = XAPIAN_STRING_INIT;
        status = xapian_database_get_document(reader, docid, 0, &document);
        if (status == XAPIAN_OK) {
            status = xapian_document_data(document, &data);
        }
        xapian_string_free(&data);
        xapian_document_free(document);
    }
    assert_status(XAPIAN_ERROR_DATABASE_MODIFIED, status);
    assert_non_null(strstr(xapian_error_message(), "reopen"));
    assert_ok(xapian_database_reopen(reader, NULL));
    assert_ok(xapian_database_document_count(reader, &count));
    assert_int_equal(500, count);
    xapian_database_free(reader);
    xapian_database_free(writer);
}

static void test_damaged_database(void **state) {
    const char *path = in_folder(state, "db");
    const char *version_file = in_folder(state, "db/iamglass");
    xapian_database *database = NULL;
    assert_ok(xapian_database_open_writable(path, XAPIAN_DB_CREATE, 0, &database));
    xapian_database_free(database);

    const int descriptor = open(version_file, O_WRONLY | O_TRUNC);
    assert_true(descriptor >= 0);
    assert_int_equal(12, write(descriptor, "no database!", 12));
    assert_int_equal(0, close(descriptor));
    const xapian_status status = xapian_database_open(path, 0, &database);
    assert_true(status == XAPIAN_ERROR_DATABASE_CORRUPT ||
                status == XAPIAN_ERROR_DATABASE_VERSION || status == XAPIAN_ERROR_DATABASE_OPENING);
    assert_null(database);
}

static void test_uuid_and_description(void **state) {
    xapian_database *first = NULL;
    xapian_database *second = NULL;
    xapian_string one = XAPIAN_STRING_INIT;
    xapian_string two = XAPIAN_STRING_INIT;
    assert_ok(xapian_database_open_writable(in_folder(state, "1"), XAPIAN_DB_CREATE, 0, &first));
    assert_ok(xapian_database_open_writable(in_folder(state, "2"), XAPIAN_DB_CREATE, 0, &second));
    assert_ok(xapian_database_uuid(first, &one));
    assert_ok(xapian_database_uuid(second, &two));
    assert_int_equal(36, one.size);
    assert_int_equal(36, two.size);
    assert_string_not_equal(one.data, two.data);
    assert_ok(xapian_database_description(first, &one));
    assert_non_null(strstr(one.data, "WritableDatabase"));
    xapian_string_free(&one);
    xapian_string_free(&two);
    xapian_database_free(first);
    xapian_database_free(second);
}

static void test_closed(void **state) {
    const char *path = in_folder(state, "db");
    xapian_database *writer = NULL;
    xapian_database *reader = NULL;
    xapian_doccount count = 0;
    assert_ok(xapian_database_open_writable(path, XAPIAN_DB_CREATE, 0, &writer));
    add_words(writer, "one", "a");
    assert_ok(xapian_database_close(writer));
    assert_ok(xapian_database_close(writer));
    xapian_document *document = NULL;
    assert_status(XAPIAN_ERROR_DATABASE_CLOSED,
                  xapian_database_get_document(writer, 1, 0, &document));
    assert_null(document);
    xapian_database_free(writer);

    assert_ok(xapian_database_open(path, 0, &reader));
    assert_ok(xapian_database_document_count(reader, &count));
    assert_int_equal(1, count);
    assert_ok(xapian_database_close(reader));
    xapian_term_iterator *terms = NULL;
    assert_status(XAPIAN_ERROR_DATABASE_CLOSED, xapian_database_all_terms(reader, NULL, 0, &terms));
    assert_null(terms);
    xapian_database_free(reader);
}

static void test_group(void **state) {
    xapian_database *first = NULL;
    xapian_database *second = NULL;
    xapian_database *group = NULL;
    xapian_posting_iterator *postings = NULL;
    xapian_termcount wdf = 0;
    xapian_doccount count = 0;

    assert_ok(xapian_database_open_writable(in_folder(state, "1"), XAPIAN_DB_CREATE, 0, &first));
    assert_ok(xapian_database_open_writable(in_folder(state, "2"), XAPIAN_DB_CREATE, 0, &second));
    add_words(first, "one", "a b");
    add_words(second, "two", "b b");
    add_words(second, "three", "b c");
    assert_ok(xapian_database_new_group(&group));
    assert_int_equal(0, xapian_database_part_count(group));
    assert_ok(xapian_database_document_count(group, &count));
    assert_int_equal(0, count);
    assert_ok(xapian_database_add_database(group, first));
    assert_ok(xapian_database_add_database(group, second));
    assert_int_equal(2, xapian_database_part_count(group));
    assert_false(xapian_database_is_writable(group));
    assert_ok(xapian_database_document_count(group, &count));
    assert_int_equal(3, count);
    assert_string_equal("2 1 4", matches(group, term_query("b"), NULL));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT, xapian_database_add_database(group, group));
    assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_database_add_database(first, group));

    /* Iterators over a group live on when its handle does not. */
    assert_ok(xapian_database_postings(group, TEXT("b"), &postings));
    xapian_database_free(group);
    assert_ok(xapian_posting_iterator_next(postings));
    assert_int_equal(1, xapian_posting_iterator_docid(postings));
    assert_ok(xapian_posting_iterator_next(postings));
    assert_int_equal(2, xapian_posting_iterator_docid(postings));
    assert_ok(xapian_posting_iterator_wdf(postings, &wdf));
    assert_int_equal(2, wdf);
    assert_ok(xapian_posting_iterator_next(postings));
    assert_int_equal(4, xapian_posting_iterator_docid(postings));
    assert_status(XAPIAN_END, xapian_posting_iterator_next(postings));
    xapian_posting_iterator_free(postings);
    xapian_database_free(second);
    xapian_database_free(first);
}

static void test_writable_group(void **state) {
    xapian_database *first = NULL;
    xapian_database *second = NULL;
    xapian_doccount count = 0;
    assert_ok(xapian_database_open_writable(in_folder(state, "1"), XAPIAN_DB_CREATE, 0, &first));
    assert_ok(xapian_database_open_writable(in_folder(state, "2"), XAPIAN_DB_CREATE, 0, &second));
    assert_ok(xapian_database_add_database(first, second));
    assert_int_equal(1, add_words(first, "one", "a"));
    assert_int_equal(2, add_words(first, "two", "a"));
    assert_ok(xapian_database_commit(first));
    assert_ok(xapian_database_document_count(second, &count));
    assert_int_equal(1, count);
    xapian_database_free(second);
    xapian_database_free(first);
}

static void test_in_memory(void **state) {
    xapian_database *database = NULL;
    xapian_string uuid = XAPIAN_STRING_INIT;
    xapian_revision revision = 77;
    (void)state;
    assert_ok(xapian_database_new_in_memory(&database));
    assert_true(xapian_database_is_writable(database));
    add_words(database, "one", "a b");
    assert_string_equal("1", matches(database, term_query("b"), NULL));
    assert_ok(xapian_database_uuid(database, &uuid));
    assert_int_equal(0, uuid.size);
    assert_status(XAPIAN_ERROR_UNIMPLEMENTED, xapian_database_revision(database, &revision));
    assert_int_equal(77, revision);
    assert_status(XAPIAN_ERROR_UNIMPLEMENTED, xapian_database_begin_transaction(database, true));
    xapian_string_free(&uuid);
    xapian_database_free(database);
}

static void test_statistics(void **state) {
    xapian_database *database = NULL;
    xapian_doccount documents = 0;
    xapian_docid last = 0;
    xapian_termcount terms = 0;
    xapian_totallength total = 0;
    double average = 0;
    bool yes = false;

    assert_ok(
        xapian_database_open_writable(in_folder(state, "db"), XAPIAN_DB_CREATE, 0, &database));
    assert_ok(xapian_database_has_positions(database, &yes));
    assert_false(yes);
    add_words(database, "one", "a b a c a");
    add_words(database, "two", "b");
    add_words(database, "three", "x");
    assert_ok(xapian_database_delete_document(database, 3));

    assert_ok(xapian_database_document_count(database, &documents));
    assert_int_equal(2, documents);
    assert_ok(xapian_database_last_docid(database, &last));
    assert_int_equal(3, last);
    assert_ok(xapian_database_average_length(database, &average));
    assert_true(average > 2.999 && average < 3.001);
    assert_ok(xapian_database_total_length(database, &total));
    assert_int_equal(6, total);
    assert_ok(xapian_database_term_frequency(database, TEXT("b"), &documents));
    assert_int_equal(2, documents);
    assert_ok(xapian_database_term_frequency(database, TEXT("x"), &documents));
    assert_int_equal(0, documents);
    assert_ok(xapian_database_collection_frequency(database, TEXT("a"), &terms));
    assert_int_equal(3, terms);
    assert_ok(xapian_database_term_exists(database, TEXT("c"), &yes));
    assert_true(yes);
    assert_ok(xapian_database_term_exists(database, TEXT("x"), &yes));
    assert_false(yes);
    assert_ok(xapian_database_has_positions(database, &yes));
    assert_true(yes);
    assert_ok(xapian_database_document_length(database, 1, &terms));
    assert_int_equal(5, terms);
    assert_ok(xapian_database_unique_terms(database, 1, &terms));
    assert_int_equal(3, terms);
    assert_ok(xapian_database_document_length_lower_bound(database, &terms));
    assert_int_equal(1, terms);
    assert_ok(xapian_database_document_length_upper_bound(database, &terms));
    assert_int_equal(5, terms);
    assert_ok(xapian_database_commit(database));
    assert_ok(xapian_database_wdf_upper_bound(database, TEXT("a"), &terms));
    assert_int_equal(3, terms);
    terms = 77;
    assert_status(XAPIAN_ERROR_DOC_NOT_FOUND, xapian_database_document_length(database, 3, &terms));
    assert_status(XAPIAN_ERROR_DOC_NOT_FOUND, xapian_database_unique_terms(database, 9, &terms));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_database_document_length(database, 0, &terms));
    assert_int_equal(77, terms);
    xapian_database_free(database);
}

static void test_value_statistics(void **state) {
    xapian_database *database = NULL;
    xapian_document *document = NULL;
    xapian_value_iterator *values = NULL;
    xapian_string value = XAPIAN_STRING_INIT;
    xapian_doccount frequency = 0;
    xapian_docid docid = 0;
    xapian_valueno slot = 0;
    static const char *const dates[] = {"2019", "2021", "2020"};

    assert_ok(
        xapian_database_open_writable(in_folder(state, "db"), XAPIAN_DB_CREATE, 0, &database));
    for (int i = 0; i < 3; i++) {
        assert_ok(xapian_document_new(&document));
        assert_ok(xapian_document_set_value(document, 7, dates[i], 4));
        assert_ok(xapian_database_add_document(database, document, NULL));
        xapian_document_free(document);
    }
    assert_ok(xapian_database_value_frequency(database, 7, &frequency));
    assert_int_equal(3, frequency);
    assert_ok(xapian_database_value_lower_bound(database, 7, &value));
    assert_text("2019", &value);
    assert_ok(xapian_database_value_upper_bound(database, 7, &value));
    assert_text("2021", &value);
    assert_ok(xapian_database_value_upper_bound(database, 8, &value));
    assert_text("", &value);

    assert_ok(xapian_database_values(database, 7, &values));
    assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_value_iterator_value(values, &value));
    assert_ok(xapian_value_iterator_next(values));
    assert_ok(xapian_value_iterator_value(values, &value));
    assert_text("2019", &value);
    assert_ok(xapian_value_iterator_skip_to(values, 3));
    assert_ok(xapian_value_iterator_value(values, &value));
    assert_text("2020", &value);
    assert_ok(xapian_value_iterator_docid(values, &docid));
    assert_int_equal(3, docid);
    assert_ok(xapian_value_iterator_slot(values, &slot));
    assert_int_equal(7, slot);
    assert_status(XAPIAN_END, xapian_value_iterator_next(values));
    assert_status(XAPIAN_END, xapian_value_iterator_next(values));
    assert_status(XAPIAN_END, xapian_value_iterator_skip_to(values, 1));
    assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_value_iterator_docid(values, &docid));
    xapian_value_iterator_free(values);
    xapian_string_free(&value);
    xapian_database_free(database);
}

static void test_versions(void **state) {
    (void)state;
    assert_int_equal(1, xapian_version_major());
    assert_true(xapian_version_minor() >= 4);
    assert_true(xapian_version_revision() >= 0);
    assert_int_equal('1', xapian_version_string()[0]);
    assert_string_equal("1.0.0", xapian_c_version_string());
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
        WITH_FOLDER(test_opening_what_is_not_there),
        WITH_FOLDER(test_creating_modes),
        WITH_FOLDER(test_write_lock),
        WITH_FOLDER(test_waiting_for_the_write_lock),
        WITH_FOLDER(test_reader_sees_commits_when_it_reopens),
        WITH_FOLDER(test_outdated_snapshot),
        WITH_FOLDER(test_damaged_database),
        WITH_FOLDER(test_uuid_and_description),
        WITH_FOLDER(test_closed),
        WITH_FOLDER(test_group),
        WITH_FOLDER(test_writable_group),
        cmocka_unit_test(test_in_memory),
        WITH_FOLDER(test_statistics),
        WITH_FOLDER(test_value_statistics),
        cmocka_unit_test(test_versions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
