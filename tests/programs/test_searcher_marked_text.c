/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Marked text as xunzi-searcher prints it: generated texts and ranges, of any bytes, keep their
 * characters, their marks and the terminal's width. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "program/fail.h"
#include "searcher/program/marked_text.h"

static uint64_t random_state = 0xA0761D6478BD642Fu;

static uint32_t random_below(uint32_t bound) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % bound;
}

/* What marked_text_print prints. The caller frees it. */
static char *printed(const struct marked_text *marked, const struct marked_text_layout *layout) {
    char *text = NULL;
    size_t size = 0;
    FILE *standard_output = stdout;
    stdout = open_memstream(&text, &size);
    if (stdout)
        marked_text_print(marked, layout);
    int closed = stdout ? fclose(stdout) : EOF;
    stdout = standard_output;
    assert_int_equal(closed, 0);
    return text;
}

static void assert_printed(const char *text, const xunzi_range *ranges, size_t count,
                           struct marked_text_layout layout, const char *expected) {
    struct marked_text marked = {0};
    assert_true(marked_text_set(&marked, xunzi_string_of(text), ranges, count));
    char *shown = printed(&marked, &layout);
    assert_string_equal(shown, expected);
    free(shown);
    marked_text_free(&marked);
}

static void test_marks(void **state) {
    (void)state;
    const struct marked_text_layout plain = {.color = true},
                                    bold = {.color = true, .style = TERMINAL_BOLD};
    const xunzi_range middle = {3, 9};
    assert_printed("在專科內", &middle, 1, plain, "在\033[1;31m專科\033[0m內\n");
    assert_printed("在專科內", &middle, 1, bold,
                   "\033[1m在\033[0m\033[1;31m專科\033[0m\033[1m內\033[0m\n");
    assert_printed("在專科內", &middle, 1, (struct marked_text_layout){0}, "在專科內\n");
    /* What is escaped moves the marks along. */
    const xunzi_range behind = {4, 7};
    assert_printed("\033\033\r\n專", &behind, 1, plain, "\\x1B\\x1B \033[1;31m專\033[0m\n");
    /* Ranges out of order, empty, or out of the text do no harm. */
    const xunzi_range broken[] = {{3, 6}, {0, 3}, {6, 6}, {9, 4000000000u}, {5000, 6000}};
    assert_printed("在專科內", broken, 5, plain, "在\033[1;31m專\033[0m科\033[1;31m內\033[0m\n");
    assert_printed("", NULL, 0, plain, "\n");
}

static void test_breaks(void **state) {
    (void)state;
    const struct marked_text_layout layout = {.width = 20, .indent = 3, .column = 3};
    assert_printed("一二三四五六七八九", NULL, 0, layout, "一二三四五六七八\n   九\n");
    /* A closing mark takes the character before it along, an opening one goes with what it opens.
     */
    assert_printed("一二三四五六七八，九", NULL, 0, layout, "一二三四五六七\n   八，九\n");
    assert_printed("一二三四五六七「八」", NULL, 0, layout, "一二三四五六七\n   「八」\n");
    /* Words are kept whole where they fit a line, and the space at the break is not shown. */
    assert_printed("one two three four five", NULL, 0, layout, "one two three\n   four five\n");
    assert_printed("abcdefghijklmnopqrstuvwxyz", NULL, 0, layout,
                   "abcdefghijklmnopq\n   rstuvwxyz\n");
    /* A mark goes on in the next line. */
    const struct marked_text_layout color = {.color = true, .width = 20, .indent = 3, .column = 3};
    const xunzi_range across = {21, 27};
    assert_printed("一二三四五六七八九", &across, 1, color,
                   "一二三四五六七\033[1;31m八\033[0m\n   \033[1;31m九\033[0m\n");
}

static size_t generate(char *text, size_t wanted) {
    static const uint32_t favourites[] = {0x3002,  0xFF0C, 0x300C, 0x300D, ' ',    ' ',   'a',
                                          'b',     '\n',   '\r',   0x1B,   0x202E, 0x301, 0x20BB7,
                                          0x1F600, 0x200D, 0xFE0F, 0x3000, '-',    0x2026};
    size_t size = 0;
    while (size < wanted) {
        if (random_below(12) == 0)
            text[size++] = (char)random_below(256);
        else if (random_below(3) == 0)
            size += utf8_encode(0x4E00 + random_below(20000), text + size);
        else
            size += utf8_encode(favourites[random_below(sizeof favourites / sizeof favourites[0])],
                                text + size);
    }
    return size;
}

/* Appends text without white space. */
static void append_dense(struct buffer *out, const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (text[i] != ' ' && text[i] != '\n')
            assert_true(buffer_append_byte(out, text[i]));
    }
}

/* Appends text without its colours; they are all off at the end of each line. */
static void append_plain(struct buffer *out, const char *text) {
    bool on = false;
    while (*text) {
        if (*text == '\033') {
            on = strncmp(text, "\033[0m", 4) != 0;
            text = strchr(text, 'm') + 1;
            continue;
        }
        if (*text == '\n')
            assert_false(on);
        assert_true(buffer_append_byte(out, *text++));
    }
    assert_false(on);
    assert_true(buffer_terminate(out));
}

static void test_generated_texts(void **state) {
    (void)state;
    for (int round = 0; round < 30000; round++) {
        char bytes[160];
        size_t size = generate(bytes, random_below(120));
        char *text = malloc(size ? size : 1);
        assert_non_null(text);
        memcpy(text, bytes, size);
        xunzi_range ranges[8];
        size_t count = random_below(8);
        for (size_t i = 0; i < count; i++) {
            uint32_t least = i > 0 && random_below(2) ? ranges[i - 1].end : 0;
            ranges[i].begin = least + random_below((uint32_t)size + 3);
            ranges[i].end = ranges[i].begin + random_below(10);
        }
        struct marked_text marked = {0};
        assert_true(marked_text_set(&marked, (xunzi_string){text, size}, ranges, count));
        for (size_t i = 0; i < marked.mark_count; i++) {
            assert_true(marked.marks[i].begin <= marked.marks[i].end);
            assert_true(marked.marks[i].end <= marked.text.size);
            assert_true(i == 0 || marked.marks[i].begin >= marked.marks[i - 1].end);
        }
        struct marked_text_layout layout = {.color = random_below(2),
                                            .style =
                                                random_below(2) ? TERMINAL_BOLD : TERMINAL_RESET,
                                            .width = random_below(4) ? 20 + random_below(40) : 0,
                                            .indent = 3,
                                            .column = random_below(2) ? 3 : 0};
        char *shown = printed(&marked, &layout);
        struct buffer plain = {0}, dense = {0}, expected = {0};
        append_plain(&plain, shown);
        append_dense(&dense, plain.data, plain.size);
        append_dense(&expected, marked.text.data, marked.text.size);
        assert_int_equal(dense.size, expected.size);
        if (dense.size > 0)
            assert_memory_equal(dense.data, expected.data, dense.size);
        size_t taken = layout.column;
        for (char *line = plain.data, *end; (end = strchr(line, '\n')); line = end + 1) {
            size_t columns = terminal_text_width(line, (size_t)(end - line)) + taken;
            if (layout.width > 0 && columns > layout.width)
                fail_msg("%zu columns in %zu: %.*s", columns, layout.width, (int)(end - line),
                         line);
            if (layout.width == 0)
                assert_string_equal(end, "\n");
            taken = 0;
        }
        buffer_free(&plain);
        buffer_free(&dense);
        buffer_free(&expected);
        marked_text_free(&marked);
        free(shown);
        free(text);
    }
}

static int set_locale(void **state) {
    (void)state;
    program_begin("test"); /* for the widths of characters */
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_breaks),
        cmocka_unit_test(test_generated_texts),
    };
    return cmocka_run_group_tests(tests, set_locale, NULL);
}
