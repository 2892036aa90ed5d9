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

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "segments are read as they lie: the machine must be little-endian");

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

/* Reads the header's fields. */
static uint64_t parse_header(const uint8_t *bytes, struct segment_header *header,
                             uint32_t *reserved) {
    uint64_t hash;
    const uint8_t *at = get(bytes + sizeof MAGIC, &header->version, 4);
    at = get(at, &header->profile, 4);
    at = get(at, &header->documents, 4);
    at = get(at, reserved, 4);
    at = get(at, &header->terms, 8);
    at = get(at, &header->postings, 8);
    at = get(at, &header->total_length, 8);
    at = get(at, &header->text_code, 8);
    for (size_t s = 0; s < SEGMENT_SECTIONS; s++) {
        at = get(at, &header->sections[s].begin, 8);
        at = get(at, &header->sections[s].size, 8);
        at = get(at, &header->sections[s].hash, 8);
    }
    get(at, &hash, 8);
    return hash;
}

/* Whether the sections follow one another as they should, up to the end of the file. */
static bool sections_fit(const struct segment *segment) {
    uint64_t end = SEGMENT_HEADER_SIZE;
    for (size_t s = 0; s < SEGMENT_SECTIONS; s++) {
        uint64_t begin = (end + 7) & ~UINT64_C(7), size = segment->header.sections[s].size;
        if (segment->header.sections[s].begin != begin || begin > segment->size ||
            size > segment->size - begin)
            return false;
        end = begin + size;
    }
    return end == segment->size;
}

/* Whether the sections whose sizes follow from the number of documents and terms have these. */
static bool sizes_fit(struct segment *segment) {
    const struct segment_header *header = &segment->header;
    uint64_t documents = header->documents;
    uint64_t names = header->sections[SEGMENT_SOURCE_NAMES].size;
    return documents > 0 && header->sections[SEGMENT_LENGTHS].size == 4 * documents &&
           header->sections[SEGMENT_DATES].size == 4 * documents &&
           header->sections[SEGMENT_SOURCES].size == 4 * documents &&
           header->sections[SEGMENT_FINGERPRINTS].size == 16 * documents &&
           header->sections[SEGMENT_IDS].size == 8 * documents && names >= 8 &&
           segment_source_count(segment) <= (names - 8) / 8 &&
           dictionary_open(&segment->dictionary, segment_section(segment, SEGMENT_TERMS),
                           header->sections[SEGMENT_TERMS].size,
                           segment_section(segment, SEGMENT_TERM_INDEX),
                           header->sections[SEGMENT_TERM_INDEX].size, header->terms);
}

static xunzi_status read_header(struct segment *segment) {
    struct segment_header *header = &segment->header;
    uint32_t reserved;
    if (segment->size < SEGMENT_HEADER_SIZE || memcmp(segment->bytes, MAGIC, sizeof MAGIC) != 0)
        return damaged(segment->path, "it is no segment");
    uint64_t hash = parse_header(segment->bytes, header, &reserved);
    if (header->version > SEGMENT_VERSION)
        return error_set(XUNZI_ERROR_NEWER_FORMAT, "%s was written by a newer Xunzi (version %u)",
                         segment->path, (unsigned)header->version);
    if (header->version > 0 && header->version < SEGMENT_VERSION) /* its header is another one */
        return error_set(
            XUNZI_ERROR_UNSUPPORTED,
            "%s was written by an older Xunzi (version %u); export its documents there "
            "and add them to a new collection",
            segment->path, (unsigned)header->version);
    if (hash != XXH3_64bits(segment->bytes, SEGMENT_HEADER_SIZE - 8))
        return damaged(segment->path, "the checksum of its header is wrong");
    if (header->version != SEGMENT_VERSION || reserved != 0 ||
        header->profile > XUNZI_PROFILE_BIGRAM)
        return damaged(segment->path, "its header makes no sense");
    if (header->text_code != text_code_check())
        return error_set(XUNZI_ERROR_UNSUPPORTED,
                         "%s cannot be read: its text is written in another code", segment->path);
    if (!sections_fit(segment))
        return damaged(segment->path,
                       "its sections and its size do not agree: it may have been cut off");
    if (!sizes_fit(segment))
        return damaged(segment->path,
                       "its sections are not as long as its documents and terms need them");
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
    segment->device = about.st_dev;
    segment->inode = about.st_ino;
    segment->size = about.st_size > 0 ? (size_t)about.st_size : 0;
    void *bytes =
        segment->size > 0 ? mmap(NULL, segment->size, PROT_READ, MAP_SHARED, file, 0) : MAP_FAILED;
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

static uint64_t source_word(const struct segment *segment, uint64_t i) {
    uint64_t word;
    memcpy(&word, segment_section(segment, SEGMENT_SOURCE_NAMES) + 8 * i, sizeof word);
    return word;
}

uint32_t segment_source_count(const struct segment *segment) {
    uint64_t count = source_word(segment, 0);
    return count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
}

bool segment_source_name(const struct segment *segment, uint32_t number, xunzi_string *out) {
    *out = (xunzi_string){"", 0};
    if (number == 0)
        return true;
    uint32_t count = segment_source_count(segment);
    if (number > count)
        return false;
    uint64_t begin = number > 1 ? source_word(segment, number - 1) : 0,
             end = source_word(segment, number);
    uint64_t names = 8 + 8 * (uint64_t)count;
    if (begin > end || end > segment->header.sections[SEGMENT_SOURCE_NAMES].size - names)
        return false;
    const uint8_t *bytes = segment_section(segment, SEGMENT_SOURCE_NAMES) + names;
    *out = (xunzi_string){(const char *)bytes + begin, end - begin};
    return true;
}

bool segment_source(const struct segment *segment, uint32_t document, xunzi_string *out) {
    return segment_source_name(segment, segment_source_number(segment, document), out);
}

bool segment_is_file(const struct segment *segment, const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && about.st_dev == segment->device &&
           about.st_ino == segment->inode;
}

bool segment_list(const struct segment *segment, const struct dictionary_entry *entry,
                  struct postings_list *list) {
    uint64_t postings = segment->header.sections[SEGMENT_POSTINGS].size;
    uint64_t positions = segment->header.sections[SEGMENT_POSITIONS].size;
    if (entry->postings_at > postings || entry->postings_size > postings - entry->postings_at ||
        entry->positions_at > positions || entry->positions_size > positions - entry->positions_at)
        return false;
    *list = (struct postings_list){
        .postings = segment_section(segment, SEGMENT_POSTINGS) + entry->postings_at,
        .postings_size = entry->postings_size,
        .positions = entry->has_positions
                         ? segment_section(segment, SEGMENT_POSITIONS) + entry->positions_at
                         : NULL,
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
    if (status == XUNZI_ERROR_CORRUPT ||
        (status == XUNZI_OK && !segment_list(segment, &entry, list)))
        return damaged(segment->path, "its term dictionary makes no sense");
    return status;
}
