/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that is one document: its bytes are read whole, its charset is told, and it is read as
 * text or as HTML. */
#ifndef XUNZI_INDEXER_WHOLE_FILE_H
#define XUNZI_INDEXER_WHOLE_FILE_H

#include <xunzi/xunzi.h>

#include "base/buffer.h"
#include "indexer/byte_stream.h"
#include "indexer/field_finder.h"
#include "indexer/html_reader.h"
#include "indexer/path_walker.h"
#include "text/charset.h"

/* Zero-initialised is ready; used for one file after another. */
struct whole_file {
    struct buffer raw;
    struct buffer text;
    struct html_reader *html; /* made when it is first needed */
    /* How the file read last was read. */
    xunzi_format format;
    struct charset_evidence charset;
    struct html_origins origins; /* of XUNZI_FORMAT_HTML */
    struct field_finder fields;  /* what was not declared */
};

/* Reads the document of a file as XUNZI_FORMAT_TEXT or XUNZI_FORMAT_HTML; where sniff is set, a
 * text that begins like HTML is HTML. The document's strings live until the next call. XUNZI_OK,
 * XUNZI_SKIPPED with a sentence, or XUNZI_ERROR_NO_MEMORY. */
xunzi_status whole_file_read(struct whole_file *whole, struct byte_stream *stream,
                             const struct walked_file *file, xunzi_format format, bool sniff,
                             xunzi_document *document);

void whole_file_free(struct whole_file *whole);

#endif
