/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of xunzi-indexer's commands. */
#ifndef XUNZI_INDEXER_PROGRAM_OPTIONS_H
#define XUNZI_INDEXER_PROGRAM_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include <xunzi/xunzi.h>

/* What a command takes besides --help, and --index where it works on a collection. */
enum option_set {
    OPTIONS_OPERANDS = 1, /* one or more arguments that are no options */
    OPTIONS_ADD = 2,      /* --format, --keep-all, --profile, --threads, --memory */
    OPTIONS_STATS = 4,    /* --json */
    OPTIONS_INSPECT = 8   /* --json, and --format of the output; no --index */
};

struct options {
    const char *index;
    xunzi_format format;
    bool profile_given;
    xunzi_profile profile;
    bool json;
    bool keep_all;
    unsigned threads;            /* 0: as many as there are processors */
    size_t memory;               /* bytes; 0: the library's own choice */
    const char *const *operands; /* in the arguments given */
    size_t operand_count;
};

/* Reads the options of a command, which stand before or behind its operands. operand is what
 * messages call one, for example "PATH". False: *exit_status is to be returned; the help was
 * printed, or a mistake told. */
bool options_read(int count, char **arguments, unsigned set, const char *operand,
                  struct options *out, int *exit_status);

#endif
