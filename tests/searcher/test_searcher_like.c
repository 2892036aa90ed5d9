/* SPDX-License-Identifier: GPL-2.0-or-later */
/* More like this: which terms are chosen, what is no hit, what is refused. That live and sealed
 * documents are answered alike, and as the reference engine answers, tests/library/test_oracle.c
 * tells. */
#include "tests/catalog/collection_support.h"

#include <math.h>
#include <stdio.h>

#include "searcher/like.h"
#include "searcher/ranking.h"

static const char *path;
static xunzi_index *collection;

/* Four of one story, one of them by another paper in the other script; others about something else;
 * and some that share nothing with any other. */
static const struct {
    const char *id, *title, *body, *date, *source;
} stories[] = {
    {"ferry-1", "北灣渡輪擴班", "北灣港務處自下月起把渡輪航線增為六條，夜間渡輪加開兩班。",
     "2024-03-01", "雲嶺日報"},
    {"ferry-2", "北湾渡轮扩班", "北湾港务处自下月起把渡轮航线增为六条，夜间渡轮加开两班。",
     "2024-03-02", "澄江晚报"},
    {"ferry-3", "渡輪碼頭整修", "北灣的渡輪碼頭封閉三個月，航線改由南岸出發。", "2024-05-09",
     "雲嶺日報"},
    {"ferry-4", "航線票價", "渡輪票價不變，老人半價。", "", ""},
    {"hall", "圖書館延長開放", "市立圖書館週末開放到夜間九點，自習室增加座位。", "2024-03-05",
     "雲嶺日報"},
    {"school", "兩校交換教師", "兩所小學互派教師，為期一學年。", "2023-01-01", "澄江晚报"},
    {"alone", "", "饕餮", "", ""},
    {"function", "", "的在是之", "", ""},
};
enum { STORIES = sizeof stories / sizeof *stories };

static xunzi_results *like(const char *id, const xunzi_search_options *options) {
    xunzi_results *results;
    assert_ok(xunzi_search_like(collection, xunzi_string_of(id), options, &results));
    return results;
}

/* Asserts what is like a document: ids, each with a space behind it. */
static void assert_like(const char *id, const xunzi_search_options *options, const char *expected) {
    char ids[256] = "";
    xunzi_results *results = like(id, options);
    for (size_t i = 0; i < xunzi_results_count(results); i++) {
        xunzi_string found = xunzi_results_hit(results, i)->id;
        size_t used = strlen(ids);
        snprintf(ids + used, sizeof ids - used, "%.*s ", (int)found.size, found.data);
    }
    assert_string_equal(ids, expected);
    xunzi_results_free(results);
}

static void make_stories(void **state, const char *name, uint64_t live_most,
                         xunzi_profile profile) {
    path = in_folder(state, name);
    collection_live_most = live_most;
    for (size_t i = 0; i < STORIES; i++) {
        const xunzi_document document = document_of(
            stories[i].id, stories[i].title, stories[i].body, stories[i].date, stories[i].source);
        add_documents(path, profile, &document, 1);
    }
    collection = open_index(path);
}

static void check_stories(void) {
    xunzi_search_options options = xunzi_search_options_default();
    options.limit = 3;
    assert_like("ferry-1", &options, "ferry-2 ferry-3 ferry-4 ");
    assert_like("ferry-2", &options, "ferry-1 ferry-3 ferry-4 ");
    options.limit = 1;
    options.offset = 1;
    assert_like("ferry-1", &options, "ferry-3 ");
    options.offset = 0;
    options.limit = 10;
    options.sort = XUNZI_SORT_DATE;
    options.since = xunzi_string_of("2024-03-01");
    options.until = xunzi_string_of("2024-05");
    options.source = xunzi_string_of("云岭日报");
    assert_like("ferry-2", &options, "ferry-3 hall ferry-1 ");
    assert_like("ferry-1", &options, "ferry-3 hall ");
}

static void test_stories(void **state) {
    static const struct {
        const char *name;
        uint64_t live_most;
        xunzi_profile profile;
    } kinds[] = {{"live", UINT64_MAX, XUNZI_PROFILE_FULL},
                 {"sealed", 0, XUNZI_PROFILE_FULL},
                 {"mixed", 3, XUNZI_PROFILE_FULL},
                 {"bigrams", 0, XUNZI_PROFILE_BIGRAM}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        make_stories(state, kinds[i].name, kinds[i].live_most, kinds[i].profile);
        check_stories();
        xunzi_index_close(collection);
    }
}

/* Every match but the document itself is counted, in facets too. */
static void test_counts(void **state) {
    make_stories(state, "counts", 4, XUNZI_PROFILE_FULL);
    xunzi_search_options options = xunzi_search_options_default();
    options.limit = 0;
    options.exact_count = true;
    options.facet = XUNZI_FACET_SOURCE;
    xunzi_results *results = like("ferry-4", &options);
    size_t count;
    const xunzi_facet_value *facets = xunzi_results_facets(results, &count);
    assert_true(xunzi_results_exact(results));
    assert_int_equal(xunzi_results_total(results), 3);
    assert_int_equal(count, 2);
    assert_int_equal(facets[0].count + facets[1].count, 3);
    xunzi_results_free(results);
    xunzi_index_close(collection);
}

static void test_explanation(void **state) {
    make_stories(state, "explanation", 0, XUNZI_PROFILE_FULL);
    xunzi_search_options options = xunzi_search_options_default();
    options.explain = true;
    xunzi_results *results = like("ferry-1", &options);
    assert_non_null(strstr(xunzi_results_tree(results), "the document ferry-1"));
    size_t count;
    const xunzi_ranked_term *terms = xunzi_results_terms(results, &count);
    assert_in_range(count, 10, RANKING_TERMS_MOST);
    for (size_t i = 0; i < count; i++) {
        assert_true(terms[i].frequency > 1);
        /* It stands there three times, once of them in the title. */
        if (memcmp(terms[i].term.data, "渡轮", terms[i].term.size) == 0)
            assert_true(terms[i].weight == 3);
    }
    const xunzi_hit *hit = xunzi_results_hit(results, 0);
    double sum = 0;
    for (size_t i = 0; i < hit->gain_count; i++)
        sum += hit->gains[i].score;
    assert_true(fabs(sum - hit->score) < 1e-6 * hit->score);
    assert_true(hit->closeness < 1e-6 * hit->score);
    assert_true(hit->snippet_match_count > 0 && hit->title_match_count > 0);
    xunzi_results_free(results);
    xunzi_index_close(collection);
}

/* What is not found, and what finds nothing. */
static void test_nothing(void **state) {
    static const char hostile[] = "ferry-1\0\033[31m\xFF";
    make_stories(state, "nothing", 3, XUNZI_PROFILE_FULL);
    const xunzi_string unknown[] = {{NULL, 0},           {"", 0},
                                    {"ferry", 5},        {"ferry-10", 8},
                                    {hostile, 8},        {hostile, sizeof hostile - 1},
                                    {"\xFF\xFE\xC0", 3}, {"Qferry-1", 8}};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        xunzi_results *results = (xunzi_results *)&path;
        assert_int_equal(xunzi_search_like(collection, unknown[i], NULL, &results),
                         XUNZI_ERROR_NOT_FOUND);
        assert_null(results);
        assert_non_null(strstr(xunzi_error_message(), "no document with the id"));
        assert_null(strchr(xunzi_error_message(), '\033'));
    }
    struct buffer large = {0};
    while (large.size < 1 << 20)
        assert_true(buffer_append_text(&large, "渡輪"));
    xunzi_results *results;
    assert_int_equal(
        xunzi_search_like(collection, (xunzi_string){large.data, large.size}, NULL, &results),
        XUNZI_ERROR_NOT_FOUND);
    buffer_free(&large);
    for (size_t i = STORIES - 2; i < STORIES; i++) {
        results = like(stories[i].id, NULL);
        assert_int_equal(xunzi_results_count(results), 0);
        assert_int_equal(xunzi_results_total(results), 0);
        assert_true(xunzi_results_exact(results));
        assert_non_null(xunzi_results_note(results));
        xunzi_results_free(results);
    }
    xunzi_search_options options = xunzi_search_options_default();
    options.since = xunzi_string_of("someday");
    assert_int_equal(xunzi_search_like(collection, xunzi_string_of("ferry-1"), &options, &results),
                     XUNZI_ERROR_INVALID_ARGUMENT);
    xunzi_index_close(collection);
}

/* An id that is no UTF-8 is found as it was stored. */
static void test_repaired_id(void **state) {
    path = in_folder(state, "repaired");
    collection_live_most = 0;
    const xunzi_document documents[] = {document_of("\xFFid", "", "渡輪航線", "", ""),
                                        document_of("other", "", "渡輪票價", "", "")};
    add_documents(path, XUNZI_PROFILE_FULL, documents, 2);
    collection = open_index(path);
    assert_like("\xFFid", NULL, "other ");
    assert_like("other", NULL, "\xEF\xBF\xBDid ");
    xunzi_index_close(collection);
}

/* Other articles' headlines on a page say nothing of it; a reading does not part a word. */
static void test_page(void **state) {
    path = in_folder(state, "page");
    collection_live_most = 0;
    const xunzi_document documents[] = {
        document_of("page", "渡輪擴班",
                    "北灣港務處自下月起把渡輪航線增為六條，夜間渡輪加開兩班。旅客可以憑卡乘船。\n"
                    "船員正在受訓，工期約三個月，屆時醫(yī)療船也會停靠。\n"
                    "相關新聞\n圖書館延長開放到週末\n兩所小學互派教師一學年\n自習室增加座位\n",
                    "", ""),
        document_of("library", "", "圖書館延長開放，自習室增加座位。", "", ""),
        document_of("clinic", "", "醫療聯盟", "", "")};
    add_documents(path, XUNZI_PROFILE_FULL, documents, 3);
    collection = open_index(path);
    assert_like("page", NULL, "clinic ");
    xunzi_index_close(collection);
}

/* Of a long body the beginning is read, up to a character's end. */
static void test_long_body(void **state) {
    static const char *const ends[] = {"", "a", "ab"};
    path = in_folder(state, "long");
    collection_live_most = 0;
    struct buffer body = {0};
    for (size_t e = 0; e < 3; e++) {
        char id[8];
        snprintf(id, sizeof id, "long%zu", e);
        buffer_clear(&body);
        assert_true(buffer_append_text(&body, "渡輪") && buffer_append_text(&body, ends[e]));
        while (body.size < LIKE_BYTES_MOST)
            assert_true(buffer_append_text(&body, "船，"));
        assert_true(buffer_append_text(&body, "。圖書館") && buffer_terminate(&body));
        const xunzi_document document = document_of(id, "", body.data, "", "");
        add_documents(path, XUNZI_PROFILE_FULL, &document, 1);
    }
    buffer_free(&body);
    const xunzi_document others[] = {document_of("ferry", "", "渡輪", "", ""),
                                     document_of("hall", "", "圖書館", "", "")};
    add_documents(path, XUNZI_PROFILE_FULL, others, 2);
    collection = open_index(path);
    for (size_t e = 0; e < 3; e++) {
        char id[8];
        snprintf(id, sizeof id, "long%zu", e);
        xunzi_results *results = like(id, NULL);
        assert_int_equal(xunzi_results_count(results), 3);
        for (size_t i = 0; i < 3; i++)
            assert_int_not_equal(xunzi_results_hit(results, i)->id.data[0], 'h');
        xunzi_results_free(results);
    }
    xunzi_index_close(collection);
}

/* Where lists are of many blocks, most of which are never read, what is left out is still one
 * document: the rest come as they come for the same terms as a query. */
static void check_many(const char *words) {
    xunzi_search_options options = xunzi_search_options_default();
    xunzi_results *all;
    options.mode = XUNZI_MODE_OR;
    options.without = XUNZI_RANKING_CLOSENESS;
    options.limit = SIZE_MAX;
    options.snippets = false;
    assert_ok(xunzi_search(collection, xunzi_string_of(words), &options, &all));
    size_t count = xunzi_results_count(all);
    assert_true(count > 1000);
    for (options.limit = 1; options.limit < count; options.limit *= 5)
        for (size_t left_out = 0; left_out < 12; left_out += 3) {
            char id[16];
            xunzi_string name = xunzi_results_hit(all, left_out)->id;
            snprintf(id, sizeof id, "%.*s", (int)name.size, name.data);
            xunzi_results *results = like(id, &options);
            assert_int_equal(xunzi_results_count(results), options.limit);
            for (size_t i = 0; i < options.limit; i++) {
                xunzi_string found = xunzi_results_hit(results, i)->id,
                             expected = xunzi_results_hit(all, i < left_out ? i : i + 1)->id;
                assert_int_equal(found.size, expected.size);
                assert_memory_equal(found.data, expected.data, found.size);
            }
            xunzi_results_free(results);
        }
    xunzi_results_free(all);
}

static void test_many(void **state) {
    static const char *const words[] = {"合作", "合作 n1"};
    for (size_t w = 0; w < 2; w++) {
        path = in_folder(state, words[w]);
        collection_live_most = 0;
        xunzi_writer *writer = open_writer(path, XUNZI_PROFILE_BIGRAM);
        struct buffer body = {0};
        for (unsigned d = 0; d < 1500; d++) {
            char id[16];
            snprintf(id, sizeof id, "%u", d);
            buffer_clear(&body);
            /* One is far better than all others. */
            for (unsigned i = 0; i < (d == 700 ? 9 : 1); i++)
                assert_true(buffer_printf(&body, "%s ", words[w]));
            for (unsigned i = 0; i < d * 37 % 11; i++)
                assert_true(buffer_printf(&body, " x%uy%u", d, i)); /* no other has it */
            assert_true(buffer_terminate(&body));
            const xunzi_document document = document_of(id, "", body.data, "", "");
            assert_ok(xunzi_writer_add(writer, &document));
        }
        assert_ok(xunzi_writer_commit(writer));
        xunzi_writer_close(writer);
        buffer_free(&body);
        collection = open_index(path);
        check_many(words[w]);
        xunzi_index_close(collection);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_stories, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_counts, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_explanation, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_nothing, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_repaired_id, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_page, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_long_body, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_many, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
