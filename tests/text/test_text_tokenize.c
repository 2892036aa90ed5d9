/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text/tokenize against its documented rules written a second time, slowly: over the folded
 * characters (which test_text_fold.c looks after) as a whole, neighbour by neighbour. Words are
 * compared with ICU's own boundaries. */
#include "text_support.h"

#include <stdio.h>
#include <unicode/ubrk.h>
#include <unicode/ustring.h>

#include "base/utf8.h"
#include "text/character.h"
#include "text/tokenize.h"

static bool is_cjk(const struct folded_character *c) {
    return c->class == CHARACTER_HAN || c->class == CHARACTER_KANA || c->class == CHARACTER_HANGUL;
}

static bool is_core(const struct folded_character *c) {
    return c->class == CHARACTER_LETTER || c->class == CHARACTER_DIGIT;
}

/* ---- The slow reference ---- */

enum { REFERENCE_MOST = 4096 };

struct reference {
    struct token tokens[REFERENCE_MOST];
    bool lone[REFERENCE_MOST], edge[REFERENCE_MOST]; /* of characters */
    size_t count;
    uint32_t positions;
};

/* Whether a character that joins has on both sides, directly, what it joins. */
static bool is_joined(const struct folded_text *folded, size_t i) {
    const struct folded_character *c = folded->characters + i;
    if (i == 0 || i + 1 == folded->count || c[0].separator_before || c[1].separator_before)
        return false;
    bool letters = (c[-1].class == CHARACTER_LETTER || c[-1].class == CHARACTER_MARK) &&
                   c[1].class == CHARACTER_LETTER;
    bool digits = c[-1].class == CHARACTER_DIGIT && c[1].class == CHARACTER_DIGIT;
    return (c->class == CHARACTER_MID_LETTER && letters) ||
           (c->class == CHARACTER_MID_NUMBER && digits) ||
           (c->class == CHARACTER_MID_BOTH && (letters || digits));
}

/* Whether a character may stand in a Latin token at all. */
static bool is_latin(const struct folded_text *folded, size_t i) {
    const struct folded_character *c = folded->characters + i;
    return is_core(c) || c->class == CHARACTER_MARK || c->class == CHARACTER_CONNECTOR ||
           is_joined(folded, i);
}

/* The stretch of characters from i on that belong together: *begin and *end of what is left when
 * everything but letters and digits is taken off the front, and connectors off the back. Returns
 * where the stretch ends. */
static size_t stretch_at(const struct folded_text *folded, size_t i, size_t *begin, size_t *end) {
    const struct folded_character *c = folded->characters;
    size_t behind = i + 1;
    *begin = i;
    if (is_cjk(&c[i])) {
        while (behind < folded->count && c[behind].class == c[i].class &&
               !c[behind].separator_before)
            behind++;
        *end = behind;
        return behind;
    }
    if (is_latin(folded, i))
        while (behind < folded->count && is_latin(folded, behind) && !c[behind].separator_before)
            behind++;
    *end = behind;
    while (*begin < *end && !is_core(&c[*begin]))
        ++*begin;
    while (*end > *begin && c[*end - 1].class == CHARACTER_CONNECTOR)
        --*end;
    return behind;
}

static void put(struct reference *reference, const struct folded_text *folded,
                xunzi_token_kind kind, size_t first, size_t count, uint32_t position,
                uint32_t place) {
    assert_true(reference->count < REFERENCE_MOST);
    const struct folded_character *last = &folded->characters[first + count - 1];
    reference->tokens[reference->count++] = (struct token){.kind = kind,
                                                           .position = position,
                                                           .place = place,
                                                           .begin = folded->characters[first].begin,
                                                           .end = last->begin + last->length,
                                                           .first = first,
                                                           .count = count};
}

/* Gives all tokens but words. */
static void tokenize_slowly(const struct folded_text *folded, xunzi_profile profile,
                            struct reference *reference) {
    enum separator separator = SEPARATOR_NONE;
    bool any = false, cjk_before = false;
    uint32_t position = 0, place = 0; /* a token takes two places, what ends a phrase one */
    reference->count = 0;
    for (size_t i = 0, begin, end, behind; i < folded->count; i = behind) {
        if (folded->characters[i].separator_before > separator)
            separator = folded->characters[i].separator_before;
        behind = stretch_at(folded, i, &begin, &end);
        if (begin > i)
            separator = SEPARATOR_PUNCTUATION;
        if (begin == end)
            continue;
        bool cjk = is_cjk(&folded->characters[begin]);
        if (any && ((separator == SEPARATOR_PUNCTUATION && (cjk || cjk_before)) ||
                    (separator == SEPARATOR_SPACE && cjk && cjk_before))) {
            position++;
            place++;
        }
        any = true;
        cjk_before = cjk;
        separator = end < behind ? SEPARATOR_PUNCTUATION : SEPARATOR_NONE;
        if (!cjk) {
            put(reference, folded, XUNZI_TOKEN_LATIN, begin, end - begin, position++, place);
            place += 2;
            continue;
        }
        for (size_t c = begin; c < end; c++, position++, place += 2) {
            if (c + 1 < end)
                put(reference, folded, XUNZI_TOKEN_BIGRAM, c, 2, position, place);
            if (profile == XUNZI_PROFILE_FULL || end - begin == 1) {
                reference->lone[reference->count] = end - begin == 1;
                reference->edge[reference->count] = c == begin || c + 1 == end;
                put(reference, folded, XUNZI_TOKEN_CHARACTER, c, 1, position, place);
            }
        }
    }
    reference->positions = position;
}

/* ---- Comparison ---- */

static struct tokenizer *tokenizers[2]; /* by profile; reused for every text */

static int set_up(void **state) {
    (void)state;
    return tokenizer_new(XUNZI_PROFILE_FULL, &tokenizers[XUNZI_PROFILE_FULL]) == XUNZI_OK &&
                   tokenizer_new(XUNZI_PROFILE_BIGRAM, &tokenizers[XUNZI_PROFILE_BIGRAM]) ==
                       XUNZI_OK
               ? 0
               : -1;
}

static int tear_down(void **state) {
    (void)state;
    tokenizer_free(tokenizers[0]);
    tokenizer_free(tokenizers[1]);
    return 0;
}

static void show_characters(const struct folded_text *folded) {
    for (size_t i = 0; i < folded->count; i++)
        print_error(" %u:%04X(%u)", (unsigned)folded->characters[i].separator_before,
                    (unsigned)folded->characters[i].code_point,
                    (unsigned)folded->characters[i].class);
    print_error("\n");
}

static bool same_token(const struct token *a, const struct token *b) {
    return a->kind == b->kind && a->position == b->position && a->place == b->place &&
           a->begin == b->begin && a->end == b->end && a->first == b->first && a->count == b->count;
}

/* A word stands within a run of Han characters, at the position of its first, behind that one's
 * other tokens. */
static void assert_sound_word(const struct folded_text *folded, const struct token *word,
                              const struct token *before) {
    assert_in_range(word->count, 2, 255);
    assert_int_equal(word->position, before->position);
    assert_int_equal(word->place, before->place);
    assert_int_equal(word->first, before->first);
    const struct folded_character *last = &folded->characters[word->first + word->count - 1];
    assert_int_equal(word->begin, folded->characters[word->first].begin);
    assert_int_equal(word->end, last->begin + last->length);
    for (size_t i = word->first; i < word->first + word->count; i++) {
        assert_int_equal(folded->characters[i].class, CHARACTER_HAN);
        assert_true(i == word->first || !folded->characters[i].separator_before);
    }
}

static void assert_as_reference(const char *text, size_t size, xunzi_profile profile) {
    static struct reference reference;
    struct tokenizer *tokenizer = tokenizers[profile];
    char *exact = exact_copy(text, size);
    assert_ok(tokenizer_set_text(tokenizer, exact, size));
    const struct folded_text *folded = tokenizer_folded(tokenizer);
    tokenize_slowly(folded, profile, &reference);
    struct token token, before = {0};
    size_t next = 0;
    while (tokenizer_next(tokenizer, &token)) {
        if (token.kind == XUNZI_TOKEN_WORD) {
            assert_int_equal(profile, XUNZI_PROFILE_FULL);
            assert_sound_word(folded, &token, &before);
            continue;
        }
        if (next == reference.count || !same_token(&token, &reference.tokens[next])) {
            print_error("token %zu is %s %u [%u, %u); the folded text:", next,
                        xunzi_token_kind_name(token.kind), (unsigned)token.position,
                        (unsigned)token.begin, (unsigned)token.end);
            show_characters(folded);
            fail();
        }
        bool character = token.kind == XUNZI_TOKEN_CHARACTER;
        assert_int_equal(tokenizer_is_lone(tokenizer, &token), character && reference.lone[next]);
        assert_int_equal(tokenizer_is_edge(tokenizer, &token), character && reference.edge[next]);
        before = token;
        next++;
    }
    if (next != reference.count) {
        print_error("%zu tokens of %zu; the folded text:", next, reference.count);
        show_characters(folded);
        fail();
    }
    assert_int_equal(tokenizer_position(tokenizer), reference.positions);
    assert_false(tokenizer_next(tokenizer, &token));
    free(exact);
}

static void test_random_text_as_reference(void **state) {
    (void)state;
    struct buffer text = {0};
    random_seed(21);
    for (int i = 0; i < 12000; i++) {
        random_text(&text, random_below(60));
        assert_as_reference(text.data ? text.data : "", text.size, XUNZI_PROFILE_FULL);
        assert_as_reference(text.data ? text.data : "", text.size, XUNZI_PROFILE_BIGRAM);
    }
    buffer_free(&text);
}

/* Letters, digits and what joins them, close together. */
static void test_random_latin_as_reference(void **state) {
    (void)state;
    struct buffer text = {0};
    random_seed(22);
    for (int i = 0; i < 40000; i++) {
        buffer_clear(&text);
        for (uint32_t n = 1 + random_below(9); n > 0; n--)
            append_one_of(&text, "ab12é\u0301_.,'·:-中か \u200D");
        assert_as_reference(text.data, text.size, XUNZI_PROFILE_BIGRAM);
    }
    buffer_free(&text);
}

static void test_random_bytes(void **state) {
    (void)state;
    random_seed(23);
    for (int i = 0; i < 10000; i++) {
        char bytes[40];
        size_t size = random_below(sizeof bytes);
        for (size_t b = 0; b < size; b++)
            bytes[b] = (char)random_below(random_below(2) ? 256 : 0xF5);
        assert_as_reference(bytes, size, XUNZI_PROFILE_FULL);
    }
}

/* UAX #29 by ICU: the tokens are the segments that hold a letter or a digit. Without the colon and
 * the low line, in which Xunzi departs from it. */
static void test_latin_tokens_as_icu(void **state) {
    (void)state;
    enum { MOST = 64 };
    struct buffer text = {0};
    UErrorCode code = U_ZERO_ERROR;
    UBreakIterator *words = ubrk_open(UBRK_WORD, "en", NULL, 0, &code);
    assert_true(U_SUCCESS(code));
    random_seed(24);
    for (int i = 0; i < 20000; i++) {
        buffer_clear(&text);
        for (uint32_t n = 1 + random_below(12); n > 0; n--)
            append_one_of(&text, "abcz0189.,'-/ !·");
        UChar units[MOST];
        int32_t unit_count;
        u_strFromUTF8(units, MOST, &unit_count, text.data, (int32_t)text.size, &code);
        ubrk_setText(words, units, unit_count, &code);
        assert_true(U_SUCCESS(code));
        struct tokenizer *tokenizer = tokenizers[XUNZI_PROFILE_BIGRAM];
        assert_ok(tokenizer_set_text(tokenizer, text.data, text.size));
        struct token token;
        uint32_t position = 0;
        int32_t begin = ubrk_first(words);
        for (int32_t end; (end = ubrk_next(words)) != UBRK_DONE; begin = end) {
            if (!u_isalnum(units[begin]))
                continue;
            char expected[4 * MOST];
            int32_t expected_size;
            u_strToUTF8(expected, (int32_t)sizeof expected, &expected_size, units + begin,
                        end - begin, &code);
            assert_true(tokenizer_next(tokenizer, &token));
            assert_int_equal(token.kind, XUNZI_TOKEN_LATIN);
            assert_int_equal(token.position,
                             position++); /* no phrase breaks between Latin tokens */
            assert_text(((xunzi_string){expected, (size_t)expected_size}),
                        ((xunzi_string){text.data + token.begin, token.end - token.begin}));
        }
        assert_false(tokenizer_next(tokenizer, &token));
    }
    ubrk_close(words);
    buffer_free(&text);
}

/* ---- Words ---- */

static void append_han(struct buffer *text, size_t count) {
    static const char common[] =
        "中国人民共和学生活动大会议员工作为了解决问题目标准备战争取得到处理论文化学习惯例子的是在这"
        "里有我们他说"
        "北京上海洋流行政府机关系统一定期间接受伤害怕图书馆长江河南方法律师傅";
    for (size_t i = 0; i < count; i++)
        append_one_of(text, common);
}

static void test_words_are_at_icu_boundaries(void **state) {
    (void)state;
    enum { MOST = 128 };
    struct buffer text = {0};
    UErrorCode code = U_ZERO_ERROR;
    UBreakIterator *words = ubrk_open(UBRK_WORD, "zh", NULL, 0, &code);
    assert_true(U_SUCCESS(code));
    size_t found = 0;
    random_seed(25);
    for (int i = 0; i < 1500; i++) {
        buffer_clear(&text);
        append_han(&text, 1 + random_below(60));
        struct tokenizer *tokenizer = tokenizers[XUNZI_PROFILE_FULL];
        assert_ok(tokenizer_set_text(tokenizer, text.data, text.size));
        struct buffer folded = {0};
        const struct folded_text *characters = tokenizer_folded(tokenizer);
        assert_true(folded_text_append_utf8(characters, 0, characters->count, &folded));
        UChar units[MOST];
        int32_t unit_count;
        u_strFromUTF8(units, MOST, &unit_count, folded.data, (int32_t)folded.size, &code);
        ubrk_setText(words, units, unit_count, &code);
        assert_true(U_SUCCESS(code));
        int32_t begin = ubrk_first(words), end = ubrk_next(words);
        struct token token;
        while (tokenizer_next(tokenizer, &token)) {
            if (token.kind != XUNZI_TOKEN_WORD)
                continue;
            while (end != UBRK_DONE &&
                   end - begin < 2) { /* a word of one character is a character */
                begin = end;
                end = ubrk_next(words);
            }
            assert_int_equal(token.first, begin);
            assert_int_equal(token.count, end - begin);
            begin = end;
            end = ubrk_next(words);
            found++;
        }
        for (; end != UBRK_DONE; begin = end, end = ubrk_next(words))
            assert_int_equal(end - begin, 1);
        buffer_free(&folded);
    }
    assert_true(found > 3000);
    ubrk_close(words);
    buffer_free(&text);
}

/* ---- Examples ---- */

/* Writes tokens as "position:term", the terms of words in brackets. */
static void describe(xunzi_string text, xunzi_profile profile, struct buffer *out) {
    static const char *const form[] = {"%u:%.*s ", "%u:%.*s ", "%u:[%.*s] ", "%u:%.*s "};
    struct tokenizer *tokenizer = tokenizers[profile];
    struct token token;
    struct buffer term = {0};
    buffer_clear(out);
    assert_ok(tokenizer_set_text(tokenizer, text.data, text.size));
    while (tokenizer_next(tokenizer, &token)) {
        buffer_clear(&term);
        assert_true(tokenizer_append_term(tokenizer, &token, &term));
        assert_true(token.kind <= XUNZI_TOKEN_LATIN);
        char line[256];
        int size = snprintf(line, sizeof line, form[token.kind], (unsigned)token.position,
                            (int)term.size, term.data);
        assert_true(size > 0 && (size_t)size < sizeof line &&
                    buffer_append(out, line, (size_t)size));
    }
    if (out->size > 0)
        out->size--;
    buffer_free(&term);
}

static void test_examples_in_bigram_profile(void **state) {
    (void)state;
    static const struct {
        xunzi_string text;
        const char *tokens;
    } cases[] = {
        {{"", 0}, ""},
        {{NULL, 0}, ""},
        {{"3.14", 4}, "0:3.14"},
        {{"don't", 5}, "0:don't"},
        {{"covid-19", 8}, "0:covid 1:19"},
        {{"u.s.", 4}, "0:u.s"},
        {{"foo_bar", 7}, "0:foo_bar"},
        {{"_foo_ bar", 9}, "0:foo 1:bar"},
        {{"1,000", 5}, "0:1,000"},
        {{"a,b", 3}, "0:a 1:b"},
        {{"1,", 2}, "0:1"},
        {{"a\0b", 3}, "0:a 1:b"},
    };
    struct buffer tokens = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        describe(cases[i].text, XUNZI_PROFILE_BIGRAM, &tokens);
        assert_text(xunzi_string_of(cases[i].tokens), ((xunzi_string){tokens.data, tokens.size}));
    }
    static const char *const more[][2] = {
        {"５Ｇ", "0:5g"},
        {"㈱", "0:株"}, /* (株) */
        {"ﾊﾞ", "0:バ"},
        {"ﾊﾞｽ", "0:バス"},
        {"Cafe\u0301", "0:café"},
        {"café", "0:café"},
        {"中\u200B国\u200D人", "0:中国 1:国人"},
        {"i\u00ADPh\u200Cone", "0:iphone"},
        {"\U00020000\U00020001\U0002A6D6", "0:\U00020000\U00020001 1:\U00020001\U0002A6D6"},
        {"水", "0:水"},
        {"在 iPhone 上", "0:在 1:iphone 2:上"},
        {"在iPhone上", "0:在 1:iphone 2:上"},
        {"中国，人民", "0:中国 3:人民"},
        {"中国\n人民", "0:中国 3:人民"},
        {"中国。 \n　“人民", "0:中国 3:人民"},
        {"中国,a", "0:中国 3:a"},
        {"a,中国", "0:a 2:中国"},
        {"日本の心", "0:日本 2:の 3:心"},
        {"한국어中", "0:한국 1:국어 3:中"},
        {"東京タワー", "0:东京 2:タワ 3:ワー"},
        {"人々", "0:人々"},
        {"二〇二一", "0:二〇 1:〇二 2:二一"},
        {"，。！", ""},
        {"\u0301", ""},
        {"中\u0301国", "0:中 2:国"},
    };
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        describe(xunzi_string_of(more[i][0]), XUNZI_PROFILE_BIGRAM, &tokens);
        assert_text(xunzi_string_of(more[i][1]), ((xunzi_string){tokens.data, tokens.size}));
    }
    buffer_free(&tokens);
}

static void test_examples_in_full_profile(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"水", "0:水"},
        {"图书馆", "0:图书 0:图 0:[图书] 1:书馆 1:书 2:馆"},
        {"iPhone 的图书馆", "0:iphone 1:的图 1:的 2:图书 2:图 2:[图书] 3:书馆 3:书 4:馆"},
        {"カナ", "0:カナ 0:カ 1:ナ"},
    };
    struct buffer tokens = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        describe(xunzi_string_of(cases[i][0]), XUNZI_PROFILE_FULL, &tokens);
        assert_text(xunzi_string_of(cases[i][1]), ((xunzi_string){tokens.data, tokens.size}));
    }
    buffer_free(&tokens);
}

static void test_both_scripts_give_the_same_tokens(void **state) {
    (void)state;
    static const char *const sentences[][2] = {
        {"這條鐵路經過臺灣東部的峽谷，風景優美。", "这条铁路经过台湾东部的峡谷，风景优美。"},
        {"圖書館裡借閱的書籍必須準時歸還", "图书馆里借阅的书籍必须准时归还"},
        {"醫師發現頭髮乾燥與營養不足有關", "医师发现头发干燥与营养不足有关"},
        {"他寫了一篇關於麵粉價格的報導", "他写了一篇关于面粉价格的报导"},
        {"歷史學家認爲這份曆書十分珍貴", "历史学家认为这份历书十分珍贵"},
        {"聯合國與歐盟連續舉行會談", "联合国与欧盟连续举行会谈"},
        {"羣衆對這種產品的說明提出疑問", "群众对这种产品的说明提出疑问"},
        {"後來皇后乘坐龍船遊覽運河", "后来皇后乘坐龙船游览运河"},
    };
    struct buffer traditional = {0}, simplified = {0};
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        for (int profile = 0; profile < 2; profile++) {
            describe(xunzi_string_of(sentences[i][0]), (xunzi_profile)profile, &traditional);
            describe(xunzi_string_of(sentences[i][1]), (xunzi_profile)profile, &simplified);
            assert_true(traditional.size > 0);
            assert_text(((xunzi_string){traditional.data, traditional.size}),
                        ((xunzi_string){simplified.data, simplified.size}));
        }
    buffer_free(&traditional);
    buffer_free(&simplified);
}

/* A text left half read, and a long one before a short one, leave nothing behind. */
static void test_a_tokenizer_serves_text_after_text(void **state) {
    (void)state;
    struct buffer text = {0}, first = {0}, again = {0};
    struct token token;
    describe(TEXT("图书馆 iPhone"), XUNZI_PROFILE_FULL, &first);
    append_han(&text, 50000);
    struct tokenizer *tokenizer = tokenizers[XUNZI_PROFILE_FULL];
    assert_ok(tokenizer_set_text(tokenizer, text.data, text.size));
    for (int i = 0; i < 1000; i++)
        assert_true(tokenizer_next(tokenizer, &token));
    describe(TEXT("图书馆 iPhone"), XUNZI_PROFILE_FULL, &again);
    assert_text(((xunzi_string){first.data, first.size}), ((xunzi_string){again.data, again.size}));
    buffer_free(&text);
    buffer_free(&first);
    buffer_free(&again);
}

/* A million of one character: tokens of any length, positions that count on. */
static void test_long_runs(void **state) {
    (void)state;
    enum { COUNT = 1000000 };
    struct buffer text = {0};
    struct token token;
    for (size_t i = 0; i < COUNT; i++)
        append_code_point(&text, 'x');
    struct tokenizer *tokenizer = tokenizers[XUNZI_PROFILE_FULL];
    assert_ok(tokenizer_set_text(tokenizer, text.data, text.size));
    assert_true(tokenizer_next(tokenizer, &token));
    assert_int_equal(token.end, COUNT);
    assert_false(tokenizer_next(tokenizer, &token));
    buffer_clear(&text);
    for (size_t i = 0; i < COUNT / 4; i++)
        append_code_point(&text, 0x56FD);
    assert_ok(tokenizer_set_text(tokenizer, text.data, text.size));
    size_t bigrams = 0;
    while (tokenizer_next(tokenizer, &token))
        bigrams += token.kind == XUNZI_TOKEN_BIGRAM;
    assert_int_equal(bigrams, COUNT / 4 - 1);
    assert_int_equal(tokenizer_position(tokenizer), COUNT / 4);
    buffer_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_text_as_reference),
        cmocka_unit_test(test_random_latin_as_reference),
        cmocka_unit_test(test_random_bytes),
        cmocka_unit_test(test_latin_tokens_as_icu),
        cmocka_unit_test(test_words_are_at_icu_boundaries),
        cmocka_unit_test(test_examples_in_bigram_profile),
        cmocka_unit_test(test_examples_in_full_profile),
        cmocka_unit_test(test_both_scripts_give_the_same_tokens),
        cmocka_unit_test(test_a_tokenizer_serves_text_after_text),
        cmocka_unit_test(test_long_runs),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
