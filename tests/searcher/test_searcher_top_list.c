/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of the best against sorting all. */
#include "tests/catalog/collection_support.h"

#include "searcher/top_list.h"

enum { ITEMS = 3000 };

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static int by_rank(const void *a, const void *b) {
    const struct top_item *left = a, *right = b;
    if (left->date != right->date)
        return left->date < right->date ? 1 : -1;
    if (left->score != right->score)
        return left->score < right->score ? 1 : -1;
    return (left->ordinal > right->ordinal) - (left->ordinal < right->ordinal);
}

/* kinds: how many different scores, and dates, there are. */
static void check(size_t most, uint32_t kinds, bool by_date) {
    static struct top_item all[ITEMS], best[ITEMS];
    uint32_t state = (uint32_t)most * 7 + kinds;
    struct top_list list;
    top_list_begin(&list, best, most, by_date);
    for (size_t i = 0; i < ITEMS; i++) {
        all[i] = (struct top_item){.score = 1 + next_random(&state) % kinds,
                                   .date = by_date ? next_random(&state) % kinds : 0,
                                   .ordinal = i};
        fixed_score threshold = list.threshold;
        top_list_add(&list, all[i]);
        assert_true(list.threshold >= threshold);
        assert_true(!by_date || most == 0 || list.threshold == 0);
    }
    top_list_sort(&list);
    qsort(all, ITEMS, sizeof *all, by_rank);
    assert_int_equal(most < ITEMS ? most : ITEMS, list.count);
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(all[i].score, best[i].score);
        assert_int_equal(all[i].date, best[i].date);
        assert_int_equal(all[i].ordinal, best[i].ordinal);
    }
}

static void test_against_sorting(void **state) {
    (void)state;
    static const size_t mosts[] = {0, 1, 2, 3, 10, 100, ITEMS - 1, ITEMS};
    static const uint32_t kinds[] = {1, 2, 50, 1u << 20};
    for (size_t m = 0; m < sizeof mosts / sizeof *mosts; m++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            check(mosts[m], kinds[k], false);
            check(mosts[m], kinds[k], true);
        }
}

/* What is no better than the threshold need not be offered: the list comes out the same. */
static void test_threshold_keeps_out_what_cannot_enter(void **state) {
    (void)state;
    struct top_item all[20], offered[20];
    struct top_list every, some;
    uint32_t random = 5;
    top_list_begin(&every, all, 20, false);
    top_list_begin(&some, offered, 20, false);
    for (uint64_t i = 0; i < 2000; i++) {
        struct top_item item = {.score = 1 + next_random(&random) % 100, .ordinal = i};
        top_list_add(&every, item);
        if (item.score > some.threshold)
            top_list_add(&some, item);
    }
    assert_memory_equal(all, offered, sizeof all);
}

/* Items that are no list's come into the same order. */
static void test_sorting_items(void **state) {
    (void)state;
    static struct top_item items[ITEMS], expected[ITEMS];
    uint32_t random = 9;
    for (size_t count = 0; count <= ITEMS; count = count * 3 + 1) {
        for (size_t i = 0; i < count; i++)
            items[i] = (struct top_item){.score = next_random(&random) % 50,
                                         .date = next_random(&random) % 3,
                                         .ordinal = next_random(&random)};
        memcpy(expected, items, count * sizeof *items);
        top_items_sort(items, count);
        qsort(expected, count, sizeof *expected, by_rank);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(expected[i].date, items[i].date);
            assert_int_equal(expected[i].score, items[i].score);
            assert_int_equal(expected[i].ordinal, items[i].ordinal);
        }
    }
}

/* A floor holds until the list itself knows better. */
static void test_floor(void **state) {
    (void)state;
    struct top_item items[2];
    struct top_list list;
    top_list_begin(&list, items, 2, false);
    top_list_raise(&list, 10);
    assert_int_equal(10, list.threshold);
    top_list_raise(&list, 5);
    assert_int_equal(10, list.threshold);
    top_list_add(&list, (struct top_item){.score = 11, .ordinal = 1});
    top_list_add(
        &list, (struct top_item){.score = 7, .ordinal = 2}); /* from before the floor was raised */
    assert_int_equal(10, list.threshold);
    top_list_add(&list, (struct top_item){.score = 20, .ordinal = 3});
    assert_int_equal(11, list.threshold);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_sorting),
        cmocka_unit_test(test_threshold_keeps_out_what_cannot_enter),
        cmocka_unit_test(test_sorting_items),
        cmocka_unit_test(test_floor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
