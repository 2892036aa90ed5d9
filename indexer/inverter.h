/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inverting in memory: from occurrences in the order of documents to postings in the order of
 * terms, for one of the partitions of terms (occurrences.h).
 *
 * Each term has a stream (streams.h) of LEB128 numbers. One with positions:
 *
 *     first in a document   (document - the document before) * 2 + 1, its position
 *     another one           (position - the position before) * 2
 *     before either, where it does not count once: 0, its wdf
 *
 * One without:
 *
 *     a document            (document - the document before) * 2 + 1
 *     behind it, where its wdf is not 1: wdf * 2; that of the last document stands in the table
 *
 * Terms are in an open-addressing table. Occurrences are looked up some hundred at a time, stage by
 * stage, each stage prefetching what the next one touches: table and streams are larger than the
 * caches, and waiting for memory is what inverting costs.
 */
#ifndef XUNZI_INDEXER_INVERTER_H
#define XUNZI_INDEXER_INVERTER_H

#include "indexer/occurrences.h"
#include "indexer/streams.h"
#include "segment/postings.h"

struct inverter;

/* The pool is shared by all partitions' inverters and outlives them. */
xunzi_status inverter_new(xunzi_profile profile, uint64_t seed, struct stream_pool *pool,
                          struct inverter **out);
void inverter_free(struct inverter *inverter);

/* Adds the occurrences of documents that come next, numbered from first_document; names are those
 * of the list's occurrences. */
xunzi_status inverter_add(struct inverter *inverter, const struct occurrence_list *list,
                          const struct buffer *names, uint32_t first_document);

/* Bytes of memory in use, without the pool. */
size_t inverter_memory(const struct inverter *inverter);

/* Forgets everything, with or after the pool. */
void inverter_clear(struct inverter *inverter);

/* ---- once all is added ---- */

/* Orders the terms by their names. */
xunzi_status inverter_sort(struct inverter *inverter);

uint32_t inverter_term_count(const struct inverter *inverter);

/* Term i's name begins with these bytes, the first the highest; 0 behind a shorter one. */
uint64_t inverter_prefix(const struct inverter *inverter, uint32_t i);

/* Writes term i's name; returns its size. */
size_t inverter_name(const struct inverter *inverter, uint32_t i, char out[TERM_MOST]);

/* How many documents have term i. */
uint32_t inverter_document_count(const struct inverter *inverter, uint32_t i);

/* Term i's postings. Zero-initialised is empty. */
struct inverted_list {
    uint32_t *documents, *wdfs, *counts, *positions;
    size_t document_capacity, wdf_capacity, count_capacity, position_capacity;
    size_t count;
    bool has_positions, ranked;
};

void inverted_list_free(struct inverted_list *list);

/* Replaces what list holds; several threads may read at once. False: no memory. */
bool inverter_read(const struct inverter *inverter, uint32_t i, struct inverted_list *list);

/* Has what inverter_read(i) will read first fetched from memory: the term, and where it is read
 * soon, what the term points to. */
void inverter_prefetch(const struct inverter *inverter, uint32_t i, bool soon);

#endif
