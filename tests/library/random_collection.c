/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "random_collection.h"

#include <stdio.h>
#include <stdlib.h>

void collection_begin(struct random_collection *collection, const char *path, xunzi_profile profile,
                      uint64_t seed) {
    *collection = (struct random_collection){
        .path = path, .random = {seed}, .reference = {.profile = profile}};
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

static void put(struct random_collection *collection, xunzi_writer *writer, const char *id) {
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
    assert_status(has_tokens ? XUNZI_OK : XUNZI_ERROR_INVALID_ARGUMENT,
                  xunzi_writer_add(writer, &document));
    if (has_tokens && body.count > 0 && collection->body_count < COLLECTION_DOCUMENTS)
        collection->bodies[collection->body_count++] = body;
    free(title_text);
    free(body_text);
}

void collection_commit(struct random_collection *collection) {
    struct reference *reference = &collection->reference;
    xunzi_writer *writer = open_writer(collection->path, reference->profile);
    char id[32];
    size_t before = reference->count;
    for (size_t i = 0; i < COLLECTION_DOCUMENTS / COLLECTION_COMMITS; i++) {
        snprintf(id, sizeof id, "doc-%zu", before + i);
        put(collection, writer, id);
        size_t other = random_below(&collection->random, before + i + 1);
        snprintf(id, sizeof id, "doc-%zu", other);
        if (random_once_in(&collection->random, 6))
            put(collection, writer, id);
        else if (random_once_in(&collection->random, 8))
            assert_status(reference_delete(reference, id) ? XUNZI_OK : XUNZI_ERROR_NOT_FOUND,
                          xunzi_writer_delete(writer, xunzi_string_of(id)));
    }
    assert_int_equal(reference_documents(reference), xunzi_writer_documents(writer));
    assert_ok(xunzi_writer_commit(writer));
    xunzi_writer_close(writer);
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
