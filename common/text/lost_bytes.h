/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stretches in which a lost byte put a text of two-byte characters out of phase, and what they
 * were.
 *
 * In GBK 專科建設 is 8C A3 BF C6 BD A8 C9 E8. Without 8C, for which such a page shows "?", A3 BF is
 * taken for one character (the full-width question mark, later narrowed to "?"), C6 BD for the
 * next, and so on, until an ASCII byte, or a pair that is no character, puts the rest back into
 * phase. All bytes but one are still there. They are found by running the text's characters through
 * a lattice, lost_bytes_lattice.h, which puts them back into bytes and cuts these into characters
 * anew.
 *
 * Here is what surrounds that: which question marks look like a loss, which stretch around them is
 * run, what the rest of the page tells (its script, the words it uses), and both charsets in turn.
 * A page that has lost bytes has lost more: where one stretch is mended, all are looked at again,
 * with less to prove.
 */
#ifndef XUNZI_TEXT_LOST_BYTES_H
#define XUNZI_TEXT_LOST_BYTES_H

#include "text/edits.h"

/* Reads one text after the other; keeps its buffers. One thread at a time. */
struct lost_bytes;

xunzi_status lost_bytes_new(struct lost_bytes **out);
void lost_bytes_free(struct lost_bytes *reader);

/* Whether "?", "？" or U+FFFD at text[at] looks as if a byte was lost there, by its neighbours.
 * Quick: all that most question marks cost. */
bool lost_bytes_suspects(const char *text, size_t size, size_t at);

/* Replaces what out holds by the mended stretches of text, of at most UINT32_MAX bytes: EDIT_MEND,
 * ascending. */
xunzi_status lost_bytes_find(struct lost_bytes *reader, const char *text, size_t size,
                             struct edits *out);

#endif
