/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Weighting schemes: Xapian's own, saturation against its formula, and schemes of C functions.
 */
#include "support.h"

#include <math.h>
#include <stdio.h>

/* Runs `query` and gives back its mset; frees the query. */
static xapian_mset *run(const xapian_database *database, xapian_query *query,
                        const xapian_weight *weight, xapian_doccount max_items) {
    xapian_enquire *enquire = NULL;
    xapian_mset *mset = NULL;
    assert_ok(xapian_enquire_new(database, &enquire));
    assert_ok(xapian_enquire_set_query(enquire, query, 0));
    assert_ok(xapian_enquire_set_weight(enquire, weight));
    assert_ok(xapian_enquire_get_mset(enquire, 0, max_items, 0, NULL, NULL, &mset));
    xapian_query_free(query);
    xapian_enquire_free(enquire);
    return mset;
}

static xapian_query *scaled(const char *term, double factor) {
    xapian_query *plain = term_query(term);
    xapian_query *query = NULL;
    assert_ok(xapian_query_scale_weight(plain, factor, &query));
    xapian_query_free(plain);
    return query;
}

/* As the header says that it is computed: in single precision, in whole numbers. */
static double saturation(double k1, double b, double average, double factor, unsigned wdf,
                         unsigned length) {
    const float constant = (float)(k1 * (1 - b)), per_length = (float)(k1 * b / average);
    const float frequency = (float)wdf;
    const float fraction = frequency / (frequency + (constant + per_length * (float)length));
    return (double)(int)((float)factor * fraction + 0.5f) + 1;
}

static bool is_close(double left, double right) {
    return fabs(left - right) <= 1e-12 * fabs(right);
}

/* Pseudo-random numbers that are the same everywhere. */
static unsigned next_random(unsigned *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 16;
}

enum { documents = 2000 };
static unsigned wdfs[documents + 1][3];
static unsigned lengths[documents + 1];
static const char *const names[3] = {"a", "b", "c"};

static void fill_randomly(xapian_database *database, xapian_docid from, xapian_docid to,
                          unsigned *seed) {
    for (xapian_docid docid = from; docid <= to; docid++) {
        xapian_document *document = NULL;
        const unsigned filling = next_random(seed) % 50;
        assert_ok(xapian_document_new(&document));
        lengths[docid] = filling;
        for (unsigned i = 0; i < 3; i++) {
            wdfs[docid][i] = next_random(seed) % (3 + 4 * i) == 0 ? 1 + next_random(seed) % 20 : 0;
            lengths[docid] += wdfs[docid][i];
            if (wdfs[docid][i] > 0) {
                assert_ok(xapian_document_add_term(document, names[i], 1, wdfs[docid][i]));
            }
        }
        if (filling > 0) {
            assert_ok(xapian_document_add_term(document, TEXT("filling"), filling));
        }
        assert_ok(xapian_document_add_boolean_term(document, TEXT("Kall")));
        assert_ok(xapian_database_replace_document(database, docid, document));
        xapian_document_free(document);
    }
}

static int is_better(const double *scores, xapian_docid left, xapian_docid right) {
    return scores[left] > scores[right] || (scores[left] == scores[right] && left < right);
}

/* Whole numbers leave nothing to rounding: weights and their order are exactly those expected. */
static void check_top(const xapian_database *database, double k1, double b, double average,
                      double unit, xapian_doccount top) {
    static const double factors[3] = {0.5, 2, 3.25};
    static double scores[documents + 1];
    xapian_weight *weight = NULL;
    const xapian_query *parts[3];
    xapian_query *query = NULL;
    for (unsigned i = 0; i < 3; i++) {
        parts[i] = scaled(names[i], factors[i]);
    }
    assert_ok(xapian_query_combine(XAPIAN_OP_OR, parts, 3, 0, &query));
    for (unsigned i = 0; i < 3; i++) {
        xapian_query_free((xapian_query *)parts[i]);
    }
    for (xapian_docid docid = 1; docid <= documents; docid++) {
        scores[docid] = 0;
        for (unsigned i = 0; i < 3; i++) {
            if (wdfs[docid][i] > 0) {
                scores[docid] +=
                    saturation(k1, b, average, factors[i] * unit, wdfs[docid][i], lengths[docid]);
            }
        }
    }
    assert_ok(xapian_weight_saturation(k1, b, average, unit, &weight));
    xapian_mset *mset = run(database, query, weight, top);
    assert_int_equal(top, xapian_mset_size(mset));
    assert_true(xapian_mset_max_possible(mset) >= xapian_mset_max_attained(mset));
    for (xapian_doccount i = 0; i < top; i++) {
        xapian_mset_item item;
        xapian_doccount better = 0;
        assert_ok(xapian_mset_get_item(mset, i, &item));
        assert_true(item.weight == scores[item.docid]);
        for (xapian_docid docid = 1; docid <= documents; docid++) {
            better += (xapian_doccount)is_better(scores, docid, item.docid);
        }
        assert_int_equal(i, better);
    }
    xapian_mset_free(mset);
    xapian_weight_free(weight);
}

static void test_saturation_against_its_formula(void **state) {
    xapian_database *database = NULL;
    unsigned seed = 7;
    assert_ok(
        xapian_database_open_writable(in_folder(state, "db"), XAPIAN_DB_CREATE, 0, &database));
    fill_randomly(database, 1, documents, &seed);
    for (int committed = 0; committed < 2; committed++) {
        for (xapian_doccount top = 1; top <= 100; top *= 10) {
            check_top(database, 1.2, 0.75, 30, 1 << 20, top);
            check_top(database, 0.6, 0.3, 1000, 1 << 28, top);
            check_top(database, 2, 1, 0.5, 0.25, top);
            check_top(database, 1.2, 0, 30, 100, top);
            check_top(database, 0, 0.75, 30, 1000, top);
        }
        assert_ok(xapian_database_commit(database));
    }
    /* Larger numbers than the committed ones, waiting for their commit. */
    fill_randomly(database, documents / 2, documents, &seed);
    check_top(database, 1.2, 0.75, 30, 1 << 20, 10);
    xapian_document *document = NULL;
    assert_ok(xapian_document_new(&document));
    assert_ok(xapian_document_add_term(document, TEXT("a"), 500));
    assert_ok(xapian_database_replace_document(database, 9, document));
    xapian_document_free(document);
    memset(wdfs[9], 0, sizeof wdfs[9]);
    wdfs[9][0] = lengths[9] = 500;
    check_top(database, 1.2, 0.75, 30, 1 << 20, 10);
    xapian_database_free(database);
}

/* One term, raised by two others, without a fourth, filtered by a fifth. */
static xapian_query *raised(void) {
    xapian_query *others = pair_query(XAPIAN_OP_OR, scaled("b", 2), scaled("c", 3.25));
    xapian_query *maybe = pair_query(XAPIAN_OP_AND_MAYBE, scaled("a", 0.5), others);
    xapian_query *without = pair_query(XAPIAN_OP_AND_NOT, maybe, term_query("d"));
    return pair_query(XAPIAN_OP_FILTER, without, term_query("e"));
}

/* The first few of what it finds are the first of all that it finds: with a true bound of the
 * weights Xapian 1.4 loses some. */
static void test_saturation_loses_nothing(void **state) {
    unsigned seed = 11;
    xapian_weight *weight = NULL;
    assert_ok(xapian_weight_saturation(1.2, 0.75, 10, 1 << 20, &weight));
    for (unsigned round = 0; round < 60; round++) {
        char name[16];
        snprintf(name, sizeof name, "db%u", round);
        xapian_database *database = NULL;
        assert_ok(
            xapian_database_open_writable(in_folder(state, name), XAPIAN_DB_CREATE, 0, &database));
        for (unsigned i = 0; i < 100; i++) {
            char words[64] = "a e";
            for (size_t size = 3; size < 40 && next_random(&seed) % 6 > 0; size += 2) {
                words[size] = ' ';
                words[size + 1] = "aabbccdfff"[next_random(&seed) % 10];
            }
            add_words(database, "", words);
        }
        assert_ok(xapian_database_commit(database));
        xapian_mset *all = run(database, raised(), weight, 100);
        for (xapian_doccount top = 1; top < 20; top++) {
            xapian_mset *mset = run(database, raised(), weight, top);
            for (xapian_doccount i = 0; i < top; i++) {
                xapian_mset_item expected, item;
                assert_ok(xapian_mset_get_item(all, i, &expected));
                assert_ok(xapian_mset_get_item(mset, i, &item));
                assert_int_equal(expected.docid, item.docid);
            }
            xapian_mset_free(mset);
        }
        xapian_mset_free(all);
        xapian_database_free(database);
    }
    xapian_weight_free(weight);
}

static void test_saturation_of_terms_without_wdf(void **state) {
    xapian_database *database = NULL;
    xapian_document *document = NULL;
    xapian_weight *weight = NULL;
    (void)state;
    assert_ok(xapian_database_new_in_memory(&database));
    assert_ok(xapian_document_new(&document));
    assert_ok(xapian_document_add_boolean_term(document, TEXT("Kall")));
    assert_ok(xapian_database_add_document(database, document, NULL));
    xapian_document_free(document);
    assert_ok(xapian_weight_saturation(0, 0.5, 10, 100, &weight));
    xapian_mset *mset = run(database, term_query("Kall"), weight, 10);
    assert_int_equal(1, xapian_mset_size(mset));
    assert_true(xapian_mset_max_attained(mset) == 1);
    xapian_mset_free(mset);
    xapian_weight_free(weight);
    xapian_database_free(database);
}

static void test_saturation_parameters(void **state) {
    xapian_weight *weight = NULL;
    xapian_string name = XAPIAN_STRING_INIT;
    (void)state;
    static const double wrong[][4] = {
        {-0.1, 0.5, 10, 1}, {NAN, 0.5, 10, 1},     {INFINITY, 0.5, 10, 1}, {1, -0.1, 10, 1},
        {1, 1.1, 10, 1},    {1, NAN, 10, 1},       {1, 0.5, 0, 1},         {1, 0.5, -1, 1},
        {1, 0.5, NAN, 1},   {1, 0.5, INFINITY, 1}, {1, 0.5, 10, 0},        {1, 0.5, 10, -1},
        {1, 0.5, 10, NAN},  {1, 0.5, 10, INFINITY}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_status(
            XAPIAN_ERROR_INVALID_ARGUMENT,
            xapian_weight_saturation(wrong[i][0], wrong[i][1], wrong[i][2], wrong[i][3], &weight));
        assert_null(weight);
    }
    assert_ok(xapian_weight_saturation(1, 0.5, 10, 1, &weight));
    assert_ok(xapian_weight_name(weight, &name));
    assert_text("xapian_c::saturation", &name);
    xapian_weight_free(weight);
    xapian_string_free(&name);
}

/* A contribution that a whole number of 32 bits cannot hold is held at the largest that fits. */
static void test_saturation_of_large_factors(void **state) {
    xapian_database *database = NULL;
    xapian_weight *weight = NULL;
    (void)state;
    assert_ok(xapian_database_new_in_memory(&database));
    add_words(database, "", "a b");
    assert_ok(xapian_weight_saturation(1.2, 0.75, 2, 1e30, &weight));
    xapian_mset *mset = run(database, scaled("a", 2), weight, 10);
    assert_true(xapian_mset_max_attained(mset) == 2147483521.0);
    xapian_mset_free(mset);
    xapian_weight_free(weight);
    xapian_database_free(database);
}

static void test_factor_zero_is_boolean(void **state) {
    xapian_database *database = NULL;
    xapian_weight *weight = NULL;
    (void)state;
    assert_ok(xapian_database_new_in_memory(&database));
    add_words(database, "", "a b");
    add_words(database, "", "a");
    assert_ok(xapian_weight_saturation(1.2, 0.75, 2, 1 << 20, &weight));
    xapian_mset *mset =
        run(database, pair_query(XAPIAN_OP_OR, scaled("a", 0), scaled("b", 2)), weight, 10);
    xapian_mset_item item;
    assert_int_equal(2, xapian_mset_size(mset));
    assert_ok(xapian_mset_get_item(mset, 0, &item));
    assert_int_equal(1, item.docid);
    assert_true(item.weight == saturation(1.2, 0.75, 2, 2 << 20, 1, 2));
    assert_ok(xapian_mset_get_item(mset, 1, &item));
    assert_true(item.weight == 0);
    xapian_mset_free(mset);
    xapian_weight_free(weight);
    xapian_database_free(database);
}

static void test_constant(void **state) {
    xapian_database *database = NULL;
    xapian_weight *weight = NULL;
    (void)state;
    assert_ok(xapian_database_new_in_memory(&database));
    add_words(database, "", "a a a b");
    assert_ok(xapian_weight_constant(&weight));
    xapian_mset *mset =
        run(database, pair_query(XAPIAN_OP_OR, scaled("a", 2.5), term_query("b")), weight, 10);
    assert_true(xapian_mset_max_attained(mset) == 3.5);
    assert_true(xapian_mset_max_possible(mset) == 3.5);
    xapian_mset_free(mset);
    xapian_weight_free(weight);
    xapian_database_free(database);
}

/* Each of Xapian's schemes under its own name. All prefer the short document with more matches, but
 * for the boolean one, and for PL2+, to which both are worth the same. */
static void test_own_schemes(void **state) {
    static const char *const expected[] = {
        "Xapian::BoolWeight", "Xapian::CoordWeight",    "Xapian::TradWeight",
        "Xapian::BM25Weight", "Xapian::BM25PlusWeight", "Xapian::TfIdfWeight",
        "Xapian::LMWeight",   "Xapian::PL2Weight",      "Xapian::PL2PlusWeight",
        "Xapian::InL2Weight", "Xapian::IfB2Weight",     "Xapian::IneB2Weight",
        "Xapian::BB2Weight",  "Xapian::DLHWeight",      "Xapian::DPHWeight",
    };
    enum { count = sizeof expected / sizeof expected[0] };
    xapian_weight *weights[count] = {NULL};
    xapian_database *database = NULL;
    xapian_string name = XAPIAN_STRING_INIT;
    (void)state;
    assert_ok(xapian_weight_bool(&weights[0]));
    assert_ok(xapian_weight_coord(&weights[1]));
    assert_ok(xapian_weight_trad(1, &weights[2]));
    assert_ok(xapian_weight_bm25(1.2, 0, 1, 0.75, 0.5, &weights[3]));
    assert_ok(xapian_weight_bm25_plus(1.2, 0, 1, 0.75, 0.5, 1, &weights[4]));
    assert_ok(xapian_weight_tfidf("ntn", &weights[5]));
    assert_ok(xapian_weight_lm(0, XAPIAN_SMOOTHING_TWO_STAGE, -1, -1, &weights[6]));
    assert_ok(xapian_weight_pl2(1, &weights[7]));
    assert_ok(xapian_weight_pl2_plus(1, 0.8, &weights[8]));
    assert_ok(xapian_weight_inl2(1, &weights[9]));
    assert_ok(xapian_weight_ifb2(1, &weights[10]));
    assert_ok(xapian_weight_ineb2(1, &weights[11]));
    assert_ok(xapian_weight_bb2(1, &weights[12]));
    assert_ok(xapian_weight_dlh(&weights[13]));
    assert_ok(xapian_weight_dph(&weights[14]));
    assert_ok(xapian_database_new_in_memory(&database));
    for (int i = 0; i < 20; i++) {
        add_words(database, "", "x y z x y z");
    }
    const xapian_docid less = add_words(database, "", "a x y z x y z x y z x y z");
    const xapian_docid more = add_words(database, "", "a b a b x");
    for (size_t i = 0; i < count; i++) {
        xapian_mset_item first;
        xapian_mset_item second;
        assert_ok(xapian_weight_name(weights[i], &name));
        assert_string_equal(expected[i], name.data);
        xapian_mset *mset = run(
            database, pair_query(XAPIAN_OP_OR, term_query("a"), term_query("b")), weights[i], 10);
        assert_int_equal(2, xapian_mset_size(mset));
        assert_ok(xapian_mset_get_item(mset, 0, &first));
        assert_ok(xapian_mset_get_item(mset, 1, &second));
        assert_int_equal(i == 0 || i == 8 ? less : more, first.docid);
        assert_true(i == 0 || i == 8 ? first.weight == second.weight
                                     : first.weight > second.weight);
        xapian_mset_free(mset);
        xapian_weight_free(weights[i]);
    }
    xapian_string_free(&name);
    xapian_database_free(database);
}

static void test_wrong_parameters(void **state) {
    xapian_weight *weight = NULL;
    (void)state;
    const xapian_status expected = XAPIAN_ERROR_INVALID_ARGUMENT;
    assert_status(expected, xapian_weight_bm25(NAN, 0, 1, 0.5, 0.5, &weight));
    assert_status(expected, xapian_weight_trad(INFINITY, &weight));
    assert_status(expected, xapian_weight_tfidf("xyz", &weight));
    assert_status(expected, xapian_weight_tfidf("", &weight));
    assert_status(expected, xapian_weight_pl2(0, &weight));
    assert_status(expected, xapian_weight_pl2_plus(1, 0, &weight));
    assert_status(expected, xapian_weight_bb2(-1, &weight));
    assert_status(expected, xapian_weight_lm(0, (xapian_smoothing)77, -1, -1, &weight));
    assert_null(weight);
}

/* ---- a scheme of C functions: wdf plus term frequency, plus a tenth of the length ---------------
 */

struct calls {
    unsigned sum_part;
    unsigned max_part;
    xapian_weight_statistics seen;
};

static double sum_part(void *context, const xapian_weight_statistics *statistics,
                       xapian_termcount wdf, xapian_termcount length,
                       xapian_termcount unique_terms) {
    struct calls *calls = context;
    calls->sum_part++;
    assert_true(unique_terms > 0);
    assert_true(length >= wdf);
    return statistics->factor * (wdf + 100.0 * statistics->term_frequency);
}

static double max_part(void *context, const xapian_weight_statistics *statistics) {
    struct calls *calls = context;
    calls->max_part++;
    calls->seen = *statistics;
    return statistics->factor * (statistics->wdf_max + 100.0 * statistics->term_frequency);
}

static double sum_extra(void *context, const xapian_weight_statistics *statistics,
                        xapian_termcount length, xapian_termcount unique_terms) {
    (void)context;
    (void)unique_terms;
    assert_true(statistics->factor == 0);
    assert_int_equal(0, statistics->term_frequency);
    return 0.1 * length;
}

static double max_extra(void *context, const xapian_weight_statistics *statistics) {
    (void)context;
    return 0.1 * statistics->document_length_max;
}

static void test_functions(void **state) {
    xapian_database *database = NULL;
    xapian_weight *weight = NULL;
    xapian_string name = XAPIAN_STRING_INIT;
    struct calls calls = {0};
    xapian_weight_functions functions = {
        .statistics = XAPIAN_WEIGHT_WDF | XAPIAN_WEIGHT_WDF_MAX | XAPIAN_WEIGHT_DOCUMENT_LENGTH |
                      XAPIAN_WEIGHT_DOCUMENT_LENGTH_MAX | XAPIAN_WEIGHT_DOCUMENT_LENGTH_MIN |
                      XAPIAN_WEIGHT_TERM_FREQUENCY | XAPIAN_WEIGHT_UNIQUE_TERMS |
                      XAPIAN_WEIGHT_COLLECTION_SIZE | XAPIAN_WEIGHT_AVERAGE_LENGTH |
                      XAPIAN_WEIGHT_COLLECTION_FREQUENCY | XAPIAN_WEIGHT_WQF |
                      XAPIAN_WEIGHT_QUERY_LENGTH | XAPIAN_WEIGHT_RSET_SIZE |
                      XAPIAN_WEIGHT_RELEVANT_TERM_FREQUENCY,
        .sum_part = sum_part,
        .max_part = max_part,
        .sum_extra = sum_extra,
        .max_extra = max_extra,
        .context = &calls,
    };
    (void)state;
    assert_ok(xapian_database_new_in_memory(&database));
    add_words(database, "", "a a b");
    add_words(database, "", "a c c c c");
    assert_ok(xapian_weight_new(&functions, &weight));
    xapian_mset *mset = run(database, scaled("a", 2), weight, 10);
    xapian_mset_item item;
    assert_int_equal(2, xapian_mset_size(mset));
    assert_ok(xapian_mset_get_item(mset, 0, &item));
    assert_int_equal(1, item.docid);
    assert_true(is_close(item.weight, 2 * (2 + 200) + 0.3));
    assert_ok(xapian_mset_get_item(mset, 1, &item));
    assert_true(is_close(item.weight, 2 * (1 + 200) + 0.5));
    assert_int_equal(2, calls.sum_part);
    assert_true(calls.max_part > 0);
    assert_int_equal(2, calls.seen.collection_size);
    assert_int_equal(3, calls.seen.collection_frequency);
    assert_in_range(calls.seen.document_length_min, 1, 3);
    assert_in_range(calls.seen.document_length_max, 5, 8);
    assert_int_equal(1, calls.seen.wqf);
    assert_int_equal(1, calls.seen.query_length);
    assert_true(calls.seen.average_length == 4);
    assert_ok(xapian_weight_name(weight, &name));
    assert_text("", &name);
    xapian_mset_free(mset);
    xapian_weight_free(weight);

    functions.max_extra = NULL;
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT, xapian_weight_new(&functions, &weight));
    functions.sum_extra = NULL;
    functions.statistics = XAPIAN_WEIGHT_WDF;
    functions.max_part = NULL;
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT, xapian_weight_new(&functions, &weight));
    functions.sum_part = NULL;
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT, xapian_weight_new(&functions, &weight));
    assert_null(weight);
    xapian_string_free(&name);
    xapian_database_free(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_saturation_against_its_formula, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_saturation_loses_nothing, make_folder, remove_folder),
        cmocka_unit_test(test_saturation_of_terms_without_wdf),
        cmocka_unit_test(test_saturation_parameters),
        cmocka_unit_test(test_saturation_of_large_factors),
        cmocka_unit_test(test_factor_zero_is_boolean),
        cmocka_unit_test(test_constant),
        cmocka_unit_test(test_own_schemes),
        cmocka_unit_test(test_wrong_parameters),
        cmocka_unit_test(test_functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
