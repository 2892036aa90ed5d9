/* SPDX-License-Identifier: GPL-2.0-or-later */
/* segment/bit_pack: every width there and back, and that both ways of unpacking agree. */
#include "segment_support.h"

#include <stdlib.h>

#include "segment/bit_pack.h"

static uint32_t mask_of(unsigned width) {
    return (uint32_t)((UINT64_C(1) << width) - 1);
}

static void fill(struct random *random, unsigned width, uint32_t numbers[BLOCK_SIZE]) {
    bool full = random_below(random, 4) == 0;
    for (size_t i = 0; i < BLOCK_SIZE; i++)
        numbers[i] = full ? mask_of(width) : (uint32_t)random_next(random) & mask_of(width);
}

/* A copy of just its size, so that the sanitizers see what is read behind it. */
static uint8_t *exact_copy(const void *data, size_t size) {
    uint8_t *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    memcpy(copy, data, size);
    return copy;
}

static void test_blocks(void **state) {
    (void)state;
    struct random random = {1};
    for (unsigned width = 0; width <= 32; width++)
        for (int round = 0; round < 40; round++) {
            uint32_t numbers[BLOCK_SIZE], out[BLOCK_SIZE], portable[BLOCK_SIZE];
            uint8_t packed[16 * 32];
            fill(&random, width, numbers);
            block_pack(numbers, width, packed);
            uint8_t *in = exact_copy(packed, (size_t)16 * width);
            uint32_t more = round % 2 ? (uint32_t)random_next(&random) : 0;
            block_unpack(in, width, more, out);
            block_unpack_portable(in, width, more, portable);
            for (size_t i = 0; i < BLOCK_SIZE; i++)
                assert_int_equal(out[i], numbers[i] + more);
            assert_memory_equal(out, portable, sizeof out);
            free(in);
        }
}

static void test_sums(void **state) {
    (void)state;
    struct random random = {2};
    for (unsigned width = 0; width <= 32; width++)
        for (int round = 0; round < 40; round++) {
            uint32_t numbers[BLOCK_SIZE], out[BLOCK_SIZE], portable[BLOCK_SIZE], summed[BLOCK_SIZE];
            uint8_t packed[16 * 32];
            fill(&random, width, numbers);
            block_pack(numbers, width, packed);
            uint8_t *in = exact_copy(packed, (size_t)16 * width);
            uint32_t before = round % 2 ? (uint32_t)random_next(&random) : UINT32_MAX, sum = before;
            block_unpack_sums(in, width, before, out);
            block_unpack_sums_portable(in, width, before, portable);
            memcpy(summed, numbers, sizeof summed);
            block_sum(summed, before);
            for (size_t i = 0; i < BLOCK_SIZE; i++)
                assert_int_equal(out[i], sum += numbers[i] + 1);
            assert_memory_equal(out, portable, sizeof out);
            assert_memory_equal(out, summed, sizeof out);
            block_sum_portable(numbers, before);
            assert_memory_equal(out, numbers, sizeof out);
            free(in);
        }
}

/* The layout is part of the format. */
static void test_block_layout(void **state) {
    (void)state;
    uint32_t numbers[BLOCK_SIZE] = {0};
    uint8_t packed[16 * 3];
    numbers[2] = 5;      /* lane 2, row 0: its low bits */
    numbers[4 * 10] = 7; /* lane 0, row 10: bits 30 to 32 */
    block_pack(numbers, 3, packed);
    uint8_t expected[16 * 3] = {0};
    expected[8] = 5;
    expected[3] = 0xC0;
    expected[16] = 1;
    assert_memory_equal(packed, expected, sizeof packed);
}

static void test_runs(void **state) {
    (void)state;
    struct random random = {3};
    for (unsigned width = 0; width <= 32; width++)
        for (size_t count = 0; count < 140; count += 1 + count / 9) {
            uint32_t numbers[140], out[140];
            size_t size = run_bytes(count, width);
            assert_int_equal(size, (count * width + 7) / 8);
            for (size_t i = 0; i < count; i++)
                numbers[i] = (uint32_t)random_next(&random) & mask_of(width);
            uint8_t *packed = malloc(size ? size : 1);
            assert_non_null(packed);
            run_pack(numbers, count, width, packed);
            for (size_t i = 0; i < count; i++)
                assert_int_equal(run_get(packed, size, i, width), numbers[i]);
            size_t first = count ? random_below(&random, (uint32_t)count) : 0;
            run_unpack(packed, size, first, count - first, width, out);
            for (size_t i = first; i < count; i++)
                assert_int_equal(out[i - first], numbers[i]);
            free(packed);
        }
    const uint32_t numbers[] = {1, 2, 3};
    uint8_t packed[2];
    run_pack(numbers, 3, 5, packed);
    assert_int_equal(packed[0], 1 | (2 << 5 & 0xFF));
    assert_int_equal(packed[1], 3 << 2);
}

static void test_bits(void **state) {
    (void)state;
    assert_int_equal(bits_for(0), 0);
    for (unsigned bits = 1; bits <= 32; bits++) {
        assert_int_equal(bits_for(mask_of(bits)), bits);
        assert_int_equal(bits_for(UINT32_C(1) << (bits - 1)), bits);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks),       cmocka_unit_test(test_sums),
        cmocka_unit_test(test_block_layout), cmocka_unit_test(test_runs),
        cmocka_unit_test(test_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
