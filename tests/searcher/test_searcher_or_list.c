/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A disjunction's list against the postings that it was written from: looking documents up in its
 * blocks, counting them, and what they contribute. */
#include "tests/catalog/collection_support.h"

#include "searcher/or_list.h"

enum { DOCUMENTS = 40000, POSTINGS_MOST = 5000 };

static uint32_t random_state = 17;

static uint32_t next_random(uint32_t below) {
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % below;
}

static uint64_t column[DOCUMENTS / 2]; /* lengths, aligned as in a file */

struct subject {
    uint32_t documents[POSTINGS_MOST], wdfs[POSTINGS_MOST];
    uint8_t bounds[POSTINGS_MOST];
    size_t count;
    struct buffer postings, positions;
    struct postings_list list;
    struct segment segment;
    struct scoring scoring;
    struct arena arena;
    struct sealed_tree tree;
    struct or_list or_list;
    float weight;
};

/* A list of about one document in `gap`, up to `count` of them. */
static void make(struct subject *subject, size_t count, uint32_t gap) {
    uint32_t *lengths = (uint32_t *)column, document = next_random(gap);
    *subject = (struct subject){0};
    subject->segment.bytes = (const uint8_t *)column;
    subject->segment.header.documents = DOCUMENTS;
    for (size_t d = 0; d < DOCUMENTS; d++)
        subject->segment.header.total_length += lengths[d] = 5 + next_random(300);
    for (; subject->count < count && document < DOCUMENTS; subject->count++) {
        subject->documents[subject->count] = document;
        subject->wdfs[subject->count] = 1 + next_random(next_random(9) == 0 ? 40 : 2);
        document += 1 + next_random(2 * gap);
    }
    struct saturation own = saturation_of((double)subject->segment.header.total_length / DOCUMENTS);
    saturation_bounds(&own, subject->wdfs, subject->documents, lengths, subject->count,
                      subject->bounds);
    const struct posting_source source = {.documents = subject->documents,
                                          .wdfs = subject->wdfs,
                                          .bounds = subject->bounds,
                                          .count = subject->count};
    uint8_t bound;
    assert_true(postings_write(&source, &subject->postings, &subject->positions, &bound));
    subject->list = (struct postings_list){.postings = (const uint8_t *)subject->postings.data,
                                           .postings_size = subject->postings.size,
                                           .count = (uint32_t)subject->count,
                                           .documents = DOCUMENTS,
                                           .bound = bound};
    subject->scoring = scoring_of(120, 10);
    subject->weight = scoring_weight(&subject->scoring, 4);
    sealed_tree_begin(&subject->tree, &subject->segment, 0, &subject->scoring, &subject->arena);
    assert_true(
        or_list_open(&subject->or_list, &subject->tree, &subject->list, subject->weight, true));
}

static void drop(struct subject *subject) {
    buffer_free(&subject->postings);
    buffer_free(&subject->positions);
    arena_free(&subject->arena);
}

static fixed_score contribution_of(const struct subject *subject, size_t posting) {
    return scoring_contribution(&subject->scoring.saturation, subject->weight,
                                subject->wdfs[posting],
                                segment_length(&subject->segment, subject->documents[posting]));
}

/* Every document of the segment is looked up; every limit, or so, is counted. */
static void check_finding(struct subject *subject) {
    struct or_list *list = &subject->or_list;
    size_t posting = 0;
    for (uint32_t d = 0; d < DOCUMENTS; d++) {
        fixed_score most = or_list_bound_near(list, &subject->tree, d);
        bool has = posting < subject->count && subject->documents[posting] == d;
        if (list->near == list->cursor.block_count) {
            assert_false(has);
            continue;
        }
        assert_int_equal(posting / BLOCK_SIZE, list->near);
        assert_true(or_list_load(list, list->near));
        uint32_t at = or_list_find(list, d);
        assert_int_equal(has ? posting % BLOCK_SIZE : BLOCK_SIZE, at);
        if (d % 7 == 0)
            assert_int_equal(posting % BLOCK_SIZE, or_list_count_below(list, d));
        if (has) {
            fixed_score contribution = or_list_contribution(list, &subject->tree, at);
            assert_int_equal(contribution_of(subject, posting), contribution);
            assert_true(contribution <= most);
            posting++;
        }
    }
    assert_int_equal(subject->count, posting);
}

/* Contributions above a limit are exact; no other is above it. Lower limits are met later, too. */
static void check_scoring(struct subject *subject) {
    struct or_list *list = &subject->or_list;
    for (uint32_t b = 0; b < list->cursor.block_count; b++)
        for (unsigned part = 10; part-- > 0;) {
            fixed_score least = (fixed_score)(subject->weight * (float)part / 10);
            assert_true(or_list_score(list, &subject->tree, b, least));
            for (uint32_t i = 0; i < list->cursor.in_block; i++) {
                fixed_score contribution = contribution_of(subject, (size_t)b * BLOCK_SIZE + i);
                assert_int_equal(contribution, or_list_contribution(list, &subject->tree, i));
                if (contribution > least || list->contributions[i] != 0)
                    assert_int_equal(contribution, list->contributions[i]);
            }
        }
}

static void check(size_t count, uint32_t gap) {
    struct subject subject;
    make(&subject, count, gap);
    check_finding(&subject);
    drop(&subject);
    make(&subject, count, gap);
    check_scoring(&subject);
    drop(&subject);
}

static void test_lists(void **state) {
    (void)state;
    static const size_t counts[] = {1, 2, 7, 8, 100, 127, 128, 129, 136, 1000, 1024, POSTINGS_MOST};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        check(counts[i], 1);
        check(counts[i], 7);
        check(counts[i], 300);
    }
}

/* A tail's bound is known without decoding it, where it has one of its own. */
static void test_bound_of_a_tail(void **state) {
    (void)state;
    static const size_t counts[] = {130, 136, 200, 256, 1030};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct subject subject;
        make(&subject, counts[i], 3);
        struct postings_cursor *cursor = &subject.or_list.cursor;
        uint32_t tail = cursor->full_blocks;
        postings_peek_tail(cursor);
        uint8_t peeked = postings_block_bound(cursor, tail), largest = 0;
        for (size_t p = (size_t)tail * BLOCK_SIZE; p < subject.count; p++)
            largest = subject.bounds[p] > largest ? subject.bounds[p] : largest;
        if (cursor->tail_count >= TAIL_RUN)
            assert_int_equal(largest, peeked);
        else
            assert_int_equal(subject.list.bound, peeked);
        drop(&subject);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_bound_of_a_tail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
