/* SPDX-License-Identifier: GPL-2.0-or-later */
/* searcher/parse: the tree that each construct gives, written out; slips, hostile text and limits;
 * filters; and the list of function characters. */
#include "tree_support.h"

#include <stdio.h>

#include "base/utf8.h"
#include "searcher/function_characters.h"
#include "searcher/parse.h"
#include "searcher/ranking.h"
#include "searcher/term_list.h"
#include "text/character.h"

static const char CLOSED[] = "a quotation mark is not closed",
                  EMPTY[] = "no letter, digit or character", LONG[] = "longer than 64 KiB",
                  MANY[] = "the 64 of its terms that say most";

static void test_the_language(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"中国", "中国"},
        {"中國", "中国"},
        {"中国人", "or(中国 国人)"},
        {"中国 人民", "or(中国 人民)"},
        {"a b A", "or(a*2 b)"},
        {"a\u3000b\tc\nd", "or(a b c d)"},
        /* phrases */
        {"\"中国人\"", "phrase(中国@0 国人@2)"},
        {"“中国人”", "phrase(中国@0 国人@2)"},
        {"”中国人”", "phrase(中国@0 国人@2)"},
        {"„中国人“", "phrase(中国@0 国人@2)"},
        {"「中国人」", "phrase(中国@0 国人@2)"},
        {"『中国人』", "phrase(中国@0 国人@2)"},
        {"＂中国人＂", "phrase(中国@0 国人@2)"},
        {"\"中国\"", "中国"},
        {"\"a b\"", "phrase(a@0 b@2)"},
        {"\"a, b\"", "phrase(a@0 b@2)"},
        {"\"中国，人民\"", "phrase(中国@0 人民@5)"},
        {"\"中，a\"", "phrase(中@0 a@3)"},
        {"\"a b\" \"c d\"", "and(phrase(a@0 b@2) phrase(c@0 d@2))"},
        {"\"a b\"c", "maybe(phrase(a@0 b@2) c)"},
        {"x\"a b\"c", "maybe(phrase(a@0 b@2) or(c x))"},
        {"“\"a b\"”", "phrase(a@0 b@2)"},
        {"\"\" a", "a"},
        {"\"！\" a", "a"},
        /* signs */
        {"+a", "a"},
        {"＋a", "a"},
        {"+中国人", "phrase(中国@0 国人@2)"},
        {"+\"a b\"", "phrase(a@0 b@2)"},
        {"+a b", "maybe(a b)"},
        {"b +a +c", "maybe(and(a c) b)"},
        {"a -b", "not(a b)"},
        {"a －b", "not(a b)"},
        {"a −b", "not(a b)"},
        {"a -b -c", "not(a or(b c))"},
        {"a -\"b c\"", "not(a phrase(b@0 c@2))"},
        {"a -「b c」", "not(a phrase(b@0 c@2))"},
        {"a -中国人", "not(a phrase(中国@0 国人@2))"},
        {"+a -b c", "not(maybe(a c) b)"},
        {"-a", "not(all a)"},
        {"-a -b", "not(all or(a b))"},
        {"--a", "not(all a)"},
        {"-+a", "not(all a)"},
        {"a - b", "or(a b)"},
        {"a + b", "or(a b)"},
        {"a -", "a"},
        {"a +", "a"},
        {"a -！", "a"},
        {"a-b", "or(a b)"},
        {"c++ a", "or(a c)"},
        /* function characters: not ranked by, unless there is nothing else */
        {"的", "的"},
        {"我們", "我们"},
        {"我们 人民", "人民"},
        {"我們的人民", "or(人民 的人*0.3)"},
        {"\"我们\" a", "maybe(我们 a)"},
        /* what belongs to a language of other engines is plain text here */
        {"(a)", "a"},
        {"a*", "a"},
        {"a ||| b", "or(a b)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_tree(XUNZI_PROFILE_BIGRAM, XUNZI_MODE_QUERY, xunzi_string_of(cases[i][0]),
                    cases[i][1], NULL);
    assert_tree(XUNZI_PROFILE_BIGRAM, XUNZI_MODE_QUERY, TEXT("a\0b"), "or(a b)", NULL);
    assert_tree(XUNZI_PROFILE_BIGRAM, XUNZI_MODE_QUERY,
                TEXT("a\xFF"
                     "b -\xE4\xB8"),
                "or(a b)", NULL);
}

static void test_slips(void **state) {
    (void)state;
    static const struct {
        const char *text, *tree, *note;
    } cases[] = {
        {"\"a b", "or(a b)", CLOSED},
        {"a “b c", "or(a b c)", CLOSED},
        {"a\"b", "or(a b)", CLOSED},
        {"+\"a b", "maybe(a b)", CLOSED},
        {"-\"a b", "not(b a)", CLOSED},
        {"「a『b」", "phrase(a@0 b@2)", NULL},
        {"「a「b c", "or(a b c)", CLOSED},
        {"a \"b c\" \"d", "maybe(phrase(b@0 c@2) or(a d))", CLOSED},
        {"\"a b\" 「c", "maybe(phrase(a@0 b@2) c)", CLOSED},
        {"“a b\"", "or(a b)", CLOSED},
        {"", "nothing", EMPTY},
        {"   \u3000", "nothing", EMPTY},
        {"！？，。", "nothing", EMPTY},
        {"+", "nothing", EMPTY},
        {"- -", "nothing", EMPTY},
        {"+- \"\"", "nothing", EMPTY},
        {"\"！\" +？ -。", "nothing", EMPTY},
        {"\"", "nothing", EMPTY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_tree(XUNZI_PROFILE_BIGRAM, XUNZI_MODE_QUERY, xunzi_string_of(cases[i].text),
                    cases[i].tree, cases[i].note);
    assert_tree(XUNZI_PROFILE_BIGRAM, XUNZI_MODE_QUERY, (xunzi_string){NULL, 0}, "nothing", EMPTY);
}

static void test_plain_modes(void **state) {
    (void)state;
    const xunzi_profile bigram = XUNZI_PROFILE_BIGRAM;
    assert_tree(bigram, XUNZI_MODE_OR, TEXT("+a -b \"c d\""), "or(a b c d)", NULL);
    assert_tree(bigram, XUNZI_MODE_OR, TEXT("\"a"), "a", NULL);
    assert_tree(bigram, XUNZI_MODE_AND, TEXT("-a b a"), "and(a*2 b)", NULL);
    assert_tree(bigram, XUNZI_MODE_AND, TEXT("我们 人民"), "and(人民 我们*0)", NULL);
    assert_tree(bigram, XUNZI_MODE_AND, TEXT("a"), "a", NULL);
    assert_tree(bigram, XUNZI_MODE_PHRASE, TEXT("+a \"b"), "phrase(a@0 b@2)", NULL);
    assert_tree(bigram, XUNZI_MODE_PHRASE, TEXT("中國人"), "phrase(中国@0 国人@2)", NULL);
    assert_tree(bigram, XUNZI_MODE_PHRASE, TEXT("人人人"), "phrase(人人@0 人人@2)", NULL);
    assert_tree(bigram, XUNZI_MODE_PHRASE, TEXT("在 iPhone 上"), "phrase(在@0 iphone@2 上@4)",
                NULL);
    for (int mode = XUNZI_MODE_QUERY; mode <= XUNZI_MODE_PHRASE; mode++) {
        assert_tree(bigram, (xunzi_mode)mode, TEXT("水"), "水", NULL);
        assert_tree(bigram, (xunzi_mode)mode, TEXT(""), "nothing", EMPTY);
        assert_tree(bigram, (xunzi_mode)mode, TEXT("，。"), "nothing", EMPTY);
    }
}

/* The full profile adds characters at less weight and words; they only add to the score of the best
 * that bigrams find. */
static void test_the_full_profile(void **state) {
    (void)state;
    const xunzi_profile full = XUNZI_PROFILE_FULL;
    assert_tree(full, XUNZI_MODE_OR, TEXT("水"), "水", NULL);
    assert_tree(full, XUNZI_MODE_OR, TEXT("a"), "a", NULL);
    assert_tree(full, XUNZI_MODE_PHRASE, TEXT("圖書館"), "phrase(图书@0 书馆@2)", NULL);
    assert_tree(full, XUNZI_MODE_QUERY, TEXT("\"圖書館\""), "phrase(图书@0 书馆@2)", NULL);
    assert_tree(full, XUNZI_MODE_OR, TEXT("圖書館"), "late(or(书馆 图书) XW图书 书 图 馆)", NULL);
    assert_tree(full, XUNZI_MODE_AND, TEXT("圖書館"), "late(and(书馆 图书) XW图书 书 图 馆)", NULL);
    assert_tree(full, XUNZI_MODE_QUERY, TEXT("圖書館 a"), "late(or(a 书馆 图书) XW图书 书 图 馆)",
                NULL);
    assert_tree(full, XUNZI_MODE_QUERY, TEXT("+a 圖書館"),
                "maybe(a late(or(书馆 图书) XW图书 书 图 馆))", NULL);
    /* Function characters that bigrams cover add nothing. */
    assert_tree(full, XUNZI_MODE_OR, TEXT("水的"), "late(水的*0.3 水)", NULL);
}

static void assert_flags(struct query *query, bool extra) {
    if (query->op == QUERY_TERM) {
        assert_int_equal(query->covered, extra);
        assert_true(query->weight > 0);
    }
    for (size_t i = 0; i < query->child_count; i++)
        assert_flags(query->children[i], extra || (query->op == QUERY_LATE && i > 0));
}

static void test_extras_are_few_and_marked(void **state) {
    (void)state;
    struct arena arena = {0};
    struct query *query;
    const char *note;
    xunzi_string text = TEXT("高速鐵路經過山區隧道工程建設進展順利通車時間提前公布票價方案");
    assert_ok(
        parse_query(tree_indexes[XUNZI_PROFILE_FULL], &arena, text, XUNZI_MODE_OR, &query, &note));
    assert_int_equal(query->op, QUERY_LATE);
    assert_int_equal(query->children[0]->op, QUERY_OR);
    assert_int_equal(query->children[0]->child_count, 29);
    assert_in_range(query->child_count, 2, 1 + RANKING_EXTRAS_MOST);
    assert_flags(query, false);
    arena_free(&arena);
}

/* ---- Limits ---- */

/* Parses a text of any size; returns the tree, in arena. */
static struct query *parse_large(struct arena *arena, const struct buffer *text, xunzi_mode mode,
                                 const char **note) {
    struct query *query;
    char *exact = exact_copy(text->data, text->size);
    assert_ok(parse_query(tree_indexes[XUNZI_PROFILE_BIGRAM], arena,
                          (xunzi_string){exact, text->size}, mode, &query, note));
    free(exact);
    return query;
}

static void test_a_query_of_a_megabyte(void **state) {
    (void)state;
    static const char *const units[] = {"國", "a ", "「", "\"a ", "+a ",    "-a ",  "“",       "\"",
                                        " ",  "，", "+",  "-",    "「a」 ", "\xFF", "\xE4\xB8"};
    struct buffer text = {0};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        for (int mode = XUNZI_MODE_QUERY; mode <= XUNZI_MODE_PHRASE; mode++) {
            struct arena arena = {0};
            const char *note;
            buffer_clear(&text);
            while (text.size < 1 << 20)
                assert_true(buffer_append_text(&text, units[i]));
            const struct query *query = parse_large(&arena, &text, (xunzi_mode)mode, &note);
            assert_non_null(note);
            if (query->op != QUERY_NOTHING)
                assert_non_null(strstr(note, LONG));
            arena_free(&arena);
        }
    buffer_free(&text);
}

/* Exactly the limit is read whole; of one byte more, no half character. */
static void test_the_limit_of_a_query(void **state) {
    (void)state;
    struct arena arena = {0};
    struct buffer text = {0};
    const char *note;
    while (text.size < XUNZI_MAX_QUERY_BYTES - 3)
        assert_true(buffer_append_byte(&text, ' '));
    assert_true(buffer_append_text(&text, "國"));
    struct query *query = parse_large(&arena, &text, XUNZI_MODE_OR, &note);
    assert_int_equal(query->op, QUERY_TERM);
    assert_null(note);
    text.size -= 3;
    assert_true(buffer_append_text(&text, "a國"));
    query = parse_large(&arena, &text, XUNZI_MODE_OR, &note);
    assert_int_equal(query->op, QUERY_TERM);
    assert_text(TEXT("a"), query->term);
    assert_non_null(strstr(note, LONG));
    buffer_free(&text);
    arena_free(&arena);
}

static void test_ten_thousand_terms(void **state) {
    (void)state;
    struct arena arena = {0};
    struct buffer text = {0};
    const char *note;
    for (unsigned i = 0; i < 10000; i++)
        assert_true(buffer_printf(&text, "%x ", i + 0x1000));
    assert_true(text.size < XUNZI_MAX_QUERY_BYTES);
    struct query *query = parse_large(&arena, &text, XUNZI_MODE_QUERY, &note);
    assert_int_equal(query->op, QUERY_OR);
    assert_int_equal(query->child_count, RANKING_TERMS_MOST);
    assert_non_null(strstr(note, MANY));
    query = parse_large(&arena, &text, XUNZI_MODE_AND, &note);
    assert_int_equal(query->op, QUERY_AND);
    assert_int_equal(query->child_count, 10000); /* what is asked for is asked for */
    assert_null(note);
    query = parse_large(&arena, &text, XUNZI_MODE_PHRASE, &note);
    assert_int_equal(query->op, QUERY_PHRASE);
    assert_int_equal(query->child_count, PHRASE_TERMS_MOST);
    assert_non_null(strstr(note, "a phrase of more than 1024 terms"));
    buffer_free(&text);
    arena_free(&arena);
}

/* Of too many terms those are kept that can add most: here those that occur at all. */
static void test_the_worthiest_terms_are_kept(void **state) {
    (void)state;
    struct arena arena = {0};
    struct buffer text = {0};
    const char *note;
    for (unsigned i = 0; i < 3000; i++)
        assert_true(buffer_printf(&text, "x%u ", i));
    assert_true(buffer_append_text(&text, "b c"));
    struct query *query = parse_large(&arena, &text, XUNZI_MODE_OR, &note);
    assert_int_equal(query->child_count, RANKING_TERMS_MOST);
    size_t found = 0;
    for (size_t i = 0; i < query->child_count; i++)
        found += query->children[i]->term.size == 1;
    assert_int_equal(2, found);
    buffer_free(&text);
    arena_free(&arena);
}

/* Any bytes: a tree of sound shape. */
static void assert_sound(const struct query *query) {
    assert_true(query->op <= QUERY_SOURCE);
    size_t least = query->op == QUERY_OR || query->op == QUERY_AND || query->op == QUERY_PHRASE ||
                           query->op == QUERY_MAYBE || query->op == QUERY_NOT ||
                           query->op == QUERY_LATE || query->op == QUERY_FILTER
                       ? 2
                       : 0;
    assert_in_range(query->child_count, least, least ? SIZE_MAX : 0);
    assert_true(query->op != QUERY_TERM || (query->term.size > 0 && query->weight >= 0));
    for (size_t i = 0; i < query->child_count; i++) {
        assert_int_not_equal(query->children[i]->op, QUERY_NOTHING);
        assert_true(query->op != QUERY_PHRASE || query->children[i]->op == QUERY_TERM);
        assert_true(query->op != QUERY_PHRASE || i == 0 ||
                    query->children[i]->offset > query->children[i - 1]->offset);
        assert_sound(query->children[i]);
    }
}

static void test_random_queries(void **state) {
    (void)state;
    struct buffer text = {0};
    random_seed(71);
    for (int i = 0; i < 20000; i++) {
        struct arena arena = {0};
        const char *note;
        struct query *query;
        buffer_clear(&text);
        for (uint32_t n = random_below(14); n > 0; n--) {
            if (random_below(30) == 0)
                assert_true(buffer_append_byte(&text, (char)random_below(256)));
            append_one_of(&text, "ab國人的中我们 \u3000\"“”„「」『』＂+-－＋−，.");
        }
        char *exact = exact_copy(text.data, text.size);
        assert_ok(parse_query(tree_indexes[i % 2], &arena, (xunzi_string){exact, text.size},
                              (xunzi_mode)random_below(4), &query, &note));
        free(exact);
        assert_sound(query);
        arena_free(&arena);
    }
    buffer_free(&text);
}

/* ---- Filters ---- */

static void assert_filtered(const char *since, const char *until, const char *source,
                            const char *tree) {
    struct arena arena = {0};
    struct buffer out = {0};
    struct query *query;
    const char *note;
    xunzi_search_options options = xunzi_search_options_default();
    options.since = xunzi_string_of(since);
    options.until = xunzi_string_of(until);
    options.source = xunzi_string_of(source);
    assert_ok(parse_query(tree_indexes[XUNZI_PROFILE_BIGRAM], &arena, TEXT("a b"), XUNZI_MODE_OR,
                          &query, &note));
    assert_ok(parse_filters(&arena, &options, &query));
    tree_write(query, false, &out);
    assert_text(xunzi_string_of(tree), ((xunzi_string){out.data, out.size}));
    buffer_free(&out);
    arena_free(&arena);
}

static void test_filters(void **state) {
    (void)state;
    assert_filtered("", "", "", "or(a b)");
    assert_filtered("2024", "", "", "filter(or(a b) date:20240101..99991231)");
    assert_filtered("", "2024-02", "", "filter(or(a b) date:1..20240229)");
    assert_filtered("2024-03-18", "2024-03-18", "", "filter(or(a b) date:20240318..20240318)");
    assert_filtered("2025", "2024", "",
                    "filter(or(a b) date:20250101..20241231)"); /* no document */
    assert_filtered("", "", "某報", "filter(or(a b) source:XSOURCE某报)");
    assert_filtered("2024年3月", "", "某 報",
                    "filter(or(a b) date:20240301..99991231 source:XSOURCE某 报)");
}

static void test_dates_that_are_none(void **state) {
    (void)state;
    static const char *const dates[] = {"yesterday", "2024-13", "2023-02-29",
                                        "99999",     "\033[2J", "-"};
    for (size_t i = 0; i < 2 * sizeof dates / sizeof *dates; i++) {
        struct arena arena = {0};
        struct query *query = query_new(&arena, QUERY_ALL, 0);
        xunzi_search_options options = xunzi_search_options_default();
        *(i % 2 ? &options.since : &options.until) = xunzi_string_of(dates[i / 2]);
        assert_status(XUNZI_ERROR_INVALID_ARGUMENT, parse_filters(&arena, &options, &query));
        assert_non_null(strstr(xunzi_error_message(), i % 2 ? "since" : "until"));
        assert_null(strchr(xunzi_error_message(), '\033'));
        arena_free(&arena);
    }
}

/* ---- Function characters ---- */

/* They are compared with folded text, so each is its own folding. */
static void test_function_characters(void **state) {
    (void)state;
    size_t count = 0;
    for (uint32_t c = 0; c <= 0x10FFFF; c++)
        if (is_function_character(c)) {
            assert_int_equal(c, character_entry_folded(c, character_entry(c)));
            assert_int_equal(CHARACTER_HAN, character_entry_class(character_entry(c)));
            count++;
        }
    assert_in_range(count, 40, 80);
    static const char words[] = "的了在是我他這麼們哪什為與還個裡",
                      others[] = "有不人中国水一大會報a1か";
    for (size_t at = 0; at < sizeof words - 1;) {
        uint32_t c = utf8_next(words, sizeof words - 1, &at);
        assert_true(is_function_character(character_entry_folded(c, character_entry(c))));
    }
    for (size_t at = 0; at < sizeof others - 1;) {
        uint32_t c = utf8_next(others, sizeof others - 1, &at);
        assert_false(is_function_character(character_entry_folded(c, character_entry(c))));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_language),
        cmocka_unit_test(test_slips),
        cmocka_unit_test(test_plain_modes),
        cmocka_unit_test(test_the_full_profile),
        cmocka_unit_test(test_extras_are_few_and_marked),
        cmocka_unit_test(test_a_query_of_a_megabyte),
        cmocka_unit_test(test_the_limit_of_a_query),
        cmocka_unit_test(test_ten_thousand_terms),
        cmocka_unit_test(test_the_worthiest_terms_are_kept),
        cmocka_unit_test(test_random_queries),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_dates_that_are_none),
        cmocka_unit_test(test_function_characters),
    };
    return cmocka_run_group_tests(tests, tree_set_up, tree_tear_down);
}
