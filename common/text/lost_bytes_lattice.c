/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lattice: a Viterbi search over nodes, of which those at one position that end in the same state and character are one. See
 * lost_bytes_lattice.h for its transitions.
 *
 * The costs here are in 1/16 nat (CHARACTER_MODEL_UNIT). They were set on damaged text made of Chinese news and encyclopaedia
 * articles, and on the same articles undamaged, where nothing may be mended.
 */
#include "text/lost_bytes_lattice.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/utf8.h"
#include "text/character.h"
#include "text/character_model.h"
#include "text/pinyin.h"

enum {
    COST_LOSS = 96,         /* a byte lost where a mark stands */
    COST_LOSS_DAMAGED = 48,  /* the same in a page that lost others */
    COST_LOSS_UNMARKED = 208, /* a byte lost where nothing shows it */
    COST_CHARACTER_LOST = 48, /* more, for both bytes of a character */
    COST_STRAY = 80,         /* U+FFFD where nothing was lost: it stands for a byte too many */
    COST_DROPPED = 64,       /* a pair that is no character left no mark */
    COST_SPLIT = 64,         /* a reading stuck in between the bytes of a character */
    COST_HOLE = 160,
    COST_BLIND = 48,         /* a character of which both bytes are lost */
    COST_SWALLOWED = 80,     /* a mark of punctuation that a mark of damage took along */
    COST_OTHER_SCRIPT = 96,  /* a restored character of the script that the page does not use */
    COST_COMMA = 80,         /* a restored comma or full stop */
    COST_PUNCTUATION = 128,  /* any other mark of punctuation */
    COST_SYMBOL = 208,       /* any other character that is not Han */
    COST_ASCII = 192,
    COST_NO_CONTEXT = 64,    /* more, where it does not stand behind a Han character */
    COST_WRONG_READING = 64, /* a character in front of a reading that it has not */
    COST_PLAIN_READING = 96, /* a syllable in parentheses that belongs to no character */
    GAIN_READING = 16,       /* a character in front of a reading that it has */
    GAIN_IN_PAGE = 64,       /* a restored pair of characters that the page has elsewhere */
    COST_IN_PAGE_LEAST = 16,
    MARGIN = 48,             /* by which a mended stretch must win, its losses paid */
    MARGIN_DAMAGED = 32,
    SUSPICIOUS = 160,        /* an item that costs as much is hardly Chinese ... */
    SUSPICIOUS_OF = 4,       /* ... and where, of so many, ... */
    SUSPICIOUS_LEAST = 2,    /* ... so many are, a byte may be lost without a mark */
    BEAM_COST = 320,
    BEAM_NODES = 128,
    TOUCHED = 4,             /* items behind a stretch that it lends a context to */
    LISTS = 3,               /* a step goes on by two items at most */
    BLIND_NODES = 12,        /* both bytes of a character are guessed where no more nodes are about */
    DROPS_KEPT = 16,         /* where a pair may have left no mark, the best so many characters are gone on with */
    TABLE_SIZE = 512,
    NO_NUMBER = 0xFFFF
};

enum state { ALIGNED, SHIFTED, WILD };

struct node {
    uint32_t parent;
    uint32_t cost;
    uint32_t character;    /* that the step to here gave; 0: none */
    uint32_t stands_before; /* the Han character that a reading next would belong to; 0: none */
    uint16_t position;     /* the item that comes next */
    uint16_t last, before; /* numbers of the last two characters, for the model; NO_NUMBER: a run begins */
    uint8_t state;         /* enum state */
    uint8_t carried;       /* of SHIFTED */
    bool is_own;           /* the step left its items as they stand */
};

struct list {
    uint32_t *nodes;
    size_t count, capacity;
};

struct lattice {
    struct node *nodes;
    size_t count, capacity;
    struct list lists[LISTS];
    uint32_t *identity; /* cost of all items before each, as they stand */
    size_t identity_capacity;
    uint32_t seen[TABLE_SIZE]; /* nodes of the position at hand, by state and last character; index plus one */
    struct lattice_stretch *stretches;
    size_t stretch_count, stretch_capacity;
    uint32_t *characters;
    size_t character_count, character_capacity;
    uint32_t *path;
    size_t path_count, path_capacity;
    /* of the run at hand */
    const struct lattice_page *page;
    const struct double_bytes *table;
    const struct lattice_item *items;
    size_t item_count;
    bool no_memory;
};

xunzi_status lattice_new(struct lattice **out) {
    *out = calloc(1, sizeof **out);
    return *out ? XUNZI_OK : error_no_memory();
}

void lattice_free(struct lattice *lattice) {
    if (!lattice)
        return;
    for (size_t i = 0; i < LISTS; i++)
        free(lattice->lists[i].nodes);
    free(lattice->nodes);
    free(lattice->identity);
    free(lattice->stretches);
    free(lattice->characters);
    free(lattice->path);
    free(lattice);
}

const uint32_t *lattice_characters(const struct lattice *lattice) {
    return lattice->characters;
}

static void pair_bits(uint32_t first, uint32_t second, uint32_t bits[2]) {
    uint64_t hash = ((uint64_t)first << 16 | second) * UINT64_C(11400714819323198485);
    bits[0] = (uint32_t)(hash >> 47);
    bits[1] = (uint32_t)(hash >> 30) & 0x1FFFF;
}

void lattice_page_add_pair(struct lattice_page *page, uint32_t first, uint32_t second) {
    uint32_t bits[2];
    pair_bits(first, second, bits);
    for (int i = 0; i < 2; i++)
        page->pairs[bits[i] / 64] |= UINT64_C(1) << bits[i] % 64;
}

static bool page_has_pair(const struct lattice_page *page, uint32_t first, uint32_t second) {
    uint32_t bits[2];
    pair_bits(first, second, bits);
    return (page->pairs[bits[0] / 64] >> bits[0] % 64 & page->pairs[bits[1] / 64] >> bits[1] % 64 & 1) != 0;
}

/* ---- Costs ---- */

static uint32_t model_cost(uint32_t before, uint32_t last, uint32_t number) {
    if (last == NO_NUMBER)
        return character_model_cost_alone(number);
    return character_model_cost(before == NO_NUMBER ? 0 : before, last, number);
}

/* Whether the character is in Big5 proper: not in what HKSCS added, which has Simplified and Japanese forms. */
static bool is_big5(const struct double_bytes *big5, uint32_t character) {
    unsigned pair = double_bytes_pair(big5, character);
    return pair >= 0xA440 && pair <= 0xF9D5 && (pair < 0xC6A1 || pair >= 0xC940);
}

static bool is_other_script(const struct lattice *lattice, uint32_t character) {
    const struct double_bytes_tables *tables = lattice->page->tables;
    if (lattice->page->script > 0 || lattice->table == &tables->big5)
        return !is_big5(&tables->big5, character);
    return lattice->page->script < 0 && !double_bytes_is_gb2312(&tables->gbk, character);
}

/* What it costs to restore what is no Han character. */
static uint32_t restoring_cost(uint32_t c) {
    switch (c) {
    case 0x3001: case 0x3002: case 0xFF0C:
        return COST_COMMA;
    case 0xFF1A: case 0xFF1B: case 0xFF1F: case 0xFF01: case 0xFF08: case 0xFF09: case 0x300A: case 0x300B: case 0x300C:
    case 0x300D: case 0x300E: case 0x300F: case 0x201C: case 0x201D: case 0x3000:
        return COST_PUNCTUATION;
    case LATTICE_HOLE:
        return COST_HOLE;
    default:
        return c < 0x80 ? COST_ASCII : COST_SYMBOL;
    }
}

/* The node behind `from` that restores character; its state is to be set. */
static struct node restored(const struct lattice *lattice, uint32_t from, uint32_t character) {
    struct node node = lattice->nodes[from];
    uint32_t entry = character_entry(character);
    node.parent = from;
    node.character = character;
    node.is_own = false;
    if (character == LATTICE_HOLE || character_entry_class(entry) != CHARACTER_HAN) {
        node.cost += restoring_cost(character) + (node.last == NO_NUMBER ? COST_NO_CONTEXT : 0);
        node.last = node.before = NO_NUMBER;
        node.stands_before = 0;
        return node;
    }
    uint32_t number = character_model_number(character_entry_folded(character, entry));
    uint32_t cost = model_cost(node.before, node.last, number);
    if (node.last != NO_NUMBER && cost > COST_IN_PAGE_LEAST && page_has_pair(lattice->page, node.last, number))
        cost = cost > COST_IN_PAGE_LEAST + GAIN_IN_PAGE ? cost - GAIN_IN_PAGE : COST_IN_PAGE_LEAST;
    if (is_other_script(lattice, character))
        cost += COST_OTHER_SCRIPT;
    node.cost += cost;
    node.before = node.last;
    node.last = (uint16_t)number;
    node.stands_before = character;
    return node;
}

/* The node behind `from` where item stands as it is. */
static struct node own(const struct lattice *lattice, uint32_t from, const struct lattice_item *item) {
    struct node node = lattice->nodes[from];
    node.parent = from;
    node.character = item->character;
    node.is_own = true;
    node.position++;
    if (item->kind == LATTICE_READING) {
        bool fits = node.stands_before != 0 &&
                    (item->syllable == 0 || pinyin_has_reading(node.stands_before, item->syllable));
        node.character = 0;
        if (fits) {
            node.cost -= node.cost < GAIN_READING ? node.cost : GAIN_READING;
        } else if (item->has_tone) {
            node.cost += COST_WRONG_READING;
        } else {
            node.cost += COST_PLAIN_READING;
            node.last = node.before = NO_NUMBER;
        }
        node.stands_before = 0;
    } else if (item->is_han) {
        node.cost += model_cost(node.before, node.last, item->number);
        node.before = node.last;
        node.last = item->number;
        node.stands_before = item->character;
    } else {
        node.cost += item->cost;
        node.last = node.before = NO_NUMBER;
        node.stands_before = 0;
    }
    return node;
}

/* ---- Steps ---- */

/* Adds a node to its position; returns its index, or 0 where memory ran out. */
static uint32_t push(struct lattice *lattice, const struct node *node) {
    struct list *list = &lattice->lists[node->position % LISTS];
    if (lattice->no_memory ||
        !array_reserve(&lattice->nodes, &lattice->capacity, lattice->count + 1, sizeof *lattice->nodes) ||
        !array_reserve(&list->nodes, &list->capacity, list->count + 1, sizeof *list->nodes)) {
        lattice->no_memory = true;
        return 0;
    }
    lattice->nodes[lattice->count] = *node;
    list->nodes[list->count++] = (uint32_t)lattice->count;
    return (uint32_t)lattice->count++;
}

static void push_aligned(struct lattice *lattice, uint32_t from, uint32_t character, uint16_t position, uint32_t cost) {
    struct node node = restored(lattice, from, character);
    node.cost += cost;
    node.position = position;
    node.state = ALIGNED;
    push(lattice, &node);
}

/* From a carried lead: the pair `bytes` at hand gives the trail and what is carried on. */
static void shift_pair(struct lattice *lattice, uint32_t from, unsigned lead, unsigned bytes) {
    unsigned trail = bytes >> 8, carried = bytes & 0xFF;
    uint32_t character = double_bytes_character(lattice->table, lead, trail);
    if (character == 0 || carried == 0x7F || carried == 0x80)
        return;
    struct node node = restored(lattice, from, character);
    node.position++;
    if (carried > 0x80) {
        node.state = SHIFTED;
        node.carried = (uint8_t)carried;
        push(lattice, &node);
        return;
    }
    /* An ASCII byte that was taken for a trail: it stood for itself. */
    node.state = ALIGNED;
    uint32_t middle = push(lattice, &node);
    if (middle == 0)
        return;
    lattice->lists[node.position % LISTS].count--;
    struct node ascii = restored(lattice, middle, carried);
    push(lattice, &ascii);
}

/* What an ASCII character can have been narrowed from. */
static unsigned wide_pair(const struct double_bytes *table, uint32_t character) {
    if (character == ' ')
        return double_bytes_pair(table, 0x3000);
    return character > ' ' && character < 0x7F ? double_bytes_pair(table, character + 0xFEE0) : 0;
}

static bool has_reading(const struct lattice *lattice, uint32_t position) {
    return position < lattice->item_count && lattice->items[position].kind == LATTICE_READING;
}

/* Whether a byte can be shown as a mark of its own in front of the item at position: the pair they would make is no character. */
static bool breaks(const struct lattice *lattice, unsigned byte, uint32_t position) {
    if (position >= lattice->item_count || lattice->items[position].kind != LATTICE_CHARACTER)
        return true;
    uint32_t next = lattice->items[position].character;
    unsigned pair = double_bytes_pair(lattice->table, next);
    /* Converters that took a text in pieces, cut at punctuation, never saw the pair. */
    return restoring_cost(next) < COST_SYMBOL || pair == 0 || double_bytes_character(lattice->table, byte, pair >> 8) == 0;
}

/* Whether byte leads pairs that are no characters. */
static bool has_gaps(const struct lattice *lattice, unsigned byte) {
    return double_bytes_character(lattice->table, byte, 0xA1) == 0 && double_bytes_character(lattice->table, byte, 0xD0) == 0;
}

/* An aligned node whose character took the ASCII punctuation behind it along into the mark. */
static void push_swallowed(struct lattice *lattice, uint32_t from, uint32_t character, uint16_t position) {
    struct node node = restored(lattice, from, character);
    node.position = position;
    node.state = ALIGNED;
    uint32_t middle = push(lattice, &node);
    if (middle == 0)
        return;
    lattice->lists[position % LISTS].count--;
    node.parent = middle;
    node.character = '?';
    node.cost += COST_SWALLOWED;
    node.last = node.before = NO_NUMBER;
    node.stands_before = 0;
    push(lattice, &node);
}

static void carried_over_mark(struct lattice *lattice, uint32_t from, unsigned lead, const struct lattice_item *item) {
    uint16_t next = (uint16_t)(lattice->nodes[from].position + 1);
    unsigned wide = item->character == UTF8_REPLACEMENT ? 0 : double_bytes_pair(lattice->table, 0xFF1F);
    if (wide)
        shift_pair(lattice, from, lead, wide);
    for (unsigned trail = 0x80; trail <= DOUBLE_BYTES_LAST_TRAIL; trail++) {
        uint32_t character = double_bytes_character(lattice->table, lead, trail);
        if (character == 0)
            continue;
        if (breaks(lattice, trail, next))
            push_aligned(lattice, from, character, next, 0);
        else
            push_swallowed(lattice, from, character, next);
        if (has_gaps(lattice, trail)) {
            struct node node = restored(lattice, from, character);
            node.position = next;
            node.state = WILD;
            push(lattice, &node);
        }
    }
}

static void carry_over(struct lattice *lattice, uint32_t from, unsigned lead, const struct lattice_item *item) {
    uint16_t next = (uint16_t)(lattice->nodes[from].position + 1);
    if (item->kind == LATTICE_READING)
        return;
    if (item->kind == LATTICE_MARK) {
        carried_over_mark(lattice, from, lead, item);
        return;
    }
    uint32_t c = item->character;
    unsigned pair = c < 0x80 ? wide_pair(lattice->table, c) : double_bytes_pair(lattice->table, c);
    if (c >= DOUBLE_BYTES_FIRST_TRAIL && c < 0x7F) {
        uint32_t character = double_bytes_character(lattice->table, lead, c);
        if (character)
            push_aligned(lattice, from, character, next, 0);
    }
    if (pair)
        shift_pair(lattice, from, lead, pair);
}

/* Characters that the reading behind the item at hand can belong to. */
static void by_reading(struct lattice *lattice, uint32_t from, uint32_t cost) {
    uint16_t next = (uint16_t)(lattice->nodes[from].position + 1);
    unsigned syllable = has_reading(lattice, next) ? lattice->items[next].syllable : 0;
    if (syllable == 0)
        return;
    size_t count;
    const uint16_t *characters = pinyin_characters_of(syllable, &count);
    for (size_t i = 0; i < count; i++)
        if (double_bytes_pair(lattice->table, characters[i]) != 0)
            push_aligned(lattice, from, characters[i], next, cost);
}

/* Both bytes of a character are lost, one to the page and one to the mark at hand, which is a byte that makes no pair with the next: all
 * that is known is that the trail is such a byte. */
static void wild_over_mark(struct lattice *lattice, uint32_t from) {
    uint16_t next = (uint16_t)(lattice->nodes[from].position + 1);
    push_aligned(lattice, from, LATTICE_HOLE, next, 0);
    by_reading(lattice, from, 0);
    for (unsigned trail = 0x80; trail <= DOUBLE_BYTES_LAST_TRAIL; trail++) {
        if (!has_gaps(lattice, trail))
            continue;
        for (unsigned lead = DOUBLE_BYTES_FIRST_LEAD; lead <= DOUBLE_BYTES_LAST_LEAD; lead++) {
            uint32_t character = double_bytes_character(lattice->table, lead, trail);
            if (character == 0)
                continue;
            struct node node = restored(lattice, from, character);
            node.cost += COST_BLIND;
            node.position = next;
            node.state = WILD;
            push(lattice, &node);
            node.state = ALIGNED;
            if (breaks(lattice, trail, next))
                push(lattice, &node);
        }
    }
}

static void step_wild(struct lattice *lattice, uint32_t from, const struct lattice_item *item, bool is_narrow) {
    unsigned wide = item->kind == LATTICE_MARK && item->character != UTF8_REPLACEMENT
                        ? double_bytes_pair(lattice->table, 0xFF1F)
                        : 0;
    for (unsigned lead = DOUBLE_BYTES_FIRST_LEAD; lead <= DOUBLE_BYTES_LAST_LEAD; lead++) {
        if (wide)
            shift_pair(lattice, from, lead, wide);
        else if (item->kind != LATTICE_MARK)
            carry_over(lattice, from, lead, item);
    }
    if (item->kind == LATTICE_MARK && is_narrow)
        wild_over_mark(lattice, from);
}

/* A reading that was stuck in between the bytes of a character: its first byte made a character with the one before. */
static void split(struct lattice *lattice, uint32_t from) {
    struct node node = lattice->nodes[from];
    const struct lattice_item *reading = &lattice->items[node.position + 1];
    unsigned before = double_bytes_pair(lattice->table, node.stands_before);
    if (before == 0 || (before & 0xFF) < 0x80 || reading->syllable == 0)
        return;
    node.parent = from;
    node.cost += COST_SPLIT;
    node.character = 0;
    node.position = (uint16_t)(node.position + 2);
    node.state = SHIFTED;
    node.is_own = false;
    for (unsigned lead = DOUBLE_BYTES_FIRST_LEAD; lead <= DOUBLE_BYTES_LAST_LEAD; lead++) {
        uint32_t character = double_bytes_character(lattice->table, before & 0xFF, lead);
        node.carried = (uint8_t)lead;
        if (character && pinyin_has_reading(character, reading->syllable))
            push(lattice, &node);
    }
}

static void step_aligned(struct lattice *lattice, uint32_t from, const struct lattice_item *item) {
    struct node node = own(lattice, from, item);
    push(lattice, &node);
    if (item->kind != LATTICE_MARK)
        return;
    if (item->character == UTF8_REPLACEMENT) {
        /* A stray byte between characters. */
        struct node stray = lattice->nodes[from];
        stray.parent = from;
        stray.position++;
        stray.cost += COST_STRAY;
        stray.character = 0;
        stray.is_own = false;
        push(lattice, &stray);
    }
    uint32_t loss = lattice->page->is_damaged ? COST_LOSS_DAMAGED : COST_LOSS;
    if (has_reading(lattice, node.position)) {
        if (lattice->nodes[from].stands_before)
            split(lattice, from);
        by_reading(lattice, from, loss + COST_CHARACTER_LOST);
    }
    node = lattice->nodes[from];
    node.parent = from;
    node.position++;
    node.cost += loss;
    node.character = 0;
    node.is_own = false;
    node.state = WILD;
    push(lattice, &node);
}

/* The node `from` in state WILD without an item read; its index, not in any list. */
static uint32_t without_item(struct lattice *lattice, struct node node) {
    node.state = WILD;
    uint32_t index = push(lattice, &node);
    if (index)
        lattice->lists[node.position % LISTS].count--;
    return index;
}

/* A converter dropped the pair of the trail and the next lead without a mark: the best of what that leaves, and then any lead. */
static void step_over_drop(struct lattice *lattice, uint32_t from, const struct lattice_item *item) {
    struct node best[DROPS_KEPT];
    size_t kept = 0;
    bool is_wild = lattice->nodes[from].state == WILD;
    unsigned first = is_wild ? DOUBLE_BYTES_FIRST_LEAD : lattice->nodes[from].carried;
    unsigned last = is_wild ? DOUBLE_BYTES_LAST_LEAD : first;
    for (unsigned trail = 0x80; trail <= DOUBLE_BYTES_LAST_TRAIL; trail++) {
        if (!has_gaps(lattice, trail))
            continue;
        for (unsigned lead = first; lead <= last; lead++) {
            uint32_t character = double_bytes_character(lattice->table, lead, trail);
            if (character == 0)
                continue;
            struct node node = restored(lattice, from, character);
            if (kept == DROPS_KEPT && node.cost >= best[kept - 1].cost)
                continue;
            size_t place = kept < DROPS_KEPT ? kept++ : kept - 1;
            for (; place > 0 && best[place - 1].cost > node.cost; place--)
                best[place] = best[place - 1];
            best[place] = node;
        }
    }
    for (size_t i = 0; i < kept; i++) {
        best[i].cost += COST_DROPPED;
        uint32_t wild = without_item(lattice, best[i]);
        if (wild)
            step_wild(lattice, wild, item, false);
    }
}

/* ---- The search ---- */

static bool is_suspicious(const struct lattice *lattice, size_t position) {
    unsigned found = 0;
    for (size_t i = position; i < position + SUSPICIOUS_OF && i < lattice->item_count; i++)
        found += lattice->identity[i + 1] >= lattice->identity[i] + SUSPICIOUS;
    return found >= SUSPICIOUS_LEAST;
}

static int by_cost(const void *a, const void *b, void *nodes) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    uint32_t of_x = ((struct node *)nodes)[x].cost, of_y = ((struct node *)nodes)[y].cost;
    if (of_x != of_y)
        return of_x < of_y ? -1 : 1;
    return x < y ? -1 : x > y;
}

/* Keeps the best node of each state and last character, of these the best. */
static void prune(struct lattice *lattice, struct list *list) {
    uint32_t best = UINT32_MAX;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        best = lattice->nodes[list->nodes[i]].cost < best ? lattice->nodes[list->nodes[i]].cost : best;
    for (size_t i = 0; i < list->count; i++)
        if (lattice->nodes[list->nodes[i]].cost <= best + BEAM_COST)
            list->nodes[kept++] = list->nodes[i];
    list->count = kept;
    if (kept < 2)
        return;
    memset(lattice->seen, 0, sizeof lattice->seen);
    qsort_r(list->nodes, list->count, sizeof *list->nodes, by_cost, lattice->nodes);
    kept = 0;
    for (size_t i = 0; i < list->count && kept < BEAM_NODES; i++) {
        const struct node *node = &lattice->nodes[list->nodes[i]];
        size_t place = (node->last * 31u + node->carried * 7u + node->state) % TABLE_SIZE;
        bool is_new = true;
        while (is_new && lattice->seen[place]) {
            const struct node *other = &lattice->nodes[lattice->seen[place] - 1];
            is_new = other->last != node->last || other->state != node->state || other->carried != node->carried;
            place = (place + 1) % TABLE_SIZE;
        }
        if (!is_new)
            continue;
        lattice->seen[place] = list->nodes[i] + 1;
        list->nodes[kept++] = list->nodes[i];
    }
    list->count = kept;
}

/* Of what stands at the position. Pairs that left no mark are thought of behind the best node only: they are rare, and dear. */
static void step(struct lattice *lattice, size_t position) {
    struct list *list = &lattice->lists[position % LISTS];
    const struct lattice_item *item = &lattice->items[position];
    bool suspicious = is_suspicious(lattice, position);
    prune(lattice, list);
    for (size_t i = 0; i < list->count; i++) {
        uint32_t from = list->nodes[i];
        struct node node = lattice->nodes[from];
        switch (node.state) {
        case ALIGNED:
            step_aligned(lattice, from, item);
            if (suspicious && item->kind == LATTICE_CHARACTER) {
                node.parent = from;
                node.cost += COST_LOSS_UNMARKED;
                node.character = 0;
                node.is_own = false;
                uint32_t wild = without_item(lattice, node);
                if (wild)
                    step_wild(lattice, wild, item, false);
            }
            break;
        case SHIFTED:
            carry_over(lattice, from, node.carried, item);
            if (i == 0)
                step_over_drop(lattice, from, item);
            break;
        default:
            step_wild(lattice, from, item, list->count <= BLIND_NODES);
            if (i == 0 && item->kind == LATTICE_CHARACTER)
                step_over_drop(lattice, from, item);
        }
    }
    list->count = 0;
}

/* The cheapest aligned node at the end, or a shifted one whose character is lost. */
static uint32_t finish(struct lattice *lattice) {
    struct list *list = &lattice->lists[lattice->item_count % LISTS];
    uint32_t best = UINT32_MAX, best_node = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct node *node = &lattice->nodes[list->nodes[i]];
        uint32_t cost = node->cost + (node->state == ALIGNED ? 0 : COST_HOLE);
        if (cost < best) {
            best = cost;
            best_node = list->nodes[i];
        }
    }
    list->count = 0;
    return best_node;
}

static bool reserve_run(struct lattice *lattice) {
    if (!array_reserve(&lattice->identity, &lattice->identity_capacity, lattice->item_count + 1,
                       sizeof *lattice->identity))
        return false;
    lattice->count = 0;
    lattice->no_memory = false;
    for (size_t i = 0; i < LISTS; i++)
        lattice->lists[i].count = 0;
    struct node start = {.last = NO_NUMBER, .before = NO_NUMBER, .state = ALIGNED, .is_own = true};
    return push(lattice, &start) == 0 && !lattice->no_memory;
}

/* The costs of the items as they stand. */
static void run_identity(struct lattice *lattice) {
    struct node first = lattice->nodes[0];
    lattice->identity[0] = 0;
    for (size_t i = 0; i < lattice->item_count; i++) {
        lattice->nodes[0] = own(lattice, 0, &lattice->items[i]);
        lattice->identity[i + 1] = lattice->nodes[0].cost;
    }
    lattice->nodes[0] = first;
}

/* Adds the stretch of the path's nodes [begin, end), none of which is its own, where it wins clearly. */
static bool add_stretch(struct lattice *lattice, size_t begin, size_t end) {
    const struct node *before = &lattice->nodes[lattice->path[begin - 1]], *last = &lattice->nodes[lattice->path[end - 1]];
    /* What stands right behind costs less, or more, for what is mended before it. */
    size_t seen = end;
    while (seen < lattice->path_count && seen < end + TOUCHED && lattice->nodes[lattice->path[seen]].is_own)
        seen++;
    const struct node *behind = &lattice->nodes[lattice->path[seen - 1]];
    uint32_t mended = behind->cost - before->cost;
    uint32_t standing = lattice->identity[behind->position] - lattice->identity[before->position];
    uint32_t margin = lattice->page->is_damaged ? MARGIN_DAMAGED : MARGIN;
    struct lattice_stretch stretch = {
        .begin = before->position, .end = last->position, .first_character = lattice->character_count};
    if (standing < mended + margin || stretch.begin == stretch.end)
        return true;
    stretch.gain = standing - mended;
    if (!array_reserve(&lattice->characters, &lattice->character_capacity, lattice->character_count + end - begin + 1,
                       sizeof *lattice->characters) ||
        !array_reserve(&lattice->stretches, &lattice->stretch_capacity, lattice->stretch_count + 1,
                       sizeof *lattice->stretches))
        return false;
    bool has_han = false;
    for (size_t i = begin; i < end; i++) {
        const struct node *node = &lattice->nodes[lattice->path[i]];
        has_han = has_han || (node->character != 0 && node->stands_before == node->character);
        if (node->character)
            lattice->characters[lattice->character_count++] = node->character;
    }
    if (last->state != ALIGNED)
        lattice->characters[lattice->character_count++] = LATTICE_HOLE;
    stretch.count = lattice->character_count - stretch.first_character;
    if (has_han || stretch.count == 0) /* a lone mark of punctuation is no evidence */
        lattice->stretches[lattice->stretch_count++] = stretch;
    return true;
}

static bool trace(struct lattice *lattice, uint32_t node) {
    lattice->path_count = lattice->stretch_count = lattice->character_count = 0;
    for (;; node = lattice->nodes[node].parent) {
        if (!array_reserve(&lattice->path, &lattice->path_capacity, lattice->path_count + 1, sizeof *lattice->path))
            return false;
        lattice->path[lattice->path_count++] = node;
        if (node == 0)
            break;
    }
    for (size_t i = 0, j = lattice->path_count - 1; i < j; i++, j--) {
        uint32_t other = lattice->path[i];
        lattice->path[i] = lattice->path[j];
        lattice->path[j] = other;
    }
    for (size_t i = 1; i < lattice->path_count;) {
        size_t end = i;
        while (end < lattice->path_count && !lattice->nodes[lattice->path[end]].is_own)
            end++;
        if (end > i && !add_stretch(lattice, i, end))
            return false;
        i = end + 1;
    }
    return true;
}

xunzi_status lattice_run(struct lattice *lattice, const struct lattice_page *page, const struct double_bytes *table,
                         const struct lattice_item *items, size_t count, uint64_t *work,
                         const struct lattice_stretch **stretches, size_t *stretch_count) {
    lattice->page = page;
    lattice->table = table;
    lattice->items = items;
    lattice->item_count = count;
    if (!reserve_run(lattice))
        return error_no_memory();
    run_identity(lattice);
    for (size_t position = 0; position < count; position++)
        step(lattice, position);
    *work += lattice->count;
    if (lattice->no_memory || !trace(lattice, finish(lattice)))
        return error_no_memory();
    *stretches = lattice->stretches;
    *stretch_count = lattice->stretch_count;
    return XUNZI_OK;
}
