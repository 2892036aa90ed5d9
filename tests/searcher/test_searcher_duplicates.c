/* SPDX-License-Identifier: GPL-2.0-or-later */
/* searcher/duplicates: copies as a search over all documents would fold them; live, sealed, mixed
 * and merged. */
#include "tests/catalog/collection_support.h"

#include <stdio.h>

#include "catalog/index.h"
#include "searcher/duplicates.h"

enum { DOCUMENTS = 240, FAMILIES = 30, BODY_SENTENCES = 14 };

/* ---- made-up documents ---- */

static void append_sentence(struct buffer *text) {
    for (uint32_t count = 12 + random_below(16); count > 0; count--)
        append_one_of(text, "山水云木火土金人口手目足日月星田石竹米羊牛犬鱼鸟虫花草果瓜豆上下大小"
                            "中天地左右前后东西南北一二三四五六七八九十百千");
    append_code_point(text, 0x3002);
}

/* The page of a family: the same sentences always, but for the first `others`; the query's words
 * more or fewer times, so that scores differ. */
static void write_page(struct buffer *page, unsigned family, unsigned others) {
    random_seed(family * 1000 + 1);
    for (unsigned s = 0; s < BODY_SENTENCES; s++) {
        size_t begin = page->size;
        append_sentence(page);
        if (s < others) {
            page->size = begin;
            assert_true(buffer_printf(page, "page %u words", others));
        }
    }
    for (unsigned i = 0; i <= others; i++)
        assert_true(buffer_append_text(page, "合作。"));
}

/* Document i is of family i * 7 % FAMILIES; some families are of one year and the next. */
static void add_page(xunzi_writer *writer, unsigned i) {
    struct buffer page = {0};
    char id[16], date[16] = "";
    unsigned family = i * 7 % FAMILIES;
    snprintf(id, sizeof id, "%u", i);
    if (family % 3 > 0)
        snprintf(date, sizeof date, "%u-03-%02u", 2020 + (family % 3 == 2 ? i % 2 : 0), 1 + i % 28);
    write_page(&page, family, i % 4);
    const xunzi_document document = {.id = xunzi_string_of(id),
                                     .title = xunzi_string_of(i % 2 ? "合作" : "題"),
                                     .body = {page.data, page.size},
                                     .date = xunzi_string_of(date),
                                     .source = xunzi_string_of("雲嶺日報"),
                                     .url = xunzi_string_of(id)};
    assert_ok(xunzi_writer_add(writer, &document));
    buffer_free(&page);
}

/* A collection of the documents [0, count), the first half of them with the first live_most. */
static void make_collection(const char *path, unsigned count, uint64_t first_live_most,
                            uint64_t then_live_most) {
    for (unsigned half = 0; half < 2; half++) {
        xunzi_writer_options options = xunzi_writer_options_default();
        xunzi_writer *writer;
        options.live_most = half ? then_live_most : first_live_most;
        assert_ok(xunzi_writer_open(path, &options, &writer));
        for (unsigned i = half * count / 2; i < (half + 1) * count / 2; i++)
            add_page(writer, i);
        assert_ok(xunzi_writer_commit(writer));
        xunzi_writer_close(writer);
    }
}

/* ---- fingerprints ---- */

static size_t number_of(xunzi_string id) {
    char digits[16] = "";
    assert_true(id.size < sizeof digits);
    memcpy(digits, id.data, id.size);
    return strtoul(digits, NULL, 10);
}

static void check_fingerprints(const char *path, struct fingerprint *fingerprints,
                               date_day *dates) {
    xunzi_index *index = open_index(path);
    assert_int_equal(index->documents, DOCUMENTS);
    for (uint64_t n = 0; n < DOCUMENTS; n++) {
        uint64_t ordinal = n < index->live_ordinal ? n : n + 1; /* Xapian's ids begin with 1 */
        struct document_edits edits = {0};
        xunzi_document document;
        struct fingerprint expected;
        date_day first, last;
        assert_ok(index_read_document(index, ordinal, &document, &edits));
        assert_int_equal(number_of(document.id), n);
        assert_ok(fingerprint_of(&document, &edits, &expected));
        if (!date_parse(document.date.data, document.date.size, &first, &last))
            first = 0;
        assert_ok(index_read_fingerprint(index, ordinal, &fingerprints[n], &dates[n]));
        assert_false(fingerprint_is_none(&expected));
        assert_memory_equal(&expected, &fingerprints[n], sizeof expected);
        assert_int_equal(first, dates[n]);
        document_edits_free(&edits);
    }
    xunzi_index_close(index);
}

/* ---- folding ---- */

struct expected {
    struct fingerprint fingerprints[DOCUMENTS];
    date_day dates[DOCUMENTS];
    size_t ranking[DOCUMENTS]; /* documents, the best first */
    size_t count;
    size_t under[DOCUMENTS]; /* by rank: that of the hit that it goes under; its own */
    size_t hits;
};

/* Folds the ranking that a search without folding gives. */
static void fold(xunzi_index *index, xunzi_search_options options, struct expected *expected) {
    xunzi_results *results;
    options.limit = DOCUMENTS;
    options.offset = 0;
    options.fold_duplicates = false;
    assert_ok(xunzi_search(index, TEXT("合作"), &options, &results));
    expected->count = xunzi_results_count(results);
    expected->hits = 0;
    for (size_t r = 0; r < expected->count; r++) {
        assert_int_equal(xunzi_results_hit(results, r)->duplicate_count, 0);
        size_t d = expected->ranking[r] = number_of(xunzi_results_hit(results, r)->id);
        expected->under[r] = r;
        for (size_t h = 0; h < r && expected->under[r] == r; h++) {
            size_t other = expected->ranking[h];
            if (expected->under[h] == h &&
                duplicates_are(&expected->fingerprints[other], expected->dates[other],
                               &expected->fingerprints[d], expected->dates[d]))
                expected->under[r] = h;
        }
        expected->hits += expected->under[r] == r;
    }
    xunzi_results_free(results);
}

/* A hit's copies are the best of those expected, and all of them where all_met. */
static void check_copies(const struct expected *expected, size_t rank, const xunzi_hit *hit,
                         bool all_met) {
    size_t met = 0;
    for (size_t r = rank + 1; r < expected->count; r++) {
        if (expected->under[r] != rank)
            continue;
        if (met == hit->duplicate_count) {
            assert_false(all_met);
            return;
        }
        const xunzi_duplicate *copy = &hit->duplicates[met++];
        assert_int_equal(number_of(copy->id), expected->ranking[r]);
        assert_text(copy->id, copy->url);
        assert_text(expected->ranking[r] % 2 ? TEXT("合作") : TEXT("題"), copy->title);
        assert_text(TEXT("雲嶺日報"), copy->source);
    }
    assert_int_equal(met, hit->duplicate_count);
}

static void check_page(xunzi_index *index, xunzi_search_options options,
                       const struct expected *expected) {
    xunzi_results *results;
    assert_ok(xunzi_search(index, TEXT("合作"), &options, &results));
    assert_int_equal(xunzi_results_total(results), expected->count);
    size_t hit = 0, shown = 0;
    for (size_t r = 0; r < expected->count; r++) {
        if (expected->under[r] != r)
            continue;
        if (hit >= options.offset && hit - options.offset < options.limit) {
            const xunzi_hit *found = xunzi_results_hit(results, shown++);
            assert_non_null(found);
            assert_int_equal(number_of(found->id), expected->ranking[r]);
            assert_int_equal(found->rank, hit + 1);
            check_copies(expected, r, found, options.limit >= DOCUMENTS);
        }
        hit++;
    }
    assert_int_equal(shown, xunzi_results_count(results));
    xunzi_results_free(results);
}

static void check_folding(const char *path, struct expected *expected) {
    static const size_t limits[] = {1, 3, 10, 25, DOCUMENTS, SIZE_MAX};
    xunzi_index *index = open_index(path);
    for (int sort = XUNZI_SORT_RELEVANCE; sort <= XUNZI_SORT_DATE; sort++) {
        xunzi_search_options options = xunzi_search_options_default();
        assert_true(options.fold_duplicates);
        options.sort = (xunzi_sort)sort;
        options.exact_count = true;
        fold(index, options, expected);
        assert_int_equal(expected->count, DOCUMENTS);
        assert_in_range(expected->hits, FAMILIES, 2 * FAMILIES);
        for (size_t l = 0; l < sizeof limits / sizeof *limits; l++)
            for (size_t offset = 0; offset < expected->hits + 3; offset += 1 + offset / 2) {
                options.limit = limits[l];
                options.offset = offset;
                check_page(index, options, expected);
            }
    }
    xunzi_index_close(index);
}

static void test_folding(void **state) {
    static const struct {
        const char *name;
        uint64_t live_most[2];
    } kinds[] = {
        {"live", {UINT64_MAX, UINT64_MAX}}, {"sealed", {0, 0}}, {"mixed", {0, UINT64_MAX}}};
    struct expected first, expected;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const char *path = in_folder(state, kinds[k].name);
        make_collection(path, DOCUMENTS, kinds[k].live_most[0], kinds[k].live_most[1]);
        check_fingerprints(path, expected.fingerprints, expected.dates);
        if (k == 0)
            first = expected;
        assert_memory_equal(first.fingerprints, expected.fingerprints, sizeof first.fingerprints);
        check_folding(path, &expected);
    }
    const char *path = in_folder(state, "mixed"); /* to be merged */
    xunzi_writer *writer = open_writer(path, XUNZI_PROFILE_FULL);
    assert_ok(xunzi_writer_optimize(writer));
    xunzi_writer_close(writer);
    check_fingerprints(path, expected.fingerprints, expected.dates);
    assert_memory_equal(first.fingerprints, expected.fingerprints, sizeof first.fingerprints);
    check_folding(path, &expected);
}

/* More copies than are looked at behind a page leave room on it, which is filled; and of more than
 * are compared, those behind stand for themselves. */
static void test_many_copies(void **state) {
    enum { COPIES = DUPLICATES_MOST + 20 };
    for (size_t sealed = 0; sealed < 2; sealed++) {
        const char *path = in_folder(state, sealed ? "many-sealed" : "many-live");
        xunzi_writer_options writing = xunzi_writer_options_default();
        xunzi_writer *writer;
        struct buffer page = {0};
        write_page(&page, 1, 3);
        writing.profile = XUNZI_PROFILE_BIGRAM;
        writing.live_most = sealed ? 0 : UINT64_MAX;
        assert_ok(xunzi_writer_open(path, &writing, &writer));
        for (unsigned i = 0; i < COPIES; i++) {
            char id[16];
            snprintf(id, sizeof id, "%u", i);
            const xunzi_document document = {.id = xunzi_string_of(id),
                                             .body = {page.data, page.size}};
            assert_ok(xunzi_writer_add(writer, &document));
        }
        const xunzi_document other =
            document_of("other", NULL, "合作一次，與別的無關。", NULL, NULL);
        assert_ok(xunzi_writer_add(writer, &other));
        assert_ok(xunzi_writer_commit(writer));
        xunzi_writer_close(writer);
        xunzi_index *index = open_index(path);
        xunzi_search_options options = xunzi_search_options_default();
        xunzi_results *results;
        options.limit = 2;
        options.exact_count = true;
        options.mode = XUNZI_MODE_OR;
        assert_ok(xunzi_search(index, (xunzi_string){page.data, 60}, &options, &results));
        assert_int_equal(xunzi_results_total(results), COPIES);
        assert_int_equal(xunzi_results_count(results), 2);
        assert_text(TEXT("0"), xunzi_results_hit(results, 0)->id);
        assert_int_equal(xunzi_results_hit(results, 0)->duplicate_count, DUPLICATES_MOST - 1);
        assert_text(TEXT("999"), xunzi_results_hit(results, 0)->duplicates[998].id);
        assert_text(TEXT("1000"), xunzi_results_hit(results, 1)->id);
        assert_int_equal(xunzi_results_hit(results, 1)->duplicate_count, 0);
        assert_int_equal(xunzi_results_hit(results, 1)->rank, 2);
        xunzi_results_free(results);
        options.ranking_only = true; /* folds nothing */
        options.limit = COPIES;
        assert_ok(xunzi_search(index, (xunzi_string){page.data, 60}, &options, &results));
        assert_int_equal(xunzi_results_count(results), COPIES);
        xunzi_results_free(results);
        xunzi_index_close(index);
        buffer_free(&page);
    }
}

/* ---- who is a copy of whom ---- */

static void test_dates(void **state) {
    (void)state;
    const struct fingerprint one = {{1, 2}}, near = {{0xFE, 2}}, far = {{0x3FFFF, 2}}, none = {{0}};
    assert_true(duplicates_are(&one, 0, &near, 0));
    assert_true(duplicates_are(&one, 20240101, &near, 0));
    assert_true(duplicates_are(&one, 20240101, &near, 20240131));
    assert_true(duplicates_are(&one, 20240401, &near, 20240301));
    assert_false(duplicates_are(&one, 20240402, &near, 20240301));
    assert_false(duplicates_are(&one, 20230301, &near, 20240301));
    assert_true(duplicates_are(&one, 20230301, &one, 20240301)); /* the same text */
    assert_false(duplicates_are(&one, 0, &far, 0));
    assert_false(duplicates_are(&none, 0, &none, 0));
    assert_false(duplicates_are(&none, 0, &one, 0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_folding, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_many_copies, make_folder, remove_folder),
        cmocka_unit_test(test_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
