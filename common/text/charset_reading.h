/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The likeliest way to read bytes as text in the known charsets, for charset.c.
 *
 * Dynamic programming over the bytes: one reading runs in each charset, from character to
 * character, and adds up their costs (charset_statistics.h). Behind each line feed a reading that
 * the best one leaves behind by more than a change of charset costs is given up for the best one,
 * changed to its charset there. Time is linear; what is kept are the places of changes.
 */
#ifndef XUNZI_TEXT_CHARSET_READING_H
#define XUNZI_TEXT_CHARSET_READING_H

#include "text/charset.h"

/* A stretch of one charset; the next one begins where it ends. */
struct charset_part {
    enum charset charset;
    size_t begin, end;
};

struct charset_reading {
    struct charset_part *parts;
    size_t part_count, part_capacity;
    double cost[CHARSET_KNOWN_COUNT]; /* of the likeliest reading that ends in each, in nats */
};

/* Reads. bias, by charset: what speaks against it before a byte is looked at, in nats, or for it,
 * below 0. False: no memory. */
bool charset_reading_find(struct charset_reading *reading, const char *bytes, size_t size,
                          const double bias[CHARSET_KNOWN_COUNT]);

/* The mean cost in nats of the characters of bytes that are not ASCII, read in a charset; 0: there
 * are none. */
double charset_reading_mean(enum charset charset, const char *bytes, size_t size);

void charset_reading_free(struct charset_reading *reading);

#endif
