/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The executors over sealed segments against brute force: random trees of every operator over
 * random segments, with and without deletions, by score and by date. The reference gives each
 * document of each segment its matches and scores operator by operator, and sorts them all; it
 * shares with the executors only how lists are decoded and what one posting contributes.
 */
#include "tests/catalog/collection_support.h"

#include <stdio.h>

#include "base/error.h"
#include "catalog/index.h"
#include "indexer/builder.h"
#include "searcher/plan.h"
#include "searcher/sealed_search.h"
#include "searcher/sealed_tree.h"

enum { SEGMENTS = 3, NAMES_MOST = 4000, CHILDREN_MOST = 5, WORDS = 300 };

/* The last segment has no full block of most lists, the first several windows of documents. */
static const uint32_t sizes[SEGMENTS] = {21000, 1500, 130};

static const char *const characters[] = {"甲", "乙", "丙", "丁", "戊", "己"};
enum { CHARACTERS = sizeof characters / sizeof *characters };

static uint32_t random_state = 20261121;

static uint32_t next_random(uint32_t below) {
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % below;
}

/* Small numbers often, large ones rarely: about as words are distributed. */
static uint32_t next_skewed(uint32_t below) {
    uint32_t number = next_random(below);
    for (uint32_t times = next_random(3); times > 0; times--)
        number = next_random(number + 1);
    return number;
}

static struct index_segment segments[SEGMENTS];
static xunzi_index collection;

static void write_text(char *out, size_t room, bool crowded) {
    size_t at = 0;
    uint32_t pieces = 1 + next_random(crowded ? 60 : 12);
    for (uint32_t p = 0; p < pieces && at + 64 < room; p++) {
        if (next_random(2) == 0) {
            at += (size_t)sprintf(out + at, "w%u ", next_skewed(WORDS));
            continue;
        }
        for (uint32_t length = 1 + next_random(7); length > 0; length--)
            at += (size_t)sprintf(out + at, "%s", characters[next_skewed(CHARACTERS)]);
        at += (size_t)sprintf(out + at, "%s", next_random(4) == 0 ? "，" : "");
    }
}

static void build(const char *path, uint32_t documents) {
    struct builder *builder;
    struct builder_options options = {
        .profile = XUNZI_PROFILE_BIGRAM, .threads = 1, .memory = 64 << 20};
    assert_ok(builder_new(path, &options, &builder));
    for (uint32_t d = 0; d < documents; d++) {
        char id[20], title[2048], body[2048] = "x", date[16] = "", source[8] = "";
        sprintf(id, "%u", d);
        title[0] = 0;
        if (next_random(3) == 0)
            write_text(title, sizeof title / 8, false);
        write_text(body, sizeof body, d % 3000 < 300);
        if (next_random(5) > 0)
            sprintf(date, "20%02u-%02u-%02u", next_random(25), 1 + next_random(12),
                    1 + next_random(28));
        if (next_random(5) > 0)
            sprintf(source, "s%u", next_skewed(d % 100 == 0 ? 30 : 4));
        xunzi_document document = document_of(id, title, body, date, source);
        assert_ok(builder_add(builder, &document, NULL));
    }
    assert_ok(builder_finish(builder));
    builder_free(builder);
}

static int set_up(void **state) {
    if (make_folder(state) != 0)
        return -1;
    uint64_t ordinal = 0, length = 0;
    collection = (xunzi_index){.path = *state,
                               .profile = XUNZI_PROFILE_BIGRAM,
                               .segments = segments,
                               .segment_count = SEGMENTS};
    for (size_t i = 0; i < SEGMENTS; i++) {
        char name[16];
        sprintf(name, "%zu.seg", i);
        build(in_folder(state, name), sizes[i]);
        assert_ok(segment_open(in_folder(state, name), &segments[i].segment));
        segments[i].ordinal = ordinal;
        ordinal += sizes[i];
        length += segments[i].segment->header.total_length;
    }
    collection.live_ordinal = ordinal;
    collection.average_length = (double)length / (double)ordinal;
    return 0;
}

static int tear_down(void **state) {
    for (size_t i = 0; i < SEGMENTS; i++) {
        segment_close(segments[i].segment);
        deletions_free(segments[i].deleted);
    }
    return remove_folder(state);
}

/* Deletes one document in so many; 0: none. */
static void delete_some(uint32_t one_in) {
    collection.documents = 0;
    for (size_t i = 0; i < SEGMENTS; i++) {
        deletions_free(segments[i].deleted);
        segments[i].deleted = NULL;
        if (one_in > 0) {
            assert_true(deletions_new(sizes[i], &segments[i].deleted));
            for (uint32_t d = 0; d < sizes[i]; d++)
                if (next_random(one_in) == 0)
                    deletions_add(segments[i].deleted, d);
        }
        collection.documents += sizes[i] - (segments[i].deleted ? segments[i].deleted->count : 0);
    }
}

/* ---- the reference ---- */

/* By document of a segment. */
struct found {
    bool *matches;
    fixed_score *scores;
};

static struct found found_new(uint32_t documents) {
    struct found found = {calloc(documents, sizeof *found.matches),
                          calloc(documents, sizeof *found.scores)};
    assert_true(found.matches && found.scores);
    return found;
}

static void found_free(struct found *found) {
    free(found->matches);
    free(found->scores);
}

static void read_list(const struct query *term, size_t number, struct postings_array *list) {
    *list = (struct postings_array){0};
    if (term->lists[number].count > 0)
        assert_true(postings_read_all(&term->lists[number], list));
}

static struct found find(const struct query *query, size_t number, const struct scoring *scoring);

static void find_term(const struct query *term, size_t number, const struct scoring *scoring,
                      struct found *found) {
    struct postings_array list;
    read_list(term, number, &list);
    float weight = term->op == QUERY_TERM ? scoring_weight(scoring, term->weight * term->idf) : 0;
    for (size_t i = 0; i < list.count; i++) {
        uint32_t document = list.documents[i];
        found->matches[document] = true;
        if (weight > 0)
            found->scores[document] =
                scoring_contribution(&scoring->saturation, weight, list.wdfs[i],
                                     segment_length(segments[number].segment, document));
    }
    postings_array_free(&list);
}

/* A list, and where a walk over its postings has come to. */
struct walked {
    struct postings_array list;
    size_t posting, position;
};

/* Moves to a document that the list has. */
static void walk_to(struct walked *walked, uint32_t document) {
    for (; walked->list.documents[walked->posting] != document; walked->posting++)
        walked->position += walked->list.counts[walked->posting];
}

static bool stands_at(const struct walked *walked, uint32_t place) {
    for (uint32_t p = 0; p < walked->list.counts[walked->posting]; p++)
        if (walked->list.positions.items[walked->position + p] == place)
            return true;
    return false;
}

/* Leaves the documents in which, from some place on, each term stands at its offset; the first
 * one's is 0. */
static void find_aligned(const struct query *phrase, size_t number, struct found *found) {
    struct walked walked[16] = {0};
    assert_true(phrase->child_count <= 16);
    for (size_t c = 0; c < phrase->child_count; c++)
        read_list(phrase->children[c], number, &walked[c].list);
    for (uint32_t d = 0; d < sizes[number]; d++) {
        if (!found->matches[d])
            continue;
        for (size_t c = 0; c < phrase->child_count; c++)
            walk_to(&walked[c], d);
        bool stands = false;
        for (uint32_t p = 0; p < walked[0].list.counts[walked[0].posting] && !stands; p++) {
            stands = true;
            for (size_t c = 1; c < phrase->child_count && stands; c++)
                stands =
                    stands_at(&walked[c], walked[0].list.positions.items[walked[0].position + p] +
                                              phrase->children[c]->offset);
        }
        found->matches[d] = stands;
    }
    for (size_t c = 0; c < phrase->child_count; c++)
        postings_array_free(&walked[c].list);
}

/* Joins child c to what the ones before it gave. */
static void join(enum query_operator op, size_t c, uint32_t documents, const struct found *child,
                 struct found *found) {
    for (uint32_t d = 0; d < documents; d++) {
        bool has = child->matches[d], had = c == 0 || found->matches[d];
        bool adds = has;
        switch (op) {
        case QUERY_OR:
            found->matches[d] = (c > 0 && found->matches[d]) || has;
            break;
        case QUERY_MAYBE:
            found->matches[d] = c == 0 ? has : had;
            break;
        case QUERY_NOT:
            found->matches[d] = c == 0 ? has : had && !has;
            adds = c == 0 && has;
            break;
        case QUERY_FILTER:
            found->matches[d] = had && has;
            adds = c == 0 && has;
            break;
        default:
            found->matches[d] = had && has;
        }
        if (adds)
            found->scores[d] += child->scores[d];
    }
}

static struct found find(const struct query *query, size_t number, const struct scoring *scoring) {
    uint32_t documents = sizes[number];
    const struct segment *segment = segments[number].segment;
    struct found found = found_new(documents);
    if (query->op == QUERY_TERM || query->op == QUERY_SOURCE)
        find_term(query, number, scoring, &found);
    for (uint32_t d = 0; d < documents; d++)
        if (query->op == QUERY_ALL ||
            (query->op == QUERY_DATE && segment_date(segment, d) != 0 &&
             segment_date(segment, d) >= query->since && segment_date(segment, d) <= query->until))
            found.matches[d] = true;
    for (size_t c = 0; c < query->child_count; c++) {
        struct found child = find(query->children[c], number, scoring);
        join(query->op, c, documents, &child, &found);
        found_free(&child);
    }
    if (query->op == QUERY_PHRASE)
        find_aligned(query, number, &found);
    return found;
}

static int by_rank(const void *a, const void *b) {
    const struct top_item *left = a, *right = b;
    return top_is_worse(*left, *right) ? 1 : top_is_worse(*right, *left) ? -1 : 0;
}

/* All matches, in order. */
static size_t find_all(const struct query *query, const struct scoring *scoring, bool by_date,
                       struct top_item *items) {
    size_t count = 0;
    for (size_t i = 0; i < SEGMENTS; i++) {
        struct found found = find(query, i, scoring);
        for (uint32_t d = 0; d < sizes[i]; d++)
            if (found.matches[d] && !deletions_has(segments[i].deleted, d))
                items[count++] =
                    (struct top_item){.score = found.scores[d],
                                      .date = by_date ? segment_date(segments[i].segment, d) : 0,
                                      .ordinal = segments[i].ordinal + d};
        found_free(&found);
    }
    qsort(items, count, sizeof *items, by_rank);
    return count;
}

/* ---- trees ---- */

static struct query *term_of(struct arena *arena, const char *name) {
    struct query *term = query_new(arena, QUERY_TERM, 0);
    assert_non_null(term);
    char *copy = arena_copy(arena, name, strlen(name));
    term->term = xunzi_string_of(copy);
    term->kind = name[0] == 'w' ? XUNZI_TOKEN_LATIN : XUNZI_TOKEN_BIGRAM;
    term->weight = next_random(12) == 0 ? 0 : (double)(1 + next_random(8)) / 4;
    return term;
}

static struct query *random_term(struct arena *arena) {
    char name[32];
    if (next_random(2) == 0)
        sprintf(name, "%s%s", characters[next_random(CHARACTERS)],
                characters[next_random(CHARACTERS)]);
    else
        sprintf(name, "w%u", next_random(3) == 0 ? next_random(WORDS + 20) : next_skewed(WORDS));
    return term_of(arena, name);
}

/* Bigrams of a run of characters, now and then with a word behind. */
static struct query *random_phrase(struct arena *arena) {
    uint32_t length = 2 + next_random(5), run[8];
    bool word = next_random(4) == 0;
    for (uint32_t i = 0; i < length; i++)
        run[i] = next_skewed(CHARACTERS);
    struct query *phrase = query_new(arena, QUERY_PHRASE, length - 1 + word);
    assert_non_null(phrase);
    for (uint32_t i = 0; i + 1 < length; i++) {
        char name[8];
        sprintf(name, "%s%s", characters[run[i]], characters[run[i + 1]]);
        phrase->children[i] = term_of(arena, name);
        phrase->children[i]->offset = 2 * i;
    }
    if (word) {
        char name[8];
        sprintf(name, "w%u", next_skewed(8));
        phrase->children[length - 1] = term_of(arena, name);
        phrase->children[length - 1]->offset = 2 * length;
    }
    return phrase;
}

static struct query *random_leaf(struct arena *arena) {
    struct query *leaf;
    switch (next_random(12)) {
    case 0:
        return query_new(arena, QUERY_ALL, 0);
    case 1:
        return query_new(arena, QUERY_NOTHING, 0);
    case 2:
        leaf = query_new(arena, QUERY_DATE, 0);
        leaf->since = 20000000 + 10000 * next_random(20);
        leaf->until = leaf->since + 10000 * next_random(12);
        return leaf;
    case 3:
        leaf = query_new(arena, QUERY_SOURCE, 0);
        leaf->term =
            xunzi_string_of(arena_copy(arena, next_random(2) ? "XSOURCEs1" : "XSOURCEs17", 10));
        return leaf;
    case 4:
    case 5:
        return random_phrase(arena);
    default:
        return random_term(arena);
    }
}

static struct query *random_tree(struct arena *arena, unsigned depth) {
    static const enum query_operator operators[] = {QUERY_OR,    QUERY_OR,  QUERY_AND,   QUERY_AND,
                                                    QUERY_MAYBE, QUERY_NOT, QUERY_FILTER};
    if (depth == 0 || next_random(4) == 0)
        return random_leaf(arena);
    enum query_operator op = operators[next_random(sizeof operators / sizeof *operators)];
    struct query *children[CHILDREN_MOST];
    size_t count = 1 + next_random(CHILDREN_MOST);
    for (size_t i = 0; i < count; i++)
        children[i] = random_tree(arena, depth - 1);
    return query_combine(arena, op, children, count);
}

static struct query *terms_joined(struct arena *arena, enum query_operator op, size_t count) {
    struct query *children[40];
    for (size_t i = 0; i < count; i++) {
        children[i] = random_term(arena);
        if (children[i]->weight == 0 && op == QUERY_OR && next_random(10) > 0)
            children[i]->weight = 1;
    }
    return query_combine(arena, op, children, count);
}

/* The trees that the parser makes, filters and all. */
static struct query *likely_tree(struct arena *arena) {
    struct query *base;
    switch (next_random(5)) {
    case 0:
        base = random_phrase(arena);
        break;
    case 1:
        base = terms_joined(arena, QUERY_AND, 1 + next_random(5));
        break;
    default:
        base = terms_joined(arena, QUERY_OR, 1 + next_skewed(30));
    }
    if (next_random(3) == 0)
        base = query_combine(
            arena, QUERY_MAYBE,
            (struct query *[]){base, terms_joined(arena, QUERY_OR, 1 + next_random(6))}, 2);
    if (next_random(4) == 0)
        base = query_combine(arena, QUERY_NOT, (struct query *[]){base, random_leaf(arena)}, 2);
    for (int filters = next_random(2) ? 0 : 2; filters > 0; filters--) {
        struct query *filter;
        do
            filter = random_leaf(arena);
        while (filter->op != QUERY_DATE && filter->op != QUERY_SOURCE);
        base = query_combine(arena, QUERY_FILTER, (struct query *[]){base, filter}, 2);
    }
    return base;
}

/* ---- comparing ---- */

static void check(struct arena *arena, struct query *query, size_t most, bool by_date,
                  uint64_t wanted) {
    static struct top_item expected[21000 + 1500 + 130], items[2000];
    double weight_sum;
    assert_ok(plan_query(&collection, arena, query, &weight_sum));
    struct scoring scoring = scoring_of(collection.average_length, weight_sum);
    struct top_list top;
    struct sealed_tally tally = {.wanted = wanted, .exact = true};
    top_list_begin(&top, items, most, by_date);
    for (size_t i = 0; i < SEGMENTS; i++)
        assert_ok(sealed_search(&collection, i, query, &scoring, &top, &tally));
    top_list_sort(&top);
    size_t count = find_all(query, &scoring, by_date, expected);
    assert_int_equal(count < most ? count : most, top.count);
    for (size_t i = 0; i < top.count; i++) {
        assert_int_equal(expected[i].score, items[i].score);
        assert_int_equal(expected[i].ordinal, items[i].ordinal);
        assert_int_equal(expected[i].date, items[i].date);
    }
    if (tally.exact)
        assert_int_equal(count, tally.total);
    else
        assert_true(count >= wanted);
}

static void check_many(unsigned rounds, struct query *(*make)(struct arena *arena)) {
    static const size_t mosts[] = {0, 1, 3, 10, 10, 10, 100, 1999};
    for (unsigned round = 0; round < rounds; round++) {
        struct arena arena = {0};
        size_t most = mosts[next_random(sizeof mosts / sizeof *mosts)];
        uint64_t wanted = next_random(3) == 0 ? UINT64_MAX : most + next_random(100);
        check(&arena, make(&arena), most, next_random(5) == 0, wanted);
        arena_free(&arena);
    }
}

static struct query *any_tree(struct arena *arena) {
    return random_tree(arena, 3);
}

static struct query *one_term(struct arena *arena) {
    return random_term(arena);
}

/* Many terms that all weigh something, as those of a headline. */
static struct query *disjunction(struct arena *arena) {
    struct query *query = terms_joined(arena, QUERY_OR, 2 + next_random(38));
    for (size_t i = 0; i < query->child_count; i++)
        query->children[i]->weight += 0.25;
    return query;
}

static void test_trees(void **state) {
    (void)state;
    delete_some(0);
    check_many(120, any_tree);
}

static void test_trees_with_deletions(void **state) {
    (void)state;
    delete_some(4);
    check_many(60, any_tree);
    delete_some(700);
    check_many(40, any_tree);
}

static void test_likely_trees(void **state) {
    (void)state;
    static const uint32_t deletions[] = {0, 0, 3, 50, 5000};
    for (size_t i = 0; i < sizeof deletions / sizeof *deletions; i++) {
        delete_some(deletions[i]);
        check_many(35, likely_tree);
        check_many(10, random_phrase);
        check_many(15, one_term);
    }
}

static void test_disjunctions(void **state) {
    (void)state;
    static const uint32_t deletions[] = {0, 2, 100};
    for (size_t i = 0; i < sizeof deletions / sizeof *deletions; i++) {
        delete_some(deletions[i]);
        check_many(60, disjunction);
    }
}

/* Where scores are equal, the order of documents decides: a term that all have alike. */
static void test_ties(void **state) {
    (void)state;
    static const uint32_t deletions[] = {0, 2};
    for (size_t i = 0; i < 2; i++)
        for (size_t most = 1; most < 1000; most *= 7) {
            struct arena arena = {0};
            delete_some(deletions[i]);
            struct query *weak = random_term(&arena),
                         *children[2] = {query_new(&arena, QUERY_ALL, 0), weak};
            weak->weight = 1e-9; /* contributes no more than what every term does */
            struct query *strong = term_of(&arena, "w299");
            strong->weight = 1e6;
            children[1] = query_combine(&arena, QUERY_OR, (struct query *[]){weak, strong}, 2);
            check(&arena, children[1], most, false, most);
            check(&arena, query_combine(&arena, QUERY_MAYBE, children, 2), most, false, UINT64_MAX);
            arena_free(&arena);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trees),        cmocka_unit_test(test_trees_with_deletions),
        cmocka_unit_test(test_likely_trees), cmocka_unit_test(test_ties),
        cmocka_unit_test(test_disjunctions),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
