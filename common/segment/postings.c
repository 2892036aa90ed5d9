/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing and reading posting lists; postings.h has the format. */
#include "segment/postings.h"

#include <stdlib.h>

enum { EXCEPTION_BITS = 8 };

static uint32_t load_u32(const uint8_t *at) {
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static bool append_u32(struct buffer *out, uint32_t value) {
    return buffer_append(out, &value, sizeof value);
}

/* The width that makes a block smallest, numbers above it being exceptions of two bytes each. */
static unsigned choose_width(const uint32_t *numbers, size_t count, unsigned *exceptions) {
    unsigned with[33] = {0};
    unsigned most = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned bits = bits_for(numbers[i]);
        with[bits]++;
        most = bits > most ? bits : most;
    }
    unsigned best = most, above = 0;
    size_t smallest = (size_t)16 * most;
    *exceptions = 0;
    for (unsigned width = most; width > 0 && most - (width - 1) <= EXCEPTION_BITS;) {
        above += with[width];
        width--;
        size_t size = (size_t)16 * width + 2 * (size_t)above;
        if (size < smallest) {
            smallest = size;
            best = width;
            *exceptions = above;
        }
    }
    return best;
}

static bool append_exceptions(const uint32_t *numbers, unsigned width, struct buffer *out) {
    bool ok = true;
    for (size_t i = 0; i < BLOCK_SIZE && ok; i++)
        if (width < 32 && numbers[i] >> width) {
            const uint8_t exception[2] = {(uint8_t)i, (uint8_t)(numbers[i] >> width)};
            ok = buffer_append(out, exception, sizeof exception);
        }
    return ok;
}

static bool append_packed(const uint32_t *numbers, unsigned width, struct buffer *out) {
    uint32_t low[BLOCK_SIZE];
    uint32_t mask = (uint32_t)((UINT64_C(1) << width) - 1);
    if (!buffer_reserve(out, (size_t)16 * width))
        return false;
    for (size_t i = 0; i < BLOCK_SIZE; i++)
        low[i] = numbers[i] & mask;
    block_pack(low, width, (uint8_t *)out->data + out->size);
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
static void take_numbers(const struct posting_source *source, size_t first, size_t count, uint32_t *distances,
                         uint32_t *wdfs) {
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
    const uint8_t head[4] = {(uint8_t)distance_width, (uint8_t)wdf_width, (uint8_t)distance_exceptions,
                             (uint8_t)wdf_exceptions};
    return buffer_append(out, head, sizeof head) && append_packed(distances, distance_width, out) &&
           append_packed(wdfs, wdf_width, out) && append_exceptions(distances, distance_width, out) &&
           append_exceptions(wdfs, wdf_width, out);
}

static bool write_tail(const struct posting_source *source, size_t first, size_t count, struct buffer *out) {
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

/* Writes the positions of postings [first, first + count); *positions is where they begin, and is moved behind them. */
static bool write_positions(const struct posting_source *source, size_t first, size_t count, const uint32_t **positions,
                            struct buffer *out) {
    size_t total = 0;
    bool same = true;
    for (size_t i = first; i < first + count; i++) {
        total += source->counts[i];
        same = same && source->counts[i] == source->wdfs[i];
    }
    uint32_t *numbers = malloc((total + count + 1) * sizeof *numbers);
    if (!numbers)
        return false;
    uint32_t *counts = numbers + total;
    size_t written = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t before = 0;
        counts[i] = source->counts[first + i] - 1;
        for (uint32_t j = 0; j <= counts[i]; j++) {
            numbers[written++] = **positions - before;
            before = *(*positions)++;
        }
    }
    bool ok = true;
    if (count < TAIL_RUN) {
        for (size_t i = 0, next = 0; i < count && ok; i++) {
            ok = buffer_append_varint(out, counts[i] + 1);
            for (uint32_t j = 0; j <= counts[i] && ok; j++)
                ok = buffer_append_varint(out, numbers[next++]);
        }
    } else {
        const uint8_t head[2] = {(uint8_t)widest(numbers, total),
                                 same ? POSTINGS_NO_COUNTS : (uint8_t)widest(counts, count)};
        ok = buffer_append(out, head, sizeof head) && (same || append_run(counts, count, head[1], out)) &&
             append_run(numbers, total, head[0], out);
    }
    free(numbers);
    return ok;
}

static bool write_skip_table(const struct posting_source *source, size_t full, const uint32_t *block_at,
                             const uint32_t *positions_at, struct buffer *out) {
    bool ok = true;
    for (size_t b = 0; b < full && ok; b++)
        ok = append_u32(out, source->documents[(b + 1) * BLOCK_SIZE - 1]);
    for (size_t b = 0; b < full && ok; b++)
        ok = append_u32(out, block_at[b]);
    for (size_t b = 0; source->counts && b < full && ok; b++)
        ok = append_u32(out, positions_at[b]);
    for (size_t b = 0; b < full && ok; b++)
        ok = buffer_append_byte(out, (char)largest_bound(source, b * BLOCK_SIZE, BLOCK_SIZE));
    return ok && append_u32(out, block_at[full]) && (!source->counts || append_u32(out, positions_at[full]));
}

bool postings_write(const struct posting_source *source, struct buffer *postings, struct buffer *positions,
                    uint8_t *bound) {
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
    ok = ok && blocks.size <= UINT32_MAX && write_skip_table(source, full, block_at, positions_at, postings) &&
         buffer_append(postings, blocks.data, blocks.size);
    free(block_at);
    buffer_free(&blocks);
    return ok;
}

/* ---- reading ---- */

static bool fail(struct postings_cursor *cursor) {
    cursor->damaged = true;
    cursor->document = POSTINGS_END;
    cursor->block = cursor->block_count;
    cursor->in_block = cursor->at = 0;
    return false;
}

static bool read_varint(const uint8_t **at, const uint8_t *end, uint32_t *value) {
    uint64_t sum = 0;
    for (unsigned shift = 0; shift < 35 && *at < end; shift += 7) {
        uint8_t byte = *(*at)++;
        sum |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            *value = (uint32_t)sum;
            return sum <= UINT32_MAX;
        }
    }
    return false;
}

bool postings_open(struct postings_cursor *cursor, const struct postings_list *list) {
    cursor->list = *list;
    cursor->full_blocks = list->count / BLOCK_SIZE;
    cursor->tail_count = list->count % BLOCK_SIZE;
    cursor->block_count = cursor->full_blocks + (cursor->tail_count > 0);
    cursor->block = cursor->block_count;
    cursor->damaged = false;
    cursor->document = 0;
    cursor->in_block = cursor->at = 0;
    cursor->last_of_all = list->documents ? list->documents - 1 : 0;
    cursor->tail_bound = list->bound;
    cursor->blocks = list->postings;
    if (list->count == 0 || list->count > list->documents)
        return fail(cursor);
    if (cursor->full_blocks > 0) {
        size_t n = cursor->full_blocks;
        size_t row = list->positions ? 13 : 9, end = list->positions ? 8 : 4;
        if (list->postings_size < n * row + end)
            return fail(cursor);
        cursor->lasts = list->postings;
        cursor->offsets = cursor->lasts + 4 * n;
        cursor->position_offsets = cursor->offsets + 4 * n;
        cursor->bounds = cursor->position_offsets + (list->positions ? 4 * n : 0);
        cursor->blocks = list->postings + n * row + end;
        if (cursor->tail_count == 0)
            cursor->last_of_all = load_u32(cursor->lasts + 4 * (n - 1));
    }
    return true;
}

/* Where a block begins and the list ends. */
static bool find_block(const struct postings_cursor *cursor, uint32_t block, const uint8_t **at, const uint8_t **end) {
    *end = cursor->list.postings + cursor->list.postings_size;
    *at = cursor->blocks;
    if (cursor->full_blocks == 0)
        return true;
    size_t n = cursor->full_blocks;
    uint32_t offset = block < n ? load_u32(cursor->offsets + 4 * (size_t)block) : load_u32(cursor->bounds + n);
    if (offset > (size_t)(*end - cursor->blocks))
        return false;
    *at += offset;
    return true;
}

/* numbers[i] |= what is above the width, for each exception. */
static const uint8_t *apply_exceptions(const uint8_t *at, unsigned count, unsigned width, uint32_t *numbers) {
    for (unsigned i = 0; i < count; i++, at += 2)
        numbers[at[0] % BLOCK_SIZE] |= (uint32_t)at[1] << width;
    return at;
}

/* Distances to document numbers. False where they do not ascend within the segment. */
static bool sum_up(uint32_t *numbers, size_t count, uint32_t before, uint32_t documents) {
    uint64_t document = before == UINT32_MAX ? 0 : (uint64_t)before + 1;
    for (size_t i = 0; i < count; i++) {
        document += numbers[i];
        numbers[i] = (uint32_t)document;
        document++;
    }
    return document <= documents;
}

static bool load_full(struct postings_cursor *cursor, uint32_t block, bool wdfs) {
    const uint8_t *at, *end;
    if (!find_block(cursor, block, &at, &end) || end - at < 4)
        return fail(cursor);
    unsigned distance_width = at[0], wdf_width = at[1], distance_exceptions = at[2], wdf_exceptions = at[3];
    size_t size = 4 + 16 * (size_t)(distance_width + wdf_width) + 2 * (size_t)(distance_exceptions + wdf_exceptions);
    if (distance_width > 32 || wdf_width > 32 || (distance_exceptions && distance_width > 31) ||
        (wdf_exceptions && wdf_width > 31) || size > (size_t)(end - at))
        return fail(cursor);
    const uint8_t *exceptions = at + 4 + 16 * (size_t)(distance_width + wdf_width);
    block_unpack(at + 4, distance_width, cursor->documents);
    exceptions = apply_exceptions(exceptions, distance_exceptions, distance_width, cursor->documents);
    uint32_t before = block == 0 ? UINT32_MAX : postings_block_last(cursor, block - 1);
    if (!sum_up(cursor->documents, BLOCK_SIZE, before, cursor->list.documents) ||
        cursor->documents[BLOCK_SIZE - 1] != postings_block_last(cursor, block))
        return fail(cursor);
    if (wdfs) {
        block_unpack(at + 4 + 16 * (size_t)distance_width, wdf_width, cursor->wdfs);
        apply_exceptions(exceptions, wdf_exceptions, wdf_width, cursor->wdfs);
        for (size_t i = 0; i < BLOCK_SIZE; i++)
            cursor->wdfs[i]++;
    }
    cursor->in_block = BLOCK_SIZE;
    return true;
}

static bool load_tail(struct postings_cursor *cursor) {
    const uint8_t *at, *end;
    size_t count = cursor->tail_count;
    if (!find_block(cursor, cursor->full_blocks, &at, &end))
        return fail(cursor);
    if (count < TAIL_RUN) {
        for (size_t i = 0; i < count; i++) {
            uint32_t number, more = 0;
            if (!read_varint(&at, end, &number) || ((number & 1) && !read_varint(&at, end, &more)))
                return fail(cursor);
            cursor->documents[i] = number >> 1;
            cursor->wdfs[i] = more + 1;
        }
    } else {
        if (end - at < 3 || at[0] > 32 || at[1] > 32)
            return fail(cursor);
        unsigned distance_width = at[0], wdf_width = at[1];
        size_t distances = run_bytes(count, distance_width), wdfs = run_bytes(count, wdf_width);
        if ((size_t)(end - at) < 3 + distances + wdfs)
            return fail(cursor);
        cursor->tail_bound = at[2];
        for (size_t i = 0; i < count; i++) {
            cursor->documents[i] = run_get(at + 3, (size_t)(end - at) - 3, i, distance_width);
            cursor->wdfs[i] = run_get(at + 3 + distances, (size_t)(end - at) - 3 - distances, i, wdf_width) + 1;
        }
    }
    uint32_t before =
        cursor->full_blocks == 0 ? UINT32_MAX : postings_block_last(cursor, cursor->full_blocks - 1);
    if (!sum_up(cursor->documents, count, before, cursor->list.documents))
        return fail(cursor);
    cursor->last_of_all = cursor->documents[count - 1];
    cursor->in_block = (uint32_t)count;
    return true;
}

bool postings_load(struct postings_cursor *cursor, uint32_t block, bool wdfs) {
    if (cursor->block == block && (cursor->has_wdfs || !wdfs))
        return true;
    bool tail = block >= cursor->full_blocks;
    if (!(tail ? load_tail(cursor) : load_full(cursor, block, wdfs)))
        return false;
    cursor->block = block;
    cursor->has_wdfs = wdfs || tail;
    cursor->at = 0;
    return true;
}

/* The first block from `block` on whose last document is not before `document`: galloping, then halving. */
static uint32_t seek_block(const struct postings_cursor *cursor, uint32_t block, uint32_t document) {
    uint32_t step = 1, low = block;
    while (low < cursor->full_blocks && postings_block_last(cursor, low) < document) {
        uint32_t next = low + step;
        if (next >= cursor->full_blocks || postings_block_last(cursor, next) >= document) {
            uint32_t high = next < cursor->full_blocks ? next : cursor->full_blocks;
            low++;
            while (low < high) {
                uint32_t middle = low + (high - low) / 2;
                if (postings_block_last(cursor, middle) < document)
                    low = middle + 1;
                else
                    high = middle;
            }
            return low;
        }
        low = next;
        step *= 2;
    }
    return low;
}

void postings_next_geq(struct postings_cursor *cursor, uint32_t document) {
    if (cursor->document == POSTINGS_END || (cursor->in_block > 0 && cursor->document >= document))
        return;
    uint32_t block = cursor->in_block > 0 ? cursor->block : 0;
    if (cursor->in_block == 0 || postings_block_last(cursor, block) < document) {
        block = seek_block(cursor, block, document);
        if (block >= cursor->block_count || !postings_load(cursor, block, false)) {
            cursor->document = POSTINGS_END;
            return;
        }
    }
    uint32_t at = cursor->at;
    while (at < cursor->in_block && cursor->documents[at] < document)
        at++;
    if (at == cursor->in_block) { /* only behind the tail's last, which is known now */
        cursor->document = POSTINGS_END;
        return;
    }
    cursor->at = at;
    cursor->document = cursor->documents[at];
}

uint32_t postings_wdf(struct postings_cursor *cursor) {
    uint32_t at = cursor->at;
    if (!cursor->has_wdfs) {
        if (!postings_load(cursor, cursor->block, true))
            return 1;
        cursor->at = at;
    }
    return cursor->wdfs[at];
}

static bool append_position(struct position_list *positions, uint32_t position) {
    if (!array_reserve(&positions->items, &positions->capacity, positions->count + 1, sizeof *positions->items))
        return false;
    positions->items[positions->count++] = position;
    return true;
}

/* Positions of a short tail's posting: those before it are passed over. */
static bool short_positions(const uint8_t *at, const uint8_t *end, uint32_t index, struct position_list *positions) {
    for (uint32_t i = 0; i <= index; i++) {
        uint32_t count, distance, position = 0;
        if (!read_varint(&at, end, &count))
            return false;
        for (uint32_t j = 0; j < count; j++) {
            if (!read_varint(&at, end, &distance))
                return false;
            position += distance;
            if (i == index && !append_position(positions, position))
                return false;
        }
    }
    return true;
}

bool postings_positions(struct postings_cursor *cursor, struct position_list *positions) {
    const struct postings_list *list = &cursor->list;
    if (!list->positions || cursor->document == POSTINGS_END)
        return false;
    const uint8_t *end = list->positions + list->positions_size, *at = list->positions;
    size_t n = cursor->full_blocks;
    if (n > 0) {
        uint32_t offset = cursor->block < n ? load_u32(cursor->position_offsets + 4 * (size_t)cursor->block)
                                            : load_u32(cursor->bounds + n + 4);
        if (offset > list->positions_size)
            return false;
        at += offset;
    }
    if (cursor->in_block < TAIL_RUN)
        return short_positions(at, end, cursor->at, positions);
    if (end - at < 2 || at[0] > 32 || (at[1] > 32 && at[1] != POSTINGS_NO_COUNTS))
        return false;
    unsigned width = at[0], count_width = at[1];
    bool same = count_width == POSTINGS_NO_COUNTS;
    postings_wdf(cursor); /* loads the wdfs */
    const uint8_t *counts = at + 2;
    size_t counts_size = same ? 0 : run_bytes(cursor->in_block, count_width);
    if ((size_t)(end - counts) < counts_size)
        return false;
    const uint8_t *run = counts + counts_size;
    size_t run_size = (size_t)(end - run), before = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i <= cursor->at; i++) {
        before += count;
        count = same ? cursor->wdfs[i] : run_get(counts, (size_t)(end - counts), i, count_width) + 1;
    }
    if (run_bytes(before + count, width) > run_size)
        return false;
    uint32_t position = 0;
    for (size_t i = before; i < before + count; i++) {
        position += run_get(run, run_size, i, width);
        if (!append_position(positions, position))
            return false;
    }
    return true;
}
