/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The walk: a stack of folders, each with the sorted names in it. Every file is opened relative to
 * its folder's descriptor, so that paths may be longer than the system takes; of the stack's
 * descriptors the lowest and the newest few are open, and one that was closed is found again from
 * the lowest, name by name. */
#include "indexer/path_walker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "indexer/input_skip.h"

enum { OPEN_FOLDERS = 32 };

struct folder_identity {
    dev_t device;
    ino_t number;
};

struct folder {
    int descriptor; /* -1: closed to save descriptors */
    struct folder_identity identity;
    size_t path_size;   /* of walker->path, up to and without the slash behind this folder's name */
    size_t name_begin;  /* where this folder's own name begins there; not used for the lowest */
    struct buffer text; /* the names, each with its NUL */
    const char **names; /* sorted */
    size_t count;
    size_t next;
};

struct path_walker {
    const char *const *paths;
    size_t path_count;
    size_t next_path;
    enum path_walker_purpose purpose;
    struct buffer path; /* of what is being looked at; NUL-terminated */
    struct folder *folders;
    size_t depth;
    size_t capacity;
    void *visited; /* tsearch tree of folder_identity */
};

xunzi_status path_walker_open(const char *const *paths, size_t count,
                              enum path_walker_purpose purpose, struct path_walker **out) {
    *out = calloc(1, sizeof **out);
    if (!*out)
        return error_no_memory();
    (*out)->paths = paths;
    (*out)->path_count = count;
    (*out)->purpose = purpose;
    return XUNZI_OK;
}

static void pop_folder(struct path_walker *walker) {
    struct folder *top = &walker->folders[--walker->depth];
    if (top->descriptor >= 0)
        close(top->descriptor);
    buffer_free(&top->text);
    free(top->names);
}

void path_walker_close(struct path_walker *walker) {
    if (!walker)
        return;
    while (walker->depth > 0)
        pop_folder(walker);
    free(walker->folders);
    buffer_free(&walker->path);
    tdestroy(walker->visited, free);
    free(walker);
}

static int compare_identities(const void *left, const void *right) {
    const struct folder_identity *a = left, *b = right;
    if (a->device != b->device)
        return a->device < b->device ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static struct folder_identity identity_of(const struct stat *status) {
    return (struct folder_identity){status->st_dev, status->st_ino};
}

static bool is_visited(const struct path_walker *walker, const struct stat *status) {
    struct folder_identity identity = identity_of(status);
    return tfind(&identity, &walker->visited, compare_identities) != NULL;
}

static bool set_visited(struct path_walker *walker, const struct folder_identity *identity) {
    struct folder_identity *kept = malloc(sizeof *kept);
    if (!kept)
        return false;
    *kept = *identity;
    struct folder_identity **found = tsearch(kept, &walker->visited, compare_identities);
    if (!found || *found != kept)
        free(kept);
    return found != NULL;
}

static const char *kind_of_special(mode_t mode) {
    if (S_ISFIFO(mode))
        return "a named pipe";
    if (S_ISSOCK(mode))
        return "a socket";
    return "a device";
}

static int compare_names(const void *left, const void *right) {
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Reads all names of the open folder. False: errno tells why; what was read before is kept. */
static bool read_names(struct folder *folder) {
    int descriptor = fcntl(folder->descriptor, F_DUPFD_CLOEXEC, 0);
    DIR *directory = descriptor < 0 ? NULL : fdopendir(descriptor);
    if (!directory) {
        int reason = errno;
        if (descriptor >= 0)
            close(descriptor);
        errno = reason;
        return false;
    }
    int reason = 0;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(directory);
        if (!entry) {
            reason = errno;
            break;
        }
        if (entry->d_name[0] == '.')
            continue;
        if (!buffer_append(&folder->text, entry->d_name, strlen(entry->d_name) + 1)) {
            reason = ENOMEM;
            break;
        }
        folder->count++;
    }
    closedir(directory);
    folder->names = malloc((folder->count + 1) * sizeof *folder->names);
    if (!folder->names) {
        folder->count = 0;
        errno = ENOMEM;
        return false;
    }
    const char *name = folder->text.data;
    for (size_t i = 0; i < folder->count; i++, name += strlen(name) + 1)
        folder->names[i] = name;
    qsort(folder->names, folder->count, sizeof *folder->names, compare_names);
    errno = reason;
    return reason == 0;
}

/* Whether the folder is a collection: a walk leaves its files out, so that one can be kept beside
 * what it indexes. */
static bool is_collection(int folder) {
    return faccessat(folder, "catalog/iamglass", F_OK, 0) == 0;
}

/* Begins to walk the folder `name`, relative to the descriptor `parent`; walker->path is its path.
 * XUNZI_OK: it is on the stack. */
static xunzi_status push_folder(struct path_walker *walker, int parent, const char *name,
                                size_t name_begin) {
    if (!array_reserve(&walker->folders, &walker->capacity, walker->depth + 1,
                       sizeof *walker->folders))
        return error_no_memory();
    struct folder folder = {.path_size = walker->path.size, .name_begin = name_begin};
    while (folder.path_size > 0 && walker->path.data[folder.path_size - 1] == '/')
        folder.path_size--;
    folder.descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC);
    struct stat status;
    if (folder.descriptor < 0 || fstat(folder.descriptor, &status) != 0) {
        int reason = errno;
        if (folder.descriptor >= 0)
            close(folder.descriptor);
        return input_skip(walker->path.data, "the folder cannot be opened: %s", strerror(reason));
    }
    folder.identity = identity_of(&status);
    if (!set_visited(walker, &folder.identity)) {
        close(folder.descriptor);
        return error_no_memory();
    }
    bool complete = is_collection(folder.descriptor) || read_names(&folder);
    int reason = errno;
    walker->folders[walker->depth++] = folder;
    if (walker->depth > OPEN_FOLDERS + 1) {
        struct folder *old = &walker->folders[walker->depth - 1 - OPEN_FOLDERS];
        if (old->descriptor >= 0)
            close(old->descriptor);
        old->descriptor = -1;
    }
    return complete ? XUNZI_OK
                    : input_skip_rest(walker->path.data, "the folder cannot be read: %s",
                                      strerror(reason));
}

/* Opens the descriptors of the top folder and the ones close below it again. False: it is not to be
 * found any more. */
static bool reopen_top(struct path_walker *walker) {
    size_t top = walker->depth - 1;
    int current = walker->folders[0].descriptor;
    bool found = true;
    for (size_t i = 1; i <= top && found; i++) {
        struct folder *folder = &walker->folders[i];
        int next = folder->descriptor;
        if (next < 0) {
            /* walker->path still holds the names of all folders on the stack; each ends at its
             * path_size. */
            char *end = walker->path.data + folder->path_size;
            char behind = *end;
            *end = '\0';
            next = openat(current, walker->path.data + folder->name_begin,
                          O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC);
            *end = behind;
        }
        struct stat status;
        if (next < 0 || fstat(next, &status) != 0)
            found = false;
        else if (status.st_dev != folder->identity.device ||
                 status.st_ino != folder->identity.number)
            found = false;
        if (i >= 2 && current != walker->folders[i - 1].descriptor)
            close(current);
        if (found && i + OPEN_FOLDERS > top)
            folder->descriptor = next;
        else if (!found && next >= 0 && next != folder->descriptor)
            close(next);
        current = next;
    }
    return found;
}

/* Opens the regular file `name`, relative to `parent`; status is what is known of it. */
static xunzi_status open_file(struct path_walker *walker, int parent, const char *name,
                              struct stat *status, struct walked_file *file) {
    *file = (struct walked_file){.path = walker->path.data, .descriptor = -1, .has_size = true};
    if (walker->purpose == PATH_WALKER_READ) {
        /* O_NONBLOCK: should a pipe have taken the file's place meanwhile, this does not wait for a
         * writer. */
        file->descriptor = openat(parent, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (file->descriptor < 0 || fstat(file->descriptor, status) != 0 ||
            !S_ISREG(status->st_mode)) {
            int reason = errno;
            if (file->descriptor >= 0)
                close(file->descriptor);
            else
                return input_skip(walker->path.data, "cannot be opened: %s", strerror(reason));
            return input_skip(walker->path.data, "is no regular file any more");
        }
    }
    file->size = status->st_size < 0 ? 0 : (uint64_t)status->st_size;
    return XUNZI_OK;
}

static xunzi_status open_standard_input(struct path_walker *walker, struct walked_file *file) {
    *file = (struct walked_file){.path = INPUT_STANDARD, .descriptor = -1};
    struct stat status;
    if (fstat(STDIN_FILENO, &status) != 0)
        return input_skip(INPUT_STANDARD, "is not open: %s", strerror(errno));
    file->has_size = S_ISREG(status.st_mode);
    file->size = file->has_size && status.st_size > 0 ? (uint64_t)status.st_size : 0;
    if (walker->purpose == PATH_WALKER_READ) {
        file->descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
        if (file->descriptor < 0)
            return input_skip(INPUT_STANDARD, "cannot be read: %s", strerror(errno));
    }
    return XUNZI_OK;
}

/* What to do with a name that exists or not. *found: *file was filled; otherwise XUNZI_OK means "go
 * on". */
static xunzi_status take(struct path_walker *walker, int parent, const char *name,
                         size_t name_begin, bool named, struct walked_file *file, bool *found) {
    struct stat status;
    bool is_link = false;
    int outcome = fstatat(parent, name, &status, named ? 0 : AT_SYMLINK_NOFOLLOW);
    if (outcome == 0 && S_ISLNK(status.st_mode)) {
        is_link = true;
        outcome = fstatat(parent, name, &status, 0);
        if (outcome != 0 && (errno == ENOENT || errno == ENOTDIR))
            return input_skip(walker->path.data, "is a link to a file that does not exist");
    }
    if (outcome != 0 && errno == ENOENT)
        return input_skip(walker->path.data,
                          named ? "there is no such file or folder" : "has vanished");
    if (outcome != 0)
        return input_skip(walker->path.data, "cannot be read: %s", strerror(errno));
    if (S_ISDIR(status.st_mode)) {
        if (is_link && is_visited(walker, &status))
            return XUNZI_OK;
        return push_folder(walker, parent, name, name_begin);
    }
    if (!S_ISREG(status.st_mode))
        return input_skip(walker->path.data, "is %s, not a regular file",
                          kind_of_special(status.st_mode));
    xunzi_status opened = open_file(walker, parent, name, &status, file);
    *found = opened == XUNZI_OK;
    return opened;
}

static xunzi_status take_named(struct path_walker *walker, const char *path,
                               struct walked_file *file, bool *found) {
    if (strcmp(path, INPUT_STANDARD) == 0) {
        xunzi_status status = open_standard_input(walker, file);
        *found = status == XUNZI_OK;
        return status;
    }
    buffer_clear(&walker->path);
    if (!buffer_append_text(&walker->path, path) || !buffer_terminate(&walker->path))
        return error_no_memory();
    return take(walker, AT_FDCWD, path, 0, true, file, found);
}

/* Takes the next name of the folder on top of the stack. */
static xunzi_status take_below(struct path_walker *walker, struct walked_file *file, bool *found) {
    struct folder *top = &walker->folders[walker->depth - 1];
    if (top->descriptor < 0 && !reopen_top(walker)) {
        walker->path.size = top->path_size;
        walker->path.data[top->path_size] = '\0';
        pop_folder(walker);
        return input_skip_rest(walker->path.data,
                               "the folder was moved or removed while it was being read");
    }
    const char *name = top->names[top->next++];
    walker->path.size = top->path_size;
    if (!buffer_append_byte(&walker->path, '/') || !buffer_append_text(&walker->path, name) ||
        !buffer_terminate(&walker->path))
        return error_no_memory();
    return take(walker, top->descriptor, name, top->path_size + 1, false, file, found);
}

xunzi_status path_walker_next(struct path_walker *walker, struct walked_file *file) {
    for (;;) {
        bool found = false;
        xunzi_status status = XUNZI_OK;
        if (walker->depth > 0) {
            const struct folder *top = &walker->folders[walker->depth - 1];
            if (top->next == top->count)
                pop_folder(walker);
            else
                status = take_below(walker, file, &found);
        } else if (walker->next_path < walker->path_count) {
            status = take_named(walker, walker->paths[walker->next_path++], file, &found);
        } else {
            return XUNZI_END;
        }
        if (found || status != XUNZI_OK)
            return status;
    }
}
