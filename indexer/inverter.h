/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inverting documents in memory: from tokens in the order of documents to postings in the order of terms.
 *
 * Each term has a stream of bytes, in chunks that grow, to which every occurrence appends one or two LEB128 numbers:
 *
 *     first in a document     (document - the document before) * 2 + 1, then its position where the term has positions
 *     another one             (position - the position before) * 2; 0 where it has none
 *
 * Terms are found in an open-addressing table. A document's tokens are looked up together, stage by stage, each stage prefetching
 * what the next one touches: the table and the streams are far larger than the caches, and waiting for memory is what inverting
 * costs.
 */
#ifndef XUNZI_INDEXER_INVERTER_H
#define XUNZI_INDEXER_INVERTER_H

#include "segment/postings.h"
#include "text/tokenize.h"

struct inverter;

xunzi_status inverter_new(xunzi_profile profile, struct inverter **out);
void inverter_free(struct inverter *inverter);

/* Adds the document that comes next. *tokens: how many it gave; with none it is not added. */
xunzi_status inverter_add(struct inverter *inverter, const xunzi_document *document, uint64_t *tokens);

/* Documents so far; their lengths; bytes of memory in use. */
uint32_t inverter_documents(const struct inverter *inverter);
const uint32_t *inverter_lengths(const struct inverter *inverter);
size_t inverter_memory(const struct inverter *inverter);

/* Walks the terms in byte order of their names. */
struct inverted_term {
    const char *name;
    size_t size;
    struct posting_source postings;
    bool ranked;
};

xunzi_status inverter_walk_begin(struct inverter *inverter);

/* XUNZI_OK: *term lives until the next call; XUNZI_END. */
xunzi_status inverter_walk_next(struct inverter *inverter, struct inverted_term *term);

/* Forgets everything, for the next segment. */
void inverter_clear(struct inverter *inverter);

#endif
