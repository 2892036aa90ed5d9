/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text as a user's terminal or file gives it: UTF-8, or what old systems write Chinese in. */
#ifndef XUNZI_SEARCHER_PROGRAM_GIVEN_TEXT_H
#define XUNZI_SEARCHER_PROGRAM_GIVEN_TEXT_H

#include <xunzi/xunzi.h>

#include "base/buffer.h"

/* Where text is not UTF-8 but likely Chinese in another charset (text/charset.h), makes it UTF-8,
 * which then lives in storage, and names the charset; otherwise text stays as it is and *charset is
 * NULL. The charset that the environment names (LC_ALL, LC_CTYPE or LANG, zh_TW.Big5 for example)
 * is believed unless the characters speak against it. False: no memory. */
bool given_text_read(xunzi_string *text, struct buffer *storage, const char **charset);

#endif
