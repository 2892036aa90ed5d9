/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Verifying a whole segment; segment.h has the layout. */
#include "segment/segment.h"

#include <stdio.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/date.h"
#include "base/error.h"
#include "segment/segment_verify_terms.h"
#include "segment/source_table.h"
#include "segment/texts.h"

static const char *const SECTION_NAMES[SEGMENT_SECTIONS] = {
    "texts",        "text index", "lengths",  "dates",     "sources", "source names",
    "fingerprints", "ids",        "postings", "positions", "terms",   "term index"};

struct verification {
    const struct segment *segment;
    uint32_t *ids;      /* upper halves of the hashes, by document */
    uint8_t *ids_known; /* by document */
};

static xunzi_status damaged(const struct segment *segment, const char *what) {
    return error_set(XUNZI_ERROR_CORRUPT, "%s is damaged: %s", segment->path, what);
}

static xunzi_status document_damaged(const struct segment *segment, uint32_t document,
                                     const char *what) {
    return error_set(XUNZI_ERROR_CORRUPT, "%s is damaged: %s of document %u", segment->path, what,
                     (unsigned)document);
}

/* The sections' checksums, and that there are zeroes between them. */
static xunzi_status verify_bytes(const struct segment *segment) {
    uint64_t end = SEGMENT_HEADER_SIZE;
    for (size_t s = 0; s < SEGMENT_SECTIONS; s++) {
        uint64_t begin = segment->header.sections[s].begin, size = segment->header.sections[s].size;
        for (; end < begin; end++)
            if (segment->bytes[end] != 0)
                return error_set(XUNZI_ERROR_CORRUPT,
                                 "%s is damaged: there is something before its %s", segment->path,
                                 SECTION_NAMES[s]);
        if (XXH3_64bits(segment->bytes + begin, size) != segment->header.sections[s].hash)
            return error_set(XUNZI_ERROR_CORRUPT, "%s is damaged: the checksum of its %s is wrong",
                             segment->path, SECTION_NAMES[s]);
        end = begin + size;
    }
    return XUNZI_OK;
}

/* ---- columns ---- */

static xunzi_status verify_dates(const struct segment *segment) {
    char text[16];
    for (uint32_t d = 0; d < segment->header.documents; d++) {
        date_day date = segment_date(segment, d), first, last;
        if (date == 0)
            continue;
        int size = snprintf(text, sizeof text, "%08u", (unsigned)date);
        if (size != 8 || !date_parse(text, 8, &first, &last) || first != date || last != date)
            return document_damaged(segment, d, "there is no such day as the date");
    }
    return XUNZI_OK;
}

static xunzi_status verify_source_names(const struct segment *segment) {
    static const char *const nonsense = "its source names make no sense";
    struct source_table table = {0};
    uint32_t count = segment_source_count(segment), number;
    xunzi_string name = {0};
    uint64_t size = 8 + 8 * (uint64_t)count;
    xunzi_status status = XUNZI_OK;
    for (uint32_t i = 1; i <= count && status == XUNZI_OK; i++) {
        if (!segment_source_name(segment, i, &name))
            status = damaged(segment, nonsense);
        else if (!source_table_number(&table, name, &number))
            status = error_no_memory();
        else if (number != i) /* empty, or there already */
            status = damaged(segment, nonsense);
        size += name.size;
    }
    source_table_free(&table);
    if (status == XUNZI_OK && size != segment->header.sections[SEGMENT_SOURCE_NAMES].size)
        status = damaged(segment, nonsense);
    return status;
}

static xunzi_status verify_sources(const struct segment *segment) {
    uint32_t count = segment_source_count(segment), met = 0;
    xunzi_status status = verify_source_names(segment);
    for (uint32_t d = 0; d < segment->header.documents && status == XUNZI_OK; d++) {
        uint32_t number = segment_source_number(segment, d);
        if (number > count || number > met + 1)
            status = document_damaged(segment, d, "there is no such source as that");
        else if (number == met + 1)
            met = number;
    }
    if (status == XUNZI_OK && met != count)
        status = damaged(segment, "it names a source that no document has");
    return status;
}

static xunzi_status verify_ids(struct verification *verification) {
    const struct segment *segment = verification->segment;
    const uint8_t *ids = segment_section(segment, SEGMENT_IDS);
    uint64_t before = 0, id;
    for (uint32_t i = 0; i < segment->header.documents; i++, before = id) {
        memcpy(&id, ids + 8 * (size_t)i, sizeof id);
        uint32_t number = (uint32_t)id;
        if ((i > 0 && id <= before) || number >= segment->header.documents ||
            verification->ids_known[number])
            return damaged(segment, "its ids make no sense");
        verification->ids_known[number] = 1;
        verification->ids[number] = (uint32_t)(id >> 32);
    }
    return XUNZI_OK;
}

/* ---- documents ---- */

/* What the columns say of a document is what its record says. */
static xunzi_status compare_document(void *context, uint32_t number, const xunzi_document *document,
                                     const struct document_edits *edits) {
    const struct verification *verification = context;
    const struct segment *segment = verification->segment;
    xunzi_string source;
    struct fingerprint fingerprint, listed = segment_fingerprint(segment, number);
    if (XXH3_64bits(document->id.data, document->id.size) >> 32 != verification->ids[number])
        return document_damaged(segment, number, "another id is listed than that");
    if (!date_is_listed(document->date.data, document->date.size, segment_date(segment, number)))
        return document_damaged(segment, number, "another date is listed than that");
    if (!segment_source(segment, number, &source) || source.size != document->source.size ||
        memcmp(source.data, document->source.data, source.size) != 0)
        return document_damaged(segment, number, "another source is listed than that");
    xunzi_status status = fingerprint_of(document, edits, &fingerprint);
    if (status == XUNZI_OK && !fingerprint_is_same(&fingerprint, &listed))
        status = document_damaged(segment, number, "another fingerprint is listed than that");
    return status;
}

static xunzi_status verify_documents(const struct segment *segment) {
    struct verification verification = {
        segment, calloc(segment->header.documents, sizeof *verification.ids),
        calloc(segment->header.documents, sizeof *verification.ids_known)};
    xunzi_status status =
        verification.ids && verification.ids_known ? verify_ids(&verification) : error_no_memory();
    if (status == XUNZI_OK)
        status = texts_verify(segment, compare_document, &verification);
    free(verification.ids);
    free(verification.ids_known);
    return status;
}

xunzi_status segment_verify(const struct segment *segment) {
    xunzi_status status = verify_bytes(segment);
    if (status == XUNZI_OK)
        status = verify_dates(segment);
    if (status == XUNZI_OK)
        status = verify_sources(segment);
    if (status == XUNZI_OK)
        status = verify_documents(segment);
    return status == XUNZI_OK ? segment_verify_terms(segment) : status;
}
