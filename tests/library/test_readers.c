/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One writer, many readers: locks, states, what is dropped and what stays. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

enum { DOCUMENTS = 12, COMMITS = 200, OPTIMIZE_EVERY = 60 };

/* Rewrites every document, so that a mixture of two states would show. */
static void write_version(xunzi_writer *writer, unsigned version) {
    char id[16], title[32], body[600];
    for (unsigned i = 0; i < DOCUMENTS; i++) {
        snprintf(id, sizeof id, "id-%u", i);
        snprintf(title, sizeof title, "版本 v%u", version);
        size_t size = (size_t)snprintf(body, sizeof body, "合作醫院 v%u", version);
        for (struct random random = {version * 100 + i}; size < sizeof body - 8;)
            size += (size_t)snprintf(body + size, sizeof body - size, " w%zu",
                                     random_below(&random, 5000));
        add(writer, id, title, body);
    }
}

static unsigned version_of(xunzi_string title) {
    assert_true(title.size > 8);
    return (unsigned)strtoul(title.data + 8, NULL, 10);
}

/* The one version that all documents found have. */
static unsigned searched_version(xunzi_index *index) {
    xunzi_results *results = search_all(index, xunzi_string_of("合作医院"), XUNZI_MODE_PHRASE);
    assert_int_equal(xunzi_results_count(results), DOCUMENTS);
    unsigned version = version_of(xunzi_results_hit(results, 0)->title);
    for (size_t i = 1; i < DOCUMENTS; i++)
        assert_int_equal(version_of(xunzi_results_hit(results, i)->title), version);
    xunzi_results_free(results);
    return version;
}

static unsigned stored_version(xunzi_index *index) {
    xunzi_document document;
    assert_ok(xunzi_index_document(index, LITERAL("id-5"), &document));
    return version_of(document.title);
}

/* The version that a cursor gives; 0 where it says that its state was overwritten meanwhile. */
static unsigned listed_version(xunzi_index *index) {
    xunzi_cursor *cursor;
    xunzi_document document;
    unsigned version = 0;
    xunzi_status status = xunzi_cursor_open(index, &cursor);
    for (size_t i = 0; status == XUNZI_OK; i++) {
        status = xunzi_cursor_next(cursor, &document);
        if (status == XUNZI_END)
            assert_int_equal(i, DOCUMENTS);
        if (status == XUNZI_OK && i > 0)
            assert_int_equal(version_of(document.title), version);
        if (status == XUNZI_OK)
            version = version_of(document.title);
    }
    xunzi_cursor_close(cursor);
    if (status == XUNZI_END)
        return version;
    assert_int_equal(status, XUNZI_ERROR_IO);
    assert_non_null(strstr(xunzi_error_message(), "refresh"));
    return 0;
}

static void test_long_reader(void **state) {
    const char *path = in_folder(state, "collection");
    xunzi_writer *writer = open_writer(path, XUNZI_PROFILE_FULL);
    write_version(writer, 1);
    assert_ok(xunzi_writer_commit(writer));
    xunzi_index *searching = open_index(path), *looking_up = open_index(path),
                *listing = open_index(path), *counting = open_index(path),
                *seldom = open_index(path), *refreshed = open_index(path);
    unsigned last_searched = 1, last_stored = 1, last_seldom = 1;
    for (unsigned version = 2; version <= COMMITS; version++) {
        write_version(writer, version);
        assert_ok(version % OPTIMIZE_EVERY == 0 ? xunzi_writer_optimize(writer)
                                                : xunzi_writer_commit(writer));
        unsigned searched = searched_version(searching), stored = stored_version(looking_up);
        assert_in_range(searched, last_searched, version);
        assert_in_range(stored, last_stored, version);
        last_searched = searched;
        last_stored = stored;
        unsigned listed = listed_version(listing);
        if (listed == 0) {
            assert_ok(xunzi_index_refresh(listing));
            assert_int_equal(listed_version(listing), version);
        }
        xunzi_statistics statistics;
        assert_ok(xunzi_index_statistics(counting, &statistics));
        assert_int_equal(statistics.documents, DOCUMENTS);
        assert_true(statistics.terms > 100 && statistics.postings >= statistics.terms);
        if (version % 50 == 0) {
            unsigned found = searched_version(seldom);
            assert_in_range(found, last_seldom, version);
            assert_in_range(stored_version(seldom), found, version);
            last_seldom = found;
        }
        assert_ok(xunzi_index_refresh(refreshed));
        assert_int_equal(searched_version(refreshed), version);
        assert_int_equal(stored_version(refreshed), version);
        assert_int_equal(listed_version(refreshed), version);
    }
    xunzi_writer_close(writer);
    xunzi_index_close(searching);
    xunzi_index_close(looking_up);
    xunzi_index_close(listing);
    xunzi_index_close(counting);
    xunzi_index_close(seldom);
    xunzi_index_close(refreshed);
    assert_sound(path);
}

/* In another process: tries to write; returns the status. */
static xunzi_status open_elsewhere(const char *path) {
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        xunzi_writer *writer;
        alarm(20); /* it must not wait for the lock */
        xunzi_status opened = xunzi_writer_open(path, NULL, &writer);
        xunzi_writer_close(writer);
        _exit((int)opened);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return (xunzi_status)WEXITSTATUS(status);
}

/* Another process opens the collection over and over while this one optimizes and commits. */
static void test_opening(void **state) {
    const char *path = in_folder(state, "collection");
    xunzi_writer *writer = open_writer(path, XUNZI_PROFILE_BIGRAM);
    write_version(writer, 1);
    assert_ok(xunzi_writer_commit(writer));
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[1]);
        char stop;
        for (;;) {
            xunzi_index *index;
            xunzi_document document;
            if (xunzi_index_open(path, &index) != XUNZI_OK ||
                xunzi_index_document(index, LITERAL("id-5"), &document) != XUNZI_OK) {
                print_error("%s\n", xunzi_error_message());
                _exit(1);
            }
            xunzi_index_close(index);
            struct pollfd waiting = {.fd = ends[0], .events = POLLIN};
            if (poll(&waiting, 1, 0) > 0 && read(ends[0], &stop, 1) == 0)
                _exit(0);
        }
    }
    close(ends[0]);
    for (unsigned version = 2; version < 60; version++) {
        write_version(writer, version);
        assert_ok(version % 2 ? xunzi_writer_optimize(writer) : xunzi_writer_commit(writer));
    }
    close(ends[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    xunzi_writer_close(writer);
}

static void test_second_writer(void **state) {
    const char *path = in_folder(state, "collection");
    xunzi_writer *writer = open_writer(path, XUNZI_PROFILE_FULL), *second;
    write_version(writer, 1);
    for (int turn = 0; turn < 3;
         turn++) { /* with changes not committed, committed, and after optimizing */
        assert_status(XUNZI_ERROR_LOCKED, xunzi_writer_open(path, NULL, &second));
        assert_null(second);
        assert_non_null(strstr(xunzi_error_message(), "written to by another program"));
        assert_int_equal(open_elsewhere(path), XUNZI_ERROR_LOCKED);
        assert_ok(turn == 0 ? xunzi_writer_commit(writer) : xunzi_writer_optimize(writer));
    }
    xunzi_writer_close(writer);
    assert_int_equal(open_elsewhere(path), XUNZI_OK);
    writer = open_writer(path, XUNZI_PROFILE_FULL);
    xunzi_writer_close(writer);
}

static void test_rollback(void **state) {
    const char *path = in_folder(state, "collection");
    xunzi_writer *writer = open_writer(path, XUNZI_PROFILE_FULL);
    write_version(writer, 1);
    assert_ok(xunzi_writer_commit(writer));
    assert_ok(xunzi_writer_rollback(writer)); /* nothing to undo */
    write_version(writer, 2);
    add(writer, "more", "又一篇", "合作");
    assert_ok(xunzi_writer_delete(writer, LITERAL("id-0")));
    assert_int_equal(xunzi_writer_documents(writer), DOCUMENTS);
    assert_ok(xunzi_writer_rollback(writer));
    assert_int_equal(xunzi_writer_documents(writer), DOCUMENTS);
    assert_status(XUNZI_ERROR_NOT_FOUND, xunzi_writer_delete(writer, LITERAL("more")));
    xunzi_index *index = open_index(path);
    assert_int_equal(searched_version(index), 1);
    write_version(writer, 3); /* what follows a rollback is kept */
    assert_ok(xunzi_writer_commit(writer));
    write_version(writer, 4); /* what is not committed is dropped */
    xunzi_writer_close(writer);
    assert_ok(xunzi_index_refresh(index));
    assert_int_equal(searched_version(index), 3);
    xunzi_index_close(index);
    assert_sound(path);
}

/* Deleting and adding again within one commit and over several: the document goes to the end. */
static void test_order(void **state) {
    const char *path = in_folder(state, "collection");
    xunzi_writer *writer = open_writer(path, XUNZI_PROFILE_FULL);
    add(writer, "a", "甲", "合作");
    add(writer, "b", "乙", "合作");
    add(writer, "c", "丙", "合作");
    assert_ok(xunzi_writer_commit(writer));
    add(writer, "a", "甲二", "合作");
    assert_ok(xunzi_writer_delete(writer, LITERAL("b")));
    add(writer, "b", "乙二", "合作");
    assert_ok(xunzi_writer_optimize(writer));
    xunzi_writer_close(writer);
    xunzi_index *index = open_index(path);
    xunzi_cursor *cursor;
    xunzi_document document;
    assert_ok(xunzi_cursor_open(index, &cursor));
    static const char *const order[] = {"a", "c", "b"};
    for (size_t i = 0; i < 3; i++) {
        assert_ok(xunzi_cursor_next(cursor, &document));
        assert_same(xunzi_string_of(order[i]), document.id);
    }
    assert_status(XUNZI_END, xunzi_cursor_next(cursor, &document));
    xunzi_cursor_close(cursor);
    xunzi_index_close(index);
}

/* A folder that may be read and not written is searched, and refused to a writer. */
static void test_read_only(void **state) {
    if (geteuid() == 0)
        skip(); /* permissions do not bind root */
    const char *path = in_folder(state, "collection");
    char catalog[4096];
    xunzi_writer *writer = open_writer(path, XUNZI_PROFILE_FULL), *refused;
    write_version(writer, 1);
    assert_ok(xunzi_writer_commit(writer));
    xunzi_writer_close(writer);
    snprintf(catalog, sizeof catalog, "%s/catalog", path);
    assert_int_equal(chmod(catalog, 0555), 0);
    assert_int_equal(chmod(path, 0555), 0);
    xunzi_index *index = open_index(path);
    assert_int_equal(searched_version(index), 1);
    xunzi_index_close(index);
    assert_sound(path);
    xunzi_status status = xunzi_writer_open(path, NULL, &refused);
    chmod(path, 0755);
    chmod(catalog, 0755);
    assert_int_equal(status, XUNZI_ERROR_IO);
    assert_null(refused);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_long_reader, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_opening, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_second_writer, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_rollback, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_order, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_read_only, make_folder, remove_folder),
    };
    return cmocka_run_group_tests_name("readers", tests, NULL, NULL);
}
