/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of parsing share: query trees written out. */
#ifndef XUNZI_TESTS_TREE_SUPPORT_H
#define XUNZI_TESTS_TREE_SUPPORT_H

#include "tests/catalog/collection_support.h"

#include "searcher/query.h"

/* Small collections, by profile: made by cmocka's group setup. */
extern xunzi_index *tree_indexes[2];
int tree_set_up(void **state);
int tree_tear_down(void **state);

/* Writes a tree: "or(a b*2)", "phrase(a@0 b@2)"; a weight where it is not the usual one, as its
 * multiple; an offset in phrases. */
void tree_write(const struct query *query, bool in_phrase, struct buffer *out);

/* Asserts the tree that text gives, and that its note holds these words, or that there is none. */
void assert_tree(xunzi_profile profile, xunzi_mode mode, xunzi_string text, const char *tree,
                 const char *note);

#endif
