/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base/printable against the Unicode Character Database as ICU has it: no control, bidirectional
 * control, separator of lines or noncharacter comes through; everything else comes through as it
 * is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unicode/uchar.h>

#include "base/error.h"
#include "base/printable.h"
#include "base/utf8.h"

static uint64_t random_state = 0x2545F4914F6CDD1Du;

static uint32_t random_below(uint32_t bound) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % bound;
}

static bool must_be_escaped(uint32_t code_point) {
    UChar32 c = (UChar32)code_point;
    int8_t category = u_charType(c);
    return category == U_CONTROL_CHAR || category == U_LINE_SEPARATOR ||
           category == U_PARAGRAPH_SEPARATOR || u_hasBinaryProperty(c, UCHAR_BIDI_CONTROL) ||
           u_hasBinaryProperty(c, UCHAR_NONCHARACTER_CODE_POINT) || code_point == 0xFEFF ||
           (code_point >= 0xE0000 && code_point <= 0xE007F);
}

static void assert_shown(const char *text, size_t size, bool one_line, const char *expected) {
    struct buffer out = {0};
    assert_true(printable_append(&out, text, size, one_line));
    assert_true(buffer_terminate(&out));
    assert_string_equal(out.data, expected);
    assert_int_equal(out.size, strlen(expected));
    buffer_free(&out);
}

static void test_every_code_point(void **state) {
    (void)state;
    for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++) {
        if (code_point >= 0xD800 && code_point <= 0xDFFF)
            continue;
        char text[5] = {0}, escape[16];
        size_t size = utf8_encode(code_point, text);
        snprintf(escape, sizeof escape, code_point < 0x80 ? "\\x%02X" : "\\u{%04X}",
                 (unsigned)code_point);
        bool layout = code_point == '\t' || code_point == '\n';
        const char *one_line = layout ? " " : must_be_escaped(code_point) ? escape : text;
        const char *many_lines = layout || !must_be_escaped(code_point) ? text : escape;
        assert_shown(text, size, true, one_line);
        assert_shown(text, size, false, many_lines);
    }
}

static void test_known_attacks(void **state) {
    (void)state;
    assert_shown("", 0, true, "");
    assert_shown("\x1B[31m紅\x1B[0m", 12, true, "\\x1B[31m紅\\x1B[0m");
    assert_shown("\x1B]0;title\x07", 10, true, "\\x1B]0;title\\x07");
    assert_shown("a\xC2\x9B"
                 "2Jb",
                 6, true, "a\\u{009B}2Jb");
    assert_shown("a\x9B"
                 "2Jb",
                 5, true, "a\\x9B2Jb");
    assert_shown("\xE2\x80\xAEtxt.exe", 10, true, "\\u{202E}txt.exe");
    assert_shown("a\r\nb", 4, true, "a\\x0D b");
    assert_shown("a\r\nb\tc", 6, false, "a\\x0D\nb\tc");
    assert_shown("a\0b", 3, true, "a\\x00b");
    assert_shown("\xE5\xB0", 2, true, "\\xE5\\xB0");
    assert_shown("𠮷野家 Aé", strlen("𠮷野家 Aé"), true, "𠮷野家 Aé");
}

/* Whatever the bytes, what comes out is well-formed, holds nothing unsafe and is not changed by a
 * second pass. */
static void test_generated_bytes(void **state) {
    (void)state;
    static const uint32_t favourites[] = {0x1B,   0x9B,   0x202E,  0x2066, 0x2028, 0xFEFF,
                                          0xFFFE, 0x5C0B, 0x20BB7, 0x7F,   0x0A};
    for (int round = 0; round < 20000; round++) {
        size_t size = 0, wanted = random_below(60);
        char bytes[64];
        while (size < wanted) {
            if (random_below(2))
                bytes[size++] = (char)random_below(256);
            else
                size +=
                    utf8_encode(favourites[random_below(sizeof favourites / sizeof favourites[0])],
                                bytes + size);
        }
        char *text = malloc(size ? size : 1);
        assert_non_null(text);
        memcpy(text, bytes, size);
        bool one_line = random_below(2);
        struct buffer once = {0}, twice = {0};
        assert_true(printable_append(&once, text, size, one_line));
        assert_int_equal(utf8_valid_prefix(once.data, once.size), once.size);
        for (size_t at = 0; at < once.size;) {
            uint32_t code_point = utf8_next(once.data, once.size, &at);
            if (one_line || (code_point != '\n' && code_point != '\t'))
                assert_false(must_be_escaped(code_point));
        }
        assert_true(printable_append(&twice, once.data, once.size, one_line));
        assert_int_equal(twice.size, once.size);
        if (once.size > 0)
            assert_memory_equal(twice.data, once.data, once.size);
        buffer_free(&once);
        buffer_free(&twice);
        free(text);
    }
}

static void test_public_function(void **state) {
    (void)state;
    char *shown = NULL;
    assert_int_equal(xunzi_print_safe(xunzi_string_of("一\n二\x1B"), true, &shown), XUNZI_OK);
    assert_string_equal(shown, "一 二\\x1B");
    free(shown);
    assert_int_equal(xunzi_print_safe((xunzi_string){NULL, 0}, false, &shown), XUNZI_OK);
    assert_string_equal(shown, "");
    free(shown);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_point),
        cmocka_unit_test(test_known_attacks),
        cmocka_unit_test(test_generated_bytes),
        cmocka_unit_test(test_public_function),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
