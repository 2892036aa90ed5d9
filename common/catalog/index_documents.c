/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A collection's stored documents: by ordinal, by id, and one after the other. */
#include <stdlib.h>

#include "base/error.h"
#include "base/utf8.h"
#include "catalog/index.h"
#include "catalog/live_document.h"
#include "catalog/record.h"
#include "catalog/segment_lookup.h"
#include "text/terms.h"

struct xunzi_cursor {
    xunzi_index *index;
    uint64_t snapshot; /* which of the index's it lists */
    size_t segment;
    uint32_t next;                      /* in that segment */
    xapian_posting_iterator *documents; /* the live ones; NULL: there is none */
    struct document_reader reader;
};

void document_reader_free(struct document_reader *reader) {
    texts_reader_free(&reader->texts);
    xapian_string_free(&reader->data);
    buffer_free(&reader->document);
}

static xunzi_status read_live(xunzi_index *index, struct document_reader *reader,
                              xapian_docid docid, xunzi_document *document,
                              struct document_edits *edits) {
    xapian_document *stored;
    xapian_status status =
        xapian_database_get_document(index->database, docid, XAPIAN_DOC_ASSUME_VALID, &stored);
    if (status == XAPIAN_OK)
        status = xapian_document_data(stored, &reader->data);
    xapian_document_free(stored);
    if (status != XAPIAN_OK)
        return index_failed(index, status, "a document");
    return record_decode(reader->data.data, reader->data.size, &reader->document, document, edits);
}

size_t index_segment_of(const xunzi_index *index, uint64_t ordinal) {
    if (ordinal >= index->live_ordinal)
        return index->segment_count;
    size_t low = 0;
    for (size_t high = index->segment_count - 1; low < high;) {
        size_t middle = low + (high - low + 1) / 2;
        if (index->segments[middle].ordinal <= ordinal)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

static xunzi_status read_document(xunzi_index *index, struct document_reader *reader,
                                  uint64_t ordinal, xunzi_document *document,
                                  struct document_edits *edits) {
    size_t number = index_segment_of(index, ordinal);
    if (number == index->segment_count)
        return read_live(index, reader, (xapian_docid)(ordinal - index->live_ordinal), document,
                         edits);
    const struct index_segment *segment = &index->segments[number];
    return texts_read(&reader->texts, segment->segment, (uint32_t)(ordinal - segment->ordinal),
                      document, edits);
}

uint64_t index_place_of(const xunzi_index *index, uint64_t ordinal) {
    size_t number = index_segment_of(index, ordinal);
    if (number == index->segment_count)
        return ordinal;
    const struct index_segment *segment = &index->segments[number];
    uint32_t place;
    bool known = texts_place_of(segment->segment, (uint32_t)(ordinal - segment->ordinal), &place);
    return known ? segment->ordinal + place : ordinal;
}

xunzi_status index_read_document(xunzi_index *index, uint64_t ordinal, xunzi_document *document,
                                 struct document_edits *edits) {
    return read_document(index, &index->reader, ordinal, document, edits);
}

static xunzi_status read_live_fingerprint(xunzi_index *index, xapian_docid docid,
                                          struct fingerprint *fingerprint, date_day *date) {
    xapian_document *stored;
    *fingerprint = (struct fingerprint){0};
    *date = 0;
    xapian_status status =
        xapian_database_get_document(index->database, docid, XAPIAN_DOC_ASSUME_VALID, &stored);
    if (status == XAPIAN_OK)
        status = xapian_document_value(stored, LIVE_SLOT_DATE, &index->data);
    if (status == XAPIAN_OK) {
        *date = live_date_day(index->data.data, index->data.size);
        status = xapian_document_value(stored, LIVE_SLOT_FINGERPRINT, &index->data);
    }
    if (status == XAPIAN_OK && index->data.size == sizeof *fingerprint)
        memcpy(fingerprint, index->data.data, sizeof *fingerprint);
    xapian_document_free(stored);
    return status == XAPIAN_OK ? XUNZI_OK : index_failed(index, status, "a document");
}

xunzi_status index_read_fingerprint(xunzi_index *index, uint64_t ordinal,
                                    struct fingerprint *fingerprint, date_day *date) {
    size_t at = index_segment_of(index, ordinal);
    if (at == index->segment_count)
        return read_live_fingerprint(index, (xapian_docid)(ordinal - index->live_ordinal),
                                     fingerprint, date);
    const struct index_segment *segment = &index->segments[at];
    uint32_t number = (uint32_t)(ordinal - segment->ordinal);
    *fingerprint = segment_fingerprint(segment->segment, number);
    *date = segment_date(segment->segment, number);
    return XUNZI_OK;
}

/* The live document of an id; XUNZI_END: there is none. */
static xunzi_status find_live(xunzi_index *index, xunzi_string id, xapian_docid *docid) {
    buffer_clear(&index->scratch);
    if (!term_append(&index->scratch, TERM_PREFIX_ID, id.data, id.size))
        return error_no_memory();
    xapian_posting_iterator *postings;
    xapian_status status = xapian_database_postings(index->database, index->scratch.data,
                                                    index->scratch.size, &postings);
    if (status == XAPIAN_OK)
        status = xapian_posting_iterator_next(postings);
    if (status == XAPIAN_OK)
        *docid = xapian_posting_iterator_docid(postings);
    xapian_posting_iterator_free(postings);
    if (status == XAPIAN_END)
        return XUNZI_END;
    return status == XAPIAN_OK ? XUNZI_OK : index_failed(index, status, "a document");
}

/* Finds the document of an id that is well-formed UTF-8; the reader is for comparing ids. */
static xunzi_status find_ordinal(xunzi_index *index, struct document_reader *reader,
                                 xunzi_string id, uint64_t *ordinal) {
    xapian_docid docid = 0;
    xunzi_status status = index->live_documents > 0 ? find_live(index, id, &docid) : XUNZI_END;
    if (status == XUNZI_OK)
        *ordinal = index->live_ordinal + docid;
    for (size_t i = index->segment_count; i > 0 && status == XUNZI_END; i--) {
        const struct index_segment *segment = &index->segments[i - 1];
        uint32_t number;
        status = segment_find_id(segment->segment, segment->deleted, &reader->texts, id, &number);
        if (status == XUNZI_OK)
            *ordinal = segment->ordinal + number;
    }
    if (status == XUNZI_END)
        return error_set(XUNZI_ERROR_NOT_FOUND, "%s has no document with the id %.*s", index->path,
                         (int)(id.size < 200 ? id.size : 200), id.data);
    return status;
}

static xunzi_status find_document(xunzi_index *index, struct document_reader *reader,
                                  xunzi_string id, uint64_t *ordinal) {
    struct buffer repaired = {0};
    uint64_t replaced = 0;
    if (utf8_valid_prefix(id.data, id.size) !=
        id.size) { /* as it was when the document was stored */
        if (!utf8_append_repaired(&repaired, id.data, id.size, &replaced))
            return error_no_memory();
        id = (xunzi_string){repaired.data, repaired.size};
    }
    xunzi_status status = find_ordinal(index, reader, id, ordinal);
    buffer_free(&repaired);
    return status;
}

xunzi_status index_find_document(xunzi_index *index, xunzi_string id, uint64_t *ordinal) {
    return find_document(index, &index->reader, id, ordinal);
}

static xunzi_status find_and_read(xunzi_index *index, xunzi_string id, xunzi_document *out) {
    uint64_t ordinal;
    xunzi_status status = find_document(index, &index->asked, id, &ordinal);
    return status == XUNZI_OK ? read_document(index, &index->asked, ordinal, out, NULL) : status;
}

xunzi_status xunzi_index_document(xunzi_index *index, xunzi_string id, xunzi_document *out) {
    xunzi_status status = find_and_read(index, id, out);
    for (int tries = 1; index->overwritten && tries < INDEX_TRIES; tries++) {
        status = xunzi_index_refresh(index);
        if (status == XUNZI_OK)
            status = find_and_read(index, id, out);
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
    if (index->live_documents > 0) {
        xapian_status status =
            xapian_database_postings(index->database, NULL, 0, &cursor->documents);
        if (status != XAPIAN_OK) {
            xunzi_cursor_close(cursor);
            return index_failed(index, status, "a document");
        }
    }
    *out = cursor;
    return XUNZI_OK;
}

xunzi_status xunzi_cursor_next(xunzi_cursor *cursor, xunzi_document *out) {
    xunzi_index *index = cursor->index;
    if (cursor->snapshot != index->snapshots)
        return error_set(
            XUNZI_ERROR_IO,
            "%s was changed, and its index refreshed, while its documents were listed; begin anew",
            index->path);
    for (; cursor->segment < index->segment_count; cursor->segment++, cursor->next = 0) {
        const struct index_segment *segment = &index->segments[cursor->segment];
        while (cursor->next < segment->segment->header.documents &&
               deletions_has(segment->deleted, cursor->next))
            cursor->next++;
        if (cursor->next < segment->segment->header.documents)
            return texts_read(&cursor->reader.texts, segment->segment, cursor->next++, out, NULL);
    }
    if (!cursor->documents)
        return XUNZI_END;
    xapian_status status = xapian_posting_iterator_next(cursor->documents);
    if (status == XAPIAN_END)
        return XUNZI_END;
    if (status != XAPIAN_OK)
        return index_failed(index, status, "a document");
    return read_live(index, &cursor->reader, xapian_posting_iterator_docid(cursor->documents), out,
                     NULL);
}

void xunzi_cursor_close(xunzi_cursor *cursor) {
    if (!cursor)
        return;
    xapian_posting_iterator_free(cursor->documents);
    document_reader_free(&cursor->reader);
    free(cursor);
}
