/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xunzi_search over a collection whose documents are made by rule, so that what matches can be told
 * of each by its number: modes, filters, order, slices, counts, notes, scores. (tests/library has
 * the comparison with a brute-force engine.) */
#include "tests/catalog/collection_support.h"

#include <math.h>
#include <stdio.h>

#include "searcher/ranking.h"
#include "segment/bounds.h"

enum { DOCUMENTS = 120 };

struct made {
    char id[8], title[64], body[256], date[16], source[16];
};

static struct made made[DOCUMENTS + 1]; /* by number, from 1 */
static xunzi_index *indexes[2];         /* by profile */

/* Document n: of even n, of multiples of 3 and of 7 the body says so; dates and sources are missing
 * from some. */
static void make_document(int n) {
    struct made *out = &made[n];
    snprintf(out->id, sizeof out->id, "%d", n);
    snprintf(out->title, sizeof out->title, n % 10 == 0 ? "整十的標題" : "標題");
    snprintf(out->body, sizeof out->body, "公共圖書館第%d號文章。%s%s%s word%d %s", n,
             n % 2 == 0 ? "雙數在此。" : "", n % 3 == 0 ? "三倍在此。" : "",
             n % 7 == 0 ? "七倍在此，雙數。" : "", n, n % 11 == 0 ? "iPhone 手機" : "");
    if (n % 5 != 0)
        snprintf(out->date, sizeof out->date, "%d-%02d-%02d", 2020 + n % 4, 1 + n % 12, 1 + n % 28);
    if (n % 6 != 0)
        snprintf(out->source, sizeof out->source,
                 n % 4 == 0   ? "東方報"
                 : n % 4 == 1 ? "Weekly A"
                              : "晚報");
}

static int set_up(void **state) {
    if (make_folder(state) != 0)
        return -1;
    xunzi_document documents[DOCUMENTS];
    for (int n = 1; n <= DOCUMENTS; n++) {
        make_document(n);
        documents[n - 1] =
            document_of(made[n].id, made[n].title, made[n].body, made[n].date, made[n].source);
    }
    for (int profile = 0; profile < 2; profile++) {
        const char *path = in_folder(state, profile ? "bigram" : "full");
        add_documents(path, (xunzi_profile)profile, documents, DOCUMENTS / 2);
        add_documents(path, (xunzi_profile)profile, documents + DOCUMENTS / 2, DOCUMENTS / 2);
        indexes[profile] = open_index(path);
    }
    return 0;
}

static int tear_down(void **state) {
    xunzi_index_close(indexes[0]);
    xunzi_index_close(indexes[1]);
    return remove_folder(state);
}

static xunzi_results *search(xunzi_profile profile, const char *query,
                             const xunzi_search_options *options) {
    xunzi_results *results;
    assert_ok(xunzi_search(indexes[profile], xunzi_string_of(query), options, &results));
    assert_non_null(results);
    return results;
}

static int number_of(const xunzi_hit *hit) {
    char text[8] = "";
    assert_true(hit->id.size < sizeof text);
    memcpy(text, hit->id.data, hit->id.size);
    int number = atoi(text);
    assert_in_range(number, 1, DOCUMENTS);
    return number;
}

/* Everything that must hold of any results. */
static void assert_sound(const xunzi_results *results, const xunzi_search_options *options) {
    size_t count = xunzi_results_count(results);
    assert_true(count <= options->limit);
    assert_null(xunzi_results_hit(results, count));
    for (size_t i = 0; i < count; i++) {
        const xunzi_hit *hit = xunzi_results_hit(results, i);
        const struct made *document = &made[number_of(hit)];
        assert_int_equal(options->offset + i + 1, hit->rank);
        assert_true(hit->score >= 0);
        assert_text(xunzi_string_of(document->title), hit->title);
        assert_text(xunzi_string_of(document->date), hit->date);
        assert_text(xunzi_string_of(document->source), hit->source);
        assert_text(TEXT(""), hit->url);
        if (!options->snippets)
            assert_true(hit->snippet.size == 0 && hit->snippet_match_count == 0 &&
                        hit->title_match_count == 0);
        else
            assert_true(hit->snippet.size > 0);
        if (i > 0 && options->sort == XUNZI_SORT_RELEVANCE)
            assert_true(hit->score <= xunzi_results_hit(results, i - 1)->score);
    }
}

typedef bool predicate(int n);

/* Asserts that a query finds the documents that the predicate holds of, and counts them. */
static void assert_finds_in(xunzi_profile profile, xunzi_mode mode, const char *query,
                            predicate *matches, xunzi_search_options options) {
    options.mode = mode;
    options.limit = 1000;
    options.exact_count = true;
    xunzi_results *results = search(profile, query, &options);
    assert_sound(results, &options);
    bool found[DOCUMENTS + 1] = {false};
    size_t expected = 0;
    for (size_t i = 0; i < xunzi_results_count(results); i++) {
        int number = number_of(xunzi_results_hit(results, i));
        assert_false(found[number]);
        found[number] = true;
    }
    for (int n = 1; n <= DOCUMENTS; n++) {
        if (found[n] != matches(n))
            fail_msg("%s, profile %s: document %d %s found", query, xunzi_profile_name(profile), n,
                     found[n] ? "is" : "is not");
        expected += matches(n);
    }
    assert_int_equal(expected, xunzi_results_total(results));
    assert_true(xunzi_results_exact(results));
    assert_null(xunzi_results_note(results));
    xunzi_results_free(results);
}

static void assert_finds(xunzi_mode mode, const char *query, predicate *matches,
                         xunzi_search_options options) {
    assert_finds_in(XUNZI_PROFILE_FULL, mode, query, matches, options);
    assert_finds_in(XUNZI_PROFILE_BIGRAM, mode, query, matches, options);
}

static bool even(int n) {
    return n % 2 == 0 || n % 7 == 0;
}
static bool threefold(int n) {
    return n % 3 == 0;
}
static bool even_or_threefold(int n) {
    return even(n) || threefold(n);
}
static bool even_and_threefold(int n) {
    return even(n) && threefold(n);
}
static bool even_not_threefold(int n) {
    return even(n) && !threefold(n);
}
static bool not_even_nor_threefold(int n) {
    return !even(n) && !threefold(n);
}
static bool seven(int n) {
    return n == 7;
}
static bool full_ten(int n) {
    return n % 10 == 0;
}
static bool eleventh(int n) {
    return n % 11 == 0;
}
static bool sevenfold(int n) {
    return n % 7 == 0;
}
static bool sevenfold_behind(int n) {
    return n % 7 == 0 && (n % 2 == 0 || n % 3 == 0);
}
static bool any(int n) {
    (void)n;
    return true;
}
static bool none(int n) {
    (void)n;
    return false;
}

static void test_modes(void **state) {
    (void)state;
    const xunzi_search_options options = xunzi_search_options_default();
    static const struct {
        xunzi_mode mode;
        const char *query;
        predicate *matches;
    } cases[] = {
        {XUNZI_MODE_QUERY, "雙數", even},
        {XUNZI_MODE_QUERY, "双数", even},
        {XUNZI_MODE_QUERY, "雙數 三倍", even_or_threefold},
        {XUNZI_MODE_QUERY, "+雙數 +三倍", even_and_threefold},
        {XUNZI_MODE_QUERY, "雙數 +三倍", threefold},
        {XUNZI_MODE_QUERY, "雙數 -三倍", even_not_threefold},
        {XUNZI_MODE_QUERY, "-雙數 -三倍", not_even_nor_threefold},
        {XUNZI_MODE_QUERY, "公共 -雙數 -三倍", not_even_nor_threefold},
        {XUNZI_MODE_QUERY, "\"在此\"", even_or_threefold},
        {XUNZI_MODE_QUERY, "\"整十的標題\"", full_ten},
        {XUNZI_MODE_QUERY, "word7", seven},
        {XUNZI_MODE_QUERY, "ＷＯＲＤ７", seven},
        {XUNZI_MODE_QUERY, "word", none},
        {XUNZI_MODE_QUERY, "-公共", none},
        {XUNZI_MODE_QUERY, "-火車", any},
        {XUNZI_MODE_OR, "雙數 -三倍", even_or_threefold},
        {XUNZI_MODE_AND, "雙數 三倍", even_and_threefold},
        {XUNZI_MODE_AND, "雙數三倍", none}, /* the bigram between them is asked for too */
        {XUNZI_MODE_AND, "公共 圖書館", any},
        {XUNZI_MODE_PHRASE, "公共圖書館第", any},
        {XUNZI_MODE_PHRASE, "圖書館公共", none},
        {XUNZI_MODE_PHRASE, "七倍在此，雙數", sevenfold},
        {XUNZI_MODE_PHRASE, "七倍在此雙數", none},
        {XUNZI_MODE_PHRASE, "iphone手機", eleventh},
        {XUNZI_MODE_PHRASE, "iPhone 手机", eleventh},
        {XUNZI_MODE_PHRASE, "標題公共", none}, /* a title and a body are apart */
        {XUNZI_MODE_PHRASE, "馆第7号文", seven},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_finds(cases[i].mode, cases[i].query, cases[i].matches, options);
}

/* Single characters of longer runs are in the full profile only. */
static void test_single_characters(void **state) {
    (void)state;
    const xunzi_search_options options = xunzi_search_options_default();
    static const struct {
        const char *query;
        predicate *full, *bigram;
    } cases[] = {
        {"七", sevenfold, none},
        {"\"此 七\"", sevenfold_behind, none}, /* one separator is as good as another */
        {"\"此七\"", none, none},
        {"\"a 號\"", none, none},
        {"號", any, none},
        {"\"第7號\"", seven, none},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_finds_in(XUNZI_PROFILE_FULL, XUNZI_MODE_QUERY, cases[i].query, cases[i].full,
                        options);
        assert_finds_in(XUNZI_PROFILE_BIGRAM, XUNZI_MODE_QUERY, cases[i].query, cases[i].bigram,
                        options);
    }
}

/* ---- Filters ---- */

static int day_of(int n) {
    return n % 5 == 0 ? 0 : (2020 + n % 4) * 10000 + (1 + n % 12) * 100 + 1 + n % 28;
}
static bool since_2022(int n) {
    return day_of(n) >= 20220101;
}
static bool until_march_2021(int n) {
    return day_of(n) > 0 && day_of(n) <= 20210331;
}
static bool in_2022(int n) {
    return day_of(n) / 10000 == 2022;
}
static bool on_a_day(int n) {
    return day_of(n) == day_of(1);
}
static bool of_weekly(int n) {
    return n % 6 != 0 && n % 4 == 1;
}
static bool of_eastern(int n) {
    return n % 6 != 0 && n % 4 == 0;
}
static bool of_eastern_even_in_2020(int n) {
    return of_eastern(n) && even(n) && day_of(n) / 10000 == 2020;
}

static void assert_filters(const char *query, const char *since, const char *until,
                           const char *source, predicate *matches) {
    xunzi_search_options options = xunzi_search_options_default();
    options.since = xunzi_string_of(since);
    options.until = xunzi_string_of(until);
    options.source = xunzi_string_of(source);
    assert_finds(XUNZI_MODE_QUERY, query, matches, options);
}

static void test_filters(void **state) {
    (void)state;
    assert_filters("公共", "2022", "", "", since_2022);
    assert_filters("公共", "", "2021-03", "", until_march_2021);
    assert_filters("公共", "2022", "2022", "", in_2022);
    assert_filters("公共", "2022年1月1日", "2022/12/31", "", in_2022);
    assert_filters("公共", made[1].date, made[1].date, "", on_a_day);
    assert_filters("公共", "2022", "2021", "", none);
    assert_filters("公共", "2030", "", "", none);
    assert_filters("公共", "", "", "Weekly A", of_weekly);
    assert_filters("公共", "", "", "ｗｅｅｋｌｙ a", of_weekly);
    assert_filters("公共", "", "", "Weekly", none);
    assert_filters("公共", "", "", "东方报", of_eastern);
    assert_filters("雙數", "2020", "2020", "東方報", of_eastern_even_in_2020);
    assert_filters("-火車", "", "", "東方報", of_eastern);
}

/* Filters leave scores as they are. */
static void test_filters_do_not_score(void **state) {
    (void)state;
    xunzi_search_options options = xunzi_search_options_default();
    options.limit = 1000;
    xunzi_results *all = search(XUNZI_PROFILE_BIGRAM, "雙數 三倍", &options);
    double scores[DOCUMENTS + 1] = {0};
    for (size_t i = 0; i < xunzi_results_count(all); i++)
        scores[number_of(xunzi_results_hit(all, i))] = xunzi_results_hit(all, i)->score;
    options.source = TEXT("東方報");
    options.since = TEXT("2020");
    xunzi_results *filtered = search(XUNZI_PROFILE_BIGRAM, "雙數 三倍", &options);
    assert_true(xunzi_results_count(filtered) > 0);
    for (size_t i = 0; i < xunzi_results_count(filtered); i++) {
        const xunzi_hit *hit = xunzi_results_hit(filtered, i);
        assert_true(fabs(hit->score - scores[number_of(hit)]) < 1e-9);
    }
    xunzi_results_free(all);
    xunzi_results_free(filtered);
}

static void test_dates_that_are_none(void **state) {
    (void)state;
    xunzi_search_options options = xunzi_search_options_default();
    xunzi_results *results = (xunzi_results *)&results;
    options.until = TEXT("someday");
    assert_status(XUNZI_ERROR_INVALID_ARGUMENT,
                  xunzi_search(indexes[0], TEXT("公共"), &options, &results));
    assert_null(results);
    assert_non_null(strstr(xunzi_error_message(), "someday"));
    xunzi_results_free(search(XUNZI_PROFILE_FULL, "公共", NULL)); /* the index goes on */
}

/* ---- Order ---- */

static void test_sort_by_date(void **state) {
    (void)state;
    xunzi_search_options options = xunzi_search_options_default();
    options.sort = XUNZI_SORT_DATE;
    options.limit = 1000;
    for (int profile = 0; profile < 2; profile++) {
        xunzi_results *results = search((xunzi_profile)profile, "公共 雙數 三倍", &options);
        assert_int_equal(DOCUMENTS, xunzi_results_count(results));
        assert_sound(results, &options);
        size_t ties = 0;
        for (size_t i = 1; i < DOCUMENTS; i++) {
            const xunzi_hit *before = xunzi_results_hit(results, i - 1),
                            *hit = xunzi_results_hit(results, i);
            int day_before = day_of(number_of(before)), day = day_of(number_of(hit));
            assert_true(day_before >= day); /* 0, no date, is last */
            if (day_before != day)
                continue;
            ties++;
            assert_true(before->score >= hit->score);
        }
        assert_true(ties > 10);
        xunzi_results_free(results);
    }
}

/* Documents that score the same keep the order in which they were added. */
static void test_ties(void **state) {
    (void)state;
    xunzi_search_options options = xunzi_search_options_default();
    options.limit = 1000;
    xunzi_results *results = search(XUNZI_PROFILE_BIGRAM, "-火車", &options);
    assert_int_equal(DOCUMENTS, xunzi_results_count(results));
    for (int i = 0; i < DOCUMENTS; i++) {
        assert_int_equal(i + 1, number_of(xunzi_results_hit(results, (size_t)i)));
        assert_true(xunzi_results_hit(results, (size_t)i)->score == 0);
    }
    xunzi_results_free(results);
}

/* Any slice is that part of the whole list. */
static void test_slices(void **state) {
    (void)state;
    static const size_t offsets[] =
        {0, 1, 5, 60, DOCUMENTS - 1, DOCUMENTS, DOCUMENTS + 1, SIZE_MAX / 2, SIZE_MAX},
                        limits[] = {0, 1, 10, DOCUMENTS, SIZE_MAX / 2, SIZE_MAX};
    for (int sort = 0; sort < 2; sort++) {
        xunzi_search_options options = xunzi_search_options_default();
        options.sort = (xunzi_sort)sort;
        options.limit = 1000;
        xunzi_results *whole = search(XUNZI_PROFILE_FULL, "公共 雙數 三倍", &options);
        assert_int_equal(DOCUMENTS, xunzi_results_count(whole));
        for (size_t o = 0; o < sizeof offsets / sizeof *offsets; o++)
            for (size_t l = 0; l < sizeof limits / sizeof *limits; l++) {
                options.offset = offsets[o];
                options.limit = limits[l];
                xunzi_results *slice = search(XUNZI_PROFILE_FULL, "公共 雙數 三倍", &options);
                size_t left = offsets[o] < DOCUMENTS ? DOCUMENTS - offsets[o] : 0;
                assert_int_equal(left < limits[l] ? left : limits[l], xunzi_results_count(slice));
                assert_sound(slice, &options);
                for (size_t i = 0; i < xunzi_results_count(slice); i++) {
                    const xunzi_hit *hit = xunzi_results_hit(slice, i),
                                    *same = xunzi_results_hit(whole, offsets[o] + i);
                    assert_text(same->id, hit->id);
                    assert_true(fabs(same->score - hit->score) < 1e-9);
                    assert_text(same->snippet, hit->snippet);
                }
                xunzi_results_free(slice);
            }
        xunzi_results_free(whole);
    }
}

static void test_totals(void **state) {
    (void)state;
    static const struct {
        const char *query;
        predicate *matches;
    } cases[] = {{"雙數", even},
                 {"雙數 三倍", even_or_threefold},
                 {"+雙數 +三倍", even_and_threefold},
                 {"\"七倍在此，雙數\"", sevenfold},
                 {"火車", none},
                 {"-雙數 -三倍", not_even_nor_threefold}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t limit = 0; limit <= 20; limit += 10)
            for (int exact = 0; exact < 2; exact++) {
                xunzi_search_options options = xunzi_search_options_default();
                options.limit = limit;
                options.exact_count = exact != 0;
                size_t expected = 0;
                for (int n = 1; n <= DOCUMENTS; n++)
                    expected += cases[i].matches(n);
                xunzi_results *results = search(XUNZI_PROFILE_FULL, cases[i].query, &options);
                assert_true(!exact || xunzi_results_exact(results));
                if (xunzi_results_exact(results))
                    assert_int_equal(expected, xunzi_results_total(results));
                else
                    assert_in_range(xunzi_results_total(results), xunzi_results_count(results),
                                    DOCUMENTS);
                xunzi_results_free(results);
            }
}

/* ---- Options and oddities ---- */

static void test_defaults(void **state) {
    (void)state;
    xunzi_search_options options = xunzi_search_options_default();
    assert_int_equal(10, options.limit);
    assert_true(options.snippets);
    xunzi_results *results = search(XUNZI_PROFILE_FULL, "公共", NULL);
    assert_int_equal(10, xunzi_results_count(results));
    assert_sound(results, &options);
    assert_true(xunzi_results_hit(results, 0)->snippet_match_count > 0);
    xunzi_results_free(results);
    xunzi_results_free(NULL);
}

static void test_without_snippets(void **state) {
    (void)state;
    xunzi_search_options options = xunzi_search_options_default();
    options.snippets = false;
    xunzi_results *results = search(XUNZI_PROFILE_FULL, "標題", &options);
    assert_int_equal(10, xunzi_results_count(results));
    assert_sound(results, &options);
    xunzi_results_free(results);
}

static void test_title_matches(void **state) {
    (void)state;
    xunzi_results *results = search(XUNZI_PROFILE_FULL, "整十", NULL);
    assert_int_equal(10, xunzi_results_count(results));
    for (size_t i = 0; i < 10; i++) {
        const xunzi_hit *hit = xunzi_results_hit(results, i);
        assert_int_equal(1, hit->title_match_count);
        assert_int_equal(0, hit->title_matches[0].begin);
        assert_int_equal(strlen("整十"), hit->title_matches[0].end);
        assert_int_equal(0, hit->snippet_match_count);
    }
    xunzi_results_free(results);
}

static void test_queries_that_say_nothing(void **state) {
    (void)state;
    static const char *const queries[] = {"", "   ", "！？", "\"\"", "+", "-", "“"};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        for (int mode = XUNZI_MODE_QUERY; mode <= XUNZI_MODE_PHRASE; mode++) {
            xunzi_search_options options = xunzi_search_options_default();
            options.mode = (xunzi_mode)mode;
            options.source = i % 2 ? TEXT("東方報") : (xunzi_string){0};
            options.exact_count = true;
            xunzi_results *results = search(XUNZI_PROFILE_FULL, queries[i], &options);
            assert_int_equal(0, xunzi_results_count(results));
            assert_int_equal(0, xunzi_results_total(results));
            assert_non_null(xunzi_results_note(results));
            xunzi_results_free(results);
        }
}

static void append_hostile_part(struct buffer *text, int kind, unsigned n) {
    static const char signs[] = {'+', '-', ' '};
    switch (kind) {
    case 3:
        assert_true(buffer_printf(text, "\"a w%u\" ", n));
        break;
    case 4:
        append_code_point(text, 0x4E00 + n % 0x5000);
        break;
    case 5:
        assert_true(buffer_printf(text, "國%u", n));
        break;
    default:
        assert_true(buffer_printf(text, "%cw%u ", signs[kind], n));
    }
}

/* Queries made to cost much: of as many parts as fit, and of any bytes. All are answered. */
static void test_hostile_queries(void **state) {
    (void)state;
    struct buffer text = {0};
    for (int kind = 0; kind < 6; kind++)
        for (int mode = XUNZI_MODE_QUERY; mode <= XUNZI_MODE_PHRASE; mode++) {
            xunzi_search_options options = xunzi_search_options_default();
            options.mode = (xunzi_mode)mode;
            xunzi_results *results;
            buffer_clear(&text);
            for (unsigned n = 0; text.size < XUNZI_MAX_QUERY_BYTES; n++)
                append_hostile_part(&text, kind, n);
            assert_ok(xunzi_search(indexes[mode % 2], (xunzi_string){text.data, text.size},
                                   &options, &results));
            xunzi_results_free(results);
        }
    random_seed(95);
    for (int i = 0; i < 3000; i++) {
        xunzi_search_options options = xunzi_search_options_default();
        options.mode = (xunzi_mode)random_below(4);
        options.exact_count = true;
        options.limit = DOCUMENTS;
        xunzi_results *results;
        if (i % 2)
            random_text(&text, random_below(20));
        else
            for (buffer_clear(&text); text.size < (size_t)i % 40;)
                append_one_of(&text, "公共圖書館雙數三倍的在此 +-\"「」，a1");
        assert_ok(
            xunzi_search(indexes[i % 2], (xunzi_string){text.data, text.size}, &options, &results));
        assert_sound(results, &options);
        assert_int_equal(xunzi_results_total(results), xunzi_results_count(results));
        xunzi_results_free(results);
    }
    buffer_free(&text);
}

/* ---- Scores ---- */

static void assert_score(double expected, const xunzi_hit *hit) {
    if (fabs(expected - hit->score) > 1e-6 * expected)
        fail_msg("document %.*s scores %.9f, not %.9f", (int)hit->id.size, hit->id.data, hit->score,
                 expected);
}

static double saturation(double tf, double length, double average) {
    return tf / (tf + SATURATION_K1 * (1 - SATURATION_B + SATURATION_B * length / average));
}

/* ranking.h's formula by hand, over three documents. */
static void test_scores_by_hand(void **state) {
    const char *path = in_folder(state, "scores");
    const xunzi_document documents[] = {
        document_of("1", "x", "x y", NULL, NULL),    /* length 5: the title counts thrice */
        document_of("2", NULL, "y y z", NULL, NULL), /* 3 */
        document_of("3", NULL, "z", NULL, "x"),      /* 1 */
    };
    add_documents(path, XUNZI_PROFILE_BIGRAM, documents, 3);
    xunzi_index *index = open_index(path);
    xunzi_results *results;
    assert_ok(xunzi_search(index, TEXT("x y y"), NULL, &results));
    const double rare = RANKING_LATIN_WEIGHT * pow(log(1 + 2.5 / 1.5), RANKING_RARITY);
    const double common = RANKING_LATIN_WEIGHT * pow(log(1 + 1.5 / 2.5), RANKING_RARITY);
    assert_int_equal(2, xunzi_results_count(results));
    assert_text(TEXT("1"), xunzi_results_hit(results, 0)->id);
    assert_score(rare * saturation(4, 5, 3) + 2 * common * saturation(1, 5, 3),
                 xunzi_results_hit(results, 0));
    assert_score(2 * common * saturation(2, 3, 3), xunzi_results_hit(results, 1));
    xunzi_results_free(results);
    assert_ok(
        xunzi_search(index, TEXT("\"y z\" -x"), NULL, &results)); /* a phrase scores as its terms */
    assert_int_equal(1, xunzi_results_count(results));
    assert_score(common * saturation(2, 3, 3) + common * saturation(1, 3, 3),
                 xunzi_results_hit(results, 0));
    xunzi_results_free(results);
    xunzi_index_close(index);
}

/* The second pass, by hand: where the terms stand together, in a document that a lone common one
 * ties with. */
static void test_closeness_by_hand(void **state) {
    const char *path = in_folder(state, "closeness");
    struct buffer far = {0};
    assert_true(buffer_append_text(&far, "x "));
    for (int i = 0; i < RANKING_WINDOW / 2; i++)
        assert_true(buffer_printf(&far, "w%d ", i));
    assert_true(buffer_append_text(&far, "y") && buffer_terminate(&far));
    struct buffer near = {0};
    assert_true(buffer_append_text(&near, "x y "));
    for (int i = 0; i < RANKING_WINDOW / 2; i++)
        assert_true(buffer_printf(&near, "w%d ", i));
    assert_true(buffer_terminate(&near));
    const xunzi_document documents[] = {document_of("far", NULL, far.data, NULL, NULL),
                                        document_of("near", NULL, near.data, NULL, NULL),
                                        document_of("other", NULL, "z", NULL, NULL)};
    add_documents(path, XUNZI_PROFILE_FULL, documents, 3);
    xunzi_index *index = open_index(path);
    xunzi_search_options options = xunzi_search_options_default();
    xunzi_results *results;
    const double length = RANKING_WINDOW / 2 + 2, average = (2 * length + 1) / 3;
    const double weight = RANKING_LATIN_WEIGHT * pow(log(1 + 1.5 / 2.5), RANKING_RARITY);
    const double terms = 2 * weight * saturation(1, length, average);
    options.explain = true;
    options.fold_duplicates = false; /* the two have nearly the same text */
    assert_ok(xunzi_search(index, TEXT("x y"), &options, &results));
    assert_text(TEXT("near"), xunzi_results_hit(results, 0)->id);
    assert_score(terms + RANKING_CLOSENESS * 2 * weight, xunzi_results_hit(results, 0));
    assert_true(fabs(xunzi_results_hit(results, 0)->closeness - RANKING_CLOSENESS * 2 * weight) <
                1e-6);
    assert_text(TEXT("far"), xunzi_results_hit(results, 1)->id);
    assert_score(terms + RANKING_CLOSENESS * weight, xunzi_results_hit(results, 1));
    xunzi_results_free(results);
    options.without = XUNZI_RANKING_CLOSENESS;
    assert_ok(xunzi_search(index, TEXT("x y"), &options, &results));
    assert_text(TEXT("far"), xunzi_results_hit(results, 0)->id); /* a tie: the older one first */
    assert_score(terms, xunzi_results_hit(results, 0));
    assert_score(terms, xunzi_results_hit(results, 1));
    xunzi_results_free(results);
    xunzi_index_close(index);
    buffer_free(&far);
    buffer_free(&near);
}

/* Each part that is left out is left out. */
static void test_parts_of_the_ranking(void **state) {
    const char *path = in_folder(state, "parts");
    const xunzi_document documents[] = {document_of("1", NULL, "圖書館的書 abc", NULL, NULL),
                                        document_of("2", NULL, "圖書 山河", NULL, NULL)};
    add_documents(path, XUNZI_PROFILE_FULL, documents, 2);
    xunzi_index *index = open_index(path);
    static const unsigned parts[] = {XUNZI_RANKING_CHARACTERS, XUNZI_RANKING_CLOSENESS,
                                     XUNZI_RANKING_FUNCTION, XUNZI_RANKING_LATIN,
                                     XUNZI_RANKING_RARITY};
    double scores[6];
    for (size_t i = 0; i < 6; i++) {
        xunzi_search_options options = xunzi_search_options_default();
        xunzi_results *results;
        options.without = i < 5 ? parts[i] : 0;
        assert_ok(xunzi_search(index, TEXT("圖書館的 abc"), &options, &results));
        assert_text(TEXT("1"), xunzi_results_hit(results, 0)->id);
        scores[i] = xunzi_results_hit(results, 0)->score;
        xunzi_results_free(results);
    }
    for (size_t i = 0; i < 5; i++)
        assert_true(fabs(scores[i] - scores[5]) > 1e-3);
    xunzi_index_close(index);
}

/* The same in either script, hit for hit. */
static void test_both_scripts(void **state) {
    (void)state;
    static const char *const queries[][2] = {{"雙數 圖書館", "双数 图书馆"},
                                             {"\"七倍在此，雙數\"", "“七倍在此,双数”"},
                                             {"+標題 -雙數", "＋标题 －双数"},
                                             {"iPhone 手機號", "ｉＰＨＯＮＥ　手机号"}};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        for (int profile = 0; profile < 2; profile++) {
            xunzi_results *traditional = search((xunzi_profile)profile, queries[i][0], NULL);
            xunzi_results *simplified = search((xunzi_profile)profile, queries[i][1], NULL);
            assert_true(xunzi_results_count(traditional) > 0);
            assert_int_equal(xunzi_results_count(traditional), xunzi_results_count(simplified));
            for (size_t h = 0; h < xunzi_results_count(traditional); h++) {
                const xunzi_hit *a = xunzi_results_hit(traditional, h),
                                *b = xunzi_results_hit(simplified, h);
                assert_text(a->id, b->id);
                assert_true(a->score == b->score);
                assert_text(a->snippet, b->snippet);
                assert_int_equal(a->snippet_match_count, b->snippet_match_count);
            }
            xunzi_results_free(traditional);
            xunzi_results_free(simplified);
        }
}

/* ---- Handles ---- */

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
        cmocka_unit_test(test_modes),
        cmocka_unit_test(test_single_characters),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_filters_do_not_score),
        cmocka_unit_test(test_dates_that_are_none),
        cmocka_unit_test(test_sort_by_date),
        cmocka_unit_test(test_ties),
        cmocka_unit_test(test_slices),
        cmocka_unit_test(test_totals),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_without_snippets),
        cmocka_unit_test(test_title_matches),
        cmocka_unit_test(test_queries_that_say_nothing),
        cmocka_unit_test(test_hostile_queries),
        cmocka_unit_test(test_scores_by_hand),
        cmocka_unit_test(test_closeness_by_hand),
        cmocka_unit_test(test_parts_of_the_ranking),
        cmocka_unit_test(test_both_scripts),
        cmocka_unit_test(test_lifetimes_and_refresh),
        cmocka_unit_test(test_an_empty_collection),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
