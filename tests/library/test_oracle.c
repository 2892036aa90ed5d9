/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The oracle: random collections and random queries, answered by the library and by the reference
 * engine (reference.h). Matches, their order and their scores are to be the same, after every
 * commit, in both profiles, and after optimizing.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "random_collection.h"

static const xunzi_profile profiles[] = {XUNZI_PROFILE_FULL, XUNZI_PROFILE_BIGRAM};
enum { QUERIES_AFTER_COMMIT = 70, QUERIES_AT_END = 500 };

/* A random query twice: as the library gets it and, text by text, as the reference does; and again
 * in the other spelling. */
struct asked {
    struct reference_query query;
    char *texts[PARTS_MOST]; /* what query.parts points to */
    char *whole, *other;     /* the whole text, and it in the other spelling */
    xunzi_search_options options;
    char since[32], until[32];
};

/* Text for a query: mostly such as some document holds. */
static struct random_text some_text(struct random_collection *collection, size_t most) {
    struct random *random = &collection->random;
    if (collection->body_count == 0 || random_once_in(random, 4))
        return random_text_of(random, 1 + random_below(random, most));
    return random_stretch(random, &collection->bodies[random_below(random, collection->body_count)],
                          1, most);
}

/* Puts a phrase in quotation marks of one kind or another. */
static void quote(FILE *out, size_t kind, const char *text) {
    static const char *const marks[][2] = {
        {"\"", "\""}, {"“", "”"}, {"「", "」"}, {"『", "』"}, {"＂", "＂"}};
    fprintf(out, "%s%s%s", marks[kind][0], text, marks[kind][1]);
}

/* A query in the query language, from one to five parts. */
static void make_parts(struct random_collection *collection, struct asked *asked) {
    static const char *const plus[] = {"+", "＋"}, *const minus[] = {"-", "－", "−"},
                             *const spaces[] = {" ", "　", "\n\t "};
    struct random *random = &collection->random;
    size_t size, other_size, count = 1 + random_below(random, 5);
    FILE *whole = open_memstream(&asked->whole, &size),
         *other = open_memstream(&asked->other, &other_size);
    assert_true(whole && other);
    for (size_t i = 0; i < count; i++) {
        struct random_text text;
        bool quoted = random_once_in(random, 3);
        do
            text = some_text(collection, 6);
        while (!quoted && !is_word(&text));
        uint64_t spellings = random_next(random);
        char *spelled = spell(&text, spellings), *twin = spell(&text, ~spellings);
        size_t sign = random_below(random, 4), mark = random_below(random, 5);
        if (i > 0 && (sign < 2 || !quoted || random_once_in(random, 2))) {
            const char *space = spaces[random_below(random, 3)];
            fputs(space, whole);
            fputs(space, other);
        }
        const char *before = sign == 0   ? plus[random_below(random, 2)]
                             : sign == 1 ? minus[random_below(random, 3)]
                                         : "";
        fputs(before, whole);
        fputs(before, other);
        if (quoted) {
            quote(whole, mark, spelled);
            quote(other, mark, twin);
        } else {
            fputs(spelled, whole);
            fputs(twin, other);
        }
        free(twin);
        asked->texts[i] = spelled;
        asked->query.parts[i].text = spelled;
        asked->query.parts[i].kind = sign == 0 || (sign > 1 && quoted) ? PART_REQUIRED
                                     : sign == 1                       ? PART_EXCLUDED
                                                                       : PART_WORD;
    }
    asked->query.part_count = count;
    fclose(whole);
    fclose(other);
}

static void make_filters(struct random *random, struct asked *asked) {
    struct reference_query *query = &asked->query;
    xunzi_search_options *options = &asked->options;
    if (random_once_in(random, 4)) {
        unsigned year = 2018 + (unsigned)random_below(random, 8),
                 month = 1 + (unsigned)random_below(random, 12);
        bool has_month = random_once_in(random, 2);
        snprintf(asked->since, sizeof asked->since, has_month ? "%u-%02u" : "%u", year, month);
        query->since = year * 10000 + (has_month ? month : 1) * 100 + 1;
        options->since = xunzi_string_of(asked->since);
    }
    if (random_once_in(random, 4)) {
        unsigned year = 2018 + (unsigned)random_below(random, 8);
        bool whole_year = random_once_in(random, 2);
        snprintf(asked->until, sizeof asked->until, whole_year ? "%u" : "%u年6月15日", year);
        query->until = year * 10000 + (whole_year ? 1231 : 615);
        options->until = xunzi_string_of(asked->until);
    }
    if (random_once_in(random, 5)) {
        query->source = random_source(random);
        options->source = xunzi_string_of(query->source);
    }
    if (random_once_in(random, 4))
        query->sort = options->sort = XUNZI_SORT_DATE;
}

static void make_query(struct random_collection *collection, struct asked *asked) {
    struct random *random = &collection->random;
    *asked = (struct asked){.options = xunzi_search_options_default()};
    asked->query.mode = asked->options.mode = (xunzi_mode)random_below(random, 4);
    asked->options.snippets = random_once_in(random, 4);
    if (asked->query.mode == XUNZI_MODE_QUERY) {
        make_parts(collection, asked);
    } else {
        struct random_text text =
            some_text(collection, asked->query.mode == XUNZI_MODE_PHRASE ? 5 : 20);
        uint64_t spellings = random_next(random);
        asked->texts[0] = spell(&text, spellings);
        asked->whole = strdup(asked->texts[0]);
        asked->other = spell(&text, ~spellings);
        asked->query.parts[0].text = asked->texts[0];
        asked->query.part_count = 1;
    }
    make_filters(random, asked);
}

static void asked_free(struct asked *asked) {
    for (size_t i = 0; i < PARTS_MOST; i++)
        free(asked->texts[i]);
    free(asked->whole);
    free(asked->other);
}

static void show(const struct asked *asked, const xunzi_results *results,
                 const struct reference_hit *expected, size_t count) {
    char *query = NULL;
    xunzi_print_safe(xunzi_string_of(asked->whole), true, &query);
    print_error("query \"%s\", mode %d, sort %d, since %s, until %s, source %s: expected %zu, got "
                "%zu of %llu\n",
                query, (int)asked->query.mode, (int)asked->query.sort, asked->since, asked->until,
                asked->query.source ? asked->query.source : "", count, xunzi_results_count(results),
                (unsigned long long)xunzi_results_total(results));
    free(query);
    for (size_t i = 0; i < 12; i++) {
        const xunzi_hit *hit = xunzi_results_hit(results, i);
        if (i < count)
            print_error("  expected %s %.9f", expected[i].document->id, expected[i].score);
        if (hit)
            print_error("  got %.*s %.9f", (int)hit->id.size, hit->id.data, hit->score);
        print_error("\n");
    }
}

/* Whether the hits are expected[first ...], as many as the limit allows. */
static bool same_hits(const xunzi_results *results, const struct reference_hit *expected,
                      size_t count, size_t first, size_t limit) {
    size_t wanted = first < count ? count - first : 0;
    if (wanted > limit)
        wanted = limit;
    if (xunzi_results_count(results) != wanted)
        return false;
    for (size_t i = 0; i < wanted; i++) {
        const xunzi_hit *hit = xunzi_results_hit(results, i);
        const struct reference_hit *one = &expected[first + i];
        if (!same_string(hit->id, xunzi_string_of(one->document->id)) ||
            hit->rank != first + i + 1 || fabs(hit->score - one->score) > 1e-5 * one->score ||
            !same_string(hit->title, xunzi_string_of(one->document->title)))
            return false;
    }
    return true;
}

/* Asks for all hits with an exact count, then for a page, then in the other spelling. */
static void check_query(struct random_collection *collection, xunzi_index *index,
                        struct asked *asked) {
    size_t count, offset = random_below(&collection->random, 30),
                  limit = random_below(&collection->random, 30);
    struct reference_hit *expected =
        reference_search(&collection->reference, &asked->query, &count);
    xunzi_results *results;
    asked->options.limit = SIZE_MAX;
    asked->options.exact_count = true;
    assert_ok(xunzi_search(index, xunzi_string_of(asked->whole), &asked->options, &results));
    bool right = same_hits(results, expected, count, 0, SIZE_MAX) && xunzi_results_exact(results) &&
                 xunzi_results_total(results) == count;
    if (right) {
        xunzi_results_free(results);
        asked->options.limit = limit;
        asked->options.offset = offset;
        asked->options.exact_count = random_once_in(&collection->random, 2);
        assert_ok(xunzi_search(index, xunzi_string_of(asked->whole), &asked->options, &results));
        right = same_hits(results, expected, count, offset, limit) &&
                (xunzi_results_exact(results) ? xunzi_results_total(results) == count
                                              : !asked->options.exact_count);
    }
    if (right) {
        xunzi_results_free(results);
        assert_ok(xunzi_search(index, xunzi_string_of(asked->other), &asked->options, &results));
        right = same_hits(results, expected, count, offset, limit);
    }
    if (!right) {
        show(asked, results, expected, count);
        fail_msg("the answer is not the reference's (offset %zu, limit %zu)", asked->options.offset,
                 asked->options.limit);
    }
    xunzi_results_free(results);
    free(expected);
}

static size_t check_queries(struct random_collection *collection, xunzi_index *index,
                            size_t queries) {
    size_t found = 0;
    for (size_t i = 0; i < queries; i++) {
        struct asked asked;
        make_query(collection, &asked);
        check_query(collection, index, &asked);
        xunzi_results *results = search_all(index, xunzi_string_of(asked.whole), asked.query.mode);
        found += xunzi_results_count(results) > 0;
        xunzi_results_free(results);
        asked_free(&asked);
    }
    return found;
}

/* The two spellings of each unit are one to a search: what the other tests stand on. */
static void count_token(void *context, const xunzi_token *token) {
    char *text = context;
    snprintf(text + strlen(text), 256 - strlen(text), "%u %.*s ", (unsigned)token->position,
             (int)token->term.size, token->term.data);
}

static void test_alphabet(void **state) {
    (void)state;
    for (size_t i = 0; i < unit_count; i++) {
        char first[256] = "", second[256] = "";
        assert_ok(xunzi_analyze(xunzi_string_of(units[i].spellings[0]), XUNZI_PROFILE_FULL,
                                count_token, first));
        assert_ok(xunzi_analyze(xunzi_string_of(units[i].spellings[1]), XUNZI_PROFILE_FULL,
                                count_token, second));
        assert_string_equal(first, second);
        assert_int_equal(units[i].kind < UNIT_PUNCTUATION, first[0] != '\0');
    }
}

static void check_profile(void **state, xunzi_profile profile) {
    struct random_collection *collection = malloc(sizeof *collection);
    assert_non_null(collection);
    collection_begin(collection, in_folder(state, "collection"), profile,
                     20191121 + (uint64_t)profile);
    xunzi_index *index = NULL;
    for (size_t i = 0; i < COLLECTION_COMMITS; i++) {
        collection_commit(collection);
        if (index)
            assert_ok(xunzi_index_refresh(index));
        else
            index = open_index(collection->path);
        assert_same_documents(index, &collection->reference);
        check_queries(collection, index, QUERIES_AFTER_COMMIT);
    }
    assert_true(reference_documents(&collection->reference) >= 400);
    size_t found = check_queries(collection, index, QUERIES_AT_END);
    /* Queries that find nothing prove little. */
    assert_true(found > QUERIES_AT_END / 2);
    xunzi_writer *writer = open_writer(collection->path, profile);
    assert_ok(xunzi_writer_optimize(writer));
    xunzi_writer_close(writer);
    assert_ok(xunzi_index_refresh(index));
    assert_same_documents(index, &collection->reference);
    check_queries(collection, index, QUERIES_AFTER_COMMIT);
    xunzi_index_close(index);
    assert_sound(collection->path);
    collection_free(collection);
    free(collection);
}

static void test_full(void **state) {
    check_profile(state, profiles[0]);
}

static void test_bigram(void **state) {
    check_profile(state, profiles[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alphabet),
        cmocka_unit_test_setup_teardown(test_full, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_bigram, make_folder, remove_folder),
    };
    return cmocka_run_group_tests_name("oracle", tests, NULL, NULL);
}
