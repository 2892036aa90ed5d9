/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines, cut from a buffer that is refilled behind what is left of the last one. */
#include "indexer/line_reader.h"

enum {
    READ_SIZE = 256 * 1024,
    KEPT_CAPACITY = 4 * 1024 * 1024 /* a buffer that grew beyond, for one long line, is not kept */
};

void line_reader_begin(struct line_reader *reader, struct byte_stream *stream, size_t limit) {
    reader->stream = stream;
    reader->limit = limit;
    reader->buffer.size = reader->begin = 0;
    reader->line = 0;
    reader->stream_ended = reader->begun = false;
    reader->utf16.active = false;
}

void line_reader_free(struct line_reader *reader) {
    buffer_free(&reader->buffer);
    buffer_free(&reader->raw);
}

/* Reads UTF-16 behind what the buffer holds. */
static bool read_utf16(struct line_reader *reader) {
    buffer_clear(&reader->raw);
    if (!buffer_reserve(&reader->raw, READ_SIZE))
        return false;
    size_t got = byte_stream_read(reader->stream, reader->raw.data, READ_SIZE);
    reader->stream_ended = got == 0;
    return utf16_decoder_append(&reader->utf16, reader->raw.data, got, got == 0, &reader->buffer);
}

/* Looks for a byte order mark at the beginning of the stream, of which the buffer holds all that
 * was read. */
static bool find_utf16(struct line_reader *reader) {
    reader->begun = true;
    size_t mark = utf16_decoder_begin(&reader->utf16, reader->buffer.data, reader->buffer.size);
    if (mark == 0)
        return true;
    buffer_clear(&reader->raw);
    struct buffer read = reader->buffer;
    reader->buffer = reader->raw;
    reader->raw = read;
    return utf16_decoder_append(&reader->utf16, read.data + mark, read.size - mark,
                                reader->stream_ended, &reader->buffer);
}

/* Reads more behind what the buffer holds. False: no memory. */
static bool read_more(struct line_reader *reader) {
    if (reader->utf16.active)
        return read_utf16(reader);
    if (!buffer_reserve(&reader->buffer, READ_SIZE))
        return false;
    size_t got =
        byte_stream_read(reader->stream, reader->buffer.data + reader->buffer.size, READ_SIZE);
    reader->buffer.size += got;
    reader->stream_ended = got == 0;
    if (!reader->begun && (reader->buffer.size >= 2 || reader->stream_ended))
        return find_utf16(reader);
    return true;
}

/* Moves what is still to be given out to the buffer's beginning. */
static void compact(struct line_reader *reader) {
    size_t left = reader->buffer.size - reader->begin;
    if (left == 0 && reader->buffer.capacity > KEPT_CAPACITY)
        buffer_free(&reader->buffer);
    else if (left > 0 && reader->begin > 0)
        memmove(reader->buffer.data, reader->buffer.data + reader->begin, left);
    reader->buffer.size = left;
    reader->begin = 0;
}

bool line_reader_peek(struct line_reader *reader, size_t wanted, const char **out, size_t *size) {
    while (reader->buffer.size < wanted && !reader->stream_ended) {
        if (!read_more(reader))
            return false;
    }
    *out = reader->buffer.data;
    *size = reader->buffer.size;
    return true;
}

/* Reads on to behind the next line feed, keeping nothing before it. */
static enum line_outcome pass_over(struct line_reader *reader) {
    buffer_free(&reader->buffer);
    for (;;) {
        reader->buffer.size = reader->begin = 0;
        if (!read_more(reader))
            return LINE_NO_MEMORY;
        const char *end =
            reader->buffer.size ? memchr(reader->buffer.data, '\n', reader->buffer.size) : NULL;
        if (end)
            reader->begin = (size_t)(end - reader->buffer.data) + 1;
        if (end || reader->stream_ended)
            return LINE_TOO_LONG;
    }
}

enum line_outcome line_reader_next(struct line_reader *reader, const char **line, size_t *size) {
    size_t searched = 0; /* of what is still to be given out, how much holds no line feed */
    reader->line++;
    for (;;) {
        size_t left = reader->buffer.size - reader->begin;
        const char *start = reader->buffer.data + reader->begin;
        const char *end = left > searched ? memchr(start + searched, '\n', left - searched) : NULL;
        size_t length = end ? (size_t)(end - start) : left;
        if (length > reader->limit && end) {
            reader->begin += length + 1;
            return LINE_TOO_LONG;
        }
        if (length > reader->limit)
            return pass_over(reader);
        if (end || (reader->stream_ended && left > 0 && !reader->stream->problem[0])) {
            *line = start;
            *size = length;
            reader->begin += end ? length + 1 : length;
            return LINE_GIVEN;
        }
        if (reader->stream_ended)
            return LINE_END;
        searched = left;
        compact(reader);
        if (!read_more(reader))
            return LINE_NO_MEMORY;
    }
}
