/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Phrases are exact under folding: what they find is what a scan of the folded texts finds. The
 * scan here knows nothing of the library. Texts are lists of units, and what folds together is the
 * same unit; a folded text is a string with a byte for each character or Latin token, and BREAK
 * where a phrase does not run on: at punctuation unless Latin tokens stand on both sides of it, and
 * at white space between two characters.
 */
#include <stdio.h>
#include <stdlib.h>

#include "random_text.h"

enum {
    DOCUMENTS = 400,
    PHRASES = 900,
    BREAK = 1,
    LONE = 2,
    FIRST_UNIT = 3,
    FOLDED_MOST = 3 * TEXT_UNITS_MOST
};

struct folded {
    char text[FOLDED_MOST];
    bool has_lone; /* a character that is a run of its own */
};

struct fixture {
    struct random random;
    struct random_text texts[DOCUMENTS][2]; /* title and body */
    struct folded folded[DOCUMENTS][2];
};

static bool is_separator(uint8_t unit) {
    return units[unit].kind == UNIT_PUNCTUATION || units[unit].kind == UNIT_SPACE;
}

static bool is_latin(uint8_t unit) {
    return units[unit].kind == UNIT_LATIN;
}

/* The same byte for units that fold together. */
static char byte_of(uint8_t unit) {
    uint8_t first = 0;
    while (strcmp(units[first].spellings[1], units[unit].spellings[1]) != 0)
        first++;
    return (char)(FIRST_UNIT + first);
}

static struct folded fold(const struct random_text *text, bool marks_lone) {
    struct folded folded = {0};
    size_t size = 0;
    for (size_t i = 0; i < text->count; i++) {
        uint8_t unit = text->units[i];
        if (is_separator(unit))
            continue;
        size_t before = i; /* the unit before, and whether there is punctuation between */
        bool punctuation = false;
        while (before > 0 && is_separator(text->units[before - 1]))
            punctuation |= units[text->units[--before]].kind == UNIT_PUNCTUATION;
        if (before > 0 && before < i) {
            bool latin_before = is_latin(text->units[before - 1]);
            if (punctuation ? !(latin_before && is_latin(unit)) : !latin_before && !is_latin(unit))
                folded.text[size++] = BREAK;
        }
        bool run_before = i > 0 && units[text->units[i - 1]].kind == units[unit].kind;
        bool run_behind = i + 1 < text->count && units[text->units[i + 1]].kind == units[unit].kind;
        bool lone = !is_latin(unit) && !run_before && !run_behind;
        folded.has_lone |= lone;
        if (lone && marks_lone)
            folded.text[size++] = LONE;
        folded.text[size++] = byte_of(unit);
    }
    return folded;
}

/* Beside Latin tokens only such punctuation as joins no letters or digits: 3,14 is one token. */
static void keep_apart(struct random_text *text) {
    uint8_t full_stop = 0;
    while (strcmp(units[full_stop].spellings[0], "。") != 0)
        full_stop++;
    for (size_t i = 0; i < text->count; i++)
        if (units[text->units[i]].kind == UNIT_PUNCTUATION &&
            ((i > 0 && is_latin(text->units[i - 1])) ||
             (i + 1 < text->count && is_latin(text->units[i + 1]))))
            text->units[i] = full_stop;
}

/* What phrase mode finds, and a phrase in the query language. */
static void find(xunzi_index *index, const char *phrase, bool found[DOCUMENTS]) {
    xunzi_results *results = search_all(index, xunzi_string_of(phrase), XUNZI_MODE_PHRASE);
    memset(found, 0, DOCUMENTS * sizeof *found);
    for (size_t i = 0; i < xunzi_results_count(results); i++)
        found[strtoul(xunzi_results_hit(results, i)->id.data, NULL, 10)] = true;
    char *quoted;
    assert_true(asprintf(&quoted, "「%s」", phrase) >= 0);
    xunzi_results *same = search_all(index, xunzi_string_of(quoted), XUNZI_MODE_QUERY);
    assert_int_equal(xunzi_results_count(results), xunzi_results_count(same));
    for (size_t i = 0; i < xunzi_results_count(results); i++)
        assert_same(xunzi_results_hit(results, i)->id, xunzi_results_hit(same, i)->id);
    xunzi_results_free(same);
    xunzi_results_free(results);
    free(quoted);
}

/* A phrase: a stretch of a text, the same with one unit changed, taken out or put in, or Han
 * characters at random. */
static struct random_text make_phrase(struct fixture *fixture, bool only_han) {
    struct random *random = &fixture->random;
    if (random_once_in(random, 5))
        return random_han(random, 2 + random_below(random, 2));
    struct random_text phrase;
    do {
        const struct random_text *text =
            &fixture->texts[random_below(random, DOCUMENTS)][random_below(random, 2)];
        phrase = random_stretch(random, text, 2, 12);
        for (size_t i = 0; only_han && i < phrase.count; i++)
            if (units[phrase.units[i]].kind != UNIT_HAN)
                phrase.count = i;
    } while (phrase.count < 2);
    size_t at = random_below(random, phrase.count);
    struct random_text other = random_text_of(random, 1);
    if (only_han)
        other = random_han(random, 1);
    switch (random_below(random, 6)) {
    case 0:
        phrase.units[at] = other.units[0];
        break;
    case 1:
        memmove(phrase.units + at, phrase.units + at + 1, --phrase.count - at);
        break;
    case 2:
        memmove(phrase.units + at + 1, phrase.units + at, phrase.count++ - at);
        phrase.units[at] = other.units[0];
        break;
    }
    keep_apart(&phrase);
    return phrase;
}

static void fill(struct fixture *fixture, const char *path, xunzi_profile profile) {
    xunzi_writer *writer = open_writer(path, profile);
    for (size_t d = 0; d < DOCUMENTS; d++) {
        char id[16], *spelled[2];
        for (size_t field = 0; field < 2; field++) {
            struct random_text *text = &fixture->texts[d][field];
            *text = random_text_of(&fixture->random,
                                   field == 0 ? 12 : 20 + random_below(&fixture->random, 70));
            text->units[0] = 0; /* so that there is always something */
            keep_apart(text);
            fixture->folded[d][field] = fold(text, profile == XUNZI_PROFILE_BIGRAM);
            spelled[field] = spell(text, random_next(&fixture->random));
        }
        snprintf(id, sizeof id, "%zu ", d);
        add(writer, id, spelled[0], spelled[1]);
        free(spelled[0]);
        free(spelled[1]);
    }
    assert_ok(xunzi_writer_commit(writer));
    xunzi_writer_close(writer);
}

static void check_phrases(void **state, xunzi_profile profile) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    fixture->random.state = 512;
    const char *path = in_folder(state, "collection");
    fill(fixture, path, profile);
    xunzi_index *index = open_index(path);
    size_t with_hits = 0, without_hits = 0, lone = 0;
    for (size_t i = 0; i < PHRASES; i++) {
        struct random_text phrase = make_phrase(fixture, i % 2 == 0);
        struct folded folded = fold(&phrase, profile == XUNZI_PROFILE_BIGRAM);
        char *spelled = spell(&phrase, random_next(&fixture->random));
        bool found[DOCUMENTS];
        size_t hits = 0;
        find(index, spelled, found);
        for (size_t d = 0; d < DOCUMENTS; d++) {
            bool expected = folded.text[0] && (strstr(fixture->folded[d][0].text, folded.text) ||
                                               strstr(fixture->folded[d][1].text, folded.text));
            if (expected != found[d])
                fail_msg("phrase \"%s\": document %zu is %s", spelled, d,
                         expected ? "missing" : "found, and does not have it");
            hits += expected;
        }
        with_hits += hits > 0;
        without_hits += hits == 0;
        lone += folded.has_lone;
        free(spelled);
    }
    xunzi_index_close(index);
    free(fixture);
    assert_true(with_hits >= 500 && without_hits >= 50 && lone >= 50);
}

static void test_full(void **state) {
    check_phrases(state, XUNZI_PROFILE_FULL);
}

/* The bigram profile keeps a character only where it is a run of its own, and finds it only there.
 */
static void test_bigram(void **state) {
    check_phrases(state, XUNZI_PROFILE_BIGRAM);
}

/* One found by test_oracle: what stands in the place of a break in the phrase is not the break. */
static void test_breaks(void **state) {
    const char *path = in_folder(state, "collection");
    xunzi_writer *writer = open_writer(path, XUNZI_PROFILE_FULL);
    add(writer, "comma", "", "兩市合作，醫院先行");
    add(writer, "character", "", "兩市合作大醫院先行");
    add(writer, "latin", "", "兩市合作 AI 醫院先行");
    add(writer, "joined", "", "兩市合作醫院先行");
    add(writer, "fields", "兩市合作", "醫院先行");
    assert_ok(xunzi_writer_commit(writer));
    xunzi_writer_close(writer);
    xunzi_index *index = open_index(path);
    static const struct {
        const char *phrase, *id;
    } cases[] = {{"合作，医院", "comma"},
                 {"合作。\n医院", "comma"},
                 {"合作AI医院", "latin"},
                 {"合作医院", "joined"},
                 {"合作大医院", "character"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        xunzi_results *results =
            search_all(index, xunzi_string_of(cases[i].phrase), XUNZI_MODE_PHRASE);
        assert_int_equal(xunzi_results_count(results), 1);
        assert_same(xunzi_string_of(cases[i].id), xunzi_results_hit(results, 0)->id);
        xunzi_results_free(results);
    }
    xunzi_index_close(index);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_full, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_bigram, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_breaks, make_folder, remove_folder),
    };
    return cmocka_run_group_tests_name("phrase", tests, NULL, NULL);
}
