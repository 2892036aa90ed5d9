/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text files: what becomes title and body, line ends, byte order marks, bytes that are not UTF-8,
 * and what is no text. */
#include "input_reading.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ucnv.h>
#include <unistd.h>

static struct reading reading;

/* Reads a text file of these bytes and asserts the title and the body of its one document. */
static void assert_text(const char *data, size_t size, const char *title, const char *body) {
    reading_of_data(&reading, "a.txt", data, size);
    assert_counts(&reading, 1, 0);
    assert_string_equal(reading.documents[0].title, title);
    assert_string_equal(reading.documents[0].body, body);
}

static void assert_plain_text(const char *data, const char *title, const char *body) {
    assert_text(data, strlen(data), title, body);
}

static void assert_skipped(const char *name, const char *data, size_t size, const char *why) {
    const char *path = reading_of_data(&reading, name, data, size);
    assert_counts(&reading, 0, 1);
    assert_holds(reading.sentences[0], path);
    assert_holds(reading.sentences[0], why);
}

static void test_title_and_body(void **state) {
    (void)state;
    assert_plain_text("題目\n第一段。\n第二段。\n", "題目", "第一段。\n第二段。\n");
    assert_plain_text("\n \n　題目 \n\n正文", "題目", "\n正文");
    assert_plain_text("只有一行", "", "只有一行");
    assert_plain_text("只有一行\n\n　\n", "", "只有一行\n\n　\n");
    assert_string_equal(reading.documents[0].id, runner_path("a.txt"));
    assert_string_equal(reading.documents[0].where, runner_path("a.txt"));
    assert_int_equal(reading.documents[0].line, 0);
    assert_string_equal(reading.documents[0].extra, "");
}

static void test_title_length(void **state) {
    (void)state;
    char text[201 * 3 + 16] = "";
    for (int i = 0; i < 200; i++)
        strcat(text, "長");
    char title[sizeof text];
    strcpy(title, text);
    strcat(text, "\n文");
    assert_plain_text(text, title, "文");
    strcpy(text, title);
    strcat(text, "長\n文");
    assert_plain_text(text, "", text);
}

static void test_line_ends(void **state) {
    (void)state;
    assert_plain_text("題\r\n一\r\n二\r\n", "題", "一\r\n二\r\n");
    assert_plain_text("題\r一\r二", "題", "一\r二");
    assert_plain_text("題\n\r\n一", "題", "\r\n一");
}

static void test_byte_order_marks(void **state) {
    (void)state;
    assert_plain_text("\xEF\xBB\xBF題\n文", "題", "文");
    assert_text("\xFF\xFE\x4C\x98\x0A\x00\x87\x65", 8, "題", "文");
    assert_text("\xFE\xFF\x98\x4C\x00\x0A\x65\x87", 8, "題", "文");
}

static void test_ill_formed_bytes_are_replaced_and_counted(void **state) {
    (void)state;
    assert_text("題\n壞\xFF\xE4\xB8了\xED\xA0\x80", 3 + 1 + 3 + 3 + 3 + 3, "題",
                "壞\uFFFD\uFFFD了\uFFFD\uFFFD\uFFFD");
    assert_int_equal(reading.progress.invalid_bytes, 5);
    assert_int_equal(reading.progress.repaired_documents, 1);
}

static void test_nuls(void **state) {
    (void)state;
    static const char few[] = "題目在這裡\n這是一段文字\0中間有一個零字節，其餘都是文字";
    reading_of_data(&reading, "a.txt", few, sizeof few - 1);
    assert_counts(&reading, 1, 0);
    assert_int_equal(reading.documents[0].body_size, sizeof few - 1 - strlen("題目在這裡\n"));

    /* A cut character at the end of what is looked at does not make a text with a NUL something
     * else. */
    char long_text[9000];
    for (size_t i = 0; i + 3 <= sizeof long_text; i += 3)
        memcpy(long_text + i, "文", 3);
    long_text[0] = long_text[1] = 'x';
    long_text[2] = '\0';
    reading_of_data(&reading, "a.txt", long_text, sizeof long_text);
    assert_counts(&reading, 1, 0);

    static const char image[] =
        "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\b\6\0\0\0\\r\xA8\x66";
    assert_skipped("a.png", image, sizeof image - 1, "not text");
    char zeros[4096] = "";
    assert_skipped("zeros", zeros, sizeof zeros, "not text");
}

static void test_empty(void **state) {
    (void)state;
    assert_skipped("a.txt", "", 0, "is empty");
    assert_skipped("a.txt", "\n \t　\r\n", 8, "is empty");
    assert_skipped("a.txt", "\xEF\xBB\xBF", 3, "is empty");
    assert_skipped("a.txt", "\xFF\xFE", 2, "is empty");
}

/* Writes text as UTF-8 that was read in charset and encoded once more; `mark` stands for what is no
 * character there. */
static void encode_twice(const char *text, const char *charset, const char *mark,
                         char out[static 4096]) {
    char converted[4096];
    UErrorCode code = U_ZERO_ERROR;
    int32_t size = ucnv_convert("UTF-8", charset, converted, sizeof converted, text,
                                (int32_t)strlen(text), &code);
    assert_true(U_SUCCESS(code) && size < (int32_t)sizeof converted);
    converted[size] = '\0';
    *out = '\0';
    for (char *at = converted, *next; at; at = next) {
        next = strstr(at, "\uFFFD");
        if (next) {
            *next = '\0';
            next += strlen("\uFFFD");
        }
        strcat(out, at);
        strcat(out, next ? mark : "");
    }
}

/* What the page states is read from what it was; what it holds stays. */
static void test_fields_of_a_page_encoded_twice(void **state) {
    (void)state;
    static const char page[] =
        "青石鎮圖書館夏季延長夜間開放\n"
        "發布時間：2021-05-28 09:30　來源：青石晚報　作者：林文清\n"
        "\n"
        "青石鎮圖書館昨天宣布，從下個月起，每逢週五和週六，閱覽室將開放到晚上十點。\n"
        "新的時間先試行半年，之後再根據到館人數決定是否延長，館方還會增加夜間的導讀活動。\n";
    static const struct {
        const char *charset, *mark, *author;
    } readings[] = {{"ISO-8859-1", "?", "林文清"},
                    {"windows-1252", "?", "林文清"},
                    {"gb18030", "\uFFFD", "林文"}, /* an odd byte at the end of a run is lost */
                    {"gb18030", "?", "林文"}};
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
        char twice[4096];
        encode_twice(page, readings[i].charset, readings[i].mark, twice);
        assert_plain_text(twice, "青石鎮圖書館夏季延長夜間開放", strchr(twice, '\n') + 1);
        assert_string_equal(reading.documents[0].date, "2021-05-28");
        assert_string_equal(reading.documents[0].source, "青石晚報");
        assert_holds(reading.documents[0].extra, readings[i].author);
    }
}

/* A title that is not the first line: then all of the page is the body. */
static void test_later_title_of_a_page_encoded_twice(void **state) {
    (void)state;
    static const char page[] =
        "首頁 > 新聞 > 地方\n"
        "青石鎮圖書館夏季延長夜間開放\n"
        "來源：青石晚報　2021-05-28\n"
        "青石鎮圖書館昨天宣布，從下個月起，每逢週五和週六，閱覽室將開放到晚上十點。\n"
        "新的時間先試行半年，之後再根據到館人數決定是否延長，館方還會增加夜間的導讀活動。\n";
    char twice[4096];
    encode_twice(page, "windows-1252", "?", twice);
    assert_plain_text(twice, "青石鎮圖書館夏季延長夜間開放", twice);
    assert_string_equal(reading.documents[0].source, "青石晚報");
}

static void test_size_limit(void **state) {
    (void)state;
    /* The file is a hole behind its first bytes: large, but it takes no room. */
    char head[16384];
    memset(head, 'x', sizeof head);
    const char *path = runner_write("large.txt", head, sizeof head);
    assert_int_equal(truncate(path, (off_t)XUNZI_MAX_DOCUMENT_BYTES + 1), 0);
    reading_of_path(&reading, XUNZI_FORMAT_TEXT, path);
    assert_counts(&reading, 0, 1);
    assert_holds(reading.sentences[0], "over the limit of");
    assert_true(reading.progress.bytes_read < 1 << 20);

    assert_int_equal(truncate(path, (off_t)XUNZI_MAX_DOCUMENT_BYTES), 0);
    reading_of_path(&reading, XUNZI_FORMAT_TEXT, path);
    assert_counts(&reading, 1, 0);
    assert_int_equal(reading.documents[0].body_size, XUNZI_MAX_DOCUMENT_BYTES);
}

static int free_reading(void **state) {
    (void)state;
    reading_free(&reading);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_title_and_body, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_title_length, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_line_ends, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_byte_order_marks, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_ill_formed_bytes_are_replaced_and_counted,
                                        begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_nuls, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_empty, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_fields_of_a_page_encoded_twice, begin_folder,
                                        end_folder),
        cmocka_unit_test_setup_teardown(test_later_title_of_a_page_encoded_twice, begin_folder,
                                        end_folder),
        cmocka_unit_test_setup_teardown(test_size_limit, begin_folder, end_folder),
    };
    return cmocka_run_group_tests(tests, NULL, free_reading);
}
