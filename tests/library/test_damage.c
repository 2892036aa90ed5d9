/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A collection whose files are cut or have wrong bytes: everything the library offers for reading
 * is tried on it, each time in a process of its own. It may fail and it may answer; it must not
 * crash, hang, or take all the memory. Xapian keeps no checksums in its tables, so that not every
 * wrong byte can be found; how many xunzi_check finds is told.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

enum { DOCUMENTS = 36, CUTS = 20, FLIPS = 300, FILES_MOST = 16, SECONDS_MOST = 30 };

/* The exit codes of a child, unlike those of a sanitizer. */
enum { CHILD_SOUND = 40, CHILD_DAMAGED, CHILD_BAD_SENTENCE };

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

struct fixture {
    char *path;
    char names[FILES_MOST][64]; /* of the catalog's files */
    xunzi_string contents[FILES_MOST];
    size_t file_count;
    size_t tried, found, failed;
};

static void make_collection(const char *path) {
    xunzi_writer *writer = open_writer(path, XUNZI_PROFILE_FULL);
    add_articles(writer, DOCUMENTS, 2048, 12);
    xunzi_writer_close(writer);
}

static int by_name(const void *a, const void *b) {
    return strcmp(a, b);
}

static int begin(void **state) {
    void *folder;
    if (make_folder(&folder) != 0)
        return -1;
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture->path = folder;
    char path[4096];
    snprintf(path, sizeof path, "%s/collection", fixture->path);
    make_collection(path);
    snprintf(path, sizeof path, "%s/collection/catalog", fixture->path);
    DIR *catalog = opendir(path);
    for (struct dirent *entry; (entry = readdir(catalog));)
        if (entry->d_name[0] != '.' && fixture->file_count < FILES_MOST)
            snprintf(fixture->names[fixture->file_count++], sizeof fixture->names[0], "%.60s",
                     entry->d_name);
    closedir(catalog);
    qsort(fixture->names, fixture->file_count, sizeof *fixture->names, by_name);
    for (size_t i = 0; i < fixture->file_count; i++) {
        snprintf(path, sizeof path, "%s/collection/catalog/%s", fixture->path, fixture->names[i]);
        fixture->contents[i] = read_file(path);
    }
    *state = fixture;
    return 0;
}

static int end(void **state) {
    struct fixture *fixture = *state;
    void *folder = fixture->path;
    for (size_t i = 0; i < fixture->file_count; i++)
        free((char *)fixture->contents[i].data);
    free(fixture);
    return remove_folder(&folder);
}

/* Whether a failure has a sentence of its own. */
static bool told(xunzi_status status) {
    return status == XUNZI_OK || status == XUNZI_END || strlen(xunzi_error_message()) > 12;
}

static bool read_everything(xunzi_index *index) {
    static const char *const queries[] = {"云岭 合作", "「医院互认检查结果」", "+学校 -合作",
                                          "3号"};
    bool ok = true;
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        for (int mode = XUNZI_MODE_QUERY; mode <= XUNZI_MODE_PHRASE; mode += i % 2 ? 2 : 1) {
            xunzi_search_options options = xunzi_search_options_default();
            xunzi_results *results;
            options.mode = (xunzi_mode)mode;
            options.limit = 100;
            options.exact_count = true;
            options.sort = i % 2 ? XUNZI_SORT_DATE : XUNZI_SORT_RELEVANCE;
            options.since = LITERAL("2020");
            options.source = i == 0 ? LITERAL("云岭日报") : (xunzi_string){0};
            ok = told(xunzi_search(index, xunzi_string_of(queries[i]), &options, &results)) && ok;
            xunzi_results_free(results);
        }
    for (int i = 0; i < DOCUMENTS; i += 7) {
        char id[16];
        snprintf(id, sizeof id, "id-%d", i);
        xunzi_document document;
        ok = ok && told(xunzi_index_document(index, xunzi_string_of(id), &document));
    }
    xunzi_cursor *cursor;
    xunzi_document document;
    xunzi_status status = xunzi_cursor_open(index, &cursor);
    /* A damaged list of documents may be long; it must not be endless. */
    for (size_t i = 0; status == XUNZI_OK && i < 1000000; i++)
        status = xunzi_cursor_next(cursor, &document);
    ok = ok && status != XUNZI_OK && told(status);
    xunzi_cursor_close(cursor);
    xunzi_statistics statistics;
    return ok && told(xunzi_index_statistics(index, &statistics));
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
#ifndef SANITIZED
    const struct rlimit memory = {(rlim_t)2 << 30, (rlim_t)2 << 30};
    setrlimit(RLIMIT_AS, &memory);
#endif
    xunzi_index *index;
    xunzi_status opened = xunzi_index_open(path, &index);
    bool ok = told(opened) && (opened != XUNZI_OK || read_everything(index));
    xunzi_index_close(index);
    xunzi_status checked = xunzi_check(path, count_finding, &findings);
    ok = ok && told(checked) && (checked != XUNZI_ERROR_CORRUPT || findings > 0);
    if (!ok)
        return CHILD_BAD_SENTENCE;
    return checked == XUNZI_OK ? CHILD_SOUND : CHILD_DAMAGED;
}

/* Tries the collection with file `f` being `content`. */
static void try_with(struct fixture *fixture, size_t f, xunzi_string content, const char *what,
                     size_t where) {
    char path[4096];
    int status;
    snprintf(path, sizeof path, "%s/damaged", fixture->path);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/damaged/catalog", fixture->path);
    mkdir(path, 0777);
    for (size_t i = 0; i < fixture->file_count; i++) {
        xunzi_string written = i == f ? content : fixture->contents[i];
        snprintf(path, sizeof path, "%s/damaged/catalog/%s", fixture->path, fixture->names[i]);
        write_file(path, written.data, written.size);
    }
    snprintf(path, sizeof path, "%s/damaged", fixture->path);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(try_everything(path));
    assert_int_equal(waitpid(child, &status, 0), child);
    bool sound = WIFEXITED(status) && WEXITSTATUS(status) == CHILD_SOUND;
    bool damaged = WIFEXITED(status) && WEXITSTATUS(status) == CHILD_DAMAGED;
    if (!sound && !damaged) {
        print_error("%s %s at %zu: %s %d\n", fixture->names[f], what, where,
                    !WIFSIGNALED(status)          ? "ended with"
                    : WTERMSIG(status) == SIGALRM ? "hung, signal"
                                                  : "killed by signal",
                    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        fixture->failed++;
    }
    fixture->tried++;
    fixture->found += damaged;
    remove_tree(path);
}

/* The test of the tests: as it is, the collection is sound. */
static void test_undamaged(void **state) {
    struct fixture *fixture = *state;
    try_with(fixture, 0, fixture->contents[0], "undamaged", 0);
    assert_int_equal(fixture->found + fixture->failed, 0);
}

static void test_cut(void **state) {
    struct fixture *fixture = *state;
    fixture->tried = fixture->found = fixture->failed = 0;
    for (size_t f = 0; f < fixture->file_count; f++)
        for (size_t i = 0; i < CUTS && fixture->contents[f].size > CUTS; i++) {
            size_t size = fixture->contents[f].size * i / CUTS;
            try_with(fixture, f, (xunzi_string){fixture->contents[f].data, size}, "cut", size);
        }
    print_message("%zu of %zu cuts found\n", fixture->found, fixture->tried);
    assert_int_equal(fixture->failed, 0);
    assert_true(fixture->tried >= 4 * CUTS && fixture->found > fixture->tried / 2);
}

/* Xapian reads outside of a block that damage makes it misread. Without a sanitizer it is then
 * wrong and goes on; a sanitizer stops it, or lays memory out so that it runs into nothing. Wrong
 * bytes in Xunzi's own records are met in tests/catalog. */
static void test_flipped(void **state) {
#ifdef SANITIZED
    skip();
#endif
    struct fixture *fixture = *state;
    struct random random = {300};
    fixture->tried = fixture->found = fixture->failed = 0;
    for (size_t i = 0; i < FLIPS;) {
        size_t f = random_below(&random, fixture->file_count);
        xunzi_string *content = &fixture->contents[f];
        if (content->size == 0)
            continue;
        /* Half of them where headers are. */
        size_t at = random_below(
            &random, random_once_in(&random, 2) && content->size > 256 ? 256 : content->size);
        char *byte = (char *)content->data + at, before = *byte;
        *byte = (char)(before ^ (char)(1 + random_below(&random, 255)));
        try_with(fixture, f, *content, "flipped", at);
        *byte = before;
        i++;
    }
    print_message("%zu of %zu wrong bytes found\n", fixture->found, fixture->tried);
    assert_int_equal(fixture->failed, 0);
    assert_true(fixture->found > 0);
}

static void test_missing(void **state) {
    struct fixture *fixture = *state;
    fixture->tried = fixture->found = fixture->failed = 0;
    for (size_t f = 0; f < fixture->file_count; f++)
        try_with(fixture, f, (xunzi_string){"", 0}, "emptied", 0);
    assert_int_equal(fixture->failed, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_undamaged),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_flipped),
        cmocka_unit_test(test_missing),
    };
    return cmocka_run_group_tests_name("damage", tests, begin, end);
}
