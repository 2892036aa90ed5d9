/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A disk that is full. A limit on the size of files (RLIMIT_FSIZE, its signal ignored) makes
 * writing fail in the same way: at every limit the failure is told, what was committed is still
 * there and sound, and with room again writing goes on.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "support.h"

enum { BEFORE = 40, MORE = 40 };

/* From nothing at all to more than any file needs. */
static const rlim_t limits[] = {0,     1,      100,    4096,   8191,   8192,   8193,   12288,
                                16384, 20000,  24576,  32768,  40960,  49152,  65536,  81920,
                                98304, 131072, 180224, 262144, 393216, 524288, 1 << 22};
enum { LIMITS = sizeof limits / sizeof *limits };

static void limit_files(rlim_t most) {
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = most;
    setrlimit(RLIMIT_FSIZE, &limit);
}

/* Adds documents `first` to `behind`; stops at the first failure. */
static xunzi_status add_many(xunzi_writer *writer, size_t first, size_t behind) {
    char id[16], body[1024];
    for (size_t i = first; i < behind; i++) {
        snprintf(id, sizeof id, "%zu", i);
        size_t size = (size_t)snprintf(body, sizeof body, "雲嶺市與澄江區合作第%zu號 n%zu ", i, i);
        for (struct random random = {i}; size < sizeof body - 4;)
            size += (size_t)snprintf(body + size, sizeof body - size, "%zu ",
                                     random_below(&random, 1000));
        const xunzi_document document = {.id = xunzi_string_of(id), .body = xunzi_string_of(body)};
        xunzi_status status = xunzi_writer_add(writer, &document);
        if (status != XUNZI_OK)
            return status;
    }
    return XUNZI_OK;
}

/* A collection with documents 0 to BEFORE. */
static void make_collection(const char *path, uint64_t live_most) {
    xunzi_writer *writer = open_writer_with(path, XUNZI_PROFILE_FULL, live_most);
    assert_ok(add_many(writer, 0, BEFORE));
    assert_ok(xunzi_writer_commit(writer));
    xunzi_writer_close(writer);
}

/* Fails unless the collection is sound and holds documents 0 to `documents`. */
static void assert_holds(const char *path, size_t documents) {
    assert_sound(path);
    xunzi_index *index = open_index(path);
    xunzi_results *results = search_all(index, xunzi_string_of("云岭市 合作"), XUNZI_MODE_AND);
    assert_int_equal(xunzi_results_count(results), documents);
    xunzi_results_free(results);
    char id[16];
    snprintf(id, sizeof id, "n%zu", documents - 1);
    results = search_all(index, xunzi_string_of(id), XUNZI_MODE_AND);
    assert_int_equal(xunzi_results_count(results), 1);
    xunzi_results_free(results);
    xunzi_index_close(index);
}

/* The status is success, or a failure whose sentence tells the reason. */
static bool failed_clearly(xunzi_status status) {
    if (status == XUNZI_OK)
        return false;
    if (status != XUNZI_ERROR_IO || !strstr(xunzi_error_message(), strerror(EFBIG)))
        fail_msg("%s: %s", xunzi_status_name(status), xunzi_error_message());
    return true;
}

static const char *numbered(void **state, const char *name, size_t number) {
    char full[64];
    snprintf(full, sizeof full, "%s-%zu", name, number);
    return in_folder(state, full);
}

static void commit_within_limits(void **state, uint64_t live_most, size_t failures_least) {
    size_t failures = 0;
    make_collection(in_folder(state, "original"), live_most);
    for (size_t i = 0; i < LIMITS; i++) {
        const char *path = numbered(state, "commit", i);
        copy_collection(in_folder(state, "original"), path);
        xunzi_writer *writer = open_writer_with(path, XUNZI_PROFILE_FULL, live_most);
        xunzi_index *reader = open_index(path);
        limit_files(limits[i]);
        xunzi_status status = add_many(writer, BEFORE, BEFORE + MORE);
        if (status == XUNZI_OK)
            status = xunzi_writer_commit(writer);
        limit_files(RLIM_INFINITY);
        bool failed = failed_clearly(status);
        failures += failed;
        assert_holds(path, failed ? BEFORE : BEFORE + MORE);
        xunzi_writer_close(writer);
        assert_holds(path, failed ? BEFORE : BEFORE + MORE);
        writer = open_writer_with(path, XUNZI_PROFILE_FULL, live_most);
        assert_tidy(path);
        assert_ok(add_many(writer, BEFORE, BEFORE + MORE));
        assert_ok(xunzi_writer_commit(writer));
        xunzi_writer_close(writer);
        assert_holds(path, BEFORE + MORE);
        assert_tidy(path);
        assert_ok(xunzi_index_refresh(reader));
        assert_int_equal(XUNZI_OK,
                         xunzi_index_document(reader, LITERAL("79"), &(xunzi_document){0}));
        xunzi_index_close(reader);
        remove_tree(path);
    }
    remove_tree(in_folder(state, "original"));
    assert_true(failures >= failures_least && failures < LIMITS);
}

static void test_commit(void **state) {
    commit_within_limits(state, LIVE_DEFAULT, 8);
}

static void test_sealing_commit(void **state) {
    commit_within_limits(state, 0, 8);
}

/* A rollback after a failed commit makes the same writer fit for use. */
static void test_rollback(void **state) {
    const uint64_t live_most[] = {LIVE_DEFAULT, 0, 8};
    for (size_t i = 0; i < 3; i++) {
        const char *path = numbered(state, "rollback", i);
        make_collection(path, live_most[i]);
        xunzi_writer *writer = open_writer_with(path, XUNZI_PROFILE_FULL, live_most[i]);
        assert_ok(add_many(writer, BEFORE, BEFORE + MORE));
        limit_files(8192);
        xunzi_status status = xunzi_writer_commit(writer);
        limit_files(RLIM_INFINITY);
        assert_true(failed_clearly(status));
        assert_ok(xunzi_writer_rollback(writer));
        assert_int_equal(xunzi_writer_documents(writer), BEFORE);
        assert_ok(add_many(writer, BEFORE, BEFORE + 1));
        assert_ok(xunzi_writer_commit(writer));
        assert_int_equal(xunzi_writer_documents(writer), BEFORE + 1);
        assert_ok(add_many(writer, BEFORE + 1, BEFORE + MORE));
        assert_ok(xunzi_writer_commit(writer));
        xunzi_writer_close(writer);
        assert_holds(path, BEFORE + MORE);
        assert_tidy(path);
    }
}

static void optimize_within_limits(void **state, uint64_t live_most) {
    size_t failures = 0;
    make_collection(in_folder(state, "original"), live_most);
    xunzi_writer *second =
        open_writer_with(in_folder(state, "original"), XUNZI_PROFILE_FULL, live_most);
    assert_ok(add_many(second, 0, BEFORE / 2)); /* something to merge */
    assert_ok(xunzi_writer_commit(second));
    xunzi_writer_close(second);
    for (size_t i = 0; i < LIMITS; i++) {
        const char *path = numbered(state, "optimize", i);
        copy_collection(in_folder(state, "original"), path);
        xunzi_writer *writer = open_writer_with(path, XUNZI_PROFILE_FULL, live_most);
        limit_files(limits[i]);
        xunzi_status status = xunzi_writer_optimize(writer);
        limit_files(RLIM_INFINITY);
        failures += failed_clearly(status);
        assert_holds(path, BEFORE);
        if (status == XUNZI_OK) {
            assert_ok(add_many(writer, BEFORE, BEFORE + MORE));
            assert_ok(xunzi_writer_optimize(writer));
        }
        xunzi_writer_close(writer);
        assert_holds(path, status == XUNZI_OK ? BEFORE + MORE : BEFORE);
        remove_tree(path);
    }
    remove_tree(in_folder(state, "original"));
    assert_true(failures >= 5 && failures < LIMITS);
}

static void test_optimize(void **state) {
    optimize_within_limits(state, LIVE_DEFAULT);
    optimize_within_limits(state, 0);
}

static void test_creation(void **state) {
    for (size_t i = 0; i < LIMITS; i++) {
        const char *path = numbered(state, "new", i);
        xunzi_writer *writer = NULL;
        limit_files(limits[i]);
        xunzi_status status = xunzi_writer_open(path, NULL, &writer);
        limit_files(RLIM_INFINITY);
        if (failed_clearly(status))
            assert_null(writer);
        else
            xunzi_writer_close(writer);
        make_collection(path, i % 2 ? 0 : LIVE_DEFAULT); /* what a failure left is no obstacle */
        assert_holds(path, BEFORE);
        remove_tree(path);
    }
}

/* Xapian forgets a table that it fails to open. What this library allocates is still watched. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libxapian.so";
}

int main(void) {
    signal(SIGXFSZ, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_commit, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_sealing_commit, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_rollback, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_optimize, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_creation, make_folder, remove_folder),
    };
    return cmocka_run_group_tests_name("full disk", tests, NULL, NULL);
}
