/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Spam: runs of unrelated phrases between separators. It is told from tables and menus by its
 * vocabulary: pairs of Han characters that the article does not use.
 */
#ifndef XUNZI_TEXT_PAGE_SPAM_H
#define XUNZI_TEXT_PAGE_SPAM_H

#include "text/page_lines.h"

/* The pairs of neighbouring Han characters of an article, in a filter of bits: some are taken for
 * others. */
enum {
    PAGE_VOCABULARY_BITS = 1 << 19,
    PAGE_VOCABULARY_TEXT = 256 * 1024 /* bytes of an article that are looked at */
};
struct page_vocabulary {
    uint64_t words[PAGE_VOCABULARY_BITS / 64];
    size_t bytes; /* looked at so far */
};

void page_vocabulary_clear(struct page_vocabulary *vocabulary);
void page_vocabulary_add(struct page_vocabulary *vocabulary, const char *text, uint32_t begin,
                         uint32_t end);

/* The share of the pairs of text that are in the vocabulary, in per cent; 100 where there are no
 * pairs. */
unsigned page_vocabulary_share(const struct page_vocabulary *vocabulary, const char *text,
                               uint32_t begin, uint32_t end);

/* Whether the line has the shape of spam: many bars and no sentence. *begin is where the shape
 * begins: at the line's beginning, or behind the last sentence. */
bool page_has_bars_of_spam(const struct page_line *line, uint32_t *begin);

/* The same with white space in place of bars; names in a list stand closer. */
bool page_has_gaps_of_spam(const struct page_line *line);

#endif
