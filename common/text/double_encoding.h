/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text that was UTF-8, was read in another charset, and is UTF-8 of that: "ä¸­æ–‡" (read as Latin-1
 * or Windows-1252) and "涓枃" (read as GBK), for 中文. Put back into the bytes of that charset it
 * is well-formed UTF-8 again.
 *
 * Only what is certain is mended. Read as Latin-1: at least two Chinese characters side by side
 * come of it; then single ones, and letters with accents, elsewhere in the same text as well. Read
 * as GBK: at least two, and they are likelier (charset_statistics.h) by 12 nats than what stands
 * there. Each edit is as short as can be: mostly a character, or two for three of GBK.
 *
 * Bytes that are no character of GBK may have been dropped, or one mark (`?`, U+FFFD) stands for
 * them: "涓枃" lost AD E6. Where what is left does not go on as UTF-8, the likeliest of the bytes
 * that can be missing is read (double_beam.h): beside units that are certain by themselves, or
 * where it is likelier by 2.5 nats than any other. A character whose last byte did not survive, and
 * is not that certain, reads as U+FFFD where it stands in such a group.
 */
#ifndef XUNZI_TEXT_DOUBLE_ENCODING_H
#define XUNZI_TEXT_DOUBLE_ENCODING_H

#include "text/edits.h"

/* Replaces what out holds by EDIT_MEND edits for the text, well-formed UTF-8 of at most UINT32_MAX
 * bytes. Costs one look at each character of text without such a stretch. False: no memory. */
bool double_encoding_find(const char *text, size_t size, struct edits *out);

#endif
