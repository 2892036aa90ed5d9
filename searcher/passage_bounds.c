/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bounds, found in one walk over a stretch. From the first mark or white space behind text to the
 * next text there is one bound, of the kind of its strongest mark.
 */
#include "searcher/passage_bounds.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "searcher/passage_steps.h"
#include "text/character.h"

enum { BRACKETED_MOST = 100 }; /* characters; a bracket that is not closed by then never will be */

enum mark { MARK_TEXT, MARK_SPACE, MARK_SENTENCE, MARK_CLAUSE, MARK_LIST, MARK_CLOSING };

/* A bound that has begun: what stands between the text before it and the text behind it. */
struct open_bound {
    bool open;
    bool marked;                 /* there is a mark, not only white space */
    bool closed;                 /* a closing quotation mark or bracket is part of it */
    bool titled;                 /* ... that of a title, 《誰是誰？》 */
    bool asks;                   /* its sentence ends with a question or exclamation mark */
    bool spaced;                 /* there is white space, */
    bool wide;                   /* of the width of a Han character, */
    bool line;                   /* or the end of a line */
    uint8_t kind;                /* of the strongest mark */
    uint32_t first, first_shown; /* where it begins */
    uint32_t solid, solid_shown; /* behind the last mark */
};

struct scan {
    const struct stretch *stretch;
    struct passage_bounds *bounds;
    struct open_bound bound;
    uint32_t shown;
    bool in_space;     /* the last character was white space */
    bool any_text;     /* there was text before */
    bool quoted;       /* an odd number of straight quotation marks in this line */
    bool bracketed;    /* inside of parentheses, or of the marks of a title */
    uint32_t bracket;  /* where these began, in characters */
    uint32_t previous; /* the last character of text */
    uint32_t latin;    /* how many ASCII letters and digits stand before */
};

static bool is_alphanumeric(uint32_t c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_han(uint32_t c) {
    return c != UTF8_ILL_FORMED && character_entry_class(character_entry(c)) == CHARACTER_HAN;
}

static bool ends_line(uint32_t c) {
    return (c >= '\n' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static enum mark ascii_mark(const struct scan *scan, uint32_t c, size_t behind) {
    const struct stretch *stretch = scan->stretch;
    unsigned char next = behind < stretch->end ? (unsigned char)stretch->text.data[behind] : ' ';
    bool inside =
        scan->latin > 0 && !scan->bound.open && is_alphanumeric(next); /* 1,000 and 8:30 and ?a=b */
    switch (c) {
    case '!':
    case '?':
    case ';':
        return inside ? MARK_TEXT : MARK_SENTENCE;
    case ',':
    case ':':
        return inside ? MARK_TEXT : MARK_CLAUSE;
    case '.': /* the initial of a name ends no sentence */
        return scan->latin > 1 && !scan->bound.open && next <= ' ' ? MARK_SENTENCE : MARK_TEXT;
    case '"':
        return scan->quoted ? MARK_CLOSING : MARK_TEXT;
    case ')':
    case ']':
        return MARK_CLOSING;
    default:
        return passage_is_space(c) ? MARK_SPACE : MARK_TEXT;
    }
}

static enum mark mark_of(const struct scan *scan, uint32_t c, size_t behind) {
    if (c < 0x80)
        return ascii_mark(scan, c, behind);
    switch (c) {
    case 0x3002: /* 。 */
    case 0xFF61:
    case 0xFF01: /* ！ */
    case 0xFF1F: /* ？ */
    case 0xFF1B: /* ； */
        return MARK_SENTENCE;
    case 0xFF0C: /* ， */
    case 0xFF1A: /* ： */
    case 0x2014: /* — */
    case 0x2026: /* … */
    case 0x22EF:
        return MARK_CLAUSE;
    case 0x3001: /* 、 */
        return MARK_LIST;
    case 0x2019: /* ’ */
    case 0x201D: /* ” */
    case 0x300B: /* 》 */
    case 0x3009: /* 〉 */
    case 0x300D: /* 」 */
    case 0x300F: /* 』 */
    case 0x3011: /* 】 */
    case 0xFF09: /* ） */
        return MARK_CLOSING;
    default:
        return passage_is_space(c) ? MARK_SPACE : MARK_TEXT;
    }
}

static uint8_t kind_of(const struct scan *scan, uint32_t next) {
    const struct open_bound *bound = &scan->bound;
    if (!bound->marked) {
        bool between_han = is_han(scan->previous) && is_han(next);
        return bound->line ? BOUND_SENTENCE : bound->wide || between_han ? BOUND_CLAUSE : BOUND_GAP;
    }
    if (bound->closed && !bound->spaced && bound->kind == BOUND_SENTENCE && bound->titled)
        return BOUND_GAP; /* 《誰是誰？》是 */
    if (bound->closed && !bound->spaced && bound->kind == BOUND_SENTENCE && bound->asks)
        return BOUND_CLAUSE; /* 「為什麼？」他問 */
    return bound->kind;
}

/* What is parted inside of brackets leaves these open. */
static uint8_t worse(const struct scan *scan, uint8_t kind) {
    bool inside = scan->bracketed && scan->shown - scan->bracket < BRACKETED_MOST;
    return inside && kind < BOUND_GAP ? kind + 1 : kind;
}

/* Closes the bound before the text that begins at `at` with `next`. False: no memory. */
static bool close_bound(struct scan *scan, size_t at, uint32_t next) {
    struct open_bound *bound = &scan->bound;
    struct passage_bounds *bounds = scan->bounds;
    bound->open = false;
    if (!scan->any_text) { /* marks that a text begins with are shown, but not what is left of what
                              was set aside */
        if (!bound->marked || scan->stretch->begin > 0) {
            bounds->items[0].begin = (uint32_t)at;
            bounds->items[0].shown_begin = scan->shown;
        }
        return true;
    }
    if (!array_reserve(&bounds->items, &bounds->capacity, bounds->count + 2, sizeof *bounds->items))
        return false;
    uint8_t kind = worse(scan, kind_of(scan, next));
    bool solid = kind == BOUND_SENTENCE || bound->closed;
    bounds->items[bounds->count++] = (struct bound){
        .end = solid ? bound->solid : bound->first,
        .shown_end = solid ? bound->solid_shown : bound->first_shown,
        .begin = (uint32_t)at,
        .shown_begin = scan->shown,
        .kind = kind,
    };
    return true;
}

static void open_bound(struct scan *scan, size_t at) {
    if (!scan->bound.open)
        scan->bound = (struct open_bound){.open = true,
                                          .kind = BOUND_GAP,
                                          .first = (uint32_t)at,
                                          .first_shown = scan->shown,
                                          .solid = (uint32_t)at,
                                          .solid_shown = scan->shown};
}

static void take_space(struct scan *scan, uint32_t c, size_t at) {
    open_bound(scan, at);
    scan->bound.spaced = true;
    scan->bound.wide |= c == 0x3000;
    scan->bound.line |= ends_line(c);
    scan->quoted &= !ends_line(c);
    scan->bracketed &= !ends_line(c);
    scan->shown += !scan->in_space;
    scan->in_space = true;
    scan->latin = 0;
}

static void take_mark(struct scan *scan, enum mark mark, uint32_t c, size_t at, size_t behind) {
    open_bound(scan, at);
    struct open_bound *bound = &scan->bound;
    uint8_t kind = mark == MARK_SENTENCE ? BOUND_SENTENCE
                   : mark == MARK_CLAUSE ? BOUND_CLAUSE
                                         : BOUND_GAP;
    bound->kind = kind < bound->kind ? kind : bound->kind;
    bound->marked = true;
    if (mark == MARK_SENTENCE) { /* behind what is closed as well: 《誰是誰？》。 */
        bound->asks = c == 0xFF1F || c == 0xFF01 || c == '?' || c == '!';
        bound->closed = bound->titled = false;
    }
    bound->closed |= mark == MARK_CLOSING;
    bound->titled |= c == 0x300B || c == 0x3009;
    bound->solid = (uint32_t)behind;
    bound->solid_shown = ++scan->shown;
    scan->in_space = false;
    scan->latin = 0;
}

static bool take_text(struct scan *scan, uint32_t c, size_t at) {
    if (scan->bound.open && !close_bound(scan, at, c))
        return false;
    scan->any_text = true;
    scan->shown++;
    scan->in_space = false;
    scan->previous = c;
    scan->latin = is_alphanumeric(c) ? scan->latin + 1 : 0;
    return true;
}

static void note_bracket(struct scan *scan, uint32_t c) {
    if (c == '(' || c == 0xFF08 || c == 0x300A || c == 0x3008) {
        scan->bracketed = true;
        scan->bracket = scan->shown;
    } else if (c == ')' || c == 0xFF09 || c == 0x300B || c == 0x3009) {
        scan->bracketed = false;
    }
}

static bool take(struct scan *scan, uint32_t c, size_t at, size_t behind) {
    enum mark mark = c >= 0x3400 && c < 0xA000 ? MARK_TEXT : mark_of(scan, c, behind);
    const struct open_bound *bound = &scan->bound;
    bool closes = bound->open && bound->marked &&
                  !bound->spaced; /* else it is part of the text: 《日出》、（一） */
    bool ok = true;
    if (mark == MARK_SPACE)
        take_space(scan, c, at);
    else if (mark == MARK_TEXT || (mark == MARK_CLOSING && !closes))
        ok = take_text(scan, c, at);
    else
        take_mark(scan, mark, c, at, behind);
    scan->quoted ^= c == '"';
    note_bracket(scan, c);
    return ok;
}

/* What is skipped or mended is text all through. */
static bool take_edit(struct scan *scan, const struct edit *edit) {
    uint32_t shown = (uint32_t)passage_shown(scan->stretch, edit->begin, edit->end);
    if (scan->bound.open && !close_bound(scan, edit->begin, 0))
        return false;
    scan->any_text = true;
    scan->shown += shown;
    scan->in_space = false;
    scan->previous = 0;
    scan->latin = 0;
    return true;
}

/* Fills in the spans of matches that begin before byte `behind`; the character that stands there
 * was not yet counted. */
static size_t place_matches(const struct scan *scan, const struct match *matches, size_t count,
                            size_t behind, struct span *spans) {
    size_t placed = 0;
    for (; placed < count && matches[placed].begin < behind; placed++) {
        uint32_t length =
            (uint32_t)passage_shown(scan->stretch, matches[placed].begin, matches[placed].end);
        spans[placed] = (struct span){scan->shown, scan->shown + length};
    }
    return placed;
}

/* The last bound: white space is left out, and a comma that stands before what is set aside. */
static void end_scan(struct scan *scan) {
    const struct open_bound *bound = &scan->bound;
    const struct stretch *stretch = scan->stretch;
    struct bound last = {.end = (uint32_t)stretch->end,
                         .shown_end = scan->shown,
                         .kind = stretch->ends ? BOUND_SENTENCE : BOUND_CUT};
    if (bound->open) {
        bool solid = bound->kind == BOUND_SENTENCE || bound->closed ||
                     stretch->end == stretch->text.size || !scan->any_text;
        last.end = solid ? bound->solid : bound->first;
        last.shown_end = solid ? bound->solid_shown : bound->first_shown;
    }
    struct passage_bounds *bounds = scan->bounds;
    if (last.end < bounds->items[0].begin) { /* nothing but white space */
        last.end = bounds->items[0].begin;
        last.shown_end = bounds->items[0].shown_begin;
    }
    last.begin = last.end;
    last.shown_begin = last.shown_end;
    bounds->items[bounds->count++] = last;
}

bool passage_bounds_find(const struct stretch *stretch, const struct match *matches,
                         size_t match_count, struct span *spans, struct passage_bounds *bounds) {
    const struct edits *edits = stretch->edits;
    size_t next = edits ? edits_find(edits, stretch->begin) : 0,
           edit_count = edits ? edits->count : 0;
    struct scan scan = {.stretch = stretch, .bounds = bounds};
    bounds->count = 0;
    if (!array_reserve(&bounds->items, &bounds->capacity, 2, sizeof *bounds->items))
        return false;
    bounds->items[bounds->count++] =
        (struct bound){.end = (uint32_t)stretch->begin,
                       .begin = (uint32_t)stretch->begin,
                       .kind = stretch->begins ? BOUND_SENTENCE : BOUND_CUT};
    for (size_t at = stretch->begin; at < stretch->end;) {
        bool edited = next < edit_count && edits->items[next].begin <= at, ok;
        size_t behind = at;
        uint32_t c = 0;
        if (edited)
            behind = edits->items[next].end < stretch->end ? edits->items[next].end : stretch->end;
        else
            c = utf8_next(stretch->text.data, stretch->end, &behind);
        size_t placed = place_matches(&scan, matches, match_count, behind, spans);
        matches += placed;
        match_count -= placed;
        spans += placed;
        ok = edited ? take_edit(&scan, &edits->items[next++]) : take(&scan, c, at, behind);
        if (!ok)
            return false;
        at = behind;
    }
    end_scan(&scan);
    return true;
}

void passage_bounds_free(struct passage_bounds *bounds) {
    free(bounds->items);
    *bounds = (struct passage_bounds){0};
}
