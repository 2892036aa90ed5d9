/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole files. */
#include "indexer/whole_file.h"

#include "base/error.h"
#include "indexer/html_source.h"
#include "indexer/input_kind.h"
#include "indexer/input_skip.h"
#include "indexer/text_reader.h"

enum {
    READ_SIZE = 64 * 1024,
    KEPT_CAPACITY = 4 * 1024 * 1024 /* what grew beyond, for one large file, is not kept */
};

void whole_file_free(struct whole_file *whole) {
    buffer_free(&whole->raw);
    buffer_free(&whole->text);
    field_finder_free(&whole->fields);
    html_reader_free(whole->html);
    whole->html = NULL;
}

/* Empties all for the next file. */
static void drop(struct whole_file *whole) {
    bool large = whole->raw.capacity > KEPT_CAPACITY || whole->text.capacity > KEPT_CAPACITY;
    buffer_clear(&whole->raw);
    buffer_clear(&whole->text);
    if (large)
        whole_file_free(whole);
}

static xunzi_status skip_too_large(const struct walked_file *file) {
    return input_skip(file->path, "is over the limit of %u MiB for a document",
                      XUNZI_MAX_DOCUMENT_BYTES >> 20);
}

/* Reads the whole file, but no further than the limit, nor than its first bytes show that it is no
 * text. */
static xunzi_status read_all(struct whole_file *whole, struct byte_stream *stream,
                             const struct walked_file *file) {
    bool looked_at = false;
    for (;;) {
        if (!buffer_reserve(&whole->raw, READ_SIZE))
            return error_no_memory();
        size_t got = byte_stream_read(stream, whole->raw.data + whole->raw.size, READ_SIZE);
        whole->raw.size += got;
        if (!looked_at && (got == 0 || whole->raw.size >= INPUT_KIND_SAMPLE)) {
            const char *problem = input_kind_problem(whole->raw.data, whole->raw.size, got == 0);
            if (problem)
                return input_skip(file->path, "%s", problem);
            looked_at = true;
            /* A plain file's size is known only now that it has turned out not to be gzip. */
            if (stream->state == BYTE_STREAM_PLAIN && file->size > XUNZI_MAX_DOCUMENT_BYTES)
                return skip_too_large(file);
        }
        if (whole->raw.size > XUNZI_MAX_DOCUMENT_BYTES)
            return skip_too_large(file);
        if (got == 0)
            break;
    }
    if (stream->problem[0])
        return input_skip(file->path, "%s, after %zu bytes of text", stream->problem,
                          whole->raw.size);
    return XUNZI_OK;
}

static xunzi_status read_html(struct whole_file *whole, xunzi_document *document) {
    if (!whole->html && !(whole->html = html_reader_new()))
        return error_no_memory();
    return html_reader_read(whole->html, whole->text.data, whole->text.size, document,
                            &whole->origins);
}

xunzi_status whole_file_read(struct whole_file *whole, struct byte_stream *stream,
                             const struct walked_file *file, xunzi_format format, bool sniff,
                             xunzi_document *document) {
    drop(whole);
    xunzi_status status = read_all(whole, stream, file);
    if (status != XUNZI_OK)
        return status;
    const struct buffer *raw = &whole->raw;
    if (sniff && html_begins(raw->data, raw->size))
        format = XUNZI_FORMAT_HTML;
    whole->format = format;
    whole->origins = (struct html_origins){0};
    char declared[CHARSET_NAME_SIZE] = "";
    if (format == XUNZI_FORMAT_HTML)
        html_declared_charset(raw->data, raw->size, declared);
    if (!buffer_reserve(&whole->text, raw->size + 1) ||
        !charset_to_utf8(raw->data, raw->size, declared, &whole->text, &whole->charset))
        return error_no_memory();
    if (format == XUNZI_FORMAT_HTML) {
        status = read_html(whole, document);
        if (status != XUNZI_OK)
            return status;
    } else if (!text_split(whole->text.data, whole->text.size, document)) {
        return input_skip(file->path, "is empty");
    }
    if (document->body.size == 0 && document->title.size == 0)
        return input_skip(file->path, "has no visible text");
    status = field_finder_fill(&whole->fields, (xunzi_string){whole->text.data, whole->text.size},
                               format != XUNZI_FORMAT_HTML, document);
    if (status != XUNZI_OK)
        return status;
    document->id = xunzi_string_of(file->path);
    return XUNZI_OK;
}
