/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the paths a user names to the regular files behind them, one at a time.
 *
 * Folders are walked depth first, names in byte order. What is met in a walk and begins with a dot
 * is left out. Links are followed, except to a folder that was walked before or is being walked.
 * Only regular files are opened; what is none is skipped with a sentence. Neither the depth of
 * folders nor the length of a path below a named one is limited; a bounded number of descriptors is
 * open at a time. The current directory is not changed. */
#ifndef XUNZI_INDEXER_PATH_WALKER_H
#define XUNZI_INDEXER_PATH_WALKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xunzi/xunzi.h>

struct path_walker;

enum path_walker_purpose {
    PATH_WALKER_READ,   /* files are opened */
    PATH_WALKER_MEASURE /* files are only looked at */
};

struct walked_file {
    const char *path; /* as given, or the named folder's path with the way below it behind; until
                         the next call */
    int descriptor;   /* open for reading, the caller's to close; -1 for PATH_WALKER_MEASURE */
    bool has_size;    /* false: standard input that is no regular file */
    uint64_t size;    /* bytes to be read */
};

/* paths are not copied. */
xunzi_status path_walker_open(const char *const *paths, size_t count,
                              enum path_walker_purpose purpose, struct path_walker **out);

/* XUNZI_OK, XUNZI_SKIPPED with a sentence, XUNZI_END, or XUNZI_ERROR_NO_MEMORY. */
xunzi_status path_walker_next(struct path_walker *walker, struct walked_file *file);

void path_walker_close(struct path_walker *walker);

#endif
