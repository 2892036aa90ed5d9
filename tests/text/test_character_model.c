/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The character model: that its tables hold together, and that it knows Chinese. */
#include <math.h>

#include "base/utf8.h"
#include "tests/text/text_support.h"
#include "text/character.h"
#include "text/character_model.h"

static uint32_t number(const char *character) {
    size_t at = 0;
    uint32_t c = utf8_next(character, strlen(character), &at);
    return character_model_number(character_entry_folded(c, character_entry(c)));
}

static uint32_t pair(const char *first, const char *second) {
    return character_model_cost(0, number(first), number(second));
}

static double probability(uint32_t cost) {
    return exp(-(double)cost / CHARACTER_MODEL_UNIT);
}

static void tables_hold_together(void **state) {
    (void)state;
    uint32_t count = 0;
    for (uint32_t i = 0; i <= CHARACTER_MODEL_LAST - CHARACTER_MODEL_FIRST; i++) {
        if (character_model_numbers[i] == 0)
            continue;
        assert_int_equal(character_model_numbers[i], ++count);
        uint32_t begin = character_model_rows[count], end = character_model_rows[count + 1];
        assert_true(begin <= end);
        for (uint32_t at = begin; at + 1 < end; at++)
            assert_true(character_model_seconds[at] < character_model_seconds[at + 1]);
    }
    assert_true(count > 5000 && count < 15000);
    for (uint32_t i = 0; i < CHARACTER_MODEL_BUCKETS; i++) {
        assert_true(character_model_buckets[i] <= character_model_buckets[i + 1]);
        for (uint32_t at = character_model_buckets[i]; at + 1 < character_model_buckets[i + 1];
             at++)
            assert_true(character_model_marks[at] <= character_model_marks[at + 1]);
    }
    assert_int_equal(character_model_number(0x3042), 0);
    assert_int_equal(character_model_number(0x20BB7), 0);
}

/* What may follow a character is a distribution, give or take the rounding of the costs. */
static void costs_are_probabilities(void **state) {
    (void)state;
    static const char *const characters[] = {"的", "医", "专", "国", "一", "们", "龙"};
    uint32_t count = 0;
    double alone = 0;
    for (uint32_t i = 0; i <= CHARACTER_MODEL_LAST - CHARACTER_MODEL_FIRST; i++)
        count += character_model_numbers[i] != 0;
    for (uint32_t last = 1; last <= count; last++)
        alone += probability(character_model_cost_alone(last));
    assert_true(alone > 0.95 && alone < 1.05);
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
        double sum = 0;
        for (uint32_t last = 1; last <= count; last++)
            sum += probability(character_model_cost(0, number(characters[i]), last));
        assert_true(sum > 0.85 && sum < 1.1);
    }
}

static void it_knows_chinese(void **state) {
    (void)state;
    assert_true(pair("專", "科") + 3 * CHARACTER_MODEL_UNIT < pair("坡", "科"));
    assert_true(pair("聯", "盟") + 3 * CHARACTER_MODEL_UNIT < pair("盟", "聯"));
    assert_true(pair("醫", "院") + 3 * CHARACTER_MODEL_UNIT < pair("漆", "院"));
    assert_true(pair("平", "圃") > 10 * CHARACTER_MODEL_UNIT);
    /* Behind two characters it knows more: 圖書館 against any 館 behind 書. */
    assert_true(character_model_cost(number("圖"), number("書"), number("館")) <
                character_model_cost(0, number("書"), number("館")));
    assert_true(character_model_cost_alone(number("的")) <
                character_model_cost_alone(number("鼴")));
}

static void both_scripts_cost_the_same(void **state) {
    (void)state;
    assert_int_equal(pair("專", "業"), pair("专", "业"));
    assert_int_equal(number("臺"), number("台"));
}

static void what_it_does_not_know_is_dear(void **state) {
    (void)state;
    assert_int_equal(character_model_cost_alone(0), CHARACTER_MODEL_UNKNOWN_COST);
    assert_int_equal(character_model_cost(0, number("的"), 0), CHARACTER_MODEL_UNKNOWN_COST);
    assert_int_equal(character_model_cost(0, 0, number("的")),
                     character_model_cost_alone(number("的")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_hold_together),
        cmocka_unit_test(costs_are_probabilities),
        cmocka_unit_test(it_knows_chinese),
        cmocka_unit_test(both_scripts_cost_the_same),
        cmocka_unit_test(what_it_does_not_know_is_dear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
