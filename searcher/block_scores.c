/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Contributions by blocks: one loop, compiled once more for AVX2, which fetches eight lengths at
 * once. */
#include "searcher/block_scores.h"

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
__attribute__((target("avx2"))) static void
score_avx2(const struct saturation *saturation, float weight, const uint32_t *lengths,
           const uint32_t *wdfs, const uint32_t *documents, size_t count, fixed_score *out) {
    score_all(saturation, weight, lengths, wdfs, documents, count, out);
}
#endif

void block_scores(const struct saturation *saturation, float weight, const struct segment *segment,
                  const uint32_t *wdfs, const uint32_t *documents, size_t count, fixed_score *out) {
    /* Sections begin at multiples of 8. */
    const uint32_t *lengths =
        (const uint32_t *)(const void *)segment_section(segment, SEGMENT_LENGTHS);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        score_avx2(saturation, weight, lengths, wdfs, documents, count, out);
        return;
    }
#endif
    score_all(saturation, weight, lengths, wdfs, documents, count, out);
}
