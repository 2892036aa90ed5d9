/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing posting lists; postings.h has the format. */
#include "segment/postings.h"

#include <stdlib.h>

enum { EXCEPTION_BITS = 8, WORTH_EXCEPTIONS = 8 };

static bool append_u32(struct buffer *out, uint32_t value) {
    return buffer_append(out, &value, sizeof value);
}

/* The width that makes a block smallest, numbers above it being exceptions of two bytes each. To
 * save less than WORTH_EXCEPTIONS bytes none are made: they take time to read. */
static unsigned choose_width(const uint32_t *numbers, size_t count, unsigned *exceptions) {
    unsigned with[33] = {0};
    unsigned most = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned bits = bits_for(numbers[i]);
        with[bits]++;
        most = bits > most ? bits : most;
    }
    unsigned best = most, above = 0;
    size_t plain = (size_t)16 * most, smallest = plain;
    *exceptions = 0;
    for (unsigned width = most; width > 0 && most - (width - 1) <= EXCEPTION_BITS;) {
        above += with[width];
        width--;
        size_t size = (size_t)16 * width + 2 * (size_t)above;
        if (size < smallest && size + WORTH_EXCEPTIONS <= plain) {
            smallest = size;
            best = width;
            *exceptions = above;
        }
    }
    return best;
}

static bool append_exceptions(const uint32_t *numbers, unsigned width, unsigned count,
                              struct buffer *out) {
    if (!buffer_reserve(out, 2 * (size_t)count))
        return false;
    for (size_t i = 0; count > 0; i++)
        if (numbers[i] >> width) {
            out->data[out->size++] = (char)i;
            out->data[out->size++] = (char)(numbers[i] >> width);
            count--;
        }
    return true;
}

static bool append_packed(const uint32_t *numbers, unsigned width, struct buffer *out) {
    if (!buffer_reserve(out, (size_t)16 * width))
        return false;
    if (width > 0)
        block_pack(numbers, width, (uint8_t *)out->data + out->size);
    out->size += (size_t)16 * width;
    return true;
}

static bool append_run(const uint32_t *numbers, size_t count, unsigned width, struct buffer *out) {
    size_t size = run_bytes(count, width);
    if (!buffer_reserve(out, size))
        return false;
    run_pack(numbers, count, width, (uint8_t *)out->data + out->size);
    out->size += size;
    return true;
}

static unsigned widest(const uint32_t *numbers, size_t count) {
    uint32_t all = 0;
    for (size_t i = 0; i < count; i++)
        all |= numbers[i];
    return bits_for(all);
}

/* distances and wdf - 1 of postings [first, first + count) of the source. */
static void take_numbers(const struct posting_source *source, size_t first, size_t count,
                         uint32_t *distances, uint32_t *wdfs) {
    uint32_t before = first == 0 ? UINT32_MAX : source->documents[first - 1];
    for (size_t i = 0; i < count; i++) {
        distances[i] = source->documents[first + i] - before - 1;
        before = source->documents[first + i];
        wdfs[i] = source->wdfs[first + i] - 1;
    }
}

static uint8_t largest_bound(const struct posting_source *source, size_t first, size_t count) {
    uint8_t largest = 0;
    for (size_t i = first; i < first + count; i++)
        largest = source->bounds[i] > largest ? source->bounds[i] : largest;
    return largest;
}

static bool write_block(const struct posting_source *source, size_t first, struct buffer *out) {
    uint32_t distances[BLOCK_SIZE], wdfs[BLOCK_SIZE];
    unsigned distance_exceptions, wdf_exceptions;
    take_numbers(source, first, BLOCK_SIZE, distances, wdfs);
    unsigned distance_width = choose_width(distances, BLOCK_SIZE, &distance_exceptions);
    unsigned wdf_width = choose_width(wdfs, BLOCK_SIZE, &wdf_exceptions);
    const uint8_t head[4] = {(uint8_t)distance_width, (uint8_t)wdf_width,
                             (uint8_t)distance_exceptions, (uint8_t)wdf_exceptions};
    return buffer_append(out, head, sizeof head) && append_packed(distances, distance_width, out) &&
           append_packed(wdfs, wdf_width, out) &&
           append_exceptions(distances, distance_width, distance_exceptions, out) &&
           append_exceptions(wdfs, wdf_width, wdf_exceptions, out);
}

static bool write_tail(const struct posting_source *source, size_t first, size_t count,
                       struct buffer *out) {
    uint32_t distances[BLOCK_SIZE], wdfs[BLOCK_SIZE];
    take_numbers(source, first, count, distances, wdfs);
    bool ok = true;
    if (count < TAIL_RUN) {
        for (size_t i = 0; i < count && ok; i++)
            ok = buffer_append_varint(out, (uint64_t)distances[i] << 1 | (wdfs[i] > 0)) &&
                 (wdfs[i] == 0 || buffer_append_varint(out, wdfs[i]));
        return ok;
    }
    const uint8_t head[3] = {(uint8_t)widest(distances, count), (uint8_t)widest(wdfs, count),
                             largest_bound(source, first, count)};
    return buffer_append(out, head, sizeof head) && append_run(distances, count, head[0], out) &&
           append_run(wdfs, count, head[1], out);
}

/* What is said of the positions of a block. */
struct positions_head {
    size_t total;
    unsigned width, count_width; /* the latter POSTINGS_NO_COUNTS where they are the wdf */
};

static struct positions_head measure(const uint32_t *counts, const uint32_t *wdfs, size_t count,
                                     const uint32_t *positions) {
    struct positions_head head = {0};
    uint32_t all = 0, all_counts = 0;
    bool same = true;
    for (size_t i = 0; i < count; i++) {
        uint32_t before = 0;
        same = same && counts[i] == wdfs[i];
        all_counts |= counts[i] - 1;
        for (uint32_t j = 0; j < counts[i]; j++) {
            all |= positions[head.total] - before;
            before = positions[head.total++];
        }
    }
    head.width = bits_for(all);
    head.count_width = same ? (unsigned)POSTINGS_NO_COUNTS : bits_for(all_counts);
    return head;
}

/* Of a short tail. */
static bool write_few_positions(const uint32_t *counts, size_t count, const uint32_t *positions,
                                struct buffer *out) {
    bool ok = true;
    for (size_t i = 0; i < count && ok; i++) {
        uint32_t before = 0;
        ok = buffer_append_varint(out, counts[i]);
        for (uint32_t j = 0; j < counts[i] && ok; j++) {
            ok = buffer_append_varint(out, *positions - before);
            before = *positions++;
        }
    }
    return ok;
}

static bool write_runs(const uint32_t *counts, size_t count, const uint32_t *positions,
                       const struct positions_head *head, struct buffer *out) {
    bool same = head->count_width == POSTINGS_NO_COUNTS;
    size_t counts_size = same ? 0 : run_bytes(count, head->count_width);
    size_t size = 2 + counts_size + run_bytes(head->total, head->width);
    if (!buffer_reserve(out, size))
        return false;
    uint8_t *at = (uint8_t *)out->data + out->size;
    out->size += size;
    at[0] = (uint8_t)head->width;
    at[1] = (uint8_t)head->count_width;
    struct run_writer writer = {.out = at + 2};
    for (size_t i = 0; i < count && !same; i++)
        run_put(&writer, counts[i] - 1, head->count_width);
    run_end(&writer);
    writer = (struct run_writer){.out = at + 2 + counts_size};
    for (size_t i = 0; i < count; i++) {
        uint32_t before = 0;
        for (uint32_t j = 0; j < counts[i]; j++) {
            run_put(&writer, *positions - before, head->width);
            before = *positions++;
        }
    }
    run_end(&writer);
    return true;
}

/* Writes the positions of postings [first, first + count); *positions is where they begin, and is
 * moved behind them. */
static bool write_positions(const struct posting_source *source, size_t first, size_t count,
                            const uint32_t **positions, struct buffer *out) {
    const uint32_t *counts = source->counts + first, *begin = *positions;
    const struct positions_head head = measure(counts, source->wdfs + first, count, begin);
    *positions += head.total;
    return count < TAIL_RUN ? write_few_positions(counts, count, begin, out)
                            : write_runs(counts, count, begin, &head, out);
}

static bool write_skip_table(const struct posting_source *source, size_t full,
                             const uint32_t *block_at, const uint32_t *positions_at,
                             struct buffer *out) {
    bool ok = true;
    for (size_t b = 0; b < full && ok; b++)
        ok = append_u32(out, source->documents[(b + 1) * BLOCK_SIZE - 1]);
    for (size_t b = 0; b < full && ok; b++)
        ok = append_u32(out, block_at[b]);
    for (size_t b = 0; source->counts && b < full && ok; b++)
        ok = append_u32(out, positions_at[b]);
    for (size_t b = 0; b < full && ok; b++)
        ok = buffer_append_byte(out, (char)largest_bound(source, b * BLOCK_SIZE, BLOCK_SIZE));
    return ok && append_u32(out, block_at[full]) &&
           (!source->counts || append_u32(out, positions_at[full]));
}

bool postings_write(const struct posting_source *source, struct buffer *postings,
                    struct buffer *positions, uint8_t *bound) {
    size_t full = source->count / BLOCK_SIZE, tail = source->count % BLOCK_SIZE;
    *bound = largest_bound(source, 0, source->count);
    if (full == 0) {
        const uint32_t *at = source->positions;
        return write_tail(source, 0, tail, postings) &&
               (!source->counts || write_positions(source, 0, tail, &at, positions));
    }
    uint32_t *block_at = malloc(2 * (full + 1) * sizeof *block_at);
    if (!block_at)
        return false;
    uint32_t *positions_at = block_at + full + 1;
    struct buffer blocks = {0};
    const uint32_t *at = source->positions;
    size_t positions_begin = positions->size;
    bool ok = true;
    for (size_t b = 0; b <= full && ok; b++) {
        size_t count = b < full ? BLOCK_SIZE : tail;
        block_at[b] = (uint32_t)blocks.size;
        positions_at[b] = (uint32_t)(positions->size - positions_begin);
        ok = b < full ? write_block(source, b * BLOCK_SIZE, &blocks)
                      : tail == 0 || write_tail(source, b * BLOCK_SIZE, tail, &blocks);
        if (ok && source->counts && count > 0)
            ok = write_positions(source, b * BLOCK_SIZE, count, &at, positions);
    }
    ok = ok && blocks.size <= UINT32_MAX && positions->size - positions_begin <= UINT32_MAX &&
         write_skip_table(source, full, block_at, positions_at, postings) &&
         buffer_append(postings, blocks.data, blocks.size);
    free(block_at);
    buffer_free(&blocks);
    return ok;
}
