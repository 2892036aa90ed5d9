/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the command line. getopt_long is asked argument by argument, so that a query word such as
 * -體育, which no option can be, needs no "--" before it. */
#include "searcher/program/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "program/fail.h"
#include "searcher/program/given_text.h"
#include "searcher/program/usage.h"

static const char *const MODE_NAMES[] = {[XUNZI_MODE_QUERY] = "query",
                                         [XUNZI_MODE_OR] = "or",
                                         [XUNZI_MODE_AND] = "and",
                                         [XUNZI_MODE_PHRASE] = "phrase"};
static const char *const SORT_NAMES[] = {
    [XUNZI_SORT_RELEVANCE] = "relevance", [XUNZI_SORT_DATE] = "date"};
static const char *const FORMAT_NAMES[] = {
    [OUTPUT_TEXT] = "text", [OUTPUT_JSON] = "json", [OUTPUT_TREC] = "trec"};

/* Name i is of the part 1 << i. */
static const char *const PART_NAMES[] = {"characters", "closeness", "function", "latin", "rarity"};
_Static_assert(XUNZI_RANKING_RARITY == 1 << 4, "the names are in the order of the parts");

/* The first one is not to be asked for. */
static const char *const FACET_NAMES[] = {[XUNZI_FACET_NONE] = "",
                                          [XUNZI_FACET_SOURCE] = "source",
                                          [XUNZI_FACET_YEAR] = "year",
                                          [XUNZI_FACET_MONTH] = "month"};

enum { FACET_COUNT = 4, MODE_COUNT = 4, SORT_COUNT = 2, FORMAT_COUNT = 3, PART_COUNT = 5 };

/* The place of text among names, or -1. */
static int find_name(const char *text, const char *const *names, int count) {
    for (int i = 0; i < count; i++) {
        if (strcmp(text, names[i]) == 0)
            return i;
    }
    return -1;
}

bool options_parse_mode(const char *text, xunzi_mode *out) {
    int found = find_name(text, MODE_NAMES, MODE_COUNT);
    if (found >= 0)
        *out = (xunzi_mode)found;
    return found >= 0;
}

const char *options_mode_name(xunzi_mode mode) {
    return MODE_NAMES[mode];
}

bool options_parse_sort(const char *text, xunzi_sort *out) {
    int found = find_name(text, SORT_NAMES, SORT_COUNT);
    if (found >= 0)
        *out = (xunzi_sort)found;
    return found >= 0;
}

const char *options_sort_name(xunzi_sort sort) {
    return SORT_NAMES[sort];
}

bool options_parse_number(const char *text, size_t *out) {
    size_t value = 0;
    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        size_t digit = (size_t)(*text - '0');
        if (value > (SIZE_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

enum {
    OPTION_ANALYZE = 256,
    OPTION_BATCH,
    OPTION_COLOR,
    OPTION_COUNT,
    OPTION_EXPLAIN,
    OPTION_FACET,
    OPTION_FORMAT,
    OPTION_HELP,
    OPTION_INDEX,
    OPTION_LIKE,
    OPTION_MODE,
    OPTION_NO_FOLD,
    OPTION_OFFSET,
    OPTION_SINCE,
    OPTION_SORT,
    OPTION_SOURCE,
    OPTION_UNTIL,
    OPTION_VERSION,
    OPTION_WITHOUT
};

static const struct option LONG_OPTIONS[] = {
    {"analyze", required_argument, NULL, OPTION_ANALYZE},
    {"batch", required_argument, NULL, OPTION_BATCH},
    {"color", required_argument, NULL, OPTION_COLOR},
    {"count", no_argument, NULL, OPTION_COUNT},
    {"explain", no_argument, NULL, OPTION_EXPLAIN},
    {"facet", required_argument, NULL, OPTION_FACET},
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"help", no_argument, NULL, OPTION_HELP},
    {"index", required_argument, NULL, OPTION_INDEX},
    {"like", required_argument, NULL, OPTION_LIKE},
    {"limit", required_argument, NULL, 'n'},
    {"mode", required_argument, NULL, OPTION_MODE},
    {"no-fold", no_argument, NULL, OPTION_NO_FOLD},
    {"offset", required_argument, NULL, OPTION_OFFSET},
    {"since", required_argument, NULL, OPTION_SINCE},
    {"sort", required_argument, NULL, OPTION_SORT},
    {"source", required_argument, NULL, OPTION_SOURCE},
    {"until", required_argument, NULL, OPTION_UNTIL},
    {"version", no_argument, NULL, OPTION_VERSION},
    {"without", required_argument, NULL, OPTION_WITHOUT},
    {NULL, 0, NULL, 0},
};

static enum options_outcome mistake_of_number(const char *option, const char *given) {
    program_fail_usage("%s is to be a whole number from 0 to %zu, not '%s'", option, SIZE_MAX,
                       given);
    return OPTIONS_MISTAKE;
}

/* An empty filter would let everything through without a word. */
static enum options_outcome read_filter(const char *option, const char *given, xunzi_string *out) {
    if (!*given) {
        program_fail_usage("%s is empty; leave it out to filter nothing", option);
        return OPTIONS_MISTAKE;
    }
    *out = xunzi_string_of(given);
    return OPTIONS_RUN;
}

static enum options_outcome read_source(struct options *options, const char *given) {
    const char *charset;
    enum options_outcome outcome = read_filter("--source", given, &options->search.source);
    if (outcome != OPTIONS_RUN)
        return outcome;
    if (!given_text_read(&options->search.source, &options->source, &charset)) {
        program_fail("not enough memory");
        return OPTIONS_MISTAKE;
    }
    if (charset)
        program_message("--source is not UTF-8; it was read as %s", charset);
    return OPTIONS_RUN;
}

/* Takes one option that getopt_long has returned, with its value. */
static enum options_outcome take_option(struct options *options, int option, const char *value) {
    int found;
    switch (option) {
    case 'n':
        return options_parse_number(value, &options->search.limit)
                   ? OPTIONS_RUN
                   : mistake_of_number("--limit", value);
    case OPTION_OFFSET:
        return options_parse_number(value, &options->search.offset)
                   ? OPTIONS_RUN
                   : mistake_of_number("--offset", value);
    case OPTION_INDEX:
        options->index_path = value;
        return OPTIONS_RUN;
    case OPTION_BATCH:
        options->batch_path = value;
        return OPTIONS_RUN;
    case OPTION_ANALYZE:
        options->analyze_text = value;
        return OPTIONS_RUN;
    case OPTION_LIKE:
        options->like_id = value;
        return OPTIONS_RUN;
    case OPTION_COUNT:
        options->count_only = true;
        return OPTIONS_RUN;
    case OPTION_NO_FOLD:
        options->search.fold_duplicates = false;
        return OPTIONS_RUN;
    case OPTION_EXPLAIN:
        options->search.explain = true;
        return OPTIONS_RUN;
    case OPTION_SINCE:
        return read_filter("--since", value, &options->search.since);
    case OPTION_UNTIL:
        return read_filter("--until", value, &options->search.until);
    case OPTION_SOURCE:
        return read_source(options, value);
    case OPTION_FORMAT:
        found = find_name(value, FORMAT_NAMES, FORMAT_COUNT);
        if (found >= 0) {
            options->format = (enum output_format)found;
            return OPTIONS_RUN;
        }
        program_fail_usage("--format is to be text, json or trec, not '%s'", value);
        return OPTIONS_MISTAKE;
    case OPTION_COLOR:
        if (terminal_color_parse(value, &options->color))
            return OPTIONS_RUN;
        program_fail_usage("--color is to be auto, always or never, not '%s'", value);
        return OPTIONS_MISTAKE;
    case OPTION_MODE:
        if (options_parse_mode(value, &options->search.mode))
            return OPTIONS_RUN;
        program_fail_usage("--mode is to be query, or, and or phrase, not '%s'", value);
        return OPTIONS_MISTAKE;
    case OPTION_SORT:
        if (options_parse_sort(value, &options->search.sort))
            return OPTIONS_RUN;
        program_fail_usage("--sort is to be relevance or date, not '%s'", value);
        return OPTIONS_MISTAKE;
    case OPTION_HELP:
        usage_print();
        return OPTIONS_DONE;
    case OPTION_VERSION:
        printf("xunzi-searcher %s\n", XUNZI_VERSION);
        return OPTIONS_DONE;
    case OPTION_WITHOUT:
        if (strcmp(value, "list") == 0) {
            for (int i = 0; i < PART_COUNT; i++)
                puts(PART_NAMES[i]);
            return OPTIONS_DONE;
        }
        found = find_name(value, PART_NAMES, PART_COUNT);
        if (found >= 0) {
            options->search.without |= 1u << found;
            return OPTIONS_RUN;
        }
        program_fail_usage(
            "--without is to be a part of the ranking that --without list names, not '%s'", value);
        return OPTIONS_MISTAKE;
    case OPTION_FACET:
        found = find_name(value, FACET_NAMES, FACET_COUNT);
        if (found > 0) {
            options->search.facet = (xunzi_facet)found;
            return OPTIONS_RUN;
        }
        program_fail_usage("--facet is to be source, year or month, not '%s'", value);
        return OPTIONS_MISTAKE;
    }
    return OPTIONS_MISTAKE;
}

static bool add_query_word(struct options *options, const char *word) {
    bool ok = (!options->has_query || buffer_append_byte(&options->query, ' ')) &&
              buffer_append_text(&options->query, word) && buffer_terminate(&options->query);
    options->has_query = true;
    if (!ok)
        program_fail("not enough memory");
    return ok;
}

/* Whether an argument is a query word: it does not begin with '-', or no option could begin like
 * it. */
static bool is_query_word(const char *argument) {
    char second = argument[0] == '-' ? argument[1] : '\0';
    bool option_character = second == '-' || (second >= '0' && second <= '9') ||
                            (second >= 'A' && second <= 'Z') || (second >= 'a' && second <= 'z');
    return !option_character;
}

static enum options_outcome check_together(const struct options *options) {
    int actions = (options->has_query ? 1 : 0) + (options->batch_path ? 1 : 0) +
                  (options->analyze_text ? 1 : 0) + (options->like_id ? 1 : 0);
    if (actions > 1) {
        program_fail_usage("QUERY, --batch, --like and --analyze exclude each other");
        return OPTIONS_MISTAKE;
    }
    if (!options->index_path && !options->analyze_text) {
        program_fail_usage("--index DIR is missing");
        return OPTIONS_MISTAKE;
    }
    if (actions == 0 && !(terminal_is(stdin) && terminal_is(stdout))) {
        program_fail_usage("there is no QUERY, and no terminal to ask for one");
        return OPTIONS_MISTAKE;
    }
    if (actions == 0 && options->search.offset > 0) {
        program_fail_usage(
            "--offset needs a QUERY, --like or --batch; at the prompt :more shows further hits");
        return OPTIONS_MISTAKE;
    }
    return OPTIONS_RUN;
}

enum options_outcome options_read(struct options *options, int argc, char **argv) {
    *options = (struct options){.search = xunzi_search_options_default()};
    bool only_words = false; /* "--" has been met */
    opterr = 0;
    while (optind < argc) {
        const char *argument = argv[optind];
        if (!only_words && strcmp(argument, "--") == 0) {
            only_words = true;
            optind++;
        } else if (only_words || is_query_word(argument)) {
            if (!add_query_word(options, argument))
                return OPTIONS_MISTAKE;
            optind++;
        } else {
            int option = getopt_long(argc, argv, "+:n:", LONG_OPTIONS, NULL);
            if (option == '?' || option == ':') {
                program_fail_option(option, argv, LONG_OPTIONS);
                return OPTIONS_MISTAKE;
            }
            enum options_outcome outcome = take_option(options, option, optarg);
            if (outcome != OPTIONS_RUN)
                return outcome;
        }
    }
    if (options->count_only) {
        options->search.exact_count = true;
        options->search.limit = 0;
        options->search.offset = 0;
    }
    return check_together(options);
}

void options_free(struct options *options) {
    buffer_free(&options->query);
    buffer_free(&options->source);
}
