/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Readings of inputs. */
#include "input_reading.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static char *copy_of(xunzi_string text) {
    char *copy = malloc(text.size + 1);
    assert_non_null(copy);
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    return copy;
}

static void keep_document(struct reading *reading, const xunzi_input *input,
                          const xunzi_document *document) {
    struct read_document kept = {.id = copy_of(document->id),
                                 .title = copy_of(document->title),
                                 .body = copy_of(document->body),
                                 .date = copy_of(document->date),
                                 .source = copy_of(document->source),
                                 .url = copy_of(document->url),
                                 .extra = copy_of(document->extra),
                                 .body_size = document->body.size};
    kept.where = copy_of(xunzi_string_of(xunzi_input_where(input, &kept.line)));
    reading->documents =
        realloc(reading->documents, (reading->document_count + 1) * sizeof *reading->documents);
    assert_non_null(reading->documents);
    reading->documents[reading->document_count++] = kept;
}

static void keep_sentence(struct reading *reading) {
    reading->sentences =
        realloc(reading->sentences, (reading->sentence_count + 1) * sizeof *reading->sentences);
    assert_non_null(reading->sentences);
    reading->sentences[reading->sentence_count++] = copy_of(xunzi_string_of(xunzi_error_message()));
}

void reading_of(struct reading *reading, xunzi_format format, const char *const *paths) {
    reading_free(reading);
    size_t count = 0;
    while (paths[count])
        count++;
    xunzi_input *input;
    assert_int_equal(xunzi_input_open(paths, count, format, &input), XUNZI_OK);
    xunzi_document document;
    for (xunzi_status status; (status = xunzi_input_next(input, &document)) != XUNZI_END;) {
        if (status == XUNZI_SKIPPED) {
            keep_sentence(reading);
            continue;
        }
        assert_int_equal(status, XUNZI_OK);
        keep_document(reading, input, &document);
    }
    reading->progress = xunzi_input_get_progress(input);
    assert_int_equal(reading->progress.documents, reading->document_count);
    assert_int_equal(reading->progress.skipped, reading->sentence_count);
    xunzi_input_close(input);
}

void reading_of_path(struct reading *reading, xunzi_format format, const char *path) {
    reading_of(reading, format, (const char *const[]){path, NULL});
}

const char *reading_of_data(struct reading *reading, const char *name, const char *data,
                            size_t size) {
    const char *path = runner_write(name, data, size);
    reading_of_path(reading, XUNZI_FORMAT_AUTO, path);
    return path;
}

void reading_free(struct reading *reading) {
    for (size_t i = 0; i < reading->document_count; i++) {
        struct read_document *document = &reading->documents[i];
        free(document->id);
        free(document->title);
        free(document->body);
        free(document->date);
        free(document->source);
        free(document->url);
        free(document->extra);
        free(document->where);
    }
    for (size_t i = 0; i < reading->sentence_count; i++)
        free(reading->sentences[i]);
    free(reading->documents);
    free(reading->sentences);
    *reading = (struct reading){0};
}

void assert_counts(const struct reading *reading, size_t documents, size_t sentences) {
    if (reading->document_count == documents && reading->sentence_count == sentences)
        return;
    for (size_t i = 0; i < reading->sentence_count; i++)
        print_message("skipped: %s\n", reading->sentences[i]);
    fail_msg("%zu documents and %zu skipped, not %zu and %zu", reading->document_count,
             reading->sentence_count, documents, sentences);
}

size_t gzip(const char *data, size_t size, char **out) {
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    size_t bound = deflateBound(&stream, size);
    char *copy = copy_of((xunzi_string){data, size}); /* zlib takes no const */
    *out = malloc(bound);
    assert_non_null(*out);
    stream.next_in = (unsigned char *)copy;
    stream.avail_in = (unsigned)size;
    stream.next_out = (unsigned char *)*out;
    stream.avail_out = (unsigned)bound;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    size_t compressed = stream.total_out;
    deflateEnd(&stream);
    free(copy);
    return compressed;
}
