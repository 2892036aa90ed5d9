/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of a byte stream, in bounded memory: a line over the limit is passed over without being
 * kept. A stream that begins with a byte order mark of UTF-16 is given as UTF-8. */
#ifndef XUNZI_INDEXER_LINE_READER_H
#define XUNZI_INDEXER_LINE_READER_H

#include "base/buffer.h"
#include "indexer/byte_stream.h"
#include "indexer/utf16_decoder.h"

/* Zero-initialised is ready for line_reader_begin; used for one stream after another. */
struct line_reader {
    struct byte_stream *stream;
    size_t limit;
    struct utf16_decoder utf16;
    struct buffer raw;    /* what was read of UTF-16 last */
    struct buffer buffer; /* what was read of the stream; [begin, size) is still to be given out */
    size_t begin;
    uint64_t line; /* number of the line given last, from 1 */
    bool begun;    /* the stream's first bytes were looked at */
    bool stream_ended;
};

enum line_outcome {
    LINE_GIVEN,
    LINE_TOO_LONG, /* passed over; the next call goes on behind it */
    LINE_END, /* stream->problem tells whether it is the true one; a line that a problem has cut is
                 not given */
    LINE_NO_MEMORY
};

/* Lines of up to `limit` bytes are given. */
void line_reader_begin(struct line_reader *reader, struct byte_stream *stream, size_t limit);

/* The first bytes of the stream, at least `wanted` unless it is shorter; they are still to be given
 * as lines. Call it before the first line. The number of bytes there; false: no memory. */
bool line_reader_peek(struct line_reader *reader, size_t wanted, const char **out, size_t *size);

/* The next line, without its line feed; the last one needs none. It lives until the next call. */
enum line_outcome line_reader_next(struct line_reader *reader, const char **line, size_t *size);

void line_reader_free(struct line_reader *reader);

#endif
