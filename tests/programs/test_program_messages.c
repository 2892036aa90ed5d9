/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two programs share: JSON on one terminal-safe line, widths and styles of terminals,
 * messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <json-c/json.h>

#include "base/utf8.h"
#include "program/fail.h"
#include "program/json_text.h"
#include "program/terminal.h"

static void assert_string_text(const char *text, size_t size, const char *expected) {
    struct buffer out = {0};
    assert_true(json_text_append_string(&out, text, size));
    assert_true(buffer_terminate(&out));
    assert_string_equal(out.data, expected);
    buffer_free(&out);
}

static void test_strings(void **state) {
    (void)state;
    assert_string_text("", 0, "\"\"");
    assert_string_text("尋字 a/b", 10, "\"尋字 a/b\"");
    assert_string_text("\"\\\b\f\n\r\t", 7, "\"\\\"\\\\\\b\\f\\n\\r\\t\"");
    assert_string_text("\0\033\x7F", 3, "\"\\u0000\\u001b\\u007f\"");
    assert_string_text("\xC2\x9B\u200E\u202E\uFEFF\U000E0041", 15,
                       "\"\\u009b\\u200e\\u202e\\ufeff\\udb40\\udc41\"");
    assert_string_text("\u00A0\u2014\uE000𠮷", 12, "\"\u00A0\u2014\uE000𠮷\"");
    assert_string_text("a\xFF\xE4\xB8", 4, "\"a\uFFFD\uFFFD\"");
}

/* Every scalar value comes back from json-c as it went in, and no byte of a control character
 * stands in the text. */
static void test_every_character(void **state) {
    (void)state;
    struct buffer out = {0};
    for (uint32_t code_point = 0; code_point <= 0x10FFFF; code_point++) {
        if (code_point >= 0xD800 && code_point <= 0xDFFF)
            continue;
        char text[4];
        size_t size = utf8_encode(code_point, text);
        buffer_clear(&out);
        assert_true(json_text_append_string(&out, text, size) && buffer_terminate(&out));
        for (size_t i = 0; i < out.size; i++)
            assert_true((unsigned char)out.data[i] >= 0x20 && out.data[i] != 0x7F);
        struct json_object *value = json_tokener_parse(out.data);
        assert_non_null(value);
        assert_int_equal(json_object_get_string_len(value), size);
        assert_memory_equal(json_object_get_string(value), text, size);
        json_object_put(value);
    }
    buffer_free(&out);
}

static void test_values(void **state) {
    (void)state;
    struct json_object *value =
        json_tokener_parse("{ \"路/\\u001b\": [1.50, null, \"\\u202e\"], \"b\": {} }");
    assert_non_null(value);
    struct buffer out = {0};
    assert_true(json_text_append(&out, value) && buffer_terminate(&out));
    assert_string_equal(out.data, "{\"路/\\u001b\":[1.50,null,\"\\u202e\"],\"b\":{}}");
    json_object_put(value);
    buffer_clear(&out);
    static const char spelled[] = "{\"a\" :\t1e400,\n\"\\u4e00\\\"\u202E\": \"\x1B\"}";
    assert_true(json_text_append_json(&out, spelled, sizeof spelled - 1) && buffer_terminate(&out));
    assert_string_equal(out.data, "{\"a\" : 1e400, \"\\u4e00\\\"\\u202e\": \"\\u001b\"}");
    /* Text that breaks off is not read past its end. */
    for (size_t size = 0; size < sizeof spelled - 1; size++) {
        char *part = malloc(size + 1);
        assert_non_null(part);
        memcpy(part, spelled, size);
        char *exact = realloc(part, size ? size : 1);
        assert_non_null(exact);
        buffer_clear(&out);
        assert_true(json_text_append_json(&out, exact, size));
        free(exact);
    }
    buffer_free(&out);
}

static void test_terminal(void **state) {
    (void)state;
    enum terminal_color color = TERMINAL_COLOR_NEVER;
    assert_true(terminal_color_parse("auto", &color));
    assert_int_equal(color, TERMINAL_COLOR_AUTO);
    assert_true(terminal_color_parse("always", &color));
    assert_int_equal(color, TERMINAL_COLOR_ALWAYS);
    assert_false(terminal_color_parse("Always", &color));
    assert_int_equal(color, TERMINAL_COLOR_ALWAYS);
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_true(terminal_use_color(file, TERMINAL_COLOR_ALWAYS));
    assert_false(terminal_use_color(file, TERMINAL_COLOR_AUTO));
    assert_int_equal(terminal_width(file), 80);
    fclose(file);
    assert_string_equal(terminal_style(false, TERMINAL_BOLD), "");
    assert_string_equal(terminal_style(true, TERMINAL_RESET), "\033[0m");
    assert_int_equal(terminal_text_width("尋字 a\xFF", 9), 7);
    assert_int_equal(terminal_text_width("e\u0301", 3), 1);
}

/* What a call prints on standard error. */
static char *captured(void (*print)(void)) {
    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(stderr);
    int kept = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    print();
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    rewind(file);
    char *text = calloc(1, (size_t)size + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)size, file), size);
    fclose(file);
    return text;
}

static void print_hostile(void) {
    program_message("%s", "a\033[2J\nb\u202E\xFF");
}

static void print_usage_mistake(void) {
    assert_int_equal(program_fail_usage("no %s", "PATH"), 2);
}

static void print_long(void) {
    char text[100001];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    program_message("%s", text);
}

static void test_messages(void **state) {
    (void)state;
    char *text = captured(print_hostile);
    assert_string_equal(text, "xunzi-test: a\\x1B[2J b\\u{202E}\\xFF\n");
    free(text);
    text = captured(print_usage_mistake);
    assert_string_equal(text, "xunzi-test: no PATH\nTry 'xunzi-test --help'.\n");
    free(text);
    text = captured(print_long);
    assert_int_equal(strlen(text), strlen("xunzi-test: \n") + 100000);
    free(text);
}

int main(void) {
    program_begin("xunzi-test");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings),  cmocka_unit_test(test_every_character),
        cmocka_unit_test(test_values),   cmocka_unit_test(test_terminal),
        cmocka_unit_test(test_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
