/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes of an open file, decompressed where it begins like gzip (RFC 1952; several members one
 * after another are one stream, zeros behind the last are padding). A stream is used for one file
 * after another: begin, read ..., end. */
#ifndef XUNZI_INDEXER_BYTE_STREAM_H
#define XUNZI_INDEXER_BYTE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

enum byte_stream_state {
    BYTE_STREAM_UNDECIDED,
    BYTE_STREAM_PLAIN,
    BYTE_STREAM_GZIP,      /* within a member */
    BYTE_STREAM_GZIP_NEXT, /* behind one */
    BYTE_STREAM_ENDED      /* at the end, or at a problem */
};

/* Zero-initialised is ready for byte_stream_begin. */
struct byte_stream {
    int descriptor;
    enum byte_stream_state state;
    unsigned char *input; /* what was read and not yet consumed is input[input_begin, input_end) */
    size_t input_begin;
    size_t input_end;
    z_stream inflate;
    bool inflate_ready;
    uint64_t bytes_read; /* from the file, since begin */
    char problem[160];   /* why the stream ended early: the end of a sentence that begins with the
                            file's name; or empty */
};

/* Begins on a descriptor, which stays the caller's. False: no memory. */
bool byte_stream_begin(struct byte_stream *stream, int descriptor);

/* Reads up to `capacity` (at least 1) bytes to out; 0: the end, and stream->problem tells whether
 * it is the true one. What is given out before a problem is sound as far as it goes. */
size_t byte_stream_read(struct byte_stream *stream, void *out, size_t capacity);

void byte_stream_free(struct byte_stream *stream);

#endif
