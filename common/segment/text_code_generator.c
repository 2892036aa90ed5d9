/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes the tables of text_code.h: a program that runs while Xunzi is built and prints C. Codes go
 * to the characters of GB 2312 first, in its order (by use and reading, so that neighbours in text
 * share a first byte more often than in Unicode's order by radicals), then to the blocks that
 * Chinese text draws on, until CODES are given out.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include "segment/text_code.h"

static uint16_t code_of[0x10000];
static uint16_t character_of[TEXT_CODES];
static unsigned given;

static void give(uint32_t c) {
    if (c >= 0x80 && c < 0x10000 && code_of[c] == TEXT_CODE_NONE && given < TEXT_CODES) {
        code_of[c] = (uint16_t)given;
        character_of[given++] = (uint16_t)c;
    }
}

static void print(const char *name, const char *size, const uint16_t *numbers, size_t count) {
    printf("\n\nconst uint16_t %s[%s] = {", name, size);
    for (size_t i = 0; i < count; i++)
        printf("%s%u,", i % 20 ? "" : "\n", (unsigned)numbers[i]);
    printf("\n};");
}

int main(void) {
    static const uint32_t blocks[][2] = {
        {0x3000, 0x312F}, {0xFF00, 0xFFEF}, {0x2000, 0x206F}, {0x4E00, 0x9FFF}, {0x00A0, 0x052F},
        {0x2100, 0x27BF}, {0xF900, 0xFAFF}, {0xFE30, 0xFE4F}, {0xFFF0, 0xFFFD}, {0x3130, 0x4DBF}};
    UErrorCode error = U_ZERO_ERROR;
    UConverter *gb2312 = ucnv_open("GB2312", &error);
    if (U_FAILURE(error)) {
        fprintf(stderr, "text-code-generator: opening the GB2312 converter: %s\n",
                u_errorName(error));
        return 1;
    }
    for (uint32_t c = 0; c < 0x10000; c++)
        code_of[c] = TEXT_CODE_NONE;
    for (int lead = 0xA1; lead <= 0xF7; lead++)
        for (int trail = 0xA1; trail <= 0xFE; trail++) {
            const char bytes[2] = {(char)lead, (char)trail};
            UChar units[4];
            error = U_ZERO_ERROR;
            if (ucnv_toUChars(gb2312, units, 4, bytes, 2, &error) == 1 && units[0] != 0xFFFD)
                give(units[0]);
        }
    ucnv_close(gb2312);
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++)
        for (uint32_t c = blocks[b][0]; c <= blocks[b][1]; c++)
            give(c);
    printf(
        "/* Made by text_code_generator.c; not to be edited. */\n#include \"segment/text_code.h\"");
    print("text_code_of", "0x10000", code_of, 0x10000);
    print("text_code_character", "TEXT_CODES", character_of, TEXT_CODES);
    printf("\n");
    return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
