/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a builder indexes is what a live document holds: the same terms, counted the same and in the
 * same places, over random texts, whole and damaged, in both profiles.
 */
#include <stdio.h>
#include <unistd.h>

#include "../text/text_support.h"
#include "catalog/live_document.h"
#include "indexer/builder.h"
#include "segment/segment.h"
#include "text/terms.h"

enum { DOCUMENTS = 250 };

struct made {
    struct buffer id, title, body, source;
    struct document_edits edits;
    bool has_edits;
    xunzi_document document;
};

static char folder[64];
static char path[96];

static int make_folder(void **state) {
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%.40s/xunzi-builder-XXXXXX", base && *base ? base : "/tmp");
    if (!mkdtemp(folder))
        return 1;
    snprintf(path, sizeof path, "%s/terms.seg", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    unlink(path);
    return rmdir(folder);
}

/* ---- documents ---- */

/* The beginning of a character at or behind `at`. */
static uint32_t boundary(const struct buffer *text, size_t at) {
    while (at < text->size && ((unsigned char)text->data[at] & 0xC0) == 0x80)
        at++;
    return (uint32_t)(at < text->size ? at : text->size);
}

static void random_edits(const struct buffer *text, struct edits *edits) {
    struct buffer replacement = {0};
    uint32_t at = 0;
    edits_clear(edits);
    for (;;) {
        uint32_t begin = boundary(text, at + random_below(60));
        uint32_t end = boundary(text, (size_t)begin + 1 + random_below(9));
        if (begin >= text->size || end <= begin)
            break;
        random_text(&replacement, random_below(4));
        struct edit edit = {
            .kind = (enum edit_kind)random_below(EDIT_KIND_COUNT), .begin = begin, .end = end};
        if (random_below(2))
            edit.kind = EDIT_MEND;
        if (edit.kind == EDIT_MEND)
            edit.replacement = (xunzi_string){replacement.data, replacement.size};
        assert_true(edits_append(edits, &edit));
        at = end;
    }
    buffer_free(&replacement);
}

static void make_document(struct made *made, unsigned number) {
    assert_true(buffer_printf(&made->id, "id %u", number));
    if (number % 3 == 0)
        random_text(&made->title, random_below(14));
    random_text(&made->body, random_below(120));
    if (number % 4 == 0) /* words, and runs that go over what is read at both sides of damage */
        for (unsigned i = 0; i < random_below(40); i++)
            append_one_of(&made->body, "中国人民大学生活動物園林业务必要求学者。");
    if (number % 5 == 0)
        random_text(&made->source, 1 + random_below(5));
    made->has_edits = number % 2;
    if (made->has_edits) {
        random_edits(&made->title, &made->edits.title);
        random_edits(&made->body, &made->edits.body);
        random_edits(&made->source, &made->edits.source);
    }
    made->document = (xunzi_document){.id = {made->id.data, made->id.size},
                                      .title = {made->title.data, made->title.size},
                                      .body = {made->body.data, made->body.size},
                                      .date = xunzi_string_of(number % 7 ? "" : "2024-03-18"),
                                      .source = {made->source.data, made->source.size}};
}

static void free_document(struct made *made) {
    buffer_free(&made->id);
    buffer_free(&made->title);
    buffer_free(&made->body);
    buffer_free(&made->source);
    document_edits_free(&made->edits);
}

/* ---- comparing ---- */

static void show(const char *problem, xapian_string term, unsigned number) {
    fail_msg("document %u, term \"%.*s\": %s", number, (int)term.size, term.data, problem);
}

/* Stands on the document's posting of the term. */
static bool find_posting(const struct segment *segment, const char *term, size_t size,
                         uint32_t document, struct postings_cursor *cursor) {
    struct postings_list list;
    if (segment_find_term(segment, term, size, &list) != XUNZI_OK || !postings_open(cursor, &list))
        return false;
    postings_next_geq(cursor, document);
    return cursor->document == document;
}

/* Whether the posting's positions are those of the iterator's term; `more`: or these and others. */
static bool same_positions(struct postings_cursor *cursor, const xapian_term_iterator *terms,
                           bool more) {
    struct position_list list = {0};
    xapian_position_iterator *positions;
    bool same = postings_positions(cursor, &list);
    assert_int_equal(xapian_term_iterator_positions(terms, &positions), XAPIAN_OK);
    size_t at = 0;
    for (; xapian_position_iterator_next(positions) == XAPIAN_OK; at++) {
        while (more && at < list.count &&
               list.items[at] < xapian_position_iterator_position(positions))
            at++;
        same = same && at < list.count &&
               list.items[at] == xapian_position_iterator_position(positions);
    }
    xapian_position_iterator_free(positions);
    free(list.items);
    return same && (more || at == list.count);
}

/* Whether the term is a title's character: the segment has the places of those inside runs too. */
static bool is_title_character(xapian_string term) {
    size_t characters = 0;
    for (size_t i = 1; i < term.size; i++)
        characters += ((unsigned char)term.data[i] & 0xC0) != 0x80;
    return term.data[0] == 'S' && characters == 1;
}

/* Compares the term that the iterator stands on; returns how many postings the segment has for it.
 */
static size_t compare_term(const struct segment *segment, const xapian_term_iterator *terms,
                           xapian_string term, uint32_t document) {
    struct postings_cursor cursor;
    xapian_termcount wdf = 0, position_count = 0;
    assert_int_equal(xapian_term_iterator_wdf(terms, &wdf), XAPIAN_OK);
    assert_int_equal(xapian_term_iterator_position_count(terms, &position_count), XAPIAN_OK);
    if (!find_posting(segment, term.data, term.size, document, &cursor))
        show("is not in the segment", term, document);
    if (term_is_ranked(term.data, term.size) && postings_wdf(&cursor) != wdf)
        show("is counted otherwise", term, document);
    if (cursor.list.positions) {
        if (!same_positions(&cursor, terms, is_title_character(term)))
            show("stands in other places", term, document);
        return 1;
    }
    if (position_count == 0)
        return 1;
    struct buffer edge = {0};
    assert_true(term_append(&edge, TERM_PREFIX_EDGE, term.data, term.size));
    if (!find_posting(segment, edge.data, edge.size, document, &cursor) ||
        !same_positions(&cursor, terms, false))
        show("stands in other places at the edges of runs", term, document);
    buffer_free(&edge);
    return 2;
}

/* Compares a document; returns how many postings it has in the segment. */
static size_t compare_document(const struct segment *segment, struct live_document_maker *maker,
                               const struct made *made, uint32_t number) {
    xapian_document *live;
    xapian_term_iterator *terms;
    xapian_string term = XAPIAN_STRING_INIT;
    uint64_t tokens;
    uint32_t length = 0;
    size_t postings = 0;
    assert_ok(live_document_make(maker, &made->document,
                                        made->has_edits ? &made->edits : NULL, &live, &tokens));
    assert_int_equal(xapian_document_terms(live, &terms), XAPIAN_OK);
    while (xapian_term_iterator_next(terms) == XAPIAN_OK) {
        xapian_termcount wdf = 0;
        assert_int_equal(xapian_term_iterator_term(terms, &term), XAPIAN_OK);
        assert_int_equal(xapian_term_iterator_wdf(terms, &wdf), XAPIAN_OK);
        if (term.data[0] == 'Q')
            continue;
        postings += compare_term(segment, terms, term, number);
        length += wdf;
    }
    assert_int_equal(segment_length(segment, number), length);
    assert_int_equal(segment_date(segment, number), made->document.date.size > 0 ? 20240318 : 0);
    xapian_string_free(&term);
    xapian_term_iterator_free(terms);
    xapian_document_free(live);
    return postings;
}

static size_t count_postings(const struct segment *segment) {
    struct dictionary_walk walk;
    size_t postings = 0;
    dictionary_walk_begin(&walk, &segment->dictionary);
    while (dictionary_walk_next(&walk) == XUNZI_OK)
        postings += walk.entry.count;
    return postings;
}

static void test_terms(void **state) {
    (void)state;
    random_seed(4071);
    for (int profile = 0; profile < 2; profile++) {
        static struct made documents[DOCUMENTS];
        const struct builder_options options = {(xunzi_profile)profile, 2, 64 << 20};
        struct builder *builder;
        struct segment *segment;
        struct live_document_maker *maker;
        memset(documents, 0, sizeof documents);
        assert_ok(builder_new(path, &options, &builder));
        for (unsigned i = 0; i < DOCUMENTS; i++) {
            make_document(&documents[i], i);
            assert_ok(builder_add(builder, &documents[i].document,
                                  documents[i].has_edits ? &documents[i].edits : NULL));
        }
        assert_int_equal(builder_documents(builder), DOCUMENTS);
        assert_ok(builder_finish(builder));
        builder_free(builder);
        assert_ok(segment_open(path, &segment));
        assert_ok(segment_verify(segment));
        assert_ok(live_document_maker_new((xunzi_profile)profile, &maker));
        size_t postings = 0;
        for (unsigned i = 0; i < DOCUMENTS; i++)
            postings += compare_document(segment, maker, &documents[i], i);
        assert_int_equal(count_postings(segment), postings);
        live_document_maker_free(maker);
        segment_close(segment);
        unlink(path);
        for (unsigned i = 0; i < DOCUMENTS; i++)
            free_document(&documents[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_terms, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
