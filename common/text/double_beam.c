/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A beam search for the bytes that are missing in UTF-8 read as GBK. */
#include "text/double_beam.h"

#include <pthread.h>
#include <string.h>

#include "base/utf8.h"
#include "text/character.h"
#include "text/character_model.h"
#include "text/charset_statistics.h"

enum {
    HOPELESS = 10 * CHARACTER_MODEL_UNIT, /* a way that costs so much more than the best is left */
    LONE_BYTE = 0x80,                     /* alone in GBK */
    FIRST_MISSING = 0xA1,                 /* the first bytes of pairs that are none */
    END_MISSING = 0xB0
};

static bool continues(unsigned char byte) {
    return (byte & 0xC0) == 0x80;
}

/* The size by its first byte of a character in UTF-8 that is not ASCII; 0: it begins none. */
static size_t size_by_first(unsigned char first) {
    return first >= 0xF0 && first <= 0xF4  ? 4
           : first >= 0xE0 && first < 0xF0 ? 3
           : first >= 0xC2 && first < 0xE0 ? 2
                                           : 0;
}

/* Whether this begins a character from U+4000 to U+9FFF. */
static bool is_han(unsigned char first) {
    return first >= 0xE4 && first <= 0xE9;
}

/* Whether a converter had no character for the pair. */
static bool is_missing(const struct double_bytes *gbk, unsigned lead, unsigned trail) {
    return trail >= DOUBLE_BYTES_FIRST_TRAIL && !double_bytes_is_old(gbk, lead, trail);
}

/* ---- The missing pairs, listed once a process ---- */

enum { MOST_PAIRS = 512, FIRSTS = 0xE9 - 0xE4 + 1 };

struct pairs {
    uint16_t items[MOST_PAIRS];
    size_t count;
};

/* Pairs whose second byte begins a character; and those that end a Han character of the model, by
 * its first byte less E4. */
static struct pairs opening, closing[FIRSTS];

static void list_pair(struct pairs *list, unsigned lead, unsigned trail) {
    if (list->count < MOST_PAIRS)
        list->items[list->count++] = (uint16_t)(lead << 8 | trail);
}

static void list_missing(void) {
    const struct double_bytes *gbk = &double_bytes_tables()->gbk;
    for (unsigned lead = FIRST_MISSING; lead < END_MISSING; lead++) {
        for (unsigned trail = 0x80; trail < 0xC0; trail++)
            for (uint32_t i = 0; i < FIRSTS && is_missing(gbk, lead, trail); i++)
                if (character_model_number_of((4 + i) << 12 | (lead & 0x3F) << 6 |
                                              (trail & 0x3F)) != 0)
                    list_pair(&closing[i], lead, trail);
        for (unsigned trail = 0xE2; trail < 0xF0; trail++)
            if (is_missing(gbk, lead, trail))
                list_pair(&opening, lead, trail);
    }
}

/* ---- Ways ---- */

void double_beam_init(struct double_beam *beam, const struct double_bytes *gbk) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, list_missing);
    beam->gbk = gbk;
    beam->guesses = 0;
}

void double_beam_restart(struct double_beam *beam, const struct double_node *last, size_t end) {
    struct double_node root = {.margin = UINT32_MAX, .begin = (uint32_t)end, .end = (uint32_t)end};
    if (last) {
        root.previous = last->previous;
        root.last = last->last;
    }
    beam->nodes[0] = root;
    beam->begin = 0;
    beam->end = 1;
}

const struct double_node *double_beam_best(const struct double_beam *beam) {
    const struct double_node *best = &beam->nodes[beam->begin];
    for (size_t i = beam->begin + 1; i < beam->end; i++)
        if (beam->nodes[i].cost < best->cost)
            best = &beam->nodes[i];
    return best;
}

/* Adds a whole character to a way. */
static void add_character(struct double_node *node, uint32_t c) {
    uint32_t number = character_model_number_of(c);
    node->cost += character_entry_class(character_entry(c)) == CHARACTER_HAN
                      ? character_model_cost(node->previous, node->last, number)
                      : charset_cost(c) * CHARACTER_MODEL_UNIT / CHARSET_COST_UNIT;
    node->previous = node->last;
    node->last = (uint16_t)number;
}

/* Adds a byte to a way. False: that is no UTF-8, or too long. */
static bool add_byte(struct double_node *node, unsigned char byte) {
    if (node->unit_size == DOUBLE_BEAM_UNIT || node->size == DOUBLE_BEAM_PIECE)
        return false;
    if (node->open_size == 0 ? byte >= 0x80 && (size_by_first(byte) == 0) : !continues(byte))
        return false;
    char whole[4];
    memcpy(whole, node->open, node->open_size);
    whole[node->open_size] = (char)byte;
    size_t size = node->open_size + 1u;
    node->bytes[node->size++] = (char)byte;
    node->unit_size++;
    if (byte >= 0x80 && size < size_by_first((unsigned char)whole[0])) {
        memcpy(node->open, whole, size);
        node->open_size = (uint8_t)size;
        return true;
    }
    size_t at = 0;
    uint32_t c = utf8_next(whole, size, &at);
    if (c == UTF8_ILL_FORMED || at != size)
        return false;
    memset(node->open, 0, sizeof node->open);
    node->open_size = 0;
    add_character(node, c);
    return true;
}

/* What the way goes on from: equal for ways of one state. */
static uint64_t state_of(const struct double_node *node) {
    return (uint64_t)node->previous << 48 | (uint64_t)node->last << 32 |
           (uint64_t)node->unit_size << 24 | (uint64_t)(unsigned char)node->open[0] << 16 |
           (uint64_t)(unsigned char)node->open[1] << 8 | (unsigned char)node->open[2];
}

/* Joins a way with one of the same state: the likelier one stays. Two that come from one way, and
 * cost the same, are variants of one character: no doubt to a search. */
static void join(struct double_node *kept, const struct double_node *node) {
    bool variants = kept->parent == node->parent && kept->cost == node->cost;
    const struct double_node *winner = kept->cost <= node->cost ? kept : node;
    uint32_t gap = kept->cost <= node->cost ? node->cost - kept->cost : kept->cost - node->cost;
    uint32_t margin = variants || winner->margin < gap ? winner->margin : gap;
    *kept = *winner;
    kept->margin = margin;
}

static size_t find_worst(const struct double_node *nodes, size_t count) {
    size_t worst = 0;
    for (size_t i = 1; i < count; i++)
        worst = nodes[i].cost > nodes[worst].cost ? i : worst;
    return worst;
}

/* Keeps a new way, if it is among the likeliest. */
static void keep(struct double_beam *beam, const struct double_node *node) {
    struct double_node *ways = &beam->nodes[beam->end];
    size_t count = beam->next - beam->end, place = 0;
    uint64_t state = state_of(node);
    if (count > 0 && node->cost > beam->least + HOPELESS)
        return;
    while (place < count && beam->states[place] != state)
        place++;
    if (place < count) {
        join(&ways[place], node);
    } else {
        if (count < DOUBLE_BEAM_WIDTH)
            beam->next++;
        else
            place = find_worst(ways, count);
        if (place < count && node->cost >= ways[place].cost)
            return;
        ways[place] = *node;
        beam->states[place] = state;
    }
    beam->least = count == 0 || node->cost < beam->least ? node->cost : beam->least;
}

/* Goes on from nodes[parent] with bytes that are not in the text, none, one or two, and those of a
 * piece. A character that a guess ends is a Han character of the model. */
static void extend(struct double_beam *beam, size_t parent, unsigned added, bool guessed,
                   const struct double_piece *piece) {
    beam->guesses++;
    struct double_node node = beam->nodes[parent];
    node.parent = (uint16_t)parent;
    node.begin = (uint32_t)piece->begin;
    node.end = (uint32_t)piece->end;
    node.size = node.whole = 0;
    node.guessed = guessed;
    if (added > 0xFF && !add_byte(&node, (unsigned char)(added >> 8)))
        return;
    if (added != 0 && !add_byte(&node, (unsigned char)added))
        return;
    bool ended = added > 0xFF || node.open_size == 0;
    if (guessed && ended && node.last == 0)
        return;
    if (added != 0 && node.open_size == 0) {
        node.whole = node.size;
        node.unit_size = 0;
    }
    for (size_t i = 0; i < piece->size; i++)
        if (!add_byte(&node, (unsigned char)piece->bytes[i]))
            return;
    if (node.open_size == 0)
        node.unit_size = 0;
    keep(beam, &node);
}

/* Whether there is room for one more set of ways; they are put behind the present ones. */
static bool begin_step(struct double_beam *beam) {
    beam->next = beam->end;
    return beam->end + DOUBLE_BEAM_WIDTH <= DOUBLE_BEAM_NODES;
}

static bool end_step(struct double_beam *beam) {
    if (beam->next == beam->end)
        return false;
    beam->begin = beam->end;
    beam->end = beam->next;
    return true;
}

bool double_beam_go_on(struct double_beam *beam, const struct double_piece *piece) {
    if (!begin_step(beam))
        return false;
    for (size_t i = beam->begin; i < beam->end; i++)
        extend(beam, i, 0, false, piece);
    return end_step(beam);
}

bool double_beam_go_on_behind_mark(struct double_beam *beam, const struct double_piece *piece) {
    if (!begin_step(beam))
        return false;
    for (size_t i = beam->begin; i < beam->end; i++)
        extend(beam, i, LONE_BYTE, false, piece);
    return end_step(beam);
}

/* Goes on from nodes[parent] with each of the missing pairs that can stand there. */
static void guess_pairs(struct double_beam *beam, size_t parent, const struct double_piece *piece) {
    const struct double_node *node = &beam->nodes[parent];
    unsigned char first = (unsigned char)node->open[0];
    bool opens = node->open_size == 2;
    if (!is_han(first))
        return;
    if (piece->size > 0 && continues((unsigned char)piece->bytes[0]) != opens)
        return;
    const struct pairs *list = opens ? &opening : &closing[first - 0xE4];
    for (size_t i = 0; i < list->count; i++)
        extend(beam, parent, list->items[i], true, piece);
}

bool double_beam_go_on_behind_gap(struct double_beam *beam, bool marked,
                                  const struct double_piece *piece) {
    if (!begin_step(beam))
        return false;
    for (size_t i = beam->begin; i < beam->end; i++) {
        if (beam->nodes[i].open_size == 0)
            continue;
        extend(beam, i, LONE_BYTE, !marked, piece);
        guess_pairs(beam, i, piece);
        for (unsigned lead = FIRST_MISSING; piece->size > 0 && lead < END_MISSING; lead++)
            if (is_missing(beam->gbk, lead, (unsigned char)piece->bytes[0]))
                extend(beam, i, lead, true, piece);
    }
    return end_step(beam);
}

bool double_beam_close(struct double_beam *beam, size_t end) {
    struct double_piece none = {.begin = end, .end = end};
    if (!begin_step(beam))
        return false;
    for (size_t i = beam->begin; i < beam->end; i++) {
        const struct double_node *node = &beam->nodes[i];
        if (node->open_size == 1)
            guess_pairs(beam, i, &none);
        if (node->open_size != 2 || !is_han((unsigned char)node->open[0]))
            continue;
        for (unsigned byte = 0x80; byte < 0xC0; byte++)
            extend(beam, i, byte, true, &none);
    }
    return end_step(beam);
}
