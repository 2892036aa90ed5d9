/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xunzi-indexer export: JSON Lines that `add` reads back to the same documents. */
#include <json-c/json.h>
#include <stdint.h>
#include <stdio.h>

#include <xunzi/xunzi.h>

#include "base/buffer.h"
#include "base/error.h"
#include "indexer/program/commands.h"
#include "indexer/program/options.h"
#include "program/fail.h"
#include "program/json_text.h"

enum { OUTPUT_SIZE = 256 * 1024 };

/* How many members extra, which is whatever the collection's maker gave the library, has as a JSON
 * object; -1: it is none. */
static int count_members(xunzi_string extra) {
    if (extra.size < 2 || extra.size > INT32_MAX || extra.data[0] != '{' ||
        extra.data[extra.size - 1] != '}')
        return -1;
    struct json_tokener *tokener = json_tokener_new();
    if (!tokener)
        return -1;
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
    struct json_object *object = json_tokener_parse_ex(tokener, extra.data, (int)extra.size);
    int members =
        json_object_is_type(object, json_type_object) ? json_object_object_length(object) : -1;
    json_object_put(object);
    json_tokener_free(tokener);
    return members;
}

static bool append_member(struct buffer *line, const char *name, xunzi_string value) {
    return buffer_append_byte(line, line->size ? ',' : '{') && buffer_append_text(line, name) &&
           json_text_append_string(line, value.data, value.size);
}

static bool append_optional(struct buffer *line, const char *name, xunzi_string value) {
    return value.size == 0 || append_member(line, name, value);
}

/* Appends a document as one line. Absent members are left out, but for the body, which `add` wants
 * to see. */
static bool append_document(struct buffer *line, const xunzi_document *document) {
    bool ok = append_member(line, "\"id\":", document->id) &&
              append_optional(line, "\"title\":", document->title) &&
              append_member(line, "\"body\":", document->body) &&
              append_optional(line, "\"date\":", document->date) &&
              append_optional(line, "\"source\":", document->source) &&
              append_optional(line, "\"url\":", document->url);
    xunzi_string extra = document->extra;
    int members = extra.size > 0 ? count_members(extra) : 0;
    if (members < 0)
        program_message("the further members of document '%.*s' are not a JSON object; left out",
                        (int)document->id.size, document->id.data);
    else if (members > 0)
        ok = ok && buffer_append_byte(line, ',') &&
             json_text_append_json(line, extra.data + 1, extra.size - 2);
    return ok && buffer_append_text(line, "}\n");
}

static int print_documents(xunzi_cursor *cursor) {
    struct buffer line = {0};
    xunzi_document document;
    xunzi_status status;
    bool failed = false;
    while (!failed && (status = xunzi_cursor_next(cursor, &document)) == XUNZI_OK) {
        buffer_clear(&line);
        if (!append_document(&line, &document)) {
            status = error_no_memory();
            break;
        }
        fwrite(line.data, 1, line.size, stdout);
        failed = program_output_failed();
    }
    buffer_free(&line);
    return status == XUNZI_OK || status == XUNZI_END ? PROGRAM_EXIT_OK : program_fail_library();
}

int command_export(int count, char **arguments) {
    struct options options;
    int exit_status;
    if (!options_read(count, arguments, 0, NULL, &options, &exit_status))
        return exit_status;
    static char output[OUTPUT_SIZE];
    setvbuf(stdout, output, _IOFBF, sizeof output);
    xunzi_index *index;
    if (xunzi_index_open(options.index, &index) != XUNZI_OK)
        return program_fail_library();
    xunzi_cursor *cursor;
    if (xunzi_cursor_open(index, &cursor) == XUNZI_OK) {
        exit_status = print_documents(cursor);
        xunzi_cursor_close(cursor);
    } else {
        exit_status = program_fail_library();
    }
    xunzi_index_close(index);
    return exit_status;
}
