/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See text_support.h. */
#include "text_support.h"

#include "base/utf8.h"

void assert_status_at(xunzi_status expected, xunzi_status status, const char *call,
                      const char *file, int line) {
    if (status != expected) {
        print_error("%s\n  gave \"%s\", not \"%s\"; the last sentence is: %s\n", call,
                    xunzi_status_name(status), xunzi_status_name(expected), xunzi_error_message());
        _fail(file, line);
    }
}

void assert_text_at(xunzi_string expected, xunzi_string string, const char *file, int line) {
    if (string.size != expected.size ||
        (string.size > 0 && memcmp(string.data, expected.data, string.size) != 0)) {
        print_error("expected \"%.*s\"\n     got \"%.*s\"\n", (int)expected.size, expected.data,
                    (int)string.size, string.data);
        _fail(file, line);
    }
}

static uint64_t random_state = 1;

void random_seed(uint64_t seed) {
    random_state = seed * 0x9E3779B97F4A7C15u + 1;
}

uint32_t random_below(uint32_t bound) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % bound;
}

void append_code_point(struct buffer *text, uint32_t code_point) {
    char bytes[4];
    assert_true(buffer_append(text, bytes, utf8_encode(code_point, bytes)));
}

void append_one_of(struct buffer *text, const char *characters) {
    size_t size = strlen(characters), count = 0, at = 0;
    while (at < size) {
        utf8_next(characters, size, &at);
        count++;
    }
    at = 0;
    for (uint32_t left = random_below((uint32_t)count); left > 0; left--)
        utf8_next(characters, size, &at);
    append_code_point(text, utf8_next(characters, size, &at));
}

static uint32_t random_between(uint32_t first, uint32_t last) {
    return first + random_below(last - first + 1);
}

static void append_random(struct buffer *text) {
    switch (random_below(24)) {
    case 0:
        append_code_point(text, random_between(0x300, 0x36F)); /* marks */
        break;
    case 1:
        append_code_point(text, random_between(0x1100, 0x11FF)); /* conjoining jamo */
        break;
    case 2:
        append_code_point(text, random_between(0xFF61, 0xFFDC)); /* half-width kana and jamo */
        break;
    case 3:
        append_one_of(text, "\u3099\u309A\uFF9E\uFF9F\u0345\u0307\u0327\u05BF\u0F71\u0F72\u093C");
        break;
    case 4: /* ignorable */
        append_one_of(text, "\u200B\u200C\u200D\u00AD\uFE0F\u2060\uFEFF\u115F\u180E\U000E0100");
        break;
    case 5: /* become several, or change their case in an odd way */
        append_one_of(text, "ﬁ㍿\uFDFAẞßİŉǰ㈱㎡½ΐ῾´¨…㏕ﾞﷺ\U0001D15E\u0958\u0F73\u1E9B");
        break;
    case 6:
        append_code_point(text, random_between(0xAC00, 0xD7A3));
        break;
    case 7:
        append_code_point(text, random_between(0x20000, 0x2FA1D)); /* Han of plane 2 */
        break;
    case 8:
        append_code_point(text, random_between(0x3041, 0x30FF));
        break;
    case 9: {
        uint32_t any = random_between(0, 0x10FFFF);
        append_code_point(text, any >= 0xD800 && any <= 0xDFFF ? 0x4E00 : any);
        break;
    }
    case 10:
    case 11:
        append_one_of(text, " \t\n\u3000\u00A0，。、！—“”「」(),;:-+*/#\u2028");
        break;
    case 12:
    case 13:
        append_one_of(text, ".'’_,·‿٫:;．＇＿");
        break;
    case 14:
        append_code_point(text, '\0');
        break;
    case 15:
    case 16:
        append_one_of(text, "0123456789٣５");
        break;
    case 17:
    case 18:
    case 19:
        append_one_of(text, "abcxyzAQZéÅÉσΣςжЖגＧ");
        break;
    default:
        append_one_of(text, "國国裏裡里爲為为聯合中文學习之々〇");
        break;
    }
}

void random_text(struct buffer *text, size_t count) {
    buffer_clear(text);
    for (size_t i = 0; i < count; i++)
        append_random(text);
}

char *exact_copy(const char *data, size_t size) {
    char *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    if (size > 0)
        memcpy(copy, data, size);
    return copy;
}
