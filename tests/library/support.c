/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support.h"

#include <dirent.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void assert_status_at(xunzi_status expected, xunzi_status status, const char *call,
                      const char *file, int line) {
    if (status == expected)
        return;
    print_error("%s:%d: %s\n  is \"%s\", not \"%s\": %s\n", file, line, call,
                xunzi_status_name(status), xunzi_status_name(expected), xunzi_error_message());
    _fail(file, line);
}

bool same_string(xunzi_string a, xunzi_string b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

void assert_same_at(xunzi_string expected, xunzi_string actual, const char *what, const char *file,
                    int line) {
    if (same_string(expected, actual))
        return;
    char *left = NULL, *right = NULL;
    xunzi_print_safe(expected, true, &left);
    xunzi_print_safe(actual, true, &right);
    print_error("%s:%d: %s is \"%.500s\" (%zu bytes), not \"%.500s\" (%zu bytes)\n", file, line,
                what, right, actual.size, left, expected.size);
    free(left);
    free(right);
    _fail(file, line);
}

int make_folder(void **state) {
    const char *parent = getenv("TMPDIR");
    char *path = NULL;
    if (asprintf(&path, "%s/xunzi-test-XXXXXX", parent && *parent ? parent : "/tmp") < 0 ||
        !mkdtemp(path)) {
        free(path);
        return -1;
    }
    *state = path;
    return 0;
}

void remove_tree(const char *path) {
    char *const roots[] = {(char *)path, NULL}; /* fts_open does not write to it */
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    for (FTSENT *entry; walk && (entry = fts_read(walk));) {
        if (entry->fts_info == FTS_DP)
            rmdir(entry->fts_accpath);
        else if (entry->fts_info != FTS_D)
            unlink(entry->fts_accpath);
    }
    if (walk)
        fts_close(walk);
}

int remove_folder(void **state) {
    remove_tree(*state);
    free(*state);
    *state = NULL;
    return 0;
}

const char *in_folder(void **state, const char *name) {
    static char paths[8][4096];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", (const char *)*state, name);
    return path;
}

xunzi_string read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("%s cannot be opened", path);
    size_t size = 0, capacity = 1 << 16;
    char *data = malloc(capacity);
    assert_non_null(data);
    for (size_t got; (got = fread(data + size, 1, capacity - size, file)) > 0;) {
        size += got;
        if (size == capacity) {
            data = realloc(data, capacity *= 2);
            assert_non_null(data);
        }
    }
    fclose(file);
    return (xunzi_string){data, size};
}

void write_file(const char *path, const char *data, size_t size) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void copy_files(const char *from, const char *to) {
    char source[4096], target[4096];
    assert_int_equal(mkdir(to, 0777), 0);
    DIR *folder = opendir(from);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.' || entry->d_type == DT_DIR)
            continue;
        snprintf(source, sizeof source, "%s/%s", from, entry->d_name);
        snprintf(target, sizeof target, "%s/%s", to, entry->d_name);
        xunzi_string data = read_file(source);
        write_file(target, data.data, data.size);
        free((char *)data.data);
    }
    closedir(folder);
}

void copy_collection(const char *from, const char *to) {
    char source[4096], target[4096];
    copy_files(from, to);
    snprintf(source, sizeof source, "%s/catalog", from);
    snprintf(target, sizeof target, "%s/catalog", to);
    copy_files(source, target);
}

uint64_t random_next(struct random *random) {
    uint64_t z = random->state += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

size_t random_below(struct random *random, size_t bound) {
    return (size_t)(random_next(random) % bound);
}

bool random_once_in(struct random *random, size_t times) {
    return random_below(random, times) == 0;
}

xunzi_writer *open_writer_with(const char *path, xunzi_profile profile, uint64_t live_most) {
    xunzi_writer_options options = xunzi_writer_options_default();
    options.profile = profile;
    options.keep_all = true; /* random text is no page to tell an article from what is around it */
    options.live_most = live_most;
    xunzi_writer *writer;
    assert_ok(xunzi_writer_open(path, &options, &writer));
    return writer;
}

xunzi_writer *open_writer(const char *path, xunzi_profile profile) {
    return open_writer_with(path, profile, LIVE_DEFAULT);
}

xunzi_index *open_index(const char *path) {
    xunzi_index *index;
    assert_ok(xunzi_index_open(path, &index));
    return index;
}

void add(xunzi_writer *writer, const char *id, const char *title, const char *body) {
    const xunzi_document document = {
        .id = xunzi_string_of(id), .title = xunzi_string_of(title), .body = xunzi_string_of(body)};
    assert_ok(xunzi_writer_add(writer, &document));
}

void add_articles(xunzi_writer *writer, int count, size_t body_bytes, int each) {
    struct random random = {1};
    for (int i = 0; i < count; i++) {
        char id[16], body[2048];
        assert_true(body_bytes <= sizeof body);
        snprintf(id, sizeof id, "id-%d", i);
        size_t size = (size_t)snprintf(body, body_bytes, "雲嶺市與澄江區合作，醫院互認檢查結果");
        while (size < body_bytes - 16)
            size += (size_t)snprintf(body + size, body_bytes - size, " %zu號學校",
                                     random_below(&random, 400));
        const xunzi_document document = {.id = xunzi_string_of(id),
                                         .title = LITERAL("雲嶺市與澄江區合作"),
                                         .body = xunzi_string_of(body),
                                         .date = LITERAL("2024-03-18"),
                                         .source = LITERAL("雲嶺日報")};
        assert_ok(xunzi_writer_add(writer, &document));
        if (i % each == each - 1)
            assert_ok(xunzi_writer_commit(writer));
    }
}

xunzi_results *search_all(xunzi_index *index, xunzi_string query, xunzi_mode mode) {
    xunzi_search_options options = xunzi_search_options_default();
    options.mode = mode;
    options.limit = SIZE_MAX;
    options.snippets = false;
    options.fold_duplicates = false;
    xunzi_results *results;
    assert_ok(xunzi_search(index, query, &options, &results));
    return results;
}

static void show(void *context, const char *sentence) {
    (void)context;
    print_error("found: %s\n", sentence);
}

void assert_sound(const char *path) {
    assert_ok(xunzi_check(path, show, NULL));
}

void assert_tidy(const char *path) {
    xunzi_statistics statistics;
    xunzi_index *index = open_index(path);
    assert_ok(xunzi_index_statistics(index, &statistics));
    xunzi_index_close(index);
    uint64_t segments = 0;
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        size_t digits = strspn(entry->d_name, "0123456789");
        if (digits >= 6 && strcmp(entry->d_name + digits, ".seg") == 0)
            segments++;
        else if (entry->d_name[0] != '.' && strcmp(entry->d_name, "catalog") != 0)
            fail_msg("%s/%s was left behind", path, entry->d_name);
    }
    closedir(folder);
    assert_int_equal(segments, statistics.segments);
}
