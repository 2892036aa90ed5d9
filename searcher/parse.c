/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parser. In mode query:
 *
 *     query    = { part }
 *     part     = [ "+" | "-" ] ( phrase | word )
 *     phrase   = a quotation mark, anything, its counterpart
 *     word     = anything up to white space or a quotation mark
 *
 * with full-width twins of every mark. A document must hold each phrase, and what a + stands before; it must hold nothing that a -
 * stands before; words rank. A + or - that nothing follows directly is punctuation.
 */
#include "searcher/parse.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/utf8.h"
#include "catalog/terms.h"
#include "searcher/ranking.h"
#include "searcher/term_list.h"
#include "text/character.h"

enum { CLOSING_QUOTES = 6 }; /* how many different marks closing_quote knows */

struct parser {
    xunzi_index *index;
    struct arena *arena;
    const char *text;
    size_t size, at;
    struct term_list words;
    struct query **required, **excluded;
    size_t required_count, required_capacity, excluded_count, excluded_capacity;
    uint32_t missing[CLOSING_QUOTES]; /* closing quotation marks that do not occur from here on */
    size_t missing_count;
    bool phrase_cut;
    const char *note;
};

/* The quotation mark that closes what `mark` opens; 0 where it opens nothing. */
static uint32_t closing_quote(uint32_t mark) {
    switch (mark) {
    case '"':
    case 0xFF02: /* ＂ */
        return mark;
    case 0x201C: /* “ */
    case 0x201D: /* ” typed twice */
        return 0x201D;
    case 0x201E: /* „ */
        return 0x201C;
    case 0x300C: /* 「 */
        return 0x300D;
    case 0x300E: /* 『 */
        return 0x300F;
    default:
        return 0;
    }
}

static bool is_space(uint32_t code_point) {
    return code_point != UTF8_ILL_FORMED && character_entry_class(character_entry(code_point)) == CHARACTER_SPACE;
}

/* The code point at `at`, 0 at the end; *behind is set behind it. */
static uint32_t peek(const struct parser *parser, size_t at, size_t *behind) {
    *behind = at;
    return at < parser->size ? utf8_next(parser->text, parser->size, behind) : 0;
}

/* Whether a search for this mark has come to the end before: so that a text of opening marks alone is read once, not once a mark. */
static bool is_missing(const struct parser *parser, uint32_t closing) {
    for (size_t i = 0; i < parser->missing_count; i++)
        if (parser->missing[i] == closing)
            return true;
    return false;
}

/* Reads a phrase that begins at *at; false, *at unmoved, where none does or its end is missing. */
static bool read_phrase(struct parser *parser, size_t *at, xunzi_string *phrase) {
    size_t behind;
    uint32_t closing = closing_quote(peek(parser, *at, &behind));
    if (!closing || is_missing(parser, closing))
        return false;
    size_t begin = behind;
    for (size_t i = begin; i < parser->size; i = behind) {
        if (peek(parser, i, &behind) == closing) {
            *phrase = (xunzi_string){parser->text + begin, i - begin};
            *at = behind;
            return true;
        }
    }
    parser->missing[parser->missing_count++] = closing;
    parser->note = "a quotation mark is not closed; it was left aside";
    return false;
}

/* Reads a word; a quotation mark inside ends it, one that opens nothing is passed over. */
static xunzi_string read_word(struct parser *parser, size_t *at) {
    size_t begin = *at, behind;
    for (; *at < parser->size; *at = behind) {
        uint32_t next = peek(parser, *at, &behind);
        if (is_space(next) || (closing_quote(next) && *at > begin))
            break;
    }
    return (xunzi_string){parser->text + begin, *at - begin};
}

static xunzi_status add_phrase(struct parser *parser, xunzi_string text, struct query ***nodes, size_t *count,
                               size_t *capacity) {
    struct query *phrase;
    xunzi_status status = phrase_of(parser->index, parser->arena, text, &phrase, &parser->phrase_cut);
    if (status != XUNZI_OK || phrase->op == QUERY_NOTHING)
        return status;
    if (!array_reserve(nodes, capacity, *count + 1, sizeof **nodes))
        return error_no_memory();
    (*nodes)[(*count)++] = phrase;
    return XUNZI_OK;
}

static xunzi_status read_part(struct parser *parser) {
    size_t behind;
    uint32_t sign = peek(parser, parser->at, &behind);
    if (sign == 0xFF0B) /* ＋ */
        sign = '+';
    if (sign == 0xFF0D || sign == 0x2212) /* － − */
        sign = '-';
    size_t after = behind;
    bool has_sign = (sign == '+' || sign == '-') && behind < parser->size && !is_space(peek(parser, behind, &after));
    if (has_sign)
        parser->at = behind;
    xunzi_string text;
    bool phrase = read_phrase(parser, &parser->at, &text);
    if (!phrase)
        text = read_word(parser, &parser->at);
    if (has_sign && sign == '-')
        return add_phrase(parser, text, &parser->excluded, &parser->excluded_count, &parser->excluded_capacity);
    if (has_sign || phrase)
        return add_phrase(parser, text, &parser->required, &parser->required_count, &parser->required_capacity);
    return term_list_add(&parser->words, text);
}

static struct query *combine_parts(struct parser *parser) {
    struct arena *arena = parser->arena;
    struct query *query = term_list_any(&parser->words);
    if (query && parser->required_count > 0) {
        struct query *required = query_combine(arena, QUERY_AND, parser->required, parser->required_count);
        if (required && query->op != QUERY_NOTHING)
            required = query_combine(arena, QUERY_MAYBE, (struct query *[]){required, query}, 2);
        query = required;
    }
    if (!query || parser->excluded_count == 0)
        return query;
    if (query->op == QUERY_NOTHING)
        query = query_new(arena, QUERY_ALL, 0);
    struct query *excluded = query_combine(arena, QUERY_OR, parser->excluded, parser->excluded_count);
    return query && excluded ? query_combine(arena, QUERY_NOT, (struct query *[]){query, excluded}, 2) : NULL;
}

static xunzi_status parse_language(struct parser *parser, struct query **out) {
    xunzi_status status = XUNZI_OK;
    while (status == XUNZI_OK && parser->at < parser->size) {
        size_t behind;
        if (is_space(peek(parser, parser->at, &behind)))
            parser->at = behind;
        else
            status = read_part(parser);
    }
    if (status != XUNZI_OK)
        return status;
    *out = combine_parts(parser);
    return *out ? XUNZI_OK : error_no_memory();
}

_Static_assert(RANKING_TERMS_MOST == 64 && PHRASE_TERMS_MOST == 1024, "the notes name them");

static xunzi_status parse_plain(struct parser *parser, xunzi_mode mode, struct query **out) {
    xunzi_string text = {parser->text, parser->size};
    if (mode == XUNZI_MODE_PHRASE)
        return phrase_of(parser->index, parser->arena, text, out, &parser->phrase_cut);
    xunzi_status status = term_list_add(&parser->words, text);
    if (status != XUNZI_OK)
        return status;
    *out = mode == XUNZI_MODE_AND ? term_list_all(&parser->words) : term_list_any(&parser->words);
    return *out ? XUNZI_OK : error_no_memory();
}

xunzi_status parse_query(xunzi_index *index, struct arena *arena, xunzi_string text, xunzi_mode mode,
                         struct query **out, const char **note) {
    struct parser parser = {.index = index,
                            .arena = arena,
                            .text = text.data ? text.data : "",
                            .size = text.size,
                            .words = {.index = index, .arena = arena}};
    if (text.size > XUNZI_MAX_QUERY_BYTES) {
        parser.size = XUNZI_MAX_QUERY_BYTES;
        while (parser.size > 0 && ((unsigned char)text.data[parser.size] & 0xC0) == 0x80)
            parser.size--;
        parser.note = "the query is longer than 64 KiB; only its beginning was read";
    }
    xunzi_status status =
        mode == XUNZI_MODE_QUERY ? parse_language(&parser, out) : parse_plain(&parser, mode, out);
    if (status == XUNZI_OK && (*out)->op == QUERY_NOTHING)
        parser.note = "the query holds no letter, digit or character to look for";
    else if (status == XUNZI_OK && parser.words.cut)
        parser.note = "the query is long: documents were found and ranked by the 64 of its terms that say most";
    else if (status == XUNZI_OK && parser.phrase_cut && !parser.note)
        parser.note = "the query holds a phrase of more than 1024 terms; only its beginning was looked for";
    *note = parser.note;
    term_list_free(&parser.words);
    free(parser.required);
    free(parser.excluded);
    return status;
}

/* Reads a bound; an empty one leaves *day as it is. */
static xunzi_status read_bound(xunzi_string text, const char *name, bool last, date_day *day) {
    date_day first_day, last_day;
    if (text.size == 0)
        return XUNZI_OK;
    if (!date_parse(text.data, text.size, &first_day, &last_day))
        return error_set(XUNZI_ERROR_INVALID_ARGUMENT,
                         "%s is no date that Xunzi knows: \"%.*s\"; write 2024, 2024-03 or 2024-03-18", name,
                         (int)(text.size < 100 ? text.size : 100), text.data);
    *day = last ? last_day : first_day;
    return XUNZI_OK;
}

xunzi_status parse_filters(struct arena *arena, const xunzi_search_options *options, struct query **query) {
    struct query *nodes[3] = {*query};
    size_t count = 1;
    if (options->since.size > 0 || options->until.size > 0) {
        struct query *date = query_new(arena, QUERY_DATE, 0);
        if (!date)
            return error_no_memory();
        date->since = 1;
        date->until = 99991231;
        xunzi_status status = read_bound(options->since, "since", false, &date->since);
        if (status == XUNZI_OK)
            status = read_bound(options->until, "until", true, &date->until);
        if (status != XUNZI_OK)
            return status;
        nodes[count++] = date;
    }
    if (options->source.size > 0) {
        struct query *source = query_new(arena, QUERY_SOURCE, 0);
        struct buffer name = {0}, term = {0};
        xunzi_status status = fold_to_key(options->source.data, options->source.size, &name);
        char *copy = NULL;
        if (status == XUNZI_OK && source && term_append(&term, TERM_PREFIX_SOURCE, name.data, name.size))
            copy = arena_copy(arena, term.data, term.size);
        if (copy)
            source->term = (xunzi_string){copy, term.size};
        buffer_free(&name);
        buffer_free(&term);
        if (!copy)
            return error_no_memory();
        nodes[count++] = source;
    }
    *query = query_combine(arena, QUERY_FILTER, nodes, count);
    return *query ? XUNZI_OK : error_no_memory();
}
