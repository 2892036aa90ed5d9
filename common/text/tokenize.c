/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tokenizer: a cursor over the folded characters, run by run, and within a run character by
 * character. */
#include "text/tokenize.h"

#include <stdlib.h>

#include "base/error.h"
#include "text/character.h"

struct tokenizer {
    xunzi_profile profile;
    struct word_segmenter *segmenter; /* NULL where the profile has no words */
    struct folded_text folded;
    const uint8_t *word_lengths;
    size_t at;        /* the next character */
    size_t run_begin; /* the run that holds it, where at < run_end */
    size_t run_end;
    uint32_t position;          /* of the next token */
    uint32_t breaks;            /* positions left empty so far */
    xunzi_token_kind next_kind; /* at this character */
};

xunzi_status tokenizer_new(xunzi_profile profile, struct tokenizer **out) {
    *out = NULL;
    struct tokenizer *tokenizer = calloc(1, sizeof *tokenizer);
    if (!tokenizer)
        return error_no_memory();
    tokenizer->profile = profile;
    if (profile == XUNZI_PROFILE_FULL) {
        xunzi_status status = word_segmenter_new(&tokenizer->segmenter);
        if (status != XUNZI_OK) {
            tokenizer_free(tokenizer);
            return status;
        }
    }
    *out = tokenizer;
    return XUNZI_OK;
}

void tokenizer_free(struct tokenizer *tokenizer) {
    if (!tokenizer)
        return;
    word_segmenter_free(tokenizer->segmenter);
    folded_text_free(&tokenizer->folded);
    free(tokenizer);
}

xunzi_status tokenizer_set_text(struct tokenizer *tokenizer, const char *text, size_t size) {
    return tokenizer_set_edited_text(tokenizer, text, 0, size, NULL, FOLD_MENDED);
}

xunzi_status tokenizer_set_edited_text(struct tokenizer *tokenizer, const char *text, size_t begin,
                                       size_t end, const struct edits *edits,
                                       enum fold_reading reading) {
    tokenizer->at = tokenizer->run_begin = tokenizer->run_end = 0;
    tokenizer->position = tokenizer->breaks = 0;
    tokenizer->next_kind = XUNZI_TOKEN_BIGRAM;
    if (!fold_edited_text(&tokenizer->folded, text, begin, end, edits, reading))
        return error_no_memory();
    if (tokenizer->segmenter)
        return word_segmenter_run(tokenizer->segmenter, &tokenizer->folded,
                                  &tokenizer->word_lengths);
    return XUNZI_OK;
}

static enum character_class class_at(const struct tokenizer *tokenizer, size_t i) {
    return (enum character_class)tokenizer->folded.characters[i].class;
}

static bool is_letter_or_digit(enum character_class class) {
    return class == CHARACTER_LETTER || class == CHARACTER_DIGIT;
}

/* Whether the joining character at i stands between what it joins. */
static bool joins(const struct tokenizer *tokenizer, size_t i) {
    const struct folded_character *characters = tokenizer->folded.characters;
    if (i == 0 || i + 1 >= tokenizer->folded.count || characters[i].separator_before ||
        characters[i + 1].separator_before)
        return false;
    enum character_class before = class_at(tokenizer, i - 1), after = class_at(tokenizer, i + 1);
    if (before == CHARACTER_MARK)
        before = CHARACTER_LETTER;
    bool letters = before == CHARACTER_LETTER && after == CHARACTER_LETTER;
    bool digits = before == CHARACTER_DIGIT && after == CHARACTER_DIGIT;
    switch (class_at(tokenizer, i)) {
    case CHARACTER_MID_LETTER:
        return letters;
    case CHARACTER_MID_NUMBER:
        return digits;
    case CHARACTER_MID_BOTH:
        return letters || digits;
    default:
        return false;
    }
}

/* The end of the Latin token that begins at `first`. */
static size_t latin_end(const struct tokenizer *tokenizer, size_t first) {
    size_t end = first + 1;
    for (; end < tokenizer->folded.count && !tokenizer->folded.characters[end].separator_before;
         end++) {
        enum character_class class = class_at(tokenizer, end);
        if (!is_letter_or_digit(class) && class != CHARACTER_MARK && class != CHARACTER_CONNECTOR &&
            !joins(tokenizer, end))
            break;
    }
    while (class_at(tokenizer, end - 1) == CHARACTER_CONNECTOR) /* it has nothing to join */
        end--;
    return end;
}

static size_t cjk_end(const struct tokenizer *tokenizer, size_t first) {
    size_t end = first + 1;
    while (end < tokenizer->folded.count && !tokenizer->folded.characters[end].separator_before &&
           class_at(tokenizer, end) == class_at(tokenizer, first))
        end++;
    return end;
}

/* Finds the next run; moves the position over what separates it from the one before. */
static bool find_run(struct tokenizer *tokenizer) {
    size_t previous_end = tokenizer->run_end;
    enum separator separator = SEPARATOR_NONE;
    size_t i = tokenizer->at;
    for (; i < tokenizer->folded.count; i++) {
        if (tokenizer->folded.characters[i].separator_before > separator)
            separator = tokenizer->folded.characters[i].separator_before;
        enum character_class class = class_at(tokenizer, i);
        if (character_class_is_cjk(class) || is_letter_or_digit(class))
            break;
        separator = SEPARATOR_PUNCTUATION; /* a mark or joiner with nothing to join */
    }
    tokenizer->at = tokenizer->run_begin = i;
    if (i == tokenizer->folded.count) {
        tokenizer->run_end = i;
        return false;
    }
    bool cjk = character_class_is_cjk(class_at(tokenizer, i));
    bool cjk_before =
        previous_end > 0 && character_class_is_cjk(class_at(tokenizer, previous_end - 1));
    if (previous_end > 0 && ((separator == SEPARATOR_PUNCTUATION && (cjk || cjk_before)) ||
                             (separator == SEPARATOR_SPACE && cjk && cjk_before))) {
        tokenizer->position++;
        tokenizer->breaks++;
    }
    tokenizer->run_end = cjk ? cjk_end(tokenizer, i) : latin_end(tokenizer, i);
    return true;
}

static void fill(const struct tokenizer *tokenizer, struct token *token, xunzi_token_kind kind,
                 size_t count) {
    const struct folded_character *first = &tokenizer->folded.characters[tokenizer->at];
    const struct folded_character *last = first + count - 1;
    *token = (struct token){
        .kind = kind,
        .position = tokenizer->position,
        .place = 2 * tokenizer->position - tokenizer->breaks,
        .begin = first->begin,
        .end = last->begin + last->length,
        .first = tokenizer->at,
        .count = count,
    };
}

/* The token of next_kind at this character, if there is one. */
static bool token_here(const struct tokenizer *tokenizer, struct token *token) {
    size_t left = tokenizer->run_end - tokenizer->at;
    switch (tokenizer->next_kind) {
    case XUNZI_TOKEN_BIGRAM:
        if (left < 2)
            return false;
        fill(tokenizer, token, XUNZI_TOKEN_BIGRAM, 2);
        return true;
    case XUNZI_TOKEN_CHARACTER:
        if (tokenizer->profile != XUNZI_PROFILE_FULL &&
            tokenizer->run_end - tokenizer->run_begin > 1)
            return false;
        fill(tokenizer, token, XUNZI_TOKEN_CHARACTER, 1);
        return true;
    default: {
        size_t length = tokenizer->segmenter ? tokenizer->word_lengths[tokenizer->at] : 0;
        if (length < 2 || length > left)
            return false;
        fill(tokenizer, token, XUNZI_TOKEN_WORD, length);
        return true;
    }
    }
}

bool tokenizer_next(struct tokenizer *tokenizer, struct token *token) {
    for (;;) {
        if (tokenizer->at == tokenizer->run_end && !find_run(tokenizer))
            return false;
        if (!character_class_is_cjk(class_at(tokenizer, tokenizer->at))) {
            fill(tokenizer, token, XUNZI_TOKEN_LATIN, tokenizer->run_end - tokenizer->at);
            tokenizer->at = tokenizer->run_end;
            tokenizer->position++;
            return true;
        }
        while (tokenizer->next_kind <= XUNZI_TOKEN_WORD) {
            bool found = token_here(tokenizer, token);
            tokenizer->next_kind++;
            if (found)
                return true;
        }
        tokenizer->next_kind = XUNZI_TOKEN_BIGRAM;
        tokenizer->at++;
        tokenizer->position++;
    }
}

bool tokenizer_next_run(struct tokenizer *tokenizer, struct token_run *run) {
    tokenizer->at = tokenizer->run_end;
    if (!find_run(tokenizer))
        return false;
    *run = (struct token_run){
        .latin = !character_class_is_cjk(class_at(tokenizer, tokenizer->at)),
        .first = tokenizer->run_begin,
        .end = tokenizer->run_end,
        .position = tokenizer->position,
        .place = 2 * tokenizer->position - tokenizer->breaks,
    };
    tokenizer->position += run->latin ? 1 : (uint32_t)(run->end - run->first);
    return true;
}

const uint8_t *tokenizer_word_lengths(const struct tokenizer *tokenizer) {
    return tokenizer->segmenter ? tokenizer->word_lengths : NULL;
}

uint32_t tokenizer_position(const struct tokenizer *tokenizer) {
    return tokenizer->position;
}

bool tokenizer_append_term(const struct tokenizer *tokenizer, const struct token *token,
                           struct buffer *out) {
    return folded_text_append_utf8(&tokenizer->folded, token->first, token->count, out);
}

const struct folded_text *tokenizer_folded(const struct tokenizer *tokenizer) {
    return &tokenizer->folded;
}

/* Whether characters i - 1 and i are of one run. */
static bool one_run(const struct folded_text *folded, size_t i) {
    return i > 0 && i < folded->count && !folded->characters[i].separator_before &&
           folded->characters[i - 1].class == folded->characters[i].class;
}

bool tokenizer_is_lone(const struct tokenizer *tokenizer, const struct token *token) {
    return token->kind == XUNZI_TOKEN_CHARACTER && !one_run(&tokenizer->folded, token->first) &&
           !one_run(&tokenizer->folded, token->first + 1);
}

bool tokenizer_is_edge(const struct tokenizer *tokenizer, const struct token *token) {
    return token->kind == XUNZI_TOKEN_CHARACTER && (!one_run(&tokenizer->folded, token->first) ||
                                                    !one_run(&tokenizer->folded, token->first + 1));
}
