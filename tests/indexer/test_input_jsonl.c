/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON Lines: members, what is kept of the ones not known, and lines that are refused, each named,
 * none of them in the way of the next. */
#include "input_reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct reading reading;

static const char *read_lines(const char *data) {
    return reading_of_data(&reading, "a.jsonl", data, strlen(data));
}

/* Asserts that the line, between two good ones, is skipped for a reason that holds why. */
static void assert_refused_bytes(const char *line, size_t size, const char *why) {
    static const char good[] = "{\"body\":\"好\"}\n";
    size_t good_size = sizeof good - 1;
    char *data = malloc(2 * good_size + size + 1);
    assert_non_null(data);
    memcpy(data, good, good_size);
    memcpy(data + good_size, line, size);
    data[good_size + size] = '\n';
    memcpy(data + good_size + size + 1, good, good_size);
    const char *path = reading_of_data(&reading, "a.jsonl", data, 2 * good_size + size + 1);
    free(data);
    assert_counts(&reading, 2, 1);
    assert_int_equal(reading.documents[1].line, 3);
    assert_holds(reading.sentences[0], path);
    assert_holds(reading.sentences[0], ", line 2: ");
    assert_holds(reading.sentences[0], why);
    assert_holds(reading.sentences[0], "; line skipped");
}

static void assert_refused(const char *line, const char *why) {
    assert_refused_bytes(line, strlen(line), why);
}

static void test_members(void **state) {
    (void)state;
    const char *path =
        read_lines("{\"id\":\"一\",\"title\":\"題\",\"body\":\"文\",\"date\":\"2024-03-18\","
                   "\"source\":\"報\",\"url\":\"https://example.org/\"}\n{\"body\":\"\"}");
    assert_counts(&reading, 2, 0);
    const struct read_document *first = &reading.documents[0], *second = &reading.documents[1];
    assert_string_equal(first->id, "一");
    assert_string_equal(first->title, "題");
    assert_string_equal(first->body, "文");
    assert_string_equal(first->date, "2024-03-18");
    assert_string_equal(first->source, "報");
    assert_string_equal(first->url, "https://example.org/");
    assert_string_equal(first->extra, "");
    assert_string_equal(first->where, path);
    assert_int_equal(first->line, 1);
    assert_string_equal(second->id, "");
    assert_string_equal(second->body, "");
    assert_int_equal(second->line, 2);
}

static void test_blank_lines_and_line_ends(void **state) {
    (void)state;
    read_lines("\xEF\xBB\xBF\r\n{\"body\":\"一\"}\r\n\n \t\n{\"body\":\"二\"}  \r\n");
    assert_counts(&reading, 2, 0);
    assert_int_equal(reading.documents[0].line, 2);
    assert_int_equal(reading.documents[1].line, 5);
}

static void test_nulls_and_repeated_members(void **state) {
    (void)state;
    read_lines("{\"id\":null,\"date\":null,\"body\":\"先\",\"body\":\"後\",\"title\":\"x\","
               "\"title\":null}");
    assert_counts(&reading, 1, 0);
    assert_string_equal(reading.documents[0].body, "後");
    assert_string_equal(reading.documents[0].title, "");
}

static void test_escapes(void **state) {
    (void)state;
    read_lines("{\"\\u0062ody\":\"a\\u0000b\\n\\u5c0b\\ud842\\udfb7\\ud800\",\"id\":\"\\/\"}");
    assert_counts(&reading, 1, 0);
    static const char expected[] = "a\0b\n尋𠮷\uFFFD";
    assert_int_equal(reading.documents[0].body_size, sizeof expected - 1);
    assert_memory_equal(reading.documents[0].body, expected, sizeof expected);
    assert_string_equal(reading.documents[0].id, "/");
    assert_string_equal(reading.documents[0].extra, "");
}

static void test_unknown_members_are_kept_as_spelled(void **state) {
    (void)state;
    read_lines(
        "{\"z\": 1.50, \"body\": \"文\", \"a\":[1e400, -0, {\"id\":\"x}\\\"\"} ], \"n\":null,\"b\":"
        "12345678901234567890123,\"\\u0061\":\"\\u4e00\\\\\", \"e\":{},\"id\":\"1\"}");
    assert_counts(&reading, 1, 0);
    assert_string_equal(reading.documents[0].extra,
                        "{\"z\":1.50,\"a\":[1e400, -0, {\"id\":\"x}\\\"\"} ],\"n\":null,\"b\":"
                        "12345678901234567890123,\"\\u0061\":\"\\u4e00\\\\\",\"e\":{}}");
    assert_string_equal(reading.documents[0].id, "1");
}

static void test_wrong_types(void **state) {
    (void)state;
    assert_refused("{\"body\":\"x\",\"date\":20240318}", "\"date\" must be a string, not a number");
    assert_refused("{\"body\":[\"x\"]}", "\"body\" must be a string, not an array");
    assert_refused("{\"body\":\"x\",\"id\":1.5}", "\"id\" must be a string, not a number");
    assert_refused("{\"body\":\"x\",\"title\":{}}", "\"title\" must be a string, not an object");
    assert_refused("{\"body\":\"x\",\"url\":true}", "\"url\" must be a string, not true or false");
    assert_refused("{\"title\":\"x\"}", "has no \"body\"");
    assert_refused("{\"body\":null}", "has no \"body\"");
    assert_refused("\"x\"", "must be a JSON object, not a string");
    assert_refused("[1]", "must be a JSON object, not an array");
    assert_refused("null", "must be a JSON object, not null");
    assert_refused("5", "must be a JSON object, not a number");
}

static void test_broken_json(void **state) {
    (void)state;
    assert_refused("{\"body\":\"x\"", "ends in the middle");
    assert_refused("{\"body\":\"x", "ends in the middle");
    assert_refused("{\"body\":\"文\" \"x\"}", "column 13");
    assert_refused("{\"body\":\"x\",}", "is not JSON");
    assert_refused("{\"body\":\"x\"} {", "is not JSON");
    assert_refused("{\"body\":\"x\"}}", "is not JSON");
    assert_refused("body", "is not JSON");
    assert_refused("{", "ends in the middle");
    assert_refused("\\", "is not JSON");
    assert_refused_bytes("{\"body\":\"a\0b\"}", 14, "NUL");
    assert_refused_bytes("{\"body\":\"ab\"}\0x", 15, "NUL");
}

/* What json-c would let pass. */
static void test_almost_json(void **state) {
    (void)state;
    assert_refused("{'body':\"x\"}", "double quotes");
    assert_refused("{\"body\":'x'}", "is not JSON");
    assert_refused("{\"body\":\"x\",\"n\":NaN}", "a JSON value expected");
    assert_refused("{\"body\":\"x\",\"n\":[-Infinity]}", "a digit expected");
    assert_refused("{\"body\":\"x\",\"n\":1.}", "a digit expected");
    assert_refused("{\"body\":\"x\",\"n\":1.5e+}", "is not JSON");
    assert_refused("{\"body\":\"x\",\"n\":{'a':1}}", "is not JSON");
    assert_refused("{\"body\\u0000x\":\"x\"}", "holds U+0000");
}

static void test_nesting(void **state) {
    (void)state;
    char line[100000];
    size_t depth = 40000, size = 0;
    size += (size_t)sprintf(line, "{\"body\":\"x\",\"n\":");
    memset(line + size, '[', depth);
    memset(line + size + depth, ']', depth);
    memcpy(line + size + 2 * depth, "}", 2);
    assert_refused(line, "nested too deep");
    size =
        (size_t)sprintf(line, "{\"body\":\"x\",\"n\":[[[[[[[[[[[[[[[[[[[[{}]]]]]]]]]]]]]]]]]]]]}");
    read_lines(line);
    assert_counts(&reading, 1, 0);
}

static void test_ill_formed_utf8_is_repaired_first(void **state) {
    (void)state;
    read_lines(
        "{\"body\":\"壞\xFF了\",\"k\xE4\":\"\xC0\"}\n{\"body\":\"好\"}\n{\"body\":\"\x80\"}");
    assert_counts(&reading, 3, 0);
    assert_string_equal(reading.documents[0].body, "壞\uFFFD了");
    assert_string_equal(reading.documents[0].extra, "{\"k\uFFFD\":\"\uFFFD\"}");
    assert_int_equal(reading.progress.invalid_bytes, 4);
    assert_int_equal(reading.progress.repaired_documents, 2);
    /* Nothing that a broken sequence swallows closes a string. */
    assert_refused("{\"body\":\"x\xE4\xB8\"", "ends in the middle");
}

static void test_json_of_several_lines(void **state) {
    (void)state;
    static const char array[] = "[\n{\"body\":\"x\"},\n{\"body\":\"y\"}\n]\n";
    const char *path = reading_of_data(&reading, "a.json", array, sizeof array - 1);
    assert_counts(&reading, 0, 1);
    assert_holds(reading.sentences[0], path);
    assert_holds(reading.sentences[0], "is a JSON array, not JSON Lines");
    reading_of_data(&reading, "a.json", "{\n  \"body\": \"x\"\n}\n",
                    strlen("{\n  \"body\": \"x\"\n}\n"));
    assert_counts(&reading, 0, 1);
    assert_holds(reading.sentences[0], "over several lines");
}

static void test_files_without_documents(void **state) {
    (void)state;
    read_lines("");
    assert_counts(&reading, 0, 1);
    assert_holds(reading.sentences[0], "is empty");
    read_lines("\xEF\xBB\xBF\n\r\n");
    assert_counts(&reading, 0, 1);
    assert_holds(reading.sentences[0], "is empty");
    reading_of_data(&reading, "a.json",
                    "\x7F"
                    "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0>\0\1\0\0\0\xC0\x8D",
                    26);
    assert_counts(&reading, 0, 1);
    assert_holds(reading.sentences[0], "not text");
}

/* A line over the limit (a hole in the file) is passed over; the ones before and behind it are
 * read. */
static void test_long_line(void **state) {
    (void)state;
    char first[16384];
    memset(first, 'x', sizeof first);
    memcpy(first, "{\"body\":\"", 9);
    memcpy(first + sizeof first - 3, "\"}\n", 3);
    const char *path = runner_write("long.jsonl", first, sizeof first);
    off_t behind = (off_t)sizeof first + XUNZI_MAX_DOCUMENT_BYTES + (1 << 20) + 1;
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseeko(file, behind, SEEK_SET), 0);
    assert_true(fputs("\n{\"body\":\"後\"}\n{\"id\":", file) >= 0);
    assert_int_equal(fclose(file), 0);
    reading_of_path(&reading, XUNZI_FORMAT_AUTO, path);
    assert_counts(&reading, 2, 2);
    assert_holds(reading.sentences[0], ", line 2: is over the limit of");
    assert_string_equal(reading.documents[1].body, "後");
    assert_int_equal(reading.documents[1].line, 3);
    assert_holds(reading.sentences[1], ", line 4: ");
}

static void test_long_members(void **state) {
    (void)state;
    size_t size = 3u << 20;
    char *data = malloc(size + 64), id[10241];
    assert_non_null(data);
    memset(id, 'i', sizeof id - 1);
    id[sizeof id - 1] = '\0';
    memset(data, 'b', size);
    memcpy(data, "{\"body\":\"", 9);
    data[size] = '\0';
    strcat(data + size - 1, "\"}\n{\"body\":\"x\",\"id\":\"");
    data = realloc(data, size + 64 + sizeof id);
    assert_non_null(data);
    strcat(data + size - 1, id);
    strcat(data + size - 1, "\"}\n");
    read_lines(data);
    free(data);
    assert_counts(&reading, 2, 0);
    assert_int_equal(reading.documents[0].body_size, size - 9);
    assert_string_equal(reading.documents[1].id, id);
}

static int free_reading(void **state) {
    (void)state;
    reading_free(&reading);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_members, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_blank_lines_and_line_ends, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_nulls_and_repeated_members, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_escapes, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_unknown_members_are_kept_as_spelled, begin_folder,
                                        end_folder),
        cmocka_unit_test_setup_teardown(test_wrong_types, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_broken_json, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_almost_json, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_nesting, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_ill_formed_utf8_is_repaired_first, begin_folder,
                                        end_folder),
        cmocka_unit_test_setup_teardown(test_json_of_several_lines, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_files_without_documents, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_long_line, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_long_members, begin_folder, end_folder),
    };
    return cmocka_run_group_tests(tests, NULL, free_reading);
}
