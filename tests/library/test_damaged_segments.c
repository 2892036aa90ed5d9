/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sealed collection whose files are damaged: bytes flipped, files cut, gone, exchanged, or
 * another collection's. xunzi_check finds each of it, every time; opening and all ways of reading
 * give an error with a sentence, or an answer. Each try is a process of its own. The segment's file
 * by itself, byte for byte, is for tests/segment; the catalog of live documents for test_damage.c.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

enum { DOCUMENTS = 24, FLIPS = 120, CUTS = 40, SECONDS_MOST = 60 };

/* The exit codes of a child, unlike those of a sanitizer. */
enum { CHILD_SOUND = 40, CHILD_DAMAGED, CHILD_WRONG };

/* A writer that makes a segment of each commit; two of them, then some documents deleted. */
static void make_collection(const char *path, xunzi_profile profile) {
    xunzi_writer *writer = open_writer_with(path, profile, 0);
    add_articles(writer, DOCUMENTS, 1024, DOCUMENTS / 2);
    assert_ok(xunzi_writer_delete(writer, LITERAL("id-3")));
    assert_ok(xunzi_writer_commit(writer));
    xunzi_writer_close(writer);
}

static bool told(xunzi_status status) {
    return status == XUNZI_OK || status == XUNZI_END || strlen(xunzi_error_message()) > 12;
}

static bool search_everything(xunzi_index *index) {
    static const char *const queries[] = {"云岭 合作", "「医院互认检查结果」", "+学校 -合作",
                                          "3号 学校 云岭市", "title:合作"};
    bool ok = true;
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        for (int mode = XUNZI_MODE_QUERY; mode <= XUNZI_MODE_PHRASE; mode++) {
            xunzi_search_options options = xunzi_search_options_default();
            xunzi_results *results;
            options.mode = (xunzi_mode)mode;
            options.limit = i % 2 ? 3 : 100;
            options.exact_count = i % 3 != 0;
            options.sort = i % 2 ? XUNZI_SORT_DATE : XUNZI_SORT_RELEVANCE;
            options.since = LITERAL("2020");
            options.source = i == 0 ? LITERAL("云岭日报") : (xunzi_string){0};
            ok = told(xunzi_search(index, xunzi_string_of(queries[i]), &options, &results)) && ok;
            xunzi_results_free(results);
        }
    return ok;
}

static bool read_everything(xunzi_index *index) {
    xunzi_document document;
    xunzi_statistics statistics;
    xunzi_cursor *cursor;
    bool ok = search_everything(index);
    for (int i = 0; i < DOCUMENTS; i += 5) {
        char id[16];
        snprintf(id, sizeof id, "id-%d", i);
        xunzi_results *results;
        ok = told(xunzi_index_document(index, xunzi_string_of(id), &document)) && ok;
        ok = told(xunzi_search_like(index, xunzi_string_of(id), NULL, &results)) && ok;
        xunzi_results_free(results);
    }
    xunzi_status status = xunzi_cursor_open(index, &cursor);
    for (size_t i = 0; status == XUNZI_OK && i < 1000000; i++)
        status = xunzi_cursor_next(cursor, &document);
    ok = ok && status != XUNZI_OK && told(status);
    xunzi_cursor_close(cursor);
    return told(xunzi_index_statistics(index, &statistics)) && ok;
}

/* Writing to it, too, gives a success or a sentence. */
static bool write_something(const char *path) {
    xunzi_writer_options options = xunzi_writer_options_default();
    xunzi_writer *writer;
    options.live_most = 0;
    xunzi_status status = xunzi_writer_open(path, &options, &writer);
    if (status != XUNZI_OK)
        return told(status);
    const xunzi_document document = {.id = LITERAL("id-5"), .body = LITERAL("合作")};
    bool ok = told(xunzi_writer_add(writer, &document)) &&
              told(xunzi_writer_delete(writer, LITERAL("id-20"))) &&
              told(xunzi_writer_optimize(writer));
    xunzi_writer_close(writer);
    return ok;
}

static void count_finding(void *context, const char *sentence) {
    *(size_t *)context += sentence[0] != '\0';
}

/* The child's life. */
static int try_everything(const char *path) {
    size_t findings = 0;
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE,
                                SIGILL}; /* cmocka has handlers for them */
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
        signal(fatal[i], SIG_DFL);
    alarm(SECONDS_MOST);
    xunzi_index *index;
    xunzi_status opened = xunzi_index_open(path, &index);
    bool ok = told(opened) && (opened != XUNZI_OK || read_everything(index));
    xunzi_index_close(index);
    xunzi_status checked = xunzi_check(path, count_finding, &findings);
    ok = ok && told(checked) && (checked == XUNZI_ERROR_CORRUPT) == (findings > 0);
    ok = write_something(path) && ok;
    if (!ok)
        return CHILD_WRONG;
    return checked == XUNZI_OK ? CHILD_SOUND : CHILD_DAMAGED;
}

static int run_child(const char *path) {
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(try_everything(path));
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status))
        fail_msg("%s: %s %d", path, WTERMSIG(status) == SIGALRM ? "hung, signal" : "killed by",
                 WTERMSIG(status));
    return WEXITSTATUS(status);
}

/* Whether the file of a copy of the collection, with that content, is found to be damaged: it must
 * be. NULL: no file. */
static void assert_found(void **state, const char *file, const char *content, size_t size,
                         const char *what, size_t where) {
    const char *path = in_folder(state, "damaged");
    char name[4200];
    copy_collection(in_folder(state, "collection"), path);
    snprintf(name, sizeof name, "%s/%s", path, file);
    assert_int_equal(unlink(name), 0);
    if (content)
        write_file(name, content, size);
    int code = run_child(path);
    if (code != CHILD_DAMAGED)
        fail_msg("%s %s at %zu: %s (%d)", file, what, where,
                 code == CHILD_SOUND ? "not found" : "ended with", code);
    remove_tree(path);
}

static void test_undamaged(void **state) {
    make_collection(in_folder(state, "collection"), XUNZI_PROFILE_FULL);
    copy_collection(in_folder(state, "collection"), in_folder(state, "copy"));
    assert_int_equal(run_child(in_folder(state, "copy")), CHILD_SOUND);
}

static void test_flipped(void **state) {
    make_collection(in_folder(state, "collection"), XUNZI_PROFILE_FULL);
    xunzi_string segment = read_file(in_folder(state, "collection/000001.seg"));
    struct random random = {120};
    for (size_t i = 0; i < FLIPS; i++) {
        size_t at = random_below(&random, i % 4 == 0 ? 330 : segment.size);
        char *byte = (char *)segment.data + at, before = *byte;
        *byte = (char)(before ^ (char)(1 + random_below(&random, 255)));
        assert_found(state, "000001.seg", segment.data, segment.size, "flipped", at);
        *byte = before;
    }
    free((char *)segment.data);
}

static void test_cut(void **state) {
    make_collection(in_folder(state, "collection"), XUNZI_PROFILE_BIGRAM);
    xunzi_string segment = read_file(in_folder(state, "collection/000002.seg"));
    for (size_t i = 0; i < CUTS; i++) {
        size_t size = i == 0 ? segment.size - 1 : segment.size * (i - 1) / CUTS;
        assert_found(state, "000002.seg", segment.data, size, "cut", size);
    }
    char *longer = malloc(segment.size + 8);
    assert_non_null(longer);
    memcpy(longer, segment.data, segment.size);
    memset(longer + segment.size, 0, 8);
    assert_found(state, "000002.seg", longer, segment.size + 8, "made longer", segment.size);
    free(longer);
    free((char *)segment.data);
}

static void test_gone(void **state) {
    make_collection(in_folder(state, "collection"), XUNZI_PROFILE_FULL);
    assert_found(state, "000001.seg", NULL, 0, "gone", 0);
    assert_found(state, "000002.seg", NULL, 0, "gone", 0);
    assert_found(state, "catalog/iamglass", NULL, 0, "gone", 0);
    assert_found(state, "catalog/postlist.glass", NULL, 0, "gone", 0);
}

/* Whole segments where others should be. */
static void test_exchanged(void **state) {
    make_collection(in_folder(state, "collection"), XUNZI_PROFILE_FULL);
    make_collection(in_folder(state, "bigram"), XUNZI_PROFILE_BIGRAM);
    xunzi_string first = read_file(in_folder(state, "collection/000001.seg")),
                 second = read_file(in_folder(state, "collection/000002.seg")),
                 other = read_file(in_folder(state, "bigram/000001.seg"));
    assert_found(state, "000002.seg", first.data, first.size, "the other one", 0);
    assert_found(state, "000001.seg", second.data, second.size, "the other one", 0);
    assert_found(state, "000001.seg", other.data, other.size, "of another profile", 0);
    free((char *)first.data);
    free((char *)second.data);
    free((char *)other.data);
}

/* Two segments in each other's places: nothing is lost, but it is not what the manifest says. */
static void test_swapped(void **state) {
    const char *path = in_folder(state, "collection");
    make_collection(path, XUNZI_PROFILE_FULL);
    xunzi_string first = read_file(in_folder(state, "collection/000001.seg")),
                 second = read_file(in_folder(state, "collection/000002.seg"));
    write_file(in_folder(state, "collection/000001.seg"), second.data, second.size);
    write_file(in_folder(state, "collection/000002.seg"), first.data, first.size);
    assert_int_equal(run_child(path), CHILD_DAMAGED);
    free((char *)first.data);
    free((char *)second.data);
}

/* Positions that make no sense: a phrase is not found by fewer hits, but not at all. */
static void test_positions(void **state) {
    enum { POSITIONS_ROW = 56 + 9 * 24 }; /* docs/segment-format.md */
    const char *path = in_folder(state, "collection");
    make_collection(path, XUNZI_PROFILE_FULL);
    xunzi_string segment = read_file(in_folder(state, "collection/000001.seg"));
    uint64_t row[2]; /* where the section begins, and its size; as a little-endian machine has it */
    memcpy(row, segment.data + POSITIONS_ROW, sizeof row);
    assert_true(row[0] < segment.size && row[1] <= segment.size - row[0] && row[1] > 0);
    xunzi_index *index;
    xunzi_results *results;
    xunzi_search_options options = xunzi_search_options_default();
    options.mode = XUNZI_MODE_PHRASE;
    options.exact_count = true;
    assert_ok(xunzi_index_open(path, &index));
    assert_ok(xunzi_search(index, LITERAL("医院互认"), &options, &results));
    assert_true(xunzi_results_total(results) > 0);
    xunzi_results_free(results);
    xunzi_index_close(index);
    memset((char *)segment.data + row[0], 0xFF, (size_t)row[1]);
    write_file(in_folder(state, "collection/000001.seg"), segment.data, segment.size);
    assert_ok(xunzi_index_open(path, &index));
    assert_status(XUNZI_ERROR_CORRUPT,
                  xunzi_search(index, LITERAL("医院互认"), &options, &results));
    xunzi_results_free(results);
    xunzi_index_close(index);
    free((char *)segment.data);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_undamaged, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_flipped, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_cut, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_gone, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_exchanged, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_swapped, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_positions, make_folder, remove_folder),
    };
    return cmocka_run_group_tests_name("damaged segments", tests, NULL, NULL);
}
