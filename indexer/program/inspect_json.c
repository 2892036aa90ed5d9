/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A document as it is read, as one JSON object on one line. */
#include <inttypes.h>
#include <string.h>

#include "indexer/program/inspect.h"
#include "indexer/program/inspect_stretches.h"
#include "program/json_text.h"

static bool append_string(struct buffer *out, const char *name, xunzi_string value) {
    return buffer_printf(out, "\"%s\":", name) &&
           json_text_append_string(out, value.data, value.size);
}

static bool append_fields(struct buffer *out, const xunzi_inspection *inspection) {
    bool ok = buffer_append_text(out, ",\"fields\":[");
    for (size_t i = 0; ok && i < inspection->field_count; i++) {
        const xunzi_inspected_field *field = &inspection->fields[i];
        ok = buffer_append_text(out, i > 0 ? ",{" : "{") &&
             append_string(out, "name", xunzi_string_of(field->name)) &&
             buffer_append_byte(out, ',') && append_string(out, "value", field->value) &&
             buffer_append_byte(out, ',') &&
             append_string(out, "origin", xunzi_string_of(field->origin)) &&
             (field->line == 0 || buffer_printf(out, ",\"line\":%" PRIu64, field->line)) &&
             buffer_append_byte(out, '}');
    }
    return ok && buffer_append_byte(out, ']');
}

/* What all kinds of stretches tell, the object still open. */
static bool append_place(struct buffer *out, const xunzi_inspected_stretch *stretch, bool first) {
    return buffer_append_text(out, first ? "{" : ",{") &&
           append_string(out, "member", xunzi_string_of(stretch->member)) &&
           buffer_printf(out, ",\"line\":%" PRIu64 ",\"begin\":%" PRIu32 ",\"end\":%" PRIu32 ",",
                         stretch->line, stretch->range.begin, stretch->range.end) &&
           append_string(out, "reason", xunzi_string_of(stretch->reason)) &&
           buffer_append_byte(out, ',');
}

static bool append_annotations(struct buffer *out, const xunzi_inspection *inspection) {
    size_t count, breaks, at = 0;
    inspect_count_skipped(inspection, &count, &breaks);
    bool ok = buffer_append_text(out, ",\"annotations\":{\"examples\":[");
    for (size_t i = 0; ok && i < count && i < INSPECT_EXAMPLES; i++) {
        const xunzi_inspected_stretch *stretch = inspect_next_reading(inspection, &at);
        xunzi_string before = inspect_before(inspection, stretch, 1);
        ok = (i == 0 || buffer_append_byte(out, ',')) &&
             json_text_append_string(out, before.data, before.size + stretch->text.size);
    }
    return ok && buffer_printf(out, "],\"count\":%zu},\"line_breaks\":%zu", count, breaks);
}

static bool append_others(struct buffer *out, xunzi_string others) {
    bool ok = buffer_append_text(out, ",\"others\":[");
    for (size_t at = 0; ok && at < others.size;) {
        const xunzi_string other = xunzi_string_of(others.data + at);
        ok = (at == 0 || buffer_append_byte(out, ',')) &&
             json_text_append_string(out, other.data, other.size);
        at += other.size + 1;
    }
    return ok && buffer_append_byte(out, ']');
}

static bool append_stretches(struct buffer *out, const xunzi_inspection *inspection,
                             xunzi_inspected_kind kind) {
    bool ok = true, first = true;
    for (size_t i = 0; ok && i < inspection->stretch_count; i++) {
        const xunzi_inspected_stretch *stretch = &inspection->stretches[i];
        if (stretch->kind != kind)
            continue;
        ok =
            append_place(out, stretch, first) &&
            append_string(out, kind == XUNZI_INSPECTED_MENDED ? "before" : "text", stretch->text) &&
            (kind != XUNZI_INSPECTED_MENDED ||
             (buffer_append_byte(out, ',') && append_string(out, "after", stretch->replacement) &&
              append_others(out, stretch->others))) &&
            buffer_append_byte(out, '}');
        first = false;
    }
    return ok;
}

bool inspect_append_json(struct buffer *out, const xunzi_inspection *inspection) {
    const char *colon = memchr(inspection->charset.data, ':', inspection->charset.size);
    size_t name = colon ? (size_t)(colon - inspection->charset.data) : inspection->charset.size;
    size_t reason = name + 2 <= inspection->charset.size ? name + 2 : inspection->charset.size;
    return buffer_append_byte(out, '{') && append_string(out, "id", inspection->document.id) &&
           buffer_append_byte(out, ',') &&
           append_string(out, "format", xunzi_string_of(inspection->format)) &&
           buffer_append_byte(out, ',') &&
           append_string(out, "charset", (xunzi_string){inspection->charset.data, name}) &&
           buffer_append_byte(out, ',') &&
           append_string(out, "charset_reason",
                         (xunzi_string){inspection->charset.data + reason,
                                        inspection->charset.size - reason}) &&
           append_fields(out, inspection) && append_annotations(out, inspection) &&
           buffer_append_text(out, ",\"mended\":[") &&
           append_stretches(out, inspection, XUNZI_INSPECTED_MENDED) &&
           buffer_append_text(out, "],\"aside\":[") &&
           append_stretches(out, inspection, XUNZI_INSPECTED_ASIDE) &&
           buffer_append_text(out, "]}\n");
}
