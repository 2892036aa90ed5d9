/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing what was inverted to a segment: the terms of all partitions in the order of their names,
 * encoded in ranges by a crew. */
#ifndef XUNZI_INDEXER_TERM_WRITER_H
#define XUNZI_INDEXER_TERM_WRITER_H

#include "indexer/crew.h"
#include "indexer/inverter.h"
#include "segment/segment_writer.h"

/* What was inverted. */
struct inverted {
    struct inverter *const *inverters; /* OCCURRENCE_PARTITIONS of them */
    const uint32_t *lengths;           /* by document */
    uint32_t documents;                /* at least one */
    uint64_t total_length;
};

/* Adds all terms to writer, which has the documents. */
xunzi_status term_writer_write(const struct inverted *inverted, struct crew *crew,
                               struct segment_writer *writer);

#endif
