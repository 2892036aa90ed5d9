/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes the table of character.h: a program that runs while Xunzi is built and prints C.
 *
 * The Chinese part is a union. Each source (ICU's transliterator, OpenCC's conversions of single
 * characters) says of a character which other one stands for it; characters so joined, directly or
 * through others, form a class (union-find), and the class folds to its representative: a character
 * that every source leaves alone, preferably one of GB 2312 (the Simplified standard set), then the
 * one reached from most members. Regional variants join only where they are not in GB 2312, for
 * Taiwan's 么 for 幺 is another word in Simplified; Japanese simplified forms only where they are
 * in neither GB 2312 nor Big5, for 芸, 弁 or 連 are other words in Chinese.
 *
 * Print forms and rare variants (値值, 靑青, 寃冤, 飮飲) come from the Unihan database, whose lines
 * are on standard input (fold_table_unihan.h). It calls many different words variants of each
 * other; so a class joins by it only where no character of it is in GB 2312, Big5 or China's Table
 * of General Standard Characters (with these, one may write the word apart, as 邨 and 喆 in names),
 * and only a class that has such characters, and only where there is one such class: of several,
 * the only one that has a character of that Table. Classes of standard characters stay as they are
 * without it, and so does what they fold to.
 */
#include <opencc/opencc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "base/utf8.h"
#include "text/character.h"
#include "text/fold_table_unihan.h"

enum { CODE_POINTS = 0x110000 };

static uint32_t parent[CODE_POINTS]; /* union-find over all code points */
static uint32_t
    arrivals[CODE_POINTS];       /* how often a source names this one as what stands for another */
static bool leaves[CODE_POINTS]; /* some source replaces this one */

static _Noreturn void fail(const char *what, const char *why) {
    fprintf(stderr, "fold-table-generator: %s: %s\n", what, why);
    exit(1);
}

static void check(const char *what, UErrorCode code) {
    if (U_FAILURE(code))
        fail(what, u_errorName(code));
}

static uint32_t root_of(uint32_t c) {
    while (parent[c] != c)
        c = parent[c] = parent[parent[c]];
    return c;
}

/* A source says: from stands for the same as to. */
static void join(uint32_t from, uint32_t to) {
    if (from == to)
        return;
    leaves[from] = true;
    arrivals[to]++;
    parent[root_of(from)] = root_of(to);
}

static bool is_han(uint32_t c) {
    UErrorCode code = U_ZERO_ERROR;
    return u_charType((UChar32)c) == U_OTHER_LETTER &&
           uscript_getScript((UChar32)c, &code) == USCRIPT_HAN;
}

/* Writes c as UTF-16; returns the number of units. */
static int32_t to_utf16(uint32_t c, UChar text[2]) {
    UErrorCode code = U_ZERO_ERROR;
    int32_t units = 0;
    UChar32 one = (UChar32)c;
    u_strFromUTF32(text, 2, &units, &one, 1, &code);
    check("UTF-16", code);
    return units;
}

/* The one character that text is, or 0 where it is none or several. */
static uint32_t only_character(const UChar *text, int32_t size) {
    UErrorCode code = U_ZERO_ERROR;
    UChar32 characters[2];
    int32_t count = 0;
    u_strToUTF32(characters, 2, &count, text, size, &code);
    return count == 1 ? (uint32_t)characters[0] : 0;
}

static UConverter *open_charset(const char *name) {
    UErrorCode code = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(name, &code);
    check(name, code);
    ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
    check(name, code);
    ucnv_setFallback(converter, false);
    return converter;
}

static bool in_charset(UConverter *converter, uint32_t c) {
    UChar text[2];
    char bytes[8];
    UErrorCode code = U_ZERO_ERROR;
    ucnv_fromUChars(converter, bytes, sizeof bytes, text, to_utf16(c, text), &code);
    return U_SUCCESS(code);
}

static void join_by_icu(void) {
    UErrorCode code = U_ZERO_ERROR;
    UChar name[16];
    u_uastrcpy(name, "Hant-Hans");
    UTransliterator *hant_hans = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
    check("opening ICU's Hant-Hans", code);
    for (uint32_t c = 0x2E80; c < CODE_POINTS; c++) {
        if (!is_han(c))
            continue;
        UChar text[16];
        int32_t size = to_utf16(c, text);
        int32_t limit = size;
        utrans_transUChars(hant_hans, text, &size, 16, 0, &limit, &code);
        check("ICU's Hant-Hans", code);
        uint32_t to = only_character(text, size);
        if (is_han(to))
            join(c, to);
    }
    utrans_close(hant_hans);
}

/* Joins what a configuration of OpenCC converts, but for the characters of the charsets in
 * `except`. */
static void join_by_opencc(const char *configuration, UConverter *const except[2]) {
    opencc_t opencc = opencc_open(configuration);
    if (opencc == (opencc_t)-1)
        fail(configuration, opencc_error());
    for (uint32_t c = 0x2E80; c < CODE_POINTS; c++) {
        if (!is_han(c) || (except && (in_charset(except[0], c) || in_charset(except[1], c))))
            continue;
        char text[4];
        char *converted = opencc_convert_utf8(opencc, text, utf8_encode(c, text));
        if (!converted)
            fail(configuration, opencc_error());
        size_t at = 0, size = strlen(converted);
        uint32_t to = size > 0 ? utf8_next(converted, size, &at) : 0;
        if (at == size && is_han(to))
            join(c, to);
        opencc_convert_utf8_free(converted);
    }
    opencc_close(opencc);
}

/* What a class folds to; indexed by its root. */
static uint32_t representative[CODE_POINTS];

static void choose_representatives(UConverter *gb2312) {
    static uint32_t best[CODE_POINTS];
    for (uint32_t c = 0; c < CODE_POINTS; c++) {
        uint32_t root = root_of(c);
        uint32_t rank = arrivals[c] + 1;
        if (!leaves[c])
            rank += 1u << 30;
        if (arrivals[root] + arrivals[c] > 0 && in_charset(gb2312, c))
            rank += 1u << 29;
        if (rank > best[root]) {
            best[root] = rank;
            representative[root] = c;
        }
    }
}

/* What Unihan would join to another word: in Japanese (咲 to bloom, 喰 to eat, 堺 and 冴 in names,
 * 柾 a tree), in Cantonese (噏 to talk, 喐 to move), and 狥, which is 徇 rather than 殉. */
static bool is_another_word(uint32_t c) {
    static const uint16_t words[] = {0x54B2, 0x55B0, 0x583A, 0x51B4,
                                     0x67FE, 0x564F, 0x5590, 0x72E5};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i] == c)
            return true;
    return false;
}

/* Old print forms that no source has, or only beside another word. */
static const struct unihan_pair print_forms[] = {
    {0x5C19, 0x5C1A /* 尙尚 */}, {0x5C5B, 0x5C4F /* 屛屏 */}, {0x7501, 0x74F6 /* 甁瓶 */},
    {0x55A9, 0x55BB /* 喩喻 */}, {0x7155, 0x7199 /* 煕熙 */}, {0x88F5, 0x88F4 /* 裵裴 */},
    {0x67F9, 0x67FF /* 柹柿 */}, {0x9008, 0x8FE5 /* 逈迥 */}, {0x8EAD, 0x803D /* 躭耽 */},
    {0x76CC, 0x7897 /* 盌碗 */}, {0x80F7, 0x80F8 /* 胷胸 */}, {0x5EF9, 0x8FEB /* 廹迫 */},
    {0x671E, 0x671F /* 朞期 */}, {0x5872, 0x5834 /* 塲場 */}, {0x528E, 0x528D /* 劎劍 */}};

/* Of a class, by its root: whether it has a character of a standard, and of the general one. */
static bool has_standard[CODE_POINTS], has_general[CODE_POINTS];

/* Of a class without any: the one class with a standard character that it may join, and the one of
 * these with a character of the general standard. 0: none. */
enum { SEVERAL = CODE_POINTS };
static uint32_t standard_class[CODE_POINTS], general_class[CODE_POINTS];

static void note_class(uint32_t *class, uint32_t root) {
    *class = *class == 0 || *class == root ? root : SEVERAL;
}

static void note_pair(uint32_t from, uint32_t to) {
    uint32_t root = root_of(from), other = root_of(to);
    if (from < CHARACTER_IDEOGRAPHS || from >= CHARACTER_IDEOGRAPHS + CHARACTER_IDEOGRAPH_COUNT ||
        is_another_word(from) || has_standard[root] || !has_standard[other])
        return;
    note_class(&standard_class[root], other);
    if (has_general[other])
        note_class(&general_class[root], other);
}

/* The representatives are chosen already, and stay. */
static void join_by_unihan(UConverter *const standards[2]) {
    for (uint32_t c = 0x2E80; c < CODE_POINTS; c++) {
        bool general = unihan_in_general_standard(c);
        if (!is_han(c))
            continue;
        has_general[root_of(c)] |= general;
        has_standard[root_of(c)] |=
            general || in_charset(standards[0], c) || in_charset(standards[1], c);
    }
    for (size_t i = 0; i < sizeof print_forms / sizeof *print_forms; i++)
        if (!has_standard[root_of(print_forms[i].one)])
            parent[root_of(print_forms[i].one)] = root_of(print_forms[i].other);
    size_t count;
    const struct unihan_pair *pairs = unihan_pairs(&count);
    for (size_t i = 0; i < count; i++) {
        note_pair(pairs[i].one, pairs[i].other);
        note_pair(pairs[i].other, pairs[i].one);
    }
    for (uint32_t c = 0; c < CODE_POINTS; c++) {
        uint32_t class = general_class[c] ? general_class[c] : standard_class[c];
        if (class != 0 && class != SEVERAL)
            parent[c] = class;
    }
}

static enum character_class class_of(UChar32 c) {
    UErrorCode code = U_ZERO_ERROR;
    if (u_isUWhiteSpace(c))
        return CHARACTER_SPACE;
    switch (uscript_getScript(c, &code)) {
    case USCRIPT_HAN:
        return u_charType(c) == U_OTHER_SYMBOL ? CHARACTER_PUNCTUATION
                                               : CHARACTER_HAN; /* not radicals */
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
        return CHARACTER_KANA;
    case USCRIPT_HANGUL:
        return CHARACTER_HANGUL;
    default:
        break;
    }
    if (c == 0x30FC) /* the prolonged sound mark is shared by both kana */
        return CHARACTER_KANA;
    switch (u_getIntPropertyValue(c, UCHAR_WORD_BREAK)) {
    case U_WB_EXTENDNUMLET:
        return CHARACTER_CONNECTOR;
    case U_WB_MIDLETTER:
        return c == ':' ? CHARACTER_PUNCTUATION : CHARACTER_MID_LETTER;
    case U_WB_MIDNUM:
        return c == ';' ? CHARACTER_PUNCTUATION : CHARACTER_MID_NUMBER;
    case U_WB_MIDNUMLET:
    case U_WB_SINGLE_QUOTE:
        return CHARACTER_MID_BOTH;
    default:
        break;
    }
    if (u_charType(c) == U_DECIMAL_DIGIT_NUMBER)
        return CHARACTER_DIGIT;
    if (u_isalpha(c) || u_charType(c) == U_LETTER_NUMBER)
        return CHARACTER_LETTER;
    if (U_GET_GC_MASK(c) & U_GC_M_MASK)
        return CHARACTER_MARK;
    return CHARACTER_PUNCTUATION;
}

static uint32_t entry(enum character_class class, uint32_t flags, UChar32 c, uint32_t folded) {
    return (uint32_t) class << CHARACTER_CLASS_SHIFT | flags |
           ((folded - (uint32_t)c) & CHARACTER_DELTA_MASK);
}

static uint32_t entry_of(const UNormalizer2 *nfkc_casefold, UChar32 c) {
    UErrorCode code = U_ZERO_ERROR;
    if (c >= 0xD800 && c <= 0xDFFF)
        return entry(CHARACTER_PUNCTUATION, 0, c, (uint32_t)c);
    UChar text[2], folded[64];
    int32_t units = to_utf16((uint32_t)c, text);
    int32_t size = unorm2_normalize(nfkc_casefold, text, units, folded, 64, &code);
    check("NFKC_Casefold", code);
    uint32_t flags = unorm2_hasBoundaryBefore(nfkc_casefold, c) ? 0 : CHARACTER_COMBINES;
    if (size == 0) /* a mark behind it combines with what stands before it */
        return entry(CHARACTER_IGNORABLE, CHARACTER_COMBINES, c, (uint32_t)c);
    uint32_t to = only_character(folded, size);
    if (to == 0 && c != 0)
        return entry(CHARACTER_PUNCTUATION, flags | CHARACTER_EXPANDS, c, (uint32_t)c);
    return entry(class_of((UChar32)to), flags, c, representative[root_of(to)]);
}

/* Whether the character's bytes in GBK begin one of three bytes in UTF-8. */
static bool begins_utf8(UConverter *gbk, uint32_t c) {
    char bytes[8];
    UChar unit = (UChar)c;
    UErrorCode code = U_ZERO_ERROR;
    int32_t size = ucnv_fromUChars(gbk, bytes, sizeof bytes, &unit, 1, &code);
    check("gb18030", code);
    return size == 2 && (unsigned char)bytes[0] >= 0xE2 && (unsigned char)bytes[0] <= 0xEF &&
           ((unsigned char)bytes[1] & 0xC0) == 0x80;
}

static uint32_t blocks[CHARACTER_BLOCKS][CHARACTER_BLOCK_SIZE];
static uint16_t block_of[CHARACTER_BLOCKS];
static uint32_t kept;

static void make_block(const UNormalizer2 *nfkc_casefold, UConverter *gbk, uint32_t b) {
    uint32_t *block = blocks[kept], first = b << CHARACTER_BLOCK_BITS;
    bool of_ideographs = first >= CHARACTER_DIRECT && first < CHARACTER_DIRECT_END;
    for (uint32_t i = 0; i < CHARACTER_BLOCK_SIZE; i++) {
        block[i] = entry_of(nfkc_casefold, (UChar32)(first | i));
        if (of_ideographs && begins_utf8(gbk, first | i))
            block[i] |= CHARACTER_BEGINS_UTF8;
    }
    uint32_t same = of_ideographs ? kept : 0;
    while (same < kept && memcmp(blocks[same], block, sizeof blocks[same]) != 0)
        same++;
    block_of[b] = (uint16_t)same;
    kept += same == kept;
}

static void print_table(const UNormalizer2 *nfkc_casefold, UConverter *gbk) {
    const uint32_t first = CHARACTER_DIRECT >> CHARACTER_BLOCK_BITS,
                   end = CHARACTER_DIRECT_END >> CHARACTER_BLOCK_BITS;
    for (uint32_t b = first; b < end; b++)
        make_block(nfkc_casefold, gbk, b);
    for (uint32_t b = 0; b < CHARACTER_BLOCKS; b++)
        if (b < first || b >= end)
            make_block(nfkc_casefold, gbk, b);
    printf(
        "/* Made by fold_table_generator.c with ICU %s, OpenCC and Unihan; not to be edited. */\n"
        "#include \"text/character.h\"\n\nconst uint16_t character_block_of[CHARACTER_BLOCKS] = {",
        U_ICU_VERSION);
    for (uint32_t b = 0; b < CHARACTER_BLOCKS; b++)
        printf("%s%u,", b % 16 ? "" : "\n", (unsigned)block_of[b]);
    printf("\n};\n\nconst uint32_t character_entries[] = {");
    for (uint32_t i = 0; i < kept * CHARACTER_BLOCK_SIZE; i++)
        printf("%s0x%X,", i % 12 ? "" : "\n",
               (unsigned)blocks[i >> CHARACTER_BLOCK_BITS][i & (CHARACTER_BLOCK_SIZE - 1)]);
    printf("\n};\n");
}

int main(void) {
    UErrorCode code = U_ZERO_ERROR;
    for (uint32_t c = 0; c < CODE_POINTS; c++)
        parent[c] = c;
    UConverter *gbk = open_charset("gb18030");
    UConverter *standards[2] = {open_charset("GB2312"), open_charset("Big5")};
    UConverter *simplified[2] = {standards[0], standards[0]};
    join_by_icu();
    join_by_opencc("t2s.json", NULL);
    join_by_opencc("t2tw.json", simplified);
    join_by_opencc("t2hk.json", simplified);
    join_by_opencc("tw2t.json", simplified);
    join_by_opencc("hk2t.json", simplified);
    join_by_opencc("jp2t.json", standards);
    choose_representatives(standards[0]);
    unihan_read(stdin);
    join_by_unihan(standards);
    const UNormalizer2 *nfkc_casefold = unorm2_getNFKCCasefoldInstance(&code);
    check("NFKC_Casefold", code);
    print_table(nfkc_casefold, gbk);
    ucnv_close(gbk);
    ucnv_close(standards[0]);
    ucnv_close(standards[1]);
    return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
