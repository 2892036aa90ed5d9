/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/field_finder.h"

#include <json-c/json.h>

#include "base/error.h"
#include "text/double_encoding.h"

void field_finder_free(struct field_finder *finder) {
    page_reader_free(finder->reader);
    page_free(&finder->page);
    edits_free(&finder->twice);
    buffer_free(&finder->undone);
    buffer_free(&finder->extra);
    *finder = (struct field_finder){0};
}

static xunzi_string stretch(xunzi_string text, struct page_field field) {
    return (xunzi_string){text.data + field.begin, field.end - field.begin};
}

/* Reads text as it was before it was encoded twice; the same text where it was not. */
static xunzi_status undo(struct field_finder *finder, xunzi_string text) {
    size_t at = 0;
    finder->text = text;
    if (!double_encoding_find(text.data, text.size, &finder->twice))
        return error_no_memory();
    buffer_clear(&finder->undone);
    for (size_t i = 0; i < finder->twice.count; i++) {
        const struct edit *edit = &finder->twice.items[i];
        if (!buffer_append(&finder->undone, text.data + at, edit->begin - at) ||
            !buffer_append(&finder->undone, edit->replacement.data, edit->replacement.size))
            return error_no_memory();
        at = edit->end;
    }
    if (finder->twice.count == 0)
        return XUNZI_OK;
    if (!buffer_append(&finder->undone, text.data + at, text.size - at))
        return error_no_memory();
    finder->text = (xunzi_string){finder->undone.data, finder->undone.size};
    return XUNZI_OK;
}

/* Where byte `at` of the page is in finder->text; inside what was mended: the end of that. */
static size_t place_of(const struct field_finder *finder, size_t at) {
    size_t place = at;
    for (size_t i = 0; i < finder->twice.count && finder->twice.items[i].begin < at; i++) {
        const struct edit *edit = &finder->twice.items[i];
        place += edit->replacement.size;
        place -= (edit->end < at ? edit->end : at) - edit->begin;
    }
    return place;
}

/* Takes the title that the page shows, unless it is the one that the document has from its first
 * line of `text`. */
static void take_title(struct field_finder *finder, xunzi_string text, xunzi_document *document) {
    struct page *page = &finder->page;
    bool has_line = document->title.size > 0, is_shown = page->title.begin < page->title.end;
    if (has_line) {
        /* The line begins where the text does that is not white space. */
        size_t begin = (size_t)(document->title.data - text.data);
        size_t first = place_of(finder, begin),
               end = place_of(finder, begin + document->title.size);
        if (!is_shown || page->title.begin == first) {
            document->title = (xunzi_string){finder->text.data + first, end - first};
            return;
        }
    }
    if (!is_shown)
        return;
    if (!has_line && page->title.line == 1) {
        page->title = (struct page_field){0}; /* the only line, or too long for a title */
        return;
    }
    document->title = stretch(finder->text, page->title);
    document->body = text;
}

/* Adds the author to extra, one JSON object or nothing, where it does not name one. */
static xunzi_status add_author(struct field_finder *finder, xunzi_string author,
                               xunzi_document *document) {
    xunzi_string extra = document->extra;
    static const char member[] = "\"author\":";
    if (extra.size > 1 && memmem(extra.data, extra.size, member, sizeof member - 1)) {
        finder->page.author = (struct page_field){0};
        return XUNZI_OK;
    }
    struct json_object *value = json_object_new_string_len(author.data, (int)author.size);
    const char *json =
        value ? json_object_to_json_string_ext(value, JSON_C_TO_STRING_NOSLASHESCAPE) : NULL;
    buffer_clear(&finder->extra);
    bool ok = json &&
              (extra.size > 2 ? buffer_append(&finder->extra, extra.data, extra.size - 1) &&
                                    buffer_append_byte(&finder->extra, ',')
                              : buffer_append_byte(&finder->extra, '{')) &&
              buffer_append_text(&finder->extra, member) &&
              buffer_append_text(&finder->extra, json) && buffer_append_byte(&finder->extra, '}');
    json_object_put(value);
    if (!ok)
        return error_no_memory();
    document->extra = (xunzi_string){finder->extra.data, finder->extra.size};
    return XUNZI_OK;
}

/* Reads the page's fields; where they name no source, once more as it was before it was encoded
 * twice: such a page has no line that can be read. */
static xunzi_status read_page(struct field_finder *finder, xunzi_string title, xunzi_string text,
                              bool has_source) {
    struct page *page = &finder->page;
    finder->text = text;
    edits_clear(&finder->twice);
    xunzi_status status = page_read(finder->reader, title, text.data, text.size, page);
    if (status != XUNZI_OK || has_source || page->source.begin < page->source.end)
        return status;
    status = undo(finder, text);
    if (status != XUNZI_OK || finder->twice.count == 0)
        return status;
    return page_read(finder->reader, title, finder->text.data, finder->text.size, page);
}

xunzi_status field_finder_fill(struct field_finder *finder, xunzi_string text, bool plain_text,
                               xunzi_document *document) {
    xunzi_status status = finder->reader ? XUNZI_OK : page_reader_new(&finder->reader);
    xunzi_string page_text = plain_text ? text : document->body;
    struct page *page = &finder->page;
    if (status == XUNZI_OK)
        status = read_page(finder, plain_text ? (xunzi_string){0} : document->title, page_text,
                           document->source.size > 0);
    if (status != XUNZI_OK)
        return status;
    if (plain_text || document->title.size == 0)
        take_title(finder, page_text, document);
    if (document->date.size > 0)
        page->date = (struct page_field){0};
    else if (page->date.begin < page->date.end)
        document->date = stretch(finder->text, page->date);
    if (document->source.size > 0)
        page->source = (struct page_field){0};
    else if (page->source.begin < page->source.end)
        document->source = stretch(finder->text, page->source);
    if (page->author.begin < page->author.end)
        return add_author(finder, stretch(finder->text, page->author), document);
    return XUNZI_OK;
}
