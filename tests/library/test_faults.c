/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A failure of the operating system at any one call: for each operation the first call that changes
 * files fails, then the second, and so on until the operation gets through; once with only that
 * call failing, once with all that follow too, with nobody reading and with a reader, for whom the
 * catalog is copied. Each failure is told by a status and a sentence; the collection is as it was,
 * or, where the operation says that it is done, as it should be; a rollback, or a writer opened
 * anew, goes on from there.
 */
#include <stdio.h>
#include <stdlib.h>

#include "faults.h"
#include "support.h"

enum { SEGMENTS = 3, PER_SEGMENT = 10, LIVE = 10, CALLS_MOST = 2000 };

static void add_one(xunzi_writer *writer, unsigned number, unsigned version, xunzi_status *status) {
    char id[16], title[32], body[600];
    snprintf(id, sizeof id, "id-%u", number);
    snprintf(title, sizeof title, "版本 v%u", version);
    size_t size = (size_t)snprintf(body, sizeof body, "合作醫院 v%u", version);
    for (struct random random = {version * 100 + number}; size < sizeof body - 8;)
        size +=
            (size_t)snprintf(body + size, sizeof body - size, " w%zu", random_below(&random, 5000));
    const xunzi_document document = {
        .id = xunzi_string_of(id), .title = xunzi_string_of(title), .body = xunzi_string_of(body)};
    if (*status == XUNZI_OK)
        *status = xunzi_writer_add(writer, &document);
}

/* A few segments and a few live documents. */
static void make_collection(const char *path) {
    xunzi_status status = XUNZI_OK;
    unsigned number = 0;
    for (unsigned s = 0; s <= SEGMENTS; s++) {
        xunzi_writer *writer =
            open_writer_with(path, XUNZI_PROFILE_FULL, s < SEGMENTS ? 0 : LIVE_ALL);
        for (unsigned i = 0; i < (s < SEGMENTS ? PER_SEGMENT : LIVE); i++)
            add_one(writer, number++, 1, &status);
        assert_ok(status);
        assert_ok(xunzi_writer_commit(writer));
        xunzi_writer_close(writer);
    }
}

static void delete_one(xunzi_writer *writer, unsigned number, xunzi_status *status) {
    char id[16];
    snprintf(id, sizeof id, "id-%u", number);
    if (*status == XUNZI_OK)
        *status = xunzi_writer_delete(writer, xunzi_string_of(id));
}

/* ---- the operations ---- */

struct operation {
    const char *name;
    uint64_t live_most;
    xunzi_status (*run)(xunzi_writer *writer);
    bool commits_first;
};

static xunzi_status add_and_commit(xunzi_writer *writer) {
    xunzi_status status = XUNZI_OK;
    add_one(writer, 2, 2, &status);
    add_one(writer, 31, 2, &status);
    for (unsigned i = 100; i < 104; i++)
        add_one(writer, i, 2, &status);
    return status == XUNZI_OK ? xunzi_writer_commit(writer) : status;
}

/* One document of each segment, and a live one: the segments stay as they are. */
static xunzi_status delete_few(xunzi_writer *writer) {
    xunzi_status status = XUNZI_OK;
    for (unsigned s = 0; s <= SEGMENTS; s++)
        delete_one(writer, s * PER_SEGMENT + s, &status);
    return status == XUNZI_OK ? xunzi_writer_commit(writer) : status;
}

/* So many that a segment is written anew after the commit, and one is dropped with it. */
static xunzi_status delete_many(xunzi_writer *writer) {
    xunzi_status status = XUNZI_OK;
    for (unsigned i = 3; i < 2 * PER_SEGMENT; i++)
        delete_one(writer, i, &status);
    return status == XUNZI_OK ? xunzi_writer_commit(writer) : status;
}

static xunzi_status optimize(xunzi_writer *writer) {
    xunzi_status status = XUNZI_OK;
    add_one(writer, 5, 2, &status);
    return status == XUNZI_OK ? xunzi_writer_optimize(writer) : status;
}

static const struct operation live_operation = {"commit live documents", LIVE_ALL, add_and_commit,
                                                false};
/* The fourth segment: they are merged. */
static const struct operation sealed_operation = {"commit a segment", 0, add_and_commit, false};
static const struct operation few_operation = {"delete a few", LIVE_ALL, delete_few, false};
static const struct operation many_operation = {"delete many", LIVE_ALL, delete_many, false};
static const struct operation optimize_operation = {"optimize", LIVE_ALL, optimize, true};

/* ---- states ---- */

/* All documents, one a line; free() it. */
static char *list_documents(xunzi_index *index) {
    char *list = NULL;
    size_t size;
    FILE *out = open_memstream(&list, &size);
    xunzi_cursor *cursor;
    xunzi_document document;
    assert_non_null(out);
    assert_ok(xunzi_cursor_open(index, &cursor));
    xunzi_status status;
    while ((status = xunzi_cursor_next(cursor, &document)) == XUNZI_OK)
        fprintf(out, "%.*s %.*s %.*s\n", (int)document.id.size, document.id.data,
                (int)document.title.size, document.title.data, (int)document.body.size,
                document.body.data);
    assert_status(XUNZI_END, status);
    xunzi_cursor_close(cursor);
    fclose(out);
    return list;
}

static size_t count_lines(const char *text) {
    size_t lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

/* Fails unless the index lists just these documents, and finds as many. */
static void assert_lists(xunzi_index *index, const char *expected) {
    char *list = list_documents(index);
    assert_string_equal(list, expected);
    free(list);
    xunzi_results *results = search_all(index, xunzi_string_of("合作医院"), XUNZI_MODE_PHRASE);
    assert_int_equal(xunzi_results_count(results), count_lines(expected));
    xunzi_results_free(results);
}

static void assert_state(const char *path, const char *expected) {
    xunzi_index *index = open_index(path);
    assert_lists(index, expected);
    xunzi_index_close(index);
    assert_sound(path);
}

static char *state_of(const char *path) {
    xunzi_index *index = open_index(path);
    char *list = list_documents(index);
    xunzi_index_close(index);
    return list;
}

/* Fails unless a failure of the operation has left the state before it; or that after it where it
 * commits first, which holds. */
static void assert_left(const struct operation *operation, const char *path, const char *before,
                        const char *after) {
    char *left = state_of(path);
    bool committed = operation->commits_first && strcmp(left, after) == 0;
    free(left);
    assert_state(path, committed ? after : before);
}

/* ---- the tests ---- */

/* The operation with its n-th call failing; returns whether any failed. */
static bool try_one(void **state, const struct operation *operation, size_t n, bool lasting,
                    bool with_reader, const char *before, const char *after) {
    const char *path = in_folder(state, "tried");
    copy_collection(in_folder(state, "original"), path);
    xunzi_index *reader = with_reader ? open_index(path) : NULL;
    xunzi_writer *writer = open_writer_with(path, XUNZI_PROFILE_FULL, operation->live_most);
    faults_arm(n, lasting);
    xunzi_status status = operation->run(writer);
    bool any = faults_disarm() > 0;
    if (!any)
        assert_ok(status);
    if (status != XUNZI_OK) {
        if ((status != XUNZI_ERROR_IO && status != XUNZI_ERROR_NO_MEMORY) ||
            !faults_explain(xunzi_error_message()))
            fail_msg("call %zu: %s: %s", n, xunzi_status_name(status), xunzi_error_message());
        assert_left(operation, path, before, after);
        if (n % 2 == 0) { /* this writer goes on */
            assert_ok(xunzi_writer_rollback(writer));
            assert_int_equal(xunzi_writer_documents(writer), count_lines(before));
            assert_ok(operation->run(writer));
        }
    }
    xunzi_writer_close(writer);
    if (status != XUNZI_OK && n % 2 != 0) { /* another one does */
        assert_left(operation, path, before, after);
        writer = open_writer_with(path, XUNZI_PROFILE_FULL, operation->live_most);
        assert_tidy(path);
        assert_ok(operation->run(writer));
        xunzi_writer_close(writer);
    }
    assert_state(path, after);
    if (reader) {
        assert_lists(reader, before);
        assert_ok(xunzi_index_refresh(reader));
        assert_lists(reader, after);
        xunzi_index_close(reader);
    }
    writer = open_writer(path, XUNZI_PROFILE_FULL);
    xunzi_writer_close(writer);
    assert_tidy(path);
    remove_tree(path);
    return any;
}

static void test_operation(void **state, const struct operation *operation) {
    make_collection(in_folder(state, "original"));
    char *before = state_of(in_folder(state, "original"));
    copy_collection(in_folder(state, "original"), in_folder(state, "done"));
    xunzi_writer *writer =
        open_writer_with(in_folder(state, "done"), XUNZI_PROFILE_FULL, operation->live_most);
    assert_ok(operation->run(writer));
    xunzi_writer_close(writer);
    char *after = state_of(in_folder(state, "done"));
    size_t calls = 0;
    for (unsigned way = 0; way < 4; way++)
        for (size_t n = 1;
             try_one(state, operation, n, (way & 1) != 0, (way & 2) != 0, before, after); n++) {
            calls++;
            assert_true(n < CALLS_MOST);
        }
    print_message("%s: %zu failures\n", operation->name, calls);
    assert_true(calls > 4 * 4);
    free(before);
    free(after);
}

static void test_live(void **state) {
    test_operation(state, &live_operation);
}

static void test_sealed(void **state) {
    test_operation(state, &sealed_operation);
}

static void test_few(void **state) {
    test_operation(state, &few_operation);
}

static void test_many(void **state) {
    test_operation(state, &many_operation);
}

static void test_optimize(void **state) {
    test_operation(state, &optimize_operation);
}

/* What a failure leaves of a collection being made is no obstacle to making it. */
static void test_creation(void **state) {
    size_t failures = 0;
    for (size_t n = 1;; n++) {
        const char *path = in_folder(state, "new");
        xunzi_writer *writer = NULL;
        faults_arm(n, n % 2 == 0);
        xunzi_status status = xunzi_writer_open(path, NULL, &writer);
        bool any = faults_disarm() > 0;
        if (status != XUNZI_OK) {
            assert_status(XUNZI_ERROR_IO, status);
            assert_true(faults_explain(xunzi_error_message()));
            assert_null(writer);
        }
        failures += status != XUNZI_OK;
        xunzi_writer_close(writer);
        make_collection(path);
        assert_sound(path);
        remove_tree(path);
        if (!any)
            break;
    }
    assert_true(failures > 4);
}

/* Xapian forgets a table that it fails to open. What this library allocates is still watched. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libxapian.so";
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_live, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_sealed, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_few, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_many, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_optimize, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_creation, make_folder, remove_folder),
    };
    return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
