/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Locking, making, changing and replacing the catalog. */
#include "catalog/catalog_writer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "catalog/version_file.h"
#include "catalog/xapian_error.h"

static const char NEW_CATALOG[] = "catalog.new";

/* ---- opening ---- */

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

/* Whether the catalog is what Xapian leaves when it is killed before a new database is one, which
 * its file iamglass makes it. */
static bool catalog_is_unfinished(const char *catalog) {
    return folder_holds_only(catalog, (const char *const[]){"flintlock", "v.tmp", "termlist.glass",
                                                            "postlist.glass", NULL});
}

/* Makes the folder where there is none and options allow; then takes its lock. */
static xunzi_status take_folder(struct catalog_writer *writer, const char *path, bool create,
                                bool *is_new) {
    struct buffer catalog = {0};
    xunzi_status status = catalog_look_for(path, &catalog);
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
                             "%s is being written to by another program; nothing was changed: try "
                             "again when it is done",
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
    if (is_new && catalog_is_unfinished(catalog.data)) /* Xapian would take it for a database */
        status = folder_remove(catalog.data);
    if (status != XUNZI_OK) {
        buffer_free(&catalog);
        return status;
    }
    if (!is_new && access(catalog.data, W_OK) != 0) {
        status = error_set_errno(errno, "%s cannot be written to", writer->path);
    } else if ((status = version_file_check(catalog.data, writer->path)) == XUNZI_OK) {
        xapian_status opened = xapian_database_open_writable(catalog.data, flags,
                                                             CATALOG_BLOCK_SIZE, &writer->database);
        if (opened == XAPIAN_ERROR_DATABASE_LOCK)
            status = error_set_xapian(opened, "%s: the catalog cannot be locked", writer->path);
        else if (opened != XAPIAN_OK && is_new)
            status = error_set_xapian(opened, "the collection %s cannot be made", writer->path);
        else if (opened != XAPIAN_OK)
            status = catalog_opening_failed(opened, writer->path);
    }
    buffer_free(&catalog);
    return status;
}

/* A catalog without a manifest is one whose maker was killed before its first commit, or somebody
 * else's database. */
static xunzi_status adopt(struct catalog_writer *writer, const xunzi_writer_options *options) {
    xapian_doccount documents = 0;
    xapian_status status = xapian_database_document_count(writer->database, &documents);
    if (status != XAPIAN_OK)
        return error_set_xapian(status, "%s: the catalog cannot be read", writer->path);
    if (documents > 0 || !options->create)
        return catalog_not_a_collection(writer->path);
    writer->manifest =
        (struct manifest){.format = MANIFEST_FORMAT, .profile = options->profile, .next_number = 1};
    if (manifest_write(writer->database, writer->path, &writer->manifest, NULL) != XUNZI_OK)
        return XUNZI_ERROR_IO;
    status = xapian_database_commit(writer->database);
    return status == XAPIAN_OK
               ? XUNZI_OK
               : error_set_xapian(status, "the collection %s cannot be made", writer->path);
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
        status = manifest_read(writer->database, path, &found, &writer->manifest);
    if (status == XUNZI_OK && !found)
        status = adopt(writer, options);
    if (status == XUNZI_OK && options->profile_given &&
        writer->manifest.profile != options->profile)
        status = error_set(
            XUNZI_ERROR_INVALID_ARGUMENT,
            "%s was made with profile %s, which cannot be changed to %s; make another collection",
            path, xunzi_profile_name(writer->manifest.profile),
            xunzi_profile_name(options->profile));
    if (status != XUNZI_OK)
        catalog_writer_close(writer);
    else
        catalog_writer_sweep(writer);
    return status;
}

void catalog_writer_close(struct catalog_writer *writer) {
    xapian_database_free(writer->database);
    if (writer->lock >= 0)
        close(writer->lock);
    free(writer->path);
    manifest_free(&writer->manifest);
    *writer = (struct catalog_writer){.lock = -1};
}

/* ---- one catalog in the place of another ---- */

/* The paths of the catalog, and of the one that is to take its place, of which nothing is there. */
static xunzi_status prepare_exchange(const struct catalog_writer *writer, struct buffer *catalog,
                                     struct buffer *copy) {
    if (!catalog_append_path(catalog, writer->path) ||
        !buffer_printf(copy, "%s/%s", writer->path, NEW_CATALOG) || !buffer_terminate(copy))
        return error_no_memory();
    return folder_remove(copy->data);
}

/* The two change names in one step, so that at every instant there is a whole catalog under the
 * name; then the old one is removed. Readers keep the files that they have open. The step cannot be
 * taken back, and so what comes behind it is no failure: the new database is opened when it is
 * asked for (catalog_writer_ready). */
static xunzi_status exchange(struct catalog_writer *writer, const char *catalog, const char *copy) {
    if (renameat2(AT_FDCWD, copy, AT_FDCWD, catalog, RENAME_EXCHANGE) != 0)
        return error_set_errno(errno, "%s: the new catalog could not be put in place",
                               writer->path);
    xapian_database_free(writer->database);
    writer->database = NULL;
    (void)fsync(writer->lock);
    (void)folder_remove(copy); /* the next writer tries again */
    return XUNZI_OK;
}

xunzi_status catalog_writer_ready(struct catalog_writer *writer) {
    return writer->database ? XUNZI_OK : open_database(writer, false);
}

/* Copies a file of one folder to the other. */
static bool copy_file(int from_folder, int to_folder, const char *name) {
    int from = openat(from_folder, name, O_RDONLY | O_CLOEXEC);
    int to = openat(to_folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    ssize_t copied = from >= 0 && to >= 0 ? 1 : -1;
    while (copied > 0)
        copied = copy_file_range(from, NULL, to, NULL, 1 << 30, 0);
    int reason = errno;
    if (from >= 0)
        close(from);
    if (to >= 0 && close(to) != 0 && copied == 0) {
        copied = -1;
        reason = errno;
    }
    errno = reason;
    return copied == 0;
}

/* Copies the files of the catalog, but for Xapian's lock. */
static xunzi_status copy_catalog(const char *catalog, const char *copy) {
    if (mkdir(copy, 0777) != 0)
        return error_set_errno(errno, "%s cannot be made", copy);
    DIR *from = opendir(catalog);
    int to = open(copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = from && to >= 0;
    for (struct dirent *entry; ok && (entry = readdir(from));)
        if (entry->d_name[0] != '.' && strcmp(entry->d_name, "flintlock") != 0)
            ok = copy_file(dirfd(from), to, entry->d_name);
    xunzi_status status = ok ? XUNZI_OK : error_set_errno(errno, "%s cannot be copied", catalog);
    if (from)
        closedir(from);
    if (to >= 0)
        close(to);
    return status == XUNZI_OK ? folder_sync(copy) : status;
}

/* Whether anybody reads the catalog. Held for an instant only: who begins to read now reads what is
 * committed, which this transaction leaves alone; the next one asks anew. */
static bool is_read(const char *catalog) {
    int folder = open(catalog, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool read = folder >= 0 && flock(folder, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (folder >= 0)
        close(folder);
    return read;
}

static xunzi_status step_aside(struct catalog_writer *writer) {
    struct buffer catalog = {0}, copy = {0};
    xunzi_status status =
        catalog_append_path(&catalog, writer->path) ? XUNZI_OK : error_no_memory();
    if (status == XUNZI_OK && is_read(catalog.data)) {
        buffer_clear(&catalog);
        status = prepare_exchange(writer, &catalog, &copy);
        if (status == XUNZI_OK) {
            status = copy_catalog(catalog.data, copy.data);
            if (status == XUNZI_OK)
                status = exchange(writer, catalog.data, copy.data);
            else
                (void)folder_remove(copy.data);
        }
    }
    buffer_free(&catalog);
    buffer_free(&copy);
    return status;
}

/* ---- changing ---- */

xunzi_status catalog_writer_begin(struct catalog_writer *writer) {
    xunzi_status status = step_aside(writer);
    if (status == XUNZI_OK)
        status = catalog_writer_ready(writer);
    if (status != XUNZI_OK)
        return status;
    xapian_status begun = xapian_database_begin_transaction(writer->database, true);
    return begun == XAPIAN_OK ? XUNZI_OK
                              : error_set_xapian(begun, "%s: no change can be begun", writer->path);
}

static xunzi_status write_pages(xapian_database *database, const char *path, xunzi_string pages) {
    xapian_status status =
        pages.size == 0
            ? XAPIAN_OK
            : xapian_database_set_metadata(database, MANIFEST_KEY_PAGES, strlen(MANIFEST_KEY_PAGES),
                                           pages.data, pages.size);
    return status == XAPIAN_OK
               ? XUNZI_OK
               : error_set_xapian(status, "%s: the manifest cannot be written", path);
}

xunzi_status catalog_writer_commit(struct catalog_writer *writer, const struct manifest *manifest,
                                   xunzi_string pages) {
    struct manifest copy = {0};
    xunzi_status status = manifest_copy(manifest, &copy) ? XUNZI_OK : error_no_memory();
    if (status == XUNZI_OK)
        status = manifest_write(writer->database, writer->path, manifest, &writer->manifest);
    if (status == XUNZI_OK)
        status = write_pages(writer->database, writer->path, pages);
    if (status == XUNZI_OK) {
        xapian_status committed = xapian_database_commit_transaction(writer->database);
        if (committed != XAPIAN_OK)
            status = error_set_xapian(
                committed,
                "%s: the changes could not be written, and the collection is as it was before them",
                writer->path);
    }
    if (status != XUNZI_OK) {
        catalog_writer_cancel(writer);
        manifest_free(&copy);
        return status;
    }
    manifest_free(&writer->manifest);
    writer->manifest = copy;
    writer->manifest.format = MANIFEST_FORMAT;
    return XUNZI_OK;
}

/* Xapian closes a database that it cannot bring back to what it was: so another one is opened. */
void catalog_writer_cancel(struct catalog_writer *writer) {
    xapian_database_free(writer->database);
    writer->database = NULL;
}

/* Makes a database at `copy` that holds the manifest and the pages: these, or where there are none
 * the catalog's own. */
static xunzi_status make_database(const struct catalog_writer *writer, const char *copy,
                                  const struct manifest *manifest, xunzi_string pages) {
    xapian_database *database = NULL;
    xapian_string own = XAPIAN_STRING_INIT;
    xapian_status made = XAPIAN_OK;
    if (pages.size == 0) {
        made = xapian_database_get_metadata(writer->database, MANIFEST_KEY_PAGES,
                                            strlen(MANIFEST_KEY_PAGES), &own);
        pages = (xunzi_string){own.data, own.size};
    }
    if (made == XAPIAN_OK)
        made = xapian_database_open_writable(copy, XAPIAN_DB_BACKEND_GLASS | XAPIAN_DB_CREATE,
                                             CATALOG_BLOCK_SIZE, &database);
    xunzi_status status =
        made == XAPIAN_OK
            ? manifest_write(database, writer->path, manifest, NULL)
            : error_set_xapian(made, "%s: a new catalog could not be made", writer->path);
    if (status == XUNZI_OK)
        status = write_pages(database, writer->path, pages);
    if (status == XUNZI_OK && (made = xapian_database_commit(database)) != XAPIAN_OK)
        status = error_set_xapian(made, "%s: a new catalog could not be written", writer->path);
    xapian_database_free(database);
    xapian_string_free(&own);
    return status == XUNZI_OK ? folder_sync(copy) : status;
}

xunzi_status catalog_writer_replace(struct catalog_writer *writer, const struct manifest *manifest,
                                    xunzi_string pages) {
    struct buffer catalog = {0}, copy = {0};
    struct manifest next = {0};
    xunzi_status status = prepare_exchange(writer, &catalog, &copy);
    if (status == XUNZI_OK && !manifest_copy(manifest, &next))
        status = error_no_memory();
    if (status == XUNZI_OK) {
        status = make_database(writer, copy.data, manifest, pages);
        if (status == XUNZI_OK)
            status = exchange(writer, catalog.data, copy.data);
        else
            (void)folder_remove(copy.data);
    }
    if (status == XUNZI_OK) {
        manifest_free(&writer->manifest);
        writer->manifest = next;
        writer->manifest.format = MANIFEST_FORMAT;
    } else {
        manifest_free(&next);
    }
    buffer_free(&catalog);
    buffer_free(&copy);
    return status;
}

/* ---- sweeping ---- */

/* Whether a name is a segment's, or of something begun beside it ("000007.seg.spill1"); *number is
 * the segment's. */
static bool is_segment_name(const char *name, uint32_t *number, bool *whole) {
    size_t digits = strspn(name, "0123456789");
    if (digits < 6 || digits > 10 || strncmp(name + digits, ".seg", 4) != 0)
        return false;
    *number = (uint32_t)strtoul(name, NULL, 10);
    *whole = name[digits + 4] == '\0';
    return *whole || name[digits + 4] == '.';
}

static bool is_listed(const struct manifest *manifest, uint32_t number) {
    for (size_t i = 0; i < manifest->count; i++)
        if (manifest->segments[i].number == number)
            return true;
    return false;
}

void catalog_writer_sweep(const struct catalog_writer *writer) {
    struct buffer copy = {0};
    if (buffer_printf(&copy, "%s/%s", writer->path, NEW_CATALOG) && buffer_terminate(&copy))
        (void)folder_remove(copy.data);
    buffer_free(&copy);
    DIR *folder = opendir(writer->path);
    if (!folder)
        return;
    for (struct dirent *entry; (entry = readdir(folder));) {
        uint32_t number;
        bool whole;
        if (is_segment_name(entry->d_name, &number, &whole) &&
            (!whole || !is_listed(&writer->manifest, number)))
            (void)unlinkat(dirfd(folder), entry->d_name, 0);
    }
    closedir(folder);
}
