/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collections of the same random documents, each stored in another way, and the reference engine
 * with these documents beside them.
 */
#ifndef XUNZI_TESTS_LIBRARY_RANDOM_COLLECTION_H
#define XUNZI_TESTS_LIBRARY_RANDOM_COLLECTION_H

#include "random_text.h"
#include "reference.h"

enum { COLLECTION_DOCUMENTS = 480, COLLECTION_COMMITS = 8 };

/* How a collection holds its documents. */
enum storage {
    STORAGE_LIVE,   /* all of them live */
    STORAGE_SEALED, /* every commit is sealed */
    STORAGE_MIXED,  /* commits are sealed, live, or what they become; some optimize */
    STORAGES
};
extern const char *const storage_names[STORAGES];

struct random_collection {
    const char *paths[STORAGES];
    struct random random;
    struct reference reference;
    struct random_text
        bodies[COLLECTION_DOCUMENTS]; /* of all that ever were, for queries to be taken from */
    size_t body_count;
    size_t given; /* ids */
    size_t commits;
};

/* Begins empty ones; nothing is made at the paths yet, which stay the caller's. */
void collection_begin(struct random_collection *collection, const char *const paths[STORAGES],
                      xunzi_profile profile, uint64_t seed);

/* One commit to each: its share of new documents; some are replaced and some deleted, of those that
 * were committed and those that were not. */
void collection_commit(struct random_collection *collection);

void collection_free(struct random_collection *collection);

/* A source of the collection in one of its two spellings. */
const char *random_source(struct random *random);

/* Fails unless the index holds just the reference's documents, in its order. */
void assert_same_documents(xunzi_index *index, const struct reference *reference);

#endif
