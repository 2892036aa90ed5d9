/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "segment_support.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/date.h"
#include "base/utf8.h"
#include "segment/bounds.h"
#include "segment/segment_writer.h"
#include "text/terms.h"

void assert_status_at(xunzi_status expected, xunzi_status status, const char *call,
                      const char *file, int line) {
    if (status == expected)
        return;
    print_error("%s: %s, not %s (%s)\n", call, xunzi_status_name(status),
                xunzi_status_name(expected), xunzi_error_message());
    _fail(file, line);
}

bool same_string(xunzi_string a, xunzi_string b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

void assert_same_document(const xunzi_document *expected, const xunzi_document *actual) {
    assert_true(same_string(expected->id, actual->id));
    assert_true(same_string(expected->title, actual->title));
    assert_true(same_string(expected->body, actual->body));
    assert_true(same_string(expected->date, actual->date));
    assert_true(same_string(expected->source, actual->source));
    assert_true(same_string(expected->url, actual->url));
    assert_true(same_string(expected->extra, actual->extra));
}

void assert_same_edits(const struct edits *expected, const struct edits *actual) {
    assert_int_equal(expected->count, actual->count);
    for (size_t i = 0; i < expected->count; i++) {
        const struct edit *a = &expected->items[i], *b = &actual->items[i];
        assert_true(a->kind == b->kind && a->reason == b->reason && a->begin == b->begin &&
                    a->end == b->end && same_string(a->replacement, b->replacement));
    }
}

uint64_t random_next(struct random *random) {
    random->state ^= random->state >> 12;
    random->state ^= random->state << 25;
    random->state ^= random->state >> 27;
    return random->state * UINT64_C(0x2545F4914F6CDD1D);
}

uint32_t random_below(struct random *random, uint32_t bound) {
    return (uint32_t)((random_next(random) >> 32) * bound >> 32);
}

/* ---- files ---- */

static char folder[256], path_in_folder[512];

int make_folder(void **state) {
    (void)state;
    const char *parent = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/xunzi-segment-XXXXXX", parent && *parent ? parent : "/tmp");
    return mkdtemp(folder) ? 0 : -1;
}

int remove_folder(void **state) {
    (void)state;
    DIR *entries = opendir(folder);
    if (!entries)
        return -1;
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;)
        if (entry->d_name[0] != '.')
            unlink(in_folder(entry->d_name));
    closedir(entries);
    return rmdir(folder);
}

const char *in_folder(const char *name) {
    snprintf(path_in_folder, sizeof path_in_folder, "%s/%s", folder, name);
    return path_in_folder;
}

uint8_t *file_read(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    long end = ftell(file);
    assert_true(end >= 0);
    rewind(file);
    *size = (size_t)end;
    uint8_t *data = malloc(*size + 1);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, *size, file), *size);
    fclose(file);
    return data;
}

/* A file that is there is overwritten in place: some file systems write through to the disk what
 * was truncated and written anew, and tests write thousands. */
void file_write(const char *path, const void *data, size_t size) {
    struct stat about;
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    assert_true(file >= 0);
    assert_int_equal(fstat(file, &about), 0);
    if ((size_t)about.st_size > size)
        assert_int_equal(ftruncate(file, (off_t)size), 0);
    assert_int_equal(pwrite(file, data, size, 0), size);
    assert_int_equal(close(file), 0);
}

/* ---- random documents ---- */

static void *allocate(struct model *model, size_t size) {
    void *memory = arena_alloc(&model->arena, size + 1);
    assert_non_null(memory);
    return memory;
}

static xunzi_string copy(struct model *model, const void *data, size_t size) {
    char *text = arena_copy(&model->arena, data, size);
    assert_non_null(text);
    return (xunzi_string){text, size};
}

/* Random text of so many characters: of the table, of the rest of Unicode, ASCII, NUL. */
static size_t append_text(struct random *random, size_t characters, char *out) {
    size_t size = 0;
    for (size_t i = 0; i < characters; i++) {
        uint32_t kind = random_below(random, 40), c;
        if (kind == 0)
            c = random_below(random, 0x80);
        else if (kind == 1)
            c = 0x20000 + random_below(random, 0x1000);
        else if (kind == 2)
            c = 0xAC00 + random_below(random, 0x2000);
        else
            c = 0x4E00 + random_below(random, 0x400);
        size += utf8_encode(c, out + size);
    }
    return size;
}

static xunzi_string make_text(struct model *model, struct random *random, size_t characters) {
    char text[4 * 256];
    assert_true(characters <= 256);
    return copy(model, text, append_text(random, characters, text));
}

static int by_name(const void *a, const void *b) {
    const xunzi_string *left = a, *right = b;
    size_t shorter = left->size < right->size ? left->size : right->size;
    int order = memcmp(left->data, right->data, shorter);
    return order != 0 ? order : (left->size > right->size) - (left->size < right->size);
}

/* Names with and without prefixes, some long, many that begin alike. */
static void make_terms(struct model *model, struct random *random, size_t count) {
    static const char *const prefixes[] = {"", "", "", "XW", "S", "E", "XSOURCE"};
    model->terms = allocate(model, count * sizeof *model->terms);
    for (size_t t = 0; t < count; t++) {
        char name[160];
        size_t size = (size_t)snprintf(name, sizeof name, "%s", prefixes[random_below(random, 7)]);
        if (random_below(random, 20) == 0) {
            memset(name + size, 'a', 120);
            size += 120;
        }
        size += append_text(random, 1 + random_below(random, 2), name + size);
        model->terms[t] = copy(model, name, size);
    }
    qsort(model->terms, count, sizeof *model->terms, by_name);
    for (size_t t = 0; t < count; t++)
        if (model->term_count == 0 ||
            by_name(&model->terms[model->term_count - 1], &model->terms[t]) != 0)
            model->terms[model->term_count++] = model->terms[t];
}

bool model_positional(const struct model *model, size_t term) {
    xunzi_string name = model->terms[term];
    return !(name.size > 1 && name.data[0] == 'X') && term % 5 != 0;
}

static void make_posting(struct model *model, struct random *random, size_t term,
                         struct model_document *document) {
    struct model_posting *posting = &document->postings[document->posting_count++];
    posting->term = (uint32_t)term;
    posting->wdf = 1 + (random_below(random, 4) == 0 ? random_below(random, 30) : 0);
    if (term_is_ranked(model->terms[term].data, model->terms[term].size))
        document->length += posting->wdf;
    if (!model_positional(model, term))
        return;
    posting->count = random_below(random, 8) ? posting->wdf : 1 + random_below(random, 5);
    posting->positions = allocate(model, posting->count * sizeof *posting->positions);
    for (uint32_t i = 0, position = random_below(random, 50); i < posting->count; i++) {
        posting->positions[i] = position;
        position += 1 + random_below(random, random_below(random, 30) ? 60 : 100000);
    }
}

static void make_edits(struct random *random, struct model_document *document) {
    xunzi_string body = document->document.body;
    size_t at = 0, begin;
    while (at < body.size) {
        begin = at;
        utf8_next(body.data, body.size, &at);
        if (random_below(random, 10))
            continue;
        struct edit edit = {.kind = (enum edit_kind)random_below(random, EDIT_KIND_COUNT),
                            .begin = (uint32_t)begin,
                            .end = (uint32_t)at,
                            .reason = (uint8_t)random_below(random, EDIT_REASON_COUNT)};
        if (edit.kind == EDIT_MEND)
            edit.replacement = (xunzi_string){"補字", 6};
        assert_true(edits_append(&document->edits.body, &edit));
    }
}

static void make_document(struct model *model, struct random *random, size_t number) {
    static const char *const dates[] = {"", "2024-03-18", "2021", "not a date", "1999年1月"};
    struct model_document *document = &model->documents[number];
    char id[32];
    int id_size = snprintf(id, sizeof id, "文件/%zu", number);
    xunzi_string body;
    if (number > 0 && random_below(random, 4) == 0) /* the same text again */
        body = model->documents[random_below(random, (uint32_t)number)].document.body;
    else
        body = make_text(model, random, random_below(random, 200));
    document->document =
        (xunzi_document){.id = copy(model, id, (size_t)id_size),
                         .title = make_text(model, random, random_below(random, 12)),
                         .body = body,
                         .date = xunzi_string_of(dates[random_below(random, 5)]),
                         .url = make_text(model, random, random_below(random, 3)),
                         .extra = make_text(model, random, random_below(random, 3))};
    if (random_below(random, 3))
        document->document.source =
            number > 0 && random_below(random, 2)
                ? model->documents[random_below(random, (uint32_t)number)].document.source
                : make_text(model, random, 1 + random_below(random, 4));
    if (random_below(random, 3) == 0)
        make_edits(random, document);
    date_day last;
    if (!date_parse(document->document.date.data, document->document.date.size, &document->date,
                    &last))
        document->date = 0;
    document->postings = allocate(model, model->term_count * sizeof *document->postings);
    for (size_t t = 0; t < model->term_count; t++) {
        uint32_t rarity = 1 + (uint32_t)(t * 7919 % model->term_count);
        if (random_below(random, rarity) < 3)
            make_posting(model, random, t, document);
    }
}

void model_make(struct model *model, uint64_t seed, size_t documents, size_t terms) {
    struct random random = {seed};
    *model = (struct model){0};
    make_terms(model, &random, terms);
    model->document_count = documents;
    model->documents = allocate(model, documents * sizeof *model->documents);
    for (size_t d = 0; d < documents; d++)
        make_document(model, &random, d);
}

void model_free(struct model *model) {
    for (size_t d = 0; d < model->document_count; d++)
        document_edits_free(&model->documents[d].edits);
    arena_free(&model->arena);
}

/* ---- segments of them ---- */

static void write_document(struct segment_writer *writer, const struct model_document *model) {
    struct buffer record = {0};
    xunzi_string id = model->document.id;
    struct segment_document document = {.id = XXH3_64bits(id.data, id.size),
                                        .date = model->date,
                                        .length = model->length,
                                        .source = model->document.source};
    assert_ok(texts_encode(&model->document, &model->edits, &record, &document.likeness));
    assert_ok(fingerprint_of(&model->document, &model->edits, &document.fingerprint));
    document.record = record.data;
    document.record_size = record.size;
    assert_ok(segment_writer_add_document(writer, &document));
    buffer_free(&record);
}

/* A term's postings in the documents kept, numbered as they are kept. */
struct list {
    uint32_t *documents, *wdfs, *counts, *positions;
    uint8_t *bounds;
    size_t count, position_count;
};

static void append_posting(struct list *list, uint32_t number,
                           const struct model_posting *posting) {
    list->documents[list->count] = number;
    list->wdfs[list->count] = posting->wdf;
    list->counts[list->count++] = posting->count;
    list->positions = realloc(list->positions, (list->position_count + posting->count + 1) *
                                                   sizeof *list->positions);
    assert_non_null(list->positions);
    if (posting->count > 0)
        memcpy(list->positions + list->position_count, posting->positions,
               posting->count * sizeof *list->positions);
    list->position_count += posting->count;
}

static void write_term(const struct model *model, struct segment_writer *writer, struct list *list,
                       size_t term, const uint32_t *lengths, double average) {
    struct saturation saturation = saturation_of(average);
    xunzi_string name = model->terms[term];
    saturation_bounds(&saturation, list->wdfs, list->documents, lengths, list->count, list->bounds);
    const struct posting_source source = {.documents = list->documents,
                                          .wdfs = list->wdfs,
                                          .bounds = list->bounds,
                                          .counts =
                                              model_positional(model, term) ? list->counts : NULL,
                                          .positions = list->positions,
                                          .count = list->count};
    assert_ok(segment_writer_add_term(writer, name.data, name.size, &source,
                                      term_is_ranked(name.data, name.size)));
}

void model_write(const struct model *model, size_t first, size_t behind, const bool *deleted,
                 const char *path) {
    struct segment_writer *writer;
    size_t most = behind - first + 1, *next = calloc(most, sizeof *next);
    uint32_t *lengths = malloc(most * sizeof *lengths), kept = 0;
    uint64_t total = 0;
    struct list list = {.documents = malloc(most * 4),
                        .wdfs = malloc(most * 4),
                        .counts = malloc(most * 4),
                        .bounds = malloc(most)};
    assert_true(next && lengths && list.documents && list.wdfs && list.counts && list.bounds);
    unlink(path);
    assert_ok(segment_writer_open(path, XUNZI_PROFILE_FULL, &writer));
    for (size_t d = first; d < behind; d++) {
        if (deleted && deleted[d])
            continue;
        write_document(writer, &model->documents[d]);
        lengths[kept++] = model->documents[d].length;
        total += model->documents[d].length;
    }
    for (size_t t = 0; t < model->term_count; t++) {
        uint32_t number = 0;
        list.count = list.position_count = 0;
        for (size_t d = first; d < behind; d++) {
            const struct model_document *document = &model->documents[d];
            bool gone = deleted && deleted[d];
            size_t *at = &next[d - first];
            if (*at < document->posting_count && document->postings[*at].term == t) {
                if (!gone)
                    append_posting(&list, number, &document->postings[*at]);
                ++*at;
            }
            number += !gone;
        }
        if (list.count > 0)
            write_term(model, writer, &list, t, lengths, (double)total / (double)kept);
    }
    assert_ok(segment_writer_finish(writer));
    segment_writer_close(writer);
    free(next);
    free(lengths);
    free(list.documents);
    free(list.wdfs);
    free(list.counts);
    free(list.positions);
    free(list.bounds);
}
