/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON text on one terminal-safe line. */
#include "program/json_text.h"

#include <json-c/json.h>

#include "base/printable.h"
#include "base/utf8.h"

static bool append_escape(struct buffer *out, uint32_t code_point) {
    if (code_point >= 0x10000) {
        code_point -= 0x10000;
        return buffer_printf(out, "\\u%04x\\u%04x", (unsigned)(0xD800 + (code_point >> 10)),
                             (unsigned)(0xDC00 + (code_point & 0x3FF)));
    }
    return buffer_printf(out, "\\u%04x", (unsigned)code_point);
}

/* Whether printable_append, which knows what is unsafe, would show the character otherwise than as
 * it is. The ranges that nearly all text is made of are told first. *ok becomes false where memory
 * runs out. */
static bool is_unsafe(const char *character, size_t size, uint32_t code_point, bool *ok) {
    if ((code_point >= 0x20 && code_point < 0x7F) ||
        (code_point >= 0x3000 && code_point < 0xD800) ||
        (code_point >= 0xFF01 && code_point < 0xFFF0))
        return false;
    struct buffer shown = {0};
    *ok = printable_append(&shown, character, size, true) && *ok;
    bool unsafe = shown.size != size || memcmp(shown.data, character, size) != 0;
    buffer_free(&shown);
    return unsafe;
}

static bool append_control(struct buffer *out, uint32_t code_point) {
    switch (code_point) {
    case '\b':
        return buffer_append_text(out, "\\b");
    case '\f':
        return buffer_append_text(out, "\\f");
    case '\n':
        return buffer_append_text(out, "\\n");
    case '\r':
        return buffer_append_text(out, "\\r");
    case '\t':
        return buffer_append_text(out, "\\t");
    default:
        return append_escape(out, code_point);
    }
}

/* Appends the inside of a string. Where `spelled`, it is JSON already: quotes and backslashes stay.
 */
static bool append_characters(struct buffer *out, const char *text, size_t size, bool spelled) {
    size_t kept = 0; /* text[kept, at) is to be copied as it is */
    bool ok = true;
    for (size_t at = 0; at < size && ok;) {
        size_t start = at;
        uint32_t code_point = utf8_next(text, size, &at);
        bool quoted = !spelled && (code_point == '"' || code_point == '\\');
        if (code_point != UTF8_ILL_FORMED && !quoted &&
            !is_unsafe(text + start, at - start, code_point, &ok))
            continue;
        ok = ok && buffer_append(out, text + kept, start - kept);
        if (code_point == UTF8_ILL_FORMED)
            ok = ok && buffer_append(out, "\xEF\xBF\xBD", 3);
        else if (quoted)
            ok = ok && buffer_append_byte(out, '\\') && buffer_append_byte(out, (char)code_point);
        else
            ok = ok && append_control(out, code_point);
        kept = at;
    }
    return ok && buffer_append(out, text + kept, size - kept);
}

bool json_text_append_string(struct buffer *out, const char *text, size_t size) {
    return buffer_append_byte(out, '"') && append_characters(out, text, size, false) &&
           buffer_append_byte(out, '"');
}

bool json_text_append_json(struct buffer *out, const char *json, size_t size) {
    for (size_t at = 0; at < size;) {
        if (json[at] != '"') {
            bool layout = json[at] == '\t' || json[at] == '\n' || json[at] == '\r';
            if (!buffer_append_byte(out, layout ? ' ' : json[at]))
                return false;
            at++;
            continue;
        }
        size_t end = at + 1;
        while (end < size && json[end] != '"')
            end += json[end] == '\\' && end + 1 < size ? 2 : 1;
        end = end < size ? end + 1 : size;
        if (!append_characters(out, json + at, end - at, true))
            return false;
        at = end;
    }
    return true;
}

bool json_text_append(struct buffer *out, struct json_object *value) {
    size_t size;
    const char *text = json_object_to_json_string_length(
        value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &size);
    return text && json_text_append_json(out, text, size);
}
