/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A text file as one document: its first line that is not blank is the title, where it is short
 * enough and more follows. */
#ifndef XUNZI_INDEXER_TEXT_READER_H
#define XUNZI_INDEXER_TEXT_READER_H

#include <xunzi/xunzi.h>

#include "base/buffer.h"
#include "indexer/byte_stream.h"
#include "indexer/path_walker.h"

/* Zero-initialised is ready; used for one file after another. */
struct text_reader {
    struct buffer raw;
    struct buffer repaired;
};

/* Reads the document of a file; its strings live until the next call. *replaced: ill-formed
 * sequences that became U+FFFD. XUNZI_OK, XUNZI_SKIPPED with a sentence, or XUNZI_ERROR_NO_MEMORY.
 */
xunzi_status text_reader_read(struct text_reader *reader, struct byte_stream *stream,
                              const struct walked_file *file, xunzi_document *document,
                              uint64_t *replaced);

void text_reader_free(struct text_reader *reader);

#endif
