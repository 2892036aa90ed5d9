/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bounds of many postings at once. */
#include "segment/bounds.h"

__attribute__((target_clones("avx2", "default"))) void
saturation_bounds(const struct saturation *saturation, const uint32_t *restrict wdfs, const uint32_t *restrict documents,
                  const uint32_t *restrict lengths, size_t count, uint8_t *restrict bounds) {
    float constant = saturation->constant, per_length = saturation->per_length;
    for (size_t i = 0; i < count; i++) {
        float wdf = (float)(int32_t)wdfs[i];
        float length = (float)(int32_t)lengths[documents[i]];
        int32_t whole = (int32_t)(wdf / (wdf + (constant + per_length * length)) * 255.0f) + 1;
        bounds[i] = (uint8_t)(whole < 255 ? whole : 255);
    }
}
