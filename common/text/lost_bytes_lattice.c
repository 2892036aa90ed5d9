/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The search: Viterbi's, over nodes of which those at one position that end in the same state and
 * character are one. */
#include "text/lost_bytes_lattice.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "text/character.h"
#include "text/lost_bytes_nodes.h"

enum {
    MARGIN = 8, /* by which a mended stretch must win, its losses paid */
    MARGIN_DAMAGED = 8,
    SUSPICIOUS = 160,     /* an item that costs as much is hardly Chinese ... */
    SUSPICIOUS_OF = 4,    /* ... and where, of so many, ... */
    SUSPICIOUS_LEAST = 2, /* ... so many are, a byte may be lost without a mark */
    BEAM_NODES = 128,
    NODES_MOST =
        1 << 19, /* of a run, which takes 3,000 as a rule: one that takes more is given up */
    RUN_WORK_MOST = 1 << 21, /* the same, of characters tried: 10,000 as a rule */
    TOUCHED = 4,             /* items behind a stretch that it lends a context to */
    RIVAL_COST = 128,
    RIVALS_MOST = 8,
    DIFFERENCES_MOST = 32, /* of a stretch that its other readings are made of */
    APART = 3              /* characters between two differences of one reading */
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

/* Hangs a node that lost to `winner` behind the rivals that it has; they come in the order of their
 * costs. */
static void add_rival(struct lattice *lattice, struct node *winner, uint32_t rival) {
    uint32_t *link = &winner->rival;
    lattice->nodes[rival].rival = 0;
    if (lattice->nodes[rival].cost > winner->cost + RIVAL_COST)
        return;
    for (int i = 0; *link != 0 && i < RIVALS_MOST; i++)
        link = &lattice->nodes[*link].rival;
    if (*link == 0)
        *link = rival;
}

static bool ends_alike(const struct node *node, const struct node *other) {
    return other->last == node->last && other->before == node->before &&
           other->state == node->state && other->carried == node->carried;
}

/* The node among those seen that ends like `node`, or NULL, and `node` is seen from now on. */
static struct node *find_alike(struct lattice *lattice, uint32_t index) {
    const struct node *node = &lattice->nodes[index];
    size_t place =
        (node->last * 31u + node->before * 131u + node->carried * 7u + node->state) % TABLE_SIZE;
    for (; lattice->seen[place]; place = (place + 1) % TABLE_SIZE) {
        struct node *other = &lattice->nodes[lattice->seen[place] - 1];
        if (ends_alike(node, other))
            return other;
    }
    lattice->seen[place] = index + 1;
    return NULL;
}

/* Leaves out nodes that cost far more than the best, but not the best of those that stand: out of
 * phase much looks good at first. */
static void cut_beam(struct lattice *lattice, struct list *list) {
    uint32_t best_own = UINT32_MAX;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct node *node = &lattice->nodes[list->nodes[i]];
        best_own = node->is_own && node->cost < best_own ? node->cost : best_own;
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct node *node = &lattice->nodes[list->nodes[i]];
        if (node->cost <= list->best + BEAM_COST || (node->is_own && node->cost == best_own))
            list->nodes[kept++] = list->nodes[i];
    }
    list->count = kept;
}

/* Keeps the best node of each state and last two characters, of these the best. */
static void prune(struct lattice *lattice, struct list *list) {
    size_t kept = 0;
    bool has_own = false;
    cut_beam(lattice, list);
    memset(lattice->seen, 0, sizeof lattice->seen);
    qsort_r(list->nodes, list->count, sizeof *list->nodes, by_cost, lattice->nodes);
    for (size_t i = 0; i < list->count && (kept < BEAM_NODES || !has_own); i++) {
        struct node *node = &lattice->nodes[list->nodes[i]];
        if (kept >= BEAM_NODES && !node->is_own)
            continue;
        struct node *other = find_alike(lattice, list->nodes[i]);
        if (other) {
            add_rival(lattice, other, list->nodes[i]);
            continue;
        }
        node->rival = 0;
        has_own = has_own || node->is_own;
        list->nodes[kept++] = list->nodes[i];
    }
    list->count = kept;
}

static void empty(struct list *list) {
    list->count = 0;
    list->best = UINT32_MAX - BEAM_COST;
}

static void step(struct lattice *lattice, size_t position) {
    struct list *list = &lattice->lists[position % LISTS];
    bool suspicious = is_suspicious(lattice, position);
    prune(lattice, list);
    size_t about = list->count;
    for (size_t i = 0; i < about; i++)
        lattice_step(lattice, list->nodes[i], i, about, suspicious);
    empty(list);
}

/* The cheapest aligned node at the end, or a shifted one whose character is lost. */
static uint32_t finish(struct lattice *lattice) {
    struct list *list = &lattice->lists[lattice->item_count % LISTS];
    uint32_t best = UINT32_MAX, best_node = 0;
    qsort_r(list->nodes, list->count, sizeof *list->nodes, by_cost, lattice->nodes);
    for (size_t i = 0; i < list->count; i++) {
        struct node *node = &lattice->nodes[list->nodes[i]];
        uint32_t cost = node->cost + (node->state == ALIGNED ? 0 : COST_HOLE);
        node->rival = 0;
        if (cost < best) {
            best = cost;
            best_node = list->nodes[i];
        }
    }
    for (size_t i = 0; i < list->count; i++)
        if (list->nodes[i] != best_node && lattice->nodes[list->nodes[i]].state == ALIGNED)
            add_rival(lattice, &lattice->nodes[best_node], list->nodes[i]);
    empty(list);
    return best_node;
}

static bool reserve_run(struct lattice *lattice) {
    if (!array_reserve(&lattice->identity, &lattice->identity_capacity, lattice->item_count + 1,
                       sizeof *lattice->identity))
        return false;
    lattice->count = 0;
    lattice->work = 0;
    lattice->no_memory = false;
    for (size_t i = 0; i < LISTS; i++)
        empty(&lattice->lists[i]);
    struct node start = {.last = NO_NUMBER, .before = NO_NUMBER, .state = ALIGNED, .is_own = true};
    return lattice_push(lattice, &start) == 0 && !lattice->no_memory;
}

/* The costs of the items as they stand. */
static void run_identity(struct lattice *lattice) {
    struct node first = lattice->nodes[0];
    lattice->identity[0] = 0;
    for (size_t i = 0; i < lattice->item_count; i++) {
        lattice->nodes[0] = lattice_own(lattice, 0, &lattice->items[i]);
        lattice->identity[i + 1] = lattice->nodes[0].cost;
    }
    lattice->nodes[0] = first;
}

/* ---- Other readings ---- */

static bool append_character(struct lattice *lattice, uint32_t character) {
    if (character == 0)
        return true;
    if (!array_reserve(&lattice->characters, &lattice->character_capacity,
                       lattice->character_count + 1, sizeof *lattice->characters)) {
        lattice->no_memory = true;
        return false;
    }
    lattice->characters[lattice->character_count++] = character;
    return true;
}

/* Appends the characters of the way from the path's node `begin - 1` to `rival`, which the path's
 * nodes [at + 1, end) follow, backwards. False: `rival` does not come by there, or parts from the
 * path behind its node end - 1, or is what stands. */
static bool append_way(struct lattice *lattice, uint32_t rival, size_t begin, size_t at,
                       size_t end) {
    uint32_t root = lattice->path[begin - 1];
    size_t first_item = lattice->nodes[root].position,
           end_item = lattice->nodes[lattice->path[end - 1]].position;
    for (size_t i = end; i-- > at + 1;)
        if (!append_character(lattice, lattice->nodes[lattice->path[i]].character))
            return false;
    bool is_own = true, is_inside = at < end;
    for (uint32_t node = rival; node != root; node = lattice->nodes[node].parent) {
        const struct node *here = &lattice->nodes[node];
        if (node == 0 || here->position < first_item)
            return false;
        if (here->position > end_item) {
            if (!here->is_own)
                return false;
            continue;
        }
        if (!is_inside && (here->position < end_item || here->state != ALIGNED))
            return false;
        is_inside = true;
        is_own = is_own && here->is_own;
        if (!append_character(lattice, here->character))
            return false;
    }
    return is_inside && !is_own;
}

/* The same, in order. */
static bool read_way(struct lattice *lattice, uint32_t rival, size_t begin, size_t at, size_t end,
                     struct lattice_reading *reading) {
    size_t first = lattice->character_count;
    if (!append_way(lattice, rival, begin, at, end)) {
        lattice->character_count = first;
        return false;
    }
    for (size_t i = first, j = lattice->character_count; i + 1 < j; i++) {
        uint32_t other = lattice->characters[i];
        lattice->characters[i] = lattice->characters[--j];
        lattice->characters[j] = other;
    }
    *reading = (struct lattice_reading){first, lattice->character_count - first};
    return true;
}

/* A reading of a stretch that differs from the cheapest one in one place. */
struct difference {
    uint32_t cost; /* more than the cheapest reading */
    size_t begin,
        end; /* characters of the cheapest reading that it has others for; begin < end, or none */
    struct lattice_reading instead; /* these */
};

/* Whether a search takes them for the same: to read one for the other makes no difference. */
static bool fold_alike(uint32_t a, uint32_t b) {
    return character_entry_folded(a, character_entry(a)) ==
           character_entry_folded(b, character_entry(b));
}

static struct difference difference_of(const struct lattice *lattice,
                                       const struct lattice_stretch *stretch,
                                       struct lattice_reading reading, uint32_t cost) {
    const uint32_t *best = lattice->characters + stretch->first_character,
                   *other = lattice->characters + reading.first;
    size_t least = stretch->count < reading.count ? stretch->count : reading.count, before = 0,
           behind = 0;
    while (before < least && fold_alike(best[before], other[before]))
        before++;
    while (behind < least - before &&
           fold_alike(best[stretch->count - 1 - behind], other[reading.count - 1 - behind]))
        behind++;
    return (struct difference){
        .cost = cost,
        .begin = before,
        .end = stretch->count - behind,
        .instead = {reading.first + before, reading.count - before - behind},
    };
}

static bool is_alike(const struct lattice *lattice, const struct difference *difference,
                     const struct difference *other) {
    const uint32_t *one = lattice->characters + difference->instead.first,
                   *two = lattice->characters + other->instead.first;
    bool alike = difference->begin == other->begin && difference->end == other->end &&
                 difference->instead.count == other->instead.count;
    for (size_t i = 0; alike && i < other->instead.count; i++)
        alike = fold_alike(one[i], two[i]);
    return alike;
}

static size_t count_han(const struct lattice *lattice, size_t first, size_t count) {
    size_t han = 0;
    for (size_t i = first; i < first + count; i++)
        han += character_entry_class(character_entry(lattice->characters[i])) == CHARACTER_HAN;
    return han;
}

/* Adds a difference to those found, the cheapest first. False: it is not among them. */
static bool add_difference(const struct lattice *lattice, struct difference *found, size_t *count,
                           const struct difference *difference) {
    size_t place = *count;
    for (size_t i = 0; i < *count; i++)
        if (is_alike(lattice, &found[i], difference))
            return false;
    while (place > 0 && found[place - 1].cost > difference->cost)
        place--;
    if (place == DIFFERENCES_MOST)
        return false;
    *count += *count < DIFFERENCES_MOST;
    memmove(found + place + 1, found + place, (*count - 1 - place) * sizeof *found);
    found[place] = *difference;
    return true;
}

/* The differences of the path's stretch that cost little; returns how many. */
static size_t find_differences(struct lattice *lattice, const struct lattice_stretch *stretch,
                               size_t begin, size_t end,
                               struct difference found[DIFFERENCES_MOST]) {
    size_t count = 0;
    size_t han = count_han(lattice, stretch->first_character, stretch->count);
    for (size_t i = begin; i < lattice->path_count && i < end + TOUCHED; i++) {
        const struct node *winner = &lattice->nodes[lattice->path[i]];
        if (i >= end && !winner->is_own)
            break;
        for (uint32_t rival = winner->rival; rival != 0; rival = lattice->nodes[rival].rival) {
            struct lattice_reading reading;
            if (!read_way(lattice, rival, begin, i, end, &reading))
                continue;
            struct difference difference =
                difference_of(lattice, stretch, reading, lattice->nodes[rival].cost - winner->cost);
            /* With fewer characters there is less to find. */
            if (count_han(lattice, reading.first, reading.count) < han ||
                difference.begin == difference.end ||
                !add_difference(lattice, found, &count, &difference))
                lattice->character_count = reading.first;
        }
    }
    return count;
}

/* Whether two differences are so far apart that a phrase of four characters has at most one. */
static bool is_apart(const struct difference *difference, const struct difference *other) {
    return difference->end + APART <= other->begin || other->end + APART <= difference->begin;
}

/* Appends the cheapest reading with the differences that `in` says. */
static bool write_other(struct lattice *lattice, struct lattice_stretch *stretch,
                        const struct difference *found, size_t count, const bool *in) {
    struct lattice_reading reading = {.first = lattice->character_count};
    for (size_t at = 0; at < stretch->count;) {
        size_t next = stretch->count, chosen = count;
        for (size_t i = 0; i < count; i++)
            if (in[i] && found[i].begin >= at && found[i].begin < next) {
                next = found[i].begin;
                chosen = i;
            }
        for (; at < next; at++)
            if (!append_character(lattice, lattice->characters[stretch->first_character + at]))
                return false;
        if (chosen == count)
            break;
        for (size_t i = 0; i < found[chosen].instead.count; i++)
            if (!append_character(lattice, lattice->characters[found[chosen].instead.first + i]))
                return false;
        at = found[chosen].end;
    }
    reading.count = lattice->character_count - reading.first;
    stretch->others[stretch->other_count++] = reading;
    return true;
}

/* Adds other readings of the path's stretch. It is mostly its first and its last character that
 * are in doubt, and each by itself: so a reading takes the cheapest difference that is left, and
 * then all that are far from those it has. */
static bool add_others(struct lattice *lattice, struct lattice_stretch *stretch, size_t begin,
                       size_t end) {
    struct difference found[DIFFERENCES_MOST];
    bool is_used[DIFFERENCES_MOST] = {false};
    size_t count = find_differences(lattice, stretch, begin, end, found);
    while (stretch->other_count < LATTICE_OTHERS_MOST) {
        bool in[DIFFERENCES_MOST] = {false};
        size_t taken = 0;
        for (size_t i = 0; i < count; i++) {
            bool fits = !is_used[i];
            for (size_t j = 0; fits && j < i; j++)
                fits = !in[j] || is_apart(&found[i], &found[j]);
            in[i] = fits;
            is_used[i] = is_used[i] || fits;
            taken += fits;
        }
        if (taken == 0)
            break;
        if (!write_other(lattice, stretch, found, count, in))
            return false;
    }
    return true;
}

/* Adds the stretch of the path's nodes [begin, end), none of which is its own, where it wins
 * clearly. */
static bool add_stretch(struct lattice *lattice, size_t begin, size_t end) {
    const struct node *before = &lattice->nodes[lattice->path[begin - 1]],
                      *last = &lattice->nodes[lattice->path[end - 1]];
    /* What stands right behind costs less, or more, for what is mended before it. */
    size_t seen = end;
    while (seen < lattice->path_count && seen < end + TOUCHED &&
           lattice->nodes[lattice->path[seen]].is_own)
        seen++;
    const struct node *behind = &lattice->nodes[lattice->path[seen - 1]];
    uint32_t mended = behind->cost - before->cost;
    uint32_t standing = lattice->identity[behind->position] - lattice->identity[before->position];
    uint32_t margin = lattice->page->is_damaged ? MARGIN_DAMAGED : MARGIN;
    struct lattice_stretch stretch = {.begin = before->position,
                                      .end = last->position,
                                      .first_character = lattice->character_count};
    if (standing < mended + margin || stretch.begin == stretch.end)
        return true;
    stretch.gain = standing - mended;
    if (!array_reserve(&lattice->characters, &lattice->character_capacity,
                       lattice->character_count + end - begin + 1, sizeof *lattice->characters) ||
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
    if (last->state == ALIGNED && !add_others(lattice, &stretch, begin, end))
        return false;
    if (has_han || stretch.count == 0) /* a lone mark of punctuation is no evidence */
        lattice->stretches[lattice->stretch_count++] = stretch;
    return true;
}

static bool trace(struct lattice *lattice, uint32_t node) {
    lattice->path_count = lattice->stretch_count = lattice->character_count = 0;
    for (;; node = lattice->nodes[node].parent) {
        if (!array_reserve(&lattice->path, &lattice->path_capacity, lattice->path_count + 1,
                           sizeof *lattice->path))
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

xunzi_status lattice_run(struct lattice *lattice, const struct lattice_page *page,
                         const struct double_bytes *table, const struct lattice_item *items,
                         size_t count, uint64_t *work, const struct lattice_stretch **stretches,
                         size_t *stretch_count) {
    lattice->page = page;
    lattice->table = table;
    lattice->items = items;
    lattice->item_count = count;
    if (!reserve_run(lattice))
        return error_no_memory();
    run_identity(lattice);
    bool is_done = true;
    for (size_t position = 0; position < count && is_done; position++) {
        step(lattice, position);
        is_done = lattice->count <= NODES_MOST && lattice->work <= RUN_WORK_MOST;
    }
    *stretches = lattice->stretches;
    *stretch_count = 0;
    *work += lattice->work + lattice->count;
    if (lattice->no_memory || (is_done && !trace(lattice, finish(lattice))))
        return error_no_memory();
    if (!is_done)
        return XUNZI_OK;
    *stretches = lattice->stretches;
    *stretch_count = lattice->stretch_count;
    return XUNZI_OK;
}
