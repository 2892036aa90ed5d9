/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the table of traditional.h to standard output: what ICU's Hans-Hant makes of each folded
 * Han character, where that is one character that folds back to it. */
#include <stdio.h>
#include <stdlib.h>

#include <unicode/utrans.h>

#include "text/character.h"
#include "text/traditional.h"

static _Noreturn void fail(const char *why) {
    fprintf(stderr, "traditional-table-generator: %s\n", why);
    exit(1);
}

static uint32_t fold(uint32_t code_point) {
    return character_entry_folded(code_point, character_entry(code_point));
}

int main(void) {
    static const UChar name[] = u"Hans-Hant";
    UErrorCode code = U_ZERO_ERROR;
    UTransliterator *hans_hant = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
    size_t count = 0;
    if (U_FAILURE(code))
        fail(u_errorName(code));
    printf("/* Made by traditional_table_generator.c; not to be edited. */\n"
           "#include \"text/traditional.h\"\n\nconst uint16_t traditional_pairs[][2] = {");
    for (uint32_t c = 0x3400; c < 0xFB00; c++) {
        UChar text[8] = {(UChar)c};
        int32_t size = 1, limit = 1;
        if (character_entry_class(character_entry(c)) != CHARACTER_HAN || fold(c) != c)
            continue;
        utrans_transUChars(hans_hant, text, &size, 8, 0, &limit, &code);
        if (U_FAILURE(code))
            fail(u_errorName(code));
        if (size == 1 && text[0] != c && fold(text[0]) == c)
            printf("%s{%u, %u},", count++ % 8 ? " " : "\n    ", (unsigned)c, (unsigned)text[0]);
    }
    utrans_close(hans_hant);
    if (count == 0)
        fail("ICU has no Traditional characters");
    printf("\n};\n\nconst size_t traditional_count = %zu;\n", count);
    return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
