/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of edits: see edits.h for what they mean and how they are encoded. */
#include "text/edits.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"

/* As bytes, the kind of an edit that has other readings. */
enum { KIND_MEND_WITH_OTHERS = EDIT_KIND_COUNT };

void edits_free(struct edits *edits) {
    free(edits->items);
    arena_free(&edits->text);
    *edits = (struct edits){0};
}

void edits_clear(struct edits *edits) {
    edits->count = 0;
    if (edits->text.blocks)
        arena_free(&edits->text);
}

static bool copy_string(struct edits *edits, xunzi_string *string) {
    string->data = string->size > 0 ? arena_copy(&edits->text, string->data, string->size) : "";
    return string->data != NULL;
}

bool edits_append(struct edits *edits, const struct edit *edit) {
    assert(edit->begin < edit->end);
    assert(edits->count == 0 || edits->items[edits->count - 1].end <= edit->begin);
    if (!array_reserve(&edits->items, &edits->capacity, edits->count + 1, sizeof *edits->items))
        return false;
    struct edit copy = *edit;
    if (!copy_string(edits, &copy.replacement) || !copy_string(edits, &copy.others))
        return false;
    edits->items[edits->count++] = copy;
    return true;
}

/* The first item of `others` from `from` on that ends behind edit's begin. */
static size_t reach(const struct edits *others, size_t from, const struct edit *edit) {
    while (from < others->count && others->items[from].end <= edit->begin)
        from++;
    return from;
}

/* Whether edit loses to one of `others`, of which *at is the first that can touch it. */
static bool loses(const struct edit *edit, const struct edits *others, size_t *at,
                  bool others_are_first) {
    *at = reach(others, *at, edit);
    for (size_t i = *at; i < others->count && others->items[i].begin < edit->end; i++) {
        bool other_is_aside = others->items[i].kind == EDIT_ASIDE;
        bool is_aside = edit->kind == EDIT_ASIDE;
        if (other_is_aside == is_aside ? others_are_first : other_is_aside)
            return true;
    }
    return false;
}

bool edits_merge(const struct edits *first, const struct edits *second, struct edits *out) {
    edits_clear(out);
    size_t i = 0, j = 0;                    /* what comes next of each */
    size_t seen_first = 0, seen_second = 0; /* what can touch it of the other */
    while (i < first->count || j < second->count) {
        bool of_first = j == second->count ||
                        (i < first->count && first->items[i].begin <= second->items[j].begin);
        const struct edit *edit = of_first ? &first->items[i++] : &second->items[j++];
        bool lost = of_first ? loses(edit, second, &seen_second, false)
                             : loses(edit, first, &seen_first, true);
        if (!lost && !edits_append(out, edit))
            return false;
    }
    return true;
}

size_t edits_find(const struct edits *edits, size_t at) {
    size_t low = 0, high = edits->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (edits->items[middle].end <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool edit_other(const struct edit *edit, unsigned index, xunzi_string *reading) {
    const char *at = edit->others.data, *end = at + edit->others.size;
    while (at < end) {
        size_t size = strlen(at);
        if (index-- == 0) {
            *reading = (xunzi_string){at, size};
            return true;
        }
        at += size + 1;
    }
    return false;
}

bool edits_encode(const struct edits *edits, struct buffer *out) {
    bool ok = buffer_append_varint(out, edits->count);
    uint32_t before = 0;
    for (size_t i = 0; ok && i < edits->count; i++) {
        const struct edit *edit = &edits->items[i];
        bool has_others = edit->kind == EDIT_MEND && edit->others.size > 0;
        ok =
            buffer_append_byte(out, (char)(has_others ? KIND_MEND_WITH_OTHERS : (int)edit->kind)) &&
            buffer_append_byte(out, (char)edit->reason) &&
            buffer_append_varint(out, edit->begin - before) &&
            buffer_append_varint(out, edit->end - edit->begin);
        if (ok && edit->kind == EDIT_MEND)
            ok = buffer_append_varint(out, edit->replacement.size) &&
                 buffer_append(out, edit->replacement.data, edit->replacement.size);
        if (ok && has_others)
            ok = buffer_append_varint(out, edit->others.size) &&
                 buffer_append(out, edit->others.data, edit->others.size);
        before = edit->end;
    }
    return ok;
}

/* Reads an unsigned LEB128 number of at most `most`. */
static bool read_number(const char *data, size_t size, size_t *at, uint64_t most, uint64_t *value) {
    const uint8_t *bytes = (const uint8_t *)data, *next = bytes + *at;
    bool ok = varint_read(&next, bytes + size, 9, value) && *value <= most;
    *at = (size_t)(next - bytes);
    return ok;
}

/* Reads a number, and as many bytes of UTF-8 behind it. */
static bool read_text(const char *data, size_t size, size_t *at, xunzi_string *text) {
    uint64_t length;
    if (!read_number(data, size, at, size, &length) || length > size - *at)
        return false;
    *text = (xunzi_string){data + *at, (size_t)length};
    *at += (size_t)length;
    return utf8_valid_prefix(text->data, text->size) == text->size;
}

static bool read_edit(const char *data, size_t size, size_t *at, size_t text_size, uint32_t before,
                      struct edit *edit) {
    uint64_t gap, length;
    if (size - *at < 2)
        return false;
    unsigned char kind = (unsigned char)data[(*at)++], reason = (unsigned char)data[(*at)++];
    if (kind > KIND_MEND_WITH_OTHERS || reason >= EDIT_REASON_COUNT ||
        !read_number(data, size, at, text_size - before, &gap) ||
        !read_number(data, size, at, text_size - before - gap, &length) || length == 0)
        return false;
    edit->kind = kind == KIND_MEND_WITH_OTHERS ? EDIT_MEND : (enum edit_kind)kind;
    edit->reason = reason;
    edit->begin = before + (uint32_t)gap;
    edit->end = edit->begin + (uint32_t)length;
    edit->replacement = edit->others = (xunzi_string){"", 0};
    if (edit->kind == EDIT_MEND && !read_text(data, size, at, &edit->replacement))
        return false;
    return kind != KIND_MEND_WITH_OTHERS ||
           (read_text(data, size, at, &edit->others) && edit->others.size > 0 &&
            edit->others.data[edit->others.size - 1] == '\0');
}

xunzi_status edits_decode(const char *data, size_t size, size_t text_size, struct edits *edits) {
    uint64_t count;
    size_t at = 0;
    edits_clear(edits);
    if (text_size > UINT32_MAX || !read_number(data, size, &at, size / 4, &count))
        goto corrupt;
    uint32_t before = 0;
    for (uint64_t i = 0; i < count; i++) {
        struct edit edit;
        if (!read_edit(data, size, &at, text_size, before, &edit))
            goto corrupt;
        if (!edits_append(edits, &edit)) {
            edits_clear(edits);
            return error_no_memory();
        }
        before = edit.end;
    }
    if (at == size)
        return XUNZI_OK;
corrupt:
    edits_clear(edits);
    return error_set(XUNZI_ERROR_CORRUPT,
                     "a stored document is damaged: its list of edits makes no sense");
}

const char *edit_kind_name(enum edit_kind kind) {
    static const char *const names[EDIT_KIND_COUNT] = {"set aside", "skipped", "mended"};
    return kind < EDIT_KIND_COUNT ? names[kind] : "unknown";
}

const char *edit_reason_name(enum edit_reason reason) {
    static const char *const names[EDIT_REASON_COUNT] = {
        [EDIT_REASON_ANNOTATION] = "reading of a character",
        [EDIT_REASON_ORPHAN] = "remnant of a reading",
        [EDIT_REASON_LOST_BYTE] = "lost byte",
        [EDIT_REASON_DOUBLE_ENCODING] = "double encoding",
        [EDIT_REASON_NAVIGATION] = "navigation",
        [EDIT_REASON_RELATED] = "other articles",
        [EDIT_REASON_TOOLS] = "tools of the page",
        [EDIT_REASON_FIELDS] = "date and source",
        [EDIT_REASON_CREDITS] = "credits and key words",
        [EDIT_REASON_COPYRIGHT] = "copyright",
        [EDIT_REASON_SPAM] = "spam",
        [EDIT_REASON_REPEATED] = "repeated across the collection",
        [EDIT_REASON_MARKUP] = "markup",
        [EDIT_REASON_TITLE] = "the title once more",
        [EDIT_REASON_LINE_BREAK] = "line break inside a sentence",
    };
    return reason < EDIT_REASON_COUNT ? names[reason] : "unknown";
}
