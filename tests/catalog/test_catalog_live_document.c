/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalog/live_document through a Xapian database: every term, frequency, position and value that
 * it holds of a document, against the tokenizer's tokens counted one by one. */
#include "collection_support.h"

#include "catalog/live_document.h"
#include "catalog/record.h"
#include "text/fingerprint.h"
#include "text/terms.h"

enum { TERMS_MOST = 8192, POSITIONS_MOST = 64 };

struct counted {
    struct buffer term;
    uint32_t wdf;
    uint32_t positions[POSITIONS_MOST];
    size_t position_count;
};

static struct counted counts[TERMS_MOST];
static size_t count_count;

static struct counted *counted_of(const struct buffer *term) {
    for (size_t i = 0; i < count_count; i++)
        if (counts[i].term.size == term->size &&
            memcmp(counts[i].term.data, term->data, term->size) == 0)
            return &counts[i];
    assert_true(count_count < TERMS_MOST);
    assert_true(buffer_append(&counts[count_count].term, term->data, term->size));
    return &counts[count_count++];
}

static void forget_counts(void) {
    for (size_t i = 0; i < count_count; i++)
        buffer_free(&counts[i].term);
    memset(counts, 0, count_count * sizeof *counts);
    count_count = 0;
}

static void count(const char *prefix, xunzi_string name, uint32_t wdf, const uint32_t *position) {
    struct buffer term = {0};
    assert_true(term_append(&term, prefix, name.data, name.size));
    struct counted *counted = counted_of(&term);
    counted->wdf += wdf;
    if (position) {
        assert_true(counted->position_count < POSITIONS_MOST);
        counted->positions[counted->position_count++] = *position;
    }
    buffer_free(&term);
}

/* Counts a field as live_document.h says; returns a place behind its last. */
static uint32_t count_field(xunzi_string text, xunzi_profile profile, bool title, uint32_t begin,
                            uint64_t *tokens) {
    struct tokenizer *tokenizer;
    struct token token;
    struct buffer name = {0};
    assert_ok(tokenizer_new(profile, &tokenizer));
    assert_ok(tokenizer_set_text(tokenizer, text.data, text.size));
    while (tokenizer_next(tokenizer, &token)) {
        buffer_clear(&name);
        assert_true(tokenizer_append_term(tokenizer, &token, &name));
        xunzi_string term = {name.data, name.size};
        uint32_t place = begin + token.place;
        bool placed = token.kind == XUNZI_TOKEN_BIGRAM || token.kind == XUNZI_TOKEN_LATIN ||
                      tokenizer_is_edge(tokenizer, &token);
        count(token.kind == XUNZI_TOKEN_WORD ? "XW" : "", term, title ? 3 : 1,
              placed ? &place : NULL);
        if (title && token.kind != XUNZI_TOKEN_WORD)
            count("S", term, 0, placed ? &token.place : NULL);
        ++*tokens;
    }
    uint32_t behind = 2 * tokenizer_position(tokenizer); /* no place is behind that */
    tokenizer_free(tokenizer);
    buffer_free(&name);
    return behind;
}

static void count_document(const xunzi_document *document, xunzi_profile profile,
                           uint64_t *tokens) {
    forget_counts();
    *tokens = 0;
    uint32_t title = count_field(document->title, profile, true, 0, tokens);
    count_field(document->body, profile, false, title > 0 ? title + 100 : 0, tokens);
    count("Q", document->id, 0, NULL);
    if (document->source.size > 0) {
        struct buffer key = {0};
        assert_ok(fold_to_key(document->source.data, document->source.size, &key));
        count("XSOURCE", (xunzi_string){key.data, key.size}, 0, NULL);
        buffer_free(&key);
    }
}

static void assert_positions(const xapian_term_iterator *terms, const struct counted *counted) {
    xapian_position_iterator *positions;
    assert_xapian_ok(xapian_term_iterator_positions(terms, &positions));
    for (size_t i = 0; i < counted->position_count; i++) {
        assert_xapian_ok(xapian_position_iterator_next(positions));
        assert_int_equal(counted->positions[i], xapian_position_iterator_position(positions));
    }
    assert_int_equal(XAPIAN_END, xapian_position_iterator_next(positions));
    xapian_position_iterator_free(positions);
}

static void assert_value(const xapian_document *stored, xapian_valueno slot,
                         xunzi_string expected) {
    xapian_string value = XAPIAN_STRING_INIT;
    assert_xapian_ok(xapian_document_value(stored, slot, &value));
    assert_text(expected, ((xunzi_string){value.data, value.size}));
    xapian_string_free(&value);
}

/* Makes the document, puts it through a database, and compares what comes out. */
static void assert_live_document(struct live_document_maker *maker, const xunzi_document *document,
                                 xunzi_profile profile, const char *date, size_t source_size) {
    uint64_t tokens = 99, expected_tokens;
    xapian_document *made, *stored;
    xapian_database *database;
    xapian_docid docid = 0;
    count_document(document, profile, &expected_tokens);
    assert_ok(live_document_make(maker, document, NULL, &made, &tokens));
    assert_int_equal(expected_tokens, tokens);
    assert_xapian_ok(xapian_database_new_in_memory(&database));
    assert_xapian_ok(xapian_database_add_document(database, made, &docid));
    xapian_document_free(made);

    xapian_term_iterator *terms;
    xapian_string term = XAPIAN_STRING_INIT;
    size_t seen = 0;
    uint64_t length = 0;
    assert_xapian_ok(xapian_database_document_terms(database, docid, &terms));
    while (xapian_term_iterator_next(terms) == XAPIAN_OK) {
        xapian_termcount wdf = 0;
        assert_xapian_ok(xapian_term_iterator_term(terms, &term));
        assert_xapian_ok(xapian_term_iterator_wdf(terms, &wdf));
        struct buffer name = {term.data, term.size, 0};
        size_t before = count_count;
        struct counted *counted = counted_of(&name);
        assert_int_equal(before, count_count);
        assert_int_equal(counted->wdf, wdf);
        assert_positions(terms, counted);
        length += wdf;
        seen++;
    }
    assert_int_equal(count_count, seen);
    xapian_term_iterator_free(terms);
    xapian_string_free(&term);
    xapian_termcount stored_length = 0;
    assert_xapian_ok(xapian_database_document_length(database, docid, &stored_length));
    assert_int_equal(length, stored_length);

    assert_xapian_ok(xapian_database_get_document(database, docid, 0, &stored));
    assert_value(stored, LIVE_SLOT_DATE, xunzi_string_of(date));
    assert_value(stored, LIVE_SLOT_SOURCE, (xunzi_string){document->source.data, source_size});
    struct fingerprint fingerprint;
    assert_ok(fingerprint_of(document, NULL, &fingerprint));
    assert_value(stored, LIVE_SLOT_FINGERPRINT,
                 (xunzi_string){(const char *)&fingerprint,
                                fingerprint_is_none(&fingerprint) ? 0 : sizeof fingerprint});
    xapian_string data = XAPIAN_STRING_INIT;
    struct buffer storage = {0};
    xunzi_document back;
    assert_xapian_ok(xapian_document_data(stored, &data));
    assert_ok(record_decode(data.data, data.size, &storage, &back, NULL));
    assert_same_document(document, &back);
    xapian_string_free(&data);
    buffer_free(&storage);
    xapian_document_free(stored);
    xapian_database_free(database);
    forget_counts();
}

static struct live_document_maker *new_maker(xunzi_profile profile) {
    struct live_document_maker *maker;
    assert_ok(live_document_maker_new(profile, &maker));
    return maker;
}

static void test_random_documents(void **state) {
    (void)state;
    struct buffer title = {0}, body = {0}, id = {0};
    random_seed(51);
    for (int profile = 0; profile < 2; profile++) {
        struct live_document_maker *maker = new_maker((xunzi_profile)profile);
        for (int i = 0; i < 150; i++) {
            random_text(&title, random_below(12));
            random_text(&body, random_below(100));
            random_text(&id, 1 + random_below(300));
            xunzi_document document = {.id = {id.data, id.size},
                                       .title = {title.data, title.size},
                                       .body = {body.data, body.size},
                                       .source = i % 2 ? TEXT("某報 A版") : (xunzi_string){0}};
            assert_live_document(maker, &document, (xunzi_profile)profile, "",
                                 document.source.size);
        }
        live_document_maker_free(maker);
    }
    buffer_free(&title);
    buffer_free(&body);
    buffer_free(&id);
}

/* A maker that has had a document of many terms makes the next as if it were the first. */
static void test_a_large_document_before_small_ones(void **state) {
    (void)state;
    struct live_document_maker *maker = new_maker(XUNZI_PROFILE_BIGRAM);
    struct buffer body = {0};
    for (uint32_t i = 0; i < 3000; i++)
        assert_true(buffer_printf(&body, "w%u ", i));
    xunzi_document large = {.id = TEXT("large"), .body = {body.data, body.size}};
    xunzi_document small = {.id = TEXT("small"), .title = TEXT("小"), .body = TEXT("文件 w7 w7")};
    assert_live_document(maker, &small, XUNZI_PROFILE_BIGRAM, "", 0);
    assert_live_document(maker, &large, XUNZI_PROFILE_BIGRAM, "", 0);
    assert_live_document(maker, &small, XUNZI_PROFILE_BIGRAM, "", 0);
    buffer_free(&body);
    live_document_maker_free(maker);
}

static void test_dates(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"2024-03-18", "20240318"},
        {"2024", "20240101"},
        {"2024年3月18日 10:00", "20240318"},
        {"9999-12-31", "99991231"},
        {"0001", "00010101"},
        {"2023-02-29", ""},
        {"yesterday", ""},
        {"", ""},
    };
    struct live_document_maker *maker = new_maker(XUNZI_PROFILE_FULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        xunzi_document document = document_of("1", "題", "文", cases[i][0], NULL);
        assert_live_document(maker, &document, XUNZI_PROFILE_FULL, cases[i][1], 0);
    }
    live_document_maker_free(maker);
}

/* A long source is kept whole in the record and shortened, at a character, in its slot. */
static void test_long_sources(void **state) {
    (void)state;
    struct live_document_maker *maker = new_maker(XUNZI_PROFILE_FULL);
    struct buffer source = {0};
    for (size_t lead = 0; lead < 3; lead++) {
        buffer_clear(&source);
        for (size_t i = 0; i < lead; i++)
            assert_true(buffer_append_byte(&source, 'x'));
        while (source.size < 3000)
            append_code_point(&source, 0x5831);
        size_t kept = lead + (LIVE_SOURCE_MOST - lead) / 3 * 3;
        xunzi_string whole = {source.data, source.size};
        assert_int_equal(kept, live_source_value_size(whole));
        xunzi_document document = {.id = TEXT("1"), .body = TEXT("文"), .source = whole};
        assert_live_document(maker, &document, XUNZI_PROFILE_FULL, "", kept);
    }
    assert_int_equal(LIVE_SOURCE_MOST,
                     live_source_value_size((xunzi_string){source.data, LIVE_SOURCE_MOST}));
    assert_int_equal(0, live_source_value_size((xunzi_string){0}));
    buffer_free(&source);
    live_document_maker_free(maker);
}

static void test_documents_without_tokens(void **state) {
    (void)state;
    struct live_document_maker *maker = new_maker(XUNZI_PROFILE_FULL);
    xunzi_document document = document_of("1", "——", "！？\n", NULL, NULL);
    assert_live_document(maker, &document, XUNZI_PROFILE_FULL, "", 0);
    live_document_maker_free(maker);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_documents),
        cmocka_unit_test(test_a_large_document_before_small_ones),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_long_sources),
        cmocka_unit_test(test_documents_without_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
