/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The oracle: random collections and random queries, answered by the library and by the reference
 * engine (reference.h), after every commit, in both profiles, and after optimizing. However a
 * collection stores its documents (random_collection.h), the answers are the same to the last bit;
 * and they have the reference's matches, its order and its scores, as far as whole numbers
 * (searcher/score.h) can tell scores apart.
 */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "random_collection.h"

static const xunzi_profile profiles[] = {XUNZI_PROFILE_FULL, XUNZI_PROFILE_BIGRAM};
enum { QUERIES_AFTER_COMMIT = 110, QUERIES_AT_END = 1150, QUERIES_AFTERWARDS = 80 };

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

/* What is like a document. */
static void make_like(struct random_collection *collection, struct asked *asked) {
    const struct reference *reference = &collection->reference;
    const struct reference_document *document;
    do
        document = &reference->documents[random_below(&collection->random, reference->count)];
    while (document->deleted);
    asked->whole = strdup(document->id);
    asked->other = strdup(document->id);
    asked->query.like = asked->whole;
    asked->query.mode = XUNZI_MODE_OR; /* whatever the options' mode is */
}

static void make_query(struct random_collection *collection, struct asked *asked) {
    struct random *random = &collection->random;
    *asked = (struct asked){.options = xunzi_search_options_default()};
    asked->query.mode = asked->options.mode = (xunzi_mode)random_below(random, 4);
    asked->options.snippets = random_once_in(random, 4);
    if (random_once_in(random, 10)) {
        make_like(collection, asked);
    } else if (asked->query.mode == XUNZI_MODE_QUERY) {
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
    print_error("%s \"%s\", mode %d, sort %d, since %s, until %s, source %s, offset %zu, limit "
                "%zu: expected %zu in all, got %zu of %llu\n",
                asked->query.like ? "like" : "query", query, (int)asked->query.mode,
                (int)asked->query.sort, asked->since, asked->until,
                asked->query.source ? asked->query.source : "", asked->options.offset,
                asked->options.limit, count, xunzi_results_count(results),
                (unsigned long long)xunzi_results_total(results));
    free(query);
    for (size_t i = 0; i < 20; i++) {
        const xunzi_hit *hit = xunzi_results_hit(results, i);
        if (i < count)
            print_error("  expected %s %.9f", expected[i].document->id, expected[i].score);
        if (hit)
            print_error("  got %.*s %.9f", (int)hit->id.size, hit->id.data, hit->score);
        if (i < count || hit)
            print_error("\n");
    }
}

/* Scores this close are one to whole numbers, or may be. */
static double rounding(const struct reference_hit *hits, size_t count) {
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = hits[i].score > most ? hits[i].score : most;
    return 1e-7 * most;
}

static const struct reference_hit *find_hit(const struct reference_hit *expected, size_t count,
                                            size_t guess, xunzi_string id) {
    if (same_string(id, xunzi_string_of(expected[guess].document->id)))
        return &expected[guess];
    for (size_t i = 0; i < count; i++)
        if (same_string(id, xunzi_string_of(expected[i].document->id)))
            return &expected[i];
    return NULL;
}

/* Whether `second` may stand behind `first`. */
static bool may_follow(const struct reference_hit *first, const struct reference_hit *second,
                       xunzi_sort sort, double rounding_error) {
    if (sort == XUNZI_SORT_DATE && first->document->day != second->document->day)
        return first->document->day > second->document->day;
    double difference = first->score - second->score;
    if (fabs(difference) <= 1e-12 * first->score)
        return first->place < second->place;
    return difference > -rounding_error;
}

/* Whether all hits are the expected ones. No hit comes twice, for their order is strict. */
static bool same_as_reference(const xunzi_results *results, const struct reference_hit *expected,
                              size_t count, xunzi_sort sort) {
    double rounding_error = rounding(expected, count);
    if (xunzi_results_count(results) != count || xunzi_results_total(results) != count ||
        !xunzi_results_exact(results))
        return false;
    const struct reference_hit *before = NULL;
    bool *seen = calloc(count + 1, sizeof *seen);
    assert_non_null(seen);
    bool same = true;
    for (size_t i = 0; i < count && same; i++) {
        const xunzi_hit *hit = xunzi_results_hit(results, i);
        const struct reference_hit *one = find_hit(expected, count, i, hit->id);
        same = one && !seen[one - expected] && hit->rank == i + 1 &&
               fabs(hit->score - one->score) <= 1e-5 * one->score &&
               same_string(hit->title, xunzi_string_of(one->document->title)) &&
               same_string(hit->source, xunzi_string_of(one->document->source)) &&
               (!before || may_follow(before, one, sort, rounding_error));
        if (one)
            seen[one - expected] = true;
        before = one;
    }
    free(seen);
    return same;
}

/* Whether the hits are those of `all` from the offset on, as many as the limit allows. */
static bool same_hits(const xunzi_results *results, const xunzi_results *all, size_t offset,
                      size_t limit) {
    size_t count = xunzi_results_count(all), wanted = offset < count ? count - offset : 0;
    if (wanted > limit)
        wanted = limit;
    if (xunzi_results_count(results) != wanted)
        return false;
    for (size_t i = 0; i < wanted; i++) {
        const xunzi_hit *hit = xunzi_results_hit(results, i),
                        *one = xunzi_results_hit(all, offset + i);
        if (!same_string(hit->id, one->id) || hit->rank != one->rank ||
            memcmp(&hit->score, &one->score, sizeof hit->score) != 0 ||
            !same_string(hit->title, one->title) || !same_string(hit->date, one->date)) {
            print_error("at %zu: %.*s %.17g is not %.*s %.17g\n", i, (int)hit->id.size,
                        hit->id.data, hit->score, (int)one->id.size, one->id.data, one->score);
            return false;
        }
    }
    return xunzi_results_exact(results) ? xunzi_results_total(results) == count : true;
}

/* An answer of one of the collections. */
static xunzi_results *ask(struct asked *asked, xunzi_index *index, const char *text) {
    xunzi_results *results;
    assert_ok((asked->query.like ? xunzi_search_like : xunzi_search)(index, xunzi_string_of(text),
                                                                     &asked->options, &results));
    return results;
}

/* Asks one collection for all hits with an exact count, the others for many of them, seldom all
 * (their documents take long to read), then each for a page, and one for it in the other spelling.
 */
static void check_query(struct random_collection *collection, xunzi_index *const indexes[STORAGES],
                        struct asked *asked) {
    struct random *random = &collection->random;
    size_t count, offset = random_below(random, 30), limit = random_below(random, 30);
    size_t many = random_once_in(random, 8) ? SIZE_MAX : 50 + random_below(random, 50);
    size_t other = random_below(random, STORAGES);
    bool exact_count = random_once_in(random, 2);
    struct reference_hit *expected =
        reference_search(&collection->reference, &asked->query, &count);
    asked->options.limit = SIZE_MAX;
    asked->options.exact_count = true;
    xunzi_results *all = ask(asked, indexes[0], asked->whole);
    if (!same_as_reference(all, expected, count, asked->query.sort)) {
        show(asked, all, expected, count);
        fail_msg("the answer of the %s collection is not the reference's", storage_names[0]);
    }
    for (size_t s = 0; s < STORAGES; s++)
        for (int turn = s > 0 ? 0 : 1; turn < (s == other ? 3 : 2); turn++) {
            asked->options.offset = turn > 0 ? offset : 0;
            asked->options.limit = turn > 0 ? limit : many;
            asked->options.exact_count = turn == 0 || exact_count;
            xunzi_results *results =
                ask(asked, indexes[s], turn == 2 ? asked->other : asked->whole);
            if (!same_hits(results, all, asked->options.offset, asked->options.limit) ||
                (asked->options.exact_count && !xunzi_results_exact(results))) {
                show(asked, results, expected, count);
                fail_msg("the answer of the %s collection is not that of the %s one",
                         storage_names[s], storage_names[0]);
            }
            xunzi_results_free(results);
        }
    xunzi_results_free(all);
    free(expected);
}

/* Returns how many queries found something when nothing was filtered out. */
static size_t check_queries(struct random_collection *collection,
                            xunzi_index *const indexes[STORAGES], size_t queries) {
    size_t found = 0;
    for (size_t i = 0; i < queries; i++) {
        struct asked asked;
        make_query(collection, &asked);
        check_query(collection, indexes, &asked);
        asked.options = xunzi_search_options_default();
        asked.options.mode = asked.query.mode;
        asked.options.limit = 1;
        xunzi_results *results = ask(&asked, indexes[0], asked.whole);
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

/* Moves the indexes, NULL before they are open, to what was committed last; the documents are to be
 * the reference's. */
static void move_on(struct random_collection *collection, xunzi_index *indexes[STORAGES]) {
    for (int s = 0; s < STORAGES; s++) {
        if (indexes[s])
            assert_ok(xunzi_index_refresh(indexes[s]));
        else
            indexes[s] = open_index(collection->paths[s]);
        assert_same_documents(indexes[s], &collection->reference);
    }
}

/* The figures of the indexes: alike but for where the documents are. */
static void check_statistics(struct random_collection *collection,
                             xunzi_index *const indexes[STORAGES],
                             xunzi_statistics statistics[STORAGES]) {
    for (int s = 0; s < STORAGES; s++) {
        assert_ok(xunzi_index_statistics(indexes[s], &statistics[s]));
        assert_int_equal(statistics[s].documents, reference_documents(&collection->reference));
        assert_int_equal(statistics[s].terms, statistics[0].terms);
        assert_int_equal(statistics[s].postings, statistics[0].postings);
        assert_int_equal(statistics[s].profile, collection->reference.profile);
    }
}

static void optimize_all(struct random_collection *collection) {
    for (int s = 0; s < STORAGES; s++) {
        xunzi_writer *writer = open_writer(collection->paths[s], collection->reference.profile);
        assert_ok(xunzi_writer_optimize(writer));
        xunzi_writer_close(writer);
    }
}

/* The one file with that ending in a folder. */
static xunzi_string read_only_segment(const char *path) {
    char name[4096] = "";
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));)
        if (strstr(entry->d_name, ".seg")) {
            assert_string_equal(name, "");
            snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        }
    closedir(folder);
    return read_file(name);
}

/* Optimized, they are one segment each, and the same one, byte for byte. */
static void check_same_segments(struct random_collection *collection) {
    xunzi_string first = read_only_segment(collection->paths[0]);
    for (int s = 1; s < STORAGES; s++) {
        xunzi_string other = read_only_segment(collection->paths[s]);
        assert_int_equal(first.size, other.size);
        assert_memory_equal(first.data, other.data, first.size);
        free((char *)other.data);
    }
    free((char *)first.data);
}

static void check_profile(void **state, xunzi_profile profile) {
    struct random_collection *collection = malloc(sizeof *collection);
    assert_non_null(collection);
    const char *paths[STORAGES];
    xunzi_index *indexes[STORAGES] = {0};
    xunzi_statistics statistics[STORAGES];
    size_t mixtures = 0, several = 0;
    for (int s = 0; s < STORAGES; s++)
        paths[s] = strdup(in_folder(state, storage_names[s]));
    collection_begin(collection, paths, profile, 20191121 + (uint64_t)profile);
    for (size_t i = 0; i < COLLECTION_COMMITS; i++) {
        collection_commit(collection);
        move_on(collection, indexes);
        check_statistics(collection, indexes, statistics);
        assert_int_equal(statistics[STORAGE_LIVE].segments, 0);
        assert_int_equal(statistics[STORAGE_SEALED].live_documents, 0);
        mixtures +=
            statistics[STORAGE_MIXED].segments > 0 && statistics[STORAGE_MIXED].live_documents > 0;
        several += statistics[STORAGE_SEALED].segments > 1;
        check_queries(collection, indexes, QUERIES_AFTER_COMMIT);
    }
    assert_true(mixtures > 0 && several > 0);
    assert_true(reference_documents(&collection->reference) >= 400);
    size_t found = check_queries(collection, indexes, QUERIES_AT_END);
    /* Queries that find nothing prove little. */
    assert_true(found > QUERIES_AT_END / 2);
    optimize_all(collection);
    move_on(collection, indexes);
    check_statistics(collection, indexes, statistics);
    for (int s = 0; s < STORAGES; s++) {
        assert_int_equal(statistics[s].segments, 1);
        assert_int_equal(statistics[s].live_documents, 0);
    }
    check_same_segments(collection);
    check_queries(collection, indexes, QUERIES_AFTERWARDS);
    collection_commit(collection); /* on top of that */
    move_on(collection, indexes);
    check_statistics(collection, indexes, statistics);
    assert_true(statistics[STORAGE_LIVE].live_documents > 0 &&
                statistics[STORAGE_LIVE].segments == 1);
    check_queries(collection, indexes, QUERIES_AFTERWARDS);
    for (int s = 0; s < STORAGES; s++) {
        xunzi_index_close(indexes[s]);
        assert_sound(paths[s]);
        assert_tidy(paths[s]);
        free((char *)paths[s]);
    }
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
