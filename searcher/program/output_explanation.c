/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explanations in text and JSON. */
#include "searcher/program/output_explanation.h"

#include <inttypes.h>

#include "base/printable.h"
#include "program/json_text.h"

bool output_explanation_append_tree(const xunzi_results *results, struct buffer *out) {
    const char *tree = xunzi_results_tree(results);
    return !tree || printable_append(out, tree, strlen(tree), false);
}

bool output_explanation_append_gains(const xunzi_results *results, const xunzi_hit *hit, int indent,
                                     struct buffer *out) {
    size_t count;
    const xunzi_ranked_term *terms = xunzi_results_terms(results, &count);
    bool ok = buffer_printf(out, "%*sscore %.4f\n", indent, "", hit->score);
    if (ok && hit->closeness > 0)
        ok = buffer_printf(out, "%*s%8.4f  terms close together\n", indent, "", hit->closeness);
    for (size_t i = 0; i < hit->gain_count && ok; i++) {
        const xunzi_gain *gain = &hit->gains[i];
        const xunzi_ranked_term *term = &terms[gain->term];
        ok = buffer_printf(out, "%*s%8.4f  %s ", indent, "", gain->score,
                           xunzi_token_kind_name(term->kind)) &&
             printable_append(out, term->term.data, term->term.size, true) &&
             buffer_printf(out, ", %" PRIu32 " times\n", gain->wdf);
    }
    return ok;
}

static bool append_term(const xunzi_ranked_term *term, struct buffer *out) {
    return buffer_append_text(out, "{\"term\":") &&
           json_text_append_string(out, term->term.data, term->term.size) &&
           buffer_printf(
               out, ",\"kind\":\"%s\",\"frequency\":%" PRIu64 ",\"idf\":%.9g,\"weight\":%.9g}",
               xunzi_token_kind_name(term->kind), term->frequency, term->idf, term->weight);
}

bool output_explanation_append_json(const xunzi_results *results, struct buffer *out) {
    size_t count;
    const xunzi_ranked_term *terms = xunzi_results_terms(results, &count);
    const char *tree = xunzi_results_tree(results);
    bool ok = buffer_append_text(out, "\"tree\":") &&
              json_text_append_string(out, tree ? tree : "", tree ? strlen(tree) : 0) &&
              buffer_append_text(out, ",\"terms\":[");
    for (size_t i = 0; i < count && ok; i++)
        ok = (i == 0 || buffer_append_byte(out, ',')) && append_term(&terms[i], out);
    return ok && buffer_append_byte(out, ']');
}

bool output_explanation_append_json_gains(const xunzi_results *results, const xunzi_hit *hit,
                                          struct buffer *out) {
    size_t count;
    const xunzi_ranked_term *terms = xunzi_results_terms(results, &count);
    bool ok = buffer_append_text(out, "\"gains\":[");
    for (size_t i = 0; i < hit->gain_count && ok; i++) {
        const xunzi_gain *gain = &hit->gains[i];
        xunzi_string term = terms[gain->term].term;
        ok = buffer_append_text(out, i == 0 ? "{\"term\":" : ",{\"term\":") &&
             json_text_append_string(out, term.data, term.size) &&
             buffer_printf(out, ",\"kind\":\"%s\",\"wdf\":%" PRIu32 ",\"score\":%.9g}",
                           xunzi_token_kind_name(terms[gain->term].kind), gain->wdf, gain->score);
    }
    return ok && buffer_printf(out, "],\"closeness\":%.9g", hit->closeness);
}
