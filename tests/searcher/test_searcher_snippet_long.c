/* SPDX-License-Identifier: GPL-2.0-or-later */
/* searcher/snippet over long and hostile bodies, which are read in pieces; and snippets of two
 * passages. */
#include "tests/searcher/snippet_support.h"

#include "searcher/snippet_pieces.h"

static void assert_shows(const struct made *made, const char *part) {
    if (!memmem(made->snippet.data, made->snippet.size, part, strlen(part)))
        fail_msg("%s is not in %.*s", part, (int)made->snippet.size, made->snippet.data);
}

static void append_filler(struct buffer *body, size_t size) {
    for (size_t end = body->size + size; body->size < end;)
        append_times(body, "東西南北，山河湖海。", 1);
}

/* ---- Two passages ---- */

static const char library[] = "圖書館於某年建成，收藏甚豐，遠近的讀書人都到那裡去。",
                  station[] = "火車站則在河流的另一邊，要走上很久才能夠走到。";

/* Asserts that both are shown where so many bytes stand before, between and behind them. */
static void assert_both(size_t before, size_t between, size_t behind) {
    struct buffer body = {0};
    struct made made;
    append_filler(&body, before);
    append_times(&body, library, 1);
    append_filler(&body, between);
    append_times(&body, station, 1);
    append_filler(&body, behind);
    make_snippet(&made, "圖書館 火車站 河流", (xunzi_string){body.data, body.size}, NULL);
    assert_sound(&made);
    assert_ranges(&made);
    assert_int_equal(3, made.count);
    assert_shows(&made, library);
    assert_shows(&made, station);
    unmake_snippet(&made);
    buffer_free(&body);
}

static void test_two_passages(void **state) {
    (void)state;
    assert_both(0, 3000, 3000);
    assert_both(PIECE_MOST / 2, 3 * PIECE_MOST, 2 * PIECE_MOST); /* of different pieces */
}

/* What adds little is not worth a second passage. */
static void test_one_passage(void **state) {
    (void)state;
    struct buffer body = {0};
    struct made made;
    append_times(&body, "圖書館與火車站與河流與春夏秋冬，收藏甚豐，遠近的讀書人都到那裡去。", 1);
    append_filler(&body, 3000);
    append_times(&body, "a是一個字母。", 1);
    make_snippet(&made, "圖書館 火車站 河流 春夏秋冬 a", (xunzi_string){body.data, body.size},
                 NULL);
    assert_sound(&made);
    assert_null(strstr(made.snippet.data, "…"));
    unmake_snippet(&made);
    buffer_free(&body);
}

/* Each passage holds the terms that the other lacks, over random texts; and no term is lost that
 * one passage would show. */
static void test_random_pairs(void **state) {
    (void)state;
    static const char *const words[] = {"圖書館", "火車站", "河流", "a", "b", "春夏", "日月"};
    struct buffer body = {0};
    size_t pairs = 0;
    random_seed(94);
    for (int i = 0; i < 500; i++) {
        struct made made;
        buffer_clear(&body);
        for (uint32_t n = 1 + random_below(6); n > 0; n--) {
            append_times(&body, words[random_below(7)], 1);
            for (uint32_t length = 5 + random_below(90); length > 0; length--)
                append_one_of(&body, random_below(9) ? "東西南北湖海星辰" : "，。、");
        }
        make_snippet(&made, "圖書館 火車站 河流 a b 春夏 日月",
                     (xunzi_string){body.data, body.size}, NULL);
        assert_sound(&made);
        assert_ranges(&made);
        assert_true(shown_weight(&made) + 1e-6 >= 0.69 * best_weight(&made, SNIPPET_MOST - 14));
        pairs += shown_weight(&made) > best_weight(&made, SNIPPET_MOST) + 1e-6;
        unmake_snippet(&made);
    }
    assert_in_range(pairs, 50, 500);
    buffer_free(&body);
}

/* ---- Long and hostile bodies ---- */

/* A token without end is shown as far as a snippet goes, and marked. */
static void test_endless_tokens(void **state) {
    (void)state;
    static const size_t sizes[] = {79, 81, 100, 111, 158, 159, 160, 161, 400, 60000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int alone = 0; alone < 2; alone++) {
            struct buffer body = {0}, token = {0};
            struct made made;
            append_times(&token, "x", sizes[i]);
            if (!alone)
                append_times(&body, "東西南北。", 30);
            assert_true(buffer_append(&body, token.data, token.size));
            append_times(&body, alone ? "" : " 東西南北", 30);
            assert_true(buffer_terminate(&token));
            make_snippet(&made, token.data, (xunzi_string){body.data, body.size}, NULL);
            assert_in_range(characters_in(made.snippet), SNIPPET_LEAST, SNIPPET_MOST);
            assert_int_equal(1, made.count);
            size_t shown = made.ranges[0].end - made.ranges[0].begin;
            size_t most = sizes[i] < SNIPPET_MOST - 2 ? sizes[i] : SNIPPET_MOST - 2;
            assert_in_range(shown, most, SNIPPET_MOST);
            unmake_snippet(&made);
            buffer_free(&body);
            buffer_free(&token);
        }
}

/* The best passage is found wherever it stands, at the seams of pieces too. */
static void test_every_place(void **state) {
    (void)state;
    struct buffer body = {0};
    random_seed(95);
    for (int i = 0; i < 60; i++) {
        struct made made;
        const char *sentence = "圖書館離火車站不遠，河流就在它們的旁邊。";
        size_t before = i < 2   ? 0
                        : i % 2 ? random_below(5 * PIECE_MOST)
                                : PIECE_MOST - 300 + random_below(600);
        buffer_clear(&body);
        append_filler(&body, before);
        append_times(&body, i % 3 ? sentence : "圖書館離火車站不遠河流就在它們的旁邊", 1);
        append_filler(&body, random_below(2 * PIECE_MOST));
        make_snippet(&made, "圖書館 火車站 河流", (xunzi_string){body.data, body.size}, NULL);
        assert_sound(&made);
        assert_ranges(&made);
        assert_int_equal(3, made.count);
        assert_shows(&made, "河流就在它們的旁邊");
        unmake_snippet(&made);
    }
    buffer_free(&body);
}

/* As large as a document may be, and nothing in it as it should be. */
static void test_hostile_bodies(void **state) {
    (void)state;
    static const struct {
        const char *repeated, *query;
        bool has_match;
    } cases[] = {
        {"東西南北", "東 西 南 北 山", true}, /* nothing but matches, no bound */
        {"東，", "東 西", true},
        {"，", "東", false},
        {" ", "東", false},
        {" \n", "東", false},
        {"x", "x", false}, /* one token, not the one that is looked for */
        {"(", "東", false},
        {"e\u0301\u0301\u0301", "é", false},
        {"\u200B", "東", false},
        {"《「", "東", false},
        {"東?!\"", "東", true},
        {"水圖書館火車站春夏秋冬日月河流", "圖書館 火車站 春夏秋冬 日月 河流 水 c", true},
    };
    const size_t size = XUNZI_MAX_DOCUMENT_BYTES;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer body = {0};
        struct made made;
        size_t unit = strlen(cases[i].repeated);
        assert_true(buffer_reserve(&body, size));
        while (body.size + unit <= size)
            assert_true(buffer_append(&body, cases[i].repeated, unit));
        make_snippet(&made, cases[i].query, (xunzi_string){body.data, body.size}, NULL);
        assert_in_range(characters_in(made.snippet), 0, SNIPPET_MOST);
        assert_int_equal(cases[i].has_match, made.count > 0);
        for (size_t r = 0; r < made.count; r++)
            assert_true(made.ranges[r].begin < made.ranges[r].end &&
                        made.ranges[r].end <= made.snippet.size);
        unmake_snippet(&made);
        buffer_free(&body);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_passages), cmocka_unit_test(test_one_passage),
        cmocka_unit_test(test_random_pairs), cmocka_unit_test(test_endless_tokens),
        cmocka_unit_test(test_every_place),  cmocka_unit_test(test_hostile_bodies),
    };
    return cmocka_run_group_tests(tests, snippet_set_up, snippet_tear_down);
}
