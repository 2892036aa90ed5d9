/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The catalog's write side: locks, and the two ways in which a collection goes from one state to
 * the next in one step.
 *
 *     begin, changes of live documents, commit
 *         a transaction of the database, whose end is also the new manifest's
 *     replace
 *         a new database, with a manifest and without a live document, takes the old one's place
 *
 * One writer at a time: it holds flock(2) on the collection's folder, and Xapian's write lock on
 * the catalog. The former outlives the exchange of the catalog, which the latter cannot.
 *
 * What a crash or a failure leaves of a new catalog ("catalog.new"), and of segments that no
 * manifest lists, the next writer removes.
 */
#ifndef XUNZI_CATALOG_CATALOG_WRITER_H
#define XUNZI_CATALOG_CATALOG_WRITER_H

#include "catalog/catalog.h"

struct catalog_writer {
    char *path;                /* the collection's folder */
    int lock;                  /* a descriptor of it, locked; -1: none */
    xapian_database *database; /* NULL: another one has taken its place, and is not open yet */
    struct manifest manifest;  /* as committed */
};

/* Opens for writing; makes the collection where options say so. On failure nothing is held. */
xunzi_status catalog_writer_open(struct catalog_writer *writer, const char *path,
                                 const xunzi_writer_options *options);
void catalog_writer_close(struct catalog_writer *writer);

/* Sees to it that the database is open, which it need not be after begin, commit or cancel has
 * failed, and after replace. */
xunzi_status catalog_writer_ready(struct catalog_writer *writer);

/* Begins a transaction; where somebody reads the catalog, on a copy of it, put in its place. */
xunzi_status catalog_writer_begin(struct catalog_writer *writer);

/* Ends it: all that was changed, and this manifest, which is copied, become the committed state.
 * pages: the lines that the collection remembers (manifest.h), unless empty. On failure nothing has
 * changed. */
xunzi_status catalog_writer_commit(struct catalog_writer *writer, const struct manifest *manifest,
                                   xunzi_string pages);

/* Drops what the transaction changed, and closes the database. */
void catalog_writer_cancel(struct catalog_writer *writer);

/* Puts a database without live documents in the place of the catalog, outside of a transaction;
 * otherwise as catalog_writer_commit. */
xunzi_status catalog_writer_replace(struct catalog_writer *writer, const struct manifest *manifest,
                                    xunzi_string pages);

/* Removes files of segments that the committed manifest does not list, and what is left of earlier
 * attempts. What cannot be removed stays. */
void catalog_writer_sweep(const struct catalog_writer *writer);

#endif
