/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ranking.h's formula gives, by hand, over collections of two or three documents. */
#include "tests/catalog/collection_support.h"

#include <math.h>

#include "searcher/ranking.h"
#include "segment/bounds.h"

static void assert_score(double expected, const xunzi_hit *hit) {
    if (fabs(expected - hit->score) > 1e-6 * expected)
        fail_msg("document %.*s scores %.9f, not %.9f", (int)hit->id.size, hit->id.data, hit->score,
                 expected);
}

static double saturation(double tf, double length, double average) {
    return tf / (tf + SATURATION_K1 * (1 - SATURATION_B + SATURATION_B * length / average));
}

/* ranking.h's formula by hand, over three documents. */
static void test_scores_by_hand(void **state) {
    const char *path = in_folder(state, "scores");
    const xunzi_document documents[] = {
        document_of("1", "x", "x y", NULL, NULL),    /* length 5: the title counts thrice */
        document_of("2", NULL, "y y z", NULL, NULL), /* 3 */
        document_of("3", NULL, "z", NULL, "x"),      /* 1 */
    };
    add_documents(path, XUNZI_PROFILE_BIGRAM, documents, 3);
    xunzi_index *index = open_index(path);
    xunzi_results *results;
    assert_ok(xunzi_search(index, TEXT("x y y"), NULL, &results));
    const double rare = RANKING_LATIN_WEIGHT * pow(log(1 + 2.5 / 1.5), RANKING_RARITY);
    const double common = RANKING_LATIN_WEIGHT * pow(log(1 + 1.5 / 2.5), RANKING_RARITY);
    assert_int_equal(2, xunzi_results_count(results));
    assert_text(TEXT("1"), xunzi_results_hit(results, 0)->id);
    assert_score(rare * saturation(4, 5, 3) + 2 * common * saturation(1, 5, 3),
                 xunzi_results_hit(results, 0));
    assert_score(2 * common * saturation(2, 3, 3), xunzi_results_hit(results, 1));
    xunzi_results_free(results);
    assert_ok(
        xunzi_search(index, TEXT("\"y z\" -x"), NULL, &results)); /* a phrase scores as its terms */
    assert_int_equal(1, xunzi_results_count(results));
    assert_score(common * saturation(2, 3, 3) + common * saturation(1, 3, 3),
                 xunzi_results_hit(results, 0));
    xunzi_results_free(results);
    xunzi_index_close(index);
}

/* The second pass, by hand: where the terms stand together, in a document that a lone common one
 * ties with. */
static void test_closeness_by_hand(void **state) {
    const char *path = in_folder(state, "closeness");
    struct buffer far = {0};
    assert_true(buffer_append_text(&far, "x "));
    for (int i = 0; i < RANKING_WINDOW / 2; i++)
        assert_true(buffer_printf(&far, "w%d ", i));
    assert_true(buffer_append_text(&far, "y") && buffer_terminate(&far));
    struct buffer near = {0};
    assert_true(buffer_append_text(&near, "x y "));
    for (int i = 0; i < RANKING_WINDOW / 2; i++)
        assert_true(buffer_printf(&near, "w%d ", i));
    assert_true(buffer_terminate(&near));
    const xunzi_document documents[] = {document_of("far", NULL, far.data, NULL, NULL),
                                        document_of("near", NULL, near.data, NULL, NULL),
                                        document_of("other", NULL, "z", NULL, NULL)};
    add_documents(path, XUNZI_PROFILE_FULL, documents, 3);
    xunzi_index *index = open_index(path);
    xunzi_search_options options = xunzi_search_options_default();
    xunzi_results *results;
    const double length = RANKING_WINDOW / 2 + 2, average = (2 * length + 1) / 3;
    const double weight = RANKING_LATIN_WEIGHT * pow(log(1 + 1.5 / 2.5), RANKING_RARITY);
    const double terms = 2 * weight * saturation(1, length, average);
    options.explain = true;
    options.fold_duplicates = false; /* the two have nearly the same text */
    assert_ok(xunzi_search(index, TEXT("x y"), &options, &results));
    assert_text(TEXT("near"), xunzi_results_hit(results, 0)->id);
    assert_score(terms + RANKING_CLOSENESS * 2 * weight, xunzi_results_hit(results, 0));
    assert_true(fabs(xunzi_results_hit(results, 0)->closeness - RANKING_CLOSENESS * 2 * weight) <
                1e-6);
    assert_text(TEXT("far"), xunzi_results_hit(results, 1)->id);
    assert_score(terms + RANKING_CLOSENESS * weight, xunzi_results_hit(results, 1));
    xunzi_results_free(results);
    options.without = XUNZI_RANKING_CLOSENESS;
    assert_ok(xunzi_search(index, TEXT("x y"), &options, &results));
    assert_text(TEXT("far"), xunzi_results_hit(results, 0)->id); /* a tie: the older one first */
    assert_score(terms, xunzi_results_hit(results, 0));
    assert_score(terms, xunzi_results_hit(results, 1));
    xunzi_results_free(results);
    xunzi_index_close(index);
    buffer_free(&far);
    buffer_free(&near);
}

/* Each part that is left out is left out. */
static void test_parts_of_the_ranking(void **state) {
    const char *path = in_folder(state, "parts");
    const xunzi_document documents[] = {document_of("1", NULL, "圖書館的書 abc", NULL, NULL),
                                        document_of("2", NULL, "圖書 山河", NULL, NULL)};
    add_documents(path, XUNZI_PROFILE_FULL, documents, 2);
    xunzi_index *index = open_index(path);
    static const unsigned parts[] = {XUNZI_RANKING_CHARACTERS, XUNZI_RANKING_CLOSENESS,
                                     XUNZI_RANKING_FUNCTION, XUNZI_RANKING_LATIN,
                                     XUNZI_RANKING_RARITY};
    double scores[6];
    for (size_t i = 0; i < 6; i++) {
        xunzi_search_options options = xunzi_search_options_default();
        xunzi_results *results;
        options.without = i < 5 ? parts[i] : 0;
        assert_ok(xunzi_search(index, TEXT("圖書館的 abc"), &options, &results));
        assert_text(TEXT("1"), xunzi_results_hit(results, 0)->id);
        scores[i] = xunzi_results_hit(results, 0)->score;
        xunzi_results_free(results);
    }
    for (size_t i = 0; i < 5; i++)
        assert_true(fabs(scores[i] - scores[5]) > 1e-3);
    xunzi_index_close(index);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_scores_by_hand, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_closeness_by_hand, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_parts_of_the_ranking, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
