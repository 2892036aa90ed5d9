/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The builder: the same documents give the same file whatever the threads and the memory; hostile
 * documents; what is left behind when building fails.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../text/text_support.h"
#include "base/utf8.h"
#include "indexer/builder.h"
#include "segment/segment.h"
#include "segment/texts.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { LARGE = 1 << 20 };
#else
enum { LARGE = 4 << 20 };
#endif

static char folder[64];

static int make_folder(void **state) {
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%.40s/xunzi-builder-XXXXXX", base && *base ? base : "/tmp");
    return mkdtemp(folder) ? 0 : 1;
}

static const char *in_folder(const char *name) {
    static char paths[4][384];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

/* How many files are in the folder. */
static size_t file_count(void) {
    size_t count = 0;
    DIR *files = opendir(folder);
    assert_non_null(files);
    for (struct dirent *file; (file = readdir(files));)
        count += file->d_name[0] != '.';
    closedir(files);
    return count;
}

static int remove_folder(void **state) {
    (void)state;
    DIR *files = opendir(folder);
    for (struct dirent *file; files && (file = readdir(files));)
        if (file->d_name[0] != '.')
            unlink(in_folder(file->d_name));
    if (files)
        closedir(files);
    return rmdir(folder);
}

static struct builder *new_builder(const char *path, xunzi_profile profile, unsigned threads,
                                   size_t memory) {
    const struct builder_options options = {profile, threads, memory};
    struct builder *builder;
    assert_ok(builder_new(path, &options, &builder));
    return builder;
}

static struct segment *finish(struct builder *builder, const char *path) {
    struct segment *segment;
    assert_ok(builder_finish(builder));
    builder_free(builder);
    assert_ok(segment_open(path, &segment));
    assert_ok(segment_verify(segment));
    return segment;
}

/* ---- the same bytes ---- */

/* Adds `count` documents that are the same every time: empty fields, repeated ids, edits, and texts
 * of all sizes. */
static xunzi_status add_many(struct builder *builder, unsigned count) {
    struct buffer id = {0}, title = {0}, body = {0};
    struct document_edits edits = {0};
    xunzi_status status = XUNZI_OK;
    random_seed(99);
    for (unsigned i = 0; i < count && status == XUNZI_OK; i++) {
        buffer_clear(&id);
        assert_true(buffer_printf(&id, "%u", i % 11 == 10 ? 3 : i));
        random_text(&title, i % 3 ? 0 : random_below(10));
        random_text(&body, i % 17 ? random_below(i % 50 ? 60 : 3000) : 0);
        document_edits_clear(&edits);
        if (i % 5 == 0 && body.size > 0) {
            size_t end = 0;
            utf8_next(body.data, body.size, &end);
            const struct edit edit = {.kind = EDIT_MEND,
                                      .end = (uint32_t)end,
                                      .replacement = xunzi_string_of(i % 2 ? "國字" : "")};
            assert_true(edits_append(&edits.body, &edit));
        }
        const xunzi_document document = {.id = {id.data, id.size},
                                         .title = {title.data, title.size},
                                         .body = {body.data, body.size},
                                         .date = xunzi_string_of(i % 4 ? "2019-05" : "no date"),
                                         .source = xunzi_string_of(i % 6 ? "某報" : ""),
                                         .url =
                                             xunzi_string_of(i % 2 ? "https://example.org/" : ""),
                                         .extra = xunzi_string_of(i % 8 ? "" : "{\"n\":1}")};
        status = builder_add(builder, &document, i % 5 == 0 ? &edits : NULL);
    }
    document_edits_free(&edits);
    buffer_free(&id);
    buffer_free(&title);
    buffer_free(&body);
    return status;
}

static void assert_same_file(const struct segment *expected, const struct segment *segment) {
    assert_int_equal(expected->size, segment->size);
    assert_memory_equal(expected->bytes, segment->bytes, segment->size);
}

static void test_same_bytes(void **state) {
    (void)state;
    static const struct {
        unsigned threads;
        size_t memory;
    } ways[] = {{2, 256 << 20}, {3, 256 << 20}, {8, 256 << 20}, {1, 0},
                {2, 0},         {1, 4 << 20},   {3, 4 << 20}};
    const unsigned documents = 3000;
    for (int profile = 0; profile < 2; profile++) {
        struct builder *builder =
            new_builder(in_folder("first.seg"), (xunzi_profile)profile, 1, 256 << 20);
        assert_ok(add_many(builder, documents));
        struct segment *expected = finish(builder, in_folder("first.seg"));
        assert_int_equal(expected->header.documents, documents);
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
            const char *path = in_folder("other.seg");
            builder = new_builder(path, (xunzi_profile)profile, ways[i].threads, ways[i].memory);
            assert_ok(add_many(builder, documents));
            assert_true((file_count() > 2) == (ways[i].memory == 0)); /* spills */
            struct segment *segment = finish(builder, path);
            assert_same_file(expected, segment);
            segment_close(segment);
            unlink(path);
            assert_int_equal(file_count(), 1);
        }
        segment_close(expected);
        unlink(in_folder("first.seg"));
    }
}

static void test_one_document(void **state) {
    (void)state;
    const xunzi_document document = {.id = xunzi_string_of("a"), .body = xunzi_string_of("字")};
    for (unsigned threads = 1; threads < 4; threads++) {
        const char *path = in_folder("one.seg");
        struct builder *builder = new_builder(path, XUNZI_PROFILE_FULL, threads, 0);
        assert_ok(builder_add(builder, &document, NULL));
        struct segment *segment = finish(builder, path);
        struct postings_list list;
        assert_ok(segment_find_term(segment, "字", 3, &list));
        assert_int_equal(list.count, 1);
        assert_ok(segment_find_term(segment, "E字", 4, &list));
        assert_int_equal(segment->header.terms, 2);
        segment_close(segment);
        unlink(path);
        assert_int_equal(file_count(), 0);
    }
}

static void test_stored_documents(void **state) {
    (void)state;
    const char *path = in_folder("stored.seg");
    struct builder *builder = new_builder(path, XUNZI_PROFILE_BIGRAM, 2, 0);
    const struct edit edit = {
        .kind = EDIT_MEND, .begin = 3, .end = 6, .replacement = xunzi_string_of("原")};
    struct document_edits edits = {0};
    assert_true(edits_append(&edits.body, &edit));
    for (int i = 0; i < 500; i++) {
        char id[16], body[64];
        snprintf(id, sizeof id, "%d", i);
        snprintf(body, sizeof body, "第?號文件，編號%d", i);
        const xunzi_document document = {.id = xunzi_string_of(id),
                                         .body = xunzi_string_of(body),
                                         .source = xunzi_string_of(i % 2 ? "甲" : "乙")};
        assert_ok(builder_add(builder, &document, i % 2 ? &edits : NULL));
    }
    struct segment *segment = finish(builder, path);
    struct texts_reader reader = {0};
    for (uint32_t i = 0; i < 500; i++) {
        char id[16];
        xunzi_document document;
        xunzi_string source;
        snprintf(id, sizeof id, "%u", i);
        assert_ok(texts_read(&reader, segment, i, &document, &edits));
        assert_text(xunzi_string_of(id), document.id);
        assert_int_equal(edits.body.count, i % 2);
        assert_true(segment_source(segment, i, &source));
        assert_text(xunzi_string_of(i % 2 ? "甲" : "乙"), source);
    }
    texts_reader_free(&reader);
    document_edits_free(&edits);
    segment_close(segment);
}

/* ---- hostile documents ---- */

static void append_repeated(struct buffer *text) {
    while (text->size + 3 <= LARGE)
        append_code_point(text, 0x4E00);
}

static void append_distinct(struct buffer *text) {
    for (uint32_t i = 0; text->size + 8 <= LARGE; i++) { /* neighbours that seldom meet twice */
        append_code_point(text, 0x4E00 + i % 20000);
        append_code_point(text, 0x20000 + i * 7919 % 40000);
    }
}

static void append_words(struct buffer *text) {
    for (uint32_t i = 0; text->size + 8 <= LARGE; i++) {
        char word[8] = " ";
        size_t size = 1;
        for (uint32_t rest = i; rest > 0 || size == 1; rest /= 36)
            word[size++] = "0123456789abcdefghijklmnopqrstuvwxyz"[rest % 36];
        assert_true(buffer_append(text, word, size));
    }
}

static void append_long_word(struct buffer *text) {
    while (text->size < LARGE)
        assert_true(buffer_append_byte(text, 'x'));
}

static void append_punctuation(struct buffer *text) {
    while (text->size + 3 <= LARGE)
        append_code_point(text, 0x3002);
}

static void test_hostile_documents(void **state) {
    (void)state;
    static void (*const makers[])(struct buffer *) = {
        append_repeated, append_distinct, append_words, append_long_word, append_punctuation};
    const char *path = in_folder("hostile.seg");
    const xunzi_document small = {.id = xunzi_string_of("s"),
                                  .body = xunzi_string_of("尋找 needle")};
    for (size_t m = 0; m < sizeof makers / sizeof *makers; m++)
        for (int profile = 0; profile < 2; profile++) {
            struct buffer text = {0};
            makers[m](&text);
            struct builder *builder = new_builder(path, (xunzi_profile)profile, 2, 32 << 20);
            const xunzi_document large = {.id = xunzi_string_of("l"),
                                          .body = {text.data, text.size}};
            assert_ok(builder_add(builder, &small, NULL));
            assert_ok(builder_add(builder, &large, NULL));
            assert_ok(builder_add(builder, &small, NULL));
            buffer_free(&text);
            struct segment *segment = finish(builder, path);
            struct postings_list list;
            assert_int_equal(segment->header.documents, 3);
            assert_ok(segment_find_term(segment, "needle", 6, &list));
            assert_int_equal(list.count, 2);
            segment_close(segment);
            unlink(path);
        }
}

/* The same in a title, which is indexed twice. */
static void test_hostile_title(void **state) {
    (void)state;
    const char *path = in_folder("hostile.seg");
    struct buffer text = {0};
    append_distinct(&text);
    struct builder *builder = new_builder(path, XUNZI_PROFILE_FULL, 1, 1 << 20);
    const xunzi_document document = {.id = xunzi_string_of("t"), .title = {text.data, text.size}};
    assert_ok(builder_add(builder, &document, NULL));
    assert_ok(builder_add(builder, &document, NULL));
    buffer_free(&text);
    struct segment *segment = finish(builder, path);
    assert_int_equal(segment->header.documents, 2);
    segment_close(segment);
}

/* ---- failures ---- */

static void limit_files(rlim_t most) {
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = most;
    setrlimit(RLIMIT_FSIZE, &limit);
}

static void test_full_disk(void **state) {
    (void)state;
    static const rlim_t limits[] = {0,     1,      100,    500,    4096,   10000,
                                    32768, 100000, 200000, 300000, 400000, 1 << 20};
    const char *path = in_folder("full.seg");
    unsigned failed = 0;
    signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        for (unsigned threads = 1; threads < 4; threads++) {
            const struct builder_options options = {XUNZI_PROFILE_FULL, threads,
                                                    i % 2 ? 0 : 64 << 20};
            struct builder *builder;
            limit_files(limits[i]);
            xunzi_status status = builder_new(path, &options, &builder);
            if (status == XUNZI_OK)
                status = add_many(builder, 2000);
            if (status == XUNZI_OK)
                status = builder_finish(builder);
            char sentence[512];
            snprintf(sentence, sizeof sentence, "%s", xunzi_error_message());
            builder_free(builder);
            limit_files(RLIM_INFINITY);
            if (status == XUNZI_OK) {
                assert_int_equal(file_count(), 1);
                unlink(path);
                continue;
            }
            failed++;
            assert_int_equal(status, XUNZI_ERROR_IO);
            assert_non_null(strstr(sentence, strerror(EFBIG)));
            assert_int_equal(file_count(), 0);
        }
    assert_true(failed > 10);
}

static void test_given_up(void **state) {
    (void)state;
    for (unsigned threads = 1; threads < 4; threads++) {
        struct builder *builder =
            new_builder(in_folder("given-up.seg"), XUNZI_PROFILE_FULL, threads, 0);
        assert_ok(add_many(builder, 1000));
        builder_free(builder);
        assert_int_equal(file_count(), 0);
    }
}

static void test_path_that_exists(void **state) {
    (void)state;
    const struct builder_options options = {XUNZI_PROFILE_FULL, 2, 1 << 20};
    const char *path = in_folder("there.seg");
    struct builder *builder;
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    assert_status(XUNZI_ERROR_IO, builder_new(path, &options, &builder));
    assert_int_equal(file_count(), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_same_bytes, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_one_document, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_stored_documents, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_hostile_documents, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_hostile_title, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_full_disk, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_given_up, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_path_that_exists, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
