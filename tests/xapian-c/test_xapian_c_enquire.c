/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running queries: order, collapsing, cut-offs, deciders, spies, relevance feedback; and the mset.
 */
#include "support.h"

static xapian_database *sample;
static xapian_enquire *enquire;
static xapian_mset *mset;

/* Document i has i times the term "a", a colour in slot 0 and a size in slot 1. */
static int open_sample(void **state) {
    (void)state;
    static const char *const texts[] = {"a x", "a a x y", "a a a z", "a a a a y", "a a a a a"};
    static const char *const colours[] = {"red", "blue", "red", "green", "red"};
    static const char *const sizes[] = {"2", "1", "2", "3", "1"};
    if (xapian_database_new_in_memory(&sample) != XAPIAN_OK) {
        return -1;
    }
    for (xapian_docid docid = 1; docid <= 5; docid++) {
        xapian_document *document = NULL;
        const char *colour = colours[docid - 1];
        add_words(sample, texts[docid - 1], texts[docid - 1]);
        assert_ok(xapian_database_get_document(sample, docid, 0, &document));
        assert_ok(xapian_document_set_value(document, 0, colour, strlen(colour)));
        assert_ok(xapian_document_set_value(document, 1, sizes[docid - 1], 1));
        assert_ok(xapian_database_replace_document(sample, docid, document));
        xapian_document_free(document);
    }
    return 0;
}

static int close_sample(void **state) {
    (void)state;
    xapian_database_free(sample);
    return 0;
}

/* Every test has an enquire for "a", weighted by nothing but wdf (TF-IDF without idf). */
static int open_enquire(void **state) {
    xapian_query *query = term_query("a");
    xapian_weight *weight = NULL;
    (void)state;
    assert_ok(xapian_enquire_new(sample, &enquire));
    assert_ok(xapian_enquire_set_query(enquire, query, 0));
    assert_ok(xapian_weight_tfidf("nnn", &weight));
    assert_ok(xapian_enquire_set_weight(enquire, weight));
    xapian_weight_free(weight);
    xapian_query_free(query);
    return 0;
}

static int close_enquire(void **state) {
    (void)state;
    xapian_mset_free(mset);
    mset = NULL;
    xapian_enquire_free(enquire);
    enquire = NULL;
    return 0;
}

/* Runs the enquire afresh, and compares the docids with digits such as "54321". */
static void assert_order(const char *docids) {
    xapian_mset_free(mset);
    mset = NULL;
    assert_ok(xapian_enquire_get_mset(enquire, 0, 10, 10, NULL, NULL, &mset));
    assert_int_equal(strlen(docids), xapian_mset_size(mset));
    for (xapian_doccount i = 0; i < xapian_mset_size(mset); i++) {
        xapian_mset_item item;
        assert_ok(xapian_mset_get_item(mset, i, &item));
        assert_int_equal(docids[i] - '0', item.docid);
    }
}

static void test_items(void **state) {
    xapian_mset_item item;
    xapian_document *document = NULL;
    xapian_string text = XAPIAN_STRING_INIT;
    (void)state;
    assert_ok(xapian_enquire_get_mset(enquire, 1, 2, 5, NULL, NULL, &mset));
    assert_int_equal(2, xapian_mset_size(mset));
    assert_int_equal(1, xapian_mset_first_item(mset));
    assert_int_equal(5, xapian_mset_matches_lower_bound(mset));
    assert_int_equal(5, xapian_mset_matches_estimated(mset));
    assert_int_equal(5, xapian_mset_matches_upper_bound(mset));
    assert_int_equal(5, xapian_mset_uncollapsed_matches_lower_bound(mset));
    assert_int_equal(5, xapian_mset_uncollapsed_matches_estimated(mset));
    assert_int_equal(5, xapian_mset_uncollapsed_matches_upper_bound(mset));
    assert_true(xapian_mset_max_attained(mset) == 5);
    assert_true(xapian_mset_max_possible(mset) >= 5);
    assert_ok(xapian_mset_get_item(mset, 0, &item));
    assert_int_equal(4, item.docid);
    assert_int_equal(1, item.rank);
    assert_true(item.weight == 4);
    assert_int_equal(80, item.percent);
    assert_int_equal(0, item.collapse_count);
    assert_int_equal(80, xapian_mset_convert_to_percent(mset, 4));
    assert_status(XAPIAN_ERROR_RANGE, xapian_mset_get_item(mset, 2, &item));
    assert_status(XAPIAN_ERROR_RANGE, xapian_mset_document(mset, 2, &document));
    assert_null(document);

    assert_ok(xapian_mset_fetch(mset, 0, 1));
    assert_ok(xapian_mset_fetch(mset, 0, 100));
    assert_ok(xapian_mset_fetch(mset, 50, UINT32_MAX));
    assert_ok(xapian_mset_document(mset, 1, &document));
    /* The document outlives the mset and the enquire. */
    xapian_mset_free(mset);
    mset = NULL;
    xapian_enquire_free(enquire);
    enquire = NULL;
    assert_int_equal(3, xapian_document_docid(document));
    assert_ok(xapian_document_data(document, &text));
    assert_text("a a a z", &text);
    xapian_document_free(document);
    xapian_string_free(&text);
}

static void test_terms_of_the_query(void **state) {
    xapian_doccount frequency = 0;
    xapian_string text = XAPIAN_STRING_INIT;
    xapian_term_iterator *terms = NULL;
    xapian_query *query = NULL;
    double weight = 0;
    (void)state;
    xapian_query *first = NULL;
    xapian_query *second = NULL;
    assert_ok(xapian_query_term(TEXT("y"), 1, 1, &first));
    assert_ok(xapian_query_term(TEXT("a"), 1, 2, &second));
    query = pair_query(XAPIAN_OP_OR, first, second);
    assert_ok(xapian_enquire_set_query(enquire, query, 0));
    xapian_query_free(query);
    assert_order("45231");
    assert_ok(xapian_mset_term_frequency(mset, TEXT("a"), &frequency));
    assert_int_equal(5, frequency);
    assert_ok(xapian_mset_term_frequency(mset, TEXT("z"), &frequency));
    assert_int_equal(1, frequency);
    assert_ok(xapian_mset_term_weight(mset, TEXT("a"), &weight));
    assert_true(weight >= 5);
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT, xapian_mset_term_weight(mset, TEXT("z"), &weight));
    assert_ok(xapian_enquire_matching_terms(enquire, 4, &terms));
    assert_string_equal("y a", joined_terms(terms));
    assert_ok(xapian_enquire_matching_terms(enquire, 5, &terms));
    assert_string_equal("a", joined_terms(terms));
    assert_status(XAPIAN_ERROR_DOC_NOT_FOUND, xapian_enquire_matching_terms(enquire, 77, &terms));
    assert_ok(xapian_enquire_get_query(enquire, &query));
    assert_ok(xapian_query_terms(query, &terms));
    assert_string_equal("y a", joined_terms(terms));
    xapian_query_free(query);
    assert_ok(xapian_enquire_description(enquire, &text));
    assert_non_null(strstr(text.data, "Enquire"));
    assert_ok(xapian_mset_description(mset, &text));
    assert_non_null(strstr(text.data, "MSet"));

    assert_ok(xapian_mset_snippet(mset, TEXT("One a < two y; three."), 100,
                                  XAPIAN_SNIPPET_EXHAUSTIVE, "[", "]", "...", &text));
    assert_string_equal("One [a] &lt; two [y]; three.", text.data);
    assert_ok(xapian_mset_snippet(mset, TEXT("nothing here"), 100,
                                  XAPIAN_SNIPPET_EMPTY_WITHOUT_MATCH, "[", "]", "...", &text));
    assert_text("", &text);
    xapian_string_free(&text);
}

static void test_sorting(void **state) {
    xapian_string key = XAPIAN_STRING_INIT;
    (void)state;
    assert_order("54321");
    assert_ok(xapian_enquire_set_sort_by_value(enquire, 0, false));
    assert_order("24135");
    assert_ok(xapian_mset_sort_key(mset, 1, &key));
    assert_text("green", &key);
    assert_ok(xapian_enquire_set_sort_by_value(enquire, 0, true));
    assert_order("13542");
    assert_ok(xapian_enquire_set_sort_by_value_then_relevance(enquire, 0, false));
    assert_order("24531");
    assert_ok(xapian_enquire_set_sort_by_relevance_then_value(enquire, 0, false));
    assert_order("54321");
    assert_ok(xapian_enquire_set_sort_by_relevance(enquire));
    assert_order("54321");
    xapian_string_free(&key);
}

static void test_docid_order(void **state) {
    xapian_weight *weight = NULL;
    (void)state;
    assert_ok(xapian_weight_bool(&weight));
    assert_ok(xapian_enquire_set_weight(enquire, weight));
    xapian_weight_free(weight);
    assert_order("12345");
    assert_ok(xapian_enquire_set_docid_order(enquire, XAPIAN_DOCID_DESCENDING));
    assert_order("54321");
    assert_ok(xapian_enquire_set_docid_order(enquire, XAPIAN_DOCID_ASCENDING));
    assert_order("12345");
    assert_ok(xapian_enquire_set_docid_order(enquire, XAPIAN_DOCID_DONT_CARE));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_enquire_set_docid_order(enquire, (xapian_docid_order)5));
}

/* Sizes ascending, colours descending, and documents without a value of slot 9 as if it were "m".
 */
static void test_key_of_several_values(void **state) {
    xapian_key_maker *maker = NULL;
    (void)state;
    assert_ok(xapian_key_maker_new_values(&maker));
    assert_ok(xapian_key_maker_add_value(maker, 9, false, TEXT("m")));
    assert_ok(xapian_key_maker_add_value(maker, 1, false, NULL, 0));
    assert_ok(xapian_key_maker_add_value(maker, 0, true, NULL, 0));
    assert_ok(xapian_enquire_set_sort_by_key(enquire, maker, false));
    xapian_key_maker_free(maker);
    assert_order("52134");
}

/* The key is the document's data, so the text is what sorts. */
static xapian_step key_of_data(void *context, const xapian_document *document, xapian_string *key) {
    unsigned *left = context;
    if (*left == 0) {
        return XAPIAN_STOP;
    }
    (*left)--;
    return xapian_document_data(document, key) == XAPIAN_OK ? XAPIAN_CONTINUE : XAPIAN_STOP;
}

static void test_key_of_a_function(void **state) {
    xapian_key_maker *maker = NULL;
    xapian_string key = XAPIAN_STRING_INIT;
    unsigned calls_left = 1000;
    (void)state;
    assert_ok(xapian_key_maker_new(key_of_data, &calls_left, &maker));
    assert_status(XAPIAN_ERROR_INVALID_OPERATION,
                  xapian_key_maker_add_value(maker, 1, false, NULL, 0));
    assert_ok(xapian_enquire_set_sort_by_key(enquire, maker, false));
    assert_order("54321");
    assert_ok(xapian_mset_sort_key(mset, 4, &key));
    assert_text("a x", &key);
    assert_ok(xapian_enquire_set_sort_by_key(enquire, maker, true));
    assert_order("12345");
    assert_ok(xapian_enquire_set_sort_by_key_then_relevance(enquire, maker, true));
    assert_order("12345");
    assert_ok(xapian_enquire_set_sort_by_relevance_then_key(enquire, maker, true));
    assert_order("54321");
    assert_ok(xapian_enquire_set_sort_by_key(enquire, maker, true));
    calls_left = 3;
    xapian_mset *stopped = NULL;
    assert_status(XAPIAN_ERROR_STOPPED,
                  xapian_enquire_get_mset(enquire, 0, 10, 10, NULL, NULL, &stopped));
    assert_null(stopped);
    assert_int_equal(0, calls_left);
    xapian_key_maker_free(maker);
    xapian_string_free(&key);
}

static void test_collapsing(void **state) {
    xapian_mset_item item;
    xapian_string key = XAPIAN_STRING_INIT;
    (void)state;
    assert_ok(xapian_enquire_set_collapse_key(enquire, 0, 1));
    assert_order("542");
    assert_ok(xapian_mset_get_item(mset, 0, &item));
    assert_int_equal(2, item.collapse_count);
    assert_ok(xapian_mset_collapse_key(mset, 0, &key));
    assert_text("red", &key);
    assert_int_equal(3, xapian_mset_matches_estimated(mset));
    assert_int_equal(5, xapian_mset_uncollapsed_matches_estimated(mset));
    assert_ok(xapian_enquire_set_collapse_key(enquire, 0, 2));
    assert_order("5432");
    assert_ok(xapian_enquire_set_collapse_key(enquire, XAPIAN_BAD_VALUENO, 1));
    assert_order("54321");
    xapian_string_free(&key);
}

static void test_cutoff_and_time_limit(void **state) {
    (void)state;
    assert_ok(xapian_enquire_set_cutoff(enquire, 0, 2.5));
    assert_order("543");
    assert_ok(xapian_enquire_set_cutoff(enquire, 80, 0));
    assert_order("54");
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT, xapian_enquire_set_cutoff(enquire, 101, 0));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT, xapian_enquire_set_cutoff(enquire, -1, 0));
    assert_ok(xapian_enquire_set_cutoff(enquire, 0, 0));
    assert_ok(xapian_enquire_set_time_limit(enquire, 3600));
    assert_order("54321");
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT, xapian_enquire_set_time_limit(enquire, -1));
    assert_ok(xapian_enquire_set_time_limit(enquire, 0));
    assert_order("54321");
}

/* Accepts red documents only; stops when `left` runs out. Keeps an iterator over the document
 * longer than it may, as careless callers do. */
struct red_only {
    unsigned left;
    xapian_term_iterator *forgotten;
};

static xapian_verdict is_red(void *context, const xapian_document *document) {
    struct red_only *red = context;
    xapian_string colour = XAPIAN_STRING_INIT;
    if (red->left == 0) {
        return XAPIAN_STOP_DECIDING;
    }
    red->left--;
    xapian_term_iterator_free(red->forgotten);
    assert_ok(xapian_document_terms(document, &red->forgotten));
    assert_ok(xapian_term_iterator_next(red->forgotten));
    xapian_value_iterator *values = NULL;
    xapian_document *copy = NULL;
    xapian_termcount count = 0;
    const xapian_status refused = XAPIAN_ERROR_INVALID_OPERATION;
    assert_status(refused, xapian_document_values(document, &values));
    assert_status(refused, xapian_document_value_count(document, &count));
    assert_status(refused, xapian_document_term_count(document, &count));
    assert_status(refused, xapian_document_copy(document, &copy));
    assert_status(refused, xapian_document_serialise(document, &colour));
    assert_status(refused, xapian_database_add_document(sample, document, NULL));
    assert_ok(xapian_document_value(document, 0, &colour));
    const bool accepted = strcmp(colour.data, "red") == 0;
    xapian_string_free(&colour);
    return accepted ? XAPIAN_ACCEPT : XAPIAN_REJECT;
}

static void test_match_decider(void **state) {
    struct red_only red = {.left = 100};
    xapian_match_decider decider = {is_red, &red};
    (void)state;
    assert_ok(xapian_enquire_get_mset(enquire, 0, 10, 10, NULL, &decider, &mset));
    assert_int_equal(3, xapian_mset_size(mset));
    assert_int_equal(95, red.left);
    xapian_mset_free(mset);
    mset = NULL;
    red.left = 2;
    assert_status(XAPIAN_ERROR_STOPPED,
                  xapian_enquire_get_mset(enquire, 0, 10, 10, NULL, &decider, &mset));
    assert_null(mset);
    /* What was kept too long is harmless: its document is gone. */
    assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_term_iterator_next(red.forgotten));
    xapian_term_iterator_free(red.forgotten);
    decider.decide = NULL;
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_enquire_get_mset(enquire, 0, 10, 10, NULL, &decider, &mset));
}

static void test_value_count_spy(void **state) {
    xapian_match_spy *spy = NULL;
    xapian_term_iterator *values = NULL;
    xapian_string value = XAPIAN_STRING_INIT;
    xapian_doccount count = 0;
    (void)state;
    assert_ok(xapian_match_spy_new_value_count(0, &spy));
    assert_ok(xapian_enquire_add_match_spy(enquire, spy));
    assert_order("54321");
    assert_int_equal(5, xapian_match_spy_total(spy));
    assert_ok(xapian_match_spy_values(spy, &values));
    assert_string_equal("blue green red", joined_terms(values));
    assert_ok(xapian_match_spy_top_values(spy, 1, &values));
    assert_ok(xapian_term_iterator_next(values));
    assert_ok(xapian_term_iterator_term(values, &value));
    assert_text("red", &value);
    assert_ok(xapian_term_iterator_frequency(values, &count));
    assert_int_equal(3, count);
    assert_status(XAPIAN_END, xapian_term_iterator_next(values));
    xapian_term_iterator_free(values);
    assert_ok(xapian_enquire_clear_match_spies(enquire));
    assert_order("54321");
    assert_int_equal(5, xapian_match_spy_total(spy));
    /* The enquire keeps the spy alive after its handle is freed. */
    assert_ok(xapian_enquire_add_match_spy(enquire, spy));
    xapian_match_spy_free(spy);
    assert_order("54321");
    xapian_string_free(&value);
}

struct weights {
    unsigned left;
    double sum;
};

static xapian_step add_weight(void *context, const xapian_document *document, double weight) {
    struct weights *weights = context;
    if (weights->left == 0) {
        return XAPIAN_STOP;
    }
    weights->left--;
    weights->sum += weight;
    return xapian_document_docid(document) > 0 ? XAPIAN_CONTINUE : XAPIAN_STOP;
}

static void test_function_spy(void **state) {
    xapian_match_spy *spy = NULL;
    xapian_term_iterator *values = NULL;
    struct weights weights = {.left = 5, .sum = 0};
    (void)state;
    assert_ok(xapian_match_spy_new(add_weight, &weights, &spy));
    assert_ok(xapian_enquire_add_match_spy(enquire, spy));
    assert_order("54321");
    assert_true(weights.sum == 1 + 2 + 3 + 4 + 5);
    xapian_mset *stopped = NULL;
    assert_status(XAPIAN_ERROR_STOPPED,
                  xapian_enquire_get_mset(enquire, 0, 10, 10, NULL, NULL, &stopped));
    assert_null(stopped);
    assert_non_null(strstr(xapian_error_message(), "callback"));
    assert_int_equal(0, xapian_match_spy_total(spy));
    assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_match_spy_values(spy, &values));
    assert_status(XAPIAN_ERROR_INVALID_OPERATION, xapian_match_spy_top_values(spy, 1, &values));
    assert_null(values);
    xapian_match_spy_free(spy);
}

static xapian_verdict not_x(void *context, const char *term, size_t size) {
    unsigned *left = context;
    if (*left == 0) {
        return XAPIAN_STOP_DECIDING;
    }
    (*left)--;
    return size == 1 && term[0] == 'x' ? XAPIAN_REJECT : XAPIAN_ACCEPT;
}

static void test_relevance_feedback(void **state) {
    xapian_rset *rset = NULL;
    xapian_eset *eset = NULL;
    xapian_string term = XAPIAN_STRING_INIT;
    unsigned calls_left = 100;
    const xapian_expand_decider decider = {not_x, &calls_left};
    double weight = 0;
    bool found_x = false;
    (void)state;
    assert_ok(xapian_rset_new(&rset));
    assert_ok(xapian_rset_add_document(rset, 1));
    assert_ok(xapian_rset_add_document(rset, 2));
    assert_ok(xapian_rset_add_document(rset, 3));
    assert_ok(xapian_rset_remove_document(rset, 3));
    assert_int_equal(2, xapian_rset_size(rset));
    assert_true(xapian_rset_contains(rset, 2));
    assert_false(xapian_rset_contains(rset, 3));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT, xapian_rset_add_document(rset, 0));

    assert_ok(xapian_enquire_set_expansion_scheme(enquire, "trad", 1));
    assert_ok(xapian_enquire_get_eset(enquire, 10, rset, 0, NULL, 0, &eset));
    assert_true(xapian_eset_size(eset) > 0);
    assert_true(xapian_eset_bound(eset) >= xapian_eset_size(eset));
    for (xapian_doccount i = 0; i < xapian_eset_size(eset); i++) {
        assert_ok(xapian_eset_term(eset, i, &term, &weight));
        assert_true(weight > 0);
        assert_string_not_equal("a", term.data);
        found_x = found_x || strcmp(term.data, "x") == 0;
    }
    assert_true(found_x);
    assert_status(XAPIAN_ERROR_RANGE,
                  xapian_eset_term(eset, xapian_eset_size(eset), &term, &weight));
    xapian_eset_free(eset);

    assert_ok(xapian_enquire_set_expansion_scheme(enquire, "bo1", 1));
    assert_ok(xapian_enquire_get_eset(enquire, 10, rset,
                                      XAPIAN_EXPAND_INCLUDE_QUERY_TERMS |
                                          XAPIAN_EXPAND_USE_EXACT_TERM_FREQUENCY,
                                      &decider, 0, &eset));
    for (xapian_doccount i = 0; i < xapian_eset_size(eset); i++) {
        assert_ok(xapian_eset_term(eset, i, &term, NULL));
        assert_string_not_equal("x", term.data);
    }
    assert_true(calls_left < 100);
    xapian_eset_free(eset);
    calls_left = 0;
    assert_status(XAPIAN_ERROR_STOPPED,
                  xapian_enquire_get_eset(enquire, 10, rset, 0, &decider, 0, &eset));
    assert_null(eset);
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_enquire_set_expansion_scheme(enquire, "unknown", 1));
    assert_ok(xapian_enquire_get_mset(enquire, 0, 10, 10, rset, NULL, &mset));
    assert_int_equal(5, xapian_mset_size(mset));
    xapian_string_free(&term);
    xapian_rset_free(rset);
}

static void test_no_query_and_no_database(void **state) {
    xapian_database *group = NULL;
    xapian_enquire *empty = NULL;
    xapian_mset *nothing = NULL;
    (void)state;
    assert_ok(xapian_enquire_new(sample, &empty));
    assert_ok(xapian_enquire_get_mset(empty, 0, 10, 0, NULL, NULL, &nothing));
    assert_int_equal(0, xapian_mset_size(nothing));
    xapian_mset_free(nothing);
    xapian_enquire_free(empty);
    assert_ok(xapian_database_new_group(&group));
    const xapian_status status = xapian_enquire_new(group, &empty);
    assert_true(status == XAPIAN_OK || status == XAPIAN_ERROR_INVALID_ARGUMENT);
    xapian_enquire_free(empty);
    xapian_database_free(group);
}

int main(void) {
#define WITH_ENQUIRE(test) cmocka_unit_test_setup_teardown(test, open_enquire, close_enquire)
    const struct CMUnitTest tests[] = {
        WITH_ENQUIRE(test_items),
        WITH_ENQUIRE(test_terms_of_the_query),
        WITH_ENQUIRE(test_sorting),
        WITH_ENQUIRE(test_docid_order),
        WITH_ENQUIRE(test_key_of_several_values),
        WITH_ENQUIRE(test_key_of_a_function),
        WITH_ENQUIRE(test_collapsing),
        WITH_ENQUIRE(test_cutoff_and_time_limit),
        WITH_ENQUIRE(test_match_decider),
        WITH_ENQUIRE(test_value_count_spy),
        WITH_ENQUIRE(test_function_spy),
        WITH_ENQUIRE(test_relevance_feedback),
        WITH_ENQUIRE(test_no_query_and_no_database),
    };
    return cmocka_run_group_tests(tests, open_sample, close_sample);
}
