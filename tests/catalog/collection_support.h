/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collections for tests: a folder of the test's own, documents in a line, and a way around Xunzi to
 * its catalog. */
#ifndef XUNZI_TESTS_COLLECTION_SUPPORT_H
#define XUNZI_TESTS_COLLECTION_SUPPORT_H

#include "tests/text/text_support.h"

#include <xapian-c/xapian.h>

/* cmocka's setup and teardown: *state is the path of a fresh empty folder, removed with all it
 * holds. */
int make_folder(void **state);
int remove_folder(void **state);

/* "FOLDER/name"; valid until the eighth call after this one. */
const char *in_folder(void **state, const char *name);

/* A document of NUL-terminated strings; NULL is empty. */
xunzi_document document_of(const char *id, const char *title, const char *body, const char *date,
                           const char *source);

/* The live_most of the writers below; UINT64_MAX, as at first: the default. 0: every commit is
 * sealed. */
extern uint64_t collection_live_most;

/* A writer of the collection at path, made in that profile where there is none. */
xunzi_writer *open_writer(const char *path, xunzi_profile profile);

/* Adds documents to the collection at path and commits. */
void add_documents(const char *path, xunzi_profile profile, const xunzi_document *documents,
                   size_t count);

xunzi_index *open_index(const char *path);

/* Asserts that two documents are equal in every member. */
void assert_same_document(const xunzi_document *expected, const xunzi_document *document);

/* The catalog's database itself; the caller frees it. */
xapian_database *open_catalog_database(const char *path);
xapian_database *open_catalog_for_damage(const char *path);

#define assert_xapian_ok(call) assert_int_equal(XAPIAN_OK, (call))

#endif
