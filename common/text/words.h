/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words in runs of Han characters, as ICU segments them with its dictionary (UAX #29). It sees
 * folded text, so that both scripts are cut alike. */
#ifndef XUNZI_TEXT_WORDS_H
#define XUNZI_TEXT_WORDS_H

#include "text/fold.h"

struct word_segmenter;

xunzi_status word_segmenter_new(struct word_segmenter **out);
void word_segmenter_free(struct word_segmenter *segmenter);

/* For each character of folded, *lengths says how many Han characters the word that begins there
 * has; 0 where none of two or more begins. The array belongs to the segmenter and lives until its
 * next call. */
xunzi_status word_segmenter_run(struct word_segmenter *segmenter, const struct folded_text *folded,
                                const uint8_t **lengths);

#endif
