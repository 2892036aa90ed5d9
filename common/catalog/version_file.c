/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "catalog/version_file.h"

#include <stdio.h>

#include "base/buffer.h"
#include "base/error.h"

enum { HEADER_SIZE = 32, TABLES = 6, DEPTH_LIMIT = 10 /* BTREE_CURSOR_LEVELS */, FILE_MOST = 4096 };

/* The next number, 0 behind the end: what is cut short Xapian finds out. */
static uint64_t next_number(const unsigned char *bytes, size_t size, size_t *at) {
    uint64_t number = 0;
    for (unsigned shift = 0; *at < size; shift += 7) {
        unsigned char byte = bytes[(*at)++];
        if (shift < 63)
            number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            break;
    }
    return number;
}

static bool tables_make_sense(const unsigned char *bytes, size_t size) {
    size_t at = HEADER_SIZE;
    next_number(bytes, size, &at); /* the revision */
    for (int table = 0; table < TABLES && at < size; table++) {
        next_number(bytes, size, &at); /* the root block */
        uint64_t depth = next_number(bytes, size, &at) >> 2;
        next_number(bytes, size, &at); /* the entries */
        uint64_t block_size = next_number(bytes, size, &at);
        next_number(bytes, size, &at); /* the compression limit */
        uint64_t free_list = next_number(bytes, size, &at);
        if (depth >= DEPTH_LIMIT || block_size != CATALOG_BLOCK_SIZE >> 11)
            return false;
        at = free_list < size - at ? at + (size_t)free_list : size;
    }
    return true;
}

xunzi_status version_file_check(const char *catalog, const char *path) {
    struct buffer name = {0};
    unsigned char bytes[FILE_MOST];
    if (!buffer_printf(&name, "%s/iamglass", catalog) || !buffer_terminate(&name)) {
        buffer_free(&name);
        return error_no_memory();
    }
    FILE *file = fopen(name.data, "rbe");
    buffer_free(&name);
    if (!file)
        return XUNZI_OK; /* Xapian says why */
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    if (size > HEADER_SIZE && !tables_make_sense(bytes, size))
        return error_set(XUNZI_ERROR_CORRUPT,
                         "%s is damaged: what its catalog says of its tables makes no sense", path);
    return XUNZI_OK;
}
