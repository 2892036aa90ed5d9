/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Merged segments are, byte for byte, what the same documents give when they are sealed at once. */
#include "segment_support.h"

#include <stdio.h>
#include <stdlib.h>

#include "indexer/merge.h"

enum { PARTS_MOST = 7 };

static void assert_same_files(const char *a_name, const char *b_name) {
    size_t a_size, b_size;
    uint8_t *a = file_read(in_folder(a_name), &a_size), *b = file_read(in_folder(b_name), &b_size);
    assert_int_equal(a_size, b_size);
    assert_memory_equal(a, b, a_size);
    free(a);
    free(b);
}

/* Seals the model in parts, deletes, merges, and compares with what is left sealed at once. */
static void merge_model(const struct model *model, struct random *random, size_t parts,
                        uint32_t deletions) {
    struct merge_source sources[PARTS_MOST];
    struct deletions *deleted[PARTS_MOST];
    struct segment *segments[PARTS_MOST];
    bool *gone = calloc(model->document_count, sizeof *gone);
    assert_non_null(gone);
    for (size_t p = 0; p < parts; p++) {
        size_t first = model->document_count * p / parts,
               behind = model->document_count * (p + 1) / parts;
        char name[32];
        snprintf(name, sizeof name, "part%zu", p);
        model_write(model, first, behind, NULL, in_folder(name));
        assert_ok(segment_open(in_folder(name), &segments[p]));
        assert_true(deletions_new((uint32_t)(behind - first), &deleted[p]));
        for (size_t d = first; d < behind; d++) {
            gone[d] = random_below(random, 100) < deletions && d != model->document_count / 2;
            if (gone[d])
                deletions_add(deleted[p], (uint32_t)(d - first));
        }
        sources[p] = (struct merge_source){segments[p], deleted[p]->count > 0 ? deleted[p] : NULL};
    }
    assert_ok(merge_segments(sources, parts, XUNZI_PROFILE_FULL, in_folder("merged")));
    model_write(model, 0, model->document_count, gone, in_folder("at-once"));
    assert_same_files("merged", "at-once");
    struct segment *merged;
    assert_ok(segment_open(in_folder("merged"), &merged));
    assert_ok(segment_verify(merged));
    segment_close(merged);
    assert_int_equal(remove(in_folder("merged")), 0);
    for (size_t p = 0; p < parts; p++) {
        segment_close(segments[p]);
        deletions_free(deleted[p]);
    }
    free(gone);
}

static void test_merged_equals_sealed_at_once(void **state) {
    (void)state;
    struct random random = {11};
    for (uint64_t round = 1; round <= 12; round++) {
        struct model model;
        model_make(&model, round, 2 * PARTS_MOST + random_below(&random, round < 4 ? 900 : 60),
                   1 + random_below(&random, 120));
        merge_model(&model, &random, 1 + random_below(&random, PARTS_MOST),
                    round % 3 == 0 ? 0 : random_below(&random, 101));
        model_free(&model);
    }
}

static void test_nothing_left(void **state) {
    (void)state;
    struct model model;
    struct segment *segment;
    struct deletions *deleted;
    model_make(&model, 5, 3, 10);
    model_write(&model, 0, 3, NULL, in_folder("part"));
    assert_ok(segment_open(in_folder("part"), &segment));
    assert_true(deletions_new(3, &deleted));
    for (uint32_t d = 0; d < 3; d++)
        assert_true(deletions_add(deleted, d));
    const struct merge_source source = {segment, deleted};
    assert_int_equal(merge_segments(&source, 1, XUNZI_PROFILE_FULL, in_folder("merged")),
                     XUNZI_ERROR_INVALID_ARGUMENT);
    assert_null(fopen(in_folder("merged"), "rb"));
    segment_close(segment);
    deletions_free(deleted);
    model_free(&model);
}

static void test_refuses_to_overwrite(void **state) {
    (void)state;
    struct model model;
    struct segment *segment;
    model_make(&model, 6, 3, 10);
    model_write(&model, 0, 3, NULL, in_folder("part"));
    assert_ok(segment_open(in_folder("part"), &segment));
    const struct merge_source source = {segment, NULL};
    assert_int_equal(merge_segments(&source, 1, XUNZI_PROFILE_FULL, in_folder("part")),
                     XUNZI_ERROR_IO);
    assert_ok(segment_verify(segment));
    segment_close(segment);
    model_free(&model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_merged_equals_sealed_at_once, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_nothing_left, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_refuses_to_overwrite, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
