// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a tracer's memory may not depend on.
 *     subject files DIRECTORY COUNT     makes, reads and looks at COUNT files in a directory
 *     subject tree DIRECTORY COUNT      the same, spread over 1000 subdirectories
 *     subject events DIRECTORY COUNT    opens 400 files again and again: COUNT calls in all
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BRANCHES 1000
#define KNOWN    400
#define IDLE     49 /* calls that name nothing, for each that does */

static void use_file(const char *path)
{
    struct stat st;
    char byte = 'x';
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0 || write(fd, &byte, 1) != 1 || close(fd) < 0 || stat(path, &st) < 0) {
        perror(path);
        exit(1);
    }
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, &byte, 1) != 1 || close(fd) < 0)
        exit(1);
}

static void make_branches(const char *directory)
{
    char path[4096];

    for (int i = 0; i < BRANCHES; i++) {
        snprintf(path, sizeof(path), "%s/%03d", directory, i);
        if (mkdir(path, 0700) < 0)
            exit(1);
    }
}

static void use_files(const char *directory, long count, int is_tree)
{
    char path[4096];

    if (is_tree)
        make_branches(directory);
    for (long i = 0; i < count; i++) {
        if (is_tree)
            snprintf(path, sizeof(path), "%s/%03ld/%ld", directory, i % BRANCHES, i);
        else
            snprintf(path, sizeof(path), "%s/%ld", directory, i);
        use_file(path);
    }
}

static void make_events(const char *directory, long count)
{
    char path[4096];
    struct stat st;

    for (long i = 0; i < count / (IDLE + 1); i++) {
        snprintf(path, sizeof(path), "%s/%ld", directory, i % KNOWN);
        if (i < KNOWN)
            use_file(path);
        if (stat(path, &st) < 0)
            exit(1);
        for (int idle = 0; idle < IDLE; idle++)
            (void)getppid();
    }
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    if (strcmp(argv[1], "events") == 0)
        make_events(argv[2], atol(argv[3]));
    else
        use_files(argv[2], atol(argv[3]), strcmp(argv[1], "tree") == 0);
    return 0;
}
