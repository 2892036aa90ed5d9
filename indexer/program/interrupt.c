/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signal handlers that set a flag. */
#include "indexer/program/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t seen;

static void remember(int number) {
    (void)number;
    seen = 1;
}

void interrupt_catch(void) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction before,
            action = {.sa_handler = remember}; /* without SA_RESTART: reads end */
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    }
}

bool interrupt_seen(void) {
    return seen != 0;
}
