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

const char *figures_counted(uint64_t value, const char *noun, char out[FIGURES_SIZE * 2]) {
    char figures[FIGURES_SIZE];
    snprintf(out, FIGURES_SIZE * 2, "%s %s%s", figures_grouped(value, figures), noun,
             value == 1 ? "" : "s");
    return out;
}

const char *figures_bytes(uint64_t bytes, char out[FIGURES_SIZE]) {
    static const char *const units[] = {"KB", "MB", "GB", "TB"};
    if (bytes < 1000) {
        snprintf(out, FIGURES_SIZE, "%d bytes", (int)bytes);
        return out;
    }
    double value = (double)bytes / 1000;
    size_t unit = 0;
    while (value >= 999.95 && unit + 1 < sizeof units / sizeof *units) {
        value /= 1000;
        unit++;
    }
    snprintf(out, FIGURES_SIZE, "%.1f %s", value, units[unit]);
    return out;
}

double figures_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
