/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a file is read as: by the format asked for, by its name, and by a look at its first bytes.
 */
#ifndef XUNZI_INDEXER_INPUT_KIND_H
#define XUNZI_INDEXER_INPUT_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include <xunzi/xunzi.h>

/* The format that path is read in: format itself, or, for XUNZI_FORMAT_AUTO, by the end of the name
 * in upper or lower case, ".gz" left aside; "-" is JSON Lines. Never XUNZI_FORMAT_AUTO. *sniff: the
 * name tells nothing, and a text that begins like HTML is HTML. */
xunzi_format input_kind_of(const char *path, xunzi_format format, bool *sniff);

/* How many first bytes of a file input_kind_problem wants to see. */
enum { INPUT_KIND_SAMPLE = 8192 };

/* Why a file that begins with these bytes is no text to index, in any charset; NULL: nothing speaks
 * against it. `whole` says that the file has no more bytes. */
const char *input_kind_problem(const char *sample, size_t size, bool whole);

/* The size of the UTF-8 byte order mark that text begins with: 3 or 0. */
size_t input_kind_mark_size(const char *text, size_t size);

#endif
