/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the positions of posting lists; postings.h has the format. */
#include "segment/postings_parts.h"

static bool reserve(struct position_list *positions, size_t more) {
    positions->no_memory = !array_reserve(&positions->items, &positions->capacity,
                                          positions->count + more, sizeof *positions->items);
    return !positions->no_memory;
}

/* Reads so many positions of one document, LEB128 each, and appends them. */
static bool read_positions(const uint8_t **at, const uint8_t *end, uint32_t count,
                           struct position_list *positions) {
    uint32_t distance, position = 0;
    if (count > (size_t)(end - *at) || !reserve(positions, count))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (!read_number(at, end, &distance))
            return false;
        position += distance;
        positions->items[positions->count++] = position;
    }
    return true;
}

/* Positions of a short tail's posting: those before it are passed over. */
static bool short_positions(const uint8_t *at, const uint8_t *end, uint32_t index,
                            struct position_list *positions) {
    uint32_t count, passed;
    for (uint32_t i = 0; i < index; i++) {
        if (!read_number(&at, end, &count))
            return false;
        for (; count > 0; count--)
            if (!read_number(&at, end, &passed))
                return false;
    }
    return read_number(&at, end, &count) && read_positions(&at, end, count, positions);
}

bool postings_find_positions(const struct postings_cursor *cursor, uint32_t block,
                             const uint8_t **at) {
    size_t n = cursor->full_blocks;
    *at = cursor->list.positions;
    if (n == 0)
        return true;
    uint32_t offset = block < n ? load_u32(cursor->position_offsets + 4 * (size_t)block)
                                : load_u32(cursor->bounds + n + 4);
    if (offset > cursor->list.positions_size)
        return false;
    *at += offset;
    return true;
}

/* The two runs of a block's positions. */
struct position_runs {
    const uint8_t *counts, *positions, *end;
    unsigned width, count_width;
    bool same; /* counts are the wdf */
};

static bool find_runs(const uint8_t *at, const uint8_t *end, size_t documents,
                      struct position_runs *runs) {
    if (end - at < 2 || at[0] > 32 || (at[1] > 32 && at[1] != POSTINGS_NO_COUNTS))
        return false;
    runs->same = at[1] == POSTINGS_NO_COUNTS;
    runs->width = at[0];
    runs->count_width = at[1];
    runs->counts = at + 2;
    runs->end = end;
    size_t size = runs->same ? 0 : run_bytes(documents, runs->count_width);
    runs->positions = runs->counts + size;
    return size <= (size_t)(end - runs->counts);
}

/* Where each posting's positions begin in the run, and behind the last one's, where they end.
 * False: they are more than the run has room for; without a bit to each, all are 0, and a document
 * has one. */
static bool find_begins(struct postings_cursor *cursor, uint32_t block,
                        const struct position_runs *runs) {
    uint32_t counts[BLOCK_SIZE], *begins = cursor->place_begins;
    size_t documents = block < cursor->full_blocks ? BLOCK_SIZE : cursor->tail_count;
    bool ok;
    if (!runs->same) {
        run_unpack(runs->counts, (size_t)(runs->end - runs->counts), 0, documents,
                   runs->count_width, counts);
        uint32_t none = 0; /* a count of 2^32 is told as 0 */
        for (size_t i = 0; i < documents; i++)
            none |= ++counts[i] == 0;
        ok = !none && postings_sum(counts, documents, begins);
    } else {
        ok = postings_sum_wdfs(cursor, block, begins);
    }
    for (size_t i = 0; ok && runs->width == 0 && i < documents; i++)
        ok = begins[i + 1] - begins[i] <= 1;
    return ok && run_bytes(begins[documents], runs->width) <= (size_t)(runs->end - runs->positions);
}

/* Most documents have a term so often at most: so many positions are read in any case, for to read
 * them is faster than to foresee how many there are. */
enum { FEW_POSITIONS = 4 };

/* How many numbers of a run of which `size` bytes may be read can be read as words of eight bytes,
 * FEW_POSITIONS behind them, too. */
static uint32_t words_in_run(size_t size, unsigned width) {
    uint64_t bits = size > sizeof(uint64_t) ? (size - sizeof(uint64_t)) * UINT64_C(8) : 0;
    uint64_t numbers = width > 0 ? bits / width : UINT32_MAX;
    if (size < sizeof(uint64_t) || numbers < FEW_POSITIONS)
        return 0;
    return (uint32_t)(numbers - FEW_POSITIONS < UINT32_MAX ? numbers - FEW_POSITIONS : UINT32_MAX);
}

/* The number at a bit of a run. */
static inline uint32_t get_position(const uint8_t *run, size_t bit, uint32_t mask) {
    uint64_t word;
    memcpy(&word, run + bit / 8, sizeof word);
    return (uint32_t)(word >> (bit % 8)) & mask;
}

/* Appends the positions of posting `index` of the block whose places are loaded. */
static inline bool append_positions(const struct postings_cursor *cursor, uint32_t index,
                                    struct position_list *positions) {
    uint32_t first = cursor->place_begins[index], behind = cursor->place_begins[index + 1];
    unsigned width = cursor->place_width;
    size_t count = behind - first, room = count + FEW_POSITIONS;
    if (positions->capacity - positions->count < room && !reserve(positions, room))
        return false;
    uint32_t *out = positions->items + positions->count;
    positions->count += count;
    if (behind > cursor->place_words) {
        run_unpack(cursor->places, cursor->places_size, first, count, width, out);
        for (size_t i = 1; i < count; i++)
            out[i] += out[i - 1];
        return true;
    }
    const uint32_t mask = (uint32_t)((UINT64_C(1) << width) - 1);
    size_t bit = (size_t)first * width;
    uint32_t position = 0;
    for (size_t i = 0; i < FEW_POSITIONS; i++, bit += width)
        out[i] = position += get_position(cursor->places, bit, mask);
    for (size_t i = FEW_POSITIONS; i < count; i++, bit += width)
        out[i] = position += get_position(cursor->places, bit, mask);
    return true;
}

/* Makes place_begins those of a block whose positions begin at `at`. */
static bool load_places(struct postings_cursor *cursor, uint32_t block, const uint8_t *at,
                        const uint8_t *end) {
    struct position_runs runs;
    size_t documents = block < cursor->full_blocks ? BLOCK_SIZE : cursor->tail_count;
    if (cursor->placed_block == block)
        return true;
    cursor->placed_block = cursor->block_count;
    if (!find_runs(at, end, documents, &runs) || !find_begins(cursor, block, &runs))
        return false;
    cursor->placed_block = block;
    cursor->places = runs.positions;
    cursor->places_size = (size_t)(runs.end - runs.positions);
    cursor->place_width = runs.width;
    cursor->place_words = words_in_run(cursor->places_size, runs.width);
    return true;
}

/* Appends the positions of a posting of a block whose places are not loaded. */
static bool read_places(struct postings_cursor *cursor, uint32_t posting,
                        struct position_list *positions) {
    uint32_t block = posting / BLOCK_SIZE, index = posting % BLOCK_SIZE;
    const uint8_t *at, *end = cursor->list.positions + cursor->list.positions_size;
    if (!postings_find_positions(cursor, block, &at))
        return false;
    if (block >= cursor->full_blocks && cursor->tail_count < TAIL_RUN)
        return short_positions(at, end, index, positions);
    return load_places(cursor, block, at, end) && append_positions(cursor, index, positions);
}

bool postings_positions_of(struct postings_cursor *cursor, const uint32_t *postings, size_t count,
                           struct position_list *positions, uint32_t *ends) {
    bool ok = cursor->list.positions != NULL;
    for (size_t i = 0; i < count && ok; i++) {
        ok = postings[i] / BLOCK_SIZE == cursor->placed_block
                 ? append_positions(cursor, postings[i] % BLOCK_SIZE, positions)
                 : read_places(cursor, postings[i], positions);
        ends[i] = (uint32_t)positions->count;
    }
    return ok;
}

bool postings_positions(struct postings_cursor *cursor, struct position_list *positions) {
    uint32_t posting = cursor->block * BLOCK_SIZE + cursor->at, end;
    return cursor->document != POSTINGS_END &&
           postings_positions_of(cursor, &posting, 1, positions, &end);
}

void postings_prefetch_positions(const struct postings_cursor *cursor, const uint32_t *postings,
                                 size_t count) {
    uint32_t before = cursor->placed_block;
    for (size_t i = 0; i < count && cursor->list.positions; i++) {
        uint32_t block = postings[i] / BLOCK_SIZE;
        if (block == before || block + 1 >= cursor->full_blocks)
            continue;
        before = block;
        const uint8_t *offset = cursor->position_offsets + 4 * (size_t)block;
        size_t begin = load_u32(offset), behind = load_u32(offset + 4);
        if (begin > behind || behind > cursor->list.positions_size)
            continue;
        const uint8_t *at = cursor->list.positions + begin;
        __builtin_prefetch(at);
        __builtin_prefetch(at + (behind - begin) * (postings[i] % BLOCK_SIZE) / BLOCK_SIZE);
    }
}

/* ---- all of a block ---- */

static bool ascend(const uint32_t *positions, size_t count) {
    for (size_t i = 1; i < count; i++)
        if (positions[i] <= positions[i - 1])
            return false;
    return true;
}

/* Appends the positions of all postings of the block that the cursor has decoded, and moves *at
 * behind them. */
static bool append_runs(struct postings_cursor *cursor, struct postings_array *array,
                        const uint8_t **at, const uint8_t *end) {
    if (!load_places(cursor, cursor->block, *at, end))
        return false;
    const uint32_t *begins = cursor->place_begins;
    for (uint32_t i = 0; i < cursor->in_block; i++) {
        array->counts[array->count + i] = begins[i + 1] - begins[i];
        if (!append_positions(cursor, i, &array->positions))
            return false;
    }
    *at = cursor->places + run_bytes(begins[cursor->in_block], cursor->place_width);
    return true;
}

bool postings_append_positions(struct postings_cursor *cursor, struct postings_array *array,
                               const uint8_t **at) {
    const uint8_t *end = cursor->list.positions + cursor->list.positions_size;
    struct position_list *positions = &array->positions;
    size_t first = positions->count;
    if (cursor->in_block >= TAIL_RUN) {
        if (!append_runs(cursor, array, at, end))
            return false;
    } else {
        for (size_t i = 0; i < cursor->in_block; i++) {
            uint32_t *count = &array->counts[array->count + i];
            if (!read_number(at, end, count) || !read_positions(at, end, *count, positions))
                return false;
        }
    }
    for (size_t i = 0; i < cursor->in_block; i++) {
        uint32_t count = array->counts[array->count + i];
        if (count == 0 || !ascend(positions->items + first, count))
            return false;
        first += count;
    }
    return true;
}
