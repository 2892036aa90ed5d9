/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening a collection for reading, and moving on to its newest state. */
#include "catalog/index.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "catalog/catalog.h"
#include "catalog/segment_lookup.h"
#include "catalog/xapian_error.h"
#include "text/terms.h"

/* How often opening is done anew because a segment that the manifest lists has been merged away
 * meanwhile. */
enum { OPEN_TRIES = 8 };

/* ---- segments ---- */

/* Gives the index back what take_open has taken. */
static void give_back(xunzi_index *index, struct index_segment *segments, size_t count) {
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < index->segment_count; k++)
            if (!index->segments[k].segment && index->segments[k].number == segments[i].number) {
                index->segments[k].segment = segments[i].segment;
                segments[i].segment = NULL;
            }
}

static void close_segments(struct index_segment *segments, size_t count) {
    for (size_t i = 0; i < count; i++) {
        segment_close(segments[i].segment);
        deletions_free(segments[i].deleted);
    }
    free(segments);
}

/* The segment that is open already, taken from the index; NULL where the file of that number is
 * another one by now. */
static struct segment *take_open(xunzi_index *index, uint32_t number, const char *path) {
    for (size_t i = 0; i < index->segment_count; i++) {
        struct index_segment *known = &index->segments[i];
        if (known->number == number && known->segment && segment_is_file(known->segment, path)) {
            struct segment *segment = known->segment;
            known->segment = NULL;
            return segment;
        }
    }
    return NULL;
}

/* Opens the segment of a row of the manifest, whose deletions it takes over. */
static xunzi_status open_segment(xunzi_index *index, struct manifest_segment *row, uint64_t ordinal,
                                 struct index_segment *out) {
    struct buffer path = {0};
    *out = (struct index_segment){.number = row->number, .ordinal = ordinal};
    xunzi_status status = XUNZI_OK;
    if (!catalog_append_segment_path(&path, index->path, row->number))
        status = error_no_memory();
    else if (!(out->segment = take_open(index, row->number, path.data)))
        status = segment_open_listed(path.data, row, &out->segment);
    if (status == XUNZI_OK && (!segment_is_listed(out->segment, row) ||
                               out->segment->header.profile != (uint32_t)index->profile ||
                               row->deleted_length > out->segment->header.total_length))
        status =
            error_set(XUNZI_ERROR_CORRUPT,
                      "%s is not the segment that the collection's manifest speaks of", path.data);
    buffer_free(&path);
    out->deleted = row->deleted;
    row->deleted = NULL;
    return status;
}

/* Opens the segments of a manifest, and sums up what ranking needs. */
static xunzi_status open_segments(xunzi_index *index, struct manifest *manifest,
                                  xapian_database *database) {
    struct index_segment *segments = calloc(manifest->count + 1, sizeof *segments);
    uint64_t ordinal = 0, length = 0, documents = manifest_documents(manifest);
    xunzi_status status = segments ? XUNZI_OK : error_no_memory();
    size_t count = 0;
    for (; count < manifest->count && status == XUNZI_OK; count++) {
        struct manifest_segment *row = &manifest->segments[count];
        status = open_segment(index, row, ordinal, &segments[count]);
        if (status == XUNZI_OK)
            length += segments[count].segment->header.total_length - row->deleted_length;
        ordinal += row->documents;
    }
    xapian_doccount live = 0;
    double live_average = 0;
    if (status == XUNZI_OK) {
        xapian_status counted = xapian_database_document_count(database, &live);
        if (counted == XAPIAN_OK)
            counted = xapian_database_average_length(database, &live_average);
        if (counted != XAPIAN_OK)
            status = error_set_xapian(counted, "%s: its statistics cannot be read", index->path);
    }
    if (status != XUNZI_OK) {
        if (segments) {
            give_back(index, segments, count);
            close_segments(segments, count);
        }
        return status;
    }
    close_segments(index->segments, index->segment_count);
    index->segments = segments;
    index->segment_count = count;
    index->live_ordinal = ordinal;
    index->live_documents = live;
    index->documents = documents + live;
    /* A whole number again, so that the average is the same wherever documents are. */
    double total = (double)length + round(live_average * (double)live);
    index->average_length = index->documents > 0 ? total / (double)index->documents : 1;
    if (index->average_length < 1)
        index->average_length = 1;
    return XUNZI_OK;
}

/* ---- snapshots ---- */

/* Takes over a newly opened catalog and opens its segments. On failure the index stays as it was.
 */
static xunzi_status adopt(xunzi_index *index, struct catalog_snapshot *snapshot) {
    xunzi_profile before = index->profile;
    index->profile = snapshot->manifest.profile;
    xunzi_status status = open_segments(index, &snapshot->manifest, snapshot->database);
    if (status != XUNZI_OK) {
        index->profile = before;
        return status;
    }
    if (before != index->profile &&
        index->snapshot.database) { /* another collection has taken this one's place */
        tokenizer_free(index->tokenizer);
        index->tokenizer = NULL;
    }
    index->reader.texts.segment = index->asked.texts.segment = NULL; /* what they gave last stays */
    catalog_close(&index->snapshot);
    index->snapshot = *snapshot;
    index->database = index->snapshot.database;
    index->snapshots++;
    *snapshot = (struct catalog_snapshot){.lock = -1};
    return XUNZI_OK;
}

/* Opens the newest state. A writer that merges segments removes them once nobody can come to know
 * of them any more but who read the manifest before: then it is read anew. */
static xunzi_status open_newest(xunzi_index *index) {
    xunzi_status status = XUNZI_OK;
    for (int tries = 0; tries < OPEN_TRIES; tries++) {
        struct catalog_snapshot snapshot;
        status = catalog_open(index->path, &snapshot);
        if (status != XUNZI_OK)
            return status;
        status = adopt(index, &snapshot);
        bool newest = status == XUNZI_OK || catalog_is_newest(&snapshot, index->path);
        catalog_close(&snapshot);
        if (newest)
            break;
    }
    return status;
}

xunzi_status xunzi_index_open(const char *path, xunzi_index **out) {
    *out = NULL;
    xunzi_index *index = calloc(1, sizeof *index);
    if (!index)
        return error_no_memory();
    index->snapshot.lock = -1;
    index->path = strdup(path);
    xunzi_status status = index->path ? open_newest(index) : error_no_memory();
    if (status != XUNZI_OK) {
        xunzi_index_close(index);
        return status;
    }
    *out = index;
    return XUNZI_OK;
}

void xunzi_index_close(xunzi_index *index) {
    if (!index)
        return;
    catalog_close(&index->snapshot);
    close_segments(index->segments, index->segment_count);
    tokenizer_free(index->tokenizer);
    repairer_free(index->repairer);
    edits_free(&index->query_edits);
    document_reader_free(&index->reader);
    document_reader_free(&index->asked);
    buffer_free(&index->scratch);
    xapian_string_free(&index->data);
    free(index->path);
    free(index);
}

/* Opens anew rather than by Xapian's reopen, which would read the new tables through the
 * descriptors of the old ones where another catalog has been put in place. */
xunzi_status xunzi_index_refresh(xunzi_index *index) {
    if (!index->overwritten && catalog_is_newest(&index->snapshot, index->path))
        return XUNZI_OK;
    xunzi_status status = open_newest(index);
    if (status == XUNZI_OK)
        index->overwritten = false;
    return status;
}

xunzi_profile xunzi_index_profile(const xunzi_index *index) {
    return index->profile;
}

xunzi_status index_failed(xunzi_index *index, xapian_status status, const char *what) {
    if (status != XAPIAN_ERROR_DATABASE_MODIFIED)
        return error_set_xapian(status, "%s: %s cannot be read", index->path, what);
    index->overwritten = true;
    return error_set(XUNZI_ERROR_IO,
                     "%s was changed while it was read: %s cannot be read any more; refresh the "
                     "index and begin anew",
                     index->path, what);
}

struct tokenizer *index_tokenizer(xunzi_index *index) {
    if (!index->tokenizer)
        tokenizer_new(index->profile, &index->tokenizer);
    return index->tokenizer;
}

/* Leaves the edits that pass over something. What looks damaged is to be looked for as it stands.
 */
static void keep_skips(struct edits *edits) {
    size_t kept = 0;
    for (size_t i = 0; i < edits->count; i++)
        if (edits->items[i].kind == EDIT_SKIP)
            edits->items[kept++] = edits->items[i];
    edits->count = kept;
}

static bool has_parenthesis(xunzi_string text) {
    return text.size > 0 &&
           (memchr(text.data, '(', text.size) || memmem(text.data, text.size, "\xEF\xBC\x88", 3));
}

xunzi_status index_tokenize_query(xunzi_index *index, xunzi_string text,
                                  struct tokenizer **tokenizer) {
    *tokenizer = index_tokenizer(index);
    if (!*tokenizer)
        return XUNZI_ERROR_INTERNAL;
    edits_clear(&index->query_edits);
    if (has_parenthesis(text)) {
        xunzi_status status = index->repairer ? XUNZI_OK : repairer_new(&index->repairer);
        if (status == XUNZI_OK)
            status = repair_find(index->repairer, text.data, text.size, &index->query_edits);
        if (status != XUNZI_OK)
            return status;
        keep_skips(&index->query_edits);
    }
    return tokenizer_set_edited_text(*tokenizer, text.data, 0, text.size, &index->query_edits,
                                     FOLD_MENDED);
}
