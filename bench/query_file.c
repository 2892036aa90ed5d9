/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the queries to measure. */
#include "query_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_message.h"

enum { READ_AT_ONCE = 1 << 16 };

static bool read_all(struct query_file *file, FILE *stream, const char *path) {
    size_t capacity = 0, got;
    do {
        if (capacity - file->size < READ_AT_ONCE) {
            capacity = capacity * 2 + READ_AT_ONCE;
            char *text = realloc(file->text, capacity);
            if (!text)
                return bench_fail("%s: not enough memory", path);
            file->text = text;
        }
        errno = 0;
        got = fread(file->text + file->size, 1, READ_AT_ONCE, stream);
        file->size += got;
    } while (got > 0);
    if (ferror(stream))
        return bench_fail("the query file %s cannot be read: %s", path, strerror(errno));
    return true;
}

static bool is_blank(xunzi_string line) {
    for (size_t i = 0; i < line.size; i++) {
        if (line.data[i] != ' ' && line.data[i] != '\t')
            return false;
    }
    return true;
}

static xunzi_string without_query_id(xunzi_string line) {
    const char *tab = memchr(line.data, '\t', line.size);
    if (!tab || tab == line.data)
        return line;
    return (xunzi_string){tab + 1, line.size - (size_t)(tab + 1 - line.data)};
}

static bool add_query(struct query_file *file, size_t *capacity, xunzi_string query) {
    if (file->count == *capacity) {
        size_t grown = *capacity * 2 + 256;
        xunzi_string *queries = realloc(file->queries, grown * sizeof *queries);
        if (!queries)
            return bench_fail("not enough memory");
        file->queries = queries;
        *capacity = grown;
    }
    file->queries[file->count++] = query;
    return true;
}

static bool part_lines(struct query_file *file) {
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    const char *at = file->text, *end = file->text + file->size;
    size_t capacity = 0;
    if (file->size >= 3 && memcmp(at, byte_order_mark, 3) == 0)
        at += 3;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        if (!stop)
            stop = end;
        xunzi_string line = {at, (size_t)(stop - at)};
        while (line.size > 0 && line.data[line.size - 1] == '\r')
            line.size--;
        if (!is_blank(line) && !add_query(file, &capacity, without_query_id(line)))
            return false;
        at = stop < end ? stop + 1 : end;
    }
    return true;
}

bool query_file_read(struct query_file *file, const char *path) {
    *file = (struct query_file){0};
    FILE *stream = fopen(path, "re");
    if (!stream)
        return bench_fail("cannot open the query file %s: %s", path, strerror(errno));
    bool ok = read_all(file, stream, path) && part_lines(file);
    fclose(stream);
    if (ok && file->count == 0)
        return bench_fail("the query file %s holds no query", path);
    return ok;
}

void query_file_free(struct query_file *file) {
    free(file->text);
    free(file->queries);
    *file = (struct query_file){0};
}
