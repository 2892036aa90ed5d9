/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling charsets apart. The texts are cut from corpus/, put into each charset by ICU, and must
 * come back as they were. */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unicode/ucnv.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "text/charset.h"

static const char *const icu_names[CHARSET_KNOWN_COUNT] = {"UTF-8", "gb18030", "Big5-HKSCS",
                                                           "UTF-16LE", "UTF-16BE"};

static struct buffer articles; /* all of corpus/articles, UTF-8 */
static struct buffer text;
static struct charset_evidence evidence;

static int read_articles(void **state) {
    (void)state;
    glob_t found;
    assert_int_equal(glob(XUNZI_SOURCE_DIR "/corpus/articles/*.txt", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        FILE *file = fopen(found.gl_pathv[i], "rb");
        assert_non_null(file);
        assert_true(buffer_reserve(&articles, 1 << 20));
        articles.size += fread(articles.data + articles.size, 1, 1 << 20, file);
        fclose(file);
    }
    globfree(&found);
    return 0;
}

static int free_all(void **state) {
    (void)state;
    buffer_free(&articles);
    buffer_free(&text);
    return 0;
}

/* Puts UTF-8 into a charset. False: it has not all of the characters. */
static bool encode(enum charset charset, const char *utf8, size_t size, struct buffer *out) {
    UErrorCode code = U_ZERO_ERROR;
    UConverter *from = ucnv_open("UTF-8", &code), *to = ucnv_open(icu_names[charset], &code);
    ucnv_setFromUCallBack(to, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
    assert_true(U_SUCCESS(code));
    assert_true(buffer_reserve(out, size * 4));
    char *end = out->data + out->size;
    ucnv_convertEx(to, from, &end, out->data + out->capacity, &utf8, utf8 + size, NULL, NULL, NULL,
                   NULL, true, true, &code);
    bool ok = U_SUCCESS(code);
    if (ok)
        out->size = (size_t)(end - out->data);
    ucnv_close(from);
    ucnv_close(to);
    return ok;
}

static void assert_text(const char *wanted, size_t size) {
    if (text.size != size || memcmp(text.data, wanted, size) != 0)
        fail_msg("\"%.*s\" is not \"%.*s\"", (int)text.size, text.data, (int)size, wanted);
}

static void convert(const char *bytes, size_t size, const char *declared) {
    buffer_clear(&text);
    assert_true(charset_to_utf8(bytes, size, declared, &text, &evidence));
    assert_int_equal(utf8_valid_prefix(text.data, text.size), text.size);
    struct charset_evidence detected;
    assert_true(charset_detect(bytes, size, declared, &detected));
    assert_int_equal(detected.charset, evidence.charset);
    assert_int_equal(detected.reason, evidence.reason);
}

static void convert_text(const char *bytes, const char *declared) {
    convert(bytes, strlen(bytes), declared);
}

/* Converts UTF-8 put into a charset. */
static void convert_from(enum charset charset, const char *utf8, const char *declared) {
    struct buffer bytes = {0};
    assert_true(encode(charset, utf8, strlen(utf8), &bytes));
    convert(bytes.data, bytes.size, declared);
    buffer_free(&bytes);
}

/* The size of the first `characters` of text. */
static size_t size_of(const char *utf8, size_t size, size_t characters) {
    size_t at = 0;
    while (characters-- > 0 && at < size)
        utf8_next(utf8, size, &at);
    return at;
}

/* Texts of 20 to 200 characters, begun every few characters, in both scripts. */
static void test_short_texts(void **state) {
    (void)state;
    for (enum charset charset = 0; charset < CHARSET_KNOWN_COUNT; charset++) {
        size_t texts = 0, wrong = 0;
        struct buffer bytes = {0};
        for (size_t at = 0; at < articles.size && texts<1000; texts += bytes.size> 0) {
            size_t left = articles.size - at,
                   size = size_of(articles.data + at, left, 20 + texts * 7 % 181);
            buffer_clear(&bytes);
            if (encode(charset, articles.data + at, size, &bytes)) {
                convert(bytes.data, bytes.size, NULL);
                wrong += text.size != size || memcmp(text.data, articles.data + at, size) != 0;
            }
            at += size_of(articles.data + at, left, 11);
        }
        buffer_free(&bytes);
        assert_int_equal(texts, 1000);
        if (wrong > 5)
            fail_msg("%s: %zu of %zu texts are read wrong", charset_name(charset), wrong, texts);
    }
}

static void test_byte_order_marks(void **state) {
    (void)state;
    static const struct {
        enum charset charset;
        const char *mark;
        size_t size;
    } marks[] = {{CHARSET_UTF8, "\xEF\xBB\xBF", 3},
                 {CHARSET_UTF16LE, "\xFF\xFE", 2},
                 {CHARSET_UTF16BE, "\xFE\xFF", 2},
                 {CHARSET_GB18030, "\x84\x31\x95\x33", 4}};
    static const char *const texts[] = {"題", "a", "專科聯盟𠮷\n第二行"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        for (size_t j = 0; j < 3; j++) {
            struct buffer bytes = {0};
            assert_true(buffer_append(&bytes, marks[i].mark, marks[i].size));
            assert_true(encode(marks[i].charset, texts[j], strlen(texts[j]), &bytes));
            convert(bytes.data, bytes.size, "big5");
            assert_text(texts[j], strlen(texts[j]));
            assert_int_equal(evidence.charset, marks[i].charset);
            assert_int_equal(evidence.reason, CHARSET_REASON_MARK);
            buffer_free(&bytes);
        }
    }
}

static void test_ascii_and_nothing(void **state) {
    (void)state;
    convert_text("Bush hid the facts", NULL);
    assert_text("Bush hid the facts", 18);
    assert_int_equal(evidence.charset, CHARSET_UTF8);
    assert_int_equal(evidence.reason, CHARSET_REASON_ASCII);
    convert_text("this app can break", "utf-16");
    assert_int_equal(evidence.reason, CHARSET_REASON_ASCII);
    convert("", 0, NULL);
    assert_int_equal(evidence.charset, CHARSET_UTF8);
    assert_int_equal(text.size, 0);
}

static void test_declared(void **state) {
    (void)state;
    /* So short that only the declaration tells. */
    convert_from(CHARSET_BIG5, "時報", "big5");
    assert_text("時報", 6);
    assert_int_equal(evidence.reason, CHARSET_REASON_DECLARED);
    assert_string_equal(evidence.declared, "big5");
    convert_from(CHARSET_GB18030, "时报", "gb2312");
    assert_text("时报", 6);
    /* Long enough to know better. */
    static const char sentence[] = "兩家醫院簽署專科聯盟協議，遠程會診下月開通。";
    static const char *const wrong[] = {"utf-8", "gb2312", "iso-8859-1", "x-unheard-of",
                                        "shift_jis"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        convert_from(CHARSET_BIG5, sentence, wrong[i]);
        assert_text(sentence, sizeof sentence - 1);
        assert_int_equal(evidence.charset, CHARSET_BIG5);
        assert_int_equal(evidence.reason, CHARSET_REASON_STATISTICS);
        convert_text(sentence, wrong[i]);
        assert_text(sentence, sizeof sentence - 1);
        assert_int_equal(evidence.reason, CHARSET_REASON_WELL_FORMED);
    }
    /* Another charset that ICU knows. */
    convert_text("\x82\xB1\x82\xEA\x82\xCD\x93\xFA\x96\x7B\x8C\xEA\x82\xC5\x82\xB7\x81\x42",
                 "Shift_JIS");
    assert_text("これは日本語です。", strlen("これは日本語です。"));
    assert_int_equal(evidence.charset, CHARSET_DECLARED);
    convert_text("caf\xE9 cr\xE8me", "windows-1252");
    assert_text("café crème", strlen("café crème"));
}

static void test_names(void **state) {
    (void)state;
    bool known;
    assert_int_equal(charset_of_name("GB2312", &known), CHARSET_GB18030);
    assert_int_equal(charset_of_name("x-gbk", &known), CHARSET_GB18030);
    assert_int_equal(charset_of_name("Big5-HKSCS", &known), CHARSET_BIG5);
    assert_int_equal(charset_of_name("UTF8", &known), CHARSET_UTF8);
    assert_true(known);
    assert_int_equal(charset_of_name("euc-kr", &known), CHARSET_DECLARED);
    assert_true(known);
    charset_of_name("", &known);
    assert_false(known);
    charset_of_name("no such charset, which has a name that is longer than any", &known);
    assert_false(known);
}

/* Double-encoded text is UTF-8, with letters of two bytes only. */
static void test_letters_of_two_bytes(void **state) {
    (void)state;
    static const char letters[] = "Ã¤Â¸Â­Ã¦â€“â€¡Ã¥Â­â€”Ã§Â¬Â¦ÐÐÐÐÐ";
    convert_text(letters, NULL);
    assert_text(letters, sizeof letters - 1);
    assert_int_equal(evidence.reason, CHARSET_REASON_WELL_FORMED);
}

/* Files joined of parts in different charsets. */
static void test_changes_halfway(void **state) {
    (void)state;
    static const char first[] =
        "兩家醫院簽署專科聯盟協議，遠程會診下月開通。\n第二行也是這樣，沒有甚麼不同。\n";
    static const char second[] =
        "卒中中心启动远程溶栓，救护车上传数据。\n市里统一使用一张流程图。\n";
    for (enum charset one = 0; one < CHARSET_KNOWN_COUNT; one++) {
        for (enum charset other = 0; other < CHARSET_KNOWN_COUNT; other++) {
            struct buffer bytes = {0};
            if (one == other || !encode(one, first, sizeof first - 1, &bytes))
                continue;
            size_t place = bytes.size;
            if (encode(other, second, sizeof second - 1, &bytes)) {
                convert(bytes.data, bytes.size, NULL);
                struct buffer wanted = {0};
                assert_true(buffer_append_text(&wanted, first) &&
                            buffer_append_text(&wanted, second));
                assert_text(wanted.data, wanted.size);
                assert_int_equal(evidence.parts, 2);
                assert_int_equal(evidence.changes_at, place);
                buffer_free(&wanted);
            }
            buffer_free(&bytes);
        }
    }
}

static void test_cut_inside_a_character(void **state) {
    (void)state;
    static const char sentence[] = "兩家醫院簽署專科聯盟協議，遠程會診下月開通，市民";
    for (enum charset charset = 0; charset < CHARSET_KNOWN_COUNT; charset++) {
        struct buffer bytes = {0};
        assert_true(encode(charset, sentence, sizeof sentence - 1, &bytes));
        convert(bytes.data, bytes.size - 1, NULL);
        assert_int_equal(evidence.charset, charset);
        assert_int_equal(evidence.ill_formed, 1);
        assert_int_equal(text.size, sizeof sentence - 1);
        assert_memory_equal(text.data, sentence, sizeof sentence - 1 - 3);
        assert_memory_equal(text.data + text.size - 3, "\uFFFD", 3);
        buffer_free(&bytes);
    }
}

/* Damage in the middle is counted, and changes nothing around it. */
static void test_damage(void **state) {
    (void)state;
    struct buffer bytes = {0};
    assert_true(
        encode(CHARSET_GB18030, "签署专科联盟协议，", strlen("签署专科联盟协议，"), &bytes));
    assert_true(buffer_append_text(&bytes, "\xFF \x80 \x81("));
    assert_true(
        encode(CHARSET_GB18030, "远程会诊下月开通。", strlen("远程会诊下月开通。"), &bytes));
    convert(bytes.data, bytes.size, NULL);
    static const char wanted[] = "签署专科联盟协议，\uFFFD € \uFFFD(远程会诊下月开通。";
    assert_text(wanted, sizeof wanted - 1);
    assert_int_equal(evidence.ill_formed, 2);
    convert_text("專科\xE5\xB0聯盟\xFF協議", NULL);
    assert_text("專科\uFFFD聯盟\uFFFD協議", strlen("專科\uFFFD聯盟\uFFFD協議"));
    assert_int_equal(evidence.charset, CHARSET_UTF8);
    buffer_free(&bytes);
}

/* Bytes without meaning are UTF-8 with damage; whatever they are, what comes of them is
 * well-formed. */
static void test_noise(void **state) {
    (void)state;
    char bytes[4096];
    uint64_t random = 1;
    size_t unlikely = 0;
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            bytes[i] = (char)(random >> 56);
        }
        convert(bytes, sizeof bytes >> round % 12, round % 3 ? NULL : "gbk");
        unlikely += round % 12 == 0 && evidence.charset == CHARSET_UTF8;
    }
    assert_int_equal(unlikely, 17);
}

static void test_separators(void **state) {
    (void)state;
    size_t size = 2 << 20;
    char *bytes = malloc(size);
    assert_non_null(bytes);
    static const char *const separators[] = {"\n", "|\n", "\xA1\xAA", "\xA1\xAA\n\xB0\xA1\r\n"};
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
        for (size_t at = 0; at < size; at++)
            bytes[at] = separators[i][at % strlen(separators[i])];
        convert(bytes, size, NULL);
        assert_int_equal(evidence.parts, 1);
    }
    free(bytes);
}

static void assert_description(const char *wanted) {
    struct buffer out = {0};
    assert_true(charset_describe(&evidence, &out) && buffer_terminate(&out));
    if (!strstr(out.data, wanted))
        fail_msg("\"%s\" does not hold \"%s\"", out.data, wanted);
    buffer_free(&out);
}

static void test_descriptions(void **state) {
    (void)state;
    convert_text("abc", NULL);
    assert_description("UTF-8: ASCII only");
    convert_text("\xEF\xBB\xBF文", "big5");
    assert_description("UTF-8: a byte order mark; declared: big5");
    convert_text("專科聯盟", NULL);
    assert_description("UTF-8: well-formed");
    convert_from(CHARSET_BIG5, "兩家醫院簽署專科聯盟協議，遠程會診下月開通。", NULL);
    assert_description("Big5-HKSCS: the likeliest by its characters; cost of a character ");
    convert_from(CHARSET_GB18030, "签署专科联盟协议。", "gbk");
    assert_description("GB18030: declared, and likely by its characters");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_texts),
        cmocka_unit_test(test_byte_order_marks),
        cmocka_unit_test(test_ascii_and_nothing),
        cmocka_unit_test(test_declared),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_letters_of_two_bytes),
        cmocka_unit_test(test_changes_halfway),
        cmocka_unit_test(test_cut_inside_a_character),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_separators),
        cmocka_unit_test(test_descriptions),
    };
    return cmocka_run_group_tests(tests, read_articles, free_all);
}
