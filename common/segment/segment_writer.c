/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing a segment file; the layout is in segment.h. */
#include "segment/segment_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/date.h"
#include "base/error.h"
#include "segment/text_code.h"
#include "segment/texts.h"

enum { FLUSH_SIZE = 1 << 20 };

struct segment_writer {
    char *path;
    int file, positions_file;
    bool finished;
    struct segment_header header;
    uint64_t at; /* where the next byte of the file goes */
    XXH3_state_t *hash, *positions_hash;
    struct texts_writer *texts;
    struct buffer lengths, dates, ids;
    struct dictionary_writer dictionary;
    struct buffer postings, positions; /* not yet written */
    uint64_t postings_at, positions_at;
};

static xunzi_status write_failed(const struct segment_writer *writer) {
    return error_set_errno(errno, "%s cannot be written", writer->path);
}

static xunzi_status write_all(const struct segment_writer *writer, int file, const void *data, size_t size) {
    const char *at = data;
    while (size > 0) {
        ssize_t written = write(file, at, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return write_failed(writer);
        at += written;
        size -= (size_t)written;
    }
    return XUNZI_OK;
}

/* Appends to the section under way. */
static xunzi_status append(struct segment_writer *writer, const void *data, size_t size) {
    XXH3_64bits_update(writer->hash, data, size);
    writer->at += size;
    return write_all(writer, writer->file, data, size);
}

static xunzi_status begin_section(struct segment_writer *writer, enum segment_section section) {
    static const char zeroes[8] = {0};
    size_t padding = (8 - writer->at % 8) % 8;
    xunzi_status status = write_all(writer, writer->file, zeroes, padding);
    writer->at += padding;
    writer->header.sections[section].begin = writer->at;
    XXH3_64bits_reset(writer->hash);
    return status;
}

static void end_section(struct segment_writer *writer, enum segment_section section) {
    writer->header.sections[section].size = writer->at - writer->header.sections[section].begin;
    writer->header.sections[section].hash = XXH3_64bits_digest(writer->hash);
}

static xunzi_status write_section(struct segment_writer *writer, enum segment_section section, const struct buffer *data) {
    xunzi_status status = begin_section(writer, section);
    if (status == XUNZI_OK && data->size > 0)
        status = append(writer, data->data, data->size);
    end_section(writer, section);
    return status;
}

/* An unnamed file in the folder that path is in. */
static int open_temporary(const char *path) {
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, (size_t)(slash - path)) : strdup(".");
    int file = folder ? open(*folder ? folder : "/", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) : -1;
    free(folder);
    return file;
}

xunzi_status segment_writer_open(const char *path, xunzi_profile profile, struct segment_writer **out) {
    *out = NULL;
    struct segment_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return error_no_memory();
    writer->file = writer->positions_file = -1;
    writer->path = strdup(path);
    writer->hash = XXH3_createState();
    writer->positions_hash = XXH3_createState();
    xunzi_status status = writer->path && writer->hash && writer->positions_hash ? XUNZI_OK : error_no_memory();
    if (status == XUNZI_OK) {
        XXH3_64bits_reset(writer->positions_hash);
        writer->file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        writer->positions_file = writer->file >= 0 ? open_temporary(path) : -1;
        int spool = writer->positions_file >= 0 ? open_temporary(path) : -1;
        status = spool >= 0 ? texts_writer_new(spool, &writer->texts) : write_failed(writer);
    }
    if (status == XUNZI_OK) {
        const char header[SEGMENT_HEADER_SIZE] = {0};
        writer->header.version = SEGMENT_VERSION;
        writer->header.profile = (uint32_t)profile;
        writer->header.text_code = text_code_check();
        status = write_all(writer, writer->file, header, sizeof header);
        writer->at = sizeof header;
    }
    if (status != XUNZI_OK) {
        segment_writer_close(writer);
        return status;
    }
    *out = writer;
    return XUNZI_OK;
}

void segment_writer_close(struct segment_writer *writer) {
    if (!writer)
        return;
    if (writer->file >= 0) {
        close(writer->file);
        if (!writer->finished)
            unlink(writer->path);
    }
    if (writer->positions_file >= 0)
        close(writer->positions_file);
    texts_writer_free(writer->texts);
    dictionary_writer_free(&writer->dictionary);
    buffer_free(&writer->lengths);
    buffer_free(&writer->dates);
    buffer_free(&writer->ids);
    buffer_free(&writer->postings);
    buffer_free(&writer->positions);
    XXH3_freeState(writer->hash);
    XXH3_freeState(writer->positions_hash);
    free(writer->path);
    free(writer);
}

static xunzi_status append_texts(void *context, const void *data, size_t size) {
    return append(context, data, size);
}

xunzi_status segment_writer_add_document(struct segment_writer *writer, const xunzi_document *document,
                                         uint32_t length) {
    date_day first = 0, last;
    if (!date_parse(document->date.data, document->date.size, &first, &last))
        first = 0;
    uint64_t id = (XXH3_64bits(document->id.data, document->id.size) & ~UINT64_C(0xFFFFFFFF)) | writer->header.documents;
    if (!buffer_append(&writer->lengths, &length, 4) || !buffer_append(&writer->dates, &first, 4) ||
        !buffer_append(&writer->ids, &id, 8))
        return error_no_memory();
    writer->header.documents++;
    writer->header.total_length += length;
    return texts_add(writer->texts, document);
}

static int by_number(const void *a, const void *b) {
    uint64_t x, y;
    memcpy(&x, a, 8);
    memcpy(&y, b, 8);
    return (x > y) - (x < y);
}

/* Ends the documents and begins the postings, once. */
static xunzi_status end_documents(struct segment_writer *writer) {
    if (writer->header.sections[SEGMENT_POSTINGS].begin > 0)
        return XUNZI_OK;
    const struct buffer *index;
    xunzi_status status = begin_section(writer, SEGMENT_TEXTS);
    if (status == XUNZI_OK)
        status = texts_finish(writer->texts, append_texts, writer, &index);
    end_section(writer, SEGMENT_TEXTS);
    if (status == XUNZI_OK)
        status = write_section(writer, SEGMENT_TEXT_INDEX, index);
    if (status == XUNZI_OK)
        status = write_section(writer, SEGMENT_LENGTHS, &writer->lengths);
    if (status == XUNZI_OK)
        status = write_section(writer, SEGMENT_DATES, &writer->dates);
    if (writer->ids.size > 0)
        qsort(writer->ids.data, writer->ids.size / 8, 8, by_number);
    if (status == XUNZI_OK)
        status = write_section(writer, SEGMENT_IDS, &writer->ids);
    return status == XUNZI_OK ? begin_section(writer, SEGMENT_POSTINGS) : status;
}

static xunzi_status flush_postings(struct segment_writer *writer, size_t least) {
    xunzi_status status = XUNZI_OK;
    if (writer->postings.size > least) {
        status = append(writer, writer->postings.data, writer->postings.size);
        buffer_clear(&writer->postings);
    }
    if (status == XUNZI_OK && writer->positions.size > least) {
        XXH3_64bits_update(writer->positions_hash, writer->positions.data, writer->positions.size);
        status = write_all(writer, writer->positions_file, writer->positions.data, writer->positions.size);
        buffer_clear(&writer->positions);
    }
    return status;
}

xunzi_status segment_writer_add_term(struct segment_writer *writer, const char *name, size_t size,
                                     const struct posting_source *postings, bool ranked) {
    xunzi_status status = end_documents(writer);
    if (status != XUNZI_OK)
        return status;
    size_t postings_before = writer->postings.size, positions_before = writer->positions.size;
    struct dictionary_entry entry = {.postings_at = writer->postings_at,
                                     .positions_at = writer->positions_at,
                                     .count = (uint32_t)postings->count,
                                     .has_positions = postings->counts != NULL};
    if (!postings_write(postings, &writer->postings, &writer->positions, &entry.bound))
        return error_no_memory();
    entry.postings_size = writer->postings.size - postings_before;
    entry.positions_size = writer->positions.size - positions_before;
    writer->postings_at += entry.postings_size;
    writer->positions_at += entry.positions_size;
    if (ranked)
        writer->header.postings += postings->count;
    writer->header.terms++;
    if (!dictionary_add(&writer->dictionary, name, size, &entry))
        return error_no_memory();
    return flush_postings(writer, FLUSH_SIZE);
}

/* Copies the positions behind the postings. */
static xunzi_status copy_positions(struct segment_writer *writer) {
    xunzi_status status = begin_section(writer, SEGMENT_POSITIONS);
    uint64_t left = writer->positions_at;
    off_t from = 0;
    while (status == XUNZI_OK && left > 0) {
        ssize_t copied = copy_file_range(writer->positions_file, &from, writer->file, NULL, left, 0);
        if (copied < 0 && errno == EINTR)
            continue;
        if (copied <= 0)
            return write_failed(writer);
        left -= (uint64_t)copied;
    }
    writer->at += writer->positions_at;
    end_section(writer, SEGMENT_POSITIONS);
    writer->header.sections[SEGMENT_POSITIONS].hash = XXH3_64bits_digest(writer->positions_hash);
    return status;
}

xunzi_status segment_writer_finish(struct segment_writer *writer) {
    xunzi_status status = end_documents(writer);
    if (status == XUNZI_OK)
        status = flush_postings(writer, 0);
    end_section(writer, SEGMENT_POSTINGS);
    if (status == XUNZI_OK)
        status = copy_positions(writer);
    if (status == XUNZI_OK)
        status = write_section(writer, SEGMENT_TERMS, &writer->dictionary.groups);
    if (status == XUNZI_OK)
        status = write_section(writer, SEGMENT_TERM_INDEX, &writer->dictionary.index);
    uint8_t header[SEGMENT_HEADER_SIZE];
    segment_header_write(&writer->header, header);
    if (status == XUNZI_OK && (lseek(writer->file, 0, SEEK_SET) != 0))
        status = write_failed(writer);
    if (status == XUNZI_OK)
        status = write_all(writer, writer->file, header, sizeof header);
    if (status == XUNZI_OK && fsync(writer->file) != 0)
        status = write_failed(writer);
    writer->finished = status == XUNZI_OK;
    return status;
}
