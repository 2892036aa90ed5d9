/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A collection of random documents, and the reference engine with the same documents beside it. */
#ifndef XUNZI_TESTS_LIBRARY_RANDOM_COLLECTION_H
#define XUNZI_TESTS_LIBRARY_RANDOM_COLLECTION_H

#include "random_text.h"
#include "reference.h"

enum { COLLECTION_DOCUMENTS = 480, COLLECTION_COMMITS = 8 };

struct random_collection {
    const char *path;
    struct random random;
    struct reference reference;
    struct random_text
        bodies[COLLECTION_DOCUMENTS]; /* of all that ever were, for queries to be taken from */
    size_t body_count;
};

/* Begins an empty one; nothing is made at path yet. */
void collection_begin(struct random_collection *collection, const char *path, xunzi_profile profile,
                      uint64_t seed);

/* One commit: its share of new documents, some replaced, some deleted. */
void collection_commit(struct random_collection *collection);

void collection_free(struct random_collection *collection);

/* A source of the collection in one of its two spellings. */
const char *random_source(struct random *random);

/* Fails unless the index holds just the reference's documents, in its order. */
void assert_same_documents(xunzi_index *index, const struct reference *reference);

#endif
