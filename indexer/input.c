/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The public iterator over inputs: walks the paths, and has each file read by the reader of its
 * format. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xunzi/xunzi.h>

#include "base/error.h"
#include "indexer/byte_stream.h"
#include "indexer/input.h"
#include "indexer/input_kind.h"
#include "indexer/input_skip.h"
#include "indexer/jsonl_reader.h"
#include "indexer/path_walker.h"
#include "indexer/whole_file.h"

/* The sum of all file sizes, found by a walk of its own when it is first asked for. */
struct measure {
    bool done;
    uint64_t bytes; /* 0: unknown */
};

struct xunzi_input {
    char **paths;
    size_t path_count;
    xunzi_format format;
    struct path_walker *walker;
    struct byte_stream stream;
    struct jsonl_reader jsonl;
    struct whole_file whole;
    struct walked_file file;
    bool file_open; /* file is JSON Lines that are being read */
    bool ended;
    char *where; /* the path of the document given last */
    uint64_t where_line;
    xunzi_input_progress progress; /* bytes_read: of the files before this one */
    struct measure *measure;
};

static bool copy_paths(xunzi_input *input, const char *const *paths, size_t count) {
    input->paths = calloc(count + 1, sizeof *input->paths);
    if (!input->paths)
        return false;
    for (; input->path_count < count; input->path_count++) {
        input->paths[input->path_count] = strdup(paths[input->path_count]);
        if (!input->paths[input->path_count])
            return false;
    }
    return true;
}

xunzi_status xunzi_input_open(const char *const *paths, size_t count, xunzi_format format,
                              xunzi_input **out) {
    *out = NULL;
    if (format != XUNZI_FORMAT_AUTO && format != XUNZI_FORMAT_TEXT && format != XUNZI_FORMAT_HTML &&
        format != XUNZI_FORMAT_JSONL)
        return error_set(XUNZI_ERROR_INVALID_ARGUMENT, "there is no input format %d", (int)format);
    for (size_t i = 0; i < count; i++)
        if (!paths || !paths[i])
            return error_set(XUNZI_ERROR_INVALID_ARGUMENT, "path %zu of %zu is missing", i + 1,
                             count);
    xunzi_input *input = calloc(1, sizeof *input);
    if (!input)
        return error_no_memory();
    input->format = format;
    input->measure = calloc(1, sizeof *input->measure);
    if (!input->measure || !copy_paths(input, paths, count)) {
        xunzi_input_close(input);
        return error_no_memory();
    }
    xunzi_status status = path_walker_open((const char *const *)input->paths, count,
                                           PATH_WALKER_READ, &input->walker);
    if (status != XUNZI_OK) {
        xunzi_input_close(input);
        return status;
    }
    *out = input;
    return XUNZI_OK;
}

static void close_file(xunzi_input *input) {
    if (input->file.descriptor >= 0)
        close(input->file.descriptor);
    input->file.descriptor = -1;
    input->progress.bytes_read += input->stream.bytes_read;
    input->stream.bytes_read = 0;
    input->file_open = false;
}

void xunzi_input_close(xunzi_input *input) {
    if (!input)
        return;
    if (input->file_open)
        close_file(input);
    path_walker_close(input->walker);
    byte_stream_free(&input->stream);
    jsonl_reader_free(&input->jsonl);
    whole_file_free(&input->whole);
    for (size_t i = 0; i < input->path_count; i++)
        free(input->paths[i]);
    free(input->paths);
    free(input->where);
    free(input->measure);
    free(input);
}

static xunzi_status give(xunzi_input *input, uint64_t line, uint64_t replaced) {
    input->where_line = line;
    input->progress.documents++;
    input->progress.invalid_bytes += replaced;
    input->progress.repaired_documents += replaced > 0;
    return XUNZI_OK;
}

/* Reads on in the JSON Lines that are open. XUNZI_END: there are no more. */
static xunzi_status read_line(xunzi_input *input, xunzi_document *document) {
    uint64_t line = 0, replaced = 0;
    xunzi_status status = jsonl_reader_next(&input->jsonl, document, &line, &replaced);
    return status == XUNZI_OK ? give(input, line, replaced) : status;
}

/* Opens the next file of the walk; one that is a document is read at once. XUNZI_END: behind it
 * there may be more. */
static xunzi_status begin_file(xunzi_input *input, xunzi_document *document) {
    xunzi_status status = path_walker_next(input->walker, &input->file);
    if (status != XUNZI_OK) {
        input->ended = status != XUNZI_SKIPPED;
        return status;
    }
    bool sniff;
    xunzi_format format = input_kind_of(input->file.path, input->format, &sniff);
    free(input->where);
    input->where = strdup(input_display_name(input->file.path));
    if (!input->where || !byte_stream_begin(&input->stream, input->file.descriptor)) {
        close_file(input);
        return error_no_memory();
    }
    if (format == XUNZI_FORMAT_JSONL) {
        input->whole.format = format;
        input->file_open = true;
        jsonl_reader_begin(&input->jsonl, &input->stream, input->file.path);
        return XUNZI_END;
    }
    status = whole_file_read(&input->whole, &input->stream, &input->file, format, sniff, document);
    close_file(input);
    return status == XUNZI_OK ? give(input, 0, input->whole.charset.ill_formed) : status;
}

xunzi_status xunzi_input_next(xunzi_input *input, xunzi_document *document) {
    xunzi_status status = XUNZI_END;
    *document = (xunzi_document){0};
    while (status == XUNZI_END && !input->ended) {
        if (input->file_open) {
            status = read_line(input, document);
            if (status == XUNZI_END)
                close_file(input);
        } else {
            status = begin_file(input, document);
        }
    }
    if (status != XUNZI_OK)
        *document = (xunzi_document){0};
    input->progress.skipped += status == XUNZI_SKIPPED;
    return status;
}

const struct whole_file *input_whole_file(const xunzi_input *input) {
    return input->whole.format == XUNZI_FORMAT_JSONL ? NULL : &input->whole;
}

const struct charset_evidence *input_lines_charset(const xunzi_input *input) {
    bool others =
        input->whole.format == XUNZI_FORMAT_JSONL && input->jsonl.charset.charset != CHARSET_UTF8;
    return others ? &input->jsonl.charset : NULL;
}

const char *xunzi_input_where(const xunzi_input *input, uint64_t *line) {
    if (line)
        *line = input->where_line;
    return input->where ? input->where : "";
}

static uint64_t measure_paths(const xunzi_input *input) {
    struct path_walker *walker;
    struct walked_file file = {.has_size = true};
    uint64_t bytes = 0;
    xunzi_status status = path_walker_open((const char *const *)input->paths, input->path_count,
                                           PATH_WALKER_MEASURE, &walker);
    if (status != XUNZI_OK)
        return 0;
    while (status == XUNZI_OK || status == XUNZI_SKIPPED) {
        status = path_walker_next(walker, &file);
        if (status == XUNZI_OK && !file.has_size)
            break;
        if (status == XUNZI_OK)
            bytes += file.size;
    }
    path_walker_close(walker);
    return status == XUNZI_END ? bytes : 0;
}

/* What measuring meets will be met again by reading, which tells it; until then the last sentence
 * stays the last. */
static void measure(const xunzi_input *input) {
    char *sentence = strdup(xunzi_error_message());
    input->measure->bytes = measure_paths(input);
    input->measure->done = true;
    if (sentence)
        error_set(XUNZI_SKIPPED, "%s", sentence);
    free(sentence);
}

xunzi_input_progress xunzi_input_get_progress(const xunzi_input *input) {
    xunzi_input_progress progress = input->progress;
    progress.bytes_read += input->stream.bytes_read;
    if (!input->measure->done && !input->ended)
        measure(input);
    progress.bytes_total = input->measure->done ? input->measure->bytes : progress.bytes_read;
    return progress;
}
