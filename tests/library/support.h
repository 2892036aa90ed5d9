/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the whole library share: assertions that show the library's sentence, a folder
 * of the test's own, random numbers that are the same everywhere, and the shortest ways to write,
 * read and compare strings.
 */
#ifndef XUNZI_TESTS_LIBRARY_SUPPORT_H
#define XUNZI_TESTS_LIBRARY_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <xunzi/xunzi.h>

#define assert_status(expected, call) \
    assert_status_at((expected), (call), #call, __FILE__, __LINE__)
#define assert_ok(call) assert_status(XUNZI_OK, call)
void assert_status_at(xunzi_status expected, xunzi_status status, const char *call,
                      const char *file, int line);

/* Fails where the two differ, showing both, made printable. */
#define assert_same(expected, actual) \
    assert_same_at((expected), (actual), #actual, __FILE__, __LINE__)
void assert_same_at(xunzi_string expected, xunzi_string actual, const char *what, const char *file,
                    int line);

bool same_string(xunzi_string a, xunzi_string b);

/* A view of a string literal, which may hold NULs. */
#define LITERAL(text) ((xunzi_string){"" text, sizeof(text) - 1})

/* cmocka's setup and teardown: *state is the path of an empty folder, removed with all that it
 * holds. */
int make_folder(void **state);
int remove_folder(void **state);

/* The path of `name` in the test's folder; valid until the eighth call after this one. */
const char *in_folder(void **state, const char *name);

/* Copies the files of a collection. */
void copy_collection(const char *from, const char *to);

/* Removes a file, or a folder with all that it holds. */
void remove_tree(const char *path);

/* A whole file; free() the data. */
xunzi_string read_file(const char *path);
void write_file(const char *path, const char *data, size_t size);

/* SplitMix64 (Steele, Lea, Flood, 2014): one seed, one sequence, on every machine. */
struct random {
    uint64_t state;
};
uint64_t random_next(struct random *random);
/* In [0, bound); bound > 0. */
size_t random_below(struct random *random, size_t bound);
/* True once in `times`. */
bool random_once_in(struct random *random, size_t times);

/* How many documents stay live: LIVE_DEFAULT as where nothing is asked for, LIVE_ALL all of them, 0
 * none: every commit is sealed. */
#define LIVE_DEFAULT (xunzi_writer_options_default().live_most)
#define LIVE_ALL UINT64_MAX

xunzi_writer *open_writer(const char *path, xunzi_profile profile);
xunzi_writer *open_writer_with(const char *path, xunzi_profile profile, uint64_t live_most);
xunzi_index *open_index(const char *path);

/* Adds a document of these members; commits nothing. */
void add(xunzi_writer *writer, const char *id, const char *title, const char *body);

/* Adds `count` made-up articles of about `body_bytes` bytes, which is at most 2,048, of the ids
 * "id-0" and so on, and commits after each `each` of them. */
void add_articles(xunzi_writer *writer, int count, size_t body_bytes, int each);

/* All hits for a query, each document for itself, without snippets; the caller frees the results.
 */
xunzi_results *search_all(xunzi_index *index, xunzi_string query, xunzi_mode mode);

/* Fails unless the collection's folder holds its catalog and the files of its segments, and nothing
 * else. No writer may be open. */
void assert_tidy(const char *path);

/* Fails unless xunzi_check calls the collection sound; shows what it found otherwise. */
void assert_sound(const char *path);

#endif
