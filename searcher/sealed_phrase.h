/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Phrases over a sealed segment. Where two bigrams of a phrase stand at its distance and a third
 * between them shares a character with both, it stands there too: no separator and no change of
 * script fits between. So places are compared only of a cover of the phrase: every second bigram at
 * least, and whatever is no bigram.
 */
#ifndef XUNZI_SEARCHER_SEALED_PHRASE_H
#define XUNZI_SEARCHER_SEALED_PHRASE_H

#include "searcher/sealed_tree.h"

/* Chooses the cheapest cover of a PHRASE node whose children stand as the query has them. */
xunzi_status sealed_phrase_cover(struct sealed_tree *tree, struct sealed_node *phrase);

/* Of documents[which[i]], ascending, at most BLOCK_SIZE, that all children have, those that have
 * the phrase, in `which`; returns how many. The children's `postings` are by document. */
size_t sealed_phrase_keep(struct sealed_tree *tree, struct sealed_node *phrase,
                          const uint32_t *documents, uint8_t *which, size_t count);

/* Whether the document that the children stand at has the phrase. */
bool sealed_phrase_stands(struct sealed_tree *tree, struct sealed_node *phrase);

#endif
