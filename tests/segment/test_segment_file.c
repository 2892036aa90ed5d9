/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Segment files: what is written is read, verified, and removed where it is not finished. */
#include "segment_support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "segment/bounds.h"
#include "segment/segment_writer.h"
#include "text/terms.h"

/* The term's postings in the model are those in the segment. */
static void check_term(const struct model *model, const struct segment *segment, size_t term) {
    struct postings_list list;
    struct postings_cursor cursor;
    struct position_list positions = {0};
    xunzi_string name = model->terms[term];
    xunzi_status status = segment_find_term(segment, name.data, name.size, &list);
    if (status == XUNZI_OK)
        assert_true(postings_open(&cursor, &list));
    size_t found = 0;
    for (size_t d = 0; d < model->document_count; d++) {
        const struct model_document *document = &model->documents[d];
        for (size_t p = 0; p < document->posting_count; p++) {
            const struct model_posting *posting = &document->postings[p];
            if (posting->term != term)
                continue;
            found++;
            assert_int_equal(status, XUNZI_OK);
            postings_next_geq(&cursor, (uint32_t)d);
            assert_int_equal(cursor.document, d);
            assert_int_equal(postings_wdf(&cursor), posting->wdf);
            positions.count = 0;
            assert_int_equal(postings_positions(&cursor, &positions),
                             model_positional(model, term));
            assert_int_equal(positions.count, posting->count);
            if (posting->count > 0)
                assert_memory_equal(positions.items, posting->positions,
                                    4 * (size_t)posting->count);
        }
    }
    assert_int_equal(status, found > 0 ? XUNZI_OK : XUNZI_END);
    if (found > 0)
        assert_int_equal(list.count, found);
    free(positions.items);
}

static void check_document(const struct model *model, const struct segment *segment, size_t d) {
    const struct model_document *document = &model->documents[d];
    xunzi_string source;
    struct fingerprint fingerprint, stored = segment_fingerprint(segment, (uint32_t)d);
    assert_ok(fingerprint_of(&document->document, &document->edits, &fingerprint));
    assert_memory_equal(&fingerprint, &stored, sizeof stored);
    assert_int_equal(segment_length(segment, (uint32_t)d), document->length);
    assert_int_equal(segment_date(segment, (uint32_t)d), document->date);
    assert_true(segment_source(segment, (uint32_t)d, &source));
    assert_true(same_string(source, document->document.source));
    assert_int_equal(segment_source_number(segment, (uint32_t)d) == 0, source.size == 0);
    uint64_t id = XXH3_64bits(document->document.id.data, document->document.id.size);
    id = (id & ~UINT64_C(0xFFFFFFFF)) | d;
    const uint8_t *ids = segment_section(segment, SEGMENT_IDS);
    size_t matches = 0;
    for (uint32_t i = 0; i < segment->header.documents; i++)
        matches += memcmp(ids + 8 * (size_t)i, &id, 8) == 0;
    assert_int_equal(matches, 1);
}

static void test_all_comes_back(void **state) {
    (void)state;
    static const size_t documents[] = {1, 2, 7, 127, 128, 129, 700}, terms[] = {1, 16, 17, 150};
    for (size_t i = 0; i < 7; i++) {
        struct model model;
        struct segment *segment;
        uint64_t postings = 0, total = 0;
        model_make(&model, 100 + i, documents[i], terms[i % 4]);
        model_write(&model, 0, model.document_count, NULL, in_folder("segment"));
        assert_ok(segment_open(in_folder("segment"), &segment));
        assert_ok(segment_verify(segment));
        for (size_t t = 0; t < model.term_count; t++)
            check_term(&model, segment, t);
        for (size_t d = 0; d < model.document_count; d++) {
            check_document(&model, segment, d);
            total += model.documents[d].length;
            for (size_t p = 0; p < model.documents[d].posting_count; p++) {
                xunzi_string name = model.terms[model.documents[d].postings[p].term];
                postings += term_is_ranked(name.data, name.size);
            }
        }
        assert_int_equal(segment->header.documents, model.document_count);
        assert_int_equal(segment->header.postings, postings);
        assert_int_equal(segment->header.total_length, total);
        assert_int_equal(segment->header.profile, XUNZI_PROFILE_FULL);
        segment_close(segment);
        model_free(&model);
    }
}

/* A list that is written elsewhere makes the same file. */
static void test_lists_made_elsewhere(void **state) {
    (void)state;
    const uint32_t documents[] = {0}, wdfs[] = {2}, counts[] = {2}, positions[] = {4, 9},
                   lengths[] = {2};
    uint8_t bounds[1], *files[2];
    size_t sizes[2];
    struct saturation saturation = saturation_of(2);
    saturation_bounds(&saturation, wdfs, documents, lengths, 1, bounds);
    const struct posting_source source = {documents, wdfs, bounds, counts, positions, 1};
    const xunzi_document document = {.id = xunzi_string_of("1"), .body = xunzi_string_of("甲乙")};
    for (int i = 0; i < 2; i++) {
        struct segment_writer *writer;
        struct segment *segment;
        struct buffer record = {0}, list = {0}, places = {0};
        struct segment_document columns = {.id = XXH3_64bits("1", 1), .length = 2};
        assert_ok(segment_writer_open(in_folder("segment"), XUNZI_PROFILE_BIGRAM, &writer));
        assert_ok(texts_encode(&document, NULL, &record, &columns.likeness));
        columns.record = record.data;
        columns.record_size = record.size;
        assert_ok(segment_writer_add_document(writer, &columns));
        if (i == 0) {
            assert_ok(segment_writer_add_term(writer, "甲乙", 6, &source, true));
        } else {
            struct segment_term term = {
                .name = "甲乙", .name_size = 6, .count = 1, .has_positions = true, .ranked = true};
            assert_true(postings_write(&source, &list, &places, &term.bound));
            term.postings = list.data;
            term.postings_size = list.size;
            term.positions = places.data;
            term.positions_size = places.size;
            assert_ok(segment_writer_add_list(writer, &term));
        }
        assert_ok(segment_writer_finish(writer));
        segment_writer_close(writer);
        assert_ok(segment_open(in_folder("segment"), &segment));
        assert_ok(segment_verify(segment));
        segment_close(segment);
        files[i] = file_read(in_folder("segment"), &sizes[i]);
        assert_int_equal(unlink(in_folder("segment")), 0);
        buffer_free(&record);
        buffer_free(&list);
        buffer_free(&places);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(files[0], files[1], sizes[0]);
    free(files[0]);
    free(files[1]);
}

static void test_unfinished_files_go(void **state) {
    (void)state;
    struct segment_writer *writer;
    const struct segment_document document = {.record = "\0\0\0\0\0\0\0\0", .record_size = 8};
    assert_ok(segment_writer_open(in_folder("segment"), XUNZI_PROFILE_BIGRAM, &writer));
    assert_int_equal(access(in_folder("segment"), F_OK), 0);
    assert_ok(segment_writer_add_document(writer, &document));
    segment_writer_close(writer);
    assert_int_equal(access(in_folder("segment"), F_OK), -1);
    assert_int_equal(errno, ENOENT);
}

static void test_nothing_is_overwritten(void **state) {
    (void)state;
    struct segment_writer *writer;
    file_write(in_folder("there"), "text", 4);
    assert_int_equal(segment_writer_open(in_folder("there"), XUNZI_PROFILE_BIGRAM, &writer),
                     XUNZI_ERROR_IO);
    assert_null(writer);
    size_t size;
    uint8_t *text = file_read(in_folder("there"), &size);
    assert_int_equal(size, 4);
    free(text);
    assert_int_equal(
        segment_writer_open(in_folder("no-folder/segment"), XUNZI_PROFILE_BIGRAM, &writer),
        XUNZI_ERROR_NOT_FOUND);
}

static void test_what_is_no_segment(void **state) {
    (void)state;
    struct segment *segment;
    assert_int_equal(segment_open(in_folder("missing"), &segment), XUNZI_ERROR_NOT_FOUND);
    assert_null(segment);
    file_write(in_folder("empty"), "", 0);
    assert_corrupt(segment_open(in_folder("empty"), &segment));
    uint8_t zeroes[SEGMENT_HEADER_SIZE + 100] = {0};
    file_write(in_folder("zeroes"), zeroes, sizeof zeroes);
    assert_corrupt(segment_open(in_folder("zeroes"), &segment));
}

static void test_other_versions(void **state) {
    (void)state;
    struct model model;
    struct segment *segment;
    model_make(&model, 9, 3, 5);
    model_write(&model, 0, 3, NULL, in_folder("segment"));
    size_t size;
    uint8_t *bytes = file_read(in_folder("segment"), &size);
    bytes[8]++;
    file_write(in_folder("newer"), bytes, size);
    assert_int_equal(segment_open(in_folder("newer"), &segment), XUNZI_ERROR_NEWER_FORMAT);
    assert_non_null(strstr(xunzi_error_message(), "version 3"));
    bytes[8] = 1;
    file_write(in_folder("older"), bytes, size);
    assert_int_equal(segment_open(in_folder("older"), &segment), XUNZI_ERROR_UNSUPPORTED);
    assert_non_null(strstr(xunzi_error_message(), "older Xunzi (version 1)"));
    free(bytes);
    model_free(&model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_all_comes_back, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_lists_made_elsewhere, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_unfinished_files_go, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_nothing_is_overwritten, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_what_is_no_segment, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_other_versions, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
