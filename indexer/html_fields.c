/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names by which sites declare fields: Open Graph, schema.org, Dublin Core, and the ones of
 * Chinese government sites (GB/T 33562 and its practice: ArticleTitle, PubDate, ContentSource ...).
 */
#include "indexer/html_fields.h"

#include <json-c/json.h>
#include <strings.h>

#include "base/date.h"

enum { HEADING_LIMIT = 600 /* bytes; a longer <h1> is no title */ };

static const struct {
    const char *name;
    enum html_field field;
    int rank;
    const char *origin;
} metas[] = {{"og:title", HTML_TITLE, 1, "og:title"},
             {"articletitle", HTML_TITLE, 2, "meta ArticleTitle"},
             {"article:published_time", HTML_DATE, 1, "article:published_time"},
             {"datepublished", HTML_DATE, 1, "datePublished"},
             {"pubdate", HTML_DATE, 1, "meta PubDate"},
             {"publishdate", HTML_DATE, 1, "meta publishdate"},
             {"publish-date", HTML_DATE, 1, "meta publish-date"},
             {"publish_date", HTML_DATE, 1, "meta publish_date"},
             {"publishtime", HTML_DATE, 1, "meta publishtime"},
             {"og:published_time", HTML_DATE, 2, "og:published_time"},
             {"article:create_at", HTML_DATE, 2, "article:create_at"},
             {"weibo:article:create_at", HTML_DATE, 2, "weibo:article:create_at"},
             {"dcterms.issued", HTML_DATE, 2, "meta dcterms.issued"},
             {"dc.date.issued", HTML_DATE, 2, "meta dc.date.issued"},
             {"dcterms.created", HTML_DATE, 3, "meta dcterms.created"},
             {"dc.date", HTML_DATE, 3, "meta dc.date"},
             {"date", HTML_DATE, 4, "meta date"},
             {"contentsource", HTML_SOURCE, 1, "meta ContentSource"},
             {"source", HTML_SOURCE, 2, "meta source"},
             {"dc.publisher", HTML_SOURCE, 3, "meta dc.publisher"},
             {"publisher", HTML_SOURCE, 3, "meta publisher"},
             {"og:site_name", HTML_SOURCE, 5, "og:site_name"},
             {"sitename", HTML_SOURCE, 6, "meta SiteName"},
             {"og:url", HTML_URL, 2, "og:url"},
             {"url", HTML_URL, 3, "meta Url"},
             {"description", HTML_DESCRIPTION, 1, "meta description"},
             {"og:description", HTML_DESCRIPTION, 2, "og:description"},
             {"keywords", HTML_KEYWORDS, 1, "meta keywords"},
             {"news_keywords", HTML_KEYWORDS, 2, "meta news_keywords"},
             {"author", HTML_AUTHOR, 1, "meta author"},
             {"dc.creator", HTML_AUTHOR, 2, "meta dc.creator"}};

void html_fields_clear(struct html_fields *fields) {
    for (int i = 0; i < HTML_FIELD_COUNT; i++) {
        buffer_clear(&fields->fields[i].value);
        fields->fields[i].origin = NULL;
    }
    for (size_t i = 0; i < HTML_HEADINGS; i++)
        buffer_clear(&fields->headings[i]);
    buffer_clear(&fields->title_element);
    buffer_clear(&fields->extra);
    fields->heading_count = 0;
    fields->no_memory = false;
}

void html_fields_free(struct html_fields *fields) {
    for (int i = 0; i < HTML_FIELD_COUNT; i++)
        buffer_free(&fields->fields[i].value);
    for (size_t i = 0; i < HTML_HEADINGS; i++)
        buffer_free(&fields->headings[i]);
    buffer_free(&fields->title_element);
    buffer_free(&fields->extra);
    *fields = (struct html_fields){0};
}

/* The size of the white space that text begins with. */
static size_t space_size(const char *text, size_t size) {
    if (size >= 1 && *text && strchr(" \t\n\r\f", *text))
        return 1;
    if (size >= 2 && memcmp(text, "\xC2\xA0", 2) == 0)
        return 2;
    return size >= 3 && memcmp(text, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

/* Replaces out by text on one line: white space of any kind is one space, none at the ends. */
static void set_line(struct html_fields *fields, struct buffer *out, const char *text,
                     size_t size) {
    bool space = false;
    buffer_clear(out);
    for (size_t at = 0; at < size && !fields->no_memory;) {
        size_t step = space_size(text + at, size - at);
        if (step > 0) {
            space = true;
            at += step;
            continue;
        }
        fields->no_memory = (space && out->size > 0 && !buffer_append_byte(out, ' ')) ||
                            !buffer_append_byte(out, text[at]);
        space = false;
        at++;
    }
}

static void offer(struct html_fields *fields, enum html_field field, int rank, const char *origin,
                  const char *text, size_t size) {
    if (fields->fields[field].origin && fields->fields[field].rank <= rank)
        return;
    size_t blank = 0;
    for (size_t step; (step = space_size(text + blank, size - blank)) > 0;)
        blank += step;
    if (blank == size)
        return;
    set_line(fields, &fields->fields[field].value, text, size);
    fields->fields[field].origin = origin;
    fields->fields[field].rank = rank;
}

static void offer_date(struct html_fields *fields, int rank, const char *origin, const char *text,
                       size_t size) {
    for (size_t step; (step = space_size(text, size)) > 0; text += step)
        size -= step;
    date_day first, last;
    if (date_parse_declared(text, size, &first, &last) && first == last)
        offer(fields, HTML_DATE, rank, origin, text, size);
}

static void offer_url(struct html_fields *fields, int rank, const char *origin, const char *text) {
    text += strspn(text, " \t\n\r");
    if (strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0)
        offer(fields, HTML_URL, rank, origin, text, strlen(text));
}

void html_fields_offer_meta(struct html_fields *fields, const char *name, const char *content) {
    for (size_t i = 0; i < sizeof metas / sizeof *metas; i++) {
        if (strcasecmp(name, metas[i].name) != 0)
            continue;
        if (metas[i].field == HTML_DATE)
            offer_date(fields, metas[i].rank, metas[i].origin, content, strlen(content));
        else if (metas[i].field == HTML_URL)
            offer_url(fields, metas[i].rank, metas[i].origin, content);
        else
            offer(fields, metas[i].field, metas[i].rank, metas[i].origin, content, strlen(content));
        return;
    }
}

void html_fields_offer_time(struct html_fields *fields, const char *date, size_t size,
                            bool published) {
    offer_date(fields, published ? 6 : 7, "<time>", date, size);
}

void html_fields_offer_linked_data(struct html_fields *fields, enum html_field field,
                                   const char *text, size_t size) {
    static const int ranks[HTML_FIELD_COUNT] = {
        [HTML_TITLE] = 3, [HTML_DATE] = 5, [HTML_SOURCE] = 4, [HTML_AUTHOR] = 3};
    if (field == HTML_DATE)
        offer_date(fields, ranks[field], "JSON-LD", text, size);
    else
        offer(fields, field, ranks[field], "JSON-LD", text, size);
}

void html_fields_offer_canonical(struct html_fields *fields, const char *url) {
    offer_url(fields, 1, "<link rel=\"canonical\">", url);
}

void html_fields_offer_title(struct html_fields *fields, const char *text, size_t size) {
    if (fields->title_element.size == 0)
        set_line(fields, &fields->title_element, text, size);
}

void html_fields_offer_heading(struct html_fields *fields, const char *text, size_t size) {
    if (fields->heading_count == HTML_HEADINGS)
        return;
    struct buffer *heading = &fields->headings[fields->heading_count];
    set_line(fields, heading, text, size);
    fields->heading_count += heading->size > 0 && heading->size <= HEADING_LIMIT;
}

/* An <h1> that begins the <title> is the headline, "headline - site". One that stands later in the
 * <title> is the site's name. */
static void settle_title(struct html_fields *fields) {
    const struct buffer *title = &fields->title_element, *chosen = NULL;
    for (size_t i = 0; i < fields->heading_count && !chosen; i++) {
        const struct buffer *heading = &fields->headings[i];
        if (title->size >= heading->size && memcmp(title->data, heading->data, heading->size) == 0)
            chosen = heading;
    }
    for (size_t i = 0; i < fields->heading_count && !chosen; i++) {
        const struct buffer *heading = &fields->headings[i];
        if (title->size == 0 || !memmem(title->data, title->size, heading->data, heading->size))
            chosen = heading;
    }
    if (chosen)
        offer(fields, HTML_TITLE, 4, "<h1>", chosen->data, chosen->size);
    else if (title->size > 0)
        offer(fields, HTML_TITLE, 5, "<title>", title->data, title->size);
}

static xunzi_string value_of(const struct html_fields *fields, enum html_field field) {
    if (!fields->fields[field].origin)
        return (xunzi_string){NULL, 0};
    return (xunzi_string){fields->fields[field].value.data, fields->fields[field].value.size};
}

static bool add_member(struct json_object *object, const char *name, xunzi_string value) {
    if (value.size == 0)
        return true;
    struct json_object *text = json_object_new_string_len(value.data, (int)value.size);
    return text && json_object_object_add(object, name, text) == 0;
}

/* The further members, one JSON object, or nothing. */
static void settle_extra(struct html_fields *fields) {
    struct json_object *object = json_object_new_object();
    bool ok = object && add_member(object, "description", value_of(fields, HTML_DESCRIPTION)) &&
              add_member(object, "keywords", value_of(fields, HTML_KEYWORDS)) &&
              add_member(object, "author", value_of(fields, HTML_AUTHOR));
    if (ok && json_object_object_length(object) > 0) {
        const char *text = json_object_to_json_string_ext(
            object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
        ok = text && buffer_append_text(&fields->extra, text);
    }
    json_object_put(object);
    fields->no_memory = fields->no_memory || !ok;
}

void html_fields_settle(struct html_fields *fields, xunzi_document *document,
                        struct html_origins *origins) {
    settle_title(fields);
    settle_extra(fields);
    document->title = value_of(fields, HTML_TITLE);
    document->date = value_of(fields, HTML_DATE);
    document->source = value_of(fields, HTML_SOURCE);
    document->url = value_of(fields, HTML_URL);
    document->extra = (xunzi_string){fields->extra.data, fields->extra.size};
    *origins = (struct html_origins){.title = fields->fields[HTML_TITLE].origin,
                                     .date = fields->fields[HTML_DATE].origin,
                                     .source = fields->fields[HTML_SOURCE].origin,
                                     .url = fields->fields[HTML_URL].origin,
                                     .author = fields->fields[HTML_AUTHOR].origin,
                                     .description = fields->fields[HTML_DESCRIPTION].origin,
                                     .keywords = fields->fields[HTML_KEYWORDS].origin};
}
