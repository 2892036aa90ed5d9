/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "random_collection.h"

#include <stdio.h>
#include <stdlib.h>

const char *const storage_names[STORAGES] = {"live", "sealed", "mixed"};

void collection_begin(struct random_collection *collection, const char *const paths[STORAGES],
                      xunzi_profile profile, uint64_t seed) {
    *collection = (struct random_collection){.random = {seed}, .reference = {.profile = profile}};
    memcpy(collection->paths, paths, sizeof collection->paths);
}

void collection_free(struct random_collection *collection) {
    reference_free(&collection->reference);
}

const char *random_source(struct random *random) {
    static const char *const sources[] = {"雲嶺日報",   "云岭日报",    "澄江電視臺",
                                          "澄江电视台", "Xunzi Times", "ＸＵＮＺＩ times"};
    return sources[random_below(random, sizeof sources / sizeof *sources)];
}

/* Writes a date; returns the day that it means, 0 for none. */
static uint32_t random_date(struct random *random, char *text, size_t size) {
    unsigned year = 2019 + (unsigned)random_below(random, 6),
             month = 1 + (unsigned)random_below(random, 12);
    unsigned day = 1 + (unsigned)random_below(random, 28);
    switch (random_below(random, 8)) {
    case 0:
        snprintf(text, size, "%s", random_once_in(random, 2) ? "" : "昨天 2021");
        return 0;
    case 1:
        snprintf(text, size, "%u/%u/%u", year, month, day);
        break;
    case 2:
        snprintf(text, size, "%u年%u月%u日", year, month, day);
        break;
    case 3:
        snprintf(text, size, "%04u%02u%02u", year, month, day);
        break;
    case 4:
        snprintf(text, size, "%04u-%02u-%02uT08:30:00Z", year, month, day);
        break;
    case 5:
        snprintf(text, size, "%u.%u", year, month);
        day = 1;
        break;
    default:
        snprintf(text, size, "%04u-%02u-%02u", year, month, day);
    }
    return year * 10000 + month * 100 + day;
}

static void put(struct random_collection *collection, xunzi_writer *const writers[STORAGES],
                const char *id) {
    struct random *random = &collection->random;
    struct random_text title = random_text_of(random, random_below(random, 12));
    struct random_text body =
        random_text_of(random, random_once_in(random, 20) ? 0 : random_below(random, 90));
    char *title_text = spell(&title, random_next(random)),
         *body_text = spell(&body, random_next(random));
    char date[64];
    uint32_t day = random_date(random, date, sizeof date);
    const char *source = random_once_in(random, 4) ? "" : random_source(random);
    const xunzi_document document = {.id = xunzi_string_of(id),
                                     .title = xunzi_string_of(title_text),
                                     .body = xunzi_string_of(body_text),
                                     .date = xunzi_string_of(date),
                                     .source = xunzi_string_of(source)};
    bool has_tokens = reference_put(&collection->reference, id, title_text, body_text, source, day);
    for (int s = 0; s < STORAGES; s++)
        assert_status(has_tokens ? XUNZI_OK : XUNZI_ERROR_INVALID_ARGUMENT,
                      xunzi_writer_add(writers[s], &document));
    if (has_tokens && body.count > 0 && collection->body_count < COLLECTION_DOCUMENTS)
        collection->bodies[collection->body_count++] = body;
    free(title_text);
    free(body_text);
}

static void delete (struct random_collection *collection, xunzi_writer *const writers[STORAGES],
                    const char *id) {
    xunzi_status expected =
        reference_delete(&collection->reference, id) ? XUNZI_OK : XUNZI_ERROR_NOT_FOUND;
    for (int s = 0; s < STORAGES; s++)
        assert_status(expected, xunzi_writer_delete(writers[s], xunzi_string_of(id)));
}

static uint64_t live_most(struct random_collection *collection, int storage) {
    if (storage != STORAGE_MIXED)
        return storage == STORAGE_LIVE ? LIVE_ALL : 0;
    switch (collection->commits % 3) {
    case 0:
        return 0;
    case 1:
        return LIVE_ALL;
    default:
        return 8 + random_below(&collection->random, 200);
    }
}

void collection_commit(struct random_collection *collection) {
    struct reference *reference = &collection->reference;
    struct random *random = &collection->random;
    xunzi_writer *writers[STORAGES];
    char id[32];
    for (int s = 0; s < STORAGES; s++)
        writers[s] =
            open_writer_with(collection->paths[s], reference->profile, live_most(collection, s));
    size_t before = collection->given;
    for (size_t i = 0; i < COLLECTION_DOCUMENTS / COLLECTION_COMMITS; i++) {
        snprintf(id, sizeof id, "doc-%zu", collection->given++);
        put(collection, writers, id);
        /* Half of the time one that this commit has added. */
        size_t first = random_once_in(random, 2) ? before : 0;
        snprintf(id, sizeof id, "doc-%zu", first + random_below(random, collection->given - first));
        if (random_once_in(random, 6))
            put(collection, writers, id);
        else if (random_once_in(random, 8))
            delete (collection, writers, id);
    }
    bool optimize = collection->commits++ % 4 == 3;
    for (int s = 0; s < STORAGES; s++) {
        assert_int_equal(reference_documents(reference), xunzi_writer_documents(writers[s]));
        assert_ok(s == STORAGE_MIXED && optimize ? xunzi_writer_optimize(writers[s])
                                                 : xunzi_writer_commit(writers[s]));
        assert_int_equal(reference_documents(reference), xunzi_writer_documents(writers[s]));
        xunzi_writer_close(writers[s]);
    }
}

void assert_same_documents(xunzi_index *index, const struct reference *reference) {
    xunzi_cursor *cursor;
    xunzi_document document;
    assert_ok(xunzi_cursor_open(index, &cursor));
    for (size_t i = 0; i < reference->count; i++) {
        const struct reference_document *expected = &reference->documents[i];
        if (expected->deleted)
            continue;
        assert_ok(xunzi_cursor_next(cursor, &document));
        assert_same(xunzi_string_of(expected->id), document.id);
        assert_same(xunzi_string_of(expected->title), document.title);
        assert_same(xunzi_string_of(expected->body), document.body);
        assert_same(xunzi_string_of(expected->source), document.source);
    }
    assert_status(XUNZI_END, xunzi_cursor_next(cursor, &document));
    xunzi_cursor_close(cursor);
}
