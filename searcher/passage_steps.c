/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/passage_steps.h"

#include "base/utf8.h"
#include "text/character.h"
#include "text/words.h"

/* So many characters before a cut tell how the words about it are cut. */
enum { WORD_CONTEXT = 40 };

bool passage_is_space(uint32_t c) {
    return c != UTF8_ILL_FORMED && character_entry_class(character_entry(c)) == CHARACTER_SPACE;
}

/* A line break inside a sentence: Han stands on both sides of it, and nothing is shown. */
static bool is_wrap(const struct edits *edits, size_t i, size_t at) {
    return i < edits->count && edits->items[i].begin <= at && edits->items[i].kind == EDIT_SKIP &&
           edits->items[i].reason == EDIT_REASON_LINE_BREAK;
}

size_t passage_wrap_end(const struct stretch *stretch, size_t at) {
    const struct edits *edits = stretch->edits;
    size_t i = edits ? edits_find(edits, at) : 0;
    return edits && is_wrap(edits, i, at) ? edits->items[i].end : at;
}

size_t passage_shown(const struct stretch *stretch, size_t begin, size_t end) {
    size_t shown = 0;
    bool in_space = false;
    for (size_t at = begin; at < end;) {
        size_t behind = at;
        bool space = passage_is_space(utf8_next(stretch->text.data, end, &behind));
        size_t wrap = space && !in_space ? passage_wrap_end(stretch, at) : at;
        if (wrap > at) {
            at = wrap;
            continue;
        }
        shown += !space || !in_space;
        in_space = space;
        at = behind;
    }
    return shown;
}

size_t passage_forward(const struct stretch *stretch, size_t from, size_t characters) {
    bool in_space = false;
    while (from < stretch->end) {
        size_t behind = from;
        bool space = passage_is_space(utf8_next(stretch->text.data, stretch->end, &behind));
        size_t wrap = space && !in_space ? passage_wrap_end(stretch, from) : from;
        if (wrap == from && (!space || !in_space) && characters-- == 0)
            return from;
        in_space = space && wrap == from;
        from = wrap > from ? wrap : behind;
    }
    return stretch->end;
}

static size_t step_back(const char *text, size_t at, size_t least) {
    do
        at--;
    while (at > least && ((unsigned char)text[at] & 0xC0) == 0x80);
    return at;
}

size_t passage_back(const struct stretch *stretch, size_t from, size_t characters) {
    bool in_space = false;
    while (from > stretch->begin) {
        size_t at = step_back(stretch->text.data, from, stretch->begin), behind = at;
        bool space = passage_is_space(utf8_next(stretch->text.data, from, &behind));
        bool wrapped = space && passage_wrap_end(stretch, at) > at;
        if (!wrapped && (!space || !in_space) && characters-- == 0)
            return from;
        in_space = space && !wrapped;
        from = at;
    }
    return from;
}

/* Letters, digits, and what joins them. */
static bool is_latin(const struct folded_character *character) {
    return character->class >= CHARACTER_LETTER;
}

/* Whether words, Latin or Han, are parted before character i; `inside` says whether a Han word goes
 * on there. */
static bool parts_words(const struct folded_text *folded, size_t i, bool inside) {
    const struct folded_character *character = &folded->characters[i], *before = character - 1;
    return !inside && character->begin >= before->begin + before->length &&
           character->length < UINT16_MAX && before->length < UINT16_MAX &&
           character->class != CHARACTER_MARK &&
           (character->separator_before || !is_latin(before) || !is_latin(character));
}

/* Calls for a window of the stretch: where its words begin and end. */
typedef void visitor(void *context, size_t end, size_t begin);

static bool visit_words(const struct stretch *stretch, size_t least, size_t most, visitor *visit,
                        void *context) {
    struct word_segmenter *segmenter;
    struct folded_text folded = {0};
    const uint8_t *lengths = NULL;
    size_t begin = passage_back(stretch, least, WORD_CONTEXT);
    size_t end = passage_forward(stretch, most, WORD_CONTEXT / 4);
    bool ok =
        word_segmenter_new(&segmenter) == XUNZI_OK &&
        fold_edited_text(&folded, stretch->text.data, begin, end, stretch->edits, FOLD_MENDED) &&
        word_segmenter_run(segmenter, &folded, &lengths) == XUNZI_OK;
    size_t word_end = ok && folded.count > 0 ? lengths[0] : 0;
    for (size_t i = 1; ok && i < folded.count; i++) {
        const struct folded_character *before = &folded.characters[i - 1];
        if (parts_words(&folded, i, i < word_end))
            visit(context, before->begin + before->length, folded.characters[i].begin);
        word_end = lengths[i] > 0 ? i + lengths[i] : word_end;
    }
    folded_text_free(&folded);
    word_segmenter_free(segmenter);
    return ok;
}

struct choice {
    size_t least, most, place;
    bool found;
};

static void take_last_end(void *context, size_t end, size_t begin) {
    struct choice *choice = context;
    (void)begin;
    if (end >= choice->least && end <= choice->most) {
        choice->place = end;
        choice->found = true;
    }
}

static void take_first_begin(void *context, size_t end, size_t begin) {
    struct choice *choice = context;
    (void)end;
    if (!choice->found && begin >= choice->least && begin <= choice->most) {
        choice->place = begin;
        choice->found = true;
    }
}

/* Whether the character at `at` is part of the one before. */
static bool clings(const struct stretch *stretch, size_t at) {
    size_t behind = at;
    uint32_t c =
        at < stretch->end ? utf8_next(stretch->text.data, stretch->end, &behind) : UTF8_ILL_FORMED;
    if (c == UTF8_ILL_FORMED)
        return false;
    uint32_t entry = character_entry(c);
    return (entry & CHARACTER_COMBINES) || character_entry_class(entry) == CHARACTER_IGNORABLE;
}

/* Whether `at` parts neither a character nor what is edited. */
static bool parts_characters(const struct stretch *stretch, size_t at) {
    const struct edits *edits = stretch->edits;
    size_t i = edits ? edits_find(edits, at) : 0;
    return (!edits || i == edits->count || edits->items[i].begin >= at) && !clings(stretch, at);
}

bool passage_last_end(const struct stretch *stretch, size_t least, size_t most, size_t *place) {
    struct choice choice = {.least = least, .most = most};
    if (!visit_words(stretch, least, most, take_last_end, &choice))
        return false;
    for (size_t at = most; !choice.found && at > least;
         at = step_back(stretch->text.data, at, least))
        if (parts_characters(stretch, at)) {
            choice.place = at;
            choice.found = true;
        }
    while (choice.found && choice.place < most && clings(stretch, choice.place))
        utf8_next(stretch->text.data, stretch->end, &choice.place);
    *place = choice.found ? choice.place : *place;
    return true;
}

bool passage_first_begin(const struct stretch *stretch, size_t least, size_t most, size_t *place) {
    struct choice choice = {.least = least, .most = most};
    if (!visit_words(stretch, least, most, take_first_begin, &choice))
        return false;
    for (size_t at = least; !choice.found && at < most;) {
        if (parts_characters(stretch, at)) {
            choice.place = at;
            choice.found = true;
        }
        utf8_next(stretch->text.data, stretch->end, &at);
    }
    *place = choice.found ? choice.place : *place;
    return true;
}
