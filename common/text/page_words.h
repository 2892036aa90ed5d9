/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words that stand around articles: of menus, tools, lists of other articles, credits, and the
 * labels of dates and sources. */
#ifndef XUNZI_TEXT_PAGE_WORDS_H
#define XUNZI_TEXT_PAGE_WORDS_H

#include <stddef.h>
#include <stdint.h>
#include <xunzi/xunzi.h>

/* What a word says where it stands; several may hold. */
enum page_word {
    PAGE_WORD_MENU = 1 << 0, /* leads elsewhere on the site */
    PAGE_WORD_TOOL = 1 << 1, /* does something with the page, or counts who did */
    PAGE_WORD_LIST =
        1 << 2, /* first half of what stands above a list of other articles, or all of it */
    PAGE_WORD_LIST_END = 1 << 3,   /* second half */
    PAGE_WORD_NEIGHBOUR = 1 << 4,  /* before the headline of the article before or behind */
    PAGE_WORD_CREDIT = 1 << 5,     /* label: who worked on the page, key words, tags */
    PAGE_WORD_DATE = 1 << 6,       /* label */
    PAGE_WORD_SOURCE = 1 << 7,     /* label */
    PAGE_WORD_AUTHOR = 1 << 8,     /* label */
    PAGE_WORD_COUNTER = 1 << 9,    /* label of a number of readers, a letter size and the like */
    PAGE_WORD_COPYRIGHT = 1 << 10, /* anywhere in a line */
    PAGE_WORD_NOTICE = 1 << 11,    /* label of a disclaimer or an address */
    PAGE_WORD_PLACE = 1 << 12,     /* before a breadcrumb */
    PAGE_WORD_TAGS = 1 << 13       /* label of key words: what follows is a list, however long */
};

struct page_words;

xunzi_status page_words_new(struct page_words **out);
void page_words_free(struct page_words *words);

/* The longest word with one of the flags in mask at the beginning of these folded characters: how
 * many characters it has, and its flags; 0 where there is none. */
size_t page_words_match(const struct page_words *words, const uint32_t *characters, size_t count,
                        unsigned mask, unsigned *flags);

/* The flags of all words that begin with one of these characters, whatever follows it there; some
 * of other words may be among them. */
unsigned page_words_flags(const struct page_words *words, const uint32_t *characters, size_t count);

/* The longest such word that ends exactly at characters[end], which is exclusive, and begins at or
 * behind `begin`. */
size_t page_words_match_end(const struct page_words *words, const uint32_t *characters,
                            size_t begin, size_t end, unsigned mask, unsigned *flags);

#endif
