/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xunzi-searcher as a user runs it: queries, filters, pages, --analyze, mistakes and failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "searcher_fixture.h"

static void test_queries_without_a_term(void **state) {
    (void)state;
    static const char *const queries[] = {"", " ", "，。！", "()", "\"\"", "+", "\x1B", "\xFF\xFE"};
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        SEARCH("--", queries[i]);
        assert_int_equal(run.exit_status, 1);
        assert_string_equal(run.out, "");
        assert_one_sentence("note: ");
    }
}

static void test_dates_and_sources(void **state) {
    (void)state;
    SEARCH("--format=json", "--sort", "date", "--since", "2020-06", "醫院 擴建");
    assert_found("coop-3 coop-2 coop-1 ");
    SEARCH("--format=json", "--sort", "date", "--until", "2022", "醫院 擴建");
    assert_found("coop-2 coop-1 ");
    SEARCH("--format=json", "--since", "2021-05-03", "--until", "2021年5月3日", "醫院 擴建");
    assert_found("coop-1 ");
    SEARCH("--format=json", "--since", "2021-05-04", "--until", "2022-02-28", "醫院 擴建");
    assert_found("");
    SEARCH("--format=json", "--sort", "date", "--source", "雲嶺日報", "醫院 擴建");
    assert_found("coop-3 coop-1 ");
    SEARCH("--format=json", "--sort", "date", "--source", "云岭日报", "醫院 擴建");
    assert_found("coop-3 coop-1 ");
    SEARCH("--format=json", "--source", "雲嶺", "醫院 擴建");
    assert_found("");
    SEARCH("--format=json", "--sort", "date", "--mode", "phrase", "專科聯盟");
    struct json_object *object = parse_output();
    assert_memory_equal(ids_of(object), "coop-2 coop-1 ", strlen("coop-2 coop-1 "));
    json_object_put(object);
}

static void test_modes(void **state) {
    (void)state;
    SEARCH("--format=json", "--sort=date", "--mode", "or", "深水泊位 遠距會診");
    assert_found("coop-3 coop-1 ");
    SEARCH("--format=json", "--mode", "and", "深水泊位 遠距會診");
    assert_found("");
    SEARCH("--format=json", "--mode", "and", "會診 協議");
    assert_found("coop-1 ");
    SEARCH("--format=json", "--mode", "phrase", "聯盟專科");
    assert_found("");
    SEARCH("--format=json", "聯盟", "-協議", "-覆盖", "-危險");
    assert_found("空　白 4 ");
}

static void test_limit_and_offset(void **state) {
    (void)state;
    SEARCH("--format=json", "專科聯盟");
    struct json_object *all = parse_output();
    char expected[512], pages[512] = "";
    snprintf(expected, sizeof expected, "%s", ids_of(all));
    json_object_put(all);
    for (int offset = 0; offset < 4; offset++) {
        char text[16];
        snprintf(text, sizeof text, "%d", offset);
        SEARCH("--format=json", "-n", "1", "--offset", text, "專科聯盟");
        assert_int_equal(run.exit_status, 0);
        struct json_object *page = parse_output(), *hits = hits_of(page);
        assert_int_equal(json_object_array_length(hits), 1);
        assert_int_equal(number_member(json_object_array_get_idx(hits, 0), "rank"), offset + 1);
        size_t used = strlen(pages);
        snprintf(pages + used, sizeof pages - used, "%s", ids_of(page));
        json_object_put(page);
    }
    assert_string_equal(pages, expected);

    SEARCH("--offset", "4", "專科聯盟");
    assert_int_equal(run.exit_status, 1);
    assert_string_equal(run.err, "No more hits.\n");
    SEARCH("--limit=18446744073709551615", "--offset=18446744073709551615", "專科聯盟");
    assert_int_equal(run.exit_status, 1);
    SEARCH("--limit", "18446744073709551615", "--format=json", "專科聯盟");
    assert_found(expected);
    SEARCH("--limit", "0", "專科聯盟");
    assert_int_equal(run.exit_status, 0);
    assert_int_equal(count_of(run.out, "\n"), 1);
    assert_holds(run.out, " documents, ");
}

static void test_analyze(void **state) {
    (void)state;
    SEARCH_WITHOUT_INDEX("--analyze", "聯盟 AI");
    assert_int_equal(run.exit_status, 0);
    assert_holds(run.out, "bigram\t0\t0-6\t联盟\n");
    assert_holds(run.out, "character\t0\t0-3\t联\n");
    assert_holds(run.out, "\t7-9\tai\n");
    assert_holds(run.out, "latin\t");
    SEARCH("--analyze", "聯盟 AI");
    assert_int_equal(run.exit_status, 0);
    assert_holds(run.out, "bigram\t0\t0-6\t联盟\n");
    SEARCH_WITHOUT_INDEX("--analyze", "，。");
    assert_int_equal(run.exit_status, 1);
    assert_string_equal(run.out, "");
    SEARCH_WITHOUT_INDEX("--analyze", "");
    assert_int_equal(run.exit_status, 1);
    SEARCH_WITHOUT_INDEX("--index", runner_path("missing"), "--analyze", "聯盟");
    assert_int_equal(run.exit_status, 2);
    assert_one_sentence("xunzi-searcher: ");
}

static void test_like(void **state) {
    (void)state;
    SEARCH("--format=json", "--like", "coop-1", "-n", "1");
    assert_int_equal(run.exit_status, 0);
    struct json_object *object = parse_output();
    static const char *const members[] = {"like", "total", "exact", "took_us", "hits", NULL};
    assert_members(object, members);
    assert_string_equal(string_member(object, "like"), "coop-1");
    assert_string_equal(ids_of(object), "coop-2 ");
    json_object_put(object);
    SEARCH("--like", "coop-1", "--source", "雲嶺日報", "--until", "2022");
    assert_int_equal(run.exit_status, 1);
    assert_string_equal(run.err, "No document matches.\n");
    SEARCH("--like", "evil\033[31m", "--format", "trec");
    assert_int_equal(run.exit_status, 0);
    assert_memory_equal(run.out, "1 Q0 ", strlen("1 Q0 "));
    assert_lacks(run.out, "evil");
    SEARCH("--like", "coop-2", "--explain");
    assert_holds(run.out, "the document coop-2\n");
    static const char *const unknown[] = {"", "coop", "coop-1 ", "\x1B]0;\x07", "\xFF"};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        SEARCH("--like", unknown[i]);
        assert_int_equal(run.exit_status, 2);
        assert_string_equal(run.out, "");
        assert_one_sentence("xunzi-searcher: ");
        assert_holds(run.err, "has no document with the id");
    }
}

/* 專科聯盟 as old terminals write it. */
#define BIG5 "\xB1\x4D\xAC\xEC\xC1\x70\xB7\xF9"
#define GBK "\x8C\xA3\xBF\xC6\xC2\x93\xC3\xCB"

static void test_other_charsets(void **state) {
    (void)state;
    static const struct {
        const char *query, *charset;
    } queries[] = {{BIG5, "Big5-HKSCS"}, {GBK, "GB18030"}};
    SEARCH("--format=json", "專科聯盟");
    struct json_object *object = parse_output();
    char expected[256];
    snprintf(expected, sizeof expected, "%s", ids_of(object));
    json_object_put(object);
    for (size_t i = 0; i < 2; i++) {
        char note[128], lines[256];
        SEARCH("--format=json", queries[i].query);
        assert_found(expected);
        snprintf(note, sizeof note, "note: the query is not UTF-8; it was read as %s\n",
                 queries[i].charset);
        assert_string_equal(run.err, note);
        assert_holds(run.out, "{\"query\":\"專科聯盟\",");
        snprintf(lines, sizeof lines, "港口\nq2\t%s\n", queries[i].query);
        SEARCH_WITH_INPUT(lines, strlen(lines), "--index", index_path, "--batch", "-", "--count");
        assert_string_equal(run.out, "1\n4\n");
        assert_holds(run.err, "note: line 2: the query is not UTF-8; it was read as ");
    }
    /* 雲嶺日報 */
    SEARCH("--format=json", "--source", "\xB6\xB3\xC0\xAD\xA4\xE9\xB3\xF8", "港口");
    assert_found("coop-3 ");
    assert_string_equal(run.err,
                        "xunzi-searcher: --source is not UTF-8; it was read as Big5-HKSCS\n");
    /* Two bytes that are 泊 in GBK and, likelier, 眼 in Big5: the locale decides. */
    SEARCH("--format=json", "\xB2\xB4");
    assert_found("");
    setenv("LC_ALL", "zh_CN.GBK@pinyin", 1);
    SEARCH("--format=json", "\xB2\xB4");
    assert_found("coop-3 ");
    setenv("LC_ALL", "C", 1);
}

/* What is no text in any charset is looked for as far as it is UTF-8. */
static void test_invalid_bytes(void **state) {
    (void)state;
    SEARCH("--format=json", "港口\xFF");
    assert_found("coop-3 ");
    assert_string_equal(run.err, "");
    SEARCH("--format=json", "港口擴\xE5\xBB"); /* cut */
    assert_found("coop-3 ");
    char all[256];
    size_t count = 0;
    for (unsigned byte = 1; byte < 256; byte++)
        all[count++] = (char)byte;
    all[count] = '\0';
    SEARCH("--", all);
    assert_in_range(run.exit_status, 0, 1);
    assert_safe(run.err, run.err_size, false);
    setenv("LC_ALL", "zh_TW.no-such-charset", 1);
    SEARCH("--format=json", "港口\xFF");
    assert_found("coop-3 ");
    setenv("LC_ALL", "C", 1);
}

static void test_usage_mistakes(void **state) {
    (void)state;
    static const char *const mistakes[][6] = {
        {"x", "--limit", "-1"},
        {"x", "--limit", "1x"},
        {"x", "--limit", ""},
        {"x", "--limit", " 1"},
        {"x", "-n", "+1"},
        {"x", "--limit", "18446744073709551616"},
        {"x", "--offset", "ten"},
        {"x", "--format", "xml"},
        {"x", "--sort", "size"},
        {"x", "--color", "blue"},
        {"x", "--mode", "fuzzy"},
        {"x", "--since", ""},
        {"x", "--until", ""},
        {"x", "--source", ""},
        {"x", "--bogus"},
        {"x", "-q"},
        {"x", "--limit"},
        {"x", "--count=yes"},
        {"x", "--facet", "colour"},
        {"x", "--batch", "-"},
        {"x", "--analyze", "y"},
        {"--batch", "-", "--analyze", "y"},
        {"x", "--like", "y"},
        {"--batch", "-", "--like", "y"},
        {"--like"},
        {"--count"},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        const char *arguments[10] = {"xunzi-searcher", "--index", index_path};
        for (size_t j = 0; j < 6 && mistakes[i][j]; j++)
            arguments[3 + j] = mistakes[i][j];
        runner_run(&run, arguments, NULL, 0, NULL);
        if (run.exit_status != 2)
            fail_msg("mistake %zu (%s): exit status %d", i, mistakes[i][1], run.exit_status);
        assert_string_equal(run.out, "");
        assert_one_sentence("xunzi-searcher: ");
        assert_true(count_of(run.err, "\n") <= 2);
    }
    SEARCH("聯盟", "--since", "someday");
    assert_int_equal(run.exit_status, 2);
    assert_holds(run.err, "someday");
    SEARCH_WITHOUT_INDEX("聯盟");
    assert_int_equal(run.exit_status, 2);
    assert_holds(run.err, "--index");
}

static void test_what_is_no_collection(void **state) {
    (void)state;
    const char *file = runner_write("file", "text\n", 5);
    const char *const places[] = {runner_path("nowhere"), file, runner_path(".")};
    for (size_t i = 0; i < 3; i++) {
        SEARCH_WITHOUT_INDEX("--index", places[i], "聯盟");
        assert_int_equal(run.exit_status, 2);
        assert_string_equal(run.out, "");
        assert_one_sentence("xunzi-searcher: ");
        assert_int_equal(count_of(run.err, "\n"), 1);
        assert_holds(run.err, places[i]);
    }
}

static void test_help_and_version(void **state) {
    (void)state;
    static const char *const options[] = {
        "--index", "--limit", "--offset", "--format",  "--count",  "--sort",
        "--since", "--until", "--source", "--color",   "--mode",   "--batch",
        "--like",  "--help",  "-n",       "--analyze", "--version"};
    SEARCH_WITHOUT_INDEX("--help");
    assert_int_equal(run.exit_status, 0);
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        assert_holds(run.out, options[i]);
    for (char *line = strtok(run.out, "\n"); line; line = strtok(NULL, "\n")) {
        if (strlen(line) > 79 + 6) /* 年月日 take two columns each but three bytes */
            fail_msg("too long: %s", line);
    }
    SEARCH_WITHOUT_INDEX("--version");
    assert_int_equal(run.exit_status, 0);
    assert_string_equal(run.out, "xunzi-searcher 0.1.0\n");
}

static void test_a_full_disk_is_told(void **state) {
    (void)state;
    static const char *const formats[] = {"text", "json", "trec"};
    for (size_t i = 0; i < 3; i++) {
        runner_run(&run,
                   (const char *const[]){"xunzi-searcher", "--index", index_path, "--format",
                                         formats[i], "聯盟", NULL},
                   NULL, 0, "/dev/full");
        assert_int_equal(run.exit_status, 2);
        assert_one_sentence("xunzi-searcher: cannot write to standard output");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queries_without_a_term),
        cmocka_unit_test(test_dates_and_sources),
        cmocka_unit_test(test_modes),
        cmocka_unit_test(test_limit_and_offset),
        cmocka_unit_test(test_analyze),
        cmocka_unit_test(test_like),
        cmocka_unit_test(test_other_charsets),
        cmocka_unit_test(test_invalid_bytes),
        cmocka_unit_test(test_usage_mistakes),
        cmocka_unit_test(test_what_is_no_collection),
        cmocka_unit_test(test_help_and_version),
        cmocka_unit_test(test_a_full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, make_collection, remove_collection);
}
