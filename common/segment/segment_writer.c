/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing a segment file; the layout is in segment.h. */
#include "segment/segment_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/error.h"
#include "segment/source_table.h"
#include "segment/text_code.h"
#include "segment/texts.h"

enum { FLUSH_SIZE = 1 << 20 };

struct segment_writer {
    char *path;
    int file, positions_file;
    bool finished;
    struct segment_header header;
    uint64_t at; /* where the next byte of the file goes */
    XXH3_state_t *hash;
    struct texts_writer *texts;
    struct buffer lengths, dates, sources, fingerprints, ids;
    struct source_table source_names;
    struct dictionary_writer dictionary;
    struct buffer postings, positions; /* not yet written */
    uint64_t postings_at, positions_at;
};

static xunzi_status write_failed(const struct segment_writer *writer) {
    return error_set_errno(errno, "%s cannot be written", writer->path);
}

static xunzi_status write_all(const struct segment_writer *writer, int file, const void *data,
                              size_t size) {
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
    if (size == 0)
        return XUNZI_OK;
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

static xunzi_status write_section(struct segment_writer *writer, enum segment_section section,
                                  const struct buffer *data) {
    xunzi_status status = begin_section(writer, section);
    if (status == XUNZI_OK)
        status = append(writer, data->data, data->size);
    end_section(writer, section);
    return status;
}

/* An unnamed file beside path; -1: errno tells why not. */
static int open_temporary(const char *path) {
    struct buffer name = {0};
    const char *slash = strrchr(path, '/');
    int file = -1;
    if (buffer_append(&name, slash ? path : ".", slash ? (size_t)(slash - path) : 1) &&
        (slash != path || buffer_append_byte(&name, '/')) && buffer_terminate(&name))
        file = open(name.data, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    /* Not every file system can make files without a name. */
    if (file < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
        buffer_clear(&name);
        if (buffer_append_text(&name, path) && buffer_append_text(&name, ".XXXXXX") &&
            buffer_terminate(&name)) {
            file = mkostemp(name.data, O_CLOEXEC);
            if (file >= 0)
                unlink(name.data);
        }
    }
    buffer_free(&name);
    return file;
}

static xunzi_status append_texts(void *context, const void *data, size_t size) {
    return append(context, data, size);
}

static xunzi_status open_files(struct segment_writer *writer) {
    writer->file = open(writer->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    writer->positions_file = writer->file >= 0 ? open_temporary(writer->path) : -1;
    int spool = writer->positions_file >= 0 ? open_temporary(writer->path) : -1;
    if (spool < 0)
        return write_failed(writer);
    return texts_writer_new(spool, append_texts, writer, &writer->texts);
}

xunzi_status segment_writer_open(const char *path, xunzi_profile profile,
                                 struct segment_writer **out) {
    const char header[SEGMENT_HEADER_SIZE] = {0};
    *out = NULL;
    struct segment_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return error_no_memory();
    writer->file = writer->positions_file = -1;
    writer->path = strdup(path);
    writer->hash = XXH3_createState();
    writer->header.version = SEGMENT_VERSION;
    writer->header.profile = (uint32_t)profile;
    writer->header.text_code = text_code_check();
    xunzi_status status = writer->path && writer->hash ? open_files(writer) : error_no_memory();
    if (status == XUNZI_OK)
        status = write_all(writer, writer->file, header, sizeof header);
    writer->at = sizeof header;
    if (status == XUNZI_OK)
        status = begin_section(writer, SEGMENT_TEXTS);
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
    source_table_free(&writer->source_names);
    buffer_free(&writer->lengths);
    buffer_free(&writer->dates);
    buffer_free(&writer->sources);
    buffer_free(&writer->fingerprints);
    buffer_free(&writer->ids);
    buffer_free(&writer->postings);
    buffer_free(&writer->positions);
    XXH3_freeState(writer->hash);
    free(writer->path);
    free(writer);
}

void segment_writer_share(struct segment_writer *writer, struct task_runner *runner) {
    texts_share(writer->texts, runner);
}

/* ---- documents ---- */

xunzi_status segment_writer_add_document(struct segment_writer *writer,
                                         const struct segment_document *document) {
    uint64_t id = (document->id & ~UINT64_C(0xFFFFFFFF)) | writer->header.documents;
    uint32_t source;
    if (!buffer_append(&writer->lengths, &document->length, 4) ||
        !buffer_append(&writer->dates, &document->date, 4) ||
        !buffer_append(&writer->fingerprints, &document->fingerprint,
                       sizeof document->fingerprint) ||
        !buffer_append(&writer->ids, &id, 8) ||
        !source_table_number(&writer->source_names, document->source, &source) ||
        !buffer_append(&writer->sources, &source, 4))
        return error_no_memory();
    writer->header.documents++;
    writer->header.total_length += document->length;
    return document->record ? texts_add(writer->texts, document->record, document->record_size,
                                        document->likeness)
                            : XUNZI_OK;
}

xunzi_status segment_writer_place_record(struct segment_writer *writer, uint32_t number,
                                         const char *record, size_t size) {
    return texts_place(writer->texts, number, record, size);
}

static int by_number(const void *a, const void *b) {
    uint64_t x, y;
    memcpy(&x, a, 8);
    memcpy(&y, b, 8);
    return (x > y) - (x < y);
}

static xunzi_status write_source_names(struct segment_writer *writer) {
    const struct source_table *table = &writer->source_names;
    uint64_t count = table->count;
    xunzi_status status = begin_section(writer, SEGMENT_SOURCE_NAMES);
    if (status == XUNZI_OK)
        status = append(writer, &count, sizeof count);
    if (status == XUNZI_OK)
        status = append(writer, table->ends.data, table->ends.size);
    if (status == XUNZI_OK)
        status = append(writer, table->names.data, table->names.size);
    end_section(writer, SEGMENT_SOURCE_NAMES);
    return status;
}

/* Ends the documents and begins the postings, once. */
static xunzi_status end_documents(struct segment_writer *writer) {
    if (writer->header.sections[SEGMENT_POSTINGS].begin > 0)
        return XUNZI_OK;
    const struct buffer *index;
    xunzi_status status = texts_finish(writer->texts, &index);
    end_section(writer, SEGMENT_TEXTS);
    if (status == XUNZI_OK)
        status = write_section(writer, SEGMENT_TEXT_INDEX, index);
    if (status == XUNZI_OK)
        status = write_section(writer, SEGMENT_LENGTHS, &writer->lengths);
    if (status == XUNZI_OK)
        status = write_section(writer, SEGMENT_DATES, &writer->dates);
    if (status == XUNZI_OK)
        status = write_section(writer, SEGMENT_SOURCES, &writer->sources);
    if (status == XUNZI_OK)
        status = write_source_names(writer);
    if (status == XUNZI_OK)
        status = write_section(writer, SEGMENT_FINGERPRINTS, &writer->fingerprints);
    if (writer->ids.size > 0)
        qsort(writer->ids.data, writer->ids.size / 8, 8, by_number);
    if (status == XUNZI_OK)
        status = write_section(writer, SEGMENT_IDS, &writer->ids);
    return status == XUNZI_OK ? begin_section(writer, SEGMENT_POSTINGS) : status;
}

/* ---- terms ---- */

static xunzi_status flush_lists(struct segment_writer *writer, size_t least) {
    xunzi_status status = XUNZI_OK;
    if (writer->postings.size > least) {
        status = append(writer, writer->postings.data, writer->postings.size);
        buffer_clear(&writer->postings);
    }
    if (status == XUNZI_OK && writer->positions.size > least) {
        status = write_all(writer, writer->positions_file, writer->positions.data,
                           writer->positions.size);
        buffer_clear(&writer->positions);
    }
    return status;
}

/* Enters the term whose list has just been appended to the writer's buffers. */
static xunzi_status enter_term(struct segment_writer *writer, const struct segment_term *term) {
    const struct dictionary_entry entry = {.postings_at = writer->postings_at,
                                           .positions_at = writer->positions_at,
                                           .postings_size = term->postings_size,
                                           .positions_size = term->positions_size,
                                           .count = term->count,
                                           .bound = term->bound,
                                           .has_positions = term->has_positions};
    writer->postings_at += term->postings_size;
    writer->positions_at += term->positions_size;
    if (term->ranked)
        writer->header.postings += term->count;
    writer->header.terms++;
    if (!dictionary_add(&writer->dictionary, term->name, term->name_size, &entry))
        return error_no_memory();
    return flush_lists(writer, FLUSH_SIZE);
}

xunzi_status segment_writer_add_term(struct segment_writer *writer, const char *name, size_t size,
                                     const struct posting_source *postings, bool ranked) {
    xunzi_status status = end_documents(writer);
    if (status != XUNZI_OK)
        return status;
    size_t postings_before = writer->postings.size, positions_before = writer->positions.size;
    struct segment_term term = {.name = name,
                                .name_size = size,
                                .count = (uint32_t)postings->count,
                                .has_positions = postings->counts != NULL,
                                .ranked = ranked};
    if (!postings_write(postings, &writer->postings, &writer->positions, &term.bound))
        return error_no_memory();
    term.postings_size = writer->postings.size - postings_before;
    term.positions_size = writer->positions.size - positions_before;
    return enter_term(writer, &term);
}

xunzi_status segment_writer_add_list(struct segment_writer *writer,
                                     const struct segment_term *term) {
    xunzi_status status = end_documents(writer);
    if (status != XUNZI_OK)
        return status;
    if (!buffer_append(&writer->postings, term->postings, term->postings_size) ||
        !buffer_append(&writer->positions, term->positions, term->positions_size))
        return error_no_memory();
    return enter_term(writer, term);
}

/* ---- the end ---- */

/* Copies the positions behind the postings. */
static xunzi_status write_positions(struct segment_writer *writer) {
    struct buffer piece = {0};
    xunzi_status status = begin_section(writer, SEGMENT_POSITIONS);
    if (status == XUNZI_OK && !buffer_reserve(&piece, FLUSH_SIZE))
        status = error_no_memory();
    for (uint64_t done = 0; status == XUNZI_OK && done < writer->positions_at;) {
        ssize_t got = pread(writer->positions_file, piece.data, FLUSH_SIZE, (off_t)done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            errno = got < 0 ? errno : EIO;
            status = write_failed(writer);
            break;
        }
        status = append(writer, piece.data, (size_t)got);
        done += (uint64_t)got;
    }
    end_section(writer, SEGMENT_POSITIONS);
    buffer_free(&piece);
    return status;
}

xunzi_status segment_writer_finish(struct segment_writer *writer) {
    xunzi_status status = end_documents(writer);
    if (status == XUNZI_OK)
        status = flush_lists(writer, 0);
    end_section(writer, SEGMENT_POSTINGS);
    if (status == XUNZI_OK)
        status = write_positions(writer);
    if (status == XUNZI_OK)
        status = write_section(writer, SEGMENT_TERMS, &writer->dictionary.groups);
    if (status == XUNZI_OK)
        status = write_section(writer, SEGMENT_TERM_INDEX, &writer->dictionary.index);
    uint8_t header[SEGMENT_HEADER_SIZE];
    segment_header_write(&writer->header, header);
    if (status == XUNZI_OK && lseek(writer->file, 0, SEEK_SET) != 0)
        status = write_failed(writer);
    if (status == XUNZI_OK)
        status = write_all(writer, writer->file, header, sizeof header);
    if (status == XUNZI_OK && fsync(writer->file) != 0)
        status = write_failed(writer);
    writer->finished = status == XUNZI_OK;
    return status;
}
