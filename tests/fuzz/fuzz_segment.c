/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Segment files with right checksums and any contents: opened, verified, and read as they stand.
 * What stands in the input: u8 documents, less one; u8 terms; u16 the size of each section,
 * little-endian; the sections. Columns and the term index get the sizes they need, so that opening
 * succeeds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "segment/segment.h"
#include "segment/text_code.h"
#include "segment/texts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds) {
    if (!holds)
        abort();
}

enum { HEAD = 2 + 2 * SEGMENT_SECTIONS };

/* The size that a section needs, or the one that was asked for. */
static size_t size_of(const struct segment_header *header, size_t section, size_t asked) {
    switch (section) {
    case SEGMENT_LENGTHS:
    case SEGMENT_DATES:
    case SEGMENT_SOURCES:
        return (size_t)4 * header->documents;
    case SEGMENT_IDS:
        return (size_t)8 * header->documents;
    case SEGMENT_FINGERPRINTS:
        return (size_t)16 * header->documents;
    case SEGMENT_TERM_INDEX:
        return (header->terms + DICTIONARY_GROUP - 1) / DICTIONARY_GROUP * DICTIONARY_ROW;
    case SEGMENT_SOURCE_NAMES:
        return asked < 8 ? 8 : asked;
    default:
        return asked;
    }
}

/* Writes the file that the input stands for; its sections are filled up with zeroes. */
static void write_segment(int file, const uint8_t *data, size_t size) {
    struct segment_header header = {.version = SEGMENT_VERSION,
                                    .documents = data[0] + 1u,
                                    .terms = data[1],
                                    .text_code = text_code_check()};
    struct buffer bytes = {0};
    size_t at = HEAD;
    require(buffer_reserve(&bytes, SEGMENT_HEADER_SIZE));
    bytes.size = SEGMENT_HEADER_SIZE;
    for (size_t s = 0; s < SEGMENT_SECTIONS; s++) {
        while (bytes.size % 8 != 0)
            require(buffer_append_byte(&bytes, 0));
        size_t asked = data[2 + 2 * s] | (size_t)data[3 + 2 * s] << 8;
        size_t needed = size_of(&header, s, asked), there = size - at < needed ? size - at : needed;
        header.sections[s].begin = bytes.size;
        header.sections[s].size = needed;
        require(buffer_append(&bytes, data + at, there));
        at += there;
        for (; there < needed; there++)
            require(buffer_append_byte(&bytes, 0));
        header.sections[s].hash = XXH3_64bits(bytes.data + header.sections[s].begin, needed);
    }
    for (uint32_t d = 0, length; d < header.documents; d++) {
        memcpy(&length, bytes.data + header.sections[SEGMENT_LENGTHS].begin + 4 * (size_t)d, 4);
        header.total_length += length;
    }
    segment_header_write(&header, (uint8_t *)bytes.data);
    require(write(file, bytes.data, bytes.size) == (ssize_t)bytes.size);
    buffer_free(&bytes);
}

static void walk_list(const struct segment *segment, const struct postings_list *list) {
    struct postings_cursor cursor;
    struct position_list positions = {0};
    uint64_t least = 0;
    if (postings_open(&cursor, list))
        for (postings_next_geq(&cursor, 0); cursor.document != POSTINGS_END;
             postings_next(&cursor)) {
            require(cursor.document >= least && cursor.document < segment->header.documents);
            least = (uint64_t)cursor.document + 1;
            postings_wdf(&cursor);
            positions.count = 0;
            postings_positions(&cursor, &positions);
        }
    struct postings_array array = {0};
    postings_read_all(list, &array);
    postings_array_free(&array);
    free(positions.items);
}

static void walk(const struct segment *segment) {
    struct dictionary_walk terms;
    struct postings_list list;
    dictionary_walk_begin(&terms, &segment->dictionary);
    while (dictionary_walk_next(&terms) == XUNZI_OK) {
        if (segment_list(segment, &terms.entry, &list))
            walk_list(segment, &list);
        segment_find_term(segment, terms.term, terms.size, &list);
    }
    struct texts_reader reader = {0};
    struct document_edits edits = {0};
    for (uint32_t d = 0; d < segment->header.documents; d++) {
        xunzi_document document;
        xunzi_string source;
        if (texts_read(&reader, segment, d, &document, &edits) != XUNZI_OK)
            break; /* each of a damaged block would be tried anew */
        segment_source(segment, d, &source);
    }
    texts_reader_free(&reader);
    document_edits_free(&edits);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char path[64];
    struct segment *segment;
    if (size < HEAD)
        return 0;
    int file = memfd_create("segment", 0);
    require(file >= 0);
    write_segment(file, data, size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (segment_open(path, &segment) == XUNZI_OK) {
        segment_verify(segment);
        walk(segment);
        segment_close(segment);
    }
    close(file);
    return 0;
}
