/* SPDX-License-Identifier: GPL-2.0-or-later */
/* searcher/highlight against brute force: over random text of one script every place where a term's
 * folded characters stand, over random text of all kinds every token and character looked up one by
 * one. */
#include "tests/catalog/collection_support.h"

#include "searcher/highlight.h"
#include "searcher/parse.h"
#include "searcher/plan.h"

static xunzi_index *indexes[2]; /* by profile */
static struct tokenizer *tokenizer;

static int set_up(void **state) {
    if (make_folder(state) != 0)
        return -1;
    for (int profile = 0; profile < 2; profile++) {
        const char *path = in_folder(state, profile ? "bigram" : "full");
        const xunzi_document documents[] = {document_of("1", "圖書館", "中國人民 a", NULL, NULL),
                                            document_of("2", NULL, "圖書 b c", NULL, NULL)};
        add_documents(path, (xunzi_profile)profile, documents, 2);
        indexes[profile] = open_index(path);
    }
    return tokenizer_new(XUNZI_PROFILE_BIGRAM, &tokenizer) == XUNZI_OK ? 0 : -1;
}

static int tear_down(void **state) {
    xunzi_index_close(indexes[0]);
    xunzi_index_close(indexes[1]);
    tokenizer_free(tokenizer);
    return remove_folder(state);
}

/* The terms that no document of the small collections has are looked for all the same. */
static void allow(void *context, struct query *term) {
    (void)context;
    term->absent = false;
}

static struct highlighter *highlighter_for(xunzi_profile profile, xunzi_mode mode,
                                           xunzi_string text, struct arena *arena) {
    struct query *query;
    const char *note;
    struct highlighter *highlighter;
    assert_ok(parse_query(indexes[profile], arena, text, mode, &query, &note));
    double weight_sum;
    assert_ok(plan_query(indexes[profile], arena, query, &weight_sum));
    query_visit_scored(query, allow, NULL);
    assert_ok(highlighter_new(query, &highlighter));
    return highlighter;
}

/* ---- Slow references ---- */

enum { TERMS_MOST = 64 };

/* What a query asks to be marked: its bigrams, Latin tokens and lone characters. */
struct wanted {
    char terms[TERMS_MOST][32];
    size_t count;
};

static bool is_wanted(const struct wanted *wanted, const char *term, size_t size) {
    for (size_t i = 0; i < wanted->count; i++)
        if (strlen(wanted->terms[i]) == size && memcmp(wanted->terms[i], term, size) == 0)
            return true;
    return false;
}

static void want(struct wanted *wanted, xunzi_string query) {
    struct token token;
    struct buffer term = {0};
    wanted->count = 0;
    assert_ok(tokenizer_set_text(tokenizer, query.data, query.size));
    while (tokenizer_next(tokenizer, &token)) {
        buffer_clear(&term);
        assert_true(tokenizer_append_term(tokenizer, &token, &term));
        if (is_wanted(wanted, term.data, term.size))
            continue;
        assert_true(wanted->count < TERMS_MOST && term.size < sizeof wanted->terms[0]);
        memcpy(wanted->terms[wanted->count], term.data, term.size);
        wanted->terms[wanted->count++][term.size] = '\0';
    }
    buffer_free(&term);
}

/* Marks the bytes of text that matches cover; returns how many matches there are. */
static size_t mark_slowly(const struct wanted *wanted, xunzi_string text, bool *marked) {
    struct folded_text folded = {0};
    struct buffer term = {0};
    size_t matches = 0;
    memset(marked, 0, text.size * sizeof *marked);
    assert_true(fold_text(&folded, text.data, text.size));
    struct token token;
    assert_ok(tokenizer_set_text(tokenizer, text.data, text.size));
    bool *seen = calloc(folded.count + 1, sizeof *seen); /* characters looked up alone */
    assert_non_null(seen);
    while (tokenizer_next(tokenizer, &token))
        for (size_t size = 1; size <= token.count; size += token.count > 1 ? token.count - 1 : 1)
            for (size_t first = token.first; first + size <= token.first + token.count; first++) {
                if (token.kind == XUNZI_TOKEN_LATIN && size < token.count)
                    continue;
                if (size == 1 && token.kind != XUNZI_TOKEN_LATIN) {
                    if (seen[first])
                        continue;
                    seen[first] = true;
                }
                buffer_clear(&term);
                assert_true(folded_text_append_utf8(&folded, first, size, &term));
                if (!is_wanted(wanted, term.data, term.size))
                    continue;
                const struct folded_character *last = &folded.characters[first + size - 1];
                for (size_t b = folded.characters[first].begin;
                     b < last->begin + (size_t)last->length; b++)
                    marked[b] = true;
                matches++;
            }
    free(seen);
    buffer_free(&term);
    folded_text_free(&folded);
    return matches;
}

/* ---- Comparison ---- */

static bool at_boundary(xunzi_string text, size_t at) {
    return at == text.size || (at < text.size && ((unsigned char)text.data[at] & 0xC0) != 0x80);
}

/* Asserts everything about what the highlighter finds in a text. */
static void assert_highlights(struct highlighter *highlighter, const struct wanted *wanted,
                              xunzi_string original) {
    char *exact = exact_copy(original.data, original.size);
    xunzi_string text = {exact, original.size};
    bool *marked = calloc(text.size + 1, sizeof *marked);
    assert_non_null(marked);
    const struct match *matches;
    size_t count, range_count;
    assert_ok(highlighter_find(highlighter, text, NULL, &matches, &count));
    assert_int_equal(mark_slowly(wanted, text, marked), count);
    for (size_t i = 0; i < count; i++) {
        assert_true(i == 0 || matches[i].begin >= matches[i - 1].begin);
        assert_true(matches[i].begin < matches[i].end && matches[i].end <= text.size);
        assert_true(matches[i].term < highlighter_term_count(highlighter));
        assert_true(matches[i].weight > 0);
    }
    struct arena arena = {0};
    const xunzi_range *ranges;
    assert_true(highlight_ranges(matches, count, &arena, &ranges, &range_count));
    size_t next = 0;
    for (size_t at = 0; at < text.size;) {
        if (!marked[at]) {
            at++;
            continue;
        }
        size_t end = at;
        while (end < text.size && marked[end])
            end++;
        assert_true(next < range_count);
        assert_int_equal(at, ranges[next].begin);
        assert_int_equal(end, ranges[next].end);
        assert_true(at_boundary(text, at) && at_boundary(text, end));
        next++;
        at = end;
    }
    assert_int_equal(next, range_count);
    assert_true(range_count > 0 || ranges == NULL);
    arena_free(&arena);
    free(marked);
    free(exact);
}

static void test_random_han(void **state) {
    (void)state;
    struct buffer query = {0}, text = {0};
    struct wanted wanted;
    random_seed(81);
    for (int i = 0; i < 3000; i++) {
        struct arena arena = {0};
        buffer_clear(&query);
        for (uint32_t n = 1 + random_below(5); n > 0; n--)
            append_one_of(&query, random_below(5) ? "國人書水火" : " ");
        want(&wanted, (xunzi_string){query.data, query.size});
        struct highlighter *highlighter =
            highlighter_for((xunzi_profile)(i % 2), i % 3 ? XUNZI_MODE_OR : XUNZI_MODE_AND,
                            (xunzi_string){query.data, query.size}, &arena);
        assert_int_equal(wanted.count, highlighter_term_count(highlighter));
        for (int t = 0; t < 5; t++) {
            buffer_clear(&text);
            for (uint32_t n = random_below(30); n > 0; n--)
                append_one_of(&text, "国國人书書水火，");
            assert_highlights(highlighter, &wanted, (xunzi_string){text.data, text.size});
        }
        highlighter_free(highlighter);
        arena_free(&arena);
    }
    buffer_free(&query);
    buffer_free(&text);
}

static void test_random_text(void **state) {
    (void)state;
    struct buffer query = {0}, text = {0};
    struct wanted wanted;
    random_seed(82);
    for (int i = 0; i < 1500; i++) {
        struct arena arena = {0};
        buffer_clear(&query);
        for (uint32_t n = 1 + random_below(8); n > 0; n--)
            append_one_of(&query, "國线綫aｂ1 ㈱ハ\u3099ﾊﾞ가의é_.");
        want(&wanted, (xunzi_string){query.data, query.size});
        struct highlighter *highlighter = highlighter_for(
            (xunzi_profile)(i % 2), XUNZI_MODE_OR, (xunzi_string){query.data, query.size}, &arena);
        assert_int_equal(wanted.count, highlighter_term_count(highlighter));
        for (int t = 0; t < 6; t++) {
            if (t % 2) {
                random_text(&text, random_below(60));
            } else {
                buffer_clear(&text);
                for (uint32_t n = random_below(40); n > 0; n--)
                    append_one_of(&text, "国國线綫線aAｂb11 ㈱株バﾊﾞ가의e\u0301\u200B_.，");
            }
            assert_highlights(highlighter, &wanted, (xunzi_string){text.data, text.size});
        }
        highlighter_free(highlighter);
        arena_free(&arena);
    }
    buffer_free(&query);
    buffer_free(&text);
}

/* Writes text with its ranges in brackets. */
static void assert_marked(xunzi_mode mode, const char *query, const char *text,
                          const char *expected) {
    struct arena arena = {0};
    struct buffer out = {0};
    const struct match *matches;
    const xunzi_range *ranges;
    size_t count, at = 0;
    struct highlighter *highlighter =
        highlighter_for(XUNZI_PROFILE_FULL, mode, xunzi_string_of(query), &arena);
    assert_ok(highlighter_find(highlighter, xunzi_string_of(text), NULL, &matches, &count));
    assert_true(highlight_ranges(matches, count, &arena, &ranges, &count));
    for (size_t i = 0; i < count; i++) {
        assert_true(buffer_append(&out, text + at, ranges[i].begin - at) &&
                    buffer_append_byte(&out, '[') &&
                    buffer_append(&out, text + ranges[i].begin, ranges[i].end - ranges[i].begin) &&
                    buffer_append_byte(&out, ']'));
        at = ranges[i].end;
    }
    assert_true(buffer_append_text(&out, text + at));
    assert_text(xunzi_string_of(expected), ((xunzi_string){out.data, out.size}));
    buffer_free(&out);
    highlighter_free(highlighter);
    arena_free(&arena);
}

static void test_examples(void **state) {
    (void)state;
    assert_marked(XUNZI_MODE_QUERY, "图书馆", "圖書館的書", "[圖書館]的書");
    assert_marked(XUNZI_MODE_QUERY, "圖書館", "图书馆的书", "[图书馆]的书");
    assert_marked(XUNZI_MODE_QUERY, "图书馆", "圖書與書館", "[圖書]與[書館]");
    assert_marked(XUNZI_MODE_QUERY, "書", "圖書館的書", "圖[書]館的[書]");
    assert_marked(XUNZI_MODE_QUERY, "iphone", "ＩＰＨＯＮＥ 和 iPhone2",
                  "[ＩＰＨＯＮＥ] 和 iPhone2");
    assert_marked(XUNZI_MODE_QUERY, "cafe\u0301", "CAFÉ！", "[CAFÉ]！");
    assert_marked(XUNZI_MODE_QUERY, "株", "㈱一", "[㈱]一");
    assert_marked(XUNZI_MODE_QUERY, "圖書 -館", "圖書館",
                  "[圖書]館"); /* what is excluded marks nothing */
    assert_marked(XUNZI_MODE_QUERY, "-圖書", "圖書館", "圖書館");
    assert_marked(XUNZI_MODE_QUERY, "\"圖書館\"", "圖書，書館", "[圖書]，[書館]");
    assert_marked(XUNZI_MODE_PHRASE, "圖書館", "圖書館", "[圖書館]");
    assert_marked(XUNZI_MODE_QUERY, "的書", "的書的", "[的書]的");
    assert_marked(XUNZI_MODE_QUERY, "我們 書", "我們的書",
                  "我們的[書]"); /* nor do function characters */
    assert_marked(XUNZI_MODE_QUERY, "我們", "我們的書", "[我們]的書");
    assert_marked(XUNZI_MODE_QUERY, "！", "！書", "！書");
    assert_marked(XUNZI_MODE_QUERY, "書", "", "");
    assert_marked(XUNZI_MODE_QUERY, "國人", "國\u200B人", "[國\u200B人]");
}

/* What no document has is not looked for. */
static void test_absent_terms(void **state) {
    (void)state;
    struct arena arena = {0};
    struct query *query;
    const char *note;
    double weight_sum;
    struct highlighter *highlighter;
    assert_ok(
        parse_query(indexes[0], &arena, TEXT("圖書 河流 xyz a"), XUNZI_MODE_OR, &query, &note));
    assert_ok(plan_query(indexes[0], &arena, query, &weight_sum));
    assert_ok(highlighter_new(query, &highlighter));
    assert_int_equal(2, highlighter_term_count(highlighter));
    highlighter_free(highlighter);
    arena_free(&arena);
}

static void add_edit(struct edits *edits, const char *text, enum edit_kind kind, const char *part,
                     const char *replacement) {
    const char *at = strstr(text, part);
    assert_non_null(at);
    const struct edit edit = {.kind = kind,
                              .begin = (uint32_t)(at - text),
                              .end = (uint32_t)(at - text + (ptrdiff_t)strlen(part)),
                              .replacement = xunzi_string_of(replacement)};
    assert_true(edits_append(edits, &edit));
}

/* A match runs over a reading, covers the whole of a mended stretch, and is found there as it
 * stands as well. */
static void test_edits(void **state) {
    (void)state;
    const char *text = "圖(tú)書。國?ab人。圖書。圖書";
    struct edits edits = {0};
    struct arena arena = {0};
    const struct match *matches;
    size_t count;
    add_edit(&edits, text, EDIT_SKIP, "(tú)", "");
    add_edit(&edits, text, EDIT_MEND, "?ab", "書");
    add_edit(&edits, text, EDIT_ASIDE, "圖書。", "");
    struct highlighter *highlighter =
        highlighter_for(XUNZI_PROFILE_FULL, XUNZI_MODE_OR, TEXT("圖書 國書 書人 ab"), &arena);
    static const char *const found[] = {"圖(tú)書", "國?ab", "?ab人", "ab", "圖書"};
    assert_ok(
        highlighter_find(highlighter, xunzi_string_of(text), &edits, &matches, &count));
    assert_int_equal(sizeof found / sizeof *found, count);
    for (size_t i = 0; i < count; i++)
        assert_text(xunzi_string_of(found[i]),
                    ((xunzi_string){text + matches[i].begin, matches[i].end - matches[i].begin}));
    size_t begin = (size_t)(strstr(text, "國") - text), end = (size_t)(strstr(text, "人") - text);
    assert_ok(highlighter_find_within(highlighter, xunzi_string_of(text), begin, end, &edits,
                                      &matches, &count));
    assert_int_equal(2, count);
    assert_int_equal(begin, matches[0].begin);
    assert_int_equal(begin + strlen("國?"), matches[1].begin);
    highlighter_free(highlighter);
    arena_free(&arena);
    edits_free(&edits);
}

/* What is found within a stretch is what is found in its copy. */
static void test_within(void **state) {
    (void)state;
    struct buffer text = {0};
    struct arena arena = {0};
    struct highlighter *highlighter =
        highlighter_for(XUNZI_PROFILE_FULL, XUNZI_MODE_OR, TEXT("a 國 國人 人書"), &arena);
    random_seed(84);
    for (int i = 0; i < 2000; i++) {
        const struct match *matches;
        struct match copy[64];
        size_t count, again;
        buffer_clear(&text);
        for (uint32_t n = random_below(40); n > 0; n--)
            append_one_of(&text, "國人書a ，");
        size_t begin = random_below((uint32_t)text.size + 1),
               end = random_below((uint32_t)text.size + 1);
        while (begin < text.size && ((unsigned char)text.data[begin] & 0xC0) == 0x80)
            begin++;
        while (end < text.size && ((unsigned char)text.data[end] & 0xC0) == 0x80)
            end++;
        if (begin > end || text.size == 0)
            continue;
        assert_ok(highlighter_find_within(highlighter, (xunzi_string){text.data, text.size}, begin,
                                          end, NULL, &matches, &count));
        assert_in_range(count, 0, sizeof copy / sizeof *copy);
        if (count > 0)
            memcpy(copy, matches, count * sizeof *copy);
        assert_ok(highlighter_find(highlighter, (xunzi_string){text.data + begin, end - begin}, NULL,
                                   &matches, &again));
        assert_int_equal(count, again);
        for (size_t m = 0; m < count; m++) {
            assert_int_equal(copy[m].begin, matches[m].begin + begin);
            assert_int_equal(copy[m].end, matches[m].end + begin);
            assert_int_equal(copy[m].term, matches[m].term);
        }
    }
    highlighter_free(highlighter);
    arena_free(&arena);
    buffer_free(&text);
}

/* Ill-formed text is not met in documents; it is still read without harm. */
static void test_random_bytes(void **state) {
    (void)state;
    struct arena arena = {0};
    struct highlighter *highlighter =
        highlighter_for(XUNZI_PROFILE_FULL, XUNZI_MODE_OR, TEXT("a 國 國人"), &arena);
    random_seed(83);
    for (int i = 0; i < 5000; i++) {
        char bytes[40];
        const struct match *matches;
        size_t count, size = random_below(sizeof bytes);
        for (size_t b = 0; b < size; b++)
            bytes[b] = "a\xE5\x9C\x8B\xE4\xBA\xBA\xFF "[random_below(9)];
        char *exact = exact_copy(bytes, size);
        assert_ok(highlighter_find(highlighter, (xunzi_string){exact, size}, NULL, &matches, &count));
        for (size_t m = 0; m < count; m++)
            assert_true(matches[m].begin < matches[m].end && matches[m].end <= size);
        free(exact);
    }
    highlighter_free(highlighter);
    arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_han),   cmocka_unit_test(test_random_text),
        cmocka_unit_test(test_examples),     cmocka_unit_test(test_absent_terms),
        cmocka_unit_test(test_edits),        cmocka_unit_test(test_within),
        cmocka_unit_test(test_random_bytes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
