/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See faults.h. What does not fail goes straight to the kernel. */
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
    size_t countdown; /* 1: the next call fails; 0: disarmed */
    bool lasting;
    size_t failures;
} faults;

void faults_arm(size_t n, bool lasting) {
    faults.countdown = n;
    faults.lasting = lasting;
    faults.failures = 0;
}

size_t faults_disarm(void) {
    faults.countdown = 0;
    return faults.failures;
}

bool faults_explain(const char *sentence) {
    return strstr(sentence, strerror(ENOSPC)) || strstr(sentence, strerror(EIO)) ||
           strstr(sentence, strerror(ENOMEM)) ||
           strstr(sentence, "Failed to create iamglass"); /* Xapian tells no more of it */
}

/* Counts a call; true, and errno set: it is to fail. */
static bool fails(int reason) {
    if (faults.countdown == 0)
        return false;
    if (faults.countdown > 1) {
        faults.countdown--;
        return false;
    }
    if (!faults.lasting && faults.failures > 0)
        return false;
    faults.failures++;
    errno = reason;
    return true;
}

ssize_t write(int file, const void *data, size_t size) {
    return fails(ENOSPC) ? -1 : syscall(SYS_write, file, data, size);
}

ssize_t pwrite(int file, const void *data, size_t size, off_t offset) {
    return fails(ENOSPC) ? -1 : syscall(SYS_pwrite64, file, data, size, offset);
}

int fsync(int file) {
    (void)file;
    return fails(EIO) ? -1 : 0;
}

int fdatasync(int file) {
    (void)file;
    return fails(EIO) ? -1 : 0;
}

int ftruncate(int file, off_t size) {
    return fails(ENOSPC) ? -1 : (int)syscall(SYS_ftruncate, file, size);
}

ssize_t copy_file_range(int from, off_t *from_offset, int to, off_t *to_offset, size_t size,
                        unsigned flags) {
    return fails(ENOSPC)
               ? -1
               : syscall(SYS_copy_file_range, from, from_offset, to, to_offset, size, flags);
}

int rename(const char *from, const char *to) {
    return fails(ENOSPC) ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
    return fails(ENOSPC) ? -1
                         : (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}

int mkdir(const char *path, mode_t mode) {
    return fails(ENOSPC) ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

/* Only what may make a file is counted. */
static int open_at(int folder, const char *path, int flags, unsigned mode) {
    if ((flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) != 0 && fails(ENOSPC))
        return -1;
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    unsigned mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    unsigned mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    return open_at(folder, path, flags, mode);
}

void *mmap(void *where, size_t size, int protection, int flags, int file, off_t offset) {
    if (file >= 0 && fails(ENOMEM))
        return MAP_FAILED;
    return (void *)syscall(SYS_mmap, where, size, protection, flags, file, offset);
}
