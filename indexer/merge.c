/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Merging segments; merge.h tells what comes out. Columns are merged by number; records by
 * likeness, which is the order they stand in already, so that each block is inflated once and
 * nothing waits; terms by name, their lists decoded, renumbered and written anew with the bounds
 * that hold for the new average length.
 */
#include "indexer/merge.h"

#include <stdlib.h>

#include "base/error.h"
#include "segment/bounds.h"
#include "segment/segment_writer.h"
#include "segment/texts.h"
#include "text/terms.h"

enum { GONE = UINT32_MAX };

/* One of the segments. */
struct input {
    const struct segment *segment;
    uint32_t *numbers; /* by old number: the new one, or GONE */
    bool all_stay;     /* the new number is the old one and that of the first */

    /* Its records, by place; `place` is that of the one below, the segment's documents at the end.
     */
    struct texts_reader texts;
    uint32_t *by_place; /* old numbers; GONE while not known */
    uint32_t place, number;
    uint64_t likeness;
    const char *record;
    size_t record_size;

    struct dictionary_walk walk;
    bool at_term; /* the walk stands at a term that is not merged yet */
};

struct merge {
    struct input *inputs;
    size_t count;
    struct segment_writer *writer;
    uint32_t *lengths; /* by new number */
    uint32_t documents;
    uint64_t total_length;
    struct postings_array list; /* of the term, with new numbers */
    uint8_t *bounds;
    size_t bound_capacity;
};

static xunzi_status damaged(const struct segment *segment, const char *what) {
    return error_set(XUNZI_ERROR_CORRUPT, "%s is damaged: %s", segment->path, what);
}

static void merge_free(struct merge *merge) {
    for (size_t i = 0; merge->inputs && i < merge->count; i++) {
        free(merge->inputs[i].numbers);
        free(merge->inputs[i].by_place);
        texts_reader_free(&merge->inputs[i].texts);
    }
    free(merge->inputs);
    free(merge->lengths);
    free(merge->bounds);
    postings_array_free(&merge->list);
    segment_writer_close(merge->writer);
}

/* Gives new numbers to the documents that stay. */
static xunzi_status number_documents(struct merge *merge, const struct merge_source *sources) {
    uint64_t all = 0;
    for (size_t i = 0; i < merge->count; i++)
        all += sources[i].segment->header.documents;
    if (all >= UINT32_MAX)
        return error_set(XUNZI_ERROR_LIMIT, "%llu documents are too many for one segment",
                         (unsigned long long)all);
    merge->lengths = malloc(all * sizeof *merge->lengths);
    if (!merge->lengths)
        return error_no_memory();
    for (size_t i = 0; i < merge->count; i++) {
        struct input *input = &merge->inputs[i];
        uint32_t documents = sources[i].segment->header.documents;
        input->segment = sources[i].segment;
        input->all_stay = !sources[i].deleted || sources[i].deleted->count == 0;
        input->numbers = malloc(documents * sizeof *input->numbers);
        if (!input->numbers)
            return error_no_memory();
        for (uint32_t d = 0; d < documents; d++) {
            bool gone = deletions_has(sources[i].deleted, d);
            input->numbers[d] = gone ? GONE : merge->documents;
            if (gone)
                continue;
            merge->lengths[merge->documents++] = segment_length(input->segment, d);
            merge->total_length += segment_length(input->segment, d);
        }
    }
    return XUNZI_OK;
}

/* ---- documents ---- */

/* The upper halves of the ids' hashes, by document. */
static xunzi_status read_ids(const struct input *input, uint32_t *uppers) {
    const uint8_t *ids = segment_section(input->segment, SEGMENT_IDS);
    for (uint32_t i = 0; i < input->segment->header.documents; i++) {
        uint64_t id;
        memcpy(&id, ids + 8 * (size_t)i, sizeof id);
        if ((uint32_t)id >= input->segment->header.documents)
            return damaged(input->segment, "its ids make no sense");
        uppers[(uint32_t)id] = (uint32_t)(id >> 32);
    }
    return XUNZI_OK;
}

static xunzi_status merge_columns(struct merge *merge, const struct input *input) {
    const struct segment *segment = input->segment;
    uint32_t *uppers = calloc(segment->header.documents, sizeof *uppers);
    if (!uppers)
        return error_no_memory();
    xunzi_status status = read_ids(input, uppers);
    for (uint32_t d = 0; d < segment->header.documents && status == XUNZI_OK; d++) {
        if (input->numbers[d] == GONE)
            continue;
        struct segment_document document = {.id = (uint64_t)uppers[d] << 32,
                                            .date = segment_date(segment, d),
                                            .length = segment_length(segment, d),
                                            .fingerprint = segment_fingerprint(segment, d)};
        status = segment_source(segment, d, &document.source)
                     ? segment_writer_add_document(merge->writer, &document)
                     : damaged(segment, "its sources make no sense");
    }
    free(uppers);
    return status;
}

/* ---- records ---- */

/* Finds which document stands at each place. */
static xunzi_status read_places(struct input *input) {
    uint32_t documents = input->segment->header.documents, place;
    input->by_place = malloc(documents * sizeof *input->by_place);
    if (!input->by_place)
        return error_no_memory();
    for (uint32_t d = 0; d < documents; d++)
        input->by_place[d] = GONE;
    for (uint32_t d = 0; d < documents; d++) {
        if (!texts_place_of(input->segment, d, &place) || place >= documents ||
            input->by_place[place] != GONE)
            return damaged(input->segment, "its text index makes no sense");
        input->by_place[place] = d;
    }
    return XUNZI_OK;
}

/* Reads the record at input->place, or the next one behind it that stays. */
static xunzi_status read_record(struct input *input) {
    uint32_t documents = input->segment->header.documents;
    uint64_t before = input->likeness;
    uint32_t number_before = input->number; /* 0, as at first, is before none */
    while (input->place < documents && input->numbers[input->by_place[input->place]] == GONE)
        input->place++;
    if (input->place == documents)
        return XUNZI_OK;
    uint32_t old = input->by_place[input->place];
    input->number = input->numbers[old];
    xunzi_status status =
        texts_read_record(&input->texts, input->segment, old, &input->record, &input->record_size);
    if (status == XUNZI_OK &&
        (!texts_likeness(input->record, input->record_size, &input->likeness) ||
         input->likeness < before || (input->likeness == before && input->number < number_before)))
        status = damaged(input->segment, "its documents do not stand in their order");
    return status;
}

/* The input whose record stands next; NULL: none is left. */
static struct input *next_record(struct merge *merge) {
    struct input *next = NULL;
    for (size_t i = 0; i < merge->count; i++) {
        struct input *input = &merge->inputs[i];
        if (input->place < input->segment->header.documents &&
            (!next || input->likeness < next->likeness)) /* numbers ascend with i */
            next = input;
    }
    return next;
}

static xunzi_status merge_records(struct merge *merge) {
    xunzi_status status = XUNZI_OK;
    for (size_t i = 0; i < merge->count && status == XUNZI_OK; i++) {
        status = read_places(&merge->inputs[i]);
        if (status == XUNZI_OK)
            status = read_record(&merge->inputs[i]);
    }
    for (struct input *input; status == XUNZI_OK && (input = next_record(merge)) != NULL;) {
        status = segment_writer_place_record(merge->writer, input->number, input->record,
                                             input->record_size);
        input->place++;
        if (status == XUNZI_OK)
            status = read_record(input);
    }
    return status;
}

/* ---- terms ---- */

static xunzi_status next_term(struct input *input) {
    xunzi_status status = dictionary_walk_next(&input->walk);
    input->at_term = status == XUNZI_OK;
    if (status == XUNZI_ERROR_CORRUPT)
        return damaged(input->segment, "its term dictionary makes no sense");
    return status == XUNZI_END ? XUNZI_OK : status;
}

/* Appends an input's list of the term it stands at, without the documents that are gone. */
static xunzi_status append_list(struct merge *merge, const struct input *input) {
    struct postings_array *list = &merge->list;
    struct postings_list stored;
    size_t first = list->count, kept = first, first_position = list->positions.count;
    if (!segment_list(input->segment, &input->walk.entry, &stored) ||
        !postings_read_all(&stored, list))
        return damaged(input->segment, "a posting list makes no sense");
    if (input->all_stay) {
        for (size_t i = first; i < list->count; i++)
            list->documents[i] += input->numbers[0];
        return XUNZI_OK;
    }
    size_t from = first_position, to = first_position;
    for (size_t i = first; i < list->count; i++) {
        uint32_t number = input->numbers[list->documents[i]];
        uint32_t positions = stored.positions ? list->counts[i] : 0;
        if (number != GONE) {
            list->documents[kept] = number;
            list->wdfs[kept] = list->wdfs[i];
            list->counts[kept++] = positions;
            if (from != to)
                memmove(list->positions.items + to, list->positions.items + from,
                        positions * sizeof(uint32_t));
            to += positions;
        }
        from += positions;
    }
    list->count = kept;
    list->positions.count = to;
    return XUNZI_OK;
}

static xunzi_status write_term(struct merge *merge, const char *name, size_t size,
                               bool has_positions) {
    const struct postings_array *list = &merge->list;
    struct saturation saturation =
        saturation_of((double)merge->total_length / (double)merge->documents);
    if (!array_reserve(&merge->bounds, &merge->bound_capacity, list->count, 1))
        return error_no_memory();
    saturation_bounds(&saturation, list->wdfs, list->documents, merge->lengths, list->count,
                      merge->bounds);
    const struct posting_source source = {.documents = list->documents,
                                          .wdfs = list->wdfs,
                                          .bounds = merge->bounds,
                                          .counts = has_positions ? list->counts : NULL,
                                          .positions = list->positions.items,
                                          .count = list->count};
    return segment_writer_add_term(merge->writer, name, size, &source, term_is_ranked(name, size));
}

/* Merges the lists of the least term. */
static xunzi_status merge_term(struct merge *merge, const struct input *least) {
    char name[DICTIONARY_TERM_MOST + 1];
    size_t size = least->walk.size;
    bool has_positions = least->walk.entry.has_positions;
    xunzi_status status = XUNZI_OK;
    memcpy(name, least->walk.term, size);
    postings_array_clear(&merge->list);
    for (size_t i = 0; i < merge->count && status == XUNZI_OK; i++) {
        struct input *input = &merge->inputs[i];
        if (!input->at_term || input->walk.size != size ||
            memcmp(input->walk.term, name, size) != 0)
            continue;
        if (input->walk.entry.has_positions != has_positions)
            return damaged(input->segment,
                           "a term has positions in one segment and none in another");
        status = append_list(merge, input);
        if (status == XUNZI_OK)
            status = next_term(input);
        if (status == XUNZI_OK && input->at_term &&
            bytes_compare(input->walk.term, input->walk.size, name, size) <= 0)
            return damaged(input->segment, "its terms do not stand in order");
    }
    return status == XUNZI_OK && merge->list.count > 0
               ? write_term(merge, name, size, has_positions)
               : status;
}

static xunzi_status merge_terms(struct merge *merge) {
    for (size_t i = 0; i < merge->count; i++) {
        struct input *input = &merge->inputs[i];
        dictionary_walk_begin(&input->walk, &input->segment->dictionary);
        xunzi_status status = next_term(input);
        if (status != XUNZI_OK)
            return status;
    }
    for (;;) {
        const struct input *least = NULL;
        for (size_t i = 0; i < merge->count; i++)
            if (merge->inputs[i].at_term &&
                (!least || bytes_compare(merge->inputs[i].walk.term, merge->inputs[i].walk.size,
                                         least->walk.term, least->walk.size) < 0))
                least = &merge->inputs[i];
        xunzi_status status = least ? merge_term(merge, least) : XUNZI_OK;
        if (status != XUNZI_OK || !least)
            return status;
    }
}

xunzi_status merge_segments(const struct merge_source *sources, size_t count, xunzi_profile profile,
                            const char *path) {
    struct merge merge = {.count = count};
    merge.inputs = calloc(count, sizeof *merge.inputs);
    xunzi_status status = merge.inputs ? number_documents(&merge, sources) : error_no_memory();
    if (status == XUNZI_OK && merge.documents == 0)
        status = error_set(XUNZI_ERROR_INVALID_ARGUMENT, "%s would hold no document", path);
    if (status == XUNZI_OK)
        status = segment_writer_open(path, profile, &merge.writer);
    for (size_t i = 0; i < count && status == XUNZI_OK; i++)
        status = merge_columns(&merge, &merge.inputs[i]);
    if (status == XUNZI_OK)
        status = merge_records(&merge);
    if (status == XUNZI_OK)
        status = merge_terms(&merge);
    if (status == XUNZI_OK)
        status = segment_writer_finish(merge.writer);
    merge_free(&merge);
    return status;
}
