/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking things up in one sealed segment, deleted documents left out. */
#ifndef XUNZI_CATALOG_SEGMENT_LOOKUP_H
#define XUNZI_CATALOG_SEGMENT_LOOKUP_H

#include "catalog/manifest.h"
#include "segment/deletions.h"
#include "segment/segment.h"
#include "segment/texts.h"

/* Opens the segment at path, which the manifest lists so. XUNZI_ERROR_CORRUPT too where there is
 * none, or another one. */
xunzi_status segment_open_listed(const char *path, const struct manifest_segment *row,
                                 struct segment **out);

/* Whether a segment is the one that is listed. */
bool segment_is_listed(const struct segment *segment, const struct manifest_segment *row);

/* The lower half of the hash of a segment's header, which holds the hashes of all its sections:
 * segments of other content have another one, but for one in four thousand million. */
uint32_t segment_identity(const struct segment *segment);

/* The hash that an id is found by. */
uint64_t segment_id_hash(xunzi_string id);

/* The document of that id, well-formed UTF-8. XUNZI_END: there is none. */
xunzi_status segment_find_id(const struct segment *segment, const struct deletions *deleted,
                             struct texts_reader *reader, xunzi_string id, uint32_t *document);

/* Calls visit for each pair of documents, one of either segment, whose ids may be the same: their
 * hashes' upper halves are. Stops where it returns false. */
typedef bool segment_pair_visitor(void *context, uint32_t left, uint32_t right);
void segment_match_ids(const struct segment *left, const struct segment *right,
                       segment_pair_visitor *visit, void *context);

/* How many documents of a list are not deleted. XUNZI_ERROR_CORRUPT: the list makes no sense. */
xunzi_status segment_count_list(const struct segment *segment, const struct deletions *deleted,
                                const struct postings_list *list, uint32_t *count);

/* A term's list, and how many documents of it are not deleted: an empty list and 0 where the
 * segment does not have the term. */
xunzi_status segment_find_counted(const struct segment *segment, const struct deletions *deleted,
                                  xunzi_string term, struct postings_list *list, uint32_t *count);

#endif
