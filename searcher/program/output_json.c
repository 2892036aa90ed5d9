/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers for programs: one JSON object a query, on one line. It is written hit by hit, so that
 * memory does not grow with their number. */
#include <inttypes.h>
#include <stdio.h>

#include "program/json_text.h"
#include "searcher/program/output.h"
#include "searcher/program/output_explanation.h"

static void write_out(struct buffer *line) {
    fwrite(line->data, 1, line->size, stdout);
    buffer_clear(line);
}

static bool append_member(struct buffer *line, const char *name, xunzi_string value) {
    return buffer_printf(line, "\"%s\":", name) &&
           json_text_append_string(line, value.data, value.size);
}

/* A member and the comma before it. */
static bool append_further(struct buffer *line, const char *name, xunzi_string value) {
    return buffer_append_byte(line, ',') && append_member(line, name, value);
}

/* Where there are any. */
static bool append_duplicates(struct buffer *line, const xunzi_hit *hit) {
    bool ok = hit->duplicate_count == 0 || buffer_append_text(line, ",\"duplicates\":[");
    for (size_t i = 0; ok && i < hit->duplicate_count; i++) {
        const xunzi_duplicate *duplicate = &hit->duplicates[i];
        ok = buffer_append_text(line, i == 0 ? "{" : ",{") &&
             append_member(line, "id", duplicate->id) &&
             append_further(line, "title", duplicate->title) &&
             append_further(line, "date", duplicate->date) &&
             append_further(line, "source", duplicate->source) &&
             append_further(line, "url", duplicate->url) && buffer_append_byte(line, '}');
    }
    return ok && (hit->duplicate_count == 0 || buffer_append_byte(line, ']'));
}

static bool append_hit(struct buffer *line, const xunzi_results *results, const xunzi_hit *hit) {
    /* Nine digits tell any two scores of single precision apart. */
    return buffer_printf(line, "{\"rank\":%" PRIu64, hit->rank) &&
           append_further(line, "id", hit->id) &&
           buffer_printf(line, ",\"score\":%.9g", hit->score) &&
           append_further(line, "title", hit->title) && append_further(line, "date", hit->date) &&
           append_further(line, "source", hit->source) && append_further(line, "url", hit->url) &&
           append_further(line, "snippet", hit->snippet) && append_duplicates(line, hit) &&
           (!hit->gains || (buffer_append_byte(line, ',') &&
                            output_explanation_append_json_gains(results, hit, line))) &&
           buffer_append_byte(line, '}');
}

/* Where they were asked for. */
static bool append_facets(struct buffer *line, const xunzi_results *results) {
    size_t count;
    const xunzi_facet_value *values = xunzi_results_facets(results, &count);
    bool ok = !values || buffer_append_text(line, ",\"facets\":[");
    for (size_t i = 0; ok && i < count; i++)
        ok = buffer_append_text(line, i == 0 ? "{" : ",{") &&
             append_member(line, "value", values[i].value) &&
             buffer_printf(line, ",\"count\":%" PRIu64 "}", values[i].count);
    return ok && (!values || buffer_append_byte(line, ']'));
}

bool output_json(const struct output_style *style, const struct output_answer *answer) {
    const xunzi_results *results = answer->results;
    size_t count = style->count_only ? 0 : xunzi_results_count(results);
    struct buffer line = {0};
    bool ok = buffer_append_byte(&line, '{') &&
              (!answer->has_qid ||
               (append_member(&line, "qid", answer->qid) && buffer_append_byte(&line, ','))) &&
              append_member(&line, answer->like ? "like" : "query", answer->query) &&
              buffer_printf(
                  &line, ",\"total\":%" PRIu64 ",\"exact\":%s,\"took_us\":%" PRIu64 ",\"hits\":[",
                  xunzi_results_total(results), xunzi_results_exact(results) ? "true" : "false",
                  xunzi_results_microseconds(results));
    for (size_t i = 0; ok && i < count && !ferror(stdout); i++) {
        ok = (i == 0 || buffer_append_byte(&line, ',')) &&
             append_hit(&line, results, xunzi_results_hit(results, i));
        if (ok)
            write_out(&line);
    }
    ok = ok && buffer_append_byte(&line, ']');
    ok = ok && append_facets(&line, results);
    const char *suggestion = xunzi_results_suggestion(results);
    ok = ok && (!suggestion || append_further(&line, "suggestion", xunzi_string_of(suggestion)));
    if (ok && xunzi_results_tree(results))
        ok = buffer_append_text(&line, ",\"explain\":{") &&
             output_explanation_append_json(results, &line) && buffer_append_byte(&line, '}');
    ok = ok && buffer_append_text(&line, "}\n");
    if (ok)
        write_out(&line);
    buffer_free(&line);
    return ok;
}
