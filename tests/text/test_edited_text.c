/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folding and tokens through edits, damaged stretches as they stand, and the variants of writing
 * that are one for a search. */
#include "text/character.h"
#include "text/damaged_stretch.h"
#include "text/edits.h"
#include "text/fold.h"
#include "text/tokenize.h"
#include "text_support.h"

static struct edits edits;

static int clear(void **state) {
    (void)state;
    edits_free(&edits);
    return 0;
}

/* Adds an edit of the first occurrence of part. */
static void edit(const char *text, const char *part, enum edit_kind kind, const char *replacement) {
    const char *at = strstr(text, part);
    assert_non_null(at);
    const struct edit added = {.kind = kind,
                               .begin = (uint32_t)(at - text),
                               .end = (uint32_t)(at - text + (ptrdiff_t)strlen(part)),
                               .replacement = xunzi_string_of(replacement)};
    assert_true(edits_append(&edits, &added));
}

/* The text's key: characters, one space where a separator stood. */
static void assert_key(const char *expected, const char *text, const struct edits *through) {
    struct buffer key = {0};
    char *exact = exact_copy(text, strlen(text));
    assert_ok(fold_edited_to_key(exact, strlen(text), through, &key));
    const xunzi_string found = {key.data, key.size};
    assert_text(xunzi_string_of(expected), found);
    buffer_free(&key);
    free(exact);
}

static void test_skip_is_nothing(void **state) {
    (void)state;
    const char *text = "醫(yī)療(liáo)中心";
    edit(text, "(yī)", EDIT_SKIP, "");
    edit(text, "(liáo)", EDIT_SKIP, "");
    assert_key("医疗中心", text, &edits);
    assert_key("医 yī 疗 liáo 中心", text, NULL);
}

static void test_aside_separates(void **state) {
    (void)state;
    const char *text = "中心廣告中心";
    edit(text, "廣告", EDIT_ASIDE, "");
    assert_key("中心 中心", text, &edits);
}

static void test_mended(void **state) {
    (void)state;
    const char *text = "臨床??平ㄔO(shè)、臨床";
    edit(text, "??平ㄔO(shè)", EDIT_MEND, "專科建設");
    assert_key("临床专科建设 临床", text, &edits);
    struct folded_text folded = {0};
    assert_true(fold_edited_text(&folded, text, 0, strlen(text), &edits, FOLD_MENDED));
    for (size_t i = 2; i < 6; i++) {
        assert_int_equal(folded.characters[i].begin, 6);
        assert_int_equal(folded.characters[i].length, strlen("??平ㄔO(shè)"));
        assert_int_equal(folded.characters[i].separator_before, SEPARATOR_NONE);
    }
    assert_true(fold_edited_text(&folded, text, 0, strlen(text), &edits, FOLD_AS_IT_STANDS));
    assert_int_equal(folded.characters[2].code_point, 0x5E73);
    assert_int_equal(folded.characters[2].separator_before, SEPARATOR_PUNCTUATION);
    folded_text_free(&folded);
}

static void test_whole_text_is_edited(void **state) {
    (void)state;
    const char *text = "(yī)";
    edit(text, "(yī)", EDIT_SKIP, "");
    assert_key("", text, &edits);
    edits_clear(&edits);
    edit(text, "(yī)", EDIT_MEND, "");
    assert_key("", text, &edits);
    edits_clear(&edits);
    edit(text, "(yī)", EDIT_MEND, "１é\u0301 我");
    assert_key("1é\u0301 我", text, &edits);
}

/* A stretch of the text alone, edits counted from its beginning. */
static void test_part_of_a_text(void **state) {
    (void)state;
    const char *text = "一(yī)二(èr)三(sān)四";
    struct folded_text folded = {0};
    edit(text, "(yī)", EDIT_SKIP, "");
    edit(text, "(èr)", EDIT_SKIP, "");
    edit(text, "(sān)", EDIT_SKIP, "");
    size_t begin = (size_t)(strstr(text, "二") - text), stop = (size_t)(strstr(text, "四") - text);
    assert_true(fold_edited_text(&folded, text, begin, stop, &edits, FOLD_MENDED));
    assert_int_equal(folded.count, 2);
    assert_int_equal(folded.characters[0].begin, begin);
    /* A bound inside an edit. */
    assert_true(fold_edited_text(&folded, text, 4, stop - 2, &edits, FOLD_MENDED));
    assert_int_equal(folded.count, 2);
    folded_text_free(&folded);
}

/* Appends "kind:term@position[begin,end) " of each token. */
static void write_tokens(struct tokenizer *tokenizer, struct buffer *out) {
    struct token token;
    buffer_clear(out);
    while (tokenizer_next(tokenizer, &token)) {
        assert_true(buffer_printf(out, "%s:", xunzi_token_kind_name(token.kind)) &&
                    tokenizer_append_term(tokenizer, &token, out) &&
                    buffer_printf(out, "@%u[%u,%u) ", token.position, token.begin, token.end));
    }
    assert_true(buffer_terminate(out));
}

static void test_tokens_through_edits(void **state) {
    (void)state;
    struct tokenizer *tokenizer;
    struct buffer tokens = {0};
    const char *text = "醫(yī)療(liáo)";
    edit(text, "(yī)", EDIT_SKIP, "");
    edit(text, "(liáo)", EDIT_SKIP, "");
    assert_ok(tokenizer_new(XUNZI_PROFILE_BIGRAM, &tokenizer));
    assert_ok(tokenizer_set_edited_text(tokenizer, text, 0, strlen(text), &edits, FOLD_MENDED));
    write_tokens(tokenizer, &tokens);
    assert_string_equal(tokens.data,
                        "bigram:医疗@0[0,11) "); /* from 醫 to 療, over the reading between */
    tokenizer_free(tokenizer);
    buffer_free(&tokens);
}

static void test_damaged_stretches(void **state) {
    (void)state;
    const char *text = "第一句話。第二句??坡?lián)盟，還有??破放。第三句話。第四句??坡";
    size_t size = strlen(text), next = 0, begin, end;
    edit(text, "??坡?lián)", EDIT_MEND, "專科聯");
    edit(text, "??破放", EDIT_MEND, "專科品牌");
    const char *last = strstr(text, "第四句") + strlen("第四句");
    const struct edit fourth = {.kind = EDIT_MEND,
                                .begin = (uint32_t)(last - text),
                                .end = (uint32_t)size,
                                .replacement = TEXT("專科"),
                                .others = TEXT("學科\0轉科\0")};
    assert_true(edits_append(&edits, &fourth));
    assert_true(damaged_stretch_next(text, size, &edits, FOLD_AS_IT_STANDS, &next, &begin, &end));
    const xunzi_string first = {text + begin, end - begin};
    assert_text(TEXT("第二句??坡?lián)盟，還有??破放"), first);
    assert_true(damaged_stretch_next(text, size, &edits, FOLD_AS_IT_STANDS, &next, &begin, &end));
    const xunzi_string second = {text + begin, end - begin};
    assert_text(TEXT("第四句??坡"), second);
    assert_false(damaged_stretch_next(text, size, &edits, FOLD_AS_IT_STANDS, &next, &begin, &end));
    /* Only the fourth has other readings, and two. */
    next = 0;
    assert_true(damaged_stretch_next(text, size, &edits, FOLD_OTHER + 1, &next, &begin, &end));
    assert_text(TEXT("第四句??坡"), ((xunzi_string){text + begin, end - begin}));
    struct folded_text folded = {0};
    struct buffer read = {0};
    assert_true(fold_edited_text(&folded, text, begin, end, &edits, FOLD_OTHER + 1));
    assert_true(folded_text_append_utf8(&folded, 0, folded.count, &read));
    assert_text(TEXT("第四句转科"), ((xunzi_string){read.data, read.size}));
    folded_text_free(&folded);
    buffer_free(&read);
    assert_false(damaged_stretch_next(text, size, &edits, FOLD_OTHER + 1, &next, &begin, &end));
    next = 0;
    assert_false(damaged_stretch_next(text, size, &edits, FOLD_OTHER + 2, &next, &begin, &end));
    /* A text that is cut before the damage. */
    next = 0;
    assert_false(damaged_stretch_next(text, 12, &edits, FOLD_AS_IT_STANDS, &next, &begin, &end));
    struct token token = {.begin = (uint32_t)(strstr(text, "坡") - text)};
    token.end = token.begin + 3;
    assert_true(damaged_stretch_touches(&edits, FOLD_AS_IT_STANDS, &token));
    token.begin = 0;
    token.end = 6;
    assert_false(damaged_stretch_touches(&edits, FOLD_AS_IT_STANDS, &token));
}

/* ---- Variants ---- */

/* Both texts give the same terms at the same places. */
static void assert_tokens_alike(const char *expected, const char *text) {
    struct tokenizer *one, *other;
    struct token a, b;
    assert_ok(tokenizer_new(XUNZI_PROFILE_FULL, &one));
    assert_ok(tokenizer_new(XUNZI_PROFILE_FULL, &other));
    assert_ok(tokenizer_set_text(one, expected, strlen(expected)));
    assert_ok(tokenizer_set_text(other, text, strlen(text)));
    while (tokenizer_next(one, &a)) {
        struct buffer wanted = {0}, found = {0};
        assert_true(tokenizer_next(other, &b));
        assert_true(a.kind == b.kind && a.place == b.place);
        assert_true(tokenizer_append_term(one, &a, &wanted) &&
                    tokenizer_append_term(other, &b, &found));
        assert_text(((xunzi_string){wanted.data, wanted.size}),
                    ((xunzi_string){found.data, found.size}));
        buffer_free(&wanted);
        buffer_free(&found);
    }
    assert_false(tokenizer_next(other, &b));
    tokenizer_free(one);
    tokenizer_free(other);
}

/* No interpunct in a name, whichever it is, makes a difference; elsewhere it separates. */
static void test_interpuncts(void **state) {
    (void)state;
    static const char *const names[] = {"居里·夫人", "居里‧夫人", "居里・夫人", "居里･夫人",
                                        "居里•夫人", "居里∙夫人", "居里⋅夫人"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_tokens_alike("居里夫人", names[i]);
    assert_tokens_alike("瑪麗亞斯克沃多夫斯卡居里", "瑪麗亞·斯克沃多夫斯卡‧居里");
    assert_tokens_alike("九一八事變", "九·一八事變");
    assert_tokens_alike("醫(yī)，療", "醫(yī)·，療");
    static const char *const apart[] = {"居里· 夫人", "居里 ·夫人", "居里··夫人", "居里·\n夫人",
                                        "居里·，夫人"};
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
        assert_tokens_alike("居里，夫人", apart[i]);
    assert_tokens_alike("3 15晚會", "3·15晚會");
    assert_tokens_alike("a，居里", "a·居里·");
}

/* The same where edits stand about it: a reading before it is passed over, a mended stretch and one
 * that is set aside stand apart from it. */
static void test_interpuncts_beside_edits(void **state) {
    (void)state;
    const char *skipped = "居里(lǐ)·夫人", *mended = "甲乙丙丁", *aside = "居里·夫人廣告";
    edit(skipped, "(lǐ)", EDIT_SKIP, "");
    assert_key("居里夫人", skipped, &edits);
    edits_clear(&edits);
    edit(mended, "乙丙", EDIT_MEND, "居里·");
    assert_key("甲居里·丁", mended, &edits);
    edits_clear(&edits);
    edit(aside, "夫人", EDIT_ASIDE, "");
    assert_key("居里· 广告", aside, &edits);
}

static void test_invisible_characters(void **state) {
    (void)state;
    assert_key("医疗", "醫\u200B療", NULL); /* zero width space */
    assert_key("医疗", "醫\u200C\u200D療", NULL);
    assert_key("医疗", "醫\u2060療\uFEFF", NULL);
    assert_key("医疗", "醫\u00AD療", NULL); /* soft hyphen */
    assert_key("cooperation", "coop\u00ADer\u200Bation", NULL);
    assert_key("葛饰区", "葛\U000E0100飾\uFE00区", NULL); /* variation selectors */
}

static void test_forms(void **state) {
    (void)state;
    assert_key("abc123", "ＡＢＣ１２３", NULL);
    assert_key("カナ", "ｶﾅ", NULL);
    assert_key("ガパ", "ｶﾞﾊﾟ", NULL);
    assert_key("金", "\uF90A", NULL); /* a compatibility ideograph */
    assert_key("1 10 a", "① ⑩ ⓐ", NULL);
    assert_key("1 一", "⑴ ㈠", NULL);
    assert_key("二〇二四年", "二〇二四年", NULL); /* Han numerals stay what they are */
    assert_key("三千万", "三千萬", NULL);
}

static void test_runs(void **state) {
    (void)state;
    struct tokenizer *tokenizer;
    struct buffer tokens = {0};
    static const struct {
        const char *text, *tokens;
    } cases[] = {
        {"\U00020BB7野\U0002A6D6",
         "bigram:\U00020BB7野@0[0,7) bigram:野\U0002A6D6@1[4,11) "},     /* Extension B */
        {"\U0002A700\U0002B740", "bigram:\U0002A700\U0002B740@0[0,8) "}, /* C, D */
        {"\U00030000\U00031350", "bigram:\U00030000\U00031350@0[0,8) "}, /* G, H */
        {"ひらが", "bigram:ひら@0[0,6) bigram:らが@1[3,9) "},
        {"한국어", "bigram:한국@0[0,6) bigram:국어@1[3,9) "},
        {"中か국", "character:中@0[0,3) character:か@1[3,6) character:국@2[6,9) "},
    };
    assert_ok(tokenizer_new(XUNZI_PROFILE_BIGRAM, &tokenizer));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_ok(tokenizer_set_text(tokenizer, cases[i].text, strlen(cases[i].text)));
        write_tokens(tokenizer, &tokens);
        assert_string_equal(tokens.data, cases[i].tokens);
    }
    tokenizer_free(tokenizer);
    buffer_free(&tokens);
}

/* Random edits of random text: the folded characters are of the parts that are read, in order. */
static void test_random_edits(void **state) {
    (void)state;
    struct buffer text = {0};
    struct folded_text folded = {0};
    random_seed(11);
    for (int round = 0; round < 2000; round++) {
        buffer_clear(&text);
        random_text(&text, 1 + random_below(40));
        edits_clear(&edits);
        for (size_t at = 0; at < text.size;) {
            size_t stop = at;
            for (uint32_t step = random_below(6); stop < text.size && step + 1 > 0; step--) {
                do
                    stop++;
                while (stop < text.size && ((unsigned char)text.data[stop] & 0xC0) == 0x80);
                if (step == 0)
                    break;
            }
            const struct edit added = {.kind = (enum edit_kind)random_below(EDIT_KIND_COUNT),
                                       .begin = (uint32_t)at,
                                       .end = (uint32_t)stop,
                                       .replacement = random_below(2) ? TEXT("換a") : TEXT("")};
            if (stop > at && random_below(2))
                assert_true(edits_append(&edits, &added));
            at = stop;
        }
        char *exact = exact_copy(text.data, text.size);
        assert_true(fold_edited_text(&folded, exact, 0, text.size, &edits,
                                     random_below(2) ? FOLD_MENDED : FOLD_AS_IT_STANDS));
        uint32_t before = 0;
        for (size_t i = 0; i < folded.count; i++) {
            const struct folded_character *character = &folded.characters[i];
            assert_true(character->begin >= before &&
                        character->begin + character->length <= text.size);
            before = character->begin;
            size_t e = edits_find(&edits, character->begin);
            if (e < edits.count && edits.items[e].begin <= character->begin)
                assert_int_equal(edits.items[e].kind, EDIT_MEND);
        }
        free(exact);
    }
    folded_text_free(&folded);
    buffer_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_skip_is_nothing, clear),
        cmocka_unit_test_teardown(test_aside_separates, clear),
        cmocka_unit_test_teardown(test_mended, clear),
        cmocka_unit_test_teardown(test_whole_text_is_edited, clear),
        cmocka_unit_test_teardown(test_part_of_a_text, clear),
        cmocka_unit_test_teardown(test_tokens_through_edits, clear),
        cmocka_unit_test_teardown(test_damaged_stretches, clear),
        cmocka_unit_test_teardown(test_interpuncts, clear),
        cmocka_unit_test_teardown(test_interpuncts_beside_edits, clear),
        cmocka_unit_test(test_invisible_characters),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_runs),
        cmocka_unit_test_teardown(test_random_edits, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
