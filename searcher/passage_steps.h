/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Going along a stretch by the characters that are shown of it, and cutting it where it has no
 * bound: between words. */
#ifndef XUNZI_SEARCHER_PASSAGE_STEPS_H
#define XUNZI_SEARCHER_PASSAGE_STEPS_H

#include "searcher/passage_bounds.h"

/* Whether code point c is white space. */
bool passage_is_space(uint32_t c);

/* Where the line break inside a sentence ends that begins at or before byte `at` and ends behind
 * it, Han on both sides of it: nothing of it is shown. `at` where there is none. */
size_t passage_wrap_end(const struct stretch *stretch, size_t at);

/* How many characters are shown of the bytes [begin, end). */
size_t passage_shown(const struct stretch *stretch, size_t begin, size_t end);

/* The byte so many shown characters behind byte `from`, or before it; not beyond the stretch. */
size_t passage_forward(const struct stretch *stretch, size_t from, size_t characters);
size_t passage_back(const struct stretch *stretch, size_t from, size_t characters);

/* The last place in [least, most] where a passage may end without cutting a word, or, where there
 * is none, a character apart from its marks; *place is left as it is where there is no place at
 * all. False: no memory. */
bool passage_last_end(const struct stretch *stretch, size_t least, size_t most, size_t *place);

/* The first place in [least, most] where a passage may begin in the same way. */
bool passage_first_begin(const struct stretch *stretch, size_t least, size_t most, size_t *place);

#endif
