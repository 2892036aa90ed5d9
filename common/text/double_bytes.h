/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GBK (as in GB 18030) and Big5 (with HKSCS) as tables from pairs of bytes to characters and back:
 * ICU's, asked once a process. */
#ifndef XUNZI_TEXT_DOUBLE_BYTES_H
#define XUNZI_TEXT_DOUBLE_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <xunzi/xunzi.h>

enum {
    DOUBLE_BYTES_FIRST_LEAD = 0x81,
    DOUBLE_BYTES_LAST_LEAD = 0xFE,
    DOUBLE_BYTES_FIRST_TRAIL = 0x40,
    DOUBLE_BYTES_LAST_TRAIL = 0xFE
};

struct double_bytes {
    uint16_t characters[0x8000]; /* by pair less 0x8000; 0: no character. Private-use characters are
                                    left out */
    uint16_t pairs[0x10000];     /* by character, private-use ones too; 0: none */
    uint32_t old[0x8000 / 32];   /* bits, by pair less 0x8000: characters that the charset had from
                                    the first; converters differ over those that came later */
};

struct double_bytes_tables {
    struct double_bytes gbk, big5;
};

/* The tables; NULL and the thread's error where ICU has not got them. */
const struct double_bytes_tables *double_bytes_tables(void);

static inline uint32_t double_bytes_character(const struct double_bytes *table, unsigned lead,
                                              unsigned trail) {
    return lead < 0x80 ? 0 : table->characters[(lead << 8 | trail) - 0x8000];
}

/* Whether every converter takes the pair for a character. */
static inline bool double_bytes_is_old(const struct double_bytes *table, unsigned lead,
                                       unsigned trail) {
    unsigned place = lead < 0x80 ? 0 : (lead << 8 | trail) - 0x8000;
    return (table->old[place / 32] >> place % 32 & 1) != 0;
}

static inline unsigned double_bytes_pair(const struct double_bytes *table, uint32_t character) {
    return character < 0x10000 ? table->pairs[character] : 0;
}

/* Whether the character is in GB 2312: a part of GBK. */
static inline bool double_bytes_is_gb2312(const struct double_bytes *gbk, uint32_t character) {
    unsigned pair = double_bytes_pair(gbk, character);
    return pair >> 8 >= 0xA1 && pair >> 8 <= 0xF7 && (pair & 0xFF) >= 0xA1;
}

#endif
