/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counting a collection: its terms are those of all segments and of the live documents, each
 * counted once, so their dictionaries, all in byte order, are walked together. */
#include <stdlib.h>

#include "base/error.h"
#include "base/file.h"
#include "catalog/index.h"
#include "catalog/segment_lookup.h"
#include "text/terms.h"

/* A dictionary being walked: a segment's, or where that is NULL the live documents'. */
struct walk {
    const struct index_segment *segment;
    struct dictionary_walk terms;
    xapian_term_iterator *live_terms;
    xapian_string live_term;
    xunzi_string term; /* the one at hand */
    bool ended;
};

static xunzi_status advance_live(xunzi_index *index, struct walk *walk) {
    xapian_status status = xapian_term_iterator_next(walk->live_terms);
    if (status == XAPIAN_OK)
        status = xapian_term_iterator_term(walk->live_terms, &walk->live_term);
    walk->ended = status == XAPIAN_END;
    if (status != XAPIAN_OK && status != XAPIAN_END)
        return index_failed(index, status, "a term");
    walk->term = (xunzi_string){walk->live_term.data, walk->live_term.size};
    return XUNZI_OK;
}

/* Moves on to the next ranked term. */
static xunzi_status advance(xunzi_index *index, struct walk *walk) {
    xunzi_status status = XUNZI_OK;
    do {
        if (!walk->segment) {
            status = advance_live(index, walk);
        } else {
            status = dictionary_walk_next(&walk->terms);
            walk->ended = status == XUNZI_END;
            if (walk->ended)
                status = XUNZI_OK;
            walk->term = (xunzi_string){walk->terms.term, walk->terms.size};
        }
    } while (status == XUNZI_OK && !walk->ended &&
             !term_is_ranked(walk->term.data, walk->term.size));
    return status;
}

/* In how many documents of the walk's part the term at hand occurs. */
static xunzi_status count_documents(xunzi_index *index, struct walk *walk, uint64_t *count) {
    if (!walk->segment) {
        xapian_doccount frequency = 0;
        xapian_status status = xapian_term_iterator_frequency(walk->live_terms, &frequency);
        *count = frequency;
        return status == XAPIAN_OK ? XUNZI_OK : index_failed(index, status, "a term");
    }
    struct postings_list list;
    uint32_t frequency = 0;
    if (!segment_list(walk->segment->segment, &walk->terms.entry, &list))
        return error_set(XUNZI_ERROR_CORRUPT, "%s is damaged: its term dictionary makes no sense",
                         walk->segment->segment->path);
    xunzi_status status =
        segment_count_list(walk->segment->segment, walk->segment->deleted, &list, &frequency);
    *count = frequency;
    return status;
}

static int compare(xunzi_string a, xunzi_string b) {
    return bytes_compare(a.data, a.size, b.data, b.size);
}

/* The walk whose term comes first; NULL: all have ended. */
static const struct walk *first_of(const struct walk *walks, size_t count) {
    const struct walk *first = NULL;
    for (size_t i = 0; i < count; i++)
        if (!walks[i].ended && (!first || compare(walks[i].term, first->term) < 0))
            first = &walks[i];
    return first;
}

static xunzi_status count_terms(xunzi_index *index, struct walk *walks, size_t walk_count,
                                xunzi_statistics *out) {
    struct buffer term = {0};
    xunzi_status status = XUNZI_OK;
    for (size_t i = 0; i < walk_count && status == XUNZI_OK; i++)
        status = advance(index, &walks[i]);
    const struct walk *first;
    while (status == XUNZI_OK && (first = first_of(walks, walk_count))) {
        uint64_t frequency = 0, count = 0;
        buffer_clear(&term);
        if (!buffer_append(&term, first->term.data, first->term.size))
            status = error_no_memory();
        for (size_t i = 0; i < walk_count && status == XUNZI_OK; i++) {
            if (walks[i].ended || compare(walks[i].term, (xunzi_string){term.data, term.size}) != 0)
                continue;
            status = count_documents(index, &walks[i], &count);
            frequency += count;
            if (status == XUNZI_OK)
                status = advance(index, &walks[i]);
        }
        out->terms += frequency > 0;
        out->postings += frequency;
    }
    buffer_free(&term);
    return status;
}

static xunzi_status count_once(xunzi_index *index, xunzi_statistics *out) {
    *out = (xunzi_statistics){.documents = index->documents,
                              .live_documents = index->live_documents,
                              .segments = index->segment_count,
                              .profile = index->profile};
    struct walk *walks = calloc(index->segment_count + 1, sizeof *walks);
    if (!walks)
        return error_no_memory();
    size_t count = 0;
    for (; count < index->segment_count; count++) {
        walks[count].segment = &index->segments[count];
        dictionary_walk_begin(&walks[count].terms, &index->segments[count].segment->dictionary);
    }
    xunzi_status status = XUNZI_OK;
    if (index->live_documents > 0) {
        xapian_status begun =
            xapian_database_all_terms(index->database, NULL, 0, &walks[count].live_terms);
        status = begun == XAPIAN_OK ? XUNZI_OK : index_failed(index, begun, "a term");
        count++;
    }
    if (status == XUNZI_OK)
        status = count_terms(index, walks, count, out);
    for (size_t i = 0; i < count; i++) {
        xapian_term_iterator_free(walks[i].live_terms);
        xapian_string_free(&walks[i].live_term);
    }
    free(walks);
    return status;
}

xunzi_status xunzi_index_statistics(xunzi_index *index, xunzi_statistics *out) {
    xunzi_status status = count_once(index, out);
    for (int tries = 1; index->overwritten && tries < INDEX_TRIES; tries++) {
        status = xunzi_index_refresh(index);
        if (status == XUNZI_OK)
            status = count_once(index, out);
    }
    return status == XUNZI_OK ? folder_size(index->path, &out->bytes) : status;
}
