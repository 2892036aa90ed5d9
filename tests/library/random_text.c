/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "random_text.h"

#include <stdio.h>
#include <stdlib.h>

/* Among them words of the dictionary (医院 合作 学校 铁路 图书馆 联盟 发展 国际), function
 * characters, characters whose Traditional forms are two (发 里 台), and one outside the Basic
 * Multilingual Plane. No quotation marks: the query language has a use for them. */
const struct unit units[] = {
    {UNIT_HAN, {"醫", "医"}},
    {UNIT_HAN, {"院", "院"}},
    {UNIT_HAN, {"療", "疗"}},
    {UNIT_HAN, {"聯", "联"}},
    {UNIT_HAN, {"盟", "盟"}},
    {UNIT_HAN, {"專", "专"}},
    {UNIT_HAN, {"科", "科"}},
    {UNIT_HAN, {"學", "学"}},
    {UNIT_HAN, {"校", "校"}},
    {UNIT_HAN, {"鐵", "铁"}},
    {UNIT_HAN, {"路", "路"}},
    {UNIT_HAN, {"圖", "图"}},
    {UNIT_HAN, {"書", "书"}},
    {UNIT_HAN, {"館", "馆"}},
    {UNIT_HAN, {"合", "合"}},
    {UNIT_HAN, {"作", "作"}},
    {UNIT_HAN, {"發", "发"}},
    {UNIT_HAN, {"髮", "发"}},
    {UNIT_HAN, {"展", "展"}},
    {UNIT_HAN, {"國", "国"}},
    {UNIT_HAN, {"際", "际"}},
    {UNIT_HAN, {"裏", "裡"}},
    {UNIT_HAN, {"臺", "台"}},
    {UNIT_HAN, {"綫", "線"}},
    {UNIT_HAN, {"𠮷", "𠮷"}},
    {UNIT_HAN, {"的", "的"}},
    {UNIT_HAN, {"在", "在"}},
    {UNIT_HAN, {"與", "与"}},
    {UNIT_HAN, {"這", "这"}},
    {UNIT_HAN, {"個", "个"}},
    {UNIT_KANA, {"ア", "ｱ"}},
    {UNIT_KANA, {"メ", "メ"}},
    {UNIT_KANA, {"ひ", "ひ"}},
    {UNIT_HANGUL, {"서", "서"}},
    {UNIT_HANGUL, {"울", "\u110B\u116E\u11AF"}},
    {UNIT_LATIN, {"AI", "ai"}},
    {UNIT_LATIN, {"5G", "５Ｇ"}},
    {UNIT_LATIN, {"covid-19", "COVID-19"}},
    {UNIT_LATIN, {"iPhone", "iphone"}},
    {UNIT_LATIN, {"don't", "DON'T"}},
    {UNIT_LATIN, {"3.14", "３.14"}},
    {UNIT_LATIN, {"café", "cafe\u0301"}},
    {UNIT_LATIN, {"x", "Ｘ"}},
    {UNIT_PUNCTUATION, {"，", ","}},
    {UNIT_PUNCTUATION, {"。", "！"}},
    {UNIT_PUNCTUATION, {"、", "、"}},
    {UNIT_PUNCTUATION, {"（", "("}},
    {UNIT_PUNCTUATION, {"-", "—"}},
    {UNIT_PUNCTUATION, {"；", ";"}},
    {UNIT_SPACE, {" ", "　"}},
    {UNIT_SPACE, {"\t", " "}},
};
const size_t unit_count = sizeof units / sizeof *units;

static uint8_t random_unit(struct random *random, bool only_han) {
    for (;;) {
        uint8_t unit = (uint8_t)random_below(random, unit_count);
        if (units[unit].kind == UNIT_HAN || (!only_han && random_once_in(random, 2)))
            return unit;
    }
}

struct random_text random_han(struct random *random, size_t count) {
    struct random_text text = {.count = count};
    for (size_t i = 0; i < count; i++)
        text.units[i] = random_unit(random, true);
    return text;
}

struct random_text random_text_of(struct random *random, size_t count) {
    struct random_text text = {0};
    while (text.count < count && text.count < TEXT_UNITS_MOST) {
        if (!random_once_in(random, 8)) {
            text.units[text.count++] = random_unit(random, false);
            continue;
        }
        struct random shared = {1 + random_below(random, 24)};
        for (size_t length = 3 + random_below(&shared, 5); length > 0 && text.count < count;
             length--)
            text.units[text.count++] = random_unit(&shared, false);
    }
    return text;
}

struct random_text random_stretch(struct random *random, const struct random_text *text,
                                  size_t least, size_t most) {
    size_t count = least + random_below(random, most - least + 1);
    if (count > text->count)
        count = text->count;
    size_t first = random_below(random, text->count - count + 1);
    struct random_text stretch = {.count = count};
    memcpy(stretch.units, text->units + first, count);
    return stretch;
}

char *spell(const struct random_text *text, uint64_t spellings) {
    char *spelled = NULL;
    size_t size;
    FILE *out = open_memstream(&spelled, &size);
    assert_non_null(out);
    for (size_t i = 0; i < text->count; i++) {
        /* Two Latin units in a row would be another token. */
        if (i > 0 && units[text->units[i]].kind == UNIT_LATIN &&
            units[text->units[i - 1]].kind == UNIT_LATIN)
            fputc('/', out);
        fputs(units[text->units[i]].spellings[(spellings >> (i % 64)) & 1], out);
    }
    fclose(out);
    return spelled;
}

bool is_word(const struct random_text *text) {
    for (size_t i = 0; i < text->count; i++)
        if (units[text->units[i]].kind == UNIT_SPACE)
            return false;
    return text->count > 0 && units[text->units[0]].kind != UNIT_PUNCTUATION;
}
