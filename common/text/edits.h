/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Edits: what matching makes of an original text, as a list of stretches of it that are not read as
 * they stand. The original itself is never changed; it is what is stored and shown.
 *
 * A list is ascending and its stretches do not overlap. Their bounds are bounds of characters.
 *
 * As bytes: the number of edits, then for each a byte of the kind, a byte of the reason, the begin
 * less the end of the edit before, the length, and for EDIT_MEND the size of the replacement and
 * its bytes. Numbers are varints (LEB128). An edit with other readings has the kind
 * EDIT_KIND_COUNT, and the size of all of them and their bytes behind the replacement. The numbers
 * of kinds and reasons are in stored documents: new reasons go to the end.
 */
#ifndef XUNZI_TEXT_EDITS_H
#define XUNZI_TEXT_EDITS_H

#include <stdint.h>
#include <xunzi/xunzi.h>

#include "base/arena.h"
#include "base/buffer.h"

enum { EDIT_OTHERS_MOST = 5 }; /* other readings of a stretch */

enum edit_kind {
    EDIT_ASIDE, /* a line or stretch that is not the article: not searched unless everything is
                   kept, never in a snippet */
    EDIT_SKIP,  /* as if it were not there: what stands on both sides of it are neighbours */
    EDIT_MEND,  /* damaged: reads as its replacement, and also as it stands */
    EDIT_KIND_COUNT
};

enum edit_reason {
    EDIT_REASON_ANNOTATION,      /* SKIP: the reading of the character before it, 醫(yī)療 */
    EDIT_REASON_ORPHAN,          /* SKIP: a reading whose parenthesis is lost, 坡?lián)盟 */
    EDIT_REASON_LOST_BYTE,       /* MEND: a byte was lost, and what follows was read out of phase */
    EDIT_REASON_DOUBLE_ENCODING, /* MEND: UTF-8 read in another charset and encoded once more */
    EDIT_REASON_NAVIGATION,      /* ASIDE, from here on: menus, breadcrumbs */
    EDIT_REASON_RELATED,         /* headlines of other articles */
    EDIT_REASON_TOOLS,           /* share, print, font size, counters */
    EDIT_REASON_FIELDS,          /* date, source, author */
    EDIT_REASON_CREDITS,         /* editor, key words, tags */
    EDIT_REASON_COPYRIGHT,
    EDIT_REASON_SPAM,
    EDIT_REASON_REPEATED,   /* the same on many pages of the collection */
    EDIT_REASON_MARKUP,     /* a remnant of HTML */
    EDIT_REASON_TITLE,      /* the title, once more */
    EDIT_REASON_LINE_BREAK, /* SKIP: inside a sentence of wrapped text */
    EDIT_REASON_COUNT
};

struct edit {
    enum edit_kind kind;
    uint32_t begin, end;      /* bytes of the original, the end exclusive; begin < end */
    xunzi_string replacement; /* of EDIT_MEND: UTF-8 that may be empty; belongs to the list */
    xunzi_string
        others; /* of EDIT_MEND: what it can as well have been, the likeliest first: readings like
                   the replacement, each with a NUL behind it; belongs to the list */
    uint8_t reason; /* enum edit_reason */
};

/* Zero-initialised is empty. */
struct edits {
    struct edit *items;
    size_t count;
    size_t capacity;
    struct arena text; /* the replacements */
};

void edits_free(struct edits *edits);

/* Empties the list; keeps the room of its items. */
void edits_clear(struct edits *edits);

/* Appends a copy of edit, which begins at or behind the end of the last one. False: no memory. */
bool edits_append(struct edits *edits, const struct edit *edit);

/* Replaces what out holds by the edits of both lists. Where two overlap, EDIT_ASIDE wins, else the
 * one of `first`; what loses is left out as a whole. False: no memory. */
bool edits_merge(const struct edits *first, const struct edits *second, struct edits *out);

/* The first edit that ends behind byte `at`; edits->count where there is none. */
size_t edits_find(const struct edits *edits, size_t at);

/* Other reading `index`, from 0, of a mended stretch. False, and nothing is changed: it has not as
 * many. */
bool edit_other(const struct edit *edit, unsigned index, xunzi_string *reading);

/* Appends the list as bytes. False: no memory. */
bool edits_encode(const struct edits *edits, struct buffer *out);

/* Replaces what edits holds by the list that data is, for an original of text_size bytes.
 * XUNZI_ERROR_CORRUPT, and an empty list, where data is no such list: bounds that do not ascend or
 * leave the original, numbers without a meaning, ill-formed UTF-8. */
xunzi_status edits_decode(const char *data, size_t size, size_t text_size, struct edits *edits);

/* Constant names for people: "set aside", "skipped", "mended"; "reading of a character", "lost
 * byte", ... */
const char *edit_kind_name(enum edit_kind kind);
const char *edit_reason_name(enum edit_reason reason);

#endif
