/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snippets. The body is looked at piece by piece (snippet_pieces.h) for the best passage
 * (passage.h). Where that leaves out much of what else there is in the body, a second passage is
 * looked for beside it, and beside the best shorter ones; the two best together are shown in its
 * stead if that gains enough. Nothing is sorted and nothing is kept of a piece but its best
 * passages: time is linear in the body, memory is bounded.
 */
#include "searcher/snippet.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/utf8.h"
#include "searcher/passage.h"
#include "searcher/passage_steps.h"
#include "searcher/snippet_line.h"
#include "searcher/snippet_pieces.h"
#include "text/character.h"

/* A second passage is looked for where so much of the first one's weight is left out; two passages
 * read worse than one, and cost. */
#define PAIR_LEFT_OUT_LEAST 0.15
#define PAIR_COST 0.18

enum {
    PAIR_FIRST_LEAST = 32, /* characters of the first of two passages */
    PAIR_SECOND_LEAST = 24,
    PAIR_SHARED = 2, /* ellipses at their inner ends, counted by both, of which one may be left */
    PAIR_NEAR =
        6, /* two passages with no more than so many characters between them are shown as one */
    FIRST_COUNT = 3
};

/* The lengths that the first of two passages may have. */
static const size_t first_most[FIRST_COUNT] = {SNIPPET_MOST, 104, 76};

/* A passage that is looked for, apart from another one. */
struct quest {
    struct passage_wish wish;
    size_t hole_begin, hole_end; /* bytes that it stays out of; equal: none */
    struct passage best;
    struct stretch piece; /* that the best one is in */
    double *own_weights;  /* to be freed */
};

struct maker {
    struct highlighter *highlighter;
    xunzi_string body;
    const struct edits *edits;
    struct passage_finder finder;
    struct passage_bounds bounds;
    struct span *spans;
    size_t span_capacity;
    struct stretch piece; /* the piece that was read last */
    bool has_piece;
    const struct match *matches; /* its matches */
    size_t match_count;
    bool *seen; /* by term: whether the body has it */
};

static size_t term_count(const struct maker *maker) {
    return highlighter_term_count(maker->highlighter);
}

/* ---- Looking ---- */

static struct piece_cursor pieces_of(const struct maker *maker) {
    return (struct piece_cursor){
        .body = maker->body, .edits = maker->edits, .overlap = SNIPPET_MOST};
}

/* Finds the matches and the bounds of a piece. */
static xunzi_status read_piece(struct maker *maker, const struct stretch *piece) {
    if (maker->has_piece && maker->piece.begin == piece->begin && maker->piece.end == piece->end)
        return XUNZI_OK;
    maker->has_piece = false;
    xunzi_status status =
        highlighter_find_within(maker->highlighter, maker->body, piece->begin, piece->end,
                                maker->edits, &maker->matches, &maker->match_count);
    if (status != XUNZI_OK)
        return status;
    maker->piece = *piece;
    maker->bounds.count = 0;
    maker->has_piece = true;
    for (size_t i = 0; i < maker->match_count; i++)
        maker->seen[maker->matches[i].term] = true;
    return XUNZI_OK;
}

static bool find_bounds(struct maker *maker) {
    return maker->bounds.count > 0 ||
           (array_reserve(&maker->spans, &maker->span_capacity, maker->match_count + 1,
                          sizeof *maker->spans) &&
            passage_bounds_find(&maker->piece, maker->matches, maker->match_count, maker->spans,
                                &maker->bounds));
}

/* What of the piece lies between the bytes begin and end, from bound to bound. */
static struct passage_stretch clip(const struct maker *maker, size_t begin, size_t end) {
    const struct bound *bounds = maker->bounds.items;
    size_t first = 0, last = maker->bounds.count, match = 0, match_end = maker->match_count;
    while (first < last && bounds[first].begin < begin)
        first++;
    while (last > first && bounds[last - 1].end > end)
        last--;
    if (last - first < 2)
        return (struct passage_stretch){0};
    while (match < match_end && maker->matches[match].begin < bounds[first].begin)
        match++;
    while (match_end > match && maker->matches[match_end - 1].begin >= bounds[last - 1].end)
        match_end--;
    return (struct passage_stretch){
        .stretch = &maker->piece,
        .bounds = bounds + first,
        .bound_count = last - first,
        .matches = maker->matches + match,
        .spans = maker->spans + match,
        .match_count = match_end - match,
    };
}

/* Looks in the piece that was read last. */
static bool look_in_piece(struct maker *maker, struct quest *quest) {
    double before = quest->best.value;
    size_t begin = maker->piece.begin, end = maker->piece.end;
    bool apart = quest->hole_begin == quest->hole_end || quest->hole_end <= begin ||
                 quest->hole_begin >= end;
    const struct passage_stretch stretches[2] = {
        clip(maker, begin, apart ? end : quest->hole_begin),
        apart ? (struct passage_stretch){0} : clip(maker, quest->hole_end, end),
    };
    for (size_t i = 0; i < 2; i++)
        if (!passage_find(&maker->finder, &stretches[i], &quest->wish, &quest->best))
            return false;
    if (quest->best.value > before)
        quest->piece = maker->piece;
    return true;
}

/* Whether no passage can be much better than what was found. */
static bool is_satisfied(const struct maker *maker, const struct quest *quests, size_t count) {
    double all = 0;
    for (size_t i = 0; i < term_count(maker); i++)
        all += quests[0].wish.weights[i];
    return count > 0 && quests[0].best.weight >= all * (1 - 1e-9);
}

/* Looks through the body for what each quest is after. */
static xunzi_status look(struct maker *maker, struct quest *quests, size_t count) {
    struct piece_cursor cursor = pieces_of(maker);
    struct stretch piece;
    bool ok;
    xunzi_status status = XUNZI_OK;
    while (status == XUNZI_OK && piece_next(&cursor, &piece, &ok)) {
        status = read_piece(maker, &piece);
        if (status != XUNZI_OK || maker->match_count == 0)
            continue;
        ok = find_bounds(maker);
        for (size_t i = 0; ok && i < count; i++)
            ok = look_in_piece(maker, &quests[i]);
        if (!ok)
            return error_no_memory();
        if (piece.end >= PIECE_MOST && is_satisfied(maker, quests, count))
            return XUNZI_OK;
    }
    return status == XUNZI_OK && !ok ? error_no_memory() : status;
}

/* ---- One passage or two ---- */

/* What a snippet is made of, in the order of the body. */
struct choice {
    struct passage passages[2];
    struct stretch pieces[2]; /* that they are in */
    size_t count;
};

static void choose(struct choice *choice, const struct quest *quest) {
    choice->passages[choice->count] = quest->best;
    choice->pieces[choice->count++] = quest->piece;
    if (choice->count == 2 && choice->passages[1].begin < choice->passages[0].begin) {
        const struct passage passage = choice->passages[0];
        const struct stretch piece = choice->pieces[0];
        choice->passages[0] = choice->passages[1];
        choice->pieces[0] = choice->pieces[1];
        choice->passages[1] = passage;
        choice->pieces[1] = piece;
    }
}

/* Gives the quest for a second passage beside a first one: the weights of the terms that the first
 * has are 0. Leaves quest->wish.most 0 where there is no room. */
static xunzi_status seek_second(struct maker *maker, const struct quest *first,
                                struct quest *quest) {
    size_t shown = first->best.shown, most = SNIPPET_MOST - 1;
    *quest = (struct quest){.hole_begin = first->best.begin, .hole_end = first->best.end};
    if (!(first->best.value > 0) || shown + PAIR_SECOND_LEAST > most)
        return XUNZI_OK;
    size_t least = SNIPPET_LEAST + PAIR_SHARED; /* together */
    least = shown + PAIR_SECOND_LEAST < least ? least - shown : PAIR_SECOND_LEAST;
    xunzi_status status = read_piece(maker, &first->piece);
    if (status != XUNZI_OK)
        return status;
    quest->own_weights = malloc((term_count(maker) + 1) * sizeof *quest->own_weights);
    if (!quest->own_weights)
        return error_no_memory();
    memcpy(quest->own_weights, highlighter_weights(maker->highlighter),
           term_count(maker) * sizeof *quest->own_weights);
    for (size_t i = 0; i < maker->match_count; i++)
        if (maker->matches[i].begin >= first->best.begin &&
            maker->matches[i].end <= first->best.end)
            quest->own_weights[maker->matches[i].term] = 0;
    quest->wish = (struct passage_wish){quest->own_weights, least, most - shown};
    return XUNZI_OK;
}

static double pair_value(const struct passage *first, const struct passage *second) {
    double costs = PAIR_COST + (first->cost + second->cost) / 2;
    return second->value > 0 ? (first->weight + second->weight) * (1 - costs) : 0;
}

/* Looks for a second passage beside each of the first ones, the best of all at index 0, and
 * chooses. */
static xunzi_status choose_pair(struct maker *maker, const struct quest *firsts,
                                struct choice *choice) {
    struct quest seconds[FIRST_COUNT] = {0};
    size_t best = FIRST_COUNT;
    double value = firsts[0].best.value;
    xunzi_status status = XUNZI_OK;
    for (size_t i = 0; status == XUNZI_OK && i < FIRST_COUNT; i++)
        status = seek_second(maker, &firsts[i], &seconds[i]);
    for (size_t i = 0; status == XUNZI_OK && i < FIRST_COUNT; i++)
        if (seconds[i].wish.most > 0)
            status = look(maker, &seconds[i], 1);
    for (size_t i = 0; status == XUNZI_OK && i < FIRST_COUNT; i++) {
        double pair = pair_value(&firsts[i].best, &seconds[i].best);
        if (pair > value) {
            value = pair;
            best = i;
        }
    }
    if (status == XUNZI_OK) {
        choose(choice, &firsts[best < FIRST_COUNT ? best : 0]);
        if (best < FIRST_COUNT)
            choose(choice, &seconds[best]);
    }
    for (size_t i = 0; i < FIRST_COUNT; i++)
        free(seconds[i].own_weights);
    return status;
}

/* The weight of what the body has and the passage has not. */
static double left_out(const struct maker *maker, const struct quest *quest) {
    const double *weights = highlighter_weights(maker->highlighter);
    double all = 0;
    for (size_t i = 0; i < term_count(maker); i++)
        all += maker->seen[i] ? weights[i] : 0;
    return all - quest->best.weight;
}

static size_t count_units(const struct stretch *piece) {
    size_t units = 0;
    for (size_t at = piece->begin; at < piece->end && units < SNIPPET_LEAST;) {
        uint32_t c = utf8_next(piece->text.data, piece->end, &at);
        units += c != UTF8_ILL_FORMED && character_entry_class(character_entry(c)) >= CHARACTER_HAN;
    }
    return units;
}

/* Chooses the beginning of the first part of the body that has something to say, or of that which
 * says most, apart from what is chosen already. */
static xunzi_status choose_beginning(struct maker *maker, size_t least, size_t most,
                                     struct choice *choice) {
    struct piece_cursor cursor = pieces_of(maker);
    struct quest quest = {.wish = {.least = least, .most = most}};
    struct stretch piece;
    size_t best = 0;
    bool ok, found = false;
    while (best < SNIPPET_LEAST && piece_next(&cursor, &piece, &ok)) {
        size_t units = count_units(&piece);
        bool chosen = choice->count > 0 && piece.begin < choice->pieces[0].end &&
                      piece.end > choice->pieces[0].begin;
        if (!chosen && (units > best || (choice->count == 0 && !found))) {
            quest.piece = piece;
            best = units;
            found = true;
        }
    }
    if (!found)
        return XUNZI_OK;
    struct passage_bounds bounds = {0};
    ok = passage_bounds_find(&quest.piece, NULL, 0, NULL, &bounds);
    const struct passage_stretch stretch = {&quest.piece, bounds.items, bounds.count,
                                            NULL,         NULL,         0};
    ok = ok && passage_first(&stretch, &quest.wish, &quest.best);
    passage_bounds_free(&bounds);
    if (!ok)
        return error_no_memory();
    choose(choice, &quest);
    return XUNZI_OK;
}

static xunzi_status choose_passages(struct maker *maker, struct choice *choice) {
    const double *weights = highlighter_weights(maker->highlighter);
    struct quest firsts[FIRST_COUNT] = {0};
    for (size_t i = 0; i < FIRST_COUNT; i++)
        firsts[i].wish = (struct passage_wish){weights, i == 0 ? SNIPPET_LEAST : PAIR_FIRST_LEAST,
                                               first_most[i]};
    size_t at_once = maker->body.size > PIECE_MOST
                         ? FIRST_COUNT
                         : 1; /* reading a piece anew takes more time than looking */
    xunzi_status status = look(maker, firsts, at_once);
    if (status != XUNZI_OK)
        return status;
    if (left_out(maker, &firsts[0]) > PAIR_LEFT_OUT_LEAST * firsts[0].best.weight) {
        status =
            at_once < FIRST_COUNT ? look(maker, firsts + at_once, FIRST_COUNT - at_once) : XUNZI_OK;
        if (status == XUNZI_OK)
            status = choose_pair(maker, firsts, choice);
    } else if (firsts[0].best.value > 0) {
        choose(choice, &firsts[0]);
    }
    if (status == XUNZI_OK && choice->count == 0)
        status = choose_beginning(maker, SNIPPET_LEAST, SNIPPET_MOST, choice);
    size_t shown = choice->count == 1 ? choice->passages[0].shown : SNIPPET_LEAST;
    if (status == XUNZI_OK && shown < SNIPPET_LEAST)
        status = choose_beginning(maker, SNIPPET_LEAST + PAIR_SHARED - shown,
                                  SNIPPET_MOST - 1 - shown, choice);
    return status;
}

/* ---- Showing ---- */

/* Makes one passage of two that are neighbours. */
static void join_near(struct choice *choice) {
    struct passage *first = &choice->passages[0], *second = &choice->passages[1];
    const struct stretch *piece = &choice->pieces[0];
    if (choice->count < 2 || choice->pieces[1].begin != piece->begin ||
        first->end > second->begin || passage_shown(piece, first->end, second->begin) > PAIR_NEAR)
        return;
    size_t shown = passage_shown(piece, first->begin, second->end) +
                   (first->begin_kind != BOUND_SENTENCE) + (second->end_kind != BOUND_SENTENCE);
    if (shown > SNIPPET_MOST)
        return;
    first->end = second->end;
    first->end_kind = second->end_kind;
    choice->count = 1;
}

static xunzi_status write_passages(struct maker *maker, const struct choice *choice,
                                   struct snippet_line *line) {
    xunzi_status status = XUNZI_OK;
    bool ok = true;
    for (size_t i = 0; status == XUNZI_OK && ok && i < choice->count; i++) {
        const struct passage *passage = &choice->passages[i];
        status = read_piece(maker, &choice->pieces[i]);
        ok = status == XUNZI_OK &&
             ((i == 0 && passage->begin_kind == BOUND_SENTENCE) || snippet_line_ellipsis(line)) &&
             snippet_line_append(line, &maker->piece, passage->begin, passage->end, maker->matches,
                                 maker->match_count) &&
             (passage->end_kind == BOUND_SENTENCE || snippet_line_ellipsis(line));
    }
    return status == XUNZI_OK && !ok ? error_no_memory() : status;
}

static xunzi_status show(struct maker *maker, struct choice *choice, struct arena *arena,
                         xunzi_string *snippet, const xunzi_range **ranges, size_t *range_count) {
    struct snippet_line line = {0};
    join_near(choice);
    xunzi_status status = write_passages(maker, choice, &line);
    if (status == XUNZI_OK) {
        char *text = arena_copy(arena, line.text.data, line.text.size);
        xunzi_range *copy =
            line.range_count > 0 ? arena_alloc(arena, line.range_count * sizeof *copy) : NULL;
        if (copy)
            memcpy(copy, line.ranges, line.range_count * sizeof *copy);
        if (!text || (!copy && line.range_count > 0)) {
            status = error_no_memory();
        } else {
            *snippet = (xunzi_string){text, line.text.size};
            *ranges = copy;
            *range_count = line.range_count;
        }
    }
    snippet_line_free(&line);
    return status;
}

xunzi_status snippet_make(struct highlighter *highlighter, xunzi_string body,
                          const struct edits *edits, struct arena *arena, xunzi_string *snippet,
                          const xunzi_range **ranges, size_t *range_count) {
    *snippet = (xunzi_string){0};
    *ranges = NULL;
    *range_count = 0;
    struct maker maker = {.highlighter = highlighter, .body = body, .edits = edits};
    struct choice choice = {0};
    maker.seen = calloc(term_count(&maker) + 1, sizeof *maker.seen);
    bool ok = passage_finder_begin(&maker.finder, term_count(&maker)) && maker.seen;
    xunzi_status status = ok ? choose_passages(&maker, &choice) : error_no_memory();
    if (status == XUNZI_OK)
        status = show(&maker, &choice, arena, snippet, ranges, range_count);
    passage_finder_free(&maker.finder);
    passage_bounds_free(&maker.bounds);
    free(maker.spans);
    free(maker.seen);
    return status;
}
