/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the Unihan database says of variant forms, in the Basic Multilingual Plane; read for
 * fold_table_generator.c while Xunzi is built. */
#ifndef XUNZI_TEXT_FOLD_TABLE_UNIHAN_H
#define XUNZI_TEXT_FOLD_TABLE_UNIHAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct unihan_pair {
    uint16_t one, other;
};

/* Reads the lines of Unihan_Variants.txt, Unihan_Readings.txt and Unihan_OtherMappings.txt, in any
 * order. To be called once. */
void unihan_read(FILE *in);

/* The pairs of characters that are called forms of one, and have a reading in common (kMandarin):
 * by kSemanticVariant and kZVariant; and those which EACC (ANSI/NISO Z39.64), a charset of
 * libraries, has at the same place six planes or a multiple of it apart, as it has all forms of a
 * character. They live as long as the program. */
const struct unihan_pair *unihan_pairs(size_t *count);

/* Whether c is in China's Table of General Standard Characters of 2013 (kTGH). */
bool unihan_in_general_standard(uint32_t c);

#endif
