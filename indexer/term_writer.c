/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ranges of terms are encoded ahead of the one that is written next, each in a place of its own,
 * and written in order by the caller's thread: the bytes are the same however many threads encode.
 */
#include "indexer/term_writer.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/error.h"
#include "segment/bounds.h"

enum {
    RANGE_TERMS = 4096,
    RANGE_POSTINGS = 1 << 16, /* a range ends behind the term that reaches it */
    KEPT_LIST = 1 << 20       /* postings: what a longer list takes is given back */
};

struct reference {
    uint32_t inverter, term;
};

struct range {
    struct crew_job job; /* first: a job is its range */
    struct term_writer *writer;
    size_t begin, end; /* of the order */
    struct inverted_list list;
    uint8_t *bounds;
    size_t bound_capacity;
    struct buffer names, postings, positions;
    struct segment_term *terms; /* name, postings, positions: set when they are written */
    size_t term_capacity;
    bool no_memory;
    atomic_bool done;
};

struct term_writer {
    const struct inverted *inverted;
    struct crew *crew;
    struct saturation saturation;
    struct reference *order;
    size_t count;
    struct range *ranges; /* those under way: range r in place r modulo their count */
    size_t range_count;
};

/* ---- the order ---- */

struct sorting {
    const struct inverted *inverted;
    bool failed[OCCURRENCE_PARTITIONS];
};

static void sort_partition(void *context, size_t p) {
    struct sorting *sorting = context;
    sorting->failed[p] = inverter_sort(sorting->inverted->inverters[p]) != XUNZI_OK;
}

static bool is_before(const struct inverted *inverted, struct reference left,
                      struct reference right) {
    char x[TERM_MOST], y[TERM_MOST];
    size_t x_size = inverter_name(inverted->inverters[left.inverter], left.term, x);
    size_t y_size = inverter_name(inverted->inverters[right.inverter], right.term, y);
    return bytes_compare(x, x_size, y, y_size) < 0;
}

/* Merges the partitions' orders. */
static void merge_orders(struct term_writer *writer) {
    const struct inverted *inverted = writer->inverted;
    struct {
        uint64_t prefix;
        struct reference reference;
        uint32_t count;
    } heads[OCCURRENCE_PARTITIONS];
    size_t left = 0;
    for (uint32_t p = 0; p < OCCURRENCE_PARTITIONS; p++) {
        uint32_t count = inverter_term_count(inverted->inverters[p]);
        if (count == 0)
            continue;
        heads[left].prefix = inverter_prefix(inverted->inverters[p], 0);
        heads[left].reference = (struct reference){p, 0};
        heads[left++].count = count;
    }
    for (size_t i = 0; i < writer->count; i++) {
        size_t first = 0;
        for (size_t h = 1; h < left; h++)
            if (heads[h].prefix < heads[first].prefix ||
                (heads[h].prefix == heads[first].prefix &&
                 is_before(inverted, heads[h].reference, heads[first].reference)))
                first = h;
        struct reference *reference = &heads[first].reference;
        writer->order[i] = *reference;
        if (++reference->term == heads[first].count)
            heads[first] = heads[--left];
        else
            heads[first].prefix =
                inverter_prefix(inverted->inverters[reference->inverter], reference->term);
    }
}

static xunzi_status make_order(struct term_writer *writer) {
    struct sorting sorting = {.inverted = writer->inverted};
    tasks_run(crew_runner(writer->crew), OCCURRENCE_PARTITIONS, sort_partition, &sorting);
    for (size_t p = 0; p < OCCURRENCE_PARTITIONS; p++) {
        if (sorting.failed[p])
            return error_no_memory();
        writer->count += inverter_term_count(writer->inverted->inverters[p]);
    }
    writer->order = malloc((writer->count + 1) * sizeof *writer->order);
    if (!writer->order)
        return error_no_memory();
    merge_orders(writer);
    return XUNZI_OK;
}

/* ---- ranges ---- */

static const struct inverter *inverter_of(const struct term_writer *writer, size_t i) {
    return writer->inverted->inverters[writer->order[i].inverter];
}

static bool encode_term(struct range *range, size_t i) {
    enum { AHEAD = 8, SOON = 4 };
    const struct term_writer *writer = range->writer;
    const struct inverter *inverter = inverter_of(writer, i);
    uint32_t number = writer->order[i].term;
    struct inverted_list *list = &range->list;
    struct segment_term *term = &range->terms[i - range->begin];
    size_t postings_before = range->postings.size, positions_before = range->positions.size;
    if (i + AHEAD < range->end)
        inverter_prefetch(inverter_of(writer, i + AHEAD), writer->order[i + AHEAD].term, false);
    if (i + SOON < range->end)
        inverter_prefetch(inverter_of(writer, i + SOON), writer->order[i + SOON].term, true);
    if (!inverter_read(inverter, number, list) ||
        !array_reserve(&range->bounds, &range->bound_capacity, list->count, 1) ||
        !buffer_reserve(&range->names, TERM_MOST))
        return false;
    saturation_bounds(&writer->saturation, list->wdfs, list->documents, writer->inverted->lengths,
                      list->count, range->bounds);
    const struct posting_source source = {
        .documents = list->documents,
        .wdfs = list->wdfs,
        .bounds = range->bounds,
        .counts = list->has_positions ? list->counts : NULL,
        .positions = list->positions,
        .count = list->count,
    };
    *term = (struct segment_term){
        .name_size = inverter_name(inverter, number, range->names.data + range->names.size),
        .count = (uint32_t)list->count,
        .has_positions = list->has_positions,
        .ranked = list->ranked,
    };
    range->names.size += term->name_size;
    if (!postings_write(&source, &range->postings, &range->positions, &term->bound))
        return false;
    term->postings_size = range->postings.size - postings_before;
    term->positions_size = range->positions.size - positions_before;
    return true;
}

static void encode_range(struct crew_job *job) {
    struct range *range = (struct range *)job;
    buffer_clear(&range->names);
    buffer_clear(&range->postings);
    buffer_clear(&range->positions);
    bool ok = array_reserve(&range->terms, &range->term_capacity, range->end - range->begin,
                            sizeof *range->terms);
    for (size_t i = range->begin; i < range->end && ok; i++)
        ok = encode_term(range, i);
    range->no_memory = !ok;
    atomic_store(&range->done, true);
}

static bool is_done(void *context) {
    return atomic_load(&((struct range *)context)->done);
}

/* Begins the range from `begin` on; returns where it ends. */
static size_t begin_range(struct term_writer *writer, struct range *range, size_t begin) {
    size_t postings = 0, end = begin;
    while (end < writer->count && end - begin < RANGE_TERMS && postings < RANGE_POSTINGS) {
        postings += inverter_document_count(inverter_of(writer, end), writer->order[end].term);
        end++;
    }
    range->job.run = encode_range;
    range->writer = writer;
    range->begin = begin;
    range->end = end;
    atomic_store(&range->done, false);
    crew_submit(writer->crew, &range->job);
    return end;
}

static xunzi_status write_range(struct range *range, struct segment_writer *out) {
    const char *name = range->names.data;
    const char *postings = range->postings.data, *positions = range->positions.data;
    xunzi_status status = range->no_memory ? error_no_memory() : XUNZI_OK;
    for (size_t t = 0; t < range->end - range->begin && status == XUNZI_OK; t++) {
        struct segment_term *term = &range->terms[t];
        term->name = name;
        term->postings = postings;
        term->positions = positions;
        status = segment_writer_add_list(out, term);
        name += term->name_size;
        postings += term->postings_size;
        positions += term->positions_size;
    }
    if (range->list.document_capacity > KEPT_LIST || range->list.position_capacity > KEPT_LIST) {
        inverted_list_free(&range->list);
        buffer_free(&range->postings);
        buffer_free(&range->positions);
    }
    return status;
}

static xunzi_status write_ranges(struct term_writer *writer, struct segment_writer *out) {
    size_t begun = 0, end = 0, written = 0;
    xunzi_status status = XUNZI_OK;
    while (written < begun || end < writer->count) {
        while (begun < written + writer->range_count && end < writer->count && status == XUNZI_OK)
            end = begin_range(writer, &writer->ranges[begun++ % writer->range_count], end);
        if (written == begun) /* it failed, and what was begun has ended */
            break;
        struct range *range = &writer->ranges[written++ % writer->range_count];
        crew_wait(writer->crew, is_done, range);
        if (status == XUNZI_OK)
            status = write_range(range, out);
    }
    return status;
}

static void free_ranges(struct term_writer *writer) {
    for (size_t r = 0; r < writer->range_count; r++) {
        struct range *range = &writer->ranges[r];
        inverted_list_free(&range->list);
        free(range->bounds);
        free(range->terms);
        buffer_free(&range->names);
        buffer_free(&range->postings);
        buffer_free(&range->positions);
    }
    free(writer->ranges);
}

xunzi_status term_writer_write(const struct inverted *inverted, struct crew *crew,
                               struct segment_writer *out) {
    unsigned threads = crew_threads(crew);
    struct term_writer writer = {
        .inverted = inverted,
        .crew = crew,
        .saturation = saturation_of((double)inverted->total_length / (double)inverted->documents),
        .range_count = threads > 1 ? 2 * threads : 1,
    };
    writer.ranges = calloc(writer.range_count, sizeof *writer.ranges);
    xunzi_status status = writer.ranges ? make_order(&writer) : error_no_memory();
    if (status == XUNZI_OK)
        status = write_ranges(&writer, out);
    if (writer.ranges)
        free_ranges(&writer);
    free(writer.order);
    return status;
}
