/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snippets as their tests make and judge them. */
#ifndef XUNZI_TESTS_SNIPPET_SUPPORT_H
#define XUNZI_TESTS_SNIPPET_SUPPORT_H

#include "tests/catalog/collection_support.h"

#include "searcher/snippet.h"

/* cmocka's: a small collection, which the queries of make_snippet are planned over. */
int snippet_set_up(void **state);
int snippet_tear_down(void **state);

/* A snippet and all that it came from. */
struct made {
    struct arena arena;
    struct highlighter *highlighter;
    char *body; /* of just its size */
    xunzi_string text, snippet;
    const struct edits *edits;
    const xunzi_range *ranges;
    size_t count;
};

/* The highlighter of a query that any of its terms answers. */
struct highlighter *highlighter_of(const char *query, struct arena *arena);

void make_snippet(struct made *made, const char *query, xunzi_string body,
                  const struct edits *edits);
void unmake_snippet(struct made *made);

size_t characters_in(xunzi_string text);
bool is_at_boundary(xunzi_string text, size_t at);

/* The body as snippets show it: in one line, edits that are line breaks left out, what is set aside
 * a U+0001. */
void append_flat(const struct made *made, struct buffer *flat);

/* In one line; stretches of the body in its order, parted by ellipses, which the body must not
 * hold; as long as it should be. */
void assert_sound(const struct made *made);

/* The ranges are those that the snippet itself gives: for bodies without edits. */
void assert_ranges(const struct made *made);

/* The weight of the distinct terms that the snippet shows; and of those in the stretch of the body,
 * of at most so many characters, that has the most: every one is tried. For bodies without edits.
 */
double shown_weight(const struct made *made);
double best_weight(const struct made *made, size_t characters);

void append_times(struct buffer *out, const char *text, size_t times);

#endif
