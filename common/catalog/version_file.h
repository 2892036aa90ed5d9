/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A look at the file that makes a folder a glass database, before Xapian opens it: Xapian 1.4
 * believes the depth and block size of each table that stand there, and reads outside its own
 * memory where they are wrong.
 *
 *     iamglass (Xapian's backends/glass/glass_version.cc):
 *     16 bytes magic and version, 16 bytes UUID, varint revision, then for each of six tables
 *     varints root block, depth << 2 | flags, entries, block size >> 11, compression limit, size of
 * the free list; the free list
 */
#ifndef XUNZI_CATALOG_VERSION_FILE_H
#define XUNZI_CATALOG_VERSION_FILE_H

#include <xunzi/xunzi.h>

/* What every table of a catalog is made with. */
enum { CATALOG_BLOCK_SIZE = 8192 };

/* XUNZI_ERROR_CORRUPT where Xapian should not be let near. What else may be wrong with the file,
 * Xapian says itself. `path` is the collection's, for the sentence. */
xunzi_status version_file_check(const char *catalog, const char *path);

#endif
