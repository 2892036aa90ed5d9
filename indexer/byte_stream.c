/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plain and gzip streams. */
#include "indexer/byte_stream.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INPUT_SIZE = 128 * 1024, MAGIC_SIZE = 2, GZIP_ONLY = 16 };

bool byte_stream_begin(struct byte_stream *stream, int descriptor) {
    if (!stream->input && !(stream->input = malloc(INPUT_SIZE)))
        return false;
    stream->descriptor = descriptor;
    stream->state = BYTE_STREAM_UNDECIDED;
    stream->input_begin = stream->input_end = 0;
    stream->bytes_read = 0;
    stream->problem[0] = '\0';
    return true;
}

void byte_stream_free(struct byte_stream *stream) {
    if (stream->inflate_ready)
        inflateEnd(&stream->inflate);
    free(stream->input);
    *stream = (struct byte_stream){0};
}

static void end_with_problem(struct byte_stream *stream, const char *problem) {
    snprintf(stream->problem, sizeof stream->problem, "%s", problem);
    stream->state = BYTE_STREAM_ENDED;
}

/* Reads from the file, waiting where it is a pipe that does not block. 0: its end, or a problem. */
static size_t read_file(struct byte_stream *stream, void *out, size_t capacity) {
    for (;;) {
        ssize_t got = read(stream->descriptor, out, capacity);
        if (got >= 0) {
            stream->bytes_read += (uint64_t)got;
            return (size_t)got;
        }
        if (errno == EAGAIN) {
            struct pollfd wanted = {.fd = stream->descriptor, .events = POLLIN};
            if (poll(&wanted, 1, -1) >= 0)
                continue;
        }
        snprintf(stream->problem, sizeof stream->problem, "cannot be read: %s", strerror(errno));
        stream->state = BYTE_STREAM_ENDED;
        return 0;
    }
}

/* Fills the input behind what it holds. False: nothing came. */
static bool fill_input(struct byte_stream *stream) {
    if (stream->input_begin == stream->input_end)
        stream->input_begin = stream->input_end = 0;
    size_t got =
        read_file(stream, stream->input + stream->input_end, INPUT_SIZE - stream->input_end);
    stream->input_end += got;
    return got > 0;
}

static bool begin_member(struct byte_stream *stream) {
    int outcome;
    if (stream->inflate_ready) {
        outcome = inflateReset(&stream->inflate);
    } else {
        stream->inflate = (z_stream){0};
        outcome = inflateInit2(&stream->inflate, GZIP_ONLY + MAX_WBITS);
        stream->inflate_ready = outcome == Z_OK;
    }
    if (outcome != Z_OK) {
        end_with_problem(stream, "cannot be decompressed: not enough memory");
        return false;
    }
    stream->state = BYTE_STREAM_GZIP;
    return true;
}

static bool decide(struct byte_stream *stream) {
    while (stream->input_end < MAGIC_SIZE && fill_input(stream))
        continue;
    if (stream->state == BYTE_STREAM_ENDED)
        return false;
    if (stream->input_end >= MAGIC_SIZE && memcmp(stream->input, "\x1F\x8B", MAGIC_SIZE) == 0)
        return begin_member(stream);
    stream->state = BYTE_STREAM_PLAIN;
    return true;
}

static size_t read_plain(struct byte_stream *stream, void *out, size_t capacity) {
    size_t kept = stream->input_end - stream->input_begin;
    if (kept == 0)
        return read_file(stream, out, capacity);
    size_t given = kept < capacity ? kept : capacity;
    memcpy(out, stream->input + stream->input_begin, given);
    stream->input_begin += given;
    return given;
}

/* Between members: another one, zeros to the end, or what does not belong there. */
static void begin_next_member(struct byte_stream *stream) {
    for (;;) {
        while (stream->input_begin < stream->input_end && stream->input[stream->input_begin] == 0)
            stream->input_begin++;
        if (stream->input_begin < stream->input_end)
            break;
        if (!fill_input(stream)) {
            stream->state = BYTE_STREAM_ENDED;
            return;
        }
    }
    if (stream->input[stream->input_begin] == 0x1F)
        begin_member(stream);
    else
        end_with_problem(stream, "holds something else behind its gzip data");
}

static size_t read_gzip(struct byte_stream *stream, void *out, size_t capacity) {
    if (capacity > UINT32_MAX)
        capacity = UINT32_MAX;
    stream->inflate.next_out = out;
    stream->inflate.avail_out = (uInt)capacity;
    while (stream->inflate.avail_out == capacity && stream->state == BYTE_STREAM_GZIP) {
        if (stream->input_begin == stream->input_end && !fill_input(stream)) {
            if (stream->state == BYTE_STREAM_GZIP)
                end_with_problem(stream, "is cut: its gzip data ends too early");
            break;
        }
        stream->inflate.next_in = stream->input + stream->input_begin;
        stream->inflate.avail_in = (uInt)(stream->input_end - stream->input_begin);
        int outcome = inflate(&stream->inflate, Z_NO_FLUSH);
        stream->input_begin = stream->input_end - stream->inflate.avail_in;
        if (outcome == Z_STREAM_END)
            stream->state = BYTE_STREAM_GZIP_NEXT;
        else if (outcome == Z_MEM_ERROR)
            end_with_problem(stream, "cannot be decompressed: not enough memory");
        else if (outcome != Z_OK && outcome != Z_BUF_ERROR)
            end_with_problem(stream, "has damaged gzip data");
    }
    return capacity - stream->inflate.avail_out;
}

size_t byte_stream_read(struct byte_stream *stream, void *out, size_t capacity) {
    if (stream->state == BYTE_STREAM_UNDECIDED && !decide(stream))
        return 0;
    size_t got = 0;
    while (got == 0 && stream->state != BYTE_STREAM_ENDED) {
        if (stream->state == BYTE_STREAM_GZIP_NEXT) {
            begin_next_member(stream);
        } else if (stream->state == BYTE_STREAM_GZIP) {
            got = read_gzip(stream, out, capacity);
        } else {
            got = read_plain(stream, out, capacity);
            if (got == 0)
                stream->state = BYTE_STREAM_ENDED;
        }
    }
    return got;
}
