/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The usage, in at most 79 columns; man/xunzi-searcher.1 says the same at length. */
#include "searcher/program/usage.h"

#include <stdio.h>

static const char USAGE[] =
    "Usage: xunzi-searcher --index DIR [OPTION]... QUERY...\n"
    "       xunzi-searcher --index DIR [OPTION]... --batch FILE\n"
    "       xunzi-searcher [--index DIR] --analyze TEXT\n"
    "       xunzi-searcher --index DIR [OPTION]...\n"
    "\n"
    "Searches a collection made by xunzi-indexer. A query in Traditional or\n"
    "Simplified characters finds both. Several QUERY words are joined with a space.\n"
    "Without QUERY, on a terminal, it asks for queries (type :help there).\n"
    "\n"
    "      --index DIR      the collection\n"
    "  -n, --limit N        show at most N hits (10)\n"
    "      --offset N       leave out the first N hits (0)\n"
    "      --mode MODE      how QUERY is read (query):\n"
    "                         query   the query language, see below\n"
    "                         or      plain text, any of its terms, ranked\n"
    "                         and     plain text, all of its terms\n"
    "                         phrase  plain text, as one exact phrase\n"
    "      --sort ORDER     relevance, or date: newest first (relevance)\n"
    "      --since DATE     only documents of that day or later\n"
    "      --until DATE     only documents of that day or earlier\n"
    "                       (2021, 2021-05, 2021-05-03 or 2021年5月3日)\n"
    "      --source NAME    only documents of exactly that source\n"
    "      --count          count all matching documents and print the number alone\n"
    "      --facet FIELD    also count all matches by source, year or month\n"
    "      --explain        show how the query was read, its terms, and what each gave\n"
    "                       each hit\n"
    "      --without PART   leave a part of the ranking out, to see what it gives;\n"
    "                       --without list names them\n"
    "      --format FORMAT  text, json (an object a query, on one line) or\n"
    "                       trec (\"qid Q0 id rank score xunzi\") (text)\n"
    "      --color WHEN     auto, always or never (auto)\n"
    "      --batch FILE     answer each line of FILE (-: standard input), which is\n"
    "                       a query, or a query id, a tab and a query\n"
    "      --analyze TEXT   print the terms that TEXT gives: kind, position, byte\n"
    "                       range and term, separated by tabs\n"
    "      --help           print this and end\n"
    "      --version        print the version and end\n"
    "\n"
    "Query language: words are ranked together; +must, -not, \"exact phrase\", AND, OR,\n"
    "NOT and ( ); title:..., source:..., date:2019..2021-06; Latin words by their\n"
    "beginning, covid*; also with full-width signs and quotation marks. What cannot be\n"
    "read so is read as words. A first word like -word in Latin letters needs -- before\n"
    "it.\n"
    "\n"
    "Where a query finds little, a like one that finds more is suggested on standard\n"
    "error (with --format json: in a member), and not searched for.\n"
    "\n"
    "Exit status: 0 with at least one hit, 1 with none, 2 on a mistake or a failure.\n";

void usage_print(void) {
    fputs(USAGE, stdout);
}
