/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON Lines to documents: one object a line, of the members named in json_members.h, which are
 * strings, and others, which are kept together as they are. A file that begins in GB18030 or in
 * Big5 is read as such. */
#ifndef XUNZI_INDEXER_JSONL_READER_H
#define XUNZI_INDEXER_JSONL_READER_H

#include <xunzi/xunzi.h>

#include "base/buffer.h"
#include "indexer/byte_stream.h"
#include "indexer/line_reader.h"
#include "text/charset.h"

struct json_object;
struct json_tokener;

/* Zero-initialised is ready for jsonl_reader_begin; used for one file after another. */
struct jsonl_reader {
    struct byte_stream *stream;
    const char *path;
    struct line_reader lines;
    struct charset_evidence charset; /* of the lines; mostly UTF-8, all else zero */
    struct json_tokener *tokener;
    struct json_object *object; /* of the line given last: the document's strings are in it, or: */
    struct buffer repaired;
    struct buffer extra;
    struct buffer unescaped;
    uint64_t answers; /* documents and skips given of this file */
    bool long_line;   /* the line given last was one */
    bool begun;       /* the file's first bytes were looked at */
    bool ended;
};

/* path, for messages, is kept by pointer. */
void jsonl_reader_begin(struct jsonl_reader *reader, struct byte_stream *stream, const char *path);

/* The next line's document; its strings live until the next call. *line: its number. *replaced:
 * ill-formed sequences that became U+FFFD. XUNZI_OK, XUNZI_SKIPPED with a sentence, XUNZI_END, or
 * XUNZI_ERROR_NO_MEMORY. */
xunzi_status jsonl_reader_next(struct jsonl_reader *reader, xunzi_document *document,
                               uint64_t *line, uint64_t *replaced);

void jsonl_reader_free(struct jsonl_reader *reader);

#endif
