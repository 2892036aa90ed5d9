/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files in every charset and wrapping, side by side in one folder, give the same documents. */
#include "input_reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unicode/ucnv.h>

static struct reading reading;

/* Puts UTF-8 into a charset; *out is to be freed. Returns its size. */
static size_t encode(const char *charset, const char *mark, const char *utf8, char **out) {
    UErrorCode code = U_ZERO_ERROR;
    size_t mark_size = strlen(mark), room = strlen(utf8) * 4 + mark_size;
    *out = malloc(room);
    assert_non_null(*out);
    memcpy(*out, mark, mark_size);
    int32_t size = ucnv_convert(charset, "UTF-8", *out + mark_size, (int32_t)(room - mark_size),
                                utf8, (int32_t)strlen(utf8), &code);
    assert_true(U_SUCCESS(code));
    return mark_size + (size_t)size;
}

static void write_encoded(const char *name, const char *charset, const char *mark,
                          const char *utf8) {
    char *bytes, *packed;
    size_t size = encode(charset, mark, utf8, &bytes);
    size_t name_size = strlen(name);
    if (name_size > 3 && strcmp(name + name_size - 3, ".gz") == 0) {
        size = gzip(bytes, size, &packed);
        free(bytes);
        bytes = packed;
    }
    runner_write(name, bytes, size);
    free(bytes);
}

static const char simplified[] = "卒中中心启动远程溶栓\n救护车上传数据，市里统一使用一张流程图。\n";
static const char traditional[] = "兩家醫院簽署專科聯盟協議\n遠程會診下月開通，市民不必遠行。\n";

static const struct {
    const char *name, *charset, *mark, *text;
} files[] = {{"f/a.txt", "UTF-8", "", traditional},
             {"f/b.txt", "UTF-8", "\xEF\xBB\xBF", traditional},
             {"f/c.txt.gz", "gb18030", "", simplified},
             {"f/d", "gb18030", "", traditional},
             {"f/e.txt", "Big5-HKSCS", "", traditional},
             {"f/g.log.gz", "UTF-16LE", "\xFF\xFE", traditional},
             {"f/h.txt", "UTF-16BE", "\xFE\xFF", simplified},
             {"f/i.txt", "UTF-16LE", "", simplified},
             {"f/j.txt.gz", "UTF-16BE", "", traditional}};
enum { FILES = sizeof files / sizeof *files };

static void test_a_folder_of_all(void **state) {
    (void)state;
    assert_int_equal(mkdir(runner_path("f"), 0777), 0);
    for (size_t i = 0; i < FILES; i++)
        write_encoded(files[i].name, files[i].charset, files[i].mark, files[i].text);
    write_encoded("f/k.html", "gb18030", "",
                  "<html><meta charset=gbk><title>標題</title><p>兩家醫院簽署專科聯盟協議</p>");
    write_encoded("f/l.jsonl", "UTF-8", "", "{\"id\":\"1\",\"body\":\"甲\"}\n");
    reading_of_path(&reading, XUNZI_FORMAT_AUTO, runner_path("f"));
    assert_counts(&reading, FILES + 2, 0);
    for (size_t i = 0; i < FILES; i++) {
        const char *line_end = strchr(files[i].text, '\n');
        assert_memory_equal(reading.documents[i].title, files[i].text,
                            (size_t)(line_end - files[i].text));
        assert_string_equal(reading.documents[i].body, line_end + 1);
        assert_string_equal(reading.documents[i].id, runner_path(files[i].name));
    }
    assert_string_equal(reading.documents[FILES].title, "標題");
    assert_string_equal(reading.documents[FILES].body, "兩家醫院簽署專科聯盟協議\n");
    assert_string_equal(reading.documents[FILES + 1].body, "甲");
    assert_int_equal(reading.progress.invalid_bytes, 0);
}

static void test_what_is_no_character_is_counted(void **state) {
    (void)state;
    char *bytes;
    size_t size = encode("Big5-HKSCS", "", traditional, &bytes);
    reading_of_data(&reading, "a.txt", bytes, size - 3); /* inside 行 */
    assert_counts(&reading, 1, 0);
    assert_holds(reading.documents[0].body, "市民不必遠行");
    reading_of_data(&reading, "a.txt", bytes, size - 4); /* inside 。 */
    free(bytes);
    assert_holds(reading.documents[0].body, "市民不必遠\uFFFD");
    assert_int_equal(reading.progress.invalid_bytes, 1);
    assert_int_equal(reading.progress.repaired_documents, 1);
}

/* JSON Lines with a byte order mark of UTF-16; the lines go over what is read at a time. */
static void test_json_lines_in_utf16(void **state) {
    (void)state;
    enum { LINES = 3000 };
    char *lines = malloc(LINES * 400), *end = lines, *bytes;
    assert_non_null(lines);
    for (int i = 0; i < LINES; i++) {
        end += sprintf(end, "{\"id\":\"%d\",\"body\":\"", i);
        for (int j = 0; j < i % 40; j++)
            end = stpcpy(end, j % 3 ? "字" : "𠮷");
        end = stpcpy(end, "。\"}\r\n");
    }
    static const struct {
        const char *charset, *mark;
    } kinds[] = {{"UTF-16LE", "\xFF\xFE"}, {"UTF-16BE", "\xFE\xFF"}};
    for (size_t i = 0; i < 2; i++) {
        size_t size = encode(kinds[i].charset, kinds[i].mark, lines, &bytes);
        assert_true(size > 256 * 1024);
        reading_of_data(&reading, "a.jsonl", bytes, size);
        assert_counts(&reading, LINES, 0);
        assert_string_equal(reading.documents[5].body, "𠮷字字𠮷字。");
        for (size_t j = 0; j < LINES; j++)
            assert_int_equal(reading.documents[j].line, j + 1);
        assert_int_equal(reading.documents[LINES - 1].body_size,
                         (LINES - 1) % 40 * 3 + (LINES - 1) % 40 / 3 + 3);
        reading_of_data(&reading, "a.jsonl", bytes, 2);
        assert_counts(&reading, 0, 1);
        assert_holds(reading.sentences[0], "is empty");
        free(bytes);
    }
    free(lines);
}

/* JSON Lines in what a database of old gives. A character's second byte may be a backslash or a
 * brace there. */
static void test_json_lines_in_other_charsets(void **state) {
    (void)state;
    enum { LINES = 2000 };
    static const char *const charsets[] = {"gb18030", "Big5-HKSCS"};
    static const char utf8_line[] = "{\"id\":\"utf\",\"body\":\"這一行是後來併入的。\"}\n";
    char *lines = malloc(LINES * 200), *end = lines, *bytes;
    assert_non_null(lines);
    for (int i = 0; i < LINES; i++)
        end += sprintf(end,
                       "{\"id\":\"%d\",\"title\":\"兩家醫院\",\"body\":\"成功許蓋功簽署專科聯盟協議"
                       "%s\"}\n",
                       i, i % 2 ? "，遠程會診下月開通。" : "");
    for (size_t i = 0; i < 2; i++) {
        size_t size = encode(charsets[i], "", lines, &bytes);
        reading_of_data(&reading, "a.jsonl", bytes, size);
        assert_counts(&reading, LINES, 0);
        assert_int_equal(reading.progress.invalid_bytes, 0);
        for (size_t j = 0; j < LINES; j++) {
            assert_string_equal(reading.documents[j].title, "兩家醫院");
            assert_string_equal(reading.documents[j].body,
                                j % 2 ? "成功許蓋功簽署專科聯盟協議，遠程會診下月開通。"
                                      : "成功許蓋功簽署專科聯盟協議");
            assert_int_equal(reading.documents[j].line, j + 1);
        }
        char *joined = malloc(size + sizeof utf8_line + 16);
        assert_non_null(joined);
        memcpy(joined, bytes, size);
        memcpy(joined + size, utf8_line, sizeof utf8_line - 1);
        memcpy(joined + size + sizeof utf8_line - 1, "{\"body\":\"\xFF\"}\n", 13);
        reading_of_data(&reading, "a.jsonl", joined, size + sizeof utf8_line - 1 + 13);
        free(joined);
        free(bytes);
        assert_counts(&reading, LINES + 2, 0);
        assert_string_equal(reading.documents[LINES].body, "這一行是後來併入的。");
        assert_string_equal(reading.documents[LINES + 1].body, "\uFFFD");
        assert_int_equal(reading.progress.invalid_bytes, 1);
        assert_int_equal(reading.progress.repaired_documents, 1);
    }
    free(lines);
    size_t size = encode("gb18030", "\x84\x31\x95\x33", "{\"body\":\"遠程會診下月開通\"}", &bytes);
    reading_of_data(&reading, "a.jsonl", bytes, size);
    free(bytes);
    assert_counts(&reading, 1, 0);
    assert_string_equal(reading.documents[0].body, "遠程會診下月開通");
}

/* Single broken lines of UTF-8, be it the first one, make no other charset of the rest. */
static void test_broken_lines_stay_utf8(void **state) {
    (void)state;
    static const char *const broken[] = {"\xFF", "\x80", "\xE4\xB8", "\xC0\xAF",
                                         "\xD6\xD0\xB9\xFA"};
    static const char good[] = "{\"body\":\"遠程會診下月開通，市民不必遠行。\"}\n";
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        for (int before = 0; before < 4; before++) {
            char data[1024];
            int size =
                sprintf(data, "%s%s%s{\"body\":\"兩家%s醫院簽署\"}\n%s%s", before > 0 ? good : "",
                        before > 1 ? good : "", before > 2 ? good : "", broken[i], good, good);
            reading_of_data(&reading, "a.jsonl", data, (size_t)size);
            assert_counts(&reading, (size_t)before + 3, 0);
            assert_holds(reading.documents[before].body, "兩家\uFFFD");
            assert_holds(reading.documents[before].body, "醫院簽署");
            assert_string_equal(reading.documents[before + 2].body,
                                "遠程會診下月開通，市民不必遠行。");
            assert_int_equal(reading.progress.repaired_documents, 1);
        }
    }
}

/* A unit without its other half, and a cut. */
static void test_json_lines_in_damaged_utf16(void **state) {
    (void)state;
    char *bytes;
    size_t size = encode("UTF-16LE", "\xFF\xFE", "{\"body\":\"甲乙丙\"}", &bytes);
    bytes[2 + 10 * 2] = 0; /* 乙 becomes a high half */
    bytes[2 + 10 * 2 + 1] = (char)0xD8;
    reading_of_data(&reading, "a.jsonl", bytes, size);
    assert_counts(&reading, 1, 0);
    assert_string_equal(reading.documents[0].body, "甲\uFFFD丙");
    reading_of_data(&reading, "a.jsonl", bytes, size - 1);
    assert_counts(&reading, 0, 1);
    assert_holds(reading.sentences[0], "is not JSON");
    free(bytes);
}

static int free_reading(void **state) {
    (void)state;
    reading_free(&reading);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_folder_of_all, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_what_is_no_character_is_counted, begin_folder,
                                        end_folder),
        cmocka_unit_test_setup_teardown(test_json_lines_in_utf16, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_json_lines_in_other_charsets, begin_folder,
                                        end_folder),
        cmocka_unit_test_setup_teardown(test_broken_lines_stay_utf8, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_json_lines_in_damaged_utf16, begin_folder, end_folder),
    };
    return cmocka_run_group_tests(tests, NULL, free_reading);
}
