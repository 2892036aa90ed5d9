/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The collection, and what the tests of xunzi-searcher ask of an answer. */
#include "searcher_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <unicode/uchar.h>

#include "base/utf8.h"

/* Both scripts, a document without a title, and one that would drive a terminal: escape sequences,
 * a C1 control as a character, a bidirectional override, a carriage return and a NUL, in every
 * field. */
static const char DOCUMENTS[] =
    "{\"id\":\"coop-1\",\"title\":\"醫療聯盟簽約\",\"body\":"
    "\"雲嶺醫院與澄江醫院簽署專科聯盟協議，開展遠距會診。\","
    "\"date\":\"2021-05-03\",\"source\":\"雲嶺日報\",\"url\":\"https://news.example/1\"}\n"
    "{\"id\":\"coop-2\",\"title\":\"专科联盟成立\",\"body\":"
    "\"澄江医院牵头成立专科联盟，覆盖十二家基层医院。AI辅助诊断同步上线。\","
    "\"date\":\"2022年3月1日\",\"source\":\"澄江晚报\",\"url\":\"https://news.example/2\"}\n"
    "{\"id\":\"coop-3\",\"title\":\"港口擴建\",\"body\":\"北灣港擴建工程開工，新增三個深水泊位。\","
    "\"date\":\"2023/1/15\",\"source\":\"雲嶺日報\"}\n"
    "{\"id\":\"空　白 4\",\"body\":\"沒有標題的文字，提到專科聯盟一次。\"}\n"
    "{\"id\":\"evil\\u001b[31m\",\"title\":\"\\u001b]0;標題\\u0007專科聯盟\\u009b2J\",\"body\":"
    "\"\\u202e危險\\u0000的專科聯盟\\u001b[2J\\r\\n"
    "第二行\\u2028\\u009c\\u007f\",\"date\":\"2020\\u001b\",\"source\":\"\\u001bX源\",\"url\":"
    "\"https://\\u001b/\"}\n";

const char *index_path;
struct program_run run;

int make_collection(void **state) {
    (void)state;
    runner_begin();
    index_path = runner_path("collection");
    const char *documents = runner_write("documents.jsonl", DOCUMENTS, strlen(DOCUMENTS));
    runner_run(
        &run, (const char *const[]){"xunzi-indexer", "add", "--index", index_path, documents, NULL},
        NULL, 0, NULL);
    if (run.exit_status != 0)
        fail_msg("xunzi-indexer: exit status %d, %s", run.exit_status, run.err);
    return 0;
}

int remove_collection(void **state) {
    (void)state;
    program_run_free(&run);
    runner_end();
    return 0;
}

/* Asserts that text holds nothing that a terminal acts on but line feeds and, where colour was
 * asked for, colours. */
void assert_safe(const char *text, size_t size, bool color) {
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
        if ((u_charType(c) == U_CONTROL_CHAR && !layout) ||
            u_hasBinaryProperty(c, UCHAR_BIDI_CONTROL) || code_point == 0x2028 ||
            code_point == 0x2029)
            fail_msg("U+%04X was printed", (unsigned)code_point);
    }
}

void assert_one_sentence(const char *beginning) {
    assert_memory_equal(run.err, beginning, strlen(beginning));
    assert_int_equal(run.err[run.err_size - 1], '\n');
    assert_safe(run.err, run.err_size, false);
}

size_t count_of(const char *text, const char *part) {
    size_t count = 0;
    for (const char *found = strstr(text, part); found; found = strstr(found + strlen(part), part))
        count++;
    return count;
}

/* Parses one line of JSON output; the caller puts the object. */
struct json_object *parse_line(const char *line, size_t size) {
    struct json_tokener *tokener = json_tokener_new();
    assert_non_null(tokener);
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    struct json_object *object = json_tokener_parse_ex(tokener, line, (int)size);
    if (json_tokener_get_error(tokener) != json_tokener_success ||
        json_tokener_get_parse_end(tokener) != size)
        fail_msg("not JSON: %.*s", (int)size, line);
    json_tokener_free(tokener);
    return object;
}

struct json_object *parse_output(void) {
    assert_int_equal(count_of(run.out, "\n"), 1);
    return parse_line(run.out, run.out_size - 1);
}

const char *string_member(struct json_object *object, const char *name) {
    struct json_object *value;
    if (!json_object_object_get_ex(object, name, &value) ||
        !json_object_is_type(value, json_type_string))
        fail_msg("no string member %s in %s", name, json_object_to_json_string(object));
    return json_object_get_string(value);
}

int64_t number_member(struct json_object *object, const char *name) {
    struct json_object *value;
    if (!json_object_object_get_ex(object, name, &value) ||
        !json_object_is_type(value, json_type_int))
        fail_msg("no whole number %s in %s", name, json_object_to_json_string(object));
    return json_object_get_int64(value);
}

struct json_object *hits_of(struct json_object *object) {
    struct json_object *hits;
    assert_true(json_object_object_get_ex(object, "hits", &hits));
    assert_true(json_object_is_type(hits, json_type_array));
    return hits;
}

/* Whether the last JSON answer has a hit of that id. */
bool has_hit(struct json_object *object, const char *id) {
    struct json_object *hits = hits_of(object);
    for (size_t i = 0; i < json_object_array_length(hits); i++) {
        if (strcmp(string_member(json_object_array_get_idx(hits, i), "id"), id) == 0)
            return true;
    }
    return false;
}

void assert_members(struct json_object *object, const char *const *names) {
    struct json_object_iterator at = json_object_iter_begin(object),
                                end = json_object_iter_end(object);
    for (; *names; names++, json_object_iter_next(&at)) {
        assert_false(json_object_iter_equal(&at, &end));
        assert_string_equal(json_object_iter_peek_name(&at), *names);
    }
    assert_true(json_object_iter_equal(&at, &end));
}

/* The ids of a JSON answer, each followed by a space. Lives until the next call. */
const char *ids_of(struct json_object *object) {
    static char ids[512];
    struct json_object *hits = hits_of(object);
    ids[0] = '\0';
    for (size_t i = 0; i < json_object_array_length(hits); i++) {
        size_t used = strlen(ids);
        snprintf(ids + used, sizeof ids - used, "%s ",
                 string_member(json_object_array_get_idx(hits, i), "id"));
    }
    return ids;
}

void assert_found(const char *expected_ids) {
    assert_int_equal(run.exit_status, *expected_ids ? 0 : 1);
    struct json_object *object = parse_output();
    assert_string_equal(ids_of(object), expected_ids);
    json_object_put(object);
}
