/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xunzi-searcher as a user runs it, on a small collection that the real xunzi-indexer has made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <json-c/json.h>
#include <unicode/uchar.h>

#include "base/utf8.h"
#include "program_runner.h"

/* Both scripts, a document without a title, and one that would drive a terminal: escape sequences, a C1 control as a character, a
 * bidirectional override, a carriage return and a NUL, in every field. */
static const char DOCUMENTS[] =
    "{\"id\":\"coop-1\",\"title\":\"醫療聯盟簽約\",\"body\":\"雲嶺醫院與澄江醫院簽署專科聯盟協議，開展遠距會診。\","
    "\"date\":\"2021-05-03\",\"source\":\"雲嶺日報\",\"url\":\"https://news.example/1\"}\n"
    "{\"id\":\"coop-2\",\"title\":\"专科联盟成立\",\"body\":\"澄江医院牵头成立专科联盟，覆盖十二家基层医院。AI辅助诊断同步上线。\","
    "\"date\":\"2022年3月1日\",\"source\":\"澄江晚报\",\"url\":\"https://news.example/2\"}\n"
    "{\"id\":\"coop-3\",\"title\":\"港口擴建\",\"body\":\"北灣港擴建工程開工，新增三個深水泊位。\","
    "\"date\":\"2023/1/15\",\"source\":\"雲嶺日報\"}\n"
    "{\"id\":\"空　白 4\",\"body\":\"沒有標題的文字，提到專科聯盟一次。\"}\n"
    "{\"id\":\"evil\\u001b[31m\",\"title\":\"\\u001b]0;標題\\u0007專科聯盟\\u009b2J\",\"body\":\"\\u202e危險\\u0000的專科聯盟\\u001b[2J\\r\\n"
    "第二行\\u2028\\u009c\\u007f\",\"date\":\"2020\\u001b\",\"source\":\"\\u001bX源\",\"url\":\"https://\\u001b/\"}\n";

static const char *index_path;
static struct program_run run;

#define SEARCH_WITH_INPUT(input, size, ...) \
    runner_run(&run, (const char *const[]){"xunzi-searcher", __VA_ARGS__, NULL}, input, size, NULL)
#define SEARCH(...) SEARCH_WITH_INPUT(NULL, 0, "--index", index_path, __VA_ARGS__)
#define SEARCH_WITHOUT_INDEX(...) SEARCH_WITH_INPUT(NULL, 0, __VA_ARGS__)

static int make_collection(void **state) {
    (void)state;
    runner_begin();
    index_path = runner_path("collection");
    const char *documents = runner_write("documents.jsonl", DOCUMENTS, strlen(DOCUMENTS));
    runner_run(&run, (const char *const[]){"xunzi-indexer", "add", "--index", index_path, documents, NULL}, NULL, 0,
               NULL);
    if (run.exit_status != 0)
        fail_msg("xunzi-indexer: exit status %d, %s", run.exit_status, run.err);
    return 0;
}

static int remove_collection(void **state) {
    (void)state;
    program_run_free(&run);
    runner_end();
    return 0;
}

/* Asserts that text holds nothing that a terminal acts on but line feeds and, where colour was asked for, colours. */
static void assert_safe(const char *text, size_t size, bool color) {
    for (size_t at = 0; at < size;) {
        if (color && text[at] == '\033') {
            size_t parameters = strspn(text + at + 1, "[0123456789;") + at + 1;
            assert_true(parameters > at + 1);
            assert_int_equal(text[parameters], 'm');
            at = parameters + 1;
            continue;
        }
        size_t start = at;
        uint32_t code_point = utf8_next(text, size, &at);
        if (code_point == UTF8_ILL_FORMED)
            fail_msg("ill-formed UTF-8 was printed: byte %02X", (unsigned char)text[start]);
        UChar32 c = (UChar32)code_point;
        bool layout = code_point == '\n' || code_point == '\t';
        if ((u_charType(c) == U_CONTROL_CHAR && !layout) || u_hasBinaryProperty(c, UCHAR_BIDI_CONTROL) ||
            code_point == 0x2028 || code_point == 0x2029)
            fail_msg("U+%04X was printed", (unsigned)code_point);
    }
}

static void assert_one_sentence(const char *beginning) {
    assert_memory_equal(run.err, beginning, strlen(beginning));
    assert_int_equal(run.err[run.err_size - 1], '\n');
    assert_safe(run.err, run.err_size, false);
}

static size_t count_of(const char *text, const char *part) {
    size_t count = 0;
    for (const char *found = strstr(text, part); found; found = strstr(found + strlen(part), part))
        count++;
    return count;
}

static void assert_holds(const char *text, const char *part) {
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in: %s", part, text);
}

static void assert_lacks(const char *text, const char *part) {
    if (strstr(text, part))
        fail_msg("\"%s\" is in: %s", part, text);
}

/* Parses one line of JSON output; the caller puts the object. */
static struct json_object *parse_line(const char *line, size_t size) {
    struct json_tokener *tokener = json_tokener_new();
    assert_non_null(tokener);
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    struct json_object *object = json_tokener_parse_ex(tokener, line, (int)size);
    if (json_tokener_get_error(tokener) != json_tokener_success || json_tokener_get_parse_end(tokener) != size)
        fail_msg("not JSON: %.*s", (int)size, line);
    json_tokener_free(tokener);
    return object;
}

static struct json_object *parse_output(void) {
    assert_int_equal(count_of(run.out, "\n"), 1);
    return parse_line(run.out, run.out_size - 1);
}

static const char *string_member(struct json_object *object, const char *name) {
    struct json_object *value;
    if (!json_object_object_get_ex(object, name, &value) || !json_object_is_type(value, json_type_string))
        fail_msg("no string member %s in %s", name, json_object_to_json_string(object));
    return json_object_get_string(value);
}

static int64_t number_member(struct json_object *object, const char *name) {
    struct json_object *value;
    if (!json_object_object_get_ex(object, name, &value) || !json_object_is_type(value, json_type_int))
        fail_msg("no whole number %s in %s", name, json_object_to_json_string(object));
    return json_object_get_int64(value);
}

static struct json_object *hits_of(struct json_object *object) {
    struct json_object *hits;
    assert_true(json_object_object_get_ex(object, "hits", &hits));
    assert_true(json_object_is_type(hits, json_type_array));
    return hits;
}

/* Whether the last JSON answer has a hit of that id. */
static bool has_hit(struct json_object *object, const char *id) {
    struct json_object *hits = hits_of(object);
    for (size_t i = 0; i < json_object_array_length(hits); i++) {
        if (strcmp(string_member(json_object_array_get_idx(hits, i), "id"), id) == 0)
            return true;
    }
    return false;
}

static void assert_members(struct json_object *object, const char *const *names) {
    struct json_object_iterator at = json_object_iter_begin(object), end = json_object_iter_end(object);
    for (; *names; names++, json_object_iter_next(&at)) {
        assert_false(json_object_iter_equal(&at, &end));
        assert_string_equal(json_object_iter_peek_name(&at), *names);
    }
    assert_true(json_object_iter_equal(&at, &end));
}

/* The ids of a JSON answer, each followed by a space. Lives until the next call. */
static const char *ids_of(struct json_object *object) {
    static char ids[512];
    struct json_object *hits = hits_of(object);
    ids[0] = '\0';
    for (size_t i = 0; i < json_object_array_length(hits); i++) {
        size_t used = strlen(ids);
        snprintf(ids + used, sizeof ids - used, "%s ", string_member(json_object_array_get_idx(hits, i), "id"));
    }
    return ids;
}

static void test_text(void **state) {
    (void)state;
    SEARCH("專科聯盟", "協議");
    assert_int_equal(run.exit_status, 0);
    assert_string_equal(run.err, "");
    assert_holds(run.out, "1. 醫療聯盟簽約\n   coop-1 · 2021-05-03 · 雲嶺日報 · https://news.example/1\n   雲嶺醫院");
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
    static const char *const hit_names[] = {"rank", "id", "score", "title", "date", "source", "url", "snippet", NULL};
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
        assert_int_equal(sscanf(line, "%15s %15s %63s %d %lf %15s %c", qid, q0, id, &rank, &score, run_name, &behind), 6);
        assert_string_equal(qid, "1");
        assert_string_equal(q0, "Q0");
        assert_int_equal(rank, ++expected_rank);
        assert_true(score > 0 && score <= above);
        above = score;
        assert_string_equal(run_name, "xunzi");
        assert_true(strcmp(id, "coop-1") == 0 || strcmp(id, "coop-2") == 0 || strcmp(id, "evil%1B[31m") == 0 ||
                    strcmp(id, "空%E3%80%80白%204") == 0);
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

/* Removes the colours from text, in place, and gathers what was shown as a match, each followed by a slash. */
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
    assert_int_equal(strlen(matches), 6 * strlen("專科聯盟/"));
    free(plain);
    SEARCH("--color", "auto", "專科聯盟");
    assert_lacks(run.out, "\033");
}

static void test_nothing_hostile_is_printed(void **state) {
    (void)state;
    static const char *const hostile[] = {"\033[31m", "a\xC2\x9B", "\xE2\x80\xAE", "\xFF\x9B", "\r\n\a"};
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
        static const char *const options[] = {"--batch", "--since", "--mode", "--limit", "--color", "--format"};
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

static void assert_found(const char *expected_ids) {
    assert_int_equal(run.exit_status, *expected_ids ? 0 : 1);
    struct json_object *object = parse_output();
    assert_string_equal(ids_of(object), expected_ids);
    json_object_put(object);
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

static void test_batch(void **state) {
    (void)state;
    static const char batch[] = "\xEF\xBB\xBFq1\t會診 協議\r\n"
                                "\n"
                                "  \t \r\n"
                                "深水泊位\n"
                                "q 3\x1B\t籃球錦標賽\n"
                                "q4\t\n"
                                "q5\t专科联盟成立";
    const char *path = runner_write("batch.tsv", batch, sizeof batch - 1);
    SEARCH("--mode", "and", "--batch", path, "--format", "trec");
    assert_int_equal(run.exit_status, 0);
    char *score;
    assert_int_equal(count_of(run.out, "\n"), 3);
    assert_memory_equal(run.out, "q1 Q0 coop-1 1 ", 15);
    assert_holds(run.out, "\n4 Q0 coop-3 1 ");
    score = strstr(run.out, "\nq5 Q0 coop-2 1 ");
    assert_non_null(score);
    assert_one_sentence("note: line 6: ");

    SEARCH("--mode", "and", "--count", "--batch", path);
    assert_string_equal(run.out, "1\n1\n0\n0\n1\n");
    SEARCH("--mode", "and", "--count", "--batch", path, "--format=trec");
    assert_string_equal(run.out, "q1 1\n4 1\nq%203%1B 0\nq4 0\nq5 1\n");

    SEARCH_WITH_INPUT(batch, sizeof batch - 1, "--index", index_path, "--mode=and", "--batch=-", "--format=json");
    assert_int_equal(run.exit_status, 0);
    assert_safe(run.out, run.out_size, false);
    static const char *const queries[] = {"會診 協議", "深水泊位", "籃球錦標賽", "", "专科联盟成立"};
    static const char *const qids[] = {"q1", NULL, "q 3\033", "q4", "q5"};
    const char *line = run.out;
    for (size_t i = 0; i < 5; i++) {
        static const char *const names[] = {"qid", "query", "total", "exact", "took_us", "hits", NULL};
        const char *end = strchr(line, '\n');
        assert_non_null(end);
        struct json_object *object = parse_line(line, (size_t)(end - line));
        assert_members(object, qids[i] ? names : names + 1);
        assert_string_equal(string_member(object, "query"), queries[i]);
        if (qids[i])
            assert_string_equal(string_member(object, "qid"), qids[i]);
        json_object_put(object);
        line = end + 1;
    }
    assert_string_equal(line, "");

    SEARCH("--mode", "and", "--batch", path);
    assert_int_equal(run.exit_status, 0);
    assert_safe(run.out, run.out_size, false);
    assert_memory_equal(run.out, "[q1] 會診 協議\n1. 醫療聯盟簽約\n", strlen("[q1] 會診 協議\n1. 醫療聯盟簽約\n"));
    assert_holds(run.out, "\n[4] 深水泊位\n1. 港口擴建\n");
    assert_holds(run.out, "\n[q 3\\x1B] 籃球錦標賽\n0 documents, ");
}

static void test_batch_exit_status(void **state) {
    (void)state;
    SEARCH_WITH_INPUT("籃球錦標賽\n", strlen("籃球錦標賽\n"), "--index", index_path, "--batch", "-", "--format=trec");
    assert_int_equal(run.exit_status, 1);
    assert_string_equal(run.out, "");
    SEARCH("--batch", "-");
    assert_int_equal(run.exit_status, 1);
    assert_string_equal(run.out, "");
    SEARCH("--batch", runner_path("missing"));
    assert_int_equal(run.exit_status, 2);
    assert_one_sentence("xunzi-searcher: cannot open the batch file ");
    SEARCH("--batch", index_path);
    assert_int_equal(run.exit_status, 2);
    assert_one_sentence("xunzi-searcher: ");
    SEARCH_WITH_INPUT("泊位\n泊位\n", strlen("泊位\n泊位\n"), "--index", index_path, "--batch", "-", "--since", "someday");
    assert_int_equal(run.exit_status, 2);
    assert_one_sentence("xunzi-searcher: standard input, line 1: ");
    assert_int_equal(count_of(run.err, "\n"), 1);
}

/* A line of a megabyte is cut with a note, one whose query id is too long is named, and what is behind them is answered. */
static void test_batch_of_oversized_lines(void **state) {
    (void)state;
    enum { MEGABYTE = 1 << 20 };
    static const char behind[] = "\nend\t深水泊位\n";
    char *batch = malloc(2 * (MEGABYTE + 1) + sizeof behind);
    assert_non_null(batch);
    size_t size = 0;
    while (size < MEGABYTE) {
        memcpy(batch + size, "深水泊位 ", strlen("深水泊位 "));
        size += strlen("深水泊位 ");
    }
    batch[size++] = '\n';
    memset(batch + size, 'i', MEGABYTE / 2);
    size += MEGABYTE / 2;
    batch[size++] = '\t';
    memcpy(batch + size, behind, sizeof behind - 1);
    size += sizeof behind - 1;
    const char *path = runner_write("oversized.tsv", batch, size);
    free(batch);
    SEARCH("--batch", path, "--format=trec");
    assert_int_equal(run.exit_status, 2);
    assert_memory_equal(run.out, "1 Q0 coop-3 1 ", 14);
    assert_holds(run.out, "\nend Q0 coop-3 1 ");
    assert_one_sentence("note: line 1: ");
    assert_holds(run.err, "xunzi-searcher: ");
    assert_holds(run.err, ", line 2: the query id is over the limit");
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

static void test_usage_mistakes(void **state) {
    (void)state;
    static const char *const mistakes[][6] = {
        {"x", "--limit", "-1"},        {"x", "--limit", "1x"},       {"x", "--limit", ""},
        {"x", "--limit", " 1"},        {"x", "-n", "+1"},            {"x", "--limit", "18446744073709551616"},
        {"x", "--offset", "ten"},      {"x", "--format", "xml"},     {"x", "--sort", "size"},
        {"x", "--color", "blue"},      {"x", "--mode", "fuzzy"},     {"x", "--since", ""},
        {"x", "--until", ""},          {"x", "--source", ""},        {"x", "--bogus"},
        {"x", "-q"},                   {"x", "--limit"},             {"x", "--count=yes"},
        {"x", "--facet", "source"},    {"x", "--explain"},           {"x", "--batch", "-"},
        {"x", "--analyze", "y"},       {"--batch", "-", "--analyze", "y"}, {"--count"},
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
    SEARCH("x", "--facet", "source");
    assert_string_equal(run.err, "xunzi-searcher: --facet is not supported yet\n");
    SEARCH("x", "--explain");
    assert_string_equal(run.err, "xunzi-searcher: --explain is not supported yet\n");
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
    static const char *const options[] = {"--index", "--limit", "--offset",  "--format", "--count", "--sort",
                                          "--since", "--until", "--source",  "--color",  "--mode",  "--batch",
                                          "--help",  "-n",      "--analyze", "--version"};
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
                   (const char *const[]){"xunzi-searcher", "--index", index_path, "--format", formats[i], "聯盟", NULL},
                   NULL, 0, "/dev/full");
        assert_int_equal(run.exit_status, 2);
        assert_one_sentence("xunzi-searcher: cannot write to standard output");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_both_scripts_find_both),
        cmocka_unit_test(test_trec),
        cmocka_unit_test(test_count),
        cmocka_unit_test(test_nothing_found),
        cmocka_unit_test(test_queries_without_a_term),
        cmocka_unit_test(test_matches_are_highlighted),
        cmocka_unit_test(test_nothing_hostile_is_printed),
        cmocka_unit_test(test_dates_and_sources),
        cmocka_unit_test(test_modes),
        cmocka_unit_test(test_limit_and_offset),
        cmocka_unit_test(test_batch),
        cmocka_unit_test(test_batch_exit_status),
        cmocka_unit_test(test_batch_of_oversized_lines),
        cmocka_unit_test(test_analyze),
        cmocka_unit_test(test_usage_mistakes),
        cmocka_unit_test(test_what_is_no_collection),
        cmocka_unit_test(test_help_and_version),
        cmocka_unit_test(test_a_full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, make_collection, remove_collection);
}
