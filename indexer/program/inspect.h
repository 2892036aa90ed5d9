/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How `xunzi-indexer inspect` shows a document: for people, or as JSON. */
#ifndef XUNZI_INDEXER_PROGRAM_INSPECT_H
#define XUNZI_INDEXER_PROGRAM_INSPECT_H

#include <xunzi/xunzi.h>

#include "base/buffer.h"

/* How many annotations, and line breaks, are shown as examples. */
enum { INSPECT_EXAMPLES = 8 };

/* Append one document, printable; false: no memory. Text is coloured where color is set. */
bool inspect_append_text(struct buffer *out, const xunzi_inspection *inspection, bool color);
bool inspect_append_json(struct buffer *out, const xunzi_inspection *inspection); /* on one line */

/* The member of a document that a stretch is of. */
xunzi_string inspect_member(const xunzi_inspection *inspection,
                            const xunzi_inspected_stretch *stretch);

/* The stretch with up to `characters` of what stands before it on its line, as for a reading the
 * character that it is of. */
xunzi_string inspect_before(const xunzi_inspection *inspection,
                            const xunzi_inspected_stretch *stretch, size_t characters);
/* What stands behind it on its line, up to `characters`. */
xunzi_string inspect_behind(const xunzi_inspection *inspection,
                            const xunzi_inspected_stretch *stretch, size_t characters);

/* How many stretches are readings of characters, and how many line breaks inside sentences. */
void inspect_count_skipped(const xunzi_inspection *inspection, size_t *readings, size_t *breaks);

/* The next reading at or behind stretch *at, which is moved behind it; NULL: there is none. */
const xunzi_inspected_stretch *inspect_next_reading(const xunzi_inspection *inspection, size_t *at);

#endif
