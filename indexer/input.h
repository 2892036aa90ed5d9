/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the library itself asks of an input beyond the public interface. */
#ifndef XUNZI_INDEXER_INPUT_H
#define XUNZI_INDEXER_INPUT_H

#include <xunzi/xunzi.h>

#include "indexer/whole_file.h"

/* How the file that the last document is was read: its format, the evidence for its charset, where
 * its fields come from. NULL: the document was a line of JSON Lines. Valid until the next
 * xunzi_input_next. */
const struct whole_file *input_whole_file(const xunzi_input *input);

/* The evidence for the charset of the JSON Lines that the last document is from; NULL: they are
 * UTF-8, as they are to be, or it is from none. Valid as long. */
const struct charset_evidence *input_lines_charset(const xunzi_input *input);

#endif
