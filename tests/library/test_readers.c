/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One writer, many readers: locks, states, what is dropped and what stays. */
#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

enum {
    DOCUMENTS = 12,
    COMMITS = 1000,
    OPTIMIZE_EVERY = 170,
    REOPEN_EVERY = 25,
    PASSING = 60 /* how many of those there are at once */
};

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

/* What a reader says of its state in every way there is. */
struct answers {
    unsigned searched, stored;
    char *list; /* of all documents, a line each */
    xunzi_statistics statistics;
};

static struct answers answers_of(xunzi_index *index) {
    struct answers answers = {.searched = searched_version(index), .stored = stored_version(index)};
    xunzi_cursor *cursor;
    xunzi_document document;
    size_t size;
    FILE *out = open_memstream(&answers.list, &size);
    assert_non_null(out);
    assert_ok(xunzi_cursor_open(index, &cursor));
    xunzi_status status;
    while ((status = xunzi_cursor_next(cursor, &document)) == XUNZI_OK)
        fprintf(out, "%.*s %.*s\n", (int)document.id.size, document.id.data,
                (int)document.title.size, document.title.data);
    assert_status(XUNZI_END, status);
    xunzi_cursor_close(cursor);
    fclose(out);
    assert_ok(xunzi_index_statistics(index, &answers.statistics));
    answers.statistics.bytes = 0; /* of the folder as it is now */
    return answers;
}

static void assert_still(xunzi_index *index, const struct answers *expected) {
    struct answers now = answers_of(index);
    assert_int_equal(now.searched, expected->searched);
    assert_int_equal(now.stored, expected->stored);
    assert_string_equal(now.list, expected->list);
    assert_memory_equal(&now.statistics, &expected->statistics, sizeof now.statistics);
    free(now.list);
}

/* Documents that are never written again, each found by a word of its own, and deleted in the end.
 */
static void write_passing(xunzi_writer *writer, unsigned version) {
    char id[32], body[64];
    snprintf(id, sizeof id, "passing-%u", version);
    snprintf(body, sizeof body, "路過的文章 passing%u", version);
    add(writer, id, "", body);
    if (version > PASSING) {
        snprintf(id, sizeof id, "passing-%u", version - PASSING);
        assert_ok(xunzi_writer_delete(writer, xunzi_string_of(id)));
    }
}

static bool finds_passing(xunzi_index *index, unsigned version) {
    char query[32];
    snprintf(query, sizeof query, "passing%u", version);
    xunzi_results *results = search_all(index, xunzi_string_of(query), XUNZI_MODE_OR);
    bool found = xunzi_results_count(results) == 1;
    xunzi_results_free(results);
    return found;
}

static size_t count_entries(const char *path) {
    size_t entries = 0;
    DIR *folder = opendir(path);
    assert_non_null(folder);
    while (readdir(folder))
        entries++;
    closedir(folder);
    return entries;
}

/* Segments in memory, those that have no name any more included. */
static size_t count_mapped_segments(void) {
    xunzi_string maps = read_file("/proc/self/maps");
    size_t count = 0;
    for (const char *at = maps.data, *end = maps.data + maps.size;
         (at = memmem(at, (size_t)(end - at), ".seg", 4)); at += 4)
        count++;
    free((char *)maps.data);
    return count;
}

static xunzi_writer *open_in_turn(const char *path, unsigned turn) {
    const uint64_t live_most[] = {LIVE_ALL, 0, LIVE_DEFAULT, 40};
    return open_writer_with(path, XUNZI_PROFILE_FULL, live_most[turn % 4]);
}

/* A reader through a thousand commits, live and sealed, with merges and optimizations among them:
 * it keeps to its state in every answer. Another one follows each commit, a third some. */
static void test_long_reader(void **state) {
    const char *path = in_folder(state, "collection");
    xunzi_writer *writer = open_in_turn(path, 0);
    write_version(writer, 1);
    write_passing(writer, 1);
    assert_ok(xunzi_writer_commit(writer));
    xunzi_index *staying = open_index(path), *following = open_index(path),
                *seldom = open_index(path);
    struct answers first = answers_of(staying), seldom_answers = answers_of(seldom);
    assert_int_equal(first.searched, 1);
    uint64_t segments_most = 0;
    size_t descriptors_before = count_entries("/proc/self/fd");
    for (unsigned version = 2; version <= COMMITS; version++) {
        if (version % REOPEN_EVERY == 0) {
            xunzi_writer_close(writer);
            writer = open_in_turn(path, version / REOPEN_EVERY);
        }
        write_version(writer, version);
        write_passing(writer, version);
        assert_ok(version % OPTIMIZE_EVERY == 0 ? xunzi_writer_optimize(writer)
                                                : xunzi_writer_commit(writer));
        assert_int_equal(searched_version(staying), 1);
        assert_int_equal(stored_version(staying), 1);
        assert_true(finds_passing(staying, 1) && !finds_passing(staying, version));
        assert_ok(xunzi_index_refresh(following));
        assert_int_equal(searched_version(following), version);
        assert_int_equal(stored_version(following), version);
        assert_true(finds_passing(following, version));
        assert_int_equal(finds_passing(following, 1), version <= PASSING);
        if (version % 20 == 0) {
            assert_still(staying, &first);
            assert_still(seldom, &seldom_answers);
            struct answers now = answers_of(following);
            assert_int_equal(now.statistics.documents,
                             DOCUMENTS + (version < PASSING ? version : PASSING));
            if (now.statistics.segments > segments_most)
                segments_most = now.statistics.segments;
            free(now.list);
        }
        if (version % 100 == 0) {
            assert_ok(xunzi_index_refresh(seldom));
            free(seldom_answers.list);
            seldom_answers = answers_of(seldom);
            assert_int_equal(seldom_answers.searched, version);
        }
    }
    /* Nothing has piled up, in the folder or in memory. */
    assert_in_range(segments_most, 2, 12);
    assert_in_range(count_mapped_segments(), 1, 3 * 12);
    assert_in_range(count_entries("/proc/self/fd"), 1, descriptors_before + 12);
    xunzi_writer_close(writer);
    assert_tidy(path);
    assert_in_range(count_entries(in_folder(state, "collection/catalog")), 1, 12);
    assert_still(staying, &first);
    free(first.list);
    free(seldom_answers.list);
    xunzi_index_close(staying);
    xunzi_index_close(following);
    xunzi_index_close(seldom);
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

/* A document that is written again goes to the end, replaced or deleted and added, within one
 * commit and over several. */
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
    static const char *const order[] = {"c", "a", "b"};
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
