/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of ids, against a plain array. */
#include "tests/text/text_support.h"

#include <stdio.h>

#include "indexer/id_map.h"

enum { IDS = 5000, STEPS = 40000 };

static xunzi_string id_of(unsigned i, char text[32]) {
    return (xunzi_string){text, (size_t)snprintf(text, 32, "編號-%u", i)};
}

/* Few hashes for many ids, so that ids are told apart by more than their hashes. */
static uint64_t hash_of(unsigned i) {
    return i % 97 * UINT64_C(0x9E3779B97F4A7C15);
}

static void test_against_an_array(void **state) {
    (void)state;
    static uint32_t expected[IDS];
    struct id_map map = {0};
    char text[32];
    uint64_t random = 1;
    for (unsigned i = 0; i < IDS; i++)
        expected[i] = ID_MAP_NONE;
    assert_int_equal(id_map_find(&map, 1, id_of(1, text)), ID_MAP_NONE);
    for (uint32_t step = 0; step < STEPS; step++) {
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
        unsigned i = (unsigned)(random >> 33) % IDS;
        assert_int_equal(id_map_find(&map, hash_of(i), id_of(i, text)), expected[i]);
        expected[i] = step % 5 == 0 ? ID_MAP_NONE : step;
        assert_true(id_map_put(&map, hash_of(i), id_of(i, text), expected[i]));
    }
    for (unsigned i = 0; i < IDS; i++)
        assert_int_equal(id_map_find(&map, hash_of(i), id_of(i, text)), expected[i]);
    id_map_free(&map);
    assert_int_equal(id_map_find(&map, hash_of(3), id_of(3, text)), ID_MAP_NONE);
}

static void test_an_empty_id_is_one(void **state) {
    (void)state;
    struct id_map map = {0};
    assert_true(id_map_put(&map, 0, (xunzi_string){0}, 7));
    assert_int_equal(id_map_find(&map, 0, (xunzi_string){"", 0}), 7);
    assert_int_equal(id_map_find(&map, 0, xunzi_string_of("a")), ID_MAP_NONE);
    id_map_free(&map);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_against_an_array),
                                       cmocka_unit_test(test_an_empty_id_is_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
