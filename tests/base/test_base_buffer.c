/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base/buffer: growth, refusal of impossible sizes, varints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"

static void test_appending_keeps_every_byte(void **state) {
    (void)state;
    struct buffer buffer = {0};
    char expected[5000];
    size_t size = 0;
    for (size_t piece = 0; size + piece <= sizeof expected; piece++) {
        for (size_t i = 0; i < piece; i++)
            expected[size + i] = (char)(piece * 31 + i);
        assert_true(buffer_append(&buffer, expected + size, piece));
        size += piece;
        assert_int_equal(buffer.size, size);
        assert_true(buffer.capacity >= size);
    }
    assert_memory_equal(buffer.data, expected, size);
    buffer_free(&buffer);
    assert_null(buffer.data);
    assert_int_equal(buffer.size, 0);
    assert_int_equal(buffer.capacity, 0);
}

static void test_nothing_may_be_appended_from_nowhere(void **state) {
    (void)state;
    struct buffer buffer = {0};
    assert_true(buffer_append(&buffer, NULL, 0));
    assert_true(buffer_append_text(&buffer, ""));
    assert_int_equal(buffer.size, 0);
    buffer_free(&buffer);
}

static void test_impossible_sizes_leave_the_contents(void **state) {
    (void)state;
    struct buffer buffer = {0};
    assert_true(buffer_append_text(&buffer, "abc"));
    assert_false(buffer_reserve(&buffer, SIZE_MAX));
    assert_false(buffer_reserve(&buffer, SIZE_MAX - 3));
    assert_false(buffer_reserve(&buffer, SIZE_MAX / 2 + 2));
    assert_int_equal(buffer.size, 3);
    assert_memory_equal(buffer.data, "abc", 3);
    buffer_free(&buffer);
}

static void test_terminator_is_not_counted(void **state) {
    (void)state;
    struct buffer buffer = {0};
    assert_true(buffer_terminate(&buffer));
    assert_int_equal(buffer.size, 0);
    assert_string_equal(buffer.data, "");
    while (buffer.size < buffer.capacity)
        assert_true(buffer_append_byte(&buffer, 'x'));
    assert_true(buffer_terminate(&buffer));
    assert_int_equal(strlen(buffer.data), buffer.size);
    buffer_clear(&buffer);
    assert_int_equal(buffer.size, 0);
    assert_true(buffer_append_text(&buffer, "尋字"));
    assert_true(buffer_terminate(&buffer));
    assert_string_equal(buffer.data, "尋字");
    buffer_free(&buffer);
}

static void test_printf_appends_whatever_the_length(void **state) {
    (void)state;
    struct buffer buffer = {0};
    size_t expected = 0;
    for (int width = 1; width < 300; width += 7) {
        assert_true(buffer_printf(&buffer, "%*d", width, 5));
        expected += (size_t)width;
        assert_int_equal(buffer.size, expected);
        assert_int_equal(buffer.data[buffer.size - 1], '5');
    }
    buffer_free(&buffer);
}

static uint64_t read_varint(const char *data, size_t size) {
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        assert_int_equal((unsigned char)data[i] >> 7, i + 1 < size);
        value |= (uint64_t)((unsigned char)data[i] & 0x7F) << (7 * i);
    }
    return value;
}

static void test_varints_are_leb128(void **state) {
    (void)state;
    for (int bits = 0; bits <= 64; bits++) {
        uint64_t power = bits == 64 ? 0 : UINT64_C(1) << bits;
        for (uint64_t step = 0; step < 3; step++) {
            uint64_t value = power - 1 + step;
            size_t needed = 1;
            while (needed < 10 && value >> (7 * needed))
                needed++;
            struct buffer buffer = {0};
            assert_true(buffer_append_varint(&buffer, value));
            assert_int_equal(buffer.size, needed);
            assert_true(read_varint(buffer.data, buffer.size) == value);
            buffer_free(&buffer);
        }
    }
    struct buffer known = {0};
    assert_true(buffer_append_varint(&known, 624485)); /* the example of the DWARF standard */
    assert_int_equal(known.size, 3);
    assert_memory_equal(known.data, "\xE5\x8E\x26", 3);
    buffer_free(&known);
}

static void test_arrays_grow_and_refuse_overflow(void **state) {
    (void)state;
    uint64_t *items = NULL;
    size_t capacity = 0;
    for (size_t count = 0; count < 1000; count++) {
        assert_true(array_reserve(&items, &capacity, count + 1, sizeof *items));
        assert_true(capacity > count);
        items[count] = count * count;
    }
    for (size_t i = 0; i < 1000; i++)
        assert_true(items[i] == i * i);
    size_t before = capacity;
    assert_true(array_reserve(&items, &capacity, 10, sizeof *items));
    assert_int_equal(capacity, before);
    assert_false(array_reserve(&items, &capacity, SIZE_MAX / sizeof *items, sizeof *items));
    assert_false(array_reserve(&items, &capacity, SIZE_MAX, sizeof *items));
    assert_int_equal(capacity, before);
    assert_true(items[999] == 999 * 999);
    free(items);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_appending_keeps_every_byte),
        cmocka_unit_test(test_nothing_may_be_appended_from_nowhere),
        cmocka_unit_test(test_impossible_sizes_leave_the_contents),
        cmocka_unit_test(test_terminator_is_not_counted),
        cmocka_unit_test(test_printf_appends_whatever_the_length),
        cmocka_unit_test(test_varints_are_leb128),
        cmocka_unit_test(test_arrays_grow_and_refuse_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
