/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xunzi-indexer stats: as a table for people, or as JSON. */
#include <inttypes.h>
#include <stdio.h>

#include <xunzi/xunzi.h>

#include "indexer/program/commands.h"
#include "indexer/program/figures.h"
#include "indexer/program/options.h"
#include "program/fail.h"

static void print_json(const xunzi_statistics *statistics) {
    printf("{\"documents\":%" PRIu64 ",\"live_documents\":%" PRIu64 ",\"segments\":%" PRIu64
           ",\"terms\":%" PRIu64 ",\"postings\":%" PRIu64 ",\"bytes\":%" PRIu64
           ",\"profile\":\"%s\"}\n",
           statistics->documents, statistics->live_documents, statistics->segments,
           statistics->terms, statistics->postings, statistics->bytes,
           xunzi_profile_name(statistics->profile));
}

static void print_row(const char *label, uint64_t value) {
    char figures[FIGURES_SIZE];
    printf("%-15s %20s\n", label, figures_grouped(value, figures));
}

static void print_table(const xunzi_statistics *statistics) {
    print_row("documents", statistics->documents);
    print_row("live documents", statistics->live_documents);
    print_row("segments", statistics->segments);
    print_row("terms", statistics->terms);
    print_row("postings", statistics->postings);
    print_row("bytes", statistics->bytes);
    printf("%-15s %20s\n", "profile", xunzi_profile_name(statistics->profile));
}

int command_stats(int count, char **arguments) {
    struct options options;
    int exit_status;
    if (!options_read(count, arguments, OPTIONS_STATS, NULL, &options, &exit_status))
        return exit_status;
    xunzi_index *index;
    if (xunzi_index_open(options.index, &index) != XUNZI_OK)
        return program_fail_library();
    xunzi_statistics statistics;
    if (xunzi_index_statistics(index, &statistics) != XUNZI_OK)
        exit_status = program_fail_library();
    else if (options.json)
        print_json(&statistics);
    else
        print_table(&statistics);
    xunzi_index_close(index);
    return exit_status;
}
