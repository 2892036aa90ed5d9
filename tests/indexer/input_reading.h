/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads inputs to their end and keeps all that came, for tests to look at; and makes files to read.
 * Whatever goes wrong here fails the test. The folder that files are made in is the one of
 * begin_folder(). */
#ifndef XUNZI_TESTS_INPUT_READING_H
#define XUNZI_TESTS_INPUT_READING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <xunzi/xunzi.h>

#include "../programs/program_runner.h"

struct read_document {
    char *id, *title, *body, *date, *source, *url, *extra; /* NUL-terminated copies */
    size_t body_size;
    char *where;
    uint64_t line;
};

struct reading {
    struct read_document *documents;
    size_t document_count;
    char **sentences; /* of what was skipped */
    size_t sentence_count;
    xunzi_input_progress progress; /* at the end */
};

/* Reads paths, which end with NULL. */
void reading_of(struct reading *reading, xunzi_format format, const char *const *paths);

/* Reads one path. */
void reading_of_path(struct reading *reading, xunzi_format format, const char *path);

/* Writes a file, then reads it, by its name's format. Returns its path. */
const char *reading_of_data(struct reading *reading, const char *name, const char *data,
                            size_t size);

void reading_free(struct reading *reading);

/* Asserts that the reading gave so many documents and skipped so many inputs. */
void assert_counts(const struct reading *reading, size_t documents, size_t sentences);

/* Compresses data to one gzip member; *out is to be freed. Returns its size. */
size_t gzip(const char *data, size_t size, char **out);

#endif
