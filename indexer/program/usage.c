/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The help texts, at most 79 columns wide. man/xunzi-indexer.1 tells the same at more length. */
#include "indexer/program/usage.h"

#include <stddef.h>
#include <string.h>

static const char program_usage[] =
    "Usage: xunzi-indexer COMMAND --index DIR [OPTION]... [ARGUMENT]...\n"
    "       xunzi-indexer inspect [OPTION]... PATH...\n"
    "Make and keep a collection of Chinese text for xunzi-searcher.\n"
    "\n"
    "Commands:\n"
    "  add        add documents from files, folders or standard input\n"
    "  delete     delete documents by their ids\n"
    "  optimize   rewrite the collection in its smallest and fastest form\n"
    "  stats      print how many documents, terms, postings and bytes there are\n"
    "  check      verify every checksum and cross-reference\n"
    "  export     print every document as JSON Lines\n"
    "  inspect    print how files are read: charset, fields, what is mended\n"
    "\n"
    "'xunzi-indexer COMMAND --help' tells about a command.\n"
    "\n"
    "  --help     print this and exit\n"
    "  --version  print the version and exit\n"
    "\n"
    "Exit status: 0 all done; 1 some inputs were skipped or ids not found, each\n"
    "named on standard error; 2 a mistake or a failure.\n";

static const char add_usage[] =
    "Usage: xunzi-indexer add --index DIR [OPTION]... PATH...\n"
    "Add the documents of each PATH to the collection in folder DIR, which is made\n"
    "if there is none. A document whose id is there already replaces that one.\n"
    "Either all that could be read is added, or, on failure or interruption,\n"
    "nothing.\n"
    "\n"
    "A PATH is a file, a folder (walked; names that begin with a dot are left out)\n"
    "or '-' for standard input. Files may be compressed by gzip. Text and HTML may\n"
    "be UTF-8, UTF-16, GB18030 (GBK, GB 2312) or Big5-HKSCS: which is found out.\n"
    "\n"
    "  --index DIR       the collection\n"
    "  --format FORMAT   how files are read:\n"
    "                      auto   by name: .jsonl, .ndjson and .json are JSON Lines,\n"
    "                             .html, .htm, .xhtml and .shtml are HTML, and so is\n"
    "                             what begins like it under a name that does not\n"
    "                             tell; all else is text; standard input is JSON\n"
    "                             Lines (the default)\n"
    "                      text   a file is a document; its first line is the title\n"
    "                      html   a file is a document: title, date, source and URL\n"
    "                             as declared in it, and its visible text\n"
    "                      jsonl  a line is a document: an object of strings \"id\",\n"
    "                             \"title\", \"body\", \"date\", \"source\", \"url\"; body\n"
    "                             must be there; other members are kept\n"
    "  --profile PROFILE what a new collection keeps, for good:\n"
    "                      full   bigrams, characters and words: best ranking\n"
    "                             (the default)\n"
    "                      bigram bigrams and Latin tokens: smaller and faster\n"
    "  --keep-all        search all of a page: navigation, lists of other articles,\n"
    "                    key words, notices and spam around the article too\n"
    "  --threads N       work with N threads (default: one a processor); the index\n"
    "                    is the same whatever N\n"
    "  --memory SIZE     take about SIZE for what is not yet written, such as 512M\n"
    "                    (the default) or 2G\n"
    "  --help            print this and exit\n"
    "\n"
    "Exit status: 0 all was added; 1 some inputs were skipped, each named on\n"
    "standard error; 2 a mistake or a failure: the collection is as it was.\n";

static const char delete_usage[] =
    "Usage: xunzi-indexer delete --index DIR ID...\n"
    "Delete the documents of these ids from the collection in folder DIR. An id that\n"
    "begins with '-' is given behind '--'.\n"
    "\n"
    "  --index DIR  the collection\n"
    "  --help       print this and exit\n"
    "\n"
    "Exit status: 0 all were deleted; 1 some were not there, each named on\n"
    "standard error; 2 a mistake or a failure: the collection is as it was.\n";

static const char optimize_usage[] =
    "Usage: xunzi-indexer optimize --index DIR\n"
    "Rewrite the collection in folder DIR in its smallest and fastest form. Searches\n"
    "go on meanwhile.\n"
    "\n"
    "  --index DIR  the collection\n"
    "  --help       print this and exit\n"
    "\n"
    "Exit status: 0 done; 2 a mistake or a failure.\n";

static const char stats_usage[] =
    "Usage: xunzi-indexer stats --index DIR [--json]\n"
    "Print what the collection in folder DIR holds.\n"
    "\n"
    "  --index DIR  the collection\n"
    "  --json       print one JSON object: documents, live_documents, segments,\n"
    "               terms, postings, bytes, profile\n"
    "  --help       print this and exit\n"
    "\n"
    "Exit status: 0 done; 2 a mistake or a failure.\n";

static const char check_usage[] =
    "Usage: xunzi-indexer check --index DIR\n"
    "Verify every checksum and cross-reference of the collection in folder DIR. What\n"
    "is wrong is told on standard error.\n"
    "\n"
    "  --index DIR  the collection\n"
    "  --help       print this and exit\n"
    "\n"
    "Exit status: 0 the collection is sound; 2 it is damaged, or could not be\n"
    "checked.\n";

static const char export_usage[] =
    "Usage: xunzi-indexer export --index DIR\n"
    "Print every document of the collection in folder DIR that is not deleted, one\n"
    "JSON object a line, as 'xunzi-indexer add' reads them.\n"
    "\n"
    "  --index DIR  the collection\n"
    "  --help       print this and exit\n"
    "\n"
    "Exit status: 0 done; 2 a mistake or a failure.\n";

static const char inspect_usage[] =
    "Usage: xunzi-indexer inspect [--json] PATH...\n"
    "Print how the documents of each PATH, as 'xunzi-indexer add' takes them, are\n"
    "read: charset and why; title, date, source and author and from which line;\n"
    "readings of characters that are left out; stretches that are mended, before\n"
    "and after; lines that are set aside, and why. Nothing is added to anything.\n"
    "\n"
    "  --json         print one JSON object a document: id, format, charset,\n"
    "                 charset_reason, fields, annotations, line_breaks, mended, aside\n"
    "  --format TYPE  text (the default), or json: the same as --json\n"
    "  --help         print this and exit\n"
    "\n"
    "Exit status: 0 all was read; 1 some inputs were skipped, each named on\n"
    "standard error; 2 a mistake or a failure.\n";

const char *usage_of(const char *command) {
    static const struct {
        const char *command;
        const char *text;
    } usages[] = {{"add", add_usage},        {"delete", delete_usage}, {"optimize", optimize_usage},
                  {"stats", stats_usage},    {"check", check_usage},   {"export", export_usage},
                  {"inspect", inspect_usage}};
    if (!command)
        return program_usage;
    for (size_t i = 0; i < sizeof usages / sizeof *usages; i++)
        if (strcmp(command, usages[i].command) == 0)
            return usages[i].text;
    return NULL;
}
