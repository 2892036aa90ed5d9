/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xunzi-bench: measures how fast a collection answers a list of queries. What is measured is the
 * public interface, xunzi.h, and nothing else of the library is used. */
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <xunzi/xunzi.h>

#include "bench_message.h"
#include "measure.h"
#include "query_file.h"

enum { DEFAULT_REPEAT = 5, MAX_REPEAT = 10000, MAX_THREADS = 256 };

static const char USAGE[] =
    "Usage: xunzi-bench --index DIR --queries FILE --mode MODE --top N [OPTION]...\n"
    "\n"
    "Measures inside the process how fast a collection answers queries.\n"
    "\n"
    "  --index DIR     the collection\n"
    "  --queries FILE  a line each: a query, or a query id, a tab and a query\n"
    "  --mode MODE     or, and or phrase: how the queries are read\n"
    "  --top N         hits wanted of each query; 0 with --count: none\n"
    "  --count         count every match exactly\n"
    "  --fetch         read the hits' stored documents, too\n"
    "  --plain         rank by BM25 over bigrams and Latin tokens, nothing else\n"
    "  --repeat R      timed passes over all queries (5)\n"
    "  --threads T     answer in T threads at once, each with its own handle (1)\n"
    "  --json          print one JSON object: queries, mean_us, p50_us, p90_us,\n"
    "                  p99_us, qps, hits; a small table otherwise\n"
    "  --help          print this and end\n"
    "  --version       print the version and end\n"
    "\n"
    "Every thread first answers all queries once, untimed, to warm up. Then it goes\n"
    "R times through the whole list. Timed is xunzi_search, from the text of the\n"
    "query to the hits with their scores, and with --fetch their ids, titles and\n"
    "other members, but no snippets. A query's time\n"
    "is the median of its R x T runs; mean and percentiles (nearest rank) are taken\n"
    "over the queries, in microseconds. qps is all runs of all threads over the\n"
    "time that they took together. hits is the sum of the hits returned to one pass,\n"
    "with --count the sum of the exact numbers of matches. Nothing is cached from\n"
    "one run to the next but what the library and the system keep by themselves.\n"
    "\n"
    "Exit status: 0 done; 2 a mistake or a failure.\n";

enum outcome { RUN, DONE, MISTAKE };

struct options {
    struct measure_options measure;
    const char *queries_path;
    bool has_mode, has_top, json;
};

enum {
    OPTION_COUNT = 256,
    OPTION_FETCH,
    OPTION_HELP,
    OPTION_INDEX,
    OPTION_JSON,
    OPTION_MODE,
    OPTION_PLAIN,
    OPTION_QUERIES,
    OPTION_REPEAT,
    OPTION_THREADS,
    OPTION_TOP,
    OPTION_VERSION
};

static const struct option LONG_OPTIONS[] = {
    {"count", no_argument, NULL, OPTION_COUNT},
    {"fetch", no_argument, NULL, OPTION_FETCH},
    {"help", no_argument, NULL, OPTION_HELP},
    {"index", required_argument, NULL, OPTION_INDEX},
    {"json", no_argument, NULL, OPTION_JSON},
    {"mode", required_argument, NULL, OPTION_MODE},
    {"plain", no_argument, NULL, OPTION_PLAIN},
    {"queries", required_argument, NULL, OPTION_QUERIES},
    {"repeat", required_argument, NULL, OPTION_REPEAT},
    {"threads", required_argument, NULL, OPTION_THREADS},
    {"top", required_argument, NULL, OPTION_TOP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

/* Reads a whole number from least to most into *out; a message where it is anything else. */
static bool read_number(const char *option, const char *text, size_t least, size_t most,
                        size_t *out) {
    size_t value = 0;
    bool ok = *text != '\0';
    for (const char *at = text; ok && *at; at++) {
        size_t digit = (size_t)(*at - '0');
        ok = *at >= '0' && *at <= '9' && value <= (most - digit) / 10;
        value = value * 10 + digit;
    }
    if (!ok || value < least)
        return bench_fail_usage("%s is to be a whole number from %zu to %zu, not '%s'", option,
                                least, most, text);
    *out = value;
    return true;
}

static bool read_mode(const char *text, xunzi_mode *out) {
    if (strcmp(text, "or") == 0)
        *out = XUNZI_MODE_OR;
    else if (strcmp(text, "and") == 0)
        *out = XUNZI_MODE_AND;
    else if (strcmp(text, "phrase") == 0)
        *out = XUNZI_MODE_PHRASE;
    else
        return bench_fail_usage("--mode is to be or, and or phrase, not '%s'", text);
    return true;
}

static enum outcome fail_option(int returned, char *const *arguments) {
    const char *given = arguments[optind - 1];
    if (returned == ':')
        bench_fail_usage("option '%s' needs a value", given);
    else if (optopt != 0 && strncmp(given, "--", 2) == 0)
        bench_fail_usage("option '%.*s' takes no value", (int)strcspn(given, "="), given);
    else
        bench_fail_usage("there is no option '%s'", given);
    return MISTAKE;
}

/* Takes one option that getopt_long has returned, with its value. */
static enum outcome take_option(struct options *options, int option, const char *value) {
    struct measure_options *measure = &options->measure;
    bool ok = true;
    switch (option) {
    case OPTION_INDEX:
        measure->index_path = value;
        break;
    case OPTION_QUERIES:
        options->queries_path = value;
        break;
    case OPTION_MODE:
        options->has_mode = true;
        ok = read_mode(value, &measure->mode);
        break;
    case OPTION_TOP:
        options->has_top = true;
        ok = read_number("--top", value, 0, SIZE_MAX, &measure->top);
        break;
    case OPTION_REPEAT:
        ok = read_number("--repeat", value, 1, MAX_REPEAT, &measure->repeat);
        break;
    case OPTION_THREADS:
        ok = read_number("--threads", value, 1, MAX_THREADS, &measure->threads);
        break;
    case OPTION_COUNT:
        measure->count = true;
        break;
    case OPTION_FETCH:
        measure->fetch = true;
        break;
    case OPTION_PLAIN:
        measure->plain = true;
        break;
    case OPTION_JSON:
        options->json = true;
        break;
    case OPTION_HELP:
        fputs(USAGE, stdout);
        return DONE;
    default:
        printf("xunzi-bench %s\n", XUNZI_VERSION);
        return DONE;
    }
    return ok ? RUN : MISTAKE;
}

static bool check_together(const struct options *options) {
    if (!options->measure.index_path)
        return bench_fail_usage("--index DIR is missing");
    if (!options->queries_path)
        return bench_fail_usage("--queries FILE is missing");
    if (!options->has_mode)
        return bench_fail_usage("--mode is missing: or, and or phrase");
    if (!options->has_top)
        return bench_fail_usage("--top N is missing");
    if (options->measure.top == 0 && !options->measure.count)
        return bench_fail_usage("--top 0 asks for nothing; it needs --count");
    return true;
}

static enum outcome read_options(struct options *options, int argc, char **argv) {
    *options = (struct options){.measure = {.repeat = DEFAULT_REPEAT, .threads = 1}};
    int option;
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":", LONG_OPTIONS, NULL)) != -1) {
        if (option == '?' || option == ':')
            return fail_option(option, argv);
        enum outcome outcome = take_option(options, option, optarg);
        if (outcome != RUN)
            return outcome;
    }
    if (optind < argc) {
        bench_fail_usage("'%s' is not an option", argv[optind]);
        return MISTAKE;
    }
    return check_together(options) ? RUN : MISTAKE;
}

static void print_figures(const struct measure_figures *figures, bool json) {
    if (json)
        printf("{\"queries\": %zu, \"mean_us\": %.2f, \"p50_us\": %.2f, \"p90_us\": %.2f, "
               "\"p99_us\": %.2f, \"qps\": %.1f, \"hits\": %" PRIu64 "}\n",
               figures->queries, figures->mean, figures->p50, figures->p90, figures->p99,
               figures->queries_per_second, figures->hits);
    else
        printf("%8s %11s %11s %11s %11s %11s %12s\n"
               "%8zu %11.2f %11.2f %11.2f %11.2f %11.1f %12" PRIu64 "\n",
               "queries", "mean us", "p50 us", "p90 us", "p99 us", "queries/s", "hits",
               figures->queries, figures->mean, figures->p50, figures->p90, figures->p99,
               figures->queries_per_second, figures->hits);
}

static bool run(const struct options *options) {
    struct query_file queries;
    struct measure_figures figures;
    bool ok = query_file_read(&queries, options->queries_path) &&
              measure_run(&options->measure, &queries, &figures);
    query_file_free(&queries);
    if (ok)
        print_figures(&figures, options->json);
    return ok;
}

int main(int argc, char **argv) {
    struct options options;
    signal(SIGPIPE, SIG_IGN);
    enum outcome outcome = read_options(&options, argc, argv);
    bool ok = outcome == RUN ? run(&options) : outcome == DONE;
    bool written = fflush(stdout) == 0 && !ferror(stdout);
    if (!written)
        bench_fail("cannot write to standard output; what was written is not complete");
    return ok && written ? BENCH_EXIT_OK : BENCH_EXIT_FAILURE;
}
