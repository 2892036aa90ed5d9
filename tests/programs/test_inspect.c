/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages as a user meets them: xunzi-indexer inspect, add --keep-all, and what is found in them and
 * shown of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <json-c/json.h>

#include "program_runner.h"

static struct program_run run;

#define RUN(...) runner_run(&run, (const char *const[]){__VA_ARGS__, NULL}, NULL, 0, NULL)

static const char page[] =
    "首頁 > 衛生 > 正文\n"
    "影像室進山\n"
    "日期：2024-03-18 來源：青巖晚報 作者：丁一 點擊：350次\n"
    "青巖縣衛(wèi)生院昨日啟用新的影像室，村民不必再搭三小時的車到市裏照片子，當天就能拿到結果。\n"
    "院長說，居里‧夫人號設備由三家醫(yī)"
    "院合買，輪流派人駐點，費用按使用的次數分攤，帳目每季公開。\n"
    "編輯:卜二\n"
    "相關推薦\n"
    "· 颱風季前該檢查的七件事\n"
    "彩票官網登錄|特價機票一折起|免費領取優惠券|代開發票加微信|百倍返利限時搶|真人牌局在線玩|\n";

static struct json_object *member(struct json_object *object, const char *name) {
    struct json_object *value = NULL;
    if (!json_object_object_get_ex(object, name, &value))
        fail_msg("no member \"%s\" in %s", name, json_object_to_json_string(object));
    return value;
}

static const char *text_of(struct json_object *object, const char *name) {
    return json_object_get_string(member(object, name));
}

/* The object in array whose member `name` is value; NULL: none. */
static struct json_object *find(struct json_object *array, const char *name, const char *value) {
    for (size_t i = 0; i < json_object_array_length(array); i++) {
        struct json_object *item = json_object_array_get_idx(array, i);
        if (strcmp(text_of(item, name), value) == 0)
            return item;
    }
    return NULL;
}

static void test_inspect_as_json(void **state) {
    (void)state;
    const char *path = runner_write("page.txt", page, strlen(page));
    RUN("xunzi-indexer", "inspect", "--format", "json", path);
    assert_exit(&run, 0);
    assert_string_equal(run.err, "");
    assert_ptr_equal(strchr(run.out, '\n'), run.out + run.out_size - 1);
    struct json_object *object = json_tokener_parse(run.out);
    assert_non_null(object);
    assert_string_equal(text_of(object, "id"), path);
    assert_string_equal(text_of(object, "format"), "text");
    assert_string_equal(text_of(object, "charset"), "UTF-8");
    assert_true(strlen(text_of(object, "charset_reason")) > 0);
    static const struct {
        const char *name, *value;
        int line;
    } fields[] = {{"title", "影像室進山", 2},
                  {"date", "2024-03-18", 3},
                  {"source", "青巖晚報", 3},
                  {"author", "丁一", 3}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct json_object *field = find(member(object, "fields"), "name", fields[i].name);
        assert_non_null(field);
        assert_string_equal(text_of(field, "value"), fields[i].value);
        assert_string_equal(text_of(field, "origin"), "line");
        assert_int_equal(json_object_get_int(member(field, "line")), fields[i].line);
    }
    struct json_object *annotations = member(object, "annotations");
    assert_int_equal(json_object_get_int(member(annotations, "count")), 2);
    assert_string_equal(
        json_object_get_string(json_object_array_get_idx(member(annotations, "examples"), 0)),
        "衛(wèi)");
    struct json_object *aside = member(object, "aside");
    static const struct {
        const char *text, *reason;
        int line;
    } lines[] = {{"首頁 > 衛生 > 正文", "navigation", 1},
                 {"編輯:卜二", "credits and key words", 6},
                 {"相關推薦", "other articles", 7},
                 {"· 颱風季前該檢查的七件事", "other articles", 8}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct json_object *line = find(aside, "text", lines[i].text);
        if (!line)
            fail_msg("not set aside: %s", lines[i].text);
        assert_string_equal(text_of(line, "reason"), lines[i].reason);
        assert_int_equal(json_object_get_int(member(line, "line")), lines[i].line);
        assert_string_equal(text_of(line, "member"), "body");
    }
    assert_non_null(find(aside, "reason", "spam"));
    char *json = strdup(run.out);
    json_object_put(object);
    RUN("xunzi-indexer", "inspect", "--json", path);
    assert_string_equal(run.out, json);
    free(json);
}

/* What only export shows otherwise: author, description and key words, wherever they are from. */
static void test_inspect_further_fields(void **state) {
    (void)state;
    static const char html[] =
        "<meta name=author content=丁一><meta name=description content=山裏的影像室>"
        "<meta name=keywords "
        "content=影像,山區><p>來源：青巖晚報</p><p>青巖縣衛生院昨日啟用影像室。";
    static const char lines[] =
        "{\"body\":\"文\",\"author\":\"卜\\u4e8c\",\"keywords\":[\"影\"],\"description\":7}\n";
    static const struct {
        const char *name, *value, *origin;
    } fields[] = {{"author", "丁一", "meta author"},
                  {"description", "山裏的影像室", "meta description"},
                  {"keywords", "影像,山區", "meta keywords"}};
    RUN("xunzi-indexer", "inspect", "--json", runner_write("a.html", html, strlen(html)));
    assert_exit(&run, 0);
    struct json_object *object = json_tokener_parse(run.out);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct json_object *field = find(member(object, "fields"), "name", fields[i].name);
        assert_non_null(field);
        assert_string_equal(text_of(field, "value"), fields[i].value);
        assert_string_equal(text_of(field, "origin"), fields[i].origin);
    }
    json_object_put(object);
    RUN("xunzi-indexer", "inspect", "--json", runner_write("a.jsonl", lines, strlen(lines)));
    object = json_tokener_parse(run.out);
    struct json_object *field = find(member(object, "fields"), "name", "author");
    assert_non_null(field);
    assert_string_equal(text_of(field, "value"), "卜二");
    assert_string_equal(text_of(field, "origin"), "JSON member");
    assert_null(find(member(object, "fields"), "name", "keywords"));
    json_object_put(object);
}

static void test_inspect_for_people(void **state) {
    (void)state;
    const char *path = runner_write("page.txt", page, strlen(page));
    RUN("xunzi-indexer", "inspect", path);
    assert_exit(&run, 0);
    assert_holds(run.out, "charset");
    assert_holds(run.out, "影像室進山  (line 2)");
    assert_holds(run.out, "2 readings left out: 衛(wèi), 醫(yī)\n");
    assert_holds(run.out, "編輯:卜二  (credits and key words)");
    assert_lacks(run.out, "\033");
    /* Nothing of a page acts on a terminal. */
    static const char hostile[] =
        "題\033[2J\n正文\033]0;x\a裏有一句話，這句話很長很長很長很長很長很長很長很長。\n編輯:\033["
        "31m\n";
    path = runner_write("hostile.txt", hostile, strlen(hostile));
    RUN("xunzi-indexer", "inspect", path);
    assert_exit(&run, 0);
    assert_lacks(run.out, "\033");
    assert_lacks(run.out, "\a");
    RUN("xunzi-indexer", "inspect", "--json", path);
    assert_lacks(run.out, "\033");
}

static void test_inspect_many_and_mistakes(void **state) {
    (void)state;
    static const char lines[] = "{\"id\":\"1\",\"title\":\"醫(yī)\",\"body\":\"文\"}\nno "
                                "JSON\n{\"body\":\"二\",\"date\":\"2024\"}\n";
    RUN("xunzi-indexer", "inspect", runner_write("a.jsonl", lines, strlen(lines)),
        runner_path("missing"));
    assert_exit(&run, 1);
    assert_holds(run.out, "jsonl");
    assert_holds(run.out, "(JSON member)");
    assert_holds(run.err, "line 2");
    assert_holds(run.err, "missing");
    assert_holds(run.out, "UTF-8: JSON Lines");
    static const char gbk[] = /* 专科联盟 and 远程会诊下月开通 */
        "{\"title\":\"\xD7\xA8\xBF\xC6\xC1\xAA\xC3\xCB\",\"body\":"
        "\"\xD4\xB6\xB3\xCC\xBB\xE1\xD5\xEF"
        "\xCF\xC2\xD4\xC2\xBF\xAA\xCD\xA8\"}\n";
    RUN("xunzi-indexer", "inspect", runner_write("gbk.jsonl", gbk, strlen(gbk)));
    assert_exit(&run, 0);
    assert_holds(run.out, "GB18030: the likeliest");
    assert_holds(run.out, "专科联盟");
    RUN("xunzi-indexer", "inspect");
    assert_exit(&run, 2);
    assert_holds(run.err, "no PATH is given");
    RUN("xunzi-indexer", "inspect", "--format", "html", "x");
    assert_exit(&run, 2);
    assert_holds(run.err, "--format is text or json");
    RUN("xunzi-indexer", "inspect", "--index", "x", "y");
    assert_exit(&run, 2);
    RUN("xunzi-indexer", "inspect", "--help");
    assert_exit(&run, 0);
    assert_holds(run.out, "charset");
}

/* Whether a phrase finds the page in this index. */
static bool finds(const char *index, const char *phrase) {
    RUN("xunzi-searcher", "--index", index, "--mode", "phrase", "--format", "json", phrase);
    assert_true(run.exit_status == 0 || run.exit_status == 1);
    return run.exit_status == 0;
}

static void test_search(void **state) {
    (void)state;
    const char *path = runner_write("page.txt", page, strlen(page));
    const char *index = runner_path("article"), *all = runner_path("all");
    RUN("xunzi-indexer", "add", "--index", index, path);
    assert_exit(&run, 0);
    RUN("xunzi-indexer", "add", "--keep-all", "--index", all, path);
    assert_exit(&run, 0);
    static const char *const article[] = {"影像室進山",   "衛生院",       "三家醫院合買",
                                          "三家医院合买", "三家醫(yī)院", "居里・夫人號",
                                          "居里·夫人號",  "丁一",         "青巖晚報"};
    for (size_t i = 0; i < sizeof article / sizeof *article; i++) {
        if (!finds(index, article[i]) || !finds(all, article[i]))
            fail_msg("not found: %s", article[i]);
    }
    static const char *const frame[] = {"首頁",     "卜二",     "編輯", "颱風季前",
                                        "特價機票", "相關推薦", "點擊"};
    for (size_t i = 0; i < sizeof frame / sizeof *frame; i++) {
        if (finds(index, frame[i]))
            fail_msg("found: %s", frame[i]);
        if (!finds(all, frame[i]))
            fail_msg("not found with --keep-all: %s", frame[i]);
    }
    static const char *const readings[] = {"yī", "wèi"};
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++)
        assert_false(finds(all, readings[i]));
    RUN("xunzi-searcher", "--index", index, "--source", "青巖晚報", "--since", "2024-03",
        "--format", "json", "衛生院");
    assert_exit(&run, 0);
    assert_holds(run.out, "\"date\":\"2024-03-18\"");
    /* The highlight covers the reading; the snippet is of the article. */
    RUN("xunzi-searcher", "--index", index, "--color", "always", "三家醫院");
    assert_exit(&run, 0);
    assert_holds(run.out, "三家醫(yī)院\033[0m");
    assert_lacks(run.out, "首頁");
    RUN("xunzi-searcher", "--index", index, "--format", "json", "影像室進山");
    assert_lacks(run.out, "首頁");
    assert_lacks(run.out, "彩票");
    RUN("xunzi-indexer", "check", "--index", index);
    assert_exit(&run, 0);
    /* What is stored is the page as it was. */
    RUN("xunzi-indexer", "export", "--index", index);
    assert_exit(&run, 0);
    struct json_object *object = json_tokener_parse(run.out);
    assert_non_null(object);
    assert_string_equal(text_of(object, "body"), page);
    assert_string_equal(text_of(object, "author"), "丁一");
    json_object_put(object);
}

/* All navigation is better found than lost. */
static void test_a_page_without_an_article(void **state) {
    (void)state;
    static const char menu[] =
        "首頁 | 新聞 | 財經\n登錄 | 註冊\n相關推薦\n· 颱風季前該檢查的七件事\n版權所有：青巖在線\n";
    const char *index = runner_path("menu");
    RUN("xunzi-indexer", "add", "--index", index, runner_write("menu.txt", menu, strlen(menu)));
    assert_exit(&run, 0);
    assert_true(finds(index, "颱風季前"));
    assert_true(finds(index, "註冊"));
}

/* What JSON Lines declare wins; lines around their article are set aside all the same. */
static void test_json_lines(void **state) {
    (void)state;
    static const char line[] = "{\"id\":\"1\",\"title\":\"自有的題目\",\"date\":\"2001-01-01\","
                               "\"source\":\"自有\",\"body\":"
                               "\"影像室進山\\n日期：2024-03-18 "
                               "來源：青巖晚報\\n青巖縣衛生院昨日啟用新的影像室，村民不必再搭三小時"
                               "的車到市裏照片子。\\n編輯:卜二\\n\"}\n";
    const char *index = runner_path("lines");
    RUN("xunzi-indexer", "add", "--index", index, runner_write("lines.jsonl", line, strlen(line)));
    assert_exit(&run, 0);
    assert_true(finds(index, "影像室進山"));
    assert_false(finds(index, "卜二"));
    RUN("xunzi-searcher", "--index", index, "--format", "json", "衛生院");
    assert_holds(run.out, "自有的題目");
    assert_holds(run.out, "2001-01-01");
    assert_holds(run.out, "\"source\":\"自有\"");
}

static int free_run(void **state) {
    (void)state;
    program_run_free(&run);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_inspect_as_json, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_inspect_further_fields, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_inspect_for_people, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_inspect_many_and_mistakes, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_search, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_a_page_without_an_article, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_json_lines, begin_folder, end_folder),
    };
    return cmocka_run_group_tests(tests, NULL, free_run);
}
