/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ranking, and every constant of it. Okapi BM25 (Robertson and Zaragoza, "The Probabilistic
 * Relevance Framework", 2009, section 3.4), without its within-query saturation:
 *
 *     score = sum over terms of  weight * idf * tf / (tf + k1 * (1 - b + b * length / average))
 *     idf   = ln(1 + (N - df + 0.5) / (df + 0.5)) ^ RANKING_RARITY
 *
 * tf is the within-document frequency, a title's tokens counted thrice (catalog/live_document.h);
 * length is the sum of it over all of the document's ranked terms, average that of all documents.
 * k1 and b are SATURATION_K1 and SATURATION_B (segment/bounds.h), for a segment's bounds depend on
 * them. In the full profile a second pass follows over the best (second_pass.h).
 *
 * The constants were chosen on one half of 6,743 questions whose answers are passages of two
 * encyclopaedias, in both scripts, among 70,370 documents, by coordinate ascent, then rounded; the
 * other half confirmed them. MRR@10 was .9580 before and .9753 with all of them; docs/ranking.md
 * has a table of what each gives, which bench/relevance makes.
 */
#ifndef XUNZI_SEARCHER_RANKING_H
#define XUNZI_SEARCHER_RANKING_H

#include <math.h>
#include <stdint.h>
#include <xunzi/xunzi.h>

/* A character that bigrams cover too: it finds what a bigram cannot, a part of a name or another
 * form of a word. .6 to 1 are alike. */
#define RANKING_CHARACTER_WEIGHT 0.8

/* A bigram of which one character is a function character: half of it is grammar, but names have
 * such characters too. .3 to .5 are alike; 0 and 1 are .004 worse. One of two function characters
 * is not ranked by where there is anything else. */
#define RANKING_HALF_FUNCTION_WEIGHT 0.3

/* A Latin word or a number is scored once, a word of two characters three times: as a bigram, and
 * by its characters. */
#define RANKING_LATIN_WEIGHT (1 + 2 * RANKING_CHARACTER_WEIGHT)

/* A word says what its bigrams say, if the segmentation of the query and of the document agree.
 * With 1 it is .003 worse. */
#define RANKING_WORD_WEIGHT 0.2

/* Rare terms decide. 1.2 to 1.6 are alike. */
#define RANKING_RARITY 1.3

/* How many different terms a query is ranked by at most: those worth most. With all terms of each
 * of 15,469 news titles, or with 40, as many found their own article first (99.11 of 100); the
 * longest title, of 87 characters, took 21 ms with all terms, 13 with 64 and 8 with 40 (whole
 * process, median of 11). A passage pasted whole has more use for them than a title: so 64. */
enum { RANKING_TERMS_MOST = 64 };

/* How many characters and words add to the score of the best: those worth most. */
enum { RANKING_EXTRAS_MOST = 8 };

/* How many of the best they are asked of, and how many are looked at for closeness. The right
 * passage was among the first ten of 99.5 of 100 questions, among the first fifty of 99.8: with 5,
 * 10, 20, 50 and 100 looked at for closeness MRR@10 was within .0003. */
enum { RANKING_LATE_MOST = 50, RANKING_CLOSE_MOST = 10 };

/* Closeness: within how many places (two a character) terms are together, and the share of their
 * weights that it gives. Windows of 30 to 60 characters were within .0003 of each other. */
enum { RANKING_WINDOW = 100 };
#define RANKING_CLOSENESS 0.3

static inline double ranking_idf(uint64_t documents, uint64_t frequency, double power) {
    double with = (double)frequency,
           without = documents > frequency ? (double)(documents - frequency) : 0;
    return pow(log1p((without + 0.5) / (with + 0.5)), power);
}

/* The weight of a token; `lone` where no bigram covers it. */
static inline double ranking_weight(xunzi_token_kind kind, bool lone) {
    if (kind == XUNZI_TOKEN_CHARACTER && !lone)
        return RANKING_CHARACTER_WEIGHT;
    return kind == XUNZI_TOKEN_WORD    ? RANKING_WORD_WEIGHT
           : kind == XUNZI_TOKEN_LATIN ? RANKING_LATIN_WEIGHT
                                       : 1.0;
}

#endif
