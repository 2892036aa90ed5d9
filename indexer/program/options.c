/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading options by getopt_long. */
#include "indexer/program/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "indexer/program/usage.h"
#include "program/fail.h"

enum {
    OPTION_INDEX = 256,
    OPTION_HELP,
    OPTION_FORMAT,
    OPTION_PROFILE,
    OPTION_THREADS,
    OPTION_MEMORY,
    OPTION_JSON,
    OPTION_KEEP_ALL,
    OPTION_OUTPUT
};

enum { LONGEST_TABLE = 8 };

/* Fills table with the options of a set, and the zero entry that getopt_long ends at. */
static void fill_table(unsigned set, struct option table[LONGEST_TABLE]) {
    static const struct option common[] = {{"index", required_argument, NULL, OPTION_INDEX},
                                           {"help", no_argument, NULL, OPTION_HELP}};
    static const struct option of_add[] = {{"format", required_argument, NULL, OPTION_FORMAT},
                                           {"profile", required_argument, NULL, OPTION_PROFILE},
                                           {"threads", required_argument, NULL, OPTION_THREADS},
                                           {"memory", required_argument, NULL, OPTION_MEMORY},
                                           {"keep-all", no_argument, NULL, OPTION_KEEP_ALL}};
    static const struct option of_stats[] = {{"json", no_argument, NULL, OPTION_JSON}};
    static const struct option of_inspect[] = {{"json", no_argument, NULL, OPTION_JSON},
                                               {"format", required_argument, NULL, OPTION_OUTPUT},
                                               {"help", no_argument, NULL, OPTION_HELP}};
    memset(table, 0, LONGEST_TABLE * sizeof *table);
    if (set & OPTIONS_INSPECT) {
        memcpy(table, of_inspect, sizeof of_inspect);
        return;
    }
    memcpy(table, common, sizeof common);
    table += sizeof common / sizeof *common;
    if (set & OPTIONS_ADD)
        memcpy(table, of_add, sizeof of_add);
    else if (set & OPTIONS_STATS)
        memcpy(table, of_stats, sizeof of_stats);
}

static int read_format(const char *text, xunzi_format *out) {
    static const struct {
        const char *name;
        xunzi_format format;
    } formats[] = {{"auto", XUNZI_FORMAT_AUTO},
                   {"text", XUNZI_FORMAT_TEXT},
                   {"html", XUNZI_FORMAT_HTML},
                   {"jsonl", XUNZI_FORMAT_JSONL}};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (strcmp(text, formats[i].name) == 0) {
            *out = formats[i].format;
            return PROGRAM_EXIT_OK;
        }
    }
    return program_fail_usage("--format is auto, text, html or jsonl, not '%s'", text);
}

/* The format of what is printed. */
static int read_output(const char *text, bool *json) {
    *json = strcmp(text, "json") == 0;
    if (*json || strcmp(text, "text") == 0)
        return PROGRAM_EXIT_OK;
    return program_fail_usage("--format is text or json, not '%s'", text);
}

static int read_profile(const char *text, xunzi_profile *out) {
    static const xunzi_profile profiles[] = {XUNZI_PROFILE_FULL, XUNZI_PROFILE_BIGRAM};
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++) {
        if (strcmp(text, xunzi_profile_name(profiles[i])) == 0) {
            *out = profiles[i];
            return PROGRAM_EXIT_OK;
        }
    }
    return program_fail_usage("--profile is full or bigram, not '%s'", text);
}

enum { THREADS_MOST = 256 };

static int read_threads(const char *text, unsigned *out) {
    char *end;
    unsigned long threads = text[0] >= '0' && text[0] <= '9' ? strtoul(text, &end, 10) : 0;
    if (threads == 0 || *end != '\0' || threads > THREADS_MOST)
        return program_fail_usage("--threads is a number of threads from 1 to %d, not '%s'",
                                  THREADS_MOST, text);
    *out = (unsigned)threads;
    return PROGRAM_EXIT_OK;
}

/* A number of bytes with K, M or G behind it, or none of them. */
static int read_memory(const char *text, size_t *out) {
    static const char units[] = "KMG";
    static const size_t least = (size_t)16 << 20, most = (size_t)1 << 40;
    char *end;
    unsigned long long size = text[0] >= '0' && text[0] <= '9' ? strtoull(text, &end, 10) : 0;
    if (size > 0 && *end != '\0') {
        const char *unit = strchr(units, *end >= 'a' ? *end - 'a' + 'A' : *end);
        unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
        size = unit && size <= most >> shift ? size << shift : 0;
        end += unit && (end[1] == 'B' || end[1] == 'b') ? 2 : 1;
    }
    if (size < least || size > most || *end != '\0')
        return program_fail_usage("--memory is a size such as 512M or 2G, from 16M on, not '%s'",
                                  text);
    *out = (size_t)size;
    return PROGRAM_EXIT_OK;
}

/* Takes one option that getopt_long has returned. */
static int take_option(int option, struct options *out, char **arguments,
                       const struct option *table) {
    switch (option) {
    case OPTION_INDEX:
        out->index = optarg;
        return PROGRAM_EXIT_OK;
    case OPTION_FORMAT:
        return read_format(optarg, &out->format);
    case OPTION_PROFILE:
        out->profile_given = true;
        return read_profile(optarg, &out->profile);
    case OPTION_THREADS:
        return read_threads(optarg, &out->threads);
    case OPTION_MEMORY:
        return read_memory(optarg, &out->memory);
    case OPTION_JSON:
        out->json = true;
        return PROGRAM_EXIT_OK;
    case OPTION_KEEP_ALL:
        out->keep_all = true;
        return PROGRAM_EXIT_OK;
    case OPTION_OUTPUT:
        return read_output(optarg, &out->json);
    default:
        return program_fail_option(option, arguments, table);
    }
}

bool options_read(int count, char **arguments, unsigned set, const char *operand,
                  struct options *out, int *exit_status) {
    struct option table[LONGEST_TABLE];
    fill_table(set, table);
    *out = (struct options){.format = XUNZI_FORMAT_AUTO, .profile = XUNZI_PROFILE_FULL};
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":", table, NULL)) != -1;) {
        if (option == OPTION_HELP) {
            fputs(usage_of(arguments[0]), stdout);
            *exit_status = PROGRAM_EXIT_OK;
            return false;
        }
        *exit_status = take_option(option, out, arguments, table);
        if (*exit_status != PROGRAM_EXIT_OK)
            return false;
    }
    out->operands = (const char *const *)(arguments + optind);
    out->operand_count = (size_t)(count - optind);
    *exit_status = PROGRAM_EXIT_FAILURE;
    if (!(set & OPTIONS_INSPECT) && (!out->index || !*out->index))
        program_fail_usage("which index? --index DIR is missing");
    else if ((set & OPTIONS_OPERANDS) && out->operand_count == 0)
        program_fail_usage("no %s is given", operand);
    else if (!(set & OPTIONS_OPERANDS) && out->operand_count > 0)
        program_fail_usage("'%s' is one argument too many", out->operands[0]);
    else
        *exit_status = PROGRAM_EXIT_OK;
    return *exit_status == PROGRAM_EXIT_OK;
}
