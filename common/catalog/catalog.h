/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The catalog: the Xapian database in a collection's folder that holds its manifest and its live documents.
 *
 *     COLLECTION/catalog/    a glass database
 *
 * The manifest is Xapian metadata:
 *     xunzi.format    the number of the collection's format, CATALOG_FORMAT
 *     xunzi.profile   "full" or "bigram"
 *     xunzi.pages     lines that stand around many articles (text/page_memory.h), where there are any
 * A folder is a collection when its catalog has a manifest; the first thing a new catalog commits is that.
 *
 * One writer at a time: it holds flock(2) on the collection's folder, and Xapian's write lock on the catalog. The former outlives
 * the exchange of the catalog for its compacted copy (catalog_compact), which the latter cannot.
 */
#ifndef XUNZI_CATALOG_CATALOG_H
#define XUNZI_CATALOG_CATALOG_H

#include <xapian-c/xapian.h>
#include <xunzi/xunzi.h>

#include "base/buffer.h"

enum { CATALOG_FORMAT = 1 };
#define CATALOG_KEY_PAGES "xunzi.pages"

/* Opens the catalog of the collection at path for reading: the last committed state. */
xunzi_status catalog_open(const char *path, xapian_database **database, xunzi_profile *profile);

/* The write side. */
struct catalog_writer {
    char *path; /* the collection's folder */
    int lock;   /* a descriptor of it, locked; -1: none */
    xapian_database *database;
    xunzi_profile profile;
    bool changed; /* a transaction is open */
};

/* Opens for writing; makes the collection where options say so. On failure nothing is held. */
xunzi_status catalog_writer_open(struct catalog_writer *writer, const char *path,
                                 const xunzi_writer_options *options);
void catalog_writer_close(struct catalog_writer *writer);

/* Makes sure that what is changed from here on belongs to the transaction that the next commit ends. */
xunzi_status catalog_writer_begin(struct catalog_writer *writer);
xunzi_status catalog_writer_commit(struct catalog_writer *writer);
xunzi_status catalog_writer_rollback(struct catalog_writer *writer);

/* Replaces the catalog by a compacted copy of what is committed. Readers keep the files that they have open. */
xunzi_status catalog_writer_compact(struct catalog_writer *writer);

/* Appends "PATH/catalog" and a NUL that is not counted. */
bool catalog_append_path(struct buffer *out, const char *path);

#endif
