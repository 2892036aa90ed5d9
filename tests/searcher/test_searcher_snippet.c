/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * searcher/snippet. What must hold of every snippet is asserted of thousands: it is one or two
 * stretches of the body, in one line, no longer and no shorter than it may be; its ranges are where
 * the terms stand; and no stretch of the body as long as it may be has terms that weigh more than
 * sentences are worth. Examples say how it is cut.
 */
#include "tests/searcher/snippet_support.h"

#include "searcher/passage.h"

static void append_sentence(struct buffer *body) {
    for (uint32_t n = 1 + random_below(random_below(6) ? 20 : 120); n > 0; n--)
        append_one_of(body, random_below(9)   ? "山河湖海日月星辰東南西北春夏秋冬"
                            : random_below(5) ? "圖書館火車站水"
                                              : "aＢc1 \n\u3000");
    append_one_of(body, "。。，，！？；、：\n \u2028");
    if (random_below(4) == 0)
        append_one_of(body, "」』”）)》");
}

/* What the most costly passage has left of its weight. */
static double least_share(void) {
    static const double begins[] = PASSAGE_BEGIN_COSTS, ends[] = PASSAGE_END_COSTS;
    return 1 - begins[BOUND_CUT] - ends[BOUND_CUT] - PASSAGE_TIGHT_COST -
           PASSAGE_LENGTH_COST * SNIPPET_MOST;
}

/* Besides the two ellipses a passage that is cut loses up to a word at its end and what context it
 * begins with. */
enum { CERTAIN = SNIPPET_MOST - 2 - PASSAGE_CONTEXT };

static void test_random_bodies(void **state) {
    (void)state;
    static const char *const queries[] = {
        "圖書館", "火車站 圖書", "水", "a b c", "圖書館 火車站 水 a", "春夏 秋冬 日月", "沒有的"};
    struct buffer body = {0};
    random_seed(91);
    for (int i = 0; i < 2000; i++) {
        struct made made;
        buffer_clear(&body);
        for (uint32_t n = random_below(random_below(3) ? 12 : 40); n > 0; n--)
            append_sentence(&body);
        make_snippet(&made, queries[(size_t)i % (sizeof queries / sizeof *queries)],
                     (xunzi_string){body.data, body.size}, NULL);
        assert_sound(&made);
        assert_ranges(&made);
        assert_true(shown_weight(&made) + 1e-6 >= least_share() * best_weight(&made, CERTAIN));
        unmake_snippet(&made);
    }
    buffer_free(&body);
}

/* The same where there is nothing to part the text at, and where there is nothing else. */
static void test_bodies_without_bounds(void **state) {
    (void)state;
    static const char *const kinds[] = {
        "山河湖海日月星辰圖書館火車站水", "圖書館水，", "，。！水", "水圖書", "a 水", "圖\n書 館"};
    struct buffer body = {0};
    random_seed(93);
    for (int i = 0; i < 1200; i++) {
        struct made made;
        buffer_clear(&body);
        for (uint32_t n = random_below(900); n > 0; n--)
            append_one_of(&body, kinds[(size_t)i % (sizeof kinds / sizeof *kinds)]);
        make_snippet(&made, i % 2 ? "圖書館 火車站 水" : "館火 水 月星 a",
                     (xunzi_string){body.data, body.size}, NULL);
        assert_sound(&made);
        assert_ranges(&made);
        assert_true(shown_weight(&made) + 1e-6 >= least_share() * best_weight(&made, CERTAIN));
        unmake_snippet(&made);
    }
    buffer_free(&body);
}

/* Text of all kinds: nothing is asked of where it is cut. */
static void test_random_text(void **state) {
    (void)state;
    struct buffer body = {0};
    random_seed(92);
    for (int i = 0; i < 2000; i++) {
        struct made made;
        random_text(&body, random_below(500));
        make_snippet(&made, i % 2 ? "國 里 a 1 中文" : "聯合 é 가",
                     (xunzi_string){body.data, body.size}, NULL);
        assert_in_range(characters_in(made.snippet), 0, SNIPPET_MOST);
        for (size_t r = 0; r < made.count; r++) {
            assert_true(r == 0 || made.ranges[r].begin > made.ranges[r - 1].end);
            assert_true(made.ranges[r].begin < made.ranges[r].end &&
                        made.ranges[r].end <= made.snippet.size);
            assert_true(is_at_boundary(made.snippet, made.ranges[r].begin) &&
                        is_at_boundary(made.snippet, made.ranges[r].end));
        }
        unmake_snippet(&made);
    }
    buffer_free(&body);
}

/* ---- Examples ---- */

static void assert_snippet(const char *query, const struct buffer *body,
                           const struct buffer *expected) {
    struct made made;
    make_snippet(&made, query, (xunzi_string){body->data, body->size}, NULL);
    assert_text(((xunzi_string){expected->data, expected->size}), made.snippet);
    unmake_snippet(&made);
}

static void test_short_bodies_are_shown_whole(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},
        {" \n\u3000", ""},
        {"圖書館在山上。", "圖書館在山上。"},
        {"  圖書館\n\n在山上。\t", "圖書館 在山上。"},
        {"沒有", "沒有"},
        {")", ")"},
        {"）", "）"},
        {"」沒有", "」沒有"},
        {") 沒有", ") 沒有"},
        {"圖書館，", "圖書館，"},
        {"a\u2028b\xC2\x85"
         "c\vd",
         "a b c d"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct made made;
        make_snippet(&made, "圖書館", xunzi_string_of(cases[i][0]), NULL);
        assert_text(xunzi_string_of(cases[i][1]), made.snippet);
        assert_int_equal(strstr(cases[i][0], "圖書館") ? 1 : 0, made.count);
        unmake_snippet(&made);
    }
}

/* Without a match in the body (there was one in the title), its beginning is shown. */
static void test_without_a_match(void **state) {
    (void)state;
    struct buffer body = {0}, expected = {0};
    append_times(&expected, "山河湖海日月星辰", 9);
    append_times(&expected, "。", 1);
    assert_true(buffer_append(&body, expected.data, expected.size));
    append_times(&body, "東西南北", 50);
    assert_snippet("圖書館", &body, &expected);
    buffer_free(&body);
    buffer_free(&expected);
}

/* A sentence is shown from its beginning to its end, with what closes it, and not the ones around
 * it. */
static void test_whole_sentences(void **state) {
    (void)state;
    static const char *const ends[] = {
        "。",     "！",     "？",  "；",   "。」", "。”",    "。\"", "？）。",   "!",       "\n",
        "！』\n", "？》\n", "。 ", "！！", "？！", "。）」", ";",    "。\u3000", "\r\n\r\n"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct buffer body = {0}, expected = {0};
        append_times(&body, ends[i][strlen(ends[i]) - 1] == '"' ? "\"" : "", 1);
        append_times(&body, "東西南北", 40);
        append_times(&body, ends[i], 1);
        append_times(&expected, ends[i][strlen(ends[i]) - 1] == '"' ? "\"" : "", 1);
        append_times(&expected, "山河湖海", 8);
        append_times(&expected, "圖書館，", 1);
        append_times(&expected, "日月星辰", 8);
        append_times(&expected, ends[i], 1);
        assert_true(buffer_append(&body, expected.data, expected.size));
        append_times(&body, "春夏秋冬", 60);
        while (expected.data[expected.size - 1] == ' ' ||
               expected.data[expected.size - 1] == '\n' || expected.data[expected.size - 1] == '\r')
            expected.size--;
        if (memcmp(expected.data + expected.size - 3, "\u3000", 3) == 0)
            expected.size -= 3;
        assert_snippet("圖書館", &body, &expected);
        buffer_free(&body);
        buffer_free(&expected);
    }
}

/* What looks like the end of a sentence and is none: a number, a title that asks, speech that goes
 * on, brackets. */
static void test_no_ends_of_sentences(void **state) {
    (void)state;
    static const char *const inner[] = {"1,000",        "3.14",       "8:30", "a?b=c;d",
                                        "《誰是誰？》", "（東。西）", "J. K"};
    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
        struct buffer body = {0}, expected = {0};
        append_times(&body, "東西南北", 40);
        append_times(&body, "。", 1);
        append_times(&expected, "山河湖海", 7);
        append_times(&expected, inner[i], 1);
        append_times(&expected, "圖書館", 1);
        append_times(&expected, "日月星辰", 10);
        append_times(&expected, inner[i], 1);
        append_times(&expected, "日月星辰。", 1);
        assert_true(buffer_append(&body, expected.data, expected.size));
        append_times(&body, "春夏秋冬", 60);
        assert_snippet("圖書館", &body, &expected);
        buffer_free(&body);
        buffer_free(&expected);
    }
}

/* Where a sentence is too long it is cut, which ellipses show, at commas if there are any near; no
 * comma stands before an ellipsis. */
static void test_cut_sentences(void **state) {
    (void)state;
    struct buffer body = {0}, expected = {0};
    append_times(&body, "東西南北", 100);
    append_times(&body, "，山河，圖書館", 1);
    append_times(&body, "日月星辰", 20);
    append_times(&body, "，", 1);
    append_times(&body, "春夏秋冬", 100);
    append_times(&expected, "…圖書館", 1);
    append_times(&expected, "日月星辰", 20);
    append_times(&expected, "…", 1);
    assert_snippet("圖書館", &body, &expected);
    buffer_free(&body);
    buffer_free(&expected);
}

/* Where there is nothing else to cut at, no word is cut. */
static void test_cut_between_words(void **state) {
    (void)state;
    struct buffer body = {0};
    struct made made;
    append_times(&body, "火車", 90);
    append_times(&body, "水", 1);
    append_times(&body, "火車", 90);
    make_snippet(&made, "水", (xunzi_string){body.data, body.size}, NULL);
    assert_sound(&made);
    assert_int_equal(0, memcmp(made.snippet.data, "…火車", strlen("…火車")));
    const char *end = made.snippet.data + made.snippet.size;
    assert_int_equal(0, memcmp(end - strlen("火車…"), "火車…", strlen("火車…")));
    assert_int_equal(1, made.count);
    unmake_snippet(&made);
    buffer_clear(&body);
    append_times(&body, "library ", 60);
    append_times(&body, "a ", 1);
    append_times(&body, "library ", 60);
    make_snippet(&made, "a", (xunzi_string){body.data, body.size}, NULL);
    assert_sound(&made);
    assert_int_equal(0, memcmp(made.snippet.data, "…library ", strlen("…library ")));
    assert_int_equal(0, memcmp(made.snippet.data + made.snippet.size - strlen(" library…"),
                               " library…", strlen(" library…")));
    unmake_snippet(&made);
    buffer_free(&body);
}

/* A match at the end of a text without bounds comes with what stands before it. */
static void test_match_at_the_end(void **state) {
    (void)state;
    struct buffer body = {0};
    struct made made;
    append_times(&body, "山河湖海", 100);
    append_times(&body, "圖書館", 1);
    make_snippet(&made, "圖書館", (xunzi_string){body.data, body.size}, NULL);
    assert_sound(&made);
    assert_int_equal(1, made.count);
    assert_int_equal(made.snippet.size, made.ranges[0].end);
    unmake_snippet(&made);
    buffer_free(&body);
}

/* Of two passages, the one with the rarer or the more terms. */
static void test_the_better_passage(void **state) {
    (void)state;
    struct buffer body = {0};
    struct made made;
    append_times(&body, "圖書，圖書，圖書。", 3);
    append_times(&body, "東西南北。", 60);
    append_times(&body, "圖書與火車與河流。", 1);
    append_times(&body, "東西南北。", 60);
    make_snippet(&made, "圖書 火車 河流", (xunzi_string){body.data, body.size}, NULL);
    assert_non_null(memmem(made.snippet.data, made.snippet.size, "圖書與火車與河流。",
                           strlen("圖書與火車與河流。")));
    assert_int_equal(3, made.count);
    unmake_snippet(&made);
    buffer_free(&body);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_bodies),
        cmocka_unit_test(test_bodies_without_bounds),
        cmocka_unit_test(test_random_text),
        cmocka_unit_test(test_short_bodies_are_shown_whole),
        cmocka_unit_test(test_without_a_match),
        cmocka_unit_test(test_whole_sentences),
        cmocka_unit_test(test_no_ends_of_sentences),
        cmocka_unit_test(test_cut_sentences),
        cmocka_unit_test(test_cut_between_words),
        cmocka_unit_test(test_match_at_the_end),
        cmocka_unit_test(test_the_better_passage),
    };
    return cmocka_run_group_tests(tests, snippet_set_up, snippet_tear_down);
}
