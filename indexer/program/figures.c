/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers for people. */
#include "indexer/program/figures.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

const char *figures_grouped(uint64_t value, char out[FIGURES_SIZE]) {
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, value);
    size_t count = strlen(digits), written = 0;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            out[written++] = ',';
        out[written++] = digits[i];
    }
    out[written] = '\0';
    return out;
}

double figures_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
