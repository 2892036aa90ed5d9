/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a person reads past in a damaged page: readings that extracted ruby left behind its
 * characters, and stretches in which a lost byte put the rest out of phase. Both become edits over
 * the original. See annotation.h and lost_bytes.h for the evidence.
 *
 * A text without a parenthesis, a question mark or U+FFFD costs one pass over its bytes.
 */
#ifndef XUNZI_TEXT_REPAIR_H
#define XUNZI_TEXT_REPAIR_H

#include "text/edits.h"

/* Reads one text after the other; keeps its buffers. One thread at a time. */
struct repairer;

xunzi_status repairer_new(struct repairer **out);
void repairer_free(struct repairer *repairer);

/* Replaces what out holds by the edits of text, of at most UINT32_MAX bytes of any content:
 * EDIT_SKIP and EDIT_MEND, ascending. Ill-formed UTF-8 is read as U+FFFD. */
xunzi_status repair_find(struct repairer *repairer, const char *text, size_t size,
                         struct edits *out);

#endif
