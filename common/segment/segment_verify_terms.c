/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "segment/segment_verify_terms.h"

#include <stdlib.h>

#include "base/error.h"
#include "segment/bounds.h"
#include "text/terms.h"

struct verification {
    const struct segment *segment;
    struct dictionary_walk walk;
    char before[DICTIONARY_TERM_MOST + 1]; /* the last term's name */
    size_t before_size;
    uint64_t postings_at, positions_at; /* where the next list begins */
    uint64_t postings;                  /* of ranked terms */
    struct postings_array list;
    uint8_t *bounds; /* of its postings */
    size_t bound_capacity;
    const uint32_t *lengths; /* the column */
    uint64_t *sums;          /* of ranked wdfs, by document */
    struct saturation saturation;
};

static xunzi_status damaged(const struct segment *segment, const char *what) {
    return error_set(XUNZI_ERROR_CORRUPT, "%s is damaged: %s", segment->path, what);
}

static xunzi_status list_damaged(const struct verification *verification, const char *what) {
    const struct dictionary_walk *walk = &verification->walk;
    return error_set(XUNZI_ERROR_CORRUPT, "%s is damaged: %s of the term “%.*s”",
                     verification->segment->path, what, (int)walk->size, walk->term);
}

/* Whether `bound` is one of postings [first, first + count), at the segment's average length. */
static bool bounds_all(const struct verification *verification, size_t first, size_t count,
                       uint8_t bound) {
    const struct postings_array *list = &verification->list;
    const struct saturation *saturation = &verification->saturation;
    for (size_t i = first; i < first + count; i++) {
        if (verification->bounds[i] <= bound)
            continue;
        /* Rounding may differ by processor: what counts is that nothing scores more. */
        double wdf = list->wdfs[i], length = verification->lengths[list->documents[i]];
        double norm = (double)saturation->constant + (double)saturation->per_length * length;
        if (wdf / (wdf + norm) * 255 > bound)
            return false;
    }
    return true;
}

/* Every block's bound, which a cursor reads. */
static xunzi_status verify_bounds(struct verification *verification,
                                  const struct postings_list *stored) {
    struct postings_array *list = &verification->list;
    if (!array_reserve(&verification->bounds, &verification->bound_capacity, list->count, 1))
        return error_no_memory();
    saturation_bounds(&verification->saturation, list->wdfs, list->documents, verification->lengths,
                      list->count, verification->bounds);
    struct postings_cursor cursor;
    bool fine =
        postings_open(&cursor, stored) && bounds_all(verification, 0, list->count, stored->bound);
    for (uint32_t b = 0; fine && b < cursor.block_count; b++) {
        size_t first = (size_t)b * BLOCK_SIZE;
        if (b == cursor.full_blocks) /* the tail's bound stands in it */
            fine = postings_load(&cursor, b, true);
        fine = fine && bounds_all(verification, first,
                                  b < cursor.full_blocks ? BLOCK_SIZE : cursor.tail_count,
                                  postings_block_bound(&cursor, b));
    }
    return fine ? XUNZI_OK : list_damaged(verification, "a bound is no bound in the list");
}

static xunzi_status verify_list(struct verification *verification) {
    const struct dictionary_entry *entry = &verification->walk.entry;
    struct postings_array *list = &verification->list;
    struct postings_list stored;
    if (entry->postings_at != verification->postings_at ||
        entry->positions_at != verification->positions_at ||
        !segment_list(verification->segment, entry, &stored))
        return list_damaged(verification, "nothing is where the dictionary says for the list");
    verification->postings_at += entry->postings_size;
    verification->positions_at += entry->positions_size;
    postings_array_clear(list);
    if (!postings_read_all(&stored, list))
        return list_damaged(verification, "nonsense is in the list");
    for (size_t i = 0; !stored.positions && i < list->count; i++)
        if (list->wdfs[i] == 0)
            return list_damaged(verification, "a document that does not have it is in the list");
    if (term_is_ranked(verification->walk.term, verification->walk.size)) {
        verification->postings += list->count;
        for (size_t i = 0; i < list->count; i++)
            verification->sums[list->documents[i]] += list->wdfs[i];
    }
    return verify_bounds(verification, &stored);
}

static bool ascends(const struct verification *verification) {
    const struct dictionary_walk *walk = &verification->walk;
    return bytes_compare(verification->before, verification->before_size, walk->term, walk->size) <
           0; /* no name is empty */
}

/* Whether the next group, if one begins now, begins where the one before ended. */
static bool group_follows(const struct verification *verification) {
    const struct dictionary *dictionary = verification->walk.dictionary;
    uint64_t next = verification->walk.next;
    if (next % DICTIONARY_GROUP != 0)
        return true;
    return dictionary_row_at(dictionary, next / DICTIONARY_GROUP).begin ==
           (next == 0 ? 0 : (uint64_t)(verification->walk.at - dictionary->groups));
}

/* Whether the index tells the term that the walk stands at, where it is the first of a group. */
static bool index_agrees(const struct dictionary_walk *walk) {
    uint64_t number = walk->next - 1;
    return number % DICTIONARY_GROUP != 0 ||
           dictionary_row_at(walk->dictionary, number / DICTIONARY_GROUP).beginning ==
               dictionary_beginning(walk->term, walk->size);
}

static xunzi_status walk_terms(struct verification *verification) {
    static const char *const nonsense = "its term dictionary makes no sense";
    const struct segment *segment = verification->segment;
    struct dictionary_walk *walk = &verification->walk;
    for (; walk->next < segment->header.terms; memcpy(verification->before, walk->term, walk->size),
                                               verification->before_size = walk->size) {
        if (!group_follows(verification) || dictionary_walk_next(walk) != XUNZI_OK ||
            !index_agrees(walk))
            return damaged(segment, nonsense);
        if (!ascends(verification))
            return damaged(segment, "its terms do not stand in order");
        xunzi_status status = verify_list(verification);
        if (status != XUNZI_OK)
            return status;
    }
    uint64_t end =
        segment->header.terms == 0 ? 0 : (uint64_t)(walk->at - segment->dictionary.groups);
    if (end != segment->dictionary.groups_size)
        return damaged(segment, nonsense);
    return XUNZI_OK;
}

static xunzi_status compare_totals(const struct verification *verification) {
    const struct segment *segment = verification->segment;
    uint64_t total = 0;
    if (verification->postings_at != segment->header.sections[SEGMENT_POSTINGS].size ||
        verification->positions_at != segment->header.sections[SEGMENT_POSITIONS].size)
        return damaged(segment, "its lists are not as long as their sections");
    if (verification->postings != segment->header.postings)
        return damaged(segment, "it does not have as many postings as its header says");
    for (uint32_t d = 0; d < segment->header.documents; d++) {
        total += verification->lengths[d];
        if (verification->sums[d] != verification->lengths[d])
            return error_set(XUNZI_ERROR_CORRUPT,
                             "%s is damaged: the length of document %u is not that of its terms",
                             segment->path, (unsigned)d);
    }
    if (total != segment->header.total_length)
        return damaged(segment, "its documents' lengths are not together what its header says");
    return XUNZI_OK;
}

xunzi_status segment_verify_terms(const struct segment *segment) {
    struct verification verification = {
        .segment = segment,
        .lengths = (const uint32_t *)(const void *)segment_section(segment, SEGMENT_LENGTHS),
        .saturation = saturation_of((double)segment->header.total_length /
                                    (double)segment->header.documents)};
    verification.sums = calloc(segment->header.documents, sizeof *verification.sums);
    dictionary_walk_begin(&verification.walk, &segment->dictionary);
    xunzi_status status = verification.sums ? walk_terms(&verification) : error_no_memory();
    if (status == XUNZI_OK)
        status = compare_totals(&verification);
    postings_array_free(&verification.list);
    free(verification.bounds);
    free(verification.sums);
    return status;
}
