/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of edits: their order, merging, and their bytes, sound and hostile. */
#include "tests/text/text_support.h"
#include "text/edits.h"

static struct edits first, second, merged;
static struct buffer bytes;

static int free_all(void **state) {
    (void)state;
    edits_free(&first);
    edits_free(&second);
    edits_free(&merged);
    buffer_free(&bytes);
    return 0;
}

static void add(struct edits *edits, enum edit_kind kind, uint32_t begin, uint32_t end,
                const char *replacement) {
    struct edit edit = {.kind = kind, .begin = begin, .end = end, .reason = EDIT_REASON_SPAM};
    edit.replacement = xunzi_string_of(replacement);
    assert_true(edits_append(edits, &edit));
}

static void assert_edit(const struct edits *edits, size_t i, enum edit_kind kind, uint32_t begin,
                        uint32_t end, const char *replacement) {
    assert_true(i < edits->count);
    assert_int_equal(edits->items[i].kind, kind);
    assert_int_equal(edits->items[i].begin, begin);
    assert_int_equal(edits->items[i].end, end);
    assert_text(xunzi_string_of(replacement), edits->items[i].replacement);
}

static void an_edit_is_a_copy(void **state) {
    (void)state;
    char text[] = "專科";
    add(&first, EDIT_MEND, 3, 9, text);
    text[0] = 'x';
    for (uint32_t i = 0; i < 5000; i++) /* replacements stay where they are while the list grows */
        add(&first, EDIT_MEND, 10 + i, 11 + i, "聯盟");
    assert_edit(&first, 0, EDIT_MEND, 3, 9, "專科");
    assert_edit(&first, 5000, EDIT_MEND, 5009, 5010, "聯盟");
    edits_clear(&first);
    assert_int_equal(first.count, 0);
}

static void merging_keeps_the_order(void **state) {
    (void)state;
    add(&first, EDIT_SKIP, 0, 2, "");
    add(&first, EDIT_MEND, 8, 10, "a");
    add(&second, EDIT_MEND, 2, 4, "b");
    add(&second, EDIT_SKIP, 20, 21, "");
    assert_true(edits_merge(&first, &second, &merged));
    assert_int_equal(merged.count, 4);
    assert_edit(&merged, 0, EDIT_SKIP, 0, 2, "");
    assert_edit(&merged, 1, EDIT_MEND, 2, 4, "b");
    assert_edit(&merged, 2, EDIT_MEND, 8, 10, "a");
    assert_edit(&merged, 3, EDIT_SKIP, 20, 21, "");
}

static void set_aside_wins_and_then_the_first(void **state) {
    (void)state;
    add(&first, EDIT_MEND, 0, 5, "a");
    add(&first, EDIT_MEND, 30, 40, "b");
    add(&first, EDIT_ASIDE, 50, 60, "");
    add(&second, EDIT_ASIDE, 4, 10, "");
    add(&second, EDIT_SKIP, 32, 33, "");
    add(&second, EDIT_SKIP, 39, 45, "");
    add(&second, EDIT_MEND, 55, 70, "c");
    assert_true(edits_merge(&first, &second, &merged));
    assert_int_equal(merged.count, 3);
    assert_edit(&merged, 0, EDIT_ASIDE, 4, 10, "");
    assert_edit(&merged, 1, EDIT_MEND, 30, 40, "b");
    assert_edit(&merged, 2, EDIT_ASIDE, 50, 60, "");
}

static void finding_by_place(void **state) {
    (void)state;
    add(&first, EDIT_SKIP, 2, 4, "");
    add(&first, EDIT_SKIP, 6, 9, "");
    assert_int_equal(edits_find(&first, 0), 0);
    assert_int_equal(edits_find(&first, 3), 0);
    assert_int_equal(edits_find(&first, 4), 1);
    assert_int_equal(edits_find(&first, 8), 1);
    assert_int_equal(edits_find(&first, 9), 2);
}

static void other_readings_by_index(void **state) {
    (void)state;
    const struct edit edit = {.others = TEXT("學科\0\0轉科\0")};
    xunzi_string reading = TEXT("untouched");
    assert_true(edit_other(&edit, 0, &reading));
    assert_text(TEXT("學科"), reading);
    assert_true(edit_other(&edit, 1, &reading));
    assert_text(TEXT(""), reading);
    assert_true(edit_other(&edit, 2, &reading));
    assert_text(TEXT("轉科"), reading);
    assert_false(edit_other(&edit, 3, &reading));
    assert_text(TEXT("轉科"), reading);
    const struct edit none = {0};
    assert_false(edit_other(&none, 0, &reading));
}

static void random_list(struct edits *edits) {
    uint32_t at = 0;
    edits_clear(edits);
    for (uint32_t i = 0, count = random_below(30); i < count; i++) {
        struct edit edit = {.kind = (enum edit_kind)random_below(EDIT_KIND_COUNT),
                            .reason = (uint8_t)random_below(EDIT_REASON_COUNT)};
        edit.begin = at + random_below(300);
        edit.end = edit.begin + 1 + random_below(200);
        if (edit.kind == EDIT_MEND && random_below(4) > 0)
            edit.replacement = xunzi_string_of("聯合𠮷體");
        if (edit.kind == EDIT_MEND && random_below(2) > 0)
            edit.others = (xunzi_string){"學科\0\0𠮷\0", random_below(2) ? 7 : 13};
        assert_true(edits_append(edits, &edit));
        at = edit.end;
    }
}

static void bytes_give_the_list_back(void **state) {
    (void)state;
    random_seed(3);
    for (int round = 0; round < 500; round++) {
        random_list(&first);
        uint32_t end = first.count > 0 ? first.items[first.count - 1].end : 0;
        buffer_clear(&bytes);
        assert_true(edits_encode(&first, &bytes));
        assert_ok(edits_decode(bytes.data, bytes.size, end, &second));
        assert_int_equal(first.count, second.count);
        for (size_t i = 0; i < first.count; i++) {
            assert_int_equal(first.items[i].kind, second.items[i].kind);
            assert_int_equal(first.items[i].begin, second.items[i].begin);
            assert_int_equal(first.items[i].end, second.items[i].end);
            assert_int_equal(first.items[i].reason, second.items[i].reason);
            assert_text(first.items[i].replacement, second.items[i].replacement);
            assert_text(first.items[i].others, second.items[i].others);
        }
        if (end > 0) /* an original that is shorter than that is another one */
            assert_status(XUNZI_ERROR_CORRUPT,
                          edits_decode(bytes.data, bytes.size, end - 1, &second));
    }
}

static void damaged_bytes_are_refused(void **state) {
    (void)state;
    random_seed(4);
    size_t refused = 0;
    for (int round = 0; round < 300; round++) {
        do
            random_list(&first);
        while (first.count == 0);
        buffer_clear(&bytes);
        assert_true(edits_encode(&first, &bytes));
        for (size_t size = 0; size < bytes.size; size++) {
            char *copy = exact_copy(bytes.data, size);
            assert_status(XUNZI_ERROR_CORRUPT, edits_decode(copy, size, 100000, &second));
            assert_int_equal(second.count, 0);
            free(copy);
        }
        char *copy = exact_copy(bytes.data, bytes.size);
        copy[random_below((uint32_t)bytes.size)] ^= (char)(1 + random_below(255));
        refused += edits_decode(copy, bytes.size, 100000, &second) != XUNZI_OK;
        for (size_t i = 0; i < second.count; i++) { /* what is accepted is in order all the same */
            assert_true(second.items[i].begin < second.items[i].end &&
                        second.items[i].end <= 100000);
            assert_true(i == 0 || second.items[i - 1].end <= second.items[i].begin);
        }
        free(copy);
    }
    assert_true(refused > 100);
}

static void what_makes_no_sense_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *data;
        size_t size;
    } cases[] = {
        {"\x01\x03\x00\x00\x01", 5},                     /* no such kind */
        {"\x01\x00\x63\x00\x01", 5},                     /* no such reason */
        {"\x01\x00\x00\x00\x00", 5},                     /* an empty stretch */
        {"\x01\x02\x02\x00\x01\x01\xFF", 7},             /* a replacement that is no UTF-8 */
        {"\x01\x02\x02\x00\x01\x05\x61", 7},             /* one that is longer than what is there */
        {"\x01\x00\x00\x00\x01\x00", 6},                 /* bytes behind the end */
        {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", 9},     /* too many */
        {"\x01\x00\x00\x00\xFF\xFF\xFF\xFF\xFF\x7F", 10} /* too long */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *copy = exact_copy(cases[i].data, cases[i].size);
        assert_status(XUNZI_ERROR_CORRUPT, edits_decode(copy, cases[i].size, 1000, &first));
        free(copy);
    }
    assert_ok(edits_decode("\x01\x00\x00\x00\x01", 5, 1000, &first));
    assert_int_equal(first.count, 1);
}

static void everything_has_a_name(void **state) {
    (void)state;
    for (int i = 0; i < EDIT_REASON_COUNT; i++)
        assert_string_not_equal(edit_reason_name((enum edit_reason)i), "unknown");
    for (int i = 0; i < EDIT_KIND_COUNT; i++)
        assert_string_not_equal(edit_kind_name((enum edit_kind)i), "unknown");
    assert_string_equal(edit_reason_name(EDIT_REASON_COUNT), "unknown");
}

#define TEST_CASE(name) cmocka_unit_test_teardown(name, free_all)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST_CASE(an_edit_is_a_copy),
        TEST_CASE(merging_keeps_the_order),
        TEST_CASE(set_aside_wins_and_then_the_first),
        TEST_CASE(finding_by_place),
        TEST_CASE(other_readings_by_index),
        TEST_CASE(bytes_give_the_list_back),
        TEST_CASE(damaged_bytes_are_refused),
        TEST_CASE(what_makes_no_sense_is_refused),
        TEST_CASE(everything_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
