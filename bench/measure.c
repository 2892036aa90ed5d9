/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Timing searches. */
#include "measure.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench_message.h"

/* How much of a query a message quotes. */
enum { QUOTED_BYTES = 120 };

struct worker {
    const struct measure_options *options;
    const struct query_file *queries;
    pthread_barrier_t *start;
    atomic_bool *failed; /* of any worker: the others stop, too */
    xunzi_index *index;
    size_t first;          /* the query that its passes begin with */
    uint64_t *nanoseconds; /* of query q in pass r: [q * repeat + r] */
    uint64_t hits;         /* of the warm-up pass */
    uint64_t begin, end;   /* of its timed passes, in nanoseconds */
    pthread_t thread;
};

static uint64_t now_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Answers one query; adds to *hits what it found. Of several workers that fail one says so. */
static bool answer(const struct worker *worker, xunzi_string query,
                   const xunzi_search_options *search, uint64_t *hits) {
    xunzi_results *results;
    if (xunzi_search(worker->index, query, search, &results) != XUNZI_OK) {
        int quoted = query.size < QUOTED_BYTES ? (int)query.size : QUOTED_BYTES;
        if (!atomic_exchange(worker->failed, true))
            bench_fail("the query '%.*s' failed: %s", quoted, query.data, xunzi_error_message());
        return false;
    }
    *hits += search->exact_count ? xunzi_results_total(results) : xunzi_results_count(results);
    xunzi_results_free(results);
    return true;
}

/* One pass over all queries, or up to one that fails. nanoseconds: where the time of query 0 goes,
 * those of the others lie `repeat` apart; NULL: untimed. */
static void run_pass(const struct worker *worker, uint64_t *nanoseconds, uint64_t *hits) {
    const struct query_file *queries = worker->queries;
    xunzi_search_options search = xunzi_search_options_default();
    search.mode = worker->options->mode;
    search.limit = worker->options->top;
    search.exact_count = worker->options->count;
    search.snippets = search.suggest = false;
    if (worker->options->plain)
        search.without = XUNZI_RANKING_CHARACTERS | XUNZI_RANKING_CLOSENESS |
                         XUNZI_RANKING_FUNCTION | XUNZI_RANKING_LATIN | XUNZI_RANKING_RARITY;
    search.ranking_only = !worker->options->fetch;
    for (size_t i = 0; i < queries->count; i++) {
        size_t q = (worker->first + i) % queries->count;
        uint64_t begin = now_nanoseconds();
        if (!answer(worker, queries->queries[q], &search, hits))
            return;
        if (nanoseconds)
            nanoseconds[q * worker->options->repeat] = now_nanoseconds() - begin;
    }
}

static void *work(void *argument) {
    struct worker *worker = argument;
    uint64_t hits = 0;
    run_pass(worker, NULL, &worker->hits);
    pthread_barrier_wait(worker->start);
    worker->begin = now_nanoseconds();
    for (size_t r = 0; r < worker->options->repeat && !atomic_load(worker->failed); r++)
        run_pass(worker, worker->nanoseconds + r, &hits);
    worker->end = now_nanoseconds();
    return NULL;
}

static int compare_u64(const void *left, const void *right) {
    uint64_t a, b;
    memcpy(&a, left, sizeof a);
    memcpy(&b, right, sizeof b);
    return (a > b) - (a < b);
}

static int compare_double(const void *left, const void *right) {
    double a, b;
    memcpy(&a, left, sizeof a);
    memcpy(&b, right, sizeof b);
    return (a > b) - (a < b);
}

static double median(uint64_t *values, size_t count) {
    qsort(values, count, sizeof *values, compare_u64);
    return ((double)values[(count - 1) / 2] + (double)values[count / 2]) / 2;
}

static double percentile(const double *sorted, size_t count, size_t percent) {
    return sorted[(count * percent + 99) / 100 - 1];
}

/* From the first worker's beginning to the last's end. */
static double elapsed_seconds(const struct worker *workers, size_t count) {
    uint64_t begin = workers[0].begin, end = workers[0].end;
    for (size_t t = 1; t < count; t++) {
        begin = workers[t].begin < begin ? workers[t].begin : begin;
        end = workers[t].end > end ? workers[t].end : end;
    }
    return (double)(end - begin) / 1e9;
}

static bool summarize(const struct worker *workers, struct measure_figures *figures) {
    const struct measure_options *options = workers->options;
    size_t count = workers->queries->count, repeat = options->repeat;
    size_t runs = repeat * options->threads;
    double *times = calloc(count, sizeof *times), sum = 0;
    uint64_t *of_query = calloc(runs, sizeof *of_query);
    bool ok = times && of_query;
    for (size_t q = 0; ok && q < count; q++) {
        for (size_t t = 0; t < options->threads; t++)
            memcpy(of_query + t * repeat, workers[t].nanoseconds + q * repeat,
                   repeat * sizeof *of_query);
        times[q] = median(of_query, runs) / 1000;
        sum += times[q];
    }
    if (ok) {
        qsort(times, count, sizeof *times, compare_double);
        *figures = (struct measure_figures){
            .queries = count,
            .mean = sum / (double)count,
            .p50 = percentile(times, count, 50),
            .p90 = percentile(times, count, 90),
            .p99 = percentile(times, count, 99),
            .queries_per_second =
                (double)count * (double)runs / elapsed_seconds(workers, options->threads),
            .hits = workers[0].hits,
        };
    }
    free(times);
    free(of_query);
    return ok || bench_fail("not enough memory");
}

static bool prepare(struct worker *workers, const struct measure_options *options,
                    const struct query_file *queries) {
    for (size_t t = 0; t < options->threads; t++) {
        struct worker *worker = &workers[t];
        worker->options = options;
        worker->queries = queries;
        worker->first = queries->count * t / options->threads;
        worker->nanoseconds = calloc(queries->count, options->repeat * sizeof(uint64_t));
        if (!worker->nanoseconds)
            return bench_fail("not enough memory for the times of %zu passes", options->repeat);
        if (xunzi_index_open(options->index_path, &worker->index) != XUNZI_OK)
            return bench_fail("%s", xunzi_error_message());
    }
    return true;
}

/* Runs all workers to their end. */
static bool run_workers(struct worker *workers, size_t count) {
    pthread_barrier_t start;
    atomic_bool failed = false;
    if (pthread_barrier_init(&start, NULL, (unsigned)count) != 0)
        return bench_fail("not enough memory");
    for (size_t t = 0; t < count; t++) {
        workers[t].start = &start;
        workers[t].failed = &failed;
        /* The threads before it wait at the barrier for good: there is nothing to do but end. */
        if (pthread_create(&workers[t].thread, NULL, work, &workers[t]) != 0) {
            bench_fail("thread %zu of %zu cannot be started; give a smaller --threads", t + 1,
                       count);
            exit(BENCH_EXIT_FAILURE);
        }
    }
    for (size_t t = 0; t < count; t++)
        pthread_join(workers[t].thread, NULL);
    pthread_barrier_destroy(&start);
    return !atomic_load(&failed);
}

bool measure_run(const struct measure_options *options, const struct query_file *queries,
                 struct measure_figures *figures) {
    struct worker *workers = calloc(options->threads, sizeof *workers);
    if (!workers)
        return bench_fail("not enough memory");
    bool ok = prepare(workers, options, queries) && run_workers(workers, options->threads) &&
              summarize(workers, figures);
    for (size_t t = 0; t < options->threads; t++) {
        xunzi_index_close(workers[t].index);
        free(workers[t].nanoseconds);
    }
    free(workers);
    return ok;
}
