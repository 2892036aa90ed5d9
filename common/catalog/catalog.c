/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding and opening a catalog. */
#include "catalog/catalog.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.h"
#include "catalog/version_file.h"
#include "catalog/xapian_error.h"

enum { OPEN_TRIES = 8 };

bool catalog_append_path(struct buffer *out, const char *path) {
    return buffer_printf(out, "%s/catalog", path) && buffer_terminate(out);
}

bool catalog_append_segment_path(struct buffer *out, const char *path, uint32_t number) {
    return buffer_printf(out, "%s/%06u.seg", path, (unsigned)number) && buffer_terminate(out);
}

xunzi_status catalog_not_a_collection(const char *path) {
    return error_set(XUNZI_ERROR_NOT_A_COLLECTION, "%s is not a Xunzi collection", path);
}

/* Xapian's own words for a catalog that cannot be opened are about files that a user of Xunzi has
 * never heard of. */
xunzi_status catalog_opening_failed(xapian_status status, const char *path) {
    if (status == XAPIAN_ERROR_DATABASE_NOT_FOUND || status == XAPIAN_ERROR_DATABASE_OPENING)
        return error_set(XUNZI_ERROR_NOT_A_COLLECTION,
                         "%s: its catalog is no database, or cannot be read (%s)", path,
                         xapian_error_message());
    return error_set_xapian(status, "%s: the catalog cannot be opened", path);
}

xunzi_status catalog_look_for(const char *path, struct buffer *catalog) {
    struct stat about;
    if (stat(path, &about) != 0) {
        if (errno == ENOENT)
            return error_set(XUNZI_ERROR_NOT_FOUND, "%s: there is no such collection", path);
        return error_set_errno(errno, "%s cannot be opened", path);
    }
    if (!S_ISDIR(about.st_mode))
        return catalog_not_a_collection(path);
    if (!catalog_append_path(catalog, path))
        return error_no_memory();
    if (stat(catalog->data, &about) != 0)
        return errno == ENOENT ? catalog_not_a_collection(path)
                               : error_set_errno(errno, "%s cannot be opened", catalog->data);
    return S_ISDIR(about.st_mode) ? XUNZI_OK : catalog_not_a_collection(path);
}

/* False: it cannot be told. */
static bool identify(const char *catalog, struct catalog_identity *identity) {
    struct stat folder, file;
    struct buffer name = {0};
    bool ok = buffer_printf(&name, "%s/iamglass", catalog) && buffer_terminate(&name) &&
              stat(catalog, &folder) == 0 && stat(name.data, &file) == 0;
    buffer_free(&name);
    if (ok)
        *identity =
            (struct catalog_identity){folder.st_dev, folder.st_ino, file.st_ino, file.st_mtim};
    return ok;
}

static bool same_identity(const struct catalog_identity *a, const struct catalog_identity *b) {
    return a->device == b->device && a->folder == b->folder && a->version_file == b->version_file &&
           a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

bool catalog_is_newest(const struct catalog_snapshot *snapshot, const char *path) {
    struct buffer catalog = {0};
    struct catalog_identity identity;
    bool same = catalog_append_path(&catalog, path) && identify(catalog.data, &identity) &&
                same_identity(&identity, &snapshot->identity);
    buffer_free(&catalog);
    return same;
}

/* Locks the catalog's folder for reading. A file system that knows no locks is read all the same:
 * Xapian tells when a writer was in the way. */
static xunzi_status lock_folder(const char *catalog, int *lock) {
    *lock = open(catalog, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*lock < 0)
        return error_set_errno(errno, "%s cannot be opened", catalog);
    while (flock(*lock, LOCK_SH) != 0)
        if (errno != EINTR)
            break;
    return XUNZI_OK;
}

/* Whether the folder under the name is the one that is locked. */
static bool is_locked(const char *catalog, int lock) {
    struct stat named, locked;
    return stat(catalog, &named) == 0 && fstat(lock, &locked) == 0 &&
           named.st_dev == locked.st_dev && named.st_ino == locked.st_ino;
}

static xunzi_status open_locked(const char *path, const char *catalog,
                                struct catalog_snapshot *out) {
    xunzi_status status = version_file_check(catalog, path);
    if (status != XUNZI_OK)
        return status;
    if (!identify(catalog, &out->identity))
        out->identity = (struct catalog_identity){0};
    xapian_status opened = xapian_database_open(catalog, XAPIAN_DB_BACKEND_GLASS, &out->database);
    if (opened != XAPIAN_OK)
        return catalog_opening_failed(opened, path);
    bool found = false;
    status = manifest_read(out->database, path, &found, &out->manifest);
    return status == XUNZI_OK && !found ? catalog_not_a_collection(path) : status;
}

void catalog_close(struct catalog_snapshot *snapshot) {
    xapian_database_free(snapshot->database);
    if (snapshot->lock >= 0)
        close(snapshot->lock);
    manifest_free(&snapshot->manifest);
    *snapshot = (struct catalog_snapshot){.lock = -1};
}

/* Opening takes several steps, between which a writer may commit, or put another catalog in place
 * of this one: what is then read may be of two states. So it is done again where the folder is
 * another one after it, and where it fails, which that may be the reason of. */
xunzi_status catalog_open(const char *path, struct catalog_snapshot *out) {
    struct buffer catalog = {0};
    xunzi_status status = XUNZI_OK;
    *out = (struct catalog_snapshot){.lock = -1};
    for (int tries = 0; tries < OPEN_TRIES; tries++) {
        catalog_close(out);
        buffer_clear(&catalog);
        status = catalog_look_for(path, &catalog);
        if (status != XUNZI_OK)
            break;
        status = lock_folder(catalog.data, &out->lock);
        if (status == XUNZI_OK)
            status = open_locked(path, catalog.data, out);
        if ((status == XUNZI_OK || status == XUNZI_ERROR_NEWER_FORMAT) &&
            is_locked(catalog.data, out->lock))
            break;
    }
    buffer_free(&catalog);
    if (status != XUNZI_OK)
        catalog_close(out);
    return status;
}
