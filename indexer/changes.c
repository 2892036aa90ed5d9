/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gathering changes. */
#include "indexer/changes.h"

#include <stdlib.h>

#include "base/error.h"
#include "catalog/record.h"
#include "catalog/segment_lookup.h"
#include "catalog/xapian_error.h"
#include "text/terms.h"

/* ---- beginning and forgetting ---- */

static void close_segments(struct changes *changes) {
    texts_reader_free(&changes->texts);
    for (size_t i = 0; i < changes->segment_count; i++)
        segment_close(changes->segments[i]);
    free(changes->segments);
    changes->segments = NULL;
    changes->segment_count = 0;
}

static xunzi_status open_segments(struct changes *changes) {
    const struct manifest *manifest = &changes->catalog->manifest;
    struct buffer path = {0};
    xunzi_status status = XUNZI_OK;
    changes->segments = calloc(manifest->count + 1, sizeof *changes->segments);
    if (!changes->segments)
        return error_no_memory();
    for (size_t i = 0; i < manifest->count && status == XUNZI_OK; i++) {
        buffer_clear(&path);
        if (!catalog_append_segment_path(&path, changes->catalog->path,
                                         manifest->segments[i].number))
            status = error_no_memory();
        else
            status = segment_open_listed(path.data, &manifest->segments[i], &changes->segments[i]);
        changes->segment_count += status == XUNZI_OK;
    }
    buffer_free(&path);
    return status;
}

void changes_clear(struct changes *changes) {
    builder_free(changes->builder);
    changes->builder = NULL;
    manifest_free(&changes->manifest);
    deletions_free(changes->live_deleted);
    changes->live_deleted = NULL;
    id_map_free(&changes->ids);
    buffer_free(&changes->records);
    free(changes->moved);
    changes->moved = NULL;
    changes->moved_count = changes->added = changes->dead_count = 0;
    changes->begun = false;
    close_segments(changes);
}

void changes_free(struct changes *changes) {
    changes_clear(changes);
    free(changes->dead);
    free(changes->waiting);
    buffer_free(&changes->term);
    buffer_free(&changes->storage);
    document_edits_free(&changes->edits);
}

xunzi_status changes_begin(struct changes *changes) {
    if (changes->begun)
        return XUNZI_OK;
    xunzi_status status = catalog_writer_ready(changes->catalog);
    xapian_doccount live = 0;
    if (status == XUNZI_OK) {
        xapian_status counted = xapian_database_document_count(changes->catalog->database, &live);
        if (counted != XAPIAN_OK)
            status =
                error_set_xapian(counted, "%s: the catalog cannot be read", changes->catalog->path);
    }
    if (status == XUNZI_OK)
        status = open_segments(changes);
    if (status == XUNZI_OK && !manifest_copy(&changes->catalog->manifest, &changes->manifest))
        status = error_no_memory();
    if (status != XUNZI_OK) {
        close_segments(changes);
        return status;
    }
    changes->live_documents = live;
    changes->building.profile = changes->catalog->manifest.profile;
    changes->begun = true;
    return XUNZI_OK;
}

static uint32_t live_deleted_count(const struct changes *changes) {
    return changes->live_deleted ? changes->live_deleted->count : 0;
}

bool changes_any(const struct changes *changes) {
    return changes->added > 0 || changes->builder || live_deleted_count(changes) > 0 ||
           manifest_documents(&changes->manifest) !=
               manifest_documents(&changes->catalog->manifest);
}

uint64_t changes_documents(const struct changes *changes) {
    return manifest_documents(&changes->manifest) + changes->live_documents -
           live_deleted_count(changes) + changes->added - changes->dead_count;
}

/* ---- the document of an id ---- */

/* The live document of an id that is not deleted; XUNZI_END: there is none. */
static xunzi_status find_live(struct changes *changes, xunzi_string id, xapian_docid *docid) {
    const xapian_database *database = changes->catalog->database;
    buffer_clear(&changes->term);
    if (!term_append(&changes->term, TERM_PREFIX_ID, id.data, id.size))
        return error_no_memory();
    xapian_posting_iterator *postings;
    xapian_status status =
        xapian_database_postings(database, changes->term.data, changes->term.size, &postings);
    if (status == XAPIAN_OK)
        status = xapian_posting_iterator_next(postings);
    if (status == XAPIAN_OK)
        *docid = xapian_posting_iterator_docid(postings);
    xapian_posting_iterator_free(postings);
    if (status == XAPIAN_END ||
        (status == XAPIAN_OK && deletions_has(changes->live_deleted, *docid)))
        return XUNZI_END;
    return status == XAPIAN_OK
               ? XUNZI_OK
               : error_set_xapian(status, "%s: a document cannot be read", changes->catalog->path);
}

static xunzi_status delete_live(struct changes *changes, xapian_docid docid) {
    if (!changes->live_deleted) {
        xapian_docid last = 0;
        xapian_status status = xapian_database_last_docid(changes->catalog->database, &last);
        if (status != XAPIAN_OK)
            return error_set_xapian(status, "%s: the catalog cannot be read",
                                    changes->catalog->path);
        if (!deletions_new(last + 1, &changes->live_deleted))
            return error_no_memory();
    }
    deletions_add(changes->live_deleted, docid);
    return XUNZI_OK;
}

/* Deletes the document of an id in the segments; XUNZI_END: there is none. */
static xunzi_status delete_sealed(struct changes *changes, xunzi_string id) {
    for (size_t i = changes->segment_count; i > 0; i--) {
        struct manifest_segment *row = &changes->manifest.segments[i - 1];
        const struct segment *segment = changes->segments[i - 1];
        uint32_t number;
        bool added;
        xunzi_status status = segment_find_id(segment, row->deleted, &changes->texts, id, &number);
        if (status == XUNZI_OK)
            return manifest_delete(row, number, segment_length(segment, number), &added)
                       ? XUNZI_OK
                       : error_no_memory();
        if (status != XUNZI_END)
            return status;
    }
    return XUNZI_END;
}

/* Deletes the document that has the id as things stand; XUNZI_END: there is none. */
static xunzi_status delete_present(struct changes *changes, uint64_t hash, xunzi_string id) {
    uint32_t waiting = id_map_find(&changes->ids, hash, id);
    if (waiting != ID_MAP_NONE) {
        changes->dead[waiting] = 1;
        changes->dead_count++;
        return id_map_put(&changes->ids, hash, id, ID_MAP_NONE) ? XUNZI_OK : error_no_memory();
    }
    xapian_docid docid = 0;
    xunzi_status status = changes->live_documents > 0 ? find_live(changes, id, &docid) : XUNZI_END;
    if (status == XUNZI_OK)
        return delete_live(changes, docid);
    return status == XUNZI_END ? delete_sealed(changes, id) : status;
}

xunzi_status changes_delete(struct changes *changes, xunzi_string id) {
    xunzi_status status = changes_begin(changes);
    return status == XUNZI_OK ? delete_present(changes, segment_id_hash(id), id) : status;
}

/* ---- adding ---- */

static xunzi_status keep_waiting(struct changes *changes, const xunzi_document *document,
                                 const struct document_edits *edits) {
    size_t begin = changes->records.size;
    if (!array_reserve(&changes->waiting, &changes->waiting_capacity, (size_t)changes->added + 1,
                       sizeof *changes->waiting))
        return error_no_memory();
    xunzi_status status = record_encode(document, edits, &changes->records);
    if (status != XUNZI_OK) {
        changes->records.size = begin;
        return status;
    }
    changes->waiting[changes->added] =
        (struct waiting_document){begin, changes->records.size - begin};
    return XUNZI_OK;
}

/* Few documents are few bytes too. */
static bool are_many(const struct changes *changes) {
    enum { DOCUMENT_BYTES = 4096 };
    return changes->added > changes->few_most ||
           changes->records.size / DOCUMENT_BYTES > changes->few_most;
}

xunzi_status changes_add(struct changes *changes, const xunzi_document *document,
                         const struct document_edits *edits) {
    uint64_t hash = segment_id_hash(document->id);
    if (changes->added == ID_MAP_NONE - 1)
        return error_set(XUNZI_ERROR_LIMIT, "a commit has too many documents");
    if (!array_reserve(&changes->dead, &changes->dead_capacity, (size_t)changes->added + 1, 1))
        return error_no_memory();
    xunzi_status status = changes_begin(changes);
    if (status == XUNZI_OK && !changes->builder)
        status = keep_waiting(changes, document, edits);
    if (status == XUNZI_OK)
        status = delete_present(changes, hash, document->id);
    if (status == XUNZI_END)
        status = XUNZI_OK;
    if (status == XUNZI_OK && changes->builder)
        status = builder_add(changes->builder, document, edits);
    if (status != XUNZI_OK)
        return status;
    if (!id_map_put(&changes->ids, hash, document->id, changes->added))
        return error_no_memory();
    changes->dead[changes->added++] = 0;
    return !changes->builder && are_many(changes) ? changes_seal(changes) : XUNZI_OK;
}

/* ---- sealing ---- */

xunzi_status changes_read_waiting(struct changes *changes, uint32_t number,
                                  xunzi_document *document) {
    const struct waiting_document *waiting = &changes->waiting[number];
    return record_decode(changes->records.data + waiting->begin, waiting->size,
                                &changes->storage, document, &changes->edits);
}

static xunzi_status move_live(struct changes *changes, xapian_docid docid) {
    xapian_document *stored;
    xapian_string data = XAPIAN_STRING_INIT;
    xunzi_document document;
    xapian_status got = xapian_database_get_document(changes->catalog->database, docid,
                                                     XAPIAN_DOC_ASSUME_VALID, &stored);
    if (got == XAPIAN_OK)
        got = xapian_document_data(stored, &data);
    xapian_document_free(stored);
    xunzi_status status =
        got == XAPIAN_OK
            ? record_decode(data.data, data.size, &changes->storage, &document,
                                   &changes->edits)
            : error_set_xapian(got, "%s: a document cannot be read", changes->catalog->path);
    if (status == XUNZI_OK)
        status = builder_add(changes->builder, &document, &changes->edits);
    if (status == XUNZI_OK)
        changes->moved[changes->moved_count++] = docid;
    xapian_string_free(&data);
    return status;
}

static xunzi_status move_all_live(struct changes *changes) {
    if (changes->live_documents == 0)
        return XUNZI_OK;
    changes->moved = malloc(changes->live_documents * sizeof *changes->moved);
    if (!changes->moved)
        return error_no_memory();
    xapian_posting_iterator *documents;
    xunzi_status status = XUNZI_OK;
    xapian_status listed =
        xapian_database_postings(changes->catalog->database, NULL, 0, &documents);
    while (listed == XAPIAN_OK && status == XUNZI_OK &&
           (listed = xapian_posting_iterator_next(documents)) == XAPIAN_OK) {
        xapian_docid docid = xapian_posting_iterator_docid(documents);
        if (changes->moved_count < changes->live_documents &&
            !deletions_has(changes->live_deleted, docid))
            status = move_live(changes, docid);
    }
    xapian_posting_iterator_free(documents);
    if (status == XUNZI_OK && listed != XAPIAN_END)
        status = error_set_xapian(listed, "%s: a document cannot be read", changes->catalog->path);
    return status;
}

xunzi_status changes_seal(struct changes *changes) {
    xunzi_status status = changes_begin(changes);
    if (status != XUNZI_OK || changes->builder)
        return status;
    changes->segment_number = changes->manifest.next_number;
    buffer_clear(&changes->term);
    if (!catalog_append_segment_path(&changes->term, changes->catalog->path,
                                     changes->segment_number))
        return error_no_memory();
    status = builder_new(changes->term.data, &changes->building, &changes->builder);
    if (status == XUNZI_OK)
        status = move_all_live(changes);
    for (uint32_t i = 0; i < changes->added && status == XUNZI_OK; i++) {
        xunzi_document document;
        status = changes_read_waiting(changes, i, &document);
        if (status == XUNZI_OK)
            status = builder_add(changes->builder, &document, &changes->edits);
    }
    buffer_free(&changes->records);
    return status;
}

bool changes_is_dead(const struct changes *changes, uint32_t number) {
    if (number < changes->moved_count)
        return deletions_has(changes->live_deleted, changes->moved[number]);
    return changes->dead[number - changes->moved_count] != 0;
}
