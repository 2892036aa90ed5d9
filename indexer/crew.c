/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads and their queue: one lock, and one condition for "a job came" and "a job ended" alike. */
#include "indexer/crew.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/error.h"

struct crew {
    struct task_runner runner; /* first: a runner is its crew */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct crew_job *first, *last; /* the queue */
    bool leaving;
    pthread_t threads[CREW_MOST];
    unsigned count; /* of threads, without the caller's */
};

/* The next job; NULL: there is none. Under the lock. */
static struct crew_job *take(struct crew *crew) {
    struct crew_job *job = crew->first;
    if (job)
        crew->first = job->next;
    return job;
}

/* Runs a job; the lock is held before and after. */
static void run(struct crew *crew, struct crew_job *job) {
    pthread_mutex_unlock(&crew->lock);
    job->run(job);
    pthread_mutex_lock(&crew->lock);
    pthread_cond_broadcast(&crew->changed);
}

void crew_submit(struct crew *crew, struct crew_job *job) {
    pthread_mutex_lock(&crew->lock);
    job->next = NULL;
    if (crew->first)
        crew->last->next = job;
    else
        crew->first = job;
    crew->last = job;
    pthread_cond_broadcast(&crew->changed);
    pthread_mutex_unlock(&crew->lock);
}

void crew_wait(struct crew *crew, bool (*is_done)(void *context), void *context) {
    pthread_mutex_lock(&crew->lock);
    while (!is_done(context)) {
        struct crew_job *job = take(crew);
        if (job)
            run(crew, job);
        else
            pthread_cond_wait(&crew->changed, &crew->lock);
    }
    pthread_mutex_unlock(&crew->lock);
}

/* ---- parts ---- */

struct parts {
    task_function *task;
    void *context;
    size_t count;
    atomic_size_t next;
    atomic_uint left; /* helpers that have not ended */
};

struct helper {
    struct crew_job job; /* first: a job is its helper */
    struct parts *parts;
};

static void do_parts(struct parts *parts) {
    for (size_t i; (i = atomic_fetch_add(&parts->next, 1)) < parts->count;)
        parts->task(parts->context, i);
}

static void help(struct crew_job *job) {
    struct parts *parts = ((struct helper *)job)->parts;
    do_parts(parts);
    atomic_fetch_sub(&parts->left, 1);
}

static bool are_done(void *context) {
    return atomic_load(&((struct parts *)context)->left) == 0;
}

static void run_parts(struct task_runner *runner, size_t count, task_function *task,
                      void *context) {
    struct crew *crew = (struct crew *)runner;
    struct helper helpers[CREW_MOST];
    struct parts parts = {.task = task, .context = context, .count = count};
    unsigned helping = count > crew->count ? crew->count : count > 0 ? (unsigned)count - 1 : 0;
    atomic_init(&parts.left, helping);
    for (unsigned i = 0; i < helping; i++) {
        helpers[i] = (struct helper){{.run = help}, &parts};
        crew_submit(crew, &helpers[i].job);
    }
    do_parts(&parts);
    crew_wait(crew, are_done, &parts);
}

struct task_runner *crew_runner(struct crew *crew) {
    return &crew->runner;
}

/* ---- the crew itself ---- */

static bool is_leaving(void *context) {
    return ((struct crew *)context)->leaving;
}

static void *work(void *context) {
    crew_wait(context, is_leaving, context);
    return NULL;
}

unsigned crew_threads(const struct crew *crew) {
    return crew->count + 1;
}

xunzi_status crew_new(unsigned threads, struct crew **out) {
    struct crew *crew = *out = calloc(1, sizeof *crew);
    if (!crew)
        return error_no_memory();
    crew->runner.run = run_parts;
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->changed, NULL);
    sigset_t all, before; /* signals are for the program's own threads */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (crew->count + 1 < threads && crew->count < CREW_MOST - 1 &&
           pthread_create(&crew->threads[crew->count], NULL, work, crew) == 0)
        crew->count++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return XUNZI_OK;
}

void crew_free(struct crew *crew) {
    if (!crew)
        return;
    pthread_mutex_lock(&crew->lock);
    crew->leaving = true;
    pthread_cond_broadcast(&crew->changed);
    pthread_mutex_unlock(&crew->lock);
    for (unsigned i = 0; i < crew->count; i++)
        pthread_join(crew->threads[i], NULL);
    pthread_cond_destroy(&crew->changed);
    pthread_mutex_destroy(&crew->lock);
    free(crew);
}
