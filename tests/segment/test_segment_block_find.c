/* SPDX-License-Identifier: GPL-2.0-or-later */
/* segment/block_find: what is found, by both ways, is what looking at every document finds. */
#include "segment_support.h"

#include "segment/block_find.h"

/* Ascending documents; `count` of them, UINT32_MAX behind. */
static void fill_block(struct random *random, size_t count, uint32_t first, uint32_t leap,
                       uint32_t block[BLOCK_SIZE]) {
    for (size_t i = 0; i < BLOCK_SIZE; i++) {
        block[i] = i < count ? first : UINT32_MAX;
        first += 1 + random_below(random, leap);
    }
}

/* Ascending documents, some of them of the block, from before its first to behind its last. */
static size_t fill_wanted(struct random *random, const uint32_t block[BLOCK_SIZE], size_t in_block,
                          uint32_t leap, uint32_t wanted[BLOCK_SIZE]) {
    size_t most = random_below(random, BLOCK_SIZE + 1), count = 0;
    uint32_t share = 1 + random_below(random, 8);
    uint64_t next = block[0] - (block[0] > 2 ? 2 : 0);
    for (size_t i = 0; count < most && next < UINT32_MAX;) {
        while (i < in_block && block[i] < next)
            i++;
        if (i < in_block && random_below(random, share) == 0)
            next = block[i];
        wanted[count++] = (uint32_t)next;
        next += 1 + random_below(random, leap);
    }
    return count;
}

static void check(const uint32_t block[BLOCK_SIZE], const uint32_t *wanted, size_t count) {
    uint8_t which[2][BLOCK_SIZE], at[2][BLOCK_SIZE];
    size_t expected = 0, found = block_find(block, wanted, count, which[0], at[0]);
    assert_int_equal(block_find_portable(block, wanted, count, which[1], at[1]), found);
    for (size_t i = 0; i < count; i++)
        for (size_t b = 0; b < BLOCK_SIZE; b++)
            if (block[b] == wanted[i]) {
                for (size_t way = 0; way < 2; way++) {
                    assert_true(expected < found);
                    assert_int_equal(which[way][expected], i);
                    assert_int_equal(at[way][expected], b);
                }
                expected++;
            }
    assert_int_equal(found, expected);
}

static void test_random_blocks(void **state) {
    (void)state;
    struct random random = {11};
    static const uint32_t leaps[] = {1, 2, 5, 300, 1 << 20};
    for (int round = 0; round < 5000; round++) {
        uint32_t block[BLOCK_SIZE], wanted[BLOCK_SIZE];
        uint32_t leap = leaps[random_below(&random, sizeof leaps / sizeof *leaps)];
        size_t in_block = round % 2 ? BLOCK_SIZE : 1 + random_below(&random, BLOCK_SIZE);
        uint32_t first = random_below(&random, round % 3 ? 1000 : UINT32_C(1) << 31);
        fill_block(&random, in_block, first, leap, block);
        size_t count = fill_wanted(&random, block, in_block, leap, wanted);
        check(block, wanted, count);
    }
}

/* Numbers are unsigned up to the last one that a document can have. */
static void test_largest_numbers(void **state) {
    (void)state;
    uint32_t block[BLOCK_SIZE], wanted[BLOCK_SIZE];
    for (uint32_t i = 0; i < BLOCK_SIZE; i++) {
        block[i] = i < 64 ? i : UINT32_MAX - 2 * BLOCK_SIZE + 2 * i;
        wanted[i] = i < 32 ? 2 * i : UINT32_MAX - 1 - (BLOCK_SIZE - 1 - i);
    }
    check(block, wanted, BLOCK_SIZE);
    check(block, block, BLOCK_SIZE);
}

static void test_every_place(void **state) {
    (void)state;
    uint32_t block[BLOCK_SIZE];
    for (uint32_t i = 0; i < BLOCK_SIZE; i++)
        block[i] = 10 + 3 * i;
    check(block, block, 0);
    for (uint32_t document = 0; document < 10 + 3 * BLOCK_SIZE + 5; document++)
        check(block, &document, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_blocks),
        cmocka_unit_test(test_largest_numbers),
        cmocka_unit_test(test_every_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
