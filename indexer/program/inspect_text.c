/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A document as it is read, for people. */
#include <inttypes.h>
#include <stdio.h>

#include "base/printable.h"
#include "base/utf8.h"
#include "indexer/program/figures.h"
#include "indexer/program/inspect.h"
#include "indexer/program/inspect_stretches.h"
#include "program/terminal.h"

enum {
    SHOWN_MOST = 60 /* characters of a stretch that is set aside */,
    CONTEXT = 6 /* about one that is mended */
};

/* Appends text printable and on one line, no more than `most` characters of it. */
static bool append_cut(struct buffer *out, xunzi_string text, size_t most) {
    size_t end = 0;
    for (size_t i = 0; i < most && end < text.size; i++)
        utf8_next(text.data, text.size, &end);
    return printable_append(out, text.data, end, true) &&
           (end == text.size || buffer_append_text(out, " …"));
}

static bool append_style(struct buffer *out, bool color, enum terminal_style style) {
    return buffer_append_text(out, terminal_style(color, style));
}

static bool append_label(struct buffer *out, bool color, const char *label) {
    return append_style(out, color, TERMINAL_DIM) && buffer_printf(out, "  %-12s", label) &&
           append_style(out, color, TERMINAL_RESET);
}

static bool append_fields(struct buffer *out, const xunzi_inspection *inspection, bool color) {
    bool ok = true;
    for (size_t i = 0; ok && i < inspection->field_count; i++) {
        const xunzi_inspected_field *field = &inspection->fields[i];
        ok = append_label(out, color, field->name) && append_cut(out, field->value, SIZE_MAX) &&
             append_style(out, color, TERMINAL_DIM) &&
             (field->line > 0 ? buffer_printf(out, "  (line %" PRIu64 ")", field->line)
                              : buffer_printf(out, "  (%s)", field->origin)) &&
             append_style(out, color, TERMINAL_RESET) && buffer_append_byte(out, '\n');
    }
    return ok;
}

/* How many annotations there are, and some of them. */
static bool append_annotations(struct buffer *out, const xunzi_inspection *inspection, bool color) {
    size_t count, breaks, at = 0;
    inspect_count_skipped(inspection, &count, &breaks);
    char figures[FIGURES_SIZE * 2];
    bool ok = count == 0 ||
              (append_label(out, color, "annotations") &&
               buffer_printf(out, "%s left out: ", figures_counted(count, "reading", figures)));
    for (size_t i = 0; ok && i < count && i < INSPECT_EXAMPLES; i++) {
        const xunzi_inspected_stretch *stretch = inspect_next_reading(inspection, &at);
        xunzi_string before = inspect_before(inspection, stretch, 1);
        ok = (i == 0 || buffer_append_text(out, ", ")) &&
             printable_append(out, before.data, before.size + stretch->text.size, true);
    }
    if (ok && count > 0)
        ok = buffer_append_text(out, count > INSPECT_EXAMPLES ? " …\n" : "\n");
    if (ok && breaks > 0)
        ok = append_label(out, color, "line breaks") &&
             buffer_printf(out, "%s inside sentences passed over\n",
                           figures_counted(breaks, "break", figures));
    return ok;
}

static bool append_where(struct buffer *out, const xunzi_inspected_stretch *stretch, bool color) {
    char where[64];
    if (stretch->member[0] == 'b')
        snprintf(where, sizeof where, "line %" PRIu64, stretch->line);
    else
        snprintf(where, sizeof where, "%s", stretch->member);
    return append_style(out, color, TERMINAL_DIM) && buffer_printf(out, "    %-10s ", where) &&
           append_style(out, color, TERMINAL_RESET);
}

/* What a stretch may as well have been, behind a semicolon. */
static bool append_others(struct buffer *out, xunzi_string others) {
    bool ok = true;
    for (size_t at = 0; ok && at < others.size;) {
        const xunzi_string other = xunzi_string_of(others.data + at);
        ok =
            buffer_append_text(out, at == 0 ? "; or " : ", ") && append_cut(out, other, SHOWN_MOST);
        at += other.size + 1;
    }
    return ok;
}

static bool append_mended(struct buffer *out, const xunzi_inspection *inspection,
                          const xunzi_inspected_stretch *stretch, bool color) {
    xunzi_string before = inspect_before(inspection, stretch, CONTEXT);
    xunzi_string behind = inspect_behind(inspection, stretch, CONTEXT);
    return append_where(out, stretch, color) &&
           printable_append(out, before.data, before.size, true) &&
           append_style(out, color, TERMINAL_RED) && buffer_append_byte(out, '[') &&
           append_cut(out, stretch->text, SHOWN_MOST) && buffer_append_byte(out, ']') &&
           append_style(out, color, TERMINAL_RESET) &&
           printable_append(out, behind.data, behind.size, true) &&
           buffer_append_text(out, "  ->  ") && append_style(out, color, TERMINAL_GREEN) &&
           append_cut(out, stretch->replacement, SHOWN_MOST) &&
           append_style(out, color, TERMINAL_RESET) &&
           buffer_printf(out, "  (%s", stretch->reason) && append_others(out, stretch->others) &&
           buffer_append_text(out, ")\n");
}

static bool append_aside(struct buffer *out, const xunzi_inspected_stretch *stretch, bool color) {
    return append_where(out, stretch, color) && append_cut(out, stretch->text, SHOWN_MOST) &&
           append_style(out, color, TERMINAL_DIM) &&
           buffer_printf(out, "  (%s)", stretch->reason) &&
           append_style(out, color, TERMINAL_RESET) && buffer_append_byte(out, '\n');
}

/* Appends the stretches of a kind below a heading; nothing where there are none. */
static bool append_stretches(struct buffer *out, const xunzi_inspection *inspection,
                             xunzi_inspected_kind kind, const char *heading, bool color) {
    size_t count = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < inspection->stretch_count; i++) {
        const xunzi_inspected_stretch *stretch = &inspection->stretches[i];
        if (stretch->kind != kind)
            continue;
        if (count++ == 0)
            ok = append_label(out, color, heading) && buffer_append_byte(out, '\n');
        ok = ok && (kind == XUNZI_INSPECTED_MENDED ? append_mended(out, inspection, stretch, color)
                                                   : append_aside(out, stretch, color));
    }
    return ok;
}

bool inspect_append_text(struct buffer *out, const xunzi_inspection *inspection, bool color) {
    return append_style(out, color, TERMINAL_BOLD) &&
           append_cut(out, inspection->document.id, SIZE_MAX) &&
           append_style(out, color, TERMINAL_RESET) && buffer_append_byte(out, '\n') &&
           append_label(out, color, "format") && buffer_printf(out, "%s\n", inspection->format) &&
           append_label(out, color, "charset") && append_cut(out, inspection->charset, SIZE_MAX) &&
           buffer_append_byte(out, '\n') && append_fields(out, inspection, color) &&
           append_annotations(out, inspection, color) &&
           append_stretches(out, inspection, XUNZI_INSPECTED_MENDED, "mended", color) &&
           append_stretches(out, inspection, XUNZI_INSPECTED_ASIDE, "set aside", color);
}
