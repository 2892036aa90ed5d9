/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of libxapian-c share: assertions that show the library's sentence, a folder of the
 * test's own, and a small database.
 */
#ifndef XAPIAN_C_TEST_SUPPORT_H
#define XAPIAN_C_TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "xapian-c/xapian.h"

/* A string literal as pointer and size. */
#define TEXT(literal) ("" literal), (sizeof(literal) - 1)

#define assert_status(expected, call) \
    assert_status_at((expected), (call), #call, __FILE__, __LINE__)
#define assert_ok(call) assert_status(XAPIAN_OK, call)

void assert_status_at(xapian_status expected, xapian_status status, const char *call,
                      const char *file, int line);

#define assert_text(literal, string)                                   \
    do {                                                               \
        assert_int_equal(sizeof(literal) - 1, (string)->size);         \
        assert_memory_equal(literal, (string)->data, sizeof(literal)); \
    } while (false)

/* cmocka's setup and teardown: *state is the path of an empty folder, removed with all it holds. */
int make_folder(void **state);
int remove_folder(void **state);

/* The path of `name` in the test's folder; valid until the eighth call after this one. */
const char *in_folder(void **state, const char *name);

/* Adds a document with `data`, whose terms are the blank-separated words of `words`, each at its
 * position from 1 on. */
xapian_docid add_words(xapian_database *database, const char *data, const char *words);

/* All terms the iterator gives, joined by blanks; frees the iterator. Valid until the next call. */
const char *joined_terms(xapian_term_iterator *iterator);

/* The documents that match `query`, best first, as "3 1 2"; frees the query. `weight` may be NULL.
 */
const char *matches(const xapian_database *database, xapian_query *query,
                    const xapian_weight *weight);

xapian_query *term_query(const char *term);
xapian_query *pair_query(xapian_op op, xapian_query *left, xapian_query *right);

#endif
