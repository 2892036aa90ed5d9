/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a term contributes to many documents at once: scoring_contribution (score.h) of each, the
 * same to the last bit. */
#ifndef XUNZI_SEARCHER_BLOCK_SCORES_H
#define XUNZI_SEARCHER_BLOCK_SCORES_H

#include "searcher/score.h"
#include "segment/segment.h"

void block_scores(const struct saturation *saturation, float weight, const struct segment *segment,
                  const uint32_t *wdfs, const uint32_t *documents, size_t count, fixed_score *out);

/* The same, but 0 where the contribution would not be above `least` even if the document had no
 * length: the lengths of such documents, far apart in memory, are not fetched. */
void block_scores_above(const struct saturation *saturation, float weight,
                        const struct segment *segment, fixed_score least, const uint32_t *wdfs,
                        const uint32_t *documents, size_t count, fixed_score *out);

#endif
