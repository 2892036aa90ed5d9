/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Marks, a byte each: setting one waits for no other, as setting bits of one word would. */
#include "searcher/sealed_count.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

enum { COUNT_WINDOW = 16384 };

struct count_list {
    struct postings_cursor cursor;
    uint32_t block, at; /* the next posting */
};

struct counting {
    struct sealed_tree *tree;
    const struct sealed_filter *filter;
    uint32_t base;
    uint64_t end; /* of the window */
    _Alignas(64) uint8_t marks[COUNT_WINDOW];
};

static void mark_list(struct counting *counting, struct count_list *list) {
    struct postings_cursor *cursor = &list->cursor;
    uint8_t *marks = counting->marks;
    uint32_t base = counting->base;
    while (list->block < cursor->block_count) {
        if (list->at == 0 && list->block > 0 &&
            postings_block_last(cursor, list->block - 1) + UINT64_C(1) >= counting->end)
            return;
        if (!postings_load(cursor, list->block, false)) {
            counting->tree->failed = true;
            return;
        }
        uint32_t at = list->at, count = cursor->in_block;
        if (cursor->documents[count - 1] < counting->end)
            for (; at < count; at++)
                marks[cursor->documents[at] - base] = 1;
        else
            for (; cursor->documents[at] < counting->end; at++)
                marks[cursor->documents[at] - base] = 1;
        list->at = at;
        if (at < count)
            return;
        list->block++;
        list->at = 0;
    }
}

static uint64_t count_marks(const uint8_t *marks) {
    uint64_t count = 0;
#if defined(__x86_64__)
    const __m128i *in = (const __m128i *)(const void *)marks;
    __m128i sum = _mm_setzero_si128();
    for (size_t i = 0; i < COUNT_WINDOW / 16; i++)
        sum = _mm_add_epi64(sum, _mm_sad_epu8(_mm_load_si128(in + i), _mm_setzero_si128()));
    uint64_t halves[2];
    memcpy(halves, &sum, sizeof halves);
    count = halves[0] + halves[1];
#else
    for (size_t i = 0; i < COUNT_WINDOW; i++)
        count += marks[i];
#endif
    return count;
}

static uint64_t count_accepted(const struct counting *counting) {
    uint64_t count = 0;
    for (uint32_t at = 0; at < COUNT_WINDOW; at += 8) {
        uint64_t some;
        memcpy(&some, counting->marks + at, sizeof some);
        for (; some; some &= some - 1)
            count += sealed_filter_accepts(
                counting->filter, counting->base + at + (uint32_t)__builtin_ctzll(some) / 8);
    }
    return count;
}

static bool open_lists(struct counting *counting, struct count_list *opened,
                       const struct postings_list *lists, size_t count) {
    for (size_t i = 0; i < count; i++) {
        opened[i].block = opened[i].at = 0;
        if (!postings_open(&opened[i].cursor, &lists[i])) {
            counting->tree->failed = true;
            return false;
        }
    }
    return true;
}

bool sealed_count(struct sealed_tree *tree, const struct postings_list *lists, size_t list_count,
                  const struct sealed_filter *filter, uint64_t most, uint64_t *count, bool *exact) {
    *count = 0;
    *exact = true;
    struct counting *counting = aligned_alloc(64, (sizeof *counting + 63) / 64 * 64);
    struct count_list *opened = malloc((list_count + 1) * sizeof *opened);
    bool ok = counting && opened;
    if (ok) {
        counting->tree = tree;
        counting->filter = filter;
        bool all = sealed_filter_is_empty(filter);
        uint64_t documents = tree->segment->header.documents;
        ok = open_lists(counting, opened, lists, list_count) || tree->failed;
        for (uint64_t base = 0; base < documents && !tree->failed && *exact; base += COUNT_WINDOW) {
            counting->base = (uint32_t)base;
            counting->end = base + COUNT_WINDOW;
            memset(counting->marks, 0, sizeof counting->marks);
            for (size_t i = 0; i < list_count && !tree->failed; i++)
                mark_list(counting, &opened[i]);
            *count += all ? count_marks(counting->marks) : count_accepted(counting);
            if (*count >= most && counting->end < documents) {
                *count = (uint64_t)((double)*count * (double)documents / (double)counting->end);
                *exact = false;
            }
        }
    }
    free(counting);
    free(opened);
    return ok;
}
