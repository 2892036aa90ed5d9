/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes are read as a page: edits ascend, lie in the text and on bounds of characters, fields
 * too; the text can be folded through them. The first byte chooses whether a title is declared. */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "text/fold.h"
#include "text/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds) {
    if (!holds)
        abort();
}

static bool at_boundary(const char *text, size_t size, size_t at) {
    return at == size || ((unsigned char)text[at] & 0xC0) != 0x80;
}

static void check_field(struct page_field field, const char *text, size_t size, bool well_formed) {
    require(field.begin <= field.end && field.end <= size);
    require(field.begin == field.end || field.line > 0);
    require(!well_formed ||
            (at_boundary(text, size, field.begin) && at_boundary(text, size, field.end)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct page_reader *reader;
    if (!reader)
        require(page_reader_new(&reader) == XUNZI_OK);
    if (size == 0)
        return 0;
    const char *text = (const char *)data + 1;
    size--;
    xunzi_string title = {text, data[0] % 2 ? size / 4 : 0};
    struct page page = {0};
    struct folded_text folded = {0};
    require(page_read(reader, title, text, size, &page) == XUNZI_OK);
    bool well_formed = utf8_valid_prefix(text, size) == size;
    size_t at = 0;
    for (size_t i = 0; i < page.edits.count; i++) {
        const struct edit *edit = &page.edits.items[i];
        require(edit->begin >= at && edit->begin < edit->end && edit->end <= size);
        require(edit->kind == EDIT_ASIDE || edit->kind == EDIT_SKIP);
        require(!well_formed ||
                (at_boundary(text, size, edit->begin) && at_boundary(text, size, edit->end)));
        at = edit->end;
    }
    check_field(page.title, text, size, well_formed);
    check_field(page.date, text, size, well_formed);
    check_field(page.source, text, size, well_formed);
    check_field(page.author, text, size, well_formed);
    require(fold_edited_text(&folded, text, 0, size, &page.edits, FOLD_MENDED));
    page_remember(reader);
    folded_text_free(&folded);
    page_free(&page);
    return 0;
}
