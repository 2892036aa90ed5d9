/* SPDX-License-Identifier: GPL-2.0-or-later */
/* segment/postings: lists there and back, cursors against brute force, and damaged lists. */
#include "segment_support.h"

#include <stdlib.h>

#include "segment/postings.h"

enum { DOCUMENTS = 1 << 30 };

struct sample {
    uint32_t *documents, *wdfs, *counts, *positions;
    size_t *position_begins;
    uint8_t *bounds;
    size_t count, position_count;
    bool has_positions;
};

static uint32_t random_distance(struct random *random, unsigned style) {
    switch (style) {
    case 0:
        return 1; /* all documents */
    case 1:
        return 1 + random_below(random, 4);
    case 2: /* seldom far more than mostly: exceptions */
        return 1 + random_below(random, random_below(random, 40) ? 16 : 5000);
    case 3:
        return 1 + random_below(random, random_below(random, 60) ? 2000 : 500000);
    default:
        return 1 + random_below(random, 1000000);
    }
}

static struct sample make_sample(struct random *random, size_t count, bool has_positions) {
    struct sample sample = {.documents = calloc(count, 4),
                            .wdfs = calloc(count, 4),
                            .counts = calloc(count, 4),
                            .bounds = calloc(count, 1),
                            .position_begins = calloc(count, sizeof(size_t)),
                            .positions = calloc(count * 8, 4),
                            .count = count,
                            .has_positions = has_positions};
    unsigned style = random_below(random, 5);
    bool same = random_below(random, 2);
    uint32_t document = UINT32_MAX;
    assert_true(sample.documents && sample.wdfs && sample.counts && sample.bounds &&
                sample.position_begins && sample.positions);
    for (size_t i = 0; i < count; i++) {
        document += random_distance(random, style);
        sample.documents[i] = document;
        sample.counts[i] = 1 + random_below(random, random_below(random, 5) ? 1 : 8);
        sample.wdfs[i] =
            same ? sample.counts[i] : 1 + random_below(random, random_below(random, 9) ? 3 : 3000);
        if (has_positions && !same && random_below(random, 200) == 0)
            sample.wdfs[i] = 0;
        sample.bounds[i] = (uint8_t)random_next(random);
        sample.position_begins[i] = sample.position_count;
        for (uint32_t j = 0, position = random_below(random, 3); j < sample.counts[i]; j++) {
            sample.positions[sample.position_count++] = position;
            position += 1 + random_below(random, random_below(random, 50) ? 300 : 1 << 24);
        }
    }
    return sample;
}

static void free_sample(struct sample *sample) {
    free(sample->documents);
    free(sample->wdfs);
    free(sample->counts);
    free(sample->bounds);
    free(sample->position_begins);
    free(sample->positions);
}

static uint8_t *exact_copy(const struct buffer *buffer) {
    uint8_t *copy = malloc(buffer->size ? buffer->size : 1);
    assert_non_null(copy);
    if (buffer->size > 0)
        memcpy(copy, buffer->data, buffer->size);
    return copy;
}

/* The list, in memory of just its size; free() both parts. */
static struct postings_list write_list(const struct sample *sample) {
    struct buffer postings = {0}, positions = {0};
    uint8_t bound, largest = 0;
    const struct posting_source source = {.documents = sample->documents,
                                          .wdfs = sample->wdfs,
                                          .bounds = sample->bounds,
                                          .counts = sample->has_positions ? sample->counts : NULL,
                                          .positions = sample->positions,
                                          .count = sample->count};
    assert_true(postings_write(&source, &postings, &positions, &bound));
    for (size_t i = 0; i < sample->count; i++)
        largest = sample->bounds[i] > largest ? sample->bounds[i] : largest;
    assert_int_equal(bound, largest);
    assert_true(sample->has_positions || positions.size == 0);
    struct postings_list list = {.postings = exact_copy(&postings),
                                 .postings_size = postings.size,
                                 .positions = sample->has_positions ? exact_copy(&positions) : NULL,
                                 .positions_size = positions.size,
                                 .count = (uint32_t)sample->count,
                                 .documents = DOCUMENTS,
                                 .bound = bound};
    buffer_free(&postings);
    buffer_free(&positions);
    return list;
}

static void free_list(struct postings_list *list) {
    free((void *)(uintptr_t)list->postings);
    free((void *)(uintptr_t)list->positions);
}

static void assert_positions(const struct sample *sample, struct postings_cursor *cursor, size_t i,
                             struct position_list *positions) {
    positions->count = 0;
    assert_true(postings_positions(cursor, positions));
    assert_int_equal(positions->count, sample->counts[i]);
    assert_memory_equal(positions->items, sample->positions + sample->position_begins[i],
                        4 * positions->count);
}

/* Walks over everything, then leaps about. */
static void check_cursor(struct random *random, const struct sample *sample,
                         const struct postings_list *list) {
    struct postings_cursor cursor;
    struct position_list positions = {0};
    assert_true(postings_open(&cursor, list));
    postings_next_geq(&cursor, 0);
    for (size_t i = 0; i < sample->count; i++, postings_next(&cursor)) {
        assert_int_equal(cursor.document, sample->documents[i]);
        if (random_below(random, 3) == 0)
            assert_int_equal(postings_wdf(&cursor), sample->wdfs[i]);
        if (sample->has_positions && random_below(random, 4) == 0)
            assert_positions(sample, &cursor, i, &positions);
    }
    assert_int_equal(cursor.document, POSTINGS_END);
    assert_false(cursor.damaged);
    for (int round = 0; round < 4; round++) {
        size_t i = 0;
        assert_true(postings_open(&cursor, list));
        for (uint32_t target = 0;;) {
            postings_next_geq(&cursor, target);
            while (i < sample->count && sample->documents[i] < target)
                i++;
            if (i == sample->count)
                break;
            assert_int_equal(cursor.document, sample->documents[i]);
            assert_int_equal(postings_wdf(&cursor), sample->wdfs[i]);
            if (sample->has_positions)
                assert_positions(sample, &cursor, i, &positions);
            postings_next_geq(&cursor, target / 2); /* never back */
            assert_int_equal(cursor.document, sample->documents[i]);
            size_t leap = random_below(random, random_below(random, 4) ? 9 : 300);
            target = i + leap < sample->count
                         ? sample->documents[i + leap] + random_below(random, 2)
                         : cursor.document + 1 + random_below(random, 100000);
        }
        assert_int_equal(cursor.document, POSTINGS_END);
    }
    free(positions.items);
}

/* wdfs and positions of postings picked by their numbers, while the cursor stands anywhere. */
static void check_picked(struct random *random, const struct sample *sample,
                         const struct postings_list *list) {
    struct postings_cursor cursor;
    struct position_list positions = {0};
    uint32_t *picked = calloc(sample->count, 4), *numbers = calloc(sample->count, 4);
    assert_true(picked && numbers && postings_open(&cursor, list));
    for (int round = 0; round < 6; round++) {
        size_t count = 0;
        uint32_t leap = 1 + random_below(random, 40);
        for (size_t i = random_below(random, leap); i < sample->count;
             i += 1 + random_below(random, leap))
            picked[count++] = (uint32_t)i;
        postings_next_geq(&cursor,
                          sample->documents[random_below(random, (uint32_t)sample->count)]);
        assert_true(postings_wdfs_of(&cursor, picked, count, numbers));
        for (size_t i = 0; i < count; i++)
            assert_int_equal(numbers[i], sample->wdfs[picked[i]]);
        positions.count = 0;
        postings_prefetch_positions(&cursor, picked, count);
        assert_int_equal(postings_positions_of(&cursor, picked, count, &positions, numbers),
                         sample->has_positions);
        for (size_t i = 0; i < count && sample->has_positions; i++) {
            size_t begin = i > 0 ? numbers[i - 1] : 0;
            assert_int_equal(numbers[i] - begin, sample->counts[picked[i]]);
            assert_memory_equal(positions.items + begin,
                                sample->positions + sample->position_begins[picked[i]],
                                4 * (size_t)sample->counts[picked[i]]);
        }
    }
    assert_false(cursor.damaged);
    free(positions.items);
    free(picked);
    free(numbers);
}

/* Seeking finds the block that counting finds. */
static void check_seek(struct random *random, const struct sample *sample,
                       const struct postings_list *list) {
    struct postings_cursor cursor;
    assert_true(postings_open(&cursor, list));
    for (int round = 0; round < 40; round++) {
        uint32_t from = random_below(random, cursor.full_blocks + 1), expected = from;
        uint32_t document = sample->documents[random_below(random, (uint32_t)sample->count)] +
                            random_below(random, 3) - 1;
        while (expected < cursor.full_blocks &&
               sample->documents[(size_t)expected * BLOCK_SIZE + BLOCK_SIZE - 1] < document)
            expected++;
        assert_int_equal(postings_seek(&cursor, from, document), expected);
    }
}

static void check_bounds(const struct sample *sample, const struct postings_list *list) {
    struct postings_cursor cursor;
    assert_true(postings_open(&cursor, list));
    for (uint32_t b = 0; b < cursor.block_count; b++) {
        uint8_t largest = 0;
        size_t first = (size_t)b * BLOCK_SIZE;
        assert_true(postings_load(&cursor, b, b % 2));
        for (size_t i = first; i < first + cursor.in_block; i++)
            largest = sample->bounds[i] > largest ? sample->bounds[i] : largest;
        assert_true(postings_block_bound(&cursor, b) >= largest);
        if (b < cursor.full_blocks || cursor.tail_count >= TAIL_RUN)
            assert_int_equal(postings_block_bound(&cursor, b), largest);
        assert_int_equal(postings_block_last(&cursor, b),
                         sample->documents[first + cursor.in_block - 1]);
        assert_memory_equal(cursor.documents, sample->documents + first,
                            4 * (size_t)cursor.in_block);
        assert_true(postings_load(&cursor, b, true));
        assert_memory_equal(cursor.wdfs, sample->wdfs + first, 4 * (size_t)cursor.in_block);
    }
}

static void check_whole(const struct sample *sample, const struct postings_list *list) {
    struct postings_array array = {0};
    for (size_t times = 1; times <= 2; times++) { /* behind what is there */
        assert_true(postings_read_all(list, &array));
        assert_int_equal(array.count, times * sample->count);
        size_t first = (times - 1) * sample->count;
        assert_memory_equal(array.documents + first, sample->documents, 4 * sample->count);
        assert_memory_equal(array.wdfs + first, sample->wdfs, 4 * sample->count);
        if (!sample->has_positions)
            continue;
        assert_memory_equal(array.counts + first, sample->counts, 4 * sample->count);
        assert_int_equal(array.positions.count, times * sample->position_count);
        assert_memory_equal(array.positions.items + (times - 1) * sample->position_count,
                            sample->positions, 4 * sample->position_count);
    }
    postings_array_free(&array);
}

static void test_round_trips(void **state) {
    (void)state;
    struct random random = {7};
    for (size_t count = 1; count <= 1000; count += count < 300 ? 1 : 1 + random_below(&random, 37))
        for (int positions = 0; positions < 2; positions++) {
            struct sample sample = make_sample(&random, count, positions);
            struct postings_list list = write_list(&sample);
            check_cursor(&random, &sample, &list);
            check_bounds(&sample, &list);
            check_picked(&random, &sample, &list);
            check_seek(&random, &sample, &list);
            check_whole(&sample, &list);
            free_list(&list);
            free_sample(&sample);
        }
}

/* So many blocks that seeking them gallops. */
static void test_long_list(void **state) {
    (void)state;
    struct random random = {8};
    struct sample sample = make_sample(&random, 60000, false);
    struct postings_list list = write_list(&sample);
    check_seek(&random, &sample, &list);
    check_picked(&random, &sample, &list);
    free_list(&list);
    free_sample(&sample);
}

/* Documents up to the last number there is, and distances of 32 bits. */
static void test_extremes(void **state) {
    (void)state;
    uint32_t documents[300], wdfs[300];
    uint8_t bounds[300];
    for (size_t gap = 0; gap < 300; gap++) {
        struct sample sample = {
            .documents = documents, .wdfs = wdfs, .bounds = bounds, .count = 300};
        for (size_t i = 0; i < 300; i++) {
            documents[i] = (uint32_t)(i < gap ? i : UINT32_MAX - 300 + i);
            wdfs[i] = i == gap ? UINT32_MAX : 1;
            bounds[i] = 1;
        }
        struct postings_list list = write_list(&sample);
        list.documents = UINT32_MAX;
        check_whole(&sample, &list);
        struct postings_cursor cursor;
        assert_true(postings_open(&cursor, &list));
        postings_next_geq(&cursor, documents[gap]);
        assert_int_equal(cursor.document, documents[gap]);
        assert_int_equal(postings_wdf(&cursor), UINT32_MAX);
        postings_next_geq(&cursor, UINT32_MAX - 1);
        assert_int_equal(cursor.document, UINT32_MAX - 1);
        postings_next(&cursor);
        assert_int_equal(cursor.document, POSTINGS_END);
        list.documents--; /* the last is not in the segment any more */
        struct postings_array array = {0};
        assert_false(postings_read_all(&list, &array));
        postings_array_free(&array);
        free_list(&list);
    }
}

/* What is read of a list that makes no sense is within the segment and ascends. */
static void walk_damaged(const struct postings_list *list) {
    struct postings_cursor cursor;
    struct position_list positions = {0};
    struct postings_array array = {0};
    if (postings_open(&cursor, list)) {
        uint64_t least = 0;
        for (postings_next_geq(&cursor, 0); cursor.document != POSTINGS_END;
             postings_next(&cursor)) {
            assert_true(cursor.document >= least && cursor.document < list->documents);
            least = (uint64_t)cursor.document + 1;
            positions.count = 0;
            postings_positions(&cursor, &positions);
            postings_wdf(&cursor);
        }
        for (uint32_t b = 0; b < list->count / BLOCK_SIZE + 1 && postings_open(&cursor, list); b++)
            if (b < cursor.block_count && postings_load(&cursor, b, true))
                for (uint32_t i = 0; i < cursor.in_block; i++)
                    assert_true(cursor.documents[i] < list->documents);
    }
    if (postings_open(&cursor, list)) {
        uint32_t picked[100], numbers[100], count = 0;
        for (uint32_t i = 0; i < list->count && count < 100; i += 1 + i / 8)
            picked[count++] = i;
        postings_wdfs_of(&cursor, picked, count, numbers);
        positions.count = 0;
        postings_prefetch_positions(&cursor, picked, count);
        postings_positions_of(&cursor, picked, count, &positions, numbers);
        for (uint32_t d = 0; d < 4000; d += 1 + d / 4)
            assert_true(postings_seek(&cursor, 0, d) <= cursor.full_blocks);
    }
    postings_read_all(list, &array);
    postings_array_free(&array);
    free(positions.items);
}

static void test_damaged(void **state) {
    (void)state;
    struct random random = {9};
    for (int round = 0; round < 3000; round++) {
        struct sample sample =
            make_sample(&random, 1 + random_below(&random, 400), random_below(&random, 2));
        struct postings_list list = write_list(&sample);
        uint8_t *postings = (uint8_t *)(uintptr_t)list.postings,
                *positions = (uint8_t *)(uintptr_t)list.positions;
        if (random_below(&random, 2))
            list.documents = sample.documents[sample.count - 1] + 1;
        for (uint32_t changes = 1 + random_below(&random, 4); changes > 0; changes--) {
            if (list.positions_size > 0 && random_below(&random, 3) == 0)
                positions[random_below(&random, (uint32_t)list.positions_size)] =
                    (uint8_t)random_next(&random);
            else
                postings[random_below(&random, (uint32_t)list.postings_size)] =
                    (uint8_t)random_next(&random);
        }
        if (random_below(&random, 4) == 0)
            list.count = random_below(&random, 2000);
        if (random_below(&random, 4) == 0)
            list.postings_size = random_below(&random, (uint32_t)list.postings_size + 1);
        if (random_below(&random, 4) == 0)
            list.positions_size = random_below(&random, (uint32_t)list.positions_size + 1);
        walk_damaged(&list);
        free_list(&list);
        free_sample(&sample);
    }
}

/* Without a bit to each, nothing bounds how many positions a list claims: it must not try them all.
 */
static void test_positions_without_bits(void **state) {
    (void)state;
    uint32_t documents[10], wdfs[10], counts[10], zeroes[10] = {0};
    uint8_t bounds[10] = {0};
    for (uint32_t i = 0; i < 10; i++) {
        documents[i] = i;
        wdfs[i] = 400000000; /* together less than 2^32 */
        counts[i] = 1;
    }
    struct sample sample = {.documents = documents,
                            .wdfs = wdfs,
                            .counts = counts,
                            .positions = zeroes,
                            .bounds = bounds,
                            .count = 10,
                            .position_count = 10,
                            .has_positions = true};
    struct postings_list list = write_list(&sample);
    check_whole(&sample, &list);
    uint8_t *head = (uint8_t *)(uintptr_t)list.positions;
    assert_int_equal(head[0], 0);
    head[1] = POSTINGS_NO_COUNTS; /* now each document has as many as its wdf */
    struct position_list positions = {0};
    struct postings_cursor cursor;
    assert_true(postings_open(&cursor, &list));
    postings_next_geq(&cursor, 4);
    assert_false(postings_positions(&cursor, &positions));
    free(positions.items);
    walk_damaged(&list);
    free_list(&list);
}

/* A block whose distances are so large that numbers of 32 bits come round: back to before. */
static void test_distances_that_come_round(void **state) {
    (void)state;
    for (int exception = 0; exception < 2; exception++) {
        uint32_t distances[BLOCK_SIZE] = {[0] = 10, [1] = UINT32_MAX - 7};
        unsigned width = exception ? 24 : 32;
        uint32_t last = 10 + 1 + (UINT32_MAX - 7) + (BLOCK_SIZE - 2); /* 129 */
        struct buffer bytes = {0};
        const uint8_t bound = 1, head[4] = {(uint8_t)width, 0, (uint8_t)exception, 0};
        const uint8_t exceptions[2] = {1, 0xFF};
        uint32_t zero = 0, tail_at = 4 + 16 * width + 2 * (uint32_t)exception;
        assert_true(buffer_append(&bytes, &last, 4) && buffer_append(&bytes, &zero, 4) &&
                    buffer_append(&bytes, &bound, 1) && buffer_append(&bytes, &tail_at, 4) &&
                    buffer_append(&bytes, head, 4) && buffer_reserve(&bytes, (size_t)16 * width));
        block_pack(distances, width, (uint8_t *)bytes.data + bytes.size);
        bytes.size += (size_t)16 * width;
        if (exception)
            assert_true(buffer_append(&bytes, exceptions, 2));
        struct postings_list list = {.postings = exact_copy(&bytes),
                                     .postings_size = bytes.size,
                                     .count = BLOCK_SIZE,
                                     .documents = 1000,
                                     .bound = 1};
        struct postings_cursor cursor;
        struct postings_array array = {0};
        assert_true(postings_open(&cursor, &list));
        postings_next_geq(&cursor, 0);
        assert_int_equal(cursor.document, POSTINGS_END);
        assert_true(cursor.damaged);
        assert_false(postings_read_all(&list, &array));
        postings_array_free(&array);
        free_list(&list);
        buffer_free(&bytes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_long_list),
        cmocka_unit_test(test_extremes),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_positions_without_bits),
        cmocka_unit_test(test_distances_that_come_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
