/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of xunzi-searcher share: a small collection in both scripts, made by the real
 * xunzi-indexer, and assertions on what was printed last. */
#ifndef XUNZI_TESTS_SEARCHER_FIXTURE_H
#define XUNZI_TESTS_SEARCHER_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

#include "program_runner.h"

extern const char *index_path;
extern struct program_run run; /* the last one */

#define SEARCH_WITH_INPUT(input, size, ...) \
    runner_run(&run, (const char *const[]){"xunzi-searcher", __VA_ARGS__, NULL}, input, size, NULL)
#define SEARCH(...) SEARCH_WITH_INPUT(NULL, 0, "--index", index_path, __VA_ARGS__)
#define SEARCH_WITHOUT_INDEX(...) SEARCH_WITH_INPUT(NULL, 0, __VA_ARGS__)

/* Group set-up and tear-down. */
int make_collection(void **state);
int remove_collection(void **state);

/* Asserts that text holds nothing that a terminal acts on but line feeds, tabs and, where color,
 * colours. */
void assert_safe(const char *text, size_t size, bool color);

/* Asserts that standard error begins so, ends with a line feed and is safe. */
void assert_one_sentence(const char *beginning);

size_t count_of(const char *text, const char *part);

/* Parses one line of JSON output, or all of it, which is to be one line; the caller puts the
 * object. */
struct json_object *parse_line(const char *line, size_t size);
struct json_object *parse_output(void);

/* Asserts that object has just these members, in this order; names end with NULL. */
void assert_members(struct json_object *object, const char *const *names);

const char *string_member(struct json_object *object, const char *name);
int64_t number_member(struct json_object *object, const char *name);
struct json_object *hits_of(struct json_object *object);
bool has_hit(struct json_object *object, const char *id);

/* The ids of a JSON answer, each followed by a space. Lives until the next call. */
const char *ids_of(struct json_object *object);

/* Asserts that the last run printed one JSON answer with just these ids, and has the exit status
 * for that. */
void assert_found(const char *expected_ids);

#endif
