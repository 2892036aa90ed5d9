/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From text to tokens.
 *
 * Han, kana and Hangul characters stand in runs: neighbours of one class with no separator between.
 * A run of two or more gives the overlapping bigrams; a run of one gives that character; the full
 * profile gives every character, and the words of Han runs besides. Letters and digits stand in
 * Latin tokens, cut by UAX #29 (3.14 and don't are one, covid-19 are two).
 *
 * Positions: each such character and each Latin token takes one, in order. One more is left empty
 * where a phrase must not run on: at punctuation, unless Latin tokens stand on both sides of it,
 * and at white space between two characters of runs. So a phrase runs through "covid-19" and "在
 * iPhone 上" and "在iPhone上", and not through a comma or from one line to the next.
 *
 * Places are what phrases are matched by: two for each position that a token takes, one for each
 * that is left empty. So a phrase that holds a comma (健康，鄞州) does not match where a character
 * stands instead (健康某鄞州): an odd distance is no even one.
 */
#ifndef XUNZI_TEXT_TOKENIZE_H
#define XUNZI_TEXT_TOKENIZE_H

#include "text/fold.h"
#include "text/words.h"

struct token {
    xunzi_token_kind kind;
    uint32_t position;
    uint32_t place;
    uint32_t begin, end; /* bytes of the original, the end exclusive */
    size_t first, count; /* the folded characters that it is made of */
};

/* Reads one text after the other; keeps its buffers. One thread at a time. */
struct tokenizer;

xunzi_status tokenizer_new(xunzi_profile profile, struct tokenizer **out);
void tokenizer_free(struct tokenizer *tokenizer);

/* Begins a text, which must live until the last of its tokens is read. */
xunzi_status tokenizer_set_text(struct tokenizer *tokenizer, const char *text, size_t size);

/* The same for the bytes [begin, end) of text, read through edits of the whole of it, which live as
 * long; NULL: none. */
xunzi_status tokenizer_set_edited_text(struct tokenizer *tokenizer, const char *text, size_t begin,
                                       size_t end, const struct edits *edits,
                                       enum fold_reading reading);

/* The next token, by position, then by the order of the kinds; false at the end. */
bool tokenizer_next(struct tokenizer *tokenizer, struct token *token);

/* A run of CJK characters, or a Latin token. */
struct token_run {
    bool latin;
    size_t first, end;        /* folded characters, the end exclusive */
    uint32_t position, place; /* of the first one; each next one of CJK has 1 and 2 more */
};

/* For who makes tokens of runs without a struct token for each: the next run; false at the end. Of
 * one text, either runs are read or tokens. */
bool tokenizer_next_run(struct tokenizer *tokenizer, struct token_run *run);

/* For each folded character, how many the word has that begins there (text/words.h); a word counts
 * where it ends within its run. NULL: the profile has no words. */
const uint8_t *tokenizer_word_lengths(const struct tokenizer *tokenizer);

/* The position behind the last token: how many positions the text takes. Of use after the last
 * token. */
uint32_t tokenizer_position(const struct tokenizer *tokenizer);

/* Appends the token's term: its folded characters as UTF-8. */
bool tokenizer_append_term(const struct tokenizer *tokenizer, const struct token *token,
                           struct buffer *out);

/* The text's folding, for who looks at characters rather than tokens. */
const struct folded_text *tokenizer_folded(const struct tokenizer *tokenizer);

/* Whether the token is a run of a single character: where no bigram covers it. */
bool tokenizer_is_lone(const struct tokenizer *tokenizer, const struct token *token);

/* Whether the token is the first or the last character of its run. A phrase asks for the place of a
 * character only where that is a run of one in the phrase, and so, in a text that holds the phrase,
 * at an edge of a run. */
bool tokenizer_is_edge(const struct tokenizer *tokenizer, const struct token *token);

#endif
