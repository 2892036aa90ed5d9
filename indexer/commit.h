/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From changes to the next committed state; and merging, which changes no document.
 *
 * Segments are merged by tiers (O'Neil, Cheng, Gawlick and O'Neil, "The log-structured merge-tree",
 * 1996): where MERGE_WIDTH segments at the young end are of one tier or a smaller one, they become
 * one. A tier's segments have MERGE_WIDTH times the documents of the tier below. Above the lowest
 * tier they wait while one of them is larger than all others together. A segment of which a
 * MERGE_DELETED-th part is deleted is written anew without it: what is deleted costs every query.
 */
#ifndef XUNZI_INDEXER_COMMIT_H
#define XUNZI_INDEXER_COMMIT_H

#include "catalog/live_document.h"
#include "indexer/changes.h"

enum { MERGE_WIDTH = 4, MERGE_TIER_DOCUMENTS = 1024, MERGE_DELETED = 8 };

/* Commits what waits, and begins anew. live_most: when more documents would be live after it, all
 * of them are sealed. On failure the collection is as it was, and the changes are of no further
 * use. */
xunzi_status commit_changes(struct changes *changes, struct live_document_maker *maker,
                            uint64_t live_most, xunzi_string pages);

/* Merges segments as long as tiers or deletions call for it. Nothing may wait. */
xunzi_status commit_merges(struct changes *changes);

/* Merges all segments into one without deleted documents. Nothing may wait, and no document may be
 * live. */
xunzi_status commit_merge_all(struct changes *changes);

#endif
