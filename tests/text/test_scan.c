/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Passing over clean text, both ways, beside a slow one that reads a character at a time and asks
 * ICU for its bytes in GBK. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucnv.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "text/scan.h"

static UConverter *gbk;
static uint64_t seed;

static int open_charset(void **state) {
    (void)state;
    UErrorCode code = U_ZERO_ERROR;
    gbk = ucnv_open("gb18030", &code);
    return U_SUCCESS(code) ? 0 : -1;
}

static int close_charset(void **state) {
    (void)state;
    ucnv_close(gbk);
    return 0;
}

static uint32_t below(uint32_t bound) {
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((seed >> 33) % bound);
}

/* ---- The slow way ---- */

static uint32_t character_at(const char *text, size_t size, size_t at) {
    return utf8_next(text, size, &at);
}

static uint32_t character_before(const char *text, size_t at) {
    size_t begin = at - 1;
    while (begin > 0 && at - begin < 4 && ((unsigned char)text[begin] & 0xC0) == 0x80)
        begin--;
    size_t end = begin;
    uint32_t c = utf8_next(text, at, &end);
    return end == at ? c : UTF8_ILL_FORMED;
}

/* Whether a character beside a parenthesis cannot be of a reading inside it. */
static bool is_plain(uint32_t c) {
    if (c >= 0x80)
        return c >= 0x4000 && c <= 0x9FFF;
    return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ' || c == '\'');
}

static size_t slow_mark(const char *text, size_t size, size_t at) {
    while (at < size) {
        size_t next = at;
        uint32_t c = utf8_next(text, size, &next);
        if (c == '?' || c == 0xFF1F || c == UTF8_REPLACEMENT)
            return at;
        if ((c == '(' || c == 0xFF08) &&
            (next == size || !is_plain(character_at(text, size, next))))
            return at;
        if ((c == ')' || c == 0xFF09) && at > 0 && !is_plain(character_before(text, at)))
            return at;
        at = next;
    }
    return size;
}

static bool begins_twice(uint32_t c) {
    char bytes[8];
    UChar unit = (UChar)c;
    UErrorCode code = U_ZERO_ERROR;
    if (c >= 0xC0 && c <= 0xFF)
        return true;
    if (c < 0x4E00 || c > 0x9FFF)
        return false;
    int32_t size = ucnv_fromUChars(gbk, bytes, sizeof bytes, &unit, 1, &code);
    const unsigned char *pair = (const unsigned char *)bytes;
    return U_SUCCESS(code) && size == 2 && pair[0] >= 0xE2 && pair[0] <= 0xEF && pair[1] >= 0x80 &&
           pair[1] < 0xC0;
}

static size_t slow_double_encoding(const char *text, size_t size, size_t at) {
    while (size - at >= 3) {
        size_t next = at;
        uint32_t c = utf8_next(text, size, &next);
        if (begins_twice(c))
            return at;
        at = next;
        if (at > size)
            break;
    }
    return size;
}

/* ---- Comparing ---- */

typedef size_t scan(const char *text, size_t size, size_t at);

static void assert_alike(scan *slow, scan *portable, scan *quick, const struct buffer *text) {
    /* A copy that ends where the memory ends, so that reading behind it is found. */
    char *copy = malloc(text->size + 1);
    assert_non_null(copy);
    memcpy(copy + 1, text->data, text->size);
    for (size_t at = 0; at < text->size;) {
        size_t place = slow(copy + 1, text->size, at);
        assert_int_equal(portable(copy + 1, text->size, at), place);
        assert_int_equal(quick(copy + 1, text->size, at), place);
        at = place;
        if (at < text->size)
            utf8_next(text->data, text->size, &at);
    }
    assert_int_equal(quick(copy + 1, text->size, text->size), text->size);
    free(copy);
}

static void append(struct buffer *text, uint32_t c) {
    assert_true(utf8_append(text, c));
}

static const char *const pieces[] = {"?",
                                     "(",
                                     ")",
                                     "(",
                                     ")",
                                     "\xEF\xBC\x88",
                                     "\xEF\xBC\x89",
                                     "\xEF\xBC\x9F",
                                     "\xEF\xBF\xBD",
                                     "\xC3\xA9",
                                     "(y\xC4\xAB)",
                                     "\xEF\xBC\x88zhu\xC4\x81n\xEF\xBC\x89",
                                     "2021",
                                     " ",
                                     "'",
                                     "\n",
                                     "\xEF\xBC\x8C",
                                     "\xEF\xBC\x9A",
                                     "\xE6\xB6\x93",
                                     "\xE9\x8F\x82",
                                     "\xF0\xA0\x80\x80",
                                     "\xC3\xA4\xC2\xB8\xC2\xAD",
                                     "\xE2\x80\x9C",
                                     "\xEF\xAC\x81",
                                     "\xE3\x80\x82",
                                     "(\xE9\xA6\x96)"};

/* Mostly characters that are no place, in lengths about those that are looked at at once. */
static void make_text(struct buffer *text, bool han_only) {
    uint32_t length = below(140), rarity = 2 + below(60);
    buffer_clear(text);
    for (uint32_t i = 0; i < length; i++) {
        if (below(rarity) == 0) {
            const char *piece = pieces[below(sizeof pieces / sizeof *pieces)];
            assert_true(buffer_append_text(text, piece));
        } else if (!han_only && below(4) == 0) {
            append(text, 0x20 + below(0x5F));
        } else if (!han_only && below(20) == 0) {
            append(text, 0x80 + below(0x2000));
        } else {
            static const uint32_t common[] = {0x7684, 0x4E00, 0x662F, 0x5728, 0x9662, 0x91AB};
            append(text, common[below(sizeof common / sizeof *common)]);
        }
    }
}

static void marks_are_found(void **state) {
    (void)state;
    struct buffer text = {0};
    seed = 1;
    for (int i = 0; i < 6000; i++) {
        make_text(&text, i % 2 == 1);
        assert_alike(slow_mark, scan_for_mark_portable, scan_for_mark, &text);
    }
    buffer_free(&text);
}

/* Bytes that are no UTF-8: the two ways give the same, and what they give are marks. */
static void marks_among_bytes(void **state) {
    (void)state;
    static const unsigned char bytes[] = {'?',  '(',  ')',  0xEF, 0xBC, 0x88, 0x89, 0x9F, 0xBF,
                                          0xBD, 0xE4, 0xB8, 0xAD, 'a',  0x80, 0xC3, 0xFF, 0};
    seed = 2;
    for (int i = 0; i < 20000; i++) {
        char text[150];
        size_t size = below(sizeof text);
        for (size_t j = 0; j < size; j++)
            text[j] = (char)bytes[below((uint32_t)sizeof bytes)];
        for (size_t at = 0; at < size; at++) {
            size_t place = scan_for_mark_portable(text, size, at);
            assert_int_equal(scan_for_mark(text, size, at), place);
            at = place;
            if (at < size)
                assert_true(text[at] == '?' || text[at] == '(' || text[at] == ')' ||
                            text[at] == '\xEF');
        }
    }
}

static void double_encodings_are_found(void **state) {
    (void)state;
    struct buffer text = {0};
    seed = 3;
    for (int i = 0; i < 6000; i++) {
        make_text(&text, i % 2 == 1);
        assert_alike(slow_double_encoding, scan_for_double_encoding_portable,
                     scan_for_double_encoding, &text);
    }
    buffer_free(&text);
}

/* Every character of the Basic Multilingual Plane, alone among others, at every place in 34. */
static void every_character_is_told(void **state) {
    (void)state;
    struct buffer text = {0};
    for (uint32_t c = 1; c < 0x10000; c += c == 0xD7FF ? 0x801 : 1) {
        buffer_clear(&text);
        for (uint32_t i = 0; i < c % 34; i++)
            append(&text, 'x');
        append(&text, c);
        for (uint32_t i = 0; i < 20; i++)
            append(&text, 0x7684);
        size_t place = begins_twice(c) ? c % 34 : text.size;
        assert_int_equal(scan_for_double_encoding(text.data, text.size, 0), place);
        assert_int_equal(scan_for_double_encoding_portable(text.data, text.size, 0), place);
        place = c == '?' || c == '(' || c == 0xFF1F || c == UTF8_REPLACEMENT ? c % 34 : text.size;
        if (c == ')' || c == 0xFF09)
            place = c % 34 > 0 ? c % 34 : text.size; /* an x stands before it */
        if (c == '(' || c == 0xFF08)
            place = text.size; /* an ideograph stands behind it */
        assert_int_equal(scan_for_mark(text.data, text.size, 0), place);
    }
    buffer_free(&text);
}

static void texts_are_told(void **state) {
    (void)state;
    struct buffer text = {0};
    size_t times[4] = {0};
    seed = 4;
    for (int i = 0; i < 20000; i++) {
        make_text(&text, i % 2 == 1);
        unsigned expected = 0;
        if (slow_mark(text.data, text.size, 0) < text.size)
            expected |= SCAN_MARKS;
        if (slow_double_encoding(text.data, text.size, 0) < text.size)
            expected |= SCAN_DOUBLE_ENCODINGS;
        assert_int_equal(scan_text(text.data, text.size), expected);
        times[expected]++;
    }
    for (size_t i = 0; i < 4; i++)
        assert_true(times[i] > 1000);
    assert_int_equal(scan_text(NULL, 0), 0);
    buffer_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_found),
        cmocka_unit_test(marks_among_bytes),
        cmocka_unit_test(double_encodings_are_found),
        cmocka_unit_test(every_character_is_told),
        cmocka_unit_test(texts_are_told),
    };
    return cmocka_run_group_tests(tests, open_charset, close_charset);
}
