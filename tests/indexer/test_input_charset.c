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
        cmocka_unit_test_setup_teardown(test_json_lines_in_damaged_utf16, begin_folder, end_folder),
    };
    return cmocka_run_group_tests(tests, NULL, free_reading);
}
