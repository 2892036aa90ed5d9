/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing, searching and walking the term dictionary. */
#include "segment/dictionary.h"

#include "base/error.h"

uint64_t dictionary_beginning(const char *term, size_t size) {
    uint8_t bytes[8] = {0};
    uint64_t number;
    memcpy(bytes, term, size < sizeof bytes ? size : sizeof bytes);
    memcpy(&number, bytes, sizeof number);
    return __builtin_bswap64(number);
}

bool dictionary_add(struct dictionary_writer *writer, const char *term, size_t size,
                    const struct dictionary_entry *entry) {
    struct buffer *out = &writer->groups;
    size_t shared = 0;
    bool ok = true;
    if (writer->terms % DICTIONARY_GROUP == 0) {
        const struct dictionary_row row = {out->size, dictionary_beginning(term, size)};
        ok = buffer_append(&writer->index, &row, sizeof row) &&
             buffer_append_varint(out, entry->postings_at) &&
             buffer_append_varint(out, entry->positions_at);
    } else {
        while (shared < size && shared < writer->last_size && term[shared] == writer->last[shared])
            shared++;
    }
    const uint8_t sizes[2] = {(uint8_t)shared, (uint8_t)(size - shared)};
    ok = ok && buffer_append(out, sizes, sizeof sizes) &&
         buffer_append(out, term + shared, size - shared) &&
         buffer_append_varint(out, (uint64_t)entry->count << 1 | entry->has_positions) &&
         buffer_append_varint(out, entry->postings_size) &&
         (!entry->has_positions || buffer_append_varint(out, entry->positions_size)) &&
         buffer_append_byte(out, (char)entry->bound);
    memcpy(writer->last, term, size);
    writer->last_size = size;
    writer->terms++;
    return ok;
}

void dictionary_writer_free(struct dictionary_writer *writer) {
    buffer_free(&writer->groups);
    buffer_free(&writer->index);
}

bool dictionary_open(struct dictionary *dictionary, const uint8_t *groups, uint64_t groups_size,
                     const uint8_t *index, uint64_t index_size, uint64_t terms) {
    *dictionary =
        (struct dictionary){groups, index, groups_size, index_size / DICTIONARY_ROW, terms};
    return index_size % DICTIONARY_ROW == 0 &&
           dictionary->group_count == terms / DICTIONARY_GROUP + (terms % DICTIONARY_GROUP > 0);
}

static xunzi_status damaged(void) {
    return error_set(XUNZI_ERROR_CORRUPT, "the term dictionary is damaged");
}

static bool read_number(const uint8_t **at, const uint8_t *end, uint64_t *value) {
    return varint_read(at, end, 9, value);
}

/* Where a group begins; NULL: nowhere. */
static const uint8_t *group_at(const struct dictionary *dictionary, uint64_t group) {
    uint64_t offset = dictionary_row_at(dictionary, group).begin;
    return offset < dictionary->groups_size ? dictionary->groups + offset : NULL;
}

static const uint8_t *groups_end(const struct dictionary *dictionary) {
    return dictionary->groups + dictionary->groups_size;
}

/* Reads a group's head into the walk. */
static bool enter_group(struct dictionary_walk *walk, uint64_t group) {
    const uint8_t *end = groups_end(walk->dictionary);
    walk->at = group_at(walk->dictionary, group);
    walk->size = 0;
    walk->next = group * DICTIONARY_GROUP;
    return walk->at && read_number(&walk->at, end, &walk->postings_at) &&
           read_number(&walk->at, end, &walk->positions_at);
}

/* Reads the term's name at walk->at. */
static bool read_name(struct dictionary_walk *walk) {
    const uint8_t *end = groups_end(walk->dictionary);
    if (end - walk->at < 2 || walk->at[0] > walk->size)
        return false;
    size_t shared = walk->at[0], own = walk->at[1];
    walk->at += 2;
    if (shared + own > DICTIONARY_TERM_MOST || (size_t)(end - walk->at) < own)
        return false;
    memcpy(walk->term + shared, walk->at, own);
    walk->size = shared + own;
    walk->at += own;
    return true;
}

static bool read_entry(struct dictionary_walk *walk) {
    const uint8_t *end = groups_end(walk->dictionary);
    struct dictionary_entry *entry = &walk->entry;
    uint64_t count;
    *entry = (struct dictionary_entry){.postings_at = walk->postings_at,
                                       .positions_at = walk->positions_at};
    if (!read_number(&walk->at, end, &count) || count >> 1 > UINT32_MAX ||
        !read_number(&walk->at, end, &entry->postings_size))
        return false;
    entry->count = (uint32_t)(count >> 1);
    entry->has_positions = count & 1;
    if ((entry->has_positions && !read_number(&walk->at, end, &entry->positions_size)) ||
        walk->at >= end)
        return false;
    entry->bound = *walk->at++;
    walk->postings_at += entry->postings_size;
    walk->positions_at += entry->positions_size;
    walk->next++;
    return true;
}

/* Whether the first term of a group is behind the one sought. False in *sound: damaged. */
static bool is_behind(const struct dictionary *dictionary, uint64_t group, const char *term,
                      size_t size, uint64_t beginning, bool *sound) {
    uint64_t first = dictionary_row_at(dictionary, group).beginning;
    if (first != beginning)
        return first > beginning;
    struct dictionary_walk walk;
    walk.dictionary = dictionary;
    *sound = enter_group(&walk, group) && read_name(&walk);
    return *sound && bytes_compare(walk.term, walk.size, term, size) > 0;
}

/* The number of groups whose first terms are not behind the one sought, which the last of them may
 * hold. False: damaged. */
static bool find_group(const struct dictionary *dictionary, const char *term, size_t size,
                       uint64_t *found) {
    uint64_t beginning = dictionary_beginning(term, size), low = 0, high = dictionary->group_count;
    bool sound = true;
    while (low < high && sound) {
        uint64_t middle = low + (high - low) / 2;
        if (is_behind(dictionary, middle, term, size, beginning, &sound))
            high = middle;
        else
            low = middle + 1;
    }
    *found = low;
    return sound;
}

xunzi_status dictionary_find(const struct dictionary *dictionary, const char *term, size_t size,
                             struct dictionary_entry *entry) {
    struct dictionary_walk walk;
    walk.dictionary = dictionary;
    uint64_t low;
    if (!find_group(dictionary, term, size, &low))
        return damaged();
    if (low == 0)
        return XUNZI_END;
    uint64_t behind =
        low * DICTIONARY_GROUP < dictionary->terms ? low * DICTIONARY_GROUP : dictionary->terms;
    if (!enter_group(&walk, low - 1))
        return damaged();
    while (walk.next < behind) {
        if (!read_name(&walk) || !read_entry(&walk))
            return damaged();
        int order = bytes_compare(walk.term, walk.size, term, size);
        if (order == 0) {
            *entry = walk.entry;
            return XUNZI_OK;
        }
        if (order > 0)
            break;
    }
    return XUNZI_END;
}

void dictionary_walk_begin(struct dictionary_walk *walk, const struct dictionary *dictionary) {
    *walk = (struct dictionary_walk){.dictionary = dictionary};
}

xunzi_status dictionary_walk_seek(struct dictionary_walk *walk, const struct dictionary *dictionary,
                                  const char *term, size_t size) {
    uint64_t groups;
    dictionary_walk_begin(walk, dictionary);
    if (!find_group(dictionary, term, size, &groups))
        return damaged();
    walk->next = groups > 0 ? (groups - 1) * DICTIONARY_GROUP : 0;
    xunzi_status status;
    while ((status = dictionary_walk_next(walk)) == XUNZI_OK &&
           bytes_compare(walk->term, walk->size, term, size) < 0)
        continue;
    return status;
}

xunzi_status dictionary_walk_next(struct dictionary_walk *walk) {
    if (walk->next >= walk->dictionary->terms)
        return XUNZI_END;
    if (walk->next % DICTIONARY_GROUP == 0 && !enter_group(walk, walk->next / DICTIONARY_GROUP))
        return damaged();
    return read_name(walk) && read_entry(walk) ? XUNZI_OK : damaged();
}
