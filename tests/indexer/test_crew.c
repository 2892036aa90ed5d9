/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Crews: every job runs once, whoever waits is woken, and parts are shared out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "indexer/crew.h"

enum { JOBS = 5000, PARTS = 1000 };

struct counting {
    struct crew_job job; /* first */
    struct crew *crew;
    atomic_uint *left;
    unsigned again; /* how often it submits itself once more */
    atomic_uint runs;
};

static void count(struct crew_job *job) {
    struct counting *counting = (struct counting *)job;
    atomic_fetch_add(&counting->runs, 1);
    if (counting->again > 0) {
        counting->again--;
        crew_submit(counting->crew, job);
    } else {
        atomic_fetch_sub(counting->left, 1);
    }
}

static bool none_left(void *context) {
    return atomic_load((atomic_uint *)context) == 0;
}

static void test_jobs(void **state) {
    (void)state;
    for (unsigned threads = 1; threads <= 5; threads++) {
        static struct counting jobs[JOBS];
        struct crew *crew;
        atomic_uint left = JOBS;
        assert_int_equal(crew_new(threads, &crew), XUNZI_OK);
        assert_in_range(crew_threads(crew), 1, threads);
        for (unsigned i = 0; i < JOBS; i++) {
            jobs[i].job.run = count;
            jobs[i].crew = crew;
            jobs[i].left = &left;
            jobs[i].again = i % 3;
            atomic_init(&jobs[i].runs, 0);
            crew_submit(crew, &jobs[i].job);
        }
        crew_wait(crew, none_left, &left);
        crew_free(crew);
        for (unsigned i = 0; i < JOBS; i++)
            assert_int_equal(atomic_load(&jobs[i].runs), 1 + i % 3);
    }
}

static void test_jobs_that_are_left(void **state) {
    (void)state;
    static struct counting jobs[JOBS];
    struct crew *crew;
    atomic_uint left = JOBS;
    assert_int_equal(crew_new(1, &crew), XUNZI_OK);
    for (unsigned i = 0; i < JOBS; i++) {
        jobs[i] = (struct counting){.job = {.run = count}, .crew = crew, .left = &left};
        crew_submit(crew, &jobs[i].job);
    }
    crew_free(crew);
    assert_int_equal(atomic_load(&left), JOBS); /* nobody waited */
}

struct shared {
    struct task_runner *runner;
    atomic_uint runs[PARTS];
};

static void do_part(void *context, size_t i) {
    atomic_fetch_add(&((struct shared *)context)->runs[i], 1);
}

static void test_parts(void **state) {
    (void)state;
    for (unsigned threads = 1; threads <= 5; threads++) {
        static struct shared shared;
        struct crew *crew;
        assert_int_equal(crew_new(threads, &crew), XUNZI_OK);
        for (size_t parts = 0; parts <= PARTS; parts += parts < 8 ? 1 : 124) {
            for (size_t i = 0; i < PARTS; i++)
                atomic_init(&shared.runs[i], 0);
            tasks_run(crew_runner(crew), parts, do_part, &shared);
            for (size_t i = 0; i < PARTS; i++)
                assert_int_equal(atomic_load(&shared.runs[i]), i < parts);
        }
        crew_free(crew);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jobs),
        cmocka_unit_test(test_jobs_that_are_left),
        cmocka_unit_test(test_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
