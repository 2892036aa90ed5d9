/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * searcher/snippet. What must hold of every snippet is asserted of thousands: it is a stretch of
 * the body, in one line, no longer than it may be; its ranges are where the terms stand; and no
 * stretch of the core's length between matches has terms worth more than those that it shows.
 * Examples say how it is cut.
 */
#include "tests/catalog/collection_support.h"

#include "base/utf8.h"
#include "searcher/live_query.h"
#include "searcher/parse.h"
#include "searcher/snippet.h"
#include "text/character.h"

enum {
    CORE = 110
}; /* characters from the first match to the last, at most, that are chosen by worth */

static const char ELLIPSIS[] = "…";
enum { ELLIPSIS_SIZE = sizeof ELLIPSIS - 1 };

static xunzi_index *collection;

static int set_up(void **state) {
    if (make_folder(state) != 0)
        return -1;
    const char *path = in_folder(state, "c");
    const xunzi_document documents[] = {document_of("1", "圖書館", "中國人民 a", NULL, NULL),
                                        document_of("2", NULL, "圖書 b c", NULL, NULL)};
    add_documents(path, XUNZI_PROFILE_FULL, documents, 2);
    collection = open_index(path);
    return 0;
}

static int tear_down(void **state) {
    xunzi_index_close(collection);
    return remove_folder(state);
}

/* A snippet and all that it came from. */
struct made {
    struct arena arena;
    struct highlighter *highlighter;
    char *body; /* of just its size */
    xunzi_string text, snippet;
    const xunzi_range *ranges;
    size_t count;
};

static void make(struct made *made, const char *query, xunzi_string body) {
    struct query *tree;
    const char *note;
    *made = (struct made){.body = exact_copy(body.data, body.size)};
    made->text = (xunzi_string){made->body, body.size};
    assert_ok(
        parse_query(collection, &made->arena, xunzi_string_of(query), XUNZI_MODE_OR, &tree, &note));
    assert_ok(plan_weights(collection, tree));
    assert_ok(highlighter_new(tree, &made->highlighter));
    assert_ok(snippet_make(made->highlighter, made->text, &made->arena, &made->snippet,
                           &made->ranges, &made->count));
}

static void unmake(struct made *made) {
    highlighter_free(made->highlighter);
    arena_free(&made->arena);
    free(made->body);
}

static size_t characters_in(const char *text, size_t begin, size_t end) {
    size_t count = 0;
    while (begin < end) {
        utf8_next(text, end, &begin);
        count++;
    }
    return count;
}

static bool is_white(uint32_t c) {
    return c != UTF8_ILL_FORMED && character_entry_class(character_entry(c)) == CHARACTER_SPACE;
}

/* The snippet without the ellipses of cut sentences. */
static xunzi_string shown(xunzi_string snippet, bool *cut_before, bool *cut_behind) {
    *cut_before =
        snippet.size >= ELLIPSIS_SIZE && memcmp(snippet.data, ELLIPSIS, ELLIPSIS_SIZE) == 0;
    if (*cut_before) {
        snippet.data += ELLIPSIS_SIZE;
        snippet.size -= ELLIPSIS_SIZE;
    }
    *cut_behind = snippet.size >= ELLIPSIS_SIZE &&
                  memcmp(snippet.data + snippet.size - ELLIPSIS_SIZE, ELLIPSIS, ELLIPSIS_SIZE) == 0;
    if (*cut_behind)
        snippet.size -= ELLIPSIS_SIZE;
    return snippet;
}

/* In one line, and a stretch of the body with its runs of white space as one space. */
static void assert_stretch_of_body(const struct made *made) {
    bool cut_before, cut_behind, gap = true;
    xunzi_string snippet = shown(made->snippet, &cut_before, &cut_behind);
    struct buffer flat = {0};
    for (size_t at = 0, begin = 0; at < made->text.size; begin = at) {
        uint32_t c = utf8_next(made->text.data, made->text.size, &at);
        if (!is_white(c))
            assert_true(buffer_append(&flat, made->text.data + begin, at - begin));
        else if (!gap)
            assert_true(buffer_append_byte(&flat, ' '));
        gap = is_white(c);
    }
    if (snippet.size > 0) {
        assert_int_not_equal(' ', snippet.data[0]);
        assert_int_not_equal(' ', snippet.data[snippet.size - 1]);
        assert_non_null(memmem(flat.data, flat.size, snippet.data, snippet.size));
    }
    for (size_t at = 0; at < snippet.size;) {
        uint32_t c = utf8_next(snippet.data, snippet.size, &at);
        assert_int_not_equal(UTF8_ILL_FORMED, c);
        assert_true(c == ' ' || !is_white(c));
    }
    assert_in_range(characters_in(snippet.data, 0, snippet.size), 0, SNIPPET_MOST);
    buffer_free(&flat);
}

static bool at_boundary(xunzi_string text, size_t at) {
    return at == text.size || (at < text.size && ((unsigned char)text.data[at] & 0xC0) != 0x80);
}

/* The ranges are those that the snippet itself gives, but at its ends, where a match may have been
 * cut. */
static void assert_ranges(const struct made *made) {
    const xunzi_string snippet = made->snippet;
    bool cut_before, cut_behind;
    shown(snippet, &cut_before, &cut_behind);
    size_t first = cut_before ? ELLIPSIS_SIZE : 0,
           last = snippet.size - (cut_behind ? ELLIPSIS_SIZE : 0);
    for (size_t i = 0; i < made->count; i++) {
        assert_true(i == 0 || made->ranges[i].begin > made->ranges[i - 1].end);
        assert_true(made->ranges[i].begin >= first && made->ranges[i].begin < made->ranges[i].end &&
                    made->ranges[i].end <= last);
        assert_true(at_boundary(snippet, made->ranges[i].begin) &&
                    at_boundary(snippet, made->ranges[i].end));
    }
    struct arena arena = {0};
    const struct match *matches;
    const xunzi_range *ranges;
    size_t match_count, count, next = 0;
    assert_ok(highlighter_find(made->highlighter, snippet, &matches, &match_count));
    assert_true(highlight_ranges(matches, match_count, &arena, &ranges, &count));
    for (size_t i = 0; i < made->count; i++) {
        if (made->ranges[i].begin == first || made->ranges[i].end == last)
            continue;
        while (next < count && (ranges[next].begin == first || ranges[next].end == last))
            next++;
        assert_true(next < count);
        assert_int_equal(ranges[next].begin, made->ranges[i].begin);
        assert_int_equal(ranges[next].end, made->ranges[i].end);
        next++;
    }
    while (next < count && (ranges[next].begin == first || ranges[next].end == last))
        next++;
    assert_int_equal(next, count);
    arena_free(&arena);
}

/* The worth of the distinct terms among matches [first, last]. */
static double worth_of(const struct match *matches, size_t first, size_t last, size_t terms) {
    bool *seen = calloc(terms + 1, sizeof *seen);
    assert_non_null(seen);
    double worth = 0;
    for (size_t i = first; i <= last; i++)
        if (!seen[matches[i].term]) {
            seen[matches[i].term] = true;
            worth += matches[i].weight;
        }
    free(seen);
    return worth;
}

/* The best stretch by trying all. */
static double best_worth(const struct made *made) {
    const struct match *matches;
    size_t count;
    double best = 0;
    assert_ok(highlighter_find(made->highlighter, made->text, &matches, &count));
    for (size_t first = 0; first < count; first++)
        for (size_t last = first; last < count; last++)
            if (first == last ||
                characters_in(made->text.data, matches[first].begin, matches[last].end) <= CORE) {
                double worth =
                    worth_of(matches, first, last, highlighter_term_count(made->highlighter));
                best = worth > best ? worth : best;
            }
    return best;
}

static double shown_worth(const struct made *made) {
    const struct match *matches;
    size_t count;
    assert_ok(highlighter_find(made->highlighter, made->snippet, &matches, &count));
    return count > 0 ? worth_of(matches, 0, count - 1, highlighter_term_count(made->highlighter))
                     : 0;
}

static void append_sentence(struct buffer *body) {
    for (uint32_t n = 1 + random_below(random_below(6) ? 20 : 120); n > 0; n--)
        append_one_of(body, random_below(9)   ? "山河湖海日月星辰東南西北春夏秋冬"
                            : random_below(5) ? "圖書館火車站水"
                                              : "aＢc1 \n\u3000");
    append_one_of(body, "。。，，！？；、：\n \u2028");
    if (random_below(4) == 0)
        append_one_of(body, "」』”）)》");
}

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
        make(&made, queries[(size_t)i % (sizeof queries / sizeof *queries)],
             (xunzi_string){body.data, body.size});
        assert_stretch_of_body(&made);
        assert_ranges(&made);
        assert_true(shown_worth(&made) + 1e-6 >= best_worth(&made));
        unmake(&made);
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
        make(&made, i % 2 ? "國 里 a 1 中文" : "聯合 é 가", (xunzi_string){body.data, body.size});
        assert_stretch_of_body(&made);
        for (size_t r = 0; r < made.count; r++) {
            assert_true(r == 0 || made.ranges[r].begin > made.ranges[r - 1].end);
            assert_true(made.ranges[r].begin < made.ranges[r].end &&
                        made.ranges[r].end <= made.snippet.size);
            assert_true(at_boundary(made.snippet, made.ranges[r].begin) &&
                        at_boundary(made.snippet, made.ranges[r].end));
        }
        unmake(&made);
    }
    buffer_free(&body);
}

/* ---- Examples ---- */

static void append_times(struct buffer *out, const char *text, size_t times) {
    for (size_t i = 0; i < times; i++)
        assert_true(buffer_append_text(out, text));
}

static void assert_snippet(const char *query, const struct buffer *body,
                           const struct buffer *expected) {
    struct made made;
    make(&made, query, (xunzi_string){body->data, body->size});
    assert_text(((xunzi_string){expected->data, expected->size}), made.snippet);
    unmake(&made);
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
        {"a\u2028b\xC2\x85"
         "c\vd",
         "a b c d"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct made made;
        make(&made, "圖書館", xunzi_string_of(cases[i][0]));
        assert_text(xunzi_string_of(cases[i][1]), made.snippet);
        assert_int_equal(strstr(cases[i][0], "圖書館") ? 1 : 0, made.count);
        unmake(&made);
    }
}

/* Without a match in the body (there was one in the title), its beginning is shown. */
static void test_without_a_match(void **state) {
    (void)state;
    struct buffer body = {0}, expected = {0};
    append_times(&body, "山河湖海日月星辰", 9);
    append_times(&body, "。", 1);
    append_times(&expected, "山河湖海日月星辰", 9);
    append_times(&expected, "。", 1);
    append_times(&body, "東西南北", 50);
    assert_snippet("圖書館", &body, &expected);
    buffer_free(&body);
    buffer_free(&expected);
}

/* A sentence is shown from its beginning to its end, with what closes it, and not the ones around
 * it. */
static void test_whole_sentences(void **state) {
    (void)state;
    static const char *const ends[] = {"。",  "！",   "？", "；", "。」", "！』",
                                       "。”", "？）", "?)", "!",  "。》"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct buffer body = {0}, expected = {0};
        append_times(&body, "東西南北", 40);
        append_times(&body, ends[i], 1);
        append_times(&expected, "山河湖海", 8);
        append_times(&expected, "圖書館，", 1);
        append_times(&expected, "日月星辰", 8);
        append_times(&expected, ends[i], 1);
        assert_true(buffer_append(&body, expected.data, expected.size));
        append_times(&body, "春夏秋冬", 60);
        assert_snippet("圖書館", &body, &expected);
        buffer_free(&body);
        buffer_free(&expected);
    }
}

/* Where a sentence is too long it is cut, which ellipses show, behind a comma if there is one near.
 */
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
    append_times(&expected, "，…", 1);
    assert_snippet("圖書館", &body, &expected);
    buffer_free(&body);
    buffer_free(&expected);
}

/* A token without end is shown as far as a snippet goes, and marked. */
static void test_endless_tokens(void **state) {
    (void)state;
    static const size_t sizes[] = {100, 111, 159, 160, 161, 400, 100000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int alone = 0; alone < 2; alone++) {
            struct buffer body = {0}, token = {0};
            struct made made;
            append_times(&token, "x",
                         sizes[i] < 60000 ? sizes[i] : 60000); /* a query has its limit */
            if (!alone)
                append_times(&body, "東西南北。", 30);
            assert_true(buffer_append(&body, token.data, token.size));
            append_times(&body, alone ? "" : " 東西南北", 30);
            assert_true(buffer_terminate(&token));
            make(&made, token.data, (xunzi_string){body.data, body.size});
            assert_stretch_of_body(&made);
            assert_int_equal(1, made.count);
            size_t shown_size = made.ranges[0].end - made.ranges[0].begin;
            assert_int_equal(token.size < SNIPPET_MOST ? token.size : SNIPPET_MOST, shown_size);
            unmake(&made);
            buffer_free(&body);
            buffer_free(&token);
        }
}

/* Only the beginning of a huge body is searched for a passage; what is shown is sound all the same.
 */
static void test_huge_bodies(void **state) {
    (void)state;
    struct buffer body = {0};
    struct made made;
    while (body.size < 3 * SNIPPET_BODY_MOST / 2)
        append_times(&body, "東西南北，山河湖海。", 1000);
    append_times(&body, "圖書館。", 1);
    make(&made, "圖書館", (xunzi_string){body.data, body.size});
    assert_int_equal(0, made.count);
    assert_stretch_of_body(&made);
    unmake(&made);
    /* Each character a match. */
    make(&made, "東 西 南 北 山 河 湖 海", (xunzi_string){body.data, body.size});
    assert_stretch_of_body(&made);
    assert_ranges(&made);
    unmake(&made);
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
    make(&made, "圖書 火車 河流", (xunzi_string){body.data, body.size});
    assert_non_null(memmem(made.snippet.data, made.snippet.size, "圖書與火車與河流。",
                           strlen("圖書與火車與河流。")));
    assert_int_equal(3, made.count);
    unmake(&made);
    buffer_free(&body);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_bodies),
        cmocka_unit_test(test_random_text),
        cmocka_unit_test(test_short_bodies_are_shown_whole),
        cmocka_unit_test(test_without_a_match),
        cmocka_unit_test(test_whole_sentences),
        cmocka_unit_test(test_cut_sentences),
        cmocka_unit_test(test_endless_tokens),
        cmocka_unit_test(test_huge_bodies),
        cmocka_unit_test(test_the_better_passage),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
