/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The queries to measure: a line each, which is a query, or a query id, a tab and a query. Read as
 * `xunzi-searcher --batch` reads them: a byte order mark and carriage returns at line ends are left
 * out, and blank lines are passed over. */
#ifndef XUNZI_BENCH_QUERY_FILE_H
#define XUNZI_BENCH_QUERY_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include <xunzi/xunzi.h>

/* Zero-initialised is empty. */
struct query_file {
    char *text; /* the whole file; the queries point into it */
    size_t size;
    xunzi_string *queries;
    size_t count;
};

/* Reads all queries of the file at path. False, with a message, where it cannot be read or holds no
 * query. To be freed in either case. */
bool query_file_read(struct query_file *file, const char *path);

void query_file_free(struct query_file *file);

#endif
