/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening, locking, committing and compacting the catalog. */
#include "catalog/catalog.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "catalog/version_file.h"
#include "catalog/xapian_error.h"

enum { OPEN_TRIES = 4 };

static const char CATALOG_FOLDER[] = "catalog";
static const char KEY_FORMAT[] = "xunzi.format";
static const char KEY_PROFILE[] = "xunzi.profile";

static bool append_path(struct buffer *out, const char *path, const char *name) {
    return buffer_printf(out, "%s/%s", path, name) && buffer_terminate(out);
}

bool catalog_append_path(struct buffer *out, const char *path) {
    return append_path(out, path, CATALOG_FOLDER);
}

const char *xunzi_profile_name(xunzi_profile profile) {
    return profile == XUNZI_PROFILE_BIGRAM ? "bigram" : "full";
}

static xunzi_status get_metadata(const xapian_database *database, const char *path, const char *key,
                                 xapian_string *value) {
    xapian_status status = xapian_database_get_metadata(database, key, strlen(key), value);
    return status == XAPIAN_OK ? XUNZI_OK : error_set_xapian(status, "%s: the manifest cannot be read", path);
}

/* Reads the manifest. *found is false where there is none; a manifest of another kind is an error. */
static xunzi_status read_manifest(const xapian_database *database, const char *path, bool *found,
                                  xunzi_profile *profile) {
    xapian_string value = XAPIAN_STRING_INIT;
    xunzi_status status = get_metadata(database, path, KEY_FORMAT, &value);
    *found = status == XUNZI_OK && value.size > 0;
    if (*found) {
        char *end;
        long format = strtol(value.data, &end, 10);
        if (*end != '\0' || format < 1)
            status = error_set(XUNZI_ERROR_CORRUPT, "%s: the manifest names no format; the collection is damaged", path);
        else if (format > CATALOG_FORMAT)
            status = error_set(XUNZI_ERROR_NEWER_FORMAT,
                               "%s was made by a newer Xunzi (its format is %ld, this version knows up to %d); "
                               "use that version, or export there and add here",
                               path, format, CATALOG_FORMAT);
        else
            status = get_metadata(database, path, KEY_PROFILE, &value);
    }
    if (status == XUNZI_OK && *found) {
        if (value.size > 0 && strcmp(value.data, xunzi_profile_name(XUNZI_PROFILE_FULL)) == 0)
            *profile = XUNZI_PROFILE_FULL;
        else if (value.size > 0 && strcmp(value.data, xunzi_profile_name(XUNZI_PROFILE_BIGRAM)) == 0)
            *profile = XUNZI_PROFILE_BIGRAM;
        else
            status = error_set(XUNZI_ERROR_CORRUPT, "%s: the manifest names no known profile; the collection is damaged",
                               path);
    }
    xapian_string_free(&value);
    return status;
}

static xunzi_status not_a_collection(const char *path) {
    return error_set(XUNZI_ERROR_NOT_A_COLLECTION, "%s is not a Xunzi collection", path);
}

/* Xapian's own words for a catalog that cannot be opened are about files that a user of Xunzi has never heard of. */
static xunzi_status opening_failed(xapian_status status, const char *path) {
    if (status == XAPIAN_ERROR_DATABASE_NOT_FOUND || status == XAPIAN_ERROR_DATABASE_OPENING)
        return error_set(XUNZI_ERROR_NOT_A_COLLECTION, "%s: its catalog is no database, or cannot be read (%s)", path,
                         xapian_error_message());
    return error_set_xapian(status, "%s: the catalog cannot be opened", path);
}

/* XUNZI_OK: path is a folder with a catalog in it. */
static xunzi_status look_for_catalog(const char *path, struct buffer *catalog) {
    struct stat about;
    if (stat(path, &about) != 0) {
        if (errno == ENOENT)
            return error_set(XUNZI_ERROR_NOT_FOUND, "%s: there is no such collection", path);
        return error_set_errno(errno, "%s cannot be opened", path);
    }
    if (!S_ISDIR(about.st_mode))
        return not_a_collection(path);
    if (!catalog_append_path(catalog, path))
        return error_no_memory();
    if (stat(catalog->data, &about) != 0)
        return errno == ENOENT ? not_a_collection(path) : error_set_errno(errno, "%s cannot be opened", catalog->data);
    return S_ISDIR(about.st_mode) ? XUNZI_OK : not_a_collection(path);
}

static xunzi_status open_snapshot(const char *path, const char *catalog, xapian_database **database,
                                  xunzi_profile *profile) {
    xunzi_status checked = version_file_check(catalog, path);
    if (checked != XUNZI_OK)
        return checked;
    xapian_status opened = xapian_database_open(catalog, XAPIAN_DB_BACKEND_GLASS, database);
    if (opened != XAPIAN_OK)
        return opening_failed(opened, path);
    bool found = false;
    xunzi_status status = read_manifest(*database, path, &found, profile);
    if (status == XUNZI_OK && !found)
        status = not_a_collection(path);
    if (status != XUNZI_OK) {
        xapian_database_free(*database);
        *database = NULL;
    }
    return status;
}

/* Opening takes several steps, between which a writer may commit, or put a compacted catalog in place of this one: what is then read may be
 * of two states. So it is done again where the folder is another one after it, and where it fails, which that may be the reason of. */
xunzi_status catalog_open(const char *path, xapian_database **database, xunzi_profile *profile) {
    *database = NULL;
    struct buffer catalog = {0};
    struct stat before, after;
    xunzi_status status = XUNZI_OK;
    for (int tries = 0; tries < OPEN_TRIES; tries++) {
        xapian_database_free(*database);
        *database = NULL;
        buffer_clear(&catalog);
        status = look_for_catalog(path, &catalog);
        if (status != XUNZI_OK)
            break;
        bool same = stat(catalog.data, &before) == 0;
        status = open_snapshot(path, catalog.data, database, profile);
        same = same && stat(catalog.data, &after) == 0 && before.st_ino == after.st_ino && before.st_dev == after.st_dev;
        if (same && (status == XUNZI_OK || status == XUNZI_ERROR_NEWER_FORMAT))
            break;
    }
    buffer_free(&catalog);
    return status;
}

/* Whether the folder holds nothing but files of the names given, which end with a NULL. */
static bool folder_holds_only(const char *path, const char *const *names) {
    DIR *folder = opendir(path);
    if (!folder)
        return false;
    bool only = true;
    for (struct dirent *entry; only && (entry = readdir(folder));) {
        only = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
        for (const char *const *name = names; !only && *name; name++)
            only = strcmp(entry->d_name, *name) == 0;
    }
    closedir(folder);
    return only;
}

static bool folder_is_empty(const char *path) {
    return folder_holds_only(path, (const char *const[]){NULL});
}

/* Whether the catalog is what Xapian leaves when it is killed before a new database is one, which its file iamglass makes it. */
static bool catalog_is_unfinished(const char *catalog) {
    return folder_holds_only(
        catalog, (const char *const[]){"flintlock", "v.tmp", "termlist.glass", "postlist.glass", NULL});
}

/* Makes the folder where there is none and options allow; then takes its lock. */
static xunzi_status take_folder(struct catalog_writer *writer, const char *path, bool create, bool *is_new) {
    struct buffer catalog = {0};
    xunzi_status status = look_for_catalog(path, &catalog);
    *is_new = status == XUNZI_OK && create && catalog_is_unfinished(catalog.data);
    buffer_free(&catalog);
    if (status == XUNZI_ERROR_NOT_FOUND && create) {
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            return error_set_errno(errno, "the collection %s cannot be made", path);
        *is_new = true;
    } else if (status == XUNZI_ERROR_NOT_A_COLLECTION && create && folder_is_empty(path)) {
        *is_new = true;
    } else if (status != XUNZI_OK) {
        return status;
    }
    writer->lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (writer->lock < 0)
        return error_set_errno(errno, "%s cannot be opened", path);
    if (flock(writer->lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return error_set(XUNZI_ERROR_LOCKED,
                             "%s is being written to by another program; nothing was changed: try again when it is done",
                             path);
        return error_set_errno(errno, "%s cannot be locked", path);
    }
    return XUNZI_OK;
}

static xunzi_status open_database(struct catalog_writer *writer, bool is_new) {
    struct buffer catalog = {0};
    if (!catalog_append_path(&catalog, writer->path))
        return error_no_memory();
    int flags = XAPIAN_DB_BACKEND_GLASS | (is_new ? XAPIAN_DB_CREATE_OR_OPEN : XAPIAN_DB_OPEN);
    xunzi_status status = XUNZI_OK;
    if (!is_new && access(catalog.data, W_OK) != 0) {
        status = error_set_errno(errno, "%s cannot be written to", writer->path);
    } else if ((status = version_file_check(catalog.data, writer->path)) == XUNZI_OK) {
        xapian_status opened =
            xapian_database_open_writable(catalog.data, flags, CATALOG_BLOCK_SIZE, &writer->database);
        if (opened == XAPIAN_ERROR_DATABASE_LOCK)
            status = error_set_xapian(opened, "%s: another program holds the catalog", writer->path);
        else if (opened != XAPIAN_OK)
            status = opening_failed(opened, writer->path);
    }
    buffer_free(&catalog);
    return status;
}

static xunzi_status write_manifest(struct catalog_writer *writer) {
    xapian_database *database = writer->database;
    const char *profile = xunzi_profile_name(writer->profile);
    char format[16];
    int size = snprintf(format, sizeof format, "%d", CATALOG_FORMAT);
    xapian_status status =
        xapian_database_set_metadata(database, KEY_PROFILE, strlen(KEY_PROFILE), profile, strlen(profile));
    if (status == XAPIAN_OK)
        status = xapian_database_set_metadata(database, KEY_FORMAT, strlen(KEY_FORMAT), format, (size_t)size);
    if (status == XAPIAN_OK)
        status = xapian_database_commit(database);
    return status == XAPIAN_OK ? XUNZI_OK : error_set_xapian(status, "the collection %s cannot be made", writer->path);
}

/* A catalog without a manifest is one whose maker was killed before its first commit, or somebody else's database. */
static xunzi_status adopt(struct catalog_writer *writer, const xunzi_writer_options *options) {
    xapian_doccount documents = 0;
    xapian_status status = xapian_database_document_count(writer->database, &documents);
    if (status != XAPIAN_OK)
        return error_set_xapian(status, "%s: the catalog cannot be read", writer->path);
    if (documents > 0 || !options->create)
        return not_a_collection(writer->path);
    writer->profile = options->profile;
    return write_manifest(writer);
}

xunzi_status catalog_writer_open(struct catalog_writer *writer, const char *path,
                                 const xunzi_writer_options *options) {
    *writer = (struct catalog_writer){.path = strdup(path), .lock = -1};
    bool is_new = false, found = false;
    xunzi_status status =
        writer->path ? take_folder(writer, path, options->create, &is_new) : error_no_memory();
    if (status == XUNZI_OK)
        status = open_database(writer, is_new);
    if (status == XUNZI_OK)
        status = read_manifest(writer->database, path, &found, &writer->profile);
    if (status == XUNZI_OK && !found)
        status = adopt(writer, options);
    if (status == XUNZI_OK && options->profile_given && writer->profile != options->profile)
        status = error_set(XUNZI_ERROR_INVALID_ARGUMENT,
                           "%s was made with profile %s, which cannot be changed to %s; make another collection", path,
                           xunzi_profile_name(writer->profile), xunzi_profile_name(options->profile));
    if (status != XUNZI_OK)
        catalog_writer_close(writer);
    return status;
}

void catalog_writer_close(struct catalog_writer *writer) {
    xapian_database_free(writer->database);
    if (writer->lock >= 0)
        close(writer->lock);
    free(writer->path);
    *writer = (struct catalog_writer){.lock = -1};
}

xunzi_status catalog_writer_begin(struct catalog_writer *writer) {
    if (writer->changed)
        return XUNZI_OK;
    xapian_status status = xapian_database_begin_transaction(writer->database, true);
    if (status != XAPIAN_OK)
        return error_set_xapian(status, "%s: no change can be begun", writer->path);
    writer->changed = true;
    return XUNZI_OK;
}

xunzi_status catalog_writer_commit(struct catalog_writer *writer) {
    if (!writer->changed)
        return XUNZI_OK;
    writer->changed = false;
    xapian_status status = xapian_database_commit_transaction(writer->database);
    if (status == XAPIAN_OK)
        return XUNZI_OK;
    return error_set_xapian(status, "%s: the changes could not be written, and the collection is as it was before them",
                            writer->path);
}

xunzi_status catalog_writer_rollback(struct catalog_writer *writer) {
    if (!writer->changed)
        return XUNZI_OK;
    writer->changed = false;
    xapian_status status = xapian_database_cancel_transaction(writer->database);
    return status == XAPIAN_OK ? XUNZI_OK : error_set_xapian(status, "%s: the changes could not be undone", writer->path);
}

/* Compacts to `copy` and makes that durable. */
static xunzi_status make_compact_copy(struct catalog_writer *writer, const char *copy) {
    xapian_status status = xapian_database_compact(writer->database, copy, XAPIAN_COMPACT_FULL | XAPIAN_COMPACT_NO_RENUMBER,
                                                   CATALOG_BLOCK_SIZE, NULL);
    if (status != XAPIAN_OK)
        return error_set_xapian(status, "%s: the catalog could not be compacted", writer->path);
    return folder_sync(copy);
}

/*
 * The copy and the catalog change names in one step, so that at every instant there is a whole catalog under the name. Whatever of
 * "catalog.new" a crash leaves is removed by the next compaction.
 */
xunzi_status catalog_writer_compact(struct catalog_writer *writer) {
    struct buffer catalog = {0}, copy = {0};
    xunzi_status status = catalog_writer_commit(writer);
    if (status == XUNZI_OK && (!catalog_append_path(&catalog, writer->path) ||
                               !append_path(&copy, writer->path, "catalog.new")))
        status = error_no_memory();
    if (status == XUNZI_OK)
        status = folder_remove(copy.data);
    if (status == XUNZI_OK)
        status = make_compact_copy(writer, copy.data);
    if (status == XUNZI_OK && renameat2(AT_FDCWD, copy.data, AT_FDCWD, catalog.data, RENAME_EXCHANGE) != 0)
        status = error_set_errno(errno, "%s: the compacted catalog could not be put in place", writer->path);
    if (status == XUNZI_OK) {
        xapian_database_free(writer->database);
        writer->database = NULL;
        fsync(writer->lock);
        status = open_database(writer, false);
    }
    if (copy.size > 0) {
        xunzi_status removed = folder_remove(copy.data);
        status = status == XUNZI_OK ? removed : status;
    }
    buffer_free(&catalog);
    buffer_free(&copy);
    return status;
}
