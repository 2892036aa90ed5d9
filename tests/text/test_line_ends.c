/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text/line_ends: what is found, by both ways, is what looking at every byte finds. */
#include "text_support.h"

#include "text/line_ends.h"

/* In memory of just the text's size. */
static void check(const char *bytes, size_t size) {
    uint16_t found[2][LINE_ENDS_MOST];
    char *text = exact_copy(bytes, size);
    size_t count = line_ends_find(text, size, found[0]), expected = 0;
    assert_int_equal(line_ends_find_portable(text, size, found[1]), count);
    for (size_t i = 0; i < size; i++) {
        if (text[i] != '\n' && text[i] != '\r')
            continue;
        assert_true(expected < count);
        assert_int_equal(found[0][expected], i);
        assert_int_equal(found[1][expected], i);
        expected++;
    }
    assert_int_equal(count, expected);
    free(text);
}

/* Bytes that are near the ends of lines, and such as text has. */
static void test_random_texts(void **state) {
    (void)state;
    static const char others[] = "\0\t\v\f\x0E\x8A\x8D\xE4\xBD\xA0 a";
    char text[LINE_ENDS_MOST];
    random_seed(7);
    for (int round = 0; round < 4000; round++) {
        size_t size = random_below(round % 4 ? 300 : LINE_ENDS_MOST + 1);
        uint32_t rarity = 1 + random_below(round % 2 ? 4 : 400);
        for (size_t i = 0; i < size; i++)
            text[i] = random_below(rarity) == 0 ? "\n\r"[random_below(2)]
                                                : others[random_below(sizeof others - 1)];
        check(text, size);
    }
}

/* One end at each place of a text of each size about some blocks. */
static void test_every_place(void **state) {
    (void)state;
    char text[200];
    memset(text, 'x', sizeof text);
    for (size_t size = 0; size <= sizeof text; size++) {
        check(text, size);
        for (size_t at = 0; at < size; at++) {
            text[at] = at % 2 ? '\n' : '\r';
            check(text, size);
            text[at] = 'x';
        }
    }
}

static void test_nothing_but_ends(void **state) {
    (void)state;
    char text[LINE_ENDS_MOST];
    memset(text, '\n', sizeof text);
    for (size_t size = sizeof text - 130; size <= sizeof text; size++)
        check(text, size);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_texts),
        cmocka_unit_test(test_every_place),
        cmocka_unit_test(test_nothing_but_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
