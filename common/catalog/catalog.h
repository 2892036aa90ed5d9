/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The catalog, as a reader opens it: the Xapian database in a collection's folder that holds its
 * manifest and its live documents.
 *
 *     COLLECTION/catalog/      a glass database: the manifest (manifest.h) and the live documents
 *     COLLECTION/000001.seg    sealed segments, named by their numbers; only those that the
 *                              manifest lists belong to it
 *
 * A folder is a collection when its catalog has a manifest.
 *
 * What a snapshot reads stays as it is while it is open. Xapian keeps the blocks of the last
 * committed revision, and of no older one; so a reader holds flock(2) LOCK_SH on the catalog's
 * folder, and a writer that finds it held changes a copy of the catalog instead and puts that in
 * the place of the one that is read (catalog_writer.h). Segments never change, and a file that is
 * open outlives its name.
 */
#ifndef XUNZI_CATALOG_CATALOG_H
#define XUNZI_CATALOG_CATALOG_H

#include <sys/stat.h>

#include "base/buffer.h"
#include "catalog/manifest.h"

/* Which state of which catalog: equal for two only where nothing was committed between. */
struct catalog_identity {
    dev_t device;
    ino_t folder, version_file; /* Xapian writes the latter anew with each commit */
    struct timespec changed;
};

struct catalog_snapshot {
    xapian_database *database;
    int lock; /* the catalog's folder, locked shared; -1: none */
    struct manifest manifest;
    struct catalog_identity identity;
};

/* Opens the catalog of the collection at path: the last committed state. On failure nothing is
 * held. */
xunzi_status catalog_open(const char *path, struct catalog_snapshot *out);
void catalog_close(struct catalog_snapshot *snapshot);

/* Whether what catalog_open would open now is what the snapshot is. False too where that cannot be
 * told. */
bool catalog_is_newest(const struct catalog_snapshot *snapshot, const char *path);

/* Appends "PATH/catalog", or the path of a segment's file, and a NUL that is not counted. */
bool catalog_append_path(struct buffer *out, const char *path);
bool catalog_append_segment_path(struct buffer *out, const char *path, uint32_t number);

/* What is wrong with a folder: shared with the writer. XUNZI_OK: path is a folder with a catalog in
 * it, whose path is appended. */
xunzi_status catalog_look_for(const char *path, struct buffer *catalog);
xunzi_status catalog_not_a_collection(const char *path);
xunzi_status catalog_opening_failed(xapian_status status, const char *path);

#endif
