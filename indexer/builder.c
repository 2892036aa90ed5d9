/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Batches of documents go through lanes. A batch is filled by the caller, read by any thread, and
 * then taken by each lane in the order of batches: a lane for each partition of terms, which
 * inverts, and one that hands the records on to the segment's writer. What depends on order happens
 * within a lane, so that the file does not depend on who does it.
 */
#include "indexer/builder.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/error.h"
#include "indexer/batch.h"
#include "indexer/crew.h"
#include "indexer/merge.h"
#include "indexer/term_writer.h"

enum {
    BATCH_DOCUMENTS = 1024,
    BATCH_BYTES = 512 << 10,
    BATCH_BYTES_LEAST = 8 << 10, /* with a small bound of memory */
    BATCH_LARGE = 4 << 20,       /* one at a time: what it is read to takes many times as much */
    LANES = OCCURRENCE_PARTITIONS + 1,
    LANE_OF_RECORDS = OCCURRENCE_PARTITIONS,
    DOCUMENT_MEMORY = 64, /* what the segment's writer and the builder keep of a document */
    SPILLS_MOST = 64
};

_Static_assert((int)BATCH_DOCUMENTS <= (int)OCCURRENCE_DOCUMENTS,
               "occurrences number the documents of a batch");

/* Streams have addresses of 32 bits, and batches under way may add a good deal. */
#define POOL_BOUND ((size_t)2 << 30)

/* A batch and where it is. But for the batch itself, under the builder's lock. */
struct passage {
    struct crew_job job; /* first: a job is its passage */
    struct builder *builder;
    struct batch batch;
    uint64_t number;         /* of all batches, from 0 */
    uint32_t first_document; /* in the segment under way */
    bool is_read;
    unsigned lanes_left;
    atomic_bool under_way;
};

struct lane {
    struct crew_job job; /* first: a job is its lane */
    struct builder *builder;
    size_t index;
    uint64_t next; /* the batch that it takes next */
    bool at_work;
};

struct idle_maker {
    struct occurrence_maker *maker;
    struct idle_maker *next;
};

struct builder {
    char *path;
    struct builder_options options;
    uint64_t seed;
    struct crew *crew;
    size_t batch_bytes;
    uint32_t documents; /* added */

    struct passage *passages;
    size_t passage_count;
    uint64_t filling;           /* the number of the batch that is filled */
    uint32_t segment_documents; /* of the segment under way, without that batch */
    struct lane lanes[LANES];

    pthread_mutex_t lock;
    struct occurrence_maker *makers[CREW_MOST]; /* those that nobody uses */
    unsigned maker_count;
    xunzi_status failure; /* the first one, and its sentence */
    char *sentence;
    atomic_bool failed;

    struct stream_pool pool;
    struct inverter *inverters[OCCURRENCE_PARTITIONS];
    atomic_size_t inverter_bytes[OCCURRENCE_PARTITIONS];
    struct segment_writer *writer;
    uint32_t *lengths; /* of the segment under way */
    size_t length_capacity;
    uint64_t total_length;
    unsigned spills;
};

/* ---- failures ---- */

/* Keeps the thread's failure, where it is the first. */
static void fail(struct builder *builder, xunzi_status status) {
    pthread_mutex_lock(&builder->lock);
    if (builder->failure == XUNZI_OK) {
        builder->failure = status;
        builder->sentence = strdup(xunzi_error_message());
    }
    pthread_mutex_unlock(&builder->lock);
    atomic_store(&builder->failed, true);
}

/* The failure so far, in the caller's thread. */
static xunzi_status failure_of(struct builder *builder) {
    if (!atomic_load(&builder->failed))
        return XUNZI_OK;
    pthread_mutex_lock(&builder->lock);
    xunzi_status status = builder->failure;
    const char *sentence = builder->sentence;
    pthread_mutex_unlock(&builder->lock);
    return sentence ? error_set(status, "%s", sentence) : error_no_memory();
}

/* ---- lanes ---- */

static struct passage *passage_of(struct builder *builder, uint64_t number) {
    return &builder->passages[number % builder->passage_count];
}

static xunzi_status hand_on_records(struct builder *builder, const struct passage *passage) {
    const struct batch *batch = &passage->batch;
    size_t documents = passage->first_document + batch->count;
    if (!array_reserve(&builder->lengths, &builder->length_capacity, documents,
                       sizeof *builder->lengths))
        return error_no_memory();
    xunzi_status status = XUNZI_OK;
    for (size_t i = 0; i < batch->count && status == XUNZI_OK; i++) {
        builder->lengths[passage->first_document + i] = batch->results[i].length;
        builder->total_length += batch->results[i].length;
        status = segment_writer_add_document(builder->writer, &batch->results[i]);
    }
    return status;
}

static xunzi_status pass_lane(struct builder *builder, const struct lane *lane,
                              const struct passage *passage) {
    if (lane->index == LANE_OF_RECORDS)
        return hand_on_records(builder, passage);
    struct inverter *inverter = builder->inverters[lane->index];
    const struct occurrences *occurrences = &passage->batch.occurrences;
    xunzi_status status = inverter_add(inverter, &occurrences->lists[lane->index],
                                       &occurrences->names, passage->first_document);
    atomic_store(&builder->inverter_bytes[lane->index], inverter_memory(inverter));
    return status;
}

/* Takes batches as long as there is a next one that is read. */
static void run_lane(struct crew_job *job) {
    struct lane *lane = (struct lane *)job;
    struct builder *builder = lane->builder;
    pthread_mutex_lock(&builder->lock);
    for (;;) {
        struct passage *passage = passage_of(builder, lane->next);
        if (!passage->is_read || passage->number != lane->next)
            break;
        pthread_mutex_unlock(&builder->lock);
        if (!atomic_load(&builder->failed)) {
            xunzi_status status = pass_lane(builder, lane, passage);
            if (status != XUNZI_OK)
                fail(builder, status);
        }
        pthread_mutex_lock(&builder->lock);
        lane->next++;
        if (--passage->lanes_left == 0) {
            passage->is_read = false;
            atomic_store(&passage->under_way, false);
        }
    }
    lane->at_work = false;
    pthread_mutex_unlock(&builder->lock);
}

/* ---- reading ---- */

static xunzi_status take_maker(struct builder *builder, struct occurrence_maker **maker) {
    pthread_mutex_lock(&builder->lock);
    *maker = builder->maker_count > 0 ? builder->makers[--builder->maker_count] : NULL;
    pthread_mutex_unlock(&builder->lock);
    return *maker ? XUNZI_OK : occurrence_maker_new(builder->options.profile, builder->seed, maker);
}

static void give_maker_back(struct builder *builder, struct occurrence_maker *maker) {
    pthread_mutex_lock(&builder->lock);
    builder->makers[builder->maker_count++] = maker; /* there are never more than threads */
    pthread_mutex_unlock(&builder->lock);
}

static xunzi_status read_batch(struct builder *builder, struct passage *passage) {
    struct occurrence_maker *maker;
    xunzi_status status = take_maker(builder, &maker);
    if (status != XUNZI_OK)
        return status;
    status = batch_read(&passage->batch, maker);
    give_maker_back(builder, maker);
    return status;
}

static void run_reading(struct crew_job *job) {
    struct passage *passage = (struct passage *)job;
    struct builder *builder = passage->builder;
    if (!atomic_load(&builder->failed)) {
        xunzi_status status = read_batch(builder, passage);
        if (status != XUNZI_OK)
            fail(builder, status);
    }
    pthread_mutex_lock(&builder->lock);
    passage->is_read = true;
    for (size_t i = 0; i < LANES; i++) {
        struct lane *lane = &builder->lanes[i];
        if (!lane->at_work && lane->next == passage->number) {
            lane->at_work = true;
            crew_submit(builder->crew, &lane->job);
        }
    }
    pthread_mutex_unlock(&builder->lock);
}

/* ---- batches ---- */

static bool has_passed(void *context) {
    return !atomic_load(&((struct passage *)context)->under_way);
}

static void wait_for_all(struct builder *builder) {
    for (size_t i = 0; i < builder->passage_count; i++)
        crew_wait(builder->crew, has_passed, &builder->passages[i]);
}

/* Sends the batch that is filled on its way, and makes the next one ready to be filled. */
static void send_batch(struct builder *builder) {
    struct passage *passage = passage_of(builder, builder->filling);
    if (passage->batch.count == 0)
        return;
    bool large = passage->batch.bytes.size > BATCH_LARGE;
    passage->first_document = builder->segment_documents;
    builder->segment_documents += (uint32_t)passage->batch.count;
    pthread_mutex_lock(&builder->lock);
    passage->number = builder->filling;
    passage->lanes_left = LANES;
    pthread_mutex_unlock(&builder->lock);
    atomic_store(&passage->under_way, true);
    crew_submit(builder->crew, &passage->job);
    builder->filling++;
    if (large)
        wait_for_all(builder);
    struct passage *next = passage_of(builder, builder->filling);
    crew_wait(builder->crew, has_passed, next);
    batch_clear(&next->batch);
}

static size_t memory_of(const struct builder *builder) {
    size_t bytes =
        atomic_load(&builder->pool.used) + (size_t)builder->segment_documents * DOCUMENT_MEMORY;
    for (size_t p = 0; p < OCCURRENCE_PARTITIONS; p++)
        bytes += atomic_load(&builder->inverter_bytes[p]);
    return bytes;
}

/* ---- segments ---- */

/* Finishes the segment under way at builder->path. */
static xunzi_status finish_segment(struct builder *builder) {
    const struct inverted inverted = {
        .inverters = builder->inverters,
        .lengths = builder->lengths,
        .documents = builder->segment_documents,
        .total_length = builder->total_length,
    };
    segment_writer_share(builder->writer, crew_runner(builder->crew));
    xunzi_status status = term_writer_write(&inverted, builder->crew, builder->writer);
    if (status == XUNZI_OK)
        status = segment_writer_finish(builder->writer);
    if (status != XUNZI_OK)
        return status;
    segment_writer_close(builder->writer);
    builder->writer = NULL;
    return XUNZI_OK;
}

static bool append_spill_path(const struct builder *builder, unsigned spill, struct buffer *out) {
    return buffer_printf(out, "%s.spill%u", builder->path, spill) && buffer_terminate(out);
}

/* Makes the segment at builder->path the next spill. */
static xunzi_status set_aside(struct builder *builder) {
    struct buffer path = {0};
    xunzi_status status = XUNZI_OK;
    if (!append_spill_path(builder, builder->spills, &path))
        status = error_no_memory();
    else if (rename(builder->path, path.data) != 0)
        status = error_set_errno(errno, "%s cannot be renamed", builder->path);
    if (status == XUNZI_OK)
        builder->spills++;
    else
        unlink(builder->path);
    buffer_free(&path);
    return status;
}

static void remove_spills(struct builder *builder) {
    struct buffer path = {0};
    for (; builder->spills > 0; builder->spills--) {
        buffer_clear(&path);
        if (append_spill_path(builder, builder->spills - 1, &path))
            unlink(path.data);
    }
    buffer_free(&path);
}

/* Merges the spills to a segment at builder->path. */
static xunzi_status merge_spills(struct builder *builder) {
    struct merge_source sources[SPILLS_MOST + 1] = {{0}};
    struct segment *segments[SPILLS_MOST + 1] = {0};
    struct buffer path = {0};
    xunzi_status status = XUNZI_OK;
    for (unsigned i = 0; i < builder->spills && status == XUNZI_OK; i++) {
        buffer_clear(&path);
        status = append_spill_path(builder, i, &path) ? segment_open(path.data, &segments[i])
                                                      : error_no_memory();
        sources[i].segment = segments[i];
    }
    if (status == XUNZI_OK)
        status = merge_segments(sources, builder->spills, builder->options.profile, builder->path);
    for (unsigned i = 0; i < builder->spills; i++)
        if (segments[i])
            segment_close(segments[i]);
    buffer_free(&path);
    if (status == XUNZI_OK)
        remove_spills(builder);
    return status;
}

static void clear_inverters(struct builder *builder) {
    for (size_t p = 0; p < OCCURRENCE_PARTITIONS; p++) {
        inverter_clear(builder->inverters[p]);
        atomic_store(&builder->inverter_bytes[p], 0);
    }
    stream_pool_clear(&builder->pool);
    builder->segment_documents = 0;
    builder->total_length = 0;
}

/* Writes what is inverted to a spill and begins anew. Nothing is under way. */
static xunzi_status spill(struct builder *builder) {
    xunzi_status status = finish_segment(builder);
    if (status == XUNZI_OK)
        status = set_aside(builder);
    clear_inverters(builder);
    if (status == XUNZI_OK && builder->spills == SPILLS_MOST) {
        status = merge_spills(builder);
        if (status == XUNZI_OK)
            status = set_aside(builder);
    }
    return status == XUNZI_OK
               ? segment_writer_open(builder->path, builder->options.profile, &builder->writer)
               : status;
}

/* ---- the builder ---- */

static xunzi_status prepare(struct builder *builder) {
    size_t memory = builder->options.memory;
    builder->batch_bytes = memory / 64 < BATCH_BYTES_LEAST ? BATCH_BYTES_LEAST
                           : memory / 64 > BATCH_BYTES     ? BATCH_BYTES
                                                           : memory / 64;
    if (getrandom(&builder->seed, sizeof builder->seed, 0) != sizeof builder->seed)
        builder->seed = (uint64_t)(uintptr_t)builder;
    xunzi_status status = stream_pool_open(&builder->pool);
    for (size_t p = 0; p < OCCURRENCE_PARTITIONS && status == XUNZI_OK; p++)
        status = inverter_new(builder->options.profile, builder->seed, &builder->pool,
                              &builder->inverters[p]);
    if (status == XUNZI_OK)
        status = crew_new(builder->options.threads, &builder->crew);
    if (status != XUNZI_OK)
        return status;
    unsigned threads = crew_threads(builder->crew);
    builder->passage_count = threads > 1 ? 2 * threads + 1 : 1;
    builder->passages = calloc(builder->passage_count, sizeof *builder->passages);
    if (!builder->passages)
        return error_no_memory();
    for (size_t i = 0; i < builder->passage_count; i++) {
        builder->passages[i].job.run = run_reading;
        builder->passages[i].builder = builder;
    }
    for (size_t i = 0; i < LANES; i++)
        builder->lanes[i] = (struct lane){.job = {.run = run_lane}, .builder = builder, .index = i};
    return segment_writer_open(builder->path, builder->options.profile, &builder->writer);
}

xunzi_status builder_new(const char *path, const struct builder_options *options,
                         struct builder **out) {
    *out = NULL;
    struct builder *builder = calloc(1, sizeof *builder);
    if (!builder)
        return error_no_memory();
    pthread_mutex_init(&builder->lock, NULL);
    builder->options = *options;
    builder->path = strdup(path);
    xunzi_status status = builder->path ? prepare(builder) : error_no_memory();
    if (status != XUNZI_OK) {
        builder_free(builder);
        return status;
    }
    *out = builder;
    return XUNZI_OK;
}

void builder_free(struct builder *builder) {
    if (!builder)
        return;
    crew_free(builder->crew);
    segment_writer_close(builder->writer);
    remove_spills(builder); /* of a builder that was not finished */
    for (size_t i = 0; i < builder->passage_count; i++)
        batch_free(&builder->passages[i].batch);
    free(builder->passages);
    while (builder->maker_count > 0)
        occurrence_maker_free(builder->makers[--builder->maker_count]);
    for (size_t p = 0; p < OCCURRENCE_PARTITIONS; p++)
        inverter_free(builder->inverters[p]);
    stream_pool_close(&builder->pool);
    pthread_mutex_destroy(&builder->lock);
    free(builder->lengths);
    free(builder->sentence);
    free(builder->path);
    free(builder);
}

xunzi_status builder_add(struct builder *builder, const xunzi_document *document,
                         const struct document_edits *edits) {
    xunzi_status status = failure_of(builder);
    if (status != XUNZI_OK)
        return status;
    struct passage *passage = passage_of(builder, builder->filling);
    status = batch_add(&passage->batch, document, edits);
    if (status != XUNZI_OK)
        return status;
    builder->documents++;
    if (passage->batch.count < BATCH_DOCUMENTS && passage->batch.bytes.size < builder->batch_bytes)
        return XUNZI_OK;
    send_batch(builder);
    if (memory_of(builder) > builder->options.memory ||
        atomic_load(&builder->pool.used) > POOL_BOUND) {
        wait_for_all(builder);
        status = failure_of(builder);
        if (status == XUNZI_OK)
            status = spill(builder);
        if (status != XUNZI_OK && !atomic_load(&builder->failed))
            fail(builder, status);
    }
    return status;
}

uint32_t builder_documents(const struct builder *builder) {
    return builder->documents;
}

xunzi_status builder_finish(struct builder *builder) {
    send_batch(builder);
    wait_for_all(builder);
    xunzi_status status = failure_of(builder);
    if (status != XUNZI_OK)
        return status;
    if (builder->segment_documents > 0)
        status = finish_segment(builder);
    if (builder->spills > 0) {
        if (status == XUNZI_OK && builder->segment_documents > 0)
            status = set_aside(builder);
        segment_writer_close(builder->writer); /* of no documents, where it is still there */
        builder->writer = NULL;
        if (status == XUNZI_OK)
            status = merge_spills(builder);
    }
    return status;
}
