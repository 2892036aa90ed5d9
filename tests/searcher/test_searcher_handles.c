/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handles: how long what they give lives, what they show, and a collection without documents. */
#include "tests/catalog/collection_support.h"

/* Results outlive their index; an index shows new documents when it is told to. */
static void test_lifetimes_and_refresh(void **state) {
    const char *path = in_folder(state, "lives");
    xunzi_document document = document_of("1", "題", "火車", NULL, NULL);
    add_documents(path, XUNZI_PROFILE_FULL, &document, 1);
    xunzi_index *index = open_index(path);
    xunzi_results *old, *fresh;
    document = document_of("2", "題", "火車", NULL, NULL);
    add_documents(path, XUNZI_PROFILE_FULL, &document, 1);
    assert_ok(xunzi_search(index, TEXT("火車"), NULL, &old));
    assert_int_equal(1, xunzi_results_count(old));
    assert_ok(xunzi_index_refresh(index));
    assert_ok(xunzi_search(index, TEXT("火車"), NULL, &fresh));
    xunzi_index_close(index);
    assert_int_equal(2, xunzi_results_count(fresh));
    assert_text(TEXT("火車"), xunzi_results_hit(old, 0)->snippet);
    assert_text(TEXT("2"), xunzi_results_hit(fresh, 1)->id);
    xunzi_results_free(old);
    xunzi_results_free(fresh);
}

static void test_an_empty_collection(void **state) {
    const char *path = in_folder(state, "empty");
    xunzi_writer_close(open_writer(path, XUNZI_PROFILE_FULL));
    xunzi_index *index = open_index(path);
    static const char *const queries[] = {"", "a", "中國", "-a", "\"中國人\"", "+a b"};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        for (int sort = 0; sort < 2; sort++) {
            xunzi_search_options options = xunzi_search_options_default();
            options.sort = (xunzi_sort)sort;
            options.since = TEXT("2020");
            options.exact_count = true;
            xunzi_results *results;
            assert_ok(xunzi_search(index, xunzi_string_of(queries[i]), &options, &results));
            assert_int_equal(0, xunzi_results_count(results));
            assert_int_equal(0, xunzi_results_total(results));
            assert_true(xunzi_results_exact(results));
            xunzi_results_free(results);
        }
    xunzi_index_close(index);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_lifetimes_and_refresh, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_an_empty_collection, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
