/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Documents and queries that nobody writes by accident: each is taken whole or refused with a
 * sentence, and the collection stays sound. */
#include <stdio.h>
#include <stdlib.h>

#include "support.h"

static xunzi_string filled(char byte, size_t size) {
    char *data = malloc(size + 1);
    assert_non_null(data);
    memset(data, byte, size);
    data[size] = '\0';
    return (xunzi_string){data, size};
}

static void release(xunzi_string string) {
    free((char *)string.data);
}

/* `count` times a piece. */
static xunzi_string repeated(const char *piece, size_t count) {
    size_t size = strlen(piece);
    xunzi_string text = filled(0, size * count);
    for (size_t i = 0; i < count; i++)
        memcpy((char *)text.data + i * size, piece, size);
    return text;
}

static void add_string(xunzi_writer *writer, const char *id, xunzi_string body) {
    const xunzi_document document = {.id = xunzi_string_of(id), .body = body};
    assert_ok(xunzi_writer_add(writer, &document));
}

/* Commits, closes, checks, opens for reading. */
static xunzi_index *finish(void **state, xunzi_writer *writer) {
    assert_ok(xunzi_writer_commit(writer));
    xunzi_writer_close(writer);
    assert_sound(in_folder(state, "collection"));
    return open_index(in_folder(state, "collection"));
}

static xunzi_writer *begin(void **state) {
    return open_writer(in_folder(state, "collection"), XUNZI_PROFILE_FULL);
}

/* How many documents the query finds; with snippets made, whatever the text. */
static size_t count_hits(xunzi_index *index, xunzi_string query, xunzi_mode mode) {
    xunzi_search_options options = xunzi_search_options_default();
    options.mode = mode;
    options.limit = 1000;
    xunzi_results *results;
    assert_ok(xunzi_search(index, query, &options, &results));
    size_t count = xunzi_results_count(results);
    xunzi_results_free(results);
    return count;
}

/* Bytes that text should not hold are kept where they are UTF-8, and replaced by U+FFFD where they
 * are not. */
static void test_odd_bytes(void **state) {
    static const struct {
        xunzi_string given, kept, query;
    } cases[] = {
        {LITERAL("甲\0合作\0乙"), LITERAL("甲\0合作\0乙"), LITERAL("合作")},
        {LITERAL("合\x01作\x1B[31m\x7F"), LITERAL("合\x01作\x1B[31m\x7F"), LITERAL("31m")},
        {LITERAL("\u202E合作\u202C \u2066x\u2069"), LITERAL("\u202E合作\u202C \u2066x\u2069"),
         LITERAL("合作")},
        {LITERAL("合作\xEF\xBF\xBE\xEF\xB7\x90 \xF4\x8F\xBF\xBF"),
         LITERAL("合作\xEF\xBF\xBE\xEF\xB7\x90 \xF4\x8F\xBF\xBF"), LITERAL("合作")},
        {LITERAL("合作\xED\xA0\x80\xED\xB0\x80"),
         LITERAL("合作\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"), LITERAL("合作")},
        {LITERAL("\xC0\xAF\xFE合作\xE5\x90"), LITERAL("\uFFFD\uFFFD\uFFFD合作\uFFFD"),
         LITERAL("合作")},
        {LITERAL("\xF8\x88\x80\x80\x80合作\xF4\x90\x80\x80"),
         LITERAL("\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD合作\uFFFD\uFFFD\uFFFD\uFFFD"), LITERAL("合作")},
        {LITERAL("合\u200B作\uFEFF"), LITERAL("合\u200B作\uFEFF"), LITERAL("合作")},
    };
    enum { CASES = sizeof cases / sizeof *cases };
    xunzi_writer *writer = begin(state);
    for (size_t i = 0; i < CASES; i++) {
        const xunzi_document document = {.id = {(const char *)&i, sizeof i},
                                         .title = cases[i].given,
                                         .body = cases[i].given,
                                         .source = cases[i].given,
                                         .url = cases[i].given,
                                         .date = cases[i].given};
        assert_ok(xunzi_writer_add(writer, &document));
    }
    xunzi_index *index = finish(state, writer);
    for (size_t i = 0; i < CASES; i++) {
        xunzi_document document;
        assert_ok(
            xunzi_index_document(index, (xunzi_string){(const char *)&i, sizeof i}, &document));
        assert_same(cases[i].kept, document.title);
        assert_same(cases[i].kept, document.body);
        assert_same(cases[i].kept, document.source);
        assert_same(cases[i].kept, document.url);
        assert_true(count_hits(index, cases[i].query, XUNZI_MODE_PHRASE) >= 1);
        assert_true(count_hits(index, cases[i].given, XUNZI_MODE_AND) >= 1);
    }
    xunzi_index_close(index);
}

static void test_ids(void **state) {
    xunzi_string long_id = filled('i', 10 << 10), longest = filled('j', XUNZI_MAX_ID_BYTES);
    xunzi_string too_long = filled('k', XUNZI_MAX_ID_BYTES + 1);
    const xunzi_string kept[] = {long_id,         longest,         LITERAL("a\0b"),
                                 LITERAL("a\0c"), LITERAL("\x01"), LITERAL("醫院/\n")};
    enum { KEPT = sizeof kept / sizeof *kept };
    xunzi_writer *writer = begin(state);
    for (size_t turn = 0; turn < 2; turn++) /* the second time each replaces itself */
        for (size_t i = 0; i < KEPT; i++) {
            const xunzi_document document = {.id = kept[i], .body = LITERAL("合作")};
            assert_ok(xunzi_writer_add(writer, &document));
        }
    const xunzi_document refused = {.id = too_long, .body = LITERAL("合作")};
    assert_status(XUNZI_ERROR_LIMIT, xunzi_writer_add(writer, &refused));
    assert_status(XUNZI_ERROR_NOT_FOUND, xunzi_writer_delete(writer, too_long));
    assert_status(XUNZI_ERROR_NOT_FOUND, xunzi_writer_delete(writer, LITERAL("")));
    assert_int_equal(xunzi_writer_documents(writer), KEPT);
    /* Without an id, one is made of what the document says: the same twice is one document. */
    const xunzi_document nameless = {.title = LITERAL("合"), .body = LITERAL("作")},
                         other = {.body = LITERAL("合作")};
    assert_ok(xunzi_writer_add(writer, &nameless));
    assert_ok(xunzi_writer_add(writer, &other));
    assert_ok(xunzi_writer_add(writer, &nameless));
    assert_int_equal(xunzi_writer_documents(writer), KEPT + 2);
    assert_ok(xunzi_writer_delete(writer, long_id));
    xunzi_index *index = finish(state, writer);
    xunzi_document document;
    assert_status(XUNZI_ERROR_NOT_FOUND, xunzi_index_document(index, long_id, &document));
    assert_status(XUNZI_ERROR_NOT_FOUND, xunzi_index_document(index, LITERAL("a"), &document));
    assert_status(XUNZI_ERROR_NOT_FOUND, xunzi_index_document(index, LITERAL(""), &document));
    for (size_t i = 1; i < KEPT; i++) {
        assert_ok(xunzi_index_document(index, kept[i], &document));
        assert_same(kept[i], document.id);
    }
    xunzi_index_close(index);
    release(long_id);
    release(longest);
    release(too_long);
}

/* One Latin word of a megabyte, and two that differ in the last letter only. */
static void test_long_token(void **state) {
    xunzi_string first = filled('w', 1 << 20), second = filled('w', 1 << 20),
                 other = filled('w', (1 << 20) - 1);
    ((char *)second.data)[second.size - 1] = 'x';
    xunzi_writer *writer = begin(state);
    add_string(writer, "first", first);
    add_string(writer, "second", second);
    xunzi_index *index = finish(state, writer);
    /* As a query it is over the limit, and cut: it finds nothing, and says so. */
    assert_int_equal(count_hits(index, first, XUNZI_MODE_OR), 0);
    assert_int_equal(count_hits(index, other, XUNZI_MODE_OR), 0);
    xunzi_document document;
    assert_ok(xunzi_index_document(index, LITERAL("second"), &document));
    assert_same(second, document.body);
    xunzi_index_close(index);
    release(first);
    release(second);
    release(other);
    writer = begin(state);
    first = filled('w', 60000);
    second = filled('w', 60000);
    ((char *)second.data)[second.size - 1] = 'x';
    add_string(writer, "third", first);
    add_string(writer, "fourth", second);
    index = finish(state, writer);
    assert_int_equal(count_hits(index, first, XUNZI_MODE_PHRASE), 1);
    assert_int_equal(count_hits(index, second, XUNZI_MODE_AND), 1);
    xunzi_index_close(index);
    release(first);
    release(second);
}

static void test_many_terms(void **state) {
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (unsigned i = 0; i < 100000; i++)
        fprintf(out, "t%ux ", i);
    fclose(out);
    xunzi_writer *writer = begin(state);
    add_string(writer, "many", (xunzi_string){text, size});
    xunzi_index *index = finish(state, writer);
    xunzi_statistics statistics;
    assert_ok(xunzi_index_statistics(index, &statistics));
    assert_int_equal(statistics.terms, 100000);
    assert_int_equal(count_hits(index, LITERAL("t99999x"), XUNZI_MODE_AND), 1);
    assert_int_equal(count_hits(index, LITERAL("t7x t8x t9x"), XUNZI_MODE_PHRASE), 1);
    assert_int_equal(count_hits(index, (xunzi_string){text, size}, XUNZI_MODE_OR), 1);
    assert_int_equal(count_hits(index, (xunzi_string){text, size}, XUNZI_MODE_AND), 1);
    assert_int_equal(count_hits(index, (xunzi_string){text, size}, XUNZI_MODE_PHRASE), 1);
    xunzi_index_close(index);
    free(text);
}

static void test_combining_marks(void **state) {
    xunzi_string marks = repeated("\u0301", 10000), sounds = repeated("\u3099", 10000),
                 jamo = repeated("\u1100", 10000);
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fprintf(out, "合作 e%s 医院 ｶ%s 学校 %s 専科", marks.data, sounds.data, jamo.data);
    fclose(out);
    xunzi_writer *writer = begin(state);
    add_string(writer, "marks", (xunzi_string){text, size});
    xunzi_index *index = finish(state, writer);
    static const char *const words[] = {"合作", "医院", "學校", "専科"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_int_equal(count_hits(index, xunzi_string_of(words[i]), XUNZI_MODE_PHRASE), 1);
    assert_int_equal(count_hits(index, (xunzi_string){text, size}, XUNZI_MODE_AND), 1);
    xunzi_index_close(index);
    free(text);
    release(marks);
    release(sounds);
    release(jamo);
}

/* At the limit a document is taken, a byte over it is refused, and in whatever member the byte is.
 */
static void test_document_limit(void **state) {
    xunzi_writer *writer = begin(state);
    xunzi_string body = filled(' ', XUNZI_MAX_DOCUMENT_BYTES);
    memcpy((char *)body.data + 8, "合作", 6);
    memcpy((char *)body.data + body.size - 12, "末尾醫院", 12);
    xunzi_document document = {.id = LITERAL("1234"), .body = {body.data, body.size}};
    assert_status(XUNZI_ERROR_LIMIT, xunzi_writer_add(writer, &document));
    assert_non_null(strstr(xunzi_error_message(), "16 MiB"));
    document.body = (xunzi_string){body.data + 3, body.size - 3};
    assert_status(XUNZI_ERROR_LIMIT, xunzi_writer_add(writer, &document));
    document.body = (xunzi_string){body.data + 4, body.size - 4};
    document.url = LITERAL("u");
    assert_status(XUNZI_ERROR_LIMIT, xunzi_writer_add(writer, &document));
    document.url = (xunzi_string){0};
    assert_int_equal(xunzi_writer_documents(writer), 0);
    assert_ok(xunzi_writer_add(writer, &document));
    /* Repair makes a document longer: it is refused by what it would be. */
    xunzi_string broken = filled('\xFF', XUNZI_MAX_DOCUMENT_BYTES / 2);
    const xunzi_document swelling = {
        .id = LITERAL("swelling"), .title = LITERAL("合作"), .body = broken};
    assert_status(XUNZI_ERROR_LIMIT, xunzi_writer_add(writer, &swelling));
    xunzi_index *index = finish(state, writer);
    assert_int_equal(count_hits(index, LITERAL("末尾医院"), XUNZI_MODE_PHRASE), 1);
    xunzi_document stored;
    assert_ok(xunzi_index_document(index, LITERAL("1234"), &stored));
    assert_true(same_string(document.body, stored.body));
    xunzi_index_close(index);
    release(broken);
    release(body);
}

/* Nothing to search for: refused, and the writer goes on. */
static void test_empty_documents(void **state) {
    static const xunzi_string nothing[] = {{NULL, 0},           {"", 0},
                                           LITERAL("\0"),       LITERAL("，。！ \n\t（）…—"),
                                           LITERAL("\xFF\xFE"), LITERAL("\u200B\uFEFF"),
                                           LITERAL("\u0301")};
    xunzi_writer *writer = begin(state);
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
        const xunzi_document document = {.id = LITERAL("id"),
                                         .title = nothing[i],
                                         .body = nothing[i],
                                         .source = LITERAL("合作")};
        assert_status(XUNZI_ERROR_INVALID_ARGUMENT, xunzi_writer_add(writer, &document));
    }
    assert_int_equal(xunzi_writer_documents(writer), 0);
    xunzi_index *index = finish(state, writer); /* a commit of nothing */
    assert_int_equal(count_hits(index, LITERAL("合作"), XUNZI_MODE_QUERY), 0);
    assert_int_equal(count_hits(index, LITERAL("-合作"), XUNZI_MODE_QUERY), 0);
    xunzi_statistics statistics;
    assert_ok(xunzi_index_statistics(index, &statistics));
    assert_int_equal(statistics.documents, 0);
    xunzi_index_close(index);
    writer = begin(state);
    add_string(writer, "title", LITERAL("合"));
    assert_ok(xunzi_writer_optimize(writer));
    index = finish(state, writer);
    assert_int_equal(count_hits(index, LITERAL("合"), XUNZI_MODE_PHRASE), 1);
    xunzi_index_close(index);
}

static void fill_small(void **state, xunzi_index **index) {
    xunzi_writer *writer = begin(state);
    for (int i = 0; i < 30; i++) {
        char id[16];
        snprintf(id, sizeof id, "%d", i);
        const xunzi_document document = {.id = xunzi_string_of(id),
                                         .body = LITERAL("雲嶺市與澄江區合作"),
                                         .date =
                                             xunzi_string_of(i % 2 ? "2024-02-30" : "2024-02-28")};
        assert_ok(xunzi_writer_add(writer, &document));
    }
    *index = finish(state, writer);
}

/* The note of a query that has something odd, in every mode; no hits where it holds nothing to look
 * for. */
static void expect_note(xunzi_index *index, xunzi_string query, xunzi_mode mode, const char *note) {
    xunzi_search_options options = xunzi_search_options_default();
    options.mode = mode;
    xunzi_results *results;
    assert_ok(xunzi_search(index, query, &options, &results));
    assert_non_null(xunzi_results_note(results));
    if (!strstr(xunzi_results_note(results), note))
        fail_msg("the note is: %s", xunzi_results_note(results));
    xunzi_results_free(results);
}

static void test_queries(void **state) {
    static const xunzi_mode modes[] = {XUNZI_MODE_QUERY, XUNZI_MODE_OR, XUNZI_MODE_AND,
                                       XUNZI_MODE_PHRASE};
    static const xunzi_string nothing[] = {{NULL, 0},
                                           {"", 0},
                                           LITERAL(" \t\n　"),
                                           LITERAL("，。！？…（）"),
                                           LITERAL("\"\""),
                                           LITERAL("+ - + -"),
                                           LITERAL("\0\0\0"),
                                           LITERAL("\xFF\xC0\xED\xA0\x80"),
                                           LITERAL("\"\"\"\"\"「」『"),
                                           LITERAL("-，")};
    xunzi_index *index;
    fill_small(state, &index);
    xunzi_string han = repeated("合作", (1 << 20) / 6), quotes = repeated("\"", 1 << 20),
                 minus = repeated("-雲嶺 ", 100000);
    xunzi_string opening = repeated("「", 300000), nested = repeated("+「合作", 100000),
                 invalid = filled('\x80', 1 << 20);
    for (size_t m = 0; m < sizeof modes / sizeof *modes; m++) {
        for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
            assert_int_equal(count_hits(index, nothing[i], modes[m]), 0);
            expect_note(index, nothing[i], modes[m],
                        modes[m] == XUNZI_MODE_QUERY ? "" : "no letter, digit or character");
        }
        expect_note(index, han, modes[m], "64 KiB");
        assert_int_equal(count_hits(index, han, modes[m]),
                         modes[m] == XUNZI_MODE_OR || modes[m] == XUNZI_MODE_QUERY ? 30 : 0);
        const xunzi_string long_ones[] = {quotes, minus, opening, nested, invalid};
        for (size_t i = 0; i < sizeof long_ones / sizeof *long_ones; i++)
            expect_note(index, long_ones[i], modes[m], "");
        assert_int_equal(count_hits(index, LITERAL("合\0作"), modes[m]),
                         modes[m] == XUNZI_MODE_PHRASE ? 0 : 30);
        assert_int_equal(count_hits(index, LITERAL("\xFF合作\xFF"), modes[m]), 30);
        assert_int_equal(count_hits(index, LITERAL("合作\xE5\x90"), modes[m]), 30);
    }
    release(han);
    release(quotes);
    release(minus);
    release(opening);
    release(nested);
    release(invalid);
    xunzi_index_close(index);
}

static void expect_page(xunzi_index *index, size_t offset, size_t limit, size_t count) {
    xunzi_search_options options = xunzi_search_options_default();
    options.offset = offset;
    options.limit = limit;
    options.exact_count = true;
    xunzi_results *results;
    assert_ok(xunzi_search(index, LITERAL("合作"), &options, &results));
    assert_int_equal(xunzi_results_count(results), count);
    assert_int_equal(xunzi_results_total(results), 30);
    assert_null(xunzi_results_hit(results, count));
    assert_null(xunzi_results_hit(results, SIZE_MAX));
    if (count > 0)
        assert_int_equal(xunzi_results_hit(results, 0)->rank, offset + 1);
    xunzi_results_free(results);
}

static void test_pages(void **state) {
    xunzi_index *index;
    fill_small(state, &index);
    expect_page(index, 0, SIZE_MAX, 30);
    expect_page(index, SIZE_MAX, SIZE_MAX, 0);
    expect_page(index, SIZE_MAX, 1, 0);
    expect_page(index, 29, SIZE_MAX, 1);
    expect_page(index, 30, SIZE_MAX - 29, 0);
    expect_page(index, (size_t)UINT32_MAX + 1, 10, 0);
    expect_page(index, 3, (size_t)UINT32_MAX + 2, 27);
    expect_page(index, 0, 0, 0);
    expect_page(index, 5, 5, 5);
    xunzi_index_close(index);
}

static void test_dates(void **state) {
    xunzi_index *index;
    fill_small(state, &index);
    static const char *const wrong[] = {
        "2024-02-30", "2023-02-29", "2024-13", "2024-00-10", "昨天",     "0000",
        "20240230",   "-1",         "99999",   "2024-1-32",  "\x1B[31m", "２０２４－０２－３０"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        xunzi_search_options since = xunzi_search_options_default(), until = since;
        xunzi_results *results;
        since.since = until.until = xunzi_string_of(wrong[i]);
        assert_status(XUNZI_ERROR_INVALID_ARGUMENT,
                      xunzi_search(index, LITERAL("合作"), &since, &results));
        assert_null(results);
        assert_non_null(strstr(xunzi_error_message(), "since"));
        assert_null(strchr(xunzi_error_message(), '\x1B'));
        assert_status(XUNZI_ERROR_INVALID_ARGUMENT,
                      xunzi_search(index, LITERAL("合作"), &until, &results));
        assert_non_null(strstr(xunzi_error_message(), "until"));
    }
    static const struct {
        const char *since, *until;
        size_t count;
    } right[] = {{"2024-02-28", "2024-02-28", 15},
                 {"2024-02-29", "", 0},
                 {"", "2024-02", 15},
                 {"2024", "2024", 15},
                 {"2025", "2023", 0},
                 {"0001", "9999-12-31", 15},
                 {"２０２４年２月", "", 15}};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        xunzi_search_options options = xunzi_search_options_default();
        options.limit = 100;
        options.since = xunzi_string_of(right[i].since);
        options.until = xunzi_string_of(right[i].until);
        xunzi_results *results;
        assert_ok(xunzi_search(index, LITERAL("合作"), &options, &results));
        assert_int_equal(xunzi_results_count(results), right[i].count);
        xunzi_results_free(results);
    }
    xunzi_index_close(index);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_odd_bytes, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_ids, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_long_token, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_many_terms, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_combining_marks, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_document_limit, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_empty_documents, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_queries, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_pages, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_dates, make_folder, remove_folder),
    };
    return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
