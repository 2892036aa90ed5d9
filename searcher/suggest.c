/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a query's text to its words, and back. */
#include "searcher/suggest.h"

#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "searcher/language.h"
#include "searcher/parse.h"
#include "searcher/plan.h"
#include "searcher/second_pass.h"
#include "searcher/suggest_collection.h"
#include "searcher/suggest_han.h"
#include "searcher/suggest_latin.h"
#include "searcher/suggest_pinyin.h"
#include "text/character.h"
#include "text/traditional.h"

enum {
    FEW_WORDS = 4,   /* a query of no more is looked at though none of its terms is rare */
    WORDS_MOST = 64, /* of a query that are looked at */
    TEXT_MOST = 4096 /* bytes of a query: a longer one is a document rather than a slip */
};

/* A run of Han characters or a Latin word of the query. */
struct word {
    bool latin;
    uint32_t characters[SUGGEST_RUN_MOST]; /* folded */
    xunzi_range ranges[SUGGEST_RUN_MOST];  /* of each in the text */
    size_t count;
};

/* What a stretch of the text becomes. */
struct replacement {
    size_t begin, end;
    struct buffer text;
};

struct suggesting {
    xunzi_index *index;
    struct arena arena;
    xunzi_string text;
    struct suggest_collection collection;
    struct word *words;
    size_t word_count;
    bool traditional; /* the script of what is put in */
    struct replacement replacements[WORDS_MOST];
    size_t replacement_count;
};

/* ---- whether to look ---- */

struct doubts {
    uint64_t rare;
    bool any;
};

static void doubt(void *context, struct query *term) {
    struct doubts *doubts = context;
    doubts->any |=
        term->kind != XUNZI_TOKEN_WORD && term->planned && term->frequency <= doubts->rare;
}

static bool is_doubtful(const xunzi_index *index, const struct suggest_question *question) {
    struct doubts doubts = {.rare = suggest_rare(index)};
    if (question->exact && question->total < SUGGEST_FEW)
        return true;
    query_visit_scored(question->query, doubt, &doubts);
    return doubts.any;
}

/* ---- reading ---- */

/* Takes a run or token of the text at stretch; one that is too long, or of which several characters
 * were one, is left as it is. */
static void take_word(struct suggesting *suggesting, const struct folded_text *folded,
                      const struct token_run *run, size_t stretch) {
    struct word *word = &suggesting->words[suggesting->word_count];
    const struct folded_character *characters = folded->characters + run->first;
    word->latin = run->latin;
    word->count = run->end - run->first;
    if (word->count >= SUGGEST_RUN_MOST || (!run->latin && characters[0].class != CHARACTER_HAN))
        return;
    for (size_t i = 0; i < word->count; i++) {
        uint32_t begin = (uint32_t)stretch + characters[i].begin;
        word->characters[i] = characters[i].code_point;
        word->ranges[i] = (xunzi_range){begin, begin + characters[i].length};
        if (i > 0 && begin < word->ranges[i - 1].end)
            return;
    }
    suggesting->word_count++;
}

static xunzi_status read_stretch(struct suggesting *suggesting, xunzi_string stretch) {
    struct tokenizer *tokenizer;
    struct token_run run;
    if (stretch.size > 0 && stretch.data[stretch.size - 1] == '*')
        return XUNZI_OK; /* the beginning of a word */
    xunzi_status status = index_tokenize_query(suggesting->index, stretch, &tokenizer);
    while (status == XUNZI_OK && suggesting->word_count < WORDS_MOST &&
           tokenizer_next_run(tokenizer, &run))
        take_word(suggesting, tokenizer_folded(tokenizer), &run,
                  (size_t)(stretch.data - suggesting->text.data));
    return status;
}

/* Which script the typed characters are of: those that are another one in the other. */
static void tell_script(struct suggesting *suggesting) {
    size_t traditional = 0, simplified = 0;
    for (size_t i = 0; i < suggesting->word_count; i++) {
        const struct word *word = &suggesting->words[i];
        for (size_t k = 0; k < word->count && !word->latin; k++) {
            size_t at = word->ranges[k].begin;
            uint32_t typed = utf8_next(suggesting->text.data, suggesting->text.size, &at);
            uint32_t other = traditional_of(word->characters[k]);
            traditional += typed != word->characters[k] && typed == other;
            simplified += typed == word->characters[k] && typed != other;
        }
    }
    suggesting->traditional = traditional > simplified;
}

static xunzi_status read_words(struct suggesting *suggesting, xunzi_mode mode) {
    struct language_notes notes = {0};
    struct query *query;
    suggesting->words = arena_alloc(&suggesting->arena, WORDS_MOST * sizeof *suggesting->words);
    if (!suggesting->words)
        return error_no_memory();
    if (mode != XUNZI_MODE_QUERY) {
        notes.stretches[0] = suggesting->text;
        notes.stretch_count = 1;
    }
    xunzi_status status = mode == XUNZI_MODE_QUERY
                              ? language_parse(suggesting->index, &suggesting->arena,
                                               suggesting->text, &query, &notes)
                              : XUNZI_OK;
    for (size_t i = 0; i < notes.stretch_count && status == XUNZI_OK; i++)
        status = read_stretch(suggesting, notes.stretches[i]);
    tell_script(suggesting);
    return status;
}

/* ---- correcting ---- */

static bool append_character(const struct suggesting *suggesting, uint32_t folded,
                             struct buffer *out) {
    return utf8_append(out, suggesting->traditional ? traditional_of(folded) : folded);
}

static struct replacement *replace(struct suggesting *suggesting, const struct word *first,
                                   const struct word *last) {
    struct replacement *replacement = &suggesting->replacements[suggesting->replacement_count++];
    *replacement = (struct replacement){.begin = first->ranges[0].begin,
                                        .end = last->ranges[last->count - 1].end};
    return replacement;
}

static xunzi_status correct_han(struct suggesting *suggesting, const struct word *word) {
    struct suggest_run run = {.count = word->count};
    bool changed, ok = true;
    for (size_t i = 0; i < word->count; i++) {
        run.characters[i] = word->characters[i];
        run.source[i] = (int)i;
    }
    xunzi_status status = suggest_han(&suggesting->collection, &run, &changed);
    if (status != XUNZI_OK || !changed)
        return status;
    struct buffer *out = &replace(suggesting, word, word)->text;
    for (size_t i = 0; i < run.count && ok; i++) {
        if (run.source[i] >= 0) {
            xunzi_range range = word->ranges[run.source[i]];
            ok = buffer_append(out, suggesting->text.data + range.begin, range.end - range.begin);
        } else {
            ok = append_character(suggesting, run.characters[i], out);
        }
    }
    return ok ? XUNZI_OK : error_no_memory();
}

/* Whether nothing but blanks stands between two words. */
static bool only_blanks_between(const struct suggesting *suggesting, const struct word *before,
                                const struct word *behind) {
    size_t at = before->ranges[before->count - 1].end, end = behind->ranges[0].begin;
    while (at < end) {
        uint32_t c = utf8_next(suggesting->text.data, suggesting->text.size, &at);
        if (c == UTF8_ILL_FORMED || character_entry_class(character_entry(c)) != CHARACTER_SPACE)
            return false;
    }
    return true;
}

/* Documents that hold words as they were typed. */
static xunzi_status count_typed(struct suggesting *suggesting, const struct word *first,
                                const struct word *last, uint64_t *documents) {
    size_t begin = first->ranges[0].begin, end = last->ranges[last->count - 1].end;
    return suggest_text_phrase(&suggesting->collection,
                               (xunzi_string){suggesting->text.data + begin, end - begin},
                               SUGGEST_FEW, documents);
}

/* Characters for the pinyin of words; *score is unchanged where there are none. */
static xunzi_status try_pinyin(struct suggesting *suggesting, const struct word *words,
                               size_t count, uint32_t out[PINYIN_LETTERS_MOST], size_t *length,
                               double *score) {
    struct pinyin_text pinyin = {0};
    uint64_t typed;
    *length = 0;
    for (size_t i = 0; i < count; i++)
        if (!pinyin_text_add(&pinyin, words[i].characters, words[i].count))
            return XUNZI_OK;
    xunzi_status status = count_typed(suggesting, words, words + count - 1, &typed);
    if (status != XUNZI_OK || typed >= SUGGEST_FEW)
        return status;
    return suggest_pinyin(&suggesting->collection, &pinyin, out, length, score);
}

static xunzi_status put_characters(struct suggesting *suggesting, const struct word *first,
                                   const struct word *last, const uint32_t *characters,
                                   size_t count) {
    struct buffer *out = &replace(suggesting, first, last)->text;
    for (size_t i = 0; i < count; i++)
        if (!append_character(suggesting, characters[i], out))
            return error_no_memory();
    return XUNZI_OK;
}

static bool is_upper(char byte) {
    return byte >= 'A' && byte <= 'Z';
}

/* A Latin word with capitals where the typed one has them: all, the first, or none. */
static xunzi_status put_latin(struct suggesting *suggesting, const struct word *word,
                              const struct latin_correction *correction) {
    const char *typed = suggesting->text.data;
    bool first = is_upper(typed[word->ranges[0].begin]);
    bool all = first && is_upper(typed[word->ranges[1].begin]);
    struct buffer *out = &replace(suggesting, word, word)->text;
    for (size_t i = 0; i < correction->size; i++) {
        bool capital = i == 0 ? first : all;
        char letter = correction->word[i];
        if (!buffer_append_byte(out, capital ? (char)(letter - 'a' + 'A') : letter))
            return error_no_memory();
    }
    return XUNZI_OK;
}

/* A word of ASCII letters as a string; false where it is none. */
static bool ascii_letters(const struct word *word, char out[SUGGEST_RUN_MOST]) {
    for (size_t i = 0; i < word->count; i++) {
        if (word->characters[i] < 'a' || word->characters[i] > 'z')
            return false;
        out[i] = (char)word->characters[i];
    }
    return true;
}

static xunzi_status correct_latin_word(struct suggesting *suggesting, const struct word *word) {
    struct latin_correction correction = {0};
    uint32_t characters[PINYIN_LETTERS_MOST];
    char letters[SUGGEST_RUN_MOST];
    size_t length;
    double score = 0;
    uint64_t typed;
    xunzi_status status = count_typed(suggesting, word, word, &typed);
    if (status != XUNZI_OK || typed >= SUGGEST_FEW)
        return status;
    status = try_pinyin(suggesting, word, 1, characters, &length, &score);
    if (status == XUNZI_OK && ascii_letters(word, letters))
        status = suggest_latin(&suggesting->collection, letters, word->count, &correction);
    if (status != XUNZI_OK)
        return status;
    if (length > 0 && (correction.size == 0 || score >= correction.score))
        return put_characters(suggesting, word, word, characters, length);
    return correction.size > 0 ? put_latin(suggesting, word, &correction) : XUNZI_OK;
}

static bool is_syllable(const struct word *word) {
    struct pinyin_text pinyin = {0};
    return pinyin_text_add(&pinyin, word->characters, word->count) &&
           pinyin_text_is_syllable(&pinyin);
}

/* Corrects the Latin words that stand beside each other from words[at] on; returns behind them in
 * *behind. */
static xunzi_status correct_latin(struct suggesting *suggesting, size_t at, size_t *behind) {
    const struct word *words = suggesting->words;
    uint32_t characters[PINYIN_LETTERS_MOST];
    size_t end = at + 1, length = 0;
    double score;
    xunzi_status status = XUNZI_OK;
    while (end < suggesting->word_count && words[end].latin &&
           only_blanks_between(suggesting, &words[end - 1], &words[end]))
        end++;
    *behind = end;
    if (end - at > 1)
        status = try_pinyin(suggesting, words + at, end - at, characters, &length, &score);
    if (length > 0)
        return put_characters(suggesting, &words[at], &words[end - 1], characters, length);
    bool alone = end - at == 1;
    for (; at < end && status == XUNZI_OK; at++)
        if (alone || !is_syllable(&words[at])) /* of several, such a one is likely meant so */
            status = correct_latin_word(suggesting, &words[at]);
    return status;
}

static xunzi_status correct(struct suggesting *suggesting) {
    xunzi_status status = XUNZI_OK;
    for (size_t i = 0, behind; i < suggesting->word_count && status == XUNZI_OK; i = behind) {
        behind = i + 1;
        if (suggesting->words[i].latin)
            status = correct_latin(suggesting, i, &behind);
        else
            status = correct_han(suggesting, &suggesting->words[i]);
    }
    return status;
}

/* ---- writing ---- */

static bool assemble(const struct suggesting *suggesting, struct buffer *out) {
    size_t at = 0;
    bool ok = true;
    for (size_t i = 0; i < suggesting->replacement_count && ok; i++) {
        const struct replacement *replacement = &suggesting->replacements[i];
        ok = buffer_append(out, suggesting->text.data + at, replacement->begin - at) &&
             buffer_append(out, replacement->text.data, replacement->text.size);
        at = replacement->end;
    }
    return ok && buffer_append(out, suggesting->text.data + at, suggesting->text.size - at);
}

/* Whether the whole of it finds more, where the query as typed finds next to nothing. */
static xunzi_status find_more(struct suggesting *suggesting,
                              const struct suggest_question *question, xunzi_string text,
                              bool *more) {
    struct second_pass second_pass;
    struct query *query;
    const char *note;
    double weight_sum;
    uint64_t documents = 0;
    *more = true;
    if (!question->exact || question->total >= SUGGEST_FEW)
        return XUNZI_OK;
    xunzi_status status = parse_query(suggesting->index, &suggesting->arena, text,
                                      question->options->mode, &query, &note);
    if (status == XUNZI_OK)
        status = parse_filters(&suggesting->arena, question->options, &query);
    if (status == XUNZI_OK)
        status = second_pass_begin(&second_pass, suggesting->index, &suggesting->arena, &query);
    if (status == XUNZI_OK)
        status = plan_query(suggesting->index, &suggesting->arena, query, &weight_sum);
    if (status == XUNZI_OK)
        status =
            suggest_matches(suggesting->index, query, weight_sum, SUGGEST_COUNTED_MOST, &documents);
    *more = documents > question->total;
    return status;
}

static xunzi_status write_suggestion(struct suggesting *suggesting,
                                     const struct suggest_question *question, struct arena *arena,
                                     const char **out) {
    struct buffer text = {0};
    bool more = false;
    if (suggesting->replacement_count == 0)
        return XUNZI_OK;
    xunzi_status status = assemble(suggesting, &text) ? XUNZI_OK : error_no_memory();
    if (status == XUNZI_OK)
        status = find_more(suggesting, question, (xunzi_string){text.data, text.size}, &more);
    if (status == XUNZI_OK && more) {
        *out = arena_copy(arena, text.data, text.size);
        status = *out ? XUNZI_OK : error_no_memory();
    }
    buffer_free(&text);
    return status;
}

xunzi_status suggest_query(xunzi_index *index, struct arena *arena,
                           const struct suggest_question *question, const char **out) {
    struct suggesting suggesting = {.index = index, .text = question->text};
    *out = NULL;
    if (question->text.size == 0 || question->text.size > TEXT_MOST ||
        memchr(question->text.data, '\0', question->text.size))
        return XUNZI_OK;
    suggest_collection_begin(&suggesting.collection, index);
    xunzi_status status = read_words(&suggesting, question->options->mode);
    if (status == XUNZI_OK && (suggesting.word_count <= FEW_WORDS || is_doubtful(index, question)))
        status = correct(&suggesting);
    if (status == XUNZI_OK)
        status = write_suggestion(&suggesting, question, arena, out);
    for (size_t i = 0; i < suggesting.replacement_count; i++)
        buffer_free(&suggesting.replacements[i].text);
    suggest_collection_end(&suggesting.collection);
    arena_free(&suggesting.arena);
    return status;
}
