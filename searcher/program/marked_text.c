/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Marked text. Where lines may break is ICU's knowledge (UAX #14); how wide a character is on a
 * terminal is the C library's. */
#include "searcher/program/marked_text.h"

#include <stdio.h>
#include <stdlib.h>

#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include "base/printable.h"
#include "base/utf8.h"

void marked_text_free(struct marked_text *marked) {
    buffer_free(&marked->text);
    free(marked->marks);
    *marked = (struct marked_text){0};
}

/* Appends original[begin, end) in printable form. A carriage return before a line feed is part of
 * the line's end, and shown as little as that. */
static bool append_printable(struct buffer *out, xunzi_string original, size_t begin, size_t end) {
    while (begin < end) {
        const char *found = memchr(original.data + begin, '\r', end - begin);
        size_t at = found ? (size_t)(found - original.data) : end;
        bool line_end = found && at + 1 < original.size && original.data[at + 1] == '\n';
        if (!printable_append(out, original.data + begin, at + (found && !line_end ? 1 : 0) - begin,
                              true))
            return false;
        begin = found ? at + 1 : end;
    }
    return true;
}

bool marked_text_set(struct marked_text *marked, xunzi_string original, const xunzi_range *ranges,
                     size_t range_count) {
    size_t done = 0; /* original[0, done) is in marked->text */
    buffer_clear(&marked->text);
    marked->mark_count = 0;
    if (!array_reserve(&marked->marks, &marked->mark_capacity, range_count, sizeof *marked->marks))
        return false;
    for (size_t i = 0; i < range_count; i++) {
        size_t begin = ranges[i].begin,
               end = ranges[i].end < original.size ? ranges[i].end : original.size;
        if (begin < done || begin >= end)
            continue;
        if (!append_printable(&marked->text, original, done, begin))
            return false;
        size_t mark_begin = marked->text.size;
        if (!append_printable(&marked->text, original, begin, end))
            return false;
        marked->marks[marked->mark_count++] =
            (xunzi_range){(uint32_t)mark_begin, (uint32_t)marked->text.size};
        done = end;
    }
    return append_printable(&marked->text, original, done, original.size);
}

/* Prints the bytes [begin, end) in their styles. *mark is the first mark that may reach behind
 * begin, and moves on. */
static void print_stretch(const struct marked_text *marked, const struct marked_text_layout *layout,
                          size_t begin, size_t end, size_t *mark) {
    const char *outer =
        layout->style == TERMINAL_RESET ? "" : terminal_style(layout->color, layout->style);
    const char *reset = terminal_style(layout->color, TERMINAL_RESET);
    fputs(outer, stdout);
    while (begin < end) {
        while (*mark < marked->mark_count && marked->marks[*mark].end <= begin)
            ++*mark;
        bool ahead = *mark < marked->mark_count && marked->marks[*mark].begin < end;
        size_t plain_end = !ahead                               ? end
                           : marked->marks[*mark].begin > begin ? marked->marks[*mark].begin
                                                                : begin;
        fwrite(marked->text.data + begin, 1, plain_end - begin, stdout);
        begin = plain_end;
        if (!ahead)
            break;
        size_t mark_end = marked->marks[*mark].end < end ? marked->marks[*mark].end : end;
        fputs(*outer ? reset : "", stdout);
        fputs(terminal_style(layout->color, TERMINAL_MATCH), stdout);
        fwrite(marked->text.data + begin, 1, mark_end - begin, stdout);
        fputs(reset, stdout);
        begin = mark_end;
        fputs(begin < end ? outer : "", stdout);
        if (begin == end)
            return;
    }
    fputs(*outer ? reset : "", stdout);
}

/* Goes through text in pieces between which a line may break. */
struct line_breaker {
    const char *text;
    size_t size;
    UText *view;
    UBreakIterator *iterator; /* NULL: ICU is of no help; any character may begin a line */
};

/* The iterator's rules take longer to load than a search takes; they are loaded once and kept as
 * long as the process lives. */
static UBreakIterator *kept_iterator;

static void line_breaker_open(struct line_breaker *breaker, const char *text, size_t size) {
    UErrorCode code = U_ZERO_ERROR;
    *breaker = (struct line_breaker){text, size, NULL, NULL};
    if (!kept_iterator) {
        kept_iterator = ubrk_open(UBRK_LINE, "zh", NULL, 0, &code);
        if (U_FAILURE(code)) {
            kept_iterator = NULL;
            return;
        }
    }
    breaker->view = utext_openUTF8(NULL, text, (int64_t)size, &code);
    ubrk_setUText(kept_iterator, breaker->view, &code);
    if (U_SUCCESS(code))
        breaker->iterator = kept_iterator;
}

static void line_breaker_close(struct line_breaker *breaker) {
    utext_close(breaker->view);
}

/* The end of the piece that begins at begin. */
static size_t line_breaker_next(const struct line_breaker *breaker, size_t begin) {
    size_t end = begin;
    if (breaker->iterator) {
        int32_t next = ubrk_following(breaker->iterator, (int32_t)begin);
        if (next != UBRK_DONE && (size_t)next > begin)
            return (size_t)next;
        return breaker->size;
    }
    utf8_next(breaker->text, breaker->size, &end);
    return end;
}

static size_t without_spaces_behind(const char *text, size_t begin, size_t end) {
    while (end > begin && text[end - 1] == ' ')
        end--;
    return end;
}

/* The end of the longest beginning of text[begin, end) that takes at most columns; at least one
 * character. */
static size_t fitting_end(const char *text, size_t begin, size_t end, size_t columns) {
    size_t at = begin, used = 0;
    while (at < end) {
        size_t next = at;
        used += terminal_code_point_width(utf8_next(text, end, &next));
        if (used > columns && at > begin)
            break;
        at = next;
    }
    return at;
}

/* The end of the line that begins at begin and has so many columns. */
static size_t line_end(const struct line_breaker *breaker, size_t begin, size_t columns) {
    size_t end = begin, used = 0;
    while (end < breaker->size) {
        size_t next = line_breaker_next(breaker, end);
        size_t visible = without_spaces_behind(breaker->text, end, next);
        if (used + terminal_text_width(breaker->text + end, visible - end) > columns)
            return end > begin ? end : fitting_end(breaker->text, begin, next, columns);
        used += terminal_text_width(breaker->text + end, next - end);
        end = next;
    }
    return end;
}

void marked_text_print(const struct marked_text *marked, const struct marked_text_layout *layout) {
    size_t size = marked->text.size, mark = 0;
    /* A break iterator counts in 32 bits; and who reads a line of a gigabyte needs no breaks in it.
     */
    if (layout->width == 0 || size > INT32_MAX / 2) {
        print_stretch(marked, layout, 0, size, &mark);
        fputc('\n', stdout);
        return;
    }
    enum { LEAST_COLUMNS = 8 };
    struct line_breaker breaker;
    line_breaker_open(&breaker, marked->text.data, size);
    size_t begin = 0, taken = layout->column;
    do {
        size_t columns =
            layout->width > taken + LEAST_COLUMNS ? layout->width - taken : LEAST_COLUMNS;
        size_t end = line_end(&breaker, begin, columns);
        if (begin > 0)
            printf("%*s", (int)layout->indent, "");
        print_stretch(marked, layout, begin, without_spaces_behind(marked->text.data, begin, end),
                      &mark);
        fputc('\n', stdout);
        begin = end;
        taken = layout->indent;
    } while (begin < size);
    line_breaker_close(&breaker);
}
