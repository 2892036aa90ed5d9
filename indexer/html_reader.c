/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libxml2's events to text and fields. */
#include "indexer/html_reader.h"

#include <libxml/HTMLparser.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "indexer/html_fields.h"
#include "indexer/html_linked_data.h"
#include "indexer/html_source.h"
#include "indexer/html_text.h"

enum element_traits {
    BLOCK = 1 << 0,   /* begins and ends a line */
    CELL = 1 << 1,    /* of a table */
    DROPPED = 1 << 2, /* with all that is in it */
    RUBY = 1 << 3,    /* one of the parts of <ruby>: each ends the one before */
    PREFORMATTED = 1 << 4,
    TITLE = 1 << 5, /* its text is a field, and not shown */
    HEADING = 1 << 6,
    TIME = 1 << 7,
    LINK = 1 << 8, /* <a>: side by side they are apart on the screen */
    ROOT = 1 << 9  /* pages hide it until a script shows it */
};

/* Sorted by name. What is not here is laid out within a line. */
static const struct element_kind {
    const char *name;
    unsigned traits;
} kinds[] = {{"a", LINK},
             {"address", BLOCK},
             {"applet", DROPPED},
             {"article", BLOCK},
             {"aside", BLOCK},
             {"audio", DROPPED},
             {"blockquote", BLOCK},
             {"body", ROOT},
             {"br", BLOCK},
             {"button", BLOCK},
             {"canvas", DROPPED},
             {"caption", BLOCK},
             {"center", BLOCK},
             {"datalist", DROPPED},
             {"dd", BLOCK},
             {"details", BLOCK},
             {"dialog", BLOCK},
             {"dir", BLOCK},
             {"div", BLOCK},
             {"dl", BLOCK},
             {"dt", BLOCK},
             {"embed", DROPPED},
             {"fieldset", BLOCK},
             {"figcaption", BLOCK},
             {"figure", BLOCK},
             {"footer", BLOCK},
             {"form", BLOCK},
             {"frameset", BLOCK},
             {"h1", BLOCK | HEADING},
             {"h2", BLOCK},
             {"h3", BLOCK},
             {"h4", BLOCK},
             {"h5", BLOCK},
             {"h6", BLOCK},
             {"header", BLOCK},
             {"hgroup", BLOCK},
             {"hr", BLOCK},
             {"html", ROOT},
             {"iframe", DROPPED},
             {"legend", BLOCK},
             {"li", BLOCK},
             {"main", BLOCK},
             {"map", DROPPED},
             {"menu", BLOCK},
             {"nav", BLOCK},
             {"noembed", DROPPED},
             {"noframes", DROPPED},
             {"noscript", DROPPED},
             {"object", DROPPED},
             {"ol", BLOCK},
             {"optgroup", DROPPED},
             {"option", DROPPED},
             {"p", BLOCK},
             {"pre", BLOCK | PREFORMATTED},
             {"rb", RUBY},
             {"rp", DROPPED | RUBY},
             {"rt", DROPPED | RUBY},
             {"rtc", DROPPED | RUBY},
             {"script", DROPPED},
             {"section", BLOCK},
             {"select", DROPPED},
             {"style", DROPPED},
             {"summary", BLOCK},
             {"svg", DROPPED},
             {"table", BLOCK},
             {"tbody", BLOCK},
             {"td", CELL},
             {"template", DROPPED},
             {"textarea", DROPPED},
             {"tfoot", BLOCK},
             {"th", CELL},
             {"thead", BLOCK},
             {"time", TIME},
             {"title", TITLE},
             {"tr", BLOCK},
             {"ul", BLOCK},
             {"video", DROPPED},
             {"xmp", BLOCK | PREFORMATTED}};

enum { REOPENED_SIZE = sizeof "<ruby><rtc>" };

struct open_element {
    const xmlChar *name; /* the parser's */
    unsigned traits;
    bool hidden;
};

struct html_reader {
    struct html_text text;
    struct html_fields fields;
    struct buffer source, linked_data;
    struct buffer captured; /* the text of the title, heading or time that is open */
    unsigned capturing;     /* its trait; 0: none */
    bool time_published;
    struct open_element *open;
    size_t depth, capacity;
    size_t hidden, preformatted; /* open elements that are */
    size_t link_end; /* the size of the text at the last link's end; 0: there was none */
    size_t read;     /* of the source, by the parsers before this one and by this one */
    htmlParserCtxtPtr parser;
    bool afresh; /* the parser is to be started afresh, and what it still tells does not count */
    char reopened[REOPENED_SIZE]; /* the tags that it is given first then: of an open <ruby>, whose
                                     end would be none to it otherwise, and of its open part */
};

static int compare_kinds(const void *name, const void *kind) {
    return strcmp(name, ((const struct element_kind *)kind)->name);
}

static unsigned traits_of(const xmlChar *name) {
    const struct element_kind *kind =
        bsearch(name, kinds, sizeof kinds / sizeof *kinds, sizeof *kinds, compare_kinds);
    return kind ? kind->traits : 0;
}

static const char *attribute(const xmlChar **attributes, const char *name) {
    for (; attributes && attributes[0]; attributes += 2)
        if (strcasecmp((const char *)attributes[0], name) == 0)
            return attributes[1] ? (const char *)attributes[1] : "";
    return NULL;
}

/* Whether a style attribute has this property with this value, spaces left aside. */
static bool style_has(const char *style, const char *declaration) {
    for (const char *begin = style; *begin; begin++) {
        const char *at = begin, *wanted = declaration;
        while (*wanted && *at) {
            if ((*at | 0x20) == *wanted)
                wanted++;
            else if (*at != ' ' && *at != '\t' && *at != '\n')
                break;
            at++;
        }
        at += strspn(at, " \t\n");
        if (!*wanted && (!*at || *at == ';' || *at == '!') &&
            (begin == style || strchr("; \t\n", begin[-1])))
            return true;
    }
    return false;
}

static bool is_hidden(unsigned traits, const xmlChar **attributes) {
    if (traits & DROPPED)
        return true;
    if (traits & ROOT)
        return false;
    const char *style = attribute(attributes, "style"),
               *aria = attribute(attributes, "aria-hidden");
    return attribute(attributes, "hidden") || (aria && strcasecmp(aria, "true") == 0) ||
           (style && (style_has(style, "display:none") || style_has(style, "visibility:hidden")));
}

static void take_meta(struct html_reader *reader, const xmlChar **attributes) {
    const char *content = attribute(attributes, "content");
    static const char *const names[] = {"property", "name", "itemprop"};
    for (size_t i = 0; content && i < sizeof names / sizeof *names; i++) {
        const char *name = attribute(attributes, names[i]);
        if (name)
            html_fields_offer_meta(&reader->fields, name, content);
    }
}

static void take_link(struct html_reader *reader, const xmlChar **attributes) {
    const char *relation = attribute(attributes, "rel"), *url = attribute(attributes, "href");
    if (relation && url && strcasecmp(relation, "canonical") == 0)
        html_fields_offer_canonical(&reader->fields, url);
}

static void begin_capture(struct html_reader *reader, unsigned traits, const xmlChar **attributes) {
    reader->capturing = traits & (TITLE | HEADING | TIME);
    buffer_clear(&reader->captured);
    if (!(traits & TIME))
        return;
    const char *property = attribute(attributes, "itemprop"),
               *date = attribute(attributes, "datetime");
    reader->time_published = attribute(attributes, "pubdate") ||
                             (property && strcasecmp(property, "datePublished") == 0);
    if (date)
        html_fields_offer_time(&reader->fields, date, strlen(date), reader->time_published);
}

static void end_capture(struct html_reader *reader) {
    const struct buffer *text = &reader->captured;
    if (reader->capturing & TITLE)
        html_fields_offer_title(&reader->fields, text->data, text->size);
    else if (reader->capturing & HEADING)
        html_fields_offer_heading(&reader->fields, text->data, text->size);
    else
        html_fields_offer_time(&reader->fields, text->data, text->size, reader->time_published);
    reader->capturing = 0;
}

/* An element's beginning or end is a beginning of a line, or of a cell. */
static void lay_out(struct html_reader *reader, unsigned traits) {
    if (reader->hidden > 0)
        return;
    if (traits & BLOCK)
        html_text_end_line(&reader->text);
    else if (traits & CELL)
        html_text_part(&reader->text, true);
    if ((traits & (BLOCK | CELL)) && (reader->capturing & (TITLE | HEADING)) &&
        !buffer_append_byte(&reader->captured, ' '))
        reader->text.no_memory = true;
}

/* Notes what is to be opened again of the innermost <ruby>. */
static void note_ruby(struct html_reader *reader) {
    const char *part = NULL;
    size_t depth = reader->depth;
    for (; depth > 0 && strcmp((const char *)reader->open[depth - 1].name, "ruby") != 0; depth--)
        if (!part && (reader->open[depth - 1].traits & RUBY))
            part = (const char *)reader->open[depth - 1].name;
    reader->reopened[0] = '\0';
    if (depth > 0)
        snprintf(reader->reopened, sizeof reader->reopened, "<ruby>%s%s%s", part ? "<" : "",
                 part ? part : "", part ? ">" : "");
}

/* Puts an element on the stack, or, beyond HTML_DEPTH, has the parser started afresh behind its
 * tag. */
static void push(struct html_reader *reader, const xmlChar *name, unsigned traits, bool hidden) {
    if (!array_reserve(&reader->open, &reader->capacity, reader->depth + 1, sizeof *reader->open)) {
        reader->text.no_memory = true;
        return;
    }
    reader->open[reader->depth++] = (struct open_element){name, traits, hidden};
    reader->hidden += hidden;
    reader->preformatted += (traits & PREFORMATTED) != 0;
    if (reader->parser->nameNr > HTML_DEPTH) {
        const xmlParserInput *input = reader->parser->input;
        reader->read +=
            input->consumed + (size_t)(input->cur - input->base) - strlen(reader->reopened);
        const char *behind = reader->source.data + reader->read;
        size_t left = reader->source.size - reader->read;
        reader->read += left >= 2 && memcmp(behind, "/>", 2) == 0 ? 2 : left >= 1 && *behind == '>';
        reader->afresh = true;
        note_ruby(reader);
        xmlStopParser(reader->parser);
    }
}

static void pop(struct html_reader *reader) {
    const struct open_element *top = &reader->open[--reader->depth];
    reader->hidden -= top->hidden;
    reader->preformatted -= (top->traits & PREFORMATTED) != 0;
    if (reader->capturing && (top->traits & reader->capturing))
        end_capture(reader);
    if (top->traits & LINK)
        reader->link_end = reader->text.text.size;
    lay_out(reader, top->traits & ~(unsigned)CELL);
}

static void start_element(void *context, const xmlChar *name, const xmlChar **attributes) {
    struct html_reader *reader = context;
    if (reader->afresh)
        return;
    unsigned traits = traits_of(name);
    bool hidden = is_hidden(traits, attributes);
    while ((traits & RUBY) && reader->depth > 0 &&
           (reader->open[reader->depth - 1].traits & RUBY) &&
           strcmp((const char *)reader->open[reader->depth - 1].name, "rtc") != 0)
        pop(reader);
    lay_out(reader, traits);
    if ((traits & LINK) && reader->link_end > 0 && reader->link_end == reader->text.text.size)
        html_text_part(&reader->text, false);
    if (strcmp((const char *)name, "meta") == 0)
        take_meta(reader, attributes);
    else if (strcmp((const char *)name, "link") == 0)
        take_link(reader, attributes);
    if (reader->capturing == 0 && reader->hidden == 0 && !hidden &&
        (traits & (TITLE | HEADING | TIME)))
        begin_capture(reader, traits, attributes);
    push(reader, name, traits, hidden);
}

static void end_element(void *context, const xmlChar *name) {
    struct html_reader *reader = context;
    if (reader->afresh)
        return;
    size_t depth = reader->depth;
    bool is_ruby_part = traits_of(name) & RUBY; /* it may have been ended already */
    while (depth > 0 && strcmp((const char *)reader->open[depth - 1].name, (const char *)name) != 0)
        depth = is_ruby_part && strcmp((const char *)reader->open[depth - 1].name, "ruby") == 0
                    ? 0
                    : depth - 1;
    while (depth > 0 && reader->depth >= depth)
        pop(reader);
}

static void characters(void *context, const xmlChar *text, int size) {
    struct html_reader *reader = context;
    if (reader->afresh || reader->hidden > 0 || size <= 0)
        return;
    if (reader->capturing && !buffer_append(&reader->captured, text, (size_t)size))
        reader->text.no_memory = true;
    if (!(reader->capturing & TITLE))
        html_text_append(&reader->text, (const char *)text, (size_t)size, reader->preformatted > 0);
}

/* Gives the parser the tags that are opened again, and the source from reader->read on. */
struct source {
    const char *reopened; /* what is left of them */
    const char *at;
    size_t left;
};

static int read_source(void *context, char *out, int size) {
    struct source *source = context;
    size_t given = strnlen(source->reopened, (size_t)size);
    if (given > 0) {
        memcpy(out, source->reopened, given);
        source->reopened += given;
        return (int)given;
    }
    given = source->left < (size_t)size ? source->left : (size_t)size;
    memcpy(out, source->at, given);
    source->at += given;
    source->left -= given;
    return (int)given;
}

static bool parse(struct html_reader *reader) {
    if (reader->read >= reader->source.size)
        return true;
    char reopened[REOPENED_SIZE];
    memcpy(reopened, reader->reopened, sizeof reopened);
    struct source source = {reopened, reader->source.data + reader->read,
                            reader->source.size - reader->read};
    reader->parser = htmlNewParserCtxt();
    if (!reader->parser)
        return false;
    memset(reader->parser->sax, 0, sizeof *reader->parser->sax);
    reader->parser->sax->startElement = start_element;
    reader->parser->sax->endElement = end_element;
    reader->parser->sax->characters = characters;
    reader->parser->sax->ignorableWhitespace = characters;
    reader->parser->userData = reader;
    htmlDocPtr document =
        htmlCtxtReadIO(reader->parser, read_source, NULL, &source, NULL, "UTF-8",
                       HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                           HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
    if (document)
        xmlFreeDoc(document);
    bool ok = reader->parser->errNo != XML_ERR_NO_MEMORY;
    while (reader->depth > 0 && !reader->afresh)
        pop(reader);
    htmlFreeParserCtxt(reader->parser);
    reader->parser = NULL;
    return ok;
}

/* Parses the source to its end. Started afresh, the parser does not know what was open. */
static bool parse_all(struct html_reader *reader) {
    bool ok = true;
    reader->read = 0;
    reader->reopened[0] = '\0';
    do {
        reader->afresh = false;
        reader->depth = reader->hidden = reader->preformatted = 0;
        if (reader->capturing)
            end_capture(reader);
        ok = parse(reader);
    } while (ok && reader->afresh);
    reader->depth = 0;
    html_text_end_line(&reader->text);
    return ok && !reader->text.no_memory && !reader->fields.no_memory;
}

static void start_library(void) {
    xmlInitParser();
}

struct html_reader *html_reader_new(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_library);
    return calloc(1, sizeof(struct html_reader));
}

void html_reader_free(struct html_reader *reader) {
    if (!reader)
        return;
    buffer_free(&reader->text.text);
    html_fields_free(&reader->fields);
    buffer_free(&reader->source);
    buffer_free(&reader->linked_data);
    buffer_free(&reader->captured);
    free(reader->open);
    free(reader);
}

xunzi_status html_reader_read(struct html_reader *reader, const char *text, size_t size,
                              xunzi_document *document, struct html_origins *origins) {
    html_text_clear(&reader->text);
    html_fields_clear(&reader->fields);
    buffer_clear(&reader->source);
    buffer_clear(&reader->linked_data);
    reader->capturing = 0;
    reader->link_end = 0;
    *document = (xunzi_document){0};
    if (size > 0 &&
        (!html_prepare(text, size, &reader->source, &reader->linked_data) || !parse_all(reader)))
        return error_no_memory();
    html_linked_data_read(reader->linked_data.data, reader->linked_data.size, &reader->fields);
    html_fields_settle(&reader->fields, document, origins);
    if (reader->fields.no_memory)
        return error_no_memory();
    document->body = (xunzi_string){reader->text.text.data, reader->text.text.size};
    return XUNZI_OK;
}
