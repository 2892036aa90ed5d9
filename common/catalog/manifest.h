/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The manifest: what a collection consists of, kept as metadata of the catalog's database, so that
 * one commit of it changes both.
 *
 *     xunzi.format         the number of the collection's format, MANIFEST_FORMAT, in decimal
 *     xunzi.profile        "full" or "bigram"
 *     xunzi.pages          lines that stand around many articles (text/page_memory.h), where there
 *                          are any
 *     xunzi.segments       LEB128 numbers: the next segment's number, the count of segments, and
 *                          for each, the oldest first: its number, its documents, its identity
 *                          (segment_identity), its documents that are deleted, the sum of their
 *                          lengths
 *     xunzi.deleted.N.C    the deleted documents of segment N among the MANIFEST_CHUNK from
 *                          document C * MANIFEST_CHUNK on, where there are any: ascending u16
 *                          numbers within the chunk, or, from as many on as that is no longer than,
 *                          a bit for each of its documents (Chambi, Lemire, Kaser and Godin,
 *                          "Better bitmap performance with Roaring bitmaps", 2016)
 */
#ifndef XUNZI_CATALOG_MANIFEST_H
#define XUNZI_CATALOG_MANIFEST_H

#include <xapian-c/xapian.h>
#include <xunzi/xunzi.h>

#include "segment/deletions.h"

enum { MANIFEST_FORMAT = 2, MANIFEST_CHUNK = 1 << 16 };
#define MANIFEST_KEY_PAGES "xunzi.pages"

struct manifest_segment {
    uint32_t number; /* of its file */
    uint32_t documents;
    uint32_t identity; /* of the file's content: segment_identity, catalog/segment_lookup.h */
    struct deletions *deleted; /* NULL: none */
    uint64_t deleted_length;   /* the sum of the deleted documents' lengths */
};

/* Zero-initialised is that of an empty collection. */
struct manifest {
    int format; /* of the collection as it was read; 0: there is none yet */
    xunzi_profile profile;
    uint32_t next_number;
    struct manifest_segment *segments; /* the oldest first */
    size_t count, capacity;
};

void manifest_free(struct manifest *manifest);

/* Replaces *out by a copy. False: no memory, *out is empty. */
bool manifest_copy(const struct manifest *manifest, struct manifest *out);

/* Appends a segment; takes deleted over. False: no memory. */
bool manifest_append(struct manifest *manifest, const struct manifest_segment *segment);

/* Puts one segment in the place of [first, first + count), or none where it is NULL. */
void manifest_splice(struct manifest *manifest, size_t first, size_t count,
                     const struct manifest_segment *segment);

/* Deletes a document of a segment; length is its length. *added is false where it was deleted
 * before. False: no memory. */
bool manifest_delete(struct manifest_segment *segment, uint32_t document, uint32_t length,
                     bool *added);

/* Documents in all segments that are not deleted. */
uint64_t manifest_documents(const struct manifest *manifest);

/* Reads the manifest of the collection at path. *found is false, and *out empty, where there is
 * none. */
xunzi_status manifest_read(const xapian_database *database, const char *path, bool *found,
                           struct manifest *out);

/* Writes what differs from `before`, which the database holds; NULL: it holds none. Commits
 * nothing. */
xunzi_status manifest_write(xapian_database *database, const char *path,
                            const struct manifest *manifest, const struct manifest *before);

#endif
