/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The manifest in memory, and as metadata. */
#include "catalog/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "catalog/xapian_error.h"

static const char KEY_FORMAT[] = "xunzi.format";
static const char KEY_PROFILE[] = "xunzi.profile";
static const char KEY_SEGMENTS[] = "xunzi.segments";

enum { CHUNK_WORDS = MANIFEST_CHUNK / 64, CHUNK_BYTES = MANIFEST_CHUNK / 8, KEY_SIZE = 48 };

/* ---- in memory ---- */

void manifest_free(struct manifest *manifest) {
    for (size_t i = 0; i < manifest->count; i++)
        deletions_free(manifest->segments[i].deleted);
    free(manifest->segments);
    *manifest = (struct manifest){0};
}

bool manifest_append(struct manifest *manifest, const struct manifest_segment *segment) {
    if (!array_reserve(&manifest->segments, &manifest->capacity, manifest->count + 1,
                       sizeof *manifest->segments))
        return false;
    manifest->segments[manifest->count++] = *segment;
    return true;
}

bool manifest_copy(const struct manifest *manifest, struct manifest *out) {
    struct manifest copy = {.format = manifest->format,
                            .profile = manifest->profile,
                            .next_number = manifest->next_number};
    bool ok = true;
    for (size_t i = 0; i < manifest->count && ok; i++) {
        struct manifest_segment segment = manifest->segments[i];
        ok = !segment.deleted || deletions_copy(segment.deleted, &segment.deleted);
        if (ok && !manifest_append(&copy, &segment)) {
            deletions_free(segment.deleted);
            ok = false;
        }
    }
    manifest_free(out);
    if (ok)
        *out = copy;
    else
        manifest_free(&copy);
    return ok;
}

void manifest_splice(struct manifest *manifest, size_t first, size_t count,
                     const struct manifest_segment *segment) {
    struct manifest_segment *segments = manifest->segments;
    size_t kept = first, behind = first + count;
    for (size_t i = first; i < behind; i++)
        deletions_free(segments[i].deleted);
    if (segment)
        segments[kept++] = *segment;
    memmove(segments + kept, segments + behind, (manifest->count - behind) * sizeof *segments);
    manifest->count = kept + (manifest->count - behind);
}

bool manifest_delete(struct manifest_segment *segment, uint32_t document, uint32_t length,
                     bool *added) {
    if (!segment->deleted && !deletions_new(segment->documents, &segment->deleted))
        return false;
    *added = deletions_add(segment->deleted, document);
    if (*added)
        segment->deleted_length += length;
    return true;
}

static uint32_t deleted_count(const struct manifest_segment *segment) {
    return segment->deleted ? segment->deleted->count : 0;
}

uint64_t manifest_documents(const struct manifest *manifest) {
    uint64_t documents = 0;
    for (size_t i = 0; i < manifest->count; i++)
        documents += manifest->segments[i].documents - deleted_count(&manifest->segments[i]);
    return documents;
}

/* ---- reading ---- */

static xunzi_status get(const xapian_database *database, const char *path, const char *key,
                        xapian_string *value) {
    xapian_status status = xapian_database_get_metadata(database, key, strlen(key), value);
    return status == XAPIAN_OK ? XUNZI_OK
                               : error_set_xapian(status, "%s: the manifest cannot be read", path);
}

static xunzi_status damaged(const char *path, const char *what) {
    return error_set(XUNZI_ERROR_CORRUPT, "%s: the manifest %s; the collection is damaged", path,
                     what);
}

static xunzi_status read_format(const char *path, const xapian_string *value, int *out) {
    char *end;
    long format = strtol(value->data, &end, 10);
    if (*end != '\0' || format < 1)
        return damaged(path, "names no format");
    if (format > MANIFEST_FORMAT)
        return error_set(
            XUNZI_ERROR_NEWER_FORMAT,
            "%s was made by a newer Xunzi (its format is %ld, this version knows up to %d); "
            "use that version, or export there and add here",
            path, format, MANIFEST_FORMAT);
    *out = (int)format;
    return XUNZI_OK;
}

static xunzi_status read_profile(const char *path, const xapian_string *value,
                                 xunzi_profile *profile) {
    for (int p = XUNZI_PROFILE_FULL; p <= XUNZI_PROFILE_BIGRAM; p++) {
        *profile = (xunzi_profile)p;
        if (value->size > 0 && strcmp(value->data, xunzi_profile_name(*profile)) == 0)
            return XUNZI_OK;
    }
    return damaged(path, "names no known profile");
}

static bool take_number(const xapian_string *value, size_t *at, uint64_t *number) {
    const uint8_t *bytes = (const uint8_t *)value->data, *next = bytes + *at;
    bool ok = varint_read(&next, bytes + value->size, 9, number);
    *at = (size_t)(next - bytes);
    return ok;
}

static void chunk_key(uint32_t number, size_t chunk, char key[KEY_SIZE]) {
    snprintf(key, KEY_SIZE, "xunzi.deleted.%u.%zu", (unsigned)number, chunk);
}

/* Puts the deleted documents of a chunk as stored into the bits; false where it makes no sense. */
static bool read_chunk(const xapian_string *value, size_t chunk, struct deletions *deleted) {
    uint32_t base = (uint32_t)(chunk * MANIFEST_CHUNK);
    uint32_t room =
        deleted->documents - base < MANIFEST_CHUNK ? deleted->documents - base : MANIFEST_CHUNK;
    if (value->size == CHUNK_BYTES) {
        for (uint32_t i = 0; i < MANIFEST_CHUNK; i++)
            if ((unsigned char)value->data[i / 8] >> i % 8 & 1) {
                if (i >= room)
                    return false;
                deletions_add(deleted, base + i);
            }
        return true;
    }
    if (value->size > CHUNK_BYTES || value->size % 2 != 0)
        return false;
    for (size_t i = 0; i < value->size; i += 2) {
        uint32_t number =
            (unsigned char)value->data[i] | (uint32_t)(unsigned char)value->data[i + 1] << 8;
        if (number >= room || !deletions_add(deleted, base + number))
            return false;
    }
    return true;
}

static xunzi_status read_deleted(const xapian_database *database, const char *path,
                                 uint64_t expected, struct manifest_segment *segment) {
    if (expected == 0)
        return XUNZI_OK;
    if (!deletions_new(segment->documents, &segment->deleted))
        return error_no_memory();
    xapian_string value = XAPIAN_STRING_INIT;
    xunzi_status status = XUNZI_OK;
    for (size_t chunk = 0; status == XUNZI_OK && chunk * MANIFEST_CHUNK < segment->documents;
         chunk++) {
        char key[KEY_SIZE];
        chunk_key(segment->number, chunk, key);
        status = get(database, path, key, &value);
        if (status == XUNZI_OK && !read_chunk(&value, chunk, segment->deleted))
            status = damaged(path, "lists deleted documents that make no sense");
    }
    xapian_string_free(&value);
    if (status == XUNZI_OK && segment->deleted->count != expected)
        status = damaged(path, "counts other deleted documents than it lists");
    return status;
}

static xunzi_status read_segments(const xapian_database *database, const char *path,
                                  const xapian_string *value, struct manifest *out) {
    uint64_t next = 0, count = 0;
    size_t at = 0;
    if (value->size == 0)
        return XUNZI_OK;
    if (!take_number(value, &at, &next) || next > UINT32_MAX || !take_number(value, &at, &count) ||
        count > value->size)
        return damaged(path, "has no list of segments that makes sense");
    out->next_number = (uint32_t)next;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t number, documents, identity, deleted, length;
        if (!take_number(value, &at, &number) || number >= next ||
            !take_number(value, &at, &documents) || documents == 0 || documents >= UINT32_MAX ||
            !take_number(value, &at, &identity) || identity > UINT32_MAX ||
            !take_number(value, &at, &deleted) || deleted > documents ||
            !take_number(value, &at, &length))
            return damaged(path, "describes a segment that makes no sense");
        const struct manifest_segment segment = {.number = (uint32_t)number,
                                                 .documents = (uint32_t)documents,
                                                 .identity = (uint32_t)identity,
                                                 .deleted_length = length};
        if (!manifest_append(out, &segment))
            return error_no_memory();
        xunzi_status status = read_deleted(database, path, deleted, &out->segments[out->count - 1]);
        if (status != XUNZI_OK)
            return status;
    }
    return at == value->size ? XUNZI_OK : damaged(path, "has more behind its list of segments");
}

xunzi_status manifest_read(const xapian_database *database, const char *path, bool *found,
                           struct manifest *out) {
    xapian_string value = XAPIAN_STRING_INIT;
    *out = (struct manifest){0};
    xunzi_status status = get(database, path, KEY_FORMAT, &value);
    *found = status == XUNZI_OK && value.size > 0;
    if (*found) {
        status = read_format(path, &value, &out->format);
        if (status == XUNZI_OK)
            status = get(database, path, KEY_PROFILE, &value);
        if (status == XUNZI_OK)
            status = read_profile(path, &value, &out->profile);
        if (status == XUNZI_OK)
            status = get(database, path, KEY_SEGMENTS, &value);
        if (status == XUNZI_OK)
            status = read_segments(database, path, &value, out);
    }
    xapian_string_free(&value);
    if (status != XUNZI_OK)
        manifest_free(out);
    return status;
}

/* ---- writing ---- */

static xunzi_status set(xapian_database *database, const char *path, const char *key,
                        const void *value, size_t size) {
    xapian_status status = xapian_database_set_metadata(database, key, strlen(key), value, size);
    return status == XAPIAN_OK
               ? XUNZI_OK
               : error_set_xapian(status, "%s: the manifest cannot be written", path);
}

/* A chunk's words; zeroes behind the last. */
static void take_chunk(const struct deletions *deleted, size_t chunk, uint64_t words[CHUNK_WORDS]) {
    memset(words, 0, CHUNK_BYTES);
    if (!deleted)
        return;
    size_t all = ((size_t)deleted->documents + 63) / 64, first = chunk * CHUNK_WORDS;
    size_t count = first >= all ? 0 : all - first < CHUNK_WORDS ? all - first : CHUNK_WORDS;
    if (count > 0)
        memcpy(words, deleted->words + first, count * sizeof *words);
}

static xunzi_status write_chunk(xapian_database *database, const char *path, const char *key,
                                const uint64_t words[CHUNK_WORDS]) {
    unsigned char bytes[CHUNK_BYTES];
    size_t count = 0;
    for (size_t w = 0; w < CHUNK_WORDS; w++)
        count += (size_t)__builtin_popcountll(words[w]);
    if (2 * count >= CHUNK_BYTES) {
        for (size_t i = 0; i < CHUNK_BYTES; i++)
            bytes[i] = (unsigned char)(words[i / 8] >> i % 8 * 8);
        return set(database, path, key, bytes, CHUNK_BYTES);
    }
    size_t at = 0;
    for (size_t w = 0; w < CHUNK_WORDS; w++)
        for (uint64_t bits = words[w]; bits; bits &= bits - 1) {
            size_t number = w * 64 + (size_t)__builtin_ctzll(bits);
            bytes[at++] = (unsigned char)number;
            bytes[at++] = (unsigned char)(number >> 8);
        }
    return set(database, path, key, bytes, at);
}

/* Writes the chunks of a segment in which `deleted` and `before` differ. */
static xunzi_status write_deleted(xapian_database *database, const char *path,
                                  const struct manifest_segment *segment,
                                  const struct deletions *deleted, const struct deletions *before) {
    xunzi_status status = XUNZI_OK;
    uint64_t words[CHUNK_WORDS], words_before[CHUNK_WORDS];
    if (!deleted && !before)
        return XUNZI_OK;
    for (size_t chunk = 0; status == XUNZI_OK && chunk * MANIFEST_CHUNK < segment->documents;
         chunk++) {
        char key[KEY_SIZE];
        chunk_key(segment->number, chunk, key);
        take_chunk(deleted, chunk, words);
        take_chunk(before, chunk, words_before);
        if (memcmp(words, words_before, sizeof words) != 0)
            status = write_chunk(database, path, key, words);
    }
    return status;
}

static const struct manifest_segment *find_segment(const struct manifest *manifest,
                                                   uint32_t number) {
    for (size_t i = 0; manifest && i < manifest->count; i++)
        if (manifest->segments[i].number == number)
            return &manifest->segments[i];
    return NULL;
}

static xunzi_status write_rows(xapian_database *database, const char *path,
                               const struct manifest *manifest) {
    struct buffer rows = {0};
    bool ok = buffer_append_varint(&rows, manifest->next_number) &&
              buffer_append_varint(&rows, manifest->count);
    for (size_t i = 0; i < manifest->count && ok; i++) {
        const struct manifest_segment *segment = &manifest->segments[i];
        ok = buffer_append_varint(&rows, segment->number) &&
             buffer_append_varint(&rows, segment->documents) &&
             buffer_append_varint(&rows, segment->identity) &&
             buffer_append_varint(&rows, deleted_count(segment)) &&
             buffer_append_varint(&rows, segment->deleted_length);
    }
    xunzi_status status =
        ok ? set(database, path, KEY_SEGMENTS, rows.data, rows.size) : error_no_memory();
    buffer_free(&rows);
    return status;
}

xunzi_status manifest_write(xapian_database *database, const char *path,
                            const struct manifest *manifest, const struct manifest *before) {
    xunzi_status status = XUNZI_OK;
    if (!before || before->format != MANIFEST_FORMAT) {
        const char *profile = xunzi_profile_name(manifest->profile);
        char format[16];
        int size = snprintf(format, sizeof format, "%d", MANIFEST_FORMAT);
        status = set(database, path, KEY_PROFILE, profile, strlen(profile));
        if (status == XUNZI_OK)
            status = set(database, path, KEY_FORMAT, format, (size_t)size);
    }
    for (size_t i = 0; i < manifest->count && status == XUNZI_OK; i++) {
        const struct manifest_segment *segment = &manifest->segments[i];
        const struct manifest_segment *known = find_segment(before, segment->number);
        status =
            write_deleted(database, path, segment, segment->deleted, known ? known->deleted : NULL);
    }
    for (size_t i = 0; before && i < before->count && status == XUNZI_OK; i++)
        if (!find_segment(manifest, before->segments[i].number))
            status = write_deleted(database, path, &before->segments[i], NULL,
                                   before->segments[i].deleted);
    return status == XUNZI_OK ? write_rows(database, path, manifest) : status;
}
