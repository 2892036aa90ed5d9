/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/json_flat.h"

#include "base/utf8.h"
#include "indexer/json_members.h"

struct flat {
    const char *at, *end;
    struct buffer *unescaped;
    size_t size; /* of all */
};

static char current(const struct flat *flat) {
    return flat->at < flat->end ? *flat->at : '\0';
}

static void skip_space(struct flat *flat) {
    while (current(flat) == ' ' || current(flat) == '\t' || current(flat) == '\r')
        flat->at++;
}

static bool take(struct flat *flat, char byte) {
    skip_space(flat);
    if (current(flat) != byte)
        return false;
    flat->at++;
    return true;
}

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Whether one of eight bytes is below 0x20, a quote or a backslash; it may say so of others behind
 * such a one. */
static bool has_special(uint64_t bytes) {
    uint64_t quote = bytes ^ EACH_BYTE('"'), backslash = bytes ^ EACH_BYTE('\\');
    uint64_t low = bytes - EACH_BYTE(0x20), no_quote = quote - EACH_BYTE(1),
             no_backslash = backslash - EACH_BYTE(1);
    return ((low & ~bytes) | (no_quote & ~quote) | (no_backslash & ~backslash)) & EACH_BYTE(0x80);
}

/* Moves to the next byte that is below 0x20, a quote or a backslash. False: there is none. */
static bool find_special(struct flat *flat) {
    const char *at = flat->at;
    uint64_t bytes;
    for (; flat->end - at >= (ptrdiff_t)sizeof bytes; at += sizeof bytes) {
        memcpy(&bytes, at, sizeof bytes);
        if (has_special(bytes))
            break;
    }
    while (at < flat->end && (unsigned char)*at >= 0x20 && *at != '"' && *at != '\\')
        at++;
    flat->at = at;
    return at < flat->end;
}

static bool read_hex(struct flat *flat, uint32_t *code_point) {
    if (flat->end - flat->at < 4)
        return false;
    *code_point = 0;
    for (int i = 0; i < 4; i++) {
        char byte = *flat->at++;
        uint32_t digit;
        if (byte >= '0' && byte <= '9')
            digit = (uint32_t)(byte - '0');
        else if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f')
            digit = (uint32_t)((byte | 0x20) - 'a') + 10;
        else
            return false;
        *code_point = *code_point << 4 | digit;
    }
    return true;
}

/* Appends what the escape behind a backslash stands for. False: NUL, half a surrogate pair, or no
 * escape. */
static bool unescape(struct flat *flat) {
    static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    struct buffer *out = flat->unescaped;
    char escape = current(flat);
    flat->at++;
    const char *found = escape ? strchr(escapes, escape) : NULL;
    if (found)
        return buffer_append_byte(out, meanings[found - escapes]);
    uint32_t code_point, trail;
    if (escape != 'u' || !read_hex(flat, &code_point) || code_point == 0)
        return false;
    if (code_point >= 0xD800 && code_point <= 0xDFFF) {
        if (code_point > 0xDBFF || flat->end - flat->at < 6 || flat->at[0] != '\\' ||
            flat->at[1] != 'u')
            return false;
        flat->at += 2;
        if (!read_hex(flat, &trail) || trail < 0xDC00 || trail > 0xDFFF)
            return false;
        code_point = 0x10000 + ((code_point - 0xD800) << 10) + (trail - 0xDC00);
    }
    return utf8_append(out, code_point);
}

/* Reads a string from its first escape on: `begin` is where it begins. */
static bool read_escaped(struct flat *flat, const char *begin, xunzi_string *string) {
    struct buffer *out = flat->unescaped;
    /* What all strings are unescaped to is no longer than they were: the buffer does not move under
     * them. */
    if (out->capacity < flat->size && !buffer_reserve(out, flat->size - out->size))
        return false;
    size_t first = out->size;
    for (;;) {
        if (!buffer_append(out, begin, (size_t)(flat->at - begin)))
            return false;
        if (*flat->at != '\\')
            break;
        flat->at++;
        if (!unescape(flat))
            return false;
        begin = flat->at;
        if (!find_special(flat))
            return false;
    }
    *string = (xunzi_string){out->data + first, out->size - first};
    return *flat->at++ == '"';
}

static bool read_string(struct flat *flat, xunzi_string *string) {
    const char *begin = flat->at;
    if (!find_special(flat))
        return false;
    if (*flat->at == '\\')
        return read_escaped(flat, begin, string);
    *string = (xunzi_string){begin, (size_t)(flat->at - begin)};
    return *flat->at++ == '"';
}

/* Reads a name that is one of json_member_names, as it stands. */
static bool read_name(struct flat *flat, unsigned *member) {
    for (*member = 0; *member < JSON_MEMBER_COUNT; ++*member) {
        size_t size = strlen(json_member_names[*member]);
        if ((size_t)(flat->end - flat->at) > size && flat->at[size] == '"' &&
            memcmp(flat->at, json_member_names[*member], size) == 0) {
            flat->at += size + 1;
            return true;
        }
    }
    return false;
}

bool json_flat_read(const char *json, size_t size, struct buffer *unescaped,
                    xunzi_document *document) {
    xunzi_string strings[JSON_MEMBER_COUNT] = {{0}};
    struct flat flat = {json, json + size, unescaped, size};
    unsigned seen = 0, member;
    buffer_clear(unescaped);
    if (!take(&flat, '{'))
        return false;
    do {
        if (!take(&flat, '"') || !read_name(&flat, &member) || seen >> member & 1 ||
            !take(&flat, ':') || !take(&flat, '"') || !read_string(&flat, &strings[member]))
            return false;
        seen |= 1u << member;
    } while (take(&flat, ','));
    if (!take(&flat, '}') || !(seen >> JSON_BODY & 1))
        return false;
    skip_space(&flat);
    *document = (xunzi_document){.id = strings[JSON_ID],
                                 .title = strings[JSON_TITLE],
                                 .body = strings[JSON_BODY],
                                 .date = strings[JSON_DATE],
                                 .source = strings[JSON_SOURCE],
                                 .url = strings[JSON_URL]};
    return flat.at == flat.end;
}
