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

#endif
