/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON Lines: each line is parsed by json-c, but for those that json_flat.h surely reads alike. */
#include "indexer/jsonl_reader.h"

#include <inttypes.h>
#include <json-c/json.h>

#include "base/error.h"
#include "base/utf8.h"
#include "indexer/input_kind.h"
#include "indexer/input_skip.h"
#include "indexer/json_flat.h"
#include "indexer/json_members.h"
#include "text/charset_convert.h"

enum {
    LINE_LIMIT = XUNZI_MAX_DOCUMENT_BYTES +
                 (1 << 20),  /* a document of the largest size and its other members */
    KEPT_LINE = 1 << 20,     /* what json-c and buffers take for a longer one is not kept */
    CHARSET_SAMPLE = 1 << 16 /* bytes at a file's beginning by which its charset is told */
};

void jsonl_reader_begin(struct jsonl_reader *reader, struct byte_stream *stream, const char *path) {
    reader->stream = stream;
    reader->path = path;
    line_reader_begin(&reader->lines, stream, LINE_LIMIT);
    reader->answers = 0;
    reader->begun = reader->ended = false;
    reader->charset = (struct charset_evidence){0};
}

static void free_parsed(struct jsonl_reader *reader) {
    json_object_put(reader->object);
    reader->object = NULL;
}

void jsonl_reader_free(struct jsonl_reader *reader) {
    free_parsed(reader);
    if (reader->tokener)
        json_tokener_free(reader->tokener);
    line_reader_free(&reader->lines);
    buffer_free(&reader->repaired);
    buffer_free(&reader->extra);
    buffer_free(&reader->unescaped);
}

/* Gives back the memory that a long line took. */
static void give_back(struct jsonl_reader *reader) {
    if (reader->tokener)
        json_tokener_free(reader->tokener);
    reader->tokener = NULL;
    buffer_free(&reader->repaired);
    buffer_free(&reader->extra);
    buffer_free(&reader->unescaped);
    reader->long_line = false;
}

static bool is_blank(const char *line, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r')
            return false;
    return true;
}

/* The number of the character, from 1, that line[at] is in. */
static size_t column_of(const char *line, size_t at) {
    return 1 + utf8_count(line + 1, at);
}

static xunzi_status skip_at(const struct jsonl_reader *reader, const char *line, size_t size,
                            size_t at, const char *problem) {
    return input_skip_line(reader->path, reader->lines.line, "is not JSON (column %zu: %s)",
                           column_of(line, at < size ? at : size - 1), problem);
}

static const char *type_name(const struct json_object *value) {
    switch (json_object_get_type(value)) {
    case json_type_boolean:
        return "true or false";
    case json_type_int:
    case json_type_double:
        return "a number";
    case json_type_object:
        return "an object";
    case json_type_array:
        return "an array";
    case json_type_null:
        return "null";
    case json_type_string:
        return "a string";
    }
    return "something else";
}

/* Whether the file is JSON that goes over several lines, told by its first line: an array, or a
 * lone brace. */
static const char *many_line_json(const char *line, size_t size) {
    size_t begin = 0;
    while (begin < size && is_blank(line + begin, 1))
        begin++;
    if (begin < size && line[begin] == '[')
        return "is a JSON array, not JSON Lines (one object a line)";
    if (begin < size && line[begin] == '{' && is_blank(line + begin + 1, size - begin - 1))
        return "is JSON over several lines, not JSON Lines (one object a line)";
    return NULL;
}

/* Parses a whole line to reader->object. */
static xunzi_status parse(struct jsonl_reader *reader, const char *line, size_t size) {
    if (!reader->tokener) {
        reader->tokener = json_tokener_new();
        if (!reader->tokener)
            return error_no_memory();
        json_tokener_set_flags(reader->tokener, JSON_TOKENER_STRICT);
    } else {
        json_tokener_reset(reader->tokener);
    }
    const char *nul = memchr(line, '\0', size);
    if (nul)
        return skip_at(reader, line, size, (size_t)(nul - line), "a raw NUL byte");
    reader->object = json_tokener_parse_ex(reader->tokener, line, (int)size);
    enum json_tokener_error outcome = json_tokener_get_error(reader->tokener);
    size_t at = json_tokener_get_parse_end(reader->tokener);
    if (outcome == json_tokener_continue) {
        /* A bare number or literal at the very end is taken as unfinished too; a space ends it. */
        reader->object = json_tokener_parse_ex(reader->tokener, " ", 1);
        outcome = json_tokener_get_error(reader->tokener);
        at = size;
    }
    if (outcome == json_tokener_continue)
        return skip_at(reader, line, size, size, "it ends in the middle");
    if (outcome == json_tokener_error_depth)
        return skip_at(reader, line, size, at, "arrays and objects nested too deep");
    if (outcome != json_tokener_success)
        return skip_at(reader, line, size, at, json_tokener_error_desc(outcome));
    if (!json_object_is_type(reader->object, json_type_object))
        return input_skip_line(reader->path, reader->lines.line, "must be a JSON object, not %s",
                               type_name(reader->object));
    return XUNZI_OK;
}

static xunzi_status take_members(struct jsonl_reader *reader, xunzi_document *document) {
    xunzi_string *const fields[JSON_MEMBER_COUNT] = {
        [JSON_ID] = &document->id,         [JSON_TITLE] = &document->title,
        [JSON_BODY] = &document->body,     [JSON_DATE] = &document->date,
        [JSON_SOURCE] = &document->source, [JSON_URL] = &document->url};
    bool has_body = false;
    for (int i = 0; i < JSON_MEMBER_COUNT; i++) {
        struct json_object *value = NULL;
        json_object_object_get_ex(reader->object, json_member_names[i], &value);
        if (!value)
            continue;
        if (!json_object_is_type(value, json_type_string))
            return input_skip_line(reader->path, reader->lines.line,
                                   "\"%s\" must be a string, not %s", json_member_names[i],
                                   type_name(value));
        *fields[i] = (xunzi_string){json_object_get_string(value),
                                    (size_t)json_object_get_string_len(value)};
        has_body = has_body || i == JSON_BODY;
    }
    if (!has_body)
        return input_skip_line(reader->path, reader->lines.line, "has no \"body\"");
    return XUNZI_OK;
}

/* Whether a line of a file in another charset is UTF-8 all the same, as where files were joined:
 * well-formed, with a character of three bytes, or nothing but ASCII. */
static bool is_utf8(const char *line, size_t size) {
    bool beyond_ascii = false, three_bytes = false;
    if (utf8_valid_prefix(line, size) != size)
        return false;
    for (size_t i = 0; i < size; i++) {
        beyond_ascii = beyond_ascii || (unsigned char)line[i] >= 0x80;
        three_bytes = three_bytes || (unsigned char)line[i] >= 0xE0;
    }
    return three_bytes || !beyond_ascii;
}

/* Puts the line into reader->repaired as well-formed UTF-8, without a byte order mark. False: no
 * memory. */
static bool convert(struct jsonl_reader *reader, const char **line, size_t *size,
                    uint64_t *replaced) {
    struct buffer *out = &reader->repaired;
    buffer_clear(out);
    if (!charset_convert(reader->charset.charset, NULL, *line, *size, out, replaced))
        return false;
    size_t mark = reader->answers == 0 ? input_kind_mark_size(out->data, out->size) : 0;
    *line = out->data + mark;
    *size = out->size - mark;
    return true;
}

/* The document of a line that is not blank. */
static xunzi_status read_line(struct jsonl_reader *reader, const char *line, size_t size,
                              xunzi_document *document, uint64_t *replaced) {
    bool as_it_is = reader->charset.charset == CHARSET_UTF8 ? utf8_valid_prefix(line, size) == size
                                                            : is_utf8(line, size);
    if (!as_it_is && !convert(reader, &line, &size, replaced))
        return error_no_memory();
    const char *several = reader->answers == 0 ? many_line_json(line, size) : NULL;
    if (several) {
        reader->ended = true;
        return input_skip(reader->path, "%s", several);
    }
    if (json_flat_read(line, size, &reader->unescaped, document))
        return XUNZI_OK;
    xunzi_status status = parse(reader, line, size);
    if (status != XUNZI_OK)
        return status;
    const char *problem;
    size_t at;
    switch (json_members_gather(line, size, &reader->extra, &problem, &at)) {
    case JSON_MEMBERS_WRONG:
        return skip_at(reader, line, size, at, problem);
    case JSON_MEMBERS_NO_MEMORY:
        return error_no_memory();
    case JSON_MEMBERS_OK:
        break;
    }
    *document = (xunzi_document){.extra = {reader->extra.data, reader->extra.size}};
    return take_members(reader, document);
}

/* What is said when the lines are at their end. */
static xunzi_status finish(struct jsonl_reader *reader) {
    reader->ended = true;
    const char *problem = reader->stream->problem;
    if (problem[0] && reader->lines.line <= 1)
        return input_skip(reader->path, "%s, within line 1", problem);
    if (problem[0])
        return input_skip_rest(reader->path, "%s, after line %" PRIu64, problem,
                               reader->lines.line - 1);
    if (reader->answers == 0)
        return input_skip(reader->path, "is empty");
    return XUNZI_END;
}

/* Tells the charset by the whole lines of the file's beginning. What is not GB18030 or Big5 for the
 * most part is UTF-8, perhaps with damage. False: no memory. */
static bool tell_charset(struct jsonl_reader *reader, const char *sample, size_t size) {
    struct charset_evidence *charset = &reader->charset;
    size = size < CHARSET_SAMPLE ? size : CHARSET_SAMPLE;
    const char *last_line = size > 0 ? memrchr(sample, '\n', size) : NULL;
    if (last_line)
        size = (size_t)(last_line - sample);
    if (utf8_valid_prefix(sample, size) == size)
        return true;
    if (!charset_detect(sample, size, NULL, charset))
        return false;
    if (charset->charset != CHARSET_GB18030 && charset->charset != CHARSET_BIG5)
        *charset = (struct charset_evidence){0};
    return true;
}

/* Looks at the first bytes of the file. */
static xunzi_status begin(struct jsonl_reader *reader) {
    reader->begun = true;
    const char *sample;
    size_t size;
    if (!line_reader_peek(&reader->lines, INPUT_KIND_SAMPLE, &sample, &size))
        return error_no_memory();
    const char *problem = input_kind_problem(sample, size, size < INPUT_KIND_SAMPLE);
    if (problem) {
        reader->ended = true;
        return input_skip(reader->path, "%s", problem);
    }
    reader->lines.begin += input_kind_mark_size(sample, size);
    return tell_charset(reader, sample, size) ? XUNZI_OK : error_no_memory();
}

xunzi_status jsonl_reader_next(struct jsonl_reader *reader, xunzi_document *document,
                               uint64_t *line_number, uint64_t *replaced) {
    free_parsed(reader);
    *replaced = 0;
    xunzi_status status = reader->begun ? XUNZI_OK : begin(reader);
    if (status != XUNZI_OK || reader->ended)
        return status == XUNZI_OK ? XUNZI_END : status;
    if (reader->long_line)
        give_back(reader);
    const char *line;
    size_t size;
    do {
        switch (line_reader_next(&reader->lines, &line, &size)) {
        case LINE_NO_MEMORY:
            return error_no_memory();
        case LINE_END:
            return finish(reader);
        case LINE_TOO_LONG:
            reader->answers++;
            return input_skip_line(reader->path, reader->lines.line,
                                   "is over the limit of %u MiB for a document",
                                   XUNZI_MAX_DOCUMENT_BYTES >> 20);
        case LINE_GIVEN:
            break;
        }
    } while (is_blank(line, size));
    *line_number = reader->lines.line;
    reader->long_line = size > KEPT_LINE;
    status = read_line(reader, line, size, document, replaced);
    reader->answers++;
    return status;
}
