/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ranking, and every constant of it. Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009,
 * section 3.4), without its within-query saturation:
 *
 *     score = sum over terms of  weight * idf * tf / (tf + k1 * (1 - b + b * length / average length))
 *     idf   = ln(1 + (N - df + 0.5) / (df + 0.5))
 *
 * tf is the within-document frequency, a title's tokens counted thrice (catalog/live_document.h); length is the sum of it over
 * all of the document's ranked terms. A constant below that was not measured here says where it comes from.
 */
#ifndef XUNZI_SEARCHER_RANKING_H
#define XUNZI_SEARCHER_RANKING_H

#include <math.h>
#include <stdint.h>
#include <xunzi/xunzi.h>

/* Low, as suits bigrams: the design's prototype gained .03 to .05 of MRR@10 over k1 1.2 and b 0.75. */
#define RANKING_K1 0.6
#define RANKING_B 0.3

/* A character that bigrams cover too says little more than they do: the prototype's best weight. */
#define RANKING_CHARACTER_WEIGHT 0.4
#define RANKING_WORD_WEIGHT 1.0

/* How many different terms a query is ranked by at most: those worth most. With all terms of each of 15,469 news titles, or with 40, as many
 * found their own article first (99.11 of 100); the longest title, of 87 characters, took 21 ms with all terms, 13 with 64 and 8 with 40
 * (whole process, median of 11). A passage pasted whole has more use for them than a title: so 64. */
enum { RANKING_TERMS_MOST = 64 };

/* How many characters and words add to the score of what bigrams have found: those worth most. The common ones that are left out have
 * the longest posting lists and say least: with 8, 16 and all of them MRR@10 was .9600, .9604 and .9605 (1,500 questions over 70,370
 * passages and news), while the questions took 3.7, 6.7 and 15.2 ms. */
enum { RANKING_EXTRAS_MOST = 8 };

static inline double ranking_idf(uint64_t documents, uint64_t frequency) {
    double with = (double)frequency, without = documents > frequency ? (double)(documents - frequency) : 0;
    return log1p((without + 0.5) / (with + 0.5));
}

/* The weight of a token; `lone` where no bigram covers it. */
static inline double ranking_weight(xunzi_token_kind kind, bool lone) {
    if (kind == XUNZI_TOKEN_CHARACTER && !lone)
        return RANKING_CHARACTER_WEIGHT;
    return kind == XUNZI_TOKEN_WORD ? RANKING_WORD_WEIGHT : 1.0;
}

#endif
