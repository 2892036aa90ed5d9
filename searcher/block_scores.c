/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Contributions by blocks: one loop, compiled once more for AVX2, which fetches eight lengths at
 * once; where few are wanted, one by one. */
#include "searcher/block_scores.h"

/* From WDF_MOST on no wdf is told from another; FEW of a block's postings are scored one by one. */
enum { WDF_MOST = 16, FEW = 48 };

/* Sections begin at multiples of 8. */
static const uint32_t *lengths_of(const struct segment *segment) {
    return (const uint32_t *)(const void *)segment_section(segment, SEGMENT_LENGTHS);
}

__attribute__((always_inline)) static inline void
score_all(const struct saturation *saturation, float weight, const uint32_t *restrict lengths,
          const uint32_t *restrict wdfs, const uint32_t *restrict documents, size_t count,
          fixed_score *restrict out) {
    float constant = saturation->constant, per_length = saturation->per_length;
    for (size_t i = 0; i < count; i++) {
        float wdf = (float)(int32_t)wdfs[i];
        float length = (float)(int32_t)lengths[documents[i]];
        out[i] = (fixed_score)((int32_t)(weight * (wdf / (wdf + (constant + per_length * length))) +
                                         0.5f) +
                               1);
    }
}

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2")))

AVX2 static void score_avx2(const struct saturation *saturation, float weight,
                            const uint32_t *lengths, const uint32_t *wdfs,
                            const uint32_t *documents, size_t count, fixed_score *out) {
    score_all(saturation, weight, lengths, wdfs, documents, count, out);
}
#endif

void block_scores(const struct saturation *saturation, float weight, const struct segment *segment,
                  const uint32_t *wdfs, const uint32_t *documents, size_t count, fixed_score *out) {
    const uint32_t *lengths = lengths_of(segment);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        score_avx2(saturation, weight, lengths, wdfs, documents, count, out);
        return;
    }
#endif
    score_all(saturation, weight, lengths, wdfs, documents, count, out);
}

/* The least wdf that contributes more than `least` to a document without length; WDF_MOST: that or
 * more. */
static uint32_t least_wdf(const struct saturation *saturation, float weight, fixed_score least) {
    uint32_t wdf = 1;
    while (wdf < WDF_MOST && scoring_contribution(saturation, weight, wdf, 0) <= least)
        wdf++;
    return wdf;
}

void block_scores_above(const struct saturation *saturation, float weight,
                        const struct segment *segment, fixed_score least, const uint32_t *wdfs,
                        const uint32_t *documents, size_t count, fixed_score *out) {
    const uint32_t *lengths = lengths_of(segment);
    uint32_t enough = least_wdf(saturation, weight, least);
    uint8_t wanted[BLOCK_SIZE];
    size_t wanted_count = 0;
    for (size_t i = 0; i < count && enough > 1; i++) {
        wanted[wanted_count] = (uint8_t)i;
        wanted_count += wdfs[i] >= enough;
    }
    if (enough == 1 || wanted_count > FEW) {
        block_scores(saturation, weight, segment, wdfs, documents, count, out);
        return;
    }
    /* Lengths lie far apart: all are sent for before the first is waited for. */
    for (size_t i = 0; i < wanted_count; i++)
        __builtin_prefetch(lengths + documents[wanted[i]]);
    memset(out, 0, count * sizeof *out);
    for (size_t i = 0; i < wanted_count; i++)
        out[wanted[i]] = scoring_contribution(saturation, weight, wdfs[wanted[i]],
                                              lengths[documents[wanted[i]]]);
}
