/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verifying a collection: Xapian's own check of its tables first, then what Xunzi holds to be true
 * of them. Of each live document: its record can be read, it has one id and the catalog finds it
 * under that id and no other document, its date and source values are those of the record, its
 * source can be filtered by, and its terms can be listed and add up to its length. Of each segment:
 * its checksums and all of its structure (segment_verify), and what the manifest says of it. Of the
 * collection: no id is that of two documents, and what it remembers of its pages can be read.
 */
#include <stdlib.h>

#include "base/date.h"
#include "base/error.h"
#include "catalog/catalog.h"
#include "catalog/index.h"
#include "catalog/live_document.h"
#include "catalog/segment_lookup.h"
#include "catalog/version_file.h"
#include "catalog/xapian_error.h"
#include "text/fingerprint.h"
#include "text/terms.h"

struct check {
    const char *path;
    struct buffer sentence, name, term;
    struct buffer output; /* Xapian's, a line of it */
    xapian_string text;
    struct document_edits edits;
    bool tables_sound;   /* as far as Xapian can tell */
    struct buffer found; /* the findings' sentences, each ended by a NUL: told at the end */
    size_t findings;
    bool disturbed; /* a writer committed meanwhile */
};

/* Keeps the thread's sentence as a finding. */
static void keep_sentence(struct check *check) {
    const char *sentence = xunzi_error_message();
    buffer_append(&check->found, sentence,
                  strlen(sentence) + 1); /* without memory it is counted only */
}

static void find(struct check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void find(struct check *check, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    buffer_clear(&check->sentence);
    check->findings++;
    bool ok = buffer_printf(&check->sentence, "%s: ", check->path) &&
              buffer_vprintf(&check->sentence, format, arguments) &&
              buffer_terminate(&check->sentence);
    va_end(arguments);
    /* What is quoted may hold anything; the thread's sentence is the one place that makes it fit to
     * print. */
    error_set(XUNZI_ERROR_CORRUPT, "%s",
              ok ? check->sentence.data : "damaged, and there is no memory to say how");
    keep_sentence(check);
}

static xapian_step keep_output(void *context, const char *text, size_t size) {
    struct check *check = context;
    return check->output.size > 4096 || buffer_append(&check->output, text, size) ? XAPIAN_CONTINUE
                                                                                  : XAPIAN_STOP;
}

static void check_tables(struct check *check) {
    struct buffer catalog = {0};
    size_t errors = 0;
    if (!catalog_append_path(&catalog, check->path)) {
        find(check, "there is not enough memory to check it");
        return;
    }
    if (version_file_check(catalog.data, check->path) != XUNZI_OK) {
        buffer_free(&catalog); /* told already: it could not be opened */
        return;
    }
    xapian_status status = xapian_database_check(catalog.data, 0, keep_output, check, &errors);
    buffer_free(&catalog);
    check->tables_sound = status == XAPIAN_OK && errors == 0;
    if (status != XAPIAN_OK)
        find(check, "the catalog cannot be checked: %s", xapian_error_message());
    else if (errors > 0)
        find(check, "the catalog's tables have %zu errors; Xapian says: %.*s", errors,
             (int)check->output.size, check->output.data ? check->output.data : "");
}

/* Whether a value slot holds what it should. */
static bool value_is(struct check *check, const xapian_document *stored, xapian_valueno slot,
                     const char *expected, size_t size) {
    return xapian_document_value(stored, slot, &check->text) == XAPIAN_OK &&
           check->text.size == size && (size == 0 || memcmp(check->text.data, expected, size) == 0);
}

/* Whether the term in check->term is in this document, and, with `only`, in no other. */
static bool has_term(struct check *check, xunzi_index *index, xapian_docid docid, bool only) {
    xapian_posting_iterator *postings;
    xapian_doccount frequency = 0;
    bool has = xapian_database_postings(index->database, check->term.data, check->term.size,
                                        &postings) == XAPIAN_OK &&
               xapian_posting_iterator_skip_to(postings, docid) == XAPIAN_OK &&
               xapian_posting_iterator_docid(postings) == docid;
    xapian_posting_iterator_free(postings);
    if (has && only)
        has = xapian_database_term_frequency(index->database, check->term.data, check->term.size,
                                             &frequency) == XAPIAN_OK &&
              frequency == 1;
    return has;
}

static void check_members(struct check *check, xunzi_index *index, xapian_docid docid,
                          const xunzi_document *document, const struct document_edits *edits,
                          const xapian_document *stored) {
    unsigned number = (unsigned)docid;
    buffer_clear(&check->term);
    if (document->id.size == 0 ||
        !term_append(&check->term, TERM_PREFIX_ID, document->id.data, document->id.size) ||
        !has_term(check, index, docid, true))
        find(check, "document %u is not the one that its id leads to", number);
    char value[9] = "";
    date_day first, last;
    if (date_parse_declared(document->date.data, document->date.size, &first, &last))
        live_date_value(first, value);
    bool may_have_none = date_is_listed(document->date.data, document->date.size, 0);
    if (!value_is(check, stored, LIVE_SLOT_DATE, value, strlen(value)) &&
        !(may_have_none && value_is(check, stored, LIVE_SLOT_DATE, "", 0)))
        find(check, "document %u is sorted under another date than its own", number);
    size_t size = live_source_value_size(document->source);
    if (!value_is(check, stored, LIVE_SLOT_SOURCE, document->source.data, size))
        find(check, "document %u is kept under another source than its own", number);
    struct fingerprint fingerprint;
    if (fingerprint_of(document, edits, &fingerprint) != XUNZI_OK ||
        !value_is(check, stored, LIVE_SLOT_FINGERPRINT, (const char *)&fingerprint,
                  fingerprint_is_none(&fingerprint) ? 0 : sizeof fingerprint))
        find(check, "document %u has another fingerprint than that of its text", number);
    if (document->source.size > 0) {
        buffer_clear(&check->name);
        buffer_clear(&check->term);
        if (fold_edited_to_key(document->source.data, document->source.size, &edits->source,
                               &check->name) != XUNZI_OK ||
            !term_append(&check->term, TERM_PREFIX_SOURCE, check->name.data, check->name.size) ||
            !has_term(check, index, docid, false))
            find(check, "document %u is not found by its source", number);
    }
}

/* The terms as listed with the document, without which it could neither be replaced nor deleted,
 * make up its length. */
static void check_terms(struct check *check, xunzi_index *index, xapian_docid docid) {
    xapian_term_iterator *terms;
    xapian_termcount length = 0, wdf = 0;
    uint64_t sum = 0;
    xapian_status status = xapian_database_document_terms(index->database, docid, &terms);
    while (status == XAPIAN_OK && (status = xapian_term_iterator_next(terms)) == XAPIAN_OK) {
        status = xapian_term_iterator_wdf(terms, &wdf);
        sum += wdf;
    }
    xapian_term_iterator_free(terms);
    if (status == XAPIAN_END)
        status = xapian_database_document_length(index->database, docid, &length);
    if (status != XAPIAN_OK)
        find(check, "the terms of document %u cannot be listed: %s", (unsigned)docid,
             xapian_error_message());
    else if (sum != length)
        find(check, "document %u has terms for %llu tokens, but is counted as %u long",
             (unsigned)docid, (unsigned long long)sum, (unsigned)length);
}

/* ---- segments ---- */

static void check_deletions(struct check *check, const xunzi_index *index, size_t i) {
    const struct index_segment *segment = &index->segments[i];
    uint64_t length = 0;
    for (uint32_t d = segment->deleted ? deletions_next(segment->deleted, 0) : UINT32_MAX;
         d != UINT32_MAX; d = deletions_next(segment->deleted, d + 1))
        length += segment_length(segment->segment, d);
    if (length != index->snapshot.manifest.segments[i].deleted_length)
        find(check,
             "the manifest says %llu of the length of the deleted documents of segment %u, which "
             "is %llu",
             (unsigned long long)index->snapshot.manifest.segments[i].deleted_length,
             (unsigned)segment->number, (unsigned long long)length);
}

struct id_check {
    struct check *check;
    xunzi_index *index;
    const struct index_segment *left, *right;
    struct texts_reader texts[2];
};

static bool check_pair(void *context, uint32_t left, uint32_t right) {
    struct id_check *ids = context;
    xunzi_document a, b;
    if (left >= ids->left->segment->header.documents ||
        right >= ids->right->segment->header.documents || deletions_has(ids->left->deleted, left) ||
        deletions_has(ids->right->deleted, right) || (ids->left == ids->right && left >= right) ||
        texts_read(&ids->texts[0], ids->left->segment, left, &a, NULL) != XUNZI_OK ||
        texts_read(&ids->texts[1], ids->right->segment, right, &b, NULL) != XUNZI_OK)
        return true;
    if (a.id.size == b.id.size && memcmp(a.id.data, b.id.data, a.id.size) == 0)
        find(ids->check, "two documents have the id %.*s", (int)(a.id.size < 200 ? a.id.size : 200),
             a.id.data);
    return true;
}

/* Whether any id in a segment is that of another document that can be found, in it, in a later
 * segment, or live. */
static void check_ids(struct check *check, xunzi_index *index, size_t i) {
    struct id_check ids = {.check = check, .index = index, .left = &index->segments[i]};
    for (size_t k = i; k < index->segment_count; k++) {
        ids.right = &index->segments[k];
        segment_match_ids(ids.left->segment, ids.right->segment, check_pair, &ids);
    }
    texts_reader_free(&ids.texts[0]);
    texts_reader_free(&ids.texts[1]);
}

static void check_segments(struct check *check, xunzi_index *index) {
    for (size_t i = 0; i < index->segment_count; i++) {
        if (segment_verify(index->segments[i].segment) != XUNZI_OK) {
            check->findings++;
            keep_sentence(check);
            continue;
        }
        check_deletions(check, index, i);
        check_ids(check, index, i);
    }
}

/* Whether a live document's id is that of a document in a segment too. */
static void check_live_id(struct check *check, xunzi_index *index, xunzi_string id) {
    uint32_t number;
    for (size_t i = 0; i < index->segment_count; i++)
        if (segment_find_id(index->segments[i].segment, index->segments[i].deleted,
                            &index->reader.texts, id, &number) == XUNZI_OK)
            find(check, "two documents have the id %.*s", (int)(id.size < 200 ? id.size : 200),
                 id.data);
}

/* ---- live documents ---- */

static void check_document(struct check *check, xunzi_index *index, xapian_docid docid) {
    xunzi_document document;
    if (index_read_document(index, index->live_ordinal + docid, &document, &check->edits) !=
        XUNZI_OK) {
        find(check, "document %u cannot be read", (unsigned)docid);
        return;
    }
    xapian_document *stored;
    check_live_id(check, index, document.id);
    if (xapian_database_get_document(index->database, docid, 0, &stored) == XAPIAN_OK)
        check_members(check, index, docid, &document, &check->edits, stored);
    else
        find(check, "document %u is missing: %s", (unsigned)docid, xapian_error_message());
    xapian_document_free(stored);
    if (check->tables_sound) /* Xapian reads term lists without looking whether they are whole */
        check_terms(check, index, docid);
}

/* What the collection remembers of its pages. */
static void check_pages(struct check *check, const xunzi_index *index) {
    struct page_memory *memory = malloc(sizeof *memory);
    if (!memory ||
        xapian_database_get_metadata(index->database, MANIFEST_KEY_PAGES,
                                     strlen(MANIFEST_KEY_PAGES), &check->text) != XAPIAN_OK)
        find(check, "its table of repeated lines cannot be read");
    else if (check->text.size > 0 &&
             page_memory_decode(memory, check->text.data, check->text.size) != XUNZI_OK)
        find(check, "its table of repeated lines makes no sense");
    free(memory);
}

static void check_documents(struct check *check, xunzi_index *index) {
    xapian_posting_iterator *documents;
    uint64_t count = 0;
    xapian_status status = xapian_database_postings(index->database, NULL, 0, &documents);
    while (status == XAPIAN_OK && (status = xapian_posting_iterator_next(documents)) == XAPIAN_OK) {
        check_document(check, index, xapian_posting_iterator_docid(documents));
        count++;
    }
    xapian_posting_iterator_free(documents);
    /* Xapian takes a missing table for one of which nothing was asked; every document has something
     * with a position. */
    bool has_positions = false;
    if (count > 0 && xapian_database_has_positions(index->database, &has_positions) == XAPIAN_OK &&
        !has_positions)
        find(check, "the positions of all terms are missing, without which no phrase is found");
    if (status != XAPIAN_END)
        find(check, "the documents cannot be listed: %s", xapian_error_message());
    else if (count != index->live_documents)
        find(check, "%llu live documents are listed, but %llu are counted",
             (unsigned long long)count, (unsigned long long)index->live_documents);
}

/* One pass over what was committed last. XUNZI_OK: done, whatever was found; otherwise there is
 * nothing to check. */
static xunzi_status check_once(struct check *check) {
    xunzi_index *index;
    xunzi_status status = xunzi_index_open(check->path, &index);
    if (status != XUNZI_OK && status != XUNZI_ERROR_CORRUPT && status != XUNZI_ERROR_IO)
        return status;
    if (status != XUNZI_OK) {
        check->findings++;
        keep_sentence(check);
    }
    check_tables(check);
    if (index) {
        check_segments(check, index);
        check_documents(check, index);
        check_pages(check, index);
        /* What was read while a writer committed may be of two states: it proves nothing. */
        uint64_t snapshot = index->snapshots;
        if (check->findings > 0 && xunzi_index_refresh(index) == XUNZI_OK)
            check->disturbed = index->snapshots != snapshot;
    }
    xunzi_index_close(index);
    return XUNZI_OK;
}

xunzi_status xunzi_check(const char *path, xunzi_check_report *report, void *context) {
    struct check check = {.path = path};
    xunzi_status status = XUNZI_OK;
    for (int tries = 0; tries < INDEX_TRIES; tries++) {
        check.findings = 0;
        check.disturbed = false;
        buffer_clear(&check.found);
        buffer_clear(&check.output);
        status = check_once(&check);
        if (status != XUNZI_OK || !check.disturbed)
            break;
    }
    for (size_t at = 0; at < check.found.size; at += strlen(check.found.data + at) + 1)
        report(context, check.found.data + at);
    buffer_free(&check.found);
    buffer_free(&check.sentence);
    buffer_free(&check.name);
    buffer_free(&check.term);
    buffer_free(&check.output);
    xapian_string_free(&check.text);
    document_edits_free(&check.edits);
    if (status != XUNZI_OK || check.findings == 0)
        return status;
    return error_set(XUNZI_ERROR_CORRUPT, "%s is damaged: %zu findings", path, check.findings);
}
