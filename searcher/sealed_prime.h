/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Priming the threshold of a disjunction: scores of some promising documents, found at little cost,
 * before the search proper. If k documents are known to score so much, then none that scores less
 * is among the best k.
 *
 * Promising are the documents that the rarest lists, or the best blocks of them, hold. What they
 * contribute is added up by document, and the best, more than are wanted, are looked up in the
 * other lists, those worth most first, while the worst of them are dropped. The sums are what these
 * documents score at least.
 */
#ifndef XUNZI_SEARCHER_SEALED_PRIME_H
#define XUNZI_SEARCHER_SEALED_PRIME_H

#include "searcher/sealed_or.h"

/* Raises top's floor where it can. What it decodes of the lists stays decoded. False: the segment
 * is damaged. */
bool sealed_prime(struct sealed_tree *tree, struct or_list *lists, size_t count,
                  const struct sealed_filter *filter, struct top_list *top);

#endif
