/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Committing and merging. */
#include "indexer/commit.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "catalog/segment_lookup.h"
#include "catalog/xapian_error.h"
#include "indexer/merge.h"

/* ---- live documents ---- */

static xunzi_status delete_live(struct changes *changes) {
    xapian_database *database = changes->catalog->database;
    xapian_status status = XAPIAN_OK;
    for (uint32_t d = changes->live_deleted ? deletions_next(changes->live_deleted, 0) : UINT32_MAX;
         d != UINT32_MAX && status == XAPIAN_OK; d = deletions_next(changes->live_deleted, d + 1))
        status = xapian_database_delete_document(database, d);
    return status == XAPIAN_OK ? XUNZI_OK
                               : error_set_xapian(status, "%s: a document could not be deleted",
                                                  changes->catalog->path);
}

static xunzi_status add_live(struct changes *changes, struct live_document_maker *maker,
                             uint32_t number) {
    xunzi_document document;
    xapian_document *made = NULL;
    uint64_t tokens;
    xunzi_status status = changes_read_waiting(changes, number, &document);
    if (status == XUNZI_OK)
        status = live_document_make(maker, &document, &changes->edits, &made, &tokens);
    if (status != XUNZI_OK)
        return status;
    xapian_status added = xapian_database_add_document(changes->catalog->database, made, NULL);
    xapian_document_free(made);
    return added == XAPIAN_OK ? XUNZI_OK
                              : error_set_xapian(added, "%s: a document could not be added",
                                                 changes->catalog->path);
}

static xunzi_status commit_live(struct changes *changes, struct live_document_maker *maker,
                                xunzi_string pages) {
    xunzi_status status = catalog_writer_begin(changes->catalog);
    if (status != XUNZI_OK)
        return status;
    status = delete_live(changes);
    for (uint32_t i = 0; i < changes->added && status == XUNZI_OK; i++)
        if (!changes->dead[i])
            status = add_live(changes, maker, i);
    if (status == XUNZI_OK)
        return catalog_writer_commit(changes->catalog, &changes->manifest, pages);
    catalog_writer_cancel(changes->catalog);
    return status;
}

/* ---- segments ---- */

/* Makes the names of new files in the collection's folder durable, before a manifest speaks of
 * them. */
static xunzi_status sync_folder(const struct changes *changes) {
    if (fsync(changes->catalog->lock) == 0)
        return XUNZI_OK;
    return error_set_errno(errno, "%s cannot be written through to the disk",
                           changes->catalog->path);
}

/* The deleted documents of the segment just built, and their lengths, into its row. */
static xunzi_status list_dead(struct changes *changes, const struct segment *segment,
                              struct manifest_segment *row) {
    for (uint32_t d = 0; d < row->documents; d++) {
        bool added;
        if (changes_is_dead(changes, d) &&
            !manifest_delete(row, d, segment_length(segment, d), &added))
            return error_no_memory();
    }
    return XUNZI_OK;
}

/* Writes the builder's segment and appends it to the manifest. */
static xunzi_status finish_segment(struct changes *changes) {
    struct segment *segment = NULL;
    struct manifest_segment row = {.number = changes->segment_number,
                                   .documents = builder_documents(changes->builder)};
    uint32_t left = row.documents;
    for (uint32_t d = 0; d < row.documents; d++)
        left -= changes_is_dead(changes, d);
    if (left == 0)
        return XUNZI_OK;
    buffer_clear(&changes->term);
    if (!catalog_append_segment_path(&changes->term, changes->catalog->path,
                                     changes->segment_number))
        return error_no_memory();
    xunzi_status status = builder_finish(changes->builder);
    if (status == XUNZI_OK)
        status = segment_open(changes->term.data, &segment);
    if (status == XUNZI_OK)
        status = list_dead(changes, segment, &row);
    if (status == XUNZI_OK)
        row.identity = segment_identity(segment);
    segment_close(segment);
    changes->manifest.next_number = changes->segment_number + 1;
    if (status == XUNZI_OK && !manifest_append(&changes->manifest, &row))
        status = error_no_memory();
    if (status != XUNZI_OK)
        deletions_free(row.deleted);
    return status;
}

static xunzi_status commit_sealed(struct changes *changes, xunzi_string pages) {
    xunzi_status status = finish_segment(changes);
    if (status == XUNZI_OK)
        status = sync_folder(changes);
    return status == XUNZI_OK ? catalog_writer_replace(changes->catalog, &changes->manifest, pages)
                              : status;
}

/* Takes segments of which every document is deleted out of the manifest. */
static void drop_empty(struct manifest *manifest) {
    for (size_t i = manifest->count; i > 0; i--) {
        const struct manifest_segment *row = &manifest->segments[i - 1];
        if (row->deleted && row->deleted->count == row->documents)
            manifest_splice(manifest, i - 1, 1, NULL);
    }
}

/* After a commit: the files that it left behind go, and what comes is gathered on the new state.
 * The commit stands: where this fails, it is tried again when something comes. */
static void begin_anew(struct changes *changes, uint64_t documents) {
    changes_clear(changes);
    catalog_writer_sweep(changes->catalog);
    if (changes_begin(changes) != XUNZI_OK)
        changes->live_documents = documents;
}

xunzi_status commit_changes(struct changes *changes, struct live_document_maker *maker,
                            uint64_t live_most, xunzi_string pages) {
    xunzi_status status = changes_begin(changes);
    if (status != XUNZI_OK || !changes_any(changes))
        return status;
    uint64_t documents = changes_documents(changes),
             live = documents - manifest_documents(&changes->manifest);
    drop_empty(&changes->manifest);
    if (live > live_most)
        status = changes_seal(changes);
    if (status == XUNZI_OK)
        status =
            changes->builder ? commit_sealed(changes, pages) : commit_live(changes, maker, pages);
    if (status == XUNZI_OK)
        begin_anew(changes, documents);
    return status;
}

/* ---- merging ---- */

static uint64_t row_documents(const struct manifest_segment *row) {
    return row->documents - (row->deleted ? row->deleted->count : 0);
}

static unsigned tier_of(const struct manifest_segment *row) {
    unsigned tier = 0;
    for (uint64_t documents = row_documents(row) / MERGE_TIER_DOCUMENTS; documents > 0;
         documents /= MERGE_WIDTH)
        tier++;
    return tier;
}

/* Whether one of the segments from `begin` on has more documents than all others together: then it
 * would be written anew for little. */
static bool is_mostly_one(const struct manifest *manifest, size_t begin) {
    uint64_t all = 0, most = 0;
    for (size_t i = begin; i < manifest->count; i++) {
        uint64_t documents = row_documents(&manifest->segments[i]);
        all += documents;
        most = documents > most ? documents : most;
    }
    return most > all - most;
}

/* Chooses [*first, *first + *count) to be merged; false: nothing calls for it. */
static bool choose(const struct manifest *manifest, size_t *first, size_t *count) {
    size_t all = manifest->count;
    for (size_t i = 0; i < all; i++) {
        const struct manifest_segment *row = &manifest->segments[i];
        if (row->deleted && row->deleted->count > row->documents / MERGE_DELETED) {
            *first = i;
            *count = 1;
            return true;
        }
    }
    for (unsigned tier = 0; tier < 64 && all >= MERGE_WIDTH; tier++) {
        size_t begin = all;
        while (begin > 0 && tier_of(&manifest->segments[begin - 1]) <= tier)
            begin--;
        if (all - begin >= MERGE_WIDTH && (tier == 0 || !is_mostly_one(manifest, begin))) {
            *first = begin;
            *count = all - begin;
            return true;
        }
        if (begin == 0)
            break;
    }
    return false;
}

static xunzi_status read_identity(const char *path, struct manifest_segment *row) {
    struct segment *segment;
    xunzi_status status = segment_open(path, &segment);
    if (status == XUNZI_OK)
        row->identity = segment_identity(segment);
    segment_close(segment);
    return status;
}

/* Writes the merged segment and puts it into the manifest. */
static xunzi_status write_merged(struct changes *changes, size_t first, size_t count) {
    struct manifest *manifest = &changes->manifest;
    struct merge_source *sources = calloc(count, sizeof *sources);
    struct manifest_segment row = {.number = manifest->next_number};
    uint64_t documents = 0;
    if (!sources)
        return error_no_memory();
    for (size_t i = 0; i < count; i++) {
        sources[i] = (struct merge_source){changes->segments[first + i],
                                           manifest->segments[first + i].deleted};
        documents += row_documents(&manifest->segments[first + i]);
    }
    row.documents = (uint32_t)documents;
    buffer_clear(&changes->term);
    xunzi_status status = XUNZI_OK;
    if (documents >= UINT32_MAX)
        status = error_set(XUNZI_ERROR_LIMIT, "%s: a segment cannot hold so many documents",
                           changes->catalog->path);
    else if (!catalog_append_segment_path(&changes->term, changes->catalog->path, row.number))
        status = error_no_memory();
    else if (documents > 0)
        status = merge_segments(sources, count, manifest->profile, changes->term.data);
    free(sources);
    if (status == XUNZI_OK && documents > 0)
        status = read_identity(changes->term.data, &row);
    if (status == XUNZI_OK) {
        manifest_splice(manifest, first, count, documents > 0 ? &row : NULL);
        manifest->next_number++;
    }
    return status;
}

static xunzi_status merge(struct changes *changes, size_t first, size_t count) {
    uint64_t documents = changes_documents(changes);
    xunzi_status status = write_merged(changes, first, count);
    if (status == XUNZI_OK)
        status = sync_folder(changes);
    if (status == XUNZI_OK)
        status = catalog_writer_begin(changes->catalog);
    if (status == XUNZI_OK)
        status = catalog_writer_commit(changes->catalog, &changes->manifest, (xunzi_string){0});
    if (status == XUNZI_OK) {
        begin_anew(changes, documents);
        return XUNZI_OK;
    }
    catalog_writer_sweep(changes->catalog); /* what was written beside the committed state */
    changes_clear(changes);
    changes->live_documents = documents;
    return status;
}

xunzi_status commit_merges(struct changes *changes) {
    xunzi_status status = XUNZI_OK;
    size_t first, count;
    while (status == XUNZI_OK && choose(&changes->manifest, &first, &count))
        status = merge(changes, first, count);
    return status;
}

xunzi_status commit_merge_all(struct changes *changes) {
    const struct manifest *manifest = &changes->manifest;
    xunzi_status status = changes_begin(changes);
    if (status != XUNZI_OK)
        return status;
    if (manifest->count == 0 || (manifest->count == 1 && !manifest->segments[0].deleted))
        return XUNZI_OK;
    return merge(changes, 0, manifest->count);
}
