/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scanning HTML's source, where that is enough. */
#include "indexer/html_source.h"

#include <strings.h>

#include "base/utf8.h"
#include "indexer/html_entities.h"

enum {
    DECLARATION_LIMIT =
        4096 /* browsers look at the first 1,024 bytes; pages with long comments have it later */
};

static bool is_space(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
}

static bool is_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool begins_with(const char *text, size_t size, const char *word) {
    size_t length = strlen(word);
    return size >= length && strncasecmp(text, word, length) == 0;
}

/* The place of word in text, in any case; size: it is not there. */
static size_t find(const char *text, size_t size, const char *word) {
    for (size_t at = 0; at < size; at++)
        if (begins_with(text + at, size - at, word))
            return at;
    return size;
}

/* Whether name stands at text and ends there. */
static bool is_tag(const char *text, size_t size, const char *name) {
    size_t length = strlen(name);
    return begins_with(text, size, name) &&
           (size == length || is_space(text[length]) || text[length] == '>' || text[length] == '/');
}

static bool begins(const char *text, size_t size) {
    size_t at = size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    for (;;) {
        while (at < size && is_space(text[at]))
            at++;
        const char *end = "?>";
        if (begins_with(text + at, size - at, "<!--"))
            end = "-->";
        else if (!begins_with(text + at, size - at, "<?xml"))
            break;
        at += find(text + at, size - at, end);
        at = at < size ? at + strlen(end) : size;
    }
    return begins_with(text + at, size - at, "<!doctype html") ||
           is_tag(text + at, size - at, "<html");
}

bool html_begins(const char *bytes, size_t size) {
    if (size < 2 || (memcmp(bytes, "\xFF\xFE", 2) != 0 && memcmp(bytes, "\xFE\xFF", 2) != 0))
        return begins(bytes, size);
    /* UTF-16: what counts is ASCII. */
    char ascii[512];
    size_t count = 0, low = (unsigned char)bytes[0] == 0xFE;
    for (size_t at = 2; at + 1 < size && count < sizeof ascii; at += 2)
        ascii[count++] = bytes[at + 1 - low] == 0 ? bytes[at + low] : '?';
    return begins(ascii, count);
}

/* Takes the name behind "=", in quotes or not. */
static bool take_name(const char *text, size_t size, char name[CHARSET_NAME_SIZE]) {
    size_t at = 0, length = 0;
    while (at < size && is_space(text[at]))
        at++;
    if (at == size || text[at++] != '=')
        return false;
    while (at < size && (is_space(text[at]) || text[at] == '"' || text[at] == '\''))
        at++;
    while (
        at < size && length + 1 < CHARSET_NAME_SIZE &&
        (is_letter(text[at]) || (text[at] >= '0' && text[at] <= '9') || strchr("-_.:", text[at])) &&
        text[at])
        name[length++] = text[at++];
    name[length] = '\0';
    return length > 0;
}

bool html_declared_charset(const char *bytes, size_t size, char name[CHARSET_NAME_SIZE]) {
    if (size > DECLARATION_LIMIT)
        size = DECLARATION_LIMIT;
    const char *at = bytes, *end = bytes + size;
    while (at < end && (at = memchr(at, '<', (size_t)(end - at)))) {
        size_t left = (size_t)(end - at);
        const char *close = memchr(at, '>', left);
        size_t length = close ? (size_t)(close - at) : left;
        const char *word = begins_with(at, left, "<?xml")   ? "encoding"
                           : begins_with(at, left, "<meta") ? "charset"
                                                            : NULL;
        size_t place = word ? find(at, length, word) : length;
        if (place < length &&
            take_name(at + place + strlen(word), length - place - strlen(word), name))
            return true;
        if (begins_with(at, left, "<!--"))
            length = find(at, left, "-->");
        at += length < left ? length : left;
        at += at < end && *at == '<';
    }
    return false;
}

/* What a numeric reference to value stands for (HTML standard, "numeric character reference end
 * state"). */
static uint32_t referred_character(uint32_t value) {
    static const uint16_t windows[32] = {
        0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
    if (value >= 0x80 && value < 0xA0)
        return windows[value - 0x80];
    if (value == 0 || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000) ||
        (value & 0xFFFE) == 0xFFFE)
        return UTF8_REPLACEMENT;
    return value;
}

static uint32_t digit_of(char byte) {
    if (byte >= '0' && byte <= '9')
        return (uint32_t)(byte - '0');
    char lower = (char)(byte | 0x20);
    return lower >= 'a' && lower <= 'f' ? (uint32_t)(lower - 'a') + 10 : 16;
}

/* Reads the numeric reference at text[*at]; false, and nothing moved: there is none. */
static bool read_reference(const char *text, size_t size, size_t *at, uint32_t *character) {
    size_t i = *at + 2;
    if (i >= size || text[*at + 1] != '#')
        return false;
    uint32_t base = 10, value = 0;
    if ((text[i] | 0x20) == 'x') {
        base = 16;
        i++;
    }
    size_t first = i;
    for (; i < size && digit_of(text[i]) < base; i++)
        if (value <= 0x10FFFF)
            value = value * base + digit_of(text[i]);
    if (i == first)
        return false;
    *at = i + (i < size && text[i] == ';');
    *character = referred_character(value);
    return true;
}

/* Markup characters stay references. */
static bool append_reference(struct buffer *out, uint32_t character) {
    if (character < 0x80)
        return buffer_printf(out, "&#%u;", (unsigned)character);
    return utf8_append(out, character);
}

/* Where in a tag the source is. */
struct tag {
    bool inside;
    bool linked_data; /* the content is JSON-LD */
    size_t begin;     /* of the tag that was entered last */
    char quote;       /* of the attribute value that is open */
    size_t pieces;    /* begun of attributes: names, values and what looks like one */
    const char *raw;  /* what ends the element's content, which is not HTML; NULL: it is */
};

static const char *raw_end(const char *text, size_t size) {
    return is_tag(text, size, "<script")  ? "</script"
           : is_tag(text, size, "<style") ? "</style"
                                          : NULL;
}

/* Whether the tag is that of a script of JSON-LD. */
static bool is_linked_data(const char *tag, size_t size) {
    return is_tag(tag, size, "<script") && find(tag, size, "application/ld+json") < size;
}

/* Moves on by the byte text[at]. False: the tag has all the attributes it may have. */
static bool follow_tag(struct tag *tag, const char *text, size_t size, size_t at) {
    char byte = text[at], before = at > 0 ? text[at - 1] : ' ';
    if (!tag->inside) {
        tag->inside = byte == '<' && at + 1 < size && is_letter(text[at + 1]);
        tag->quote = '\0';
        tag->pieces = 0;
        tag->raw = tag->inside ? raw_end(text + at, size - at) : NULL;
        tag->begin = at;
    } else if (tag->quote) {
        tag->quote = byte == tag->quote ? '\0' : tag->quote;
    } else if (byte == '>') {
        tag->inside = false;
        tag->raw = before == '/' ? NULL : tag->raw;
        tag->linked_data = tag->raw && is_linked_data(text + tag->begin, at - tag->begin);
    } else if ((byte == '"' || byte == '\'') && before == '=') {
        tag->quote = byte;
    } else if (!is_space(byte) && (byte == '=' || strchr(" \t\n\r\f\"'/", before))) {
        return ++tag->pieces <= 2 * HTML_ATTRIBUTES;
    }
    return true;
}

/* Where word, which begins with '<', stands as a tag's beginning; size: nowhere. */
static size_t find_tag(const char *text, size_t size, const char *word) {
    const char *at = text, *end = text + size;
    while (at < end && (at = memchr(at, '<', (size_t)(end - at))) &&
           !is_tag(at, (size_t)(end - at), word))
        at++;
    return at && at < end ? (size_t)(at - text) : size;
}

/* The size of what stands at text, a '<', and is not shown: a comment, or what HTML takes for one;
 * 0: it is something else. */
static size_t comment_size(const char *text, size_t size) {
    const char *end;
    if (size < 2 || !strchr("!?/", text[1]) || !text[1] ||
        (text[1] == '/' && (size < 3 || is_letter(text[2]))))
        return 0;
    if (size < 4 || memcmp(text, "<!--", 4) != 0) {
        end = memchr(text, '>', size);
        return end ? (size_t)(end - text) + 1 : size;
    }
    end = memmem(text + 2, size - 2, "-->", 3); /* <!--> is one, too */
    size_t comment = end ? (size_t)(end - text) + 3 : size;
    const char *bang = memmem(text + 4, comment - 4, "--!>", 4);
    return bang ? (size_t)(bang - text) + 4 : comment;
}

/* How much at text[at] is left out of what libxml2 sees. tag follows it. */
static size_t left_out(struct tag *tag, const char *text, size_t size, size_t at) {
    const char *raw = tag->inside ? NULL : tag->raw;
    if (raw)
        tag->raw = NULL;
    if (raw)
        return find_tag(text + at, size - at, raw);
    size_t comment = !tag->inside && text[at] == '<' ? comment_size(text + at, size - at) : 0;
    if (comment > 0)
        return comment;
    if (text[at] == '\0')
        return 1;
    if (follow_tag(tag, text, size, at))
        return 0;
    size_t end = at + 1;
    while (end < size && (follow_tag(tag, text, size, end), tag->inside))
        end++;
    return end - at;
}

/* The size of a reference at text[at] that is not left to libxml2, and its character; 0: there is
 * none. "&#" without a number is an ampersand. */
static size_t reference_size(const char *text, size_t size, size_t at, bool in_tag,
                             uint32_t *character) {
    size_t behind = at;
    if (text[at] != '&' || at + 1 == size)
        return 0;
    if (text[at + 1] != '#')
        return html_entity_read(text + at, size - at, in_tag, character);
    if (read_reference(text, size, &behind, character))
        return behind - at;
    *character = '&';
    return 1;
}

bool html_prepare(const char *text, size_t size, struct buffer *out, struct buffer *linked_data) {
    struct tag tag = {0};
    size_t kept = 0; /* what is before it was appended or left out */
    for (size_t at = 0; at < size;) {
        bool is_data = !tag.inside && tag.raw && tag.linked_data;
        size_t dropped = left_out(&tag, text, size, at);
        if (is_data && (!buffer_append(linked_data, text + at, dropped) ||
                        !buffer_append_byte(linked_data, '\0')))
            return false;
        uint32_t character;
        size_t reference = dropped ? 0 : reference_size(text, size, at, tag.inside, &character);
        if (dropped == 0 && reference == 0) {
            at++;
            continue;
        }
        if (!buffer_append(out, text + kept, at - kept) ||
            (reference > 0 && !append_reference(out, character)))
            return false;
        kept = at += dropped + reference;
    }
    return buffer_append(out, text + kept, size - kept);
}
