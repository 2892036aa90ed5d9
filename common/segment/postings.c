/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading posting lists; postings.h has the format. */
#include "segment/postings_parts.h"

#include <stdlib.h>

static bool fail(struct postings_cursor *cursor) {
    cursor->damaged = true;
    cursor->document = POSTINGS_END;
    cursor->block = cursor->block_count;
    cursor->in_block = cursor->at = 0;
    return false;
}

bool postings_open(struct postings_cursor *cursor, const struct postings_list *list) {
    cursor->list = *list;
    cursor->full_blocks = list->count / BLOCK_SIZE;
    cursor->tail_count = list->count % BLOCK_SIZE;
    cursor->block_count = cursor->full_blocks + (cursor->tail_count > 0);
    cursor->block = cursor->placed_block = cursor->block_count;
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
static bool find_block(const struct postings_cursor *cursor, uint32_t block, const uint8_t **at,
                       const uint8_t **end) {
    *end = cursor->list.postings + cursor->list.postings_size;
    *at = cursor->blocks;
    if (cursor->full_blocks == 0)
        return true;
    size_t n = cursor->full_blocks;
    uint32_t offset =
        block < n ? load_u32(cursor->offsets + 4 * (size_t)block) : load_u32(cursor->bounds + n);
    if (offset > (size_t)(*end - cursor->blocks))
        return false;
    *at += offset;
    return true;
}

/* numbers[i] += what is above the width, for each exception. */
static const uint8_t *apply_exceptions(const uint8_t *at, unsigned count, unsigned width,
                                       uint32_t *numbers) {
    for (unsigned i = 0; i < count; i++, at += 2)
        numbers[at[0] % BLOCK_SIZE] += (uint32_t)at[1] << width;
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

/* A full block's head and where its parts begin. */
struct full_block {
    unsigned distance_width, wdf_width, distance_exceptions, wdf_exceptions;
    const uint8_t *distances, *wdfs, *exceptions, *behind;
};

static bool read_head(const struct postings_cursor *cursor, uint32_t block,
                      struct full_block *out) {
    const uint8_t *at, *end;
    if (!find_block(cursor, block, &at, &end) || end - at < 4)
        return false;
    *out = (struct full_block){.distance_width = at[0],
                               .wdf_width = at[1],
                               .distance_exceptions = at[2],
                               .wdf_exceptions = at[3],
                               .distances = at + 4};
    size_t packed = 16 * (size_t)(out->distance_width + out->wdf_width);
    size_t size = 4 + packed + 2 * (size_t)(out->distance_exceptions + out->wdf_exceptions);
    if (out->distance_width > 32 || out->wdf_width > 32 ||
        (out->distance_exceptions && out->distance_width > 31) ||
        (out->wdf_exceptions && out->wdf_width > 31) || size > (size_t)(end - at))
        return false;
    out->wdfs = out->distances + 16 * (size_t)out->distance_width;
    out->exceptions = out->distances + packed;
    out->behind = at + size;
    return true;
}

/* From below SAFE_DOCUMENTS, 128 distances of so many bits do not make 32 bits overflow; nor do
 * those of SAFE_EXCEPTIONS with 255 exceptions, even if all are of one number. */
enum { SAFE_WIDTH = 24, SAFE_EXCEPTIONS = 14 };
#define SAFE_DOCUMENTS (UINT32_C(1) << 31)

static bool read_documents(struct postings_cursor *cursor, uint32_t block,
                           const struct full_block *full) {
    uint32_t before = block == 0 ? UINT32_MAX : postings_block_last(cursor, block - 1);
    uint32_t last = postings_block_last(cursor, block);
    unsigned width = full->distance_width;
    bool safe = width <= (full->distance_exceptions ? SAFE_EXCEPTIONS : SAFE_WIDTH) &&
                cursor->list.documents <= SAFE_DOCUMENTS &&
                (before == UINT32_MAX || before < cursor->list.documents);
    if (safe && full->distance_exceptions == 0) {
        block_unpack_sums(full->distances, width, before, cursor->documents);
    } else {
        block_unpack(full->distances, width, 0, cursor->documents);
        apply_exceptions(full->exceptions, full->distance_exceptions, width, cursor->documents);
        if (safe)
            block_sum(cursor->documents, before);
        else if (!sum_up(cursor->documents, BLOCK_SIZE, before, cursor->list.documents))
            return false;
    }
    return cursor->documents[BLOCK_SIZE - 1] == last && last < cursor->list.documents;
}

static void read_wdfs(const struct full_block *full, uint32_t wdfs[BLOCK_SIZE]) {
    block_unpack(full->wdfs, full->wdf_width, 1, wdfs);
    apply_exceptions(full->exceptions + 2 * (size_t)full->distance_exceptions, full->wdf_exceptions,
                     full->wdf_width, wdfs);
}

/* Decodes a full block into the cursor; *behind is where it ends. */
static bool load_full(struct postings_cursor *cursor, uint32_t block, bool wdfs,
                      const uint8_t **behind) {
    struct full_block full;
    if (!read_head(cursor, block, &full) || !read_documents(cursor, block, &full))
        return fail(cursor);
    if (wdfs)
        read_wdfs(&full, cursor->wdfs);
    cursor->in_block = BLOCK_SIZE;
    *behind = full.behind;
    return true;
}

static bool load_tail(struct postings_cursor *cursor, const uint8_t **behind) {
    const uint8_t *at, *end;
    size_t count = cursor->tail_count;
    if (!find_block(cursor, cursor->full_blocks, &at, &end))
        return fail(cursor);
    if (count < TAIL_RUN) {
        for (size_t i = 0; i < count; i++) {
            uint32_t number, more = 0;
            if (!read_number(&at, end, &number) || ((number & 1) && !read_number(&at, end, &more)))
                return fail(cursor);
            cursor->documents[i] = number >> 1;
            cursor->wdfs[i] = more + 1;
        }
    } else {
        if (end - at < 3 || at[0] > 32 || at[1] > 32)
            return fail(cursor);
        unsigned distance_width = at[0], wdf_width = at[1];
        size_t distances = run_bytes(count, distance_width), wdfs = run_bytes(count, wdf_width);
        size_t size = (size_t)(end - at) - 3;
        if (size < distances + wdfs)
            return fail(cursor);
        cursor->tail_bound = at[2];
        at += 3;
        run_unpack(at, size, 0, count, distance_width, cursor->documents);
        run_unpack(at + distances, size - distances, 0, count, wdf_width, cursor->wdfs);
        for (size_t i = 0; i < count; i++)
            cursor->wdfs[i]++;
        at += distances + wdfs;
    }
    uint32_t before = cursor->full_blocks == 0
                          ? UINT32_MAX
                          : postings_block_last(cursor, cursor->full_blocks - 1);
    if (!sum_up(cursor->documents, count, before, cursor->list.documents))
        return fail(cursor);
    for (size_t i = count; i < BLOCK_SIZE; i++)
        cursor->documents[i] = POSTINGS_END;
    cursor->last_of_all = cursor->documents[count - 1];
    cursor->in_block = (uint32_t)count;
    *behind = at;
    return true;
}

/* Adds the wdfs to the block that is decoded without. */
static bool load_wdfs(struct postings_cursor *cursor) {
    struct full_block full;
    if (!read_head(cursor, cursor->block, &full))
        return fail(cursor);
    read_wdfs(&full, cursor->wdfs);
    cursor->has_wdfs = true;
    return true;
}

void postings_peek_tail(struct postings_cursor *cursor) {
    const uint8_t *at, *end;
    if (cursor->tail_count >= TAIL_RUN && find_block(cursor, cursor->full_blocks, &at, &end) &&
        end - at >= 3)
        cursor->tail_bound = at[2];
}

bool postings_load(struct postings_cursor *cursor, uint32_t block, bool wdfs) {
    if (cursor->block == block)
        return cursor->has_wdfs || !wdfs || load_wdfs(cursor);
    bool tail = block >= cursor->full_blocks;
    const uint8_t *behind;
    if (!(tail ? load_tail(cursor, &behind) : load_full(cursor, block, wdfs, &behind)))
        return false;
    cursor->block = block;
    cursor->has_wdfs = wdfs || tail;
    cursor->at = 0;
    return true;
}

/* Blocks that are looked at side by side, and how often before a list is galloped over. */
enum { SEEK_STEP = 8, SEEK_STEPS = 4 };

/* How many of the next SEEK_STEP blocks' last documents are before `document`. */
static inline uint32_t blocks_before(const struct postings_cursor *cursor, uint32_t block,
                                     uint32_t document) {
    uint32_t lasts[SEEK_STEP], before = 0;
    memcpy(lasts, cursor->lasts + 4 * (size_t)block, sizeof lasts);
    for (size_t i = 0; i < SEEK_STEP; i++)
        before += lasts[i] < document;
    return before;
}

uint32_t postings_seek(const struct postings_cursor *cursor, uint32_t block, uint32_t document) {
    uint32_t step = 1, low = block;
    for (int i = 0; i < SEEK_STEPS && low + UINT64_C(1) * SEEK_STEP <= cursor->full_blocks; i++) {
        uint32_t before = blocks_before(cursor, low, document);
        low += before;
        if (before < SEEK_STEP)
            return low;
    }
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

/* The first posting of the decoded block from the current one on that is not before `document`: by
 * halving, without branches that cannot be foretold. */
static uint32_t first_geq(const struct postings_cursor *cursor, uint32_t document) {
    const uint32_t *low = cursor->documents + cursor->at;
    uint32_t count = cursor->in_block - cursor->at;
    while (count > 1) {
        uint32_t half = count / 2;
        low += low[half - 1] < document ? half : 0;
        count -= half;
    }
    return (uint32_t)(low - cursor->documents) + (*low < document);
}

void postings_next_geq(struct postings_cursor *cursor, uint32_t document) {
    if (cursor->document == POSTINGS_END || (cursor->in_block > 0 && cursor->document >= document))
        return;
    uint32_t block = cursor->in_block > 0 ? cursor->block : 0;
    if (cursor->in_block == 0 || postings_block_last(cursor, block) < document) {
        block = postings_seek(cursor, block, document);
        if (block >= cursor->block_count || !postings_load(cursor, block, false)) {
            cursor->document = POSTINGS_END;
            return;
        }
    }
    uint32_t at = first_geq(cursor, document);
    if (at == cursor->in_block) { /* only behind the tail's last, which is known now */
        cursor->document = POSTINGS_END;
        return;
    }
    cursor->at = at;
    cursor->document = cursor->documents[at];
}

uint32_t postings_wdf(struct postings_cursor *cursor) {
    if (!cursor->has_wdfs && !load_wdfs(cursor))
        return 1;
    return cursor->wdfs[cursor->at];
}

/* A wdf of a full block, read alone. */
static uint32_t read_wdf(const struct full_block *full, uint32_t index) {
    uint32_t wdf = 0;
    unsigned width = full->wdf_width;
    if (width > 0) {
        size_t bit = (size_t)index / 4 * width, used = bit % 32;
        const uint8_t *at = full->wdfs + 16 * (bit / 32) + 4 * (index % 4);
        uint64_t words = load_u32(at);
        if (used + width > 32)
            words |= (uint64_t)load_u32(at + 16) << 32;
        wdf = (uint32_t)(words >> used) & (uint32_t)((UINT64_C(1) << width) - 1);
    }
    const uint8_t *at = full->exceptions + 2 * (size_t)full->distance_exceptions;
    for (unsigned i = 0; i < full->wdf_exceptions; i++, at += 2)
        wdf += at[0] % BLOCK_SIZE == index ? (uint32_t)at[1] << width : 0;
    return wdf + 1;
}

/* From so many postings of a block on it is faster to decode the wdfs of all. */
enum { WDFS_OF_ALL = 12 };

static bool read_some_wdfs(struct postings_cursor *cursor, uint32_t block, const uint32_t *postings,
                           size_t count, uint32_t *wdfs) {
    struct full_block full;
    bool all = count >= WDFS_OF_ALL;
    if (block >= cursor->full_blocks || (all && cursor->block == block)) {
        if (!postings_load(cursor, block, true))
            return false;
        for (size_t i = 0; i < count; i++)
            wdfs[i] = cursor->wdfs[postings[i] % BLOCK_SIZE];
        return true;
    }
    if (!read_head(cursor, block, &full))
        return fail(cursor);
    uint32_t block_wdfs[BLOCK_SIZE];
    if (all)
        read_wdfs(&full, block_wdfs);
    for (size_t i = 0; i < count; i++) {
        uint32_t index = postings[i] % BLOCK_SIZE;
        wdfs[i] = all ? block_wdfs[index] : read_wdf(&full, index);
    }
    return true;
}

bool postings_wdfs_of(struct postings_cursor *cursor, const uint32_t *postings, size_t count,
                      uint32_t *wdfs) {
    for (size_t first = 0, behind; first < count; first = behind) {
        uint32_t block = postings[first] / BLOCK_SIZE;
        for (behind = first + 1; behind < count && postings[behind] / BLOCK_SIZE == block;)
            behind++;
        if (!read_some_wdfs(cursor, block, postings + first, behind - first, wdfs + first))
            return false;
    }
    return true;
}

bool postings_sum(const uint32_t *numbers, size_t count, uint32_t *sums) {
    uint64_t total = 0;
    for (size_t i = 0; i < count; i++) {
        sums[i] = (uint32_t)total;
        total += numbers[i];
        if (total > UINT32_MAX)
            return false;
    }
    sums[count] = (uint32_t)total;
    return true;
}

/* The wdfs of a full block need not be decoded for it. */
static bool sum_full_wdfs(const struct full_block *full, uint32_t *sums) {
    unsigned width = full->wdf_width;
    sums[0] = 0;
    if (full->wdf_exceptions == 0 && width <= SAFE_WIDTH) {
        block_unpack_sums(full->wdfs, width, 0, sums + 1);
        return true;
    }
    if (width <= SAFE_EXCEPTIONS) {
        block_unpack(full->wdfs, width, 0, sums + 1);
        apply_exceptions(full->exceptions + 2 * (size_t)full->distance_exceptions,
                         full->wdf_exceptions, width, sums + 1);
        block_sum(sums + 1, 0);
        return true;
    }
    uint32_t wdfs[BLOCK_SIZE];
    read_wdfs(full, wdfs);
    return postings_sum(wdfs, BLOCK_SIZE, sums);
}

bool postings_sum_wdfs(struct postings_cursor *cursor, uint32_t block,
                       uint32_t sums[BLOCK_SIZE + 1]) {
    struct full_block full;
    if (block < cursor->full_blocks)
        return read_head(cursor, block, &full) && sum_full_wdfs(&full, sums);
    return postings_load(cursor, block, true) &&
           postings_sum(cursor->wdfs, cursor->tail_count, sums);
}

/* ---- whole lists ---- */

void postings_array_free(struct postings_array *array) {
    free(array->documents);
    free(array->wdfs);
    free(array->counts);
    free(array->positions.items);
    *array = (struct postings_array){0};
}

void postings_array_clear(struct postings_array *array) {
    array->count = array->positions.count = 0;
}

static bool reserve(struct postings_array *array, size_t more) {
    size_t needed = array->count + more;
    return array_reserve(&array->documents, &array->capacity[0], needed,
                         sizeof *array->documents) &&
           array_reserve(&array->wdfs, &array->capacity[1], needed, sizeof *array->wdfs) &&
           array_reserve(&array->counts, &array->capacity[2], needed, sizeof *array->counts);
}

bool postings_read_all(const struct postings_list *list, struct postings_array *array) {
    struct postings_cursor cursor;
    const uint8_t *behind = NULL, *positions_behind = list->positions, *at, *end;
    if (!postings_open(&cursor, list) || !reserve(array, list->count))
        return false;
    for (uint32_t b = 0; b < cursor.block_count; b++) {
        bool full = b < cursor.full_blocks;
        if (!find_block(&cursor, b, &at, &end) || (b > 0 ? at != behind : at != cursor.blocks) ||
            !(full ? load_full(&cursor, b, true, &behind) : load_tail(&cursor, &behind)))
            return false;
        cursor.block = b;
        cursor.has_wdfs = true;
        if (list->positions) {
            if (!postings_find_positions(&cursor, b, &at) || at != positions_behind ||
                !postings_append_positions(&cursor, array, &positions_behind))
                return false;
        }
        memcpy(array->documents + array->count, cursor.documents,
               cursor.in_block * sizeof *array->documents);
        memcpy(array->wdfs + array->count, cursor.wdfs, cursor.in_block * sizeof *array->wdfs);
        array->count += cursor.in_block;
    }
    if (cursor.tail_count == 0 &&
        (!find_block(&cursor, cursor.full_blocks, &at, &end) || at != behind ||
         (list->positions &&
          (!postings_find_positions(&cursor, cursor.full_blocks, &at) || at != positions_behind))))
        return false;
    return behind == list->postings + list->postings_size &&
           (!list->positions || positions_behind == list->positions + list->positions_size);
}
