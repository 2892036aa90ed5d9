/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See collection_support.h. */
#include "collection_support.h"

#include <ftw.h>
#include <stdio.h>

int make_folder(void **state) {
    const char *parent = getenv("TMPDIR");
    char path[4096];
    int size =
        snprintf(path, sizeof path, "%s/xunzi-test-XXXXXX", parent && *parent ? parent : "/tmp");
    if (size < 0 || (size_t)size >= sizeof path || !mkdtemp(path))
        return -1;
    *state = strdup(path);
    return *state ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *place) {
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

int remove_folder(void **state) {
    int result = nftw(*state, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return result;
}

const char *in_folder(void **state, const char *name) {
    static char paths[8][4096];
    static unsigned turn;
    char *path = paths[turn++ % 8];
    int size = snprintf(path, sizeof paths[0], "%s/%s", (const char *)*state, name);
    assert_true(size > 0 && (size_t)size < sizeof paths[0]);
    return path;
}

xunzi_document document_of(const char *id, const char *title, const char *body, const char *date,
                           const char *source) {
    return (xunzi_document){.id = xunzi_string_of(id),
                            .title = xunzi_string_of(title),
                            .body = xunzi_string_of(body),
                            .date = xunzi_string_of(date),
                            .source = xunzi_string_of(source)};
}

xunzi_writer *open_writer(const char *path, xunzi_profile profile) {
    xunzi_writer *writer;
    xunzi_writer_options options = xunzi_writer_options_default();
    options.profile = profile;
    assert_ok(xunzi_writer_open(path, &options, &writer));
    assert_non_null(writer);
    return writer;
}

void add_documents(const char *path, xunzi_profile profile, const xunzi_document *documents,
                   size_t count) {
    xunzi_writer *writer = open_writer(path, profile);
    for (size_t i = 0; i < count; i++)
        assert_ok(xunzi_writer_add(writer, &documents[i]));
    assert_ok(xunzi_writer_commit(writer));
    xunzi_writer_close(writer);
}

xunzi_index *open_index(const char *path) {
    xunzi_index *index;
    assert_ok(xunzi_index_open(path, &index));
    assert_non_null(index);
    return index;
}

void assert_same_document(const xunzi_document *expected, const xunzi_document *document) {
    assert_text(expected->id, document->id);
    assert_text(expected->title, document->title);
    assert_text(expected->body, document->body);
    assert_text(expected->date, document->date);
    assert_text(expected->source, document->source);
    assert_text(expected->url, document->url);
    assert_text(expected->extra, document->extra);
}

static const char *catalog_path(const char *path) {
    static char catalog[4200];
    int size = snprintf(catalog, sizeof catalog, "%s/catalog", path);
    assert_true(size > 0 && (size_t)size < sizeof catalog);
    return catalog;
}

xapian_database *open_catalog_database(const char *path) {
    xapian_database *database = NULL;
    assert_xapian_ok(xapian_database_open(catalog_path(path), XAPIAN_DB_BACKEND_GLASS, &database));
    return database;
}

xapian_database *open_catalog_for_damage(const char *path) {
    xapian_database *database = NULL;
    assert_xapian_ok(xapian_database_open_writable(
        catalog_path(path), XAPIAN_DB_BACKEND_GLASS | XAPIAN_DB_OPEN, 0, &database));
    return database;
}
