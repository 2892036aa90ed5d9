/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Documents and the iterators over them and over a database's terms, postings and positions.
 */
#include "support.h"

#include <math.h>

static void assert_positions(xapian_position_iterator *iterator, const xapian_termpos *expected,
                             size_t count) {
    assert_int_equal(0, xapian_position_iterator_position(iterator));
    for (size_t i = 0; i < count; i++) {
        assert_ok(xapian_position_iterator_next(iterator));
        assert_int_equal(expected[i], xapian_position_iterator_position(iterator));
    }
    assert_status(XAPIAN_END, xapian_position_iterator_next(iterator));
    assert_int_equal(0, xapian_position_iterator_position(iterator));
    xapian_position_iterator_free(iterator);
}

static void test_data(void **state) {
    xapian_document *document = NULL;
    xapian_document *copy = NULL;
    xapian_string data = XAPIAN_STRING_INIT;
    (void)state;
    assert_ok(xapian_document_new(&document));
    assert_int_equal(0, xapian_document_docid(document));
    assert_ok(xapian_document_data(document, &data));
    assert_text("", &data);
    assert_ok(xapian_document_set_data(document, TEXT("any\0bytes")));
    assert_ok(xapian_document_data(document, &data));
    assert_text("any\0bytes", &data);
    assert_ok(xapian_document_copy(document, &copy));
    assert_ok(xapian_document_set_data(document, TEXT("others")));
    assert_ok(xapian_document_data(copy, &data));
    assert_text("any\0bytes", &data);
    assert_ok(xapian_document_description(document, &data));
    assert_non_null(strstr(data.data, "Document"));
    xapian_string_free(&data);
    xapian_document_free(copy);
    xapian_document_free(document);
}

static void test_terms(void **state) {
    xapian_document *document = NULL;
    xapian_term_iterator *terms = NULL;
    xapian_position_iterator *positions = NULL;
    xapian_termcount count = 0;
    xapian_termpos removed = 0;
    static const xapian_termpos many[] = {2, 5, 9, 1};
    static const xapian_termpos sorted[] = {1, 2, 5, 9};
    static const xapian_termpos rest[] = {1, 9};
    (void)state;

    assert_ok(xapian_document_new(&document));
    assert_ok(xapian_document_add_postings(document, TEXT("many"), many, 4, 7));
    assert_ok(xapian_document_add_postings(document, TEXT("none"), NULL, 0, 2));
    assert_ok(xapian_document_add_term(document, TEXT("plain"), 3));
    assert_ok(xapian_document_add_term(document, TEXT("plain"), 1));
    assert_ok(xapian_document_add_boolean_term(document, TEXT("Kbool")));
    assert_ok(xapian_document_add_posting(document, TEXT("with\0nul"), 4, 1));
    assert_ok(xapian_document_term_count(document, &count));
    assert_int_equal(5, count);

    static const struct {
        const char *term;
        xapian_termcount wdf;
        xapian_termcount positions;
    } expected[] = {{"Kbool", 0, 0}, {"many", 7, 4}, {"none", 2, 0}, {"plain", 4, 0}};
    xapian_string term = XAPIAN_STRING_INIT;
    assert_ok(xapian_document_terms(document, &terms));
    for (size_t i = 0; i < 4; i++) {
        assert_ok(xapian_term_iterator_next(terms));
        assert_ok(xapian_term_iterator_term(terms, &term));
        assert_string_equal(expected[i].term, term.data);
        assert_ok(xapian_term_iterator_wdf(terms, &count));
        assert_int_equal(expected[i].wdf, count);
        assert_ok(xapian_term_iterator_position_count(terms, &count));
        assert_int_equal(expected[i].positions, count);
        if (i == 1) {
            assert_ok(xapian_term_iterator_positions(terms, &positions));
            assert_positions(positions, sorted, 4);
        }
    }
    assert_ok(xapian_term_iterator_next(terms));
    assert_ok(xapian_term_iterator_term(terms, &term));
    assert_text("with\0nul", &term);
    assert_status(XAPIAN_END, xapian_term_iterator_next(terms));
    assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_term_iterator_term(terms, &term));
    xapian_term_iterator_free(terms);

    assert_ok(xapian_document_remove_postings(document, TEXT("many"), 2, 5, 1, &removed));
    assert_int_equal(2, removed);
    assert_ok(xapian_document_terms(document, &terms));
    assert_ok(xapian_term_iterator_skip_to(terms, TEXT("many")));
    assert_ok(xapian_term_iterator_wdf(terms, &count));
    assert_int_equal(5, count);
    assert_ok(xapian_term_iterator_positions(terms, &positions));
    assert_positions(positions, rest, 2);
    xapian_term_iterator_free(terms);

    assert_ok(xapian_document_remove_posting(document, TEXT("many"), 1, 1));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_document_remove_posting(document, TEXT("many"), 1, 1));
    assert_ok(xapian_document_remove_term(document, TEXT("plain")));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_document_remove_term(document, TEXT("plain")));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT, xapian_document_add_term(document, NULL, 0, 1));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT, xapian_document_add_term(document, NULL, 3, 1));
    assert_ok(xapian_document_clear_terms(document));
    assert_ok(xapian_document_term_count(document, &count));
    assert_int_equal(0, count);
    xapian_string_free(&term);
    xapian_document_free(document);
}

/* Iterators over a document outlive its handle, but not a change to it. */
static void test_iterating_over_a_document_that_goes_away(void **state) {
    xapian_document *document = NULL;
    xapian_term_iterator *terms = NULL;
    xapian_term_iterator *others = NULL;
    xapian_position_iterator *positions = NULL;
    xapian_string term = XAPIAN_STRING_INIT;
    (void)state;
    assert_ok(xapian_document_new(&document));
    assert_ok(xapian_document_add_posting(document, TEXT("a"), 1, 1));
    assert_ok(xapian_document_add_posting(document, TEXT("b"), 2, 1));
    assert_ok(xapian_document_terms(document, &terms));
    assert_ok(xapian_term_iterator_next(terms));
    assert_ok(xapian_term_iterator_positions(terms, &positions));
    assert_ok(xapian_document_remove_term(document, TEXT("a")));
    assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_term_iterator_term(terms, &term));
    assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_term_iterator_next(terms));
    assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_position_iterator_next(positions));
    assert_ok(xapian_document_terms(document, &others));
    xapian_document_free(document);
    assert_string_equal("b", joined_terms(others));
    xapian_position_iterator_free(positions);
    xapian_term_iterator_free(terms);
    xapian_string_free(&term);
}

static void test_values(void **state) {
    xapian_document *document = NULL;
    xapian_value_iterator *values = NULL;
    xapian_string value = XAPIAN_STRING_INIT;
    xapian_termcount count = 0;
    xapian_valueno slot = 0;
    xapian_docid docid = 5;
    (void)state;
    assert_ok(xapian_document_new(&document));
    assert_ok(xapian_document_set_value(document, 3, TEXT("three")));
    assert_ok(xapian_document_set_value(document, 9, TEXT("nine")));
    assert_ok(xapian_document_set_value(document, 1, TEXT("o\0ne")));
    assert_ok(xapian_document_value(document, 1, &value));
    assert_text("o\0ne", &value);
    assert_ok(xapian_document_value(document, 2, &value));
    assert_text("", &value);
    assert_ok(xapian_document_value_count(document, &count));
    assert_int_equal(3, count);

    assert_ok(xapian_document_values(document, &values));
    assert_ok(xapian_document_remove_value(document, 3));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT, xapian_document_remove_value(document, 3));
    assert_ok(xapian_document_clear_values(document));
    assert_ok(xapian_document_value_count(document, &count));
    assert_int_equal(0, count);
    xapian_document_free(document);

    assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_value_iterator_slot(values, &slot));
    assert_ok(xapian_value_iterator_next(values));
    assert_ok(xapian_value_iterator_slot(values, &slot));
    assert_int_equal(1, slot);
    assert_ok(xapian_value_iterator_skip_to(values, 2));
    assert_ok(xapian_value_iterator_value(values, &value));
    assert_text("three", &value);
    assert_ok(xapian_value_iterator_skip_to(values, 0));
    assert_ok(xapian_value_iterator_slot(values, &slot));
    assert_int_equal(3, slot);
    assert_ok(xapian_value_iterator_docid(values, &docid));
    assert_int_equal(0, docid);
    assert_ok(xapian_value_iterator_next(values));
    assert_status(XAPIAN_END, xapian_value_iterator_next(values));
    assert_status(XAPIAN_END, xapian_value_iterator_next(values));
    assert_status(XAPIAN_END, xapian_value_iterator_skip_to(values, 1));
    assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_value_iterator_value(values, &value));
    xapian_value_iterator_free(values);
    xapian_string_free(&value);
}

static void test_serialise(void **state) {
    xapian_document *document = NULL;
    xapian_document *again = NULL;
    xapian_string bytes = XAPIAN_STRING_INIT;
    xapian_string other = XAPIAN_STRING_INIT;
    xapian_term_iterator *terms = NULL;
    (void)state;
    assert_ok(xapian_document_new(&document));
    assert_ok(xapian_document_add_posting(document, TEXT("a"), 3, 2));
    assert_ok(xapian_document_set_value(document, 0, TEXT("v")));
    assert_ok(xapian_document_set_data(document, TEXT("d")));
    assert_ok(xapian_document_serialise(document, &bytes));
    assert_ok(xapian_document_unserialise(bytes.data, bytes.size, &again));
    assert_ok(xapian_document_serialise(again, &other));
    assert_int_equal(bytes.size, other.size);
    assert_memory_equal(bytes.data, other.data, bytes.size);
    assert_ok(xapian_document_terms(again, &terms));
    assert_string_equal("a", joined_terms(terms));
    xapian_document_free(again);
    for (size_t size = 0; size + 1 < bytes.size; size++) {
        const xapian_status status = xapian_document_unserialise(bytes.data, size, &again);
        assert_true((status == XAPIAN_OK) == (again != NULL));
        xapian_document_free(again);
    }
    assert_status(XAPIAN_ERROR_SERIALISATION, xapian_document_unserialise("\xff\xff", 2, &again));
    xapian_string_free(&bytes);
    xapian_string_free(&other);
    xapian_document_free(document);
}

static void test_database_iterators(void **state) {
    xapian_database *database = NULL;
    xapian_term_iterator *terms = NULL;
    xapian_posting_iterator *postings = NULL;
    xapian_position_iterator *positions = NULL;
    xapian_string term = XAPIAN_STRING_INIT;
    xapian_doccount frequency = 0;
    xapian_termcount count = 0;
    static const xapian_termpos expected[] = {1, 3};

    assert_ok(
        xapian_database_open_writable(in_folder(state, "db"), XAPIAN_DB_CREATE, 0, &database));
    add_words(database, "one", "ab ac ab");
    add_words(database, "two", "ab b");
    add_words(database, "three", "b");
    add_words(database, "four", "ab");
    assert_ok(xapian_database_commit(database));

    assert_ok(xapian_database_all_terms(database, NULL, 0, &terms));
    assert_string_equal("ab ac b", joined_terms(terms));
    assert_ok(xapian_database_all_terms(database, TEXT("a"), &terms));
    assert_string_equal("ab ac", joined_terms(terms));
    assert_ok(xapian_database_all_terms(database, NULL, 0, &terms));
    assert_ok(xapian_term_iterator_skip_to(terms, TEXT("abc")));
    assert_ok(xapian_term_iterator_term(terms, &term));
    assert_text("ac", &term);
    assert_ok(xapian_term_iterator_next(terms));
    assert_ok(xapian_term_iterator_frequency(terms, &frequency));
    assert_int_equal(2, frequency);
    assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_term_iterator_wdf(terms, &count));
    assert_status(XAPIAN_END, xapian_term_iterator_skip_to(terms, TEXT("zzz")));
    xapian_term_iterator_free(terms);

    assert_ok(xapian_database_document_terms(database, 1, &terms));
    assert_ok(xapian_term_iterator_next(terms));
    assert_ok(xapian_term_iterator_wdf(terms, &count));
    assert_int_equal(2, count);
    assert_ok(xapian_term_iterator_frequency(terms, &frequency));
    assert_int_equal(3, frequency);
    assert_ok(xapian_term_iterator_positions(terms, &positions));
    assert_positions(positions, expected, 2);
    xapian_term_iterator_free(terms);
    assert_status(XAPIAN_ERROR_DOC_NOT_FOUND, xapian_database_document_terms(database, 99, &terms));

    assert_ok(xapian_database_postings(database, TEXT("ab"), &postings));
    assert_int_equal(0, xapian_posting_iterator_docid(postings));
    assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_posting_iterator_wdf(postings, &count));
    assert_ok(xapian_posting_iterator_next(postings));
    assert_int_equal(1, xapian_posting_iterator_docid(postings));
    assert_ok(xapian_posting_iterator_wdf(postings, &count));
    assert_int_equal(2, count);
    assert_ok(xapian_posting_iterator_document_length(postings, &count));
    assert_int_equal(3, count);
    assert_ok(xapian_posting_iterator_unique_terms(postings, &count));
    assert_int_equal(2, count);
    assert_ok(xapian_posting_iterator_positions(postings, &positions));
    assert_positions(positions, expected, 2);
    assert_ok(xapian_posting_iterator_skip_to(postings, 3));
    assert_int_equal(4, xapian_posting_iterator_docid(postings));
    assert_ok(xapian_posting_iterator_skip_to(postings, 1));
    assert_int_equal(4, xapian_posting_iterator_docid(postings));
    assert_status(XAPIAN_END, xapian_posting_iterator_next(postings));
    assert_status(XAPIAN_END, xapian_posting_iterator_next(postings));
    assert_int_equal(0, xapian_posting_iterator_docid(postings));
    xapian_posting_iterator_free(postings);

    assert_ok(xapian_database_postings(database, NULL, 0, &postings));
    for (xapian_docid docid = 1; docid <= 4; docid++) {
        assert_ok(xapian_posting_iterator_next(postings));
        assert_int_equal(docid, xapian_posting_iterator_docid(postings));
    }
    assert_status(XAPIAN_END, xapian_posting_iterator_next(postings));
    xapian_posting_iterator_free(postings);
    assert_ok(xapian_database_postings(database, TEXT("unknown"), &postings));
    assert_status(XAPIAN_END, xapian_posting_iterator_skip_to(postings, 1));
    xapian_posting_iterator_free(postings);

    assert_ok(xapian_database_positions(database, 1, TEXT("ab"), &positions));
    assert_ok(xapian_position_iterator_skip_to(positions, 2));
    assert_int_equal(3, xapian_position_iterator_position(positions));
    assert_status(XAPIAN_END, xapian_position_iterator_skip_to(positions, 4));
    xapian_position_iterator_free(positions);
    assert_ok(xapian_database_positions(database, 1, TEXT("ab"), &positions));
    xapian_database_free(database);
    assert_positions(positions, expected, 2);
    xapian_string_free(&term);
}

/* A document read from a database can be changed and put back. */
static void test_changing_a_stored_document(void **state) {
    xapian_database *database = NULL;
    xapian_document *document = NULL;
    xapian_term_iterator *terms = NULL;
    assert_ok(
        xapian_database_open_writable(in_folder(state, "db"), XAPIAN_DB_CREATE, 0, &database));
    add_words(database, "one", "a b");
    assert_ok(xapian_database_commit(database));
    assert_ok(xapian_database_get_document(database, 1, 0, &document));
    assert_ok(xapian_document_add_term(document, TEXT("c"), 1));
    assert_ok(xapian_document_remove_term(document, TEXT("a")));
    assert_ok(xapian_database_replace_document(database, 1, document));
    xapian_document_free(document);
    assert_ok(xapian_database_document_terms(database, 1, &terms));
    assert_string_equal("b c", joined_terms(terms));
    xapian_database_free(database);
}

static void test_sortable_numbers(void **state) {
    static const double numbers[] = {-INFINITY, -1e300, -2.5,   -1e-9, 0,       1e-9,
                                     1,         2020,   2021.5, 1e300, INFINITY};
    char previous[XAPIAN_SORTABLE_SIZE + 1] = "";
    size_t previous_size = 0;
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char bytes[XAPIAN_SORTABLE_SIZE + 1] = "";
        const size_t size = xapian_sortable_serialise(numbers[i], bytes);
        assert_true(size <= XAPIAN_SORTABLE_SIZE);
        assert_true(xapian_sortable_unserialise(bytes, size) == numbers[i]);
        if (i > 0) {
            const size_t common = size < previous_size ? size : previous_size;
            const int order = memcmp(previous, bytes, common);
            assert_true(order < 0 || (order == 0 && previous_size < size));
        }
        memcpy(previous, bytes, sizeof bytes);
        previous_size = size;
    }
    assert_int_equal(0, xapian_sortable_serialise(NAN, previous));
    assert_int_equal(0, xapian_sortable_serialise(1, NULL));
}

static void test_strings(void **state) {
    xapian_string string = XAPIAN_STRING_INIT;
    char large[1000];
    (void)state;
    memset(large, 'x', sizeof large);
    assert_ok(xapian_string_set(&string, TEXT("short")));
    assert_text("short", &string);
    assert_ok(xapian_string_set(&string, large, sizeof large));
    assert_int_equal(1000, string.size);
    assert_memory_equal(large, string.data, sizeof large);
    assert_int_equal('\0', string.data[1000]);
    assert_ok(xapian_string_set(&string, string.data, 3));
    assert_text("xxx", &string);
    assert_ok(xapian_string_set(&string, NULL, 0));
    assert_text("", &string);
    xapian_string_free(&string);
    assert_null(string.data);
    assert_int_equal(0, string.capacity);
    xapian_string_free(&string);
    xapian_string_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data),
        cmocka_unit_test(test_terms),
        cmocka_unit_test(test_iterating_over_a_document_that_goes_away),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_serialise),
        cmocka_unit_test_setup_teardown(test_database_iterators, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_changing_a_stored_document, make_folder,
                                        remove_folder),
        cmocka_unit_test(test_sortable_numbers),
        cmocka_unit_test(test_strings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
