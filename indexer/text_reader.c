/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text files. */
#include "indexer/text_reader.h"

#include <inttypes.h>

#include "base/error.h"
#include "base/utf8.h"
#include "indexer/input_kind.h"
#include "indexer/input_skip.h"

enum {
    TITLE_CHARACTERS = 200, /* a longer first line is the beginning of a text, not its title */
    READ_SIZE = 64 * 1024,
    KEPT_CAPACITY = 4 * 1024 * 1024 /* buffers that grew beyond, for one large file, are not kept */
};

void text_reader_free(struct text_reader *reader) {
    buffer_free(&reader->raw);
    buffer_free(&reader->repaired);
}

static void drop_large(struct buffer *buffer) {
    buffer_clear(buffer);
    if (buffer->capacity > KEPT_CAPACITY)
        buffer_free(buffer);
}

static xunzi_status skip_too_large(const struct walked_file *file) {
    return input_skip(file->path, "is over the limit of %u MiB for a document",
                      XUNZI_MAX_DOCUMENT_BYTES >> 20);
}

/* Reads the whole file, but no further than the limit, nor than its first bytes show that it is no
 * text. */
static xunzi_status read_all(struct text_reader *reader, struct byte_stream *stream,
                             const struct walked_file *file) {
    bool looked_at = false;
    for (;;) {
        if (!buffer_reserve(&reader->raw, READ_SIZE))
            return error_no_memory();
        size_t got = byte_stream_read(stream, reader->raw.data + reader->raw.size, READ_SIZE);
        reader->raw.size += got;
        if (!looked_at && (got == 0 || reader->raw.size >= INPUT_KIND_SAMPLE)) {
            const char *problem = input_kind_problem(reader->raw.data, reader->raw.size, got == 0);
            if (problem)
                return input_skip(file->path, "%s", problem);
            looked_at = true;
            /* A plain file's size is known only now that it has turned out not to be gzip. */
            if (stream->state == BYTE_STREAM_PLAIN && file->size > XUNZI_MAX_DOCUMENT_BYTES)
                return skip_too_large(file);
        }
        if (reader->raw.size > XUNZI_MAX_DOCUMENT_BYTES)
            return skip_too_large(file);
        if (got == 0)
            break;
    }
    if (stream->problem[0])
        return input_skip(file->path, "%s, after %zu bytes of text", stream->problem,
                          reader->raw.size);
    return XUNZI_OK;
}

/* The size of the white space that text begins with: 1, 3 for the ideographic space, or 0. */
static size_t space_size(const char *text, size_t size) {
    if (size >= 1 && strchr(" \t\n\v\f\r", *text) && *text)
        return 1;
    return size >= 3 && memcmp(text, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

static size_t skip_space(const char *text, size_t size, size_t at) {
    for (size_t step; (step = space_size(text + at, size - at)) > 0;)
        at += step;
    return at;
}

static size_t trim_end(const char *text, size_t begin, size_t end) {
    for (;;) {
        if (end > begin && space_size(text + end - 1, 1))
            end--;
        else if (end >= begin + 3 && space_size(text + end - 3, 3) == 3)
            end -= 3;
        else
            return end;
    }
}

static size_t count_characters(const char *text, size_t size) {
    size_t characters = 0;
    for (size_t i = 0; i < size; i++)
        characters += ((unsigned char)text[i] & 0xC0) != 0x80;
    return characters;
}

/* Splits well-formed text into title and body. False: it is blank. */
static bool split(const char *text, size_t size, xunzi_document *document) {
    size_t begin = skip_space(text, size, 0);
    if (begin == size)
        return false;
    size_t line_end = begin;
    while (line_end < size && text[line_end] != '\n' && text[line_end] != '\r')
        line_end++;
    size_t title_end = trim_end(text, begin, line_end);
    bool more = skip_space(text, size, line_end) < size;
    document->body = (xunzi_string){text, size};
    if (!more || count_characters(text + begin, title_end - begin) > TITLE_CHARACTERS)
        return true;
    size_t rest = line_end + (text[line_end] == '\r' && text[line_end + 1] == '\n' ? 2 : 1);
    document->title = (xunzi_string){text + begin, title_end - begin};
    document->body = (xunzi_string){text + rest, size - rest};
    return true;
}

xunzi_status text_reader_read(struct text_reader *reader, struct byte_stream *stream,
                              const struct walked_file *file, xunzi_document *document,
                              uint64_t *replaced) {
    drop_large(&reader->raw);
    drop_large(&reader->repaired);
    *replaced = 0;
    xunzi_status status = read_all(reader, stream, file);
    if (status != XUNZI_OK)
        return status;
    size_t mark = input_kind_mark_size(reader->raw.data, reader->raw.size);
    const char *text = reader->raw.data + mark;
    size_t size = reader->raw.size - mark;
    if (utf8_valid_prefix(text, size) != size) {
        if (!utf8_append_repaired(&reader->repaired, text, size, replaced))
            return error_no_memory();
        text = reader->repaired.data;
        size = reader->repaired.size;
    }
    *document = (xunzi_document){.id = xunzi_string_of(file->path)};
    if (!split(text, size, document))
        return input_skip(file->path, "is empty");
    return XUNZI_OK;
}
