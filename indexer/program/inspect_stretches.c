/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/program/inspect_stretches.h"

#include <string.h>

xunzi_string inspect_member(const xunzi_inspection *inspection,
                            const xunzi_inspected_stretch *stretch) {
    const xunzi_document *document = &inspection->document;
    return stretch->member[0] == 't'   ? document->title
           : stretch->member[0] == 's' ? document->source
                                       : document->body;
}

static bool is_inside(const char *text, size_t at) {
    return ((unsigned char)text[at] & 0xC0) == 0x80;
}

xunzi_string inspect_before(const xunzi_inspection *inspection,
                            const xunzi_inspected_stretch *stretch, size_t characters) {
    xunzi_string member = inspect_member(inspection, stretch);
    size_t begin = stretch->range.begin;
    for (size_t i = 0; i < characters && begin > 0 && member.data[begin - 1] != '\n'; i++)
        do
            begin--;
        while (begin > 0 && is_inside(member.data, begin));
    return (xunzi_string){member.data + begin, stretch->range.begin - begin};
}

xunzi_string inspect_behind(const xunzi_inspection *inspection,
                            const xunzi_inspected_stretch *stretch, size_t characters) {
    xunzi_string member = inspect_member(inspection, stretch);
    size_t end = stretch->range.end;
    for (size_t i = 0; i < characters && end < member.size && member.data[end] != '\n'; i++)
        do
            end++;
        while (end < member.size && is_inside(member.data, end));
    return (xunzi_string){member.data + stretch->range.end, end - stretch->range.end};
}

static bool is_break(const xunzi_inspected_stretch *stretch) {
    return memchr(stretch->text.data, '\n', stretch->text.size);
}

void inspect_count_skipped(const xunzi_inspection *inspection, size_t *readings, size_t *breaks) {
    *readings = *breaks = 0;
    for (size_t i = 0; i < inspection->stretch_count; i++)
        if (inspection->stretches[i].kind == XUNZI_INSPECTED_SKIPPED)
            ++*(is_break(&inspection->stretches[i]) ? breaks : readings);
}

const xunzi_inspected_stretch *inspect_next_reading(const xunzi_inspection *inspection,
                                                    size_t *at) {
    while (*at < inspection->stretch_count) {
        const xunzi_inspected_stretch *stretch = &inspection->stretches[(*at)++];
        if (stretch->kind == XUNZI_INSPECTED_SKIPPED && !is_break(stretch))
            return stretch;
    }
    return NULL;
}
