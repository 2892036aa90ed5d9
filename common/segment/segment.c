/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening and checking a segment file. */
#include "segment/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/error.h"
#include "segment/text_code.h"

static const char MAGIC[8] = {'X', 'U', 'N', 'Z', 'I', 'S', 'E', 'G'};

static const char *const SECTION_NAMES[SEGMENT_SECTIONS] = {"texts", "postings", "positions", "terms",     "term index",
                                                            "lengths", "dates",  "ids",       "text index"};

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "segments are read as they lie: the machine must be little-endian");

static uint8_t *put(uint8_t *at, const void *value, size_t size) {
    memcpy(at, value, size);
    return at + size;
}

static const uint8_t *get(const uint8_t *at, void *value, size_t size) {
    memcpy(value, at, size);
    return at + size;
}

void segment_header_write(const struct segment_header *header, uint8_t out[SEGMENT_HEADER_SIZE]) {
    const uint32_t zero = 0;
    uint8_t *at = put(out, MAGIC, sizeof MAGIC);
    at = put(at, &header->version, 4);
    at = put(at, &header->profile, 4);
    at = put(at, &header->documents, 4);
    at = put(at, &zero, 4);
    at = put(at, &header->terms, 8);
    at = put(at, &header->postings, 8);
    at = put(at, &header->total_length, 8);
    at = put(at, &header->text_code, 8);
    for (size_t s = 0; s < SEGMENT_SECTIONS; s++) {
        at = put(at, &header->sections[s].begin, 8);
        at = put(at, &header->sections[s].size, 8);
        at = put(at, &header->sections[s].hash, 8);
    }
    uint64_t hash = XXH3_64bits(out, (size_t)(at - out));
    put(at, &hash, 8);
}

static xunzi_status damaged(const char *path, const char *what) {
    return error_set(XUNZI_ERROR_CORRUPT, "%s is damaged: %s", path, what);
}

static xunzi_status read_header(struct segment *segment) {
    struct segment_header *header = &segment->header;
    uint64_t hash;
    if (segment->size < SEGMENT_HEADER_SIZE || memcmp(segment->bytes, MAGIC, sizeof MAGIC) != 0)
        return damaged(segment->path, "it is no segment");
    const uint8_t *at = get(segment->bytes + sizeof MAGIC, &header->version, 4);
    if (header->version > SEGMENT_VERSION)
        return error_set(XUNZI_ERROR_NEWER_FORMAT, "%s was written by a newer Xunzi (version %u)", segment->path,
                         (unsigned)header->version);
    at = get(at, &header->profile, 4);
    at = get(at, &header->documents, 4) + 4;
    at = get(at, &header->terms, 8);
    at = get(at, &header->postings, 8);
    at = get(at, &header->total_length, 8);
    at = get(at, &header->text_code, 8);
    for (size_t s = 0; s < SEGMENT_SECTIONS; s++) {
        at = get(at, &header->sections[s].begin, 8);
        at = get(at, &header->sections[s].size, 8);
        at = get(at, &header->sections[s].hash, 8);
        if (header->sections[s].begin > segment->size ||
            header->sections[s].size > segment->size - header->sections[s].begin)
            return damaged(segment->path, "a section lies outside the file");
    }
    get(at, &hash, 8);
    if (hash != XXH3_64bits(segment->bytes, SEGMENT_HEADER_SIZE - 8))
        return damaged(segment->path, "its header's checksum is wrong");
    if (header->text_code != text_code_check())
        return damaged(segment->path, "its text is written in another code");
    size_t documents = header->documents;
    if (documents == 0 || header->sections[SEGMENT_LENGTHS].size != 4 * documents ||
        header->sections[SEGMENT_DATES].size != 4 * documents || header->sections[SEGMENT_IDS].size != 8 * documents)
        return damaged(segment->path, "its columns are not as long as it has documents");
    if (!dictionary_open(&segment->dictionary, segment_section(segment, SEGMENT_TERMS),
                         header->sections[SEGMENT_TERMS].size, segment_section(segment, SEGMENT_TERM_INDEX),
                         header->sections[SEGMENT_TERM_INDEX].size, header->terms))
        return damaged(segment->path, "its term index is not as long as it has terms");
    return XUNZI_OK;
}

static xunzi_status map_file(struct segment *segment) {
    int file = open(segment->path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (file < 0 || fstat(file, &about) != 0) {
        xunzi_status status = error_set_errno(errno, "%s cannot be opened", segment->path);
        if (file >= 0)
            close(file);
        return status;
    }
    segment->size = about.st_size > 0 ? (size_t)about.st_size : 0;
    void *bytes = segment->size > 0 ? mmap(NULL, segment->size, PROT_READ, MAP_SHARED, file, 0) : MAP_FAILED;
    int reason = errno;
    close(file);
    if (segment->size == 0)
        return damaged(segment->path, "it is empty");
    if (bytes == MAP_FAILED)
        return error_set_errno(reason, "%s cannot be mapped", segment->path);
    segment->bytes = bytes;
    return XUNZI_OK;
}

xunzi_status segment_open(const char *path, struct segment **out) {
    *out = NULL;
    struct segment *segment = calloc(1, sizeof *segment);
    if (segment)
        segment->path = strdup(path);
    if (!segment || !segment->path) {
        segment_close(segment);
        return error_no_memory();
    }
    xunzi_status status = map_file(segment);
    if (status == XUNZI_OK)
        status = read_header(segment);
    if (status != XUNZI_OK) {
        segment_close(segment);
        return status;
    }
    *out = segment;
    return XUNZI_OK;
}

void segment_close(struct segment *segment) {
    if (!segment)
        return;
    if (segment->bytes)
        munmap((void *)(uintptr_t)segment->bytes, segment->size);
    free(segment->path);
    free(segment);
}

bool segment_list(const struct segment *segment, const struct dictionary_entry *entry, struct postings_list *list) {
    uint64_t postings = segment->header.sections[SEGMENT_POSTINGS].size;
    uint64_t positions = segment->header.sections[SEGMENT_POSITIONS].size;
    if (entry->postings_at > postings || entry->postings_size > postings - entry->postings_at ||
        entry->positions_at > positions || entry->positions_size > positions - entry->positions_at)
        return false;
    *list = (struct postings_list){
        .postings = segment_section(segment, SEGMENT_POSTINGS) + entry->postings_at,
        .postings_size = entry->postings_size,
        .positions = entry->has_positions ? segment_section(segment, SEGMENT_POSITIONS) + entry->positions_at : NULL,
        .positions_size = entry->positions_size,
        .count = entry->count,
        .documents = segment->header.documents,
        .bound = entry->bound};
    return true;
}

xunzi_status segment_find_term(const struct segment *segment, const char *term, size_t size,
                               struct postings_list *list) {
    struct dictionary_entry entry;
    xunzi_status status = dictionary_find(&segment->dictionary, term, size, &entry);
    if (status == XUNZI_ERROR_CORRUPT || (status == XUNZI_OK && !segment_list(segment, &entry, list)))
        return damaged(segment->path, "its term dictionary makes no sense");
    return status;
}

xunzi_status segment_verify(const struct segment *segment) {
    for (size_t s = 0; s < SEGMENT_SECTIONS; s++) {
        uint64_t hash = XXH3_64bits(segment_section(segment, (enum segment_section)s), segment->header.sections[s].size);
        if (hash != segment->header.sections[s].hash)
            return error_set(XUNZI_ERROR_CORRUPT, "%s is damaged: the checksum of its %s is wrong", segment->path,
                             SECTION_NAMES[s]);
    }
    return XUNZI_OK;
}
