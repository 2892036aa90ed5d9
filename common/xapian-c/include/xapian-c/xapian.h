/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xapian.h -- a plain C interface to the Xapian search engine library (1.4.22 or later).
 *
 * A program opens a xapian_database, puts xapian_documents into it, or builds a xapian_query, hands
 * it to a xapian_enquire and reads the ranked answers from a xapian_mset. Every name is Xapian's
 * own, in C spelling; what this page does not explain further behaves as in Xapian's documentation.
 * C17 and C++ may both include it.
 *
 * STATUS. A function that can fail returns xapian_status: XAPIAN_OK (0), an error, or, for
 * iterators, XAPIAN_END. After an error xapian_error_message() tells in one sentence what failed.
 * No C++ exception leaves the library. A function with another return type cannot fail. A NULL
 * where a handle, an array or an output is needed gives XAPIAN_ERROR_INVALID_ARGUMENT (from the
 * functions that cannot fail: 0 or false); text of size 0 may be NULL. A handle that was being
 * changed when XAPIAN_ERROR_NO_MEMORY came up may be left half changed: free it.
 *
 * HANDLES. All types are opaque. What a function puts in `*out` belongs to the caller, who frees it
 * with the type's `_free`; every `_free` accepts NULL. `*out` is NULL after a failure; a number put
 * out is untouched then. A handle keeps alive what it needs: handles may be freed in any order,
 * also while others made from them live on. Handles given to a function stay the caller's.
 *
 * STRINGS. Terms, values, document data, metadata and keys may hold any byte, so they come as
 * pointer and size; paths, host names and the like end in NUL. Strings handed out land in a
 * xapian_string: a buffer of the caller's that each call fills anew, growing it as needed, as
 * getline() does. One xapian_string can serve a whole loop, and is freed once:
 *
 *     xapian_string term = XAPIAN_STRING_INIT;
 *     while ((status = xapian_term_iterator_next(iterator)) == XAPIAN_OK) {
 *         if (xapian_term_iterator_term(iterator, &term) == XAPIAN_OK)
 *             use(term.data, term.size);
 *     }
 *     xapian_string_free(&term);
 *
 * Text given to a callback is valid until the callback returns.
 *
 * THREADS. A handle is used by one thread at a time. Handles made from one another (a database and
 * its iterators, a query and the enquire holding it, an mset and its documents) share counters
 * without locks, so they count as one handle: they may move to another thread together, but must
 * not be used (nor freed) in two at once. Handles opened apart are independent: for several
 * searching threads, let each open its own database and build its own query. The error message is
 * kept per thread.
 *
 * UNITS. Document ids start at 1; 0 is no document. Lengths count terms (the sum of the wdf, the
 * within-document frequency), sizes count bytes, times are in seconds unless a name says
 * milliseconds.
 */
#ifndef XAPIAN_C_XAPIAN_H
#define XAPIAN_C_XAPIAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Any number may arrive where an enumeration is expected; C++ needs to be told so. */
#ifdef __cplusplus
#define XAPIAN_C_UNSIGNED : unsigned
extern "C" {
#else
#define XAPIAN_C_UNSIGNED
#endif

#define XAPIAN_C_VERSION_MAJOR 1
#define XAPIAN_C_VERSION_MINOR 0
#define XAPIAN_C_VERSION_PATCH 0

/* The version of the Xapian library in use, such as "1.4.22". */
const char *xapian_version_string(void);
int xapian_version_major(void);
int xapian_version_minor(void);
int xapian_version_revision(void);

/* The version of this interface, such as "1.0.0". */
const char *xapian_c_version_string(void);

/* ---- numbers --------------------------------------------------------------------------------- */

typedef uint32_t xapian_docid;
typedef uint32_t xapian_doccount;
typedef uint32_t xapian_termcount;
typedef uint32_t xapian_termpos;
typedef uint32_t xapian_valueno;
typedef uint64_t xapian_totallength;
typedef uint64_t xapian_revision;

/* No value slot: turns collapsing off. */
#define XAPIAN_BAD_VALUENO UINT32_MAX

/* ---- status ---------------------------------------------------------------------------------- */

typedef enum xapian_status XAPIAN_C_UNSIGNED {
    XAPIAN_OK = 0,
    XAPIAN_END = 1, /* an iterator is past its last item: no error, leaves the message alone */

    XAPIAN_ERROR_INVALID_ARGUMENT = 2,
    XAPIAN_ERROR_INVALID_OPERATION, /* a call that the object's state forbids, like a read-only
                                       database to be written */
    XAPIAN_ERROR_UNIMPLEMENTED,     /* this kind of database cannot do that */
    XAPIAN_ERROR_ASSERTION,
    XAPIAN_ERROR_DATABASE, /* any trouble with a database that has no status of its own */
    XAPIAN_ERROR_DATABASE_CLOSED,
    XAPIAN_ERROR_DATABASE_CORRUPT,
    XAPIAN_ERROR_DATABASE_CREATE,
    XAPIAN_ERROR_DATABASE_LOCK,     /* another writer has it open */
    XAPIAN_ERROR_DATABASE_MODIFIED, /* the snapshot was overwritten: reopen it and try again */
    XAPIAN_ERROR_DATABASE_NOT_FOUND,
    XAPIAN_ERROR_DATABASE_OPENING,
    XAPIAN_ERROR_DATABASE_VERSION,
    XAPIAN_ERROR_DOC_NOT_FOUND,
    XAPIAN_ERROR_FEATURE_UNAVAILABLE,
    XAPIAN_ERROR_INTERNAL,
    XAPIAN_ERROR_NETWORK,
    XAPIAN_ERROR_NETWORK_TIMEOUT,
    XAPIAN_ERROR_QUERY_PARSER,
    XAPIAN_ERROR_RANGE,
    XAPIAN_ERROR_SERIALISATION,
    XAPIAN_ERROR_WILDCARD, /* a wildcard expands to more terms than its limit */
    XAPIAN_ERROR_NO_MEMORY,
    XAPIAN_ERROR_STOPPED,   /* a callback returned XAPIAN_STOP */
    XAPIAN_ERROR_UNEXPECTED /* an exception that is not Xapian's */
} xapian_status;

/* The constant's own name, such as "XAPIAN_ERROR_DATABASE_LOCK"; for a number that is no status,
 * "XAPIAN_STATUS_UNKNOWN". Never NULL, lives for ever. */
const char *xapian_status_name(xapian_status status);

/* One sentence on this thread's latest failure; "" before the first. Successful calls leave it.
 * Valid until the thread's next failing call. Never NULL. */
const char *xapian_error_message(void);

/* ---- strings --------------------------------------------------------------------------------- */

/* Bytes owned by the caller: `data[size]` is always NUL once `data` is not NULL. Start from
 * XAPIAN_STRING_INIT (or zeroes). `data` comes from malloc(): a caller may keep it, free() it
 * later, and set the struct back to zeroes. When filling it fails, `size` is 0. */
typedef struct xapian_string {
    char *data;
    size_t size;
    size_t capacity; /* bytes allocated at data; leave it to the library */
} xapian_string;

#define XAPIAN_STRING_INIT \
    { NULL, 0, 0 }

/* Copies `size` bytes in; for callbacks that hand text back, and for tests. */
xapian_status xapian_string_set(xapian_string *string, const char *data, size_t size);

/* Frees the bytes and sets the struct back to XAPIAN_STRING_INIT. */
void xapian_string_free(xapian_string *string);

/* Bytes that belong to somebody else. */
typedef struct xapian_slice {
    const char *data;
    size_t size;
} xapian_slice;

/* ---- callbacks ------------------------------------------------------------------------------- */

/* What a callback answers. XAPIAN_STOP ends the whole call, which then returns
 * XAPIAN_ERROR_STOPPED. A callback gets back the `context` it was given with, must not free a
 * handle that the running call uses, and must not leave by longjmp(). A C++ callback that throws
 * gives XAPIAN_ERROR_UNEXPECTED.
 *
 * A document given to a callback is lent until it returns. Its id, its data, its terms and its
 * values slot by slot can be read; what needs the whole document (counting terms or values,
 * iterating over the values, copying, serialising, adding to a database) gives
 * XAPIAN_ERROR_INVALID_OPERATION. */
typedef enum xapian_step XAPIAN_C_UNSIGNED { XAPIAN_CONTINUE = 0, XAPIAN_STOP = 1 } xapian_step;

typedef enum xapian_verdict XAPIAN_C_UNSIGNED {
    XAPIAN_REJECT = 0,
    XAPIAN_ACCEPT = 1,
    XAPIAN_STOP_DECIDING = 2
} xapian_verdict;

/* ---- handles --------------------------------------------------------------------------------- */

typedef struct xapian_database xapian_database;
typedef struct xapian_document xapian_document;
typedef struct xapian_term_iterator xapian_term_iterator;
typedef struct xapian_posting_iterator xapian_posting_iterator;
typedef struct xapian_position_iterator xapian_position_iterator;
typedef struct xapian_value_iterator xapian_value_iterator;
typedef struct xapian_query xapian_query;
typedef struct xapian_query_parser xapian_query_parser;
typedef struct xapian_weight xapian_weight;
typedef struct xapian_key_maker xapian_key_maker;
typedef struct xapian_match_spy xapian_match_spy;
typedef struct xapian_enquire xapian_enquire;
typedef struct xapian_rset xapian_rset;
typedef struct xapian_eset xapian_eset;
typedef struct xapian_mset xapian_mset;

/* ---- databases: opening and closing ---------------------------------------------------------- */

enum {
    /* What to do at the path (xapian_database_open_writable): one of these four. */
    XAPIAN_DB_CREATE_OR_OPEN = 0x00,
    XAPIAN_DB_CREATE_OR_OVERWRITE = 0x01, /* any database there is emptied */
    XAPIAN_DB_CREATE = 0x02,              /* fails when there is one */
    XAPIAN_DB_OPEN = 0x03,                /* fails when there is none */

    XAPIAN_DB_NO_SYNC = 0x04,   /* commit without fsync(): fast, not safe against power failure */
    XAPIAN_DB_FULL_SYNC = 0x08, /* ask the drive too, where the system can */
    XAPIAN_DB_DANGEROUS = 0x10, /* update in place: no readers, no cancelling, lost after a crash */
    XAPIAN_DB_NO_TERMLIST =
        0x20, /* for a new database: smaller, but no deleting, replacing or document terms */
    XAPIAN_DB_RETRY_LOCK =
        0x40, /* wait for the write lock without end, instead of XAPIAN_ERROR_DATABASE_LOCK */

    /* At most one of these, for a new database (or, reading, the only kind accepted). */
    XAPIAN_DB_BACKEND_GLASS = 0x100,
    XAPIAN_DB_BACKEND_CHERT = 0x200,
    XAPIAN_DB_BACKEND_STUB = 0x300,
    XAPIAN_DB_BACKEND_INMEMORY = 0x400
};

/* Opens for reading: a snapshot of the latest commit, which xapian_database_reopen() renews. `path`
 * is a database's folder, a single-file database or a stub file. `flags` is 0 or one
 * XAPIAN_DB_BACKEND_. */
xapian_status xapian_database_open(const char *path, int flags, xapian_database **out);

/* Opens for writing, and takes the write lock until the last handle using the database is freed or
 * it is closed. `block_size` is for a new database: a power of two from 2048 to 65536, or 0 for the
 * default of 8192. */
xapian_status xapian_database_open_writable(const char *path, int flags, int block_size,
                                            xapian_database **out);

/* Opens a single-file database at the descriptor's offset, for reading. The descriptor belongs to
 * Xapian from here on, even after a failure. */
xapian_status xapian_database_open_descriptor(int descriptor, xapian_database **out);

/* A writable database in memory, for small things: it knows no transactions, no discarding, no
 * spelling and no synonyms; changes count at once. */
xapian_status xapian_database_new_in_memory(xapian_database **out);

/* A database of no parts, to be filled with xapian_database_add_database(). */
xapian_status xapian_database_new_group(xapian_database **out);

/* Connects to xapian-tcpsrv. The timeouts are in milliseconds, for each exchange and for
 * connecting; 0 waits without end. `flags` as in xapian_database_open_writable(), but the server's
 * own options decide. */
xapian_status xapian_database_open_remote(const char *host, unsigned port,
                                          unsigned timeout_milliseconds,
                                          unsigned connect_timeout_milliseconds,
                                          xapian_database **out);
xapian_status xapian_database_open_remote_writable(const char *host, unsigned port,
                                                   unsigned timeout_milliseconds,
                                                   unsigned connect_timeout_milliseconds, int flags,
                                                   xapian_database **out);

/* Starts `program` with `arguments` (split at blanks; typically "xapian-progsrv" and "PATH", or
 * "ssh" and "host xapian-progsrv PATH") and speaks to it through its standard input and output. */
xapian_status xapian_database_open_program(const char *program, const char *arguments,
                                           unsigned timeout_milliseconds, xapian_database **out);
xapian_status xapian_database_open_program_writable(const char *program, const char *arguments,
                                                    unsigned timeout_milliseconds, int flags,
                                                    xapian_database **out);

/* Makes `part` searched together with what `database` holds already. Document ids interleave: with
 * n parts, id d of part i (from 0) becomes (d - 1) * n + i + 1. Iterators and enquires made before
 * do not see the new part. A writable database takes writable parts only, and spreads its documents
 * over them; a read-only one takes either kind and also reads what the writable part did not commit
 * yet. The part's handle may be freed afterwards, but see xapian_database_free(). */
xapian_status xapian_database_add_database(xapian_database *database, const xapian_database *part);

/* How many databases are searched as one. */
size_t xapian_database_part_count(const xapian_database *database);
bool xapian_database_is_writable(const xapian_database *database);

/* Commits what is pending (a transaction under way is cancelled), closes the files and gives up the
 * lock, whoever else still holds handles: where those need the files they then give
 * XAPIAN_ERROR_DATABASE_CLOSED. Closing twice is no error. */
xapian_status xapian_database_close(xapian_database *database);

/* Frees the handle. Changes that were not committed are DROPPED, since a failure to commit could
 * not be told from here: call xapian_database_commit() or xapian_database_close() first. (Xapian's
 * own destructor commits them.) */
void xapian_database_free(xapian_database *database);

/* Moves a read-only database to the latest commit; `changed` (may be NULL) tells whether there was
 * a newer one (always true until the database's first commit with changes). */
xapian_status xapian_database_reopen(xapian_database *database, bool *changed);

/* Keeps a remote connection from being dropped for idleness; nothing to others. */
xapian_status xapian_database_keep_alive(xapian_database *database);

/* Whether a writer holds the lock now. */
xapian_status xapian_database_locked(const xapian_database *database, bool *locked);

/* The unique name given at creation, 36 characters; those of a group's parts joined by ':'; "" for
 * one in memory. */
xapian_status xapian_database_uuid(const xapian_database *database, xapian_string *uuid);

/* Grows with each commit that changed something. Only for a single database on disk. */
xapian_status xapian_database_revision(const xapian_database *database, xapian_revision *revision);

xapian_status xapian_database_description(const xapian_database *database,
                                          xapian_string *description);

/* ---- databases: writing ---------------------------------------------------------------------- */
/* All of these give XAPIAN_ERROR_INVALID_OPERATION on a read-only database. Xapian commits by
 * itself every XAPIAN_FLUSH_THRESHOLD (an environment variable; 10000) changes, unless within a
 * transaction. */

/* Makes all changes durable and visible to readers that open or reopen from now on. Not within a
 * transaction. */
xapian_status xapian_database_commit(xapian_database *database);

/* Drops every change since the latest commit (Xapian's automatic ones count), within a transaction
 * or outside; ends the transaction. */
xapian_status xapian_database_discard(xapian_database *database);

/* The changes up to the transaction's commit are made together or not at all. A flushed transaction
 * begins and ends with a commit to disk; an unflushed one does not, and cancelling it also drops
 * the uncommitted changes made before it. Transactions do not nest. Not for databases in memory. */
xapian_status xapian_database_begin_transaction(xapian_database *database, bool flushed);
xapian_status xapian_database_commit_transaction(xapian_database *database);
xapian_status xapian_database_cancel_transaction(xapian_database *database);

/* The document is copied: later changes to its handle do not reach the database. `docid` may be
 * NULL. A term may have at most 245 bytes (a zero byte counts as two). */
xapian_status xapian_database_add_document(xapian_database *database,
                                           const xapian_document *document, xapian_docid *docid);

/* Puts the document at this id, whether or not one is there. */
xapian_status xapian_database_replace_document(xapian_database *database, xapian_docid docid,
                                               const xapian_document *document);

/* Replaces all documents that have `term` by this one, under the lowest of their ids, or adds it
 * when there are none. The document must itself contain `term` to be found by it next time. */
xapian_status xapian_database_replace_document_by_term(xapian_database *database, const char *term,
                                                       size_t size, const xapian_document *document,
                                                       xapian_docid *docid);

/* XAPIAN_ERROR_DOC_NOT_FOUND when there is no such document. */
xapian_status xapian_database_delete_document(xapian_database *database, xapian_docid docid);

/* Deletes all documents that have `term`; none is no error. */
xapian_status xapian_database_delete_document_by_term(xapian_database *database, const char *term,
                                                      size_t size);

/* ---- databases: statistics ------------------------------------------------------------------- */
/* They include a writable database's uncommitted changes. A term that does not occur has frequency
 * 0. */

xapian_status xapian_database_document_count(const xapian_database *database,
                                             xapian_doccount *count);
xapian_status xapian_database_last_docid(const xapian_database *database, xapian_docid *docid);
xapian_status xapian_database_average_length(const xapian_database *database, double *length);
xapian_status xapian_database_total_length(const xapian_database *database,
                                           xapian_totallength *length);
/* In how many documents the term occurs. */
xapian_status xapian_database_term_frequency(const xapian_database *database, const char *term,
                                             size_t size, xapian_doccount *frequency);
/* How often it occurs: the sum of its wdf. */
xapian_status xapian_database_collection_frequency(const xapian_database *database,
                                                   const char *term, size_t size,
                                                   xapian_termcount *frequency);
xapian_status xapian_database_term_exists(const xapian_database *database, const char *term,
                                          size_t size, bool *exists);
xapian_status xapian_database_has_positions(const xapian_database *database, bool *has_positions);
xapian_status xapian_database_document_length(const xapian_database *database, xapian_docid docid,
                                              xapian_termcount *length);
xapian_status xapian_database_unique_terms(const xapian_database *database, xapian_docid docid,
                                           xapian_termcount *count);
/* True bounds, not always tight; the lower one is over documents that are not empty. The bound of a
 * wdf leaves out what a writable database has not committed. */
xapian_status xapian_database_document_length_lower_bound(const xapian_database *database,
                                                          xapian_termcount *length);
xapian_status xapian_database_document_length_upper_bound(const xapian_database *database,
                                                          xapian_termcount *length);
xapian_status xapian_database_wdf_upper_bound(const xapian_database *database, const char *term,
                                              size_t size, xapian_termcount *wdf);
/* In how many documents the slot has a value, and bounds of those values in byte order. */
xapian_status xapian_database_value_frequency(const xapian_database *database, xapian_valueno slot,
                                              xapian_doccount *frequency);
xapian_status xapian_database_value_lower_bound(const xapian_database *database,
                                                xapian_valueno slot, xapian_string *value);
xapian_status xapian_database_value_upper_bound(const xapian_database *database,
                                                xapian_valueno slot, xapian_string *value);

/* ---- databases: reading ---------------------------------------------------------------------- */

/* For xapian_database_get_document(): skips the look-up whether the id is in use. Reading a
 * document that is not there then gives an empty one or XAPIAN_ERROR_DOC_NOT_FOUND later. */
enum { XAPIAN_DOC_ASSUME_VALID = 1 };

/* The document reads its terms, values and data only when asked. `flags` is 0 or
 * XAPIAN_DOC_ASSUME_VALID. */
xapian_status xapian_database_get_document(const xapian_database *database, xapian_docid docid,
                                           unsigned flags, xapian_document **out);

/* All terms that begin with `prefix` (size 0: all), in byte order, with their frequencies. */
xapian_status xapian_database_all_terms(const xapian_database *database, const char *prefix,
                                        size_t size, xapian_term_iterator **out);
/* A document's terms in byte order, with wdf, frequency and positions. */
xapian_status xapian_database_document_terms(const xapian_database *database, xapian_docid docid,
                                             xapian_term_iterator **out);
/* The documents that have `term` in the order of their ids; with size 0, all documents. An unknown
 * term gives an iterator without items. */
xapian_status xapian_database_postings(const xapian_database *database, const char *term,
                                       size_t size, xapian_posting_iterator **out);
xapian_status xapian_database_positions(const xapian_database *database, xapian_docid docid,
                                        const char *term, size_t size,
                                        xapian_position_iterator **out);
/* The documents that have a value in this slot. */
xapian_status xapian_database_values(const xapian_database *database, xapian_valueno slot,
                                     xapian_value_iterator **out);

/* ---- databases: metadata, spelling, synonyms ------------------------------------------------- */

/* Metadata are pairs of key and value beside the documents, committed with them. Setting a value of
 * size 0 removes the key, a missing key gives size 0; keys are at most about 245 bytes, never
 * empty. */
xapian_status xapian_database_get_metadata(const xapian_database *database, const char *key,
                                           size_t key_size, xapian_string *value);
xapian_status xapian_database_set_metadata(xapian_database *database, const char *key,
                                           size_t key_size, const char *value, size_t value_size);
xapian_status xapian_database_metadata_keys(const xapian_database *database, const char *prefix,
                                            size_t size, xapian_term_iterator **out);

/* Words to suggest from, each with a frequency that adding raises and removing lowers. */
xapian_status xapian_database_add_spelling(xapian_database *database, const char *word, size_t size,
                                           xapian_termcount frequency_increase);
xapian_status xapian_database_remove_spelling(xapian_database *database, const char *word,
                                              size_t size, xapian_termcount frequency_decrease);
/* The best known word within `max_edit_distance` (2 is usual); size 0 when there is none or `word`
 * itself is known. */
xapian_status xapian_database_spelling_suggestion(const xapian_database *database, const char *word,
                                                  size_t size, unsigned max_edit_distance,
                                                  xapian_string *suggestion);
xapian_status xapian_database_spellings(const xapian_database *database,
                                        xapian_term_iterator **out);

xapian_status xapian_database_add_synonym(xapian_database *database, const char *term,
                                          size_t term_size, const char *synonym,
                                          size_t synonym_size);
xapian_status xapian_database_remove_synonym(xapian_database *database, const char *term,
                                             size_t term_size, const char *synonym,
                                             size_t synonym_size);
xapian_status xapian_database_clear_synonyms(xapian_database *database, const char *term,
                                             size_t size);
xapian_status xapian_database_synonyms(const xapian_database *database, const char *term,
                                       size_t size, xapian_term_iterator **out);
/* The terms beginning with `prefix` that have synonyms. */
xapian_status xapian_database_synonym_keys(const xapian_database *database, const char *prefix,
                                           size_t size, xapian_term_iterator **out);

/* ---- databases: compacting and checking ------------------------------------------------------ */

enum {
    /* One of the first three. */
    XAPIAN_COMPACT_STANDARD = 0, /* items are not split needlessly */
    XAPIAN_COMPACT_FULL = 1,     /* split whenever it saves space; the usual choice */
    XAPIAN_COMPACT_FULLER =
        2, /* oversize items too: only for a database never to be updated again */
    XAPIAN_COMPACT_NO_RENUMBER = 4,
    XAPIAN_COMPACT_MULTIPASS = 8,
    XAPIAN_COMPACT_SINGLE_FILE = 16
};

/* Hooks into a compaction; each function may be NULL. */
typedef struct xapian_compactor {
    /* Told about each table as it goes; `status` is text for people. */
    xapian_step (*progress)(void *context, const char *table, const char *status);
    /* Two or more of the sources have different metadata under `key`: put the one to keep in
     * `result` (size 0 keeps none). Without this function the first source's is kept. */
    xapian_step (*resolve_metadata)(void *context, const char *key, size_t key_size,
                                    const xapian_slice *values, size_t count,
                                    xapian_string *result);
    void *context;
} xapian_compactor;

/* Writes the committed contents of all parts of `database` as one small database at `path` (a
 * folder, or with XAPIAN_COMPACT_SINGLE_FILE a file). `block_size` as for opening; `compactor` may
 * be NULL. A database that is open for writing with changes pending, one in memory, and a remote
 * one cannot be compacted. After an error or a stop, what lies at `path` is of no use, and Xapian
 * 1.4 does not free the buffers of the tables it was at. Docids are kept apart for each part by an
 * offset, unless XAPIAN_COMPACT_NO_RENUMBER. */
xapian_status xapian_database_compact(const xapian_database *database, const char *path,
                                      unsigned flags, int block_size,
                                      const xapian_compactor *compactor);

/* The same into one file at the descriptor's offset. Xapian closes the descriptor, also after a
 * failure. */
xapian_status xapian_database_compact_to_descriptor(const xapian_database *database, int descriptor,
                                                    unsigned flags, int block_size,
                                                    const xapian_compactor *compactor);

enum {
    XAPIAN_CHECK_SHORT_TREE = 1,
    XAPIAN_CHECK_FULL_TREE = 2,
    XAPIAN_CHECK_SHOW_FREELIST = 4,
    XAPIAN_CHECK_SHOW_STATS = 8,
    XAPIAN_CHECK_FIX = 16 /* chert only */
};

/* Gets the report of a check piece by piece (pieces need not be lines). */
typedef xapian_step (*xapian_output_function)(void *context, const char *text, size_t size);

/* Checks the integrity of the database or table at `path` and puts the number of errors found in
 * `*errors`. What cannot even be opened gives an error status. `output` may be NULL. */
xapian_status xapian_database_check(const char *path, int options, xapian_output_function output,
                                    void *context, size_t *errors);

/* ---- documents ------------------------------------------------------------------------------- */
/* A document has terms (each with its wdf and positions), values in numbered slots, and data. One
 * that came from a database can be changed as well; the database changes only when it is put back.
 */

xapian_status xapian_document_new(xapian_document **out);
void xapian_document_free(xapian_document *document);

/* A second document with the same contents, as a new one: changes to one do not show in the other.
 */
xapian_status xapian_document_copy(const xapian_document *document, xapian_document **out);

/* The id in the database it came from (in a group: in the part of the group); 0 for a new one. */
xapian_docid xapian_document_docid(const xapian_document *document);

xapian_status xapian_document_data(const xapian_document *document, xapian_string *data);
xapian_status xapian_document_set_data(xapian_document *document, const char *data, size_t size);

/* Terms must not be empty. Adding a term again adds to its wdf. */
xapian_status xapian_document_add_term(xapian_document *document, const char *term, size_t size,
                                       xapian_termcount wdf_increase);
/* A term with no wdf: to filter by, not to rank by. */
xapian_status xapian_document_add_boolean_term(xapian_document *document, const char *term,
                                               size_t size);
xapian_status xapian_document_add_posting(xapian_document *document, const char *term, size_t size,
                                          xapian_termpos position, xapian_termcount wdf_increase);
/* Adds many positions of one term; `wdf_increase` counts once for all of them. Ascending order is
 * the fast one; `count` 0 adds the term without positions. */
xapian_status xapian_document_add_postings(xapian_document *document, const char *term, size_t size,
                                           const xapian_termpos *positions, size_t count,
                                           xapian_termcount wdf_increase);
/* XAPIAN_ERROR_INVALID_ARGUMENT when the term, or that position of it, is not there. */
xapian_status xapian_document_remove_term(xapian_document *document, const char *term, size_t size);
xapian_status xapian_document_remove_posting(xapian_document *document, const char *term,
                                             size_t size, xapian_termpos position,
                                             xapian_termcount wdf_decrease);
/* Removes the positions from `first` to `last`, both included; `removed` (may be NULL) counts them.
 */
xapian_status xapian_document_remove_postings(xapian_document *document, const char *term,
                                              size_t size, xapian_termpos first,
                                              xapian_termpos last, xapian_termcount wdf_decrease,
                                              xapian_termpos *removed);
xapian_status xapian_document_clear_terms(xapian_document *document);
xapian_status xapian_document_term_count(const xapian_document *document, xapian_termcount *count);
xapian_status xapian_document_terms(const xapian_document *document, xapian_term_iterator **out);

/* An empty slot gives size 0; setting size 0 empties it. */
xapian_status xapian_document_value(const xapian_document *document, xapian_valueno slot,
                                    xapian_string *value);
xapian_status xapian_document_set_value(xapian_document *document, xapian_valueno slot,
                                        const char *value, size_t size);
/* XAPIAN_ERROR_INVALID_ARGUMENT when the slot is empty. */
xapian_status xapian_document_remove_value(xapian_document *document, xapian_valueno slot);
xapian_status xapian_document_clear_values(xapian_document *document);
xapian_status xapian_document_value_count(const xapian_document *document, xapian_termcount *count);
xapian_status xapian_document_values(const xapian_document *document, xapian_value_iterator **out);

/* All of a document (but its id) as bytes, for another process of the same Xapian version. */
xapian_status xapian_document_serialise(const xapian_document *document, xapian_string *bytes);
xapian_status xapian_document_unserialise(const char *bytes, size_t size, xapian_document **out);
xapian_status xapian_document_description(const xapian_document *document,
                                          xapian_string *description);

/* Numbers as bytes that sort in the numbers' order, for values: at most XAPIAN_SORTABLE_SIZE bytes
 * go to `buffer`, how many is returned. NaN and a NULL buffer give 0 bytes. Unserialising takes any
 * bytes, without sense or harm. */
#define XAPIAN_SORTABLE_SIZE 9
size_t xapian_sortable_serialise(double number, char buffer[XAPIAN_SORTABLE_SIZE]);
double xapian_sortable_unserialise(const char *bytes, size_t size);

/* ---- iterators ------------------------------------------------------------------------------- */
/*
 * A new iterator stands before its first item. `_next` steps to the next one, `_skip_to` to the
 * first item at or after a target (it never goes back); both give XAPIAN_OK on an item, XAPIAN_END
 * past the last one, or an error, after which the iterator is at its end. The reading functions
 * give XAPIAN_ERROR_INVALID_OPERATION when the iterator is not on an item, when its items have no
 * such thing (a metadata key no wdf), or when the document that a term or position iterator walks
 * was changed meanwhile. So a loop cannot run on past an error:
 *
 *     while ((status = xapian_posting_iterator_next(iterator)) == XAPIAN_OK)
 *         use(xapian_posting_iterator_docid(iterator));
 *     if (status != XAPIAN_END)
 *         failed(xapian_error_message());
 */

void xapian_term_iterator_free(xapian_term_iterator *iterator);
xapian_status xapian_term_iterator_next(xapian_term_iterator *iterator);
xapian_status xapian_term_iterator_skip_to(xapian_term_iterator *iterator, const char *term,
                                           size_t size);
xapian_status xapian_term_iterator_term(const xapian_term_iterator *iterator, xapian_string *term);
xapian_status xapian_term_iterator_wdf(const xapian_term_iterator *iterator, xapian_termcount *wdf);
xapian_status xapian_term_iterator_frequency(const xapian_term_iterator *iterator,
                                             xapian_doccount *frequency);
xapian_status xapian_term_iterator_position_count(const xapian_term_iterator *iterator,
                                                  xapian_termcount *count);
xapian_status xapian_term_iterator_positions(const xapian_term_iterator *iterator,
                                             xapian_position_iterator **out);

void xapian_posting_iterator_free(xapian_posting_iterator *iterator);
xapian_status xapian_posting_iterator_next(xapian_posting_iterator *iterator);
xapian_status xapian_posting_iterator_skip_to(xapian_posting_iterator *iterator,
                                              xapian_docid docid);
/* 0 when not on an item. */
xapian_docid xapian_posting_iterator_docid(const xapian_posting_iterator *iterator);
xapian_status xapian_posting_iterator_wdf(const xapian_posting_iterator *iterator,
                                          xapian_termcount *wdf);
xapian_status xapian_posting_iterator_document_length(const xapian_posting_iterator *iterator,
                                                      xapian_termcount *length);
xapian_status xapian_posting_iterator_unique_terms(const xapian_posting_iterator *iterator,
                                                   xapian_termcount *count);
xapian_status xapian_posting_iterator_positions(const xapian_posting_iterator *iterator,
                                                xapian_position_iterator **out);

void xapian_position_iterator_free(xapian_position_iterator *iterator);
xapian_status xapian_position_iterator_next(xapian_position_iterator *iterator);
xapian_status xapian_position_iterator_skip_to(xapian_position_iterator *iterator,
                                               xapian_termpos position);
/* 0 when not on an item (0 is also a position). */
xapian_termpos xapian_position_iterator_position(const xapian_position_iterator *iterator);

/* Over one slot's values in all documents (xapian_database_values), or one document's slots
 * (xapian_document_values). Skipping goes by document id in the first case, by slot in the second.
 */
void xapian_value_iterator_free(xapian_value_iterator *iterator);
xapian_status xapian_value_iterator_next(xapian_value_iterator *iterator);
xapian_status xapian_value_iterator_skip_to(xapian_value_iterator *iterator,
                                            uint32_t docid_or_slot);
xapian_status xapian_value_iterator_value(const xapian_value_iterator *iterator,
                                          xapian_string *value);
xapian_status xapian_value_iterator_docid(const xapian_value_iterator *iterator,
                                          xapian_docid *docid);
xapian_status xapian_value_iterator_slot(const xapian_value_iterator *iterator,
                                         xapian_valueno *slot);

/* ---- queries --------------------------------------------------------------------------------- */
/* Queries never change once made; making one from others is cheap and leaves those as they were. */

typedef enum xapian_op XAPIAN_C_UNSIGNED {
    XAPIAN_OP_AND = 0,
    XAPIAN_OP_OR = 1,
    XAPIAN_OP_AND_NOT = 2, /* the first, but none of the others */
    XAPIAN_OP_XOR = 3,
    XAPIAN_OP_AND_MAYBE = 4, /* the first; the others add weight */
    XAPIAN_OP_FILTER = 5,    /* all; only the first gives weight */
    XAPIAN_OP_NEAR = 6,      /* within a window, any order; of terms or ORs of terms */
    XAPIAN_OP_PHRASE = 7,    /* within a window, in order; of terms or ORs of terms */
    XAPIAN_OP_VALUE_RANGE = 8,
    XAPIAN_OP_SCALE_WEIGHT = 9,
    XAPIAN_OP_ELITE_SET = 10, /* OR of the best few */
    XAPIAN_OP_VALUE_GE = 11,
    XAPIAN_OP_VALUE_LE = 12,
    XAPIAN_OP_SYNONYM = 13, /* OR, weighted as one term */
    XAPIAN_OP_MAX = 14,     /* OR, with the best weight instead of the sum */
    XAPIAN_OP_WILDCARD = 15,
    XAPIAN_OP_INVALID = 99,
    XAPIAN_LEAF_TERM = 100, /* these only as answers of xapian_query_type() */
    XAPIAN_LEAF_POSTING_SOURCE,
    XAPIAN_LEAF_MATCH_ALL,
    XAPIAN_LEAF_MATCH_NOTHING
} xapian_op;

void xapian_query_free(xapian_query *query);
xapian_status xapian_query_copy(const xapian_query *query, xapian_query **out);
xapian_status xapian_query_match_nothing(xapian_query **out);
xapian_status xapian_query_match_all(xapian_query **out);

/* `wqf` is the within-query frequency (1 is usual), `position` orders xapian_query_terms() (0 is
 * usual). Size 0 matches all documents. */
xapian_status xapian_query_term(const char *term, size_t size, xapian_termcount wqf,
                                xapian_termpos position, xapian_query **out);

/* Combines `count` queries, in order, by AND, OR, AND_NOT, XOR, AND_MAYBE, FILTER, NEAR, PHRASE,
 * ELITE_SET, SYNONYM or MAX. `parameter` is the window of NEAR and PHRASE (0: as many as there are
 * queries) or the number ELITE_SET picks (0: 10), and unused otherwise. No queries at all match
 * nothing. */
xapian_status xapian_query_combine(xapian_op op, const xapian_query *const *queries, size_t count,
                                   xapian_termcount parameter, xapian_query **out);
/* The same of terms, each with wqf 1. */
xapian_status xapian_query_combine_terms(xapian_op op, const xapian_slice *terms, size_t count,
                                         xapian_termcount parameter, xapian_query **out);

/* Documents in which every term i stands offsets[i] positions behind one and the same place: a
 * phrase with gaps of known size, which PHRASE with its window cannot express. It matches without
 * weight, and works on local databases only. */
xapian_status xapian_query_aligned_phrase(const xapian_slice *terms, const xapian_termpos *offsets,
                                          size_t count, xapian_query **out);

/* Multiplies the weights by `factor`, which is not negative. A factor of 0 makes the query boolean:
 * it is matched, and no weight is computed for it. */
xapian_status xapian_query_scale_weight(const xapian_query *query, double factor,
                                        xapian_query **out);

/* Documents whose value in `slot` lies within the bounds, both included, in byte order. They give
 * no weight. */
xapian_status xapian_query_value_range(xapian_valueno slot, const char *lower, size_t lower_size,
                                       const char *upper, size_t upper_size, xapian_query **out);
xapian_status xapian_query_value_at_least(xapian_valueno slot, const char *limit, size_t size,
                                          xapian_query **out);
xapian_status xapian_query_value_at_most(xapian_valueno slot, const char *limit, size_t size,
                                         xapian_query **out);

/* What to do when a wildcard expands to more terms than allowed. */
typedef enum xapian_wildcard_limit XAPIAN_C_UNSIGNED {
    /* XAPIAN_ERROR_WILDCARD when the query is run (which leaks some memory inside Xapian 1.4) */
    XAPIAN_WILDCARD_LIMIT_ERROR = 0,
    XAPIAN_WILDCARD_LIMIT_FIRST = 1, /* the first ones in byte order */
    XAPIAN_WILDCARD_LIMIT_MOST_FREQUENT = 2
} xapian_wildcard_limit;

/* All terms beginning with `prefix`, at most `max_expansion` of them (0: no limit) in each database
 * of a group, joined by `combiner`: SYNONYM (the usual one), OR or MAX. */
xapian_status xapian_query_wildcard(const char *prefix, size_t size, xapian_termcount max_expansion,
                                    xapian_wildcard_limit limit, xapian_op combiner,
                                    xapian_query **out);

/* The sum of the wqf of the query's terms. */
xapian_termcount xapian_query_length(const xapian_query *query);
/* True for a query that matches nothing. */
bool xapian_query_is_empty(const xapian_query *query);
/* The topmost operator or leaf; XAPIAN_OP_INVALID for NULL. */
xapian_op xapian_query_type(const xapian_query *query);
size_t xapian_query_subquery_count(const xapian_query *query);
xapian_status xapian_query_subquery(const xapian_query *query, size_t index, xapian_query **out);
/* The query's terms in the order of their positions, repeated where the positions differ; or each
 * once, in byte order. */
xapian_status xapian_query_terms(const xapian_query *query, xapian_term_iterator **out);
xapian_status xapian_query_unique_terms(const xapian_query *query, xapian_term_iterator **out);
xapian_status xapian_query_serialise(const xapian_query *query, xapian_string *bytes);
xapian_status xapian_query_unserialise(const char *bytes, size_t size, xapian_query **out);
xapian_status xapian_query_description(const xapian_query *query, xapian_string *description);

/* ---- query parser ---------------------------------------------------------------------------- */
/* A small part of Xapian's parser: its query language without stemming, stop words or ranges. */

enum {
    XAPIAN_PARSER_BOOLEAN = 1, /* AND, OR, NOT, parentheses */
    XAPIAN_PARSER_PHRASE = 2,
    XAPIAN_PARSER_LOVEHATE = 4, /* +must -not */
    XAPIAN_PARSER_BOOLEAN_ANY_CASE = 8,
    XAPIAN_PARSER_WILDCARD = 16,
    XAPIAN_PARSER_PURE_NOT = 32,
    XAPIAN_PARSER_PARTIAL = 64,
    XAPIAN_PARSER_CJK_NGRAM = 2048,
    XAPIAN_PARSER_DEFAULT = 7
};

xapian_status xapian_query_parser_new(xapian_query_parser **out);
void xapian_query_parser_free(xapian_query_parser *parser);
/* Where wildcards are expanded; needed by XAPIAN_PARSER_WILDCARD and XAPIAN_PARSER_PARTIAL only. */
xapian_status xapian_query_parser_set_database(xapian_query_parser *parser,
                                               const xapian_database *database);
/* How words without an operator are joined: OR (at first), AND, NEAR, PHRASE, ELITE_SET, SYNONYM or
 * MAX. */
xapian_status xapian_query_parser_set_default_op(xapian_query_parser *parser, xapian_op op);
/* `field:word` becomes the term `prefix` + `word`; boolean fields filter and give no weight. */
xapian_status xapian_query_parser_add_prefix(xapian_query_parser *parser, const char *field,
                                             const char *prefix);
xapian_status xapian_query_parser_add_boolean_prefix(xapian_query_parser *parser, const char *field,
                                                     const char *prefix);
/* `text` is UTF-8. A mistake in it gives XAPIAN_ERROR_QUERY_PARSER. */
xapian_status xapian_query_parser_parse(xapian_query_parser *parser, const char *text, size_t size,
                                        unsigned flags, xapian_query **out);

/* ---- weighting schemes ----------------------------------------------------------------------- */
/* An enquire without one uses BM25 with k1 1, k2 0, k3 1, b 0.5 and min_normlen 0.5. */

void xapian_weight_free(xapian_weight *weight);
/* Its name for remote servers, such as "Xapian::BM25Weight". */
xapian_status xapian_weight_name(const xapian_weight *weight, xapian_string *name);

xapian_status xapian_weight_bool(xapian_weight **out);
xapian_status xapian_weight_coord(xapian_weight **out);
xapian_status xapian_weight_trad(double k, xapian_weight **out);
xapian_status xapian_weight_bm25(double k1, double k2, double k3, double b, double min_normlen,
                                 xapian_weight **out);
xapian_status xapian_weight_bm25_plus(double k1, double k2, double k3, double b, double min_normlen,
                                      double delta, xapian_weight **out);
/* Three letters, for the normalisation of wdf, idf and the result: [nbslP][ntpfs][n]; "ntn" is
 * usual. */
xapian_status xapian_weight_tfidf(const char *normalizations, xapian_weight **out);

typedef enum xapian_smoothing XAPIAN_C_UNSIGNED {
    XAPIAN_SMOOTHING_TWO_STAGE = 1,
    XAPIAN_SMOOTHING_DIRICHLET = 2,
    XAPIAN_SMOOTHING_ABSOLUTE_DISCOUNT = 3,
    XAPIAN_SMOOTHING_JELINEK_MERCER = 4,
    XAPIAN_SMOOTHING_DIRICHLET_PLUS = 5
} xapian_smoothing;

/* A language model. `log_parameter` 0 and the smoothing's parameters -1 take Xapian's defaults. */
xapian_status xapian_weight_lm(double log_parameter, xapian_smoothing smoothing, double sigma1,
                               double sigma2, xapian_weight **out);

/* Divergence from randomness; c > 0 and delta > 0. */
xapian_status xapian_weight_pl2(double c, xapian_weight **out);
xapian_status xapian_weight_pl2_plus(double c, double delta, xapian_weight **out);
xapian_status xapian_weight_inl2(double c, xapian_weight **out);
xapian_status xapian_weight_ifb2(double c, xapian_weight **out);
xapian_status xapian_weight_ineb2(double c, xapian_weight **out);
xapian_status xapian_weight_bb2(double c, xapian_weight **out);
xapian_status xapian_weight_dlh(xapian_weight **out);
xapian_status xapian_weight_dph(xapian_weight **out);

/* Term frequency saturation alone, in whole numbers:
 *
 *     1 + round(factor * unit * wdf / (wdf + k1 * (1 - b + b * length / average_length)))
 *
 * where factor is what xapian_query_scale_weight() put on the term (1 without it): whatever else
 * BM25 has, idf above all, goes there. So the statistics may cover more than this database. It
 * ignores the wqf. k1 >= 0, 0 <= b <= 1, average_length > 0, unit > 0; all finite.
 *
 * Whole numbers add up to the same sum in any order, as long as it is below 2^53: documents that
 * are equal get equal weights, which other programs can repeat to the last digit. They compute in
 * single precision, each operation rounded, none fused: wdf / (wdf + (c + p * length)) with c =
 * k1 * (1 - b) and p = k1 * b / average_length; times factor * unit; plus 0.5; what is behind the
 * point cut off. c, p and factor * unit are computed in double precision and then rounded. A term
 * of wdf 0 gives 1. One term gives no more than 2^31 - 127. A weight of 0 means that no term with a
 * factor was there.
 *
 * A remote server can use it only if it has registered it ("xapian_c::saturation"). */
xapian_status xapian_weight_saturation(double k1, double b, double average_length, double unit,
                                       xapian_weight **out);

/* The term's factor for each document that has it. (Xapian's own coordinate weight, so remote
 * servers know it.) */
xapian_status xapian_weight_constant(xapian_weight **out);

/* Which statistics a scheme of one's own needs: or-ed together in xapian_weight_functions. Only
 * what is asked for is filled in; the rest is 0. */
enum {
    XAPIAN_WEIGHT_COLLECTION_SIZE = 1,
    XAPIAN_WEIGHT_RSET_SIZE = 2,
    XAPIAN_WEIGHT_AVERAGE_LENGTH = 4,
    XAPIAN_WEIGHT_TERM_FREQUENCY = 8,
    XAPIAN_WEIGHT_RELEVANT_TERM_FREQUENCY = 16,
    XAPIAN_WEIGHT_QUERY_LENGTH = 32,
    XAPIAN_WEIGHT_WQF = 64,
    XAPIAN_WEIGHT_WDF = 128, /* the arguments of sum_part: without these flags they are 0 */
    XAPIAN_WEIGHT_DOCUMENT_LENGTH = 256, /* likewise, and of sum_extra */
    XAPIAN_WEIGHT_DOCUMENT_LENGTH_MIN = 512,
    XAPIAN_WEIGHT_DOCUMENT_LENGTH_MAX = 1024,
    XAPIAN_WEIGHT_WDF_MAX = 2048,
    XAPIAN_WEIGHT_COLLECTION_FREQUENCY = 4096,
    XAPIAN_WEIGHT_UNIQUE_TERMS = 8192 /* as for WDF and DOCUMENT_LENGTH */
};

typedef struct xapian_weight_statistics {
    double factor; /* from xapian_query_scale_weight(); 0 for sum_extra and max_extra */
    xapian_doccount collection_size;
    xapian_doccount rset_size;
    double average_length;
    xapian_doccount term_frequency;
    xapian_doccount relevant_term_frequency;
    xapian_termcount collection_frequency;
    xapian_termcount query_length;
    xapian_termcount wqf;
    xapian_termcount document_length_min; /* bounds: for max_part and max_extra only */
    xapian_termcount document_length_max;
    xapian_termcount wdf_max;
} xapian_weight_statistics;

/* A weighting scheme of one's own. A document's weight is the sum of sum_part over the query's
 * terms it has, plus sum_extra. max_part and max_extra must be upper bounds (better ones make
 * searching faster; too low ones lose matches), and no result may be negative. sum_extra and
 * max_extra are both NULL or both set. It cannot be used with remote databases. */
typedef struct xapian_weight_functions {
    unsigned statistics;
    double (*sum_part)(void *context, const xapian_weight_statistics *statistics,
                       xapian_termcount wdf, xapian_termcount document_length,
                       xapian_termcount unique_terms);
    double (*max_part)(void *context, const xapian_weight_statistics *statistics);
    double (*sum_extra)(void *context, const xapian_weight_statistics *statistics,
                        xapian_termcount document_length, xapian_termcount unique_terms);
    double (*max_extra)(void *context, const xapian_weight_statistics *statistics);
    void *context; /* must outlive every enquire using the scheme */
} xapian_weight_functions;

xapian_status xapian_weight_new(const xapian_weight_functions *functions, xapian_weight **out);

/* ---- sort keys ------------------------------------------------------------------------------- */

/* A key made of several values, filled by xapian_key_maker_add_value(). */
xapian_status xapian_key_maker_new_values(xapian_key_maker **out);
/* `default_value` stands for a missing value. Only for makers of values. */
xapian_status xapian_key_maker_add_value(xapian_key_maker *maker, xapian_valueno slot, bool reverse,
                                         const char *default_value, size_t size);

typedef xapian_step (*xapian_key_function)(void *context, const xapian_document *document,
                                           xapian_string *key);

/* A key computed by a function; keys are compared byte by byte. `key` is empty at first and the
 * library frees it. */
xapian_status xapian_key_maker_new(xapian_key_function function, void *context,
                                   xapian_key_maker **out);
void xapian_key_maker_free(xapian_key_maker *maker);

/* ---- match spies ----------------------------------------------------------------------------- */
/* A spy sees documents that match while an mset is made: all of them if `check_at_least` is that
 * large. */

/* Counts the values of a slot. Counts add up over several msets. */
xapian_status xapian_match_spy_new_value_count(xapian_valueno slot, xapian_match_spy **out);
/* How many documents the spy has seen; 0 for a spy of a function. */
size_t xapian_match_spy_total(const xapian_match_spy *spy);
/* The values in byte order, or the most frequent ones first (at most `max_values`);
 * xapian_term_iterator_term() gives the value, xapian_term_iterator_frequency() its count. Only for
 * value counts. */
xapian_status xapian_match_spy_values(const xapian_match_spy *spy, xapian_term_iterator **out);
xapian_status xapian_match_spy_top_values(const xapian_match_spy *spy, size_t max_values,
                                          xapian_term_iterator **out);

typedef xapian_step (*xapian_match_spy_function)(void *context, const xapian_document *document,
                                                 double weight);

xapian_status xapian_match_spy_new(xapian_match_spy_function function, void *context,
                                   xapian_match_spy **out);
void xapian_match_spy_free(xapian_match_spy *spy);

/* ---- relevance sets and expansion sets ------------------------------------------------------- */

/* Documents known to be relevant, by id. */
xapian_status xapian_rset_new(xapian_rset **out);
void xapian_rset_free(xapian_rset *rset);
xapian_status xapian_rset_add_document(xapian_rset *rset, xapian_docid docid);
xapian_status xapian_rset_remove_document(xapian_rset *rset, xapian_docid docid);
bool xapian_rset_contains(const xapian_rset *rset, xapian_docid docid);
xapian_doccount xapian_rset_size(const xapian_rset *rset);

/* Terms that an rset suggests, best first. */
void xapian_eset_free(xapian_eset *eset);
xapian_doccount xapian_eset_size(const xapian_eset *eset);
/* A lower bound on the terms there would be without a limit. */
xapian_termcount xapian_eset_bound(const xapian_eset *eset);
/* `weight` may be NULL. XAPIAN_ERROR_RANGE when `index` is not below the size. */
xapian_status xapian_eset_term(const xapian_eset *eset, xapian_doccount index, xapian_string *term,
                               double *weight);

/* ---- enquire: running queries ---------------------------------------------------------------- */

xapian_status xapian_enquire_new(const xapian_database *database, xapian_enquire **out);
void xapian_enquire_free(xapian_enquire *enquire);

/* `query_length` is what weights see as the query's length; 0: the sum of the wqf. */
xapian_status xapian_enquire_set_query(xapian_enquire *enquire, const xapian_query *query,
                                       xapian_termcount query_length);
xapian_status xapian_enquire_get_query(const xapian_enquire *enquire, xapian_query **out);
/* The scheme is copied. */
xapian_status xapian_enquire_set_weight(xapian_enquire *enquire, const xapian_weight *weight);
/* "trad" (with k, 1 is usual) or "bo1". */
xapian_status xapian_enquire_set_expansion_scheme(xapian_enquire *enquire, const char *name,
                                                  double k);

/* Keeps the best `max` matches of each value in `slot`; XAPIAN_BAD_VALUENO turns it off. */
xapian_status xapian_enquire_set_collapse_key(xapian_enquire *enquire, xapian_valueno slot,
                                              xapian_doccount max);

typedef enum xapian_docid_order XAPIAN_C_UNSIGNED {
    XAPIAN_DOCID_DESCENDING = 0,
    XAPIAN_DOCID_ASCENDING = 1, /* at first */
    XAPIAN_DOCID_DONT_CARE = 2  /* whatever is fastest */
} xapian_docid_order;

/* The order of what is otherwise equal. */
xapian_status xapian_enquire_set_docid_order(xapian_enquire *enquire, xapian_docid_order order);

/* Leaves out matches below so many percent, or below a weight; 0: none. */
xapian_status xapian_enquire_set_cutoff(xapian_enquire *enquire, int percent, double weight);

/* The order of the matches: by relevance at first. Values and keys ascend in byte order; `reverse`
 * makes them descend. Note that Xapian ranks the *first* in that order best: with `reverse` true
 * the largest value comes first. */
xapian_status xapian_enquire_set_sort_by_relevance(xapian_enquire *enquire);
xapian_status xapian_enquire_set_sort_by_value(xapian_enquire *enquire, xapian_valueno slot,
                                               bool reverse);
xapian_status xapian_enquire_set_sort_by_value_then_relevance(xapian_enquire *enquire,
                                                              xapian_valueno slot, bool reverse);
xapian_status xapian_enquire_set_sort_by_relevance_then_value(xapian_enquire *enquire,
                                                              xapian_valueno slot, bool reverse);
xapian_status xapian_enquire_set_sort_by_key(xapian_enquire *enquire, const xapian_key_maker *maker,
                                             bool reverse);
xapian_status xapian_enquire_set_sort_by_key_then_relevance(xapian_enquire *enquire,
                                                            const xapian_key_maker *maker,
                                                            bool reverse);
xapian_status xapian_enquire_set_sort_by_relevance_then_key(xapian_enquire *enquire,
                                                            const xapian_key_maker *maker,
                                                            bool reverse);

/* After so many seconds, matches beyond `check_at_least` are no longer counted exactly; 0: no
 * limit. */
xapian_status xapian_enquire_set_time_limit(xapian_enquire *enquire, double seconds);

xapian_status xapian_enquire_add_match_spy(xapian_enquire *enquire, xapian_match_spy *spy);
xapian_status xapian_enquire_clear_match_spies(xapian_enquire *enquire);

/* Accepts or rejects a document that matches the query. It is called late, once for each candidate.
 */
typedef struct xapian_match_decider {
    xapian_verdict (*decide)(void *context, const xapian_document *document);
    void *context;
} xapian_match_decider;

typedef struct xapian_expand_decider {
    xapian_verdict (*decide)(void *context, const char *term, size_t size);
    void *context;
} xapian_expand_decider;

/* Runs the query: the matches from rank `first` (0 is the best), at most `max_items`. Counts are
 * exact up to `check_at_least` matches (0: no demand). `rset` and `decider` may be NULL. Deciders
 * do not work on remote databases. */
xapian_status xapian_enquire_get_mset(const xapian_enquire *enquire, xapian_doccount first,
                                      xapian_doccount max_items, xapian_doccount check_at_least,
                                      const xapian_rset *rset, const xapian_match_decider *decider,
                                      xapian_mset **out);

enum { XAPIAN_EXPAND_INCLUDE_QUERY_TERMS = 1, XAPIAN_EXPAND_USE_EXACT_TERM_FREQUENCY = 2 };

/* The best `max_items` terms for finding more documents like those of `rset`. `decider` may be
 * NULL; terms of a weight below `min_weight` are left out. */
xapian_status xapian_enquire_get_eset(const xapian_enquire *enquire, xapian_termcount max_items,
                                      const xapian_rset *rset, int flags,
                                      const xapian_expand_decider *decider, double min_weight,
                                      xapian_eset **out);

/* The query's terms that a document has, in the order of the query's positions. */
xapian_status xapian_enquire_matching_terms(const xapian_enquire *enquire, xapian_docid docid,
                                            xapian_term_iterator **out);
xapian_status xapian_enquire_description(const xapian_enquire *enquire, xapian_string *description);

/* ---- mset: the matches ----------------------------------------------------------------------- */

void xapian_mset_free(xapian_mset *mset);

/* How many items this mset holds, and the rank of its first one. */
xapian_doccount xapian_mset_size(const xapian_mset *mset);
xapian_doccount xapian_mset_first_item(const xapian_mset *mset);

/* How many documents match in all, by bounds and estimate; the same before collapsing. */
xapian_doccount xapian_mset_matches_lower_bound(const xapian_mset *mset);
xapian_doccount xapian_mset_matches_estimated(const xapian_mset *mset);
xapian_doccount xapian_mset_matches_upper_bound(const xapian_mset *mset);
xapian_doccount xapian_mset_uncollapsed_matches_lower_bound(const xapian_mset *mset);
xapian_doccount xapian_mset_uncollapsed_matches_estimated(const xapian_mset *mset);
xapian_doccount xapian_mset_uncollapsed_matches_upper_bound(const xapian_mset *mset);

double xapian_mset_max_possible(const xapian_mset *mset);
double xapian_mset_max_attained(const xapian_mset *mset);

typedef struct xapian_mset_item {
    xapian_docid docid;
    xapian_doccount rank; /* from 0, over all matches: first_item + index */
    double weight;
    int percent;                    /* 1 to 100 for a weight above 0 */
    xapian_doccount collapse_count; /* a lower bound of the matches collapsed into this one */
} xapian_mset_item;

/* `index` is below the mset's size, otherwise XAPIAN_ERROR_RANGE; the same below. */
xapian_status xapian_mset_get_item(const xapian_mset *mset, xapian_doccount index,
                                   xapian_mset_item *item);
xapian_status xapian_mset_sort_key(const xapian_mset *mset, xapian_doccount index,
                                   xapian_string *key);
xapian_status xapian_mset_collapse_key(const xapian_mset *mset, xapian_doccount index,
                                       xapian_string *key);
xapian_status xapian_mset_document(const xapian_mset *mset, xapian_doccount index,
                                   xapian_document **out);

/* Reads ahead the documents of `count` items from `first` on, of as many as there are. */
xapian_status xapian_mset_fetch(const xapian_mset *mset, xapian_doccount first,
                                xapian_doccount count);

int xapian_mset_convert_to_percent(const xapian_mset *mset, double weight);
/* A term's document frequency, and the most weight it could give, in this search. A term that is
 * not in the query gives XAPIAN_ERROR_INVALID_ARGUMENT for the weight. */
xapian_status xapian_mset_term_frequency(const xapian_mset *mset, const char *term, size_t size,
                                         xapian_doccount *frequency);
xapian_status xapian_mset_term_weight(const xapian_mset *mset, const char *term, size_t size,
                                      double *weight);

enum {
    XAPIAN_SNIPPET_BACKGROUND_MODEL = 1,
    XAPIAN_SNIPPET_EXHAUSTIVE = 2,
    XAPIAN_SNIPPET_EMPTY_WITHOUT_MATCH = 4,
    XAPIAN_SNIPPET_CJK_NGRAM = 2048
};

/* About `length` bytes of the UTF-8 `text` around the query's words, escaped for HTML, with
 * `highlight_start` and `highlight_end` about each match and `omit` where text was left out. */
xapian_status xapian_mset_snippet(const xapian_mset *mset, const char *text, size_t size,
                                  size_t length, unsigned flags, const char *highlight_start,
                                  const char *highlight_end, const char *omit,
                                  xapian_string *snippet);
xapian_status xapian_mset_description(const xapian_mset *mset, xapian_string *description);

#ifdef __cplusplus
}
#endif

#endif
