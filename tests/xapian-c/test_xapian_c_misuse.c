/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every function with NULL in every place where something is needed: an error, never a crash.
 */
#include "support.h"

#include <pthread.h>

#define assert_refused(call) assert_status(XAPIAN_ERROR_INVALID_ARGUMENT, call)

/* A call that makes a handle: without its input, and without a place for its output. */
#define assert_maker_refuses(type, without_input, without_output) \
    do {                                                          \
        type *out = (type *)&out;                                 \
        assert_refused(without_input);                            \
        assert_null(out);                                         \
        assert_refused(without_output);                           \
    } while (false)

static void test_database(void **state) {
    xapian_database *database = NULL;
    xapian_document *document = NULL;
    xapian_string text = XAPIAN_STRING_INIT;
    uint32_t number = 77;
    uint64_t large = 77;
    double real = 77;
    size_t errors = 77;
    bool flag = true;
    (void)state;
    assert_ok(xapian_database_new_in_memory(&database));
    assert_ok(xapian_document_new(&document));

    assert_maker_refuses(xapian_database, xapian_database_open(NULL, 0, &out),
                         xapian_database_open("", 0, NULL));
    assert_maker_refuses(xapian_database, xapian_database_open_writable(NULL, 0, 0, &out),
                         xapian_database_open_writable("", 0, 0, NULL));
    assert_refused(xapian_database_open_descriptor(-1, NULL));
    assert_refused(xapian_database_new_in_memory(NULL));
    assert_refused(xapian_database_new_group(NULL));
    assert_maker_refuses(xapian_database, xapian_database_open_remote(NULL, 1, 1, 1, &out),
                         xapian_database_open_remote("127.0.0.1", 1, 1, 1, NULL));
    assert_maker_refuses(xapian_database,
                         xapian_database_open_remote_writable(NULL, 1, 1, 1, 0, &out),
                         xapian_database_open_remote_writable("127.0.0.1", 1, 1, 1, 0, NULL));
    assert_maker_refuses(xapian_database, xapian_database_open_program(NULL, "", 1, &out),
                         xapian_database_open_program("false", NULL, 1, NULL));
    assert_maker_refuses(xapian_database,
                         xapian_database_open_program_writable("false", NULL, 1, 0, &out),
                         xapian_database_open_program_writable("false", "", 1, 0, NULL));
    assert_refused(xapian_database_add_database(NULL, database));
    assert_refused(xapian_database_add_database(database, NULL));
    assert_int_equal(0, xapian_database_part_count(NULL));
    assert_false(xapian_database_is_writable(NULL));
    assert_refused(xapian_database_close(NULL));
    xapian_database_free(NULL);
    assert_refused(xapian_database_reopen(NULL, &flag));
    assert_refused(xapian_database_keep_alive(NULL));
    assert_refused(xapian_database_locked(NULL, &flag));
    assert_refused(xapian_database_locked(database, NULL));
    assert_refused(xapian_database_uuid(NULL, &text));
    assert_refused(xapian_database_uuid(database, NULL));
    assert_refused(xapian_database_revision(NULL, &large));
    assert_refused(xapian_database_revision(database, NULL));
    assert_refused(xapian_database_description(NULL, &text));
    assert_refused(xapian_database_description(database, NULL));

    assert_refused(xapian_database_commit(NULL));
    assert_refused(xapian_database_discard(NULL));
    assert_refused(xapian_database_begin_transaction(NULL, true));
    assert_refused(xapian_database_commit_transaction(NULL));
    assert_refused(xapian_database_cancel_transaction(NULL));
    assert_refused(xapian_database_add_document(NULL, document, &number));
    assert_refused(xapian_database_add_document(database, NULL, &number));
    assert_refused(xapian_database_replace_document(NULL, 1, document));
    assert_refused(xapian_database_replace_document(database, 1, NULL));
    assert_refused(xapian_database_replace_document(database, 0, document));
    assert_refused(xapian_database_replace_document_by_term(NULL, TEXT("a"), document, &number));
    assert_refused(xapian_database_replace_document_by_term(database, NULL, 1, document, NULL));
    assert_refused(xapian_database_replace_document_by_term(database, NULL, 0, document, NULL));
    assert_refused(xapian_database_replace_document_by_term(database, TEXT("a"), NULL, NULL));
    assert_refused(xapian_database_delete_document(NULL, 1));
    assert_refused(xapian_database_delete_document_by_term(NULL, TEXT("a")));
    assert_refused(xapian_database_delete_document_by_term(database, NULL, 0));

    assert_refused(xapian_database_document_count(NULL, &number));
    assert_refused(xapian_database_document_count(database, NULL));
    assert_refused(xapian_database_last_docid(NULL, &number));
    assert_refused(xapian_database_last_docid(database, NULL));
    assert_refused(xapian_database_average_length(NULL, &real));
    assert_refused(xapian_database_average_length(database, NULL));
    assert_refused(xapian_database_total_length(NULL, &large));
    assert_refused(xapian_database_total_length(database, NULL));
    assert_refused(xapian_database_term_frequency(NULL, TEXT("a"), &number));
    assert_refused(xapian_database_term_frequency(database, NULL, 1, &number));
    assert_refused(xapian_database_term_frequency(database, TEXT("a"), NULL));
    assert_refused(xapian_database_collection_frequency(NULL, TEXT("a"), &number));
    assert_refused(xapian_database_collection_frequency(database, TEXT("a"), NULL));
    assert_refused(xapian_database_term_exists(NULL, TEXT("a"), &flag));
    assert_refused(xapian_database_term_exists(database, TEXT("a"), NULL));
    assert_refused(xapian_database_has_positions(NULL, &flag));
    assert_refused(xapian_database_has_positions(database, NULL));
    assert_refused(xapian_database_document_length(NULL, 1, &number));
    assert_refused(xapian_database_document_length(database, 1, NULL));
    assert_refused(xapian_database_unique_terms(NULL, 1, &number));
    assert_refused(xapian_database_unique_terms(database, 1, NULL));
    assert_refused(xapian_database_document_length_lower_bound(NULL, &number));
    assert_refused(xapian_database_document_length_lower_bound(database, NULL));
    assert_refused(xapian_database_document_length_upper_bound(NULL, &number));
    assert_refused(xapian_database_document_length_upper_bound(database, NULL));
    assert_refused(xapian_database_wdf_upper_bound(NULL, TEXT("a"), &number));
    assert_refused(xapian_database_wdf_upper_bound(database, TEXT("a"), NULL));
    assert_refused(xapian_database_value_frequency(NULL, 0, &number));
    assert_refused(xapian_database_value_frequency(database, 0, NULL));
    assert_refused(xapian_database_value_lower_bound(NULL, 0, &text));
    assert_refused(xapian_database_value_lower_bound(database, 0, NULL));
    assert_refused(xapian_database_value_upper_bound(NULL, 0, &text));
    assert_refused(xapian_database_value_upper_bound(database, 0, NULL));
    assert_int_equal(77, number);
    assert_int_equal(77, large);
    assert_true(real == 77);

    assert_refused(xapian_database_get_metadata(NULL, TEXT("a"), &text));
    assert_refused(xapian_database_get_metadata(database, TEXT("a"), NULL));
    assert_refused(xapian_database_set_metadata(NULL, TEXT("a"), TEXT("b")));
    assert_refused(xapian_database_set_metadata(database, TEXT("a"), NULL, 1));
    assert_refused(xapian_database_add_spelling(NULL, TEXT("a"), 1));
    assert_refused(xapian_database_remove_spelling(NULL, TEXT("a"), 1));
    assert_refused(xapian_database_spelling_suggestion(NULL, TEXT("a"), 2, &text));
    assert_refused(xapian_database_spelling_suggestion(database, TEXT("a"), 2, NULL));
    assert_refused(xapian_database_add_synonym(NULL, TEXT("a"), TEXT("b")));
    assert_refused(xapian_database_add_synonym(database, TEXT("a"), NULL, 1));
    assert_refused(xapian_database_remove_synonym(NULL, TEXT("a"), TEXT("b")));
    assert_refused(xapian_database_clear_synonyms(NULL, TEXT("a")));
    assert_refused(xapian_database_compact(NULL, "x", 0, 0, NULL));
    assert_refused(xapian_database_compact(database, NULL, 0, 0, NULL));
    assert_refused(xapian_database_compact_to_descriptor(NULL, -1, 0, 0, NULL));
    assert_refused(xapian_database_check(NULL, 0, NULL, NULL, &errors));
    assert_refused(xapian_database_check("x", 0, NULL, NULL, NULL));

    assert_maker_refuses(xapian_document, xapian_database_get_document(NULL, 1, 0, &out),
                         xapian_database_get_document(database, 1, 0, NULL));
    assert_maker_refuses(xapian_document, xapian_database_get_document(database, 0, 0, &out),
                         xapian_database_get_document(NULL, 0, 0, NULL));
    assert_maker_refuses(xapian_term_iterator, xapian_database_all_terms(NULL, NULL, 0, &out),
                         xapian_database_all_terms(database, NULL, 0, NULL));
    assert_maker_refuses(xapian_term_iterator, xapian_database_document_terms(NULL, 1, &out),
                         xapian_database_document_terms(database, 1, NULL));
    assert_maker_refuses(xapian_posting_iterator, xapian_database_postings(NULL, TEXT("a"), &out),
                         xapian_database_postings(database, TEXT("a"), NULL));
    assert_maker_refuses(xapian_position_iterator,
                         xapian_database_positions(NULL, 1, TEXT("a"), &out),
                         xapian_database_positions(database, 1, TEXT("a"), NULL));
    assert_maker_refuses(xapian_value_iterator, xapian_database_values(NULL, 0, &out),
                         xapian_database_values(database, 0, NULL));
    assert_maker_refuses(xapian_term_iterator, xapian_database_metadata_keys(NULL, NULL, 0, &out),
                         xapian_database_metadata_keys(database, NULL, 0, NULL));
    assert_maker_refuses(xapian_term_iterator, xapian_database_spellings(NULL, &out),
                         xapian_database_spellings(database, NULL));
    assert_maker_refuses(xapian_term_iterator, xapian_database_synonyms(NULL, TEXT("a"), &out),
                         xapian_database_synonyms(database, TEXT("a"), NULL));
    assert_maker_refuses(xapian_term_iterator, xapian_database_synonym_keys(NULL, NULL, 0, &out),
                         xapian_database_synonym_keys(database, NULL, 0, NULL));
    xapian_string_free(&text);
    xapian_document_free(document);
    xapian_database_free(database);
}

static void test_document(void **state) {
    xapian_document *document = NULL;
    xapian_string text = XAPIAN_STRING_INIT;
    uint32_t number = 77;
    const xapian_termpos position = 1;
    (void)state;
    assert_ok(xapian_document_new(&document));
    assert_refused(xapian_document_new(NULL));
    xapian_document_free(NULL);
    assert_maker_refuses(xapian_document, xapian_document_copy(NULL, &out),
                         xapian_document_copy(document, NULL));
    assert_int_equal(0, xapian_document_docid(NULL));
    assert_refused(xapian_document_data(NULL, &text));
    assert_refused(xapian_document_data(document, NULL));
    assert_refused(xapian_document_set_data(NULL, TEXT("a")));
    assert_refused(xapian_document_set_data(document, NULL, 1));
    assert_refused(xapian_document_add_term(NULL, TEXT("a"), 1));
    assert_refused(xapian_document_add_boolean_term(NULL, TEXT("a")));
    assert_refused(xapian_document_add_boolean_term(document, NULL, 0));
    assert_refused(xapian_document_add_posting(NULL, TEXT("a"), 1, 1));
    assert_refused(xapian_document_add_posting(document, NULL, 0, 1, 1));
    assert_refused(xapian_document_add_postings(NULL, TEXT("a"), &position, 1, 1));
    assert_refused(xapian_document_add_postings(document, TEXT("a"), NULL, 1, 1));
    assert_refused(xapian_document_add_postings(document, NULL, 0, &position, 1, 1));
    assert_refused(xapian_document_remove_term(NULL, TEXT("a")));
    assert_refused(xapian_document_remove_posting(NULL, TEXT("a"), 1, 1));
    assert_refused(xapian_document_remove_postings(NULL, TEXT("a"), 1, 2, 1, &number));
    assert_refused(xapian_document_clear_terms(NULL));
    assert_refused(xapian_document_term_count(NULL, &number));
    assert_refused(xapian_document_term_count(document, NULL));
    assert_refused(xapian_document_value(NULL, 0, &text));
    assert_refused(xapian_document_value(document, 0, NULL));
    assert_refused(xapian_document_set_value(NULL, 0, TEXT("a")));
    assert_refused(xapian_document_set_value(document, 0, NULL, 1));
    assert_refused(xapian_document_remove_value(NULL, 0));
    assert_refused(xapian_document_clear_values(NULL));
    assert_refused(xapian_document_value_count(NULL, &number));
    assert_refused(xapian_document_value_count(document, NULL));
    assert_refused(xapian_document_serialise(NULL, &text));
    assert_refused(xapian_document_serialise(document, NULL));
    assert_refused(xapian_document_description(NULL, &text));
    assert_refused(xapian_document_description(document, NULL));
    assert_maker_refuses(xapian_term_iterator, xapian_document_terms(NULL, &out),
                         xapian_document_terms(document, NULL));
    assert_maker_refuses(xapian_value_iterator, xapian_document_values(NULL, &out),
                         xapian_document_values(document, NULL));
    assert_maker_refuses(xapian_document, xapian_document_unserialise(NULL, 1, &out),
                         xapian_document_unserialise(TEXT("a"), NULL));
    assert_int_equal(77, number);
    assert_refused(xapian_string_set(NULL, TEXT("a")));
    assert_refused(xapian_string_set(&text, NULL, 1));
    assert_true(xapian_sortable_unserialise(NULL, 1) == 0);
    xapian_string_free(&text);
    xapian_document_free(document);
}

static void test_iterators(void **state) {
    xapian_string text = XAPIAN_STRING_INIT;
    uint32_t number = 77;
    (void)state;
    xapian_term_iterator_free(NULL);
    xapian_posting_iterator_free(NULL);
    xapian_position_iterator_free(NULL);
    xapian_value_iterator_free(NULL);
    assert_refused(xapian_term_iterator_next(NULL));
    assert_refused(xapian_term_iterator_skip_to(NULL, TEXT("a")));
    assert_refused(xapian_term_iterator_term(NULL, &text));
    assert_refused(xapian_term_iterator_wdf(NULL, &number));
    assert_refused(xapian_term_iterator_frequency(NULL, &number));
    assert_refused(xapian_term_iterator_position_count(NULL, &number));
    assert_maker_refuses(xapian_position_iterator, xapian_term_iterator_positions(NULL, &out),
                         xapian_term_iterator_positions(NULL, NULL));
    assert_refused(xapian_posting_iterator_next(NULL));
    assert_refused(xapian_posting_iterator_skip_to(NULL, 1));
    assert_int_equal(0, xapian_posting_iterator_docid(NULL));
    assert_refused(xapian_posting_iterator_wdf(NULL, &number));
    assert_refused(xapian_posting_iterator_document_length(NULL, &number));
    assert_refused(xapian_posting_iterator_unique_terms(NULL, &number));
    assert_maker_refuses(xapian_position_iterator, xapian_posting_iterator_positions(NULL, &out),
                         xapian_posting_iterator_positions(NULL, NULL));
    assert_refused(xapian_position_iterator_next(NULL));
    assert_refused(xapian_position_iterator_skip_to(NULL, 1));
    assert_int_equal(0, xapian_position_iterator_position(NULL));
    assert_refused(xapian_value_iterator_next(NULL));
    assert_refused(xapian_value_iterator_skip_to(NULL, 1));
    assert_refused(xapian_value_iterator_value(NULL, &text));
    assert_refused(xapian_value_iterator_docid(NULL, &number));
    assert_refused(xapian_value_iterator_slot(NULL, &number));
    assert_int_equal(77, number);
}

static void test_query(void **state) {
    xapian_query *query = term_query("a");
    xapian_query_parser *parser = NULL;
    xapian_string text = XAPIAN_STRING_INIT;
    (void)state;
    xapian_query_free(NULL);
    assert_maker_refuses(xapian_query, xapian_query_copy(NULL, &out),
                         xapian_query_copy(query, NULL));
    assert_refused(xapian_query_match_nothing(NULL));
    assert_refused(xapian_query_match_all(NULL));
    assert_maker_refuses(xapian_query, xapian_query_term(NULL, 1, 1, 0, &out),
                         xapian_query_term(TEXT("a"), 1, 0, NULL));
    assert_maker_refuses(xapian_query, xapian_query_combine(XAPIAN_OP_OR, NULL, 1, 0, &out),
                         xapian_query_combine(XAPIAN_OP_OR, NULL, 0, 0, NULL));
    assert_maker_refuses(xapian_query, xapian_query_combine_terms(XAPIAN_OP_OR, NULL, 1, 0, &out),
                         xapian_query_combine_terms(XAPIAN_OP_OR, NULL, 0, 0, NULL));
    assert_maker_refuses(xapian_query, xapian_query_scale_weight(NULL, 1, &out),
                         xapian_query_scale_weight(query, 1, NULL));
    assert_maker_refuses(xapian_query, xapian_query_value_range(0, NULL, 1, TEXT("b"), &out),
                         xapian_query_value_range(0, TEXT("a"), TEXT("b"), NULL));
    assert_maker_refuses(xapian_query, xapian_query_value_at_least(0, NULL, 1, &out),
                         xapian_query_value_at_least(0, TEXT("a"), NULL));
    assert_maker_refuses(xapian_query, xapian_query_value_at_most(0, NULL, 1, &out),
                         xapian_query_value_at_most(0, TEXT("a"), NULL));
    assert_maker_refuses(
        xapian_query,
        xapian_query_wildcard(NULL, 1, 0, XAPIAN_WILDCARD_LIMIT_FIRST, XAPIAN_OP_OR, &out),
        xapian_query_wildcard(TEXT("a"), 0, XAPIAN_WILDCARD_LIMIT_FIRST, XAPIAN_OP_OR, NULL));
    assert_int_equal(0, xapian_query_length(NULL));
    assert_false(xapian_query_is_empty(NULL));
    assert_int_equal(XAPIAN_OP_INVALID, xapian_query_type(NULL));
    assert_int_equal(0, xapian_query_subquery_count(NULL));
    assert_maker_refuses(xapian_query, xapian_query_subquery(NULL, 0, &out),
                         xapian_query_subquery(query, 0, NULL));
    assert_maker_refuses(xapian_term_iterator, xapian_query_terms(NULL, &out),
                         xapian_query_terms(query, NULL));
    assert_maker_refuses(xapian_term_iterator, xapian_query_unique_terms(NULL, &out),
                         xapian_query_unique_terms(query, NULL));
    assert_refused(xapian_query_serialise(NULL, &text));
    assert_refused(xapian_query_serialise(query, NULL));
    assert_maker_refuses(xapian_query, xapian_query_unserialise(NULL, 1, &out),
                         xapian_query_unserialise(TEXT("a"), NULL));
    assert_refused(xapian_query_description(NULL, &text));
    assert_refused(xapian_query_description(query, NULL));

    assert_refused(xapian_query_parser_new(NULL));
    assert_ok(xapian_query_parser_new(&parser));
    xapian_query_parser_free(NULL);
    assert_refused(xapian_query_parser_set_database(NULL, NULL));
    assert_refused(xapian_query_parser_set_database(parser, NULL));
    assert_refused(xapian_query_parser_set_default_op(NULL, XAPIAN_OP_OR));
    assert_refused(xapian_query_parser_add_prefix(NULL, "a", "b"));
    assert_refused(xapian_query_parser_add_prefix(parser, NULL, "b"));
    assert_refused(xapian_query_parser_add_boolean_prefix(NULL, "a", "b"));
    assert_refused(xapian_query_parser_add_boolean_prefix(parser, "a", NULL));
    assert_maker_refuses(xapian_query, xapian_query_parser_parse(NULL, TEXT("a"), 0, &out),
                         xapian_query_parser_parse(parser, TEXT("a"), 0, NULL));
    xapian_query_parser_free(parser);
    xapian_query_free(query);
}

static void test_weights_keys_and_spies(void **state) {
    xapian_string text = XAPIAN_STRING_INIT;
    (void)state;
    xapian_weight_free(NULL);
    assert_refused(xapian_weight_name(NULL, &text));
    assert_refused(xapian_weight_bool(NULL));
    assert_refused(xapian_weight_coord(NULL));
    assert_refused(xapian_weight_trad(1, NULL));
    assert_refused(xapian_weight_bm25(1, 0, 1, 0.5, 0.5, NULL));
    assert_refused(xapian_weight_bm25_plus(1, 0, 1, 0.5, 0.5, 1, NULL));
    assert_maker_refuses(xapian_weight, xapian_weight_tfidf(NULL, &out),
                         xapian_weight_tfidf("ntn", NULL));
    assert_refused(xapian_weight_lm(0, XAPIAN_SMOOTHING_DIRICHLET, -1, -1, NULL));
    assert_refused(xapian_weight_pl2(1, NULL));
    assert_refused(xapian_weight_pl2_plus(1, 1, NULL));
    assert_refused(xapian_weight_inl2(1, NULL));
    assert_refused(xapian_weight_ifb2(1, NULL));
    assert_refused(xapian_weight_ineb2(1, NULL));
    assert_refused(xapian_weight_bb2(1, NULL));
    assert_refused(xapian_weight_dlh(NULL));
    assert_refused(xapian_weight_dph(NULL));
    assert_refused(xapian_weight_saturation(1, 0.5, 1, 1, NULL));
    assert_refused(xapian_weight_constant(NULL));
    assert_maker_refuses(xapian_weight, xapian_weight_new(NULL, &out),
                         xapian_weight_new(NULL, NULL));
    xapian_key_maker_free(NULL);
    assert_refused(xapian_key_maker_new_values(NULL));
    assert_refused(xapian_key_maker_add_value(NULL, 0, false, NULL, 0));
    assert_maker_refuses(xapian_key_maker, xapian_key_maker_new(NULL, NULL, &out),
                         xapian_key_maker_new(NULL, NULL, NULL));
    xapian_match_spy_free(NULL);
    assert_refused(xapian_match_spy_new_value_count(0, NULL));
    assert_int_equal(0, xapian_match_spy_total(NULL));
    assert_maker_refuses(xapian_term_iterator, xapian_match_spy_values(NULL, &out),
                         xapian_match_spy_values(NULL, NULL));
    assert_maker_refuses(xapian_term_iterator, xapian_match_spy_top_values(NULL, 1, &out),
                         xapian_match_spy_top_values(NULL, 1, NULL));
    assert_maker_refuses(xapian_match_spy, xapian_match_spy_new(NULL, NULL, &out),
                         xapian_match_spy_new(NULL, NULL, NULL));
}

static void test_enquire_and_sets(void **state) {
    xapian_database *database = NULL;
    xapian_enquire *enquire = NULL;
    xapian_string text = XAPIAN_STRING_INIT;
    (void)state;
    assert_ok(xapian_database_new_in_memory(&database));
    assert_ok(xapian_enquire_new(database, &enquire));
    xapian_enquire_free(NULL);
    assert_maker_refuses(xapian_enquire, xapian_enquire_new(NULL, &out),
                         xapian_enquire_new(database, NULL));
    assert_refused(xapian_enquire_set_query(NULL, NULL, 0));
    assert_refused(xapian_enquire_set_query(enquire, NULL, 0));
    assert_maker_refuses(xapian_query, xapian_enquire_get_query(NULL, &out),
                         xapian_enquire_get_query(enquire, NULL));
    assert_refused(xapian_enquire_set_weight(NULL, NULL));
    assert_refused(xapian_enquire_set_weight(enquire, NULL));
    assert_refused(xapian_enquire_set_expansion_scheme(NULL, "trad", 1));
    assert_refused(xapian_enquire_set_expansion_scheme(enquire, NULL, 1));
    assert_refused(xapian_enquire_set_collapse_key(NULL, 0, 1));
    assert_refused(xapian_enquire_set_docid_order(NULL, XAPIAN_DOCID_ASCENDING));
    assert_refused(xapian_enquire_set_cutoff(NULL, 0, 0));
    assert_refused(xapian_enquire_set_sort_by_relevance(NULL));
    assert_refused(xapian_enquire_set_sort_by_value(NULL, 0, false));
    assert_refused(xapian_enquire_set_sort_by_value_then_relevance(NULL, 0, false));
    assert_refused(xapian_enquire_set_sort_by_relevance_then_value(NULL, 0, false));
    assert_refused(xapian_enquire_set_sort_by_key(NULL, NULL, false));
    assert_refused(xapian_enquire_set_sort_by_key(enquire, NULL, false));
    assert_refused(xapian_enquire_set_sort_by_key_then_relevance(enquire, NULL, false));
    assert_refused(xapian_enquire_set_sort_by_relevance_then_key(enquire, NULL, false));
    assert_refused(xapian_enquire_set_time_limit(NULL, 1));
    assert_refused(xapian_enquire_add_match_spy(NULL, NULL));
    assert_refused(xapian_enquire_add_match_spy(enquire, NULL));
    assert_refused(xapian_enquire_clear_match_spies(NULL));
    assert_maker_refuses(xapian_mset, xapian_enquire_get_mset(NULL, 0, 1, 0, NULL, NULL, &out),
                         xapian_enquire_get_mset(enquire, 0, 1, 0, NULL, NULL, NULL));
    assert_maker_refuses(xapian_eset, xapian_enquire_get_eset(enquire, 1, NULL, 0, NULL, 0, &out),
                         xapian_enquire_get_eset(NULL, 1, NULL, 0, NULL, 0, NULL));
    assert_maker_refuses(xapian_term_iterator, xapian_enquire_matching_terms(NULL, 1, &out),
                         xapian_enquire_matching_terms(enquire, 1, NULL));
    assert_refused(xapian_enquire_description(NULL, &text));
    assert_refused(xapian_enquire_description(enquire, NULL));

    assert_refused(xapian_rset_new(NULL));
    xapian_rset_free(NULL);
    assert_refused(xapian_rset_add_document(NULL, 1));
    assert_refused(xapian_rset_remove_document(NULL, 1));
    assert_false(xapian_rset_contains(NULL, 1));
    assert_int_equal(0, xapian_rset_size(NULL));
    xapian_eset_free(NULL);
    assert_int_equal(0, xapian_eset_size(NULL));
    assert_int_equal(0, xapian_eset_bound(NULL));
    assert_refused(xapian_eset_term(NULL, 0, &text, NULL));
    xapian_enquire_free(enquire);
    xapian_database_free(database);
}

static void test_mset(void **state) {
    xapian_mset_item item;
    xapian_string text = XAPIAN_STRING_INIT;
    uint32_t number = 77;
    double weight = 77;
    (void)state;
    xapian_mset_free(NULL);
    assert_int_equal(0, xapian_mset_size(NULL));
    assert_int_equal(0, xapian_mset_first_item(NULL));
    assert_int_equal(0, xapian_mset_matches_lower_bound(NULL));
    assert_int_equal(0, xapian_mset_matches_estimated(NULL));
    assert_int_equal(0, xapian_mset_matches_upper_bound(NULL));
    assert_int_equal(0, xapian_mset_uncollapsed_matches_lower_bound(NULL));
    assert_int_equal(0, xapian_mset_uncollapsed_matches_estimated(NULL));
    assert_int_equal(0, xapian_mset_uncollapsed_matches_upper_bound(NULL));
    assert_true(xapian_mset_max_possible(NULL) == 0);
    assert_true(xapian_mset_max_attained(NULL) == 0);
    assert_refused(xapian_mset_get_item(NULL, 0, &item));
    assert_refused(xapian_mset_sort_key(NULL, 0, &text));
    assert_refused(xapian_mset_collapse_key(NULL, 0, &text));
    assert_maker_refuses(xapian_document, xapian_mset_document(NULL, 0, &out),
                         xapian_mset_document(NULL, 0, NULL));
    assert_refused(xapian_mset_fetch(NULL, 0, 1));
    assert_int_equal(0, xapian_mset_convert_to_percent(NULL, 1));
    assert_refused(xapian_mset_term_frequency(NULL, TEXT("a"), &number));
    assert_refused(xapian_mset_term_weight(NULL, TEXT("a"), &weight));
    assert_refused(xapian_mset_snippet(NULL, TEXT("a"), 10, 0, "", "", "", &text));
    assert_refused(xapian_mset_description(NULL, &text));
    assert_int_equal(77, number);
    assert_true(weight == 77);
}

static void test_names_and_messages(void **state) {
    (void)state;
    assert_string_equal("XAPIAN_OK", xapian_status_name(XAPIAN_OK));
    assert_string_equal("XAPIAN_END", xapian_status_name(XAPIAN_END));
    for (int status = 0; status <= (int)XAPIAN_ERROR_UNEXPECTED; status++) {
        const char *name = xapian_status_name((xapian_status)status);
        assert_string_not_equal("XAPIAN_STATUS_UNKNOWN", name);
        for (int other = 0; other < status; other++) {
            assert_string_not_equal(xapian_status_name((xapian_status)other), name);
        }
    }
    assert_string_equal("XAPIAN_STATUS_UNKNOWN", xapian_status_name((xapian_status)999));

    /* A success leaves the message of the last failure; a long one is cut, not overrun. */
    char path[3000];
    xapian_database *database = NULL;
    xapian_query *query = NULL;
    memset(path, 'x', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    assert_true(xapian_database_open(path, 0, &database) > XAPIAN_END);
    const size_t size = strlen(xapian_error_message());
    assert_in_range(size, 1, 1023);
    assert_ok(xapian_query_match_all(&query));
    assert_int_equal(size, strlen(xapian_error_message()));
    xapian_query_free(query);
}

/* Each thread has its own message, and works with its own handles undisturbed. */
static void *fail_and_search(void *argument) {
    const char *path = argument;
    xapian_database *database = NULL;
    bool good = xapian_database_open(path, 0, &database) == XAPIAN_ERROR_DATABASE_NOT_FOUND;
    for (int round = 0; round < 200 && good; round++) {
        xapian_document *document = NULL;
        xapian_query *query = NULL;
        xapian_enquire *enquire = NULL;
        xapian_mset *mset = NULL;
        good = xapian_database_new_in_memory(&database) == XAPIAN_OK &&
               xapian_document_new(&document) == XAPIAN_OK &&
               xapian_document_add_term(document, TEXT("a"), 1) == XAPIAN_OK &&
               xapian_database_add_document(database, document, NULL) == XAPIAN_OK &&
               xapian_query_match_all(&query) == XAPIAN_OK &&
               xapian_enquire_new(database, &enquire) == XAPIAN_OK &&
               xapian_enquire_set_query(enquire, query, 0) == XAPIAN_OK &&
               xapian_enquire_get_mset(enquire, 0, 1, 0, NULL, NULL, &mset) == XAPIAN_OK &&
               xapian_mset_size(mset) == 1;
        xapian_mset_free(mset);
        xapian_enquire_free(enquire);
        xapian_query_free(query);
        xapian_document_free(document);
        xapian_database_free(database);
    }
    return good && strstr(xapian_error_message(), path) != NULL ? argument : NULL;
}

static void test_threads(void **state) {
    static char paths[2][32] = {"/no/such/place/one", "/no/such/place/two"};
    pthread_t threads[2];
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(0, pthread_create(&threads[i], NULL, fail_and_search, paths[i]));
    }
    for (size_t i = 0; i < 2; i++) {
        void *result = NULL;
        assert_int_equal(0, pthread_join(threads[i], &result));
        assert_ptr_equal(paths[i], result);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_database),
        cmocka_unit_test(test_document),
        cmocka_unit_test(test_iterators),
        cmocka_unit_test(test_query),
        cmocka_unit_test(test_weights_keys_and_spies),
        cmocka_unit_test(test_enquire_and_sets),
        cmocka_unit_test(test_mset),
        cmocka_unit_test(test_names_and_messages),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
