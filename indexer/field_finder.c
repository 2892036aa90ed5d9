/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/field_finder.h"

#include <json-c/json.h>

#include "base/error.h"

void field_finder_free(struct field_finder *finder) {
    page_reader_free(finder->reader);
    page_free(&finder->page);
    buffer_free(&finder->extra);
    *finder = (struct field_finder){0};
}

static xunzi_string stretch(xunzi_string text, struct page_field field) {
    return (xunzi_string){text.data + field.begin, field.end - field.begin};
}

/* Takes the title that the page shows, unless it is the one that the document has from its first
 * line. */
static void take_title(struct page *page, xunzi_string text, xunzi_document *document) {
    size_t first = 0; /* where the text begins that is not white space, as text_split sees it */
    if (document->title.size > 0)
        first = (size_t)(document->title.data - text.data);
    if (page->title.begin == page->title.end ||
        (document->title.size > 0 && page->title.begin == first))
        return;
    if (document->title.size == 0 && page->title.line == 1) {
        page->title = (struct page_field){0}; /* the only line, or too long for a title */
        return;
    }
    document->title = stretch(text, page->title);
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

xunzi_status field_finder_fill(struct field_finder *finder, xunzi_string text, bool plain_text,
                               xunzi_document *document) {
    xunzi_status status = finder->reader ? XUNZI_OK : page_reader_new(&finder->reader);
    xunzi_string page_text = plain_text ? text : document->body;
    struct page *page = &finder->page;
    if (status == XUNZI_OK)
        status = page_read(finder->reader, plain_text ? (xunzi_string){0} : document->title,
                           page_text.data, page_text.size, page);
    if (status != XUNZI_OK)
        return status;
    if (plain_text || document->title.size == 0)
        take_title(page, page_text, document);
    if (document->date.size > 0)
        page->date = (struct page_field){0};
    else if (page->date.begin < page->date.end)
        document->date = stretch(page_text, page->date);
    if (document->source.size > 0)
        page->source = (struct page_field){0};
    else if (page->source.begin < page->source.end)
        document->source = stretch(page_text, page->source);
    if (page->author.begin < page->author.end)
        return add_author(finder, stretch(page_text, page->author), document);
    return XUNZI_OK;
}
