/* SPDX-License-Identifier: GPL-2.0-or-later */
/* searcher/passage against brute force: every passage from bound to bound is weighed and none is
 * worth more than the one that is found. searcher/passage_bounds by examples. */
#include "tests/searcher/snippet_support.h"

#include "searcher/passage.h"
#include "searcher/passage_steps.h"

static const double begin_costs[] = PASSAGE_BEGIN_COSTS, end_costs[] = PASSAGE_END_COSTS;

struct world {
    struct arena arena;
    struct highlighter *highlighter;
    struct stretch stretch;
    struct passage_bounds bounds;
    const struct match *matches;
    struct span *spans;
    size_t count;
};

static void make_world(struct world *world, const char *query, const struct buffer *body) {
    *world = (struct world){
        .stretch = {
            .text = {body->data, body->size}, .end = body->size, .begins = true, .ends = true}};
    world->highlighter = highlighter_of(query, &world->arena);
    assert_ok(
        highlighter_find(world->highlighter, world->stretch.text, NULL, &world->matches, &world->count));
    world->spans = calloc(world->count + 1, sizeof *world->spans);
    assert_non_null(world->spans);
    assert_true(passage_bounds_find(&world->stretch, world->matches, world->count, world->spans,
                                    &world->bounds));
}

static void unmake_world(struct world *world) {
    highlighter_free(world->highlighter);
    passage_bounds_free(&world->bounds);
    arena_free(&world->arena);
    free(world->spans);
}

/* The weight of the distinct terms in the bytes [begin, end). */
static double weight_in(const struct world *world, size_t begin, size_t end) {
    double weight = 0;
    for (size_t i = 0; i < world->count; i++) {
        bool inside = world->matches[i].begin >= begin && world->matches[i].end <= end;
        for (size_t before = 0; inside && before < i; before++)
            inside = world->matches[before].term != world->matches[i].term ||
                     world->matches[before].begin < begin || world->matches[before].end > end;
        weight += inside ? world->matches[i].weight : 0;
    }
    return weight;
}

static double value_of(const struct world *world, size_t begin, size_t end, int begin_kind,
                       int end_kind, size_t *shown) {
    size_t last_end = 0;
    for (size_t i = 0; i < world->count; i++)
        if (world->matches[i].begin >= begin && world->matches[i].end <= end)
            last_end = world->matches[i].end;
    bool tight = end_kind != BOUND_SENTENCE && last_end > 0 &&
                 passage_shown(&world->stretch, last_end, end) < PASSAGE_CONTEXT;
    *shown = passage_shown(&world->stretch, begin, end) + (begin_kind != BOUND_SENTENCE) +
             (end_kind != BOUND_SENTENCE);
    return weight_in(world, begin, end) *
           (1 - begin_costs[begin_kind] - end_costs[end_kind] - (tight ? PASSAGE_TIGHT_COST : 0) -
            PASSAGE_LENGTH_COST * (double)*shown);
}

static double best_between_bounds(const struct world *world, const struct passage_wish *wish) {
    double best = 0;
    const struct bound *bounds = world->bounds.items;
    size_t count = world->bounds.count;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++) {
            size_t shown;
            double value = value_of(world, bounds[i].begin, bounds[j].end, bounds[i].kind,
                                    bounds[j].kind, &shown);
            bool whole = i == 0 && j + 1 == count;
            if (shown <= wish->most && (shown >= wish->least || whole) && value > best)
                best = value;
        }
    return best;
}

static void random_body(struct buffer *body) {
    buffer_clear(body);
    uint32_t rare = 2 + random_below(40);
    for (uint32_t n = random_below(700); n > 0; n--)
        append_one_of(body, random_below(rare) == 0 ? "，。、？ \n"
                            : random_below(12) == 0 ? "圖書館火車站水a"
                                                    : "山河湖海日月星辰東南西北");
}

static void test_brute_force(void **state) {
    (void)state;
    static const struct {
        size_t least, most;
    } lengths[] = {{60, 160}, {32, 104}, {24, 60}, {60, 61}, {1, 20}};
    struct buffer body = {0};
    size_t at_bounds = 0;
    random_seed(97);
    for (int i = 0; i < 3000; i++) {
        struct world world;
        struct passage_finder finder;
        struct passage best = {0};
        random_body(&body);
        make_world(&world, i % 2 ? "圖書館 火車站 水 a" : "圖書 火車 日月", &body);
        size_t kind = (size_t)i % (sizeof lengths / sizeof *lengths);
        const struct passage_wish wish = {highlighter_weights(world.highlighter),
                                          lengths[kind].least, lengths[kind].most};
        const struct passage_stretch stretch = {&world.stretch,     world.bounds.items,
                                                world.bounds.count, world.matches,
                                                world.spans,        world.count};
        assert_true(passage_finder_begin(&finder, highlighter_term_count(world.highlighter)));
        assert_true(passage_find(&finder, &stretch, &wish, &best));
        assert_true(best.value + 1e-9 >= best_between_bounds(&world, &wish));
        if (best.value > 0) {
            assert_true(best.begin < best.end && best.end <= body.size);
            assert_in_range(best.shown, 1, wish.most);
            assert_true(weight_in(&world, best.begin, best.end) + 1e-9 >= best.weight);
            assert_true(
                best.value <=
                best.weight * (1 - begin_costs[best.begin_kind] - end_costs[best.end_kind]) + 1e-9);
        }
        bool bound = best.value > 0 && best.begin_kind != BOUND_CUT && best.end_kind != BOUND_CUT;
        if (bound) {
            size_t shown;
            double value =
                value_of(&world, best.begin, best.end, best.begin_kind, best.end_kind, &shown);
            assert_true(value < best.value + 1e-9 && value > best.value - 1e-9);
            assert_int_equal(shown, best.shown);
        }
        at_bounds += bound;
        for (size_t t = 0; t < highlighter_term_count(world.highlighter); t++)
            assert_int_equal(0, finder.times[t]);
        passage_finder_free(&finder);
        unmake_world(&world);
    }
    assert_in_range(at_bounds, 500, 2900); /* both kinds were met */
    buffer_free(&body);
}

/* The matches' places in characters agree with counting. */
static void test_spans(void **state) {
    (void)state;
    struct buffer body = {0};
    random_seed(98);
    for (int i = 0; i < 500; i++) {
        struct world world;
        random_body(&body);
        make_world(&world, "圖書館 水 a", &body);
        for (size_t m = 0; m < world.count; m++) {
            assert_int_equal(passage_shown(&world.stretch, 0, world.matches[m].begin),
                             world.spans[m].begin);
            assert_int_equal(passage_shown(&world.stretch, 0, world.matches[m].end),
                             world.spans[m].end);
        }
        for (size_t b = 0; b < world.bounds.count; b++) {
            const struct bound *bound = &world.bounds.items[b];
            assert_int_equal(passage_shown(&world.stretch, 0, bound->begin), bound->shown_begin);
            assert_int_equal(passage_shown(&world.stretch, 0, bound->end), bound->shown_end);
            assert_true(b == 0 || bound->end > world.bounds.items[b - 1].begin || body.size < 8 ||
                        b + 1 == world.bounds.count);
        }
        for (int step = 0; step < 5 && body.size > 0; step++) {
            size_t from = random_below((uint32_t)body.size), steps = random_below(60);
            while (!is_at_boundary(world.stretch.text, from))
                from++;
            size_t to = passage_forward(&world.stretch, from, steps);
            assert_true(to == body.size || passage_shown(&world.stretch, from, to) == steps);
            size_t back = passage_back(&world.stretch, from, steps);
            assert_true(back == 0 || passage_shown(&world.stretch, back, from) == steps);
        }
        unmake_world(&world);
    }
    buffer_free(&body);
}

/* Bounds are written as | for sentences, / for clauses and ~ for gaps, in place of what stands
 * there. */
static void assert_bounds(const char *text, const char *expected) {
    struct stretch stretch = {
        .text = xunzi_string_of(text), .end = strlen(text), .begins = true, .ends = true};
    struct passage_bounds bounds = {0};
    struct buffer out = {0};
    assert_true(passage_bounds_find(&stretch, NULL, 0, NULL, &bounds));
    for (size_t i = 0; i + 1 < bounds.count; i++) {
        if (i > 0)
            assert_true(buffer_append_byte(&out, "|/~"[bounds.items[i].kind]));
        assert_true(buffer_append(&out, text + bounds.items[i].begin,
                                  bounds.items[i + 1].end - bounds.items[i].begin));
    }
    assert_text(xunzi_string_of(expected), ((xunzi_string){out.data, out.size}));
    buffer_free(&out);
    passage_bounds_free(&bounds);
}

static void test_bounds(void **state) {
    (void)state;
    assert_bounds("", "");
    assert_bounds("東西", "東西");
    assert_bounds(" 東。西！南？北；", "東。|西！|南？|北；");
    assert_bounds("東，西、南：北——東", "東/西~南/北/東");
    assert_bounds("東「西。」南「北！」東『西？』。南", "東「西。」|南「北！」/東『西？』。|南");
    assert_bounds("東西\n南北\r\n\r\n東，\n西", "東西|南北|東/西");
    assert_bounds("東 西\u3000南a b 南", "東/西/南a~b~南");
    assert_bounds("1,000.5 a:b 8:30?c=d 東,西:南", "1,000.5~a:b~8:30?c=d~東/西/南");
    assert_bounds("Hello there. It is J. K. said he! So.", "Hello~there.|It~is~J.~K.~said~he!|So.");
    assert_bounds("《誰是誰？》是書。（一）東（西。南）北。",
                  "《誰是誰？》~是書。|（一）東（西/南）北。");
    assert_bounds("他說：\"東。\"然後\"西。南\"。", "他說/\"東。\"|然後\"西。|南\"。");
    assert_bounds("。東", "。東");
    assert_bounds("……東……", "……東……");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_brute_force),
        cmocka_unit_test(test_spans),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, snippet_set_up, snippet_tear_down);
}
