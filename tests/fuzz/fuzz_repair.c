/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Repair on any bytes: its edits ascend, stay inside the text, hold sound UTF-8 and come back from
 * their own bytes. The same bytes are also taken for a stored list of edits, which must be refused
 * or be in order. */
#include <stdlib.h>

#include "base/utf8.h"
#include "text/repair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct edits *edits, size_t size) {
    for (size_t i = 0; i < edits->count; i++) {
        const struct edit *edit = &edits->items[i];
        xunzi_string text = edit->replacement;
        if (edit->begin >= edit->end || edit->end > size ||
            (i > 0 && edits->items[i - 1].end > edit->begin) ||
            utf8_valid_prefix(text.data, text.size) != text.size)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct repairer *repairer;
    static struct edits edits, again;
    static struct buffer bytes;
    const char *text = (const char *)data;
    if (!repairer && repairer_new(&repairer) != XUNZI_OK)
        abort();
    if (size == 0)
        text = "";
    if (repair_find(repairer, text, size, &edits) != XUNZI_OK)
        abort();
    check(&edits, size);
    buffer_clear(&bytes);
    if (!edits_encode(&edits, &bytes) ||
        edits_decode(bytes.data, bytes.size, size, &again) != XUNZI_OK ||
        again.count != edits.count)
        abort();
    if (edits_decode(text, size, 1000, &edits) == XUNZI_OK)
        check(&edits, 1000);
    return 0;
}
