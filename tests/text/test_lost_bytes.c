/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Single stretches out of phase, and what must not be taken for one. The damage is made from sound
 * words, in all the ways that converters have. */
#include <stdio.h>

#include "base/utf8.h"
#include "tests/text/damage.h"
#include "tests/text/text_support.h"
#include "text/fold.h"
#include "text/lost_bytes.h"
#include "text/repair.h"

static struct lost_bytes *reader;
static struct repairer *repairer;
static struct edits edits;
static struct damaged damaged;
static struct damage_text text;
static struct damage_views seen;

static int set_up(void **state) {
    (void)state;
    return lost_bytes_new(&reader) == XUNZI_OK && repairer_new(&repairer) == XUNZI_OK ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    lost_bytes_free(reader);
    repairer_free(repairer);
    edits_free(&edits);
    buffer_free(&damaged.page);
    damage_text_free(&text);
    damage_views_free(&seen);
    return 0;
}

/* A reading that a search takes for another one would stand in the place of a third. */
static void assert_readings_differ(void) {
    for (size_t i = 0; i < edits.count; i++) {
        xunzi_string reading = edits.items[i].replacement;
        struct buffer keys[EDIT_OTHERS_MOST + 1] = {{0}};
        unsigned count = 0;
        do {
            assert_ok(fold_to_key(reading.data, reading.size, &keys[count]));
            for (unsigned j = 0; j < count; j++)
                assert_false(keys[j].size == keys[count].size &&
                             memcmp(keys[j].data, keys[count].data, keys[j].size) == 0);
        } while (edit_other(&edits.items[i], count++, &reading));
        for (unsigned j = 0; j < count; j++)
            buffer_free(&keys[j]);
    }
}

/* Asserts that `phrase` is found in the page, mended. */
static void finds(const char *page, size_t size, const char *phrase) {
    struct damage_text phrase_text = {0};
    struct buffer copy = {0};
    assert_true(buffer_append(&copy, page, size));
    assert_ok(repair_find(repairer, copy.data, copy.size, &edits));
    assert_readings_differ();
    damage_look(&copy, &edits, &seen);
    damage_text_read(&phrase_text, phrase, strlen(phrase));
    for (size_t i = 0; i < phrase_text.count; i++)
        phrase_text.characters[i] = damage_fold(phrase_text.characters[i]);
    bool found = damage_finds(&seen, phrase_text.characters, phrase_text.count);
    if (!found)
        fprintf(stderr, "%s is not found in %.*s\n", phrase, (int)size, page);
    assert_true(found);
    damage_text_free(&phrase_text);
    buffer_free(&copy);
}

/* Takes the lead byte of the first character of `word` in sentence; asserts that the page then is
 * `page` (unless NULL), and that `phrase` is found in it, mended. */
static void mends(const char *sentence, const char *word, const struct damage_options *options,
                  const char *page, const char *phrase) {
    size_t lost = 0;
    for (const char *at = sentence; at < strstr(sentence, word); at++)
        lost += ((unsigned char)*at & 0xC0) != 0x80;
    damage_text_read(&text, sentence, strlen(sentence));
    damage_text_narrow(&text);
    damage_make(&text, lost, options, &damaged);
    if (page)
        assert_text(xunzi_string_of(page), ((xunzi_string){damaged.page.data, damaged.page.size}));
    finds(damaged.page.data, damaged.page.size, phrase);
}

static void stays(const char *page) {
    assert_ok(lost_bytes_find(reader, page, strlen(page), &edits));
    if (edits.count > 0)
        fprintf(stderr, "%s: mended to %.*s\n", page, (int)edits.items[0].replacement.size,
                edits.items[0].replacement.data);
    assert_int_equal(edits.count, 0);
}

static void ascii_trails_end_a_stretch(void **state) {
    (void)state;
    static const struct damage_options gbk = {.by_run = true};
    mends("醫院加強了專科建設、人員培訓。", "專", &gbk, "醫院加強了??平ㄔO、人員培訓。",
          "專科建設");
    mends("這家醫院為了縣裏的病人,要提升專科診療能力。", "專", &gbk, NULL, "專科診療");
    mends("昨天學生參加了實驗。", "學", &gbk, "昨天?W生參加了實驗。", "學生參加");
    mends("工業園區的產線開放了。", "園", &gbk, "工業?@區的產線開放了。", "工業園區");
}

static void broken_pairs_end_a_stretch(void **state) {
    (void)state;
    static const struct damage_options gbk = {.by_run = true};
    mends("兩地成立了專科聯盟,共享資源。", "專", &gbk, NULL, "專科聯盟");
    mends("這個季度的營業收入增加了三成。", "營", &gbk, NULL, "業收入");
}

static void readings_tell(void **state) {
    (void)state;
    static const struct damage_options annotated = {.annotate = true, .by_run = true};
    mends("病人送到縣立醫院治療。", "醫", &annotated, NULL, "縣立醫院");
    mends("成立研究中心和科聯盟", "科", &annotated, NULL, "聯");
    mends("這個協議由雙方簽署。", "雙", &annotated, NULL, "雙");
}

static void converters_differ(void **state) {
    (void)state;
    static const char sentence[] = "推進市屬醫院專科中心化發展,建設健康城市。";
    for (int reading = DAMAGE_QUESTION_MARK; reading <= DAMAGE_PRIVATE; reading++) {
        struct damage_options options = {.reading = (enum damage_reading)reading};
        mends(sentence, "專", &options, NULL, "專科中心");
    }
}

static void big5(void **state) {
    (void)state;
    static const struct damage_options big5 = {.charset = DAMAGE_BIG5, .by_run = true};
    mends("中央研究院的語言研究所發表了研究報告。", "究院", &big5, NULL, "語言研究");
    mends("本公司董事會通過了財務報告。", "財", &big5, NULL, "財務報告");
}

static void without_a_mark(void **state) {
    (void)state;
    static const struct damage_options silent = {.without_mark = true, .by_run = true};
    mends("他們討論了國際經濟合作的問題,並作出決定。", "國", &silent, NULL, "經濟合作");
}

/* A3 BF, the end of one character and the beginning of the next, is the full-width question mark.
 */
static void only_a_wide_mark(void **state) {
    (void)state;
    static const struct {
        const char *page, *phrase;
    } pages[] = {{"兩地成立醫療？茖W校，加強合作。", "科學校"},
                 {"這是全國第一個？崎T診。", "科門診"},
                 {"全市推進？颇芰μ嵘?工作", "能力提升"},
                 {"兩地成立醫療？撇》浚?加強合作。", "科病房"}};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        finds(pages[i].page, strlen(pages[i].page), pages[i].phrase);
}

static void stray_bytes_are_nothing(void **state) {
    (void)state;
    static const char page[] = "兩地醫\xEF\xBF\xBD院的專家來到這裏參加會議";
    assert_ok(lost_bytes_find(reader, page, strlen(page), &edits));
    assert_int_equal(edits.count, 1);
    assert_int_equal(edits.items[0].replacement.size, 0);
    assert_int_equal(edits.items[0].begin, strlen("兩地醫"));
    assert_int_equal(edits.items[0].end, strlen("兩地醫") + 3);
}

/* Names that the model hardly knows stand beside questions, and are not even looked into. */
static void names_beside_questions(void **state) {
    (void)state;
    static const char *const pages[] = {
        "今天誰來主持？林翀曦馬上回答", "他問是誰？喬昱他們立刻跑來", "怎麼辦好呢？李婭娜和村民說",
        "他問：“別來無恙乎？”老人笑了", "誰來教你？祁禎老師就在這裏"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        size_t mark = (size_t)(strstr(pages[i], "？") - pages[i]);
        assert_false(lost_bytes_suspects(pages[i], strlen(pages[i]), mark));
        stays(pages[i]);
    }
}

static void questions_are_no_losses(void **state) {
    (void)state;
    stays("誰知道答案?我們都不知道。");
    stays("誰知道答案？我們都不知道。");
    stays("真的嗎??不會吧???");
    stays("見 http://news.example/?id=3 的說明");
    stays("你用過嗎?APP裏就有。");
    stays("什麼是X光?什麼又是Y染色體?");
    stays("?");
    stays("???");
    stays("中?");
    stays("?中");
    stays("推廣服務模式??破解老舊小區停車難題");
    stays("他說??今天的會議很重要??然後就離開了");
    stays("");
}

static void any_bytes_are_read(void **state) {
    (void)state;
    random_seed(11);
    for (int round = 0; round < 200; round++) {
        struct buffer page = {0};
        for (uint32_t i = 0, count = random_below(200); i < count; i++) {
            if (random_below(3) == 0)
                append_one_of(&page, "??？\xEF\xBF\xBD()W\\@、,\n");
            else if (random_below(20) == 0)
                assert_true(buffer_append_byte(&page, (char)random_below(256)));
            else
                append_code_point(&page, 0x4E00 + random_below(0x51A6));
        }
        char *copy = exact_copy(page.data ? page.data : "", page.size);
        assert_ok(lost_bytes_find(reader, copy, page.size, &edits));
        for (size_t i = 0; i < edits.count; i++) {
            const struct edit *edit = &edits.items[i];
            assert_true(edit->begin < edit->end && edit->end <= page.size);
            assert_true(i == 0 || edits.items[i - 1].end <= edit->begin);
            assert_int_equal(utf8_valid_prefix(edit->replacement.data, edit->replacement.size),
                             edit->replacement.size);
        }
        free(copy);
        buffer_free(&page);
    }
}

/* Whatever a page is made of, reading it takes a time in proportion to its size: these would take
 * hours else. */
static void hostile_pages_end(void **state) {
    (void)state;
    static const char *const pieces[] = {"?", "中?", "?lián)", "\xEF\xBF\xBD中",
                                         "(", "?W",  "??坡",   "？的"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct buffer page = {0};
        while (page.size < 300000)
            assert_true(buffer_append_text(&page, pieces[i]));
        assert_ok(lost_bytes_find(reader, page.data, page.size, &edits));
        buffer_free(&page);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ascii_trails_end_a_stretch),
        cmocka_unit_test(broken_pairs_end_a_stretch),
        cmocka_unit_test(readings_tell),
        cmocka_unit_test(converters_differ),
        cmocka_unit_test(big5),
        cmocka_unit_test(without_a_mark),
        cmocka_unit_test(only_a_wide_mark),
        cmocka_unit_test(stray_bytes_are_nothing),
        cmocka_unit_test(names_beside_questions),
        cmocka_unit_test(questions_are_no_losses),
        cmocka_unit_test(any_bytes_are_read),
        cmocka_unit_test(hostile_pages_end),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
