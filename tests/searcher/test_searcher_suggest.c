/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "Did you mean": what is suggested for which slip, and that it is the same whether documents are
 * live, sealed or both; that nothing is where a query finds what it asks for; hostile queries. */
#include "tests/catalog/collection_support.h"

#include <stdio.h>

#include "base/utf8.h"
#include "searcher/suggest_collection.h"
#include "searcher/suggest_latin.h"
#include "searcher/suggest_pinyin.h"
#include "searcher/suggest_sound.h"
#include "text/fold.h"

enum { LAYOUTS = 3, COPIES = 4, TOPICS = 8 };

static const char *const topics[TOPICS] = {
    "云岭医院牵头成立专科联盟，基层医院加入专科联盟。",
    "雲嶺日報：縣醫院與望汐醫學中心開展遠程會診。",
    "市图书馆延长开放时间，读者可以预约座位。",
    "The harbour of Shanghai was enlarged; a database lists its berths.",
    "新能源汽车出口增长，港口扩建三个泊位。",
    "山区小学的教师每周两次参加培训。",
    "气象台发布暴雨预警，交通部门增加班次。",
    "A committee in Beijing read the newspaper and the database.",
};

static xunzi_index *indexes[2][LAYOUTS]; /* by profile; live, sealed, both with deletions */

/* COPIES documents of each topic, numbered so that no two are equal. */
static void add_topics(const char *path, xunzi_profile profile, int from, int to) {
    xunzi_document documents[COPIES * TOPICS];
    static char ids[COPIES * TOPICS][8], bodies[COPIES * TOPICS][256];
    size_t count = 0;
    for (int copy = from; copy < to; copy++)
        for (int topic = 0; topic < TOPICS; topic++, count++) {
            snprintf(ids[count], sizeof ids[count], "%d-%d", copy, topic);
            snprintf(bodies[count], sizeof bodies[count], "%s（%d）", topics[topic], copy);
            documents[count] = document_of(ids[count], "消息", bodies[count], NULL, NULL);
        }
    add_documents(path, profile, documents, count);
}

static void make_mixed(const char *path, xunzi_profile profile) {
    collection_live_most = 0;
    add_topics(path, profile, 0, 2);
    const xunzi_document surplus =
        document_of("surplus", "消息", "专科连盟，专科连盟，专科连盟。", NULL, NULL);
    add_documents(path, profile, &surplus, 1);
    collection_live_most = UINT64_MAX;
    xunzi_writer *writer = open_writer(path, profile);
    assert_ok(xunzi_writer_delete(writer, TEXT("surplus")));
    assert_ok(xunzi_writer_commit(writer));
    xunzi_writer_close(writer);
    add_topics(path, profile, 2, COPIES);
}

static int set_up(void **state) {
    if (make_folder(state) != 0)
        return -1;
    for (int profile = 0; profile < 2; profile++) {
        const char *live = in_folder(state, profile ? "live-bigram" : "live-full");
        const char *sealed = in_folder(state, profile ? "sealed-bigram" : "sealed-full");
        const char *mixed = in_folder(state, profile ? "mixed-bigram" : "mixed-full");
        collection_live_most = UINT64_MAX;
        add_topics(live, (xunzi_profile)profile, 0, COPIES);
        collection_live_most = 0;
        add_topics(sealed, (xunzi_profile)profile, 0, COPIES);
        make_mixed(mixed, (xunzi_profile)profile);
        collection_live_most = UINT64_MAX;
        indexes[profile][0] = open_index(live);
        indexes[profile][1] = open_index(sealed);
        indexes[profile][2] = open_index(mixed);
    }
    return 0;
}

static int tear_down(void **state) {
    for (int i = 0; i < 2 * LAYOUTS; i++)
        xunzi_index_close(indexes[i / LAYOUTS][i % LAYOUTS]);
    return remove_folder(state);
}

static void assert_suggestion_with(const xunzi_search_options *options, xunzi_string query,
                                   const char *expected) {
    for (int profile = 0; profile < 2; profile++)
        for (int layout = 0; layout < LAYOUTS; layout++) {
            xunzi_results *results;
            assert_ok(xunzi_search(indexes[profile][layout], query, options, &results));
            const char *suggestion = xunzi_results_suggestion(results);
            if ((suggestion == NULL) != (expected == NULL) ||
                (expected && strcmp(suggestion, expected) != 0))
                fail_msg("%.*s: %s, not %s (profile %d, layout %d)", (int)query.size, query.data,
                         suggestion ? suggestion : "nothing", expected ? expected : "nothing",
                         profile, layout);
            xunzi_results_free(results);
        }
}

static void assert_suggestion(const char *query, const char *expected) {
    assert_suggestion_with(NULL, xunzi_string_of(query), expected);
}

static void test_slips_of_characters(void **state) {
    (void)state;
    static const char *const slips[][2] = {
        {"专科连盟", "专科联盟"},                         /* of one sound */
        {"专科联门", "专科联盟"},                         /* of a near one, men and meng */
        {"砖课联盟", "专科联盟"},                         /* a word of one sound */
        {"专科盟联", "专科联盟"},                         /* exchanged */
        {"专专科联盟", "专科联盟"},                       /* typed twice */
        {"专联盟", "专科联盟"},                           /* left out */
        {"专科跃联盟", "专科联盟"},                       /* put in */
        {"专科跃盟", "专科联盟"},                         /* any other */
        {"跃科联盟", "专科联盟"},                         /* the first */
        {"医院牵头称立专科连盟", "医院牵头成立专科联盟"}, /* two of a longer run */
    };
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++)
        assert_suggestion(slips[i][0], slips[i][1]);
}

/* What is kept is kept as it was typed, what is put in is of the same script. */
static void test_scripts(void **state) {
    (void)state;
    assert_suggestion("專科連盟", "專科聯盟");
    assert_suggestion("遠程匯診", "遠程會診");
    assert_suggestion("远程汇诊", "远程会诊");
    assert_suggestion("遠程診會", "遠程會診");
    assert_suggestion("聯盟 zhuanke", "聯盟 專科");
}

static void test_pinyin(void **state) {
    (void)state;
    assert_suggestion("zhuanke lianmeng", "专科联盟");
    assert_suggestion("zhuankelianmeng", "专科联盟");
    assert_suggestion("zhuan ke lian meng", "专科联盟");
    assert_suggestion("Zhuān kē lián méng", "专科联盟");
    assert_suggestion("zhuan1ke1 lian2meng2", "专科联盟");
    assert_suggestion("tushuguan yuyue", "图书馆 预约");
    assert_suggestion("zhuanke lianmengx", "专科 lianmengx");
}

static void test_latin(void **state) {
    (void)state;
    assert_suggestion("Shangahi", "Shanghai");
    assert_suggestion("SHANGAHI", "SHANGHAI");
    assert_suggestion("databse", "database");
    assert_suggestion("comittee", "committee");
    assert_suggestion("newspapaer", "newspaper");
    assert_suggestion("dbs", NULL);
    assert_suggestion("databse2024", NULL);
    assert_suggestion("xyzzyplugh", NULL);
}

/* Only what is looked for is corrected, and all around it stays. */
static void test_query_language(void **state) {
    (void)state;
    assert_suggestion("+港口 \"专科连盟\"", NULL); /* corrected, it would find nothing either */
    assert_suggestion("+医院 “专科连盟”", "+医院 “专科联盟”");
    assert_suggestion("(专科连盟 OR databse) -泊位", "(专科联盟 OR database) -泊位");
    assert_suggestion("图书馆 -专科连盟", NULL);
    assert_suggestion("图书馆 NOT (专科连盟 databse)", NULL);
    assert_suggestion("图书馆 source:专科连盟", NULL);
    assert_suggestion("databse*", NULL);
    const xunzi_search_options plain = {.mode = XUNZI_MODE_OR, .limit = 10, .suggest = true};
    assert_suggestion_with(&plain, TEXT("图书馆 -专科连盟"), "图书馆 -专科联盟");
    const xunzi_search_options phrase = {.mode = XUNZI_MODE_PHRASE, .limit = 10, .suggest = true};
    assert_suggestion_with(&phrase, TEXT("成立专科连盟"), "成立专科联盟");
}

static void test_nothing_to_suggest(void **state) {
    (void)state;
    static const char *const queries[] = {"专科联盟", "專科聯盟", "Shanghai", "database 泊位",
                                          "联盟专科", "图书馆",   "鱟鱟鱟鱟", "",
                                          "的",       "AND",      "2024"};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        assert_suggestion(queries[i], NULL);
    xunzi_search_options options = xunzi_search_options_default();
    assert_true(options.suggest);
    options.offset = 1;
    assert_suggestion_with(&options, TEXT("专科连盟"), NULL);
    options = xunzi_search_options_default();
    options.ranking_only = true;
    assert_suggestion_with(&options, TEXT("专科连盟"), NULL);
    options = xunzi_search_options_default();
    options.suggest = false;
    assert_suggestion_with(&options, TEXT("专科连盟"), NULL);
    options = xunzi_search_options_default();
    options.since = TEXT("2024"); /* no document has a date */
    assert_suggestion_with(&options, TEXT("专科连盟"), NULL);
}

/* Searches and asserts that it ends well; what is suggested must then be a query with hits. */
static void search_hostile(xunzi_string query) {
    for (int layout = 0; layout < LAYOUTS; layout++) {
        xunzi_index *index = indexes[layout % 2][layout];
        xunzi_results *results, *again;
        assert_ok(xunzi_search(index, query, NULL, &results));
        const char *suggestion = xunzi_results_suggestion(results);
        if (suggestion) {
            assert_ok(xunzi_search(index, xunzi_string_of(suggestion), NULL, &again));
            assert_true(xunzi_results_count(again) > 0);
            xunzi_results_free(again);
        }
        xunzi_results_free(results);
    }
}

static void test_hostile_queries(void **state) {
    (void)state;
    static const char *const units[] = {"专",   "连 ", "盟专科连", "zhuan", "ke ",
                                        "yi",   "s'",  "a1 ",      "\xFF",  "专\xE7",
                                        "\"专", "(连", "-专科连 ", "é",     "ü̈"};
    struct buffer text = {0};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        for (size_t most = 60; most < 128 << 10; most = most * 8) {
            buffer_clear(&text);
            while (text.size < most)
                assert_true(buffer_append_text(&text, units[i]));
            search_hostile((xunzi_string){text.data, text.size});
        }
    buffer_clear(&text);
    for (int i = 0; i < 10000; i++)
        assert_true(buffer_printf(&text, "w%xx 连%x ", (unsigned)i * 7919, (unsigned)i));
    search_hostile((xunzi_string){text.data, text.size});
    search_hostile(TEXT("专科\0连盟"));
    random_seed(20261122);
    for (int i = 0; i < 300; i++) {
        buffer_clear(&text);
        random_text(&text, random_below(40));
        append_one_of(&text, "专科连盟图书馆会诊");
        append_one_of(&text, "专科连盟图书馆会诊");
        search_hostile((xunzi_string){text.data, text.size});
    }
    buffer_free(&text);
}

/* ---- the parts ---- */

/* Documents of the collection whose folded text has two characters beside each other. */
static uint32_t count_pair(uint32_t first, uint32_t second) {
    char pair[9];
    size_t size = utf8_encode(first, pair);
    size += utf8_encode(second, pair + size);
    pair[size] = '\0';
    uint32_t count = 0;
    for (int topic = 0; topic < TOPICS; topic++) {
        struct buffer key = {0};
        assert_ok(fold_to_key(topics[topic], strlen(topics[topic]), &key));
        count += memmem(key.data, key.size, pair, size) != NULL;
        buffer_free(&key);
    }
    return count * COPIES;
}

struct seen {
    uint32_t characters[64];
    size_t count;
};

static xunzi_status see(void *context, uint32_t character) {
    struct seen *seen = context;
    for (size_t i = 0; i < seen->count; i++)
        if (seen->characters[i] == character)
            return XUNZI_OK;
    assert_true(seen->count < 64);
    seen->characters[seen->count++] = character;
    return XUNZI_OK;
}

static bool is_han(uint32_t c) {
    return c >= 0x4E00 && c < 0xA000;
}

/* Followers, predecessors and counts of pairs, against the texts themselves. */
static void test_pairs(void **state) {
    (void)state;
    const char *text = topics[0];
    for (int layout = 0; layout < 2; layout++) { /* deleted documents count in the third */
        struct suggest_collection collection;
        suggest_collection_begin(&collection, indexes[0][layout]);
        for (size_t at = 0; at < strlen(text);) {
            uint32_t first = utf8_next(text, strlen(text), &at);
            const struct followers *followers;
            struct seen before = {.count = 0};
            uint64_t count;
            if (!is_han(first))
                continue;
            assert_ok(suggest_followers(&collection, first, &followers));
            assert_ok(suggest_predecessors(&collection, first, see, &before));
            size_t predecessors = 0;
            for (size_t other_at = 0; other_at < strlen(text);) {
                uint32_t other = utf8_next(text, strlen(text), &other_at);
                assert_int_equal(followers_count(followers, other),
                                 is_han(other) ? count_pair(first, other) : 0);
                assert_ok(suggest_pair(&collection, first, other, &count));
                assert_int_equal(count, is_han(other) ? count_pair(first, other) : 0);
            }
            for (size_t i = 0; i < before.count; i++)
                predecessors += count_pair(before.characters[i], first) > 0;
            assert_int_equal(predecessors, before.count);
            for (size_t i = 1; i < followers->count; i++)
                assert_true(followers->items[i - 1].character < followers->items[i].character);
        }
        suggest_collection_end(&collection);
    }
}

/* The distance by its definition. */
static size_t slow_distance(const char *a, size_t a_size, const char *b, size_t b_size) {
    if (a_size == 0 || b_size == 0)
        return a_size + b_size;
    size_t least = slow_distance(a + 1, a_size - 1, b + 1, b_size - 1) + (a[0] != b[0]);
    size_t other = slow_distance(a + 1, a_size - 1, b, b_size) + 1;
    least = other < least ? other : least;
    other = slow_distance(a, a_size, b + 1, b_size - 1) + 1;
    least = other < least ? other : least;
    if (a_size > 1 && b_size > 1 && a[0] == b[1] && a[1] == b[0]) {
        other = slow_distance(a + 2, a_size - 2, b + 2, b_size - 2) + 1;
        least = other < least ? other : least;
    }
    return least;
}

static void test_distance(void **state) {
    (void)state;
    random_seed(7);
    for (int i = 0; i < 3000; i++) {
        char a[8], b[8];
        size_t a_size = random_below(7), b_size = random_below(7), most = random_below(4);
        for (size_t k = 0; k < 8; k++) {
            a[k] = (char)('a' + random_below(3));
            b[k] = (char)('a' + random_below(3));
        }
        size_t expected = slow_distance(a, a_size, b, b_size);
        assert_int_equal(latin_distance(a, a_size, b, b_size, most),
                         expected <= most ? expected : most + 1);
    }
}

/* 0: not alike; 1: of one sound; 2: of a near one. */
static int alike(uint32_t character, uint32_t other) {
    struct sounds sounds = {0};
    int found = 0;
    assert_true(sounds_of(character, &sounds));
    for (size_t i = 0; i < sounds.count; i++) {
        assert_true(i == 0 || sounds.items[i - 1].character < sounds.items[i].character);
        if (sounds.items[i].character == other)
            found = sounds.items[i].near ? 2 : 1;
    }
    free(sounds.items);
    return found;
}

static void test_sounds(void **state) {
    (void)state;
    assert_int_equal(alike(0x8FDE, 0x8054), 1); /* 连 联 */
    assert_int_equal(alike(0x8FDE, 0x8FDE), 0);
    assert_int_equal(alike(0x95E8, 0x76DF), 2); /* 门 盟: en, eng */
    assert_int_equal(alike(0x4E2D, 0x5B97), 2); /* 中 宗: zh, z */
    assert_int_equal(alike(0x5357, 0x5170), 2); /* 南 兰: n, l */
    assert_int_equal(alike(0x5357, 0x5317), 0); /* 南 北 */
    assert_int_equal(alike('a', 'b'), 0);
}

static size_t read_pinyin(const char *text, struct pinyin_text *pinyin) {
    uint32_t characters[64];
    size_t count = 0;
    *pinyin = (struct pinyin_text){0};
    for (size_t at = 0; at < strlen(text);)
        characters[count++] = utf8_next(text, strlen(text), &at);
    return pinyin_text_add(pinyin, characters, count) ? pinyin->size : 0;
}

static void test_pinyin_text(void **state) {
    (void)state;
    struct pinyin_text pinyin;
    assert_int_equal(read_pinyin("lǜ", &pinyin), 2);
    assert_memory_equal(pinyin.letters, "lv", 2);
    assert_int_equal(read_pinyin("xi'an", &pinyin), 4);
    assert_true(pinyin.begins[0] && !pinyin.begins[1] && pinyin.begins[2] && pinyin.begins[4]);
    assert_false(pinyin_text_is_syllable(&pinyin));
    assert_int_equal(read_pinyin("xian", &pinyin), 4);
    assert_true(pinyin_text_is_syllable(&pinyin));
    assert_int_equal(read_pinyin("1a", &pinyin), 0);
    assert_int_equal(read_pinyin("a9", &pinyin), 0);
    assert_int_equal(read_pinyin("", &pinyin), 0);
    assert_int_equal(
        read_pinyin("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", &pinyin), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slips_of_characters),
        cmocka_unit_test(test_scripts),
        cmocka_unit_test(test_pinyin),
        cmocka_unit_test(test_latin),
        cmocka_unit_test(test_query_language),
        cmocka_unit_test(test_nothing_to_suggest),
        cmocka_unit_test(test_hostile_queries),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_sounds),
        cmocka_unit_test(test_pinyin_text),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
