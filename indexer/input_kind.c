/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling JSON Lines, text, HTML and what is no text apart. */
#include "indexer/input_kind.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "indexer/input_skip.h"
#include "text/charset.h"

static bool ends_in(const char *name, size_t size, const char *ending) {
    size_t ending_size = strlen(ending);
    return size >= ending_size && strncasecmp(name + size - ending_size, ending, ending_size) == 0;
}

static bool ends_in_any(const char *name, size_t size, const char *const *endings) {
    while (*endings && !ends_in(name, size, *endings))
        endings++;
    return *endings != NULL;
}

xunzi_format input_kind_of(const char *path, xunzi_format format, bool *sniff) {
    static const char *const json_lines[] = {".jsonl", ".ndjson", ".json", NULL};
    static const char *const html[] = {".html", ".htm", ".xhtml", ".shtml", NULL};
    static const char *const text[] = {".txt", ".text", ".md", NULL};
    *sniff = false;
    if (format != XUNZI_FORMAT_AUTO)
        return format;
    if (strcmp(path, INPUT_STANDARD) == 0)
        return XUNZI_FORMAT_JSONL;
    size_t size = strlen(path);
    if (ends_in(path, size, ".gz"))
        size -= strlen(".gz");
    if (ends_in_any(path, size, json_lines))
        return XUNZI_FORMAT_JSONL;
    if (ends_in_any(path, size, html))
        return XUNZI_FORMAT_HTML;
    *sniff = !ends_in_any(path, size, text);
    return XUNZI_FORMAT_TEXT;
}

/* Whether bytes with NULs in them are UTF-16, which has no other bytes for ASCII. */
static bool is_utf16(const char *sample, size_t size) {
    struct charset_evidence evidence;
    if (size >= 2 && (memcmp(sample, "\xFF\xFE", 2) == 0 || memcmp(sample, "\xFE\xFF", 2) == 0))
        return true;
    return charset_detect(sample, size, NULL, &evidence) &&
           (evidence.charset == CHARSET_UTF16LE || evidence.charset == CHARSET_UTF16BE);
}

/* Images, databases and programs hold NULs, and bytes that are not UTF-8 or very many NULs. A text
 * with a few NULs in it is still a text; one in another charset than UTF-16 holds none. */
const char *input_kind_problem(const char *sample, size_t size, bool whole) {
    if (size > INPUT_KIND_SAMPLE) {
        size = INPUT_KIND_SAMPLE;
        whole = false;
    }
    size_t nuls = 0;
    for (const char *at = sample; size > 0 && (at = memchr(at, 0, (size_t)(sample + size - at)));
         at++)
        nuls++;
    if (nuls == 0)
        return NULL;
    size_t valid = utf8_valid_prefix(sample, size);
    bool cut_character = !whole && size - valid < 4;
    bool is_text = (valid == size || cut_character) && nuls <= size / 16;
    return is_text || is_utf16(sample, size) ? NULL : "is not text";
}

size_t input_kind_mark_size(const char *text, size_t size) {
    return size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}
