/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folders of plain files. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

static bool is_dot(const char *name) {
    return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

static xunzi_status sync_descriptor(int descriptor, const char *path) {
    xunzi_status status = XUNZI_OK;
    if (descriptor < 0 || fsync(descriptor) != 0)
        status = error_set_errno(errno, "%s cannot be written through to the disk", path);
    if (descriptor >= 0)
        close(descriptor);
    return status;
}

xunzi_status folder_sync(const char *path) {
    DIR *folder = opendir(path);
    if (!folder)
        return error_set_errno(errno, "%s cannot be opened", path);
    xunzi_status status = XUNZI_OK;
    for (struct dirent *entry; status == XUNZI_OK && (entry = readdir(folder));)
        if (!is_dot(entry->d_name))
            status =
                sync_descriptor(openat(dirfd(folder), entry->d_name, O_RDONLY | O_CLOEXEC), path);
    closedir(folder);
    if (status == XUNZI_OK)
        status = sync_descriptor(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), path);
    return status;
}

xunzi_status folder_remove(const char *path) {
    DIR *folder = opendir(path);
    if (!folder)
        return errno == ENOENT ? XUNZI_OK : error_set_errno(errno, "%s cannot be removed", path);
    for (struct dirent *entry; (entry = readdir(folder));)
        if (!is_dot(entry->d_name) && unlinkat(dirfd(folder), entry->d_name, 0) != 0 &&
            errno != ENOENT) {
            xunzi_status status =
                error_set_errno(errno, "%s/%s cannot be removed", path, entry->d_name);
            closedir(folder);
            return status;
        }
    closedir(folder);
    return rmdir(path) == 0 ? XUNZI_OK : error_set_errno(errno, "%s cannot be removed", path);
}

xunzi_status folder_size(const char *path, uint64_t *bytes) {
    char *const roots[] = {(char *)path, NULL}; /* fts_open does not write to it */
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    if (!walk)
        return error_set_errno(errno, "%s cannot be walked", path);
    for (FTSENT *entry; (entry = fts_read(walk));)
        if (entry->fts_info == FTS_F)
            *bytes += (uint64_t)entry->fts_statp->st_size;
    fts_close(walk);
    return XUNZI_OK;
}
