/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes the table of word_table.h: a program that runs while Xunzi is built and prints C.
 *
 * ICU's dictionary is the item brkitr/cjdict.dict of its data: eight 32-bit numbers, of which the
 * first says where the trie begins and the fifth of what kind it is, and a UCharsTrie, whose format
 * is told in ICU's header unicode/ucharstrie.h.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/udata.h>

#include "text/character.h"
#include "text/word_table.h"

enum {
    DICT_KIND = 4,
    KIND_MASK = 7,
    KIND_UCHARS = 1,
    LENGTH_MOST = 20,
    NO_COST = WORD_TABLE_COST_MOST
};

/* The words as a trie of lists: a node's children in ascending order. */
struct node {
    uint32_t first_child, next, last_child; /* 0: none */
    uint32_t child_count;
    uint32_t unit; /* where it stands in the double array */
    uint32_t base;
    uint16_t code;
    uint8_t cost;
};

static struct node *nodes;
static uint32_t node_count, node_capacity;
static uint16_t code_of[0x10000];
static uint32_t code_count;
static uint16_t word[LENGTH_MOST + 1];

static _Noreturn void fail(const char *problem) {
    fprintf(stderr, "word-table-generator: %s\n", problem);
    exit(1);
}

static uint32_t new_node(void) {
    if (node_count == node_capacity) {
        node_capacity = node_capacity ? 2 * node_capacity : 1 << 16;
        nodes = realloc(nodes, node_capacity * sizeof *nodes);
        if (!nodes)
            fail("not enough memory");
    }
    nodes[node_count] = (struct node){.cost = NO_COST};
    return node_count++;
}

/* ---- reading ICU's trie ---- */

/* Whether folded text can hold the character in a run of Han characters. */
static bool is_folded_han(uint16_t unit) {
    uint32_t entry = character_entry(unit);
    return !(entry & CHARACTER_EXPANDS) && character_entry_class(entry) == CHARACTER_HAN &&
           character_entry_folded(unit, entry) == unit;
}

static uint32_t child_of(uint32_t parent, uint16_t unit) {
    if (!code_of[unit])
        code_of[unit] = (uint16_t)++code_count;
    uint32_t last = nodes[parent].last_child; /* words ascend: no other child can be meant */
    if (last && nodes[last].code == code_of[unit])
        return last;
    uint32_t child = new_node();
    nodes[child].code = code_of[unit];
    if (nodes[parent].last_child)
        nodes[nodes[parent].last_child].next = child;
    else
        nodes[parent].first_child = child;
    nodes[parent].last_child = child;
    nodes[parent].child_count++;
    return child;
}

static void keep(size_t length, uint32_t cost) {
    uint32_t at = 0;
    for (size_t i = 0; i < length; i++)
        if (!is_folded_han(word[i]))
            return;
    if (cost >= NO_COST)
        fail("a word of ICU's dictionary costs more than is known");
    for (size_t i = 0; i < length; i++)
        at = child_of(at, word[i]);
    nodes[at].cost = (uint8_t)cost;
}

static void push(size_t length, uint16_t unit) {
    if (length >= LENGTH_MOST)
        fail("a word of ICU's dictionary is longer than its own limit");
    word[length] = unit;
}

static const uint16_t *read_value(const uint16_t *at, unsigned lead, uint32_t *value) {
    if (lead < 0x4000) {
        *value = lead;
        return at;
    }
    *value = lead < 0x7FFF ? (lead - 0x4000) << 16 | at[0] : (uint32_t)at[0] << 16 | at[1];
    return at + (lead < 0x7FFF ? 1 : 2);
}

static void read_node(const uint16_t *at, size_t length);

static void read_branch(const uint16_t *at, size_t count, size_t length) {
    while (count > 5) {
        at++; /* the unit that parts the halves */
        uint32_t delta = *at++;
        if (delta == 0xFFFF) {
            delta = (uint32_t)at[0] << 16 | at[1];
            at += 2;
        } else if (delta >= 0xFC00) {
            delta = (delta - 0xFC00) << 16 | *at++;
        }
        read_branch(at + delta, count / 2, length);
        count -= count / 2;
    }
    for (; count > 1; count--) {
        push(length, *at++);
        unsigned lead = *at++;
        uint32_t value;
        at = read_value(at, lead & 0x7FFF, &value);
        if (lead & 0x8000)
            keep(length + 1, value);
        else
            read_node(at + value, length + 1);
    }
    push(length, *at++);
    read_node(at, length + 1);
}

static void read_node(const uint16_t *at, size_t length) {
    unsigned lead = *at++;
    uint32_t value;
    if (lead & 0x8000) {
        read_value(at, lead & 0x7FFF, &value);
        keep(length, value);
        return;
    }
    if (lead >= 0x40) {
        if (lead < 0x4040)
            value = (lead >> 6) - 1;
        else if (lead < 0x7FC0)
            value = ((lead & 0x7FC0) - 0x4040) << 10 | *at++;
        else {
            value = (uint32_t)at[0] << 16 | at[1];
            at += 2;
        }
        keep(length, value);
        lead &= 0x3F;
    }
    if (lead < 0x30) {
        size_t count = lead == 0 ? *at++ : lead;
        read_branch(at, count + 1, length);
        return;
    }
    for (unsigned left = lead - 0x30 + 1; left > 0; left--)
        push(length++, *at++);
    read_node(at, length);
}

static void read_dictionary(void) {
    UErrorCode code = U_ZERO_ERROR;
    UDataMemory *data = udata_open(U_ICUDATA_NAME "-brkitr", "dict", "cjdict", &code);
    if (U_FAILURE(code))
        fail("ICU's data has no brkitr/cjdict.dict");
    const int32_t *head = udata_getMemory(data);
    if ((head[DICT_KIND] & KIND_MASK) != KIND_UCHARS)
        fail("ICU's dictionary is of a kind that is not known");
    read_node((const uint16_t *)((const char *)head + head[0]), 0);
    udata_close(data);
}

/* ---- the double array ---- */

static uint32_t *parents; /* by unit; UINT32_MAX where free */
static uint32_t *node_at; /* by unit */
static uint32_t unit_capacity, unit_end, first_free;

static bool fits(uint32_t base, const struct node *node) {
    for (uint32_t child = node->first_child; child; child = nodes[child].next)
        if (parents[base + nodes[child].code] != UINT32_MAX)
            return false;
    return true;
}

static void place_children(uint32_t number) {
    struct node *node = &nodes[number];
    uint32_t least = UINT32_MAX;
    for (uint32_t child = node->first_child; child; child = nodes[child].next)
        least = nodes[child].code < least ? nodes[child].code : least;
    while (parents[first_free] != UINT32_MAX)
        first_free++;
    uint32_t base = first_free > least ? first_free - least : 1;
    while (!fits(base, node))
        base++;
    if (base + code_count >= unit_capacity)
        fail("the double array is too small");
    node->base = base;
    for (uint32_t child = node->first_child; child; child = nodes[child].next) {
        uint32_t unit = base + nodes[child].code;
        nodes[child].unit = unit;
        parents[unit] = 0; /* taken; who it is of is known at the end */
        node_at[unit] = child;
    }
    unit_end = base + code_count + 1 > unit_end ? base + code_count + 1 : unit_end;
}

static int by_child_count(const void *a, const void *b) {
    const struct node *left = &nodes[*(const uint32_t *)a], *right = &nodes[*(const uint32_t *)b];
    if (left->child_count != right->child_count)
        return left->child_count > right->child_count ? -1 : 1;
    return (left > right) - (left < right);
}

static void make_units(void) {
    uint32_t *order = malloc(node_count * sizeof *order);
    unit_capacity = 2 * node_count + 4 * code_count;
    parents = malloc(unit_capacity * sizeof *parents);
    node_at = calloc(unit_capacity, sizeof *node_at);
    if (!order || !parents || !node_at)
        fail("not enough memory");
    for (uint32_t i = 0; i < unit_capacity; i++)
        parents[i] = UINT32_MAX;
    for (uint32_t i = 0; i < node_count; i++)
        order[i] = i;
    parents[WORD_TABLE_ROOT] = 0;
    qsort(order, node_count, sizeof *order, by_child_count);
    for (uint32_t i = 0; i < node_count && nodes[order[i]].child_count > 0; i++)
        place_children(order[i]);
    for (uint32_t i = 0; i < node_count; i++)
        for (uint32_t child = nodes[i].first_child; child; child = nodes[child].next)
            parents[nodes[child].unit] = nodes[i].unit;
    parents[WORD_TABLE_ROOT] = UINT32_MAX;
    free(order);
}

static void print(void) {
    printf("/* Made by word_table_generator.c; not to be edited. */\n#include "
           "\"text/word_table.h\"\n\n"
           "const uint16_t word_table_codes[0x10000] = {");
    for (size_t i = 0; i < 0x10000; i++)
        printf("%s%u,", i % 20 ? "" : "\n", (unsigned)code_of[i]);
    printf("\n};\n\nconst struct word_unit word_table_units[] = {");
    for (uint32_t i = 0; i < unit_end; i++) {
        const struct node *node = &nodes[node_at[i]];
        bool taken = i == WORD_TABLE_ROOT || parents[i] != UINT32_MAX;
        printf("%s{%uu,%uu},", i % 8 ? "" : "\n",
               taken ? (unsigned)(node->base << 8 | node->cost) : (unsigned)NO_COST,
               (unsigned)parents[i]);
    }
    printf("\n};\n");
}

int main(void) {
    new_node(); /* the root */
    read_dictionary();
    make_units();
    print();
    return 0;
}
