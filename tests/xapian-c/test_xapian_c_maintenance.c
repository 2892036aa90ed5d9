/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compacting and checking.
 */
#define _XOPEN_SOURCE 700

#include "support.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Xapian 1.4.22 deletes the tables it checks through a base class, which AddressSanitizer reports
 * as a mismatch of sizes; it is harmless, and not ours to mend. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) {
    return "new_delete_type_mismatch=0:fast_unwind_on_malloc=0";
}

/* Nor does it free its tables when a compaction is left by an exception. (The slow unwinding above
 * shows LeakSanitizer that it was there.) */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:Xapian::Database::compact_\n";
}

static xapian_database *make_database(void **state, const char *name, const char *word) {
    xapian_database *database = NULL;
    assert_ok(
        xapian_database_open_writable(in_folder(state, name), XAPIAN_DB_CREATE, 0, &database));
    for (int i = 0; i < 50; i++) {
        add_words(database, "data", word);
    }
    assert_ok(xapian_database_set_metadata(database, TEXT("key"), word, strlen(word)));
    assert_ok(xapian_database_commit(database));
    return database;
}

static void assert_holds(xapian_database *database, const char *word, xapian_doccount expected) {
    xapian_doccount count = 0;
    assert_ok(xapian_database_term_frequency(database, word, strlen(word), &count));
    assert_int_equal(expected, count);
}

static void test_compact_to_a_folder_and_a_file(void **state) {
    static const unsigned kinds[] = {
        XAPIAN_COMPACT_STANDARD, XAPIAN_COMPACT_FULL, XAPIAN_COMPACT_FULLER,
        XAPIAN_COMPACT_FULL | XAPIAN_COMPACT_SINGLE_FILE, XAPIAN_COMPACT_NO_RENUMBER};
    static const char *const names[] = {"standard", "full", "fuller", "file", "same"};
    xapian_database *source = make_database(state, "source", "word");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const char *path = in_folder(state, names[i]);
        xapian_database *result = NULL;
        xapian_string value = XAPIAN_STRING_INIT;
        struct stat status;
        assert_ok(xapian_database_compact(source, path, kinds[i], 4096, NULL));
        assert_int_equal(0, stat(path, &status));
        assert_true(S_ISREG(status.st_mode) == ((kinds[i] & XAPIAN_COMPACT_SINGLE_FILE) != 0));
        assert_ok(xapian_database_open(path, 0, &result));
        assert_holds(result, "word", 50);
        assert_ok(xapian_database_get_metadata(result, TEXT("key"), &value));
        assert_text("word", &value);
        xapian_string_free(&value);
        xapian_database_free(result);
    }
    xapian_database_free(source);
}

static void test_compact_to_a_descriptor(void **state) {
    xapian_database *source = make_database(state, "source", "word");
    xapian_database *result = NULL;
    const char *path = in_folder(state, "file");
    int descriptor = open(path, O_RDWR | O_CREAT, 0600);
    assert_true(descriptor >= 0);
    assert_ok(
        xapian_database_compact_to_descriptor(source, descriptor, XAPIAN_COMPACT_FULL, 0, NULL));
    descriptor = open(path, O_RDONLY);
    assert_true(descriptor >= 0);
    assert_ok(xapian_database_open_descriptor(descriptor, &result));
    assert_holds(result, "word", 50);
    xapian_database_free(result);
    xapian_database_free(source);
}

struct watch {
    unsigned progress_left;
    unsigned conflicts_left;
    unsigned conflicts;
};

static xapian_step watch_progress(void *context, const char *table, const char *status) {
    struct watch *watch = context;
    assert_true(table[0] != '\0' || status[0] != '\0');
    if (watch->progress_left == 0) {
        return XAPIAN_STOP;
    }
    watch->progress_left--;
    return XAPIAN_CONTINUE;
}

static xapian_step join_values(void *context, const char *key, size_t key_size,
                               const xapian_slice *values, size_t count, xapian_string *result) {
    struct watch *watch = context;
    char joined[64];
    size_t size = 0;
    if (watch->conflicts_left == 0) {
        return XAPIAN_STOP;
    }
    watch->conflicts_left--;
    watch->conflicts++;
    assert_int_equal(3, key_size);
    assert_memory_equal("key", key, 3);
    assert_int_equal(2, count);
    for (size_t i = 0; i < count; i++) {
        assert_true(size + values[i].size + 1 < sizeof joined);
        memcpy(joined + size, values[i].data, values[i].size);
        size += values[i].size;
        joined[size++] = '+';
    }
    return xapian_string_set(result, joined, size) == XAPIAN_OK ? XAPIAN_CONTINUE : XAPIAN_STOP;
}

static void test_compact_two_into_one(void **state) {
    xapian_database *first = make_database(state, "1", "one");
    xapian_database *second = make_database(state, "2", "two");
    xapian_database *group = NULL;
    xapian_database *result = NULL;
    xapian_string value = XAPIAN_STRING_INIT;
    struct watch watch = {.progress_left = 1000, .conflicts_left = 1};
    xapian_compactor compactor = {watch_progress, join_values, &watch};

    assert_ok(xapian_database_new_group(&group));
    assert_ok(xapian_database_add_database(group, first));
    assert_ok(xapian_database_add_database(group, second));
    assert_ok(xapian_database_compact(group, in_folder(state, "both"), XAPIAN_COMPACT_FULL, 0,
                                      &compactor));
    assert_int_equal(1, watch.conflicts);
    assert_true(watch.progress_left < 1000);
    assert_ok(xapian_database_open(in_folder(state, "both"), 0, &result));
    assert_holds(result, "one", 50);
    assert_holds(result, "two", 50);
    assert_ok(xapian_database_get_metadata(result, TEXT("key"), &value));
    assert_text("one+two+", &value);
    xapian_database_free(result);

    compactor.progress = NULL;
    assert_status(XAPIAN_ERROR_STOPPED,
                  xapian_database_compact(group, in_folder(state, "x"), 0, 0, &compactor));
    compactor.progress = watch_progress;
    watch.progress_left = 1;
    assert_status(XAPIAN_ERROR_STOPPED,
                  xapian_database_compact(group, in_folder(state, "y"), 0, 0, &compactor));
    compactor = (xapian_compactor){NULL, NULL, NULL};
    assert_ok(xapian_database_compact(group, in_folder(state, "z"), 0, 0, &compactor));
    assert_ok(xapian_database_open(in_folder(state, "z"), 0, &result));
    assert_ok(xapian_database_get_metadata(result, TEXT("key"), &value));
    assert_text("one", &value);
    xapian_database_free(result);

    xapian_string_free(&value);
    xapian_database_free(group);
    xapian_database_free(second);
    xapian_database_free(first);
}

static void test_compact_failures(void **state) {
    xapian_database *source = make_database(state, "source", "word");
    xapian_database *memory = NULL;
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_database_compact(source, in_folder(state, "source"), 0, 0, NULL));
    assert_ok(xapian_database_new_in_memory(&memory));
    const xapian_status status =
        xapian_database_compact(memory, in_folder(state, "result"), 0, 0, NULL);
    assert_true(status == XAPIAN_ERROR_UNIMPLEMENTED || status == XAPIAN_ERROR_INVALID_ARGUMENT ||
                status == XAPIAN_ERROR_INVALID_OPERATION || status == XAPIAN_ERROR_DATABASE);
    xapian_database_free(memory);
    xapian_database_free(source);
}

struct report {
    size_t size;
    unsigned left;
};

static xapian_step take_report(void *context, const char *text, size_t size) {
    struct report *report = context;
    assert_non_null(text);
    report->size += size;
    return report->left-- > 0 ? XAPIAN_CONTINUE : XAPIAN_STOP;
}

static void test_check(void **state) {
    xapian_database *source = make_database(state, "source", "word");
    struct report report = {.size = 0, .left = 100000};
    const char *path = in_folder(state, "source");
    size_t errors = 99;
    assert_ok(xapian_database_close(source));
    xapian_database_free(source);
    assert_ok(xapian_database_check(path, 0, NULL, NULL, &errors));
    assert_int_equal(0, errors);
    assert_ok(xapian_database_check(path, XAPIAN_CHECK_SHOW_STATS, take_report, &report, &errors));
    assert_int_equal(0, errors);
    assert_true(report.size > 0);
    report.left = 2;
    errors = 99;
    assert_status(XAPIAN_ERROR_STOPPED, xapian_database_check(path, XAPIAN_CHECK_FULL_TREE,
                                                              take_report, &report, &errors));
    assert_int_equal(99, errors);
    assert_status(XAPIAN_ERROR_DATABASE_OPENING,
                  xapian_database_check(in_folder(state, "none"), 0, NULL, NULL, &errors));

    /* Damage to the head of the postings is found: as an error counted or one that ends the check.
     */
    const int descriptor = open(in_folder(state, "source/postlist.glass"), O_WRONLY);
    assert_true(descriptor >= 0);
    assert_int_equal(12, write(descriptor, "\xff\xff\xff\xffUUUUUUUU", 12));
    assert_int_equal(0, close(descriptor));
    errors = 0;
    const xapian_status status = xapian_database_check(path, 0, NULL, NULL, &errors);
    assert_true(status == XAPIAN_OK ? errors > 0 : status == XAPIAN_ERROR_DATABASE_CORRUPT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
        WITH_FOLDER(test_compact_to_a_folder_and_a_file),
        WITH_FOLDER(test_compact_to_a_descriptor),
        WITH_FOLDER(test_compact_two_into_one),
        WITH_FOLDER(test_compact_failures),
        WITH_FOLDER(test_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
