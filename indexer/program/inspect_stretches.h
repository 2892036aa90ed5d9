/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stretches of an inspected document, where they stand and how many there are, for those who
 * show it. */
#ifndef XUNZI_INDEXER_PROGRAM_INSPECT_STRETCHES_H
#define XUNZI_INDEXER_PROGRAM_INSPECT_STRETCHES_H

#include <xunzi/xunzi.h>

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
