/* SPDX-License-Identifier: GPL-2.0-or-later */
/* searcher/language: operators, groups, fields, dates and prefixes; what cannot be read, and how
 * deep and long it may be. */
#include "tree_support.h"

#include <stdio.h>

#include "searcher/language.h"
#include "searcher/parse.h"
#include "searcher/prefix.h"

static const char JOINS[] = "nothing to join", OPEN[] = "a parenthesis is not closed",
                  DEEP[] = "deeper than 32", STAR[] = "any ending of a Latin word",
                  FIELDS[] = "only title:, source: and date:", DAYS[] = "date: wants a day",
                  PARTS[] = "more than 512 parts";

struct tree_case {
    const char *text, *tree, *note;
};

static void assert_trees(const struct tree_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++)
        assert_tree(XUNZI_PROFILE_BIGRAM, XUNZI_MODE_QUERY, xunzi_string_of(cases[i].text),
                    cases[i].tree, cases[i].note);
}
#define ASSERT_TREES(cases) assert_trees(cases, sizeof cases / sizeof *cases)

static void test_operators(void **state) {
    (void)state;
    static const struct tree_case cases[] = {
        {"a AND b", "and(a b)", NULL},
        {"a AND b AND c", "and(a b c)", NULL},
        {"a OR b", "or(a b)", NULL},
        {"a OR b AND c", "or(a and(b c))", NULL},
        {"a AND b OR c", "or(and(a b) c)", NULL},
        {"a b AND c", "and(or(a b) c)", NULL}, /* a sequence is joined first */
        {"a AND b c", "and(a or(b c))", NULL},
        {"a NOT b", "not(a b)", NULL},
        {"NOT a", "not(all a)", NULL},
        {"a AND NOT b", "not(a b)", NULL},
        {"NOT a AND NOT b", "not(all or(a b))", NULL},
        {"a AND -b AND c", "not(and(a c) b)", NULL},
        {"NOT a OR b", "or(not(all a) b)", NULL},
        {"中国人 AND 人民", "and(phrase(中国@0 国人@2) 人民)",
         NULL}, /* a word beside AND is a phrase */
        {"中国人 OR 人民", "or(or(中国 国人) 人民)", NULL},
        {"a ＡＮＤ b", "and(a b)", NULL},
        {"a\u3000ＯＲ\u3000b", "or(a b)", NULL},
        {"a and b", "or(a and b)", NULL}, /* capitals only */
        {"a And b", "or(a and b)", NULL},
        {"ANDa", "anda", NULL},
        {"\"AND\" a", "maybe(and a)", NULL},
        {"a AND\"b c\"", "and(a phrase(b@0 c@2))", NULL},
        {"a AND(b OR c)", "and(a or(b c))", NULL},
        {"a AND ！", "a", NULL}, /* what means nothing asks for nothing */
        {"！ OR a", "a", NULL},
        {"AND", "and", JOINS},
        {"a AND", "or(a and)", JOINS},
        {"AND a", "or(a and)", JOINS},
        {"OR OR a", "or(or a)", JOINS},
        {"a AND OR b", "and(a or(b or))", JOINS},
        {"a NOT", "or(a not)", JOINS},
        {"(a AND) b", "or(or(a and) b)", JOINS},
    };
    ASSERT_TREES(cases);
}

static void test_groups(void **state) {
    (void)state;
    static const struct tree_case cases[] = {
        {"(a b)", "or(a b)", NULL},
        {"（a b）", "or(a b)", NULL},
        {"(a OR b) c", "or(or(a b) c)", NULL}, /* a group ranks, as a word does */
        {"+(a OR b) c", "maybe(or(a b) c)", NULL},
        {"-(a b) c", "not(c or(a b))", NULL},
        {"c NOT (a b)", "not(c or(a b))", NULL},
        {"(a AND b) OR (c AND d)", "or(and(a b) and(c d))", NULL},
        {"((a))", "a", NULL},
        {"()", "nothing", "no letter"},
        {"() a", "a", NULL},
        {"a ()", "a", NULL},
        {"(a \"b c\")", "maybe(phrase(b@0 c@2) a)", NULL},
        {"醫(yī)療 (a b)", "or(or(a b) 医疗)",
         NULL}, /* a parenthesis inside a word is part of it */
        {"(醫(yī)療)", "医疗", NULL},
        {"f(x) y", "or(f x y)", NULL},
        {"合作（2023）協議", "or(2023 协议 合作)", NULL},
        {"(a b", "or(a b)", OPEN},
        {"((a b)", "or(a b)", OPEN},
        {"a b)", "or(a b)", NULL}, /* closes nothing: punctuation */
        {") a (", "a", NULL},
        {")))", "nothing", "no letter"},
        {"(", "nothing", "no letter"},
        {"(a) b) c", "or(a or(b c))", NULL},
    };
    ASSERT_TREES(cases);
}

static void test_fields(void **state) {
    (void)state;
    static const struct tree_case cases[] = {
        {"title:圖書館", "filter(or(书馆 图书) phrase(S图书*0@0 S书馆*0@2))", NULL},
        {"title:a", "filter(a Sa*0)", NULL},
        {"TITLE：a", "filter(a Sa*0)", NULL},
        {"title:a b", "maybe(filter(a Sa*0) b)", NULL},
        {"title:\"a b\" c", "maybe(filter(or(a b) phrase(Sa*0@0 Sb*0@2)) c)", NULL},
        {"-title:a b", "not(b Sa*0)", NULL},
        {"title:(a OR b)", "or(filter(a Sa*0) filter(b Sb*0))", NULL},
        {"title:(a b)", "or(filter(a Sa*0) filter(b Sb*0))", NULL},
        {"title:(+a b)", "maybe(filter(a Sa*0) filter(b Sb*0))", NULL},
        {"source:雲嶺日報", "filter(all source:XSOURCE云岭日报)", NULL},
        {"source:\"Yun Ling\" a", "filter(a source:XSOURCEyun ling)", NULL},
        {"a -source:b", "not(a source:XSOURCEb)", NULL},
        {"date:2021 a", "filter(a date:20210101..20211231)", NULL},
        {"date:2019..2021-06", "filter(all date:20190101..20210630)", NULL},
        {"date:..2020", "filter(all date:1..20201231)", NULL},
        {"date:2020-05-03..", "filter(all date:20200503..99991231)", NULL},
        {"a -date:2020", "not(a date:20200101..20201231)", NULL},
        {"date:2020 source:b a", "filter(a filter(date:20200101..20201231 source:XSOURCEb))", NULL},
        {"date:2021-02-30 a", "or(02 2021 30 a)", DAYS}, /* no such day */
        {"date:昨天", "昨天", DAYS},
        {"date:.. a", "a", DAYS},
        {"date:2020..x", "or(2020 x)", DAYS},
        {"title: a", "or(a title)", NULL}, /* nothing stands behind the colon */
        {"colour:red", "or(colour red)", FIELDS},
        {"http://a", "or(a http)", NULL},
        {"18:04", "or(04 18)", NULL},
        {"標題:a", "or(a 标题)", NULL},
    };
    ASSERT_TREES(cases);
}

static void test_prefixes(void **state) {
    (void)state;
    static const struct tree_case cases[] = {
        {"a*", "a", NULL},
        {"Ａ＊", "a", NULL},
        {"+b* c", "maybe(b c)", NULL},
        {"zebra*", "nothing", "no letter"},
        {"圖書*", "图书", STAR},
        {"x-y*", "or(x y)", STAR},
        {"*", "nothing", "no letter"},
        {"a * b", "or(a b)", NULL},
        {"\"a*\"", "a", NULL},
    };
    ASSERT_TREES(cases);
}

/* All that begin alike, over segments and live documents, each once; of many the most frequent. */
static void test_prefixes_of_many(void **state) {
    for (int sealed = 0; sealed < 2; sealed++) {
        const char *path = in_folder(state, sealed ? "sealed" : "live");
        xunzi_writer_options options = xunzi_writer_options_default();
        options.live_most = sealed ? 0 : UINT64_MAX;
        xunzi_writer *writer;
        assert_ok(xunzi_writer_open(path, &options, &writer));
        for (unsigned i = 0; i < 300; i++) {
            char id[16], body[64];
            snprintf(id, sizeof id, "%u", i);
            snprintf(body, sizeof body, "word%03u word%03u wor", i % 150, i % 7);
            const xunzi_document document = document_of(id, NULL, body, NULL, NULL);
            assert_ok(xunzi_writer_add(writer, &document));
            if (i % 100 == 99)
                assert_ok(xunzi_writer_commit(writer));
        }
        xunzi_writer_close(writer);
        xunzi_index *index = open_index(path);
        struct arena arena = {0};
        struct query *query;
        const char *note;
        assert_ok(parse_query(index, &arena, TEXT("word*"), XUNZI_MODE_QUERY, &query, &note));
        assert_null(note);
        assert_int_equal(query->op, QUERY_OR);
        assert_int_equal(query->child_count, PREFIX_TERMS_MOST);
        for (unsigned i = 0; i < 7; i++) {
            char name[16];
            snprintf(name, sizeof name, "word%03u", i);
            size_t found = 0;
            for (size_t c = 0; c < 7; c++)
                found += query->children[c]->term.size == 7 &&
                         memcmp(query->children[c]->term.data, name, 7) == 0;
            assert_int_equal(found, 1);
        }
        assert_ok(parse_query(index, &arena, TEXT("word14*"), XUNZI_MODE_QUERY, &query, &note));
        assert_int_equal(query->child_count, 10);
        xunzi_results *results;
        assert_ok(xunzi_search(index, TEXT("word14*"), NULL, &results));
        assert_int_equal(xunzi_results_total(results), 20);
        xunzi_results_free(results);
        arena_free(&arena);
        xunzi_index_close(index);
    }
}

/* Fields as a person asks for them, over both kinds of storage. */
static void test_fields_find(void **state) {
    static const struct {
        const char *text, *ids;
    } cases[] = {
        {"title:專科聯盟", "1 "},        {"title:專科", "1 2 "},
        {"title:(專科 AND 會診)", "2 "}, {"title:醫 科聯盟", "1 3 "},
        {"專科聯盟 -title:專科", "3 "},  {"source:雲嶺日報 專科", "1 "},
        {"date:2021 專科", "2 "},        {"date:..2020", "1 "},
        {"專科 AND NOT 聯盟", "2 "},     {"title:聯盟專科", ""},
        {"title:\"專科會診\"", "2 "},
    };
    for (int sealed = 0; sealed < 2; sealed++) {
        const char *path = in_folder(state, sealed ? "fields-sealed" : "fields-live");
        const xunzi_document documents[] = {
            document_of("1", "縣醫院的專科聯盟", "合作", "2020-02-02", "云岭日报"),
            document_of("2", "專科會診", "遠程專科", "2021-03-04", "澄江"),
            document_of("3", "醫", "成為專科聯盟", NULL, NULL)};
        xunzi_writer_options options = xunzi_writer_options_default();
        options.live_most = sealed ? 0 : UINT64_MAX;
        xunzi_writer *writer;
        assert_ok(xunzi_writer_open(path, &options, &writer));
        for (size_t i = 0; i < 3; i++)
            assert_ok(xunzi_writer_add(writer, &documents[i]));
        assert_ok(xunzi_writer_commit(writer));
        xunzi_writer_close(writer);
        xunzi_index *index = open_index(path);
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            xunzi_results *results;
            char ids[64] = "";
            bool hit[4] = {false};
            assert_ok(xunzi_search(index, xunzi_string_of(cases[i].text), NULL, &results));
            for (size_t h = 0; h < xunzi_results_count(results); h++)
                hit[xunzi_results_hit(results, h)->id.data[0] - '0'] = true;
            for (int id = 1; id < 4; id++)
                if (hit[id])
                    snprintf(ids + strlen(ids), sizeof ids - strlen(ids), "%d ", id);
            if (strcmp(ids, cases[i].ids) != 0)
                fail_msg("%s found %snot %s", cases[i].text, ids, cases[i].ids);
            xunzi_results_free(results);
        }
        xunzi_index_close(index);
    }
}

/* ---- limits ---- */

static struct query *parse_repeated(struct arena *arena, const char *before, const char *unit,
                                    size_t times, const char **note) {
    struct buffer text = {0};
    struct query *query;
    assert_true(buffer_append_text(&text, before));
    for (size_t i = 0; i < times; i++)
        assert_true(buffer_append_text(&text, unit));
    char *exact = exact_copy(text.data, text.size);
    assert_ok(parse_query(tree_indexes[XUNZI_PROFILE_BIGRAM], arena,
                          (xunzi_string){exact, text.size}, XUNZI_MODE_QUERY, &query, note));
    free(exact);
    buffer_free(&text);
    return query;
}

static unsigned depth_of(const struct query *query) {
    unsigned deepest = 0;
    for (size_t i = 0; i < query->child_count; i++) {
        unsigned depth = depth_of(query->children[i]);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

static size_t size_of(const struct query *query) {
    size_t size = 1;
    for (size_t i = 0; i < query->child_count; i++)
        size += size_of(query->children[i]);
    return size;
}

static void test_depth_and_length_are_bounded(void **state) {
    (void)state;
    static const char *const units[] = {
        "(",       "（",          "a (",       "+(",         "NOT (",    "title:(",
        "a AND (", "a OR (b ",    "-(a ",      "a AND ",     "a OR ",    "NOT ",
        "+a ",     "title:a ",    "source:a ", "date:2020 ", "\"a b\" ", "a* ",
        "-b* ",    "a AND b OR ", ")(",        "x:(",        "date:("};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        for (size_t times = 1; times <= 10000; times *= 10) {
            struct arena arena = {0};
            const char *note;
            const struct query *query = parse_repeated(&arena, "c ", units[i], times, &note);
            assert_in_range(depth_of(query), 1, 6 * LANGUAGE_DEPTH_MOST);
            assert_in_range(size_of(query), 1, 70000);
            arena_free(&arena);
        }
    struct arena arena = {0};
    const char *note;
    parse_repeated(&arena, "", "(a ", 1000, &note);
    assert_non_null(strstr(note, DEEP));
    const struct query *query = parse_repeated(&arena, "", "+a ", 600, &note);
    assert_non_null(strstr(note, PARTS));
    assert_in_range(size_of(query), LANGUAGE_PARTS_MOST, LANGUAGE_PARTS_MOST + 10);
    arena_free(&arena);
}

/* Any text gives a tree, and a search of it ends. */
static void test_random_texts(void **state) {
    (void)state;
    static const char *const units[] = {
        "a",    "圖書", " ", "\u3000", "(",  ")",  "（",   "）",       "AND",     "OR",
        "NOT",  "+",    "-", "＋",     "\"", "「", "」",   "title:",   "source:", "date:",
        "2020", "..",   "*", "＊",     ":",  "，", "\xFF", "\xE4\xB8", "b"};
    random_seed(5);
    for (int round = 0; round < 3000; round++) {
        struct buffer text = {0};
        size_t count = 1 + random_below(24);
        for (size_t i = 0; i < count; i++) {
            assert_true(
                buffer_append_text(&text, units[random_below(sizeof units / sizeof *units)]));
            if (random_below(3) == 0)
                assert_true(buffer_append_byte(&text, ' '));
        }
        char *exact = exact_copy(text.data, text.size);
        xunzi_results *results;
        assert_ok(xunzi_search(tree_indexes[round % 2], (xunzi_string){exact, text.size}, NULL,
                               &results));
        assert_in_range(xunzi_results_count(results), 0, 2);
        xunzi_results_free(results);
        free(exact);
        buffer_free(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operators),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test_setup_teardown(test_prefixes_of_many, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_fields_find, make_folder, remove_folder),
        cmocka_unit_test(test_depth_and_length_are_bounded),
        cmocka_unit_test(test_random_texts),
    };
    return cmocka_run_group_tests(tests, tree_set_up, tree_tear_down);
}
