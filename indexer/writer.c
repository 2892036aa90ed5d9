/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The public writer: documents into the catalog, changes gathered in one transaction from commit to commit. */
#include <stdlib.h>

#include "base/error.h"
#include "base/utf8.h"
#include "catalog/catalog.h"
#include "catalog/live_document.h"
#include "catalog/terms.h"
#include "catalog/xapian_error.h"
#include "text/document_edits.h"

struct xunzi_writer {
    struct catalog_writer catalog;
    struct live_document_maker *maker;
    struct edit_finder *finder;
    struct document_edits edits;
    bool keep_all;
    struct buffer repaired[7]; /* members that were not well-formed UTF-8 */
    struct buffer id;          /* made for a document without one */
    struct buffer term;
};

xunzi_writer_options xunzi_writer_options_default(void) {
    return (xunzi_writer_options){.create = true, .profile = XUNZI_PROFILE_FULL};
}

/* Reads what the collection's pages have in common. It is of use, not of need: damaged, it is begun anew. */
static xunzi_status read_pages(xunzi_writer *writer) {
    xapian_string value = XAPIAN_STRING_INIT;
    struct page_memory *memory = edit_finder_memory(writer->finder);
    xapian_status status =
        xapian_database_get_metadata(writer->catalog.database, CATALOG_KEY_PAGES, strlen(CATALOG_KEY_PAGES), &value);
    *memory = (struct page_memory){0};
    if (status == XAPIAN_OK && value.size > 0)
        (void)page_memory_decode(memory, value.data, value.size);
    xapian_string_free(&value);
    return status == XAPIAN_OK ? XUNZI_OK
                               : error_set_xapian(status, "%s: the manifest cannot be read", writer->catalog.path);
}

/* Writes it, where it has changed, as a part of the open transaction. */
static xunzi_status write_pages(xunzi_writer *writer) {
    struct page_memory *memory = edit_finder_memory(writer->finder);
    if (!memory->changed || !writer->catalog.changed)
        return XUNZI_OK;
    buffer_clear(&writer->term);
    if (!page_memory_encode(memory, &writer->term))
        return error_no_memory();
    xapian_status status = xapian_database_set_metadata(writer->catalog.database, CATALOG_KEY_PAGES, strlen(CATALOG_KEY_PAGES),
                                                        writer->term.data, writer->term.size);
    return status == XAPIAN_OK ? XUNZI_OK
                               : error_set_xapian(status, "%s: the manifest cannot be written", writer->catalog.path);
}

xunzi_status xunzi_writer_open(const char *path, const xunzi_writer_options *options, xunzi_writer **out) {
    *out = NULL;
    xunzi_writer_options defaults = xunzi_writer_options_default();
    xunzi_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return error_no_memory();
    xunzi_status status = catalog_writer_open(&writer->catalog, path, options ? options : &defaults);
    if (status == XUNZI_OK)
        status = live_document_maker_new(writer->catalog.profile, &writer->maker);
    if (status == XUNZI_OK)
        status = edit_finder_new(&writer->finder);
    if (status == XUNZI_OK)
        status = read_pages(writer);
    if (status != XUNZI_OK) {
        xunzi_writer_close(writer);
        return status;
    }
    writer->keep_all = options && options->keep_all;
    *out = writer;
    return XUNZI_OK;
}

void xunzi_writer_close(xunzi_writer *writer) {
    if (!writer)
        return;
    catalog_writer_close(&writer->catalog);
    live_document_maker_free(writer->maker);
    edit_finder_free(writer->finder);
    document_edits_free(&writer->edits);
    for (size_t i = 0; i < sizeof writer->repaired / sizeof *writer->repaired; i++)
        buffer_free(&writer->repaired[i]);
    buffer_free(&writer->id);
    buffer_free(&writer->term);
    free(writer);
}

/* Puts a repaired copy in the place of a member that is not well-formed. */
static bool repair(xunzi_string *member, struct buffer *copy) {
    if (utf8_valid_prefix(member->data, member->size) == member->size)
        return true;
    uint64_t replaced = 0;
    buffer_clear(copy);
    if (!utf8_append_repaired(copy, member->data, member->size, &replaced))
        return false;
    *member = (xunzi_string){copy->data, copy->size};
    return true;
}

static xunzi_status repair_members(xunzi_writer *writer, xunzi_document *document) {
    xunzi_string *members[] = {&document->id,     &document->title, &document->body, &document->date,
                               &document->source, &document->url,   &document->extra};
    size_t total = 0;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (members[i]->size <= XUNZI_MAX_DOCUMENT_BYTES && !repair(members[i], &writer->repaired[i]))
            return error_no_memory();
        total += members[i]->size;
        if (members[i]->size > XUNZI_MAX_DOCUMENT_BYTES || total > XUNZI_MAX_DOCUMENT_BYTES)
            return error_set(XUNZI_ERROR_LIMIT, "the document is larger than %u MiB", XUNZI_MAX_DOCUMENT_BYTES >> 20);
    }
    if (document->id.size > XUNZI_MAX_ID_BYTES)
        return error_set(XUNZI_ERROR_LIMIT, "the document's id has %zu bytes; %u are the most", document->id.size,
                         XUNZI_MAX_ID_BYTES);
    return XUNZI_OK;
}

/* The id of a document that came without: a hash of what it says, so that the same document added again replaces itself. */
static xunzi_status make_id(xunzi_writer *writer, xunzi_document *document) {
    const xunzi_string parts[] = {document->title, document->body, document->url};
    struct buffer *text = &writer->term;
    buffer_clear(text);
    buffer_clear(&writer->id);
    bool ok = true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        ok = ok && buffer_append_varint(text, parts[i].size) && buffer_append(text, parts[i].data, parts[i].size);
    if (!ok || !term_append_hash(&writer->id, text->data, text->size))
        return error_no_memory();
    document->id = (xunzi_string){writer->id.data, writer->id.size};
    return XUNZI_OK;
}

xunzi_status xunzi_writer_add(xunzi_writer *writer, const xunzi_document *document) {
    xunzi_document copy = *document;
    xapian_document *made = NULL;
    uint64_t tokens = 0;
    xunzi_status status = repair_members(writer, &copy);
    if (status == XUNZI_OK && copy.id.size == 0)
        status = make_id(writer, &copy);
    if (status == XUNZI_OK)
        status = edit_finder_read(writer->finder, &copy, writer->keep_all, &writer->edits);
    if (status == XUNZI_OK)
        status = live_document_make_edited(writer->maker, &copy, &writer->edits, &made, &tokens);
    if (status == XUNZI_OK && tokens == 0)
        status = error_set(XUNZI_ERROR_INVALID_ARGUMENT, "the document has no text to search for");
    buffer_clear(&writer->term);
    if (status == XUNZI_OK && !term_append_id(&writer->term, copy.id))
        status = error_no_memory();
    if (status == XUNZI_OK)
        status = catalog_writer_begin(&writer->catalog);
    if (status == XUNZI_OK) {
        xapian_status replaced = xapian_database_replace_document_by_term(
            writer->catalog.database, writer->term.data, writer->term.size, made, NULL);
        if (replaced != XAPIAN_OK)
            status = error_set_xapian(replaced, "%s: a document could not be added", writer->catalog.path);
        else
            edit_finder_remember(writer->finder);
    }
    xapian_document_free(made);
    return status;
}

xunzi_status xunzi_writer_delete(xunzi_writer *writer, xunzi_string id) {
    buffer_clear(&writer->term);
    if (!term_append_id(&writer->term, id))
        return error_no_memory();
    bool exists = false;
    xapian_status status =
        xapian_database_term_exists(writer->catalog.database, writer->term.data, writer->term.size, &exists);
    if (status == XAPIAN_OK && !exists)
        return error_set(XUNZI_ERROR_NOT_FOUND, "%s has no document with the id %.*s", writer->catalog.path,
                         (int)(id.size < 200 ? id.size : 200), id.data);
    xunzi_status begun = catalog_writer_begin(&writer->catalog);
    if (begun != XUNZI_OK)
        return begun;
    if (status == XAPIAN_OK)
        status = xapian_database_delete_document_by_term(writer->catalog.database, writer->term.data,
                                                         writer->term.size);
    return status == XAPIAN_OK
               ? XUNZI_OK
               : error_set_xapian(status, "%s: a document could not be deleted", writer->catalog.path);
}

xunzi_status xunzi_writer_commit(xunzi_writer *writer) {
    xunzi_status status = write_pages(writer);
    return status == XUNZI_OK ? catalog_writer_commit(&writer->catalog) : status;
}

xunzi_status xunzi_writer_rollback(xunzi_writer *writer) {
    xunzi_status status = catalog_writer_rollback(&writer->catalog);
    return status == XUNZI_OK ? read_pages(writer) : status;
}

xunzi_status xunzi_writer_optimize(xunzi_writer *writer) {
    xunzi_status status = write_pages(writer);
    return status == XUNZI_OK ? catalog_writer_compact(&writer->catalog) : status;
}

uint64_t xunzi_writer_documents(const xunzi_writer *writer) {
    xapian_doccount count = 0;
    xapian_database_document_count(writer->catalog.database, &count);
    return count;
}
