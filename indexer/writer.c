/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The public writer: what is wrong with a document is told at once; the rest waits for the commit
 * (changes.h). */
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "base/utf8.h"
#include "catalog/catalog_writer.h"
#include "catalog/live_document.h"
#include "catalog/xapian_error.h"
#include "indexer/changes.h"
#include "indexer/commit.h"
#include "text/character.h"
#include "text/document_edits.h"
#include "text/terms.h"

enum { LIVE_MOST = 1024, LIVE_MOST_PER_FEW = 8 };
static const size_t MEMORY = (size_t)512 << 20;

struct xunzi_writer {
    struct catalog_writer catalog;
    struct changes changes;
    uint64_t live_most;
    struct live_document_maker *maker;
    struct edit_finder *finder;
    struct document_edits edits;
    bool keep_all;
    struct buffer repaired[7]; /* members that were not well-formed UTF-8 */
    struct buffer id;          /* made for a document without one */
    struct buffer scratch;
};

xunzi_writer_options xunzi_writer_options_default(void) {
    return (xunzi_writer_options){.create = true,
                                  .profile = XUNZI_PROFILE_FULL,
                                  .threads = 1,
                                  .memory = MEMORY,
                                  .live_most = LIVE_MOST};
}

/* Reads what the collection's pages have in common. It is of use, not of need: damaged, it is begun
 * anew. */
static xunzi_status read_pages(xunzi_writer *writer) {
    xapian_string value = XAPIAN_STRING_INIT;
    struct page_memory *memory = edit_finder_memory(writer->finder);
    xapian_status status = xapian_database_get_metadata(
        writer->catalog.database, MANIFEST_KEY_PAGES, strlen(MANIFEST_KEY_PAGES), &value);
    *memory = (struct page_memory){0};
    if (status == XAPIAN_OK && value.size > 0)
        (void)page_memory_decode(memory, value.data, value.size);
    xapian_string_free(&value);
    return status == XAPIAN_OK
               ? XUNZI_OK
               : error_set_xapian(status, "%s: the manifest cannot be read", writer->catalog.path);
}

/* Encodes it, where it has changed, into the scratch buffer; otherwise *pages is empty. */
static xunzi_status encode_pages(xunzi_writer *writer, xunzi_string *pages) {
    struct page_memory *memory = edit_finder_memory(writer->finder);
    *pages = (xunzi_string){0};
    if (!memory->changed)
        return XUNZI_OK;
    buffer_clear(&writer->scratch);
    if (!page_memory_encode(memory, &writer->scratch))
        return error_no_memory();
    *pages = (xunzi_string){writer->scratch.data, writer->scratch.size};
    return XUNZI_OK;
}

static void set_options(xunzi_writer *writer, const xunzi_writer_options *options) {
    uint64_t few = options->live_most / LIVE_MOST_PER_FEW;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    writer->keep_all = options->keep_all;
    writer->live_most = options->live_most;
    writer->changes =
        (struct changes){.catalog = &writer->catalog,
                         .building = {.threads = options->threads > 0 ? options->threads
                                                 : processors > 0     ? (unsigned)processors
                                                                      : 1,
                                      .memory = options->memory > 0 ? options->memory : MEMORY},
                         .few_most = few < UINT32_MAX ? (uint32_t)few : UINT32_MAX};
}

xunzi_status xunzi_writer_open(const char *path, const xunzi_writer_options *options,
                               xunzi_writer **out) {
    *out = NULL;
    xunzi_writer_options defaults = xunzi_writer_options_default();
    xunzi_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return error_no_memory();
    set_options(writer, options ? options : &defaults);
    xunzi_status status =
        catalog_writer_open(&writer->catalog, path, options ? options : &defaults);
    if (status == XUNZI_OK)
        status = live_document_maker_new(writer->catalog.manifest.profile, &writer->maker);
    if (status == XUNZI_OK)
        status = edit_finder_new(&writer->finder);
    if (status == XUNZI_OK)
        status = read_pages(writer);
    if (status == XUNZI_OK)
        status = changes_begin(&writer->changes);
    if (status != XUNZI_OK) {
        xunzi_writer_close(writer);
        return status;
    }
    *out = writer;
    return XUNZI_OK;
}

void xunzi_writer_close(xunzi_writer *writer) {
    if (!writer)
        return;
    changes_free(&writer->changes);
    catalog_writer_close(&writer->catalog);
    live_document_maker_free(writer->maker);
    edit_finder_free(writer->finder);
    document_edits_free(&writer->edits);
    for (size_t i = 0; i < sizeof writer->repaired / sizeof *writer->repaired; i++)
        buffer_free(&writer->repaired[i]);
    buffer_free(&writer->id);
    buffer_free(&writer->scratch);
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
    xunzi_string *members[] = {&document->id,   &document->title,  &document->body,
                               &document->date, &document->source, &document->url,
                               &document->extra};
    size_t total = 0;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (members[i]->size <= XUNZI_MAX_DOCUMENT_BYTES &&
            !repair(members[i], &writer->repaired[i]))
            return error_no_memory();
        total += members[i]->size;
        if (members[i]->size > XUNZI_MAX_DOCUMENT_BYTES || total > XUNZI_MAX_DOCUMENT_BYTES)
            return error_set(XUNZI_ERROR_LIMIT, "the document is larger than %u MiB",
                             XUNZI_MAX_DOCUMENT_BYTES >> 20);
    }
    if (document->id.size > XUNZI_MAX_ID_BYTES)
        return error_set(XUNZI_ERROR_LIMIT, "the document's id has %zu bytes; %u are the most",
                         document->id.size, XUNZI_MAX_ID_BYTES);
    return XUNZI_OK;
}

/* The id of a document that came without: a hash of what it says, so that the same document added
 * again replaces itself. */
static xunzi_status make_id(xunzi_writer *writer, xunzi_document *document) {
    const xunzi_string parts[] = {document->title, document->body, document->url};
    struct buffer *text = &writer->scratch;
    buffer_clear(text);
    buffer_clear(&writer->id);
    bool ok = true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        ok = ok && buffer_append_varint(text, parts[i].size) &&
             buffer_append(text, parts[i].data, parts[i].size);
    if (!ok || !term_append_hash(&writer->id, text->data, text->size))
        return error_no_memory();
    document->id = (xunzi_string){writer->id.data, writer->id.size};
    return XUNZI_OK;
}

static bool is_searchable(uint32_t code_point) {
    enum character_class class = character_entry_class(character_entry(code_point));
    return character_class_is_cjk(class) || class == CHARACTER_LETTER || class == CHARACTER_DIGIT;
}

/* Whether a text, read through its edits, holds a character that surely gives a token. */
static bool has_searchable(xunzi_string text, const struct edits *edits) {
    size_t next = 0;
    for (size_t at = 0; at < text.size;) {
        while (next < edits->count && edits->items[next].end <= at)
            next++;
        if (next < edits->count && edits->items[next].begin <= at) {
            at = edits->items[next].end;
            continue;
        }
        if (is_searchable(utf8_next(text.data, text.size, &at)))
            return true;
    }
    return false;
}

/* XUNZI_ERROR_INVALID_ARGUMENT: the document gives no token. The doubtful cases are told by making
 * its terms. */
static xunzi_status check_searchable(xunzi_writer *writer, const xunzi_document *document) {
    if (has_searchable(document->body, &writer->edits.body) ||
        has_searchable(document->title, &writer->edits.title))
        return XUNZI_OK;
    xapian_document *made = NULL;
    uint64_t tokens = 0;
    xunzi_status status =
        live_document_make(writer->maker, document, &writer->edits, &made, &tokens);
    xapian_document_free(made);
    if (status == XUNZI_OK && tokens == 0)
        status = error_set(XUNZI_ERROR_INVALID_ARGUMENT, "the document has no text to search for");
    return status;
}

/* XUNZI_ERROR_LIMIT: the edits are more than can be stored. */
static xunzi_status check_edits(xunzi_writer *writer) {
    const struct document_edits *edits = &writer->edits;
    size_t sizes[DOCUMENT_EDITS_LISTS];
    if (edits->title.count + edits->body.count + edits->source.count == 0)
        return XUNZI_OK;
    buffer_clear(&writer->scratch);
    return document_edits_encode(edits, &writer->scratch, sizes);
}

xunzi_status xunzi_writer_add(xunzi_writer *writer, const xunzi_document *document) {
    xunzi_document copy = *document;
    xunzi_status status = repair_members(writer, &copy);
    if (status == XUNZI_OK && copy.id.size == 0)
        status = make_id(writer, &copy);
    if (status == XUNZI_OK)
        status = edit_finder_read(writer->finder, &copy, writer->keep_all, &writer->edits);
    if (status == XUNZI_OK)
        status = check_searchable(writer, &copy);
    if (status == XUNZI_OK)
        status = check_edits(writer);
    if (status == XUNZI_OK)
        status = changes_add(&writer->changes, &copy, &writer->edits);
    if (status == XUNZI_OK)
        edit_finder_remember(writer->finder);
    return status;
}

xunzi_status xunzi_writer_delete(xunzi_writer *writer, xunzi_string id) {
    xunzi_string stored = id; /* as it was when the document was stored */
    if (id.size <= XUNZI_MAX_ID_BYTES && !repair(&stored, &writer->repaired[0]))
        return error_no_memory();
    xunzi_status status = changes_delete(&writer->changes, stored);
    if (status == XUNZI_END)
        return error_set(XUNZI_ERROR_NOT_FOUND, "%s has no document with the id %.*s",
                         writer->catalog.path, (int)(id.size < 200 ? id.size : 200), id.data);
    return status;
}

/* Commits, with all live documents sealed where asked for. */
static xunzi_status commit(xunzi_writer *writer, uint64_t live_most) {
    xunzi_string pages;
    xunzi_status status = encode_pages(writer, &pages);
    return status == XUNZI_OK ? commit_changes(&writer->changes, writer->maker, live_most, pages)
                              : status;
}

xunzi_status xunzi_writer_commit(xunzi_writer *writer) {
    xunzi_status status = commit(writer, writer->live_most);
    if (status == XUNZI_OK)
        (void)commit_merges(
            &writer->changes); /* the commit stands whether or not it can be tidied up after */
    return status;
}

xunzi_status xunzi_writer_rollback(xunzi_writer *writer) {
    changes_clear(&writer->changes);
    catalog_writer_sweep(&writer->catalog); /* what a commit that failed has left */
    xunzi_status status = changes_begin(&writer->changes);
    return status == XUNZI_OK ? read_pages(writer) : status;
}

xunzi_status xunzi_writer_optimize(xunzi_writer *writer) {
    xunzi_status status = commit(writer, writer->live_most);
    if (status == XUNZI_OK && writer->changes.live_documents > 0) {
        status = changes_seal(&writer->changes);
        if (status == XUNZI_OK)
            status = commit(writer, 0);
    }
    return status == XUNZI_OK ? commit_merge_all(&writer->changes) : status;
}

uint64_t xunzi_writer_documents(const xunzi_writer *writer) {
    return changes_documents(&writer->changes);
}
