/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Repair by example: readings stuck in behind characters, bytes lost in GBK, what must stay,
 * hostile text. */
#include "text/repair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct repairer *repairer;

static int set_up(void **state) {
    (void)state;
    return repairer_new(&repairer) == XUNZI_OK ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    repairer_free(repairer);
    return 0;
}

/* text as repair reads it: skipped stretches left out, mended ones replaced. */
static char *repaired(const char *text, size_t size) {
    struct edits edits = {0};
    struct buffer out = {0};
    size_t at = 0;
    assert_int_equal(repair_find(repairer, text, size, &edits), XUNZI_OK);
    for (size_t i = 0; i < edits.count; i++) {
        const struct edit *edit = &edits.items[i];
        assert_true(edit->begin >= at && edit->begin < edit->end && edit->end <= size);
        assert_true(edit->kind == EDIT_SKIP || edit->kind == EDIT_MEND);
        assert_true(buffer_append(&out, text + at, edit->begin - at));
        if (edit->kind == EDIT_MEND)
            assert_true(buffer_append(&out, edit->replacement.data, edit->replacement.size));
        at = edit->end;
    }
    assert_true(buffer_append(&out, text + at, size - at) && buffer_terminate(&out));
    edits_free(&edits);
    return out.data;
}

static void assert_repaired(const char *text, const char *expected) {
    char *read = repaired(text, strlen(text));
    assert_string_equal(read, expected);
    free(read);
}

static void test_readings_are_skipped(void **state) {
    (void)state;
    assert_repaired("醫(yī)療聯(lián)盟", "醫療聯盟");
    assert_repaired("對(duì)接專(zhuān)家系統(tǒng)", "對接專家系統");
    assert_repaired("醫（yī）療", "醫療");
    assert_repaired("綠(lǜ)色通道", "綠色通道");
    assert_repaired("醫(yi)療", "醫療"); /* without a tone, but a reading of that character */
}

static void test_parentheses_that_are_no_readings_stay(void **state) {
    (void)state;
    static const char *const texts[] = {
        "上海(Shanghai)的醫院", "約翰(John)說", "甲(a)乙(b)", "電腦斷層(CT)檢查",
        "合作(見附件)",         "療程(3)",      "醫(ma)療"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_repaired(texts[i], texts[i]);
}

static void test_lost_bytes_are_mended(void **state) {
    (void)state;
    assert_repaired("雙方將建立??坡?lián)盟，", "雙方將建立專科聯盟，");
    assert_repaired("重點(diǎn)??平ㄔO(shè)、人才培養(yǎng)", "重點專科建設、人才培養");
}

/* What was lost here is punctuation, or nothing. */
static void test_questions_stay(void **state) {
    (void)state;
    static const char *const texts[] = {"這樣的合作能走多遠？??大家都在問。",
                                        "推行新模式??化解山區看病難題",
                                        "真的嗎??",
                                        "什麼是醫聯體？怎麼加入？",
                                        "他問：為什麼？她答：不知道。",
                                        "????",
                                        "?"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct edits edits = {0};
        assert_int_equal(repair_find(repairer, texts[i], strlen(texts[i]), &edits), XUNZI_OK);
        if (edits.count != 0)
            fail_msg("\"%s\" is taken for damaged", texts[i]);
        edits_free(&edits);
    }
}

/* Long runs of what repair looks at end soon, and say nothing. */
static void test_hostile_text(void **state) {
    (void)state;
    static const char *const pieces[] = {"?",    "？",      "(",   ")",   "\xEF\xBF\xBD",
                                         "專?",  "??坡",    "(yī", "yī)", "醫(yī)",
                                         "\xFF", "坡?lián)"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct buffer text = {0};
        struct edits edits = {0};
        while (text.size < 300000)
            assert_true(buffer_append_text(&text, pieces[i]));
        assert_int_equal(repair_find(repairer, text.data, text.size, &edits), XUNZI_OK);
        for (size_t e = 0; e < edits.count; e++)
            assert_true(edits.items[e].end <= text.size &&
                        (e == 0 || edits.items[e].begin >= edits.items[e - 1].end));
        buffer_free(&text);
        edits_free(&edits);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_readings_are_skipped),
        cmocka_unit_test(test_parentheses_that_are_no_readings_stay),
        cmocka_unit_test(test_lost_bytes_are_mended),
        cmocka_unit_test(test_questions_stay),
        cmocka_unit_test(test_hostile_text),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
