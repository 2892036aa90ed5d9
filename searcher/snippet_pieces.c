/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/snippet_pieces.h"

#include "base/utf8.h"
#include "searcher/passage_steps.h"
#include "text/character.h"

static const struct edit *edit_at(const struct piece_cursor *cursor, size_t i) {
    return cursor->edits && i < cursor->edits->count ? &cursor->edits->items[i] : NULL;
}

/* Goes on to the next part; false at the end of the body. */
static bool next_part(struct piece_cursor *cursor) {
    const struct edit *edit;
    do {
        cursor->part_begin = cursor->part_end;
        if (cursor->started) {
            edit = edit_at(cursor, cursor->next_edit);
            if (!edit)
                return false;
            cursor->part_begin = edit->end;
            cursor->next_edit++;
        }
        cursor->started = true;
        while ((edit = edit_at(cursor, cursor->next_edit)) && edit->kind != EDIT_ASIDE)
            cursor->next_edit++;
        cursor->part_end = edit ? edit->begin : cursor->body.size;
    } while (cursor->part_begin == cursor->part_end);
    cursor->at = cursor->part_begin;
    return true;
}

/* Behind the edit that `at` is inside of, and at the begin of a character. */
static size_t out_of_edits(const struct piece_cursor *cursor, size_t at) {
    while (at < cursor->part_end && ((unsigned char)cursor->body.data[at] & 0xC0) == 0x80)
        at++;
    const struct edit *edit = edit_at(cursor, cursor->edits ? edits_find(cursor->edits, at) : 0);
    return edit && edit->begin < at && edit->end > at ? edit->end : at;
}

/* Where the piece that begins at cursor->at ends. */
static size_t piece_end(const struct piece_cursor *cursor) {
    if (cursor->part_end - cursor->at <= PIECE_MOST)
        return cursor->part_end;
    size_t at = out_of_edits(cursor, cursor->at + PIECE_MOST), most = at + PIECE_MOST;
    while (at < cursor->part_end && at < most) {
        size_t here = at;
        uint32_t c = utf8_next(cursor->body.data, cursor->part_end, &at);
        if (c == UTF8_ILL_FORMED || character_entry_class(character_entry(c)) <= CHARACTER_SPACE)
            return out_of_edits(cursor, here);
    }
    return at < cursor->part_end ? out_of_edits(cursor, at) : cursor->part_end;
}

static bool is_latin(uint32_t c) {
    return c != UTF8_ILL_FORMED && character_entry_class(character_entry(c)) >= CHARACTER_LETTER;
}

/* Passes over the rest of a Latin token that is cut at `at`: whatever it looks like, it is no
 * token. */
static size_t out_of_token(const struct piece_cursor *cursor, size_t at) {
    size_t before = at - 1, behind = at;
    while (before > 0 && ((unsigned char)cursor->body.data[before] & 0xC0) == 0x80)
        before--;
    if (!is_latin(utf8_next(cursor->body.data, cursor->part_end, &before)))
        return at;
    while (at < cursor->part_end &&
           is_latin(utf8_next(cursor->body.data, cursor->part_end, &behind)))
        at = behind;
    return at;
}

/* Where the piece behind this one begins: a little before its end, unless that holds too much white
 * space. False: no memory. */
static bool next_begin(const struct piece_cursor *cursor, const struct stretch *piece,
                       size_t *begin) {
    size_t back = passage_back(piece, piece->end, cursor->overlap);
    *begin = piece->end;
    if (piece->end - back < PIECE_MOST / 2 && !passage_first_begin(piece, back, piece->end, begin))
        return false;
    *begin = out_of_token(cursor, *begin);
    return true;
}

bool piece_next(struct piece_cursor *cursor, struct stretch *piece, bool *ok) {
    *ok = true;
    if (cursor->at == cursor->part_end && !next_part(cursor))
        return false;
    size_t end = piece_end(cursor);
    *piece = (struct stretch){.text = cursor->body,
                              .edits = cursor->edits,
                              .begin = cursor->at,
                              .end = end,
                              .begins = cursor->at == cursor->part_begin,
                              .ends = end == cursor->part_end};
    cursor->at = end;
    if (end < cursor->part_end)
        *ok = next_begin(cursor, piece, &cursor->at);
    return *ok;
}
