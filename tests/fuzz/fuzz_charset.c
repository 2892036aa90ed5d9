/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes become well-formed UTF-8, with or without a declared charset, and double encodings are
 * looked for in it. The first byte chooses what is declared. */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "indexer/utf16_decoder.h"
#include "text/charset.h"
#include "text/double_encoding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds) {
    if (!holds)
        abort();
}

/* Every edit is a mend, in order, within the text, and by well-formed UTF-8. */
static void check_double_encoding(const char *text, size_t size) {
    struct edits edits = {0};
    require(double_encoding_find(text, size, &edits));
    size_t at = 0;
    for (size_t i = 0; i < edits.count; i++) {
        const struct edit *edit = &edits.items[i];
        require(edit->begin >= at && edit->begin < edit->end && edit->end <= size);
        require(utf8_valid_prefix(edit->replacement.data, edit->replacement.size) ==
                edit->replacement.size);
        require(utf8_valid_prefix(text + edit->begin, edit->end - edit->begin) ==
                edit->end - edit->begin);
        at = edit->end;
    }
    edits_free(&edits);
}

/* UTF-16 in two pieces is the same as in one. */
static void check_utf16(const char *bytes, size_t size, size_t cut) {
    struct utf16_decoder whole, pieces;
    struct buffer one = {0}, two = {0};
    size_t mark = utf16_decoder_begin(&whole, bytes, size);
    utf16_decoder_begin(&pieces, bytes, size);
    bytes += mark;
    size -= mark;
    cut = size > 0 ? cut % size : 0;
    require(utf16_decoder_append(&whole, bytes, size, true, &one));
    require(utf16_decoder_append(&pieces, bytes, cut, false, &two));
    require(utf16_decoder_append(&pieces, bytes + cut, size - cut, true, &two));
    require(one.size == two.size && (one.size == 0 || memcmp(one.data, two.data, one.size) == 0));
    require(utf8_valid_prefix(one.data, one.size) == one.size);
    buffer_free(&one);
    buffer_free(&two);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const declared[] = {NULL,       "utf-8",     "gbk",          "big5",
                                           "utf-16le", "shift_jis", "windows-1252", "hz"};
    if (size == 0)
        return 0;
    const char *bytes = (const char *)data + 1;
    struct buffer text = {0};
    struct charset_evidence evidence;
    require(charset_to_utf8(bytes, size - 1, declared[data[0] % 8], &text, &evidence));
    require(utf8_valid_prefix(text.data, text.size) == text.size);
    check_double_encoding(text.data, text.size);
    buffer_clear(&text);
    require(charset_describe(&evidence, &text));
    buffer_free(&text);
    check_utf16(bytes, size - 1, data[0]);
    return 0;
}
