/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text/terms: that different names give different terms, all of them short enough for Xapian. */
#include "tests/text/text_support.h"

#include "text/terms.h"

static const char *const prefixes[] = {TERM_PREFIX_NONE, TERM_PREFIX_WORD, TERM_PREFIX_TITLE,
                                       TERM_PREFIX_ID, TERM_PREFIX_SOURCE};
enum { PREFIX_COUNT = sizeof prefixes / sizeof *prefixes };

static void assert_term(xunzi_string expected, const char *prefix, xunzi_string name) {
    struct buffer term = {0};
    assert_true(term_append(&term, prefix, name.data, name.size));
    assert_text(expected, ((xunzi_string){term.data, term.size}));
    buffer_free(&term);
}

static void test_short_names_stand_for_themselves(void **state) {
    (void)state;
    char longest[TERM_NAME_MOST];
    memset(longest, 'x', sizeof longest);
    assert_term(TEXT("中国"), TERM_PREFIX_NONE, TEXT("中国"));
    assert_term(TEXT("XW中国"), TERM_PREFIX_WORD, TEXT("中国"));
    assert_term(TEXT("S中国"), TERM_PREFIX_TITLE, TEXT("中国"));
    assert_term(TEXT("Qa/b c"), TERM_PREFIX_ID, TEXT("a/b c"));
    assert_term(TEXT("XSOURCE"), TERM_PREFIX_SOURCE, (xunzi_string){NULL, 0});
    assert_term(TEXT("a\001"), TERM_PREFIX_NONE, TEXT("a\001"));
    assert_term((xunzi_string){longest, sizeof longest}, TERM_PREFIX_NONE,
                (xunzi_string){longest, sizeof longest});
}

static void test_other_names_are_hashed(void **state) {
    (void)state;
    char longer[TERM_NAME_MOST + 1], huge[10000];
    memset(longer, 'x', sizeof longer);
    memset(huge, 'x', sizeof huge);
    const xunzi_string names[] = {
        {longer, sizeof longer},
        {huge, sizeof huge},
        {huge, sizeof huge - 1},
        TEXT("\0"),
        TEXT("a\0"),
        TEXT("a\0b"),
        TEXT("\001"),
        TEXT("\001a"),
        TEXT("\001\0"),
        TEXT("\0\0"),
    };
    enum { COUNT = sizeof names / sizeof *names };
    struct buffer terms[COUNT] = {{0}}, again = {0};
    for (size_t i = 0; i < COUNT; i++) {
        assert_true(term_append(&terms[i], "Q", names[i].data, names[i].size));
        assert_int_equal(terms[i].size, 1 + 1 + 32);
        assert_memory_equal(terms[i].data, "Q\001", 2);
        for (size_t d = 2; d < terms[i].size; d++)
            assert_non_null(memchr("0123456789abcdef", terms[i].data[d], 16));
        for (size_t other = 0; other < i; other++)
            assert_memory_not_equal(terms[i].data, terms[other].data, terms[i].size);
        buffer_clear(&again);
        assert_true(term_append(&again, "Q", names[i].data, names[i].size));
        assert_memory_equal(again.data, terms[i].data, again.size);
        /* Nobody can name a document so that it takes another's term: what looks like a hash is
         * hashed too. */
        buffer_clear(&again);
        assert_true(term_append(&again, "Q", terms[i].data + 1, terms[i].size - 1));
        assert_memory_not_equal(again.data, terms[i].data, again.size);
    }
    for (size_t i = 0; i < COUNT; i++)
        buffer_free(&terms[i]);
    buffer_free(&again);
}

/* A term of one namespace is never one of another. Ids can be anything; the rest is folded text. */
static void test_namespaces_are_apart(void **state) {
    (void)state;
    enum { NAMES = 400 };
    struct buffer text = {0}, terms[PREFIX_COUNT] = {{0}};
    random_seed(31);
    for (int i = 0; i < NAMES; i++) {
        buffer_clear(&text);
        for (uint32_t n = 1 + random_below(4); n > 0; n--)
            append_one_of(&text, "wsource中a\001q");
        for (size_t p = 0; p < PREFIX_COUNT; p++) {
            buffer_clear(&terms[p]);
            assert_true(term_append(&terms[p], prefixes[p], text.data, text.size));
            bool ranked = p < 2;
            assert_int_equal(ranked, term_is_ranked(terms[p].data, terms[p].size));
            for (size_t other = 0; other < p; other++)
                assert_false(terms[p].size == terms[other].size &&
                             memcmp(terms[p].data, terms[other].data, terms[p].size) == 0);
        }
    }
    for (size_t p = 0; p < PREFIX_COUNT; p++)
        buffer_free(&terms[p]);
    buffer_free(&text);
    static const char *const ids[] = {"W中", "XW中", "SOURCEa", "", "中"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct buffer term = {0};
        assert_true(term_append(&term, TERM_PREFIX_ID, ids[i], strlen(ids[i])));
        assert_false(term_is_ranked(term.data, term.size));
        buffer_free(&term);
    }
    assert_false(term_is_ranked("", 0));
    assert_false(term_is_ranked("XW", 2));
}

static void test_kinds(void **state) {
    (void)state;
    assert_string_equal(term_prefix_of(XUNZI_TOKEN_BIGRAM), "");
    assert_string_equal(term_prefix_of(XUNZI_TOKEN_CHARACTER), "");
    assert_string_equal(term_prefix_of(XUNZI_TOKEN_LATIN), "");
    assert_string_equal(term_prefix_of(XUNZI_TOKEN_WORD), "XW");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_names_stand_for_themselves),
        cmocka_unit_test(test_other_names_are_hashed),
        cmocka_unit_test(test_namespaces_are_apart),
        cmocka_unit_test(test_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
