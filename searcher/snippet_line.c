/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/snippet_line.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "searcher/passage_steps.h"

static const char ellipsis[] = "\xE2\x80\xA6";

bool snippet_line_ellipsis(struct snippet_line *line) {
    size_t size = sizeof ellipsis - 1;
    if (line->text.size >= size &&
        memcmp(line->text.data + line->text.size - size, ellipsis, size) == 0)
        return true;
    return buffer_append(&line->text, ellipsis, size);
}

/* Appends text[begin, end). */
static bool append_text(struct snippet_line *line, const struct stretch *stretch, size_t begin,
                        size_t end) {
    bool ok = true;
    for (size_t at = begin; ok && at < end;) {
        size_t behind = at;
        if (!passage_is_space(utf8_next(stretch->text.data, end, &behind))) {
            ok = buffer_append(&line->text, stretch->text.data + at, behind - at);
            at = behind;
            continue;
        }
        size_t wrap = passage_wrap_end(stretch, at);
        bool gap = wrap > at || line->text.size == 0 || line->text.data[line->text.size - 1] == ' ';
        ok = gap || buffer_append_byte(&line->text, ' ');
        at = wrap > at ? wrap : behind;
    }
    return ok;
}

/* Appends text[begin, end) as a match. */
static bool append_match(struct snippet_line *line, const struct stretch *stretch, size_t begin,
                         size_t end) {
    uint32_t first = (uint32_t)line->text.size;
    if (!append_text(line, stretch, begin, end) ||
        !array_reserve(&line->ranges, &line->range_capacity, line->range_count + 1,
                       sizeof *line->ranges))
        return false;
    xunzi_range *last = line->range_count > 0 ? &line->ranges[line->range_count - 1] : NULL;
    if (last && last->end == first)
        last->end = (uint32_t)line->text.size;
    else
        line->ranges[line->range_count++] = (xunzi_range){first, (uint32_t)line->text.size};
    return true;
}

bool snippet_line_append(struct snippet_line *line, const struct stretch *stretch, size_t begin,
                         size_t end, const struct match *matches, size_t match_count) {
    size_t at = begin;
    for (size_t i = 0; i < match_count && matches[i].begin < end; i++) {
        size_t from = matches[i].begin, to = matches[i].end;
        bool larger = to - from > end - begin; /* it is cut at one of the ends, or at both */
        if (to <= at || (!larger && (from < begin || to > end)))
            continue;
        from = from > at ? from : at;
        to = to < end ? to : end;
        if (!append_text(line, stretch, at, from) || !append_match(line, stretch, from, to))
            return false;
        at = to;
    }
    return append_text(line, stretch, at, end);
}

void snippet_line_free(struct snippet_line *line) {
    buffer_free(&line->text);
    free(line->ranges);
}
