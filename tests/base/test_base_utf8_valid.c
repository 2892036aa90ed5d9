/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base/utf8_valid: the well-formed beginning that both ways find, the portable one and that of this
 * processor, is the one that decoding a code point at a time finds; and neither reads outside the
 * text, before which and behind which there is no memory in turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/utf8.h"

enum { MOST = 512 }; /* bytes of a text */

/* A page between two that may not be touched. */
static struct {
    char *begin;
    size_t size;
} page;

static int make_page(void **state) {
    (void)state;
    page.size = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 3 * page.size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return -1;
    page.begin = pages + page.size;
    return mprotect(page.begin, page.size, PROT_READ | PROT_WRITE);
}

static int free_page(void **state) {
    (void)state;
    return munmap(page.begin - page.size, 3 * page.size);
}

static uint64_t random_state = 0x9E3779B97F4A7C15u;

static uint32_t random_below(uint32_t bound) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % bound;
}

/* The size of the well-formed sequence that text begins with; 0: there is none. */
static size_t sequence_size(const unsigned char *text, size_t size) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000}; /* by the sequence's size */
    size_t wanted;
    uint32_t code_point;
    if (text[0] < 0x80)
        return 1;
    if (text[0] >> 5 == 0x6) {
        wanted = 2;
        code_point = text[0] & 0x1F;
    } else if (text[0] >> 4 == 0xE) {
        wanted = 3;
        code_point = text[0] & 0x0F;
    } else if (text[0] >> 3 == 0x1E) {
        wanted = 4;
        code_point = text[0] & 0x07;
    } else {
        return 0;
    }
    if (size < wanted)
        return 0;
    for (size_t i = 1; i < wanted; i++) {
        if (text[i] >> 6 != 0x2)
            return 0;
        code_point = code_point << 6 | (text[i] & 0x3F);
    }
    bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    return code_point < least[wanted] || surrogate || code_point > 0x10FFFF ? 0 : wanted;
}

static size_t expected_prefix(const char *text, size_t size) {
    size_t at = 0;
    while (at < size) {
        size_t sequence = sequence_size((const unsigned char *)text + at, size - at);
        if (sequence == 0)
            break;
        at += sequence;
    }
    return at;
}

static void check(const char *text, size_t size) {
    size_t expected = expected_prefix(text, size);
    char *const places[] = {page.begin, page.begin + page.size - size};
    for (size_t i = 0; i < 2; i++) {
        memcpy(places[i], text, size);
        assert_int_equal(utf8_valid_prefix(places[i], size), expected);
        assert_int_equal(utf8_valid_prefix_portable(places[i], size), expected);
    }
}

static const char *const characters[] = {"a", "é", "尋", "𡃁"}; /* by size, less one */

/* Puts characters of `kind` + 1 bytes, or of all sizes in turn, to [at, end), as many as have room,
 * and letters where none has. */
static void fill(char *text, size_t at, size_t end, size_t kind) {
    for (size_t turn = 0; at < end; turn++) {
        const char *character = characters[kind < 4 ? kind : turn % 4];
        size_t size = strlen(character);
        if (size > end - at) {
            character = characters[0];
            size = 1;
        }
        memcpy(text + at, character, size);
        at += size;
    }
}

enum { KINDS = 5 };

static void test_every_length_whole_and_cut(void **state) {
    (void)state;
    char text[MOST];
    for (size_t kind = 0; kind < KINDS; kind++)
        for (size_t size = 0; size <= 200; size++) {
            fill(text, 0, size, kind);
            assert_int_equal(expected_prefix(text, size), size);
            check(text, size);
            fill(text, 0, MOST, kind);
            check(text, size); /* the last character is cut, or it is not */
        }
}

static const char *const sequences[] = {
    /* the first and the last of each size, and what stands beside the surrogates */
    "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xEC\xBF\xBF", "\xED\x80\x80", "\xED\x9F\xBF",
    "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF3\xBF\xBF\xBF", "\xF4\x80\x80\x80",
    "\xF4\x8F\xBF\xBF",
    /* overlong */
    "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF",
    /* surrogates */
    "\xED\xA0\x80", "\xED\xBF\xBF", "\xED\xA0\xBD\xED\xB8\x80",
    /* above U+10FFFF, and leads of none */
    "\xF4\x90\x80\x80", "\xF4\xBF\xBF\xBF", "\xF5\x80\x80\x80", "\xF7\xBF\xBF\xBF",
    "\xF8\x88\x80\x80\x80", "\xFC\x84\x80\x80\x80\x80", "\xFE", "\xFF",
    /* continuations of nothing, and one too many */
    "\x80", "\xBF", "\x80\x80", "\x80\x80\x80", "\x80\x80\x80\x80", "\xC2\x80\x80",
    "\xE5\xB0\x8B\x8B", "\xF0\xA1\x83\x81\x81",
    /* cut */
    "\xC2", "\xE5", "\xE5\xB0", "\xF0", "\xF0\xA1", "\xF0\xA1\x83", "\xE5\xE5\xB0\x8B",
    "\xE5\xB0\xE5\xB0\x8B", "\xF0\xA1\x83\xF0\xA1\x83\x81", "\xC2\xC2\x80", "\xF0\xA1\xC2\x80"};

/* Each sequence at each place of two blocks, followed by nothing, by little and by much. */
static void test_every_sequence_at_every_place(void **state) {
    (void)state;
    static const size_t behind[] = {0, 1, 2, 3, 4, 13, 16, 29, 31, 32, 33, 64, 130};
    for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++)
        for (size_t place = 0; place < 64; place++)
            for (size_t kind = 0; kind < KINDS; kind++)
                for (size_t b = 0; b < sizeof behind / sizeof *behind; b++) {
                    char text[MOST];
                    size_t sequence = strlen(sequences[i]), end = place + sequence + behind[b];
                    fill(text, 0, place, kind);
                    memcpy(text + place, sequences[i], sequence);
                    fill(text, place + sequence, end, kind);
                    check(text, end);
                }
}

/* Every byte behind every byte, and what may matter behind those, over the border of two blocks
 * and at the end of a text. */
static void test_every_pair_of_bytes(void **state) {
    (void)state;
    static const unsigned char rest[] = {0x41, 0x7F, 0x80, 0x8F, 0x90, 0xBF, 0xC2, 0xE4};
    enum { RESTS = sizeof rest, BEGIN = 30, END = 70 };
    char text[END];
    fill(text, 0, END, 2);
    for (unsigned lead = 0; lead < 256; lead++)
        for (unsigned second = 0; second < 256; second++)
            for (size_t third = 0; third < (lead < 0xE0 ? 1 : RESTS); third++)
                for (size_t fourth = 0; fourth < (lead < 0xF0 ? 1 : RESTS); fourth++) {
                    const char bytes[] = {(char)lead, (char)second, (char)rest[third],
                                          (char)rest[fourth]};
                    memcpy(text + BEGIN, bytes, sizeof bytes);
                    check(text, BEGIN + sizeof bytes);
                    check(text, END);
                }
}

/* Valid texts, of which up to three bytes are changed, taken out, put in, or the end cut. */
static void test_random_mutations(void **state) {
    (void)state;
    for (int round = 0; round < 100000; round++) {
        char text[MOST];
        size_t size = 0, wanted = random_below(200);
        uint32_t kinds = 1 + random_below(15); /* which sizes of characters there are, as bits */
        while (size < wanted) {
            static const uint32_t first[] = {0, 0x80, 0x800, 0x10000, 0x110000};
            uint32_t kind = random_below(4);
            uint32_t code_point = first[kind] + random_below(first[kind + 1] - first[kind]);
            if ((kinds >> kind & 1) && (code_point < 0xD800 || code_point > 0xDFFF))
                size += utf8_encode(code_point, text + size);
        }
        for (uint32_t mutations = random_below(4); mutations > 0 && size > 0; mutations--) {
            size_t at = random_below((uint32_t)size);
            switch (random_below(4)) {
            case 0:
                text[at] = (char)random_below(256);
                break;
            case 1:
                memmove(text + at, text + at + 1, --size - at);
                break;
            case 2:
                memmove(text + at + 1, text + at, size++ - at);
                text[at] = (char)(0x80 + random_below(128));
                break;
            default:
                size -= random_below(size < 4 ? (uint32_t)size : 4);
            }
        }
        check(text, size);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_length_whole_and_cut),
        cmocka_unit_test(test_every_sequence_at_every_place),
        cmocka_unit_test(test_every_pair_of_bytes),
        cmocka_unit_test(test_random_mutations),
    };
    return cmocka_run_group_tests(tests, make_page, free_page);
}
