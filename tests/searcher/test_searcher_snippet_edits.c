/* SPDX-License-Identifier: GPL-2.0-or-later */
/* searcher/snippet over bodies that are read through edits: what is set aside is never shown, what
 * is skipped or mended is shown as it stands and never cut. */
#include "tests/searcher/snippet_support.h"

static void add_edit(struct edits *edits, size_t begin, size_t end, enum edit_kind kind,
                     enum edit_reason reason, const char *replacement) {
    const struct edit edit = {.kind = kind,
                              .begin = (uint32_t)begin,
                              .end = (uint32_t)end,
                              .reason = (uint8_t)reason,
                              .replacement = xunzi_string_of(replacement)};
    assert_true(edits_append(edits, &edit));
}

static bool shows(const struct made *made, const char *part) {
    return memmem(made->snippet.data, made->snippet.size, part, strlen(part)) != NULL;
}

/* Appends text and an edit of the whole of it. */
static void append_edited(struct buffer *body, struct edits *edits, const char *text,
                          enum edit_kind kind, enum edit_reason reason, const char *replacement) {
    size_t begin = body->size;
    assert_true(buffer_append_text(body, text));
    add_edit(edits, begin, body->size, kind, reason, replacement);
}

/* Edits of every kind between random text. What is set aside is all 鑫, which stands nowhere else.
 */
static void random_body(struct buffer *body, struct edits *edits) {
    buffer_clear(body);
    edits_clear(edits);
    for (uint32_t n = random_below(random_below(2) ? 8 : 30); n > 0; n--) {
        for (uint32_t length = random_below(random_below(4) ? 20 : 80); length > 0; length--)
            append_one_of(body,
                          random_below(6) ? "山河湖海日月星辰東南西北" : "圖書館火車站水，。\n ");
        switch (random_below(6)) {
        case 0:
            append_edited(body, edits, "鑫鑫鑫圖書館鑫。", EDIT_ASIDE, EDIT_REASON_NAVIGATION, "");
            break;
        case 1:
            append_edited(body, edits, "鑫水\n", EDIT_ASIDE, EDIT_REASON_RELATED, "");
            break;
        case 2:
            append_times(body, "圖", 1);
            append_edited(body, edits, "(tú)", EDIT_SKIP, EDIT_REASON_ANNOTATION, "");
            append_times(body, "書", 1);
            break;
        case 3:
            append_times(body, "圖", 1);
            append_edited(body, edits, "\n\u3000", EDIT_SKIP, EDIT_REASON_LINE_BREAK, "");
            append_times(body, "書", 1);
            break;
        default:
            append_edited(body, edits, "?書a。!", EDIT_MEND, EDIT_REASON_LOST_BYTE, "圖書館的");
            break;
        }
    }
}

/* Whether all of an edit that the snippet has any of is in it: each of these stands in the body as
 * nothing else does. */
static void assert_not_cut(const struct made *made, const char *edited, const char *part) {
    size_t parts = 0, wholes = 0;
    const char *at = made->snippet.data, *end = at + made->snippet.size;
    for (const char *found = at; (found = memmem(found, (size_t)(end - found), part, strlen(part)));
         found++)
        parts++;
    for (const char *found = at;
         (found = memmem(found, (size_t)(end - found), edited, strlen(edited))); found++)
        wholes++;
    assert_int_equal(parts, wholes);
}

static void test_random_edits(void **state) {
    (void)state;
    struct buffer body = {0}, flat = {0};
    struct edits edits = {0};
    random_seed(96);
    for (int i = 0; i < 3000; i++) {
        struct made made;
        random_body(&body, &edits);
        make_snippet(&made,
                     i % 3   ? "圖書館 火車站 水"
                     : i % 2 ? "圖書 的"
                             : "沒有的",
                     (xunzi_string){body.data, body.size}, &edits);
        assert_sound(&made);
        assert_false(shows(&made, "鑫"));
        assert_not_cut(&made, "(tú)", "ú");
        assert_not_cut(&made, "?書a。!", "a");
        assert_not_cut(&made, "?書a。!", "?");
        for (size_t r = 0; r < made.count; r++) { /* a term, or what is read as one */
            xunzi_string range = {made.snippet.data + made.ranges[r].begin,
                                  made.ranges[r].end - made.ranges[r].begin};
            assert_true(range.size >= 3 && is_at_boundary(made.snippet, made.ranges[r].begin) &&
                        is_at_boundary(made.snippet, made.ranges[r].end));
            assert_null(memmem(range.data, range.size, "，", strlen("，")));
        }
        if (characters_in(made.snippet) == 0) {
            buffer_clear(&flat);
            append_flat(&made, &flat);
            for (size_t b = 0; b < flat.size; b++)
                assert_true(flat.data[b] == '\1' || flat.data[b] == ' ');
        }
        unmake_snippet(&made);
    }
    buffer_free(&body);
    buffer_free(&flat);
    edits_free(&edits);
}

/* Writes the snippet with its ranges in brackets. */
static void assert_marked(const char *query, const struct buffer *body, const struct edits *edits,
                          const char *expected) {
    struct made made;
    struct buffer out = {0};
    size_t at = 0;
    make_snippet(&made, query, (xunzi_string){body->data, body->size}, edits);
    for (size_t i = 0; i < made.count; i++) {
        assert_true(buffer_append(&out, made.snippet.data + at, made.ranges[i].begin - at) &&
                    buffer_append_byte(&out, '[') &&
                    buffer_append(&out, made.snippet.data + made.ranges[i].begin,
                                  made.ranges[i].end - made.ranges[i].begin) &&
                    buffer_append_byte(&out, ']'));
        at = made.ranges[i].end;
    }
    assert_true(buffer_append(&out, made.snippet.data + at, made.snippet.size - at));
    assert_text(xunzi_string_of(expected), ((xunzi_string){out.data, out.size}));
    buffer_free(&out);
    unmake_snippet(&made);
}

static void test_examples(void **state) {
    (void)state;
    struct buffer body = {0};
    struct edits edits = {0};
    append_edited(&body, &edits, "首頁 > 圖書館\n", EDIT_ASIDE, EDIT_REASON_NAVIGATION, "");
    append_times(&body, "山上有圖", 1);
    append_edited(&body, &edits, "(tú)", EDIT_SKIP, EDIT_REASON_ANNOTATION, "");
    append_times(&body, "書", 1);
    append_edited(&body, &edits, "\n", EDIT_SKIP, EDIT_REASON_LINE_BREAK, "");
    append_times(&body, "館，人們在", 1);
    append_edited(&body, &edits, "?锏", EDIT_MEND, EDIT_REASON_LOST_BYTE, "那裡");
    append_times(&body, "看书。\n也有 火車。\n", 1);
    append_edited(&body, &edits, "相關：圖書館開放\n", EDIT_ASIDE, EDIT_REASON_RELATED, "");
    assert_marked("圖書館 火车 那裡 裡看", &body, &edits,
                  "山上有[圖(tú)書館]，人們在[?锏看]书。 也有 [火車]。");
    buffer_free(&body);
    edits_free(&edits);
}

/* Where the parts between what is set aside are short, two of them are shown. */
static void test_short_parts(void **state) {
    (void)state;
    struct buffer body = {0};
    struct edits edits = {0};
    append_times(&body, "這裡是圖書館的介紹。\n", 1);
    append_edited(&body, &edits, "分享 列印\n", EDIT_ASIDE, EDIT_REASON_TOOLS, "");
    append_times(&body, "山河湖海日月星辰東西南北春夏秋冬，", 4);
    append_times(&body, "完。", 1);
    struct made made;
    make_snippet(&made, "圖書館", (xunzi_string){body.data, body.size}, &edits);
    assert_in_range(characters_in(made.snippet), SNIPPET_LEAST, SNIPPET_MOST);
    assert_true(shows(&made, "這裡是圖書館的介紹。…山河湖海"));
    unmake_snippet(&made);
    buffer_free(&body);
    edits_free(&edits);
}

/* All is set aside: there is nothing to show. */
static void test_nothing_left(void **state) {
    (void)state;
    struct buffer body = {0};
    struct edits edits = {0};
    append_edited(&body, &edits, "首頁 圖書館", EDIT_ASIDE, EDIT_REASON_NAVIGATION, "");
    assert_marked("圖書館", &body, &edits, "");
    append_edited(&body, &edits, "首頁 圖書館", EDIT_ASIDE, EDIT_REASON_NAVIGATION, "");
    append_times(&body, "\n ", 1);
    assert_marked("圖書館", &body, &edits, "");
    buffer_free(&body);
    edits_free(&edits);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_edits),
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_short_parts),
        cmocka_unit_test(test_nothing_left),
    };
    return cmocka_run_group_tests(tests, snippet_set_up, snippet_tear_down);
}
