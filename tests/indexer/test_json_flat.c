/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json_flat reads what it takes just as json-c does, over random objects near the border of what it
 * takes. */
#include <json-c/json.h>

#include "../text/text_support.h"
#include "indexer/json_flat.h"
#include "indexer/json_members.h"

static xunzi_string members_of(const xunzi_document *document, int member) {
    const xunzi_string all[JSON_MEMBER_COUNT] = {
        [JSON_ID] = document->id,         [JSON_TITLE] = document->title,
        [JSON_BODY] = document->body,     [JSON_DATE] = document->date,
        [JSON_SOURCE] = document->source, [JSON_URL] = document->url};
    return all[member];
}

/* Fails where json_flat takes what json-c reads otherwise; returns whether it takes it. */
static bool takes(const char *json, size_t size) {
    struct buffer unescaped = {0};
    xunzi_document document;
    char *copy = exact_copy(json, size);
    bool taken = json_flat_read(copy, size, &unescaped, &document);
    if (taken) {
        struct json_tokener *tokener = json_tokener_new();
        json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
        struct json_object *object = json_tokener_parse_ex(tokener, json, (int)size);
        assert_int_equal(json_tokener_get_error(tokener), json_tokener_success);
        size_t found = 0;
        for (int m = 0; m < JSON_MEMBER_COUNT; m++) {
            struct json_object *value = NULL;
            bool there = json_object_object_get_ex(object, json_member_names[m], &value);
            found += there;
            xunzi_string expected = {0};
            if (there) {
                assert_true(json_object_is_type(value, json_type_string));
                expected = (xunzi_string){json_object_get_string(value),
                                          (size_t)json_object_get_string_len(value)};
            }
            assert_text(expected, members_of(&document, m));
        }
        assert_int_equal(found, json_object_object_length(object));
        assert_int_equal(document.extra.size, 0);
        json_object_put(object);
        json_tokener_free(tokener);
    }
    buffer_free(&unescaped);
    free(copy);
    return taken;
}

static void test_examples(void **state) {
    (void)state;
    static const char *const taken[] = {
        "{\"body\":\"\"}",
        "{\"id\": \"1\", \"body\": \"中文 text\"}",
        " \t{ \"body\" : \"a\" , \"url\" : \"b\" } \r",
        "{\"body\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"title\":\"a\\nb\"}",
        "{\"title\":\"\\u4e2d\\u6587\\ud842\\udfb7\",\"body\":\"\\u0041x\\u00e9\"}",
        "{\"body\":\"a\\\\\"}",
    };
    static const char *const left[] = {
        "",
        "{}",
        "[]",
        "{\"id\":\"1\"}",
        "{\"body\":1}",
        "{\"body\":null}",
        "{\"body\":\"a\",\"body\":\"b\"}",
        "{\"body\":\"a\",\"other\":\"b\"}",
        "{\"body\":\"a\",}",
        "{\"body\":\"a\"}}",
        "{\"body\":\"a\"} x",
        "{\"body\":\"a\"",
        "{\"body\":\"a",
        "{\"body\":\"a\\",
        "{\"body\":\"a\\\"",
        "{\"body\":\"\\u0000\"}",
        "{\"body\":\"\\ud800\"}",
        "{\"body\":\"\\udc00\\ud800\"}",
        "{\"body\":\"\\ud800\\u0041\"}",
        "{\"body\":\"\\u12\"}",
        "{\"body\":\"\\u12g4\"}",
        "{\"body\":\"\\x\"}",
        "{\"body\":\"a\tb\"}",
        "{'body':'a'}",
        "{\"bod\\u0079\":\"a\"}",
        "{\"body\" \"a\"}",
        "{body:\"a\"}",
    };
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        assert_true(takes(taken[i], strlen(taken[i])));
    for (size_t i = 0; i < sizeof left / sizeof *left; i++)
        assert_false(takes(left[i], strlen(left[i])));
}

static void test_random(void **state) {
    (void)state;
    static const char *const pieces[] = {"{",
                                         "}",
                                         "\"",
                                         ",",
                                         ":",
                                         " ",
                                         "\"body\"",
                                         "\"body\":\"",
                                         "\"title\":\"",
                                         "\"id\"",
                                         "\"x\":1",
                                         "\\n",
                                         "\\\"",
                                         "\\\\",
                                         "\\u4e2d",
                                         "\\ud842\\udfb7",
                                         "\\ud842",
                                         "\\u0000",
                                         "中",
                                         "text",
                                         "plain te",
                                         "\"source\"",
                                         "null",
                                         "\"url\":\"",
                                         "\"date\":\"",
                                         "\t",
                                         "\\/"};
    struct buffer json = {0};
    random_seed(7);
    unsigned taken = 0;
    for (int i = 0; i < 200000; i++) {
        buffer_clear(&json);
        if (i % 4 == 0) { /* all random */
            for (uint32_t n = random_below(12); n > 0; n--)
                assert_true(buffer_append_text(
                    &json, pieces[random_below(sizeof pieces / sizeof *pieces)]));
        } else { /* an object whose strings are random, now and then damaged */
            assert_true(buffer_append_text(&json, "{\"body\":\""));
            for (uint32_t n = random_below(9); n > 0; n--)
                assert_true(buffer_append_text(&json, pieces[11 + random_below(10)]));
            assert_true(buffer_append_text(&json, i % 3 ? "\"}" : "\",\"title\":\"中\\t\"}"));
            if (i % 4 == 3)
                json.data[random_below((uint32_t)json.size)] = "\"\\{}:, x"[random_below(8)];
        }
        if (json.size > 0)
            taken += takes(json.data, json.size);
    }
    assert_in_range(taken, 10000, 200000);
    buffer_free(&json);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_examples),
                                       cmocka_unit_test(test_random)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
