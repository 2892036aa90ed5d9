/* SPDX-License-Identifier: GPL-2.0-or-later */
/* segment/text_code and segment/texts: what is stored comes back, and damage is noticed. */
#include "segment_support.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/utf8.h"
#include "segment/segment_writer.h"
#include "segment/text_code.h"

/* ---- the code ---- */

static void test_all_code_points(void **state) {
    (void)state;
    struct buffer code = {0}, back = {0};
    size_t two_bytes = 0;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char text[4];
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        size_t size = utf8_encode(c, text);
        buffer_clear(&code);
        buffer_clear(&back);
        assert_true(text_code_append(&code, text, size));
        assert_int_equal(code.size == 1, c < 0x80);
        assert_true(3 * code.size <= 4 * size || size < 3);
        two_bytes += code.size == 2;
        assert_true(text_code_read(&back, code.data, code.size));
        assert_int_equal(back.size, size);
        assert_memory_equal(back.data, text, size);
    }
    assert_int_equal(two_bytes, TEXT_CODES);
    buffer_free(&code);
    buffer_free(&back);
}

static void test_ill_formed_code(void **state) {
    (void)state;
    static const struct {
        const char *code;
        size_t size;
    } cases[] = {{"a\x80", 2},
                 {"\xFE", 1},
                 {"\xFF", 1},
                 {"\xFF\x01", 2},
                 {"\xFF\x01\x02", 3},
                 {"\xFF\xFF\xFF\x10\xFF", 5},
                 {"\xFF\x00\x00\x11", 4},
                 {"\xFF\x00\xD8\x00", 4},
                 {"\xFF\xFF\xDF\x00", 4},
                 {"\xFF\xFF\xFF\xFF", 4}};
    struct buffer back = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_false(text_code_read(&back, cases[i].code, cases[i].size));
    struct random random = {3};
    for (int round = 0; round < 20000; round++) { /* whatever is read is well-formed */
        char code[24];
        size_t size = random_below(&random, sizeof code);
        for (size_t i = 0; i < size; i++)
            code[i] = (char)(random_below(&random, 3) ? 0xFF - (int)random_below(&random, 3)
                                                      : (int)random_below(&random, 256));
        buffer_clear(&back);
        if (text_code_read(&back, code, size))
            assert_int_equal(utf8_valid_prefix(back.data, back.size), back.size);
    }
    buffer_free(&back);
}

/* Ill-formed text, which callers do not give, becomes what is well-formed. */
static void test_ill_formed_text(void **state) {
    (void)state;
    struct buffer code = {0}, back = {0};
    assert_true(text_code_append(&code, "a\xE5\x9C z", 5));
    assert_true(text_code_read(&back, code.data, code.size));
    assert_true(
        same_string((xunzi_string){back.data, back.size}, xunzi_string_of("a\xEF\xBF\xBD z")));
    buffer_free(&code);
    buffer_free(&back);
}

/* ---- records ---- */

static void assert_record(const xunzi_document *document, const struct document_edits *edits) {
    struct buffer record = {0}, storage = {0};
    struct document_edits back_edits = {0};
    static const struct document_edits none;
    xunzi_document back;
    uint64_t likeness, again;
    assert_true(buffer_append_text(&record, "before"));
    assert_ok(texts_encode(document, edits, &record, &likeness));
    assert_memory_equal(record.data, "before", 6);
    size_t size = record.size - 6;
    char *exact = malloc(size);
    assert_non_null(exact);
    memcpy(exact, record.data + 6, size);
    assert_true(texts_likeness(exact, size, &again));
    assert_int_equal(likeness, again);
    assert_ok(texts_decode(exact, size, &storage, &back, &back_edits));
    assert_same_document(document, &back);
    edits = edits ? edits : &none;
    assert_same_edits(&edits->title, &back_edits.title);
    assert_same_edits(&edits->body, &back_edits.body);
    assert_same_edits(&edits->source, &back_edits.source);
    assert_ok(texts_decode(exact, size, &storage, &back, NULL));
    assert_same_document(document, &back);
    assert_false(texts_likeness(exact, size - 1, &again));
    assert_corrupt(texts_decode(exact, size - 1, &storage, &back, NULL));
    free(exact);
    buffer_free(&record);
    buffer_free(&storage);
    document_edits_free(&back_edits);
}

static void test_records(void **state) {
    (void)state;
    struct model model;
    const xunzi_document empty = {0};
    assert_record(&empty, NULL);
    model_make(&model, 21, 300, 1);
    for (size_t d = 0; d < model.document_count; d++)
        assert_record(&model.documents[d].document, &model.documents[d].edits);
    model_free(&model);
}

static void test_edits_of_all_members(void **state) {
    (void)state;
    const xunzi_document document = {.id = xunzi_string_of("1"),
                                     .title = xunzi_string_of("標題文字"),
                                     .body = xunzi_string_of("正文文字"),
                                     .source = xunzi_string_of("來源")};
    struct document_edits edits = {0};
    const struct edit mend = {.kind = EDIT_MEND,
                              .begin = 3,
                              .end = 6,
                              .replacement = xunzi_string_of("丙"),
                              .reason = EDIT_REASON_LOST_BYTE};
    const struct edit skip = {
        .kind = EDIT_SKIP, .begin = 6, .end = 12, .reason = EDIT_REASON_LINE_BREAK};
    assert_true(edits_append(&edits.title, &mend) && edits_append(&edits.title, &skip));
    assert_true(edits_append(&edits.body, &skip) && edits_append(&edits.source, &mend));
    assert_record(&document, &edits);
    document_edits_free(&edits);
}

/* Two members a record of 0xFF bytes and random ones: errors or documents, nothing else. */
static void test_damaged_records(void **state) {
    (void)state;
    struct random random = {8};
    struct model model;
    struct buffer record = {0}, storage = {0};
    struct document_edits edits = {0};
    model_make(&model, 22, 60, 1);
    for (size_t d = 0; d < model.document_count; d++) {
        uint64_t likeness;
        buffer_clear(&record);
        assert_ok(texts_encode(&model.documents[d].document, &model.documents[d].edits, &record,
                               &likeness));
        for (int round = 0; round < 300; round++) {
            size_t size = random_below(&random, 3) ? record.size
                                                   : random_below(&random, (uint32_t)record.size);
            char *damaged = malloc(size + 1);
            assert_non_null(damaged);
            memcpy(damaged, record.data, size);
            for (uint32_t changes = random_below(&random, 4); changes > 0 && size > 0; changes--)
                damaged[random_below(&random,
                                     random_below(&random, 2) && size > 16 ? 16 : (uint32_t)size)] =
                    (char)random_next(&random);
            char *exact = malloc(size ? size : 1);
            assert_non_null(exact);
            memcpy(exact, damaged, size);
            xunzi_document back;
            if (texts_decode(exact, size, &storage, &back, &edits) == XUNZI_OK)
                assert_int_equal(utf8_valid_prefix(back.body.data, back.body.size), back.body.size);
            free(damaged);
            free(exact);
        }
    }
    document_edits_free(&edits);
    buffer_free(&record);
    buffer_free(&storage);
    model_free(&model);
}

/* ---- in segments ---- */

static struct segment *write_documents(const xunzi_document *documents, size_t count,
                                       const char *name) {
    struct segment_writer *writer;
    struct segment *segment;
    assert_ok(segment_writer_open(in_folder(name), XUNZI_PROFILE_BIGRAM, &writer));
    for (size_t d = 0; d < count; d++) {
        struct buffer record = {0};
        struct segment_document document = {
            .id = XXH3_64bits(documents[d].id.data, documents[d].id.size),
            .source = documents[d].source};
        assert_ok(texts_encode(&documents[d], NULL, &record, &document.likeness));
        document.record = record.data;
        document.record_size = record.size;
        assert_ok(segment_writer_add_document(writer, &document));
        buffer_free(&record);
    }
    assert_ok(segment_writer_finish(writer));
    segment_writer_close(writer);
    assert_ok(segment_open(in_folder(name), &segment));
    assert_ok(segment_verify(segment));
    return segment;
}

static void test_any_order(void **state) {
    (void)state;
    struct model model;
    struct random random = {5};
    struct texts_reader reader = {0};
    struct document_edits edits = {0};
    struct segment *segment;
    model_make(&model, 23, 1500, 1);
    model_write(&model, 0, model.document_count, NULL, in_folder("segment"));
    assert_ok(segment_open(in_folder("segment"), &segment));
    for (int round = 0; round < 4000; round++) {
        uint32_t d =
            round < 1500 ? (uint32_t)round : random_below(&random, (uint32_t)model.document_count);
        xunzi_document document;
        const char *record;
        size_t size;
        assert_ok(texts_read(&reader, segment, d, &document, round % 2 ? &edits : NULL));
        assert_same_document(&model.documents[d].document, &document);
        if (round % 2)
            assert_same_edits(&model.documents[d].edits.body, &edits.body);
        if (round % 7 == 0) {
            struct buffer expected = {0};
            uint64_t likeness;
            assert_ok(texts_read_record(&reader, segment, d, &record, &size));
            assert_ok(texts_encode(&model.documents[d].document, &model.documents[d].edits,
                                   &expected, &likeness));
            assert_int_equal(size, expected.size);
            assert_memory_equal(record, expected.data, size);
            buffer_free(&expected);
        }
    }
    texts_reader_free(&reader);
    document_edits_free(&edits);
    segment_close(segment);
    model_free(&model);
}

/* As large as documents may be, of what takes least and most in code, among small ones. */
static void test_huge_documents(void **state) {
    (void)state;
    size_t size = XUNZI_MAX_DOCUMENT_BYTES - 64;
    char *rare = malloc(size + 4), *ascii = malloc(size);
    assert_true(rare && ascii);
    size_t rare_size = 0;
    while (rare_size + 3 <= size)
        rare_size += utf8_encode(0xE000, rare + rare_size);
    memset(ascii, 'x', size);
    const xunzi_document documents[] = {
        {.id = xunzi_string_of("a"), .body = xunzi_string_of("小")},
        {.id = xunzi_string_of("b"), .body = {rare, rare_size}},
        {.id = xunzi_string_of("c"), .title = {ascii, size}},
        {.id = xunzi_string_of("d"), .source = {ascii, size}},
        {.id = xunzi_string_of("e")},
    };
    struct segment *segment = write_documents(documents, 5, "segment");
    struct texts_reader reader = {0};
    for (uint32_t d = 0; d < 5; d++) {
        xunzi_document document;
        assert_ok(texts_read(&reader, segment, d, &document, NULL));
        assert_same_document(&documents[d], &document);
    }
    texts_reader_free(&reader);
    segment_close(segment);
    free(rare);
    free(ascii);
}

/* The blocks are the same whoever deflates them. */
static void run_backwards(struct task_runner *self, size_t count, task_function *task,
                          void *context) {
    (void)self;
    while (count > 0)
        task(context, --count);
}

static void test_sharing(void **state) {
    (void)state;
    struct model model;
    struct task_runner runner = {run_backwards};
    size_t sizes[2];
    uint8_t *files[2];
    model_make(&model, 24, 3000, 1);
    for (int shared = 0; shared < 2; shared++) {
        struct segment_writer *writer;
        const char *path = in_folder(shared ? "shared" : "alone");
        assert_ok(segment_writer_open(path, XUNZI_PROFILE_FULL, &writer));
        segment_writer_share(writer, shared ? &runner : NULL);
        for (size_t d = 0; d < model.document_count; d++) {
            struct buffer record = {0};
            struct segment_document document = {0};
            assert_ok(
                texts_encode(&model.documents[d].document, NULL, &record, &document.likeness));
            document.record = record.data;
            document.record_size = record.size;
            assert_ok(segment_writer_add_document(writer, &document));
            buffer_free(&record);
        }
        assert_ok(segment_writer_finish(writer));
        segment_writer_close(writer);
        files[shared] = file_read(path, &sizes[shared]);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(files[0], files[1], sizes[0]);
    free(files[0]);
    free(files[1]);
    model_free(&model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_code_points),
        cmocka_unit_test(test_ill_formed_code),
        cmocka_unit_test(test_ill_formed_text),
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_edits_of_all_members),
        cmocka_unit_test(test_damaged_records),
        cmocka_unit_test_setup_teardown(test_any_order, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_huge_documents, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_sharing, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
