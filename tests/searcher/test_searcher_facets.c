/* SPDX-License-Identifier: GPL-2.0-or-later */
/* searcher/facets against a tally over all hits: live, sealed, and both with deletions between. */
#include "tests/catalog/collection_support.h"

#include <stdio.h>

#include "base/date.h"
#include "text/fold.h"

enum { DOCUMENTS = 300 };

static const char *const sources[] = {"雲嶺日報", "云岭日报", "澄江電視臺", "", "Ｘunzi"};

static void add_some(xunzi_writer *writer, unsigned first, unsigned behind) {
    for (unsigned i = first; i < behind; i++) {
        char id[16], body[64], date[16] = "";
        snprintf(id, sizeof id, "%u", i);
        snprintf(body, sizeof body, "合作 n%u %s", i, i % 3 ? "醫院" : "學校");
        if (i % 7)
            snprintf(date, sizeof date, "%u-%02u-11", 2018 + i % 5, 1 + i % 12);
        const xunzi_document document =
            document_of(id, NULL, body, date, sources[i % (sizeof sources / sizeof *sources)]);
        assert_ok(xunzi_writer_add(writer, &document));
    }
}

/* A collection of DOCUMENTS, some of them replaced and deleted. */
static void make_collection(const char *path, uint64_t first_live_most, uint64_t then_live_most) {
    const uint64_t live_most[] = {first_live_most, then_live_most};
    for (unsigned turn = 0; turn < 2; turn++) {
        xunzi_writer_options options = xunzi_writer_options_default();
        xunzi_writer *writer;
        options.live_most = live_most[turn];
        assert_ok(xunzi_writer_open(path, &options, &writer));
        add_some(writer, turn * DOCUMENTS / 2, (turn + 1) * DOCUMENTS / 2);
        if (turn == 1) {
            add_some(writer, 20, 40);
            for (unsigned i = 50; i < 60; i++) {
                char id[16];
                snprintf(id, sizeof id, "%u", i);
                assert_ok(xunzi_writer_delete(writer, xunzi_string_of(id)));
            }
        }
        assert_ok(xunzi_writer_commit(writer));
        xunzi_writer_close(writer);
    }
}

/* What a hit counts under. */
static void write_key(xunzi_facet facet, xunzi_string source, xunzi_string date,
                      struct buffer *key) {
    date_day first, last;
    buffer_clear(key);
    if (facet == XUNZI_FACET_SOURCE)
        assert_ok(fold_to_key(source.data, source.size, key));
    else if (date_parse(date.data, date.size, &first, &last))
        assert_true(facet == XUNZI_FACET_YEAR
                        ? buffer_printf(key, "%04u", (unsigned)first / 10000)
                        : buffer_printf(key, "%04u-%02u", (unsigned)first / 10000,
                                        (unsigned)first / 100 % 100));
}

static void check_facet(xunzi_index *index, const char *query, xunzi_facet facet, bool filtered) {
    xunzi_search_options options = xunzi_search_options_default();
    struct buffer key = {0}, other = {0};
    xunzi_results *all, *counted;
    size_t count;
    uint64_t sum = 0;
    options.limit = DOCUMENTS;
    if (filtered) {
        options.since = xunzi_string_of("2019");
        options.source = xunzi_string_of("云岭日报");
    }
    assert_ok(xunzi_search(index, xunzi_string_of(query), &options, &all));
    options.limit = 0;
    options.facet = facet;
    assert_ok(xunzi_search(index, xunzi_string_of(query), &options, &counted));
    const xunzi_facet_value *values = xunzi_results_facets(counted, &count);
    for (size_t i = 0; i < count; i++) {
        uint64_t hits = 0;
        /* A month is no date that stands for itself, so its key is made from its first day. */
        if (facet == XUNZI_FACET_SOURCE)
            write_key(facet, values[i].value, (xunzi_string){0}, &key);
        else
            write_key(facet, (xunzi_string){0}, values[i].value, &key);
        for (size_t h = 0; h < xunzi_results_count(all); h++) {
            const xunzi_hit *hit = xunzi_results_hit(all, h);
            write_key(facet, hit->source, hit->date, &other);
            hits += other.size == key.size &&
                    (key.size == 0 || memcmp(other.data, key.data, key.size) == 0);
        }
        assert_int_equal(values[i].count, hits);
        assert_true(hits > 0);
        sum += hits;
        if (facet == XUNZI_FACET_SOURCE)
            assert_true(i == 0 || values[i - 1].count >= values[i].count);
    }
    assert_int_equal(sum, xunzi_results_count(all));
    assert_int_equal(xunzi_results_total(counted), sum);
    assert_true(xunzi_results_exact(counted));
    buffer_free(&key);
    buffer_free(&other);
    xunzi_results_free(all);
    xunzi_results_free(counted);
}

static void test_counts(void **state) {
    static const struct {
        const char *name;
        uint64_t live_most[2];
    } storages[] = {
        {"live", {UINT64_MAX, UINT64_MAX}}, {"sealed", {0, 0}}, {"mixed", {0, UINT64_MAX}}};
    static const char *const queries[] = {"合作", "醫院 學校",  "+學校", "\"醫院\"",
                                          "n7",   "合作 -學校", "無"};
    for (size_t s = 0; s < 3; s++) {
        const char *path = in_folder(state, storages[s].name);
        make_collection(path, storages[s].live_most[0], storages[s].live_most[1]);
        xunzi_index *index = open_index(path);
        for (size_t q = 0; q < sizeof queries / sizeof *queries; q++)
            for (int facet = XUNZI_FACET_SOURCE; facet <= XUNZI_FACET_MONTH; facet++) {
                check_facet(index, queries[q], (xunzi_facet)facet, false);
                check_facet(index, queries[q], (xunzi_facet)facet, true);
            }
        xunzi_index_close(index);
    }
}

static void test_none_is_asked_for(void **state) {
    const char *path = in_folder(state, "none");
    make_collection(path, 0, 0);
    xunzi_index *index = open_index(path);
    xunzi_results *results;
    size_t count = 1;
    assert_ok(xunzi_search(index, TEXT("合作"), NULL, &results));
    assert_null(xunzi_results_facets(results, &count));
    assert_int_equal(count, 0);
    xunzi_results_free(results);
    xunzi_index_close(index);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_counts, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_none_is_asked_for, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
