/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/text/damage.h"

#include <stdio.h>
#include <stdlib.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "base/utf8.h"
#include "text/character.h"

/* ICU's converters, not the tables of the code that is tested. */
static UConverter *converters[3]; /* by charset; and GB 18030, which gives private-use characters
                                     where GBK has none */
static UTransliterator *readings, *simplified;

static void need(bool is_so, const char *what) {
    if (is_so)
        return;
    fprintf(stderr, "damage.c: %s\n", what);
    abort();
}

static UTransliterator *open_transliterator(const char *name) {
    UErrorCode code = U_ZERO_ERROR;
    UChar units[32];
    u_uastrcpy(units, name);
    UTransliterator *transliterator = utrans_openU(units, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
    need(U_SUCCESS(code), "ICU has not got a transliterator");
    return transliterator;
}

static void close_all(void) {
    for (int i = 0; i < 3; i++)
        ucnv_close(converters[i]);
    utrans_close(readings);
    utrans_close(simplified);
}

static void open_all(void) {
    static const char *const names[3] = {"GBK", "Big5", "gb18030"};
    if (readings)
        return;
    for (int i = 0; i < 3; i++) {
        UErrorCode code = U_ZERO_ERROR;
        converters[i] = ucnv_open(names[i], &code);
        ucnv_setToUCallBack(converters[i], UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
        ucnv_setFromUCallBack(converters[i], UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
        need(U_SUCCESS(code), "ICU has not got a converter");
    }
    readings = open_transliterator("Han-Latin");
    simplified = open_transliterator("Hant-Hans");
    atexit(close_all);
}

/* Appends what a transliterator makes of a character to text; returns how many code points. */
static int32_t transliterate(UTransliterator *transliterator, uint32_t character, UChar32 out[16]) {
    UErrorCode code = U_ZERO_ERROR;
    UChar units[32];
    int32_t size = 0, count = 0;
    UChar32 one = (UChar32)character;
    u_strFromUTF32(units, 32, &size, &one, 1, &code);
    int32_t limit = size;
    utrans_transUChars(transliterator, units, &size, 32, 0, &limit, &code);
    u_strToUTF32(out, 16, &count, units, size, &code);
    need(U_SUCCESS(code), "a transliteration failed");
    return count;
}

/* The two bytes of a character, or 0. */
static unsigned encode(uint32_t character, enum damage_charset charset) {
    open_all();
    UErrorCode code = U_ZERO_ERROR;
    UChar unit = (UChar)character;
    char bytes[8];
    if (character < 0x80 || character > 0xFFFF)
        return 0;
    int32_t size = ucnv_fromUChars(converters[charset], bytes, sizeof bytes, &unit, 1, &code);
    return U_SUCCESS(code) && size == 2
               ? (unsigned)(unsigned char)bytes[0] << 8 | (unsigned char)bytes[1]
               : 0;
}

/* The character of two bytes, or 0; private-use characters are none, but for DAMAGE_PRIVATE. */
static uint32_t decode(unsigned lead, unsigned trail, const struct damage_options *options) {
    bool with_private = options->reading == DAMAGE_PRIVATE && options->charset == DAMAGE_GBK;
    UErrorCode code = U_ZERO_ERROR;
    const char bytes[2] = {(char)lead, (char)trail};
    UChar units[4];
    int32_t size = ucnv_toUChars(converters[with_private ? 2 : (int)options->charset], units, 4,
                                 bytes, 2, &code);
    if (U_FAILURE(code) || size != 1)
        return 0;
    return with_private || units[0] < 0xE000 || units[0] >= 0xF900 ? units[0] : 0;
}

static void append(struct damage_text *text, uint32_t character) {
    need(array_reserve(&text->characters, &text->capacity, text->count + 1,
                       sizeof *text->characters),
         "no memory");
    text->characters[text->count++] = character;
}

static void append_utf8(struct buffer *page, uint32_t character) {
    char bytes[4];
    need(buffer_append(page, bytes, utf8_encode(character, bytes)), "no memory");
}

void damage_text_read(struct damage_text *text, const char *utf8, size_t size) {
    text->count = 0;
    for (size_t at = 0; at < size;)
        append(text, utf8_next(utf8, size, &at));
}

void damage_text_free(struct damage_text *text) {
    free(text->characters);
    *text = (struct damage_text){0};
}

static uint32_t narrow(uint32_t character) {
    if (character == 0x3000)
        return ' ';
    return character >= 0xFF01 && character <= 0xFF5E ? character - 0xFEE0 : character;
}

void damage_text_narrow(struct damage_text *text) {
    for (size_t i = 0; i < text->count; i++)
        text->characters[i] = narrow(text->characters[i]);
}

bool damage_possible(uint32_t character, enum damage_charset charset) {
    return encode(character, charset) != 0;
}

/* Bytes, and which character of the original each comes of. */
struct stream {
    struct byte {
        uint8_t byte;
        bool is_lost, is_lead, is_cut; /* cut: a piece of its own begins here */
        uint32_t origin;
        uint32_t character; /* one that is not in the charset goes through whole */
    } * bytes;
    size_t count, capacity;
};

static void add_byte(struct stream *stream, struct byte byte) {
    need(array_reserve(&stream->bytes, &stream->capacity, stream->count + 1, sizeof *stream->bytes),
         "no memory");
    stream->bytes[stream->count++] = byte;
}

static void add_character(struct stream *stream, uint32_t character, uint32_t origin, bool lost,
                          bool cut, enum damage_charset charset) {
    unsigned pair = encode(character, charset);
    struct byte byte = {.origin = origin, .is_lead = true, .is_cut = cut, .is_lost = lost};
    if (pair == 0) {
        byte.byte = character < 0x80 ? (uint8_t)character : 0;
        byte.character = character < 0x80 ? 0 : character;
        add_byte(stream, byte);
        return;
    }
    byte.byte = (uint8_t)(pair >> 8);
    add_byte(stream, byte);
    byte = (struct byte){.byte = (uint8_t)pair, .origin = origin};
    add_byte(stream, byte);
}

static bool is_punctuation(uint32_t character) {
    if (character < 0x80)
        return !(character >= '0' && character <= '9') &&
               !((character | 0x20) >= 'a' && (character | 0x20) <= 'z');
    enum character_class class = character_entry_class(character_entry(character));
    return class == CHARACTER_PUNCTUATION || class == CHARACTER_SPACE ||
           (class != CHARACTER_HAN && character > 0x2000 && class >= CHARACTER_CONNECTOR);
}

static void add_reading(struct stream *stream, uint32_t character, uint32_t origin,
                        enum damage_charset charset) {
    UChar32 letters[16], other[16];
    int32_t count = transliterate(simplified, character, other);
    if (count != 1 || (uint32_t)other[0] == character)
        return;
    count = transliterate(readings, character, letters);
    if (count == 1 && (uint32_t)letters[0] == character)
        return;
    add_character(stream, '(', origin, false, false, charset);
    for (int32_t i = 0; i < count; i++)
        add_character(stream, (uint32_t)letters[i], origin, false, false, charset);
    add_character(stream, ')', origin, false, false, charset);
}

static void show(const struct stream *stream, const struct damage_options *options,
                 struct damaged *out, size_t lost) {
    uint32_t sign = options->reading == DAMAGE_REPLACEMENT ? UTF8_REPLACEMENT : '?';
    const struct byte *bytes = stream->bytes;
    uint32_t last_shifted = (uint32_t)lost;
    for (size_t i = 0; i < stream->count;) {
        const struct byte *first = &bytes[i];
        if (first->is_lost) {
            if (!options->without_mark)
                append_utf8(&out->page, sign);
            i++;
            continue;
        }
        if (lost != SIZE_MAX && !first->is_lead && first->origin >= lost &&
            first->origin > last_shifted)
            last_shifted = first->origin;
        if (first->character || first->byte < 0x80) {
            append_utf8(&out->page, first->character ? first->character : first->byte);
            i++;
            continue;
        }
        if (i + 1 == stream->count || bytes[i + 1].is_lost || bytes[i + 1].character ||
            (bytes[i + 1].is_cut && !first->is_lead)) {
            append_utf8(&out->page, sign);
            i++;
            continue;
        }
        unsigned trail = bytes[i + 1].byte;
        uint32_t character = trail >= 0x40 ? decode(first->byte, trail, options) : 0;
        if (character) {
            append_utf8(&out->page, narrow(character));
            i += 2;
        } else if (options->reading == DAMAGE_DROPPED && trail >= 0xA1) {
            i += 2;
        } else {
            append_utf8(&out->page, sign);
            bool both = options->reading == DAMAGE_WHOLE_PAIR ||
                        (options->reading != DAMAGE_REPLACEMENT && trail < 0x80);
            i += both ? 2 : 1;
        }
    }
    out->shifted = lost == SIZE_MAX ? 0 : last_shifted - lost + 1;
}

void damage_make(const struct damage_text *text, size_t lost, const struct damage_options *options,
                 struct damaged *out) {
    struct stream stream = {0};
    open_all();
    buffer_clear(&out->page);
    for (size_t i = 0; i < text->count; i++) {
        uint32_t character = text->characters[i];
        add_character(&stream, character, (uint32_t)i, i == lost,
                      options->by_run && is_punctuation(character), options->charset);
        if (options->annotate)
            add_reading(&stream, character, (uint32_t)i, options->charset);
    }
    show(&stream, options, out, lost);
    free(stream.bytes);
}

uint32_t damage_fold(uint32_t character) {
    if (character > 0x10FFFF)
        return 0;
    uint32_t entry = character_entry(character);
    return character_entry_class(entry) == CHARACTER_HAN ? character_entry_folded(character, entry)
                                                         : 0;
}

void damage_see(const struct buffer *page, const struct edits *edits, unsigned reading,
                struct damage_text *out) {
    size_t edit = 0;
    out->count = 0;
    for (size_t at = 0; at < page->size;) {
        if (edits && edit < edits->count && edits->items[edit].begin == at) {
            xunzi_string mended = edits->items[edit].replacement;
            if (reading > 0)
                edit_other(&edits->items[edit], reading - 1, &mended);
            for (size_t i = 0; i < mended.size;)
                append(out, damage_fold(utf8_next(mended.data, mended.size, &i)));
            at = edits->items[edit++].end;
            continue;
        }
        append(out, damage_fold(utf8_next(page->data, page->size, &at)));
    }
}

bool damage_found(const struct damage_text *seen, const uint32_t *folded, size_t count) {
    for (size_t i = 0; i + count <= seen->count; i++)
        if (memcmp(seen->characters + i, folded, count * sizeof *folded) == 0)
            return true;
    return false;
}

void damage_look(const struct buffer *page, const struct edits *edits, struct damage_views *views) {
    damage_see(page, NULL, 0, &views->texts[0]);
    for (unsigned reading = 0; reading <= EDIT_OTHERS_MOST; reading++)
        damage_see(page, edits, reading, &views->texts[1 + reading]);
}

bool damage_finds(const struct damage_views *views, const uint32_t *folded, size_t count) {
    bool found = false;
    for (size_t i = 0; !found && i < sizeof views->texts / sizeof *views->texts; i++)
        found = damage_found(&views->texts[i], folded, count);
    return found;
}

void damage_views_free(struct damage_views *views) {
    for (size_t i = 0; i < sizeof views->texts / sizeof *views->texts; i++)
        damage_text_free(&views->texts[i]);
}
