/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reference: a search engine that is slow and obvious. It keeps every document, reads each one
 * for each query, and knows of the real one only what xunzi_analyze says of a text and the figures
 * of searcher/ranking.h and segment/bounds.h. A query comes to it as parts, not as text in the
 * query language.
 */
#ifndef XUNZI_TESTS_LIBRARY_REFERENCE_H
#define XUNZI_TESTS_LIBRARY_REFERENCE_H

#include "support.h"

struct reference_document {
    char *id, *title, *body, *source; /* the reference's; source "" where there is none */
    uint32_t day;                     /* YYYYMMDD, 0: none */
    struct reference_term *terms;     /* sorted by name */
    size_t term_count;
    double length;
    char *fields[2]; /* title and body folded, for phrases: see reference.c */
    char *folded_source;
    bool deleted;
};

struct reference {
    xunzi_profile profile;
    struct reference_document *documents; /* in the order in which they were written; a replaced
                                             one is there too, deleted */
    size_t count, capacity;
};

void reference_free(struct reference *reference);

/* Adds a document at the end; the one of its id is deleted. False: it has no token, and nothing has
 * changed. */
bool reference_put(struct reference *reference, const char *id, const char *title, const char *body,
                   const char *source, uint32_t day);

/* False: there is none. */
bool reference_delete(struct reference *reference, const char *id);

const struct reference_document *reference_find(const struct reference *reference, const char *id);

/* Documents that are not deleted. */
size_t reference_documents(const struct reference *reference);

enum part_kind { PART_WORD, PART_REQUIRED, PART_EXCLUDED };
enum { PARTS_MOST = 8 };

struct reference_query {
    xunzi_mode mode;
    struct {
        enum part_kind kind;
        const char *text;
    } parts[PARTS_MOST]; /* one WORD in every mode but QUERY */
    size_t part_count;
    uint32_t since, until; /* days; 0: no bound */
    const char *source;    /* of the documents wanted, any spelling; NULL: any */
    xunzi_sort sort;
    const char *like; /* the id of a document that hits are to be like, in place of mode and parts;
                         NULL: none */
};

struct reference_hit {
    const struct reference_document *document;
    size_t place; /* of the document */
    double score;
};

/* All hits, best first; the caller frees them. */
struct reference_hit *reference_search(const struct reference *reference,
                                       const struct reference_query *query, size_t *count);

#endif
