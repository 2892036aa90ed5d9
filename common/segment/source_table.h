/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The distinct sources of a segment that is being written, numbered from 1 as they come. */
#ifndef XUNZI_SEGMENT_SOURCE_TABLE_H
#define XUNZI_SEGMENT_SOURCE_TABLE_H

#include <xunzi/xunzi.h>

#include "base/buffer.h"

/* Zero-initialised is empty. */
struct source_table {
    struct buffer names; /* one behind the other */
    struct buffer ends;  /* a u64 for each: where its name ends */
    uint32_t *slots;     /* numbers, by the hash of the name; 0: free */
    size_t slot_count;   /* a power of two, at most half full */
    uint32_t count;
};

void source_table_free(struct source_table *table);

/* The number of a source, which is added where it is new; 0 of the empty one. False: no memory. */
bool source_table_number(struct source_table *table, xunzi_string source, uint32_t *number);

#endif
