/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Latin words for misspelt ones: words of the collection at a small distance, counted in letters
 * put in, left out, replaced, or exchanged with a neighbour (Damerau, "A technique for computer
 * detection and correction of spelling errors", 1964). The dictionaries are walked: a collection
 * of Chinese text has few Latin words, and no table of its own has to be kept for them.
 */
#ifndef XUNZI_SEARCHER_SUGGEST_LATIN_H
#define XUNZI_SEARCHER_SUGGEST_LATIN_H

#include "searcher/suggest_collection.h"

enum { LATIN_SHORTEST = 4, LATIN_LONGEST = 32 };

/* A word for `typed`, folded, of lower-case ASCII letters; its size is 0 where there is none. score
 * is ln(documents that have it) less what its distance costs. */
struct latin_correction {
    char word[LATIN_LONGEST + 1];
    size_t size;
    double score;
};

xunzi_status suggest_latin(struct suggest_collection *collection, const char *typed, size_t size,
                           struct latin_correction *out);

/* The distance of two words where it is at most `most`, otherwise most + 1. */
size_t latin_distance(const char *a, size_t a_size, const char *b, size_t b_size, size_t most);

#endif
