/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ids and frequencies in a segment. */
#include "catalog/segment_lookup.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/error.h"

uint32_t segment_identity(const struct segment *segment) {
    uint32_t half;
    memcpy(&half, segment->bytes + SEGMENT_HEADER_SIZE - 8, sizeof half);
    return half;
}

bool segment_is_listed(const struct segment *segment, const struct manifest_segment *row) {
    return segment->header.documents == row->documents &&
           segment_identity(segment) == row->identity;
}

xunzi_status segment_open_listed(const char *path, const struct manifest_segment *row,
                                 struct segment **out) {
    xunzi_status status = segment_open(path, out);
    if (status == XUNZI_ERROR_NOT_FOUND)
        return error_set(XUNZI_ERROR_CORRUPT,
                         "%s, a segment of the collection, is not there; the collection is damaged",
                         path);
    if (status == XUNZI_OK && !segment_is_listed(*out, row)) {
        segment_close(*out);
        *out = NULL;
        status = error_set(XUNZI_ERROR_CORRUPT,
                           "%s is not the segment that the collection's manifest speaks of", path);
    }
    return status;
}

uint64_t segment_id_hash(xunzi_string id) {
    return XXH3_64bits(id.data, id.size);
}

static uint64_t id_at(const struct segment *segment, uint32_t i) {
    uint64_t entry;
    memcpy(&entry, segment_section(segment, SEGMENT_IDS) + 8 * (size_t)i, sizeof entry);
    return entry;
}

/* The first entry whose upper half is not below that of hash. */
static uint32_t first_id(const struct segment *segment, uint64_t hash) {
    uint32_t low = 0, high = segment->header.documents;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (id_at(segment, middle) >> 32 < hash >> 32)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

xunzi_status segment_find_id(const struct segment *segment, const struct deletions *deleted,
                             struct texts_reader *reader, xunzi_string id, uint32_t *document) {
    uint64_t hash = segment_id_hash(id);
    for (uint32_t i = first_id(segment, hash); i < segment->header.documents; i++) {
        uint64_t entry = id_at(segment, i);
        uint32_t number = (uint32_t)entry;
        if (entry >> 32 != hash >> 32)
            break;
        if (number >= segment->header.documents)
            return error_set(XUNZI_ERROR_CORRUPT, "%s is damaged: its ids make no sense",
                             segment->path);
        if (deletions_has(deleted, number))
            continue;
        xunzi_document stored;
        xunzi_status status = texts_read(reader, segment, number, &stored, NULL);
        if (status != XUNZI_OK)
            return status;
        if (stored.id.size == id.size && memcmp(stored.id.data, id.data, id.size) == 0) {
            *document = number;
            return XUNZI_OK;
        }
    }
    return XUNZI_END;
}

void segment_match_ids(const struct segment *left, const struct segment *right,
                       segment_pair_visitor *visit, void *context) {
    uint32_t r = 0;
    for (uint32_t l = 0; l < left->header.documents; l++) {
        uint64_t upper = id_at(left, l) >> 32;
        while (r < right->header.documents && id_at(right, r) >> 32 < upper)
            r++;
        for (uint32_t i = r; i < right->header.documents && id_at(right, i) >> 32 == upper; i++)
            if (!visit(context, (uint32_t)id_at(left, l), (uint32_t)id_at(right, i)))
                return;
    }
}

static xunzi_status list_damaged(const struct segment *segment) {
    return error_set(XUNZI_ERROR_CORRUPT, "%s is damaged: a posting list makes no sense",
                     segment->path);
}

/* Of whichever are fewer, the deleted documents or the list's, each is looked for among the others.
 */
xunzi_status segment_count_list(const struct segment *segment, const struct deletions *deleted,
                                const struct postings_list *list, uint32_t *count) {
    *count = list->count;
    if (!deleted || deleted->count == 0)
        return XUNZI_OK;
    struct postings_cursor cursor;
    if (!postings_open(&cursor, list))
        return list_damaged(segment);
    if (deleted->count < list->count / 16) {
        for (uint32_t d = deletions_next(deleted, 0); d != UINT32_MAX;
             d = deletions_next(deleted, d + 1)) {
            postings_next_geq(&cursor, d);
            if (cursor.document == POSTINGS_END)
                break;
            *count -= cursor.document == d;
            if (cursor.document > d)
                d = cursor.document - 1;
        }
    } else {
        for (postings_next_geq(&cursor, 0); cursor.document != POSTINGS_END; postings_next(&cursor))
            *count -= deletions_has(deleted, cursor.document);
    }
    return cursor.damaged ? list_damaged(segment) : XUNZI_OK;
}

xunzi_status segment_find_counted(const struct segment *segment, const struct deletions *deleted,
                                  xunzi_string term, struct postings_list *list, uint32_t *count) {
    *count = 0;
    xunzi_status status = segment_find_term(segment, term.data, term.size, list);
    if (status == XUNZI_END) {
        *list = (struct postings_list){0};
        return XUNZI_OK;
    }
    return status == XUNZI_OK ? segment_count_list(segment, deleted, list, count) : status;
}
