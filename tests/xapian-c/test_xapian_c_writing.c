/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changing a database: documents, transactions, discarding, metadata, spelling, synonyms.
 */
#include "support.h"

static int open_database(void **state, xapian_database **database) {
    return (int)xapian_database_open_writable(in_folder(state, "db"), XAPIAN_DB_CREATE_OR_OPEN, 0,
                                              database);
}

static xapian_doccount count_of(const xapian_database *database) {
    xapian_doccount count = 0;
    assert_ok(xapian_database_document_count(database, &count));
    return count;
}

static void test_add_replace_delete(void **state) {
    xapian_database *database = NULL;
    xapian_document *document = NULL;
    xapian_string data = XAPIAN_STRING_INIT;
    xapian_docid docid = 0;
    bool exists = true;

    assert_int_equal(0, open_database(state, &database));
    assert_int_equal(1, add_words(database, "one", "Qid1 a"));
    assert_int_equal(2, add_words(database, "two", "Qid2 a"));
    assert_ok(xapian_document_new(&document));
    assert_ok(xapian_document_set_data(document, TEXT("new")));
    assert_ok(xapian_document_add_boolean_term(document, TEXT("Qid2")));
    assert_ok(xapian_database_replace_document(database, 7, document));
    assert_ok(xapian_database_replace_document_by_term(database, TEXT("Qid2"), document, &docid));
    assert_int_equal(2, docid);
    assert_int_equal(2, count_of(database));
    assert_ok(xapian_database_replace_document_by_term(database, TEXT("Qid9"), document, &docid));
    assert_int_equal(8, docid);
    assert_ok(xapian_database_replace_document_by_term(database, TEXT("Qid2"), document, NULL));
    xapian_document_free(document);

    assert_ok(xapian_database_get_document(database, 2, 0, &document));
    assert_ok(xapian_document_data(document, &data));
    assert_text("new", &data);
    xapian_document_free(document);
    assert_ok(xapian_database_delete_document_by_term(database, TEXT("Qid2")));
    assert_ok(xapian_database_delete_document_by_term(database, TEXT("unknown")));
    assert_ok(xapian_database_term_exists(database, TEXT("Qid2"), &exists));
    assert_false(exists);
    assert_ok(xapian_database_delete_document(database, 1));
    assert_int_equal(0, count_of(database));
    assert_status(XAPIAN_ERROR_DOC_NOT_FOUND, xapian_database_delete_document(database, 1));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT, xapian_database_delete_document(database, 0));
    xapian_string_free(&data);
    xapian_database_free(database);
}

static void test_assume_valid(void **state) {
    xapian_database *database = NULL;
    xapian_document *document = NULL;
    xapian_string data = XAPIAN_STRING_INIT;
    assert_int_equal(0, open_database(state, &database));
    add_words(database, "one", "a");
    assert_ok(xapian_database_get_document(database, 1, XAPIAN_DOC_ASSUME_VALID, &document));
    assert_ok(xapian_document_data(document, &data));
    assert_text("one", &data);
    assert_int_equal(1, xapian_document_docid(document));
    xapian_document_free(document);
    assert_status(XAPIAN_ERROR_DOC_NOT_FOUND,
                  xapian_database_get_document(database, 2, 0, &document));
    assert_null(document);
    assert_ok(xapian_database_get_document(database, 2, XAPIAN_DOC_ASSUME_VALID, &document));
    xapian_document_free(document);
    xapian_string_free(&data);
    xapian_database_free(database);
}

static void test_too_long_term(void **state) {
    char term[300];
    xapian_database *database = NULL;
    xapian_document *document = NULL;
    memset(term, 'x', sizeof term);
    assert_int_equal(0, open_database(state, &database));
    assert_ok(xapian_document_new(&document));
    assert_ok(xapian_document_add_term(document, term, 245, 1));
    assert_ok(xapian_database_add_document(database, document, NULL));
    assert_ok(xapian_document_add_term(document, term, sizeof term, 1));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_database_add_document(database, document, NULL));
    xapian_document_free(document);
    xapian_database_free(database);
}

static void test_transactions(void **state) {
    xapian_database *database = NULL;
    for (int flushed = 0; flushed < 2; flushed++) {
        assert_int_equal(0, open_database(state, &database));
        const xapian_doccount before = count_of(database);
        assert_ok(xapian_database_begin_transaction(database, flushed == 1));
        add_words(database, "one", "a");
        assert_status(XAPIAN_ERROR_INVALID_OPERATION,
                      xapian_database_begin_transaction(database, flushed == 1));
        assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_database_commit(database));
        assert_ok(xapian_database_commit_transaction(database));
        assert_int_equal(before + 1, count_of(database));
        assert_ok(xapian_database_commit(database));

        assert_ok(xapian_database_begin_transaction(database, flushed == 1));
        add_words(database, "two", "a");
        assert_ok(xapian_database_cancel_transaction(database));
        assert_int_equal(before + 1, count_of(database));
        assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_database_commit_transaction(database));
        assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_database_cancel_transaction(database));
        xapian_database_free(database);
    }
}

static void test_discard(void **state) {
    xapian_database *database = NULL;
    xapian_string value = XAPIAN_STRING_INIT;
    assert_int_equal(0, open_database(state, &database));
    add_words(database, "one", "a");
    assert_ok(xapian_database_commit(database));
    add_words(database, "two", "a");
    assert_ok(xapian_database_set_metadata(database, TEXT("key"), TEXT("value")));
    assert_ok(xapian_database_discard(database));
    assert_int_equal(1, count_of(database));
    assert_ok(xapian_database_get_metadata(database, TEXT("key"), &value));
    assert_text("", &value);
    assert_ok(xapian_database_begin_transaction(database, true));
    add_words(database, "three", "a");
    assert_ok(xapian_database_discard(database));
    assert_int_equal(1, count_of(database));
    assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_database_commit_transaction(database));
    add_words(database, "four", "a");
    assert_ok(xapian_database_commit(database));
    assert_int_equal(2, count_of(database));
    xapian_string_free(&value);
    xapian_database_free(database);
}

/* Freeing drops what was not committed, also while other handles keep the database alive; closing
 * commits it. */
static void test_free_drops_and_close_commits(void **state) {
    xapian_database *database = NULL;
    xapian_term_iterator *terms = NULL;
    assert_int_equal(0, open_database(state, &database));
    add_words(database, "one", "a");
    assert_ok(xapian_database_commit(database));
    add_words(database, "two", "b");
    xapian_database_free(database);
    assert_int_equal(0, open_database(state, &database));
    assert_int_equal(1, count_of(database));

    add_words(database, "two", "b");
    assert_ok(xapian_database_document_terms(database, 1, &terms));
    xapian_database_free(database);
    assert_string_equal("a", joined_terms(terms));
    assert_int_equal(0, open_database(state, &database));
    assert_int_equal(1, count_of(database));

    add_words(database, "two", "b");
    assert_ok(xapian_database_close(database));
    xapian_database_free(database);
    assert_int_equal(0, open_database(state, &database));
    assert_int_equal(2, count_of(database));
    xapian_database_free(database);
}

static void test_metadata(void **state) {
    xapian_database *database = NULL;
    xapian_term_iterator *keys = NULL;
    xapian_string value = XAPIAN_STRING_INIT;
    xapian_termcount wdf = 0;
    assert_int_equal(0, open_database(state, &database));
    assert_ok(xapian_database_set_metadata(database, TEXT("seg.1"), TEXT("first\0part")));
    assert_ok(xapian_database_set_metadata(database, TEXT("seg.2"), TEXT("second")));
    assert_ok(xapian_database_set_metadata(database, TEXT("set\0ting"), TEXT("x")));
    assert_ok(xapian_database_commit(database));
    assert_ok(xapian_database_get_metadata(database, TEXT("seg.1"), &value));
    assert_text("first\0part", &value);
    assert_ok(xapian_database_get_metadata(database, TEXT("set\0ting"), &value));
    assert_text("x", &value);
    assert_ok(xapian_database_get_metadata(database, TEXT("missing"), &value));
    assert_text("", &value);
    assert_ok(xapian_database_metadata_keys(database, TEXT("seg."), &keys));
    assert_string_equal("seg.1 seg.2", joined_terms(keys));
    assert_ok(xapian_database_metadata_keys(database, NULL, 0, &keys));
    assert_ok(xapian_term_iterator_skip_to(keys, TEXT("seg.2")));
    assert_ok(xapian_term_iterator_term(keys, &value));
    assert_text("seg.2", &value);
    assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_term_iterator_wdf(keys, &wdf));
    xapian_term_iterator_free(keys);
    assert_ok(xapian_database_set_metadata(database, TEXT("seg.1"), NULL, 0));
    assert_ok(xapian_database_metadata_keys(database, TEXT("seg."), &keys));
    assert_string_equal("seg.2", joined_terms(keys));

    /* The key may lie in the very string that takes the value. */
    assert_ok(xapian_string_set(&value, TEXT("seg.2")));
    assert_ok(xapian_database_get_metadata(database, value.data, value.size, &value));
    assert_text("second", &value);
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_database_set_metadata(database, NULL, 0, TEXT("x")));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_database_get_metadata(database, NULL, 0, &value));
    assert_text("", &value);
    xapian_string_free(&value);
    xapian_database_free(database);
}

static void test_spelling(void **state) {
    xapian_database *database = NULL;
    xapian_term_iterator *words = NULL;
    xapian_string word = XAPIAN_STRING_INIT;
    xapian_doccount frequency = 0;
    assert_int_equal(0, open_database(state, &database));
    assert_ok(xapian_database_add_spelling(database, TEXT("beijing"), 3));
    assert_ok(xapian_database_add_spelling(database, TEXT("shanghai"), 1));
    assert_ok(xapian_database_spelling_suggestion(database, TEXT("bejing"), 2, &word));
    assert_text("beijing", &word);
    assert_ok(xapian_database_spelling_suggestion(database, TEXT("zzzzzzzz"), 2, &word));
    assert_text("", &word);
    assert_ok(xapian_database_spellings(database, &words));
    assert_ok(xapian_term_iterator_next(words));
    assert_ok(xapian_term_iterator_frequency(words, &frequency));
    assert_int_equal(3, frequency);
    xapian_term_iterator_free(words);
    assert_ok(xapian_database_remove_spelling(database, TEXT("beijing"), 3));
    assert_ok(xapian_database_spellings(database, &words));
    assert_string_equal("shanghai", joined_terms(words));
    xapian_string_free(&word);
    xapian_database_free(database);
}

static void test_synonyms(void **state) {
    xapian_database *database = NULL;
    xapian_term_iterator *terms = NULL;
    assert_int_equal(0, open_database(state, &database));
    assert_ok(xapian_database_add_synonym(database, TEXT("car"), TEXT("auto")));
    assert_ok(xapian_database_add_synonym(database, TEXT("car"), TEXT("vehicle")));
    assert_ok(xapian_database_add_synonym(database, TEXT("cat"), TEXT("feline")));
    assert_ok(xapian_database_synonyms(database, TEXT("car"), &terms));
    assert_string_equal("auto vehicle", joined_terms(terms));
    assert_ok(xapian_database_synonyms(database, TEXT("dog"), &terms));
    assert_string_equal("", joined_terms(terms));
    assert_ok(xapian_database_synonym_keys(database, TEXT("ca"), &terms));
    assert_string_equal("car cat", joined_terms(terms));
    assert_ok(xapian_database_remove_synonym(database, TEXT("car"), TEXT("auto")));
    assert_ok(xapian_database_synonyms(database, TEXT("car"), &terms));
    assert_string_equal("vehicle", joined_terms(terms));
    assert_ok(xapian_database_clear_synonyms(database, TEXT("car")));
    assert_ok(xapian_database_synonym_keys(database, NULL, 0, &terms));
    assert_string_equal("cat", joined_terms(terms));
    xapian_database_free(database);
}

static void test_read_only_database_refuses_writes(void **state) {
    xapian_database *database = NULL;
    xapian_document *document = NULL;
    assert_int_equal(0, open_database(state, &database));
    xapian_database_free(database);
    assert_ok(xapian_database_open(in_folder(state, "db"), 0, &database));
    assert_ok(xapian_document_new(&document));
    const xapian_status expected = XAPIAN_ERROR_INVALID_OPERATION;
    assert_status(expected, xapian_database_commit(database));
    assert_status(expected, xapian_database_discard(database));
    assert_status(expected, xapian_database_begin_transaction(database, true));
    assert_status(expected, xapian_database_commit_transaction(database));
    assert_status(expected, xapian_database_cancel_transaction(database));
    assert_status(expected, xapian_database_add_document(database, document, NULL));
    assert_status(expected, xapian_database_replace_document(database, 1, document));
    assert_status(expected,
                  xapian_database_replace_document_by_term(database, TEXT("a"), document, NULL));
    assert_status(expected, xapian_database_delete_document(database, 1));
    assert_status(expected, xapian_database_delete_document_by_term(database, TEXT("a")));
    assert_status(expected, xapian_database_set_metadata(database, TEXT("a"), TEXT("b")));
    assert_status(expected, xapian_database_add_spelling(database, TEXT("a"), 1));
    assert_status(expected, xapian_database_remove_spelling(database, TEXT("a"), 1));
    assert_status(expected, xapian_database_add_synonym(database, TEXT("a"), TEXT("b")));
    assert_status(expected, xapian_database_remove_synonym(database, TEXT("a"), TEXT("b")));
    assert_status(expected, xapian_database_clear_synonyms(database, TEXT("a")));
    assert_non_null(strstr(xapian_error_message(), "reading only"));
    xapian_document_free(document);
    xapian_database_free(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
        WITH_FOLDER(test_add_replace_delete),
        WITH_FOLDER(test_assume_valid),
        WITH_FOLDER(test_too_long_term),
        WITH_FOLDER(test_transactions),
        WITH_FOLDER(test_discard),
        WITH_FOLDER(test_free_drops_and_close_commits),
        WITH_FOLDER(test_metadata),
        WITH_FOLDER(test_spelling),
        WITH_FOLDER(test_synonyms),
        WITH_FOLDER(test_read_only_database_refuses_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
