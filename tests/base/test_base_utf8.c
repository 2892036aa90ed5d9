/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base/utf8 against ICU's decoder, which substitutes maximal subparts too: every lead byte with
 * every second byte and the boundary values behind it, every code point, and generated texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unicode/ustring.h>

#include "base/utf8.h"

static uint64_t random_state = 0x9E3779B97F4A7C15u;

static uint32_t random_below(uint32_t bound) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % bound;
}

/* Asserts that text, decoded here and by ICU, gives the same code points and the same number of
 * replacements. The text is copied to a block of just its size, so that a sanitizer sees a read
 * behind its end. */
static void assert_same_as_icu(const char *text, size_t size) {
    enum { MOST = 256 };
    UChar units[MOST];
    int32_t unit_count = 0, substitutions = 0;
    UErrorCode code = U_ZERO_ERROR;
    assert_true(size < MOST);
    u_strFromUTF8WithSub(units, MOST, &unit_count, text, (int32_t)size, UTF8_REPLACEMENT,
                         &substitutions, &code);
    assert_true(U_SUCCESS(code));
    char expected[3 * MOST];
    int32_t expected_size = 0;
    u_strToUTF8(expected, (int32_t)sizeof expected, &expected_size, units, unit_count, &code);
    assert_true(U_SUCCESS(code));

    char *exact = malloc(size ? size : 1);
    assert_non_null(exact);
    memcpy(exact, text, size);
    struct buffer repaired = {0};
    uint64_t replaced = 0;
    assert_true(utf8_append_repaired(&repaired, exact, size, &replaced));
    assert_int_equal(replaced, substitutions);
    assert_int_equal(repaired.size, expected_size);
    if (expected_size > 0)
        assert_memory_equal(repaired.data, expected, (size_t)expected_size);

    assert_int_equal(utf8_valid_prefix(exact, size) == size, substitutions == 0);
    UChar32 references[MOST];
    int32_t reference_count = 0, next = 0;
    u_strToUTF32(references, MOST, &reference_count, units, unit_count, &code);
    assert_true(U_SUCCESS(code));
    for (size_t at = 0; at < size;) {
        size_t before = at;
        uint32_t code_point = utf8_next(exact, size, &at);
        assert_true(at > before && at <= size);
        assert_true(next < reference_count);
        assert_int_equal(code_point == UTF8_ILL_FORMED ? UTF8_REPLACEMENT : code_point,
                         references[next++]);
    }
    assert_int_equal(next, reference_count);
    buffer_free(&repaired);
    free(exact);
}

static const unsigned char BOUNDARIES[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F,
                                           0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xE4, 0xED,
                                           0xEF, 0xF0, 0xF4, 0xF5, 0xFF};
enum { BOUNDARY_COUNT = sizeof BOUNDARIES };

static void test_every_lead_agrees_with_icu(void **state) {
    (void)state;
    char text[4] = {0};
    assert_same_as_icu(text, 0);
    for (int lead = 0; lead < 256; lead++) {
        text[0] = (char)lead;
        assert_same_as_icu(text, 1);
        for (int second = 0; second < 256; second++) {
            text[1] = (char)second;
            assert_same_as_icu(text, 2);
            for (size_t third = 0; lead >= 0xE0 && third < BOUNDARY_COUNT; third++) {
                text[2] = (char)BOUNDARIES[third];
                assert_same_as_icu(text, 3);
                for (size_t fourth = 0; lead >= 0xF0 && fourth < BOUNDARY_COUNT; fourth++) {
                    text[3] = (char)BOUNDARIES[fourth];
                    assert_same_as_icu(text, 4);
                }
            }
        }
    }
}

static void test_every_code_point_round_trips(void **state) {
    (void)state;
    for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++) {
        if (code_point >= 0xD800 && code_point <= 0xDFFF)
            continue;
        char text[4];
        size_t size = utf8_encode(code_point, text), at = 0;
        assert_int_equal(size, code_point < 0x80      ? 1
                               : code_point < 0x800   ? 2
                               : code_point < 0x10000 ? 3
                                                      : 4);
        assert_int_equal(utf8_next(text, size, &at), code_point);
        assert_int_equal(at, size);
        assert_int_equal(utf8_valid_prefix(text, size), size);
        assert_int_equal(utf8_valid_prefix(text, size - 1), 0);
    }
}

static void test_surrogates_and_overlong_forms_are_ill_formed(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint64_t replaced;
    } cases[] = {
        {"\xED\xA0\x80", 3},     {"\xED\xBF\xBF", 3},     {"\xC0\xAF", 2},     {"\xE0\x80\xAF", 3},
        {"\xF0\x80\x80\xAF", 4}, {"\xF4\x90\x80\x80", 4}, {"\xF0\x9F\x98", 1}, {"\xE5\xB0", 1},
        {"\xE5\xB0\xE5\xB0", 2}, {"\xFE\xFF", 2},         {"\x80", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out = {0};
        uint64_t replaced = 0;
        assert_true(utf8_append_repaired(&out, cases[i].text, strlen(cases[i].text), &replaced));
        assert_int_equal(replaced, cases[i].replaced);
        assert_int_equal(out.size, 3 * cases[i].replaced);
        buffer_free(&out);
    }
}

static void test_generated_texts_agree_with_icu(void **state) {
    (void)state;
    for (int round = 0; round < 60000; round++) {
        char text[64];
        size_t size = 0, wanted = random_below(48);
        while (size < wanted) {
            switch (random_below(4)) {
            case 0:
                text[size++] = (char)random_below(256);
                break;
            case 1:
                text[size++] = (char)BOUNDARIES[random_below(BOUNDARY_COUNT)];
                break;
            case 2:
                text[size++] = (char)(0x20 + random_below(0x5F));
                break;
            default: { /* a Han character, now and then cut */
                char han[4];
                size_t bytes = utf8_encode(0x4E00 + random_below(0x5000), han);
                bytes -= random_below(8) == 0;
                memcpy(text + size, han, bytes);
                size += bytes;
            }
            }
        }
        assert_same_as_icu(text, size);
    }
}

/* The run of eight bytes that is looked at as one word must not hide an ill-formed byte, wherever
 * it stands. */
static void test_valid_prefix_finds_the_bad_byte_at_every_place(void **state) {
    (void)state;
    for (size_t size = 1; size <= 40; size++) {
        char *text = malloc(size);
        assert_non_null(text);
        for (size_t bad = 0; bad < size; bad++) {
            memset(text, 'a', size);
            text[bad] = '\x80';
            assert_int_equal(utf8_valid_prefix(text, size), bad);
        }
        memset(text, 'a', size);
        assert_int_equal(utf8_valid_prefix(text, size), size);
        free(text);
    }
}

static void test_repair_adds_to_what_is_there(void **state) {
    (void)state;
    struct buffer out = {0};
    uint64_t replaced = 7;
    assert_true(buffer_append_text(&out, "前"));
    assert_true(utf8_append_repaired(&out, "\xFF後", 4, &replaced));
    assert_int_equal(replaced, 8);
    assert_int_equal(out.size, strlen("前\uFFFD後"));
    assert_memory_equal(out.data, "前\uFFFD後", out.size);
    buffer_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_lead_agrees_with_icu),
        cmocka_unit_test(test_every_code_point_round_trips),
        cmocka_unit_test(test_surrogates_and_overlong_forms_are_ill_formed),
        cmocka_unit_test(test_generated_texts_agree_with_icu),
        cmocka_unit_test(test_valid_prefix_finds_the_bad_byte_at_every_place),
        cmocka_unit_test(test_repair_adds_to_what_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
