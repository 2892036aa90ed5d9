/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What xunzi-searcher prints, as a user sees it: the three formats, highlighting, and that nothing
 * of a document, a query or a file name acts on the terminal. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "searcher_fixture.h"

static void test_text(void **state) {
    (void)state;
    SEARCH("專科聯盟", "協議");
    assert_int_equal(run.exit_status, 0);
    assert_string_equal(run.err, "");
    assert_holds(
        run.out,
        "1. 醫療聯盟簽約\n   coop-1 · 2021-05-03 · 雲嶺日報 · https://news.example/1\n   雲嶺醫院");
    assert_holds(run.out, "(untitled)\n   空　白 4\n   ");
    assert_holds(run.out, " documents, ");
    assert_safe(run.out, run.out_size, false);
    const char *last = strstr(run.out, "\n\n4. ");
    assert_non_null(last);
    assert_int_equal(strcmp(run.out + run.out_size - 4, " ms\n"), 0);
}

static void test_json(void **state) {
    (void)state;
    static const char *const names[] = {"query", "total", "exact", "took_us", "hits", NULL};
    static const char *const hit_names[] = {"rank",   "id",  "score",   "title", "date",
                                            "source", "url", "snippet", NULL};
    SEARCH("--format", "json", "專科聯盟\"\\");
    assert_int_equal(run.exit_status, 0);
    assert_safe(run.out, run.out_size, false);
    struct json_object *object = parse_output();
    assert_members(object, names);
    assert_string_equal(string_member(object, "query"), "專科聯盟\"\\");
    assert_true(number_member(object, "total") >= 4);
    assert_true(number_member(object, "took_us") >= 0);
    struct json_object *hits = hits_of(object);
    assert_int_equal(json_object_array_length(hits), 4);
    double above = 1e300;
    for (size_t i = 0; i < 4; i++) {
        struct json_object *hit = json_object_array_get_idx(hits, i), *score;
        assert_members(hit, hit_names);
        assert_int_equal(number_member(hit, "rank"), i + 1);
        assert_true(json_object_object_get_ex(hit, "score", &score));
        assert_true(json_object_get_double(score) > 0 && json_object_get_double(score) <= above);
        above = json_object_get_double(score);
        if (strcmp(string_member(hit, "id"), "空　白 4") == 0) {
            assert_string_equal(string_member(hit, "title"), "");
            assert_string_equal(string_member(hit, "date"), "");
            assert_string_equal(string_member(hit, "source"), "");
            assert_string_equal(string_member(hit, "url"), "");
            assert_holds(string_member(hit, "snippet"), "專科聯盟");
        }
    }
    /* What is shown is the original, and JSON gives it back unchanged. */
    assert_true(has_hit(object, "evil\033[31m"));
    json_object_put(object);
}

/* What --explain adds: the tree, the terms, and for each hit gains that add up to its score. */
static void test_explanations(void **state) {
    (void)state;
    SEARCH("--explain", "專科聯盟");
    assert_int_equal(run.exit_status, 0);
    assert_safe(run.out, run.out_size, false);
    assert_holds(run.out, "any of\n");
    assert_holds(run.out, "bigram 专科  1 x idf ");
    assert_holds(run.out, "   score ");
    SEARCH("--explain", "--format", "json", "專科聯盟");
    struct json_object *object = parse_output(), *explanation, *terms, *gains, *score, *gain;
    assert_true(json_object_object_get_ex(object, "explain", &explanation));
    assert_holds(string_member(explanation, "tree"), "bigram 联盟");
    assert_true(json_object_object_get_ex(explanation, "terms", &terms));
    assert_true(json_object_array_length(terms) >= 3);
    assert_true(number_member(json_object_array_get_idx(terms, 0), "frequency") > 0);
    struct json_object *hits = hits_of(object);
    for (size_t i = 0; i < json_object_array_length(hits); i++) {
        struct json_object *hit = json_object_array_get_idx(hits, i);
        double sum = 0, before = 1e300;
        assert_true(json_object_object_get_ex(hit, "gains", &gains));
        for (size_t g = 0; g < json_object_array_length(gains); g++) {
            struct json_object *one = json_object_array_get_idx(gains, g);
            assert_true(number_member(one, "wdf") > 0);
            assert_true(json_object_object_get_ex(one, "score", &gain));
            assert_true(json_object_get_double(gain) <= before);
            before = json_object_get_double(gain);
            sum += before;
        }
        assert_true(json_object_object_get_ex(hit, "closeness", &gain));
        sum += json_object_get_double(gain);
        assert_true(json_object_object_get_ex(hit, "score", &score));
        assert_true(fabs(sum - json_object_get_double(score)) < 1e-6 * sum);
    }
    json_object_put(object);
}

static void test_both_scripts_find_both(void **state) {
    (void)state;
    static const char *const queries[] = {"專科聯盟", "专科联盟", "專科联盟"};
    for (size_t i = 0; i < 3; i++) {
        SEARCH("--format", "json", "--mode", "phrase", queries[i]);
        struct json_object *object = parse_output();
        assert_int_equal(json_object_array_length(hits_of(object)), 4);
        assert_true(has_hit(object, "coop-1"));
        assert_true(has_hit(object, "coop-2"));
        assert_true(has_hit(object, "空　白 4"));
        json_object_put(object);
    }
    SEARCH("--format", "json", "--mode", "phrase", "ai辅助");
    struct json_object *object = parse_output();
    assert_string_equal(ids_of(object), "coop-2 ");
    json_object_put(object);
}

static void test_trec(void **state) {
    (void)state;
    SEARCH("--format", "trec", "專科聯盟");
    assert_int_equal(run.exit_status, 0);
    assert_safe(run.out, run.out_size, false);
    assert_int_equal(count_of(run.out, "\n"), 4);
    int expected_rank = 0;
    double above = 1e300;
    for (char *line = strtok(run.out, "\n"); line; line = strtok(NULL, "\n")) {
        char qid[16], q0[16], id[64], run_name[16], behind;
        int rank;
        double score;
        assert_int_equal(sscanf(line, "%15s %15s %63s %d %lf %15s %c", qid, q0, id, &rank, &score,
                                run_name, &behind),
                         6);
        assert_string_equal(qid, "1");
        assert_string_equal(q0, "Q0");
        assert_int_equal(rank, ++expected_rank);
        assert_true(score > 0 && score <= above);
        above = score;
        assert_string_equal(run_name, "xunzi");
        assert_true(strcmp(id, "coop-1") == 0 || strcmp(id, "coop-2") == 0 ||
                    strcmp(id, "evil%1B[31m") == 0 || strcmp(id, "空%E3%80%80白%204") == 0);
    }
}

static void test_count(void **state) {
    (void)state;
    SEARCH("--count", "--mode", "phrase", "專科聯盟");
    assert_int_equal(run.exit_status, 0);
    assert_string_equal(run.out, "4\n");
    SEARCH("--count", "--mode", "phrase", "專科聯盟", "--format", "trec");
    assert_string_equal(run.out, "1 4\n");
    SEARCH("--count", "--mode", "phrase", "專科聯盟", "--format=json", "-n5", "--offset", "2");
    struct json_object *object = parse_output(), *exact;
    assert_int_equal(number_member(object, "total"), 4);
    assert_true(json_object_object_get_ex(object, "exact", &exact));
    assert_true(json_object_get_boolean(exact));
    assert_int_equal(json_object_array_length(hits_of(object)), 0);
    json_object_put(object);
    SEARCH("--count", "--mode", "phrase", "龜山島");
    assert_int_equal(run.exit_status, 1);
    assert_string_equal(run.out, "0\n");
}

static void test_nothing_found(void **state) {
    (void)state;
    SEARCH("籃球錦標賽");
    assert_int_equal(run.exit_status, 1);
    assert_string_equal(run.out, "");
    assert_string_equal(run.err, "No document matches.\n");
    SEARCH("籃球錦標賽", "--format", "json");
    assert_int_equal(run.exit_status, 1);
    assert_string_equal(run.err, "");
    struct json_object *object = parse_output();
    assert_int_equal(number_member(object, "total"), 0);
    assert_int_equal(json_object_array_length(hits_of(object)), 0);
    json_object_put(object);
    SEARCH("籃球錦標賽", "--format", "trec");
    assert_int_equal(run.exit_status, 1);
    assert_string_equal(run.out, "");
}

/* What was probably meant: beside the hits in text, a member in JSON, nothing where a program
 * counts. */
static void test_suggestions(void **state) {
    (void)state;
    static const char *const names[] = {"query", "total",      "exact", "took_us",
                                        "hits",  "suggestion", NULL};
    SEARCH("--mode", "phrase", "專科連盟");
    assert_int_equal(run.exit_status, 1);
    assert_string_equal(run.out, "");
    assert_string_equal(run.err, "did you mean: 專科聯盟\nNo document matches.\n");
    SEARCH("专科连盟");
    assert_int_equal(run.exit_status, 0);
    assert_holds(run.out, "1. ");
    assert_string_equal(run.err, "did you mean: 专科联盟\n");
    SEARCH("專科連盟\033[31m\xFF");
    assert_safe(run.err, run.err_size, false);
    assert_string_equal(run.err, "did you mean: 專科聯盟\\x1B[31m\\xFF\n");
    SEARCH("--format", "json", "專科連盟");
    assert_string_equal(run.err, "");
    struct json_object *object = parse_output();
    assert_members(object, names);
    assert_string_equal(string_member(object, "suggestion"), "專科聯盟");
    json_object_put(object);
    SEARCH("--format", "trec", "專科連盟");
    assert_string_equal(run.err, "");
    SEARCH("--count", "專科連盟");
    assert_string_equal(run.err, "");
    SEARCH("專科聯盟");
    assert_string_equal(run.err, "");
    SEARCH_WITH_INPUT("專科聯盟\n專科連盟\n", strlen("專科聯盟\n專科連盟\n"), "--index", index_path,
                      "--batch", "-");
    assert_string_equal(run.err, "line 2: did you mean: 專科聯盟\n");
}

/* Removes the colours from text, in place, and gathers what was shown as a match, each followed by
 * a slash. */
static void take_colors_off(char *text, char *matches) {
    bool in_match = false;
    char *to = text;
    while (*text) {
        if (*text != '\033') {
            if (in_match)
                *matches++ = *text;
            *to++ = *text++;
            continue;
        }
        char *end = strchr(text, 'm');
        assert_non_null(end);
        if (in_match)
            *matches++ = '/';
        in_match = strncmp(text, "\033[1;31m", 7) == 0;
        text = end + 1;
    }
    *to = *matches = '\0';
}

static void test_matches_are_highlighted(void **state) {
    (void)state;
    char matches[4096];
    SEARCH("--color", "never", "--mode", "phrase", "專科聯盟");
    char *plain = strdup(run.out);
    assert_non_null(plain);
    assert_lacks(plain, "\033");
    SEARCH("--color", "always", "--mode", "phrase", "專科聯盟");
    assert_safe(run.out, run.out_size, true);
    assert_holds(run.out, "\033[1m");
    take_colors_off(run.out, matches);
    /* The same text, but for the time it took. */
    char *last = strrchr(plain, ',');
    assert_non_null(last);
    assert_memory_equal(run.out, plain, (size_t)(last - plain));
    /* In the titles of coop-2 and the hostile document, and in all four snippets. */
    assert_int_equal(count_of(matches, "專科聯盟/"), 4);
    assert_int_equal(count_of(matches, "专科联盟/"), 2);
    for (char *match = strtok(matches, "/"); match; match = strtok(NULL, "/"))
        assert_true(strstr("專科聯盟", match) || strstr("专科联盟", match));
    free(plain);
    SEARCH("--color", "auto", "專科聯盟");
    assert_lacks(run.out, "\033");
}

static void test_nothing_hostile_is_printed(void **state) {
    (void)state;
    static const char *const hostile[] = {"\033[31m", "a\xC2\x9B", "\xE2\x80\xAE", "\xFF\x9B",
                                          "\r\n\a"};
    static const char *const formats[] = {"text", "json", "trec"};
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        char query[64];
        snprintf(query, sizeof query, "危險 %s +", hostile[i]);
        for (size_t format = 0; format < 3; format++) {
            SEARCH("--format", formats[format], query);
            assert_int_equal(run.exit_status, 0);
            assert_safe(run.out, run.out_size, false);
            assert_safe(run.err, run.err_size, false);
            SEARCH("--format", formats[format], "--color=always", query);
            assert_safe(run.out, run.out_size, format == 0);
        }
        SEARCH_WITHOUT_INDEX("--analyze", hostile[i]);
        assert_safe(run.out, run.out_size, false);
        static const char *const options[] = {"--batch", "--since", "--mode",
                                              "--limit", "--color", "--format"};
        for (size_t option = 0; option < sizeof options / sizeof options[0]; option++) {
            if (strcmp(options[option], "--batch") == 0)
                SEARCH(options[option], hostile[i]);
            else
                SEARCH(options[option], hostile[i], "危險");
            assert_int_equal(run.exit_status, 2);
            assert_string_equal(run.out, "");
            assert_one_sentence("xunzi-searcher: ");
        }
        SEARCH_WITHOUT_INDEX("--index", hostile[i], "危險");
        assert_int_equal(run.exit_status, 2);
        assert_one_sentence("xunzi-searcher: ");
        char option[64];
        snprintf(option, sizeof option, "--%s", hostile[i]);
        SEARCH(option, "危險");
        assert_int_equal(run.exit_status, 2);
        assert_one_sentence("xunzi-searcher: ");
    }
}

/* Three pages of one article, in both scripts, one of them with control characters about it, and
 * another article. */
static const char *make_copies(void) {
    static const char *const heads[] = {"縣府新聞", "县府新闻", "\\u001b[31m轉載", NULL};
    static const char traditional[] =
        "湖濱鎮衛生院昨日宣佈，自下月一日起開設夜間門診，每晚六時至十時由兩名醫師值班，接診發燒與"
        "外傷的病人。院長駱雲笙說，鎮上許多工人白天無法請假，病情往往拖到週末才來就診。新設的門診"
        "附有檢驗室和藥房，報告半小時內可取。縣裡為此撥款購置一臺超聲波機器，並安排退休護士協助。";
    static const char simplified[] =
        "湖滨镇卫生院昨日宣布，自下月一日起开设夜间门诊，每晚六时至十时由两名医师值班，接诊发烧与"
        "外伤的病人。院长骆云笙说，镇上许多工人白天无法请假，病情往往拖到周末才来就诊。新设的门诊"
        "附有检验室和药房，报告半小时内可取。县里为此拨款购置一台超声波机器，并安排退休护士协助。";
    char text[8192];
    size_t size = 0;
    for (int i = 0; heads[i]; i++)
        size += (size_t)snprintf(text + size, sizeof text - size,
                                 "{\"id\":\"copy-%d%s\",\"title\":\"%s\",\"body\":\"%s\"}\n", i,
                                 i == 2 ? "\\u001b]0;" : "", heads[i],
                                 i == 1 ? simplified : traditional);
    size += (size_t)snprintf(text + size, sizeof text - size,
                             "{\"id\":\"other\",\"body\":\"鄰縣的夜間門診停辦。\"}\n");
    const char *path = runner_path("copies"), *documents = runner_write("copies.jsonl", text, size);
    runner_run(&run,
               (const char *const[]){"xunzi-indexer", "add", "--index", path, documents, NULL},
               NULL, 0, NULL);
    assert_int_equal(run.exit_status, 0);
    return path;
}

static void test_copies(void **state) {
    (void)state;
    static const char *const names[] = {"id", "title", "date", "source", "url", NULL};
    const char *const small = index_path;
    struct json_object *copies;
    index_path = make_copies();
    SEARCH("--format", "json", "夜间门诊");
    struct json_object *object = parse_output(), *hits = hits_of(object);
    assert_int_equal(number_member(object, "total"), 4);
    assert_int_equal(json_object_array_length(hits), 2);
    size_t folded = 0;
    for (size_t i = 0; i < 2; i++) {
        struct json_object *hit = json_object_array_get_idx(hits, i);
        assert_int_equal(number_member(hit, "rank"), i + 1);
        bool other = strcmp(string_member(hit, "id"), "other") == 0;
        assert_int_equal(json_object_object_get_ex(hit, "duplicates", &copies), !other);
        for (size_t k = 0; !other && k < json_object_array_length(copies); k++) {
            struct json_object *copy = json_object_array_get_idx(copies, k);
            assert_members(copy, names);
            assert_int_equal(strncmp(string_member(copy, "id"), "copy-", 5), 0);
            folded++;
        }
    }
    assert_int_equal(folded, 2);
    assert_safe(run.out, run.out_size, false);
    json_object_put(object);
    SEARCH("夜间门诊");
    assert_holds(run.out, "   also 2 copies: copy-");
    assert_int_equal(count_of(run.out, ". "), 2);
    assert_safe(run.out, run.out_size, false);
    SEARCH("--no-fold", "夜间门诊");
    assert_int_equal(run.exit_status, 0);
    assert_lacks(run.out, "also ");
    assert_holds(run.out, "4. ");
    SEARCH("--no-fold", "--format=json", "夜间门诊");
    assert_lacks(run.out, "duplicates");
    SEARCH("--format", "trec", "夜间门诊"); /* documents are judged, each for itself */
    assert_int_equal(count_of(run.out, " Q0 "), 4);
    index_path = small;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_explanations),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_both_scripts_find_both),
        cmocka_unit_test(test_trec),
        cmocka_unit_test(test_count),
        cmocka_unit_test(test_nothing_found),
        cmocka_unit_test(test_suggestions),
        cmocka_unit_test(test_matches_are_highlighted),
        cmocka_unit_test(test_nothing_hostile_is_printed),
    };
    return cmocka_run_group_tests(tests, make_collection, remove_collection);
}
