/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snippets. First the core: of all stretches from one match to another of at most CORE_MOST characters, the one whose distinct
 * terms weigh most (two ends moving over the matches once). Then the core is widened to whole sentences, or clauses, as far as
 * SNIPPET_MOST allows. What is set aside of a body parts it: a snippet lies between two such stretches.
 */
#include "searcher/snippet.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/utf8.h"
#include "text/character.h"

enum { CORE_MOST = 110, CONTEXT_BEFORE = 24 };

static bool ends_sentence(uint32_t c) {
    return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == '!' || c == '?' || c == 0xFF1B || c == ';' || c == '\n';
}

static bool ends_clause(uint32_t c) {
    return ends_sentence(c) || c == 0xFF0C || c == ',' || c == 0x3001 || c == 0xFF1A || c == ':' || c == ' ' ||
           c == 0x3000;
}

/* What may follow the end of a sentence and belongs to it. */
static bool closes(uint32_t c) {
    return c == 0x201D || c == 0x2019 || c == 0x300D || c == 0x300F || c == 0xFF09 || c == ')' || c == 0x300B;
}

static size_t characters_between(const char *text, size_t begin, size_t end) {
    size_t count = 0;
    for (size_t i = begin; i < end; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

static size_t step_back(const char *text, size_t at) {
    do
        at--;
    while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80);
    return at;
}

static uint32_t character_at(xunzi_string text, size_t at) {
    return utf8_next(text.data, text.size, &at);
}

/* Whether c, which stands at `at`, closes a sentence that has ended before it. */
static bool closes_sentence(xunzi_string text, size_t at, uint32_t c) {
    return closes(c) && at > 0 && ends_sentence(character_at(text, step_back(text.data, at)));
}

/* Finds the core; *begin and *end in bytes, *worth what its terms weigh, -1 where there is no match. False: no memory. */
static bool find_core(const struct match *matches, size_t count, size_t term_count, xunzi_string text, size_t *begin,
                      size_t *end, double *worth) {
    uint32_t *times = calloc(term_count + 1, sizeof *times);
    if (!times)
        return false;
    double weight = 0, best = -1;
    size_t length = 0; /* characters from the first match's begin to the last one's */
    for (size_t first = 0, last = 0; last < count; last++) {
        if (last > 0)
            length += characters_between(text.data, matches[last - 1].begin, matches[last].begin);
        if (times[matches[last].term]++ == 0)
            weight += matches[last].weight;
        while (first < last &&
               length + characters_between(text.data, matches[last].begin, matches[last].end) > CORE_MOST) {
            if (--times[matches[first].term] == 0)
                weight -= matches[first].weight;
            length -= characters_between(text.data, matches[first].begin, matches[first + 1].begin);
            first++;
        }
        if (weight > best + 1e-9) {
            best = weight;
            *begin = matches[first].begin;
            *end = matches[last].end;
        }
    }
    free(times);
    *worth = best;
    return true;
}

/* Moves *begin back to where its sentence begins, or, where that is too far, to a clause not further than CONTEXT_BEFORE. Says whether
 * a sentence is cut. */
static bool widen_back(xunzi_string text, size_t *begin, size_t budget) {
    size_t at = *begin, clause = SIZE_MAX, nearest = *begin;
    for (size_t steps = 0; at > 0 && steps < budget; steps++) {
        size_t before = step_back(text.data, at);
        uint32_t c = character_at(text, before);
        if (ends_sentence(c) || closes_sentence(text, before, c)) {
            *begin = at;
            return false;
        }
        if (ends_clause(c) && clause == SIZE_MAX)
            clause = at;
        at = before;
        if (steps < CONTEXT_BEFORE)
            nearest = at;
    }
    if (at == 0) {
        *begin = 0;
        return false;
    }
    *begin = clause != SIZE_MAX && characters_between(text.data, clause, *begin) <= CONTEXT_BEFORE ? clause : nearest;
    return true;
}

/* Moves *end on to the last end of a sentence within the budget, else of a clause, else as far as it reaches. */
static bool widen_on(xunzi_string text, size_t begin, size_t *end) {
    size_t used = characters_between(text.data, begin, *end);
    size_t at = *end, sentence = SIZE_MAX, clause = SIZE_MAX;
    while (at < text.size && used < SNIPPET_MOST) {
        size_t before = at;
        uint32_t c = utf8_next(text.data, text.size, &at);
        used++;
        if (at < text.size && closes(character_at(text, at)) && ends_sentence(c))
            continue;
        if (ends_sentence(c) || closes_sentence(text, before, c)) {
            sentence = at;
            if (used >= SNIPPET_LEAST)
                break;
        } else if (ends_clause(c)) {
            clause = at;
        }
    }
    if (at == text.size) {
        *end = at;
        return false;
    }
    if (sentence != SIZE_MAX && characters_between(text.data, begin, sentence) >= SNIPPET_LEAST) {
        *end = sentence;
        return false;
    }
    *end = clause != SIZE_MAX && characters_between(text.data, begin, clause) >= SNIPPET_LEAST ? clause : at;
    return true;
}

/* Copies text[begin, end) in one line, runs of white space as one space, and moves the ranges along; they are sorted and apart. */
static bool write_line(xunzi_string text, size_t begin, size_t end, bool cut_before, bool cut_behind,
                       xunzi_range *ranges, size_t *range_count, struct buffer *out) {
    static const char ellipsis[] = "\xE2\x80\xA6";
    size_t kept = 0, next = 0, count = *range_count;
    while (next < count && ranges[next].end <= begin)
        next++;
    bool ok = !cut_before || buffer_append_text(out, ellipsis), gap = true, inside = false;
    for (size_t at = begin; ok && at < end;) {
        size_t behind = at;
        uint32_t c = utf8_next(text.data, text.size, &behind);
        if (inside && at >= ranges[next].end) {
            ranges[kept++].end = (uint32_t)out->size;
            inside = false;
            next++;
        }
        if (!inside && next < count && at >= ranges[next].begin) {
            ranges[kept].begin = (uint32_t)out->size; /* kept <= next, whose end is still to be compared with */
            inside = true;
        }
        if (c != UTF8_ILL_FORMED && character_entry_class(character_entry(c)) == CHARACTER_SPACE) {
            ok = gap || buffer_append_byte(out, ' ');
            gap = true;
        } else {
            ok = buffer_append(out, text.data + at, behind - at);
            gap = false;
        }
        at = behind;
    }
    if (inside)
        ranges[kept++].end = (uint32_t)out->size;
    *range_count = kept;
    if (gap && out->size > 0 && out->data[out->size - 1] == ' ')
        out->size--;
    return ok && (!cut_behind || buffer_append_text(out, ellipsis));
}

/* A stretch of the body between two that are set aside, its matches, and the core found in it. */
struct part {
    size_t begin, end; /* of the text */
    const struct match *matches;
    size_t match_count;
    size_t core_begin, core_end;
    double worth;
};

static size_t count_units(xunzi_string text, const struct part *part) {
    size_t units = 0;
    for (size_t at = part->begin; at < part->end && units < SNIPPET_LEAST;) {
        uint32_t c = utf8_next(text.data, part->end, &at);
        units += c != UTF8_ILL_FORMED && character_entry_class(character_entry(c)) >= CHARACTER_HAN;
    }
    return units;
}

/* The part that ends where the next stretch that is set aside begins, *next being the edit to look at first. */
static struct part next_part(xunzi_string text, const struct edits *edits, size_t *next, size_t begin,
                             const struct match *matches, size_t count) {
    struct part part = {.begin = begin, .end = text.size, .matches = matches, .worth = -1};
    while (edits && *next < edits->count && edits->items[*next].kind != EDIT_ASIDE)
        ++*next;
    if (edits && *next < edits->count && edits->items[*next].begin < text.size)
        part.end = edits->items[*next].begin;
    while (part.match_count < count && matches[part.match_count].begin < part.end)
        part.match_count++;
    return part;
}

/* Finds the part with the worthiest core; without any match, the first that has something to say, or the one that says most. */
static bool choose_part(xunzi_string text, const struct edits *edits, size_t term_count, const struct match *matches,
                        size_t count, struct part *best) {
    size_t next = 0, begin = 0, best_units = 0;
    *best = (struct part){.worth = -2};
    while (begin < text.size || best->worth < -1) {
        struct part part = next_part(text, edits, &next, begin, matches, count);
        part.core_begin = part.core_end = part.begin;
        if (!find_core(part.matches, part.match_count, term_count, text, &part.core_begin, &part.core_end,
                       &part.worth))
            return false;
        bool better = part.worth > best->worth + 1e-9;
        if (part.worth < 0 && best->worth < 0 && best_units < SNIPPET_LEAST) {
            size_t units = count_units(text, &part);
            better = best->worth < -1 || units > best_units;
            best_units = better ? units : best_units;
        }
        if (better)
            *best = part;
        matches += part.match_count;
        count -= part.match_count;
        if (part.end == text.size)
            break;
        begin = edits->items[next++].end;
    }
    return true;
}

/* Copies the matches of a part, counted from its beginning. */
static struct match *part_matches(const struct part *part, struct arena *arena) {
    struct match *moved = arena_alloc(arena, (part->match_count + 1) * sizeof *moved);
    for (size_t i = 0; moved && i < part->match_count; i++) {
        moved[i] = part->matches[i];
        moved[i].begin -= (uint32_t)part->begin;
        moved[i].end = (moved[i].end < part->end ? moved[i].end : (uint32_t)part->end) - (uint32_t)part->begin;
    }
    return moved;
}

/* Moves an end of a snippet that is inside an edit to where people can read: not into a reading in parentheses, nor into a damaged
 * stretch, whose question marks end no sentence. Says whether it moved. */
static bool move_out(const struct edits *edits, size_t *at, bool is_end) {
    size_t i = edits ? edits_find(edits, *at) : 0;
    if (!edits || i == edits->count || edits->items[i].begin > *at || (is_end && edits->items[i].begin == *at))
        return false;
    const struct edit *edit = &edits->items[i];
    size_t before = *at;
    *at = is_end || edit->kind == EDIT_SKIP ? edit->end : edit->begin;
    return *at != before;
}

/* The body, or its beginning where it is too long to be looked at whole. */
static xunzi_string looked_at(xunzi_string body) {
    if (body.size > SNIPPET_BODY_MOST) {
        body.size = SNIPPET_BODY_MOST;
        while (body.size > 0 && ((unsigned char)body.data[body.size] & 0xC0) == 0x80)
            body.size--;
    }
    return body;
}

xunzi_status snippet_make(struct highlighter *highlighter, xunzi_string body, struct arena *arena,
                          xunzi_string *snippet, const xunzi_range **ranges, size_t *range_count) {
    return snippet_make_edited(highlighter, body, NULL, arena, snippet, ranges, range_count);
}

xunzi_status snippet_make_edited(struct highlighter *highlighter, xunzi_string body, const struct edits *edits,
                                 struct arena *arena, xunzi_string *snippet, const xunzi_range **ranges,
                                 size_t *range_count) {
    *snippet = (xunzi_string){0};
    *ranges = NULL;
    *range_count = 0;
    xunzi_string text = looked_at(body);
    const struct match *matches;
    size_t count;
    xunzi_status status = highlighter_find_edited(highlighter, text, edits, &matches, &count);
    if (status != XUNZI_OK)
        return status;
    struct part part;
    if (!choose_part(text, edits, highlighter_term_count(highlighter), matches, count, &part))
        return error_no_memory();
    struct match *moved = part_matches(&part, arena);
    const xunzi_range *joined;
    size_t joined_count;
    if (!moved || !highlight_ranges(moved, part.match_count, arena, &joined, &joined_count))
        return error_no_memory();
    bool cut_at_end = part.end == text.size && text.size < body.size;
    text = (xunzi_string){text.data + part.begin, part.end - part.begin};
    size_t begin = part.core_begin - part.begin, end = part.core_end - part.begin;
    if (end > text.size)
        end = text.size;
    size_t core = characters_between(text.data, begin, end);
    if (core > SNIPPET_MOST) { /* one token that is longer than a snippet */
        core = SNIPPET_MOST;
        end = begin;
        for (size_t i = 0; i < core; i++)
            utf8_next(text.data, text.size, &end);
    }
    bool cut_before = widen_back(text, &begin, core < SNIPPET_MOST ? (SNIPPET_MOST - core) / 2 : 0);
    bool cut_behind = widen_on(text, begin, &end) || (end == text.size && cut_at_end);
    size_t body_begin = part.begin + begin, body_end = part.begin + end;
    cut_before |= move_out(edits, &body_begin, false) && body_begin > part.begin;
    cut_behind |= move_out(edits, &body_end, true) && body_end < part.end;
    begin = body_begin - part.begin;
    end = body_end < part.end ? body_end - part.begin : text.size;
    struct buffer line = {0};
    char *copy = NULL;
    /* joined is ours, in the arena: it is rewritten in place. */
    if (write_line(text, begin, end, cut_before, cut_behind, (xunzi_range *)joined, &joined_count, &line))
        copy = arena_copy(arena, line.data, line.size);
    if (copy) {
        *snippet = (xunzi_string){copy, line.size};
        *ranges = joined;
        *range_count = joined_count;
    }
    buffer_free(&line);
    return copy ? XUNZI_OK : error_no_memory();
}
