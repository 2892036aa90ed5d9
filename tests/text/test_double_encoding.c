/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Undoing a wrong reading of UTF-8. Damaged texts are made here, from sound ones, by ICU. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unicode/ucnv.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "text/double_encoding.h"

static struct edits edits;
static struct buffer damaged, mended;

static int free_all(void **state) {
    (void)state;
    edits_free(&edits);
    buffer_free(&damaged);
    buffer_free(&mended);
    return 0;
}

/* Reads the bytes of text, UTF-8, as another charset. */
static void damage(const char *text, const char *charset) {
    UErrorCode code = U_ZERO_ERROR;
    buffer_clear(&damaged);
    assert_true(buffer_reserve(&damaged, strlen(text) * 4 + 1));
    int32_t size = ucnv_convert("UTF-8", charset, damaged.data, (int32_t)damaged.capacity, text,
                                (int32_t)strlen(text), &code);
    assert_true(U_SUCCESS(code));
    damaged.size = (size_t)size;
}

/* Finds the edits of text and applies them; checks that they are in order, and mends, each of the
 * reason it has. */
static const char *mend(const char *text, size_t size) {
    assert_true(double_encoding_find(text, size, &edits));
    buffer_clear(&mended);
    size_t at = 0;
    for (size_t i = 0; i < edits.count; i++) {
        const struct edit *edit = &edits.items[i];
        assert_int_equal(edit->kind, EDIT_MEND);
        assert_int_equal(edit->reason, EDIT_REASON_DOUBLE_ENCODING);
        assert_true(edit->begin >= at && edit->begin < edit->end && edit->end <= size);
        assert_true(buffer_append(&mended, text + at, edit->begin - at));
        assert_true(buffer_append(&mended, edit->replacement.data, edit->replacement.size));
        at = edit->end;
    }
    assert_true(buffer_append(&mended, text + at, size - at) && buffer_terminate(&mended));
    assert_int_equal(utf8_valid_prefix(mended.data, mended.size), mended.size);
    return mended.data;
}

static void assert_mended(const char *text, const char *charset, const char *wanted) {
    damage(text, charset);
    assert_string_equal(mend(damaged.data, damaged.size), wanted);
}

static void assert_untouched(const char *text) {
    mend(text, strlen(text));
    if (edits.count > 0)
        fail_msg("\"%s\" is mended to \"%s\"", text, mended.data);
}

/* What a converter from GBK shows where it has no character. */
struct loss {
    const char *mark;
    bool pair; /* a pair counts as lost, not its first byte alone */
};

static const struct loss losses[] = {{"", true},  {"?", true},  {"\uFFFD", true},
                                     {"", false}, {"?", false}, {"\uFFFD", false}};
enum { LOSSES = sizeof losses / sizeof *losses };

/* The character that ICU's GBK has for a pair; 0: none, or one for private use. */
static uint32_t character_of(UConverter *gbk, const char *pair) {
    UErrorCode code = U_ZERO_ERROR;
    UChar units[2];
    int32_t count = ucnv_toUChars(gbk, units, 2, pair, 2, &code);
    bool private = units[0] >= 0xE000 && units[0] < 0xF900;
    return U_SUCCESS(code) && count == 1 && !private && units[0] != UTF8_REPLACEMENT ? units[0] : 0;
}

/* Reads the bytes of text as GBK. */
static void damage_gbk(const char *text, const struct loss *loss) {
    UErrorCode code = U_ZERO_ERROR;
    UConverter *gbk = ucnv_open("GBK", &code);
    ucnv_setToUCallBack(gbk, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
    assert_true(U_SUCCESS(code));
    buffer_clear(&damaged);
    size_t size = strlen(text);
    for (size_t at = 0; at < size;) {
        bool pair =
            at + 1 < size && (unsigned char)text[at] > 0x80 && (unsigned char)text[at + 1] >= 0x40;
        uint32_t c = (unsigned char)text[at] < 0x80 ? (unsigned char)text[at]
                     : pair                         ? character_of(gbk, text + at)
                                                    : 0;
        char bytes[4];
        if (c != 0)
            assert_true(buffer_append(&damaged, bytes, utf8_encode(c, bytes)));
        else
            assert_true(buffer_append_text(&damaged, loss->mark));
        at += pair && (c != 0 || loss->pair) ? 2 : 1;
    }
    ucnv_close(gbk);
}

static const char *const latin[] = {"ISO-8859-1", "windows-1252"};

static void test_latin(void **state) {
    (void)state;
    static const char *const texts[] = {"中文", "專科聯盟\n遠程會診（第2次），𠮷屋。", "A 中文 B",
                                        "居里·夫人 and Marie Curie née Skłodowska"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (size_t j = 0; j < 2; j++)
            assert_mended(texts[i], latin[j], texts[i]);
    assert_mended("中文", "ISO-8859-1", "中文");
    assert_int_equal(edits.count, 2);
}

static void test_latin_in_a_sound_page(void **state) {
    (void)state;
    static const char page[] = "首頁 > 新聞\nä¸­æ–‡ç½‘ç«™，正常的字。æ—¥ café ä¸­ 完";
    assert_string_equal(mend(page, strlen(page)), "首頁 > 新聞\n中文网站，正常的字。日 café 中 完");
}

/* U+00A0 became a space. */
static void test_latin_with_spaces(void **state) {
    (void)state;
    static const char text[] = "ä¸­æ–‡æ\u00A0¡åœ’ æ\u00A0‡", spaced[] = "ä¸­æ–‡æ ¡";
    assert_string_equal(mend(text, strlen(text)), "中文校園 标");
    assert_string_equal(mend(spaced, strlen(spaced)), "中文校");
}

static void test_latin_that_is_sound(void **state) {
    (void)state;
    assert_untouched("L'été à Paris — « où »… perché”’ é…» à €");
    assert_untouched("Ã¤ and Â· alone, without Chinese beside them");
    assert_untouched("ä¸­");
    assert_untouched("");
}

static void test_gbk(void **state) {
    (void)state;
    assert_mended("中文", "gb18030", "中文");
    assert_int_equal(edits.count, 1);
    assert_mended("中文网站", "gb18030", "中文网站");
    assert_int_equal(edits.count, 2);
    assert_mended("專科聯盟 ABC 遠程會診", "gb18030", "專科聯盟 ABC 遠程會診");
    /* The last byte of an odd number of characters has lost its partner. */
    assert_mended("中文字\n专科联盟", "gb18030", "中文\uFFFD\n专科联盟");
    /* A lone byte 80: the euro sign for some decoders, lost with others; but what was lost before
     * ASCII is not known, but that a character stood there. */
    assert_string_equal(mend("涓€浜屼笁", strlen("涓€浜屼笁")), "一二三");
    assert_string_equal(mend("涓?浜屼笁", strlen("涓?浜屼笁")), "一二三");
    assert_string_equal(mend("浜屼笁涓?\n", strlen("浜屼笁涓?\n")), "二三\uFFFD\n");
    assert_string_equal(mend("浜屻??浜屼笁", strlen("浜屻??浜屼笁")), "二　二三");
    /* Punctuation is told by its block. */
    assert_mended("發布時間：2021", "gb18030", "發布時間：2021");
    assert_mended("專科聯盟成立。\n", "gb18030", "專科聯盟成立。\n");
    assert_untouched("涓?");
}

/* The middle pair of 中文, AD E6, is no character of GBK. */
static void test_lost_pair(void **state) {
    (void)state;
    static const char *const texts[] = {"涓\uE15F枃", "涓枃", "涓?枃", "涓\uFFFD枃"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_string_equal(mend(texts[i], strlen(texts[i])), "中文");
        assert_int_equal(edits.count, 1);
    }
}

/* Sentences that lose pairs, in every way. */
static void test_lost_pairs(void **state) {
    (void)state;
    static const char *const texts[] = {
        "中国科学院发布了新的研究报告",
        "人民政府加强交通安全管理工作",
        "學校的科學教育中心成立二十週年",
        "這個城市的經濟和社會發展很快",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (size_t j = 0; j < LOSSES; j++) {
            damage_gbk(texts[i], &losses[j]);
            assert_string_equal(mend(damaged.data, damaged.size), texts[i]);
        }
}

/* Sound text does not become another one because bytes can be thought into it. */
static void test_lost_pairs_of_sound_text(void **state) {
    (void)state;
    assert_untouched("浩瀚的星空下，渚清沙白，完璧歸趙，涓涓細流。");
    assert_untouched("瀚海?渚村?璧山?涓流??瀛孙?");
    assert_untouched("王瀚、李璧、陈涓、赵渚和钱瀛是同学");
    assert_untouched("浜?");
    assert_untouched("璧\uFFFD文\uFFFD");
}

/* Behind damaged text sound text goes on, without a space. */
static void test_lost_pairs_before_sound_text(void **state) {
    (void)state;
    static const char text[] = "涓枃缃戠珯报道了这件事情", marked[] = "涓?枃缃戠珯，今天?明天？";
    assert_string_equal(mend(text, sizeof text - 1), "中文网站报道了这件事情");
    assert_string_equal(mend(marked, sizeof marked - 1), "中文网站，今天?明天？");
}

static void test_gbk_that_is_sound(void **state) {
    (void)state;
    assert_untouched("銀行鐘聲與鎮上的鍾錶鋪，關閉開啟，鈥");
    assert_untouched("浣锛銆鐨");
}

/* Nothing is found in the project's articles; all of it is, when they are damaged whole. */
static void test_articles(void **state) {
    (void)state;
    static char text[1 << 20];
    FILE *file = fopen(XUNZI_SOURCE_DIR "/corpus/news.jsonl", "rb");
    assert_non_null(file);
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = '\0';
    assert_true(size > 100000);
    assert_true(double_encoding_find(text, size, &edits));
    assert_int_equal(edits.count, 0);
    for (size_t j = 0; j < 2; j++)
        assert_mended(text, latin[j], text);
}

static bool is_han_phrase(const char *text) {
    for (size_t i = 0; i < 12; i += 3)
        if ((unsigned char)text[i] < 0xE4 || (unsigned char)text[i] > 0xE9)
            return false;
    return true;
}

/* The phrases of four Han characters in text, and how many of them are in `other`. */
static void count_phrases(const char *text, const char *other, size_t *count, size_t *found) {
    for (size_t at = 0, size = strlen(text); at + 12 <= size; utf8_next(text, size, &at)) {
        char phrase[13] = {0};
        memcpy(phrase, text + at, 12);
        if (!is_han_phrase(phrase))
            continue;
        ++*count;
        *found += strstr(other, phrase) != NULL;
    }
}

/* Of the articles, read by each such converter, most can be found again. */
static void test_articles_with_lost_pairs(void **state) {
    (void)state;
    static char line[1 << 20];
    size_t count[LOSSES] = {0}, found[LOSSES] = {0};
    FILE *file = fopen(XUNZI_SOURCE_DIR "/corpus/news.jsonl", "rb");
    assert_non_null(file);
    for (size_t i = 0; i < 20 && fgets(line, sizeof line, file); i++)
        for (size_t j = 0; j < LOSSES; j++) {
            damage_gbk(line, &losses[j]);
            count_phrases(line, mend(damaged.data, damaged.size), &count[j], &found[j]);
        }
    fclose(file);
    for (size_t j = 0; j < LOSSES; j++) {
        assert_true(count[j] > 5000);
        if (found[j] * 100 < count[j] * 85)
            fail_msg("with \"%s\", %s lost: %zu of %zu phrases", losses[j].mark,
                     losses[j].pair ? "pairs" : "bytes", found[j], count[j]);
    }
}

/* Long stretches that are nearly such text take no more than their time. */
static void test_long_doubtful_text(void **state) {
    (void)state;
    static const struct {
        const char *unit;
        size_t count;
    } cases[] = {{"浣鐨", 200000},  {"é…»", 200000},        {"涓", 200000},
                 {"ä¸", 200000},    {"锛", 200000},         {"涓枃a?", 200000},
                 {"涓枃", 20000},   {"涓撶鑱旂洘", 20000},  {"涓?", 20000},
                 {"涓枃ゟ", 20000}, {"涓\uFFFD?枃", 20000}, {"浜屼", 20000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer_clear(&damaged);
        for (size_t j = 0; j < cases[i].count; j++)
            assert_true(buffer_append_text(&damaged, cases[i].unit));
        mend(damaged.data, damaged.size);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_latin),
        cmocka_unit_test(test_latin_in_a_sound_page),
        cmocka_unit_test(test_latin_with_spaces),
        cmocka_unit_test(test_latin_that_is_sound),
        cmocka_unit_test(test_gbk),
        cmocka_unit_test(test_lost_pair),
        cmocka_unit_test(test_lost_pairs),
        cmocka_unit_test(test_lost_pairs_of_sound_text),
        cmocka_unit_test(test_lost_pairs_before_sound_text),
        cmocka_unit_test(test_gbk_that_is_sound),
        cmocka_unit_test(test_articles),
        cmocka_unit_test(test_articles_with_lost_pairs),
        cmocka_unit_test(test_long_doubtful_text),
    };
    return cmocka_run_group_tests(tests, NULL, free_all);
}
