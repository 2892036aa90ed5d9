/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as an HTML page: what comes is well-formed UTF-8. One reader reads all of them. */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "indexer/html_reader.h"
#include "indexer/html_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds) {
    if (!holds)
        abort();
}

static void check_string(xunzi_string string) {
    require(utf8_valid_prefix(string.data, string.size) == string.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct html_reader *reader;
    static struct buffer text;
    if (!reader)
        reader = html_reader_new();
    const char *bytes = (const char *)data;
    char declared[CHARSET_NAME_SIZE] = "";
    struct charset_evidence evidence;
    html_begins(bytes, size);
    html_declared_charset(bytes, size, declared);
    buffer_clear(&text);
    require(reader && charset_to_utf8(bytes, size, declared, &text, &evidence));
    xunzi_document document;
    struct html_origins origins;
    require(html_reader_read(reader, text.data, text.size, &document, &origins) == XUNZI_OK);
    const xunzi_string strings[] = {document.title,  document.body, document.date,
                                    document.source, document.url,  document.extra};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        check_string(strings[i]);
    require((document.title.size > 0) == (origins.title != NULL));
    return 0;
}
