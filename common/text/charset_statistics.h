/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How likely a character is in Chinese text, whatever the script: what charset.c tells charsets
 * apart by, and double_encoding.c sound text from what a wrong charset made of it.
 *
 * A cost is the negative natural logarithm of a probability, in units of 1/CHARSET_COST_UNIT. The
 * tables are made when Xunzi is built, by charset_statistics_generator.c, from the articles of
 * corpus/ (frequencies, under the folding of character.h, so that both scripts share them) and from
 * the standards: level 1 of GB 2312 and of Big5 are the common characters, level 2 the others, and
 * the rest of Unicode is rare.
 */
#ifndef XUNZI_TEXT_CHARSET_STATISTICS_H
#define XUNZI_TEXT_CHARSET_STATISTICS_H

#include <stdint.h>

enum {
    CHARSET_COST_UNIT = 8,
    CHARSET_COST_ILL_FORMED = 20 * CHARSET_COST_UNIT, /* a sequence that is no character */
    CHARSET_COST_HAN_BEYOND =
        16 * CHARSET_COST_UNIT, /* a Han character beyond the Basic Multilingual Plane */
    CHARSET_COST_BEYOND = 17 * CHARSET_COST_UNIT, /* another character there */

    CHARSET_LEAD = 0x81, /* the lowest lead byte and trail byte of the pairs below */
    CHARSET_LEADS = 0xFE - CHARSET_LEAD + 1,
    CHARSET_TRAIL = 0x40,
    CHARSET_TRAILS = 0xFE - CHARSET_TRAIL + 1
};

extern const uint8_t charset_cost_of_character[0x10000]; /* by code point */

/* By lead and trail byte; CHARSET_COST_ILL_FORMED where a pair is no character. */
extern const uint8_t charset_cost_of_gb18030[CHARSET_LEADS][CHARSET_TRAILS];
extern const uint8_t charset_cost_of_big5[CHARSET_LEADS][CHARSET_TRAILS];

static inline uint32_t charset_cost(uint32_t code_point) {
    if (code_point < 0x10000)
        return charset_cost_of_character[code_point];
    return code_point >= 0x20000 && code_point < 0x34000 ? CHARSET_COST_HAN_BEYOND
                                                         : CHARSET_COST_BEYOND;
}

#endif
