/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Laying text out: CSS Text Level 3, section 4.1 ("white space processing"), as far as plain text
 * can show it. */
#include "indexer/html_text.h"

#include "base/utf8.h"
#include "text/character.h"

void html_text_clear(struct html_text *text) {
    struct buffer kept = text->text;
    buffer_clear(&kept);
    *text = (struct html_text){.text = kept};
}

static bool at_line_start(const struct html_text *text) {
    return text->text.size == 0 || text->text.data[text->text.size - 1] == '\n';
}

static bool is_space(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
}

/* U+00A0 and U+3000 indent lines; at a line's beginning and end they are layout. */
static size_t wide_space_size(const char *text, size_t size) {
    if (size >= 2 && memcmp(text, "\xC2\xA0", 2) == 0)
        return 2;
    return size >= 3 && memcmp(text, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

/* A line break of the source beside such a character is not seen as a space: Han, kana, and the
 * punctuation that goes with them. */
static bool is_wide(uint32_t c) {
    if (c < 0x2E80)
        return false;
    enum character_class class = character_entry_class(character_entry(c));
    return class == CHARACTER_HAN || class == CHARACTER_KANA || (c >= 0x3000 && c < 0x3040) ||
           (c >= 0xFF00 && c < 0xFFF0);
}

static void put(struct html_text *text, const char *bytes, size_t size) {
    text->no_memory = text->no_memory || !buffer_append(&text->text, bytes, size);
}

/* The white space that is due before the character c. */
static void put_space(struct html_text *text, uint32_t c) {
    if (!at_line_start(text)) {
        if (text->tab)
            put(text, "\t", 1);
        else if (text->parted ||
                 (text->space && !(text->has_break && text->after_wide && is_wide(c))))
            put(text, " ", 1);
    }
    text->space = text->has_break = text->parted = text->tab = false;
}

static void append_preformatted(struct html_text *text, const char *piece, size_t size) {
    if (size > 0)
        put_space(text, 0);
    for (size_t at = 0, end; at < size; at = end + 1) {
        for (end = at; end < size && piece[end] != '\r'; end++)
            continue;
        put(text, piece + at, end - at);
        if (end < size && (end + 1 == size || piece[end + 1] != '\n'))
            put(text, "\n", 1);
    }
    text->after_wide = false;
}

void html_text_append(struct html_text *text, const char *piece, size_t size, bool preformatted) {
    if (preformatted) {
        append_preformatted(text, piece, size);
        return;
    }
    for (size_t at = 0; at < size && !text->no_memory;) {
        if (is_space(piece[at])) {
            text->has_break = text->has_break || piece[at] == '\n' || piece[at] == '\r';
            text->space = true;
            at++;
            continue;
        }
        size_t step = wide_space_size(piece + at, size - at);
        if (step > 0 && at_line_start(text)) {
            at += step;
            continue;
        }
        size_t begin = at;
        uint32_t c = utf8_next(piece, size, &at);
        put_space(text, c);
        put(text, piece + begin, at - begin);
        text->after_wide = is_wide(c);
    }
}

/* The size of the white space other than a line feed that text ends with. */
static size_t space_size_at_end(const char *text, size_t size) {
    if (size >= 1 && is_space(text[size - 1]) && text[size - 1] != '\n')
        return 1;
    if (size >= 2 && wide_space_size(text + size - 2, 2) == 2)
        return 2;
    return size >= 3 && wide_space_size(text + size - 3, 3) == 3 ? 3 : 0;
}

void html_text_end_line(struct html_text *text) {
    struct buffer *out = &text->text;
    for (size_t size; (size = space_size_at_end(out->data, out->size)) > 0;)
        out->size -= size;
    if (!at_line_start(text))
        put(text, "\n", 1);
    text->space = text->has_break = text->parted = text->tab = text->after_wide = false;
}

void html_text_part(struct html_text *text, bool cell) {
    text->tab = text->tab || cell;
    text->parted = true;
}
