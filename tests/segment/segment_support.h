/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of segments share: assertions, a folder of the test's own, random numbers that are
 * the same everywhere, and random documents with postings, made up without any tokenizer.
 */
#ifndef XUNZI_TESTS_SEGMENT_SUPPORT_H
#define XUNZI_TESTS_SEGMENT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "segment/segment.h"
#include "segment/texts.h"

#define assert_ok(call) assert_status_at(XUNZI_OK, (call), #call, __FILE__, __LINE__)
#define assert_corrupt(call) \
    assert_status_at(XUNZI_ERROR_CORRUPT, (call), #call, __FILE__, __LINE__)
void assert_status_at(xunzi_status expected, xunzi_status status, const char *call,
                      const char *file, int line);

bool same_string(xunzi_string a, xunzi_string b);
void assert_same_document(const xunzi_document *expected, const xunzi_document *actual);
void assert_same_edits(const struct edits *expected, const struct edits *actual);

/* xorshift64*; a seed that is not 0. */
struct random {
    uint64_t state;
};
uint64_t random_next(struct random *random);
uint32_t random_below(struct random *random, uint32_t bound); /* bound > 0 */

/* cmocka's setup and teardown: a new folder, removed with the files in it. */
int make_folder(void **state);
int remove_folder(void **state);

/* A path in it, which lives until the next call. */
const char *in_folder(const char *name);

/* Whole files. free() what is read. */
uint8_t *file_read(const char *path, size_t *size);
void file_write(const char *path, const void *data, size_t size);

/* ---- random documents ---- */

struct model_posting {
    uint32_t term, wdf;
    uint32_t count; /* of positions; 0: the term has none */
    uint32_t *positions;
};

struct model_document {
    xunzi_document document;
    struct document_edits edits;
    struct model_posting *postings; /* by term */
    size_t posting_count;
    uint32_t length, date;
};

struct model {
    struct arena arena;
    xunzi_string *terms; /* in byte order */
    size_t term_count;
    struct model_document *documents;
    size_t document_count;
};

/* Some terms are in nearly all documents and some in very few. */
void model_make(struct model *model, uint64_t seed, size_t documents, size_t terms);
void model_free(struct model *model);

/* Whether a term has positions. */
bool model_positional(const struct model *model, size_t term);

/* Writes a segment of the documents in [first, behind) that are not deleted (NULL: none is). */
void model_write(const struct model *model, size_t first, size_t behind, const bool *deleted,
                 const char *path);

#endif
