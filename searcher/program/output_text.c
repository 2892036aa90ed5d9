/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers for a reader: title, where it is from, the stretch that answers; on a terminal coloured
 * and broken into lines. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "searcher/program/marked_text.h"
#include "searcher/program/output.h"
#include "searcher/program/output_explanation.h"

enum { INDENT = 3, HEADING_BYTES = 300, DUPLICATES_NAMED = 5 };

/* "1234567" as "1,234,567"; out has room for any number. */
static const char *grouped(uint64_t number, char out[32]) {
    char digits[24];
    int count = snprintf(digits, sizeof digits, "%" PRIu64, number);
    char *to = out;
    for (int i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return out;
}

/* Appends " · part" to line, or just part where line is empty; an empty part is left out. */
static bool append_part(struct buffer *line, xunzi_string part) {
    return part.size == 0 || ((line->size == 0 || buffer_append_text(line, " · ")) &&
                              printable_append(line, part.data, part.size, true));
}

static bool print_title(const struct output_style *style, uint64_t rank, xunzi_string title,
                        const xunzi_range *matches, size_t match_count,
                        struct marked_text *scratch) {
    int column = rank > 0 ? printf("%" PRIu64 ". ", rank) : 0;
    struct marked_text_layout layout = {style->color, TERMINAL_BOLD, style->width,
                                        rank > 0 ? INDENT : 0, column > 0 ? (size_t)column : 0};
    if (title.size == 0) {
        title = xunzi_string_of("(untitled)");
        match_count = 0;
        layout.style = TERMINAL_DIM;
    }
    if (!marked_text_set(scratch, title, matches, match_count))
        return false;
    marked_text_print(scratch, &layout);
    return true;
}

/* The line of id, date, source and url. It is not broken: a terminal does that, and keeps the url
 * whole for clicking. */
static bool print_origin(const struct output_style *style, int indent, xunzi_string id,
                         xunzi_string date, xunzi_string source, xunzi_string url) {
    struct buffer line = {0};
    bool ok = append_part(&line, id) && append_part(&line, date) && append_part(&line, source) &&
              append_part(&line, url);
    if (ok && line.size > 0) {
        printf("%*s%s", indent, "", terminal_style(style->color, TERMINAL_DIM));
        fwrite(line.data, 1, line.size, stdout);
        printf("%s\n", terminal_style(style->color, TERMINAL_RESET));
    }
    buffer_free(&line);
    return ok;
}

/* Prints what was gathered, dimmed, and empties it. */
static void print_dimmed(const struct output_style *style, struct buffer *text) {
    fputs(terminal_style(style->color, TERMINAL_DIM), stdout);
    fwrite(text->data, 1, text->size, stdout);
    fputs(terminal_style(style->color, TERMINAL_RESET), stdout);
    buffer_clear(text);
}

static bool print_gains(const struct output_style *style, const xunzi_results *results,
                        const xunzi_hit *hit) {
    struct buffer text = {0};
    bool ok = output_explanation_append_gains(results, hit, INDENT, &text);
    if (ok)
        print_dimmed(style, &text);
    buffer_free(&text);
    return ok;
}

static bool print_tree(const struct output_style *style, const xunzi_results *results) {
    struct buffer text = {0};
    bool ok = output_explanation_append_tree(results, &text) && buffer_append_byte(&text, '\n');
    if (ok)
        print_dimmed(style, &text);
    buffer_free(&text);
    return ok;
}

/* The copies of a hit, the first of them by their ids. */
static bool print_duplicates(const struct output_style *style, const xunzi_hit *hit) {
    struct buffer text = {0};
    bool ok = buffer_printf(&text, "%*salso %zu cop%s: ", INDENT, "", hit->duplicate_count,
                            hit->duplicate_count == 1 ? "y" : "ies");
    for (size_t i = 0; ok && i < hit->duplicate_count && i < DUPLICATES_NAMED; i++) {
        xunzi_string id = hit->duplicates[i].id;
        ok = (i == 0 || buffer_append_text(&text, ", ")) &&
             printable_append(&text, id.data, id.size, true);
    }
    ok = ok && (hit->duplicate_count <= DUPLICATES_NAMED || buffer_append_text(&text, ", …")) &&
         buffer_append_byte(&text, '\n');
    if (ok)
        print_dimmed(style, &text);
    buffer_free(&text);
    return ok;
}

static bool print_hit(const struct output_style *style, const xunzi_results *results,
                      const xunzi_hit *hit, struct marked_text *scratch) {
    if (!print_title(style, hit->rank, hit->title, hit->title_matches, hit->title_match_count,
                     scratch) ||
        !print_origin(style, INDENT, hit->id, hit->date, hit->source, hit->url))
        return false;
    if (hit->snippet.size > 0) {
        if (!marked_text_set(scratch, hit->snippet, hit->snippet_matches, hit->snippet_match_count))
            return false;
        printf("%*s", INDENT, "");
        marked_text_print(scratch, &(struct marked_text_layout){style->color, TERMINAL_RESET,
                                                                style->width, INDENT, INDENT});
    }
    if (hit->duplicate_count > 0 && !print_duplicates(style, hit))
        return false;
    if (hit->gains && !print_gains(style, results, hit))
        return false;
    fputc('\n', stdout);
    return true;
}

/* The facets, a line each, the numbers in a column. */
static bool print_facets(const struct output_style *style, const xunzi_results *results) {
    size_t count;
    const xunzi_facet_value *values = xunzi_results_facets(results, &count);
    struct buffer text = {0};
    char number[32];
    bool ok = true;
    for (size_t i = 0; i < count && ok; i++) {
        ok = buffer_printf(&text, "%12s  ", grouped(values[i].count, number));
        if (ok && values[i].value.size == 0)
            ok = buffer_append_text(&text, "(none)");
        else
            ok = ok && printable_append(&text, values[i].value.data, values[i].value.size, true);
        ok = ok && buffer_append_byte(&text, '\n');
    }
    ok = ok && (count == 0 || buffer_append_byte(&text, '\n'));
    if (ok && count > 0)
        print_dimmed(style, &text);
    buffer_free(&text);
    return ok;
}

static void print_summary(const struct output_style *style, const xunzi_results *results) {
    char number[32];
    uint64_t total = xunzi_results_total(results);
    double milliseconds = (double)xunzi_results_microseconds(results) / 1000.0;
    printf("%s%s%s document%s, %.*f ms%s\n", terminal_style(style->color, TERMINAL_DIM),
           xunzi_results_exact(results) ? "" : "about ", grouped(total, number),
           total == 1 ? "" : "s", milliseconds < 10 ? 2 : 1, milliseconds,
           terminal_style(style->color, TERMINAL_RESET));
}

/* In a batch: which query the hits that follow are for; the beginning of it says enough. */
static bool print_heading(const struct output_style *style, const struct output_answer *answer) {
    struct buffer line = {0};
    size_t shown = answer->query.size;
    if (shown > HEADING_BYTES) {
        shown = HEADING_BYTES;
        while (shown > 0 && ((unsigned char)answer->query.data[shown] & 0xC0) == 0x80)
            shown--;
    }
    bool ok = buffer_append_byte(&line, '[') &&
              (answer->has_qid ? printable_append(&line, answer->qid.data, answer->qid.size, true)
                               : buffer_printf(&line, "%" PRIu64, answer->line)) &&
              buffer_append_text(&line, "] ") &&
              printable_append(&line, answer->query.data, shown, true) &&
              (shown == answer->query.size || buffer_append_text(&line, "…"));
    if (ok) {
        fputs(terminal_style(style->color, TERMINAL_BOLD), stdout);
        fwrite(line.data, 1, line.size, stdout);
        printf("%s\n", terminal_style(style->color, TERMINAL_RESET));
    }
    buffer_free(&line);
    return ok;
}

bool output_text(const struct output_style *style, const struct output_answer *answer) {
    const xunzi_results *results = answer->results;
    if (style->count_only) {
        printf("%" PRIu64 "\n", xunzi_results_total(results));
        return true;
    }
    if (answer->batch && !print_heading(style, answer))
        return false;
    struct marked_text scratch = {0};
    bool ok = !xunzi_results_tree(results) || print_tree(style, results);
    for (size_t i = 0; ok && i < xunzi_results_count(results) && !ferror(stdout); i++)
        ok = print_hit(style, results, xunzi_results_hit(results, i), &scratch);
    marked_text_free(&scratch);
    ok = ok && print_facets(style, results);
    if (ok && (answer->batch || xunzi_results_total(results) > 0))
        print_summary(style, results);
    if (answer->batch)
        fputc('\n', stdout);
    return ok;
}

/* The body, line by line; carriage returns that end lines are left out. */
static bool print_body(const struct output_style *style, xunzi_string body, bool (*stop)(void),
                       struct marked_text *scratch) {
    for (size_t begin = 0; begin < body.size && !ferror(stdout) && !(stop && stop());) {
        const char *line_feed = memchr(body.data + begin, '\n', body.size - begin);
        size_t end = line_feed ? (size_t)(line_feed - body.data) : body.size;
        size_t next = line_feed ? end + 1 : end;
        while (end > begin && body.data[end - 1] == '\r')
            end--;
        if (!marked_text_set(scratch, (xunzi_string){body.data + begin, end - begin}, NULL, 0))
            return false;
        marked_text_print(scratch, &(struct marked_text_layout){.width = style->width});
        begin = next;
    }
    return true;
}

bool output_text_document(const struct output_style *style, const xunzi_document *document,
                          bool (*stop)(void)) {
    struct marked_text scratch = {0};
    bool ok = print_title(style, 0, document->title, NULL, 0, &scratch) &&
              print_origin(style, 0, document->id, document->date, document->source, document->url);
    if (ok && document->body.size > 0) {
        fputc('\n', stdout);
        ok = print_body(style, document->body, stop, &scratch);
    }
    if (ok && document->extra.size > 0) {
        fputc('\n', stdout);
        ok = print_origin(style, 0, document->extra, (xunzi_string){0}, (xunzi_string){0},
                          (xunzi_string){0});
    }
    marked_text_free(&scratch);
    return ok;
}
