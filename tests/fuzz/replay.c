/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where there is no libFuzzer: gives a fuzz target each file of the folders named, once. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        return 1;
    long size = ftell(file);
    rewind(file);
    uint8_t *data = malloc((size_t)size + 1);
    int failed = !data || fread(data, 1, (size_t)size, file) != (size_t)size;
    fclose(file);
    if (!failed)
        LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
    return failed;
}

int main(int count, char **arguments) {
    size_t files = 0;
    for (int i = 1; i < count; i++) {
        DIR *folder = opendir(arguments[i]);
        for (struct dirent *entry; folder && (entry = readdir(folder));) {
            if (entry->d_name[0] == '.')
                continue;
            if (replay_file(arguments[i], entry->d_name) != 0) {
                fprintf(stderr, "%s/%s cannot be read\n", arguments[i], entry->d_name);
                return 1;
            }
            files++;
        }
        if (folder)
            closedir(folder);
    }
    printf("%zu files\n", files);
    return files == 0;
}
