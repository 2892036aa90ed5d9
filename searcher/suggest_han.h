/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Corrections of a run of Han characters.
 *
 * A short run is doubted where it is no phrase of the collection, a longer one where a pair of
 * neighbours is rare. At a rare pair, changes are tried: a character for another that sounds like
 * it, two neighbours for two that sound like them (an input method's wrong word), one put in, and
 * any other in a character's place; and anywhere in a short run two neighbours exchanged, and one
 * left out. A change is a candidate where the collection has the pairs that it makes, and is judged
 * by
 *
 *     ln(documents that have it as a phrase with its surroundings)
 *         + SHARE * what a model of Chinese text finds it likelier than what was typed, in nats
 *         - what the kind of change costs, in nats
 *
 * which is a noisy channel (Kernighan, Church and Gale, "A Spelling Correction Program Based on a
 * Noisy Channel Model", 1990) with documents in place of a language's frequencies. Candidates are
 * counted in the order of the best that they can reach, the rarest of their pairs bounding the
 * documents, until none can pass the best one.
 */
#ifndef XUNZI_SEARCHER_SUGGEST_HAN_H
#define XUNZI_SEARCHER_SUGGEST_HAN_H

#include "searcher/suggest_collection.h"

enum { SUGGEST_RUN_MOST = 64 };

/* A run as it is corrected. */
struct suggest_run {
    uint32_t characters[SUGGEST_RUN_MOST];
    int source[SUGGEST_RUN_MOST]; /* which of the typed ones it is; -1: it is new */
    size_t count;
};

/* Corrects a run in one place, or in two where it is longer than four characters. *changed: whether
 * there was something to correct. */
xunzi_status suggest_han(struct suggest_collection *collection, struct suggest_run *run,
                         bool *changed);

#endif
