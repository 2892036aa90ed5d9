/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Repair, and the edits that it gives: readings stuck in behind characters, bytes lost in GBK, clean text, hostile text. Damaged
 * text is made from the corpus's Traditional articles by doing to their bytes what happened to such pages.
 */
#include "text/repair.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "damage.h"

enum { PHRASE = 4, EVERY = 67 };

/* Of a hundred phrases so many are found at least. */
enum { LEAST_WITH = 55, LEAST_WITHOUT = 88, LEAST_WITH_READINGS = 58, LEAST_WITHOUT_READINGS = 86 };

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
    static const char *const texts[] = {"上海(Shanghai)的醫院", "約翰(John)說", "甲(a)乙(b)", "電腦斷層(CT)檢查",
                                        "合作(見附件)", "療程(3)", "醫(ma)療"};
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
    static const char *const texts[] = {"這樣的合作能走多遠？??大家都在問。", "推行新模式??化解山區看病難題", "真的嗎??",
                                        "什麼是醫聯體？怎麼加入？", "他問：為什麼？她答：不知道。", "????", "?"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct edits edits = {0};
        assert_int_equal(repair_find(repairer, texts[i], strlen(texts[i]), &edits), XUNZI_OK);
        if (edits.count != 0)
            fail_msg("\"%s\" is taken for damaged", texts[i]);
        edits_free(&edits);
    }
}

/* Calls visit for each line of each of the corpus's articles, of one script or of both. */
static size_t visit_lines(bool traditional_only, void (*visit)(const char *line, size_t size)) {
    static const char folder[] = XUNZI_SOURCE_DIR "/corpus/articles";
    struct dirent **names;
    int count = scandir(folder, &names, NULL, alphasort);
    size_t articles = 0;
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        char path[4096], line[8192];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        FILE *file = strstr(names[i]->d_name, ".txt") ? fopen(path, "r") : NULL;
        free(names[i]);
        if (!file)
            continue;
        bool traditional = true;
        for (int number = 0; traditional && fgets(line, sizeof line, file); number++) {
            if (number == 1)
                traditional = !traditional_only || strstr(line, "來源") != NULL;
            else if (number > 1)
                visit(line, strcspn(line, "\n"));
        }
        articles += traditional;
        fclose(file);
    }
    free(names);
    return articles;
}

static size_t clean_lines, changed_lines;

static void visit_clean(const char *line, size_t size) {
    struct edits edits = {0};
    assert_int_equal(repair_find(repairer, line, size, &edits), XUNZI_OK);
    clean_lines++;
    for (size_t i = 0; i < edits.count; i++)
        if (edits.items[i].kind == EDIT_MEND)
            changed_lines++;
    edits_free(&edits);
}

static void test_clean_text_is_left_alone(void **state) {
    (void)state;
    assert_int_equal(visit_lines(false, visit_clean), 80);
    assert_true(clean_lines > 300);
    assert_int_equal(changed_lines, 0);
}

static struct {
    size_t with, with_found, without, without_found;
} figures;
static struct damage_options options;

/* Loses the lead byte of one character after the other, and looks the phrases up that lie in the stretch. */
static void visit_damaged(const char *line, size_t size) {
    static size_t turn;
    struct damage_text text = {0}, seen = {0};
    struct damaged damaged = {0};
    struct edits edits = {0};
    damage_text_read(&text, line, size);
    for (size_t lost = 0; lost < text.count; lost++) {
        if (!damage_possible(text.characters[lost], options.charset) || damage_fold(text.characters[lost]) == 0 ||
            turn++ % EVERY != 0)
            continue;
        damage_make(&text, lost, &options, &damaged);
        assert_int_equal(repair_find(repairer, damaged.page.data, damaged.page.size, &edits), XUNZI_OK);
        damage_see(&damaged.page, &edits, &seen);
        size_t begin = lost < PHRASE - 1 ? 0 : lost - (PHRASE - 1);
        for (size_t at = begin; at < lost + damaged.shifted && at + PHRASE <= text.count; at++) {
            uint32_t folded[PHRASE];
            bool is_phrase = true;
            for (size_t i = 0; i < PHRASE; i++) {
                folded[i] = damage_fold(text.characters[at + i]);
                is_phrase = is_phrase && folded[i] != 0;
            }
            if (!is_phrase)
                continue;
            bool with = at <= lost && lost < at + PHRASE;
            *(with ? &figures.with : &figures.without) += 1;
            *(with ? &figures.with_found : &figures.without_found) += damage_found(&seen, folded, PHRASE);
        }
    }
    damage_text_free(&text);
    damage_text_free(&seen);
    buffer_free(&damaged.page);
    edits_free(&edits);
}

/* least: in a hundred. What was measured stands a little above. */
static void check_damage(struct damage_options damage, unsigned least_with, unsigned least_without) {
    memset(&figures, 0, sizeof figures);
    options = damage;
    assert_int_equal(visit_lines(true, visit_damaged), 40);
    print_message("phrases with the character that lost its byte: %zu of %zu; others: %zu of %zu\n", figures.with_found,
                  figures.with, figures.without_found, figures.without);
    assert_true(figures.with > 300 && figures.without > 80);
    assert_true(figures.with_found * 100 >= figures.with * least_with);
    assert_true(figures.without_found * 100 >= figures.without * least_without);
}

static void test_gbk(void **state) {
    (void)state;
    check_damage((struct damage_options){.by_run = true}, LEAST_WITH, LEAST_WITHOUT);
}

static void test_gbk_with_readings(void **state) {
    (void)state;
    check_damage((struct damage_options){.by_run = true, .annotate = true}, LEAST_WITH_READINGS, LEAST_WITHOUT_READINGS);
}

static void test_edits_as_bytes(void **state) {
    (void)state;
    static const char text[] = "甲乙丙丁戊己庚辛";
    struct edits edits = {0}, read = {0};
    struct buffer bytes = {0};
    const struct edit items[] = {
        {.kind = EDIT_SKIP, .begin = 3, .end = 6, .reason = EDIT_REASON_ANNOTATION},
        {.kind = EDIT_MEND, .begin = 6, .end = 12, .replacement = {"專科", 6}, .reason = EDIT_REASON_LOST_BYTE},
        {.kind = EDIT_ASIDE, .begin = 15, .end = 24, .reason = EDIT_REASON_SPAM}};
    for (size_t i = 0; i < 3; i++)
        assert_true(edits_append(&edits, &items[i]));
    assert_int_equal(edits_find(&edits, 0), 0);
    assert_int_equal(edits_find(&edits, 6), 1);
    assert_int_equal(edits_find(&edits, 24), 3);
    assert_true(edits_encode(&edits, &bytes));
    assert_int_equal(edits_decode(bytes.data, bytes.size, sizeof text - 1, &read), XUNZI_OK);
    assert_int_equal(read.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(read.items[i].kind, items[i].kind);
        assert_int_equal(read.items[i].begin, items[i].begin);
        assert_int_equal(read.items[i].end, items[i].end);
        assert_int_equal(read.items[i].replacement.size, items[i].replacement.size);
    }
    /* Cut anywhere it is refused; with a byte changed it is refused, or a list that stays within the text. */
    for (size_t size = 0; size < bytes.size; size++)
        assert_int_equal(edits_decode(bytes.data, size, sizeof text - 1, &read), XUNZI_ERROR_CORRUPT);
    for (size_t at = 0; at < bytes.size; at++)
        for (int bit = 0; bit < 8; bit++) {
            bytes.data[at] = (char)(bytes.data[at] ^ 1 << bit);
            if (edits_decode(bytes.data, bytes.size, sizeof text - 1, &read) == XUNZI_OK)
                for (size_t i = 0; i < read.count; i++)
                    assert_true(read.items[i].begin < read.items[i].end && read.items[i].end < sizeof text);
            bytes.data[at] = (char)(bytes.data[at] ^ 1 << bit);
        }
    buffer_free(&bytes);
    edits_free(&edits);
    edits_free(&read);
}

/* Long runs of what repair looks at end soon, and say nothing. */
static void test_hostile_text(void **state) {
    (void)state;
    static const char *const pieces[] = {"?", "？", "(", ")", "\xEF\xBF\xBD", "專?", "??坡", "(yī", "yī)", "醫(yī)", "\xFF", "坡?lián)"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct buffer text = {0};
        struct edits edits = {0};
        while (text.size < 300000)
            assert_true(buffer_append_text(&text, pieces[i]));
        assert_int_equal(repair_find(repairer, text.data, text.size, &edits), XUNZI_OK);
        for (size_t e = 0; e < edits.count; e++)
            assert_true(edits.items[e].end <= text.size && (e == 0 || edits.items[e].begin >= edits.items[e - 1].end));
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
        cmocka_unit_test(test_clean_text_is_left_alone),
        cmocka_unit_test(test_gbk),
        cmocka_unit_test(test_gbk_with_readings),
        cmocka_unit_test(test_edits_as_bytes),
        cmocka_unit_test(test_hostile_text),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
