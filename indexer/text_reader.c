/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Title and body of a text. */
#include "indexer/text_reader.h"

#include <string.h>

#include "base/utf8.h"

enum {
    TITLE_CHARACTERS = 200 /* a longer first line is the beginning of a text, not its title */
};

/* The size of the white space that text begins with: 1, 3 for the ideographic space, or 0. */
static size_t space_size(const char *text, size_t size) {
    if (size >= 1 && strchr(" \t\n\v\f\r", *text) && *text)
        return 1;
    return size >= 3 && memcmp(text, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

static size_t skip_space(const char *text, size_t size, size_t at) {
    for (size_t step; (step = space_size(text + at, size - at)) > 0;)
        at += step;
    return at;
}

static size_t trim_end(const char *text, size_t begin, size_t end) {
    for (;;) {
        if (end > begin && space_size(text + end - 1, 1))
            end--;
        else if (end >= begin + 3 && space_size(text + end - 3, 3) == 3)
            end -= 3;
        else
            return end;
    }
}

bool text_split(const char *text, size_t size, xunzi_document *document) {
    size_t begin = skip_space(text, size, 0);
    if (begin == size)
        return false;
    size_t line_end = begin;
    while (line_end < size && text[line_end] != '\n' && text[line_end] != '\r')
        line_end++;
    size_t title_end = trim_end(text, begin, line_end);
    bool more = skip_space(text, size, line_end) < size;
    *document = (xunzi_document){.body = {text, size}};
    if (!more || utf8_count(text + begin, title_end - begin) > TITLE_CHARACTERS)
        return true;
    size_t rest = line_end + (text[line_end] == '\r' && text[line_end + 1] == '\n' ? 2 : 1);
    document->title = (xunzi_string){text + begin, title_end - begin};
    document->body = (xunzi_string){text + rest, size - rest};
    return true;
}
