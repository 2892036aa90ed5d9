/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The term-frequency part of the score (BM25's saturation) and bounds of it.
 *
 *     saturation = wdf / (wdf + k1 * (1 - b + b * length / average length))
 *
 * A stored bound is the saturation at the segment's own average length, times 255, rounded up. The
 * collection's average may be larger by the time it is asked: then every saturation is larger too,
 * but by no more than the averages' ratio, for the term in parentheses shrinks by no more than
 * that.
 */
#ifndef XUNZI_SEGMENT_BOUNDS_H
#define XUNZI_SEGMENT_BOUNDS_H

#include <stddef.h>
#include <stdint.h>

/* Measured: see searcher/ranking.h, which tells how. */
#define SATURATION_K1 0.5
#define SATURATION_B 0.4

struct saturation {
    float constant;   /* k1 * (1 - b) */
    float per_length; /* k1 * b / average length */
};

static inline struct saturation saturation_of(double average_length) {
    double average = average_length > 0 ? average_length : 1;
    return (struct saturation){(float)(SATURATION_K1 * (1 - SATURATION_B)),
                               (float)(SATURATION_K1 * SATURATION_B / average)};
}

/* What a wdf is divided by, but for itself: one number for all terms of a document. */
static inline float saturation_rest(const struct saturation *saturation, uint32_t length) {
    return saturation->constant + saturation->per_length * (float)length;
}

static inline float saturation_at(const struct saturation *saturation, uint32_t wdf,
                                  uint32_t length) {
    float frequency = (float)wdf;
    return frequency / (frequency + saturation_rest(saturation, length));
}

/* The bounds of postings: of wdfs[i] in documents[i], whose lengths are by document. */
void saturation_bounds(const struct saturation *saturation, const uint32_t *wdfs,
                       const uint32_t *documents, const uint32_t *lengths, size_t count,
                       uint8_t *bounds);

#endif
