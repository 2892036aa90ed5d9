/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The writer and the read side together: documents in, documents out, in order; commits, rollbacks
 * and optimizations as a reader sees them; with documents live, and with every commit sealed. */
#include "collection_support.h"

#include <stdio.h>

/* Asserts that the index holds just these documents, in this order, and finds each under its id. */
static void assert_holds(xunzi_index *index, const xunzi_document *expected, size_t count) {
    xunzi_cursor *cursor;
    xunzi_document document;
    xunzi_statistics statistics;
    assert_ok(xunzi_cursor_open(index, &cursor));
    for (size_t i = 0; i < count; i++) {
        assert_ok(xunzi_cursor_next(cursor, &document));
        assert_same_document(&expected[i], &document);
    }
    assert_int_equal(XUNZI_END, xunzi_cursor_next(cursor, &document));
    xunzi_cursor_close(cursor);
    for (size_t i = 0; i < count; i++) {
        assert_ok(xunzi_index_document(index, expected[i].id, &document));
        assert_same_document(&expected[i], &document);
    }
    assert_ok(xunzi_index_statistics(index, &statistics));
    assert_int_equal(count, statistics.documents);
    if (collection_live_most == 0)
        assert_int_equal(0, statistics.live_documents);
    assert_int_equal(count > statistics.live_documents, statistics.segments > 0);
    assert_true(statistics.bytes > 0);
}

static void assert_absent(xunzi_index *index, const char *id) {
    xunzi_document document;
    assert_status(XUNZI_ERROR_NOT_FOUND,
                  xunzi_index_document(index, xunzi_string_of(id), &document));
    assert_non_null(strstr(xunzi_error_message(), id));
}

static xunzi_document made(int number) {
    static char ids[16][16], bodies[16][64];
    assert_true(number >= 0 && number < 16);
    snprintf(ids[number], sizeof ids[0], "文/%d", number);
    snprintf(bodies[number], sizeof bodies[0], "第%d篇文章，word%d", number, number);
    return document_of(ids[number], "標題", bodies[number], "2024-01-02", "某報");
}

static void test_documents_come_back_in_order(void **state) {
    const char *path = in_folder(state, "c");
    xunzi_document documents[12];
    for (int i = 0; i < 12; i++)
        documents[i] = made(i);
    documents[3].url = TEXT("https://example.org/");
    documents[4].extra = TEXT("{\"author\":\"某人\"}");
    documents[5].body = TEXT("有\0NUL 的正文");
    add_documents(path, XUNZI_PROFILE_FULL, documents, 5);
    add_documents(path, XUNZI_PROFILE_FULL, documents + 5, 7);
    xunzi_index *index = open_index(path);
    assert_holds(index, documents, 12);
    assert_absent(index, "文/99");
    assert_absent(index, "");
    xunzi_index_close(index);
}

static void test_replacing_moves_to_the_end(void **state) {
    const char *path = in_folder(state, "c");
    xunzi_document documents[3] = {made(0), made(1), made(2)};
    add_documents(path, XUNZI_PROFILE_BIGRAM, documents, 3);
    documents[1].body = TEXT("另一篇");
    documents[1].date = TEXT("");
    documents[1].source = TEXT("");
    add_documents(path, XUNZI_PROFILE_BIGRAM, &documents[1], 1);
    xunzi_index *index = open_index(path);
    const xunzi_document moved[] = {documents[0], documents[2], documents[1]};
    assert_holds(index, moved, 3);
    xunzi_index_close(index);
    /* Twice in one commit: the last one counts. */
    xunzi_document again[2] = {documents[2], documents[2]};
    again[1].body = TEXT("最後一篇");
    add_documents(path, XUNZI_PROFILE_BIGRAM, again, 2);
    const xunzi_document moved_again[] = {documents[0], documents[1], again[1]};
    index = open_index(path);
    assert_holds(index, moved_again, 3);
    xunzi_index_close(index);
}

/* What a cursor gave, and what was asked for by id, live on while other documents are read, and
 * through a refresh. */
static void test_how_long_documents_live(void **state) {
    const char *path = in_folder(state, "c");
    xunzi_document documents[3] = {made(0), made(1), made(2)}, listed, asked;
    add_documents(path, XUNZI_PROFILE_FULL, documents, 3);
    xunzi_index *index = open_index(path);
    xunzi_cursor *cursor, *other;
    assert_ok(xunzi_cursor_open(index, &cursor));
    assert_ok(xunzi_cursor_next(cursor, &listed));
    assert_ok(xunzi_index_document(index, documents[1].id, &asked));
    xunzi_document last;
    assert_ok(xunzi_cursor_open(index, &other));
    while (xunzi_cursor_next(other, &last) == XUNZI_OK)
        continue;
    xunzi_cursor_close(other);
    xunzi_search_options options = xunzi_search_options_default();
    xunzi_results *results;
    assert_ok(xunzi_search(index, TEXT("文章 word2"), &options, &results));
    assert_int_equal(xunzi_results_count(results), 3);
    xunzi_results_free(results);
    add_documents(path, XUNZI_PROFILE_FULL, &documents[2], 1);
    assert_ok(xunzi_index_refresh(index));
    assert_same_document(&documents[0], &listed);
    assert_same_document(&documents[1], &asked);
    xunzi_cursor_close(cursor);
    xunzi_index_close(index);
}

static void test_deleting(void **state) {
    const char *path = in_folder(state, "c");
    xunzi_document documents[3] = {made(0), made(1), made(2)};
    add_documents(path, XUNZI_PROFILE_FULL, documents, 3);
    xunzi_writer *writer = open_writer(path, XUNZI_PROFILE_FULL);
    assert_status(XUNZI_ERROR_NOT_FOUND, xunzi_writer_delete(writer, TEXT("nobody")));
    assert_ok(xunzi_writer_delete(writer, documents[1].id));
    assert_status(XUNZI_ERROR_NOT_FOUND, xunzi_writer_delete(writer, documents[1].id));
    assert_int_equal(2, xunzi_writer_documents(writer));
    assert_ok(xunzi_writer_commit(writer));
    const xunzi_document left[] = {documents[0], documents[2], documents[1]};
    xunzi_index *index = open_index(path);
    assert_holds(index, left, 2);
    assert_absent(index, "文/1");
    assert_ok(xunzi_writer_add(writer, &documents[1])); /* anew: at the end */
    assert_ok(xunzi_writer_commit(writer));
    assert_ok(xunzi_index_refresh(index));
    assert_holds(index, left, 3);
    for (int i = 0; i < 3; i++)
        assert_ok(xunzi_writer_delete(writer, documents[i].id));
    assert_ok(xunzi_writer_commit(writer));
    assert_ok(xunzi_index_refresh(index));
    assert_holds(index, NULL, 0);
    xunzi_index_close(index);
    xunzi_writer_close(writer);
}

static void test_snapshots_and_refresh(void **state) {
    const char *path = in_folder(state, "c");
    xunzi_document documents[4] = {made(0), made(1), made(2), made(3)};
    xunzi_writer *writer = open_writer(path, XUNZI_PROFILE_FULL);
    xunzi_index *index = open_index(path);
    assert_ok(xunzi_writer_add(writer, &documents[0]));
    assert_ok(xunzi_index_refresh(index));
    assert_holds(index, documents, 0); /* not committed */
    assert_ok(xunzi_writer_commit(writer));
    assert_holds(index, documents, 0); /* not refreshed */
    assert_ok(xunzi_index_refresh(index));
    assert_holds(index, documents, 1);
    assert_ok(xunzi_index_refresh(index)); /* nothing new */
    assert_holds(index, documents, 1);
    assert_ok(xunzi_writer_add(writer, &documents[1]));
    assert_ok(xunzi_writer_rollback(writer));
    assert_int_equal(1, xunzi_writer_documents(writer));
    assert_ok(xunzi_writer_commit(writer)); /* nothing to commit */
    assert_ok(xunzi_index_refresh(index));
    assert_holds(index, documents, 1);
    assert_ok(xunzi_writer_add(writer, &documents[1]));
    xunzi_writer_close(writer); /* drops it */
    assert_ok(xunzi_index_refresh(index));
    assert_holds(index, documents, 1);
    xunzi_index_close(index);
}

/* Whatever number of commits an optimization stands behind or before, a refresh sees the newest
 * state: revisions that begin anew in a compacted catalog are not mistaken for old ones. */
static void test_refresh_across_optimizations(void **state) {
    for (int before = 0; before < 4; before++)
        for (int behind = 0; behind < 4; behind++) {
            char name[32];
            snprintf(name, sizeof name, "c%d%d", before, behind);
            const char *path = in_folder(state, name);
            xunzi_document documents[16];
            size_t count = 0;
            xunzi_writer *writer = open_writer(path, XUNZI_PROFILE_BIGRAM);
            xunzi_index *readers[10];
            size_t reader_count = 0;
            readers[reader_count++] = open_index(path);
            for (int i = 0; i < before; i++, count++) {
                documents[count] = made((int)count);
                assert_ok(xunzi_writer_add(writer, &documents[count]));
                assert_ok(xunzi_writer_commit(writer));
                readers[reader_count++] = open_index(path);
            }
            documents[count] = made((int)count);
            assert_ok(xunzi_writer_add(writer, &documents[count++]));
            assert_ok(xunzi_writer_optimize(writer)); /* commits, too */
            readers[reader_count++] = open_index(path);
            for (int i = 0; i < behind; i++, count++) {
                documents[count] = made((int)count);
                assert_ok(xunzi_writer_add(writer, &documents[count]));
                assert_ok(xunzi_writer_commit(writer));
            }
            for (size_t i = 0; i < reader_count; i++) {
                assert_ok(xunzi_index_refresh(readers[i]));
                assert_holds(readers[i], documents, count);
                xunzi_index_close(readers[i]);
            }
            xunzi_writer_close(writer);
        }
}

/* A reader goes on with its snapshot while the catalog under it is exchanged. */
static void test_a_reader_through_an_optimization(void **state) {
    const char *path = in_folder(state, "c");
    xunzi_document documents[3] = {made(0), made(1), made(2)};
    add_documents(path, XUNZI_PROFILE_FULL, documents, 2);
    xunzi_index *index = open_index(path);
    xunzi_cursor *cursor;
    xunzi_document document;
    assert_ok(xunzi_cursor_open(index, &cursor));
    assert_ok(xunzi_cursor_next(cursor, &document));
    xunzi_writer *writer = open_writer(path, XUNZI_PROFILE_FULL);
    assert_ok(xunzi_writer_add(writer, &documents[2]));
    assert_ok(xunzi_writer_optimize(writer));
    assert_ok(xunzi_writer_optimize(writer)); /* of what is small already */
    assert_int_equal(3, xunzi_writer_documents(writer));
    assert_ok(xunzi_cursor_next(cursor, &document));
    assert_same_document(&documents[1], &document);
    assert_int_equal(XUNZI_END, xunzi_cursor_next(cursor, &document));
    xunzi_cursor_close(cursor);
    assert_holds(index, documents, 2);
    assert_ok(xunzi_index_refresh(index));
    assert_holds(index, documents, 3);
    xunzi_index_close(index);
    xunzi_writer_close(writer);
}

/* Another collection, of another profile, at the same path. */
static void test_refresh_onto_another_collection(void **state) {
    const char *path = in_folder(state, "c"), *other = in_folder(state, "other"),
               *aside = in_folder(state, "aside");
    xunzi_document documents[2] = {made(0), made(1)};
    add_documents(path, XUNZI_PROFILE_FULL, &documents[0], 1);
    add_documents(other, XUNZI_PROFILE_BIGRAM, &documents[1], 1);
    xunzi_index *index = open_index(path);
    assert_int_equal(0, rename(path, aside));
    assert_status(XUNZI_ERROR_NOT_FOUND, xunzi_index_refresh(index));
    assert_int_equal(XUNZI_PROFILE_FULL, xunzi_index_profile(index));
    xunzi_document document;
    assert_ok(
        xunzi_index_document(index, documents[0].id, &document)); /* the handle stays usable */
    assert_same_document(&documents[0], &document);
    assert_int_equal(0, rename(other, path));
    assert_ok(xunzi_index_refresh(index));
    assert_int_equal(XUNZI_PROFILE_BIGRAM, xunzi_index_profile(index));
    assert_holds(index, &documents[1], 1);
    xunzi_index_close(index);
}

/* ---- Refusals and repairs ---- */

static void test_refused_documents(void **state) {
    const char *path = in_folder(state, "c");
    xunzi_writer *writer = open_writer(path, XUNZI_PROFILE_FULL);
    xunzi_document kept = made(0), document = document_of("1", "——", "！？", NULL, NULL);
    assert_ok(xunzi_writer_add(writer, &kept));
    assert_status(XUNZI_ERROR_INVALID_ARGUMENT, xunzi_writer_add(writer, &document));
    document = (xunzi_document){.id = TEXT("1")};
    assert_status(XUNZI_ERROR_INVALID_ARGUMENT, xunzi_writer_add(writer, &document));
    size_t most = XUNZI_MAX_DOCUMENT_BYTES;
    char *large = malloc(most + 1);
    assert_non_null(large);
    memset(large, 'x', most + 1);
    document = (xunzi_document){.id = TEXT("1"), .body = {large, most + 1}};
    assert_status(XUNZI_ERROR_LIMIT, xunzi_writer_add(writer, &document));
    document = (xunzi_document){.id = TEXT("1"), .body = {large, most}};
    assert_status(XUNZI_ERROR_LIMIT, xunzi_writer_add(writer, &document));
    document = (xunzi_document){.id = {large, XUNZI_MAX_ID_BYTES + 1}, .body = TEXT("文")};
    assert_status(XUNZI_ERROR_LIMIT, xunzi_writer_add(writer, &document));
    xunzi_document longest = {.id = {large, XUNZI_MAX_ID_BYTES}, .body = TEXT("文")};
    assert_ok(xunzi_writer_add(writer, &longest));
    assert_ok(xunzi_writer_commit(writer));
    xunzi_writer_close(writer);
    const xunzi_document expected[] = {kept, longest};
    xunzi_index *index = open_index(path);
    assert_holds(index, expected, 2);
    xunzi_index_close(index);
    free(large);
}

/* Ill-formed UTF-8 going in is read with U+FFFD, in every place where a string goes in. */
static void test_ill_formed_members(void **state) {
    const char *path = in_folder(state, "c");
    xunzi_document broken = {.id = TEXT("a\xFF"),
                             .title = TEXT("題\xE4\xB8"),
                             .body = TEXT("文\xED\xA0\x80"),
                             .date = TEXT("2024\xC0"),
                             .source = TEXT("\x80報"),
                             .url = TEXT("\xF5"),
                             .extra = TEXT("{\"a\":\"\xFE\"}")};
    const xunzi_document repaired = {.id = TEXT("a\uFFFD"),
                                     .title = TEXT("題\uFFFD"),
                                     .body = TEXT("文\uFFFD\uFFFD\uFFFD"),
                                     .date = TEXT("2024\uFFFD"),
                                     .source = TEXT("\uFFFD報"),
                                     .url = TEXT("\uFFFD"),
                                     .extra = TEXT("{\"a\":\"\uFFFD\"}")};
    add_documents(path, XUNZI_PROFILE_FULL, &broken, 1);
    xunzi_index *index = open_index(path);
    xunzi_document document;
    assert_holds(index, &repaired, 1);
    assert_ok(xunzi_index_document(index, broken.id, &document));
    assert_same_document(&repaired, &document);
    xunzi_writer *writer = open_writer(path, XUNZI_PROFILE_FULL);
    assert_ok(xunzi_writer_delete(writer, broken.id));
    assert_ok(xunzi_writer_commit(writer));
    xunzi_writer_close(writer);
    assert_ok(xunzi_index_refresh(index));
    assert_holds(index, NULL, 0);
    xunzi_index_close(index);
}

static void test_ids_of_every_kind(void **state) {
    const char *path = in_folder(state, "c");
    char longer[300], longest[300];
    memset(longer, 'x', sizeof longer);
    memset(longest, 'x', sizeof longest);
    longest[299] = 'y';
    const xunzi_string ids[] = {TEXT("a"),     TEXT("A"),      TEXT("a\0"),   TEXT("a\0b"),
                                TEXT("\001a"), TEXT("國"),     TEXT("国"),    TEXT(" "),
                                {longer, 300}, {longest, 300}, {longer, 128}, {longer, 129}};
    enum { COUNT = sizeof ids / sizeof *ids };
    xunzi_document documents[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        documents[i] = (xunzi_document){.id = ids[i], .body = TEXT("正文")};
    add_documents(path, XUNZI_PROFILE_FULL, documents, COUNT);
    xunzi_index *index = open_index(path);
    assert_holds(index, documents, COUNT);
    xunzi_index_close(index);
}

/* A document without an id gets one from what it says: the same again replaces it, another does
 * not. */
static void test_documents_without_an_id(void **state) {
    const char *path = in_folder(state, "c");
    const xunzi_document documents[] = {
        {.title = TEXT("ab"), .body = TEXT("c")},
        {.title = TEXT("a"), .body = TEXT("bc")},
        {.title = TEXT("ab"), .body = TEXT("c")},
        {.title = TEXT("ab"), .body = TEXT("c"), .url = TEXT("u")},
        {.title = TEXT("ab"), .body = TEXT("c"), .date = TEXT("2024")}, /* replaces the first */
    };
    add_documents(path, XUNZI_PROFILE_FULL, documents, 5);
    xunzi_index *index = open_index(path);
    xunzi_cursor *cursor;
    xunzi_document document;
    size_t count = 0;
    assert_ok(xunzi_cursor_open(index, &cursor));
    while (xunzi_cursor_next(cursor, &document) == XUNZI_OK) {
        assert_int_equal(32, document.id.size);
        if (++count == 3)
            assert_text(TEXT("2024"), document.date);
    }
    assert_int_equal(3, count);
    xunzi_cursor_close(cursor);
    xunzi_index_close(index);
}

static void test_statistics(void **state) {
    const char *path = in_folder(state, "c");
    const xunzi_document documents[] = {document_of("1", NULL, "中國人 a", NULL, "某報"),
                                        document_of("2", "中國", "b a", NULL, NULL)};
    add_documents(path, XUNZI_PROFILE_BIGRAM, documents, 2);
    xunzi_index *index = open_index(path);
    xunzi_statistics statistics;
    assert_ok(xunzi_index_statistics(index, &statistics));
    assert_int_equal(2, statistics.documents);
    assert_int_equal(4,
                     statistics.terms); /* 中国 国人 a b; neither ids nor sources nor titles' own */
    assert_int_equal(6, statistics.postings); /* 2 + 1 + 2 + 1 */
    assert_int_equal(XUNZI_PROFILE_BIGRAM, statistics.profile);
    xunzi_index_close(index);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_documents_come_back_in_order, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_replacing_moves_to_the_end, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_how_long_documents_live, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_deleting, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_snapshots_and_refresh, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_refresh_across_optimizations, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_a_reader_through_an_optimization, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_refresh_onto_another_collection, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_refused_documents, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_ill_formed_members, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_ids_of_every_kind, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_documents_without_an_id, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_statistics, make_folder, remove_folder),
    };
    int failures = cmocka_run_group_tests_name("mostly live", tests, NULL, NULL);
    collection_live_most = 0;
    return failures + cmocka_run_group_tests_name("sealed", tests, NULL, NULL);
}
