/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The environment is read here rather than through setlocale, which knows nothing of a locale that
 * is not installed. */
#include "searcher/program/given_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/charset.h"

/* Writes the charset that the locale's name holds, "zh_TW.Big5@radical"; false: none. */
static bool find_locale_charset(char out[CHARSET_NAME_SIZE]) {
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *locale = NULL;
    for (size_t i = 0; i < sizeof variables / sizeof *variables && !(locale && *locale); i++)
        locale = getenv(variables[i]);
    const char *point = locale ? strchr(locale, '.') : NULL;
    if (!point)
        return false;
    size_t size = strcspn(point + 1, "@");
    if (size == 0 || size >= CHARSET_NAME_SIZE)
        return false;
    memcpy(out, point + 1, size);
    out[size] = '\0';
    return true;
}

bool given_text_read(xunzi_string *text, struct buffer *storage, const char **charset) {
    struct charset_evidence evidence;
    char declared[CHARSET_NAME_SIZE];
    *charset = NULL;
    if (utf8_valid_prefix(text->data, text->size) == text->size)
        return true;
    bool has_locale = find_locale_charset(declared);
    buffer_clear(storage);
    if (!charset_to_utf8(text->data, text->size, has_locale ? declared : NULL, storage, &evidence))
        return false;
    /* UTF-16 is in no command line, and damaged UTF-8 is for the library to read. */
    if (evidence.charset == CHARSET_GB18030 || evidence.charset == CHARSET_BIG5) {
        *charset = charset_name(evidence.charset);
        *text = (xunzi_string){storage->data, storage->size};
    }
    return true;
}
