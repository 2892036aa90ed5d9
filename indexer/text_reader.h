/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A text as one document: its first line that is not blank is the title, where it is short enough
 * and more follows. */
#ifndef XUNZI_INDEXER_TEXT_READER_H
#define XUNZI_INDEXER_TEXT_READER_H

#include <stdbool.h>

#include <xunzi/xunzi.h>

/* Sets the document's title and body, which are parts of text, well-formed UTF-8, and clears what
 * else is in it. False: the text is blank. */
bool text_split(const char *text, size_t size, xunzi_document *document);

#endif
