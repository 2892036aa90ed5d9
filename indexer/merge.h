/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Merging sealed segments into one: the documents of the first, then those of the next, without the
 * deleted ones, renumbered in that order. What is held of the segments at once is the columns, a
 * list and a few blocks of documents.
 */
#ifndef XUNZI_INDEXER_MERGE_H
#define XUNZI_INDEXER_MERGE_H

#include "segment/deletions.h"
#include "segment/segment.h"

struct merge_source {
    const struct segment *segment;
    const struct deletions *deleted; /* NULL: none */
};

/* Writes the merged segment to path, which must not exist, and through to the disk. At least one
 * document must be left. The result is, byte for byte, the segment that the same documents give
 * when they are sealed at once. On failure there is no file at path. */
xunzi_status merge_segments(const struct merge_source *sources, size_t count, xunzi_profile profile,
                            const char *path);

#endif
