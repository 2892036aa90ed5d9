/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Work in independent parts, and who shares the parts out among threads. */
#ifndef XUNZI_BASE_TASKS_H
#define XUNZI_BASE_TASKS_H

#include <stddef.h>

/* Does part i. It may run at once with other parts, in any thread; what fails is kept with the
 * part. */
typedef void task_function(void *context, size_t i);

/* run calls task for each i below count, in any order and perhaps at once, and returns when all are
 * done. */
struct task_runner {
    void (*run)(struct task_runner *self, size_t count, task_function *task, void *context);
};

/* runner NULL: one part after the other, in the caller's thread. */
static inline void tasks_run(struct task_runner *runner, size_t count, task_function *task,
                             void *context) {
    if (runner) {
        runner->run(runner, count, task, context);
        return;
    }
    for (size_t i = 0; i < count; i++)
        task(context, i);
}

#endif
