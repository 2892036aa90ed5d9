/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A live document: a Xapian document with full postings, made from a xunzi_document.
 *
 * Title and body share postings, whose positions are the tokens' places (text/tokenize.h). A
 * title's tokens count LIVE_TITLE_WDF times; the body's places begin LIVE_FIELD_GAP behind the
 * title's last, so that no phrase runs from one into the other. Only what phrases ask for has
 * positions: bigrams, Latin tokens, and characters at the edges of their runs. Words and inner
 * characters have none, which saves a third of the time that Xapian takes.
 */
#ifndef XUNZI_CATALOG_LIVE_DOCUMENT_H
#define XUNZI_CATALOG_LIVE_DOCUMENT_H

#include <xapian-c/xapian.h>

#include "text/document_edits.h"
#include "text/tokenize.h"

enum { LIVE_TITLE_WDF = 3, LIVE_FIELD_GAP = 100 };

/* Value slots. */
enum {
    LIVE_SLOT_DATE = 0,   /* first day of the date as eight digits, YYYYMMDD; none where there is no
                             date to read */
    LIVE_SLOT_SOURCE = 1, /* as given, at most LIVE_SOURCE_MOST bytes */
    LIVE_SLOT_FINGERPRINT = 2 /* two little-endian u64 (text/fingerprint.h); none where there is no
                                 fingerprint */
};
enum { LIVE_SOURCE_MOST = 1024 };

struct live_document_maker;

xunzi_status live_document_maker_new(xunzi_profile profile, struct live_document_maker **out);
void live_document_maker_free(struct live_document_maker *maker);

/* Makes the Xapian document, through edits, which are stored with it and may be NULL; the caller
 * frees it. document->id must not be empty. *tokens says how many tokens it gave: with none nothing
 * could find it but its id. Behind each field, after LIVE_FIELD_GAP positions, stand the tokens of
 * its mended stretches as they are on the page, so that these are found too. */
xunzi_status live_document_make(struct live_document_maker *maker, const xunzi_document *document,
                                const struct document_edits *edits, xapian_document **out,
                                uint64_t *tokens);

/* Writes the slot value of a day: eight digits and a NUL. */
void live_date_value(uint32_t day, char out[9]);

/* The day of a slot value; 0 of an empty one. */
uint32_t live_date_day(const char *value, size_t size);

/* How many bytes of a source its slot holds: at most LIVE_SOURCE_MOST, ending with a whole
 * character. */
size_t live_source_value_size(xunzi_string source);

#endif
