/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scores as whole numbers. A term's contribution, weight * idf * saturation, is multiplied by the
 * query's unit and rounded, and contributions are added as integers: a sum is the same whatever
 * order its terms come in, so that equal documents score equally wherever they are stored and
 * however they were found. The unit is the power of two that lets the sum of all weights just fit
 * 31 bits: with n terms the error is below n / 2^31 of the largest possible score.
 */
#ifndef XUNZI_SEARCHER_SCORE_H
#define XUNZI_SEARCHER_SCORE_H

#include "searcher/top_list.h"
#include "segment/bounds.h"

struct scoring {
    struct saturation saturation; /* at the collection's average length */
    double unit;
};

/* weight_sum: of weight * idf over the query's scored terms; n terms round up n times. */
static inline struct scoring scoring_of(double average_length, double weight_sum) {
    struct scoring scoring = {saturation_of(average_length), 1};
    while (weight_sum > 0 && weight_sum * scoring.unit < 1e9)
        scoring.unit *= 2;
    while (weight_sum * scoring.unit > 2e9)
        scoring.unit /= 2;
    return scoring;
}

/* A term's weight in units. */
static inline float scoring_weight(const struct scoring *scoring, double weight) {
    return (float)(weight * scoring->unit);
}

/* What a term contributes to a document: at least 1, so that a score of 0 means that no term was
 * there. */
static inline fixed_score scoring_contribution(const struct saturation *saturation, float weight,
                                               uint32_t wdf, uint32_t length) {
    return (fixed_score)(int32_t)(weight * saturation_at(saturation, wdf, length) + 0.5f) + 1;
}

/* No document of a block or list with this stored bound contributes more. ratio: the collection's
 * average length over the segment's. */
static inline fixed_score scoring_bound(float weight, uint8_t bound, float ratio) {
    float saturation = (float)bound * (ratio > 1 ? ratio : 1.0f) * (1.000001f / 255.0f);
    return (fixed_score)(int32_t)(weight * (saturation < 1.0f ? saturation : 1.0f) + 0.5f) + 2;
}

/* Some document of a block with this stored bound contributes more than this. */
static inline fixed_score scoring_assured(float weight, uint8_t bound, float ratio) {
    float saturation =
        (float)(bound > 0 ? bound - 1 : 0) * (ratio < 1 ? ratio : 1.0f) * (0.999999f / 255.0f);
    return (fixed_score)(int32_t)(weight * saturation);
}

#endif
