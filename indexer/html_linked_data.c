/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON-LD, parsed by json-c and walked. */
#include "indexer/html_linked_data.h"

#include <json-c/json.h>
#include <string.h>

enum {
    SCRIPT_MOST = 1 << 20, /* bytes of a script that is parsed */
    VALUE_MOST = 1000      /* of a value that is taken */
};

/* The name that value is, or has; NULL: none. The first one of several. */
static struct json_object *name_of(struct json_object *value) {
    if (json_object_is_type(value, json_type_array))
        value = json_object_array_get_idx(value, 0);
    struct json_object *name;
    if (json_object_is_type(value, json_type_object))
        return json_object_object_get_ex(value, "name", &name) ? name : NULL;
    return value;
}

static void offer(struct html_fields *fields, enum html_field field, struct json_object *value) {
    if (!json_object_is_type(value, json_type_string))
        return;
    const char *text = json_object_get_string(value);
    size_t size = (size_t)json_object_get_string_len(value);
    if (size <= VALUE_MOST && !memchr(text, '\0', size))
        html_fields_offer_linked_data(fields, field, text, size);
}

static void take_object(struct json_object *object, struct html_fields *fields) {
    static const struct {
        const char *name;
        enum html_field field;
    } members[] = {{"headline", HTML_TITLE},     {"title", HTML_TITLE},
                   {"datePublished", HTML_DATE}, {"pubDate", HTML_DATE},
                   {"publisher", HTML_SOURCE},   {"author", HTML_AUTHOR}};
    struct json_object *value;
    if (!json_object_object_get_ex(object, "headline", &value) &&
        !json_object_object_get_ex(object, "datePublished", &value) &&
        !json_object_object_get_ex(object, "pubDate", &value))
        return; /* it is not about an article: a site, an organisation, a breadcrumb */
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (json_object_object_get_ex(object, members[i].name, &value))
            offer(fields, members[i].field, name_of(value));
}

/* json-c lets values nest json_tokener's default depth, and so bounds how deep this goes. */
static void take(struct json_object *value, struct html_fields *fields) {
    struct json_object *graph;
    if (json_object_is_type(value, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(value); i++)
            take(json_object_array_get_idx(value, i), fields);
    } else if (json_object_is_type(value, json_type_object)) {
        take_object(value, fields);
        if (json_object_object_get_ex(value, "@graph", &graph))
            take(graph, fields);
    }
}

/* Parses a script. It may be wrapped in what hides it from browsers of old: in "<!--" or
 * "<![CDATA[", and in comments of JavaScript, which json-c passes over to the end of their line. */
static struct json_object *parse(struct json_tokener *tokener, const char *script, size_t size) {
    static const char *const wrappings[] = {"<!--", "<![CDATA["};
    size_t at = 0;
    while (at < size && strchr(" \t\n\r", script[at]))
        at++;
    for (size_t i = 0; i < sizeof wrappings / sizeof *wrappings; i++)
        if (size - at >= strlen(wrappings[i]) &&
            memcmp(script + at, wrappings[i], strlen(wrappings[i])) == 0)
            at += strlen(wrappings[i]);
    json_tokener_reset(tokener);
    struct json_object *value = json_tokener_parse_ex(tokener, script + at, (int)(size - at));
    if (json_tokener_get_error(tokener) == json_tokener_continue)
        value = json_tokener_parse_ex(tokener, "\n", 1);
    return value;
}

void html_linked_data_read(const char *data, size_t size, struct html_fields *fields) {
    if (size == 0)
        return;
    struct json_tokener *tokener = json_tokener_new();
    if (!tokener)
        fields->no_memory = true;
    for (const char *at = data, *end = data + size; tokener && at < end;) {
        size_t length = strnlen(at, (size_t)(end - at));
        if (length <= SCRIPT_MOST) {
            struct json_object *value = parse(tokener, at, length);
            take(value, fields);
            json_object_put(value);
        }
        at += length < (size_t)(end - at) ? length + 1 : length;
    }
    if (tokener)
        json_tokener_free(tokener);
}
