/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps of the lattice, and what they cost: see lost_bytes_lattice.h for the transitions.
 *
 * The costs were set on damaged text made of Chinese news and encyclopaedia articles, and on the
 * same articles undamaged, or with their punctuation lost, where nothing may be mended.
 */
#include "base/utf8.h"
#include "text/character.h"
#include "text/character_model.h"
#include "text/lost_bytes_nodes.h"
#include "text/pinyin.h"

enum {
    COST_LOSS = 32,           /* a byte lost where a mark stands */
    COST_LOSS_DAMAGED = 16,   /* the same in a page that lost others */
    COST_SECOND_MARK = 80,    /* more, behind a mark that stands for itself */
    COST_LOSS_UNMARKED = 208, /* a byte lost where nothing shows it */
    COST_CHARACTER_LOST = 48, /* more, for both bytes of a character */
    COST_WHOLE_PAIR = 64,     /* more, where the mark took the next lead along as well */
    COST_STRAY = 80,          /* U+FFFD where nothing was lost: it stands for a byte too many */
    COST_DROPPED = 64,        /* a pair that is no character left no mark */
    COST_SPLIT = 64,          /* a reading stuck in between the bytes of a character */
    COST_BLIND = 48,          /* a character of which both bytes are lost */
    COST_BLIND_DOUBTFUL = 128,
    COST_SWALLOWED = 80,    /* a mark of punctuation that a mark of damage took along */
    COST_OTHER_SCRIPT = 96, /* a restored character of the script that the page does not use */
    COST_COMMA = 80,        /* a restored comma or full stop */
    COST_PUNCTUATION = 128, /* any other mark of punctuation */
    COST_SYMBOL = 208,      /* any other character that is not Han */
    COST_ASCII = 192,
    COST_NO_CONTEXT = 64,    /* more, where it does not stand behind a Han character */
    COST_WRONG_READING = 64, /* a character in front of a reading that it has not */
    COST_ORPHAN = 128,       /* half of a reading, likewise */
    COST_PLAIN_READING = 96, /* a syllable in parentheses that belongs to no character */
    GAIN_READING = 16,       /* a character in front of a reading that it has */
    GAIN_IN_PAGE = 64,       /* a restored pair of characters that the page has elsewhere */
    COST_IN_PAGE_LEAST = 16,
    BLIND_NODES = 12, /* both bytes of a character are guessed where no more nodes are about */
    DROPS_KEPT =
        16, /* where a pair may have left no mark, the best so many characters are gone on with */
};

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
    return (page->pairs[bits[0] / 64] >> bits[0] % 64 & page->pairs[bits[1] / 64] >> bits[1] % 64 &
            1) != 0;
}

/* ---- Costs ---- */

static uint32_t model_cost(uint32_t before, uint32_t last, uint32_t number) {
    if (last == NO_NUMBER)
        return character_model_cost_alone(number);
    return character_model_cost(before == NO_NUMBER ? 0 : before, last, number);
}

/* Whether the character is in Big5 proper: not in what HKSCS added, which has Simplified and
 * Japanese forms. */
static bool is_big5(const struct double_bytes *big5, uint32_t character) {
    unsigned pair = double_bytes_pair(big5, character);
    return pair >= 0xA440 && pair <= 0xF9D5 && (pair < 0xC6A1 || pair >= 0xC940);
}

/* Whether the character is common in Simplified text (level 1 of GB 2312), and rare in Traditional
 * (level 2 of Big5): mostly a simplified form that was another character before, as 听 and 胜. */
static bool is_mostly_simplified(const struct double_bytes_tables *tables, uint32_t character) {
    unsigned pair = double_bytes_pair(&tables->gbk, character);
    return pair >= 0xB0A1 && pair <= 0xD7F9 && (pair & 0xFF) >= 0xA1 &&
           double_bytes_pair(&tables->big5, character) >= 0xC940;
}

static bool is_other_script(const struct lattice *lattice, uint32_t character) {
    const struct double_bytes_tables *tables = lattice->page->tables;
    if (lattice->page->script > 0 || lattice->table == &tables->big5)
        return !is_big5(&tables->big5, character) || is_mostly_simplified(tables, character);
    return lattice->page->script < 0 && !double_bytes_is_gb2312(&tables->gbk, character);
}

/* What it costs to restore what is no Han character. */
static uint32_t restoring_cost(uint32_t c) {
    switch (c) {
    case 0x3001:
    case 0x3002:
    case 0xFF0C:
        return COST_COMMA;
    case 0xFF1A:
    case 0xFF1B:
    case 0xFF1F:
    case 0xFF01:
    case 0xFF08:
    case 0xFF09:
    case 0x300A:
    case 0x300B:
    case 0x300C:
    case 0x300D:
    case 0x300E:
    case 0x300F:
    case 0x201C:
    case 0x201D:
    case 0x3000:
        return COST_PUNCTUATION;
    case LATTICE_HOLE:
        return COST_HOLE;
    default:
        return c < 0x80 ? COST_ASCII : COST_SYMBOL;
    }
}

/* The node behind `from` that restores character; its state is to be set. */
static struct node restored(struct lattice *lattice, uint32_t from, uint32_t character) {
    struct node node = lattice->nodes[from];
    uint32_t entry = character_entry(character);
    lattice->work++;
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
    if (node.last != NO_NUMBER && cost > COST_IN_PAGE_LEAST &&
        page_has_pair(lattice->page, node.last, number))
        cost = cost > COST_IN_PAGE_LEAST + GAIN_IN_PAGE ? cost - GAIN_IN_PAGE : COST_IN_PAGE_LEAST;
    if (is_other_script(lattice, character))
        cost += COST_OTHER_SCRIPT;
    node.cost += cost;
    node.before = node.last;
    node.last = (uint16_t)number;
    node.stands_before = character;
    return node;
}

/* Whether half of a reading stands at position. */
static bool has_orphan(const struct lattice *lattice, uint32_t position) {
    return position < lattice->item_count && lattice->items[position].kind == LATTICE_READING &&
           lattice->items[position].is_orphan;
}

struct node lattice_own(const struct lattice *lattice, uint32_t from,
                        const struct lattice_item *item) {
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
            node.cost += item->is_orphan ? COST_ORPHAN : COST_WRONG_READING;
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
        /* The mark can be what the parenthesis of a reading became. */
        if (item->kind != LATTICE_MARK || !has_orphan(lattice, node.position))
            node.stands_before = 0;
    }
    return node;
}

/* ---- Steps ---- */

uint32_t lattice_push(struct lattice *lattice, const struct node *node) {
    struct list *list = &lattice->lists[node->position % LISTS];
    if (node->cost > list->best + BEAM_COST && !node->is_own)
        return 0;
    if (lattice->no_memory ||
        !array_reserve(&lattice->nodes, &lattice->capacity, lattice->count + 1,
                       sizeof *lattice->nodes) ||
        !array_reserve(&list->nodes, &list->capacity, list->count + 1, sizeof *list->nodes)) {
        lattice->no_memory = true;
        return 0;
    }
    lattice->nodes[lattice->count] = *node;
    list->nodes[list->count++] = (uint32_t)lattice->count;
    list->best = node->cost < list->best ? node->cost : list->best;
    return (uint32_t)lattice->count++;
}

static void push_aligned(struct lattice *lattice, uint32_t from, uint32_t character,
                         uint16_t position, uint32_t cost) {
    struct node node = restored(lattice, from, character);
    node.cost += cost;
    node.position = position;
    node.state = ALIGNED;
    lattice_push(lattice, &node);
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
        lattice_push(lattice, &node);
        return;
    }
    /* An ASCII byte that was taken for a trail: it stood for itself. */
    node.state = ALIGNED;
    uint32_t middle = lattice_push(lattice, &node);
    if (middle == 0)
        return;
    lattice->lists[node.position % LISTS].count--;
    struct node ascii = restored(lattice, middle, carried);
    lattice_push(lattice, &ascii);
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

/* Whether a byte can be shown as a mark of its own in front of the item at position: the pair they
 * would make is no character. */
static bool breaks(const struct lattice *lattice, unsigned byte, uint32_t position) {
    if (position >= lattice->item_count || lattice->items[position].kind != LATTICE_CHARACTER)
        return true;
    uint32_t next = lattice->items[position].character;
    unsigned pair = double_bytes_pair(lattice->table, next);
    /* Converters that took a text in pieces, cut at punctuation, never saw the pair. */
    return restoring_cost(next) < COST_SYMBOL || pair == 0 ||
           !double_bytes_is_old(lattice->table, byte, pair >> 8);
}

/* Whether byte leads pairs that are no characters. */
static bool has_gaps(const struct lattice *lattice, unsigned byte) {
    return !double_bytes_is_old(lattice->table, byte, 0xA1) &&
           !double_bytes_is_old(lattice->table, byte, 0xD0);
}

/* An aligned node whose character took the ASCII punctuation behind it along into the mark. */
static void push_swallowed(struct lattice *lattice, uint32_t from, uint32_t character,
                           uint16_t position) {
    struct node node = restored(lattice, from, character);
    node.position = position;
    node.state = ALIGNED;
    uint32_t middle = lattice_push(lattice, &node);
    if (middle == 0)
        return;
    lattice->lists[position % LISTS].count--;
    node.parent = middle;
    node.character = '?';
    node.cost += COST_SWALLOWED;
    node.last = node.before = NO_NUMBER;
    node.stands_before = 0;
    lattice_push(lattice, &node);
}

static void carried_over_mark(struct lattice *lattice, uint32_t from, unsigned lead,
                              const struct lattice_item *item) {
    uint16_t next = (uint16_t)(lattice->nodes[from].position + 1);
    unsigned wide =
        item->character == UTF8_REPLACEMENT ? 0 : double_bytes_pair(lattice->table, 0xFF1F);
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
            lattice_push(lattice, &node);
        }
    }
}

static void carry_over(struct lattice *lattice, uint32_t from, unsigned lead,
                       const struct lattice_item *item) {
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

/* Both bytes of a character are lost, one to the page and one to the mark at hand, which is a byte
 * that makes no pair with the next: all that is known is that the trail is such a byte. */
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
            node.cost += lattice->page->is_doubtful ? COST_BLIND_DOUBTFUL : COST_BLIND;
            node.position = next;
            node.state = ALIGNED;
            if (breaks(lattice, trail, next))
                lattice_push(lattice, &node);
            node.cost += COST_WHOLE_PAIR;
            node.state = WILD;
            lattice_push(lattice, &node);
        }
    }
}

static void step_wild(struct lattice *lattice, uint32_t from, const struct lattice_item *item,
                      bool is_narrow) {
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

/* A reading that was stuck in between the bytes of a character: its first byte made a character
 * with the one before. */
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
            lattice_push(lattice, &node);
    }
}

static void step_aligned(struct lattice *lattice, uint32_t from, const struct lattice_item *item) {
    struct node node = lattice_own(lattice, from, item);
    lattice_push(lattice, &node);
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
        lattice_push(lattice, &stray);
    }
    uint32_t loss = lattice->page->is_damaged ? COST_LOSS_DAMAGED : COST_LOSS;
    if (lattice->nodes[from].is_own && lattice->nodes[from].position > 0 &&
        item[-1].kind == LATTICE_MARK)
        loss += COST_SECOND_MARK;
    if (has_reading(lattice, node.position)) {
        if (lattice->nodes[from].stands_before)
            split(lattice, from);
        by_reading(lattice, from,
                   loss + COST_CHARACTER_LOST +
                       (has_orphan(lattice, node.position) ? COST_SWALLOWED : 0));
    }
    node = lattice->nodes[from];
    node.parent = from;
    node.position++;
    node.cost += loss;
    node.character = 0;
    node.is_own = false;
    node.state = WILD;
    lattice_push(lattice, &node);
}

/* The node `from` in state WILD without an item read; its index, not in any list. */
static uint32_t without_item(struct lattice *lattice, struct node node) {
    node.state = WILD;
    uint32_t index = lattice_push(lattice, &node);
    if (index)
        lattice->lists[node.position % LISTS].count--;
    return index;
}

/* A converter dropped the pair of the trail and the next lead without a mark: the best of what that
 * leaves, and then any lead. */
static void step_over_drop(struct lattice *lattice, uint32_t from,
                           const struct lattice_item *item) {
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

/* A lead lost without a mark. */
static void step_lost(struct lattice *lattice, uint32_t from, const struct lattice_item *item) {
    struct node node = lattice->nodes[from];
    node.parent = from;
    node.cost += COST_LOSS_UNMARKED;
    node.character = 0;
    node.is_own = false;
    uint32_t wild = without_item(lattice, node);
    if (wild)
        step_wild(lattice, wild, item, false);
}

void lattice_step(struct lattice *lattice, uint32_t from, size_t place, size_t about,
                  bool is_suspicious) {
    struct node node = lattice->nodes[from];
    const struct lattice_item *item = &lattice->items[node.position];
    /* Pairs that left no mark are rare, and dear to think of: behind the best node only. */
    bool is_best = place == 0;
    switch (node.state) {
    case ALIGNED:
        step_aligned(lattice, from, item);
        if (is_suspicious && item->kind == LATTICE_CHARACTER)
            step_lost(lattice, from, item);
        break;
    case SHIFTED:
        carry_over(lattice, from, node.carried, item);
        if (is_best)
            step_over_drop(lattice, from, item);
        break;
    default:
        step_wild(lattice, from, item, about <= BLIND_NODES);
        if (is_best && item->kind == LATTICE_CHARACTER)
            step_over_drop(lattice, from, item);
    }
}
