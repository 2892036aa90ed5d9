/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The readings, one for each charset, side by side. */
#include "text/charset_reading.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "text/charset_statistics.h"

enum {
    COST_CHANGE = 40 * CHARSET_COST_UNIT, /* of the charset, at a line's beginning */
    COST_CUT = 6 * CHARSET_COST_UNIT      /* of a character that the end of the text cuts */
};

/* A change of charset that another one, or the end, builds on. */
struct change {
    size_t before; /* index + 1 of the one before it; 0: none */
    enum charset charset;
    size_t begin;
};

struct path {
    uint64_t cost;
    size_t at;     /* where its next character begins */
    size_t begin;  /* of the part it is in */
    size_t before; /* as in struct change */
    size_t own;    /* index + 1 of the change that stands for this part; 0: not kept yet */
};

struct finder {
    struct path paths[CHARSET_KNOWN_COUNT];
    struct change *changes;
    size_t count, capacity;
};

static uint32_t cost_of_utf8(const char *bytes, size_t size, size_t *at) {
    size_t begin = *at;
    uint32_t c = utf8_next(bytes, size, at);
    if (c != UTF8_ILL_FORMED)
        return charset_cost(c);
    bool cut = *at == size && size - begin < 4 && (unsigned char)bytes[begin] >= 0xC2;
    return cut ? COST_CUT : CHARSET_COST_ILL_FORMED;
}

static bool is_gb18030_four(const unsigned char *bytes) {
    return bytes[1] >= 0x30 && bytes[1] <= 0x39 && bytes[2] >= 0x81 && bytes[2] <= 0xFE &&
           bytes[3] >= 0x30 && bytes[3] <= 0x39;
}

/* The four-byte codes of GB18030 below 90308130 are the rest of the Basic Multilingual Plane:
 * mostly rare Han. */
static uint32_t cost_of_pair(const uint8_t costs[CHARSET_LEADS][CHARSET_TRAILS], bool four,
                             const char *text, size_t size, size_t *at) {
    const unsigned char *bytes = (const unsigned char *)text + *at;
    size_t left = size - *at;
    ++*at;
    if (bytes[0] < 0x80)
        return charset_cost_of_character[bytes[0]];
    if (bytes[0] < CHARSET_LEAD || bytes[0] > 0xFE)
        return CHARSET_COST_ILL_FORMED;
    if (left == 1)
        return COST_CUT;
    if (four && left >= 4 && is_gb18030_four(bytes)) {
        *at += 3;
        return bytes[0] >= 0x95 && bytes[0] <= 0x9A ? CHARSET_COST_HAN_BEYOND : CHARSET_COST_BEYOND;
    }
    if (bytes[1] < CHARSET_TRAIL || bytes[1] > 0xFE)
        return CHARSET_COST_ILL_FORMED;
    uint32_t cost = costs[bytes[0] - CHARSET_LEAD][bytes[1] - CHARSET_TRAIL];
    /* A pair that is no character, with ASCII in second place: the ASCII is one of its own. */
    if (cost != CHARSET_COST_ILL_FORMED || bytes[1] >= 0x80)
        ++*at;
    return cost;
}

static uint32_t cost_of_utf16(bool big, const char *text, size_t size, size_t *at) {
    const unsigned char *bytes = (const unsigned char *)text + *at;
    size_t left = size - *at;
    if (left < 2) {
        *at = size;
        return COST_CUT;
    }
    *at += 2;
    uint32_t unit = (uint32_t)(big ? bytes[0] << 8 | bytes[1] : bytes[1] << 8 | bytes[0]);
    if ((unit & 0xF800) != 0xD800)
        return charset_cost_of_character[unit];
    if (left < 4)
        return COST_CUT;
    uint32_t low = (uint32_t)(big ? bytes[2] << 8 | bytes[3] : bytes[3] << 8 | bytes[2]);
    if ((unit & 0xFC00) != 0xD800 || (low & 0xFC00) != 0xDC00)
        return CHARSET_COST_ILL_FORMED;
    *at += 2;
    return charset_cost(0x10000 + ((unit & 0x3FF) << 10 | (low & 0x3FF)));
}

/* The cost of the character at bytes[*at]; *at moved behind it. */
static uint32_t cost_of_next(enum charset charset, const char *bytes, size_t size, size_t *at) {
    switch (charset) {
    case CHARSET_GB18030:
        return cost_of_pair(charset_cost_of_gb18030, true, bytes, size, at);
    case CHARSET_BIG5:
        return cost_of_pair(charset_cost_of_big5, false, bytes, size, at);
    case CHARSET_UTF16LE:
    case CHARSET_UTF16BE:
        return cost_of_utf16(charset == CHARSET_UTF16BE, bytes, size, at);
    default:
        return cost_of_utf8(bytes, size, at);
    }
}

/* Whether a line of some charset begins at `at`. */
static bool begins_line(const char *bytes, size_t at) {
    return at > 0 &&
           (bytes[at - 1] == '\n' || (at > 1 && bytes[at - 1] == '\0' && bytes[at - 2] == '\n'));
}

/* The likeliest of the paths; of those only that have a character's beginning at `at` unless it is
 * SIZE_MAX. CHARSET_KNOWN_COUNT: none. */
static enum charset best_path(const struct finder *finder, size_t at) {
    enum charset best = CHARSET_KNOWN_COUNT;
    for (enum charset charset = 0; charset < CHARSET_KNOWN_COUNT; charset++)
        if ((at == SIZE_MAX || finder->paths[charset].at == at) &&
            (best == CHARSET_KNOWN_COUNT || finder->paths[charset].cost < finder->paths[best].cost))
            best = charset;
    return best;
}

/* The index + 1 of the change that stands for the part that a path is in; 0: no memory. */
static size_t keep_part(struct finder *finder, enum charset charset) {
    struct path *path = &finder->paths[charset];
    if (path->own > 0)
        return path->own;
    if (!array_reserve(&finder->changes, &finder->capacity, finder->count + 1,
                       sizeof *finder->changes))
        return 0;
    finder->changes[finder->count++] = (struct change){path->before, charset, path->begin};
    return path->own = finder->count;
}

/* At a line's beginning: every path that is worse than the best by more than a change becomes one.
 */
static bool change_paths(struct finder *finder, size_t at) {
    enum charset best = best_path(finder, at);
    if (best == CHARSET_KNOWN_COUNT)
        return true;
    uint64_t cost = finder->paths[best].cost + COST_CHANGE;
    for (enum charset charset = 0; charset < CHARSET_KNOWN_COUNT; charset++) {
        struct path *path = &finder->paths[charset];
        if (path->cost <= cost)
            continue;
        size_t before = keep_part(finder, best);
        if (before == 0)
            return false;
        *path = (struct path){.cost = cost, .at = at, .begin = at, .before = before};
    }
    return true;
}

static bool append_parts(struct charset_reading *reading, const struct finder *finder,
                         const struct path *last, enum charset charset, size_t size) {
    size_t count = 1;
    for (size_t before = last->before; before > 0; before = finder->changes[before - 1].before)
        count++;
    if (!array_reserve(&reading->parts, &reading->part_capacity, count, sizeof *reading->parts))
        return false;
    reading->part_count = count;
    struct change change = {last->before, charset, last->begin};
    for (size_t end = size;; change = finder->changes[change.before - 1]) {
        reading->parts[--count] = (struct charset_part){change.charset, change.begin, end};
        end = change.begin;
        if (change.before == 0)
            return true;
    }
}

bool charset_reading_find(struct charset_reading *reading, const char *bytes, size_t size,
                          const double bias[CHARSET_KNOWN_COUNT]) {
    struct finder finder = {0};
    /* Costs are whole numbers from 0 on. */
    double lowest = 0;
    for (int i = 0; i < CHARSET_KNOWN_COUNT; i++)
        lowest = bias[i] < lowest ? bias[i] : lowest;
    for (int i = 0; i < CHARSET_KNOWN_COUNT; i++)
        finder.paths[i].cost = (uint64_t)((bias[i] - lowest) * CHARSET_COST_UNIT);
    bool ok = true;
    for (size_t at = 0; at < size && ok; at++) {
        if (begins_line(bytes, at))
            ok = change_paths(&finder, at);
        for (enum charset charset = 0; charset < CHARSET_KNOWN_COUNT; charset++) {
            struct path *path = &finder.paths[charset];
            if (path->at == at)
                path->cost += cost_of_next(charset, bytes, size, &path->at);
        }
    }
    for (int i = 0; i < CHARSET_KNOWN_COUNT; i++)
        reading->cost[i] = (double)finder.paths[i].cost / CHARSET_COST_UNIT;
    enum charset best = best_path(&finder, SIZE_MAX);
    ok = ok && append_parts(reading, &finder, &finder.paths[best], best, size);
    free(finder.changes);
    return ok;
}

double charset_reading_mean(enum charset charset, const char *bytes, size_t size) {
    uint64_t sum = 0, count = 0;
    const uint32_t ascii = charset_cost_of_character[' '];
    for (size_t at = 0; at < size;) {
        uint32_t cost = cost_of_next(charset, bytes, size, &at);
        if (cost != ascii) {
            sum += cost;
            count++;
        }
    }
    return count ? (double)sum / (double)count / CHARSET_COST_UNIT : 0;
}

void charset_reading_free(struct charset_reading *reading) {
    free(reading->parts);
    *reading = (struct charset_reading){0};
}
