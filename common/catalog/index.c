/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening a collection for reading, its statistics, and its documents one by one. */
#include "catalog/index.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/file.h"
#include "catalog/catalog.h"
#include "catalog/record.h"
#include "catalog/terms.h"
#include "catalog/xapian_error.h"

struct xunzi_cursor {
    xunzi_index *index;
    uint64_t snapshot; /* which of the index's it lists */
    xapian_posting_iterator *documents;
    struct buffer storage;
};

/* Takes the statistics that ranking needs from a newly opened snapshot. */
static xunzi_status read_statistics(xunzi_index *index) {
    xapian_doccount documents = 0;
    double length = 0;
    xapian_status status = xapian_database_document_count(index->database, &documents);
    if (status == XAPIAN_OK)
        status = xapian_database_average_length(index->database, &length);
    if (status != XAPIAN_OK)
        return error_set_xapian(status, "%s: its statistics cannot be read", index->path);
    index->documents = documents;
    index->average_length = length < 1 ? 1 : length;
    return XUNZI_OK;
}

xunzi_status xunzi_index_open(const char *path, xunzi_index **out) {
    *out = NULL;
    xunzi_index *index = calloc(1, sizeof *index);
    if (index)
        index->path = strdup(path);
    if (!index || !index->path) {
        xunzi_index_close(index);
        return error_no_memory();
    }
    xunzi_status status = catalog_open(path, &index->database, &index->profile);
    if (status == XUNZI_OK)
        status = read_statistics(index);
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
    xapian_database_free(index->database);
    tokenizer_free(index->tokenizer);
    repairer_free(index->repairer);
    edits_free(&index->query_edits);
    buffer_free(&index->document);
    buffer_free(&index->scratch);
    xapian_string_free(&index->data);
    free(index->path);
    free(index);
}

/* Whether two snapshots are of the same state: the same database at the same revision. */
static bool same_state(const xapian_database *a, const xapian_database *b) {
    xapian_revision revision_a = 0, revision_b = 0;
    xapian_string uuid_a = XAPIAN_STRING_INIT, uuid_b = XAPIAN_STRING_INIT;
    bool same = xapian_database_revision(a, &revision_a) == XAPIAN_OK &&
                xapian_database_revision(b, &revision_b) == XAPIAN_OK && revision_a == revision_b &&
                xapian_database_uuid(a, &uuid_a) == XAPIAN_OK && xapian_database_uuid(b, &uuid_b) == XAPIAN_OK &&
                uuid_a.size == uuid_b.size && memcmp(uuid_a.data, uuid_b.data, uuid_a.size) == 0;
    xapian_string_free(&uuid_a);
    xapian_string_free(&uuid_b);
    return same;
}

/* Opens anew rather than by Xapian's reopen, which would read the new tables through the descriptors of the old ones where an
 * optimization has put another catalog in place. */
xunzi_status xunzi_index_refresh(xunzi_index *index) {
    xapian_database *newest;
    xunzi_profile profile;
    xunzi_status status = catalog_open(index->path, &newest, &profile);
    if (status != XUNZI_OK)
        return status;
    index->overwritten = false;
    if (same_state(index->database, newest)) {
        xapian_database_free(newest);
        return XUNZI_OK;
    }
    if (profile != index->profile) { /* another collection has taken this one's place */
        tokenizer_free(index->tokenizer);
    repairer_free(index->repairer);
    edits_free(&index->query_edits);
        index->tokenizer = NULL;
        index->profile = profile;
    }
    xapian_database_free(index->database);
    index->database = newest;
    index->snapshots++;
    return read_statistics(index);
}

xunzi_profile xunzi_index_profile(const xunzi_index *index) {
    return index->profile;
}

xunzi_status index_failed(xunzi_index *index, xapian_status status, const char *what) {
    if (status != XAPIAN_ERROR_DATABASE_MODIFIED)
        return error_set_xapian(status, "%s: %s cannot be read", index->path, what);
    index->overwritten = true;
    return error_set(XUNZI_ERROR_IO, "%s was changed while it was read: %s cannot be read any more; refresh the index and begin anew",
                     index->path, what);
}

struct tokenizer *index_tokenizer(xunzi_index *index) {
    if (!index->tokenizer)
        tokenizer_new(index->profile, &index->tokenizer);
    return index->tokenizer;
}

/* Leaves the edits that pass over something. What looks damaged is to be looked for as it stands. */
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

xunzi_status index_tokenize_query(xunzi_index *index, xunzi_string text, struct tokenizer **tokenizer) {
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
    return tokenizer_set_edited_text(*tokenizer, text.data, 0, text.size, &index->query_edits, FOLD_MENDED);
}

xunzi_status index_document_frequency(xunzi_index *index, const char *term, size_t size, uint64_t *frequency) {
    xapian_doccount count = 0;
    xapian_status status = xapian_database_term_frequency(index->database, term, size, &count);
    *frequency = count;
    return status == XAPIAN_OK ? XUNZI_OK : index_failed(index, status, "a term");
}

static xunzi_status count_terms(xunzi_index *index, xunzi_statistics *out) {
    *out = (xunzi_statistics){
        .documents = index->documents, .live_documents = index->documents, .profile = index->profile};
    xapian_term_iterator *terms;
    xapian_string term = XAPIAN_STRING_INIT;
    xapian_status status = xapian_database_all_terms(index->database, NULL, 0, &terms);
    while (status == XAPIAN_OK && (status = xapian_term_iterator_next(terms)) == XAPIAN_OK) {
        xapian_doccount frequency = 0;
        status = xapian_term_iterator_term(terms, &term);
        if (status != XAPIAN_OK || !term_is_ranked(term.data, term.size))
            continue;
        status = xapian_term_iterator_frequency(terms, &frequency);
        out->terms++;
        out->postings += frequency;
    }
    xapian_term_iterator_free(terms);
    xapian_string_free(&term);
    return status == XAPIAN_END ? XUNZI_OK : index_failed(index, status, "a term");
}

xunzi_status xunzi_index_statistics(xunzi_index *index, xunzi_statistics *out) {
    xunzi_status status = count_terms(index, out);
    for (int tries = 1; index->overwritten && tries < INDEX_TRIES; tries++) {
        status = xunzi_index_refresh(index);
        if (status == XUNZI_OK)
            status = count_terms(index, out);
    }
    return status == XUNZI_OK ? folder_size(index->path, &out->bytes) : status;
}

xunzi_status index_read_document(xunzi_index *index, xapian_docid docid, struct buffer *storage,
                                 xunzi_document *document) {
    return index_read_edited_document(index, docid, storage, document, NULL);
}

xunzi_status index_read_edited_document(xunzi_index *index, xapian_docid docid, struct buffer *storage,
                                        xunzi_document *document, struct document_edits *edits) {
    xapian_document *stored;
    xapian_status status = xapian_database_get_document(index->database, docid, XAPIAN_DOC_ASSUME_VALID, &stored);
    if (status == XAPIAN_OK)
        status = xapian_document_data(stored, &index->data);
    xapian_document_free(stored);
    if (status != XAPIAN_OK)
        return index_failed(index, status, "a document");
    return record_decode_edited(index->data.data, index->data.size, storage, document, edits);
}

static xunzi_status find_document(xunzi_index *index, xunzi_string id, xunzi_document *out) {
    buffer_clear(&index->scratch);
    if (!term_append_id(&index->scratch, id))
        return error_no_memory();
    xapian_posting_iterator *postings;
    xapian_docid docid = 0;
    xapian_status status =
        xapian_database_postings(index->database, index->scratch.data, index->scratch.size, &postings);
    if (status == XAPIAN_OK)
        status = xapian_posting_iterator_next(postings);
    if (status == XAPIAN_OK)
        docid = xapian_posting_iterator_docid(postings);
    xapian_posting_iterator_free(postings);
    if (status == XAPIAN_END)
        return error_set(XUNZI_ERROR_NOT_FOUND, "%s has no document with the id %.*s", index->path,
                         (int)(id.size < 200 ? id.size : 200), id.data);
    if (status != XAPIAN_OK)
        return index_failed(index, status, "a document");
    return index_read_document(index, docid, &index->document, out);
}

xunzi_status xunzi_index_document(xunzi_index *index, xunzi_string id, xunzi_document *out) {
    xunzi_status status = find_document(index, id, out);
    for (int tries = 1; index->overwritten && tries < INDEX_TRIES; tries++) {
        status = xunzi_index_refresh(index);
        if (status == XUNZI_OK)
            status = find_document(index, id, out);
    }
    return status;
}

xunzi_status xunzi_cursor_open(xunzi_index *index, xunzi_cursor **out) {
    *out = NULL;
    xunzi_cursor *cursor = calloc(1, sizeof *cursor);
    if (!cursor)
        return error_no_memory();
    cursor->index = index;
    cursor->snapshot = index->snapshots;
    xapian_status status = xapian_database_postings(index->database, NULL, 0, &cursor->documents);
    if (status != XAPIAN_OK) {
        xunzi_cursor_close(cursor);
        return index_failed(index, status, "a document");
    }
    *out = cursor;
    return XUNZI_OK;
}

xunzi_status xunzi_cursor_next(xunzi_cursor *cursor, xunzi_document *out) {
    if (cursor->snapshot != cursor->index->snapshots)
        return error_set(XUNZI_ERROR_IO, "%s was changed, and its index refreshed, while its documents were listed; begin anew",
                         cursor->index->path);
    xapian_status status = xapian_posting_iterator_next(cursor->documents);
    if (status == XAPIAN_END)
        return XUNZI_END;
    if (status != XAPIAN_OK)
        return index_failed(cursor->index, status, "a document");
    return index_read_document(cursor->index, xapian_posting_iterator_docid(cursor->documents), &cursor->storage, out);
}

void xunzi_cursor_close(xunzi_cursor *cursor) {
    if (!cursor)
        return;
    xapian_posting_iterator_free(cursor->documents);
    buffer_free(&cursor->storage);
    free(cursor);
}
