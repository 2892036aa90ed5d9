/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bounds of many postings at once: one loop, compiled for AVX2 too, which is chosen when it is
 * called. */
#include "segment/bounds.h"

__attribute__((always_inline)) static inline void
make_bounds(const struct saturation *saturation, const uint32_t *restrict wdfs,
            const uint32_t *restrict documents, const uint32_t *restrict lengths, size_t count,
            uint8_t *restrict bounds) {
    float constant = saturation->constant, per_length = saturation->per_length;
    for (size_t i = 0; i < count; i++) {
        float wdf = (float)(int32_t)wdfs[i];
        float length = (float)(int32_t)lengths[documents[i]];
        int32_t whole = (int32_t)(wdf / (wdf + (constant + per_length * length)) * 255.0f) + 1;
        bounds[i] = (uint8_t)(whole < 255 ? whole : 255);
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void make_bounds_avx2(const struct saturation *saturation,
                                                             const uint32_t *wdfs,
                                                             const uint32_t *documents,
                                                             const uint32_t *lengths, size_t count,
                                                             uint8_t *bounds) {
    make_bounds(saturation, wdfs, documents, lengths, count, bounds);
}
#endif

void saturation_bounds(const struct saturation *saturation, const uint32_t *wdfs,
                       const uint32_t *documents, const uint32_t *lengths, size_t count,
                       uint8_t *bounds) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        make_bounds_avx2(saturation, wdfs, documents, lengths, count, bounds);
        return;
    }
#endif
    make_bounds(saturation, wdfs, documents, lengths, count, bounds);
}
