/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parser: recursive descent, its depth bounded. */
#include "searcher/language.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/utf8.h"
#include "searcher/prefix.h"
#include "searcher/term_list.h"
#include "text/character.h"
#include "text/terms.h"

enum { CLOSING_QUOTES = 6 }; /* how many different marks closing_quote knows */

enum field { FIELD_NONE, FIELD_TITLE, FIELD_SOURCE, FIELD_DATE };

struct parser {
    xunzi_index *index;
    struct arena *arena;
    const char *text;
    size_t size, at;
    unsigned depth;                   /* groups that are open */
    size_t parts;                     /* nodes other than words of a sequence, which are joined */
    uint32_t missing[CLOSING_QUOTES]; /* closing quotation marks that do not occur from here on */
    size_t missing_count;
    struct language_notes *notes;
};

struct node_list {
    struct query **nodes;
    size_t count, capacity;
};

/* A sequence as it is read. */
struct sequence {
    struct term_list words;
    struct node_list optional, required, excluded, filters;
    xunzi_string word; /* the first part, where it is a plain word */
    size_t parts;
};

/* ---- characters ---- */

/* The ASCII twin of a full-width form, and of the marks that stand for one. */
static uint32_t narrow(uint32_t mark) {
    if (mark >= 0xFF01 && mark <= 0xFF5E)
        return mark - 0xFF01 + '!';
    return mark == 0x2212 ? '-' : mark; /* − */
}

/* The code point at `at` with its ASCII twin in place of it, 0 at the end; *behind is set behind
 * it. */
static uint32_t peek(const struct parser *parser, size_t at, size_t *behind) {
    *behind = at;
    return at < parser->size ? narrow(utf8_next(parser->text, parser->size, behind)) : 0;
}

/* The quotation mark that closes what `mark` opens; 0 where it opens nothing. */
static uint32_t closing_quote(uint32_t mark) {
    switch (mark) {
    case '"':
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
    return code_point != UTF8_ILL_FORMED &&
           character_entry_class(character_entry(code_point)) == CHARACTER_SPACE;
}

static bool ends_word(const struct parser *parser, size_t at) {
    size_t behind;
    uint32_t next = peek(parser, at, &behind);
    return at >= parser->size || is_space(next) || closing_quote(next) ||
           (next == ')' && parser->depth > 0);
}

static void skip_spaces(struct parser *parser) {
    size_t behind;
    while (parser->at < parser->size && is_space(peek(parser, parser->at, &behind)))
        parser->at = behind;
}

static void note(struct parser *parser, const char *slip) {
    if (!parser->notes->slip)
        parser->notes->slip = slip;
}

static void note_stretch(struct parser *parser, xunzi_string stretch) {
    if (parser->notes->stretch_count < LANGUAGE_STRETCHES_MOST)
        parser->notes->stretches[parser->notes->stretch_count++] = stretch;
}

/* ---- words and phrases ---- */

/* Whether a search for this mark has come to the end before: so that a text of opening marks alone
 * is read once, not once a mark. */
static bool is_missing(const struct parser *parser, uint32_t closing) {
    for (size_t i = 0; i < parser->missing_count; i++)
        if (parser->missing[i] == closing)
            return true;
    return false;
}

/* Reads a phrase that begins here; false, nothing read, where none does or its end is missing. */
static bool read_phrase(struct parser *parser, xunzi_string *phrase) {
    size_t behind;
    uint32_t closing = closing_quote(peek(parser, parser->at, &behind));
    if (!closing || is_missing(parser, closing))
        return false;
    size_t begin = behind;
    for (size_t i = begin; i < parser->size; i = behind) {
        if (peek(parser, i, &behind) == closing) {
            *phrase = (xunzi_string){parser->text + begin, i - begin};
            parser->at = behind;
            return true;
        }
    }
    parser->missing[parser->missing_count++] = closing;
    note(parser, "a quotation mark is not closed; it was left aside");
    return false;
}

/* Reads a word; a quotation mark or closing parenthesis that ends nothing is passed over. */
static xunzi_string read_word(struct parser *parser) {
    size_t begin = parser->at, behind, open = 0;
    for (; parser->at < parser->size; parser->at = behind) {
        uint32_t next = peek(parser, parser->at, &behind);
        if (is_space(next) || (closing_quote(next) && parser->at > begin))
            break;
        if (next == ')' && open == 0 && parser->depth > 0)
            break;
        open += next == '(';
        open -= next == ')' && open > 0;
    }
    return (xunzi_string){parser->text + begin, parser->at - begin};
}

/* Reads an operator that stands here as a word of its own: "AND", "OR" or "NOT". */
static bool read_operator(struct parser *parser, const char *name) {
    size_t at = parser->at;
    for (; *name; name++) {
        size_t behind;
        if (peek(parser, at, &behind) != (uint32_t)(unsigned char)*name)
            return false;
        at = behind;
    }
    size_t behind;
    if (!ends_word(parser, at) && peek(parser, at, &behind) != '(')
        return false;
    parser->at = at;
    return true;
}

/* Whether a part begins here. */
static bool part_follows(struct parser *parser) {
    size_t behind;
    skip_spaces(parser);
    return parser->at < parser->size &&
           !(parser->depth > 0 && peek(parser, parser->at, &behind) == ')');
}

/* Reads AND or OR where it joins what stands on both sides of it. */
static bool read_joint(struct parser *parser, const char *name) {
    size_t before = parser->at;
    if (read_operator(parser, name) && part_follows(parser))
        return true;
    parser->at = before;
    return false;
}

/* Reads a field's name and its colon, where something follows. */
static enum field read_field(struct parser *parser) {
    static const struct {
        const char *name;
        enum field field;
    } fields[] = {{"title", FIELD_TITLE}, {"source", FIELD_SOURCE}, {"date", FIELD_DATE}};
    char name[16] = "";
    size_t length = 0, at = parser->at, behind;
    uint32_t next;
    while ((next = peek(parser, at, &behind)) < 0x80 &&
           ((next | 0x20) >= 'a' && (next | 0x20) <= 'z')) {
        if (length + 1 == sizeof name)
            return FIELD_NONE;
        name[length++] = (char)(next | 0x20);
        at = behind;
    }
    if (length == 0 || next != ':')
        return FIELD_NONE;
    bool is_value = behind < parser->size && !is_space(peek(parser, behind, &at));
    for (size_t i = 0; i < sizeof fields / sizeof *fields && is_value; i++)
        if (strcmp(name, fields[i].name) == 0) {
            parser->at = behind;
            return fields[i].field;
        }
    if (is_value && peek(parser, behind, &at) != '/')
        note(parser, "only title:, source: and date: are fields; another word before a colon was "
                     "read as a word");
    return FIELD_NONE;
}

/* ---- nodes ---- */

static xunzi_status push(struct node_list *list, struct query *node) {
    if (!node ||
        !array_reserve(&list->nodes, &list->capacity, list->count + 1, sizeof *list->nodes))
        return error_no_memory();
    if (node->op != QUERY_NOTHING)
        list->nodes[list->count++] = node;
    return XUNZI_OK;
}

/* Any of the words of text, ranked. */
static xunzi_status any_of(struct parser *parser, xunzi_string text, struct query **out) {
    struct term_list list = {.index = parser->index, .arena = parser->arena};
    xunzi_status status = term_list_add(&list, text);
    *out = status == XUNZI_OK ? term_list_any(&list) : NULL;
    if (status == XUNZI_OK)
        status = list.status;
    if (status == XUNZI_OK && !*out)
        status = error_no_memory();
    parser->notes->terms_cut |= list.cut;
    term_list_free(&list);
    return status;
}

/* The text as a phrase in the field. What must be there ranks; what must not does not. */
static xunzi_status make_phrase(struct parser *parser, enum field field, bool ranks,
                                xunzi_string text, struct query **out) {
    if (field != FIELD_TITLE)
        return phrase_of(parser->index, parser->arena, text, out, &parser->notes->phrase_cut);
    struct query *both[2];
    xunzi_status status =
        title_phrase_of(parser->index, parser->arena, text, &both[1], &parser->notes->phrase_cut);
    *out = both[1];
    if (status != XUNZI_OK || !ranks || both[1]->op == QUERY_NOTHING)
        return status;
    /* Title terms have no frequency: the same words of title and body rank. */
    status = any_of(parser, text, &both[0]);
    if (status == XUNZI_OK && both[0]->op != QUERY_NOTHING) {
        *out = query_combine(parser->arena, QUERY_FILTER, both, 2);
        status = *out ? XUNZI_OK : error_no_memory();
    }
    return status;
}

xunzi_status language_source(struct arena *arena, xunzi_string name, struct query **out) {
    struct query *source = query_new(arena, QUERY_SOURCE, 0);
    struct buffer key = {0}, term = {0};
    xunzi_status status = fold_to_key(name.data, name.size, &key);
    char *copy = NULL;
    if (status == XUNZI_OK && source && term_append(&term, TERM_PREFIX_SOURCE, key.data, key.size))
        copy = arena_copy(arena, term.data, term.size);
    if (copy)
        source->term = (xunzi_string){copy, term.size};
    buffer_free(&key);
    buffer_free(&term);
    *out = source;
    if (status == XUNZI_OK && !copy)
        status = error_no_memory();
    return status;
}

/* Reads a day, or nothing, which leaves *day as it is. False: it is no date. */
/* A range of dates; NULL where the text is none. */
static xunzi_status make_date(struct parser *parser, xunzi_string text, struct query **out) {
    const char *dots = text.size >= 2 ? memmem(text.data, text.size, "..", 2) : NULL;
    xunzi_string since = text, until = text;
    date_day first = 1, last = 99991231;
    if (dots) {
        since.size = (size_t)(dots - text.data);
        until = (xunzi_string){dots + 2, text.size - since.size - 2};
    }
    *out = NULL;
    if (since.size + until.size == 0 || !date_parse_bound(since.data, since.size, false, &first) ||
        !date_parse_bound(until.data, until.size, true, &last))
        return XUNZI_OK;
    struct query *date = query_new(parser->arena, QUERY_DATE, 0);
    if (!date)
        return error_no_memory();
    date->since = first;
    date->until = last;
    *out = date;
    return XUNZI_OK;
}

/* ---- parts ---- */

enum role { ROLE_RANK, ROLE_REQUIRED, ROLE_EXCLUDED };

static xunzi_status parse_any(struct parser *parser, enum field field, struct query **out);

static struct node_list *list_of(struct sequence *sequence, enum role role) {
    return role == ROLE_RANK       ? &sequence->optional
           : role == ROLE_REQUIRED ? &sequence->required
                                   : &sequence->excluded;
}

static xunzi_status add_phrase(struct parser *parser, struct sequence *sequence, enum role role,
                               enum field field, xunzi_string text) {
    struct query *phrase;
    xunzi_status status = make_phrase(parser, field, role != ROLE_EXCLUDED, text, &phrase);
    return status == XUNZI_OK ? push(list_of(sequence, role), phrase) : status;
}

/* A Latin word with a * at its end; *out is NULL where it is none. */
static xunzi_status read_prefix(struct parser *parser, xunzi_string word, struct query **out) {
    *out = NULL;
    size_t mark = word.size >= 1 && word.data[word.size - 1] == '*' ? 1 : 0;
    if (word.size >= 3 && memcmp(word.data + word.size - 3, "\xEF\xBC\x8A", 3) == 0) /* ＊ */
        mark = 3;
    if (mark == 0 || word.size == mark)
        return XUNZI_OK;
    xunzi_status status =
        prefix_of(parser->index, parser->arena, (xunzi_string){word.data, word.size - mark}, out);
    if (status == XUNZI_OK && !*out)
        note(parser,
             "a * stands for any ending of a Latin word alone; elsewhere it was left aside");
    return status;
}

static xunzi_status add_word(struct parser *parser, struct sequence *sequence, enum role role,
                             enum field field, xunzi_string word) {
    struct query *prefix = NULL;
    xunzi_status status = field == FIELD_NONE ? read_prefix(parser, word, &prefix) : XUNZI_OK;
    if (status != XUNZI_OK)
        return status;
    if (prefix)
        return push(list_of(sequence, role), prefix);
    if (role != ROLE_RANK || field == FIELD_TITLE)
        return add_phrase(parser, sequence, role, field, word);
    if (sequence->parts == 1)
        sequence->word = word;
    return term_list_add(&sequence->words, word);
}

static xunzi_status add_source(struct parser *parser, struct sequence *sequence, enum role role,
                               xunzi_string name) {
    struct query *source;
    xunzi_status status = language_source(parser->arena, name, &source);
    return status == XUNZI_OK
               ? push(role == ROLE_EXCLUDED ? &sequence->excluded : &sequence->filters, source)
               : status;
}

static xunzi_status add_date(struct parser *parser, struct sequence *sequence, enum role role,
                             xunzi_string text) {
    struct query *date;
    xunzi_status status = make_date(parser, text, &date);
    if (status == XUNZI_OK && date)
        return push(role == ROLE_EXCLUDED ? &sequence->excluded : &sequence->filters, date);
    note(parser, "date: wants a day such as 2024, 2024-03 or 2024-03-18, or two with .. between; "
                 "it was read as words");
    return status == XUNZI_OK ? term_list_add(&sequence->words, text) : status;
}

/* Reads a group, whose parenthesis stands here. */
static xunzi_status add_group(struct parser *parser, struct sequence *sequence, enum role role,
                              enum field field) {
    struct query *group;
    size_t behind, stretches = parser->notes->stretch_count;
    peek(parser, parser->at, &behind);
    parser->at = behind;
    parser->depth++;
    xunzi_status status = parse_any(parser, field, &group);
    parser->depth--;
    if (role == ROLE_EXCLUDED)
        parser->notes->stretch_count = stretches;
    if (status != XUNZI_OK)
        return status;
    skip_spaces(parser);
    if (peek(parser, parser->at, &behind) == ')')
        parser->at = behind;
    else
        note(parser, "a parenthesis is not closed; its group was taken to end with the query");
    return push(list_of(sequence, role), group);
}

/* Reads a unit in a role and a field. */
static xunzi_status read_unit(struct parser *parser, struct sequence *sequence, enum role role,
                              enum field field) {
    size_t behind;
    xunzi_string text;
    enum field named = field == FIELD_NONE ? read_field(parser) : FIELD_NONE;
    if (named != FIELD_NONE) {
        field = named;
        role = role == ROLE_RANK ? ROLE_REQUIRED : role;
    }
    if (peek(parser, parser->at, &behind) == '(' && field != FIELD_SOURCE && field != FIELD_DATE &&
        behind < parser->size) {
        if (parser->depth < LANGUAGE_DEPTH_MOST)
            return add_group(parser, sequence, role, field);
        note(parser,
             "parentheses stand deeper than 32 in each other; the inner ones were left aside");
        while (peek(parser, parser->at, &behind) == '(')
            parser->at = behind;
        if (ends_word(parser, parser->at))
            return XUNZI_OK;
    }
    bool phrase = read_phrase(parser, &text);
    if (!phrase)
        text = read_word(parser);
    if (field == FIELD_SOURCE)
        return add_source(parser, sequence, role, text);
    if (field == FIELD_DATE)
        return add_date(parser, sequence, role, text);
    if (role != ROLE_EXCLUDED)
        note_stretch(parser, text);
    if (phrase)
        return add_phrase(parser, sequence, role == ROLE_RANK ? ROLE_REQUIRED : role, field, text);
    return add_word(parser, sequence, role, field, text);
}

static xunzi_status read_part(struct parser *parser, struct sequence *sequence, enum field field) {
    size_t behind, after, before = parser->at;
    enum role role = ROLE_RANK;
    uint32_t sign = peek(parser, parser->at, &behind);
    if ((sign == '+' || sign == '-') && behind < parser->size &&
        !is_space(peek(parser, behind, &after))) {
        parser->at = behind;
        role = sign == '-' ? ROLE_EXCLUDED : ROLE_REQUIRED;
    } else if (read_operator(parser, "NOT")) {
        if (part_follows(parser)) {
            role = ROLE_EXCLUDED;
        } else {
            parser->at = before;
            note(parser, "an operator that has nothing to join was read as a word");
        }
    }
    if (sequence->parts++ == 0)
        sequence->word = (xunzi_string){0};
    if (++parser->parts > LANGUAGE_PARTS_MOST && (role != ROLE_RANK || field != FIELD_NONE)) {
        note(parser, "the query has more than 512 parts; those behind were read as words");
        role = ROLE_RANK;
        field = FIELD_NONE;
    }
    return read_unit(parser, sequence, role, field);
}

/* ---- sequences and their joints ---- */

static void sequence_free(struct sequence *sequence) {
    term_list_free(&sequence->words);
    free(sequence->optional.nodes);
    free(sequence->required.nodes);
    free(sequence->excluded.nodes);
    free(sequence->filters.nodes);
}

/* What must be there, ranked by what may be: NOTHING where there is neither. */
static xunzi_status join_sequence(struct parser *parser, struct sequence *sequence,
                                  struct query **out) {
    struct arena *arena = parser->arena;
    struct query *words = term_list_any(&sequence->words);
    parser->notes->terms_cut |= sequence->words.cut;
    xunzi_status status = sequence->words.status != XUNZI_OK ? sequence->words.status
                                                             : push(&sequence->optional, words);
    if (status != XUNZI_OK)
        return status;
    struct query *query =
        query_combine(arena, QUERY_OR, sequence->optional.nodes, sequence->optional.count);
    if (query && sequence->required.count > 0) {
        struct query *required =
            query_combine(arena, QUERY_AND, sequence->required.nodes, sequence->required.count);
        query = !required || query->op == QUERY_NOTHING
                    ? required
                    : query_combine(arena, QUERY_MAYBE, (struct query *[]){required, query}, 2);
    }
    if (query && query->op == QUERY_NOTHING &&
        sequence->filters.count + sequence->excluded.count > 0)
        query = query_new(arena, QUERY_ALL, 0);
    if (query && sequence->filters.count > 0) {
        struct query *filter =
            query_combine(arena, QUERY_FILTER, sequence->filters.nodes, sequence->filters.count);
        query = filter ? query_combine(arena, QUERY_FILTER, (struct query *[]){query, filter}, 2)
                       : NULL;
    }
    if (query && sequence->excluded.count > 0) {
        struct query *excluded =
            query_combine(arena, QUERY_OR, sequence->excluded.nodes, sequence->excluded.count);
        query = excluded ? query_combine(arena, QUERY_NOT, (struct query *[]){query, excluded}, 2)
                         : NULL;
    }
    *out = query;
    return query ? XUNZI_OK : error_no_memory();
}

/* Reads parts up to AND, OR, the end of the group, or of the query. *word: the one plain word that
 * it is; else empty. */
static xunzi_status parse_sequence(struct parser *parser, enum field field, struct query **out,
                                   xunzi_string *word) {
    struct sequence sequence = {.words = {.index = parser->index, .arena = parser->arena}};
    xunzi_status status = XUNZI_OK;
    while (status == XUNZI_OK && part_follows(parser)) {
        size_t before = parser->at;
        if (read_operator(parser, "AND") || read_operator(parser, "OR")) {
            bool joins = sequence.parts > 0 && part_follows(parser);
            parser->at = before;
            if (joins)
                break;
            note(parser, "an operator that has nothing to join was read as a word");
        }
        status = read_part(parser, &sequence, field);
        if (parser->at == before) { /* a parenthesis that closes nothing here */
            size_t behind;
            peek(parser, parser->at, &behind);
            parser->at = behind;
        }
    }
    *word = sequence.parts == 1 ? sequence.word : (xunzi_string){0};
    if (status == XUNZI_OK)
        status = join_sequence(parser, &sequence, out);
    sequence_free(&sequence);
    return status;
}

/* A word beside AND, as the phrase that is to be there. */
static xunzi_status require_word(struct parser *parser, xunzi_string word, struct query **node) {
    return word.size > 0 ? make_phrase(parser, FIELD_NONE, true, word, node) : XUNZI_OK;
}

/* Takes an operand of AND: what only excludes joins the other exclusions. */
static xunzi_status take_operand(struct query *node, struct node_list *all,
                                 struct node_list *excluded) {
    if (node->op == QUERY_NOT && node->children[0]->op == QUERY_ALL)
        return push(excluded, node->children[1]);
    return push(all, node);
}

static xunzi_status parse_all(struct parser *parser, enum field field, struct query **out) {
    struct node_list all = {0}, excluded = {0};
    xunzi_string word;
    struct query *node;
    xunzi_status status = parse_sequence(parser, field, &node, &word);
    *out = node;
    if (status != XUNZI_OK || !read_joint(parser, "AND"))
        return status;
    status = require_word(parser, word, &node);
    if (status == XUNZI_OK)
        status = take_operand(node, &all, &excluded);
    do {
        if (status == XUNZI_OK)
            status = parse_sequence(parser, field, &node, &word);
        if (status == XUNZI_OK)
            status = require_word(parser, word, &node);
        if (status == XUNZI_OK)
            status = take_operand(node, &all, &excluded);
    } while (status == XUNZI_OK && read_joint(parser, "AND"));
    struct query *query = NULL;
    if (status == XUNZI_OK)
        query = all.count == 0 && excluded.count > 0
                    ? query_new(parser->arena, QUERY_ALL, 0)
                    : query_combine(parser->arena, QUERY_AND, all.nodes, all.count);
    if (query && excluded.count > 0) {
        struct query *none = query_combine(parser->arena, QUERY_OR, excluded.nodes, excluded.count);
        query = none ? query_combine(parser->arena, QUERY_NOT, (struct query *[]){query, none}, 2)
                     : NULL;
    }
    free(all.nodes);
    free(excluded.nodes);
    *out = query;
    return status == XUNZI_OK && !query ? error_no_memory() : status;
}

static xunzi_status parse_any(struct parser *parser, enum field field, struct query **out) {
    struct node_list any = {0};
    xunzi_status status = XUNZI_OK;
    do {
        struct query *node;
        status = parse_all(parser, field, &node);
        if (status == XUNZI_OK)
            status = push(&any, node);
    } while (status == XUNZI_OK && read_joint(parser, "OR"));
    *out = status == XUNZI_OK ? query_combine(parser->arena, QUERY_OR, any.nodes, any.count) : NULL;
    free(any.nodes);
    return status == XUNZI_OK && !*out ? error_no_memory() : status;
}

_Static_assert(LANGUAGE_DEPTH_MOST == 32 && LANGUAGE_PARTS_MOST == 512, "the notes name them");

xunzi_status language_parse(xunzi_index *index, struct arena *arena, xunzi_string text,
                            struct query **out, struct language_notes *notes) {
    struct parser parser = {
        .index = index, .arena = arena, .text = text.data, .size = text.size, .notes = notes};
    return parse_any(&parser, FIELD_NONE, out);
}
