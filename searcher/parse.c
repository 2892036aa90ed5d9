/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ways in which a text is read: as the query language, or as plain terms; and the filters
 * beside it. */
#include "searcher/parse.h"

#include "base/error.h"
#include "searcher/language.h"
#include "searcher/ranking.h"
#include "searcher/term_list.h"

_Static_assert(RANKING_TERMS_MOST == 64 && PHRASE_TERMS_MOST == 1024, "the notes name them");

static xunzi_status parse_plain(xunzi_index *index, struct arena *arena, xunzi_string text,
                                xunzi_mode mode, struct query **out, struct language_notes *notes) {
    if (mode == XUNZI_MODE_PHRASE)
        return phrase_of(index, arena, text, out, &notes->phrase_cut);
    struct term_list words = {.index = index, .arena = arena};
    xunzi_status status = term_list_add(&words, text);
    if (status == XUNZI_OK) {
        *out = mode == XUNZI_MODE_AND ? term_list_all(&words) : term_list_any(&words);
        status = words.status != XUNZI_OK ? words.status : *out ? XUNZI_OK : error_no_memory();
    }
    notes->terms_cut = words.cut;
    term_list_free(&words);
    return status;
}

xunzi_status parse_query(xunzi_index *index, struct arena *arena, xunzi_string text,
                         xunzi_mode mode, struct query **out, const char **note) {
    struct language_notes notes = {0};
    if (!text.data)
        text = (xunzi_string){"", 0};
    if (text.size > XUNZI_MAX_QUERY_BYTES) {
        text.size = XUNZI_MAX_QUERY_BYTES;
        while (text.size > 0 && ((unsigned char)text.data[text.size] & 0xC0) == 0x80)
            text.size--;
        notes.slip = "the query is longer than 64 KiB; only its beginning was read";
    }
    xunzi_status status = mode == XUNZI_MODE_QUERY
                              ? language_parse(index, arena, text, out, &notes)
                              : parse_plain(index, arena, text, mode, out, &notes);
    *note = notes.slip;
    if (status == XUNZI_OK && (*out)->op == QUERY_NOTHING)
        *note = "the query holds no letter, digit or character to look for";
    else if (status == XUNZI_OK && notes.terms_cut)
        *note = "the query is long: documents were found and ranked by the 64 of its terms that "
                "say most";
    else if (status == XUNZI_OK && notes.phrase_cut && !*note)
        *note =
            "the query holds a phrase of more than 1024 terms; only its beginning was looked for";
    return status;
}

/* Reads a bound; an empty one leaves *day as it is. */
static xunzi_status read_bound(xunzi_string text, const char *name, bool last, date_day *day) {
    if (date_parse_bound(text.data, text.size, last, day))
        return XUNZI_OK;
    return error_set(XUNZI_ERROR_INVALID_ARGUMENT,
                     "%s is no date that Xunzi knows: \"%.*s\"; write 2024, 2024-03 or 2024-03-18",
                     name, (int)(text.size < 100 ? text.size : 100), text.data);
}

xunzi_status parse_filters(struct arena *arena, const xunzi_search_options *options,
                           struct query **query) {
    struct query *nodes[3] = {*query};
    size_t count = 1;
    if (options->since.size > 0 || options->until.size > 0) {
        struct query *date = query_new(arena, QUERY_DATE, 0);
        if (!date)
            return error_no_memory();
        date->since = 1;
        date->until = 99991231;
        xunzi_status status = read_bound(options->since, "since", false, &date->since);
        if (status == XUNZI_OK)
            status = read_bound(options->until, "until", true, &date->until);
        if (status != XUNZI_OK)
            return status;
        nodes[count++] = date;
    }
    if (options->source.size > 0) {
        struct query *source;
        xunzi_status status = language_source(arena, options->source, &source);
        if (status != XUNZI_OK)
            return status;
        nodes[count++] = source;
    }
    *query = query_combine(arena, QUERY_FILTER, nodes, count);
    return *query ? XUNZI_OK : error_no_memory();
}
