/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text/fold against ICU: NFKC_Casefold of whole strings, and sets of characters given by patterns.
 */
#include "text_support.h"

#include <unicode/unorm2.h>
#include <unicode/uset.h>
#include <unicode/ustring.h>

#include "base/utf8.h"
#include "text/character.h"
#include "text/fold.h"
#include "text/traditional.h"

static const UNormalizer2 *nfkc_casefold;
static USet *kept_set, *space_set, *han_set, *interpunct_set, *circle_set, *digit_set,
    *behind_zero_set;

static USet *open_set(const char *pattern) {
    UChar units[512];
    UErrorCode code = U_ZERO_ERROR;
    u_uastrcpy(units, pattern);
    USet *set = uset_openPattern(units, -1, &code);
    assert_true(U_SUCCESS(code));
    return set;
}

static int set_up(void **state) {
    (void)state;
    UErrorCode code = U_ZERO_ERROR;
    nfkc_casefold = unorm2_getNFKCCasefoldInstance(&code);
    assert_true(U_SUCCESS(code));
    space_set = open_set("[:White_Space:]");
    han_set = open_set("[[:sc=Hani:]-[:So:]]");
    interpunct_set = open_set("[\\u00B7\\u2022\\u2027\\u2219\\u22C5\\u30FB]");
    circle_set = open_set("[\\u25CB\\u25EF\\u2B55]");
    digit_set = open_set("[\\u3007\\u96F6\\u4E00\\u4E8C\\u4E09\\u56DB\\u4E94\\u516D\\u4E03"
                         "\\u516B\\u4E5D]");
    behind_zero_set = open_set("[\\u5341\\u767E\\u5343\\u4E07\\u842C\\u4EBF\\u5104\\u5E74]");
    kept_set = open_set(
        "[[[:sc=Hani:]-[:So:]][:sc=Hira:][:sc=Kana:][:sc=Hang:]\\u30FC[:Nd:][:Nl:][:L:][:M:]"
        "[[[:WB=EX:][:WB=ML:][:WB=MN:][:WB=MB:][:WB=SQ:]]-[\\:;]]-[:White_Space:]]");
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    uset_close(space_set);
    uset_close(han_set);
    uset_close(interpunct_set);
    uset_close(circle_set);
    uset_close(digit_set);
    uset_close(behind_zero_set);
    uset_close(kept_set);
    return 0;
}

/* What one folded character is to be. */
struct expected {
    uint32_t code_point; /* before Chinese folding */
    enum separator separator;
};

/* Full stops in a width of their own stand as themselves until it is known what is about them: they
 * go through ICU as a noncharacter. Texts that have it are not asked about them. */
enum { WIDE_STOP = 0xFDD0 };

static void mark_wide_stops(UChar *units, int32_t count) {
    for (int32_t i = 0; i < count; i++)
        if (units[i] == WIDE_STOP)
            return;
    for (int32_t i = 0; i < count; i++)
        if (units[i] == 0xFF0E || units[i] == 0xFE52 || units[i] == 0x2024)
            units[i] = WIDE_STOP;
}

static bool is_in(USet *set, const UChar32 *characters, int32_t i, int32_t count) {
    return i >= 0 && i < count && uset_contains(set, characters[i]);
}

/* Whether the circle at i, and those about it, stand in a number. */
static bool is_zero(const UChar32 *characters, int32_t i, int32_t count) {
    int32_t before = i, behind = i;
    while (is_in(circle_set, characters, before, count))
        before--;
    while (is_in(circle_set, characters, behind, count))
        behind++;
    return is_in(digit_set, characters, before, count) &&
           (is_in(digit_set, characters, behind, count) ||
            is_in(behind_zero_set, characters, behind, count));
}

/* The whole string by ICU at once; returns the number of characters. text is well-formed. */
static size_t fold_slowly(const char *text, size_t size, struct expected *expected, size_t most) {
    enum { MOST = 4096 };
    static UChar units[MOST], folded[MOST];
    static UChar32 characters[MOST];
    UErrorCode code = U_ZERO_ERROR;
    int32_t unit_count, folded_count, character_count;
    u_strFromUTF8(units, MOST, &unit_count, text, (int32_t)size, &code);
    mark_wide_stops(units, unit_count);
    bool has_wide_stops =
        u_memchr(units, WIDE_STOP, unit_count) && !memmem(text, size, "\uFDD0", strlen("\uFDD0"));
    folded_count = unorm2_normalize(nfkc_casefold, units, unit_count, folded, MOST, &code);
    u_strToUTF32(characters, MOST, &character_count, folded, folded_count, &code);
    assert_true(U_SUCCESS(code));
    enum separator separator = SEPARATOR_NONE;
    size_t count = 0;
    for (int32_t i = 0; i < character_count; i++) {
        UChar32 c = characters[i];
        bool wide_stop = has_wide_stops && c == WIDE_STOP;
        bool between = is_in(han_set, characters, i - 1, character_count) &&
                       is_in(han_set, characters, i + 1, character_count);
        if (between && (wide_stop ? !is_in(digit_set, characters, i - 1, character_count) &&
                                        characters[i - 1] != 0x5341
                                  : uset_contains(interpunct_set, c)))
            continue;
        if (wide_stop)
            c = '.';
        if (uset_contains(circle_set, c) && is_zero(characters, i, character_count))
            c = 0x3007;
        if (uset_contains(kept_set, c)) {
            assert_true(count < most);
            expected[count++] = (struct expected){(uint32_t)c, separator};
            separator = SEPARATOR_NONE;
        } else if (!uset_contains(space_set, c)) {
            separator = SEPARATOR_PUNCTUATION;
        } else if (separator == SEPARATOR_NONE) {
            separator = SEPARATOR_SPACE;
        }
    }
    return count;
}

/* Only Han characters have a second folding, to Han. */
static uint32_t fold_chinese(uint32_t c) {
    uint32_t folded = character_entry_folded(c, character_entry(c));
    if (uset_contains(han_set, (UChar32)c))
        assert_true(uset_contains(han_set, (UChar32)folded));
    else
        assert_int_equal(c, folded);
    return folded;
}

static bool at_boundary(const char *text, size_t size, size_t at) {
    return at == size || (at < size && ((unsigned char)text[at] & 0xC0) != 0x80);
}

static void assert_ranges_sound(const struct folded_text *folded, const char *text, size_t size) {
    size_t begin = 0, end = 0;
    for (size_t i = 0; i < folded->count; i++) {
        const struct folded_character *character = &folded->characters[i];
        size_t behind = (size_t)character->begin + character->length;
        assert_true(character->length > 0 && behind <= size);
        assert_true(at_boundary(text, size, character->begin) && at_boundary(text, size, behind));
        assert_true((character->begin == begin && behind == end) || character->begin >= end);
        assert_true(
            character->class != CHARACTER_PUNCTUATION && character->class != CHARACTER_SPACE &&
            character->class != CHARACTER_IGNORABLE && character->class < CHARACTER_CLASS_COUNT);
        begin = character->begin;
        end = behind;
    }
}

static void assert_folds_as_icu(const char *text, size_t size) {
    enum { MOST = 2048 };
    static struct expected expected[MOST];
    static struct folded_text
        folded; /* reused on purpose: nothing of one text may reach the next */
    char *exact = exact_copy(text, size);
    size_t count = fold_slowly(exact, size, expected, MOST);
    assert_true(fold_text(&folded, exact, size));
    assert_ranges_sound(&folded, exact, size);
    bool same = folded.count == count;
    for (size_t i = 0; same && i < count; i++)
        same = folded.characters[i].code_point == fold_chinese(expected[i].code_point) &&
               folded.characters[i].separator_before == expected[i].separator;
    if (!same) {
        print_error("the text:");
        for (size_t at = 0; at < size;)
            print_error(" %04X", (unsigned)utf8_next(exact, size, &at));
        print_error("\nfolds to:");
        for (size_t i = 0; i < folded.count; i++)
            print_error(" %u:%04X", (unsigned)folded.characters[i].separator_before,
                        (unsigned)folded.characters[i].code_point);
        print_error("\nby ICU:  ");
        for (size_t i = 0; i < count; i++)
            print_error(" %u:%04X", (unsigned)expected[i].separator,
                        (unsigned)expected[i].code_point);
        print_error("\n");
        fail();
    }
    free(exact);
    if (size == 0)
        folded_text_free(&folded);
}

static void test_every_code_point_alone(void **state) {
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char text[4];
        if (c < 0xD800 || c > 0xDFFF)
            assert_folds_as_icu(text, utf8_encode(c, text));
    }
    assert_folds_as_icu("", 0);
}

/* Each with a letter before it and a mark behind it: where clusters begin and end. */
static void test_every_code_point_between(void **state) {
    (void)state;
    static const uint32_t before[] = {'a', 0x1100, 0xFF76}, behind[] = {0x301, 0x1161, 0xFF9E};
    for (uint32_t c = 0; c <= 0x10FFFF; c += c < 0x30000 ? 1 : 61) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        char text[12];
        size_t size = utf8_encode(before[c % 3], text);
        size += utf8_encode(c, text + size);
        size += utf8_encode(behind[c / 3 % 3], text + size);
        assert_folds_as_icu(text, size);
    }
    assert_folds_as_icu("", 0);
}

static void test_random_strings(void **state) {
    (void)state;
    struct buffer text = {0};
    random_seed(11);
    for (int i = 0; i < 20000; i++) {
        random_text(&text, 1 + random_below(30));
        assert_folds_as_icu(text.data, text.size);
    }
    buffer_free(&text);
    assert_folds_as_icu("", 0);
}

/* Only what joins with its neighbours. */
static void test_random_clusters(void **state) {
    (void)state;
    struct buffer text = {0};
    random_seed(12);
    for (int i = 0; i < 30000; i++) {
        buffer_clear(&text);
        for (uint32_t n = 2 + random_below(9); n > 0; n--)
            append_one_of(&text, "aeǖ가각각겅ﾊｶ\uFF9E\uFF9F\u3099は\u0301\u0327\u0345α"
                                 "\u200D\u034Fｏ\uFFA1\uFFC2漢 .");
        assert_folds_as_icu(text.data, text.size);
    }
    buffer_free(&text);
    assert_folds_as_icu("", 0);
}

/* Folds a string to UTF-8 without separators. */
static void fold_flat(const char *text, size_t size, struct buffer *out) {
    struct folded_text folded = {0};
    buffer_clear(out);
    assert_true(fold_text(&folded, text, size));
    assert_true(folded_text_append_utf8(&folded, 0, folded.count, out));
    folded_text_free(&folded);
}

/* Interpuncts, and what they do or do not join. */
static void test_random_interpuncts(void **state) {
    (void)state;
    struct buffer text = {0};
    random_seed(13);
    for (int i = 0; i < 30000; i++) {
        buffer_clear(&text);
        for (uint32_t n = 2 + random_below(9); n > 0; n--)
            append_one_of(&text, "漢字里夫か가a1 ，\u0301\u200B\u00B7\u2022\u2027\u2219\u22C5・･");
        assert_folds_as_icu(text.data, text.size);
    }
    buffer_free(&text);
    assert_folds_as_icu("", 0);
}

static void test_folding_is_idempotent(void **state) {
    (void)state;
    struct buffer once = {0}, twice = {0};
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char text[4];
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        fold_flat(text, utf8_encode(c, text), &once);
        fold_flat(once.data ? once.data : "", once.size, &twice);
        assert_text(((xunzi_string){once.data, once.size}),
                    ((xunzi_string){twice.data, twice.size}));
    }
    buffer_free(&once);
    buffer_free(&twice);
}

/* Circles, and the numbers that they are in or not. */
static void test_random_zeros(void **state) {
    (void)state;
    struct buffer text = {0};
    random_seed(14);
    for (int i = 0; i < 30000; i++) {
        buffer_clear(&text);
        for (uint32_t n = 2 + random_below(9); n > 0; n--)
            append_one_of(&text, "○○○◯⭕二二一零〇年萬百里Ａo1 ，·．﹒\u200B\u0301");
        assert_folds_as_icu(text.data, text.size);
    }
    buffer_free(&text);
    assert_folds_as_icu("", 0);
}

static bool fold_alike(const char *a, const char *b) {
    struct buffer left = {0}, right = {0};
    fold_flat(a, strlen(a), &left);
    fold_flat(b, strlen(b), &right);
    bool alike =
        left.size > 0 && left.size == right.size && memcmp(left.data, right.data, left.size) == 0;
    buffer_free(&left);
    buffer_free(&right);
    return alike;
}

static void test_variants_fold_together(void **state) {
    (void)state;
    static const char *const groups[][4] = {
        {"裏", "裡", "里"}, {"爲", "為", "为"}, {"臺", "台"},       {"峯", "峰"},
        {"綫", "線", "线"}, {"麵", "面"},       {"髮", "發", "发"}, {"聯", "联"},
        {"連", "连"},       {"體", "体"},       {"曆", "歷", "历"}, {"龜", "龟"},
        {"說", "説", "说"}, {"衆", "眾", "众"}, {"産", "產", "产"}, {"羣", "群"},
        {"\uF92C", "郎"}, /* a compatibility ideograph */
        {"値", "值"},       {"靑", "青"},       {"淸", "清"},       {"戶", "户", "戸"},
        {"吳", "吴", "呉"}, {"敎", "教"},       {"黃", "黄"},       {"錄", "録", "录"},
        {"絕", "絶", "绝"}, {"稅", "税"},       {"溫", "温"},       {"內", "内"},
        {"別", "别"},       {"撐", "撑"},       {"愼", "慎"},       {"飮", "飲", "饮"},
        {"顚", "顛", "颠"}, {"槪", "概"},       {"尙", "尚"},       {"屛", "屏"},
        {"甁", "瓶"},       {"喩", "喻"},       {"塡", "填"},       {"揷", "插", "挿"},
        {"倂", "併", "并"}, {"鄕", "鄉", "乡"}, {"郞", "郎"},       {"姉", "姊", "姐"},
        {"寃", "冤"},       {"寳", "寶", "宝"}, {"隣", "鄰", "邻"}, {"鑛", "礦", "矿"},
    };
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
        for (size_t i = 1; i < 4 && groups[g][i]; i++)
            if (!fold_alike(groups[g][0], groups[g][i]))
                fail_msg("%s and %s differ", groups[g][0], groups[g][i]);
}

static void test_others_stay_apart(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"連", "聯"}, {"连", "联"},       {"人", "入"}, {"未", "末"}, {"土", "士"}, {"已", "己"},
        {"咲", "笑"}, {"邨", "村"},       {"喆", "哲"}, {"后", "厚"}, {"か", "カ"}, {"は", "ば"},
        {"ハ", "バ"}, {"國", "圀\u4E00"}, {"a", "b"},   {"가", "각"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (fold_alike(pairs[i][0], pairs[i][1]))
            fail_msg("%s and %s are the same", pairs[i][0], pairs[i][1]);
}

/* A circle in a number is 〇; anywhere else it is the mark that it is. */
static void test_circles_in_numbers(void **state) {
    (void)state;
    assert_true(fold_alike("二○二一", "二〇二一"));
    assert_true(fold_alike("一九八○年", "一九八〇年"));
    assert_true(fold_alike("二◯⭕八年", "二〇〇八年"));
    assert_true(fold_alike("五○萬", "五〇萬"));
    assert_true(fold_alike("二○\u200B○八年", "二〇〇八年"));
    static const char *const marks[] = {"二○人", "○二", "二 ○二", "二○ 二",
                                        "年○年", "二○", "二○×二"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        struct folded_text folded = {0};
        assert_true(fold_text(&folded, marks[i], strlen(marks[i])));
        for (size_t c = 0; c < folded.count; c++)
            assert_int_not_equal(folded.characters[c].code_point, 0x3007);
        folded_text_free(&folded);
    }
}

/* A full stop in a name, and one behind a number. */
static void test_wide_full_stops(void **state) {
    (void)state;
    struct buffer key = {0};
    static const char *const texts[][2] = {
        {"居里．夫人", "居里夫人"}, {"居里﹒夫人", "居里夫人"}, {"居里.夫人", "居里.夫人"},
        {"一．總則", "一.总则"},    {"十．總則", "十.总则"},    {"居里．a", "居里.a"},
        {"居里．", "居里."},        {"３．５", "3.5"},          {"居里．．夫人", "居里..夫人"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        buffer_clear(&key);
        assert_int_equal(fold_to_key(texts[i][0], strlen(texts[i][0]), &key), XUNZI_OK);
        assert_text(((xunzi_string){key.data, key.size}), xunzi_string_of(texts[i][1]));
    }
    buffer_free(&key);
}

static void test_width_case_and_composition(void **state) {
    (void)state;
    assert_true(fold_alike("５Ｇ", "5g"));
    assert_true(fold_alike("㈱", "(株)"));
    assert_true(fold_alike("ﾊﾞ", "バ"));
    assert_true(fold_alike("é", "e\u0301"));
    assert_true(fold_alike("É", "é"));
    assert_true(fold_alike("한", "\u1112\u1161\u11AB"));
    assert_true(fold_alike("STRASSE", "straße"));
    assert_true(fold_alike("ΟΔΟΣ", "οδος"));
    assert_true(fold_alike("ｉＰｈｏｎｅ", "iPhone"));
    assert_true(fold_alike("中\u200B國\uFE0F", "中国"));
    assert_true(fold_alike("\U0002F81A", "\u51AC")); /* 冬 */
}

/* Text made so that clusters grow without end. Were each cluster read to its end, this would take
 * hours. */
static void test_hostile_clusters_stay_linear(void **state) {
    (void)state;
    enum { COUNT = 100000 };
    static const struct {
        uint32_t first, then;
        bool then_is_kept;
    } cases[] = {
        {'a', 0x327, true},     {'a', 0x300, true},      {0x4E00, 0x301, true},
        {0x1100, 0x1161, true}, {0x30CF, 0x3099, true},  {0xFF8A, 0xFF9E, true},
        {'a', 0x200D, false},   {0x4E00, 0xFE0F, false},
    };
    struct buffer text = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct folded_text folded = {0};
        buffer_clear(&text);
        append_code_point(&text, cases[i].first);
        for (int n = 0; n < COUNT; n++)
            append_code_point(&text, cases[i].then);
        char *exact = exact_copy(text.data, text.size);
        assert_true(fold_text(&folded, exact, text.size));
        assert_ranges_sound(&folded, exact, text.size);
        size_t kept =
            cases[i].then_is_kept ? COUNT : 0; /* and the first, which the one behind it may join */
        assert_in_range(folded.count, kept, kept + 1);
        assert_int_equal(folded.characters[0].begin, 0);
        folded_text_free(&folded);
        free(exact);
    }
    buffer_free(&text);
}

static void assert_same_characters(const struct folded_text *part, const struct folded_text *whole,
                                   size_t first, size_t moved, enum separator separator) {
    assert_true(first + part->count <= whole->count);
    for (size_t i = 0; i < part->count; i++) {
        const struct folded_character *a = &part->characters[i], *b = &whole->characters[first + i];
        assert_int_equal(a->code_point, b->code_point);
        assert_int_equal(a->begin + moved, b->begin);
        assert_int_equal(a->length, b->length);
        assert_int_equal(a->class, b->class);
        assert_int_equal(i == 0 && separator != SEPARATOR_NONE ? (uint8_t)separator
                                                               : a->separator_before,
                         b->separator_before);
    }
}

/* A text cut anywhere, and with an ill-formed byte put in anywhere, is as its whole parts. */
static void test_ill_formed_text_is_punctuation(void **state) {
    (void)state;
    static const char valid[] = "漢e\u0301字\U00020000가\u1100\u1161ﾊﾞ 中,文\u0301a\U0001D15Eb㈱";
    size_t size = sizeof valid - 1;
    struct folded_text left = {0}, right = {0}, folded = {0};
    for (size_t cut = 0; cut <= size; cut++) {
        size_t before = cut, behind = cut;
        while (before > 0 && !at_boundary(valid, size, before))
            before--;
        while (!at_boundary(valid, size, behind))
            behind++;
        char *exact = exact_copy(valid, cut);
        assert_true(fold_text(&folded, exact, cut));
        assert_true(fold_text(&left, valid, before));
        assert_int_equal(left.count, folded.count);
        assert_same_characters(&left, &folded, 0, 0, SEPARATOR_NONE);
        free(exact);

        exact = exact_copy(valid + cut, size - cut);
        assert_true(fold_text(&folded, exact, size - cut));
        assert_true(fold_text(&right, valid + behind, size - behind));
        assert_int_equal(right.count, folded.count);
        assert_same_characters(&right, &folded, 0, behind - cut,
                               behind > cut ? SEPARATOR_PUNCTUATION : SEPARATOR_NONE);
        free(exact);

        if (before != cut)
            continue;
        struct buffer broken = {0};
        assert_true(buffer_append(&broken, valid, cut) && buffer_append_byte(&broken, '\xFF') &&
                    buffer_append(&broken, valid + cut, size - cut));
        exact = exact_copy(broken.data, broken.size);
        assert_true(fold_text(&folded, exact, broken.size));
        assert_int_equal(left.count + right.count, folded.count);
        assert_same_characters(&left, &folded, 0, 0, SEPARATOR_NONE);
        assert_same_characters(&right, &folded, left.count, cut + 1, SEPARATOR_PUNCTUATION);
        free(exact);
        buffer_free(&broken);
    }
    folded_text_free(&left);
    folded_text_free(&right);
    folded_text_free(&folded);
}

/* Any bytes whatever. */
static void test_random_bytes(void **state) {
    (void)state;
    struct folded_text folded = {0};
    random_seed(13);
    for (int i = 0; i < 20000; i++) {
        char bytes[48];
        size_t size = random_below(sizeof bytes);
        for (size_t b = 0; b < size; b++)
            bytes[b] = (char)random_below(random_below(2) ? 256 : 0xF5);
        char *exact = exact_copy(bytes, size);
        assert_true(fold_text(&folded, exact, size));
        for (size_t c = 0; c < folded.count; c++)
            assert_true(folded.characters[c].begin + folded.characters[c].length <= size);
        free(exact);
    }
    folded_text_free(&folded);
}

static void assert_key(const char *expected, xunzi_string text) {
    struct buffer key = {0};
    assert_ok(fold_to_key(text.data, text.size, &key));
    assert_text(xunzi_string_of(expected), ((xunzi_string){key.data, key.size}));
    buffer_free(&key);
}

static void test_keys(void **state) {
    (void)state;
    assert_key("中央 新闻", TEXT("中央\u3000新聞"));
    assert_key("中央 新闻", TEXT("  中央——新聞！"));
    assert_key("a b", TEXT("A\0B"));
    assert_key("don't", TEXT("DON'T"));
    assert_key("", TEXT("！？ —"));
    assert_key("1,5", TEXT("1，5"));
    assert_key("", (xunzi_string){NULL, 0});
    assert_key("a b", TEXT("a\xFF"
                           "b"));
}

/* What is shown in place of a folded character is found by it. */
static void test_traditional_characters(void **state) {
    (void)state;
    assert_int_equal(traditional_of(0x8054), 0x806F); /* 联 聯 */
    assert_int_equal(traditional_of(0x4E13), 0x5C08); /* 专 專 */
    assert_int_equal(traditional_of(0x79D1), 0x79D1); /* 科 */
    assert_int_equal(traditional_of('a'), 'a');
    assert_true(traditional_count > 2000);
    for (size_t i = 0; i < traditional_count; i++) {
        uint32_t folded = traditional_pairs[i][0], shown = traditional_pairs[i][1];
        assert_true(i == 0 || traditional_pairs[i - 1][0] < folded);
        assert_int_equal(character_entry_folded(shown, character_entry(shown)), folded);
        assert_int_equal(traditional_of(folded), shown);
        assert_int_not_equal(shown, folded);
    }
}

/* Pages are read with no look at the table for these. */
static void test_ideographs_are_han(void **state) {
    (void)state;
    for (uint32_t i = 0; i < CHARACTER_IDEOGRAPH_COUNT; i++) {
        uint32_t c = CHARACTER_IDEOGRAPHS + i;
        assert_int_equal(character_entry_class(character_entry(c)), CHARACTER_HAN);
    }
}

/* A line is known by its first character to begin with no label, and that may be folded. */
static void test_han_folds_to_han(void **state) {
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        uint32_t entry = character_entry(c), folded = character_entry_folded(c, entry);
        if (character_entry_class(entry) == CHARACTER_HAN)
            assert_int_equal(character_entry_class(character_entry(folded)), CHARACTER_HAN);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_point_alone),
        cmocka_unit_test(test_every_code_point_between),
        cmocka_unit_test(test_random_strings),
        cmocka_unit_test(test_random_clusters),
        cmocka_unit_test(test_random_interpuncts),
        cmocka_unit_test(test_random_zeros),
        cmocka_unit_test(test_circles_in_numbers),
        cmocka_unit_test(test_wide_full_stops),
        cmocka_unit_test(test_folding_is_idempotent),
        cmocka_unit_test(test_variants_fold_together),
        cmocka_unit_test(test_others_stay_apart),
        cmocka_unit_test(test_width_case_and_composition),
        cmocka_unit_test(test_hostile_clusters_stay_linear),
        cmocka_unit_test(test_ill_formed_text_is_punctuation),
        cmocka_unit_test(test_random_bytes),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_traditional_characters),
        cmocka_unit_test(test_ideographs_are_han),
        cmocka_unit_test(test_han_folds_to_han),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
