/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scores in whole numbers: the unit, single contributions and those of blocks, and bounds from
 * above and below. */
#include "tests/catalog/collection_support.h"

#include "searcher/block_scores.h"
#include "searcher/score.h"

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Sums of weights come near 2^31, whatever they are, and stay below. */
static void test_unit(void **state) {
    (void)state;
    for (double sum = 1e-9; sum < 1e12; sum *= 3.7) {
        struct scoring scoring = scoring_of(100, sum);
        assert_true(sum * scoring.unit >= 1e9 && sum * scoring.unit <= 2e9);
    }
    assert_true(scoring_of(100, 0).unit == 1);
}

static void test_blocks_give_what_single_postings_give(void **state) {
    (void)state;
    enum { DOCUMENTS = 1000, MOST = 128 };
    static uint64_t column[DOCUMENTS / 2];
    uint32_t *lengths = (uint32_t *)column, random = 3;
    for (uint32_t d = 0; d < DOCUMENTS; d++)
        lengths[d] = 1 + next_random(&random) % (d % 10 == 0 ? 3000000 : 300);
    struct segment segment = {.bytes = (const uint8_t *)column, .header = {.documents = DOCUMENTS}};
    for (int round = 0; round < 200; round++) {
        struct scoring scoring = scoring_of(50 + next_random(&random) % 100, 20);
        float weight = scoring_weight(&scoring, (double)(1 + next_random(&random) % 1000) / 60);
        uint32_t documents[MOST], wdfs[MOST];
        fixed_score scores[MOST];
        size_t count = next_random(&random) % (MOST + 1);
        for (size_t i = 0; i < count; i++) {
            documents[i] = next_random(&random) % DOCUMENTS;
            wdfs[i] = next_random(&random) % (i % 9 == 0 ? 100000 : 5);
        }
        block_scores(&scoring.saturation, weight, &segment, wdfs, documents, count, scores);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(
                scoring_contribution(&scoring.saturation, weight, wdfs[i], lengths[documents[i]]),
                scores[i]);
    }
}

/* Contributions above a limit are those of single postings; any other is right or 0. */
static void test_blocks_above_a_limit(void **state) {
    (void)state;
    enum { DOCUMENTS = 1000, MOST = 128 };
    static uint64_t column[DOCUMENTS / 2];
    uint32_t *lengths = (uint32_t *)column, random = 23;
    for (uint32_t d = 0; d < DOCUMENTS; d++)
        lengths[d] = next_random(&random) % (d % 10 == 0 ? 3000 : 30);
    struct segment segment = {.bytes = (const uint8_t *)column, .header = {.documents = DOCUMENTS}};
    size_t passed_over = 0;
    for (int round = 0; round < 500; round++) {
        struct scoring scoring = scoring_of(50 + next_random(&random) % 100, 20);
        float weight = scoring_weight(&scoring, (double)(1 + next_random(&random) % 1000) / 60);
        fixed_score least = (fixed_score)(weight * (float)(next_random(&random) % 101) / 100);
        uint32_t documents[MOST], wdfs[MOST];
        fixed_score scores[MOST];
        size_t count = round % 3 == 0 ? next_random(&random) % MOST : MOST;
        for (size_t i = 0; i < count; i++) {
            documents[i] = next_random(&random) % DOCUMENTS;
            wdfs[i] = next_random(&random) % (i % 9 == 0 ? 100000 : 5);
        }
        block_scores_above(&scoring.saturation, weight, &segment, least, wdfs, documents, count,
                           scores);
        for (size_t i = 0; i < count; i++) {
            fixed_score score =
                scoring_contribution(&scoring.saturation, weight, wdfs[i], lengths[documents[i]]);
            if (score > least || scores[i] != 0)
                assert_int_equal(score, scores[i]);
            passed_over += scores[i] == 0;
        }
    }
    assert_true(passed_over > 1000);
}

/* A stored bound is of one average length; it must hold at any other. */
static void test_bounds(void **state) {
    (void)state;
    static const double averages[] = {1, 30, 99, 100, 101, 500, 100000};
    uint32_t random = 11;
    struct saturation own = saturation_of(100);
    for (int i = 0; i < 100000; i++) {
        uint32_t document = 0, wdf = 1 + next_random(&random) % (i % 7 == 0 ? 5000 : 6);
        uint32_t length = wdf + next_random(&random) % (i % 5 == 0 ? 100000 : 200);
        uint8_t bound;
        saturation_bounds(&own, &wdf, &document, &length, 1, &bound);
        struct scoring scoring = scoring_of(averages[i % 7], 30);
        float weight = scoring_weight(&scoring, 0.1 + next_random(&random) % 29);
        float ratio = own.per_length / scoring.saturation.per_length;
        fixed_score score = scoring_contribution(&scoring.saturation, weight, wdf, length);
        assert_true(score >= 1);
        assert_true(scoring_bound(weight, bound, ratio) >= score);
        assert_true(scoring_assured(weight, bound, ratio) < score);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unit),
        cmocka_unit_test(test_blocks_give_what_single_postings_give),
        cmocka_unit_test(test_blocks_above_a_limit),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
