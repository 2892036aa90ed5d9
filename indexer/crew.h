/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A crew of threads that take jobs from one queue, first come, first served. Who submits them helps
 * while waiting, so that a crew of one has no thread at all and does everything there.
 */
#ifndef XUNZI_INDEXER_CREW_H
#define XUNZI_INDEXER_CREW_H

#include <stdbool.h>
#include <xunzi/xunzi.h>

#include "base/tasks.h"

enum { CREW_MOST = 64 };

/* What is to be done, once; it belongs to who submits it and may be submitted again as soon as it
 * runs. */
struct crew_job {
    void (*run)(struct crew_job *self);
    struct crew_job *next; /* the crew's */
};

struct crew;

/* `threads` that work at once, the caller's counted: at most CREW_MOST, at least 1. Where the
 * system gives fewer, fewer work. */
xunzi_status crew_new(unsigned threads, struct crew **out);

/* Waits for jobs that run; those still in the queue are left. */
void crew_free(struct crew *crew);

/* Threads that work at once. */
unsigned crew_threads(const struct crew *crew);

/* Puts a job at the end of the queue; from any thread. */
void crew_submit(struct crew *crew, struct crew_job *job);

/* Runs jobs in the caller's thread until is_done says yes. It is asked anew after each job that
 * ends, in whatever thread, and so reads what jobs write, as an atomic. */
void crew_wait(struct crew *crew, bool (*is_done)(void *context), void *context);

/* The crew as one that shares out parts (base/tasks.h); it belongs to the crew. */
struct task_runner *crew_runner(struct crew *crew);

#endif
