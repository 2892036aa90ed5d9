/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xunzi 尋字: full-text search for Chinese text, as a library.
 *
 * A collection is a folder. One xunzi_writer at a time adds, replaces and deletes documents in it;
 * any number of xunzi_index handles, in this process or others, search it meanwhile, each on the
 * state that was committed last when it was opened or refreshed. A query in Traditional or
 * Simplified characters finds both.
 *
 *     xunzi_index *index;
 *     xunzi_results *results;
 *     xunzi_search_options options = xunzi_search_options_default();
 *     if (xunzi_index_open("news.xunzi", &index) == XUNZI_OK &&
 *         xunzi_search(index, xunzi_string_of("專科聯盟"), &options, &results) == XUNZI_OK) {
 *         for (size_t i = 0; i < xunzi_results_count(results); i++) ... xunzi_results_hit(results,
 * i)->title ...
 *     }
 *
 * Errors. A function that can fail returns a xunzi_status; anything but XUNZI_OK is a failure (or,
 * where that is said, XUNZI_END) and leaves the objects it was given usable and its output
 * parameters NULL or unchanged. xunzi_error_message() then gives one sentence fit for a user: what,
 * where, what to do.
 *
 * Strings. Text goes in and out as xunzi_string, a pointer and a size in bytes: UTF-8, not
 * terminated by a NUL, which may stand inside. Invalid UTF-8 going in is read with U+FFFD in place
 * of each ill-formed sequence (Unicode 15, section 3.9, "substitution of maximal subparts").
 * Strings that come out belong to the object they were asked from and live until that object is
 * freed or, for the *_next functions, until the next call. What is shown is what was stored:
 * strings can hold control characters; xunzi_print_safe() makes them fit for a terminal.
 *
 * Threads. Different handles may be used by different threads at once; one handle by one thread at
 * a time.
 */
#ifndef XUNZI_XUNZI_H
#define XUNZI_XUNZI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define XUNZI_API __attribute__((visibility("default")))
#else
#define XUNZI_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define XUNZI_VERSION "0.1.0"

/* The largest that all members of a document together may be, in bytes. A larger one is refused,
 * never cut. */
#define XUNZI_MAX_DOCUMENT_BYTES (16u << 20)
/* The longest id, in bytes. */
#define XUNZI_MAX_ID_BYTES (64u << 10)
/* The longest query text, in bytes; what is beyond is left out, and a note says so. */
#define XUNZI_MAX_QUERY_BYTES (64u << 10)

/* ---- Status ---- */

typedef enum xunzi_status {
    XUNZI_OK = 0,
    XUNZI_END,     /* an iteration has no more; not an error */
    XUNZI_SKIPPED, /* an input could not be read as a document; the next call goes on behind it */
    XUNZI_ERROR_INVALID_ARGUMENT, /* the caller's mistake: a value that makes no sense */
    XUNZI_ERROR_NOT_FOUND,        /* no such collection, file or document */
    XUNZI_ERROR_NOT_A_COLLECTION, /* the folder holds something else */
    XUNZI_ERROR_NEWER_FORMAT,     /* made by a newer Xunzi */
    XUNZI_ERROR_LOCKED,           /* another writer has the collection */
    XUNZI_ERROR_UNSUPPORTED,      /* this version cannot do that yet */
    XUNZI_ERROR_LIMIT,            /* over one of the limits above */
    XUNZI_ERROR_IO,               /* the operating system refused: permission, full disk ... */
    XUNZI_ERROR_CORRUPT,          /* stored data is damaged */
    XUNZI_ERROR_NO_MEMORY,
    XUNZI_ERROR_INTERNAL
} xunzi_status;

/* The sentence for this thread's last failure; never NULL; valid until the thread's next failing
 * call. It holds no control characters, whatever file names or ids it quotes. */
XUNZI_API const char *xunzi_error_message(void);

/* A short constant name such as "not found". */
XUNZI_API const char *xunzi_status_name(xunzi_status status);

/* ---- Strings ---- */

typedef struct xunzi_string {
    const char *data;
    size_t size;
} xunzi_string;

/* A stretch of a string, in bytes from its start; end is behind the last byte. */
typedef struct xunzi_range {
    uint32_t begin;
    uint32_t end;
} xunzi_range;

/* A view of a NUL-terminated string; NULL gives the empty string. */
XUNZI_API xunzi_string xunzi_string_of(const char *text);

/* Copies text with everything a terminal could take for a command made visible: C0 and C1 controls,
 * DEL, bidirectional controls, line and paragraph separators and invalid bytes become \xNN or
 * \u{NNNN}; tab and line feed become a space where one_line is set and stay otherwise. *out is
 * NUL-terminated and the caller's: free() it. */
XUNZI_API xunzi_status xunzi_print_safe(xunzi_string text, bool one_line, char **out);

/* ---- Documents ---- */

typedef struct xunzi_document {
    xunzi_string
        id; /* at most XUNZI_MAX_ID_BYTES; empty: made from a hash of title, body and url */
    xunzi_string title; /* may be empty */
    xunzi_string body;
    xunzi_string date;   /* as given; 2024-03-18, 2024/3/18, 2024.3, 2024年3月18日, 20240318,
                            民國113年3月18日, in Han numerals too, with or without a time behind,
                            20240318093000, 18 March 2024 and Mon, 18 Mar 2024 09:30:00 GMT are
                            understood for sorting and filters */
    xunzi_string source; /* who published it */
    xunzi_string url;
    xunzi_string extra; /* further members: one JSON object, or empty */
} xunzi_document;

/* What an index keeps of a text; fixed when it is created. */
typedef enum xunzi_profile {
    XUNZI_PROFILE_FULL,  /* bigrams, characters and words: the best ranking */
    XUNZI_PROFILE_BIGRAM /* bigrams and Latin tokens: smaller and faster */
} xunzi_profile;

/* "full" or "bigram". */
XUNZI_API const char *xunzi_profile_name(xunzi_profile profile);

/* ---- Inputs: from files to documents ---- */

typedef enum xunzi_format {
    XUNZI_FORMAT_AUTO, /* .jsonl, .ndjson, .json: JSON Lines; .html, .htm, .xhtml, .shtml, and what
                          begins like HTML under another name than .txt, .text, .md: HTML; else
                          text; also with .gz behind; standard input: JSON Lines */
    XUNZI_FORMAT_TEXT, /* in UTF-8, UTF-16, GB18030 or Big5-HKSCS, whichever it turns out to be */
    XUNZI_FORMAT_HTML, /* likewise; the body is the visible text */
    XUNZI_FORMAT_JSONL
} xunzi_format;

typedef struct xunzi_input xunzi_input;

/* What reading has met so far. */
typedef struct xunzi_input_progress {
    uint64_t documents;   /* given out */
    uint64_t skipped;     /* XUNZI_SKIPPED given out */
    uint64_t bytes_read;  /* of files, compressed where they are */
    uint64_t bytes_total; /* of files, 0 while unknown (standard input) */
    uint64_t
        invalid_bytes; /* sequences that are no character in their charset, replaced by U+FFFD */
    uint64_t repaired_documents; /* documents that held any */
} xunzi_input_progress;

/* Prepares to read the documents of paths, in the order given: files, folders (walked in the order
 * of their names; hidden files and collections are left out; a link to a folder already being
 * walked is not followed), "-" for standard input. gzip is recognised by its first bytes. Fails
 * only on unusable arguments; what is wrong with a path is met by xunzi_input_next. The paths are
 * copied. */
XUNZI_API xunzi_status xunzi_input_open(const char *const *paths, size_t count, xunzi_format format,
                                        xunzi_input **out);

/* The next document: XUNZI_OK; XUNZI_SKIPPED when something could not be read (xunzi_error_message
 * says which file, which line, what is wrong; the call after goes on behind it); XUNZI_END. The
 * document's strings live until the next call. */
XUNZI_API xunzi_status xunzi_input_next(xunzi_input *input, xunzi_document *document);

/* Where the document given last came from: its path, and its line in it (0 for a whole file). For
 * messages. */
XUNZI_API const char *xunzi_input_where(const xunzi_input *input, uint64_t *line);

XUNZI_API xunzi_input_progress xunzi_input_get_progress(const xunzi_input *input);

XUNZI_API void xunzi_input_close(xunzi_input *input);

/* ---- Writing ---- */

typedef struct xunzi_writer xunzi_writer;

typedef struct xunzi_writer_options {
    bool create;           /* make the collection where there is none */
    bool profile_given;    /* profile was asked for: an existing collection of another profile is
                              refused */
    xunzi_profile profile; /* of a collection that is made */
    bool keep_all; /* search navigation, lists of other articles and spam around an article too */
    unsigned
        threads; /* that index at once, the caller's counted; 0: as many as there are processors */
    size_t memory; /* bytes that a large commit may take for what is not yet written, about; 0: 512
                      MiB */
    uint64_t live_most; /* documents that stay in the catalog, where a small commit is quick: with
                           more of them, or with one commit of more than an eighth of it, they go
                           into sealed segments, which are small and fast */
} xunzi_writer_options;

XUNZI_API xunzi_writer_options
xunzi_writer_options_default(void); /* create, full, 1 thread, 512 MiB, 1024 live */

/* Opens the collection in folder path for writing. XUNZI_ERROR_LOCKED at once when another writer
 * has it: nothing waits. */
XUNZI_API xunzi_status xunzi_writer_open(const char *path, const xunzi_writer_options *options,
                                         xunzi_writer **out);

/* Adds a document, or replaces the one of the same id. It can be searched after the commit.
 * XUNZI_ERROR_INVALID_ARGUMENT: neither title nor body holds a letter, digit or character to index;
 * XUNZI_ERROR_LIMIT: too large. After either the writer goes on; after any other error nothing of
 * what was not committed is kept: close the writer. */
XUNZI_API xunzi_status xunzi_writer_add(xunzi_writer *writer, const xunzi_document *document);

/* Deletes the document of that id; XUNZI_ERROR_NOT_FOUND when there is none (the writer goes on).
 */
XUNZI_API xunzi_status xunzi_writer_delete(xunzi_writer *writer, xunzi_string id);

/* Makes all changes since the last commit durable and visible, as one: after a crash either all of
 * them are there or none. */
XUNZI_API xunzi_status xunzi_writer_commit(xunzi_writer *writer);

/* Drops all changes since the last commit. */
XUNZI_API xunzi_status xunzi_writer_rollback(xunzi_writer *writer);

/* Commits, then rewrites the collection in its smallest and fastest form. Readers go on
 * undisturbed. */
XUNZI_API xunzi_status xunzi_writer_optimize(xunzi_writer *writer);

/* Documents in the collection, uncommitted changes included. */
XUNZI_API uint64_t xunzi_writer_documents(const xunzi_writer *writer);

/* Closes; what was not committed is dropped. NULL is accepted. */
XUNZI_API void xunzi_writer_close(xunzi_writer *writer);

/* ---- Inspecting: how a page is read ---- */

/* A field, and where it comes from. */
typedef struct xunzi_inspected_field {
    const char *name; /* "title", "date", "source", "author", "url", "description", "keywords" */
    xunzi_string value;
    const char
        *origin; /* "line"; "JSON member"; in HTML also what declares it: "og:title", "<h1>" ... */
    uint64_t line; /* of an origin "line", from 1; 0 otherwise */
} xunzi_inspected_field;

typedef enum xunzi_inspected_kind {
    XUNZI_INSPECTED_ASIDE,   /* a stretch that is not the article: not searched, unless keep_all is
                                set */
    XUNZI_INSPECTED_SKIPPED, /* read as if it were not there: the reading of a character, a line
                                break inside a sentence */
    XUNZI_INSPECTED_MENDED   /* damaged: searched as `replacement`, as `others`, and as it stands */
} xunzi_inspected_kind;

/* A stretch that is not searched as it stands. */
typedef struct xunzi_inspected_stretch {
    xunzi_inspected_kind kind;
    const char
        *reason; /* for people: "navigation", "spam", "reading of a character", "lost byte" ... */
    const char *member;       /* "title", "body" or "source" */
    uint64_t line;            /* in the file, or in the member where that is no line of a file */
    xunzi_range range;        /* in the member, in bytes */
    xunzi_string text;        /* of that range */
    xunzi_string replacement; /* MENDED */
    xunzi_string others; /* MENDED: what it may as well have been, the likeliest first, each with a
                            NUL behind it */
} xunzi_inspected_stretch;

typedef struct xunzi_inspection {
    xunzi_document document; /* as xunzi_input_next gives it */
    const char *format;      /* "text", "html", "jsonl" */
    xunzi_string charset;    /* of the file, and why it is taken to be that: one clause */
    const xunzi_inspected_field *fields;
    size_t field_count;
    const xunzi_inspected_stretch *stretches; /* by member, ascending */
    size_t stretch_count;
} xunzi_inspection;

typedef struct xunzi_inspector xunzi_inspector;

/* Begins to read paths, as xunzi_input_open does. */
XUNZI_API xunzi_status xunzi_inspector_open(const char *const *paths, size_t count,
                                            xunzi_format format, xunzi_inspector **out);

/* The next document; all of it lives until the next call. XUNZI_END; XUNZI_SKIPPED as of
 * xunzi_input_next. */
XUNZI_API xunzi_status xunzi_inspector_next(xunzi_inspector *inspector,
                                            const xunzi_inspection **out);

XUNZI_API xunzi_input_progress xunzi_inspector_get_progress(const xunzi_inspector *inspector);

XUNZI_API void xunzi_inspector_close(xunzi_inspector *inspector); /* NULL is accepted */

/* ---- Reading ---- */

typedef struct xunzi_index xunzi_index;

XUNZI_API xunzi_status xunzi_index_open(const char *path, xunzi_index **out);

/* Moves to the newest committed state. Cheap when nothing has changed. */
XUNZI_API xunzi_status xunzi_index_refresh(xunzi_index *index);

XUNZI_API void xunzi_index_close(xunzi_index *index);

XUNZI_API xunzi_profile xunzi_index_profile(const xunzi_index *index);

typedef struct xunzi_statistics {
    uint64_t documents;      /* that can be found */
    uint64_t live_documents; /* of them, in the catalog */
    uint64_t segments;       /* sealed segments */
    uint64_t terms;          /* distinct terms that queries rank by */
    uint64_t postings;       /* pairs of such a term and a document */
    uint64_t bytes;          /* of all the collection's files */
    xunzi_profile profile;
} xunzi_statistics;

/* Counts by walking all terms: milliseconds to seconds. */
XUNZI_API xunzi_status xunzi_index_statistics(xunzi_index *index, xunzi_statistics *out);

/* The document of that id, or XUNZI_ERROR_NOT_FOUND. Its strings live until the handle's next call
 * of this function. */
XUNZI_API xunzi_status xunzi_index_document(xunzi_index *index, xunzi_string id,
                                            xunzi_document *out);

/* All documents, in the order in which they were written last. Strings live until the next call;
 * the cursor until it is closed, which is before its index is. */
typedef struct xunzi_cursor xunzi_cursor;
XUNZI_API xunzi_status xunzi_cursor_open(xunzi_index *index, xunzi_cursor **out);
XUNZI_API xunzi_status xunzi_cursor_next(xunzi_cursor *cursor, xunzi_document *out); /* XUNZI_END */
XUNZI_API void xunzi_cursor_close(xunzi_cursor *cursor);

/* One finding of a check, as a sentence. */
typedef void xunzi_check_report(void *context, const char *sentence);

/* Verifies every structure, checksum and cross-reference of the collection at path; each thing
 * wrong is reported. XUNZI_OK: sound; XUNZI_ERROR_CORRUPT: something was reported. Xapian 1.4
 * trusts some of what the catalog's tables hold: where a crash must not reach the caller, call this
 * in a child process, as xunzi-indexer does. */
XUNZI_API xunzi_status xunzi_check(const char *path, xunzi_check_report *report, void *context);

/* ---- Searching ---- */

typedef enum xunzi_mode {
    XUNZI_MODE_QUERY, /* the query language: words, "phrases", +must, -not */
    XUNZI_MODE_OR,    /* plain text: any term, ranked */
    XUNZI_MODE_AND,   /* plain text: every term */
    XUNZI_MODE_PHRASE /* plain text: as one exact phrase, under folding */
} xunzi_mode;

typedef enum xunzi_sort {
    XUNZI_SORT_RELEVANCE,
    XUNZI_SORT_DATE /* newest first, documents without a date last; equal dates by relevance */
} xunzi_sort;

/* What matches are counted by. */
typedef enum xunzi_facet {
    XUNZI_FACET_NONE,
    XUNZI_FACET_SOURCE, /* one under folding: shown as most of them spell it */
    XUNZI_FACET_YEAR,   /* "2024" */
    XUNZI_FACET_MONTH   /* "2024-03" */
} xunzi_facet;

typedef struct xunzi_facet_value {
    xunzi_string value; /* empty: documents that have none */
    uint64_t count;
} xunzi_facet_value;

/* Parts of the ranking, to be left out for measuring what they give. */
typedef enum xunzi_ranking_part {
    XUNZI_RANKING_CHARACTERS = 1, /* characters and words beside bigrams */
    XUNZI_RANKING_CLOSENESS = 2,  /* terms that stand together */
    XUNZI_RANKING_FUNCTION = 4,   /* bigrams with one function character weigh less */
    XUNZI_RANKING_LATIN = 8,      /* Latin words and numbers weigh more */
    XUNZI_RANKING_RARITY = 16     /* rare terms weigh more than their idf */
} xunzi_ranking_part;

typedef struct xunzi_search_options {
    xunzi_mode mode;
    xunzi_sort sort;
    size_t limit;         /* hits wanted; 10 */
    size_t offset;        /* hits left out before them */
    bool exact_count;     /* count every match, not only as far as ranking needs */
    bool snippets;        /* true */
    bool fold_duplicates; /* copies of one article, on a page with another heading or in the other
                             script, are one hit, the best of them; among the best 1,000; not with
                             ranking_only; true */
    bool ranking_only;  /* read no stored document: hits have rank and score, and empty strings; for
                           who counts, compares  rankings or measures; false */
    xunzi_string since; /* a date, or "2021", "2021-05": first day of it; empty: no bound */
    xunzi_string until; /* the same: last day of it, inclusive */
    xunzi_string source; /* exactly this source, under folding; empty: any */
    xunzi_facet facet;   /* also count all matches by this; none */
    unsigned without;    /* xunzi_ranking_part values added up; 0 */
    bool suggest;        /* where there is little to find, tell what was probably meant; not with
                            ranking_only or an offset; true */
    bool explain;        /* tell how the query was read and what each term gave each hit; false */
} xunzi_search_options;

XUNZI_API xunzi_search_options xunzi_search_options_default(void);

typedef enum xunzi_token_kind {
    XUNZI_TOKEN_BIGRAM,    /* two neighbouring Han, kana or Hangul characters */
    XUNZI_TOKEN_CHARACTER, /* one of them */
    XUNZI_TOKEN_WORD,      /* a word of two or more of them, found by segmentation */
    XUNZI_TOKEN_LATIN      /* a run of letters and digits */
} xunzi_token_kind;

/* "bigram", "character", "word", "latin". */
XUNZI_API const char *xunzi_token_kind_name(xunzi_token_kind kind);

/* A term that a query ranks by. */
typedef struct xunzi_ranked_term {
    xunzi_string term; /* folded */
    xunzi_token_kind kind;
    uint64_t frequency; /* documents that have it */
    double idf;
    double weight; /* how much the query asks for it */
} xunzi_ranked_term;

/* What a term gave a hit. */
typedef struct xunzi_gain {
    size_t term;  /* of xunzi_results_terms */
    uint32_t wdf; /* how often the hit has it, its title's occurrences counted thrice */
    double score;
} xunzi_gain;

/* A document whose text is that of a hit, all but a little. */
typedef struct xunzi_duplicate {
    xunzi_string id, title, date, source, url;
} xunzi_duplicate;

typedef struct xunzi_hit {
    uint64_t rank; /* 1 is the first of all hits, offset included */
    double score;
    xunzi_string id, title, date, source, url;
    xunzi_string snippet; /* the stretch of the original that answers best, in one line; "…" where a
                             sentence is cut */
    const xunzi_range *title_matches; /* ascending, apart */
    size_t title_match_count;
    const xunzi_range *snippet_matches;
    size_t snippet_match_count;
    const xunzi_gain *gains; /* with the option explain: the largest first */
    size_t gain_count;
    double closeness; /* with the option explain: what it gained by having the query's terms close
                         together */
    const xunzi_duplicate *duplicates; /* with the option fold_duplicates: copies that rank behind
                                          it and are no hits of their own, the best first; of those
                                          that were met in filling the page and 40 hits more */
    size_t duplicate_count;
} xunzi_hit;

typedef struct xunzi_results xunzi_results;

/* Answers a query. Any bytes are accepted; a query without a term to look for has no hits, and a
 * note. */
XUNZI_API xunzi_status xunzi_search(xunzi_index *index, xunzi_string query,
                                    const xunzi_search_options *options, xunzi_results **out);

/* Documents like the one of that id, which is itself no hit: those that share what says most about
 * its title and article. Options are as for a query, but for the mode, which means nothing here.
 * XUNZI_ERROR_NOT_FOUND: there is no document of that id. */
XUNZI_API xunzi_status xunzi_search_like(xunzi_index *index, xunzi_string id,
                                         const xunzi_search_options *options, xunzi_results **out);

XUNZI_API size_t xunzi_results_count(const xunzi_results *results);
XUNZI_API const xunzi_hit *xunzi_results_hit(const xunzi_results *results,
                                             size_t i); /* NULL past the last */
XUNZI_API uint64_t
xunzi_results_total(const xunzi_results *results); /* matches in the collection */
XUNZI_API bool
xunzi_results_exact(const xunzi_results *results); /* whether total is exact; else an estimate */
XUNZI_API uint64_t xunzi_results_microseconds(const xunzi_results *results);
/* How the query was read, where it was not read as typed; NULL otherwise. A sentence. */
XUNZI_API const char *xunzi_results_note(const xunzi_results *results);
/* With the option suggest: the query that was probably meant, as a text to search for, where this
 * one finds little and that one more; NULL otherwise. It holds what the query held. */
XUNZI_API const char *xunzi_results_suggestion(const xunzi_results *results);
/* With the option explain, otherwise NULL: how the query was read, as a tree, a line a node; and
 * the terms that it ranked by. */
XUNZI_API const char *xunzi_results_tree(const xunzi_results *results);
XUNZI_API const xunzi_ranked_term *xunzi_results_terms(const xunzi_results *results, size_t *count);
/* With the option facet: how many of all matches are of each value; sources the most frequent
 * first, years and months the latest first. */
XUNZI_API const xunzi_facet_value *xunzi_results_facets(const xunzi_results *results,
                                                        size_t *count);
XUNZI_API void xunzi_results_free(xunzi_results *results);

/* ---- Analysis: the terms that a text gives ---- */

typedef struct xunzi_token {
    xunzi_token_kind kind;
    uint32_t position; /* characters and Latin tokens are counted; a separator between Chinese
                          characters counts as one */
    xunzi_range range; /* in the text given */
    xunzi_string term; /* folded; lives during the call */
} xunzi_token;

typedef void xunzi_token_visitor(void *context, const xunzi_token *token);

/* Calls visit for each token of text, by position, then by the order of the kinds above. */
XUNZI_API xunzi_status xunzi_analyze(xunzi_string text, xunzi_profile profile,
                                     xunzi_token_visitor *visit, void *context);

#ifdef __cplusplus
}
#endif

#endif
