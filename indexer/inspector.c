/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The public inspector: documents as the inputs give them, with the edits that the writer would
 * make of them. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "indexer/input.h"
#include "text/document_edits.h"

enum { FIELDS_MOST = 7 };

struct xunzi_inspector {
    xunzi_input *input;
    struct edit_finder *finder;
    struct document_edits edits;
    struct buffer charset;
    struct arena arena; /* replacements that were joined */
    xunzi_inspected_field fields[FIELDS_MOST];
    xunzi_inspected_stretch *stretches;
    size_t stretch_capacity;
    xunzi_inspection inspection;
};

xunzi_status xunzi_inspector_open(const char *const *paths, size_t count, xunzi_format format,
                                  xunzi_inspector **out) {
    *out = NULL;
    xunzi_inspector *inspector = calloc(1, sizeof *inspector);
    if (!inspector)
        return error_no_memory();
    xunzi_status status = xunzi_input_open(paths, count, format, &inspector->input);
    if (status == XUNZI_OK)
        status = edit_finder_new(&inspector->finder);
    if (status != XUNZI_OK) {
        xunzi_inspector_close(inspector);
        return status;
    }
    *out = inspector;
    return XUNZI_OK;
}

void xunzi_inspector_close(xunzi_inspector *inspector) {
    if (!inspector)
        return;
    xunzi_input_close(inspector->input);
    edit_finder_free(inspector->finder);
    document_edits_free(&inspector->edits);
    buffer_free(&inspector->charset);
    arena_free(&inspector->arena);
    free(inspector->stretches);
    free(inspector);
}

xunzi_input_progress xunzi_inspector_get_progress(const xunzi_inspector *inspector) {
    return xunzi_input_get_progress(inspector->input);
}

/* Adds a field. line: where the page's reader found it; 0: it did not. */
static void add_field(xunzi_inspection *inspection, xunzi_inspected_field *fields, const char *name,
                      xunzi_string value, const char *declared, uint64_t line) {
    if (value.size == 0)
        return;
    fields[inspection->field_count++] = (xunzi_inspected_field){name, value,
                                                                line > 0   ? "line"
                                                                : declared ? declared
                                                                           : "JSON member",
                                                                line};
}

/* A further member of the document that is a string; empty: there is none. False: no memory. */
static bool find_member(xunzi_inspector *inspector, struct json_object *extra, const char *name,
                        xunzi_string *value) {
    struct json_object *member;
    *value = (xunzi_string){0};
    if (!json_object_object_get_ex(extra, name, &member) ||
        !json_object_is_type(member, json_type_string))
        return true;
    value->size = (size_t)json_object_get_string_len(member);
    value->data = arena_copy(&inspector->arena, json_object_get_string(member), value->size);
    return value->data != NULL;
}

static bool list_fields(xunzi_inspector *inspector, const struct whole_file *whole) {
    xunzi_inspection *inspection = &inspector->inspection;
    const xunzi_document *document = &inspection->document;
    xunzi_inspected_field *fields = inspector->fields;
    const struct page none = {0}, *page = whole ? &whole->fields.page : &none;
    const struct html_origins nothing = {0}, *origins = whole ? &whole->origins : &nothing;
    struct json_tokener *tokener = json_tokener_new();
    struct json_object *extra =
        tokener && document->extra.size > 0
            ? json_tokener_parse_ex(tokener, document->extra.data, (int)document->extra.size)
            : NULL;
    xunzi_string author, description, keywords;
    bool ok = tokener && find_member(inspector, extra, "author", &author) &&
              find_member(inspector, extra, "description", &description) &&
              find_member(inspector, extra, "keywords", &keywords);
    json_object_put(extra);
    if (tokener)
        json_tokener_free(tokener);
    if (!ok)
        return false;
    inspection->fields = fields;
    add_field(inspection, fields, "title", document->title, origins->title, page->title.line);
    add_field(inspection, fields, "date", document->date, origins->date, page->date.line);
    add_field(inspection, fields, "source", document->source, origins->source, page->source.line);
    add_field(inspection, fields, "author", author, origins->author, page->author.line);
    add_field(inspection, fields, "url", document->url, origins->url, 0);
    add_field(inspection, fields, "description", description, origins->description, 0);
    add_field(inspection, fields, "keywords", keywords, origins->keywords, 0);
    return true;
}

static uint64_t count_breaks(const char *text, size_t from, size_t to) {
    uint64_t count = 0;
    for (size_t i = from; i < to; i++)
        count += text[i] == '\n' || (text[i] == '\r' && (i + 1 == to || text[i + 1] != '\n'));
    return count;
}

/* The last of the mended stretches that go on from edit i without a gap, as those of text encoded
 * twice do character by character. */
static size_t last_of_run(const struct edits *edits, size_t i) {
    while (i + 1 < edits->count && edits->items[i].kind == EDIT_MEND &&
           edits->items[i + 1].kind == EDIT_MEND &&
           edits->items[i + 1].begin == edits->items[i].end &&
           edits->items[i + 1].reason == edits->items[i].reason)
        i++;
    return i;
}

/* The replacements of edits [first, last], one behind the other; data NULL: no memory. */
static xunzi_string join_replacements(xunzi_inspector *inspector, const struct edits *edits,
                                      size_t first, size_t last) {
    size_t size = 0, at = 0;
    if (first == last)
        return edits->items[first].replacement;
    for (size_t i = first; i <= last; i++)
        size += edits->items[i].replacement.size;
    char *joined = arena_alloc(&inspector->arena, size + 1);
    for (size_t i = first; joined && i <= last; i++) {
        memcpy(joined + at, edits->items[i].replacement.data, edits->items[i].replacement.size);
        at += edits->items[i].replacement.size;
    }
    return (xunzi_string){joined, size};
}

/* Appends the stretches of a member whose first line is line `line`. */
static bool append_stretches(xunzi_inspector *inspector, const char *member, xunzi_string text,
                             const struct edits *edits, uint64_t line) {
    xunzi_inspection *inspection = &inspector->inspection;
    if (!array_reserve(&inspector->stretches, &inspector->stretch_capacity,
                       inspection->stretch_count + edits->count, sizeof *inspector->stretches))
        return false;
    size_t seen = 0;
    for (size_t i = 0, last; i < edits->count; i = last + 1) {
        const struct edit *edit = &edits->items[i];
        last = last_of_run(edits, i);
        const bool first_is_last = last == i;
        const xunzi_string replacement = join_replacements(inspector, edits, i, last);
        if (!replacement.data && edit->kind == EDIT_MEND)
            return false;
        line += count_breaks(text.data, seen, edit->begin);
        seen = edit->begin;
        const uint32_t end = edits->items[last].end;
        inspector->stretches[inspection->stretch_count++] = (xunzi_inspected_stretch){
            .kind = edit->kind == EDIT_ASIDE  ? XUNZI_INSPECTED_ASIDE
                    : edit->kind == EDIT_SKIP ? XUNZI_INSPECTED_SKIPPED
                                              : XUNZI_INSPECTED_MENDED,
            .reason = edit_reason_name((enum edit_reason)edit->reason),
            .member = member,
            .line = line,
            .range = {edit->begin, end},
            .text = {text.data + edit->begin, end - edit->begin},
            .replacement = replacement,
            .others = first_is_last ? edit->others : (xunzi_string){"", 0},
        };
    }
    return true;
}

/* The line of the file on which a member begins; 1 where it is no part of the file's text. */
static uint64_t first_line(const struct whole_file *whole, xunzi_string member) {
    if (!whole || whole->format == XUNZI_FORMAT_HTML || member.data < whole->text.data ||
        member.data > whole->text.data + whole->text.size)
        return 1;
    return 1 + count_breaks(whole->text.data, 0, (size_t)(member.data - whole->text.data));
}

static xunzi_status list_stretches(xunzi_inspector *inspector, const struct whole_file *whole) {
    const xunzi_document *document = &inspector->inspection.document;
    const struct document_edits *edits = &inspector->edits;
    bool ok = append_stretches(inspector, "title", document->title, &edits->title,
                               first_line(whole, document->title)) &&
              append_stretches(inspector, "body", document->body, &edits->body,
                               first_line(whole, document->body)) &&
              append_stretches(inspector, "source", document->source, &edits->source,
                               first_line(whole, document->source));
    inspector->inspection.stretches = inspector->stretches;
    return ok ? XUNZI_OK : error_no_memory();
}

static xunzi_status describe_charset(xunzi_inspector *inspector, const struct whole_file *whole) {
    buffer_clear(&inspector->charset);
    const struct charset_evidence *lines = input_lines_charset(inspector->input);
    bool ok = whole || lines
                  ? charset_describe(whole ? &whole->charset : lines, &inspector->charset)
                  : buffer_append_text(&inspector->charset, "UTF-8: JSON Lines");
    if (!ok)
        return error_no_memory();
    inspector->inspection.charset =
        (xunzi_string){inspector->charset.data, inspector->charset.size};
    return XUNZI_OK;
}

xunzi_status xunzi_inspector_next(xunzi_inspector *inspector, const xunzi_inspection **out) {
    xunzi_inspection *inspection = &inspector->inspection;
    *out = NULL;
    *inspection = (xunzi_inspection){0};
    arena_free(&inspector->arena);
    xunzi_status status = xunzi_input_next(inspector->input, &inspection->document);
    if (status != XUNZI_OK)
        return status;
    const struct whole_file *whole = input_whole_file(inspector->input);
    inspection->format = !whole ? "jsonl" : whole->format == XUNZI_FORMAT_HTML ? "html" : "text";
    status = describe_charset(inspector, whole);
    if (status == XUNZI_OK)
        status =
            edit_finder_read(inspector->finder, &inspection->document, false, &inspector->edits);
    if (status != XUNZI_OK)
        return status;
    edit_finder_remember(inspector->finder);
    status = list_fields(inspector, whole) ? list_stretches(inspector, whole) : error_no_memory();
    if (status == XUNZI_OK)
        *out = inspection;
    return status;
}
