/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the tables of pinyin.h to standard output, from Unihan_Readings.txt on standard input
 * (Unicode's licence; Debian package unicode-data). All readings of the fields kMandarin,
 * kHanyuPinyin, kXHC1983, kHanyuPinlu and kTGHZ2013 count, without their tones.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/pinyin.h"

enum { SYLLABLES_MOST = 1 << PINYIN_SYLLABLE_BITS, READINGS_MOST = 1 << 18 };

/* pinyin.c is linked for the spelling alone; what it looks up in is what this program makes. */
const size_t pinyin_syllable_count = 0;
const char pinyin_syllables[1][PINYIN_SYLLABLE_MOST + 1] = {""};
const size_t pinyin_reading_count = 0;
const uint32_t pinyin_readings[1] = {0};
const uint16_t pinyin_rows[1] = {0};
const uint16_t pinyin_characters[1] = {0};

typedef char spelling[PINYIN_SYLLABLE_MOST + 1];

struct reading {
    uint32_t character;
    spelling syllable;
};

static struct reading readings[READINGS_MOST];
static size_t count;

static _Noreturn void fail(const char *why) {
    fprintf(stderr, "reading-table-generator: %s\n", why);
    exit(1);
}

/* One reading with its tone, such as lǜ. */
static void add(uint32_t character, const char *text, size_t size) {
    struct reading *reading = &readings[count];
    size_t length = 0;
    if (count == READINGS_MOST)
        fail("too many readings");
    memset(reading, 0, sizeof *reading);
    reading->character = character;
    for (size_t at = 0; at < size;) {
        struct pinyin_letter letter;
        if (!pinyin_letter(utf8_next(text, size, &at), &letter))
            return; /* numbers of pages and the like */
        if (letter.plain == 0)
            continue;
        if (length == PINYIN_SYLLABLE_MOST)
            fail("a syllable is too long");
        reading->syllable[length++] = letter.plain;
    }
    if (length > 0)
        count++;
}

/* A field's value: readings between spaces and commas; what stands before a colon or inside
 * parentheses is a place or a number. */
static void add_all(uint32_t character, char *value) {
    for (char *word = strtok(value, " \n"); word; word = strtok(NULL, " \n")) {
        char *colon = strchr(word, ':');
        for (char *part = colon ? colon + 1 : word; *part;) {
            size_t size = strcspn(part, ",(");
            add(character, part, size);
            part += size;
            part += strcspn(part, ",");
            part += *part == ',';
        }
    }
}

static int by_syllable(const void *a, const void *b) {
    return memcmp(a, b, sizeof(spelling));
}

static int by_number(const void *a, const void *b) {
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* The table the other way round. */
static void print_characters(const uint32_t *entries, size_t entry_count, size_t syllables) {
    size_t row = 0;
    static uint16_t rows[SYLLABLES_MOST];
    printf("\nconst uint16_t pinyin_characters[] = {");
    for (size_t syllable = 1; syllable <= syllables; syllable++) {
        for (size_t i = 0; i < entry_count; i++) {
            uint32_t character = entries[i] >> PINYIN_SYLLABLE_BITS;
            if (character < 0x10000 && (entries[i] & (SYLLABLES_MOST - 1)) == syllable)
                printf("%s%u,", row++ % 12 ? "" : "\n", (unsigned)character);
        }
        if (row > UINT16_MAX)
            fail("too many readings");
        rows[syllable] = (uint16_t)row;
    }
    printf("\n};\n\nconst uint16_t pinyin_rows[] = {");
    for (size_t syllable = 0; syllable <= syllables; syllable++)
        printf("%s%u,", syllable % 12 ? "" : "\n", rows[syllable]);
    printf("\n};\n");
}

int main(void) {
    static const char *const fields[] = {"kMandarin", "kHanyuPinyin", "kXHC1983", "kHanyuPinlu",
                                         "kTGHZ2013"};
    static char line[4096];
    static spelling names[READINGS_MOST];
    static uint32_t entries[READINGS_MOST];
    while (fgets(line, sizeof line, stdin)) {
        char *field = strchr(line, '\t');
        char *value = field ? strchr(field + 1, '\t') : NULL;
        if (strncmp(line, "U+", 2) != 0 || !value)
            continue;
        *value++ = '\0';
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
            if (strcmp(field + 1, fields[i]) == 0)
                add_all((uint32_t)strtoul(line + 2, NULL, 16), value);
    }
    if (count == 0)
        fail("there are no readings on standard input");
    for (size_t i = 0; i < count; i++)
        memcpy(names[i], readings[i].syllable, sizeof names[i]);
    qsort(names, count, sizeof *names, by_syllable);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || memcmp(names[kept - 1], names[i], sizeof *names) != 0)
            memmove(names[kept++], names[i], sizeof *names);
    if (kept >= SYLLABLES_MOST)
        fail("too many syllables");
    for (size_t i = 0; i < count; i++) {
        const spelling *place =
            bsearch(readings[i].syllable, names, kept, sizeof *names, by_syllable);
        entries[i] = readings[i].character << PINYIN_SYLLABLE_BITS | (uint32_t)(place - names + 1);
    }
    qsort(entries, count, sizeof *entries, by_number);
    printf(
        "/* Made by reading_table_generator.c; not to be edited. */\n#include \"text/pinyin.h\"\n\n"
        "const size_t pinyin_syllable_count = %zu;\n"
        "const char pinyin_syllables[][PINYIN_SYLLABLE_MOST + 1] = {",
        kept);
    for (size_t i = 0; i < kept; i++)
        printf("%s\"%s\",", i % 12 ? "" : "\n", names[i]);
    printf("\n};\n\nconst uint32_t pinyin_readings[] = {");
    size_t different = 0;
    for (size_t i = 0; i < count; i++)
        if (different == 0 || entries[i] != entries[different - 1])
            entries[different++] = entries[i];
    for (size_t i = 0; i < different; i++)
        printf("%s%u,", i % 12 ? "" : "\n", (unsigned)entries[i]);
    printf("\n};\n\nconst size_t pinyin_reading_count = %zu;\n", different);
    print_characters(entries, different, kept);
    return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
