/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which parentheses hold a reading: through repair, as a page goes through it. */
#include "tests/text/text_support.h"
#include "text/annotation.h"
#include "text/pinyin.h"
#include "text/repair.h"

static struct repairer *repairer;
static struct edits edits;

static int set_up(void **state) {
    (void)state;
    return repairer_new(&repairer) == XUNZI_OK ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    repairer_free(repairer);
    edits_free(&edits);
    return 0;
}

/* Asserts what text reads as. */
static void reads(const char *text, const char *as) {
    struct buffer read = {0};
    size_t size = strlen(text), at = 0;
    char *copy = exact_copy(text, size);
    assert_ok(repair_find(repairer, copy, size, &edits));
    for (size_t i = 0; i < edits.count; i++) {
        assert_int_equal(edits.items[i].kind, EDIT_SKIP);
        assert_true(buffer_append(&read, copy + at, edits.items[i].begin - at));
        at = edits.items[i].end;
    }
    assert_true(buffer_append(&read, copy + at, size - at));
    assert_text(xunzi_string_of(as), ((xunzi_string){read.data, read.size}));
    buffer_free(&read);
    free(copy);
}

static void stays(const char *text) {
    reads(text, text);
}

static void syllables_with_a_tone(void **state) {
    (void)state;
    reads("醫(yī)療(liáo)機構(gòu)", "醫療機構");
    reads("長(cháng)期、長(zhǎng)大", "長期、長大");
    reads("專（zhuān）家", "專家");
    reads("專(zhuān）家", "專家");
    reads("綠(lǜ)色、綠(lu\xCC\x88\xCC\x80)色", "綠色、綠色");
    reads("約(yue\xCC\x84)定", "約定");
    reads("東(DŌNG)西、東(Dōng)西", "東西、東西");
    reads("東( dōng )西", "東西");
    reads("掠(lüè)過", "掠過");
    reads("嗯(ń)", "嗯");
    reads("國(ɡuó)家", "國家");
    reads("醫(yī)(註)", "醫(註)");
}

static void syllables_without_a_tone(void **state) {
    (void)state;
    reads("我們(men)去", "我們去");
    reads("綠(lv)色和女(nv)工", "綠色和女工");
    reads("行(xing)行(hang)", "行行");
    reads("醫(YI)院", "醫院");
    stays("甲(a)");
    stays("乙(b)、丙(c)");
    stays("醫(men)院");
    stays("圖(fig)");
}

static void several_syllables(void **state) {
    (void)state;
    reads("醫療(yī liáo)機構", "醫療機構");
    reads("醫療(yīliáo)機構", "醫療機構");
    reads("西安(Xī'ān)城", "西安城");
    stays("上海(Shanghai)");
    stays("約翰(John)");
    stays("居里(Marie Curie)");
    stays("咖啡館(café)");
    stays("何塞(José)");
    stays("醫療(wénhuà)");
}

static void zhuyin(void **state) {
    (void)state;
    reads("學(ㄒㄩㄝˊ)校（ㄒㄧㄠˋ）", "學校");
    reads("一(ㄧ)個", "一個");
    stays("注音(ㄅㄆㄇㄈㄉ)");
}

static void halves(void **state) {
    (void)state;
    reads("醫yī)療", "醫療");
    reads("醫(yī療", "醫療");
    reads("醫(yī\n療", "醫\n療");
    reads("醫(yī", "醫");
    reads("聯?lián)盟", "聯?盟");
    stays("附表一)");
    stays("選項yi)");
    stays("醫(yi療");
    stays("名 yī) x");
}

static void what_no_character_stands_before(void **state) {
    (void)state;
    stays("(yī)");
    stays("a(yī)");
    stays("、(yī)療");
    stays("醫 (註)");
    stays("()醫()(療)）（");
}

static void bounds(void **state) {
    (void)state;
    stays("");
    stays("(");
    stays(")");
    stays("醫(");
    stays("\xEF\xBC");
    stays("醫\xEF\xBC\x88");
    stays("醫(y\xC4");
    stays("\x80(yī)");
    stays("醫(zhuangzhuangzhuangzhuangzhuang)");
    reads("𠮷(jí)", "𠮷");
}

static void readings_of_characters(void **state) {
    (void)state;
    unsigned yi = pinyin_syllable("yi", 2), hang = pinyin_syllable("hang", 4);
    assert_true(yi > 0 && hang > 0 && yi != hang);
    assert_true(pinyin_has_reading(0x91AB, yi) && !pinyin_has_reading(0x91AB, hang)); /* 醫 */
    assert_true(pinyin_has_reading(0x884C, hang) &&
                pinyin_has_reading(0x884C, pinyin_syllable("xing", 4))); /* 行 */
    assert_int_equal(pinyin_syllable("lue", 3), pinyin_syllable("lve", 3));
    assert_int_equal(pinyin_syllable("shanghai", 8), 0);
    assert_int_equal(pinyin_syllable("", 0), 0);
    size_t count;
    const uint16_t *characters = pinyin_characters_of(yi, &count);
    assert_true(count > 100);
    for (size_t i = 0; i < count; i++)
        assert_true(pinyin_has_reading(characters[i], yi));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(syllables_with_a_tone),
        cmocka_unit_test(syllables_without_a_tone),
        cmocka_unit_test(several_syllables),
        cmocka_unit_test(zhuyin),
        cmocka_unit_test(halves),
        cmocka_unit_test(what_no_character_stands_before),
        cmocka_unit_test(bounds),
        cmocka_unit_test(readings_of_characters),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
