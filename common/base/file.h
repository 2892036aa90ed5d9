/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folders of plain files, as the collection uses them. */
#ifndef XUNZI_BASE_FILE_H
#define XUNZI_BASE_FILE_H

#include <xunzi/xunzi.h>

/* Writes the files of a folder, and the folder, through to the disk (fsync). */
xunzi_status folder_sync(const char *path);

/* Removes a folder and the files in it; it has no folders inside. A folder that is not there is no
 * error. */
xunzi_status folder_remove(const char *path);

/* Adds the sizes in bytes of all files below a folder to *bytes. Files that vanish meanwhile do not
 * count. */
xunzi_status folder_size(const char *path, uint64_t *bytes);

#endif
