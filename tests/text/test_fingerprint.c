/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text/fingerprint against a slow reference, and on copies as pages have them. */
#include "text_support.h"

#include <math.h>
#include <stdio.h>

#include "base/utf8.h"
#include "text/character.h"
#include "text/fingerprint.h"

static struct fingerprint fingerprint_of_texts(xunzi_string title, xunzi_string body,
                                               const struct document_edits *edits) {
    const xunzi_document document = {.title = title, .body = body};
    struct fingerprint fingerprint;
    assert_ok(fingerprint_of(&document, edits, &fingerprint));
    return fingerprint;
}

static struct fingerprint fingerprint_of_body(const struct buffer *body) {
    return fingerprint_of_texts((xunzi_string){0}, (xunzi_string){body->data, body->size}, NULL);
}

static xunzi_string string_of(const struct buffer *text) {
    return (xunzi_string){text->data, text->size};
}

static bool are_alike(struct fingerprint a, struct fingerprint b) {
    return fingerprint_agreement(&a, &b) >= FINGERPRINT_ALIKE;
}

/* ---- made-up articles ---- */

/* A sentence of 12 to 35 characters that fold to themselves. */
static void append_sentence(struct buffer *text) {
    for (uint32_t count = 12 + random_below(24); count > 0; count--)
        append_one_of(text, "山水云木火土金人口手目足日月星田石竹米羊牛犬鱼鸟虫花草果瓜豆上下大小"
                            "中天地左右前后东西南北一二三四五六七八九十百千");
    append_code_point(text, 0x3002);
}

enum { SENTENCES = 24, ARTICLES = 120 };

struct article {
    struct buffer sentences[SENTENCES];
};

static void make_article(struct article *article) {
    *article = (struct article){0};
    for (size_t s = 0; s < SENTENCES; s++)
        append_sentence(&article->sentences[s]);
}

static void free_article(struct article *article) {
    for (size_t s = 0; s < SENTENCES; s++)
        buffer_free(&article->sentences[s]);
}

/* The article's sentences [first, behind), every `changed`th one another (0: none), with so many
 * sentences before and behind. */
static struct buffer page_of(const struct article *article, size_t first, size_t behind,
                             size_t changed, size_t before, size_t after) {
    struct buffer page = {0};
    for (; before > 0; before--)
        append_sentence(&page);
    for (size_t s = first; s < behind; s++)
        if (changed > 0 && s % changed == changed - 1)
            append_sentence(&page);
        else
            assert_true(
                buffer_append(&page, article->sentences[s].data, article->sentences[s].size));
    for (; after > 0; after--)
        append_sentence(&page);
    return page;
}

/* ---- the reference ---- */

/* The hash of the sequence that ends with character i, as the header and the format's description
 * have it: each of the last 13 characters, multiplied and moved. */
static uint64_t sequence_hash(const struct folded_text *folded, size_t i) {
    uint64_t sequence = 0;
    for (unsigned age = 0; age < 13 && age <= i; age++)
        sequence += (folded->characters[i - age].code_point * UINT64_C(0x9E3779B97F4A7C15))
                    << (5 * age);
    return (sequence ^ sequence >> 32) * UINT64_C(0xD6E8FEB86659FD93);
}

static bool is_counted(uint8_t class) {
    return class == CHARACTER_HAN || class == CHARACTER_KANA || class == CHARACTER_HANGUL ||
           class == CHARACTER_LETTER || class == CHARACTER_DIGIT || class == CHARACTER_MARK;
}

static struct fingerprint reference(const xunzi_string *texts, size_t count) {
    bool filled[128] = {false};
    uint32_t least[128];
    struct fingerprint fingerprint = {0};
    unsigned bins = 0;
    for (size_t t = 0; t < count; t++) {
        struct folded_text folded = {0};
        assert_true(fold_text(&folded, texts[t].data, texts[t].size));
        size_t kept = 0;
        for (size_t i = 0; i < folded.count; i++)
            if (is_counted(folded.characters[i].class))
                folded.characters[kept++] = folded.characters[i];
        folded.count = kept;
        for (size_t i = 0; i < folded.count; i++) {
            uint64_t hash = sequence_hash(&folded, i);
            size_t bin = hash >> 57;
            uint32_t value = (hash >> 25) & 0xFFFFFFFF;
            if (!filled[bin] || value < least[bin])
                least[bin] = value;
            bins += !filled[bin];
            filled[bin] = true;
        }
        folded_text_free(&folded);
    }
    for (unsigned bin = 0; bin < 128 && bins >= 64; bin++) {
        unsigned from = bin;
        while (!filled[from])
            from = (from + 1) % 128;
        if (least[from] >> (bin % 8) & 1)
            fingerprint.words[bin / 64] |= UINT64_C(1) << (bin % 64);
    }
    return fingerprint;
}

static void test_reference(void **state) {
    (void)state;
    size_t with = 0;
    random_seed(1);
    for (int round = 0; round < 400; round++) {
        struct buffer title = {0}, body = {0};
        random_text(&title, random_below(20));
        random_text(&body, random_below(round % 2 ? 120 : 600));
        const xunzi_string texts[] = {string_of(&title), string_of(&body)};
        struct fingerprint expected = reference(texts, 2),
                           made = fingerprint_of_texts(texts[0], texts[1], NULL);
        assert_memory_equal(&expected, &made, sizeof made);
        with += !fingerprint_is_none(&made);
        buffer_free(&title);
        buffer_free(&body);
    }
    assert_true(with > 100 && with < 300);
}

/* ---- copies ---- */

/* The same announcement in both scripts, wrapped and punctuated in two ways. */
static void test_scripts_and_pages(void **state) {
    (void)state;
    static const char traditional[] =
        "湖濱鎮衛生院昨日宣佈，自下月一日起開設夜間門診，每晚六時至十時由兩名醫師值班，接診發燒、"
        "咳嗽與外傷的病人。院長駱雲笙說，鎮上許多工人白天無法請假，病情往往拖到週末纔來就診。"
        "新設的門診附有檢驗室和藥房，報告半小時內可取。縣裡為此撥款購置一臺超聲波機器，"
        "並安排退休護士輪流協助。";
    static const char simplified[] =
        "湖滨镇卫生院昨日宣布:自下月一日起开设夜间门诊;每晚六时至十时由两名医师值班,\n接诊发烧/"
        "咳嗽与外伤的病人.院长骆云笙说:“镇上许多工人白天无法请假,病情往往拖到周末才来就诊。”\n\n"
        "新设的门诊附有检验室和药房——报告半小时内可取。 县里为此拨款购置一台超声波机器,"
        "并安排退休护士轮流协助";
    struct fingerprint a = fingerprint_of_texts(TEXT("夜間門診"), xunzi_string_of(traditional),
                                                NULL),
                       b = fingerprint_of_texts(TEXT("夜间门诊"), xunzi_string_of(simplified),
                                                NULL);
    assert_false(fingerprint_is_none(&a));
    assert_true(fingerprint_is_same(&a, &b));
    assert_int_equal(fingerprint_agreement(&a, &b), FINGERPRINT_BITS);
}

/* How many of ARTICLES agree with a page made of them. */
static size_t count_alike(size_t first, size_t behind, size_t changed, size_t before,
                          size_t after) {
    size_t alike = 0;
    random_seed(77);
    for (size_t i = 0; i < ARTICLES; i++) {
        struct article article;
        make_article(&article);
        struct buffer whole = page_of(&article, 0, SENTENCES, 0, 0, 0),
                      page = page_of(&article, first, behind, changed, before, after);
        alike += are_alike(fingerprint_of_body(&whole), fingerprint_of_body(&page));
        buffer_free(&whole);
        buffer_free(&page);
        free_article(&article);
    }
    return alike;
}

static void test_copies(void **state) {
    (void)state;
    assert_int_equal(count_alike(0, SENTENCES, 0, 0, 0), ARTICLES);
    assert_in_range(count_alike(0, SENTENCES, 0, 1, 0), ARTICLES * 97 / 100, ARTICLES); /* header */
    assert_in_range(count_alike(0, SENTENCES, 0, 0, 2), ARTICLES * 95 / 100, ARTICLES); /* footer */
    assert_in_range(count_alike(0, SENTENCES, SENTENCES, 0, 0), ARTICLES * 97 / 100, ARTICLES);
    assert_in_range(count_alike(0, SENTENCES - 2, 0, 0, 0), ARTICLES * 97 / 100, ARTICLES);
    assert_int_equal(count_alike(0, SENTENCES, 3, 0, 0), 0); /* a third is new */
    assert_int_equal(count_alike(0, SENTENCES / 2, 0, 0, 0), 0);
    assert_int_equal(count_alike(0, SENTENCES / 2, 0, 0, SENTENCES / 2), 0);
}

static void test_other_articles(void **state) {
    (void)state;
    struct fingerprint fingerprints[ARTICLES];
    unsigned most = 0;
    double sum = 0;
    random_seed(5);
    for (size_t i = 0; i < ARTICLES; i++) {
        struct article article;
        make_article(&article);
        struct buffer page = page_of(&article, 0, SENTENCES, 0, 0, 0);
        fingerprints[i] = fingerprint_of_body(&page);
        buffer_free(&page);
        free_article(&article);
        for (size_t k = 0; k < i; k++) {
            unsigned agreement = fingerprint_agreement(&fingerprints[i], &fingerprints[k]);
            most = agreement > most ? agreement : most;
            sum += agreement;
        }
    }
    assert_true(most < 96);
    double mean = sum / (ARTICLES * (ARTICLES - 1) / 2.0); /* half the bits, by chance */
    assert_true(fabs(mean - FINGERPRINT_BITS / 2.0) < 2);
}

/* ---- what is no text of the article ---- */

static void test_edits(void **state) {
    (void)state;
    struct buffer article = {0}, page = {0};
    struct document_edits edits = {0};
    random_seed(9);
    for (int i = 0; i < 10; i++)
        append_sentence(&article);
    struct fingerprint expected = fingerprint_of_body(&article);
    for (int i = 0; i < 10; i++) /* as much again, to be set aside */
        append_sentence(&page);
    const struct edit aside = {.kind = EDIT_ASIDE,
                               .begin = 0,
                               .end = (uint32_t)page.size,
                               .reason = EDIT_REASON_NAVIGATION};
    assert_true(edits_append(&edits.body, &aside));
    size_t cut = 3 * 100;
    assert_true(buffer_append(&page, article.data, cut));
    const struct edit reading = {.kind = EDIT_SKIP,
                                 .begin = (uint32_t)page.size,
                                 .end = (uint32_t)page.size + 6,
                                 .reason = EDIT_REASON_ANNOTATION};
    assert_true(edits_append(&edits.body, &reading));
    assert_true(buffer_append_text(&page, "(liao)") &&
                buffer_append(&page, article.data + cut, article.size - cut));
    struct fingerprint with = fingerprint_of_texts((xunzi_string){0}, string_of(&page), &edits),
                       without = fingerprint_of_body(&page);
    assert_true(fingerprint_is_same(&expected, &with));
    assert_false(are_alike(expected, without));
    document_edits_free(&edits);
    buffer_free(&article);
    buffer_free(&page);
}

/* ---- little and hostile text ---- */

static void assert_none(const struct buffer *body) {
    struct fingerprint none = fingerprint_of_body(body);
    assert_true(fingerprint_is_none(&none));
    assert_int_equal(fingerprint_agreement(&none, &none), 0);
}

static void test_little_text(void **state) {
    (void)state;
    struct buffer body = {0};
    assert_none(&body);
    random_seed(3);
    while (body.size < 3 * 60)
        append_sentence(&body);
    body.size = 3 * 60; /* 60 characters cannot fill 64 bins */
    assert_none(&body);
    while (body.size < 3 * 400)
        append_sentence(&body);
    struct fingerprint fingerprint = fingerprint_of_body(&body);
    assert_false(fingerprint_is_none(&fingerprint));
    buffer_clear(&body);
    for (int i = 0; i < 200000; i++) /* one character, again and again */
        append_code_point(&body, 0x54C8);
    assert_none(&body);
    buffer_clear(&body);
    for (int i = 0; i < 100000; i++)
        assert_true(buffer_append(&body, "\xE4\xBD\0\xFF\x80", 5)); /* ill-formed throughout */
    assert_none(&body);
    buffer_free(&body);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference), cmocka_unit_test(test_scripts_and_pages),
        cmocka_unit_test(test_copies),    cmocka_unit_test(test_other_articles),
        cmocka_unit_test(test_edits),     cmocka_unit_test(test_little_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
