/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an HTML page declares of itself. Each field can be offered several times, under the names by
 * which sites declare it; the name that says most is taken, then the first. */
#ifndef XUNZI_INDEXER_HTML_FIELDS_H
#define XUNZI_INDEXER_HTML_FIELDS_H

#include <xunzi/xunzi.h>

#include "base/buffer.h"
#include "indexer/html_reader.h"

enum html_field {
    HTML_TITLE,
    HTML_DATE,
    HTML_SOURCE,
    HTML_URL,
    HTML_DESCRIPTION,
    HTML_KEYWORDS,
    HTML_AUTHOR,
    HTML_FIELD_COUNT
};

enum { HTML_HEADINGS = 8 };

/* Zero-initialised is empty. */
struct html_fields {
    struct {
        struct buffer value;
        const char *origin; /* NULL: not offered */
        int rank;           /* of the origin; the lowest is the best */
    } fields[HTML_FIELD_COUNT];
    struct buffer title_element;
    struct buffer headings[HTML_HEADINGS]; /* the first <h1>s */
    size_t heading_count;
    struct buffer extra;
    bool no_memory;
};

void html_fields_clear(struct html_fields *fields);
void html_fields_free(struct html_fields *fields);

/* <meta name="..." content="..."> or property or itemprop in place of name. */
void html_fields_offer_meta(struct html_fields *fields, const char *name, const char *content);

/* <time>: its datetime attribute, or its text; `published` where it is marked as the date of
 * publication. */
void html_fields_offer_time(struct html_fields *fields, const char *date, size_t size,
                            bool published);

/* Title, date, source or author as a script of JSON-LD states it. */
void html_fields_offer_linked_data(struct html_fields *fields, enum html_field field,
                                   const char *text, size_t size);

/* <link rel="canonical">. */
void html_fields_offer_canonical(struct html_fields *fields, const char *url);

/* The text of the <title>, or of an <h1>. */
void html_fields_offer_title(struct html_fields *fields, const char *text, size_t size);
void html_fields_offer_heading(struct html_fields *fields, const char *text, size_t size);

/* Settles the title and sets the document's fields but id and body, and the origins; strings are of
 * fields. */
void html_fields_settle(struct html_fields *fields, xunzi_document *document,
                        struct html_origins *origins);

#endif
