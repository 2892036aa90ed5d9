/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What waits for a commit, and what the commit makes of it: documents replaced and deleted wherever
 * they are (in a segment, live, or waiting), commits that turn from few documents to many,
 * rollbacks, and merging; against a plain list of what the collection should hold, in order.
 */
#include <stdio.h>
#include <stdlib.h>

#include "catalog/catalog.h"
#include "indexer/commit.h"
#include "tests/library/support.h"

enum { IDS = 150, ROOM = 4096 };

/* The documents, in the order in which they were written. */
struct list {
    struct {
        unsigned id, version;
    } entries[ROOM];
    size_t count;
};

static bool list_delete(struct list *list, unsigned id) {
    for (size_t i = 0; i < list->count; i++)
        if (list->entries[i].id == id) {
            memmove(&list->entries[i], &list->entries[i + 1],
                    (list->count - i - 1) * sizeof list->entries[0]);
            list->count--;
            return true;
        }
    return false;
}

static void list_add(struct list *list, unsigned id, unsigned version) {
    list_delete(list, id);
    assert_true(list->count < ROOM);
    list->entries[list->count].id = id;
    list->entries[list->count++].version = version;
}

/* A collection being written, what it should hold, and what it held at the last commit. */
struct fixture {
    const char *path;
    xunzi_writer *writer;
    struct list now, committed;
    unsigned version;
};

static struct fixture *begin(const char *path, uint64_t live_most) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    fixture->path = strdup(path);
    fixture->writer = open_writer_with(path, XUNZI_PROFILE_FULL, live_most);
    return fixture;
}

static void end(struct fixture *fixture) {
    xunzi_writer_close(fixture->writer);
    assert_sound(fixture->path);
    assert_tidy(fixture->path);
    free((char *)fixture->path);
    free(fixture);
}

static void put(struct fixture *fixture, unsigned id) {
    char name[32], body[64];
    unsigned version = ++fixture->version;
    snprintf(name, sizeof name, "id-%u", id);
    snprintf(body, sizeof body, "第v%u版的文章", version);
    add(fixture->writer, name, "標題", body);
    list_add(&fixture->now, id, version);
}

static void delete (struct fixture *fixture, unsigned id) {
    char name[32];
    snprintf(name, sizeof name, "id-%u", id);
    assert_status(list_delete(&fixture->now, id) ? XUNZI_OK : XUNZI_ERROR_NOT_FOUND,
                  xunzi_writer_delete(fixture->writer, xunzi_string_of(name)));
}

static xunzi_statistics statistics_of(const char *path) {
    xunzi_statistics statistics;
    xunzi_index *index = open_index(path);
    assert_ok(xunzi_index_statistics(index, &statistics));
    xunzi_index_close(index);
    return statistics;
}

/* Fails unless a reader finds what was committed, in its order, by its ids, and nothing else. */
static void check(const struct fixture *fixture) {
    const struct list *expected = &fixture->committed;
    xunzi_index *index = open_index(fixture->path);
    xunzi_cursor *cursor;
    xunzi_document document;
    char name[32], body[64];
    bool there[IDS] = {false};
    assert_ok(xunzi_cursor_open(index, &cursor));
    for (size_t i = 0; i < expected->count; i++) {
        snprintf(name, sizeof name, "id-%u", expected->entries[i].id);
        snprintf(body, sizeof body, "第v%u版的文章", expected->entries[i].version);
        assert_ok(xunzi_cursor_next(cursor, &document));
        assert_same(xunzi_string_of(name), document.id);
        assert_same(xunzi_string_of(body), document.body);
        assert_ok(xunzi_index_document(index, xunzi_string_of(name), &document));
        assert_same(xunzi_string_of(body), document.body);
        if (expected->entries[i].id < IDS)
            there[expected->entries[i].id] = true;
    }
    assert_status(XUNZI_END, xunzi_cursor_next(cursor, &document));
    xunzi_cursor_close(cursor);
    for (unsigned id = 0; id < IDS; id++) {
        snprintf(name, sizeof name, "id-%u", id);
        if (!there[id])
            assert_status(XUNZI_ERROR_NOT_FOUND,
                          xunzi_index_document(index, xunzi_string_of(name), &document));
    }
    xunzi_results *results = search_all(index, xunzi_string_of("文章"), XUNZI_MODE_OR);
    assert_int_equal(xunzi_results_count(results), expected->count);
    xunzi_results_free(results);
    xunzi_index_close(index);
}

static void commit(struct fixture *fixture) {
    assert_int_equal(xunzi_writer_documents(fixture->writer), fixture->now.count);
    assert_ok(xunzi_writer_commit(fixture->writer));
    assert_int_equal(xunzi_writer_documents(fixture->writer), fixture->now.count);
    fixture->committed = fixture->now;
    check(fixture);
}

static void optimize(struct fixture *fixture) {
    assert_ok(xunzi_writer_optimize(fixture->writer));
    assert_int_equal(xunzi_writer_documents(fixture->writer), fixture->now.count);
    fixture->committed = fixture->now;
    check(fixture);
    xunzi_statistics statistics = statistics_of(fixture->path);
    assert_int_equal(statistics.live_documents, 0);
    assert_int_equal(statistics.segments, fixture->now.count > 0);
}

static void rollback(struct fixture *fixture) {
    assert_ok(xunzi_writer_rollback(fixture->writer));
    fixture->now = fixture->committed;
    assert_int_equal(xunzi_writer_documents(fixture->writer), fixture->now.count);
    check(fixture);
}

static void reopen(struct fixture *fixture, uint64_t live_most) {
    xunzi_writer_close(fixture->writer); /* what was not committed is dropped */
    fixture->now = fixture->committed;
    fixture->writer = open_writer_with(fixture->path, XUNZI_PROFILE_FULL, live_most);
    assert_int_equal(xunzi_writer_documents(fixture->writer), fixture->now.count);
    assert_tidy(fixture->path);
}

/* Documents in a segment, live ones, and waiting ones, each replaced and deleted, with a rollback
 * or a commit behind. */
static void test_everywhere(void **state) {
    for (int turn = 0; turn < 8; turn++) {
        char name[16];
        snprintf(name, sizeof name, "c%d", turn);
        struct fixture *fixture = begin(in_folder(state, name), 0);
        for (unsigned id = 0; id < 40; id++)
            put(fixture, id);
        commit(fixture);
        reopen(fixture, LIVE_ALL);
        for (unsigned id = 40; id < 50; id++)
            put(fixture, id);
        commit(fixture);
        xunzi_statistics statistics = statistics_of(fixture->path);
        assert_int_equal(statistics.segments, 1);
        assert_int_equal(statistics.live_documents, 10);
        if (turn & 1)
            reopen(fixture, 0); /* what follows is sealed */
        put(fixture, 50);
        put(fixture, 51);
        put(fixture, 3);  /* in the segment */
        put(fixture, 43); /* live */
        put(fixture, 50); /* waiting */
        delete (fixture, 5);
        delete (fixture, 45);
        delete (fixture, 51);
        delete (fixture, 3); /* waiting, and before that in the segment */
        delete (fixture, 43);
        delete (fixture, 51); /* deleted already */
        delete (fixture, 99);
        put(fixture, 5); /* deleted, and there again */
        put(fixture, 45);
        if (turn & 2)
            rollback(fixture);
        else
            commit(fixture);
        put(fixture, 3);
        delete (fixture, 50);
        if (turn & 4)
            optimize(fixture);
        else
            commit(fixture);
        /* Everything goes, in part before the commit that would bring it. */
        put(fixture, 120);
        for (unsigned id = 0; id < IDS; id++)
            delete (fixture, id);
        put(fixture, 121);
        delete (fixture, 121);
        assert_int_equal(fixture->now.count, 0);
        commit(fixture);
        statistics = statistics_of(fixture->path);
        assert_int_equal(statistics.documents, 0);
        assert_int_equal(statistics.segments, 0);
        assert_int_equal(statistics.terms, 0);
        optimize(fixture);
        put(fixture, 7);
        commit(fixture);
        end(fixture);
    }
}

/* A commit of a few documents and then more and more, with duplicates on both sides of where it
 * turns to a segment. */
static void test_few_become_many(void **state) {
    struct fixture *fixture = begin(in_folder(state, "c"), 80); /* 10 are few */
    for (unsigned id = 0; id < 8; id++)
        put(fixture, id);
    commit(fixture);
    xunzi_statistics statistics = statistics_of(fixture->path);
    assert_int_equal(statistics.live_documents, 8);
    put(fixture, 2);
    for (unsigned id = 20; id < 28; id++)
        put(fixture, id);
    delete (fixture, 21);
    put(fixture, 22);
    for (unsigned id = 28; id < 60; id++) {
        put(fixture, id);
        put(fixture, 23);             /* over and over */
        put(fixture, id % 2 ? 3 : 4); /* live before */
    }
    delete (fixture, 30);
    delete (fixture, 5);
    put(fixture, 30);
    rollback(fixture);
    for (unsigned round = 0; round < 3; round++)
        for (unsigned id = 0; id < 40; id++)
            put(fixture, id);
    delete (fixture, 17);
    commit(fixture);
    statistics = statistics_of(fixture->path);
    assert_int_equal(statistics.live_documents, 0);
    assert_int_equal(statistics.segments, 1);
    assert_int_equal(statistics.documents, 39);
    end(fixture);
}

/* Long documents are many sooner. */
static void test_large_documents(void **state) {
    enum { LARGE = 1 << 20 };
    struct fixture *fixture = begin(in_folder(state, "c"), 80);
    char *body = malloc(LARGE + 1);
    assert_non_null(body);
    struct random random = {7};
    for (size_t i = 0; i < LARGE; i++)
        body[i] = i % 9 == 8 ? ' ' : (char)('a' + random_below(&random, 26));
    body[LARGE] = '\0';
    add(fixture->writer, "large", "", body);
    assert_ok(xunzi_writer_commit(fixture->writer));
    free(body);
    xunzi_statistics statistics = statistics_of(fixture->path);
    assert_int_equal(statistics.segments, 1);
    assert_int_equal(statistics.live_documents, 0);
    end(fixture);
}

static struct manifest_segment first_segment(const char *path, size_t *count) {
    struct catalog_snapshot snapshot;
    assert_ok(catalog_open(path, &snapshot));
    struct manifest_segment first = {0};
    *count = snapshot.manifest.count;
    if (*count > 0)
        first = snapshot.manifest.segments[0];
    first.deleted_length = first.deleted ? first.deleted->count : 0;
    first.deleted = NULL; /* freed with the snapshot */
    catalog_close(&snapshot);
    return first;
}

/* A segment is written anew when more than a MERGE_DELETED-th of it is deleted. */
static void test_deletions_are_dropped(void **state) {
    enum { DOCUMENTS = 80 };
    size_t segments;
    struct fixture *fixture = begin(in_folder(state, "c"), 0);
    for (unsigned id = 0; id < DOCUMENTS; id++)
        put(fixture, id);
    commit(fixture);
    for (unsigned id = 0; id < DOCUMENTS / MERGE_DELETED; id++)
        delete (fixture, id);
    commit(fixture);
    struct manifest_segment first = first_segment(fixture->path, &segments);
    assert_int_equal(segments, 1);
    assert_int_equal(first.documents, DOCUMENTS);
    assert_int_equal(first.deleted_length, DOCUMENTS / MERGE_DELETED);
    delete (fixture, 50);
    commit(fixture);
    first = first_segment(fixture->path, &segments);
    assert_int_equal(segments, 1);
    assert_int_equal(first.documents, DOCUMENTS - DOCUMENTS / MERGE_DELETED - 1);
    assert_int_equal(first.deleted_length, 0);
    end(fixture);
}

/* Many commits do not make many segments, and many live documents are sealed. */
static void test_tiers(void **state) {
    struct fixture *fixture = begin(in_folder(state, "c"), 0);
    for (unsigned id = 0; id < 60; id++) {
        put(fixture, id);
        commit(fixture);
        assert_true(statistics_of(fixture->path).segments < MERGE_WIDTH);
    }
    reopen(fixture, 16);
    size_t sealed = 0;
    for (unsigned id = 60; id < 140; id++) {
        put(fixture, id);
        commit(fixture);
        xunzi_statistics statistics = statistics_of(fixture->path);
        assert_true(statistics.live_documents <= 16 && statistics.segments < MERGE_WIDTH);
        sealed += statistics.live_documents == 0;
    }
    assert_int_equal(sealed, 80 / 17);
    end(fixture);
}

/* Segments of different tiers stay apart: what is large is not written anew for what is small. */
static void test_large_segments_stay(void **state) {
    struct fixture *fixture = begin(in_folder(state, "c"), 0);
    for (unsigned id = 0; id < MERGE_TIER_DOCUMENTS + 10; id++)
        put(fixture, 1000 + id);
    commit(fixture);
    size_t segments;
    struct manifest_segment large = first_segment(fixture->path, &segments);
    for (unsigned id = 0; id < 3 * MERGE_WIDTH; id++) {
        put(fixture, id);
        commit(fixture);
        struct manifest_segment first = first_segment(fixture->path, &segments);
        assert_int_equal(first.number, large.number);
        assert_true(segments <= MERGE_WIDTH);
    }
    end(fixture);
}

static void change_at_random(struct fixture *fixture, struct random *random) {
    size_t steps = 1 + random_below(random, random_once_in(random, 6) ? 250 : 12);
    for (size_t i = 0; i < steps; i++) {
        unsigned id = (unsigned)random_below(random, IDS);
        if (random_once_in(random, 3))
            delete (fixture, id);
        else
            put(fixture, id);
        assert_int_equal(xunzi_writer_documents(fixture->writer), fixture->now.count);
    }
}

static void test_at_random(void **state) {
    const uint64_t live_most[] = {0, 8, 60, LIVE_ALL};
    for (size_t turn = 0; turn < 4; turn++) {
        char name[16];
        snprintf(name, sizeof name, "c%zu", turn);
        struct random random = {900 + turn};
        struct fixture *fixture = begin(in_folder(state, name), live_most[turn]);
        for (int round = 0; round < 60; round++) {
            change_at_random(fixture, &random);
            switch (random_below(&random, 12)) {
            case 0:
            case 1:
                rollback(fixture);
                break;
            case 2:
                reopen(fixture, live_most[turn]);
                break;
            case 3:
                reopen(fixture, live_most[random_below(&random, 4)]);
                break;
            case 4:
                optimize(fixture);
                break;
            default:
                commit(fixture);
            }
            assert_true(statistics_of(fixture->path).segments <= MERGE_WIDTH);
        }
        end(fixture);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_everywhere, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_few_become_many, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_large_documents, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_deletions_are_dropped, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_tiers, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_large_segments_stay, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_at_random, make_folder, remove_folder),
    };
    return cmocka_run_group_tests_name("changes", tests, NULL, NULL);
}
