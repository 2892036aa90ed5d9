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
    PAGE_WORD_TAGS = 1 << 13,      /* label of key words: what follows is a list, however long */
    PAGE_WORD_PICTURES = 1 << 14,  /* label of who took the pictures, before a slash or a space */
    PAGE_WORD_ACCOUNT = 1 << 15    /* label of what an account of a network tells about itself */
};

/* What is asked of every character; the words themselves stand behind it. The flags of all words
 * whose first character is this, of those whose first two are these, and of those that have no
 * second: each at a place that some share. */
enum { PAGE_WORDS_BITS = 12, PAGE_WORDS_PLACES = 1 << PAGE_WORDS_BITS };
struct page_words {
    uint16_t first[PAGE_WORDS_PLACES], pair[PAGE_WORDS_PLACES], single[PAGE_WORDS_PLACES];
};

xunzi_status page_words_new(struct page_words **out);
void page_words_free(struct page_words *words);

static inline size_t page_words_place(uint32_t character) {
    return character % PAGE_WORDS_PLACES;
}

static inline size_t page_words_pair_place(uint32_t first, uint32_t second) {
    return (first * UINT32_C(0x9E3779B1) + second * UINT32_C(0x85EBCA77)) >> (32 - PAGE_WORDS_BITS);
}

/* The flags of all words that begin with this character; some of other words may be among them. */
static inline unsigned page_words_flags(const struct page_words *words, uint32_t character) {
    return words->first[page_words_place(character)];
}

/* The same as page_words_match where there is a word; at least one character. */
size_t page_words_match_any(const struct page_words *words, const uint32_t *characters,
                            size_t count, unsigned mask, unsigned *flags);

/* The longest word with one of the flags in mask at the beginning of these folded characters: how
 * many characters it has, and its flags; 0 where there is none. */
static inline size_t page_words_match(const struct page_words *words, const uint32_t *characters,
                                      size_t count, unsigned mask, unsigned *flags) {
    if (count == 0)
        return 0;
    unsigned likely = words->single[page_words_place(characters[0])];
    if (count > 1)
        likely |= words->pair[page_words_pair_place(characters[0], characters[1])];
    return likely & mask ? page_words_match_any(words, characters, count, mask, flags) : 0;
}

/* The longest such word that ends exactly at characters[end], which is exclusive, and begins at or
 * behind `begin`. */
size_t page_words_match_end(const struct page_words *words, const uint32_t *characters,
                            size_t begin, size_t end, unsigned mask, unsigned *flags);

#endif
