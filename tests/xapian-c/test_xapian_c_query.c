/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every operator, checked by what it matches; and what a query tells about itself.
 */
#include "support.h"

static xapian_database *sample;

static int open_sample(void **state) {
    (void)state;
    static const char *const texts[] = {
        "apple banana cherry",    /* 1 */
        "banana apple",           /* 2 */
        "cherry date",            /* 3 */
        "apple date elder cherry" /* 4 */
    };
    if (xapian_database_new_in_memory(&sample) != XAPIAN_OK) {
        return -1;
    }
    for (size_t i = 0; i < 4; i++) {
        add_words(sample, texts[i], texts[i]);
    }
    for (xapian_docid docid = 1; docid <= 4; docid++) {
        const char value = (char)('a' + docid);
        xapian_document *document = NULL;
        assert_ok(xapian_database_get_document(sample, docid, 0, &document));
        assert_ok(xapian_document_set_value(document, 0, &value, 1));
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

/* The matching documents in the order of their ids; frees the query. */
static const char *matched(xapian_query *query) {
    xapian_weight *weight = NULL;
    assert_ok(xapian_weight_bool(&weight));
    const char *docids = matches(sample, query, weight);
    xapian_weight_free(weight);
    return docids;
}

static xapian_query *words_query(xapian_op op, xapian_termcount parameter, size_t count,
                                 const char *const *words) {
    xapian_slice slices[8];
    xapian_query *query = NULL;
    assert_true(count <= 8);
    for (size_t i = 0; i < count; i++) {
        slices[i] = (xapian_slice){words[i], strlen(words[i])};
    }
    assert_ok(xapian_query_combine_terms(op, slices, count, parameter, &query));
    return query;
}

#define WORDS(...)                                                                               \
    (sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)), (const char *const[]) { \
        __VA_ARGS__                                                                              \
    }

static void test_leaves(void **state) {
    xapian_query *query = NULL;
    (void)state;
    assert_ok(xapian_query_match_nothing(&query));
    assert_true(xapian_query_is_empty(query));
    assert_int_equal(XAPIAN_LEAF_MATCH_NOTHING, xapian_query_type(query));
    assert_string_equal("", matched(query));
    assert_ok(xapian_query_match_all(&query));
    assert_false(xapian_query_is_empty(query));
    assert_int_equal(XAPIAN_LEAF_MATCH_ALL, xapian_query_type(query));
    assert_string_equal("1 2 3 4", matched(query));
    assert_ok(xapian_query_term(TEXT("apple"), 3, 2, &query));
    assert_int_equal(XAPIAN_LEAF_TERM, xapian_query_type(query));
    assert_int_equal(3, xapian_query_length(query));
    assert_string_equal("1 2 4", matched(query));
    assert_ok(xapian_query_term(NULL, 0, 1, 0, &query));
    assert_int_equal(XAPIAN_LEAF_MATCH_ALL, xapian_query_type(query));
    xapian_query_free(query);
}

static void test_joining_operators(void **state) {
    (void)state;
    static const struct {
        xapian_op op;
        const char *docids;
    } expected[] = {
        {XAPIAN_OP_AND, "1 4"},         {XAPIAN_OP_OR, "1 2 3 4"},
        {XAPIAN_OP_AND_NOT, "2"},       {XAPIAN_OP_XOR, "2 3"},
        {XAPIAN_OP_AND_MAYBE, "1 2 4"}, {XAPIAN_OP_FILTER, "1 4"},
        {XAPIAN_OP_MAX, "1 2 3 4"},     {XAPIAN_OP_ELITE_SET, "1 2 3 4"},
        {XAPIAN_OP_SYNONYM, "1 2 3 4"},
    };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_string_equal(
            expected[i].docids,
            matched(pair_query(expected[i].op, term_query("apple"), term_query("cherry"))));
        assert_string_equal(expected[i].docids,
                            matched(words_query(expected[i].op, 0, WORDS("apple", "cherry"))));
    }
    assert_string_equal(
        "4", matched(words_query(XAPIAN_OP_AND, 0, WORDS("apple", "cherry", "date", "elder"))));
    assert_string_equal("", matched(words_query(XAPIAN_OP_OR, 0, 0, NULL)));
    assert_string_equal("", matched(words_query(XAPIAN_OP_AND, 0, WORDS("apple", "unknown"))));
}

static void test_windows(void **state) {
    (void)state;
    assert_string_equal("1", matched(words_query(XAPIAN_OP_PHRASE, 0, WORDS("apple", "banana"))));
    assert_string_equal("1 2", matched(words_query(XAPIAN_OP_NEAR, 0, WORDS("apple", "banana"))));
    assert_string_equal("", matched(words_query(XAPIAN_OP_PHRASE, 2, WORDS("apple", "cherry"))));
    assert_string_equal("1", matched(words_query(XAPIAN_OP_PHRASE, 3, WORDS("apple", "cherry"))));
    assert_string_equal("1 4", matched(words_query(XAPIAN_OP_PHRASE, 4, WORDS("apple", "cherry"))));
}

static xapian_query *aligned_query(size_t count, const char *const *words,
                                   const xapian_termpos *offsets) {
    xapian_slice slices[8];
    xapian_query *query = NULL;
    assert_true(count <= 8);
    for (size_t i = 0; i < count; i++) {
        slices[i] = (xapian_slice){words[i], strlen(words[i])};
    }
    assert_ok(xapian_query_aligned_phrase(slices, offsets, count, &query));
    return query;
}

#define OFFSETS(...) ((const xapian_termpos[]){__VA_ARGS__})

static void test_aligned_phrase(void **state) {
    xapian_query *query = NULL;
    const xapian_slice terms[] = {{"apple", 5}, {"", 0}};
    (void)state;
    assert_string_equal("1", matched(aligned_query(WORDS("apple", "cherry"), OFFSETS(0, 2))));
    assert_string_equal("4", matched(aligned_query(WORDS("apple", "cherry"), OFFSETS(0, 3))));
    assert_string_equal("4", matched(aligned_query(WORDS("elder", "cherry"), OFFSETS(2, 3))));
    assert_string_equal("", matched(aligned_query(WORDS("apple", "cherry"), OFFSETS(0, 1))));
    assert_string_equal("3", matched(aligned_query(WORDS("cherry", "date"), OFFSETS(0, 1))));
    assert_string_equal("1 2 4", matched(aligned_query(WORDS("apple"), OFFSETS(0))));
    assert_string_equal("", matched(aligned_query(WORDS("apple", "unknown"), OFFSETS(0, 1))));
    /* Joined with others, it is asked about the documents that the others suggest. */
    assert_string_equal(
        "4", matched(pair_query(XAPIAN_OP_AND, term_query("elder"),
                                aligned_query(WORDS("apple", "cherry"), OFFSETS(0, 3)))));
    assert_string_equal(
        "1 3",
        matched(pair_query(XAPIAN_OP_OR, aligned_query(WORDS("apple", "cherry"), OFFSETS(0, 2)),
                           aligned_query(WORDS("cherry", "date"), OFFSETS(0, 1)))));
    assert_string_equal(
        "1 2", matched(pair_query(XAPIAN_OP_AND_NOT, term_query("apple"),
                                  aligned_query(WORDS("apple", "cherry"), OFFSETS(0, 3)))));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_query_aligned_phrase(terms, OFFSETS(0, 1), 2, &query));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_query_aligned_phrase(terms, NULL, 1, &query));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_query_aligned_phrase(NULL, OFFSETS(0), 1, &query));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_query_aligned_phrase(terms, OFFSETS(0), 0, &query));
    assert_null(query);
}

/* One pick of two takes the rarer term, whose weight is higher. */
static void test_elite_set_picks_the_best(void **state) {
    (void)state;
    assert_string_equal(
        "4", matches(sample, words_query(XAPIAN_OP_ELITE_SET, 1, WORDS("apple", "elder")), NULL));
}

static void test_max_and_synonym_weights(void **state) {
    (void)state;
    xapian_weight *coord = NULL;
    xapian_weight *constant = NULL;
    assert_ok(xapian_weight_coord(&coord));
    assert_ok(xapian_weight_constant(&constant));
    static const struct {
        xapian_op op;
        double best;
    } expected[] = {{XAPIAN_OP_OR, 2}, {XAPIAN_OP_MAX, 1}, {XAPIAN_OP_SYNONYM, 1}};
    for (size_t i = 0; i < 3; i++) {
        xapian_enquire *enquire = NULL;
        xapian_mset *mset = NULL;
        xapian_query *query = pair_query(expected[i].op, term_query("apple"), term_query("cherry"));
        assert_ok(xapian_enquire_new(sample, &enquire));
        assert_ok(xapian_enquire_set_query(enquire, query, 0));
        assert_ok(xapian_enquire_set_weight(enquire, i == 0 ? coord : constant));
        assert_ok(xapian_enquire_get_mset(enquire, 0, 10, 0, NULL, NULL, &mset));
        assert_true(xapian_mset_max_attained(mset) == expected[i].best);
        xapian_mset_free(mset);
        xapian_enquire_free(enquire);
        xapian_query_free(query);
    }
    xapian_weight_free(constant);
    xapian_weight_free(coord);
}

static void test_scale_weight(void **state) {
    xapian_query *apple = term_query("apple");
    xapian_query *query = NULL;
    (void)state;
    assert_ok(xapian_query_scale_weight(apple, 2.5, &query));
    assert_int_equal(XAPIAN_OP_SCALE_WEIGHT, xapian_query_type(query));
    assert_string_equal("1 2 4", matched(query));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT, xapian_query_scale_weight(apple, -1, &query));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_query_scale_weight(apple, 1.0 / 0.0, &query));
    assert_null(query);
    xapian_query_free(apple);
}

static void test_value_ranges(void **state) {
    xapian_query *query = NULL;
    (void)state;
    assert_ok(xapian_query_value_range(0, TEXT("c"), TEXT("d"), &query));
    assert_int_equal(XAPIAN_OP_VALUE_RANGE, xapian_query_type(query));
    assert_string_equal("2 3", matched(query));
    assert_ok(xapian_query_value_at_least(0, TEXT("d"), &query));
    assert_string_equal("3 4", matched(query));
    assert_ok(xapian_query_value_at_most(0, TEXT("c"), &query));
    assert_string_equal("1 2", matched(query));
    assert_ok(xapian_query_value_range(0, TEXT("d"), TEXT("c"), &query));
    assert_string_equal("", matched(query));
    assert_ok(xapian_query_value_at_least(9, TEXT("a"), &query));
    assert_string_equal("", matched(query));
}

static void test_wildcard(void **state) {
    xapian_query *query = NULL;
    xapian_enquire *enquire = NULL;
    xapian_mset *mset = NULL;
    (void)state;
    assert_ok(xapian_query_wildcard(TEXT("da"), 0, XAPIAN_WILDCARD_LIMIT_ERROR, XAPIAN_OP_SYNONYM,
                                    &query));
    assert_int_equal(XAPIAN_OP_WILDCARD, xapian_query_type(query));
    assert_string_equal("3 4", matched(query));
    assert_ok(xapian_query_wildcard(NULL, 0, 1, XAPIAN_WILDCARD_LIMIT_FIRST, XAPIAN_OP_OR, &query));
    assert_string_equal("1 2 4", matched(query));
    assert_ok(xapian_query_wildcard(NULL, 0, 2, XAPIAN_WILDCARD_LIMIT_MOST_FREQUENT, XAPIAN_OP_MAX,
                                    &query));
    assert_string_equal("1 2 3 4", matched(query));

    /* Boolean, because Xapian 1.4.22 itself leaks the weights of a query that fails in this way. */
    xapian_query *wildcard = NULL;
    assert_ok(
        xapian_query_wildcard(NULL, 0, 2, XAPIAN_WILDCARD_LIMIT_ERROR, XAPIAN_OP_OR, &wildcard));
    assert_ok(xapian_query_scale_weight(wildcard, 0, &query));
    xapian_query_free(wildcard);
    assert_ok(xapian_enquire_new(sample, &enquire));
    assert_ok(xapian_enquire_set_query(enquire, query, 0));
    assert_status(XAPIAN_ERROR_WILDCARD,
                  xapian_enquire_get_mset(enquire, 0, 10, 0, NULL, NULL, &mset));
    assert_null(mset);
    xapian_enquire_free(enquire);
    xapian_query_free(query);
    assert_status(
        XAPIAN_ERROR_INVALID_ARGUMENT,
        xapian_query_wildcard(TEXT("a"), 0, XAPIAN_WILDCARD_LIMIT_ERROR, XAPIAN_OP_AND, &query));
    assert_status(
        XAPIAN_ERROR_INVALID_ARGUMENT,
        xapian_query_wildcard(TEXT("a"), 0, (xapian_wildcard_limit)9, XAPIAN_OP_OR, &query));
}

static void test_wrong_operators(void **state) {
    xapian_query *apple = term_query("apple");
    const xapian_query *const pair[] = {apple, NULL};
    xapian_query *query = NULL;
    (void)state;
    static const xapian_op wrong[] = {XAPIAN_OP_VALUE_RANGE, XAPIAN_OP_SCALE_WEIGHT,
                                      XAPIAN_OP_WILDCARD,    XAPIAN_OP_INVALID,
                                      XAPIAN_LEAF_TERM,      (xapian_op)12345};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                      xapian_query_combine(wrong[i], pair, 1, 0, &query));
        assert_null(query);
    }
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_query_combine(XAPIAN_OP_OR, pair, 2, 0, &query));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_query_combine(XAPIAN_OP_OR, NULL, 2, 0, &query));
    xapian_query_free(apple);
}

static void test_inspection(void **state) {
    xapian_query *parts[3] = {NULL, NULL, NULL};
    xapian_query *query = NULL;
    xapian_query *part = NULL;
    xapian_query *copy = NULL;
    xapian_term_iterator *terms = NULL;
    xapian_string bytes = XAPIAN_STRING_INIT;
    xapian_string first = XAPIAN_STRING_INIT;
    xapian_string second = XAPIAN_STRING_INIT;
    (void)state;
    assert_ok(xapian_query_term(TEXT("zebra"), 1, 1, &parts[0]));
    assert_ok(xapian_query_term(TEXT("apple"), 2, 2, &parts[1]));
    assert_ok(xapian_query_term(TEXT("zebra"), 1, 3, &parts[2]));
    assert_ok(
        xapian_query_combine(XAPIAN_OP_AND, (const xapian_query *const *)parts, 3, 0, &query));
    for (size_t i = 0; i < 3; i++) {
        xapian_query_free(parts[i]);
    }
    assert_int_equal(4, xapian_query_length(query));
    assert_int_equal(XAPIAN_OP_AND, xapian_query_type(query));
    assert_int_equal(3, xapian_query_subquery_count(query));
    assert_ok(xapian_query_terms(query, &terms));
    assert_string_equal("zebra apple zebra", joined_terms(terms));
    assert_ok(xapian_query_unique_terms(query, &terms));
    assert_string_equal("apple zebra", joined_terms(terms));
    assert_ok(xapian_query_subquery(query, 1, &part));
    assert_int_equal(2, xapian_query_length(part));
    xapian_query_free(part);
    assert_status(XAPIAN_ERROR_RANGE, xapian_query_subquery(query, 3, &part));

    assert_ok(xapian_query_serialise(query, &bytes));
    assert_ok(xapian_query_unserialise(bytes.data, bytes.size, &part));
    assert_ok(xapian_query_copy(query, &copy));
    assert_ok(xapian_query_description(part, &first));
    assert_ok(xapian_query_description(copy, &second));
    assert_string_equal(first.data, second.data);
    assert_non_null(strstr(first.data, "zebra"));
    xapian_query_free(part);
    xapian_query_free(copy);
    assert_status(XAPIAN_ERROR_SERIALISATION, xapian_query_unserialise("\xff", 1, &part));
    assert_null(part);
    xapian_query_free(query);
    xapian_string_free(&bytes);
    xapian_string_free(&first);
    xapian_string_free(&second);
}

static void test_parser(void **state) {
    xapian_query_parser *parser = NULL;
    xapian_query *query = NULL;
    xapian_string description = XAPIAN_STRING_INIT;
    (void)state;
    assert_ok(xapian_query_parser_new(&parser));
    assert_ok(
        xapian_query_parser_parse(parser, TEXT("Apple AND cherry"), XAPIAN_PARSER_DEFAULT, &query));
    assert_string_equal("1 4", matched(query));
    assert_ok(
        xapian_query_parser_parse(parser, TEXT("\"apple banana\""), XAPIAN_PARSER_DEFAULT, &query));
    assert_string_equal("1", matched(query));
    assert_ok(
        xapian_query_parser_parse(parser, TEXT("+apple -banana"), XAPIAN_PARSER_DEFAULT, &query));
    assert_string_equal("4", matched(query));
    assert_ok(xapian_query_parser_set_default_op(parser, XAPIAN_OP_AND));
    assert_ok(xapian_query_parser_parse(parser, TEXT("apple cherry"), 0, &query));
    assert_string_equal("1 4", matched(query));
    assert_ok(xapian_query_parser_set_database(parser, sample));
    assert_ok(xapian_query_parser_parse(parser, TEXT("da*"), XAPIAN_PARSER_WILDCARD, &query));
    assert_string_equal("3 4", matched(query));
    assert_ok(xapian_query_parser_add_prefix(parser, "title", "S"));
    assert_ok(xapian_query_parser_add_boolean_prefix(parser, "id", "Q"));
    assert_ok(xapian_query_parser_parse(parser, TEXT("title:apple id:12"), 0, &query));
    assert_ok(xapian_query_description(query, &description));
    assert_non_null(strstr(description.data, "Sapple"));
    assert_non_null(strstr(description.data, "Q12"));
    xapian_query_free(query);
    assert_status(XAPIAN_ERROR_QUERY_PARSER,
                  xapian_query_parser_parse(parser, TEXT("AND"), XAPIAN_PARSER_DEFAULT, &query));
    assert_null(query);
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_query_parser_set_default_op(parser, XAPIAN_OP_XOR));
    xapian_string_free(&description);
    xapian_query_parser_free(parser);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leaves),
        cmocka_unit_test(test_joining_operators),
        cmocka_unit_test(test_windows),
        cmocka_unit_test(test_aligned_phrase),
        cmocka_unit_test(test_elite_set_picks_the_best),
        cmocka_unit_test(test_max_and_synonym_weights),
        cmocka_unit_test(test_scale_weight),
        cmocka_unit_test(test_value_ranges),
        cmocka_unit_test(test_wildcard),
        cmocka_unit_test(test_wrong_operators),
        cmocka_unit_test(test_inspection),
        cmocka_unit_test(test_parser),
    };
    return cmocka_run_group_tests(tests, open_sample, close_sample);
}
